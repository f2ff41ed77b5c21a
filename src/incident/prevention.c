// SPDX-License-Identifier: Apache-2.0
// Each step judged again as if a fix had been in place: what it would have refused itself, and what could then not have happened because
// it built on that. Then the smallest set of fixes that leaves no step that any of them could stop.
#include "incident/conclude.h"

#include "base/diag.h"
#include "base/status.h"

#include <stdlib.h>

enum {
    FIXES_MAX = 12, // the smallest set is found by trying all: 4,096
    STOPPED_WORD = 64,
};

struct candidate {
    struct str fix, command;
    // Whether the fix refuses this request, by what the log says of it.
    bool (*refuses)(const struct candidate *c, const struct group *g, const struct fact *f);
    bool (*is_hidden)(const struct group *g, const struct fact *f); // whether the log lacks what it judges by; NULL: it never does
    struct str *bindings;                                           // to be removed
    size_t n_bindings;
    const struct actor *actor; // of a role to be cut down
    struct map used;           // what the actor used before: verb and resource
    uint64_t *stopped;         // a bit for each act
    size_t n_stopped, first, hidden;
};

struct replay {
    struct group *g;
    struct candidate items[FIXES_MAX];
    size_t n, words;
    struct map act_of; // fact's address -> index among the acts
};

// --- candidates ------------------------------------------------------------------------------------------------------------------------

static bool removes(const struct candidate *c, struct str binding)
{
    for (size_t i = 0; i < c->n_bindings; i++)
        if (str_eq(c->bindings[i], binding))
            return true;
    return false;
}

// ClusterRoleBinding/NAME that the intruder made: it falls with what he made it through.
static bool is_planted_binding(const struct group *g, struct str binding)
{
    struct str rest = binding, kind = str_split(&rest, '/');
    bool namespaced = str_eq(kind, STR("RoleBinding"));
    struct str namespace = namespaced ? intern_find(&g->q->names, str_split(&rest, '/')) : STR_NONE, name = intern_find(&g->q->names, rest);
    kind = intern_find(&g->q->names, namespaced ? STR("rolebindings") : STR("clusterrolebindings"));
    const struct thing *t = kind.ptr && name.ptr ? thing_find(g->q, kind, namespace, name) : NULL;
    return t && t->made;
}

// As the log or the objects have it; of an identity for which only the making of a binding was seen, that.
static struct str binding_of_step(const struct group *g, const struct fact *f)
{
    struct str used = binding_used(g->q, f);
    return !used.ptr && g->seen_identity.ptr && same(f->actor->principal, g->seen_identity) ? g->out->cause.object : used;
}

// With objects given, what another binding of theirs allows is not refused.
static bool refuses_binding(const struct candidate *c, const struct group *g, const struct fact *f)
{
    struct str used = binding_of_step(g, f);
    const struct permits *permits = permits_of(g->q, f);
    if (!used.ptr || !removes(c, used) || permits->all > permits->n)
        return false;
    for (size_t i = 0; i < permits->n; i++)
        if (!removes(c, permits->items[i].binding) && !is_planted_binding(g, permits->items[i].binding))
            return false;
    return true;
}

static bool makes_pods(const struct fact *f)
{
    enum act act = act_of(f);
    bool whole = !f->action.subresource.ptr || str_eq(f->action.subresource, STR("ephemeralcontainers"));
    return fact_writes(f) && whole && (act == ACT_DEPLOY || act == ACT_SCHEDULE || act == ACT_EXEC);
}

static struct thing *thing_of(const struct group *g, const struct fact *f)
{
    const struct event_action *a = &f->action;
    return a->name.ptr && a->resource.ptr ? thing_find(g->q, a->resource, a->namespace, a->name) : NULL;
}

static struct thing *top_of(struct thing *t)
{
    while (t && t->parent)
        t = t->parent;
    return t;
}

// By the request's own body, or by those of the pods that controllers made of it.
static enum pod_level pod_level(const struct group *g, const struct fact *f)
{
    if (f->body && f->body->pod != POD_NOT_JUDGED)
        return f->body->pod;
    const struct thing *t = thing_of(g, f);
    return t && t->fact == f ? t->pods : POD_NOT_JUDGED;
}

