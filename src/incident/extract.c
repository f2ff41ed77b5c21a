// SPDX-License-Identifier: Apache-2.0
#include "incident/extract.h"
#include "incident/processes.h"

#include "base/status.h"

#include <stdlib.h>

enum { TEXTS_MAX = 64, TEXT_BYTES_MAX = 4096, SUBJECTS_MAX = 64, PLACE_BYTES = 28 };

#define ROUTES                                                                                                                             \
    {                                                                                                                                      \
        STR("ingresses"), STR("httproutes"), STR("grpcroutes"), STR("virtualservices"), STR("routes"), STR("ingressroutes")                \
    }
// Names of rules/fields/audit.yml, and the resources in whose bodies they are looked for; none: all.
static const struct {
    struct str field, resources[6];
} body_sources[BODY_TEXTS] = {
    [BODY_IMAGE] = {.field = STR("pod.image")},
    [BODY_COMMAND] = {.field = STR("pod.command")},
    [BODY_ENV] = {.field = STR("pod.env.value")},
    [BODY_PRIVILEGED] = {.field = STR("pod.privileged")},
    [BODY_HOSTPATH] = {.field = STR("pod.hostpath")},
    [BODY_HOSTNETWORK] = {.field = STR("pod.hostnetwork")},
    [BODY_HOSTPID] = {.field = STR("pod.hostpid")},
    [BODY_HOSTIPC] = {.field = STR("pod.hostipc")},
    [BODY_CAPABILITIES] = {.field = STR("pod.capabilities.add")},
    [BODY_REPLICAS] = {.field = STR("workload.replicas")},
    [BODY_SCHEDULE] = {.field = STR("cronjob.schedule")},
    [BODY_ROLE_NAME] = {STR("binding.role.name"), {STR("rolebindings"), STR("clusterrolebindings")}},
    [BODY_SERVICE_TYPE] = {STR("service.type"), {STR("services")}},
    [BODY_SERVICE_EXTERNALIPS] = {STR("service.externalips"), {STR("services")}},
    [BODY_SERVICE_SELECTOR] = {STR("service.selector"), {STR("services")}},
    [BODY_INGRESS_BACKEND] = {STR("ingress.backend"), ROUTES},
    [BODY_INGRESS_NAMESPACE] = {STR("ingress.backend.namespace"), ROUTES},
    [BODY_OWNER_KIND] = {.field = STR("object.owner.kind")},
    [BODY_OWNER_NAME] = {.field = STR("object.owner.name")},
    [BODY_CSR_SUBJECT] = {STR("csr.subject"), {STR("certificatesigningrequests")}},
    [BODY_ISSUED] = {STR("user.credential.issued"), {STR("serviceaccounts")}},
    [BODY_TARGET] = {STR("pod.target"), {STR("pods")}},
    [BODY_CONTAINERS] = {STR("pod.container.name"), {STR("pods")}},
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
        q->body_fields[i] = find_field(q, body_sources[i].field);
    q->product = transform_find(STR("agent_product"));
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
    texts.items = arena_array(&q->arena, struct str, n);
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
    body->subjects = arena_array(&q->arena, struct fact_subject, list.n < SUBJECTS_MAX ? list.n : SUBJECTS_MAX);
    for (size_t i = 0; i < list.n && body->n_subjects < SUBJECTS_MAX; i++) {
        const struct json_value *v = list.items[i];
        struct fact_subject subject = {name_keep(q, json_text(json_get(v, STR("kind")))),
                                       name_keep(q, json_text(json_get(v, STR("namespace")))),
                                       name_keep(q, json_text(json_get(v, STR("name"))))};
        if (v->kind == JSON_OBJECT && subject.kind.ptr && subject.name.ptr)
            body->subjects[body->n_subjects++] = subject;
    }
}

bool extract_names_subject(struct inquiry *q, const struct json_value *record, const struct event *event)
{
    struct value_list list = {0};
    struct str resource = event->action.resource;
    if (!q->subject_scope || !(str_eq(resource, STR("clusterrolebindings")) || str_eq(resource, STR("rolebindings"))))
        return false;
    paths_collect(record, q->subject_scope->paths, q->subject_scope->n_paths, &q->scratch, &list);
    for (size_t i = 0; i < list.n && i < SUBJECTS_MAX; i++)
        if (str_eq(json_text(json_get(list.items[i], STR("kind"))), STR("User")) &&
            is_name_followed(q, json_text(json_get(list.items[i], STR("name")))))
            return true;
    return false;
}

static bool is_in(size_t text, struct str resource)
{
    const struct str *resources = body_sources[text].resources;
    bool found = !resources[0].ptr;
    for (size_t i = 0; !found && i < sizeof body_sources->resources / sizeof *resources && resources[i].ptr; i++)
        found = str_eq(resources[i], resource);
    return found;
}

