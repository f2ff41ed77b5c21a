// SPDX-License-Identifier: Apache-2.0
// Inside of a dictionary, shared by the files that build it, cut native names and judge them.
#pragma once

#include "codec/yaml/yaml.h"
#include "event/event.h"
#include "event/names.h"

// The shape of a record, for judging and for cutting native names only where a key can be.
enum schema_kind { SCHEMA_TEXT, SCHEMA_NUMBER, SCHEMA_TIME, SCHEMA_OPEN, SCHEMA_ENUM, SCHEMA_OBJECT };

struct schema {
    struct str key;
    enum schema_kind kind;
    struct str *values; // SCHEMA_ENUM
    size_t n_values;
    struct schema *members; // SCHEMA_OBJECT
    size_t n_members;
    struct schema *others; // the member "*": any other key; NULL: no other key
};

struct logsource {
    struct str product, category, service; // ptr NULL: not given
};

// What people write, and what they mean.
struct hint {
    struct str field; // of values: the field; ptr NULL: wrong is a field itself
    struct str wrong, right;
};

struct dictionary {
    struct arena arena;
    struct str stream, registry;
    struct logsource *logsources;
    size_t n_logsources;
    struct field_path *deferred;
    size_t n_deferred;
    struct field *fields; // sorted by name
    size_t n_fields;
    const struct field **varying; // of the fields: whose path has another value in nearly every record
    size_t n_varying;
    struct scope *scopes; // sorted by name
    size_t n_scopes;
    struct schema *schema; // NULL: none, every field may exist
    struct hint *hints;
    size_t n_hints;
};

// Whether two paths have the same keys.
[[nodiscard]] bool field_path_eq(const struct field_path *a, const struct field_path *b);

// --- cut.c: native names ---------------------------------------------------------------------------------------------------------

// The ways of cutting a dotted name into keys, best first; with a schema only those it allows, if there is any. Never empty.
void name_cut(struct str name, const struct schema *schema, struct arena *a, struct field_path **out, size_t *n);

// --- schema.c --------------------------------------------------------------------------------------------------------------------

// The node that a path of keys ends at; NULL: it cannot exist.
[[nodiscard]] const struct schema *schema_at(const struct schema *root, const struct field_path *path);

// --- pattern.c: paths as a dictionary writes them ----------------------------------------------------------------------------------

struct path_sets; // name -> ranks of patterns

struct path_list {
    struct field_path *items;
    size_t n, cap;
};

enum expansion { EXPANDED, EXPANSION_SYNTAX, EXPANSION_UNKNOWN_SET, EXPANSION_TOO_MANY, EXPANSION_TOO_DEEP };
[[nodiscard]] const char *expansion_text(enum expansion e);

[[nodiscard]] struct path_sets *path_sets_new(struct arena *a);
[[nodiscard]] bool path_sets_add(struct path_sets *sets, struct str name, struct str pattern, unsigned rank);
// Appends the paths that a pattern stands for, their ranks counted from `rank`.
[[nodiscard]] enum expansion pattern_expand(const struct path_sets *sets, struct str pattern, unsigned rank, struct arena *a,
                                            struct path_list *out);
// Without repetitions (the lowest rank stays), lowest rank first, otherwise in the order written.
void path_list_finish(struct path_list *list);

// --- schema_load.c: the parts for lint -------------------------------------------------------------------------------------------

[[nodiscard]] status schema_load(struct dictionary *d, struct yaml_source source, const struct yaml_value *v, struct diags *diags);
[[nodiscard]] status hints_load(struct dictionary *d, struct yaml_source source, const struct yaml_value *fields,
                                const struct yaml_value *values, struct diags *diags);
