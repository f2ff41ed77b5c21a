// SPDX-License-Identifier: Apache-2.0
#include "cmd/live.h"

#include "os/os.h"

struct survey_live cmd_live(const struct args *args, struct live_options at, enum kube_use use)
{
    struct survey_live live = {
        .places = {.file = arg_string(args, at.kubeconfig),
                   .list = os_variable("KUBECONFIG"),
                   .home = os_variable("HOME"),
                   .host = os_variable("KUBERNETES_SERVICE_HOST"),
                   .port = os_variable("KUBERNETES_SERVICE_PORT"),
                   .account = STR("/var/run/secrets/kubernetes.io/serviceaccount")},
        .context = arg_string(args, at.context),
        .wish = {.use = use},
        .limits = KUBE_LIMITS_DEFAULT,
    };
    const int64_t timeout = arg_duration(args, at.timeout);
    live.limits.silence_ns = timeout;
    live.limits.connect_ns = timeout < live.limits.connect_ns ? timeout : live.limits.connect_ns;
    live.limits.plugin_ns = 2 * timeout;
    live.wish.namespaces = arg_list(args, at.namespace, &live.wish.n_namespaces);
    return live;
}

status cmd_survey_live(const struct args *args, struct live_options at, enum kube_use use, struct survey_options options,
                       struct survey **out, struct diags *diags)
{
    const struct survey_live live = cmd_live(args, at, use);
    *out = NULL;
    for (size_t i = 0; i < live.wish.n_namespaces; i++) {
        const struct str ns = live.wish.namespaces[i];
        if (!kube_is_namespace(ns)) {
            diags_add(diags, DIAG_ERROR, NULL, "--namespace %.*s: no namespace can be called so", STR_ARG(ns));
            return ST_USAGE;
        }
    }
    return survey_open_live(out, &live, options, diags);
}

status cmd_survey(const struct args *args, size_t first, struct live_options at, enum kube_use use, struct survey_options options,
                  struct survey **out, struct diags *diags)
{
    *out = NULL;
    if (args->n_operands <= first)
        return cmd_survey_live(args, at, use, options, out, diags);
    if (arg_given(args, at.kubeconfig) || arg_given(args, at.context)) {
        diags_add(diags, DIAG_ERROR, NULL, "objects come from PATH, or from the cluster of --kubeconfig and --context, not from both");
        return ST_USAGE;
    }
    return survey_open(out, args->operands + first, args->n_operands - first, options, diags);
}

static bool wants_live(const struct args *args, struct objects_options at)
{
    return arg_flag(args, at.live) || arg_given(args, at.at.kubeconfig) || arg_given(args, at.at.context);
}

bool cmd_wants_objects(const struct args *args, struct objects_options at)
{
    return wants_live(args, at) || arg_given(args, at.objects);
}

status cmd_survey_objects(const struct args *args, struct objects_options at, struct survey_options options, struct survey **out,
                          struct diags *diags)
{
    size_t n;
    const struct str *paths = arg_list(args, at.objects, &n);
    const bool live = wants_live(args, at);
    *out = NULL;
    if (live && n) {
        diags_add(diags, DIAG_ERROR, NULL,
                  "objects come from --objects, or from the cluster (--live, --kubeconfig, --context), not from both");
        return ST_USAGE;
    }
    if (live)
        return cmd_survey_live(args, at.at, KUBE_FOR_POSTURE, options, out, diags);
    return n ? survey_open(out, paths, n, options, diags) : ST_OK;
}

status cmd_survey_whole(const struct survey *survey, struct diags *diags)
{
    if (!survey_counters(survey).objects)
        diags_add(diags, DIAG_ERROR, NULL, "no Kubernetes object was found");
    else if (survey_unread(survey))
        diags_add(diags, DIAG_ERROR, NULL, "not everything could be read: the answer is about what was");
    else
        return ST_OK;
    return ST_INPUT;
}
