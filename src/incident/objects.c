// SPDX-License-Identifier: Apache-2.0
// What the intruder touched, and what of it is still there.
#include "incident/conclude.h"

static struct incident_object describe(struct group *g, const struct thing *t)
{
    struct incident_object o = {t->kind, t->namespace, t->name, t->how, STR_NONE, t->certainty, thing_time(t), thing_at(t)};
    if (t->parent)
        o.parent = thing_text(g->arena, t->parent);
    return o;
}

// --- leftovers ---------------------------------------------------------------------------------------------------------------------

typedef VEC(struct incident_leftover) leftover_list;

static bool is_tree_top(const struct thing *t)
{
    return t->made && !t->parent;
}

static struct str why_left(const struct thing *t)
{
    static const struct {
        struct str kind, why;
    } reasons[] = {
        {STR("clusterrolebindings"), STR("it still gives rights that the intruder set up")},
        {STR("rolebindings"), STR("it still gives rights that the intruder set up")},
        {STR("clusterroles"), STR("it can be bound again")},
        {STR("roles"), STR("it can be bound again")},
        {STR("serviceaccounts"), STR("its tokens are still good")},
        {STR("cronjobs"), STR("it starts the intruder's work again")},
        {STR("daemonsets"), STR("it runs on every node, also on new ones")},
        {STR("certificatesigningrequests"),
         STR("a certificate it led to is good until it expires, and cannot be revoked: take away what is bound to its name")},
        {STR("mutatingwebhookconfigurations"), STR("it sees and changes every request it names")},
        {STR("validatingwebhookconfigurations"), STR("it sees every request it names")},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (str_eq(t->kind, reasons[i].kind))
            return reasons[i].why;
    return STR("the intruder made it, and nobody was seen to remove it");
}

// What the dump says of a leftover: what the log alone takes for left may be gone, and what it saw removed may be back.
struct remains {
    enum presence presence;
    struct standing_object seen;
};

static struct remains remains_of(const struct group *g, const struct thing *t)
{
    struct remains r;
    r.presence = standing_find(g->q, t->kind, t->namespace, t->name, &r.seen);
    return r;
}

static struct str confirm(struct group *g, struct str why, const struct remains *r)
{
    if (r->presence != PRESENCE_THERE)
        return why;
    return arena_printf(g->arena, "%.*s; it is in the objects given, %.*s", STR_ARG(why), STR_ARG(standing_words(g->arena, &r->seen)));
}

static void leave(struct group *g, leftover_list *list, const struct thing *t, const struct remains *r, struct str why, struct str fix)
{
    *vec_push(list) = (struct incident_leftover){thing_text(g->arena, t), confirm(g, why, r), fix, t->certainty, r->presence, thing_at(t)};
}

static struct str removal(struct group *g, const struct thing *t)
{
    return delete_command(g->arena, t->kind, t->namespace, t->name);
}

static void leave_read_secret(struct group *g, leftover_list *list, const struct thing *t, const struct remains *r)
{
    struct str fix = arena_printf(g->arena, "# change what %.*s/%.*s holds where it is used, then replace it",
                                  STR_ARG(comment_word(g->arena, t->namespace)), STR_ARG(comment_word(g->arena, t->name)));
    bool gone = r->presence == PRESENCE_GONE;
    leave(g, list, t, r,
          gone ? STR("the intruder knows what was in it; it is gone from the objects given") : STR("the intruder knows what is in it"),
          fix);
}

static void leave_changed(struct group *g, leftover_list *list, const struct thing *t, const struct remains *r)
{
    struct str object = comment_word(g->arena, object_words(g->arena, t->kind, t->namespace, t->name));
    leave(g, list, t, r, STR("the intruder changed it"),
          arena_printf(g->arena, "# compare %.*s with what it should be, and apply that again", STR_ARG(object)));
}

static bool lists_all_secrets(const struct fact *f)
{
    return fact_done(f) && str_eq(f->action.resource, STR("secrets")) && !f->action.name.ptr &&
           (str_eq(f->action.verb, STR("list")) || str_eq(f->action.verb, STR("watch")));
}

static void leave_lists(struct group *g, leftover_list *list)
{
    for (size_t i = 0; i < g->acts.n; i++) {
        const struct fact *f = g->acts.items[i];
        if (!lists_all_secrets(f))
            continue;
        struct str where = f->action.namespace.ptr ? arena_printf(g->arena, "object:secrets/%.*s/*", STR_ARG(f->action.namespace))
                                                   : STR("object:secrets/*");
        *vec_push(list) = (struct incident_leftover){where,
                                                     STR("all of them were listed, contents included"),
                                                     STR("# change every credential among them; delete token secrets (kubectl delete "
                                                         "secret ...-token-xxxxx) so that new ones are made"),
                                                     f->actor->certainty,
                                                     PRESENCE_UNKNOWN,
                                                     f->at};
        return;
    }
}

static void leave_thing(struct group *g, leftover_list *list, const struct thing *t)
{
    struct remains r = remains_of(g, t);
    if (t->gone) {
        if (is_tree_top(t) && r.presence == PRESENCE_THERE)
            leave(g, list, t, &r, STR("it was removed, and one of that name is there again"), removal(g, t));
        return;
    }
    if (str_eq(t->how, STR("read")) && str_eq(t->kind, STR("secrets")) && !t->parent)
        leave_read_secret(g, list, t, &r);
    else if (r.presence == PRESENCE_GONE || (t->parent && !is_tree_top(t)))
        return;
    else if (is_tree_top(t))
        leave(g, list, t, &r, why_left(t), removal(g, t));
    else if (str_eq(t->how, STR("entered")) && str_eq(t->kind, STR("pods")))
        leave(g, list, t, &r, STR("the intruder was inside: files, processes and its token may be his"),
              delete_command(g->arena, STR("pod"), t->namespace, t->name));
    else if (str_eq(t->how, STR("ran")) && str_eq(t->kind, STR("pods")) && t->name.ptr)
        leave(g, list, t, &r, STR("a malicious process ran in it: what else is in it, and its token, may be the intruder's"),
              removal(g, t));
    else if (str_eq(t->how, STR("changed")))
        leave_changed(g, list, t, &r);
}

static bool is_told(const leftover_list *list, struct str object)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i].object, object))
            return true;
    return false;
}