static void note_pods(const struct group *g)
{
    for (size_t i = 0; i < g->things.n; i++)
        g->things.items[i]->pods = POD_NOT_JUDGED;
    for (size_t i = 0; i < g->things.n; i++) {
        struct thing *t = g->things.items[i], *top = top_of(t);
        enum pod_level pod = t->fact && t->fact->body ? t->fact->body->pod : POD_NOT_JUDGED;
        top->pods = pod > top->pods ? pod : top->pods;
    }
}

static bool refuses_baseline(const struct candidate *c, const struct group *g, const struct fact *f)
{
    (void)c;
    return makes_pods(f) && pod_level(g, f) > POD_BASELINE;
}

static bool refuses_restricted(const struct candidate *c, const struct group *g, const struct fact *f)
{
    (void)c;
    return makes_pods(f) && pod_level(g, f) > POD_RESTRICTED;
}

static bool has_no_pod(const struct group *g, const struct fact *f)
{
    return makes_pods(f) && pod_level(g, f) == POD_NOT_JUDGED;
}

static bool has_no_image(const struct group *g, const struct fact *f)
{
    (void)g;
    return makes_pods(f) && !body_first(f, BODY_IMAGE).ptr;
}

static bool refuses_registry(const struct candidate *c, const struct group *g, const struct fact *f)
{
    (void)c;
    for (size_t i = 0; f->body && makes_pods(f) && i < f->body->texts[BODY_IMAGE].n; i++) {
        struct image_ref ref;
        if (image_parse(f->body->texts[BODY_IMAGE].items[i], registry_of(g->q), &ref, &g->q->scratch) &&
            !name_listed(g->q->knowledge->trusted_registries, ref.registry))
            return true;
    }
    return false;
}

static bool refuses_secrets(const struct candidate *c, const struct group *g, const struct fact *f)
{
    (void)c, (void)g;
    return act_of(f) == ACT_READ_SECRETS;
}

static bool refuses_anonymous(const struct candidate *c, const struct group *g, const struct fact *f)
{
    (void)c, (void)g;
    return f->actor->kind == ACTOR_NOBODY;
}

// Behind a page that nobody outside can reach, nobody outside acts.
static bool refuses_exposed(const struct candidate *c, const struct group *g, const struct fact *f)
{
    (void)g;
    return f->actor == c->actor;
}

static struct str use_key(const struct group *g, const struct fact *f)
{
    const char *parts[] = {f->action.verb.ptr, f->action.resource.ptr, f->action.subresource.ptr};
    char *key = arena_alloc(&g->q->round, sizeof parts);
    memcpy(key, parts, sizeof parts);
    return str_make(key, sizeof parts);
}

static bool refuses_unused(const struct candidate *c, const struct group *g, const struct fact *f)
{
    return f->actor->person == c->actor->person && !map_get(&c->used, use_key(g, f));
}

static struct candidate *add(struct replay *r, bool (*refuses)(const struct candidate *, const struct group *, const struct fact *))
{
    if (r->n == FIXES_MAX)
        return NULL;
    struct candidate *c = &r->items[r->n++];
    c->refuses = refuses;
    return c;
}

static struct str removal_of(struct arena *a, struct str binding)
{
    struct str rest = binding, kind = str_split(&rest, '/');
    struct str namespace = str_eq(kind, STR("RoleBinding")) ? str_split(&rest, '/') : STR_NONE;
    return delete_command(a, namespace.ptr ? STR("rolebinding") : STR("clusterrolebinding"), namespace, rest);
}

static void add_removal(struct replay *r, struct str *bindings, size_t n)
{
    struct arena *a = r->g->arena;
    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].n_bindings == n && str_eq(r->items[i].bindings[0], bindings[0]))
            return;
    struct candidate *c = add(r, refuses_binding);
    if (!c)
        return;
    c->bindings = bindings;
    c->n_bindings = n;
    c->fix = arena_printf(a, "remove %.*s", STR_ARG(bindings[0]));
    c->command = removal_of(a, bindings[0]);
    for (size_t i = 1; i < n; i++) {
        c->fix = arena_printf(a, "%.*s%s%.*s", STR_ARG(c->fix), i + 1 < n ? ", " : " and ", STR_ARG(bindings[i]));
        c->command = arena_printf(a, "%.*s\n%.*s", STR_ARG(c->command), STR_ARG(removal_of(a, bindings[i])));
    }
}

