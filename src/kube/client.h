// SPDX-License-Identifier: Apache-2.0
// Requests to an API server: GET and nothing else. Certificates are verified unless the target says otherwise; redirects are not followed;
// answers are bounded in size and time; what may pass by itself is tried again. No sentence holds a credential.
#pragma once

#include "kube/kubeconfig.h"

struct kube_limits {
    int64_t connect_ns; // until there is a connection
    int64_t silence_ns; // a server that says nothing for so long is given up; an answer may take ten times as long altogether
    int64_t backoff_ns; // the first pause before trying again; it doubles
    int64_t wait_ns;    // the longest pause that a server may ask for
    int64_t plugin_ns;  // for a plugin to give credentials
    unsigned tries;     // of one request, at least 1
    size_t body;        // bytes of an answer, decompressed
};
#define KUBE_LIMITS_DEFAULT                                                                                                                \
    ((struct kube_limits){.connect_ns = 10 * 1000000000ll,                                                                                 \
                          .silence_ns = 30 * 1000000000ll,                                                                                 \
                          .backoff_ns = 500 * 1000000ll,                                                                                   \
                          .wait_ns = 60 * 1000000000ll,                                                                                    \
                          .plugin_ns = 60 * 1000000000ll,                                                                                  \
                          .tries = 5,                                                                                                      \
                          .body = 64u << 20})

struct kube_client;

// Borrows the target. Reads its files and runs its plugin: ST_IO, ST_LIMIT, ST_INPUT when one fails. Warns of what is not protected.
[[nodiscard]] status kube_client_new(struct kube_client **out, const struct kube_target *target, struct kube_limits limits,
                                     struct diags *diags);
void kube_client_free(struct kube_client *c);

enum kube_outcome {
    KUBE_ANSWERED,  // 200
    KUBE_REFUSED,   // another status
    KUBE_OVERSIZED, // the answer is too long
    KUBE_BROKEN,    // no answer, or no whole one
};

struct kube_answer {
    enum kube_outcome outcome;
    unsigned code;   // HTTP status; BROKEN: 0
    struct str body; // ANSWERED, REFUSED: with JSON_PADDING bytes behind its end
    struct str why;  // otherwise than ANSWERED: "403 Forbidden: pods is forbidden ...", a clause
};

// `path` begins with a slash and may have a query. What is given is good until the next request.
[[nodiscard]] struct kube_answer kube_get(struct kube_client *c, struct str path, struct str accept);

// The server's address, for people.
[[nodiscard]] struct str kube_server(const struct kube_client *c);
