// SPDX-License-Identifier: Apache-2.0
// From alerts to the story: who got in, how, what they did and touched, where they went next, and what would have stopped them.
// Pure: no I/O, no clock, no globals. One inquiry looks at one cluster:
//
//   alerts --inquiry_alert--> seeds --inquiry_terms--> strings to look for in the log
//        ^                                                     |
//        |                     every record with one of them: inquiry_event
//        |                                                     |
//        +-- inquiry_round: taint passes on along pivots; new entities? then another round -- else inquiry_conclude --> incidents
//
// A seed is an alert of level high or critical that is not tagged davy.door. (A door is a mistake that lets somebody in, and made by
// people who belong here; it becomes part of an incident when an intruder comes through it.) Each round starts from all that is known
// by now and forgets the facts of the one before, so the result depends on the log alone, not on the order of discovery.
#pragma once

#include "detect/alert.h"
#include "host/host.h"
#include "incident/standing.h"

enum {
    INCIDENT_FACTS_MAX = 200000, // events that one inquiry keeps; further ones are counted
    INCIDENT_TERMS_MAX = 512,    // entities that one inquiry follows
    INCIDENT_ROUNDS_MAX = 8,
    INCIDENT_SEEDS_MAX = 20000,
    INCIDENT_MARKS_MAX = 200000, // places of alerts that are remembered
};

// --- what is known before the log is read ----------------------------------------------------------------------------------------

// Lists in which * stands for any run of characters.
struct name_list {
    const struct str *items;
    size_t n;
};

// A program that people reach through a browser and that acts on the cluster with an account of its own.
struct incident_page {
    struct str program;
    struct name_list namespaces, accounts, services, labels, images, ports, agents;
    struct name_list local_accounts; // with names that others use too: they count in its namespaces alone
};

struct campaign_knowledge;

struct incident_knowledge {
    const struct dictionary *dictionary;
    const struct incident_page *pages; // entries of one program belong together
    size_t n_pages;
    struct name_list components;            // principals of the cluster's own components; they serve everybody
    struct name_list stock_grants;          // bindings that every cluster has and that let nobody do harm
    struct name_list trusted_registries;    // where images may come from
    struct name_list internal_balancers;    // annotations, KEY=VALUE, that keep a way inside
    struct name_list guards;                // likewise, that ask for a login or let given networks in
    const struct campaign_knowledge *stock; // what says nothing about who it was (campaign.h); NULL: nobody is joined by what they share
    uint64_t seed;                          // for tables of names that an intruder chooses; any secret number, results do not depend on it
};

// --- an incident -----------------------------------------------------------------------------------------------------------------

enum incident_role { ROLE_INTRUDER, ROLE_INTERFACE, ROLE_STOLEN, ROLE_PLANTED, ROLE_DOOR };
[[nodiscard]] struct str incident_role_name(enum incident_role r);

struct incident_actor {
    struct str principal; // ptr NULL: never authenticated
    struct str *addresses, *agents;
    size_t n_addresses, n_agents;
    enum incident_role role;
    int64_t first, last;
    uint64_t events;
};

enum certainty { CERTAIN, INFERRED };

struct incident_pivot {
    struct str from, to; // principal:P, address:A, object:KIND/NAMESPACE/NAME
    struct str kind;     // the table in taint.c
    int64_t time;
    enum certainty certainty;
    struct evidence evidence;
};

enum step_part {
    STEP_DOOR,        // what let them in, done by somebody who belongs here
    STEP_ACT,         // done by the intruder
    STEP_CONSEQUENCE, // done by the cluster because of it
};
[[nodiscard]] struct str step_part_name(enum step_part p);

enum outcome { OUTCOME_DONE, OUTCOME_REFUSED, OUTCOME_FAILED, OUTCOME_UNKNOWN };
[[nodiscard]] struct str outcome_name(enum outcome o);

