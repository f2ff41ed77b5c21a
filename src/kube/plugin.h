// SPDX-License-Identifier: Apache-2.0
// Credential plugins (client.authentication.k8s.io/v1 and v1beta1). Private to kube.
#pragma once

#include "base/time.h"
#include "kube/transport.h"

struct plugin_answer {
    struct arena arena; // initialised by the caller, reset here; what follows lives in it
    struct kube_credential credential;
    int64_t until; // TIME_NONE: not said
};

// Runs the target's plugin. ca: PEM, for plugins that are told of their cluster. ST_INPUT when it gives no credential, ST_IO when it
// does not run to its end in time.
[[nodiscard]] status plugin_run(const struct kube_target *target, struct str ca, int64_t timeout_ns, struct plugin_answer *out,
                                struct diags *diags);
