// SPDX-License-Identifier: Apache-2.0
// Objects of files, cluster by cluster: reads what objects_expand finds and hands each object to whoever looks at them.
#pragma once

#include "posture/access.h"
#include "source/objects.h"

struct survey_options {
    struct str cluster; // names the cluster of all inputs; ptr NULL: see objects_expand
    bool strict;        // the first bad document ends it
};

// Who looks. Places point to file names that live as long as the survey.
struct survey_sink {
    void *context;
    void (*begin)(void *context, struct str cluster);
    void (*object)(void *context, const struct object *o, struct access_place place, struct diags *diags);
    status (*end)(void *context, struct diags *diags); // of the cluster
};

struct survey;

// The inputs that the paths mean. ST_IO, ST_INPUT as objects_expand.
[[nodiscard]] status survey_open(struct survey **out, const struct str *paths, size_t n, struct survey_options options,
                                 struct diags *diags);
// Reads everything. Clusters come one after the other, in the order of their names; begin and end are called for each.
[[nodiscard]] status survey_run(struct survey *s, struct survey_sink sink, struct diags *diags);
[[nodiscard]] size_t survey_clusters(const struct survey *s);
[[nodiscard]] struct objects_counters survey_counters(const struct survey *s);
void survey_close(struct survey *s);
