// SPDX-License-Identifier: Apache-2.0
// Whom NetworkPolicies let in: what they allow adds up, and a pod that none chooses is open (networking.k8s.io/v1 NetworkPolicy).
#include "posture/exposure_private.h"

static uint32_t number_of_name(const struct workload *w, struct str name)
{
    for (size_t i = 0; i < w->n_ports; i++) {
        if (str_eq(w->ports[i].name, name))
            return w->ports[i].number;
    }
    return 0;
}

static bool port_is_let(const struct policy_port *p, const struct workload *w, const struct target *port)
{
    const uint32_t first = p->name.len ? number_of_name(w, p->name) : p->first;
    if (!str_eq(p->protocol, port->protocol))
        return false;
    if (!port->number || (!p->name.len && !p->first))
        return true; // any port of the protocol; or ours is unknown
    return p->last ? port->number >= first && port->number <= p->last : port->number == first;
}

static bool rule_is_about(const struct policy_rule *rule, const struct workload *w, const struct target *ports, size_t n)
{
    if (!rule->n_ports || !n)
        return true;
    for (size_t i = 0; i < rule->n_ports; i++) {
        for (size_t j = 0; j < n; j++) {
            if (port_is_let(&rule->ports[i], w, &ports[j]))
                return true;
        }
    }
    return false;
}

static unsigned policy_lets(struct exposure *e, const struct policy *p, const struct workload *w, const struct target *ports, size_t n)
{
    static const unsigned bits[] = {
        [PEER_ANYWHERE] = LET_ANYWHERE, [PEER_NETWORK] = LET_NETWORK, [PEER_ALL_PODS] = LET_ALL_PODS, [PEER_SOME_PODS] = LET_SOME_PODS};
    unsigned let = LET_ISOLATED;
    for (size_t i = 0; i < p->n_rules; i++) {
        const struct policy_rule *rule = &p->rules[i];
        e->steps += rule->n_ports * (n + 1) + rule->n_peers + 1;
        if (!rule_is_about(rule, w, ports, n))
            continue;
        for (size_t j = 0; j < rule->n_peers; j++)
            let |= bits[rule->peers[j]];
    }
    return let;
}

unsigned policies_let(struct exposure *e, const struct workload *w, const struct target *ports, size_t n)
{
    unsigned let = 0;
    uint32_t at = exposure_territory(e, w->thing.ns)->policies;
    while (at && e->steps < JOIN_STEPS_MAX) {
        const struct policy *p = &e->policies.items[at - 1];
        e->steps += p->pods.n * w->labels.n + 1;
        if (selector_chooses(&p->pods, w->labels))
            let |= policy_lets(e, p, w, ports, n);
        at = p->next;
    }
    if (e->policies_unread)
        let |= LET_UNKNOWN | LET_UNREAD;
    return at ? let | LET_UNKNOWN : let;
}