// What kind of act a request is: the same names in every report, and what a technique is looked up by when no rule names one.
enum act {
    ACT_PROBE, // no object: /version, /apis, ...
    ACT_ASK_RIGHTS,
    ACT_LOOK,
    ACT_READ_SECRETS,
    ACT_TAKE_TOKEN,
    ACT_REQUEST_CERTIFICATE,
    ACT_DEPLOY,
    ACT_SCHEDULE, // CronJob
    ACT_EXEC,
    ACT_FORWARD, // port-forward, proxy
    ACT_GRANT,
    ACT_ADD_ACCOUNT,
    ACT_WIPE_EVENTS,
    ACT_REMOVE,
    ACT_EXPOSE, // Service, Ingress
    ACT_HOOK,   // admission webhook
    ACT_CHANGE,
    ACT_READ_LOGS,
    ACT_RUN, // a process on a node
};
[[nodiscard]] struct str act_name(enum act a); // "read-secrets"
enum { ACTS = ACT_RUN + 1 };

// A process behind a step.
struct incident_process {
    enum host_source source; // whose record tells of it
    struct str node, namespace, pod, pod_uid, container, container_id, image;
    struct str exe, command, user, cwd, parent;
    uint64_t pid;
    struct str session_way;     // exec, attach, debug, kubelet: the request that it came out of; ptr NULL: of none that is known
    struct str session;         // and its command
    struct evidence session_at; // that request
    enum certainty session_certainty;
    size_t pods; // in how many pods such a process ran
};

struct incident_step {
    int64_t time;
    enum step_part part;
    enum act act;
    enum outcome outcome;
    enum certainty certainty; // that it belongs to the incident
    struct event_actor actor;
    struct event_action action;
    struct str reason;                      // the API server's sentence on why it was allowed
    struct str text;                        // one clause in plain words
    const struct incident_process *process; // NULL: a request
    const struct rule **rules;              // that fired on it, worst first
    size_t n_rules;
    struct evidence *evidence; // oldest first
    size_t n_evidence;
    uint64_t count; // requests folded into it
};

struct incident_object {
    struct str kind, namespace, name; // kind: the resource's plural name
    struct str how;                   // created, changed, deleted, read, entered, bound, placed, ran (a malicious process ran in it)
    struct str parent;                // object:..., ptr NULL
    enum certainty certainty;
    int64_t time;
    struct evidence evidence;
};

struct incident_indicator {
    struct str type, value; // image, image_digest, wallet, pool, name, address, agent, script, spec, certificate
};

struct incident_cause {
    struct str kind;   // grant, credential, unknown
    struct str object; // ClusterRoleBinding/NAME, RoleBinding/NAMESPACE/NAME; ptr NULL: not known
    struct str role, subject;
    struct str granted_by;     // principal; ptr NULL: not known
    int64_t granted_at;        // TIME_NONE: not known
    enum certainty certainty;  // INFERRED: the log names no binding; the objects given do, or one was seen being made
    struct evidence *evidence; // of the grant's making, then of the first step it let through
    size_t n_evidence;
    struct standing_grant *grants; // all that let it through, as far as the objects given hold them
    size_t n_grants;
    struct str *fix; // commands
    size_t n_fix;
    struct str text;
};

struct hypothesis {
    struct str name; // exposed, compromised_container, legitimate_navigation, stolen_token
    struct str *pro, *contra, *missing;
    size_t n_pro, n_contra, n_missing;
    struct evidence *evidence;
    size_t n_evidence;
};
enum { HYPOTHESES_MAX = 4 };

struct incident_vector {
    struct str interface; // what it is about: its account, NAMESPACE/NAME; ptr NULL: no management interface is involved
    struct str program;   // what the account is usually of; ptr NULL likewise
    struct str opened_resource, opened_namespace, opened_name; // the object that opens it to other networks; ptr NULL: none is known
    struct str verdict;                                        // a hypothesis' name, anonymous_access, stolen_credential, undecided
    enum certainty certainty;
    struct hypothesis hypotheses[HYPOTHESES_MAX];
    size_t n_hypotheses;
};

struct incident_fix {
    struct str fix;     // one clause
    struct str command; // ready to review: commands or a manifest
    size_t first_step;  // index into the timeline; of no meaning when none is stopped
    size_t stopped;     // steps that would not have happened
    size_t unjudged;    // others that cannot be judged, because the log has no bodies of them
    bool chosen;        // in the smallest set that stops all that can be stopped
};

