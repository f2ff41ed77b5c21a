// SPDX-License-Identifier: Apache-2.0
// What the commands of davy rules share.
#include "cmd/rules.h"

const char *const rules_streams[] = {"audit", "host", "posture", "generic", NULL};

struct pack *rules_load(const struct args *args, size_t rules_option, size_t stream_option, size_t placeholders_option,
                        size_t registry_option, status *result)
{
    struct diags diags;
    struct pack *pack;
    struct pack_options options = {.stream = STR("audit")};
    if (stream_option != SIZE_MAX)
        options.stream = str_from_c(rules_streams[arg_choice(args, stream_option)]);
    if (rules_option != SIZE_MAX)
        options.paths = arg_list(args, rules_option, &options.n_paths);
    if (placeholders_option != SIZE_MAX)
        options.placeholders = arg_string(args, placeholders_option);
    if (registry_option != SIZE_MAX)
        options.registry = arg_string(args, registry_option);
    diags_init(&diags);
    *result = pack_load(&pack, &options, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    return pack;
}