static void add_binding(struct replay *r, const struct fact *f, struct str used)
{
    const struct permits *permits = permits_of(r->g->q, f);
    struct str *bindings = arena_array(r->g->arena, struct str, permits->n + 1);
    size_t n = 1;
    bindings[0] = used;
    add_removal(r, bindings, 1);
    for (size_t i = 0; i < permits->n; i++)
        if (!str_eq(permits->items[i].binding, used) && !is_planted_binding(r->g, permits->items[i].binding))
            bindings[n++] = permits->items[i].binding;
    if (n > 1)
        add_removal(r, bindings, n);
}

// Bindings that were there before the intruder; those he made himself fall with what he made them through.
static void add_bindings(struct replay *r)
{
    for (size_t i = 0; i < r->g->acts.n; i++) {
        const struct fact *f = r->g->acts.items[i];
        struct str used = fact_done(f) && f->action.resource.ptr && !f->actor->planted ? binding_of_step(r->g, f) : STR_NONE;
        if (used.ptr && !name_listed(r->g->q->knowledge->stock_grants, last_part(used)))
            add_binding(r, f, used);
    }
}

// Whether a name may stand in a manifest as it is: those of real groups and resources may; what an intruder made up is left out.
static bool is_manifest_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((unsigned char)(c - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '.' || c == '-'))
            return false;
    }
    return true;
}

static void write_rule(struct buf *b, const struct event_action *a)
{
    if (!is_manifest_name(a->group) || !is_manifest_name(a->resource) || !is_manifest_name(a->subresource) || !is_manifest_name(a->verb))
        return;
    buf_addf(b, "- {apiGroups: ['%.*s'], resources: ['%.*s%s%.*s'], verbs: ['%.*s']}\n", STR_ARG(a->group), STR_ARG(a->resource),
             a->subresource.ptr ? "/" : "", STR_ARG(a->subresource), STR_ARG(a->verb));
}

static struct str role_manifest(struct group *g, const struct actor *actor)
{
    struct buf b;
    struct map written = {0};
    buf_init(&b, 64 << 10);
    buf_add(&b, STR("# what "));
    text_escape(&b, actor->principal); // its name may hold a newline
    buf_add(&b, STR(" did before the intrusion, and nothing else\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n"
                    "metadata:\n  name: least-privilege\nrules:\n"));
    for (size_t i = 0; i < actor->facts.n; i++) {
        const struct fact *f = actor->facts.items[i];
        bool added = false;
        if (!f->tainted && f->action.resource.ptr && fact_done(f))
            (void)map_put(&written, use_key(g, f), &added);
        if (added)
            write_rule(&b, &f->action);
    }
    map_fini(&written);
    struct str text = arena_str(g->arena, buf_str(&b));
    buf_fini(&b);
    return text;
}

// An identity that belongs here needs what it used before; whatever else it could do was the intruder's room.
static void add_least_privilege(struct replay *r)
{
    for (size_t i = 0; i < r->g->actors.n; i++) {
        const struct actor *actor = r->g->actors.items[i];
        struct map used = {0};
        if (actor->kind == ACTOR_NOBODY || actor->whole)
            continue;
        for (size_t k = 0; k < actor->facts.n; k++)
            if (!actor->facts.items[k]->tainted && fact_done(actor->facts.items[k]))
                (void)map_put(&used, use_key(r->g, actor->facts.items[k]), NULL);
        struct candidate *c = used.n ? add(r, refuses_unused) : NULL;
        if (!c) {
            map_fini(&used);
            continue;
        }
        c->actor = actor;
        c->used = used;
        c->fix = arena_printf(r->g->arena, "give %.*s only what it used before the intrusion", STR_ARG(actor->principal));
        c->command = role_manifest(r->g, actor);
    }
}

static struct candidate *add_simple(struct replay *r, const char *fix, const char *command,
                                    bool (*refuses)(const struct candidate *, const struct group *, const struct fact *))
{
    struct candidate *c = add(r, refuses);
    if (!c)
        return NULL;
    c->fix = str_from_c(fix);
    c->command = str_from_c(command);
    return c;
}

static void add_over_pods(struct replay *r, const char *fix, const char *command,
                          bool (*refuses)(const struct candidate *, const struct group *, const struct fact *),
                          bool (*is_hidden)(const struct group *, const struct fact *))
{
    struct candidate *c = add_simple(r, fix, command, refuses);
    if (c)
        c->is_hidden = is_hidden;
}

