// SPDX-License-Identifier: Apache-2.0
// The value modifiers of the Sigma specification (appendix "Sigma Modifiers"), one descriptor each, and the keys they stand in:
// field|modifier|modifier. Private to rule.
#pragma once

#include "encode.h"

// What a modifier does; families also say who may stand together.
enum family {
    MOD_ALL = 1 << 0,     // every value of the list
    MOD_NEQ = 1 << 1,     // none of them
    MOD_CASED = 1 << 2,   // upper and lower case differ
    MOD_EXPAND = 1 << 3,  // %placeholders%
    MOD_PLACE = 1 << 4,   // contains, startswith, endswith
    MOD_ENCODE = 1 << 5,  // Base64, UTF-16
    MOD_DASH = 1 << 6,    // windash
    MOD_RE = 1 << 7,      // regular expression
    MOD_RE_FLAG = 1 << 8, // i, m, s behind it
    MOD_CIDR = 1 << 9,
    MOD_EXISTS = 1 << 10,
    MOD_COMPARE = 1 << 11, // lt, lte, gt, gte
    MOD_DATE = 1 << 12,    // minute ... year
    MOD_FIELD = 1 << 13,   // fieldref
    MOD_SAME = 1 << 14,    // extension: items within one array element
};

struct modifier {
    struct str name;
    unsigned family;
    unsigned with;           // families that may stand in the same key
    unsigned argument;       // enum regex_flag, enum compare, enum date_part, enum pattern_op
    transform_fn *transform; // text modifiers
};

enum { KEY_MODIFIERS_MAX = 16 };

// A key of a detection map, taken apart.
struct key {
    struct str field; // length 0: keywords
    struct {
        const struct modifier *modifier;
        size_t offset; // of its name in the key
    } items[KEY_MODIFIERS_MAX];
    size_t n;
    unsigned families;
    unsigned regex_flags;
    enum compare compare;
    enum date_part date;
    enum pattern_op how; // fieldref
};

// False: refused (unknown modifier, modifiers that cannot stand together).
[[nodiscard]] bool key_read(struct document *d, const struct yaml_value *item, struct key *out);
