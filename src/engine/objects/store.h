// SPDX-License-Identifier: Apache-2.0
// Objects of a live cluster by list and name, in bounded memory. Private to follow.
#pragma once

#include "base/status.h"
#include "source/objects.h"

struct store;

[[nodiscard]] struct store *store_new(size_t max_bytes);
void store_free(struct store *s);

// Whether it is another than before. ST_LIMIT when it does not fit, and is left out.
[[nodiscard]] status store_put(struct store *s, size_t list, const struct object *o, bool *changed);
[[nodiscard]] bool store_remove(struct store *s, size_t list, const struct object *o); // whether there was one

// A list is read again: what is not put until the end is removed. Whether there was any.
void store_begin_list(struct store *s, size_t list);
[[nodiscard]] bool store_end_list(struct store *s, size_t list);

struct stored {
    size_t list;
    struct str api_version, kind;
    struct str json; // with JSON_PADDING bytes behind its end
};
[[nodiscard]] size_t store_count(const struct store *s);
[[nodiscard]] const struct stored *store_next(const struct store *s, size_t *at); // *at: 0 at first; NULL: that was all
