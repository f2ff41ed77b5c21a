// SPDX-License-Identifier: Apache-2.0
// What an inquiry knows: actors, facts, things, and the edges along which taint passed. Inside this room.
//
// An actor is a principal at an address. A fact is an event that concerns somebody or something followed. A thing is an object that
// the intrusion made, changed or entered. Strings are interned: equal ones have equal pointers.
#pragma once

#include "base/clock.h"
#include "base/intern.h"
#include "base/map.h"
#include "base/vec.h"
#include "host/host.h"
#include "incident/incident.h"

#include <string.h>

enum {
    ACTORS_MAX = 20000,
    THINGS_MAX = 8192,
    EDGES_MAX = 4096,
    PROCESS_EDGES_MAX = 1024, // of these, with a process as evidence
    PROCESSES_MAX = 50000,    // records of processes that a round keeps
    PROCESSES_OF_POD = 2000,  // of these, of one pod: no pod crowds out the others
    OBJECT_TERMS_MAX = 384,   // of INCIDENT_TERMS_MAX: whoever makes thousands of objects leaves room for identities
    HOST_TERMS_MAX = 512,     // uids and containers that are looked for besides INCIDENT_TERMS_MAX
    CONTAINER_ID_BYTES = 12,  // of an id; Falco gives no more
    FIRST_FACTS = 16,         // kept of an actor that is not tainted
};

enum actor_kind {
    ACTOR_NOBODY,    // not authenticated, or system:anonymous: an identity that everybody shares
    ACTOR_PERSON,    // or a machine outside: a certificate, a token of an identity provider
    ACTOR_ACCOUNT,   // a service account
    ACTOR_COMPONENT, // nodes, controllers, the control plane: they serve everybody, and are not tainted by it
};

// Lists are NULL and 0 when there is nothing.
struct texts {
    struct str *items;
    size_t n;
};

struct fact;

typedef VEC(struct fact *) fact_list;

// A tool that a principal was used with, see hands.h.
struct tool {
    struct str hand; // the product of the user agent, of a person all of it; ptr NULL: none told
    int64_t first, last;
    uint64_t before; // requests of the principal that were seen before the first with this one
};

// All actors of one principal, or all at one address.
struct circle {
    struct str name;
    VEC(struct actor *) actors;
    VEC(struct tool) tools; // of a principal, by their first use
    uint64_t uses;
};

struct actor {
    struct circle *person, *place;
    struct str principal; // ptr NULL: not authenticated
    struct str address;   // ptr NULL: none recorded
    enum actor_kind kind;
    struct texts groups; // as the first event that tells them has them
    int64_t first, last;
    uint64_t events;
    fact_list facts;
    uint32_t node; // see graph.h
    // Taint: all it did (whole), or what lies in [from, to].
    bool tainted, whole;
    int64_t from, to;
    enum certainty certainty;
    bool planted; // its principal was made by the intruder
    bool stolen;  // its credential was read by the intruder
};

// One subject of a binding.
struct fact_subject {
    struct str kind, namespace, name;
};

// What a body says, of events that write.
enum body_text {
    BODY_IMAGE,
    BODY_COMMAND,
    BODY_ENV,
    BODY_PRIVILEGED,
    BODY_HOSTPATH,
    BODY_HOSTNETWORK,
    BODY_HOSTPID,
    BODY_HOSTIPC,
    BODY_CAPABILITIES,
    BODY_REPLICAS,
    BODY_SCHEDULE,
    BODY_ROLE_NAME,
    BODY_SERVICE_TYPE,
    BODY_SERVICE_EXTERNALIPS,
    BODY_SERVICE_SELECTOR,
    BODY_INGRESS_BACKEND,
    BODY_INGRESS_NAMESPACE,
    BODY_OWNER_KIND,
    BODY_OWNER_NAME,
    BODY_CSR_SUBJECT,
    BODY_ISSUED,
    BODY_TARGET,     // node of a scheduler's binding
    BODY_CONTAINERS, // names, of pods/ephemeralcontainers
    BODY_TEXTS,
};

// The strictest level of the Pod Security Standards that would have let a pod in.
enum pod_level { POD_NOT_JUDGED, POD_RESTRICTED, POD_BASELINE, POD_PRIVILEGED };

struct body {
    struct texts texts[BODY_TEXTS];
    struct fact_subject *subjects;
    size_t n_subjects;
    enum pod_level pod; // of the pod, or of the template of a workload
};

