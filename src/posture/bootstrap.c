// SPDX-License-Identifier: Apache-2.0
#include "posture/bootstrap.h"

#include "base/status.h"
#include "posture/access_private.h"
#include "posture/grants.h"
#include "posture/powers.h"

#include <string.h>

enum { EXTRAS_MAX = 20, TUPLES_MAX = 100000, TITLE_EXTRAS = 3 };

struct comparing {
    const struct access *policy;
    bool same_version;
    bootstrap_record_fn *tell;
    void *context;
    struct buf json, title;
    size_t n_said; // in the title
    size_t tuples; // looked at for the role at hand
};

static bool is_reserved(struct str name)
{
    return str_starts(name, STR("system:"));
}

static void say(struct comparing *c, struct str what)
{
    if (c->n_said++ < TITLE_EXTRAS) {
        buf_add(&c->title, c->n_said == 1 ? STR(" ") : STR(", "));
        buf_add(&c->title, what);
    }
}

// --- roles -----------------------------------------------------------------------------------------------------------------------

static bool role_allows(const struct access_role *role, const struct access_action *action)
{
    for (size_t i = 0; role && i < role->n_rules; i++) {
        if (access_rule_allows(&role->rules[i], action))
            return true;
    }
    return false;
}

// One permission of a rule; false: enough was said.
static bool look_at(struct comparing *c, struct json_writer *w, const struct access_role *standard, const struct access_action *action,
                    struct str resource, size_t *n)
{
    struct buf text;
    if (++c->tuples > TUPLES_MAX || *n >= EXTRAS_MAX)
        return false;
    if (role_allows(standard, action))
        return true;
    buf_init(&text, 4096);
    buf_addf(&text, "%.*s %.*s", STR_ARG(action->verb), STR_ARG(resource));
    if (action->group.len)
        buf_addf(&text, ".%.*s", STR_ARG(action->group));
    if (action->name.len)
        buf_addf(&text, " %.*s", STR_ARG(action->name));
    json_string(w, buf_str(&text));
    say(c, buf_str(&text));
    buf_fini(&text);
    ++*n;
    return true;
}

static bool look_at_names(struct comparing *c, struct json_writer *w, const struct access_role *standard, const struct access_rule *rule,
                          struct access_action action, struct str resource, size_t *n)
{
    const size_t slash = str_find_char(resource, '/', 0);
    action.resource = str_slice(resource, 0, slash);
    action.subresource = slash == SIZE_MAX ? STR("") : str_slice(resource, slash + 1, resource.len);
    action.name = STR("");
    if (!rule->names.n)
        return look_at(c, w, standard, &action, resource, n);
    for (size_t i = 0; i < rule->names.n; i++) {
        action.name = rule->names.items[i];
        if (!look_at(c, w, standard, &action, resource, n))
            return false;
    }
    return true;
}

static bool look_at_rule(struct comparing *c, struct json_writer *w, const struct access_role *standard, const struct access_rule *rule,
                         size_t *n)
{
    for (size_t v = 0; v < rule->verbs.n; v++) {
        struct access_action action = {.verb = rule->verbs.items[v]};
        for (size_t u = 0; u < rule->urls.n; u++) {
            action.path = rule->urls.items[u];
            if (!look_at(c, w, standard, &action, action.path, n))
                return false;
        }
        for (size_t g = 0; g < rule->groups.n; g++) {
            action.group = rule->groups.items[g];
            for (size_t r = 0; r < rule->resources.n; r++) {
                if (!look_at_names(c, w, standard, rule, action, rule->resources.items[r], n))
                    return false;
            }
        }
    }
    return true;
}

// Aggregated roles are filled from others, which are compared themselves.
static void write_extra(struct comparing *c, struct json_writer *w, const struct access_role *role, const struct access_role *standard)
{
    size_t n = 0;
    json_key(w, STR("extra"));
    json_open_array(w);
    for (size_t i = 0; standard && !role->aggregated && i < role->n_rules; i++) {
        if (!look_at_rule(c, w, standard, &role->rules[i], &n))
            break;
    }
    json_close_array(w);
}

static void write_powers(struct json_writer *w, const struct access_role *role, const struct access_role *standard)
{
    const char *last = "";
    json_key(w, STR("powers"));
    json_open_array(w);
    for (size_t i = 0; !role->aggregated && i < n_powers; i++) {
        if (powers[i].name == last || !role_gives(role, &powers[i], !role->ns.ptr) ||
            (standard && role_gives(standard, &powers[i], !role->ns.ptr)))
            continue;
        last = powers[i].name;
        json_string(w, str_from_c(last));
    }
    json_close_array(w);
}

static void begin_record(struct comparing *c, struct json_writer *w, struct finding_object object, bool known, bool updated)
{
    buf_clear(&c->json);
    buf_clear(&c->title);
    c->n_said = c->tuples = 0;
    buf_addf(&c->title, "%.*s %.*s%s%.*s gives", STR_ARG(object.kind), STR_ARG(object.ns), object.ns.len ? "/" : "", STR_ARG(object.name));
    *w = json_writer_to(&c->json);
    json_open_object(w);
    json_key_string(w, STR("kind"), STR("BuiltIn"));
    json_key(w, STR("object"));
    json_open_object(w);
    json_key_string(w, STR("kind"), object.kind);
    json_key_string(w, STR("namespace"), object.ns);
    json_key_string(w, STR("name"), object.name);
    json_close_object(w);
    json_key(w, STR("known"));
    json_bool(w, known);
    json_key(w, STR("same_version"));
    json_bool(w, c->same_version);
    json_key(w, STR("autoupdate"));
    json_bool(w, updated);
}

