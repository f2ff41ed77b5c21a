// SPDX-License-Identifier: Apache-2.0
// What of a client requests at the same time need. Private to kube.
#pragma once

#include "kube/transport.h"

// What a request shows now: tokens out of files and plugins are renewed when they have run out; refused: the server did not take it (401).
[[nodiscard]] const struct kube_credential *client_credential(struct kube_client *c, bool refused);
[[nodiscard]] struct transport *client_transport(struct kube_client *c); // one more; the caller frees it, before the client
[[nodiscard]] const struct kube_limits *client_limits(const struct kube_client *c);
// What went wrong, as a clause without secrets. Good until the next.
[[nodiscard]] struct str client_why(struct kube_client *c, const struct attempt *a);
