// SPDX-License-Identifier: Apache-2.0
#include "incident/extract.h"

#include "base/status.h"

#include <stdlib.h>

enum { TEXTS_MAX = 64, TEXT_BYTES_MAX = 4096, SUBJECTS_MAX = 64 };

// Names of rules/fields/audit.yml.
static const struct str body_names[BODY_TEXTS] = {
    [BODY_IMAGE] = STR("pod.image"),
    [BODY_COMMAND] = STR("pod.command"),
    [BODY_ENV] = STR("pod.env.value"),
    [BODY_ACCOUNT] = STR("pod.serviceaccount"),
    [BODY_PRIVILEGED] = STR("pod.privileged"),
    [BODY_HOSTPATH] = STR("pod.hostpath"),
    [BODY_HOSTNETWORK] = STR("pod.hostnetwork"),
    [BODY_HOSTPID] = STR("pod.hostpid"),
    [BODY_HOSTIPC] = STR("pod.hostipc"),
    [BODY_CAPABILITIES] = STR("pod.capabilities.add"),
    [BODY_NODE] = STR("pod.node"),
    [BODY_REPLICAS] = STR("workload.replicas"),
    [BODY_SCHEDULE] = STR("cronjob.schedule"),
    [BODY_ROLE_KIND] = STR("binding.role.kind"),
    [BODY_ROLE_NAME] = STR("binding.role.name"),
    [BODY_SERVICE_TYPE] = STR("service.type"),
    [BODY_SERVICE_EXTERNALIPS] = STR("service.externalips"),
    [BODY_SERVICE_SELECTOR] = STR("service.selector"),
    [BODY_INGRESS_BACKEND] = STR("ingress.backend"),
    [BODY_OWNER_KIND] = STR("object.owner.kind"),
    [BODY_OWNER_NAME] = STR("object.owner.name"),
    [BODY_CSR_SUBJECT] = STR("csr.subject"),
    [BODY_SECRET_ACCOUNT] = STR("object.annotations.serviceaccount"),
    [BODY_ISSUED] = STR("user.credential.issued"),
    [BODY_WEBHOOK_URL] = STR("webhook.url"),
    [BODY_TARGET] = STR("pod.target"),
};

