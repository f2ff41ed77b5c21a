// SPDX-License-Identifier: Apache-2.0
// Routes out of their objects: Ingress of every version, OpenShift's Route, and those of the Gateway API and of Istio with their Gateways.
#include "posture/exposure_private.h"
#include "pod/pod.h"

#include <stdlib.h>

enum { BACKENDS_MAX = 100000 }; // of one route

// Lists grow here before they go to the arena.
struct building {
    struct exposure *e;
    struct route *route;
    VEC(struct backend) backends;
    VEC(struct str) hosts;
};

static int by_backend(const void *va, const void *vb)
{
    const struct backend *a = va, *b = vb;
    int order = str_cmp(a->service.ns, b->service.ns);
    order = order ? order : str_cmp(a->service.name, b->service.name);
    order = order ? order : str_cmp(a->port_name, b->port_name);
    return order ? order : (a->port > b->port) - (a->port < b->port);
}

// Each backend once.
static void end_building(struct building *b)
{
    struct arena *a = &b->e->arena;
    if (b->backends.n)
        qsort(b->backends.items, b->backends.n, sizeof *b->backends.items, by_backend);
    struct backend *backends = arena_array(a, struct backend, b->backends.n);
    struct str *hosts = arena_array(a, struct str, b->hosts.n);
    for (size_t i = 0; i < b->backends.n; i++) {
        if (i == 0 || by_backend(&b->backends.items[i - 1], &b->backends.items[i]))
            backends[b->route->n_backends++] = b->backends.items[i];
    }
    for (size_t i = 0; i < b->hosts.n; i++)
        hosts[i] = b->hosts.items[i];
    b->route->backends = backends;
    b->route->hosts = (struct texts){hosts, b->hosts.n};
    vec_fini(&b->backends);
    vec_fini(&b->hosts);
}

static void add_host(struct building *b, struct str host)
{
    if (host.len)
        *vec_push(&b->hosts) = exposure_word(b->e, host);
}

// --- Ingress ---------------------------------------------------------------------------------------------------------------------

// networking.k8s.io/v1 has service.name and service.port, what came before it serviceName and servicePort.
static void add_ingress_backend(struct building *b, const struct json_value *v)
{
    const struct json_value *service = present(v, STR("service")), *port = json_get(service, STR("port"));
    struct backend out = {.service = {b->route->thing.ns, text_of(b->e, service, STR("name"))}};
    out.port = port_number(json_get(port, STR("number")));
    out.port_name = text_of(b->e, port, STR("name"));
    if (!service) {
        out.service.name = text_of(b->e, v, STR("serviceName"));
        out.port = port_number(json_get(v, STR("servicePort")));
        out.port_name = text_of(b->e, v, STR("servicePort"));
    }
    if (out.service.name.len && b->backends.n < BACKENDS_MAX)
        *vec_push(&b->backends) = out;
}

static void read_ingress(struct building *b, const struct json_value *spec)
{
    add_ingress_backend(b, json_get(spec, STR("defaultBackend")));
    add_ingress_backend(b, json_get(spec, STR("backend")));
    for (const struct json_value *rule = elements(spec, STR("rules"), NULL); rule; rule = rule->next) {
        add_host(b, json_text(json_get(rule, STR("host"))));
        for (const struct json_value *path = elements(json_get(rule, STR("http")), STR("paths"), NULL); path; path = path->next)
            add_ingress_backend(b, json_get(path, STR("backend")));
    }
    const struct json_value *tls = json_get(spec, STR("tls"));
    b->route->tls = tls && tls->count > 0;
    b->route->way = STR("Ingress");
}

// --- OpenShift -------------------------------------------------------------------------------------------------------------------

static void add_openshift_backend(struct building *b, const struct json_value *v)
{
    const struct str kind = json_text(json_get(v, STR("kind"))), name = json_text(json_get(v, STR("name")));
    if (name.len && (!kind.len || str_eq(kind, STR("Service"))) && b->backends.n < BACKENDS_MAX)
        *vec_push(&b->backends) = (struct backend){.service = {b->route->thing.ns, exposure_word(b->e, name)}};
}

static void read_openshift_route(struct building *b, const struct json_value *spec)
{
    add_openshift_backend(b, json_get(spec, STR("to")));
    for (const struct json_value *v = elements(spec, STR("alternateBackends"), NULL); v; v = v->next)
        add_openshift_backend(b, v);
    add_host(b, json_text(json_get(spec, STR("host"))));
    b->route->tls = present(spec, STR("tls")) != NULL;
    b->route->way = STR("Route");
}

// --- Gateway API -----------------------------------------------------------------------------------------------------------------

