// SPDX-License-Identifier: Apache-2.0
// What the options of `davy policy` ask for.
#include "cmd/policy.h"

#include <stdio.h>

bool policy_wanted(const struct args *args, struct policy_places at, struct policies_options *out)
{
    const struct str profile = arg_string(args, at.profile);
    *out = (struct policies_options){
        .registry = arg_string(args, at.default_registry),
        .least = (enum severity)arg_choice(args, at.severity),
        .pod_security = profile.ptr,
    };
    out->registries = arg_list(args, at.registry, &out->n_registries);
    out->paths = arg_list(args, at.rules, &out->n_paths);
    out->only = arg_list(args, at.control, &out->n_only);
    if (!profile.ptr || pss_parse_profile(profile, &out->profile))
        return true;
    fprintf(stderr, "davy: " PSS_PROFILE_IS "\n");
    return false;
}