static struct str closing_command(struct arena *a, const struct incident_vector *v)
{
    bool route = v->opened_name.ptr && !str_eq(v->opened_resource, STR("services"));
    struct str why = STR("# Service of type ClusterIP, no Ingress; people come through `kubectl port-forward` with rights of their own\n");
    if (route)
        return arena_printf(a, "%.*s%.*s", STR_ARG(why),
                            STR_ARG(delete_command(a, v->opened_resource, v->opened_namespace, v->opened_name)));
    return arena_printf(a, "%.*skubectl patch service -n %.*s -p '{\"spec\":{\"type\":\"ClusterIP\"}}' -- %.*s", STR_ARG(why),
                        STR_ARG(v->opened_name.ptr ? shell_word(a, v->opened_namespace) : STR("NAMESPACE")),
                        STR_ARG(v->opened_name.ptr ? shell_word(a, v->opened_name) : STR("SERVICE")));
}

static void add_exposure(struct replay *r)
{
    const struct incident_vector *v = &r->g->out->vector;
    struct candidate *c = str_eq(v->verdict, STR("exposed")) ? add(r, refuses_exposed) : NULL;
    if (!c)
        return;
    c->actor = r->g->acts.items[0]->actor;
    c->fix = STR("no way to the page from outside the cluster");
    c->command = closing_command(r->g->arena, v);
}

static void list_candidates(struct replay *r)
{
    add_bindings(r);
    add_exposure(r);
    add_least_privilege(r);
    (void)add_simple(r, "refuse anonymous requests",
                     "# kube-apiserver --anonymous-auth=false, or an AuthenticationConfiguration that leaves only the health paths",
                     refuses_anonymous);
    (void)add_simple(r, "no right to read secrets", "# take get, list and watch on secrets out of the roles that the identities above hold",
                     refuses_secrets);
    note_pods(r->g);
    add_over_pods(r, "Pod Security: baseline",
                  "# refuses pods; workloads are still made, but none of their pods\n"
                  "kubectl label --overwrite namespace --all pod-security.kubernetes.io/enforce=baseline",
                  refuses_baseline, has_no_pod);
    add_over_pods(r, "Pod Security: restricted",
                  "# refuses pods; workloads are still made, but none of their pods\n"
                  "kubectl label --overwrite namespace --all pod-security.kubernetes.io/enforce=restricted",
                  refuses_restricted, has_no_pod);
    if (r->g->q->knowledge->trusted_registries.n)
        add_over_pods(r, "only images of trusted registries",
                      "# an admission policy on spec.containers[*].image; davy's list is trusted_registries", refuses_registry,
                      has_no_image);
}

// --- the replay --------------------------------------------------------------------------------------------------------------------------

static bool is_stopped(const struct candidate *c, size_t act)
{
    return c->stopped[act / STOPPED_WORD] >> act % STOPPED_WORD & 1;
}

static bool is_fact_stopped(const struct replay *r, const struct candidate *c, const struct fact *f)
{
    const uint64_t *index = map_get(&r->act_of, str_make((const char *)&f, sizeof f));
    return index && is_stopped(c, *index);
}

// The act that gave the intruder this identity: where the pivot into it starts.
static const struct fact *source_of(const struct group *g, const struct actor *actor)
{
    for (size_t i = 0; i < g->edges.n; i++) {
        const struct edge *e = g->edges.items[i];
        if (e->fact && e->fact->actor != actor && str_starts(e->to, STR("principal:")) &&
            str_eq(str_slice(e->to, sizeof "principal:" - 1, e->to.len), actor->principal))
            return e->fact;
    }
    return NULL;
}

// What an act builds on: the identity it was done with, and the object it was done to.
static bool builds_on_stopped(const struct replay *r, const struct candidate *c, const struct fact *f)
{
    const struct fact *source = f->actor->planted || f->actor->stolen ? source_of(r->g, f->actor) : NULL;
    if (source && is_fact_stopped(r, c, source))
        return true;
    const struct thing *t = top_of(thing_of(r->g, f));
    return t && t->made && t->fact && t->fact != f && t->fact->time <= f->time && is_fact_stopped(r, c, t->fact);
}

// What every cluster lets everybody ask (/version, /healthz, what am I allowed).
static bool is_harmless(const struct group *g, const struct fact *f)
{
    return f->binding.ptr && name_listed(g->q->knowledge->stock_grants, last_part(f->binding));
}

