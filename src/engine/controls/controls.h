// SPDX-License-Identifier: Apache-2.0
// Controls: what should be, written as Sigma rules over objects and the records made of them (rules/controls/, docs/controls.md), and how
// much of it is.
#pragma once

#include "engine/controls/exemptions.h"
#include "engine/pack/pack.h"
#include "posture/exposure.h"
#include "posture/score.h"

struct controls;

struct controls_options {
    const struct str *paths; // files and folders of controls; n 0: those that are built in
    size_t n_paths;
    // Of those built in the files with these names (as in struct pack_options) alone, for who needs no others: without the bootstrap
    // policy, to which nothing can be compared then. n 0: all.
    const struct str *only;
    size_t n_only;
    const struct pack *lists_of;  // as in struct pack_options
    const struct str *registries; // trusted: a registry ("quay.io", "*.example.com") or part of one ("docker.io/library"); n 0: as built in
    size_t n_registries;
    struct str registry;           // of images that name none; ptr NULL: docker.io
    struct exemptions *exemptions; // borrowed; NULL: none
};

// ST_INPUT when one is not right.
[[nodiscard]] status controls_load(struct controls **out, struct controls_options options, struct diags *diags);
void controls_free(struct controls *c);

// Judges one cluster after the other.
typedef void controls_tell_fn(void *context, const struct finding *f);

struct controls_run {
    controls_tell_fn *tell;
    void *context;
    bool healthy_too;        // tell what is healthy as well
    exposure_record_fn *way; // tell every way from outside, too; NULL: do not
};

// An object of the cluster at hand.
void controls_object(struct controls *c, const struct controls_run *run, struct str cluster, const struct json_value *tree, struct str json,
                     struct finding_object object, struct access_place place);
// The grants of its sealed graph.
void controls_access(struct controls *c, const struct controls_run *run, struct str cluster, const struct access *graph);
// The Pod Security levels of its namespaces.
void controls_levels(struct controls *c, const struct controls_run *run, struct str cluster);
// The ways into it.
void controls_exposure(struct controls *c, const struct controls_run *run, struct str cluster, struct exposure *exposure);

// A kind of which not every object could be read: what is judged on it is not assessable, but for what is seen to be unhealthy.
void controls_unread(struct controls *c, const struct controls_run *run, struct str cluster, const struct unread_kind *unread);

// What each control comes to, over everything judged since the last controls_reset.
[[nodiscard]] const struct control_score *controls_scores(struct controls *c, size_t *n); // by id
void controls_reset(struct controls *c);