static void add_gateway_backend(struct building *b, const struct json_value *v)
{
    const struct str kind = json_text(json_get(v, STR("kind")));
    struct backend out = {.service = {text_of(b->e, v, STR("namespace")), text_of(b->e, v, STR("name"))}};
    if (!out.service.name.len || (kind.len && !str_eq(kind, STR("Service"))) || b->backends.n >= BACKENDS_MAX)
        return;
    if (!out.service.ns.len)
        out.service.ns = b->route->thing.ns;
    out.port = port_number(json_get(v, STR("port")));
    *vec_push(&b->backends) = out;
}

static void read_parents(struct building *b, const struct json_value *spec)
{
    const struct json_value *list = json_get(spec, STR("parentRefs"));
    struct named *parents = arena_array(&b->e->arena, struct named, list ? list->count : 0);
    for (const struct json_value *v = elements(spec, STR("parentRefs"), NULL); v; v = v->next) {
        const struct str kind = json_text(json_get(v, STR("kind")));
        struct named *p = &parents[b->route->n_parents];
        *p = (struct named){text_of(b->e, v, STR("namespace")), text_of(b->e, v, STR("name"))};
        if (kind.len && !str_eq(kind, STR("Gateway")))
            continue; // a Service: inside the mesh
        if (!p->ns.len)
            p->ns = b->route->thing.ns;
        b->route->n_parents++;
    }
    b->route->parents = parents;
    b->route->wants_gateway = true;
}

static void read_gateway_route(struct building *b, const struct json_value *spec)
{
    for (const struct json_value *v = elements(spec, STR("hostnames"), NULL); v; v = v->next)
        add_host(b, json_text(v));
    for (const struct json_value *rule = elements(spec, STR("rules"), NULL); rule; rule = rule->next) {
        for (const struct json_value *v = elements(rule, STR("backendRefs"), NULL); v; v = v->next)
            add_gateway_backend(b, v);
    }
    read_parents(b, spec);
    b->route->way = STR("Gateway");
}

void read_gateway(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    const struct json_value *spec = json_get(tree, STR("spec")), *list = json_get(spec, STR("listeners"));
    const struct json_value *addresses = json_get(json_get(tree, STR("status")), STR("addresses"));
    struct gateway g = {.thing = *thing};
    struct listener *listeners = arena_array(&e->arena, struct listener, list ? list->count : 0);
    for (const struct json_value *v = elements(spec, STR("listeners"), NULL); v; v = v->next) {
        const struct json_value *from = json_get(json_get(v, STR("allowedRoutes")), STR("namespaces"));
        const struct str word = json_text(json_get(from, STR("from")));
        struct listener *l = &listeners[g.n_listeners++];
        l->from = str_eq(word, STR("All")) ? FROM_ALL : str_eq(word, STR("Selector")) ? FROM_SELECTED : FROM_SAME;
        l->tls = str_eq(json_text(json_get(v, STR("protocol"))), STR("HTTPS")) || present(v, STR("tls"));
        if (selector_read(keep_of(e), json_get(from, STR("selector")), &l->namespaces))
            l->from = FROM_SAME;
    }
    g.listeners = listeners;
    struct str *items = arena_array(&e->arena, struct str, addresses ? addresses->count : 0);
    for (const struct json_value *v = elements(json_get(tree, STR("status")), STR("addresses"), NULL); v; v = v->next)
        items[g.addresses.n++] = text_of(e, v, STR("value"));
    g.addresses.items = items;
    g.annotations = annotations_of(e, tree);
    *vec_push(&e->gateways) = g;
    *exposure_name(e, STR("Gateway"), thing->ns, thing->name) = e->gateways.n;
}

void read_reference_grant(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    const struct json_value *spec = json_get(tree, STR("spec"));
    for (const struct json_value *to = elements(spec, STR("to"), NULL); to; to = to->next) {
        if (!str_eq(json_text(json_get(to, STR("kind"))), STR("Service")))
            continue;
        for (const struct json_value *from = elements(spec, STR("from"), NULL); from; from = from->next) {
            struct reference_grant g = {thing->ns, text_of(e, from, STR("namespace")), text_of(e, from, STR("kind")), STR_NONE};
            if (present(to, STR("name")))
                g.to_name = text_of(e, to, STR("name"));
            *vec_push(&e->grants) = g;
        }
    }
}

// --- Istio -----------------------------------------------------------------------------------------------------------------------

// "ratings", "ratings.prod" or "ratings.prod.svc.cluster.local"; a short name is of the VirtualService's namespace.
static void add_destination(struct building *b, const struct json_value *destination)
{
    struct str rest = json_text(json_get(destination, STR("host"))), name = str_split(&rest, '.'), ns = str_split(&rest, '.');
    struct backend out = {.service = {ns.len ? exposure_word(b->e, ns) : b->route->thing.ns, exposure_word(b->e, name)}};
    out.port = port_number(json_get(json_get(destination, STR("port")), STR("number")));
    if (name.len && b->backends.n < BACKENDS_MAX)
        *vec_push(&b->backends) = out;
}

