// SPDX-License-Identifier: Apache-2.0
// Reading JSON (RFC 8259): the one JSON reader of the house, in two shapes over one tokenizer, and the writer.
//
//   scan   one pass over a record, driven by a trie of wanted paths; what nobody wants is skipped with SIMD, not parsed
//   tree   everything, read-only, in an arena: for cold paths (a record that matched, a test, a configuration)
//
// Arrays are transparent in paths: `spec.containers.image` visits the image of every element, at any depth of arrays.
// Memory handed in must be readable for JSON_PADDING bytes behind its end (their content does not matter).
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum { JSON_PADDING = 64 };

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_limits {
    unsigned depth; // nested arrays and objects, at most JSON_DEPTH_MAX
    size_t size;    // bytes of one record, at most UINT32_MAX
    bool strict;    // validate every byte: UTF-8, numbers, escapes, literals, also of what is skipped
    bool mend;      // json_parse: an array or object that is damaged inside, but balances, is taken up to the damage
};
enum { JSON_DEPTH_MAX = 1024 };
#define JSON_LIMITS_DEFAULT ((struct json_limits){.depth = 256, .size = 64u << 20, .strict = false})

struct json_error {
    size_t offset;      // from the start of the record
    const char *reason; // static text
};

// --- trie: which paths a scan delivers -------------------------------------------------------------------------------------------

struct json_trie;

[[nodiscard]] struct json_trie *json_trie_new(void);
void json_trie_free(struct json_trie *t);
// Wants the values at a path of object keys; gives its slot (0, 1, 2, ...), the same one for the same path. n may be 0: the root.
[[nodiscard]] unsigned json_trie_add(struct json_trie *t, const struct str *keys, size_t n);
// The subtree at this path is only skipped (balanced) at first; json_scan_deferred reads it if anybody still asks.
void json_trie_defer(struct json_trie *t, const struct str *keys, size_t n);
// No more paths: builds the key tables. Immutable, and shared between threads, from here on.
void json_trie_seal(struct json_trie *t);
[[nodiscard]] unsigned json_trie_slots(const struct json_trie *t);
[[nodiscard]] bool json_trie_slot_deferred(const struct json_trie *t, unsigned slot); // below a deferred path

// --- scan ------------------------------------------------------------------------------------------------------------------------

// A value as it stands in the record. Strings: the bytes between the quotes, escapes and all (json_unescape). Numbers and literals: the
// token. Arrays and objects: ptr is at the bracket and len is 0 (the elements of an array follow as views of their own).
struct json_view {
    const char *ptr;
    uint32_t len;
    uint16_t slot;
    uint8_t kind;  // enum json_kind
    uint32_t next; // index of the next view of the same slot, or JSON_NO_VIEW
};
#define JSON_NO_VIEW UINT32_MAX

struct json_scan;

// One per thread. The trie is borrowed.
[[nodiscard]] struct json_scan *json_scan_new(const struct json_trie *t, struct json_limits limits);
void json_scan_free(struct json_scan *s);

enum json_result {
    JSON_OK,
    JSON_BLANK, // an empty line, or only white space
    JSON_BAD,   // error filled; for a line, *next is behind its newline all the same
};

// Reads the record that starts at p and ends at the next newline, or at end. *next: the start of the following record.
[[nodiscard]] enum json_result json_scan_line(struct json_scan *s, const char *p, const char *end, const char **next,
                                              struct json_error *error);
// Reads exactly one value with white space around it; newlines are white space.
[[nodiscard]] enum json_result json_scan_value(struct json_scan *s, struct str text, struct json_error *error);
// Reads the deferred subtrees of the record just read; their views join the others.
[[nodiscard]] enum json_result json_scan_deferred(struct json_scan *s, struct json_error *error);
[[nodiscard]] bool json_scan_has_deferred(const struct json_scan *s);

