// SPDX-License-Identifier: Apache-2.0
// Inside of struct json_scan, shared by its implementations (scan_core.h, once for each instruction set) and the part that does not
// care (scan.c).
#pragma once

#include "codec/json/trie.h"

enum {
    BLOCK = 64,         // bytes looked at in one step: one bit each in a 64-bit mask
    WINDOW_BLOCKS = 16, // blocks indexed at a time
    INDEX_MAX = WINDOW_BLOCKS * BLOCK + 64,
    DEFERRED_MAX = 16, // deferred subtrees of a record; duplicates beyond are read at once
};

struct json_simd {
    const char *name;
    bool (*available)(void);
    enum json_result (*line)(struct json_scan *s, const char *p, const char *end, const char **next);
    enum json_result (*value)(struct json_scan *s, const char *p, const char *end);
    enum json_result (*deferred)(struct json_scan *s);
};

// One bit for each byte of a block.
struct masks {
    uint64_t quote, slash, control;
    uint64_t open_brace, close_brace, open_bracket, close_bracket; // look_brackets only
};

extern const struct json_simd json_simd_plain, json_simd_sse2, json_simd_avx2, json_simd_avx512;

struct scan_frame {
    uint32_t node;
    bool array;
};

struct json_scan {
    const struct json_trie *trie;
    const struct json_simd *simd;
    struct json_limits limits;

    // The quote index: offsets (from start) of the unescaped quotes in [window, filled), those before k already used.
    const char *start;       // of the record
    const char *end;         // of what may be read
    const char *window;      // first byte that `slashes` describes
    const char *filled;      // indexed up to here
    const char *stop;        // the newline that ends the record, once seen; until then end
    bool lines;              // a newline ends the record
    bool open_string;        // filled is inside a string
    bool open_escape;        // the byte at filled is escaped
    bool any_slash;          // there is a backslash in the window
    const char *bad_control; // a control character inside a string, or NULL
    uint32_t n, k;
    uint64_t slashes[WINDOW_BLOCKS + 1]; // where backslashes are, a word for each block of the window
    uint32_t index[INDEX_MAX];

    // What was found.
    struct json_view *views;
    uint32_t n_views, cap_views;
    uint32_t *first, *last; // by slot: index of the first and last view; valid if epoch matches
    uint32_t *epoch;
    uint32_t now; // this record's epoch
    struct {
        const char *at;
        uint32_t node;
    } deferred[DEFERRED_MAX];
    uint32_t n_deferred;
    bool reading_deferred;

    struct json_error error;
    struct scan_frame stack[JSON_DEPTH_MAX + 1];
};

// What stands behind the end is not looked at for the reason either: it may be another one at the next run.
static inline enum json_result scan_bad(struct json_scan *s, const char *at, const char *reason)
{
    if (at >= s->end)
        reason = "ends before its value does";
    s->error = (struct json_error){.offset = (size_t)(at - s->start), .reason = reason};
    return JSON_BAD;
}

// Makes room for one more view. (In scan_views.c, because it allocates.)
void scan_grow_views(struct json_scan *s);

static inline void scan_add_view(struct json_scan *s, uint32_t slot, enum json_kind kind, const char *ptr, size_t len)
{
    if (s->n_views == s->cap_views)
        scan_grow_views(s);
    uint32_t at = s->n_views++;
    s->views[at] = (struct json_view){ptr, (uint32_t)len, (uint16_t)slot, (uint8_t)kind, JSON_NO_VIEW};
    if (s->epoch[slot] == s->now) {
        s->views[s->last[slot]].next = at;
    } else {
        s->epoch[slot] = s->now;
        s->first[slot] = at;
    }
    s->last[slot] = at;
}
