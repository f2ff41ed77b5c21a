// SPDX-License-Identifier: Apache-2.0
// The slow, obvious interpreter of rules: what a record means to a rule, written to be seen to be right, with which the fast engine is
// compared. It shares the types of rule.h and event.h with it, the dictionary and its transforms, and nothing that reads or matches:
// it has its own JSON reader and its own pattern matching. README.md says what it decides where Sigma leaves a choice.
#pragma once

#include "base/arena.h"
#include "event/event.h"
#include "rule/rule.h"

// One JSON value, everything as in the text: members of one name all stay, numbers stay as written.
struct tree {
    enum json_kind kind;
    struct str text; // string: decoded; number, true, false, null: as written
    struct str key;  // of an object's member, decoded
    struct tree *first, *next;
};

// Strictly RFC 8259 and UTF-8; a lone surrogate escape is U+FFFD. NULL: it is not JSON.
[[nodiscard]] const struct tree *oracle_parse(struct arena *a, struct str text);

// Whether one scalar value satisfies a pattern that is about values (not PATTERN_NULL, PATTERN_EXISTS, PATTERN_FIELD).
[[nodiscard]] bool oracle_pattern(const struct pattern *p, enum json_kind kind, struct str text);
// Whether two texts compare as fieldref wants.
[[nodiscard]] bool oracle_compare(enum pattern_op how, bool cased, struct str value, struct str other);

// Whether the record satisfies the condition.
[[nodiscard]] bool oracle_condition(const struct dictionary *d, const struct node *condition, const struct tree *record, struct arena *a);
