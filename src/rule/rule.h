// SPDX-License-Identifier: Apache-2.0
// Sigma (specification 2.x): from YAML to a checked tree. What comes out holds no wildcards, modifiers or names to be resolved any
// more: only conditions over tests of fields, and correlations over rules. Nothing here reads records; see detect.
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "codec/yaml/yaml.h"
#include "event/event.h"

enum rule_level { LEVEL_INFORMATIONAL, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH, LEVEL_CRITICAL };
[[nodiscard]] struct str rule_level_name(enum rule_level level);
[[nodiscard]] bool rule_level_parse(struct str s, enum rule_level *out);

// --- patterns: what one value is compared with, modifiers already applied ---------------------------------------------------------

enum pattern_op {
    PATTERN_ANY,      // '*': some value, whatever it is (a string, a number, an object, ...; not null, not an array without elements)
    PATTERN_EQUALS,   // the whole value is `text`
    PATTERN_CONTAINS, // `text` anywhere in it
    PATTERN_PREFIX,
    PATTERN_SUFFIX,
    PATTERN_GLOB,   // tokens: literals, any run, one character
    PATTERN_REGEX,  // `text` is a PCRE2 pattern, unanchored
    PATTERN_CIDR,   // the value is an address inside the network
    PATTERN_NUMBER, // numeric comparison with `number`; PATTERN_EQUALS of a YAML number also has number_too
    PATTERN_NULL,   // absent or null
    PATTERN_EXISTS, // the field is present (exists: true); its negation is a NODE_NOT
    PATTERN_FIELD,  // compared with the values of another field: `text` is that field's name, `how` the comparison
    PATTERN_DATE,   // calendar part of a timestamp (UTC) equals number
};

enum compare { COMPARE_EQ, COMPARE_LT, COMPARE_LTE, COMPARE_GT, COMPARE_GTE };
enum date_part { DATE_MINUTE, DATE_HOUR, DATE_DAY, DATE_WEEK, DATE_MONTH, DATE_YEAR };
enum regex_flag { REGEX_I = 1, REGEX_M = 2, REGEX_S = 4 };

struct glob_token {
    enum { GLOB_LITERAL, GLOB_RUN, GLOB_ONE } kind; // * and ?
    struct str text;                                // GLOB_LITERAL
};

struct cidr {
    uint8_t address[16]; // IPv4 as ::ffff:a.b.c.d
    unsigned bits;       // of 128
};

struct pattern {
    enum pattern_op op;
    bool cased;      // else ASCII case is ignored
    bool number_too; // PATTERN_EQUALS from a YAML number: 5 equals 5.0 and "5"
    struct str text;
    struct glob_token *glob;
    size_t n_glob;
    unsigned regex_flags; // enum regex_flag
    struct cidr cidr;
    enum compare compare; // PATTERN_NUMBER, PATTERN_DATE
    double number;
    enum date_part date;
    enum pattern_op how; // PATTERN_FIELD: EQUALS, CONTAINS, PREFIX, SUFFIX
    const void *regex;   // compiled, owned by the ruleset (pcre2_code)
    struct str literal;  // PATTERN_REGEX: stands in every text that it matches, ASCII case ignored; len 0: none is known
};

// One value of a record: its kind and text (a string unescaped, a number's token).
struct scalar {
    enum json_kind kind;
    struct str text;
};

// Whether one present value satisfies the pattern. NULL, EXISTS and FIELD patterns are about fields, not values: PATTERN_EXISTS is true
// of any value, PATTERN_NULL of JSON_NULL, PATTERN_FIELD compares via pattern_matches_text.
// Safe on any number of threads; regular expressions are bounded in steps, a value that exceeds them counts as no match and
// sets *gave_up.
[[nodiscard]] bool pattern_matches(const struct pattern *p, struct scalar value, bool *gave_up);
[[nodiscard]] bool pattern_compare_text(enum pattern_op how, bool cased, struct str value, struct str other);
[[nodiscard]] bool address_parse(struct str s, uint8_t out[16]); // IPv4 or IPv6 text
[[nodiscard]] bool cidr_contains(const struct cidr *c, const uint8_t address[16]);

// --- conditions -------------------------------------------------------------------------------------------------------------------

// The extension for elements of arrays is a key of a detection map whose value is a map, or a list of maps joined by or:
//     pod.container|same: {securityContext.privileged: true, image|startswith: 'evil/'}
enum node_kind {
    NODE_AND,     // all children; no children: true
    NODE_OR,      // at least one child; no children: false
    NODE_NOT,     // its one child is false
    NODE_SOME,    // at least `count` of the children (N of x*)
    NODE_TEST,    // a field has a value that satisfies the pattern
    NODE_KEYWORD, // any value anywhere in the record contains the pattern's text (or satisfies its glob or regex)
    NODE_SAME,    // its one child holds within one element of scope; fields in it are relative to the element
};

