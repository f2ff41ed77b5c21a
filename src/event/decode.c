// SPDX-License-Identifier: Apache-2.0
// An audit event from its tree. Shape: k8s.io/apiserver pkg/apis/audit/v1 `Event`; v1beta1 differs only in fields that v1 dropped.
// Items of an EventList carry no kind, so an event is known by auditID, stage and verb. A field of another type than the API gives it
// is taken as absent: the file may have been written by anyone.
#include "event/transforms.h"

#include <limits.h>

enum { PATH_KEYS_MAX = 4 };

struct text_field {
    size_t offset; // of a struct str in struct event
    struct str path[PATH_KEYS_MAX];
};

#define TEXT(member, ...)                                                                                                                  \
    {                                                                                                                                      \
        offsetof(struct event, member),                                                                                                    \
        {                                                                                                                                  \
            __VA_ARGS__                                                                                                                    \
        }                                                                                                                                  \
    }
#define KEY(literal)                                                                                                                       \
    {                                                                                                                                      \
        literal, sizeof(literal) - 1                                                                                                       \
    }

static const struct text_field text_fields[] = {
    TEXT(audit_id, KEY("auditID")),
    TEXT(stage, KEY("stage")),
    TEXT(level, KEY("level")),
    TEXT(actor.principal, KEY("user"), KEY("username")),
    TEXT(actor.uid, KEY("user"), KEY("uid")),
    TEXT(actor.impersonated, KEY("impersonatedUser"), KEY("username")),
    TEXT(actor.agent, KEY("userAgent")),
    TEXT(action.verb, KEY("verb")),
    TEXT(action.group, KEY("objectRef"), KEY("apiGroup")),
    TEXT(action.version, KEY("objectRef"), KEY("apiVersion")),
    TEXT(action.resource, KEY("objectRef"), KEY("resource")),
    TEXT(action.subresource, KEY("objectRef"), KEY("subresource")),
    TEXT(action.namespace, KEY("objectRef"), KEY("namespace")),
    TEXT(action.name, KEY("objectRef"), KEY("name")),
    TEXT(action.uri, KEY("requestURI")),
    TEXT(decision, KEY("annotations"), KEY("authorization.k8s.io/decision")),
    TEXT(reason, KEY("annotations"), KEY("authorization.k8s.io/reason")),
};

static struct str text_at(const struct json_value *record, const struct str *path)
{
    return json_text(json_at(record, path));
}
#define TEXT_AT(record, ...) text_at((record), (const struct str[]){__VA_ARGS__, STR_NONE})

static void decode_texts(struct event *e, const struct json_value *record)
{
    for (size_t i = 0; i < sizeof text_fields / sizeof *text_fields; i++)
        *(struct str *)((char *)e + text_fields[i].offset) = text_at(record, text_fields[i].path);
    if (e->actor.principal.ptr && !e->actor.principal.len) // what GKE and some proxies write for "nobody"
        e->actor.principal = STR_NONE;
}

static void decode_list(const struct json_value *list, struct arena *a, struct str **out, size_t *n)
{
    *out = NULL;
    *n = 0;
    if (!list || list->kind != JSON_ARRAY || !list->count)
        return;
    struct str *items = arena_try(a, list->count * sizeof *items); // a count of values already in memory
    for (const struct json_value *v = list->first; v && items; v = v->next)
        if (v->kind == JSON_STRING)
            items[(*n)++] = v->text;
    *out = *n ? items : NULL;
}

// Values of user.extra are lists; those of interest have one item.
static struct str extra_of(const struct json_value *user, struct str key)
{
    const struct json_value *list = json_get(json_get(user, STR("extra")), key);
    return list && list->kind == JSON_ARRAY ? json_text(list->first) : STR_NONE;
}

