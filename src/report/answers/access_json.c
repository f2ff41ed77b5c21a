// SPDX-License-Identifier: Apache-2.0
// docs/schema/grant.schema.json, path.schema.json, change.schema.json
#include "codec/json/json.h"
#include "report/answers/access.h"

static struct str kind_of(enum subject_kind kind)
{
    static const struct str kinds[] = {
        [SUBJECT_USER] = STR("User"), [SUBJECT_GROUP] = STR("Group"), [SUBJECT_ACCOUNT] = STR("ServiceAccount")};
    return kinds[kind];
}

static void write_subject(struct json_writer *w, struct str key, const struct access_subject *s)
{
    json_key(w, key);
    json_open_object(w);
    json_key_string(w, STR("kind"), s->name.ptr ? kind_of(s->kind) : STR("ClusterAdmin"));
    json_key_string(w, STR("namespace"), s->kind == SUBJECT_ACCOUNT && s->name.ptr ? s->ns : STR_NONE);
    json_key_string(w, STR("name"), s->name.ptr ? s->name : STR("cluster-admin"));
    json_close_object(w);
}

static void write_object(struct json_writer *w, struct str key, struct str kind, struct str ns, struct str name)
{
    json_key(w, key);
    json_open_object(w);
    json_key_string(w, STR("kind"), kind);
    json_key_string(w, STR("namespace"), ns);
    json_key_string(w, STR("name"), name);
    json_close_object(w);
}

static void write_words(struct json_writer *w, struct str key, struct access_words words)
{
    json_key(w, key);
    json_open_array(w);
    for (size_t i = 0; i < words.n; i++)
        json_string(w, words.items[i]);
    json_close_array(w);
}

static void write_rule(struct json_writer *w, const struct access_rule *rule)
{
    json_key(w, STR("rule"));
    if (!rule) {
        json_null(w);
        return;
    }
    json_open_object(w);
    write_words(w, STR("verbs"), rule->verbs);
    write_words(w, STR("apiGroups"), rule->groups);
    write_words(w, STR("resources"), rule->resources);
    write_words(w, STR("resourceNames"), rule->names);
    write_words(w, STR("nonResourceURLs"), rule->urls);
    json_close_object(w);
}

static void write_grant(struct json_writer *w, const struct access_grant *g)
{
    const struct access_binding *b = g->binding;
    write_subject(w, STR("subject"), &g->subject);
    if (b) {
        write_object(w, STR("binding"), b->ns.ptr ? STR("RoleBinding") : STR("ClusterRoleBinding"), b->ns, b->name);
        write_object(w, STR("role"), g->role->ns.ptr ? STR("Role") : STR("ClusterRole"), g->role->ns, g->role->name);
    } else {
        json_key(w, STR("binding"));
        json_null(w);
        json_key(w, STR("role"));
        json_null(w);
    }
    json_key_string(w, STR("namespace"), b ? b->ns : STR_NONE);
    write_rule(w, g->rule);
    json_key(w, STR("evidence"));
    json_open_array(w);
    if (b) {
        json_open_object(w);
        json_key_string(w, STR("file"), b->place.file);
        json_key_number(w, STR("line"), (int64_t)b->place.line);
        json_close_object(w);
    }
    json_close_array(w);
}

static void begin(struct json_writer *w, struct str kind, struct str cluster)
{
    json_open_object(w);
    json_key_string(w, STR("kind"), kind);
    json_key_string(w, STR("cluster"), cluster);
}

void access_json_grants(struct buf *out, const struct access_answer *a)
{
    for (size_t i = 0; i < a->n; i++) {
        struct json_writer w = json_writer_to(out);
        begin(&w, STR("grant"), a->cluster);
        write_grant(&w, &a->items[i].grant);
        json_close_object(&w);
        buf_add_char(out, '\n');
    }
}

void access_json_changes(struct buf *out, const struct access_answer *a)
{
    for (size_t i = 0; i < a->n; i++) {
        struct json_writer w = json_writer_to(out);
        begin(&w, STR("change"), a->cluster);
        json_key_string(&w, STR("change"), a->items[i].gained ? STR("gained") : STR("lost"));
        write_grant(&w, &a->items[i].grant);
        json_close_object(&w);
        buf_add_char(out, '\n');
    }
}

void access_json_path(struct buf *out, struct str cluster, const struct access_path *path, const struct access_subject *from,
                      const struct access_subject *to)
{
    struct json_writer w = json_writer_to(out);
    begin(&w, STR("path"), cluster);
    write_subject(&w, STR("from"), from);
    write_subject(&w, STR("to"), to);
    json_key(&w, STR("steps"));
    json_open_array(&w);
    for (size_t i = 0; i < path->n; i++) {
        const struct access_step *step = &path->steps[i];
        json_open_object(&w);
        write_subject(&w, STR("from"), &step->from);
        write_subject(&w, STR("to"), &step->to);
        json_key_string(&w, STR("power"), step->power);
        json_key_string(&w, STR("text"), step->text);
        json_key_string(&w, STR("namespace"), step->ns);
        json_key(&w, STR("grants"));
        json_open_array(&w);
        for (size_t j = 0; j < step->n_grants; j++) {
            json_open_object(&w);
            write_grant(&w, &step->grants[j]);
            json_close_object(&w);
        }
        json_close_array(&w);
        json_close_object(&w);
    }
    json_close_array(&w);
    json_close_object(&w);
    buf_add_char(out, '\n');
}
