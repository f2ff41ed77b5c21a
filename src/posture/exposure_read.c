// SPDX-License-Identifier: Apache-2.0
// Workloads, Services and NetworkPolicies out of their objects.
#include "posture/exposure_private.h"
#include "pod/pod.h"

enum { PORT_MAX = 65535 };

struct keep keep_of(struct exposure *e)
{
    return (struct keep){&e->arena, &e->words};
}

const struct json_value *elements(const struct json_value *parent, struct str key, size_t *n)
{
    const struct json_value *list = json_get(parent, key);
    if (!list || list->kind != JSON_ARRAY)
        return NULL;
    if (n)
        *n += list->count;
    return list->first;
}

struct str text_of(struct exposure *e, const struct json_value *parent, struct str key)
{
    return exposure_word(e, json_text(json_get(parent, key)));
}

uint32_t port_number(const struct json_value *v)
{
    uint64_t n;
    return v && v->kind == JSON_NUMBER && str_to_u64(v->text, &n) && n <= PORT_MAX ? (uint32_t)n : 0;
}

struct labels annotations_of(struct exposure *e, const struct json_value *tree)
{
    return labels_read(keep_of(e), json_get(json_get(tree, STR("metadata")), STR("annotations")));
}

static struct str protocol_of(struct exposure *e, const struct json_value *port)
{
    const struct str text = text_of(e, port, STR("protocol"));
    return text.len ? text : STR("TCP");
}

// ip or hostname of each.
struct texts balancer_addresses(struct exposure *e, const struct json_value *tree)
{
    size_t n = 0, found = 0;
    const struct json_value *v = elements(json_get(json_get(tree, STR("status")), STR("loadBalancer")), STR("ingress"), &n);
    struct str *items = arena_array(&e->arena, struct str, n);
    for (; v; v = v->next) {
        const struct str ip = text_of(e, v, STR("ip")), host = text_of(e, v, STR("hostname"));
        if (ip.len || host.len)
            items[found++] = ip.len ? ip : host;
    }
    return (struct texts){items, found};
}

// --- workloads -------------------------------------------------------------------------------------------------------------------

static void read_ports(struct exposure *e, const struct pod *pod, struct workload *out)
{
    size_t n = 0;
    const struct json_value *container;
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));)
        (void)elements(container, STR("ports"), &n);
    struct pod_port *ports = arena_array(&e->arena, struct pod_port, n);
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));) {
        for (const struct json_value *v = elements(container, STR("ports"), NULL); v; v = v->next)
            ports[out->n_ports++] = (struct pod_port){
                .name = text_of(e, v, STR("name")),
                .protocol = protocol_of(e, v),
                .number = port_number(json_get(v, STR("containerPort"))),
                .host = port_number(json_get(v, STR("hostPort"))),
            };
    }
    out->ports = ports;
}

static void read_containers(struct exposure *e, const struct pod *pod, struct workload *out)
{
    size_t n = 0, n_words = 0;
    const struct json_value *container, *v;
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk)); n++) {
        (void)elements(container, STR("command"), &n_words);
        (void)elements(container, STR("args"), &n_words);
    }
    struct str *images = arena_array(&e->arena, struct str, n), *words = arena_array(&e->arena, struct str, n_words);
    n = n_words = 0;
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk)); n++) {
        images[n] = text_of(e, container, STR("image"));
        for (v = elements(container, STR("command"), NULL); v; v = v->next)
            words[n_words++] = exposure_word(e, json_text(v));
        for (v = elements(container, STR("args"), NULL); v; v = v->next)
            words[n_words++] = exposure_word(e, json_text(v));
    }
    out->images = (struct texts){images, n};
    out->arguments = (struct texts){words, n_words};
}

static void read_owner(struct exposure *e, const struct json_value *tree, struct workload *out)
{
    for (const struct json_value *v = elements(json_get(tree, STR("metadata")), STR("ownerReferences"), NULL); v; v = v->next) {
        if (!is_true(v, STR("controller")))
            continue;
        out->owner_kind = text_of(e, v, STR("kind"));
        out->owner = text_of(e, v, STR("name"));
    }
}

bool read_workload(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    struct pod pod;
    if (!pod_of(tree, thing->api_version, thing->kind, &pod))
        return false;
    struct workload w = {.thing = *thing, .host_network = is_true(pod.spec, STR("hostNetwork"))};
    read_owner(e, tree, &w);
    w.labels = labels_read(keep_of(e), json_get(pod.metadata, STR("labels")));
    w.account = text_of(e, pod.spec, STR("serviceAccountName"));
    read_ports(e, &pod, &w);
    read_containers(e, &pod, &w);
    struct territory *t = exposure_territory(e, thing->ns);
    uint64_t *place = exposure_name(e, thing->kind, thing->ns, thing->name);
    if (*place && thing->name.len) { // the later one of a name counts, as with kubectl apply
        w.next = e->workloads.items[*place - 1].next;
        e->workloads.items[*place - 1] = w;
        return true;
    }
    w.next = t->workloads;
    *vec_push(&e->workloads) = w;
    *place = e->workloads.n;
    t->workloads = (uint32_t)e->workloads.n;
    return true;
}

// --- Services --------------------------------------------------------------------------------------------------------------------

