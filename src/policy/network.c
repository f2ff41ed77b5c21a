// SPDX-License-Identifier: Apache-2.0
#include "policy/network.h"

#include "base/intern.h"
#include "base/map.h"
#include "base/status.h"
#include "base/vec.h"
#include "policy/policy.h"

#include <stdlib.h>

enum { NAMESPACES_MAX = 100000, SERVICES_MAX = 1000000 };

struct opening {
    struct str text; // the manifest, or a comment
    bool manifest;
};

struct namespace
{
    struct str name;
    bool pods, denied; // it has pods; nothing comes in already
    VEC(struct opening) openings;
};

struct network {
    struct intern words;
    struct arena arena;
    VEC(struct namespace) items;
    struct map index;
    size_t services;
};

struct network *network_new(void)
{
    struct network *n = must_alloc(calloc(1, sizeof *n));
    intern_init(&n->words, 64u << 20, 0);
    arena_init(&n->arena, ARENA_UNLIMITED);
    return n;
}

void network_free(struct network *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->items.n; i++)
        vec_fini(&n->items.items[i].openings);
    vec_fini(&n->items);
    map_fini(&n->index);
    intern_fini(&n->words);
    arena_fini(&n->arena);
    free(n);
}

static struct namespace *namespace_of(struct network *n, struct str ns)
{
    bool added;
    const struct str name = intern_str(&n->words, ns.len ? ns : STR("default"));
    if (!name.ptr || (n->items.n >= NAMESPACES_MAX && !map_get(&n->index, name)))
        return NULL;
    uint64_t *at = map_put(&n->index, name, &added);
    if (added) {
        *at = n->items.n;
        *vec_push(&n->items) = (struct namespace){.name = name};
    }
    return &n->items.items[*at];
}

// --- Services --------------------------------------------------------------------------------------------------------------------

struct service {
    const struct json_value *spec, *selector;
    struct str ns, name, type;
    bool outside;
};

static bool is_page(const struct service *s, network_page_fn *ask, void *context)
{
    if (ask(context, s->name))
        return true;
    for (const struct json_value *m = s->selector->first; m; m = m->next) {
        if (m->kind == JSON_STRING && ask(context, m->text))
            return true;
    }
    return false;
}

static void add_selector(const struct service *s, struct buf *out)
{
    buf_add(out, STR("  podSelector: {matchLabels: {"));
    for (const struct json_value *m = s->selector->first; m; m = m->next) {
        yaml_write_string(out, m->key);
        buf_add(out, STR(": "));
        yaml_write_string(out, m->text.ptr ? m->text : STR(""));
        buf_add(out, m->next ? STR(", ") : STR(""));
    }
    buf_add(out, STR("}}\n"));
}

// The port of the pods: targetPort, a number or a name; without it, the Service's own.
static void add_port(const struct json_value *port, struct buf *out)
{
    const struct json_value *target = json_get(port, STR("targetPort"));
    const struct str protocol = json_text(json_get(port, STR("protocol")));
    if (!target || (target->kind != JSON_STRING && target->kind != JSON_NUMBER))
        target = json_get(port, STR("port"));
    buf_add(out, STR("{port: "));
    if (target && target->kind == JSON_NUMBER)
        buf_add(out, target->text);
    else
        yaml_write_string(out, json_text(target).ptr ? json_text(target) : STR(""));
    buf_add(out, STR(", protocol: "));
    yaml_write_string(out, protocol.len ? protocol : STR("TCP"));
    buf_add_char(out, '}');
}

static void add_ports(const struct service *s, struct buf *out)
{
    const struct json_value *ports = json_get(s->spec, STR("ports"));
    if (!ports || ports->kind != JSON_ARRAY || !ports->first)
        return;
    buf_add(out, STR("    ports: ["));
    for (const struct json_value *p = ports->first; p; p = p->next) {
        add_port(p, out);
        buf_add(out, p->next ? STR(", ") : STR(""));
    }
    buf_add(out, STR("]\n"));
}

static void add_head(struct buf *out, struct str why, struct str name, struct str ns)
{
    yaml_write_comment(out, why);
    buf_add(out, STR("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: "));
    yaml_write_string(out, name);
    buf_add(out, STR("\n  namespace: "));
    yaml_write_string(out, ns);
    buf_add(out, STR("\n  labels: {app.kubernetes.io/managed-by: davy}\n  annotations:\n    davy/why: "));
    yaml_write_string(out, why);
    buf_add(out, STR("\nspec:\n"));
}

static void write_opening(struct network *n, const struct service *s, struct buf *out)
{
    const struct str name = arena_printf(&n->arena, "davy-allow-%.*s", STR_ARG(s->name));
    const struct str why = arena_printf(
        &n->arena, "Service %.*s/%.*s (%.*s) leads to these pods: at its ports they take connections from %s", STR_ARG(s->ns),
        STR_ARG(s->name), STR_ARG(s->type),
        s->outside ? "anywhere, because the Service opens them to other networks" : "pods of the cluster; name those that need it");
    add_head(out, why, name, s->ns);
    add_selector(s, out);
    buf_add(out, STR("  policyTypes: [Ingress]\n  ingress:\n"));
    buf_add(out, s->outside ? STR("  - from: []\n") : STR("  - from: [{namespaceSelector: {}}]\n"));
    add_ports(s, out);
}