struct node {
    enum node_kind kind;
    struct node **children;
    size_t n;
    unsigned count;   // NODE_SOME
    struct str field; // NODE_TEST: dictionary name or native path, as written; inside NODE_SAME relative to the element
    struct pattern pattern;
    struct str scope;      // NODE_SAME: dictionary scope or native path of an array
    unsigned line, column; // of the item in the rule's file
};

// --- rules ------------------------------------------------------------------------------------------------------------------------

enum rule_kind { RULE_DETECTION, RULE_CORRELATION, RULE_FILTER };

enum correlation_type {
    CORRELATION_EVENT_COUNT,
    CORRELATION_VALUE_COUNT,
    CORRELATION_TEMPORAL,
    CORRELATION_TEMPORAL_ORDERED,
    CORRELATION_VALUE_SUM,
    CORRELATION_VALUE_AVG,
    CORRELATION_VALUE_PERCENTILE,
    CORRELATION_VALUE_MEDIAN,
    CORRELATION_NEW_VALUE, // extension: a value of `fields` never seen before for the group, once the group is known for `timespan`
};

struct correlation_bound {
    enum compare compare;
    bool negated; // neq
    double number;
};

// For temporal types: a boolean expression over the referred rules instead of "all of them".
struct correlation_expr {
    enum { EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_RULE } kind;
    struct correlation_expr **children;
    size_t n;
    size_t input; // EXPR_RULE: index into correlation.inputs
};

struct correlation {
    enum correlation_type type;
    uint32_t *inputs; // indices of the referred rules in the ruleset, in order
    size_t n_inputs;
    struct str *group_by; // field names or aliases
    size_t n_group_by;
    // group_by_capture[input * n_group_by + g]: index into that rule's captures
    uint32_t *group_by_capture;
    struct str *fields; // condition.field: one or several
    size_t n_fields;
    uint32_t *field_capture; // [input * n_fields + f]
    // What correlations above this one want beside its group-by: captures n_group_by + k of its hits are values of the match that
    // completed it. [input * n_carried + k]: index into that rule's captures.
    uint32_t *carried_capture;
    size_t n_carried;
    int64_t timespan; // ns
    struct correlation_bound bounds[4];
    size_t n_bounds;
    double percentile;             // 0-100
    struct correlation_expr *expr; // NULL: all inputs
    bool generate;
};

struct rule {
    enum rule_kind kind;
    struct str id; // UUID, or the name, or a slug of the title when there is none
    struct str name, title, description, status, author, date;
    enum rule_level level; // medium when not written
    struct str *tags;
    size_t n_tags;
    struct str *false_positives;
    size_t n_false_positives;
    struct str *references;
    size_t n_references;
    struct str advice;                     // extension key `response`: what to do when it fires
    struct str product, category, service; // logsource; ptr NULL: not given
    struct str file;                       // as named in its yaml_source
    unsigned line;                         // where its document starts
    struct node *condition;                // RULE_DETECTION; filters already joined
    struct correlation *correlation;       // RULE_CORRELATION
    bool silent;                           // only feeds correlations (referred to by one that does not `generate`): no alert of its own
    // Fields whose values a match must carry for the correlations above it (group-by, aliases, condition fields). For a correlation:
    // its group-by names, then those it carries.
    struct str *captures;
    size_t n_captures;
};

struct ruleset {
    struct arena arena;
    struct rule *rules; // detections and correlations, sorted by id, then file, then line; filters are already applied
    size_t n;
    uint32_t *order; // correlations only, each after those it refers to
    size_t n_order;
};

// Placeholders for `expand`: name -> list of values. Zeroed: none.
struct placeholders {
    struct {
        struct str name;
        struct str *values;
        size_t n;
    } * items;
    size_t n;
};
// Adds a YAML map of name -> list (or scalar) to *out, which is zeroed at first; lists of the same name are joined.
[[nodiscard]] status placeholders_load(struct placeholders *out, struct arena *a, struct yaml_source source, struct diags *diags);

struct rule_options {
    const struct placeholders *placeholders; // NULL: none known
    const struct dictionary *dictionary;     // for lint and for scopes; NULL: generic
    bool lint;                               // also say what can never match, what is deprecated, what is missing
};

// Compiles every document of the sources. Each refusal is one diagnostic at its place; the other rules are still compiled.
// ST_INPUT if anything was refused (the ruleset then holds the rest).
[[nodiscard]] status ruleset_load(struct ruleset **out, const struct yaml_source *sources, size_t n, const struct rule_options *options,
                                  struct diags *diags);
void ruleset_free(struct ruleset *r);
// Index by id or name; UINT32_MAX if unknown.
[[nodiscard]] uint32_t ruleset_find(const struct ruleset *r, struct str id_or_name);

// The condition as text, with precedence made visible: for `rules show` and for tests.
void node_write(struct buf *out, const struct node *n);
