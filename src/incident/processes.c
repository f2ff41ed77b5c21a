// SPDX-License-Identifier: Apache-2.0
#include "incident/processes.h"

#include "incident/extract.h"
#include "incident/starts.h"

#include <stdlib.h>

#define REEXEC_MAX (60 * NS_PER_SECOND) // a program replaced by another in the same process, not a number used again

// --- what is looked for ---------------------------------------------------------------------------------------------------------------

// Uids and containers have room of their own: a DaemonSet on every node must not keep identities from being followed.
static void put_host_term(struct inquiry *q, struct str text)
{
    size_t before = q->terms.n;
    if (q->host_terms == HOST_TERMS_MAX) {
        q->counters.dropped_terms += !map_get(&q->term_of, text);
        return;
    }
    q->host_terms++;
    term_put(q, text);
    q->host_terms -= q->terms.n == before;
}

// As it stands in JSON, and in the name of a control group.
static void follow_uid(struct inquiry *q, struct str uid)
{
    if (!uid.ptr || !host_is_uid(uid) || !follow(q, name_keep(q, uid)))
        return;
    put_host_term(q, uid);
    char *copy = arena_array(&q->scratch, char, uid.len + 1);
    for (size_t i = 0; i < uid.len; i++)
        copy[i] = uid.ptr[i] == '-' ? '_' : uid.ptr[i];
    put_host_term(q, str_make(copy, uid.len));
}

// The first digits of an id, as all runtimes write them.
static struct str short_id(struct str container)
{
    size_t scheme = str_find(container, STR("://"), 0);
    if (scheme != SIZE_MAX)
        container = str_slice(container, scheme + 3, container.len);
    if (container.len < CONTAINER_ID_BYTES)
        return STR_NONE;
    for (size_t i = 0; i < CONTAINER_ID_BYTES; i++)
        if (!strchr("0123456789abcdef", container.ptr[i]) || !container.ptr[i])
            return STR_NONE;
    return str_slice(container, 0, CONTAINER_ID_BYTES);
}

static void follow_container(struct inquiry *q, struct str container)
{
    struct str id = short_id(container);
    if (id.ptr && follow(q, name_keep(q, id)))
        put_host_term(q, id);
}

// Of /proc, one file tells the pod of a process and another its command: what they have in common is its number. The lines of one event
// of auditd have the event's number in common.
static bool is_half(const struct host_event *e)
{
    if (e->source == HOST_AUDITD)
        return e->process.key.ptr;
    return e->source == HOST_LISTING && e->process.pid && (!e->process.command.ptr || (!e->pod_uid.ptr && !e->container_id.ptr));
}

static struct str number_of(struct arena *a, const struct host_event *e)
{
    if (e->source == HOST_AUDITD)
        return e->process.key;
    return arena_printf(a, "/proc/%llu/", (unsigned long long)e->process.pid);
}

static void follow_number(struct inquiry *q, const struct host_event *e)
{
    struct str number = name_keep(q, number_of(&q->scratch, e));
    if (number.ptr && follow(q, number))
        put_host_term(q, number);
}

void host_follow(struct inquiry *q, const struct host_event *e)
{
    if (is_half(e))
        follow_number(q, e);
    if (e->pod.ptr)
        follow_object(q, e->pod);
    follow_uid(q, e->pod_uid);
    follow_container(q, e->container_id);
    if (!e->pod.ptr && !e->pod_uid.ptr && !e->container_id.ptr)
        term_put_part(q, e->process.command.ptr ? e->process.command : e->process.name);
}

static bool is_host_followed(struct inquiry *q, const struct host_event *e)
{
    if (is_half(e) && map_get(&q->followed, number_of(&q->scratch, e)))
        return true;
    struct str id = short_id(e->container_id);
    return is_name_followed(q, e->pod) || (e->pod_uid.ptr && map_get(&q->followed, e->pod_uid)) || (id.ptr && map_get(&q->followed, id));
}

