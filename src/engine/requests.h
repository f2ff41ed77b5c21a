// SPDX-License-Identifier: Apache-2.0
// One request counts once: the API server logs a request at up to three stages, and logs are delivered twice. Remembers, for each rule, the
// requests it has matched, the newest so many of them.
#pragma once

#include "base/status.h"
#include "base/str.h"

struct requests;

enum request_news {
    REQUEST_NEW,
    REQUEST_STAGE,     // a further stage of a request already counted
    REQUEST_DUPLICATE, // the very same line again
};

[[nodiscard]] struct requests *requests_new(size_t max);
void requests_free(struct requests *r);
// request and identity as in struct event.
[[nodiscard]] enum request_news requests_see(struct requests *r, uint32_t rule, uint64_t request, uint64_t identity);
[[nodiscard]] uint64_t requests_forgotten(const struct requests *r);
