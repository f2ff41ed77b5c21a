// SPDX-License-Identifier: Apache-2.0
// What both kinds of documents are cut with: the window on the plain bytes, leaving out what is bad, and what a list says of its items.
#include "source/objects_reader.h"

#include <stdlib.h>
#include <string.h>

static void make_room(struct objects_reader *r, size_t keep)
{
    if (keep) {
        memmove(r->data, r->data + keep, r->len - keep);
        r->len -= keep;
        r->dropped = true;
        r->at -= keep < r->at ? keep : r->at;
    }
    if (r->cap && r->len < r->cap / 2)
        return;
    r->cap = r->cap ? r->cap * 2 : OBJECTS_WINDOW;
    r->data = must_alloc(realloc(r->data, r->cap + JSON_PADDING));
    memset(r->data + r->len, 0, r->cap + JSON_PADDING - r->len);
}

bool objects_more(struct objects_reader *r, size_t keep, struct diags *diags)
{
    size_t got = 0;
    make_room(r, keep);
    if (r->end)
        return false;
    const status result = stream_read(r->stream, r->data + r->len, r->cap - r->len, &got, diags);
    if (result != ST_OK) {
        r->counters.damaged_inputs++;
        if (r->limits.strict)
            r->stopped = result;
    }
    r->end = got == 0;
    r->len += got;
    r->counters.bytes += got;
    return got != 0;
}

void objects_skip(struct objects_reader *r, uint64_t line, size_t column, struct diags *diags, const char *format, ...)
{
    struct buf text;
    va_list args;
    const struct place place = {
        .file = r->list->inputs[r->input].path, .line = line < UINT32_MAX ? (unsigned)line : 0, .column = (unsigned)column};
    buf_init(&text, 4096);
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    diags_add(diags, r->limits.strict ? DIAG_ERROR : DIAG_WARNING, &place, "document skipped: %.*s", STR_ARG(buf_str(&text)));
    buf_fini(&text);
    r->counters.bad++;
    if (r->limits.strict)
        r->stopped = ST_INPUT;
}

bool objects_list_header(struct objects_reader *r, struct str api_version, struct str kind)
{
    r->list_api = r->list_kind = STR_NONE;
    if (kind.ptr && !str_ends(kind, STR("List")))
        return false;
    if (kind.len > 4) { // PodList; a mere List says nothing of its items
        r->list_kind = arena_str(&r->list_arena, str_slice(kind, 0, kind.len - 4));
        r->list_api = arena_str(&r->list_arena, api_version);
    }
    return true;
}
