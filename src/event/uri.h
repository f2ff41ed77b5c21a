// SPDX-License-Identifier: Apache-2.0
// The parts of a request's URI, inside this room.
//
// Queries are read as net/url's ParseQuery reads them: parts at '&', '+' is a space, %XX a byte. A ';' divided parts before Go 1.17
// and makes a part invalid since; here it divides when a key follows it and is text otherwise, so that nothing can hide behind it.
#pragma once

#include "base/arena.h"

// %XX resolved, in a query also '+'; malformed escapes stay as they are. Without either it is s itself. STR_NONE: no room.
[[nodiscard]] struct str uri_decode(struct str s, bool query, struct arena *a);
[[nodiscard]] struct str uri_path(struct str uri); // as written

struct uri_query {
    struct str rest; // ptr NULL: no more
    size_t parts;
};
[[nodiscard]] struct uri_query uri_query(struct str uri);
// The next parameter, key decoded, value as written.
[[nodiscard]] bool uri_query_next(struct uri_query *q, struct str *key, struct str *value, struct arena *a);
