// SPDX-License-Identifier: Apache-2.0
// Ways from outside to workloads: what each kind of object opens, joined by names and selectors.
#include "posture/exposure_private.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum { OWNERS_MAX = 4 }; // above each other: a pod, its ReplicaSet, its Deployment

struct joining {
    struct exposure *e;
    exposure_record_fn *tell;
    void *context;
    struct buf json, title;
    VEC(struct target) ports;
    VEC(uint32_t) chosen; // workloads that a Service leads to
};

static void mark_open(struct exposure *e, const struct way *w)
{
    const uint64_t place = w->verdict == VERDICT_OPEN && w->workload
                               ? exposure_find(e, w->workload->thing.kind, w->workload->thing.ns, w->workload->thing.name)
                               : 0;
    if (!place)
        return;
    struct workload *to = &e->workloads.items[place - 1];
    to->open = true;
    *exposure_name(e, STR("ServiceAccount"), to->thing.ns, to->account.len ? to->account : STR("default")) = 1;
}

static void tell_way(struct joining *j, const struct way *w)
{
    mark_open(j->e, w);
    buf_clear(&j->json);
    buf_clear(&j->title);
    way_write(&j->json, j->e, w);
    way_title(&j->title, w);
    const size_t len = j->json.len;
    memset(must_alloc(buf_reserve(&j->json, JSON_PADDING)), 0, JSON_PADDING); // for tools that watch memory
    const struct exposure_record record = {
        .json = str_make(j->json.ptr, len),
        .title = buf_str(&j->title),
        .way = w->name,
        .verdict = way_verdict(w->verdict),
        .object = {w->via->api_version, w->via->kind, w->via->ns, w->via->name},
        .place = w->via->place,
    };
    j->tell(j->context, &record);
}

// --- verdicts --------------------------------------------------------------------------------------------------------------------

static void name_policy(struct way *w, unsigned let)
{
    w->policy = (let & LET_UNREAD)      ? STR("unknown")
                : !(let & LET_ISOLATED) ? STR("absent")
                : (let & LET_ANYWHERE)  ? STR("anywhere")
                : (let & LET_NETWORK)   ? STR("limited")
                : (let & LET_ALL_PODS)  ? STR("cluster")
                : (let & LET_SOME_PODS) ? STR("some-pods")
                                        : STR("nobody");
}

static void conclude(struct way *w, enum verdict verdict, const char *because)
{
    w->verdict = verdict;
    w->because = because;
}

static void conclude_unknown(struct way *w, unsigned let)
{
    conclude(w, VERDICT_UNKNOWN,
             let & LET_UNREAD ? "NetworkPolicies could not be read" : "there are more NetworkPolicies than can be followed");
}

// What comes straight from outside.
static void judge_direct(struct way *w, unsigned let)
{
    bool limited = w->sources.n > 0;
    for (size_t i = 0; i < w->sources.n; i++)
        limited = limited && !is_anywhere(w->sources.items[i]);
    name_policy(w, let);
    if (let & LET_UNKNOWN)
        conclude_unknown(w, let);
    else if ((let & LET_ISOLATED) && !(let & (LET_ANYWHERE | LET_NETWORK)))
        conclude(w, VERDICT_CLOSED, "NetworkPolicies let nothing in from outside the cluster");
    else if ((let & LET_ISOLATED) && !(let & LET_ANYWHERE))
        conclude(w, VERDICT_LIMITED, "a NetworkPolicy lets in given networks only");
    else if (limited)
        conclude(w, VERDICT_LIMITED, "it takes connections from given networks only");
    else
        conclude(w, VERDICT_OPEN, (let & LET_ISOLATED) ? "a NetworkPolicy lets in every address" : "no NetworkPolicy is about its pods");
}

// What comes through a proxy in the cluster, whose pods are not known.
static void judge_routed(struct way *w, unsigned let)
{
    name_policy(w, let);
    if (let & LET_UNKNOWN)
        conclude_unknown(w, let);
    else if (!(let & LET_ISOLATED) || (let & (LET_ANYWHERE | LET_ALL_PODS)))
        conclude(w, VERDICT_OPEN, (let & LET_ISOLATED) ? "NetworkPolicies let every pod in" : "no NetworkPolicy is about its pods");
    else if (let & (LET_NETWORK | LET_SOME_PODS))
        conclude(w, VERDICT_UNKNOWN, "NetworkPolicies let some pods in, and no object says whether the proxy is one of them");
    else
        conclude(w, VERDICT_CLOSED, "NetworkPolicies let nothing in");
}

