// SPDX-License-Identifier: Apache-2.0
// Reading objects, inside this room: a window on the plain bytes of an input, and who cuts documents out of it.
//
//             { " or [                  the value ends
//   BETWEEN ------------> JSON  ---------------------------> BETWEEN     objects_json.c
//      |     otherwise          a line --- or ..., the end
//      `----------------> YAML  ---------------------------> BETWEEN     objects_yaml.c
#pragma once

#include "codec/yaml/yaml.h"
#include "source/cutter.h"
#include "source/objects.h"
#include "source/stream.h"

enum objects_mode { OBJECTS_BETWEEN, OBJECTS_JSON, OBJECTS_YAML };

// A piece of text that should be one object.
struct objects_piece {
    struct str text;
    uint64_t line;
    uint32_t item;
    bool yaml;
};

enum {
    OBJECTS_NESTED = 4,         // lists in lists
    OBJECTS_WINDOW = 256 << 10, // bytes looked at, as long as no piece needs more
};

struct objects_reader {
    const struct objects_list *list;
    struct objects_limits limits;
    struct objects_counters counters;
    status stopped; // strict: why

    size_t input;
    bool open;
    struct stream *stream;
    char *data; // the window: bytes [0, len), with JSON_PADDING behind; `at` is where reading goes on, in `line`
    size_t len, cap, at;
    uint64_t line;
    bool end;     // no more bytes in the input
    bool dropped; // the window no longer begins where the input does

    enum objects_mode mode;
    bool lost; // behind damage, before the next document
    struct cutter cutter;
    struct objects_yaml {
        size_t start; // of the piece
        uint64_t start_line;
        size_t indent;    // of a list's hyphens
        bool in_list;     // between hyphens
        bool list_begins; // behind `items:`
        bool is_list;     // the document holds a list: what is no item says nothing of its own
        bool too_long;
        bool torn; // the beginning of the line at `at` was too long to keep
    } yaml;
    struct arena list_arena; // what the list at hand says of its items
    struct str list_api, list_kind;

    struct arena yaml_arena, arena; // of the object at hand
    struct buf json;
    struct {
        const struct json_value *next; // items of a list that was read whole
        bool bare;                     // of an array: they have no list to say what they are
    } pending[OBJECTS_NESTED];
    size_t n_pending;
    struct object template; // place of the pending ones
};

// --- objects_window.c

// More bytes behind the window's end; what lies before `keep` is dropped (at and keep move). False: there are none.
bool objects_more(struct objects_reader *r, size_t keep, struct diags *diags);

// A document is left out, with its reason; column 0: unknown.
__attribute__((format(printf, 5, 6))) void objects_skip(struct objects_reader *r, uint64_t line, size_t column, struct diags *diags,
                                                        const char *format, ...);

// What a list says of its items: header is its kind and apiVersion (ptr NULL: not said). False: it is no list of objects.
[[nodiscard]] bool objects_list_header(struct objects_reader *r, struct str api_version, struct str kind);

// --- objects_json.c, objects_yaml.c, objects_convert.c

// The next piece of the document at hand; false: it has ended (mode is OBJECTS_BETWEEN), maybe because nothing is left.
[[nodiscard]] bool objects_next_json(struct objects_reader *r, struct objects_piece *out, struct diags *diags);
[[nodiscard]] bool objects_next_yaml(struct objects_reader *r, struct objects_piece *out, struct diags *diags);

// A tree as the JSON that Kubernetes' own reader (sigs.k8s.io/yaml, YAML 1.1) makes of it: a plain yes, on, off ... is a boolean.
void objects_yaml_to_json(struct yaml_source source, const struct yaml_value *v, struct buf *out);