// First view of a slot, or NULL; then json_scan_next. Good until the next record.
[[nodiscard]] const struct json_view *json_scan_first(const struct json_scan *s, unsigned slot);
[[nodiscard]] const struct json_view *json_scan_next(const struct json_scan *s, const struct json_view *v);

// All views, in the order of the record. Good until the next record, or until more are read.
[[nodiscard]] const struct json_view *json_scan_views(const struct json_scan *s, size_t *n);

// Which implementation runs on this processor: "avx512", "avx2", "sse2" or "plain". Tests and benchmarks may ask for another.
[[nodiscard]] const char *json_simd_name(void);

struct json_simd; // one implementation
[[nodiscard]] const struct json_simd *json_simd_best(void);
[[nodiscard]] const struct json_simd *json_simd_find(struct str name); // NULL: unknown, or not on this processor
[[nodiscard]] struct json_scan *json_scan_new_with(const struct json_trie *t, struct json_limits limits, const struct json_simd *simd);

// --- strings ---------------------------------------------------------------------------------------------------------------------

// The text of the bytes between two quotes: escapes resolved, lone surrogates become U+FFFD. The result is raw itself when it holds
// no backslash. False if an escape is malformed.
[[nodiscard]] bool json_unescape(struct arena *a, struct str raw, struct str *out);

// Every byte of one value (white space around allowed) against RFC 8259 and UTF-8. False fills error.
[[nodiscard]] bool json_validate(struct str text, struct json_limits limits, struct json_error *error);

// --- tree ------------------------------------------------------------------------------------------------------------------------

struct json_value {
    enum json_kind kind;
    struct str key;                  // of an object's member (unescaped); ptr NULL elsewhere
    struct str text;                 // string: unescaped; number and literal: the token; array, object: ptr NULL
    struct str raw;                  // the value as written, without white space around it
    struct json_value *first, *next; // members or elements in order; next sibling
    size_t count;                    // members or elements
};

// The whole of text as a tree in the arena; views point into text. NULL fills error (also when the arena's maximum is reached). Unless
// strict, a string with an escape that is none is taken as written. With `mend`, what a scan has read without an error has a tree too.
[[nodiscard]] const struct json_value *json_parse(struct arena *a, struct str text, struct json_limits limits, struct json_error *error);

// Member of an object (the last one of that name, as Go's decoder takes it), or NULL; v may be NULL or of any kind.
[[nodiscard]] const struct json_value *json_get(const struct json_value *v, struct str key);
// Through several keys; the list ends with STR_NONE. No array is entered.
[[nodiscard]] const struct json_value *json_at(const struct json_value *v, const struct str *keys);
// Its text if it is a string, otherwise STR_NONE.
[[nodiscard]] struct str json_text(const struct json_value *v);

// --- writer ----------------------------------------------------------------------------------------------------------------------

// Appends to a buffer; commas are its business. Strings come out as valid UTF-8 whatever went in (U+FFFD for bad bytes), with control
// characters, DEL, invisible format characters and < > & ' escaped as \uXXXX, so that the text may stand in HTML or on a terminal.
struct json_writer {
    struct buf *out;
    unsigned depth;
    bool comma[32]; // whether a comma is due at that depth
};

[[nodiscard]] struct json_writer json_writer_to(struct buf *out);
void json_open_object(struct json_writer *w);
void json_close_object(struct json_writer *w);
void json_open_array(struct json_writer *w);
void json_close_array(struct json_writer *w);
void json_key(struct json_writer *w, struct str key);
void json_string(struct json_writer *w, struct str s); // STR_NONE writes null
void json_number(struct json_writer *w, int64_t n);
void json_double(struct json_writer *w, double n); // shortest form that reads back; not finite: null
void json_bool(struct json_writer *w, bool b);
void json_null(struct json_writer *w);
void json_raw(struct json_writer *w, struct str json); // already valid JSON
// key and value in one
void json_key_string(struct json_writer *w, struct str key, struct str s);
void json_key_number(struct json_writer *w, struct str key, int64_t n);