static bool names_followed(struct inquiry *q, const struct field *field, const struct json_value *record, bool containers)
{
    size_t n = 0;
    struct str *texts = field ? field_texts(field, record, &q->scratch, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        struct str s = containers ? short_id(texts[i]) : texts[i];
        if (s.len && map_get(&q->followed, s))
            return true;
    }
    return false;
}

static void add_ids(struct inquiry *q, struct texts *ids, const struct field *field, const struct json_value *record, bool containers)
{
    enum { IDS_MAX = 64 }; // of one record and kind
    size_t n = 0;
    struct str *texts = field ? field_texts(field, record, &q->scratch, &n) : NULL;
    if (n == 0)
        return;
    n = n < IDS_MAX ? n : IDS_MAX;
    struct str *items = arena_array(&q->arena, struct str, ids->n + n);
    if (ids->n)
        memcpy(items, ids->items, ids->n * sizeof *items);
    ids->items = items;
    for (size_t i = 0; i < n; i++) {
        struct str s = name_keep(q, containers ? short_id(texts[i]) : texts[i]);
        if (s.len)
            ids->items[ids->n++] = s;
    }
}

struct texts host_ids(struct inquiry *q, const struct json_value *record)
{
    struct texts ids = {0};
    add_ids(q, &ids, q->uid_field, record, false);
    add_ids(q, &ids, q->container_field, record, true);
    return ids;
}

bool host_follows(struct inquiry *q, struct texts ids)
{
    for (size_t i = 0; i < ids.n; i++)
        if (map_get(&q->followed, ids.items[i]))
            return true;
    return false;
}

bool host_names_object(struct inquiry *q, const struct json_value *record)
{
    return q->hosts && (names_followed(q, q->uid_field, record, false) || names_followed(q, q->container_field, record, true));
}

// --- from a record to a process --------------------------------------------------------------------------------------------------------

static struct str room_of(const struct host_event *e)
{
    return e->pod.ptr ? e->pod : e->pod_uid.ptr ? e->pod_uid : e->container_id.ptr ? e->container_id : e->node;
}

static bool has_room(struct inquiry *q, const struct host_event *e, bool told)
{
    struct str room = name_keep(q, room_of(e));
    uint64_t *kept = map_put(&q->processes_of, room.ptr ? room : STR(""), NULL);
    if (q->processes.n == PROCESSES_MAX || (*kept >= PROCESSES_OF_POD && !told)) {
        q->counters.dropped_processes++;
        return false;
    }
    ++*kept;
    return true;
}

static void fill(struct inquiry *q, struct process *p, const struct host_event *e)
{
    p->source = e->source;
    p->act = e->act;
    p->without_zone = e->without_zone;
    p->entered = e->entered;
    p->node = name_keep(q, e->node);
    p->pod_uid = name_keep(q, e->pod_uid);
    p->namespace = name_keep(q, e->namespace);
    p->pod = name_keep(q, e->pod);
    p->container = name_keep(q, e->container);
    p->container_id = name_keep(q, e->container_id);
    p->image = name_keep(q, e->image);
    p->exe = name_keep(q, e->process.exe);
    p->name = name_keep(q, e->process.name);
    p->command = name_keep(q, e->process.command);
    p->key = name_keep(q, e->process.key);
    p->pid = e->process.pid;
    p->parent_key = name_keep(q, e->parent.key);
    p->parent_name = name_keep(q, e->parent.name.ptr ? e->parent.name : host_base_name(e->parent.exe));
    p->parent_pid = e->parent.pid;
    p->cwd = name_keep(q, e->cwd);
    p->user = name_keep(q, e->user);
    p->rule = name_keep(q, e->rule);
    p->call = name_keep(q, e->call);
    p->file = name_keep(q, e->file);
    p->address = name_keep(q, e->address);
    p->port = e->port;
}

