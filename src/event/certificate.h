// SPDX-License-Identifier: Apache-2.0
// Whom a client certificate names, and how long it holds (RFC 5280). Kubernetes takes the common name as the user and each organisation as
// a group. Signatures are not looked at: nobody is let in by what is read here.
#pragma once

#include "base/arena.h"
#include "base/time.h"

enum { CERTIFICATE_GROUPS = 32 };

struct certificate {
    struct str user; // CN; "" when there is none
    struct str groups[CERTIFICATE_GROUPS];
    size_t n_groups;
    int64_t not_before, not_after; // ns
};

// Of PEM, or of base64 of PEM (client-certificate-data, status.certificate); the first certificate of several. False: it is none.
[[nodiscard]] bool certificate_read(struct arena *a, struct str text, struct certificate *out);
