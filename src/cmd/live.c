// SPDX-License-Identifier: Apache-2.0
#include "cmd/live.h"

#include "os/os.h"

status cmd_survey_live(const struct args *args, struct live_options at, enum kube_use use, struct survey_options options,
                       struct survey **out, struct diags *diags)
{
    struct survey_live live = {
        .places = {.file = arg_string(args, at.kubeconfig),
                   .list = os_variable("KUBECONFIG"),
                   .home = os_variable("HOME"),
                   .host = os_variable("KUBERNETES_SERVICE_HOST"),
                   .port = os_variable("KUBERNETES_SERVICE_PORT"),
                   .account = STR("/var/run/secrets/kubernetes.io/serviceaccount")},
        .context = arg_string(args, at.context),
        .use = use,
        .limits = KUBE_LIMITS_DEFAULT,
    };
    const int64_t timeout = arg_duration(args, at.timeout);
    live.limits.silence_ns = timeout;
    live.limits.connect_ns = timeout < live.limits.connect_ns ? timeout : live.limits.connect_ns;
    live.limits.plugin_ns = 2 * timeout;
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
