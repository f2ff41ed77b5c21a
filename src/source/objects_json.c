// SPDX-License-Identifier: Apache-2.0
// Objects in JSON: one after the other, in an array, or the items of a list.
#include "source/objects_reader.h"

#include "base/status.h"

// A list begins at the cutter: what its beginning says.
static bool read_header(struct objects_reader *r)
{
    const struct cutter *c = &r->cutter;
    struct json_error error;
    struct buf text;
    buf_init(&text, r->limits.object + 4 + JSON_PADDING);
    buf_add(&text, str_make(r->data + c->begin, c->at - c->begin));
    buf_add(&text, STR("[]}"));
    struct str json = buf_str(&text);
    (void)buf_reserve(&text, JSON_PADDING);
    json.ptr = text.ptr;
    arena_reset(&r->list_arena);
    const struct json_value *head =
        text.full ? NULL
                  : json_parse(&r->list_arena, json, (struct json_limits){.depth = r->limits.depth, .size = r->limits.object + 4}, &error);
    const bool is_list =
        head && objects_list_header(r, json_text(json_get(head, STR("apiVersion"))), json_text(json_get(head, STR("kind"))));
    buf_fini(&text);
    return is_list;
}

static void leave(struct objects_reader *r)
{
    r->at = r->cutter.at;
    r->line = r->cutter.line;
    r->mode = OBJECTS_BETWEEN;
}

static void note_broken(struct objects_reader *r, struct diags *diags)
{
    const struct cutter *c = &r->cutter;
    objects_skip(r, c->line, 0, diags, "not JSON; what was open is left out");
    if (c->around != CUT_TOP)
        return;
    r->lost = true;
    leave(r);
}

static void note_too_long(struct objects_reader *r, struct diags *diags)
{
    const struct place place = {.file = r->list->inputs[r->input].path, .line = (unsigned)r->cutter.begin_line};
    diags_add(diags, DIAG_WARNING, &place, "the object is longer than %zu bytes and left out", r->limits.object);
    r->counters.oversized++;
}

static void next_bytes(struct objects_reader *r, struct diags *diags)
{
    const bool more = objects_more(r, r->cutter.keep, diags);
    cutter_forget(&r->cutter);
    if (more)
        return;
    if (!cutter_done(&r->cutter))
        objects_skip(r, r->cutter.line, 0, diags, "the input ends inside of a value");
    leave(r);
}

bool objects_next_json(struct objects_reader *r, struct objects_piece *out, struct diags *diags)
{
    struct cutter *c = &r->cutter;
    while (r->mode == OBJECTS_JSON && r->stopped == ST_OK) {
        switch (cutter_next(c, r->data, r->len)) {
        case CUT_RECORD:
            *out = (struct objects_piece){str_make(r->data + c->begin, c->end - c->begin), c->begin_line, c->item, false};
            if (c->state == CUT_TOP)
                leave(r);
            return true;
        case CUT_TOO_LONG:
            note_too_long(r, diags);
            if (c->state == CUT_TOP)
                leave(r);
            break;
        case CUT_BROKEN:
            note_broken(r, diags);
            break;
        case CUT_LIST:
            if (read_header(r))
                cutter_enter_list(c);
            else
                cutter_pass_list(c);
            break;
        case CUT_END:
            leave(r);
            break;
        case CUT_MORE:
            next_bytes(r, diags);
            break;
        }
    }
    return false;
}
