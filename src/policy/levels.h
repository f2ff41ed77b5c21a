// SPDX-License-Identifier: Apache-2.0
// Pod Security labels for namespaces (kubernetes.io/docs/concepts/security/pod-security-admission): enforced is the strictest level that
// all pods of a namespace pass today; restricted is what one is warned of. Pure.
#pragma once

#include "base/buf.h"
#include "pod/pod.h"

struct levels;

[[nodiscard]] struct levels *levels_new(void);
void levels_free(struct levels *l);

// A pod, or a template of pods, of a namespace (ns len 0: default). by_log: it was made in the logs, and may be gone.
void levels_pod(struct levels *l, struct str ns, const struct pod *pod, bool by_log);
// A Namespace that is there, with what its labels enforce already.
void levels_namespace(struct levels *l, const struct json_value *tree);

[[nodiscard]] size_t levels_count(struct levels *l); // namespaces; sorts them
// The manifest of namespace i, by name; gives its name.
struct str levels_write(const struct levels *l, size_t i, struct buf *out);
