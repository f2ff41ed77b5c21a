// SPDX-License-Identifier: Apache-2.0
// Credentials that objects tell of, as text and as NDJSON.
#pragma once

#include "base/buf.h"
#include "base/time.h"
#include "posture/access.h"

// One of them, as the engine found it (engine/objects/credentials.h).
struct credential_line {
    struct str kind; // token, join-token, certificate, kubeconfig-token, password, plugin
    struct access_subject who;
    const struct str *groups;
    size_t n_groups;
    int64_t since, until; // ns; TIME_NONE: not known
    bool endless;
    struct str object, revoke;
    struct access_place place;
    bool everything;
    const char *const *powers;
    size_t n_powers;
};

// now: for ages; TIME_NONE: none are told.
void credential_text(struct buf *out, const struct credential_line *c, int64_t now);
// A `credential` line: docs/schema/credential.schema.json.
void credential_json(struct buf *out, struct str cluster, const struct credential_line *c);