static void add_service(struct network *n, const struct service *s, bool page)
{
    struct namespace *in = namespace_of(n, s->ns);
    struct buf text;
    if (!in || n->services++ >= SERVICES_MAX)
        return;
    buf_init(&text, SIZE_MAX);
    if (page)
        buf_addf(&text,
                 "Service %.*s/%.*s (%.*s) leads to a page that manages the cluster: nothing is let in; kubectl port-forward reaches it",
                 STR_ARG(s->ns), STR_ARG(s->name), STR_ARG(s->type));
    else
        write_opening(n, s, &text);
    *vec_push(&in->openings) = (struct opening){arena_str(&n->arena, buf_str(&text)), !page};
    buf_fini(&text);
}

static void take_service(struct network *n, const struct json_value *tree, network_page_fn *ask, void *context)
{
    const struct json_value *metadata = json_get(tree, STR("metadata")), *spec = json_get(tree, STR("spec"));
    const struct json_value *addresses = json_get(spec, STR("externalIPs"));
    const struct str ns = json_text(json_get(metadata, STR("namespace"))), type = json_text(json_get(spec, STR("type")));
    struct service s = {
        .spec = spec,
        .selector = json_get(spec, STR("selector")),
        .ns = ns.len ? ns : STR("default"),
        .name = json_text(json_get(metadata, STR("name"))),
        .type = type.len ? type : STR("ClusterIP"),
    };
    s.outside = str_eq(s.type, STR("NodePort")) || str_eq(s.type, STR("LoadBalancer")) || (addresses && addresses->count);
    if (s.name.len && s.selector && s.selector->kind == JSON_OBJECT && s.selector->count)
        add_service(n, &s, is_page(&s, ask, context));
}

// --- what is there already ---------------------------------------------------------------------------------------------------------

static bool is_empty(const struct json_value *v)
{
    return !v || v->kind == JSON_NULL || !v->count;
}

// Chooses all pods, is about what comes in, and lets nothing in.
static bool denies_all(const struct json_value *spec)
{
    const struct json_value *selector = json_get(spec, STR("podSelector")), *types = json_get(spec, STR("policyTypes"));
    bool ingress = is_empty(types);
    for (const struct json_value *t = is_empty(types) ? NULL : types->first; t; t = t->next)
        ingress = ingress || str_eq(json_text(t), STR("Ingress"));
    return ingress && is_empty(selector) && is_empty(json_get(spec, STR("ingress")));
}

void network_add(struct network *n, const struct json_value *tree, struct str kind, bool has_pod, network_page_fn *ask, void *context)
{
    const struct str ns = json_text(json_get(json_get(tree, STR("metadata")), STR("namespace")));
    struct namespace *in;
    if (str_eq(kind, STR("Service"))) {
        take_service(n, tree, ask, context);
    } else if (has_pod || str_eq(kind, STR("NetworkPolicy"))) {
        in = namespace_of(n, ns);
        if (in) {
            in->pods = in->pods || has_pod;
            in->denied = in->denied || (!has_pod && denies_all(json_get(tree, STR("spec"))));
        }
    }
}

// --- manifests -------------------------------------------------------------------------------------------------------------------

static int in_order(const void *a, const void *b)
{
    const struct namespace *x = a, *y = b;
    const bool left = x->pods && !str_starts(x->name, STR("kube-")), right = y->pods && !str_starts(y->name, STR("kube-"));
    return left != right ? right - left : str_cmp(x->name, y->name);
}

size_t network_count(struct network *n)
{
    size_t count = 0;
    if (n->items.n)
        qsort(n->items.items, n->items.n, sizeof *n->items.items, in_order);
    map_fini(&n->index);
    while (count < n->items.n && n->items.items[count].pods && !str_starts(n->items.items[count].name, STR("kube-")))
        count++;
    return count;
}

struct str network_write(const struct network *n, size_t i, struct buf *out)
{
    const struct namespace *in = &n->items.items[i];
    bool before = !in->denied;
    yaml_write_comment(out, STR("Which connections were made is in no audit log, and so it cannot be said which these would have refused"));
    if (in->denied) {
        yaml_write_comment(out, STR("A policy that denies everything is there already"));
    } else {
        add_head(out, STR("Pods take no connections but those that other policies let in"), STR("davy-default-deny-ingress"), in->name);
        buf_add(out, STR("  podSelector: {}\n  policyTypes: [Ingress]\n"));
    }
    for (size_t k = 0; k < in->openings.n; k++) {
        const struct opening *o = &in->openings.items[k];
        if (!o->manifest) {
            yaml_write_comment(out, o->text);
            continue;
        }
        buf_add(out, before ? STR("---\n") : STR(""));
        buf_add(out, o->text);
        before = true;
    }
    return in->name;
}