struct fact {
    struct evidence at;
    int64_t time;     // of the request's receipt, else of the stage
    uint64_t order;   // place in the order of the input
    int64_t position; // what its time is by the order of its file, see base/clock.h
    uint64_t request;
    struct actor *actor;
    struct str stage, agent, tool, impersonated, credential; // tool: the product of the agent
    struct event_action action;                              // interned
    struct event_entry entry;                                // likewise
    struct str decision, reason, binding;                    // binding: from the reason, "ClusterRoleBinding/NAME"
    struct str role, subject;
    const struct body *body; // NULL: none, or nothing in it
    struct str uid;          // of the object; kept when there are records of processes
    struct texts containers; // ids that a kubelet reports in a pod's status; likewise
    bool truncated, has_bodies;
    const struct rule **rules; // worst first
    size_t n_rules;
    bool seed;
    bool strong;  // by more than an indicator, which alone leaves the work of a person at home an alert
    bool led;     // a process led back to it: whoever did it may have been somebody else's victim
    bool tainted; // done by the intruder
    bool listed;  // it is in a timeline already
};

// A record of a process on a node. Several may be of one process: the later ones point to the first (same).
struct process {
    struct evidence at; // time: see host_event
    uint64_t order;
    enum host_source source;
    enum host_act act;
    bool without_zone, entered;
    struct str node, pod_uid, namespace, pod; // pod: also when only its uid or container was told and the audit log names them
    struct str container, container_id, image;
    struct str exe, name, command, cwd, user, rule, call, file, address;
    struct str key, parent_key, parent_name;
    uint64_t pid, parent_pid, port;
    struct process *same, *parent;
    struct fact *session; // the request that it came out of: exec, attach, ...; see execs.c
    enum certainty session_certainty;
    const struct rule **rules; // worst first
    size_t n_rules;
    bool seed;
    bool started; // the search was told to start with it
    bool tainted;
    enum certainty certainty; // that it belongs to the intrusion
    struct thing *place;      // of a tainted one: its pod, or its node
};

// Where the search was told to start.
struct start {
    enum inquiry_start kind;
    struct str value;
    struct image_ref image; // of images
};

// Where an alert pointed to.
struct mark {
    struct str file;
    uint64_t line;
    uint32_t item;
    struct str audit_id; // events of an envelope may have one place
    bool seed, weak;
    const struct rule *rule;
};

struct thing {
    struct str kind, namespace, name;
    struct str how;
    struct thing *parent;
    enum certainty certainty;
    struct fact *fact;             // that put it here; NULL: a process did, and the log does not show its making
    const struct process *process; // the first one that put it here
    bool suspect;                  // a malicious process led to it: whoever made it is looked for
    bool climbed;                  // and what made it was found
    bool made;                     // by the intruder, or by the cluster for something made by the intruder
    bool gone;                     // deleted since
    struct fact *recast;           // of a workload that others made: by which an intruder changed what its pods are
    int64_t restored;              // when its owner changed that again; TIME_NONE: not
    struct fact *placed;           // of a pod: when a scheduler put it on a node
    enum pod_level pods;           // the worst of what was made of it, while fixes are replayed
    uint32_t node;
};

struct edge {
    struct str from, to, kind;
    enum certainty certainty;
    const struct fact *fact;
    const struct process *process; // of edges that a process is the evidence of
    uint32_t node;                 // of either end: which incident it belongs to
};

// The bindings that let a request through, by the objects given.
struct permits {
    struct standing_grant items[STANDING_GRANTS];
    size_t n, all; // told; that there are
};

// A binding that somebody was seen to make, and whom of it an identity is.
struct seen_grant {
    const struct fact *made; // NULL: none
    const struct fact_subject *subject;
};

// By what an event may be followed.
struct clue {
    struct str principal, address, credential, name, binding; // binding: not one that every cluster has
    struct str pod;                                           // that is entered through its kubelet
};

// An event that was kept in a round, for the ones after it: they need not read it again.
struct kept {
    struct fact fact; // but for its actor and place in the order
    struct clue clue;
    struct texts groups;
    struct texts ids; // uids and containers that the record names; when there are records of processes
    bool about;       // it concerned more than an actor when it was kept; what is followed stays followed
};