static void decode_actor(struct event_actor *actor, const struct json_value *record, struct arena *a)
{
    const struct json_value *user = json_get(record, STR("user"));
    decode_list(json_get(user, STR("groups")), a, &actor->groups, &actor->n_groups);
    decode_list(json_get(json_get(record, STR("impersonatedUser")), STR("groups")), a, &actor->impersonated_groups,
                &actor->n_impersonated_groups);
    decode_list(json_get(record, STR("sourceIPs")), a, &actor->addresses, &actor->n_addresses);
    actor->credential_id = extra_of(user, STR("authentication.kubernetes.io/credential-id"));
    actor->pod = extra_of(user, STR("authentication.kubernetes.io/pod-name"));
    actor->node = extra_of(user, STR("authentication.kubernetes.io/node-name"));
}

// objectRef has no name when the server made it up (generateName), and on creates of old servers.
static struct str generated_name(const struct json_value *record)
{
    struct str name = TEXT_AT(record, STR("responseObject"), STR("metadata"), STR("name"));
    if (!name.ptr)
        name = TEXT_AT(record, STR("requestObject"), STR("metadata"), STR("name"));
    return name.ptr ? name : TEXT_AT(record, STR("responseStatus"), STR("details"), STR("name"));
}

static unsigned decode_code(const struct json_value *record)
{
    const struct json_value *code = json_get(json_get(record, STR("responseStatus")), STR("code"));
    uint64_t value;
    if (!code || code->kind != JSON_NUMBER || !str_to_u64(code->text, &value) || value > UINT_MAX)
        return 0;
    return (unsigned)value;
}

static void decode_action(struct event_action *action, const struct json_value *record, struct arena *a)
{
    if (!action->name.len)
        action->name = generated_name(record);
    action->code = decode_code(record);
    struct transform_out out = {.arena = a};
    if (!action->uri.ptr)
        return;
    transform_uri_command(action->uri, &out);
    action->command = out.n ? out.items[0] : STR_NONE;
    out.n = 0;
    transform_uri_dry_run(action->uri, &out);
    for (size_t i = 0; i < out.n; i++)
        action->dry_run |= str_eq(out.items[i], STR("All"));
}

static uint64_t mix_text(uint64_t h, struct str s)
{
    return hash_mix(h, s.ptr ? str_hash(s) : 0);
}

static int64_t time_at(const struct json_value *record, struct str key)
{
    int64_t ns;
    struct str text = json_text(json_get(record, key));
    return text.ptr && time_parse(text, &ns) ? ns : TIME_NONE;
}

// The first servers of v1beta1 wrote only `timestamp`.
static void decode_times(struct event *e, const struct json_value *record)
{
    e->received = time_at(record, STR("requestReceivedTimestamp"));
    e->time = time_at(record, STR("stageTimestamp"));
    if (e->time == TIME_NONE)
        e->time = e->received;
    if (e->time == TIME_NONE)
        e->time = time_at(record, STR("timestamp"));
}

// The client chooses the auditID, so it takes what the server wrote besides to know a request again.
static void decode_identity(struct event *e, const struct json_value *record)
{
    uint64_t h = mix_text(str_hash(e->audit_id), TEXT_AT(record, STR("requestReceivedTimestamp")));
    e->request = mix_text(mix_text(h, e->actor.principal), e->action.uri);
    e->identity = mix_text(mix_text(e->request, e->stage), TEXT_AT(record, STR("stageTimestamp")));
}

static bool is_present(const struct json_value *v)
{
    return v && v->kind != JSON_NULL;
}

bool event_decode(struct event *out, const struct json_value *record, struct arena *a)
{
    *out = (struct event){.time = TIME_NONE, .received = TIME_NONE};
    if (!record || record->kind != JSON_OBJECT)
        return false;
    decode_texts(out, record);
    if (!out->audit_id.ptr || !out->action.verb.ptr || !out->stage.ptr)
        return false;
    decode_actor(&out->actor, record, a);
    decode_action(&out->action, record, a);
    decode_times(out, record);
    decode_identity(out, record);
    out->truncated = str_eq(TEXT_AT(record, STR("annotations"), STR("audit.k8s.io/truncated")), STR("true"));
    out->has_request = is_present(json_get(record, STR("requestObject")));
    out->has_response = is_present(json_get(record, STR("responseObject")));
    return true;
}