static void read_service_ports(struct exposure *e, const struct json_value *spec, struct service *out)
{
    size_t n = 0;
    const struct json_value *v = elements(spec, STR("ports"), &n);
    struct service_port *ports = arena_array(&e->arena, struct service_port, n);
    for (; v; v = v->next) {
        const struct json_value *target = json_get(v, STR("targetPort"));
        struct service_port p = {.name = text_of(e, v, STR("name")), .protocol = protocol_of(e, v)};
        p.number = port_number(json_get(v, STR("port")));
        p.node_port = port_number(json_get(v, STR("nodePort")));
        p.target_name = exposure_word(e, json_text(target));
        p.target = target && port_number(target) ? port_number(target) : p.number;
        ports[out->n_ports++] = p;
    }
    out->ports = ports;
}

void read_service(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    const struct json_value *spec = json_get(tree, STR("spec"));
    struct service s = {.thing = *thing, .type = text_of(e, spec, STR("type"))};
    s.selector = selector_of_labels(keep_of(e), json_get(spec, STR("selector")));
    s.external_addresses = texts_read(keep_of(e), json_get(spec, STR("externalIPs")));
    s.sources = texts_read(keep_of(e), json_get(spec, STR("loadBalancerSourceRanges")));
    s.annotations = annotations_of(e, tree);
    s.balancer_addresses = balancer_addresses(e, tree);
    read_service_ports(e, spec, &s);
    uint64_t *place = exposure_name(e, STR("Service"), thing->ns, thing->name);
    if (!*place) {
        (void)vec_push(&e->services);
        *place = e->services.n;
    }
    e->services.items[*place - 1] = s;
}

// --- NetworkPolicies -------------------------------------------------------------------------------------------------------------

bool is_anywhere(struct str cidr)
{
    const size_t slash = str_find_char(cidr, '/', 0);
    uint64_t bits;
    if (slash == SIZE_MAX || !str_to_u64(str_slice(cidr, slash + 1, cidr.len), &bits))
        return false;
    return bits <= (str_find_char(cidr, ':', 0) == SIZE_MAX ? 7 : 3); // 2000::/3 is all of IPv6 that is routed
}

static bool is_empty_selector(const struct json_value *v)
{
    size_t n = 0;
    const struct json_value *labels = json_get(v, STR("matchLabels"));
    (void)elements(v, STR("matchExpressions"), &n);
    return v && v->kind == JSON_OBJECT && !n && !(labels && labels->count);
}

static enum peer_kind peer_of(const struct json_value *v)
{
    const struct json_value *block = present(v, STR("ipBlock")), *pods = present(v, STR("podSelector"));
    const struct json_value *namespaces = present(v, STR("namespaceSelector"));
    if (block)
        return is_anywhere(json_text(json_get(block, STR("cidr")))) ? PEER_ANYWHERE : PEER_NETWORK;
    return is_empty_selector(namespaces) && (!pods || is_empty_selector(pods)) ? PEER_ALL_PODS : PEER_SOME_PODS;
}

static struct policy_rule read_policy_rule(struct exposure *e, const struct json_value *v)
{
    size_t n_peers = 0, n_ports = 0;
    const struct json_value *from = elements(v, STR("from"), &n_peers), *port = elements(v, STR("ports"), &n_ports);
    enum peer_kind *peers = arena_array(&e->arena, enum peer_kind, n_peers + 1);
    struct policy_port *ports = arena_array(&e->arena, struct policy_port, n_ports);
    peers[0] = PEER_ANYWHERE; // nobody named: everybody
    for (size_t i = 0; from; from = from->next)
        peers[i++] = peer_of(from);
    for (size_t i = 0; port; port = port->next, i++) {
        const struct json_value *number = json_get(port, STR("port"));
        ports[i] = (struct policy_port){.name = exposure_word(e, json_text(number)), .protocol = protocol_of(e, port)};
        ports[i].first = port_number(number);
        ports[i].last = port_number(json_get(port, STR("endPort")));
    }
    return (struct policy_rule){peers, n_peers ? n_peers : 1, ports, n_ports};
}

// Without policyTypes a policy is about what comes in.
static bool is_about_ingress(const struct json_value *spec)
{
    size_t n = 0;
    const struct json_value *v = elements(spec, STR("policyTypes"), &n);
    bool found = n == 0;
    for (; v; v = v->next)
        found = found || str_eq(json_text(v), STR("Ingress"));
    return found;
}

void read_policy(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    const struct json_value *spec = json_get(tree, STR("spec"));
    struct policy p = {.thing = *thing};
    size_t n = 0;
    if (!is_about_ingress(spec) || selector_read(keep_of(e), json_get(spec, STR("podSelector")), &p.pods))
        return;
    const struct json_value *v = elements(spec, STR("ingress"), &n);
    struct policy_rule *rules = arena_array(&e->arena, struct policy_rule, n);
    for (; v; v = v->next)
        rules[p.n_rules++] = read_policy_rule(e, v);
    p.rules = rules;
    struct territory *t = exposure_territory(e, thing->ns);
    p.next = t->policies;
    *vec_push(&e->policies) = p;
    t->policies = (uint32_t)e->policies.n;
}
