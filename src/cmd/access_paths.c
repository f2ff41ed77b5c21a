// SPDX-License-Identifier: Apache-2.0
// davy access path, diff.
#include "cmd/access.h"
#include "engine/objects/survey.h"

static const struct arg_spec options[] = {ACCESS_COMMON, [ACCESS_NAMESPACE] = OPTION_NAMESPACE};

// --- path ------------------------------------------------------------------------------------------------------------------------

static const struct example path_examples[] = {
    {"davy access path serviceaccount:shop/web cluster-admin dump.json", "whether a pod's token is enough to take the cluster"},
    {"davy access path system:anonymous serviceaccount:kube-system/default dump.json", "from nobody to an account"},
};

struct way {
    const struct args *args;
    struct access_subject from, to;
};

static bool answer_path(void *context, const struct access *graph, struct access_answer *a, struct buf *out)
{
    struct way *w = context;
    struct access_path path;
    const bool found = access_find_path(graph, &a->arena, &w->from, &w->to, &path);
    if (access_json(w->args)) {
        if (found)
            access_json_path(out, a->cluster, &path, &w->from, &w->to);
        return found;
    }
    if (found && path.n)
        access_text_path(out, &path);
    else
        buf_addf(out, "  %s\n", found ? "It is the same." : "No way is known.");
    return found;
}

static int run_path(const struct args *args)
{
    struct way w = {.args = args};
    if (!access_subject(args->operands[0], &w.from))
        return EXIT_USAGE;
    if (!str_eq(args->operands[1], STR("cluster-admin")) && !access_subject(args->operands[1], &w.to))
        return EXIT_USAGE;
    return access_run(args, 2, KUBE_FOR_PATHS, answer_path, &w);
}

const struct command ask_path = {
    .name = "path",
    .about = "how somebody comes to the permissions of somebody else",
    .details = "A and B are subjects as for `davy access of`; B may be cluster-admin, which is being allowed everything. The shortest way "
               "is told, "
               "with what lets each step: impersonation, bind, escalate, pods and workloads that run as ServiceAccounts, exec, Secrets "
               "with tokens, "
               "token requests, the kubelets behind nodes/proxy, certificates, admission webhooks. Status 1 when there is one.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "A B [PATH]",
                .about = "manifests and dumps: files, directories or -; without it, the live cluster",
                .complete = COMPLETE_FILE,
                .min = 2,
                .max = SIZE_MAX},
    .examples = path_examples,
    .n_examples = COUNT(path_examples),
    .run = run_path,
};

// --- diff ------------------------------------------------------------------------------------------------------------------------

static const struct example diff_examples[] = {
    {"davy access diff yesterday.json today.json", "who may do what they could not"},
    {"davy access diff --context prod yesterday.json", "since yesterday, in a live cluster"},
};

static int print_diff(const struct args *args, const struct access *old, const struct access *new)
{
    struct access_answer a;
    struct buf out;
    buf_init(&out, SIZE_MAX);
    access_answer_init(&a, arg_string(args, ACCESS_CLUSTER));
    access_diff(old, new, access_answer_change, &a);
    access_answer_sort(&a);
    if (access_json(args))
        access_json_changes(&out, &a);
    else
        access_text_changes(&out, &a);
    int ended = cmd_print(buf_str(&out));
    if (ended == EXIT_NOTHING && a.n)
        ended = EXIT_FOUND;
    access_answer_fini(&a);
    buf_fini(&out);
    return ended;
}

static int run_diff(const struct args *args)
{
    struct survey *names[2] = {0};
    struct access *graphs[2] = {0};
    struct diags diags;
    diags_init(&diags);
    status result = access_read(args, args->operands[0], &names[0], &graphs[0], &diags);
    if (result == ST_OK)
        result = access_read(args, args->n_operands > 1 ? args->operands[1] : STR_NONE, &names[1], &graphs[1], &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    const int ended = result == ST_OK ? print_diff(args, graphs[0], graphs[1]) : cmd_exit_status(result);
    for (size_t i = 0; i < 2; i++) {
        access_free(graphs[i]);
        survey_close(names[i]);
    }
    return ended;
}

const struct command ask_diff = {
    .name = "diff",
    .about = "what changed in effect between two states of a cluster",
    .details =
        "OLD and NEW are files or directories; all in one is one cluster. A rule that is written otherwise but allows the same is no "
        "change. Status 1 when somebody gained or lost something.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "OLD [NEW]",
                .about = "two states: files or directories; without NEW, the live cluster",
                .complete = COMPLETE_FILE,
                .min = 1,
                .max = 2},
    .examples = diff_examples,
    .n_examples = COUNT(diff_examples),
    .run = run_diff,
};
