// SPDX-License-Identifier: Apache-2.0
// What requests of the past would have met, had policies been there: who, how often, from when to when, and where it stands. Pure: verdicts
// come in, a table comes out.
#pragma once

#include "base/arena.h"
#include "posture/finding.h"

// Whose requests they were, as far as the logs tell.
enum replay_who {
    REPLAY_COMPONENT, // part of Kubernetes, or of the platform: it acts on what others asked for
    REPLAY_ALERTED,   // a rule of level high or critical has hit something that it did
    REPLAY_OTHER,     // nothing is known against it: this is what would break
};
[[nodiscard]] struct str replay_who_name(enum replay_who who);

enum { REPLAY_OBJECTS = 3, REPLAY_EVIDENCE = 5 };

struct replay_object {
    struct str resource, ns, name; // ns, name: ptr NULL: none
};
struct replay_place {
    struct str file;
    uint64_t line;
    struct str audit_id;
};

// What one policy would have refused to one identity.
struct replay_refusal {
    const struct finding_control *policy;
    struct str rule_id; // ptr NULL: it is Kubernetes' own Pod Security
    struct str user;
    enum replay_who who;
    uint64_t requests;
    int64_t first, last;                          // ns; TIME_NONE: not known
    struct replay_object objects[REPLAY_OBJECTS]; // the first different ones
    size_t n_objects;
    struct replay_place evidence[REPLAY_EVIDENCE]; // of the first requests
    size_t n_evidence;
};

struct replay_counters {
    uint64_t events;
    uint64_t judged;    // writes of objects that policies are about, judged whole
    uint64_t refused;   // of those, by some policy
    uint64_t unchanged; // of those, updates that leave what is judged as it was
    uint64_t failed;    // they were refused or failed as it was
    uint64_t exempt;    // in namespaces that are left alone
    uint64_t no_body;   // logged without what was written (level Metadata, or cut off)
    uint64_t patches;   // only the patch is in the log, not the object that came of it
    uint64_t undecided; // updates of what would be refused, and what it was before is not in the log
    uint64_t repeated;  // lines that were there before
    uint64_t dropped;   // beyond the limits of what is kept
};

struct replay;

struct replay_request {
    struct str user;
    int64_t time;
    struct replay_object object;
    struct replay_place place;
};

[[nodiscard]] struct replay *replay_new(void);
void replay_free(struct replay *r);
// A policy would have refused a request. The policy and the file name are borrowed.
void replay_refuse(struct replay *r, const struct finding_control *policy, struct str rule_id, const struct replay_request *request);
// The gravest policies first, then by id; of one, who is other, alerted, component; then most requests first. `who_of` is asked once for
// each identity.
typedef enum replay_who replay_who_fn(void *context, struct str user);
[[nodiscard]] const struct replay_refusal *replay_all(struct replay *r, replay_who_fn *who_of, void *context, size_t *n);
[[nodiscard]] uint64_t replay_dropped(const struct replay *r);