struct incident_leftover {
    struct str object, why, fix;
    enum certainty certainty;
    enum presence presence; // in the objects given
    struct evidence evidence;
};

// A control of posture that would have found what let them in. Filled by whoever knows controls (src/engine/controls/doors.h).
struct incident_door {
    struct str control, title;
    struct str object; // ClusterRoleBinding/NAME, services/NAMESPACE/NAME
};

struct incident {
    struct str id; // stable: from the cluster, its first seed and what it did, not from files
    struct str cluster;
    enum rule_level severity;
    struct str title;
    int64_t first, last;
    struct incident_actor *actors;
    size_t n_actors;
    struct incident_pivot *pivots;
    size_t n_pivots;
    struct incident_step *timeline;
    size_t n_timeline;
    struct incident_object *objects;
    size_t n_objects;
    struct incident_indicator *indicators; // sorted by type, value
    size_t n_indicators;
    struct incident_cause cause;
    struct incident_vector vector;
    const struct incident_door *doors;
    size_t n_doors;
    struct incident_fix *prevention;
    size_t n_prevention;
    size_t stoppable; // steps that some fix stops
    struct incident_leftover *leftovers;
    size_t n_leftovers;
    struct str spread; // targeted, worm, undecided
    struct str *spread_reasons, *severity_reasons, *certain, *inferred, *unknown;
    size_t n_spread_reasons, n_severity_reasons, n_certain, n_inferred, n_unknown;
};

// --- the inquiry into one cluster ------------------------------------------------------------------------------------------------

struct inquiry;

// The knowledge is borrowed.
[[nodiscard]] struct inquiry *inquiry_new(const struct incident_knowledge *knowledge, struct str cluster);
void inquiry_free(struct inquiry *q);

// The objects of the cluster, if there is a dump of them: for causes, fixes and leftovers. Borrowed; NULL: none.
void inquiry_standing(struct inquiry *q, const struct standing *standing);

// Each alert of the cluster, as it is told. Copied as far as needed; rules are borrowed.
void inquiry_alert(struct inquiry *q, const struct alert *alert);
// There are records of processes among the cluster's: they are looked for as well. Before any alert.
void inquiry_hosts(struct inquiry *q);

// What the search is told to start with, alerts or not. Before any alert. False: the value is nothing of the kind.
enum inquiry_start { START_HOST, START_IMAGE, START_ADDRESS, START_USER };
struct inquiry_begin {
    enum inquiry_start kind;
    struct str value;
};
[[nodiscard]] bool inquiry_start_at(struct inquiry *q, struct inquiry_begin begin);
// "host:/usr/bin/xmrig", "image:docker.io/x/y", "ip:203.0.113.9", "user:alice". False: none of these.
[[nodiscard]] bool inquiry_begin_parse(struct str text, struct inquiry_begin *out);

[[nodiscard]] bool inquiry_wanted(const struct inquiry *q); // there is a seed

// What to look for: a record is worth giving to inquiry_event when one of these is a part of it. Good until inquiry_round.
[[nodiscard]] const struct str *inquiry_terms(const struct inquiry *q, size_t *n);
// A record with its place, in input order. Others than those looked for do no harm.
void inquiry_event(struct inquiry *q, const struct evidence *place, struct str record);
// The input has been gone through. True: more is known now, and it must be gone through again with new terms.
[[nodiscard]] bool inquiry_round(struct inquiry *q);

// What the log does not hold, said by who reads it.
struct inquiry_reading {
    int64_t first, last; // of the log's events; TIME_NONE
    bool without_bodies; // writes were logged at level Metadata
    bool partial;        // the look-back could not read everything
};
// The incidents, by time of their first step. They live until inquiry_free.
[[nodiscard]] const struct incident *inquiry_conclude(struct inquiry *q, struct inquiry_reading reading, size_t *n);

struct inquiry_counters {
    uint64_t rounds, events, dropped_facts, dropped_terms, dropped_seeds, dropped_marks, dropped_processes;
};
[[nodiscard]] struct inquiry_counters inquiry_counters(const struct inquiry *q);
