// SPDX-License-Identifier: Apache-2.0
// Objects of files, cluster by cluster, or of a live cluster: reads what objects_expand finds, or what an API server lists, and hands each
// object to whoever looks at them.
#pragma once

#include "kube/lists.h"
#include "posture/access.h"
#include "posture/unread.h"
#include "source/objects.h"

struct survey_options {
    struct str cluster; // names the cluster of all inputs; ptr NULL: see objects_expand
    bool strict;        // the first bad document ends it, and so does a kind that cannot be read
};

// Which cluster is asked, and what for.
struct survey_live {
    struct kube_places places;
    struct str context; // ptr NULL: the current one
    struct kube_wish wish;
    struct kube_limits limits;
};

// Who looks. Places point to file names that live as long as the survey; of a live cluster they are addresses of lists, and line is 0. An
// object's JSON says its kind and apiVersion.
struct survey_sink {
    void *context;
    void (*begin)(void *context, struct str cluster);
    void (*object)(void *context, const struct object *o, struct access_place place, struct diags *diags);
    status (*end)(void *context, struct diags *diags);             // of the cluster
    void (*unread)(void *context, const struct unread_kind *kind); // before the end; NULL: nobody asks
};

struct survey;

// The inputs that the paths mean. ST_IO, ST_INPUT as objects_expand.
[[nodiscard]] status survey_open(struct survey **out, const struct str *paths, size_t n, struct survey_options options,
                                 struct diags *diags);
// A cluster, called as the kubeconfig does unless `options` name it. As kube_find, kube_client_new, kube_lists_new.
[[nodiscard]] status survey_open_live(struct survey **out, const struct survey_live *live, struct survey_options options,
                                      struct diags *diags);

// Reads everything. Clusters come one after the other, in the order of their names; begin and end are called for each.
[[nodiscard]] status survey_run(struct survey *s, struct survey_sink sink, struct diags *diags);
[[nodiscard]] size_t survey_clusters(const struct survey *s);
[[nodiscard]] struct objects_counters survey_counters(const struct survey *s);
[[nodiscard]] size_t survey_unread(const struct survey *s); // kinds of a live cluster that could not be read, or not to their end
void survey_close(struct survey *s);