// --- Services to workloads -------------------------------------------------------------------------------------------------------

// What a workload's controller stands for already: a ReplicaSet for its pods. Only if it is really the same: whoever makes a pod may claim
// any owner.
static bool is_told_by_owner(const struct exposure *e, const struct workload *w)
{
    static const struct str owners[][2] = {
        {STR("Pod"), STR("ReplicaSet")}, {STR("Pod"), STR("StatefulSet")},           {STR("Pod"), STR("DaemonSet")},
        {STR("Pod"), STR("Job")},        {STR("Pod"), STR("ReplicationController")}, {STR("ReplicaSet"), STR("Deployment")},
        {STR("Job"), STR("CronJob")},
    };
    bool known = false;
    for (size_t i = 0; i < sizeof owners / sizeof *owners && !known && w->owner.ptr; i++)
        known = str_eq(w->thing.kind, owners[i][0]) && str_eq(w->owner_kind, owners[i][1]);
    const uint64_t place = known ? exposure_find(e, w->owner_kind, w->thing.ns, w->owner) : 0;
    if (!place)
        return false;
    const struct workload *o = &e->workloads.items[place - 1];
    bool same = o->images.n == w->images.n && o->host_network == w->host_network && o->n_ports == w->n_ports;
    for (size_t i = 0; same && i < o->images.n; i++)
        same = o->images.items[i].ptr == w->images.items[i].ptr; // interned
    for (size_t i = 0; same && i < o->n_ports; i++)
        same = o->ports[i].number == w->ports[i].number && o->ports[i].host == w->ports[i].host;
    for (size_t i = 0; same && i < o->labels.n; i++)
        same = str_eq(labels_get(w->labels, o->labels.items[i].key), o->labels.items[i].value);
    return same;
}

static void choose(struct joining *j, const struct service *s)
{
    struct exposure *e = j->e;
    j->chosen.n = 0;
    if (!s->selector.n)
        return; // its endpoints are somebody's own business
    uint32_t at = exposure_territory(e, s->thing.ns)->workloads;
    while (at && e->steps < JOIN_STEPS_MAX) {
        const struct workload *w = &e->workloads.items[at - 1];
        e->steps += s->selector.n * w->labels.n + 1;
        if (selector_chooses(&s->selector, w->labels) && !is_told_by_owner(e, w))
            *vec_push(&j->chosen) = at - 1;
        at = w->next;
    }
}

static struct target target_of(const struct service_port *p, const struct workload *w)
{
    struct target t = {p->protocol, p->target_name.len ? 0 : p->target};
    for (size_t i = 0; p->target_name.len && w && i < w->n_ports; i++) {
        if (str_eq(w->ports[i].name, p->target_name))
            t.number = w->ports[i].number;
    }
    return t;
}

// Of a backend only its port, if the Service has it.
static void gather_targets(struct joining *j, const struct service *s, const struct workload *w, const struct backend *b)
{
    bool found = false;
    j->ports.n = 0;
    for (size_t i = 0; b && i < s->n_ports; i++) {
        const struct service_port *p = &s->ports[i];
        if ((b->port && p->number == b->port) || (b->port_name.len && str_eq(p->name, b->port_name))) {
            *vec_push(&j->ports) = target_of(p, w);
            found = true;
        }
    }
    for (size_t i = 0; !found && i < s->n_ports; i++)
        *vec_push(&j->ports) = target_of(&s->ports[i], w);
}