void extract_process(struct inquiry *q, const struct evidence *place, const struct host_event *e)
{
    struct marked marked = marks_at(q, place, &q->round);
    bool started = starts_match(q, e);
    if (!marked.n_rules && !started && !is_host_followed(q, e))
        return;
    q->counters.events++;
    q->order++;
    if (!has_room(q, e, marked.seed || started))
        return;
    struct process *p = arena_new(&q->round, struct process);
    *p = (struct process){.at = *place,
                          .order = q->order,
                          .rules = marked.rules,
                          .n_rules = marked.n_rules,
                          .seed = marked.seed || started,
                          .started = started};
    p->at.file = name_keep(q, place->file);
    p->at.time = e->time;
    fill(q, p, e);
    *vec_push(&q->processes) = p;
    if (started)
        host_follow(q, e);
    else if (is_half(e))
        follow_number(q, e);
}

// --- which pod ---------------------------------------------------------------------------------------------------------------------------

static void note_pod(struct map *pods, struct str key, size_t fact)
{
    bool added;
    uint64_t *at = key.len ? map_put(pods, key, &added) : NULL;
    if (at && added)
        *at = fact;
}

// uids and containers -> a fact about their pod
static void learn_pods(struct inquiry *q, struct map *pods)
{
    for (size_t i = 0; i < q->facts.n; i++) {
        const struct fact *f = q->facts.items[i];
        if (!str_eq(f->action.resource, STR("pods")) || !f->action.name.ptr)
            continue;
        note_pod(pods, f->uid, i);
        for (size_t k = 0; k < f->containers.n; k++)
            note_pod(pods, short_id(f->containers.items[k]), i);
    }
}

static void find_pod(struct inquiry *q, const struct map *pods, struct process *p)
{
    struct str id = short_id(p->container_id);
    const uint64_t *at = p->pod_uid.ptr ? map_get(pods, p->pod_uid) : NULL;
    if (!at && id.ptr)
        at = map_get(pods, id);
    if (at) {
        const struct event_action *a = &q->facts.items[*at]->action;
        p->namespace = a->namespace;
        p->pod = a->name;
        follow_object(q, p->pod);
    } else {
        p->pod = p->pod_uid.ptr ? p->pod_uid : id.ptr ? name_keep(q, id) : STR_NONE;
    }
}

// --- which process -----------------------------------------------------------------------------------------------------------------------

// Numbers of processes mean something on their node; a sensor's own keys everywhere.
static struct str identity(struct arena *a, const struct process *p, struct str key, uint64_t pid)
{
    struct str where = p->node.ptr ? p->node : p->source == HOST_LISTING || !p->pod.ptr ? p->at.file : p->pod;
    if (key.ptr)
        return arena_printf(a, "k%.*s", STR_ARG(key));
    return pid ? arena_printf(a, "p%llu %.*s", (unsigned long long)pid, STR_ARG(where)) : STR_NONE;
}

static bool is_replaced(const struct process *earlier, const struct process *p)
{
    return p->act == HOST_STARTED && !p->key.ptr && !str_eq(earlier->command, p->command);
}

static bool is_near(const struct process *earlier, const struct process *p)
{
    return earlier->at.time != TIME_NONE && p->at.time != TIME_NONE && p->at.time - earlier->at.time <= REEXEC_MAX;
}

// seen: identity -> index of its newest program.
static void link_process(struct inquiry *q, struct map *seen, size_t i)
{
    struct process *p = q->processes.items[i];
    struct str id = identity(&q->round, p, p->key, p->pid), of_parent = identity(&q->scratch, p, p->parent_key, p->parent_pid);
    const uint64_t *parent = of_parent.ptr ? map_get(seen, of_parent) : NULL;
    p->parent = parent ? q->processes.items[*parent] : NULL;
    if (!id.ptr)
        return;
    bool added;
    uint64_t *at = map_put(seen, id, &added);
    if (added) {
        *at = i;
        return;
    }
    struct process *earlier = q->processes.items[*at];
    if (!is_replaced(earlier, p)) {
        p->same = earlier;
        return;
    }
    p->parent = is_near(earlier, p) ? earlier : p->parent;
    *at = i;
}

