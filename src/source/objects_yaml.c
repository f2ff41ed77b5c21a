// SPDX-License-Identifier: Apache-2.0
// Objects in YAML: a stream is parted into documents, and a document that is a list in block style into its items, by its lines alone.
//
// Both are exact. A line that begins with --- or ... ends a document wherever it stands (YAML 1.2.2, 9.1.2). Inside the items of a list
// everything, scalars of several lines included, is indented further than the list's hyphens (6.1, 8.2.1), so a hyphen in their column
// begins the next item. What breaks that rule does not parse, and is told.
#include "source/objects_reader.h"

#include "base/status.h"

#include <string.h>

// The line at `at`, without its break; *behind is where the next one begins. False: nothing is left.
static bool take_line(struct objects_reader *r, struct str *line, size_t *behind, struct diags *diags)
{
    struct objects_yaml *y = &r->yaml;
    for (size_t seen = 0;;) {
        const char *newline = memchr(r->data + r->at + seen, '\n', r->len - r->at - seen);
        if (newline || (r->end && r->at < r->len)) {
            const size_t end = newline ? (size_t)(newline - r->data) : r->len;
            *line = str_make(r->data + r->at, end - r->at);
            *behind = newline ? end + 1 : end;
            return true;
        }
        if (r->end)
            return false;
        seen = r->len - r->at;
        if (seen > r->limits.object) { // the beginning of the line is dropped
            y->too_long = y->torn = true;
            r->at = r->len;
            seen = 0;
        }
        y->too_long = y->too_long || r->len - y->start > r->limits.object;
        const size_t keep = y->too_long ? r->at : y->start;
        y->start = y->start > keep ? y->start - keep : 0;
        (void)objects_more(r, keep, diags);
    }
}

static bool is_blank(struct str line)
{
    line = str_trim(line);
    return line.len == 0 || line.ptr[0] == '#';
}

static bool is_marker(struct str line)
{
    return (str_starts(line, STR("---")) || str_starts(line, STR("..."))) &&
           (line.len == 3 || line.ptr[3] == ' ' || line.ptr[3] == '\t' || line.ptr[3] == '\r');
}

static size_t indent_of(struct str line)
{
    size_t n = 0;
    while (n < line.len && line.ptr[n] == ' ')
        n++;
    return n;
}

static bool is_hyphen(struct str line, size_t at)
{
    return at < line.len && line.ptr[at] == '-' && (at + 1 == line.len || memchr(" \t\r", line.ptr[at + 1], 3));
}

// The scalar behind "KEY:" at the start of a line, or STR_NONE.
static struct str member(struct str line, struct str key)
{
    if (!str_starts(line, key))
        return STR_NONE;
    struct str value = str_slice(line, key.len, line.len);
    const size_t comment = str_find(value, STR(" #"), 0);
    value = str_trim(comment == SIZE_MAX ? value : str_slice(value, 0, comment));
    if (value.len >= 2 && (value.ptr[0] == '"' || value.ptr[0] == '\'') && value.ptr[value.len - 1] == value.ptr[0])
        value = str_slice(value, 1, value.len - 1);
    return value;
}

static void read_member(struct objects_reader *r, struct str line)
{
    struct objects_yaml *y = &r->yaml;
    const struct str kind = member(line, STR("kind:")), api = member(line, STR("apiVersion:")), items = member(line, STR("items:"));
    if (y->is_list) // behind its items; a second list of them is one, too
        y->list_begins = items.ptr && items.len == 0;
    if (y->is_list)
        return;
    if (kind.ptr)
        r->list_kind = arena_str(&r->list_arena, kind);
    if (api.ptr)
        r->list_api = arena_str(&r->list_arena, api);
    if (items.ptr && items.len == 0)
        y->list_begins = !r->list_kind.ptr || str_ends(r->list_kind, STR("List"));
}

static void begin_piece(struct objects_reader *r)
{
    r->yaml.start = r->at;
    r->yaml.start_line = r->line;
    r->yaml.too_long = false;
}

// Whether the piece that ends here is something to read.
static bool end_piece(struct objects_reader *r, bool wanted, struct objects_piece *out, struct diags *diags)
{
    const struct objects_yaml *y = &r->yaml;
    if (y->too_long) {
        const struct place place = {.file = r->list->inputs[r->input].path, .line = (unsigned)y->start_line};
        diags_add(diags, DIAG_WARNING, &place, "the object is longer than %zu bytes and left out", r->limits.object);
        r->counters.oversized++;
        return false;
    }
    *out = (struct objects_piece){str_make(r->data + y->start, r->at - y->start), y->start_line, 0, true};
    return wanted;
}

// A hyphen begins an item: it becomes a space, so that places stay what they are.
static void begin_item(struct objects_reader *r)
{
    begin_piece(r);
    r->data[r->at + r->yaml.indent] = ' ';
}

// Looks at a line before it is passed; true: a piece ends before it.
static bool ends_piece(struct objects_reader *r, struct str line, struct objects_piece *out, struct diags *diags)
{
    struct objects_yaml *y = &r->yaml;
    if (is_blank(line))
        return false;
    const size_t indent = indent_of(line);
    bool ends = false;
    if (y->in_list && indent == y->indent && is_hyphen(line, indent)) {
        ends = end_piece(r, true, out, diags);
        begin_item(r);
        return ends;
    }
    if (y->in_list && indent <= y->indent) {
        ends = end_piece(r, true, out, diags);
        y->in_list = false;
        begin_piece(r);
    }
    if (y->list_begins && is_hyphen(line, indent)) {
        if (!y->is_list)
            (void)objects_list_header(r, r->list_api, r->list_kind);
        y->in_list = y->is_list = true;
        y->list_begins = false;
        y->indent = indent;
        begin_item(r);
        return false;
    }
    y->list_begins = false;
    if (!y->in_list)
        read_member(r, line);
    return ends;
}

bool objects_next_yaml(struct objects_reader *r, struct objects_piece *out, struct diags *diags)
{
    struct objects_yaml *y = &r->yaml;
    struct str line;
    size_t behind;
    while (take_line(r, &line, &behind, diags)) {
        const bool torn = y->torn; // then this is the rest of a line that belongs to the piece
        y->torn = false;
        if (!torn && is_marker(line))
            break;
        const bool ends = !torn && ends_piece(r, line, out, diags);
        r->at = behind;
        r->line++;
        if (ends)
            return true;
    }
    r->mode = OBJECTS_BETWEEN;
    if (y->is_list && !y->in_list)
        return false;
    return end_piece(r, true, out, diags);
}
