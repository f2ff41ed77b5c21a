// SPDX-License-Identifier: Apache-2.0
// davy policy replay: what would have been refused, and to whom.
#include "cmd/policy.h"
#include "engine/replay.h"
#include "report/replay.h"

#include <stdio.h>

enum { OPT_FROM, OPT_FORMAT, OPT_CONTROL, OPT_EXEMPT, OPT_REGISTRY, OPT_RULES, OPT_SEVERITY, OPT_DEFAULT_REGISTRY, OPT_PROFILE };
static const char *const formats[] = {"text", "json", NULL};

static const struct arg_spec options[] = {
    [OPT_FROM] = {.name = "from",
                  .kind = ARG_LIST,
                  .complete = COMPLETE_FILE,
                  .value = "AUDIT-LOG",
                  .about = "audit logs of one cluster: files, directories or -; needed"},
    [OPT_FORMAT] = {.name = "format",
                    .letter = 'f',
                    .kind = ARG_ENUM,
                    .value = "FORMAT",
                    .choices = formats,
                    .initial = "text",
                    .about = "how to print"},
    [OPT_CONTROL] = POLICY_CONTROL,
    [OPT_EXEMPT] = POLICY_EXEMPT,
    [OPT_REGISTRY] = POLICY_REGISTRY,
    [OPT_RULES] = POLICY_RULES,
    [OPT_SEVERITY] = POLICY_SEVERITY,
    [OPT_DEFAULT_REGISTRY] = OPTION_DEFAULT_REGISTRY,
    [OPT_PROFILE] = POLICY_PROFILE,
};

static const struct policy_places policies_at = {OPT_CONTROL, OPT_REGISTRY, OPT_DEFAULT_REGISTRY, OPT_RULES, OPT_SEVERITY, OPT_PROFILE};

static const struct example examples[] = {
    {"davy policy replay --from logs/ --except-namespace kube-system", "what the policies would have refused, and to whom"},
};

static status replay(const struct args *args, struct policies *policies, bool *found, struct diags *diags)
{
    struct replay_options wanted = {0};
    struct replay_run *run;
    struct replay_page page;
    struct buf out;
    wanted.logs = arg_list(args, OPT_FROM, &wanted.n_logs);
    wanted.exempt = arg_list(args, OPT_EXEMPT, &wanted.n_exempt);
    wanted.least = (enum severity)arg_choice(args, OPT_SEVERITY);
    wanted.levels = !arg_given(args, OPT_CONTROL) && !arg_given(args, OPT_PROFILE);
    TRY(replay_logs(&run, policies, &wanted, diags));
    page.items = replay_refusals(run, &page.n);
    page.counters = replay_counters(run);
    *found = page.n > 0;
    buf_init(&out, SIZE_MAX);
    if (arg_choice(args, OPT_FORMAT) == 1)
        replay_json(&out, &page);
    else
        replay_text(&out, &page);
    const status result = cmd_print(buf_str(&out)) == EXIT_NOTHING ? ST_OK : ST_IO;
    buf_fini(&out);
    replay_run_free(run);
    return result;
}

static int run(const struct args *args)
{
    struct policies_options wanted;
    struct policies *policies;
    struct diags diags;
    bool found = false;
    if (!arg_given(args, OPT_FROM)) {
        fprintf(stderr, "davy: what was requested stands in audit logs: --from AUDIT-LOG\n");
        return EXIT_USAGE;
    }
    if (!policy_wanted(args, policies_at, &wanted))
        return EXIT_USAGE;
    diags_init(&diags);
    status result = policies_load(&policies, wanted, &diags);
    if (result == ST_OK) {
        result = replay(args, policies, &found, &diags);
        policies_free(policies);
    }
    cmd_print_diags(&diags);
    diags_fini(&diags);
    return result == ST_OK && found ? EXIT_FOUND : cmd_exit_status(result);
}

const struct command policy_replay = {
    .name = "replay",
    .about = "what policies would have refused of what audit logs tell, and to whom",
    .details =
        "Every request that wrote an object which `davy policy export` has a policy for is judged by the policy's rule, and pods by Pod "
        "Security (baseline, restricted; the newest version), too. An update that leaves the specification as it was passes, as in the "
        "exported policies. What the log does not have (bodies, results of patches, former states) is counted, and not judged.\n\n"
        "Identities are `component` (parts of Kubernetes, which act on what others asked for), `alerted` (a rule of level high or "
        "critical has hit something that they did) or `other`: these are whom a policy would stand in the way of. Exit status 1: "
        "something would have been refused.",
    .options = options,
    .n_options = COUNT(options),
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
