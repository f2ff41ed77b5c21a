// SPDX-License-Identifier: Apache-2.0
// Documents on their way to rules, while references between them are not resolved yet. Private to rule.
#pragma once

#include "compile.h"

#include "base/map.h"
#include "base/vec.h"

enum { DRAFT_NONE = UINT32_MAX };

struct reference {
    struct str name; // id or name as written
    const struct yaml_value *at;
    uint32_t target; // draft, or DRAFT_NONE
};

struct draft {
    struct document document;
    struct rule rule;
    bool refused;
    struct reference *refs; // a correlation's rules, the rules a filter is for
    size_t n_refs;
    const struct yaml_value *correlation; // RULE_CORRELATION: its map
    bool any;                             // RULE_FILTER: all rules of its logsource
    VEC(uint32_t) filters;                // RULE_DETECTION: drafts of the filters that apply
    VEC(struct str) captures;             // names whose values matches must carry
    VEC(uint32_t *) carried;              // RULE_CORRELATION: for each capture behind its group-by, where each of its inputs has it
    bool fed;                             // some correlation refers to it
    bool generated;                       // some correlation that refers to it generates
    uint32_t place;                       // in the ruleset, once sorted
};

struct drafts {
    struct draft *items;
    size_t n, cap;
    size_t filtered;       // pairs of filter and rule
    struct map ids, names; // -> index + 1; a name used twice is NAME_AMBIGUOUS
};
#define NAME_AMBIGUOUS UINT64_MAX

void drafts_fini(struct drafts *list);
// Index of the draft that goes by this id or name; DRAFT_NONE when there is none, or several (*ambiguous).
[[nodiscard]] uint32_t drafts_find(const struct drafts *list, struct str id_or_name, bool *ambiguous);
