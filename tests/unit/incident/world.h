// SPDX-License-Identifier: Apache-2.0
// A small cluster's log for tests of reconstruction: events written in a line each, and the alerts that would have been told on them.
#pragma once

#include "base/vec.h"
#include "incident/incident.h"

struct deed {
    double at;        // seconds
    const char *user; // NULL: 401
    const char *address;
    const char *forwarded; // addresses that the client claims, before its own
    const char *verb, *resource, *sub, *ns, *name, *uri, *agent;
    const char *binding;            // "ClusterRoleBinding NAME" or "RoleBinding NAME/NAMESPACE"; "": an empty reason; NULL: none
    const char *request, *response; // bodies
    const char *impersonated;
    const char *credential, *issued;
    int code;          // 0: 200
    const char *alert; // title of the rule that fires on it; tags behind a '|'
    enum rule_level level;
};

struct world {
    struct arena arena;
    struct dictionary *dictionary;
    struct incident_knowledge knowledge;
    VEC(struct str) lines;
    VEC(struct alert) alerts;
    VEC(struct inquiry_begin) starts;
    bool hosts;
    const struct standing *standing; // NULL: no objects are given
    struct inquiry *inquiry;
};

void world_init(struct world *w);
void world_fini(struct world *w);
void world_add(struct world *w, struct deed deed); // a line more; lines are numbered from 1
#define DEED(w, ...) world_add((w), (struct deed){__VA_ARGS__})
// A record from a node, as a line more; rule: the title of the one that fires on it, or NULL.
void world_add_host(struct world *w, const char *record, const char *rule);
void world_start(struct world *w, const char *where); // as --start names it
// Runs the inquiry to its end.
const struct incident *world_judge(struct world *w, size_t *n);

[[nodiscard]] bool tells(const struct incident *x, uint64_t line); // it is in the timeline
[[nodiscard]] const struct incident_pivot *find_pivot(const struct incident *x, const char *kind, const char *from, const char *to);
