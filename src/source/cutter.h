// SPDX-License-Identifier: Apache-2.0
// Finds where the records of a JSON document begin and end, piece by piece, without holding or understanding them.
//
// It only frames: strings and brackets are followed, nothing is decoded; codec/json reads the records. A document is any number of
// JSON values in a row. Cut out of it are
//
//   [ R, R, ... ]                     the elements of an array
//   { ..., "items": [ R, R ], ... }   the elements of a known list in an object: EventList, records, logEvents, ...
//   { ... }                           otherwise the object itself, however many lines it takes
//
// Damage (a bracket that does not fit, a newline inside a string, text between values) costs the rest of its line and what was open;
// cutting goes on behind it.
#pragma once

#include "base/str.h"

// Following one value to its end.
struct frame {
    unsigned depth;
    bool string, escape; // inside a string; behind its backslash
    uint64_t arrays[16]; // a bit for each open bracket: whether it is [
    uint64_t lines;      // newlines passed
};

// The end of the value that goes on at p, or NULL: not in these bytes. *broken: they are no JSON; the pointer says where. A value begins
// with a zeroed frame at {, [ or ".
[[nodiscard]] const char *frame_value(struct frame *f, const char *p, const char *end, bool *broken);

enum cutter_state {
    CUT_TOP,      // between values
    CUT_ELEMENTS, // between the elements of an array
    CUT_VALUE,    // inside a value that is a record
    CUT_MEMBERS,  // inside an object, before a key
    CUT_KEY,      // inside a key
    CUT_COLON,    // behind a key
    CUT_SKIP,     // inside a member's value that is no list
    CUT_DAMAGE,   // looking for the next line
};

enum cut {
    CUT_MORE,     // the bytes are used up; those before keep are no longer needed
    CUT_RECORD,   // a record: begin, end, begin_line, item
    CUT_TOO_LONG, // a record beyond the limit ends here
    CUT_BROKEN,   // damage begins here, in `line`
    CUT_LIST,     // with `ask`: data[begin, at) is what stands before the list; cutter_enter_list or cutter_pass_list
    CUT_END,      // with `ask`: a value that was cut into records ends here
};

struct cutter {
    size_t limit; // bytes of a record
    bool ask;     // "items" alone names a list, and the caller decides whether it is one: CUT_LIST
    enum cutter_state state;
    enum cutter_state around; // CUT_VALUE: what comes behind it; CUT_DAMAGE: where to go on
    struct frame frame;
    bool scalar;         // the value being read is a number or literal, which needs no frame
    size_t at;           // the next byte to look at
    size_t keep;         // the first byte that must still be there next time
    size_t begin;        // where the record begins
    size_t end;          // and, at CUT_RECORD, ends
    size_t key;          // where the key begins
    bool in_object;      // the array is a list in an object
    bool record_object;  // the object being read is itself the record, unless a list turns up in it
    bool known_list;     // the key just read names a list
    bool too_long;       // the record being read is beyond the limit and no longer kept
    bool mending;        // behind damage, before the next record
    uint64_t line;       // of the byte at `at`, from 1
    uint64_t begin_line; // where the record begins
    uint64_t list_line;  // where the array begins
    uint64_t last_line;  // where its last element began
    uint32_t on_line;    // elements that began on last_line
    uint32_t item;       // 1-based position of the record among those on its line; 0: alone on it
};

void cutter_init(struct cutter *c, size_t record_limit);
// Goes on in data[0, len).
[[nodiscard]] enum cut cutter_next(struct cutter *c, const char *data, size_t len);
// The list at `at` is cut into records; or it is a member like any other.
void cutter_enter_list(struct cutter *c);
void cutter_pass_list(struct cutter *c);
// The caller has moved the bytes from `keep` on to the front.
void cutter_forget(struct cutter *c);
// Whether the document may end here: everything opened is closed.
[[nodiscard]] bool cutter_done(const struct cutter *c);

// Whether a key of an object names a list of records.
[[nodiscard]] bool cutter_knows_list(struct str key);