// What is asked of bodies that have a member of that name alone: looking for the name is cheaper than for what lies at its paths.
static bool is_worth_it(size_t text, bool has_image, bool has_owner)
{
    if (text <= BODY_SCHEDULE)
        return has_image;
    return (text != BODY_OWNER_KIND && text != BODY_OWNER_NAME) || has_owner;
}

static const struct body *take_body(struct inquiry *q, const struct json_value *record, const struct event *event)
{
    struct body *body = arena_new(&q->arena, struct body);
    struct str resource = event->action.resource;
    bool has_image = str_find(record->raw, STR("\"image\""), 0) != SIZE_MAX,
         has_owner = str_find(record->raw, STR("\"ownerReferences\""), 0) != SIZE_MAX;
    for (size_t i = 0; i < BODY_TEXTS; i++)
        if (is_in(i, resource) && is_worth_it(i, has_image, has_owner))
            body->texts[i] = take_texts(q, q->body_fields[i], record);
    if (is_in(BODY_ROLE_NAME, resource))
        take_subjects(q, record, body);
    if (has_image)
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

static struct event_entry keep_entry(struct inquiry *q, const struct event_entry *e)
{
    return (struct event_entry){.way = e->way,
                                .by_kubelet = e->by_kubelet,
                                .input = e->input,
                                .namespace = name_keep(q, e->namespace),
                                .pod = name_keep(q, e->pod),
                                .container = name_keep(q, e->container)};
}

static struct str derive(struct inquiry *q, const struct field *field, struct str in)
{
    struct transform_out out = {.arena = &q->scratch};
    if (!field || !in.ptr)
        return STR_NONE;
    field_derive(field, in, &out);
    return out.n ? name_keep(q, out.items[0]) : STR_NONE;
}

static struct texts take_groups(struct inquiry *q, const struct event_actor *from)
{
    enum { GROUPS_MAX = 32 };
    size_t n = from->n_groups < GROUPS_MAX ? from->n_groups : GROUPS_MAX;
    struct texts groups = {.items = arena_array(&q->arena, struct str, n)};
    for (size_t i = 0; i < n; i++)
        groups.items[groups.n++] = name_keep(q, from->groups[i]);
    return groups;
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

static struct str product_of(struct inquiry *q, struct str agent)
{
    struct transform_out out = {.arena = &q->scratch};
    if (!q->product || !agent.ptr)
        return STR_NONE;
    q->product->apply(agent, &out);
    return out.n ? name_keep(q, out.items[0]) : STR_NONE;
}

static void fill(struct inquiry *q, struct fact *f, const struct event *event)
{
    struct event_entry entry = event_entry(&event->action, &q->scratch);
    f->at.file = name_keep(q, f->at.file);
    f->at.audit_id = name_keep(q, event->audit_id);
    f->at.time = event->time;
    f->stage = name_keep(q, event->stage);
    f->agent = name_keep(q, event->actor.agent);
    f->tool = product_of(q, f->agent);
    f->impersonated = name_keep(q, event->actor.impersonated);
    f->credential = name_keep(q, event->actor.credential_id);
    f->action = keep_action(q, &event->action);
    f->entry = keep_entry(q, &entry);
    f->decision = name_keep(q, event->decision);
    f->reason = name_keep(q, event->reason);
    f->binding = derive(q, q->binding_field, event->reason);
    f->role = derive(q, q->role_field, event->reason);
    f->subject = derive(q, q->subject_field, event->reason);
    f->truncated = event->truncated;
    f->has_bodies = event->has_request || event->has_response;
}

struct clue clue_of(struct inquiry *q, const struct event *event)
{
    const struct event_actor *actor = &event->actor;
    struct event_entry entry = event_entry(&event->action, &q->scratch);
    return (struct clue){.principal = actor->principal,
                         .address = actor->n_addresses ? actor->addresses[actor->n_addresses - 1] : STR_NONE,
                         .credential = actor->credential_id,
                         .name = event->action.name,
                         .binding = binding_of(q, event->reason),
                         .pod = entry.by_kubelet ? entry.pod : STR_NONE};
}

// Events of one envelope may have one place: there the record itself tells them apart.
static struct str place_key(char *bytes, const struct evidence *place, struct str record)
{
    uint64_t hash = place->item ? str_hash(str_trim(record)) : 0;
    memcpy(bytes, &place->file.ptr, sizeof place->file.ptr);
    memcpy(bytes + sizeof place->file.ptr, &place->line, sizeof place->line);
    memcpy(bytes + sizeof place->file.ptr + sizeof place->line, &hash, sizeof hash);
    memcpy(bytes + sizeof place->file.ptr + sizeof place->line + sizeof hash, &place->item, sizeof place->item);
    return str_make(bytes, PLACE_BYTES);
}

static void remember(struct inquiry *q, const struct evidence *place, struct str record, const struct kept *kept)
{
    *map_put(&q->kept_of, place_key(arena_alloc(&q->arena, PLACE_BYTES), place, record), NULL) = q->kept.n;
    *vec_push(&q->kept) = kept;
}

static const struct kept *keep(struct inquiry *q, const struct evidence *place, const struct json_value *record, const struct event *event,
                               const struct clue *clue, int64_t time, bool about)
{
    struct kept *kept = arena_new(&q->arena, struct kept);
    struct fact *f = &kept->fact;
    *f = (struct fact){.at = *place, .time = time, .request = event->request};
    kept->about = about;
    fill(q, f, event);
    if (fact_writes(f) && fact_done(f) && !str_eq(f->action.subresource, STR("status")))
        f->body = take_body(q, record, event);
    if (q->hosts) {
        take_identity(q, f, record);
        kept->ids = host_ids(q, record);
    }
    struct marked marked = marks_at(q, &f->at, &q->arena);
    f->rules = marked.rules;
    f->n_rules = marked.n_rules;
    f->seed = marked.seed;
    f->strong = marked.strong;
    kept->clue = (struct clue){.principal = name_keep(q, clue->principal),
                               .address = name_keep(q, clue->address),
                               .credential = f->credential,
                               .name = f->action.name,
                               .binding = name_keep(q, clue->binding),
                               .pod = name_keep(q, clue->pod)};
    if (q->standing || !f->reason.ptr) // then it is asked which binding there may have been for them
        kept->groups = take_groups(q, &event->actor);
    remember(q, place, record->raw, kept);
    return kept;
}

// The clock of the file that a record comes from.
static struct clock *clock_at(struct inquiry *q, struct str file)
{
    bool added;
    if (q->clocks.n && q->clock_file.ptr == file.ptr && q->clock_file.len == file.len)
        return &q->clocks.items[q->clock_now];
    uint64_t *index = map_put(&q->clock_of, name_keep(q, file), &added);
    if (added) {
        *index = q->clocks.n;
        *vec_push(&q->clocks) = CLOCK_INIT;
    }
    q->clock_file = file;
    q->clock_now = *index;
    return &q->clocks.items[q->clock_now];
}

// What `time` is by the order of the file, once a record written at `written` has passed.
static int64_t position_of(struct inquiry *q, struct str file, int64_t written, int64_t time)
{
    struct clock *c = clock_at(q, file);
    (void)clock_tell(c, written);
    return time == TIME_NONE ? TIME_NONE : time_between(-c->shift, time);
}

// The actor, if there is room for what he does now.
static struct actor *admit(struct inquiry *q, const struct clue *clue, int64_t time, bool about)
{
    struct actor *actor = actor_put(q, clue->principal, clue->address);
    q->counters.events++;
    q->order++;
    if (!actor) {
        q->counters.dropped_facts++;
        return NULL;
    }
    note_actor(actor, time);
    return has_room(q, actor, about) ? actor : NULL;
}

static void add_fact(struct inquiry *q, struct actor *actor, const struct kept *kept, int64_t position)
{
    struct fact *f = arena_new(&q->round, struct fact);
    *f = kept->fact;
    f->order = q->order;
    f->position = position;
    f->actor = actor;
    if (!actor->groups.n)
        actor->groups = kept->groups;
    *vec_push(&q->facts) = f;
}

void extract_fact(struct inquiry *q, const struct evidence *place, const struct json_value *record, const struct event *event,
                  const struct clue *clue, bool about)
{
    int64_t time = event->received != TIME_NONE ? event->received : event->time;
    int64_t position = position_of(q, place->file, event->time, time);
    struct actor *actor = admit(q, clue, time, about);
    if (actor)
        add_fact(q, actor, keep(q, place, record, event, clue, time, about), position);
}

bool extract_again(struct inquiry *q, const struct evidence *place, struct str record)
{
    char key[PLACE_BYTES];
    const uint64_t *at = map_get(&q->kept_of, place_key(key, place, record));
    if (!at)
        return false;
    const struct kept *kept = q->kept.items[*at];
    int64_t position = position_of(q, place->file, kept->fact.at.time, kept->fact.time);
    bool about = kept->about || is_object_followed(q, &kept->clue) || host_follows(q, kept->ids);
    struct actor *actor = admit(q, &kept->clue, kept->fact.time, about);
    if (actor)
        add_fact(q, actor, kept, position);
    return true;
}
