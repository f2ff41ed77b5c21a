// SPDX-License-Identifier: Apache-2.0
// The tokens of JSON (RFC 8259) that scan, tree and validate share: white space, numbers, literals. Every function takes the end of the
// text and never reads behind it.
#pragma once

#include "codec/json/json.h"

#include <string.h>

static inline bool token_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Indentation is skipped eight spaces at a time: of a dump that is meant to be read it is a third.
static inline const char *token_skip_space(const char *p, const char *end)
{
    while (p < end && token_is_space(*p)) {
        p++;
        while (end - p >= 8 && memcmp(p, "        ", 8) == 0)
            p += 8;
    }
    return p;
}

// Behind the number or literal that starts at p, with its kind; NULL if there is none, or if what follows it cannot follow a value.
[[nodiscard]] const char *token_scalar(const char *p, const char *end, enum json_kind *kind);

// The first byte that does not stand for itself in a string: a quote, a backslash, a control character. `end` if there is none.
[[nodiscard]] const char *token_string_stop(const char *p, const char *end);

// The closing quote of the string whose first byte is at p (behind its opening quote); NULL if it does not end. *plain: no backslash.
[[nodiscard]] const char *token_string_end(const char *p, const char *end, bool *plain);
