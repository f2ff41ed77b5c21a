// SPDX-License-Identifier: Apache-2.0
// Whose requests a log holds: parts of Kubernetes, those that a rule of level high or critical has hit, and all others.
#pragma once

#include "engine/policies/history.h"
#include "policy/replay.h"

struct identities;

// registry: of images that name none; ptr NULL: docker.io.
[[nodiscard]] status identities_open(struct identities **out, struct str registry, struct diags *diags);
void identities_close(struct identities *i);
// A record of the log, any.
void identities_take(struct identities *i, const struct history_record *h);
[[nodiscard]] enum replay_who identities_who(const struct identities *i, struct str user);