// "GATEWAY", "NAMESPACE/GATEWAY"; "mesh", which is the default, is inside.
static void read_istio_parents(struct building *b, const struct json_value *spec)
{
    const struct json_value *list = json_get(spec, STR("gateways"));
    struct named *parents = arena_array(&b->e->arena, struct named, list ? list->count : 0);
    for (const struct json_value *v = elements(spec, STR("gateways"), NULL); v; v = v->next) {
        struct str rest = json_text(v), first = str_split(&rest, '/');
        if (!rest.ptr && !str_eq(first, STR("mesh")))
            parents[b->route->n_parents++] = (struct named){b->route->thing.ns, exposure_word(b->e, first)};
        else if (rest.ptr)
            parents[b->route->n_parents++] = (struct named){exposure_word(b->e, first), exposure_word(b->e, rest)};
    }
    b->route->parents = parents;
}

static void read_virtual_service(struct building *b, const struct json_value *spec)
{
    static const struct str protocols[] = {STR("http"), STR("tls"), STR("tcp")};
    b->route->way = STR("Gateway");
    b->route->wants_gateway = b->route->of_istio = true;
    read_istio_parents(b, spec);
    if (!b->route->n_parents)
        return; // leads from pod to pod
    for (const struct json_value *v = elements(spec, STR("hosts"), NULL); v; v = v->next)
        add_host(b, json_text(v));
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        for (const struct json_value *rule = elements(spec, protocols[i], NULL); rule; rule = rule->next)
            for (const struct json_value *v = elements(rule, STR("route"), NULL); v; v = v->next)
                add_destination(b, json_get(v, STR("destination")));
}

// Each host of a server is a listener: "HOST", "*/HOST", "./HOST" or "NAMESPACE/HOST" says whose routes it takes.
void read_istio_gateway(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    const struct json_value *spec = json_get(tree, STR("spec"));
    struct gateway g = {.thing = *thing, .annotations = annotations_of(e, tree)};
    size_t n = 0;
    for (const struct json_value *server = elements(spec, STR("servers"), NULL); server; server = server->next)
        n += json_get(server, STR("hosts")) ? json_get(server, STR("hosts"))->count : 0;
    struct listener *listeners = arena_array(&e->arena, struct listener, n);
    for (const struct json_value *server = elements(spec, STR("servers"), NULL); server; server = server->next)
        for (const struct json_value *v = elements(server, STR("hosts"), NULL); v; v = v->next) {
            struct str rest = json_text(v), first = str_split(&rest, '/');
            struct listener *l = &listeners[g.n_listeners++];
            *l = (struct listener){.from = FROM_NAMED, .tls = present(server, STR("tls")) != NULL};
            if (!rest.ptr || str_eq(first, STR("*")))
                l->from = FROM_ALL;
            else if (str_eq(first, STR(".")))
                l->from = FROM_SAME;
            else
                l->named = exposure_word(e, first);
        }
    g.listeners = listeners;
    *vec_push(&e->gateways) = g;
    *exposure_name(e, STR("Gateway of Istio"), thing->ns, thing->name) = e->gateways.n;
}

// --- all of them -----------------------------------------------------------------------------------------------------------------

static const struct {
    struct str kind, group;
    void (*read)(struct building *b, const struct json_value *spec);
} kinds[] = {
    {STR("Ingress"), STR("networking.k8s.io/"), read_ingress},
    {STR("Ingress"), STR("extensions/"), read_ingress},
    {STR("Route"), STR("route.openshift.io/"), read_openshift_route},
    {STR("HTTPRoute"), STR("gateway.networking.k8s.io/"), read_gateway_route},
    {STR("GRPCRoute"), STR("gateway.networking.k8s.io/"), read_gateway_route},
    {STR("TLSRoute"), STR("gateway.networking.k8s.io/"), read_gateway_route},
    {STR("TCPRoute"), STR("gateway.networking.k8s.io/"), read_gateway_route},
    {STR("UDPRoute"), STR("gateway.networking.k8s.io/"), read_gateway_route},
    {STR("VirtualService"), STR("networking.istio.io/"), read_virtual_service},
};

bool read_route(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!str_eq(thing->kind, kinds[i].kind) || !str_starts(thing->api_version, kinds[i].group))
            continue;
        struct route *r = vec_push(&e->routes);
        struct building b = {.e = e, .route = r};
        *r = (struct route){.thing = *thing, .addresses = balancer_addresses(e, tree)};
        r->annotations = annotations_of(e, tree);
        kinds[i].read(&b, json_get(tree, STR("spec")));
        end_building(&b);
        e->seen[SEEN_ROUTE] = true;
        return true;
    }
    return false;
}
