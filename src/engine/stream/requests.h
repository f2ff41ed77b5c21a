// SPDX-License-Identifier: Apache-2.0
// One request counts once: the API server logs a request at up to three stages, and logs are delivered twice. Remembers, for each rule, the
// requests it has matched, the newest so many of them.
#pragma once

#include "base/status.h"
#include "detect/detect.h"

struct requests;

enum request_news {
    REQUEST_NEW,
    REQUEST_STAGE,     // a further stage of a request already counted
    REQUEST_DUPLICATE, // the very same line again
};

[[nodiscard]] struct requests *requests_new(size_t max);
void requests_free(struct requests *r);
// It will be asked for soon: what is known of it is far away in memory.
void requests_expect(const struct requests *r, uint32_t rule, const struct matcher_identity *identity);
[[nodiscard]] enum request_news requests_see(struct requests *r, uint32_t rule, const struct matcher_identity *identity);
// Those of which a further stage might still have come.
[[nodiscard]] uint64_t requests_forgotten(const struct requests *r);