struct inquiry {
    const struct incident_knowledge *knowledge;
    struct str cluster;
    struct intern names;
    struct arena arena;   // lives as long as the inquiry: terms, results
    struct arena round;   // facts, things, edges of this round
    struct arena scratch; // of one record
    const struct field *body_fields[BODY_TEXTS];
    const struct scope *subject_scope;
    const struct transform *product;
    const struct field *binding_field, *role_field, *subject_field, *image_field, *uid_field, *container_field;

    VEC(struct mark) marks; // sorted by place once the alerts are in
    bool marks_sorted;
    uint64_t seeds;

    struct map actor_of; // principal and address -> index
    VEC(struct actor *) actors;
    struct map person_of, place_of; // name -> index
    VEC(struct circle *) circles;
    fact_list facts; // sorted by time, then order, once the round is in
    VEC(struct thing *) things;
    struct map thing_of; // three pointers -> index
    VEC(struct edge) edges;
    VEC(struct process *) processes; // sorted by time, then order, once the round is in
    struct map processes_of;         // pod or node -> how many are kept
    VEC(struct start) starts;
    bool hosts;           // there are records of processes among this cluster's
    size_t process_edges; // how many edges processes are the evidence of
    size_t host_terms;    // how many of the terms are uids and containers
    size_t object_terms;  // names of objects
    struct map edge_of;   // from, to, kind
    struct map wanted;    // actors of whom every fact is kept: principal and address; of others only the first few
    VEC(uint32_t) nodes;  // union-find: parent of each node

    struct map followed; // principals, addresses, names of objects and bindings -> the round before which they were known
    struct map term_of;
    VEC(struct str) terms; // what to look for in the log on their behalf: quotes and all
    size_t terms_of_round; // how many the round is read with
    bool reading;          // the round has begun
    struct map kept_of;    // place -> index
    VEC(const struct kept *) kept;
    uint64_t order;
    VEC(struct clock) clocks; // of files, in this round
    struct map clock_of;      // file -> index
    struct str clock_file;    // of the newest fact
    size_t clock_now;         // and its clock
    struct inquiry_counters counters;
    VEC(struct incident) incidents;

    const struct standing *standing; // NULL: no objects were given
    struct map permit_of;            // what was asked -> place in permits
    VEC(struct permits *) permits;
};

// Of images that name none; see image_parse.
static inline struct str registry_of(const struct inquiry *q)
{
    return dictionary_registry(q->knowledge->dictionary);
}

// --- model.c ---------------------------------------------------------------------------------------------------------------------

[[nodiscard]] bool name_listed(struct name_list list, struct str name);
[[nodiscard]] bool has_tag(const struct rule *rule, struct str tag);
[[nodiscard]] struct str name_keep(struct inquiry *q, struct str s);                                // interned
[[nodiscard]] struct str last_part(struct str path);                                                // behind the last slash
[[nodiscard]] struct actor *actor_put(struct inquiry *q, struct str principal, struct str address); // NULL: no room
[[nodiscard]] enum actor_kind actor_kind_of(const struct inquiry *q, struct str principal);
// All facts of this actor are kept from the next round on.
void want_actor(struct inquiry *q, struct str principal, struct str address);
[[nodiscard]] bool is_wanted(struct inquiry *q, const struct actor *actor);
// Forgets the facts, actors, things and edges of the round before.
void model_clear(struct inquiry *q);

// A thing, made if it is not there; *added says so.
[[nodiscard]] struct thing *thing_put(struct inquiry *q, struct str kind, struct str namespace, struct str name, bool *added);
[[nodiscard]] struct thing *thing_find(struct inquiry *q, struct str kind, struct str namespace, struct str name);
[[nodiscard]] struct str thing_text(struct arena *a, const struct thing *t);     // object:KIND/NAMESPACE/NAME
[[nodiscard]] struct str actor_text(struct arena *a, const struct actor *actor); // principal:P
[[nodiscard]] struct str address_text(struct arena *a, struct str address);
// When a thing was first heard of, and by what.
[[nodiscard]] struct evidence thing_at(const struct thing *t);
[[nodiscard]] int64_t thing_time(const struct thing *t);

// Whether a request did what it asked for.
[[nodiscard]] bool fact_done(const struct fact *f);
[[nodiscard]] bool fact_writes(const struct fact *f);
// The clock that went back furthest; NULL: none did.
[[nodiscard]] const struct clock *clock_worst(const struct inquiry *q);
// What is before what: by times, or by the order of their files where a clock went back.
[[nodiscard]] int64_t fact_when(const struct inquiry *q, const struct fact *f);
void facts_sort(fact_list *facts); // by time, then in the order of the input
// First value that a body has, or ptr NULL.
[[nodiscard]] struct str body_first(const struct fact *f, enum body_text which);
[[nodiscard]] bool body_has(const struct fact *f, enum body_text which, struct str value);