// ClusterRoleBinding/NAME as the leftover of that name.
static struct str binding_text(struct arena *a, struct str binding)
{
    struct str rest = binding, kind = str_split(&rest, '/');
    return arena_printf(a, "object:%s/%.*s", str_eq(kind, STR("RoleBinding")) ? "rolebindings" : "clusterrolebindings", STR_ARG(rest));
}

static struct str binding_removal(struct arena *a, struct str binding)
{
    struct str rest = binding, kind = str_split(&rest, '/');
    if (!str_eq(kind, STR("RoleBinding")))
        return delete_command(a, STR("clusterrolebindings"), STR_NONE, rest);
    struct str namespace = str_split(&rest, '/');
    return delete_command(a, STR("rolebindings"), namespace, rest);
}

// Bindings for an identity that the intruder made, whose own making left no event: a server-side apply of YAML leaves none.
static void leave_bindings(struct group *g, leftover_list *list, const struct actor *actor)
{
    struct standing_grant found[STANDING_GRANTS];
    size_t n = g->q->standing->naming(g->q->standing->context, actor->principal, found);
    for (size_t i = 0; i < n && i < STANDING_GRANTS; i++) {
        struct str object = binding_text(g->arena, found[i].binding);
        if (is_told(list, object))
            continue;
        *vec_push(list) = (struct incident_leftover){
            object,
            arena_printf(g->arena, "it gives %.*s to %.*s, whom the intruder made; it is in the objects given, %.*s",
                         STR_ARG(found[i].role), STR_ARG(actor->principal), STR_ARG(standing_words(g->arena, &found[i].object))),
            binding_removal(g->arena, found[i].binding),
            INFERRED,
            PRESENCE_THERE,
            (struct evidence){.time = TIME_NONE}};
    }
}

static void find_leftovers(struct group *g)
{
    leftover_list list = {0};
    for (size_t i = 0; i < g->things.n; i++)
        leave_thing(g, &list, g->things.items[i]);
    for (size_t i = 0; i < g->actors.n && g->q->standing; i++)
        if (g->actors.items[i]->planted)
            leave_bindings(g, &list, g->actors.items[i]);
    leave_lists(g, &list);
    g->out->n_leftovers = list.n;
    g->out->leftovers = arena_array(g->arena, struct incident_leftover, list.n);
    if (list.n)
        memcpy(g->out->leftovers, list.items, list.n * sizeof *list.items);
    vec_fini(&list);
}

void conclude_objects(struct group *g)
{
    g->out->objects = arena_array(g->arena, struct incident_object, g->things.n);
    for (size_t i = 0; i < g->things.n; i++)
        g->out->objects[g->out->n_objects++] = describe(g, g->things.items[i]);
    find_leftovers(g);
}
