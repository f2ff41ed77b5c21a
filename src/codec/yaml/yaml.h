// SPDX-License-Identifier: Apache-2.0
// YAML 1.2 documents as read-only trees with positions, over libfyaml.
//
// Plain scalars are resolved by the core schema (null, true/false, numbers); quoted and block scalars are strings. Anchors and aliases
// are expanded within the limits; merge keys are not YAML 1.2 and are ordinary keys.
#pragma once

#include "base/diag.h"
#include "base/status.h"

enum yaml_kind { YAML_NULL, YAML_BOOL, YAML_NUMBER, YAML_STRING, YAML_LIST, YAML_MAP };

struct yaml_value {
    enum yaml_kind kind;
    bool boolean;                    // YAML_BOOL
    struct str text;                 // scalars: the text as written (quotes removed); others: ptr NULL
    struct str key;                  // of a map's member; ptr NULL elsewhere
    unsigned key_line, key_column;   // where the key starts, from 1
    unsigned line, column;           // where the value starts, from 1
    size_t key_offset, offset;       // the same in bytes of the file
    struct yaml_value *first, *next; // members or items in order; next sibling
    size_t count;
};

struct yaml_limits {
    size_t size;    // bytes of one file
    size_t nodes;   // values of one file, aliases expanded
    unsigned depth; // nesting
};
#define YAML_LIMITS_DEFAULT ((struct yaml_limits){.size = 16u << 20, .nodes = 2000000, .depth = 64})

// A file as read: its name is what diagnostics say.
struct yaml_source {
    struct str name;
    struct str text;
    struct str packed; // what yaml_pack wrote of it, which is trusted and need not be read again; ptr NULL: nothing
};

// All documents of a file, in the arena; empty documents are left out. Errors (syntax, duplicate keys, limits, keys that are not
// scalars) go to diags and give ST_INPUT; the documents that have none, up to a syntax error, are given all the same. Strings are
// copied into the arena; those of a packed source are views into it, and no limit is asked.
[[nodiscard]] status yaml_read(struct arena *a, struct yaml_source source, struct yaml_limits limits, struct yaml_value ***out_documents,
                               size_t *out_n, struct diags *diags);

// Appends what was read of a source as bytes, for content that is read once, when the binary is built. They go with its text.
void yaml_pack(struct yaml_source source, struct yaml_value *const *documents, size_t n, struct buf *out);

[[nodiscard]] const struct yaml_value *yaml_get(const struct yaml_value *map, struct str key); // NULL if absent or not a map
[[nodiscard]] struct str yaml_text(const struct yaml_value *v);                                // text of a scalar, else STR_NONE

// The value of a number as the core schema reads it (also +1, .5, 0x1F, 0o17, .inf). False for any other kind.
[[nodiscard]] bool yaml_number(const struct yaml_value *v, double *out);

// Place of a value (or of its key) with the line's text, for diags_add. The excerpt is a view into source.text; of long lines it is
// the beginning, or nothing when the place is further in.
[[nodiscard]] struct place yaml_place(struct yaml_source source, const struct yaml_value *v);
[[nodiscard]] struct place yaml_key_place(struct yaml_source source, const struct yaml_value *v);
// Place of the byte at `offset` of a scalar's text, where escapes or folding do not hide it; else of the value.
[[nodiscard]] struct place yaml_place_in(struct yaml_source source, const struct yaml_value *v, size_t offset);
[[nodiscard]] struct place yaml_key_place_in(struct yaml_source source, const struct yaml_value *v, size_t offset);

// The tree as compact JSON (map order kept), for tests that write events in YAML.
void yaml_to_json(const struct yaml_value *v, struct buf *out);