// One way through a Service, to each workload behind it.
static void tell_service(struct joining *j, struct way w, const struct backend *b)
{
    struct exposure *e = j->e;
    const bool routed = b != NULL;
    const enum verdict verdict = w.verdict;
    choose(j, w.service);
    for (size_t i = 0; i < j->chosen.n; i++) {
        struct workload *to = &e->workloads.items[j->chosen.items[i]];
        gather_targets(j, w.service, to, b);
        w.workload = to;
        w.ports = j->ports.items;
        w.n_ports = j->ports.n;
        to->reached = true;
        const unsigned let = policies_let(e, to, w.ports, w.n_ports);
        if (verdict == VERDICT_OPEN && routed)
            judge_routed(&w, let);
        else if (verdict == VERDICT_OPEN)
            judge_direct(&w, let);
        else
            name_policy(&w, let);
        tell_way(j, &w);
    }
    if (j->chosen.n)
        return;
    gather_targets(j, w.service, NULL, b);
    w.ports = j->ports.items;
    w.n_ports = j->ports.n;
    w.policy = STR("unknown");
    if (verdict == VERDICT_OPEN) {
        judge_direct(&w, 0);
        w.policy = STR("unknown");
        w.because = "what is behind it is not among the objects";
    }
    tell_way(j, &w);
}

static void tell_service_ways(struct joining *j, const struct service *s)
{
    struct way w = {.via = &s->thing, .service = s, .annotations = s->annotations};
    if (str_eq(s->type, STR("LoadBalancer"))) {
        w.name = s->type;
        w.addresses = s->balancer_addresses;
        w.sources = s->sources;
        tell_service(j, w, NULL);
    } else if (str_eq(s->type, STR("NodePort"))) {
        w.name = s->type;
        tell_service(j, w, NULL);
    }
    if (s->external_addresses.n) {
        w.name = STR("externalIPs");
        w.addresses = s->external_addresses;
        w.sources = (struct texts){0};
        tell_service(j, w, NULL);
    }
}

// --- routes ----------------------------------------------------------------------------------------------------------------------

static bool listener_takes(const struct exposure *e, const struct gateway *g, const struct listener *l, const struct route *r)
{
    const uint64_t place = exposure_find(e, STR("Namespace"), STR(""), r->thing.ns);
    const struct labels labels = place ? e->territories.items[place - 1].labels : (struct labels){0};
    return l->from == FROM_ALL || (l->from == FROM_SAME && str_eq(g->thing.ns, r->thing.ns)) ||
           (l->from == FROM_NAMED && str_eq(l->named, r->thing.ns)) ||
           (l->from == FROM_SELECTED && selector_chooses(&l->namespaces, labels));
}

static void follow_gateways(struct joining *j, const struct route *r, struct way *w)
{
    const struct str kind = r->of_istio ? STR("Gateway of Istio") : STR("Gateway");
    bool any = false, taken = false;
    for (size_t i = 0; i < r->n_parents && !taken; i++) {
        const uint64_t place = exposure_find(j->e, kind, r->parents[i].ns, r->parents[i].name);
        const struct gateway *g = place ? &j->e->gateways.items[place - 1] : NULL;
        any = any || g;
        for (size_t k = 0; g && k < g->n_listeners; k++) {
            if (!listener_takes(j->e, g, &g->listeners[k], r))
                continue;
            taken = true;
            w->tls = w->tls || g->listeners[k].tls;
            w->addresses = g->addresses;
            w->annotations = g->annotations;
        }
    }
    if (!any)
        conclude(w, VERDICT_UNKNOWN, "its Gateway is not among the objects");
    else if (!taken)
        conclude(w, VERDICT_CLOSED, "no listener of its Gateway takes routes of this namespace");
}

static bool may_refer(const struct exposure *e, const struct route *r, const struct backend *b)
{
    bool granted = !r->wants_gateway || r->of_istio || str_eq(r->thing.ns, b->service.ns);
    for (size_t i = 0; i < e->grants.n && !granted; i++) {
        const struct reference_grant *g = &e->grants.items[i];
        granted = str_eq(g->ns, b->service.ns) && str_eq(g->from_ns, r->thing.ns) && str_eq(g->from_kind, r->thing.kind) &&
                  (!g->to_name.ptr || str_eq(g->to_name, b->service.name));
    }
    return granted;
}

