// SPDX-License-Identifier: Apache-2.0
// Rows for a terminal: who, through what, and what a rule allows.
#include "base/diag.h"
#include "report/answers/access.h"

enum { SUBJECT_COLUMNS = 50, INDENT = 4 };

static bool is_core(struct access_words groups)
{
    return groups.n == 0 || (groups.n == 1 && groups.items[0].len == 0);
}

void access_text_subject(struct buf *out, const struct access_subject *s)
{
    static const char *const kinds[] = {[SUBJECT_USER] = "user ", [SUBJECT_GROUP] = "group ", [SUBJECT_ACCOUNT] = "serviceaccount "};
    if (!s->name.ptr) {
        buf_add(out, STR("cluster-admin"));
        return;
    }
    buf_addf(out, "%s", kinds[s->kind]);
    if (s->kind == SUBJECT_ACCOUNT) {
        text_escape(out, s->ns);
        buf_add_char(out, '/');
    }
    text_escape(out, s->name);
}

static void add_object(struct buf *out, const char *kind, struct str ns, struct str name)
{
    buf_addf(out, "%s ", kind);
    if (ns.ptr) {
        text_escape(out, ns);
        buf_add_char(out, '/');
    }
    text_escape(out, name);
}

void access_text_binding(struct buf *out, const struct access_grant *g)
{
    if (!g->binding) {
        buf_add(out, STR("built into the API server"));
        return;
    }
    add_object(out, g->binding->ns.ptr ? "RoleBinding" : "ClusterRoleBinding", g->binding->ns, g->binding->name);
    buf_add(out, STR(" of "));
    add_object(out, g->role->ns.ptr ? "Role" : "ClusterRole", g->role->ns, g->role->name);
}

static void pad_to(struct buf *out, size_t from, size_t columns)
{
    do
        buf_add_char(out, ' ');
    while (out->len - from < columns);
}

static void add_words(struct buf *out, struct access_words words, const char *between)
{
    for (size_t i = 0; i < words.n; i++) {
        if (i)
            buf_addf(out, "%s", between);
        text_escape(out, words.items[i]);
    }
}

// "get, list pods, pods/log (apps) named a, b"
static void add_rule(struct buf *out, const struct access_rule *rule)
{
    add_words(out, rule->verbs, ", ");
    if (rule->resources.n) {
        buf_add_char(out, ' ');
        add_words(out, rule->resources, ", ");
        if (!is_core(rule->groups)) {
            buf_add(out, STR(" ("));
            for (size_t i = 0; i < rule->groups.n; i++) {
                buf_addf(out, "%s", i ? ", " : "");
                text_escape(out, rule->groups.items[i].len ? rule->groups.items[i] : STR("core"));
            }
            buf_add_char(out, ')');
        }
    }
    if (rule->names.n) {
        buf_add(out, STR(" named "));
        add_words(out, rule->names, ", ");
    }
    if (rule->urls.n) {
        buf_add_char(out, ' ');
        add_words(out, rule->urls, ", ");
    }
}

static void add_row(struct buf *out, const char *mark, const struct access_grant *g)
{
    const size_t from = out->len;
    buf_addf(out, "%s", mark);
    access_text_subject(out, &g->subject);
    pad_to(out, from, SUBJECT_COLUMNS);
    access_text_binding(out, g);
    buf_add_char(out, '\n');
}

static bool same_row(const struct access_grant *a, const struct access_grant *b)
{
    const struct access_subject *x = &a->subject, *y = &b->subject;
    return a->binding == b->binding && x->kind == y->kind && str_eq(x->name, y->name) &&
           (x->kind != SUBJECT_ACCOUNT || str_eq(x->ns, y->ns));
}

void access_text_grants(struct buf *out, const struct access_answer *a, bool rules)
{
    for (size_t i = 0; i < a->n; i++) {
        const struct access_grant *g = &a->items[i].grant;
        if (!i || !same_row(&a->items[i - 1].grant, g))
            add_row(out, "  ", g);
        if (!rules)
            continue;
        buf_addf(out, "%*s", INDENT + 2, "");
        if (g->rule)
            add_rule(out, g->rule);
        else
            buf_add(out, STR("everything"));
        buf_add_char(out, '\n');
    }
}

void access_text_changes(struct buf *out, const struct access_answer *a)
{
    for (size_t i = 0; i < a->n; i++) {
        const struct answered *item = &a->items[i];
        if (!i || item->gained != a->items[i - 1].gained || !same_row(&a->items[i - 1].grant, &item->grant))
            add_row(out, item->gained ? "+ " : "- ", &item->grant);
        buf_addf(out, "%s%*s", item->gained ? "+ " : "- ", INDENT, "");
        add_rule(out, item->grant.rule);
        buf_add_char(out, '\n');
    }
}

void access_text_path(struct buf *out, const struct access_path *path)
{
    for (size_t i = 0; i < path->n; i++) {
        const struct access_step *step = &path->steps[i];
        buf_addf(out, "%3zu. ", i + 1);
        access_text_subject(out, &step->from);
        buf_add(out, STR(" may "));
        text_escape(out, step->text);
        if (step->ns.ptr) {
            buf_add(out, STR(" (namespace "));
            text_escape(out, step->ns);
            buf_add_char(out, ')');
        }
        buf_add(out, STR(", and so becomes "));
        access_text_subject(out, &step->to);
        buf_add_char(out, '\n');
        for (size_t j = 0; j < step->n_grants; j++) {
            buf_addf(out, "%*s", INDENT + 5, "");
            access_text_binding(out, &step->grants[j]);
            if (step->grants[j].rule) {
                buf_add(out, STR(": "));
                add_rule(out, step->grants[j].rule);
            }
            buf_add_char(out, '\n');
        }
    }
}
