// SPDX-License-Identifier: Apache-2.0
// One HTTP request at a time, by libcurl. Private to kube.
#pragma once

#include "kube/client.h"

// What a request shows. All may have ptr NULL.
struct kube_credential {
    struct str token, username, password;
    struct str certificate, key; // PEM
};

struct transport;

// ca: PEM; ptr NULL: whom the system trusts.
[[nodiscard]] struct transport *transport_new(const struct kube_target *target, const struct kube_limits *limits, struct str ca);
void transport_free(struct transport *t);

enum attempt_end {
    ATTEMPT_ANSWERED,
    ATTEMPT_OVERSIZED,
    ATTEMPT_SILENT, // in time there was nothing, or not the whole of it
    ATTEMPT_CUT,    // the connection broke while it was used
    ATTEMPT_FAILED, // there is none: name, network, TLS, proxy
};

struct attempt {
    enum attempt_end end;
    unsigned code;
    int64_t retry_after_ns; // what the answer asks for; 0: nothing
    struct str body;        // with JSON_PADDING bytes behind its end; good until the next
    struct str reason;      // otherwise than ANSWERED; the same
    struct str location;    // of a redirect, or ptr NULL
};

[[nodiscard]] struct attempt transport_get(struct transport *t, const struct kube_credential *credential, struct str path,
                                           struct str accept);

// An answer that is read as it comes, as one of several requests at a time. Each whole line is handed over; false: the rest is not wanted.
typedef bool transport_line_fn(void *context, struct str line); // with JSON_PADDING bytes behind its end

struct transport_stream {
    struct str path, accept;
    int64_t timeout_ns; // of all of it
    transport_line_fn *take;
    void *context;
};
[[nodiscard]] void *transport_handle(struct transport *t); // a CURL *
// The request, ready for a curl_multi; transport_end when it is done, with its CURLcode.
[[nodiscard]] void *transport_begin(struct transport *t, const struct kube_credential *credential, const struct transport_stream *stream);
[[nodiscard]] struct attempt transport_end(struct transport *t, int code);
