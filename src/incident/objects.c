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

static struct str why_left(struct group *g, const struct thing *t)
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
    (void)g;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (str_eq(t->kind, reasons[i].kind))
            return reasons[i].why;
    return STR("the intruder made it, and nobody was seen to remove it");
}

static void leave_made(struct group *g, leftover_list *list, const struct thing *t)
{
    *vec_push(list) = (struct incident_leftover){thing_text(g->arena, t), why_left(g, t),
                                                 delete_command(g->arena, t->kind, t->namespace, t->name), t->certainty, thing_at(t)};
}

static void leave_read_secret(struct group *g, leftover_list *list, const struct thing *t)
{
    *vec_push(list) =
        (struct incident_leftover){thing_text(g->arena, t), STR("the intruder knows what is in it"),
                                   arena_printf(g->arena, "# change what %.*s/%.*s holds where it is used, then replace it",
                                                STR_ARG(comment_word(g->arena, t->namespace)), STR_ARG(comment_word(g->arena, t->name))),
                                   t->certainty, thing_at(t)};
}

static void leave_entered(struct group *g, leftover_list *list, const struct thing *t)
{
    *vec_push(list) =
        (struct incident_leftover){thing_text(g->arena, t), STR("the intruder was inside: files, processes and its token may be his"),
                                   delete_command(g->arena, STR("pod"), t->namespace, t->name), t->certainty, thing_at(t)};
}

static void leave_ran(struct group *g, leftover_list *list, const struct thing *t)
{
    *vec_push(list) = (struct incident_leftover){
        thing_text(g->arena, t), STR("a malicious process ran in it: what else is in it, and its token, may be the intruder's"),
        delete_command(g->arena, STR("pod"), t->namespace, t->name), t->certainty, thing_at(t)};
}

static void leave_changed(struct group *g, leftover_list *list, const struct thing *t)
{
    *vec_push(list) =
        (struct incident_leftover){thing_text(g->arena, t), STR("the intruder changed it"),
                                   arena_printf(g->arena, "# compare %.*s with what it should be, and apply that again",
                                                STR_ARG(comment_word(g->arena, object_words(g->arena, t->kind, t->namespace, t->name)))),
                                   t->certainty, thing_at(t)};
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
        *vec_push(list) = (struct incident_leftover){where, STR("all of them were listed, contents included"),
                                                     STR("# change every credential among them; delete token secrets (kubectl delete "
                                                         "secret ...-token-xxxxx) so that new ones are made"),
                                                     f->actor->certainty, f->at};
        return;
    }
}

static void find_leftovers(struct group *g)
{
    leftover_list list = {0};
    for (size_t i = 0; i < g->things.n; i++) {
        const struct thing *t = g->things.items[i];
        if (t->gone)
            continue;
        if (is_tree_top(t))
            leave_made(g, &list, t);
        else if (t->parent)
            continue;
        else if (str_eq(t->how, STR("read")) && str_eq(t->kind, STR("secrets")))
            leave_read_secret(g, &list, t);
        else if (str_eq(t->how, STR("entered")) && str_eq(t->kind, STR("pods")))
            leave_entered(g, &list, t);
        else if (str_eq(t->how, STR("ran")) && str_eq(t->kind, STR("pods")) && t->name.ptr)
            leave_ran(g, &list, t);
        else if (str_eq(t->how, STR("changed")))
            leave_changed(g, &list, t);
    }
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