static void replay_one(struct replay *r, struct candidate *c)
{
    c->stopped = arena_array(&r->g->q->round, uint64_t, r->words);
    c->first = SIZE_MAX;
    for (size_t i = 0; i < r->g->acts.n; i++) {
        const struct fact *f = r->g->acts.items[i];
        if (!fact_done(f) || is_harmless(r->g, f))
            continue;
        if (!c->refuses(c, r->g, f) && !builds_on_stopped(r, c, f)) {
            c->hidden += c->is_hidden && c->is_hidden(r->g, f);
            continue;
        }
        c->stopped[i / STOPPED_WORD] |= 1ull << i % STOPPED_WORD;
        c->n_stopped++;
        c->first = c->first == SIZE_MAX ? i : c->first;
    }
}

// --- the smallest set --------------------------------------------------------------------------------------------------------------------

// Which fixes stop an act, as a mask: acts with equal masks need to be looked at once.
static size_t unique_masks(const struct replay *r, unsigned *masks)
{
    bool seen[1u << FIXES_MAX] = {false};
    size_t n = 0;
    for (size_t i = 0; i < r->g->acts.n; i++) {
        unsigned mask = 0;
        for (size_t k = 0; k < r->n; k++)
            mask |= is_stopped(&r->items[k], i) ? 1u << k : 0;
        if (mask && !seen[mask])
            masks[n++] = mask;
        seen[mask] = true;
    }
    return n;
}

static bool hits_all(unsigned set, const unsigned *masks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(set & masks[i]))
            return false;
    return true;
}

// Of the smallest sets, the one with the first fixes: they go to the cause.
static unsigned smallest_set(const struct replay *r)
{
    _Static_assert(FIXES_MAX <= 12, "all sets are tried");
    unsigned masks[1u << FIXES_MAX], best = (1u << r->n) - 1;
    size_t n = unique_masks(r, masks);
    for (unsigned set = 0; set < 1u << r->n; set++)
        if (__builtin_popcount(set) < __builtin_popcount(best) && hits_all(set, masks, n))
            best = set;
    return n ? best : 0;
}

// --- out ---------------------------------------------------------------------------------------------------------------------------------

// Events of one envelope may have one place.
static bool is_same_place(const struct evidence *a, const struct evidence *b)
{
    return a->line == b->line && a->item == b->item && same(a->file, b->file) && same(a->audit_id, b->audit_id) && a->time == b->time;
}

// The step of the timeline that tells of an act.
static size_t step_of(const struct incident *out, const struct fact *f)
{
    for (size_t i = 0; i < out->n_timeline; i++)
        for (size_t k = 0; k < out->timeline[i].n_evidence; k++)
            if (is_same_place(&out->timeline[i].evidence[k], &f->at))
                return i;
    return 0;
}

static void write_out(struct replay *r)
{
    struct incident *out = r->g->out;
    unsigned set = smallest_set(r);
    out->prevention = arena_array(r->g->arena, struct incident_fix, r->n);
    for (size_t i = 0; i < r->n; i++) {
        const struct candidate *c = &r->items[i];
        if (!c->n_stopped && !c->hidden)
            continue;
        size_t first = c->n_stopped ? step_of(out, r->g->acts.items[c->first]) : 0;
        out->prevention[out->n_prevention++] = (struct incident_fix){c->fix, c->command, first, c->n_stopped, c->hidden, set >> i & 1};
    }
    for (size_t i = 0; i < r->g->acts.n; i++) {
        bool stopped = false;
        for (size_t k = 0; k < r->n; k++)
            stopped |= is_stopped(&r->items[k], i);
        out->stoppable += stopped;
    }
}

void conclude_prevention(struct group *g)
{
    struct replay r = {.g = g, .words = g->acts.n / STOPPED_WORD + 1};
    if (!g->acts.n)
        return;
    for (size_t i = 0; i < g->acts.n; i++)
        *map_put(&r.act_of, str_make((const char *)&g->acts.items[i], sizeof g->acts.items[i]), NULL) = i;
    list_candidates(&r);
    for (size_t i = 0; i < r.n; i++)
        replay_one(&r, &r.items[i]);
    write_out(&r);
    for (size_t i = 0; i < r.n; i++)
        map_fini(&r.items[i].used);
    map_fini(&r.act_of);
}