static void end_record(struct comparing *c, struct json_writer *w, struct finding_object object, struct access_place place)
{
    json_close_object(w);
    const size_t len = c->json.len;
    memset(must_alloc(buf_reserve(&c->json, JSON_PADDING)), 0, JSON_PADDING); // for tools that watch memory
    if (!c->n_said)
        buf_clear(&c->title);
    else if (c->n_said > TITLE_EXTRAS)
        buf_addf(&c->title, " and %zu more", c->n_said - TITLE_EXTRAS);
    c->tell(c->context, &(struct bootstrap_record){str_make(c->json.ptr, len), buf_str(&c->title), object, place});
}

static void compare_role(struct comparing *c, const struct access_role *role, bool updated)
{
    const uint64_t place =
        access_find(c->policy, role->ns.ptr ? INDEX_ROLE : INDEX_CLUSTER_ROLE, role->ns.ptr ? role->ns : STR(""), role->name);
    const struct access_role *standard = place ? &c->policy->roles.items[place - 1] : NULL;
    const struct finding_object object = {STR("rbac.authorization.k8s.io/v1"), role->ns.ptr ? STR("Role") : STR("ClusterRole"), role->ns,
                                          role->name};
    struct json_writer w;
    if (!standard && !is_reserved(role->name))
        return;
    begin_record(c, &w, object, standard != NULL, updated);
    write_extra(c, &w, role, standard);
    write_powers(&w, role, standard);
    end_record(c, &w, object, role->place);
}

// --- bindings --------------------------------------------------------------------------------------------------------------------

static bool names_subject(const struct access_binding *b, const struct access_subject *s)
{
    for (size_t i = 0; b && i < b->n_subjects; i++) {
        const struct access_subject *x = &b->subjects[i];
        if (x->kind == s->kind && str_eq(x->name, s->name) && (s->kind != SUBJECT_ACCOUNT || str_eq(x->ns, s->ns)))
            return true;
    }
    return false;
}

static void write_subjects(struct comparing *c, struct json_writer *w, const struct access_binding *b,
                           const struct access_binding *standard)
{
    static const char *const kinds[] = {[SUBJECT_USER] = "User", [SUBJECT_GROUP] = "Group", [SUBJECT_ACCOUNT] = "ServiceAccount"};
    struct buf text;
    buf_init(&text, 4096);
    json_key(w, STR("subjects"));
    json_open_array(w);
    for (size_t i = 0; i < b->n_subjects; i++) {
        const struct access_subject *s = &b->subjects[i];
        if (!standard || names_subject(standard, s))
            continue;
        buf_clear(&text);
        buf_addf(&text, "%s %.*s%s%.*s", kinds[s->kind], STR_ARG(s->ns), s->ns.len ? "/" : "", STR_ARG(s->name));
        json_string(w, buf_str(&text));
        if (c->n_said == 0)
            buf_add(&c->title, STR(" its permissions to"));
        say(c, buf_str(&text));
    }
    json_close_array(w);
    buf_fini(&text);
}

static void compare_binding(struct comparing *c, const struct access_binding *b)
{
    const uint64_t place = access_find(c->policy, b->ns.ptr ? INDEX_BINDING : INDEX_CLUSTER_BINDING, b->ns.ptr ? b->ns : STR(""), b->name);
    const struct access_binding *standard = place ? &c->policy->bindings.items[place - 1] : NULL;
    const struct finding_object object = {STR("rbac.authorization.k8s.io/v1"), b->ns.ptr ? STR("RoleBinding") : STR("ClusterRoleBinding"),
                                          b->ns, b->name};
    struct json_writer w;
    if (!standard && !is_reserved(b->name))
        return;
    const bool other = standard && (standard->refers_cluster_role != b->refers_cluster_role || !str_eq(standard->role_name, b->role_name));
    begin_record(c, &w, object, standard != NULL, true);
    write_subjects(c, &w, b, standard);
    json_key(&w, STR("other_role"));
    json_bool(&w, other);
    if (other) {
        buf_add(&c->title, c->n_said ? STR(", and") : STR(""));
        c->n_said++;
        buf_addf(&c->title, " %s %.*s", b->refers_cluster_role ? "ClusterRole" : "Role", STR_ARG(b->role_name));
    }
    end_record(c, &w, object, b->place);
}

void bootstrap_compare(const struct access *cluster, const struct access *policy, bool same_version, bootstrap_record_fn *tell,
                       void *context)
{
    struct comparing c = {.policy = policy, .same_version = same_version, .tell = tell, .context = context};
    buf_init(&c.json, SIZE_MAX);
    buf_init(&c.title, 64 << 10);
    for (size_t i = 0; i < cluster->roles.n; i++)
        compare_role(&c, &cluster->roles.items[i], !cluster->sources.items[i].kept);
    for (size_t i = 0; i < cluster->bindings.n; i++)
        compare_binding(&c, &cluster->bindings.items[i]);
    buf_fini(&c.json);
    buf_fini(&c.title);
}
