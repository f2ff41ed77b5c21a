// SPDX-License-Identifier: Apache-2.0
// From what was tainted to an incident: each file answers one question about a group of facts that belong together.
#pragma once

#include "incident/model.h"

// Everything with one root in the union-find. Facts are in time order.
struct group {
    struct inquiry *q;
    const struct inquiry_reading *reading;
    uint32_t root;
    VEC(struct actor *) actors;      // tainted, by first taint
    fact_list acts;                  // tainted facts
    fact_list doors;                 // what let them in
    struct str seen_identity;        // whom the cause, a binding of which only the making was seen, is for; ptr NULL: it is no such one
    fact_list consequences;          // what the cluster made of it
    VEC(struct process *) processes; // tainted
    VEC(struct thing *) things;
    VEC(const struct edge *) edges;
    struct incident *out; // strings in the inquiry's arena
    struct arena *arena;
};

// lists.c
typedef VEC(struct str) str_list;
// A copy of a growing list in the arena, as results hold them.
[[nodiscard]] struct str *list_keep(struct arena *a, str_list *list, size_t *n); // frees the list
__attribute__((format(printf, 3, 4))) void list_addf(str_list *list, struct arena *a, const char *format, ...);

// words.c: an act and its words
[[nodiscard]] enum act act_of(const struct fact *f);
[[nodiscard]] enum outcome outcome_of(const struct fact *f);
[[nodiscard]] struct str act_text(struct arena *a, const struct fact *f);
[[nodiscard]] struct str object_words(struct arena *a, struct str kind, struct str namespace, struct str name); // Deployment kube-system/x
[[nodiscard]] struct str end_words(struct arena *a, struct str end); // of a pivot: principal:, address:, object:
[[nodiscard]] struct str kind_words(struct str resource); // "Deployment" for deployments; the resource itself when it is no stock one
[[nodiscard]] struct str shell_word(struct arena *a, struct str s);   // quoted where a shell would read more than a word
[[nodiscard]] struct str comment_word(struct arena *a, struct str s); // in a comment of a command: on its line, whatever it holds
[[nodiscard]] struct str time_words(struct arena *a, int64_t time);   // to the second
[[nodiscard]] struct str standing_words(struct arena *a, const struct standing_object *o); // made at ... with ... (file:line)
// kubectl delete ...
[[nodiscard]] struct str delete_command(struct arena *a, struct str kind, struct str namespace, struct str name);

// process_steps.c: the processes as steps, in the arena; like ones are one step
[[nodiscard]] struct incident_step *process_steps(struct group *g, size_t *n);

void conclude_joins(struct inquiry *q);    // join.c: before groups are made
void conclude_cause(struct group *g);      // cause.c; also finds the doors
void conclude_vector(struct group *g);     // vector.c; needs the cause
void conclude_timeline(struct group *g);   // timeline.c; needs the doors
void conclude_objects(struct group *g);    // objects.c: objects, leftovers
void conclude_indicators(struct group *g); // indicators.c
void conclude_prevention(struct group *g); // prevention.c; needs cause, vector, timeline
void conclude_verdict(struct group *g);    // verdict.c: severity, spread, title, what is certain and what is not