// --- pages.c ------------------------------------------------------------------------------------------------------------------------

// The program whose account a principal is; NULL: of none that is known.
[[nodiscard]] const struct incident_page *page_of(const struct inquiry *q, struct str principal);
// Whether an object of that name leads to it, or is it.
[[nodiscard]] bool page_has(const struct inquiry *q, const struct incident_page *page, struct str name);
[[nodiscard]] bool page_labelled(const struct inquiry *q, const struct incident_page *page, struct str label); // of pods
[[nodiscard]] bool page_has_image(const struct inquiry *q, const struct incident_page *page, struct str image);
[[nodiscard]] bool page_answers_on(const struct inquiry *q, const struct incident_page *page, uint64_t port);
[[nodiscard]] bool page_calls_as(const struct inquiry *q, const struct incident_page *page, struct str product);
[[nodiscard]] bool page_agents_known(const struct inquiry *q, const struct incident_page *page);
void page_follow(struct inquiry *q, struct str principal, bool at_home); // what leads to it; at home, to any workload

// page_ways.c: the ways to it from outside that the objects given show. opening: with what its annotations say.
typedef void page_way_fn(void *context, const struct standing_way *way, enum opening opening);
void page_ways(const struct inquiry *q, const struct incident_page *page, struct str namespace, struct str account, page_way_fn *tell,
               void *context);

// --- union-find -------------------------------------------------------------------------------------------------------------------

[[nodiscard]] uint32_t joint_new(struct inquiry *q);
[[nodiscard]] uint32_t joint_root(const struct inquiry *q, uint32_t node);
bool joint_join(struct inquiry *q, uint32_t a, uint32_t b); // false: they were one already

// --- terms ------------------------------------------------------------------------------------------------------------------------

[[nodiscard]] bool follow(struct inquiry *q, struct str s); // anything, without a term; false: it was followed already
void follow_identity(struct inquiry *q, struct str s);      // a principal or an address
void follow_object(struct inquiry *q, struct str name);     // an object, and those named after it (NAME-...)
void follow_binding(struct inquiry *q, struct str name);
void term_put(struct inquiry *q, struct str text);                               // a text that is no identity, as it stands in records
void term_put_part(struct inquiry *q, struct str text);                          // what of it every writer of JSON writes as it is
[[nodiscard]] bool is_object_complete(const struct inquiry *q, struct str name); // the same of an object
[[nodiscard]] bool is_name_followed(const struct inquiry *q, struct str name);
// The binding that a reason names; ptr NULL: none, or one that every cluster has.
[[nodiscard]] struct str binding_of(struct inquiry *q, struct str reason);
// Whether this round was read with it: then all its events have been seen.
[[nodiscard]] bool is_complete(const struct inquiry *q, struct str identity);
// Whether an event is by somebody, about something, or allowed by a binding that is followed.
[[nodiscard]] bool is_followed(struct inquiry *q, const struct clue *clue);
[[nodiscard]] bool is_object_followed(struct inquiry *q, const struct clue *clue); // the same without the actor

// --- permits.c: what the objects given say of a request ---

[[nodiscard]] const struct permits *permits_of(struct inquiry *q, const struct fact *f); // of none: empty
// The binding that let it through: as the log names it, else the first of the objects given. ptr NULL: not known.
[[nodiscard]] struct str binding_used(struct inquiry *q, const struct fact *f);
// The object of that name in the objects given.
[[nodiscard]] enum presence standing_find(const struct inquiry *q, struct str resource, struct str namespace, struct str name,
                                          struct standing_object *out);

// --- grants_seen.c ---

[[nodiscard]] struct str subject_principal(struct inquiry *q, const struct fact_subject *s); // of groups: ptr NULL
[[nodiscard]] struct str binding_made(struct inquiry *q, const struct fact *f); // a binding as the API server calls it: KIND/NAME
// The newest binding made before, not by an intruder, for who did this, or else for a group that he is in. A guess: what the role allows is
// not in the log.
[[nodiscard]] struct seen_grant grant_seen(struct inquiry *q, const struct fact *f);

static inline bool same(struct str a, struct str b) // interned strings
{
    return a.ptr == b.ptr;
}