static void tell_route(struct joining *j, const struct route *r)
{
    for (size_t i = 0; i < r->n_backends; i++) {
        const struct backend *b = &r->backends[i];
        const uint64_t place = exposure_find(j->e, STR("Service"), b->service.ns, b->service.name);
        struct way w = {.name = r->way, .via = &r->thing, .addresses = r->addresses, .hosts = r->hosts, .tls = r->tls};
        w.annotations = r->annotations;
        j->e->steps += j->e->grants.n;
        if (r->wants_gateway)
            follow_gateways(j, r, &w);
        if (w.verdict == VERDICT_OPEN && !may_refer(j->e, r, b))
            conclude(&w, VERDICT_CLOSED, "no ReferenceGrant lets it refer to a Service of another namespace");
        if (place) {
            w.service = &j->e->services.items[place - 1];
            tell_service(j, w, b);
            continue;
        }
        w.policy = STR("unknown");
        if (w.verdict == VERDICT_OPEN)
            conclude(&w, VERDICT_UNKNOWN, "the Service it leads to is not among the objects");
        const struct service stranger = {.thing = {.ns = b->service.ns, .name = b->service.name}};
        w.service = &stranger;
        tell_way(j, &w);
    }
}

// --- workloads -------------------------------------------------------------------------------------------------------------------

static void tell_node_ports(struct joining *j, struct workload *to)
{
    struct way w = {.via = &to->thing, .workload = to, .name = to->host_network ? STR("hostNetwork") : STR("hostPort")};
    j->ports.n = 0;
    for (size_t i = 0; i < to->n_ports; i++) {
        if (to->host_network || to->ports[i].host)
            *vec_push(&j->ports) = (struct target){to->ports[i].protocol, to->ports[i].number};
    }
    if (!j->ports.n && !to->host_network)
        return;
    w.ports = j->ports.items;
    w.n_ports = j->ports.n;
    if (to->host_network) {
        w.policy = STR("bypassed");
        conclude(&w, VERDICT_OPEN, "NetworkPolicies do not hold in the node's network");
    } else {
        judge_direct(&w, policies_let(j->e, to, w.ports, w.n_ports));
    }
    to->reached = true;
    tell_way(j, &w);
}

static void tell_unreached(struct joining *j, const struct workload *to)
{
    struct way w = {.via = &to->thing, .workload = to, .name = STR("none")};
    name_policy(&w, policies_let(j->e, to, NULL, 0));
    if (j->e->steps >= JOIN_STEPS_MAX)
        conclude(&w, VERDICT_UNKNOWN, "there are more Services and pods than can be joined");
    else if (!j->e->seen[SEEN_SERVICE])
        conclude(&w, VERDICT_UNKNOWN, "no Service is among the objects");
    else
        conclude(&w, VERDICT_CLOSED, "nothing among the objects leads to it from outside");
    tell_way(j, &w);
}

bool exposure_is_open(const struct exposure *e, struct str kind, struct str ns, struct str name)
{
    uint64_t place = exposure_find(e, kind, ns, name);
    for (unsigned step = 0; place && step < OWNERS_MAX; step++) {
        const struct workload *w = &e->workloads.items[place - 1];
        if (w->open || !is_told_by_owner(e, w))
            return w->open;
        place = exposure_find(e, w->owner_kind, w->thing.ns, w->owner);
    }
    return false;
}

bool exposure_opens_account(const struct exposure *e, struct str ns, struct str name)
{
    return exposure_find(e, STR("ServiceAccount"), ns, name) != 0;
}

void exposure_each(struct exposure *e, exposure_record_fn *tell, void *context)
{
    struct joining j = {.e = e, .tell = tell, .context = context};
    buf_init(&j.json, SIZE_MAX);
    buf_init(&j.title, SIZE_MAX);
    for (size_t i = 0; i < e->services.n; i++)
        tell_service_ways(&j, &e->services.items[i]);
    for (size_t i = 0; i < e->routes.n; i++)
        tell_route(&j, &e->routes.items[i]);
    for (size_t i = 0; i < e->workloads.n; i++) {
        struct workload *w = &e->workloads.items[i];
        if (is_told_by_owner(e, w))
            continue;
        tell_node_ports(&j, w);
        if (!w->reached)
            tell_unreached(&j, w);
    }
    vec_fini(&j.ports);
    vec_fini(&j.chosen);
    buf_fini(&j.json);
    buf_fini(&j.title);
}
