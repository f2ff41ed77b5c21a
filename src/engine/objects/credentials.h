// SPDX-License-Identifier: Apache-2.0
// Credentials that objects tell of: who holds them, since when, until when, and how each is taken back.
#pragma once

#include "base/time.h"
#include "posture/access.h"
#include "source/objects.h"

enum credential_kind {
    CREDENTIAL_TOKEN,
    CREDENTIAL_JOIN_TOKEN,
    CREDENTIAL_CERTIFICATE,
    CREDENTIAL_KUBECONFIG_TOKEN,
    CREDENTIAL_PASSWORD,
    CREDENTIAL_PLUGIN
};
[[nodiscard]] struct str credential_kind_name(enum credential_kind kind);

struct credential {
    enum credential_kind kind;
    struct access_subject who;
    const struct str *groups;
    size_t n_groups;
    int64_t since, until; // ns; TIME_NONE: not known, or (until, with endless) never
    bool endless;
    struct str object; // "Secret web/ui-token-x"
    struct str revoke; // a command, or what there is instead of one
    struct access_place place;
    bool everything;           // it is allowed everything
    const char *const *powers; // ways to the permissions of others that it has in the whole cluster: docs/access.md
    size_t n_powers;
};

struct credentials;

[[nodiscard]] struct credentials *credentials_new(void);
void credentials_free(struct credentials *c);
void credentials_object(struct credentials *c, const struct object *o, struct access_place place);
// All of them, the most powerful first, then by name; what they may do is the sealed graph's answer.
[[nodiscard]] const struct credential *credentials_all(struct credentials *c, const struct access *graph, size_t *n);