static const struct field *find_field(const struct inquiry *q, struct str name)
{
    size_t n;
    const struct field *fields = dictionary_fields(q->knowledge->dictionary, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}

void extract_prepare(struct inquiry *q)
{
    for (size_t i = 0; i < BODY_TEXTS; i++)
        q->body_fields[i] = find_field(q, body_names[i]);
    q->subject_scope = dictionary_scope(q->knowledge->dictionary, STR("binding.subject"));
    q->binding_field = find_field(q, STR("grant.binding"));
    q->role_field = find_field(q, STR("grant.role"));
    q->subject_field = find_field(q, STR("grant.subject"));
    q->image_field = q->body_fields[BODY_IMAGE];
    q->uid_field = find_field(q, STR("object.uid"));
    q->container_field = find_field(q, STR("pod.container.id"));
}

// --- bodies -----------------------------------------------------------------------------------------------------------------------

static struct texts take_texts(struct inquiry *q, const struct field *field, const struct json_value *record)
{
    struct texts texts = {0};
    size_t n = 0;
    struct str *found = field ? field_texts(field, record, &q->scratch, &n) : NULL;
    if (n > TEXTS_MAX)
        n = TEXTS_MAX;
    if (!n)
        return texts;
    texts.items = arena_array(&q->round, struct str, n);
    for (size_t i = 0; i < n; i++) {
        struct str kept = name_keep(q, str_slice(found[i], 0, TEXT_BYTES_MAX));
        if (kept.ptr)
            texts.items[texts.n++] = kept;
    }
    return texts;
}

static void take_subjects(struct inquiry *q, const struct json_value *record, struct body *body)
{
    struct value_list list = {0};
    if (!q->subject_scope)
        return;
    paths_collect(record, q->subject_scope->paths, q->subject_scope->n_paths, &q->scratch, &list);
    if (!list.n)
        return;
    body->subjects = arena_array(&q->round, struct fact_subject, list.n < SUBJECTS_MAX ? list.n : SUBJECTS_MAX);
    for (size_t i = 0; i < list.n && body->n_subjects < SUBJECTS_MAX; i++) {
        const struct json_value *v = list.items[i];
        struct fact_subject subject = {name_keep(q, json_text(json_get(v, STR("kind")))),
                                       name_keep(q, json_text(json_get(v, STR("namespace")))),
                                       name_keep(q, json_text(json_get(v, STR("name"))))};
        if (v->kind == JSON_OBJECT && subject.kind.ptr && subject.name.ptr)
            body->subjects[body->n_subjects++] = subject;
    }
}

static const struct body *take_body(struct inquiry *q, const struct json_value *record, const struct event *event)
{
    struct body *body = arena_new(&q->round, struct body);
    for (size_t i = 0; i < BODY_TEXTS; i++)
        body->texts[i] = take_texts(q, q->body_fields[i], record);
    take_subjects(q, record, body);
    body->pod = pod_level_of(record, event);
    return body;
}

// What joins an object with records of processes.
static void take_identity(struct inquiry *q, struct fact *f, const struct json_value *record)
{
    struct texts uid = take_texts(q, q->uid_field, record);
    f->uid = uid.n ? uid.items[0] : STR_NONE;
    if (str_eq(f->action.resource, STR("pods")) && str_eq(f->action.subresource, STR("status")))
        f->containers = take_texts(q, q->container_field, record);
}

// --- the event --------------------------------------------------------------------------------------------------------------------

static struct event_action keep_action(struct inquiry *q, const struct event_action *a)
{
    return (struct event_action){
        .verb = name_keep(q, a->verb),
        .group = name_keep(q, a->group),
        .version = name_keep(q, a->version),
        .resource = name_keep(q, a->resource),
        .subresource = name_keep(q, a->subresource),
        .namespace = name_keep(q, a->namespace),
        .name = name_keep(q, a->name),
        .uri = name_keep(q, str_slice(a->uri, 0, TEXT_BYTES_MAX)),
        .command = name_keep(q, str_slice(a->command, 0, TEXT_BYTES_MAX)),
        .code = a->code,
        .dry_run = a->dry_run,
    };
}

static struct str derive(struct inquiry *q, const struct field *field, struct str in)
{
    struct transform_out out = {.arena = &q->scratch};
    if (!field || !in.ptr)
        return STR_NONE;
    field_derive(field, in, &out);
    return out.n ? name_keep(q, out.items[0]) : STR_NONE;
}

static void take_groups(struct inquiry *q, struct actor *actor, const struct event_actor *from)
{
    enum { GROUPS_MAX = 32 };
    size_t n = from->n_groups < GROUPS_MAX ? from->n_groups : GROUPS_MAX;
    if (actor->groups.n || !n)
        return;
    actor->groups.items = arena_array(&q->round, struct str, n);
    for (size_t i = 0; i < n; i++)
        actor->groups.items[actor->groups.n++] = name_keep(q, from->groups[i]);
}

static void note_actor(struct actor *actor, int64_t time)
{
    actor->events++;
    if (time == TIME_NONE)
        return;
    if (actor->first == TIME_NONE || time < actor->first)
        actor->first = time;
    if (actor->last == TIME_NONE || time > actor->last)
        actor->last = time;
}

// An address that many share must not fill the memory with what others do.
static bool has_room(struct inquiry *q, const struct actor *actor, bool about)
{
    if (q->facts.n == INCIDENT_FACTS_MAX) {
        q->counters.dropped_facts++;
        return false;
    }
    return actor->events <= FIRST_FACTS || is_wanted(q, actor) || about;
}

static void fill(struct inquiry *q, struct fact *f, const struct event *event)
{
    f->at.file = name_keep(q, f->at.file);
    f->at.audit_id = name_keep(q, event->audit_id);
    f->at.time = event->time;
    f->stage = name_keep(q, event->stage);
    f->agent = name_keep(q, event->actor.agent);
    f->impersonated = name_keep(q, event->actor.impersonated);
    f->credential = name_keep(q, event->actor.credential_id);
    f->action = keep_action(q, &event->action);
    f->decision = name_keep(q, event->decision);
    f->reason = name_keep(q, event->reason);
    f->binding = derive(q, q->binding_field, event->reason);
    f->role = derive(q, q->role_field, event->reason);
    f->subject = derive(q, q->subject_field, event->reason);
    f->truncated = event->truncated;
    f->has_bodies = event->has_request || event->has_response;
}

void extract_fact(struct inquiry *q, const struct evidence *place, const struct json_value *record, const struct event *event, bool about)
{
    struct str address = event->actor.n_addresses ? event->actor.addresses[event->actor.n_addresses - 1] : STR_NONE;
    int64_t time = event->received != TIME_NONE ? event->received : event->time;
    struct actor *actor = actor_put(q, event->actor.principal, address);
    q->order++;
    if (!actor) {
        q->counters.dropped_facts++;
        return;
    }
    note_actor(actor, time);
    if (!has_room(q, actor, about))
        return;
    if (q->standing)
        take_groups(q, actor, &event->actor);
    struct fact *f = arena_new(&q->round, struct fact);
    *f = (struct fact){.at = *place, .time = time, .order = q->order, .request = event->request, .actor = actor};
    fill(q, f, event);
    if (fact_writes(f) && fact_done(f) && !str_eq(f->action.subresource, STR("status")))
        f->body = take_body(q, record, event);
    if (q->hosts)
        take_identity(q, f, record);
    struct marked marked = marks_at(q, &f->at);
    f->rules = marked.rules;
    f->n_rules = marked.n_rules;
    f->seed = marked.seed;
    f->strong = marked.strong;
    *vec_push(&q->facts) = f;
}
