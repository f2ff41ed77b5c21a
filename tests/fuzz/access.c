// SPDX-License-Identifier: Apache-2.0
// Do the answers about any set of roles and bindings agree with each other? The bytes choose objects, words and selectors from small
// vocabularies, so that references, circles and wildcards meet; whoever is allowed something is among those who can, what can be escalated
// to is reachable, and nothing differs from itself.
#include "base/status.h"
#include "posture/access_diff.h"
#include "posture/access_path.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct chooser {
    const uint8_t *data;
    size_t size;
    struct buf text;
};

static unsigned choose(struct chooser *c, unsigned n)
{
    if (!c->size)
        return 0;
    c->size--;
    return *c->data++ % n;
}

static const char *word(struct chooser *c, const char *const *words)
{
    unsigned n = 0;
    while (words[n])
        n++;
    return words[choose(c, n)];
}

static const char *const names[] = {"a", "b", "c", "system:masters", "system:authenticated", "", NULL};
static const char *const verbs[] = {"get", "create", "*", "bind", "escalate", "impersonate", "update", NULL};
static const char *const groups[] = {"", "*", "apps", "rbac.authorization.k8s.io", NULL};
static const char *const resources[] = {"pods",
                                        "*",
                                        "pods/exec",
                                        "*/exec",
                                        "secrets",
                                        "clusterroles",
                                        "clusterrolebindings",
                                        "users",
                                        "groups",
                                        "serviceaccounts",
                                        "serviceaccounts/token",
                                        "nodes/proxy",
                                        NULL};
static const char *const urls[] = {"/a", "/a/*", "*", "/**", NULL};

static void add_list(struct chooser *c, const char *key, const char *const *words, unsigned most)
{
    buf_addf(&c->text, "\"%s\":[", key);
    const unsigned n = choose(c, most + 1);
    for (unsigned i = 0; i < n; i++)
        buf_addf(&c->text, "%s\"%s\"", i ? "," : "", word(c, words));
    buf_addf(&c->text, "],");
}

static void add_rules(struct chooser *c)
{
    buf_addf(&c->text, "\"rules\":[");
    const unsigned n = choose(c, 3);
    for (unsigned i = 0; i < n; i++) {
        buf_addf(&c->text, "%s{", i ? "," : "");
        add_list(c, "verbs", verbs, 3);
        add_list(c, "apiGroups", groups, 2);
        add_list(c, "resources", resources, 2);
        add_list(c, "resourceNames", names, 1);
        add_list(c, "nonResourceURLs", urls, 1);
        buf_addf(&c->text, "\"x\":0}");
    }
    buf_addf(&c->text, "],");
}

static void add_selectors(struct chooser *c)
{
    static const char *const operators[] = {"In", "NotIn", "Exists", "DoesNotExist", NULL};
    buf_addf(&c->text, "\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchLabels\":{\"l\":\"%s\"}},", word(c, names));
    buf_addf(&c->text, "{\"matchExpressions\":[{\"key\":\"l\",\"operator\":\"%s\",", word(c, operators));
    add_list(c, "values", names, 2);
    buf_addf(&c->text, "\"x\":0}]}]},");
}

static void add_subjects(struct chooser *c)
{
    static const char *const kinds[] = {"User", "Group", "ServiceAccount", "Other", NULL};
    buf_addf(&c->text, "\"subjects\":[");
    const unsigned n = choose(c, 3);
    for (unsigned i = 0; i < n; i++)
        buf_addf(&c->text, "%s{\"kind\":\"%s\",\"name\":\"%s\",\"namespace\":\"%s\"}", i ? "," : "", word(c, kinds), word(c, names),
                 word(c, names));
    buf_addf(&c->text, "],");
}

static void add_object(struct chooser *c, struct access *a, struct diags *diags)
{
    static const char *const kinds[] = {"ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding", "ServiceAccount", "Pod",
                                        "Secret",      NULL};
    const char *kind = word(c, kinds);
    struct arena arena;
    struct json_error error;
    buf_clear(&c->text);
    buf_addf(&c->text, "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\",\"labels\":{\"l\":\"%s\"}},", word(c, names), word(c, names),
             word(c, names));
    if (strstr(kind, "Binding")) {
        add_subjects(c);
        buf_addf(&c->text, "\"roleRef\":{\"kind\":\"%s\",\"name\":\"%s\"}}", kinds[choose(c, 2)], word(c, names));
    } else {
        add_rules(c);
        if (choose(c, 3) == 1)
            add_selectors(c);
        buf_addf(&c->text, "\"spec\":{\"serviceAccountName\":\"%s\"}}", word(c, names));
    }
    const size_t len = c->text.len;
    must(buf_reserve(&c->text, JSON_PADDING));
    arena_init(&arena, ARENA_UNLIMITED);
    const struct json_value *tree = json_parse(&arena, str_make(c->text.ptr, len), JSON_LIMITS_DEFAULT, &error);
    must(tree);
    access_add(a, tree, STR("rbac.authorization.k8s.io/v1"), str_from_c(kind), (struct access_place){STR("f"), 1}, diags);
    arena_fini(&arena);
}

struct expected {
    const struct access_identity *who;
    bool found;
};

static void look_for(void *context, const struct access_grant *grant)
{
    struct expected *e = context;
    e->found = e->found || access_subject_is(&grant->subject, e->who);
}

static void no_change(void *context, const struct access_change *change)
{
    (void)context;
    must(!change);
}

static void ask(struct chooser *c, const struct access *a, struct arena *arena)
{
    struct access_action action;
    struct access_subject from = {.kind = choose(c, 3), .name = str_from_c(word(c, names)), .ns = str_from_c(word(c, names))}, to = {0};
    (void)access_parse_resource(a, str_from_c(choose(c, 4) ? word(c, resources) : "/a/b"), &action);
    action.verb = str_from_c(word(c, verbs));
    action.ns = str_from_c(word(c, names));
    action.name = str_from_c(word(c, names));
    const struct access_identity who = access_identity_of(arena, &from, NULL, 0);
    struct expected e = {.who = &who};
    access_who_can(a, &action, false, look_for, &e);
    struct access_grant by;
    const bool allowed = access_allows(a, &who, &action, &by);
    must(allowed == e.found);
    must(!allowed || !by.rule || access_rule_allows(by.rule, &action));
    const struct access_action everything = {.verb = STR("*"), .group = STR("*"), .resource = STR("*"), .ns = STR(""), .name = STR("")};
    struct access_path path;
    const bool way = access_find_path(a, arena, &from, &to, &path);
    must(way || !access_allows(a, &who, &everything, NULL));
    must(!way || (path.n && !path.steps[path.n - 1].to.name.ptr));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chooser c = {.data = data, .size = size};
    struct access *a = access_new();
    struct diags diags;
    struct arena arena;
    diags_init(&diags);
    arena_init(&arena, ARENA_UNLIMITED);
    buf_init(&c.text, SIZE_MAX);
    for (unsigned n = choose(&c, 24); n && c.size; n--)
        add_object(&c, a, &diags);
    access_seal(a, &diags);
    for (unsigned n = 0; n < 8; n++)
        ask(&c, a, &arena);
    access_diff(a, a, no_change, NULL);
    access_free(a);
    arena_fini(&arena);
    diags_fini(&diags);
    buf_fini(&c.text);
    return 0;
}