// What the other file says of the same process.
static void join_halves(struct inquiry *q)
{
    struct map pods = {0};
    for (size_t i = 0; i < q->processes.n; i++) {
        const struct process *p = q->processes.items[i];
        if (p->source == HOST_LISTING && (p->pod_uid.ptr || p->container_id.ptr))
            *map_put(&pods, identity(&q->round, p, STR_NONE, p->pid), NULL) = i;
    }
    for (size_t i = 0; i < q->processes.n && pods.n; i++) {
        struct process *p = q->processes.items[i];
        if (p->source != HOST_LISTING || p->pod_uid.ptr || p->container_id.ptr)
            continue;
        const uint64_t *at = map_get(&pods, identity(&q->scratch, p, STR_NONE, p->pid));
        if (!at)
            continue;
        p->pod_uid = q->processes.items[*at]->pod_uid;
        p->container_id = q->processes.items[*at]->container_id;
        if (p->seed) {
            follow_uid(q, p->pod_uid);
            follow_container(q, p->container_id);
        }
    }
    map_fini(&pods);
    arena_reset(&q->scratch);
}

static void take_over(struct process *to, const struct process *from)
{
    to->node = to->node.ptr ? to->node : from->node;
    to->exe = to->exe.ptr ? to->exe : from->exe;
    to->name = to->name.ptr ? to->name : from->name;
    to->command = to->command.ptr ? to->command : from->command;
    to->user = to->user.ptr ? to->user : from->user;
    to->pid = to->pid ? to->pid : from->pid;
    to->parent_pid = to->parent_pid ? to->parent_pid : from->parent_pid;
}

// The lines of one event of auditd. Those that name a file stay alone: an exec names its libraries, too.
static void join_lines(struct inquiry *q)
{
    struct map events = {0};
    for (unsigned pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < q->processes.n; i++) {
            struct process *p = q->processes.items[i];
            bool added;
            if (p->source != HOST_AUDITD || !p->key.ptr || p->file.ptr)
                continue;
            uint64_t *at = map_put(&events, p->key, &added);
            if (added)
                *at = i;
            if (pass)
                take_over(p, q->processes.items[*at]);
            else
                take_over(q->processes.items[*at], p);
        }
    map_fini(&events);
    for (size_t i = 0; i < q->processes.n; i++) // from here on it is its number that counts, which children name as well
        if (q->processes.items[i]->source == HOST_AUDITD && q->processes.items[i]->pid)
            q->processes.items[i]->key = STR_NONE;
}

static int by_time(const void *a, const void *b)
{
    const struct process *x = *(struct process *const *)a, *y = *(struct process *const *)b;
    if (x->at.time != y->at.time)
        return x->at.time < y->at.time ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void processes_settle(struct inquiry *q)
{
    struct map pods = {0}, seen = {0};
    if (!q->processes.n)
        return;
    qsort(q->processes.items, q->processes.n, sizeof *q->processes.items, by_time);
    join_halves(q);
    join_lines(q);
    learn_pods(q, &pods);
    for (size_t i = 0; i < q->processes.n; i++) {
        if (!q->processes.items[i]->pod.ptr)
            find_pod(q, &pods, q->processes.items[i]);
        link_process(q, &seen, i);
        arena_reset(&q->scratch);
    }
    map_fini(&pods);
    map_fini(&seen);
    execs_attribute(q);
}

void processes_follow(struct inquiry *q)
{
    struct str kind = intern_find(&q->names, STR("pods"));
    for (size_t i = 0; q->hosts && kind.ptr && i < q->facts.n; i++) {
        const struct fact *f = q->facts.items[i];
        if (!same(f->action.resource, kind) || !f->action.name.ptr || (!f->uid.ptr && !f->containers.n))
            continue;
        const struct thing *t = thing_find(q, kind, f->action.namespace, f->action.name);
        if (!t || !(t->made || str_eq(t->how, STR("entered")) || str_eq(t->how, STR("ran"))))
            continue;
        follow_uid(q, f->uid);
        for (size_t k = 0; k < f->containers.n; k++)
            follow_container(q, f->containers.items[k]);
    }
}
