// SPDX-License-Identifier: Apache-2.0
// What the commands of `davy policy` share.
#pragma once

#include "cmd/cmd.h"
#include "cmd/options.h"
#include "engine/policies/policies.h"

extern const struct command policy_export, policy_replay;

// Where the options below stand in a command's table.
struct policy_places {
    size_t control, registry, default_registry, rules, severity, profile;
};
// What they ask for. False, and a sentence on standard error: they say nothing.
[[nodiscard]] bool policy_wanted(const struct args *args, struct policy_places at, struct policies_options *out);

#define POLICY_CONTROL                                                                                                                     \
    {                                                                                                                                      \
        .name = "control", .kind = ARG_LIST, .value = "ID", .about = "only this control, or check of a --profile"                          \
    }
#define POLICY_EXEMPT                                                                                                                      \
    {                                                                                                                                      \
        .name = "except-namespace", .kind = ARG_LIST, .value = "NAME", .about = "a namespace that the policies leave alone"                \
    }
#define POLICY_REGISTRY                                                                                                                    \
    {                                                                                                                                      \
        .name = "trusted-registry", .kind = ARG_LIST, .value = "REGISTRY",                                                                 \
        .about = "a registry, or part of one, that images may come from, instead of those that are built in"                               \
    }
#define POLICY_RULES                                                                                                                       \
    {                                                                                                                                      \
        .name = "rules", .kind = ARG_LIST, .complete = COMPLETE_FILE, .value = "PATH",                                                     \
        .about = "controls of your own, files or folders, instead of the built-in ones"                                                    \
    }
#define POLICY_SEVERITY                                                                                                                    \
    {                                                                                                                                      \
        .name = "severity", .kind = ARG_ENUM, .value = "LEVEL", .choices = option_severities, .initial = "low",                            \
        .about = "only controls of this severity or above"                                                                                 \
    }
#define POLICY_PROFILE                                                                                                                     \
    {                                                                                                                                      \
        .name = "profile", .kind = ARG_STRING, .value = "PROFILE",                                                                         \
        .about = "the checks of pss:LEVEL:VERSION instead of controls: a Pod Security level (baseline, restricted) of a version (v1.24, "  \
                 "latest)"                                                                                                                 \
    }
