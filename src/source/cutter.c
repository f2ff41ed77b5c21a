// SPDX-License-Identifier: Apache-2.0
//                 [                            { [ "
//   TOP ----------------------> ELEMENTS <------------> VALUE
//    ^ \                          |  ^ known list, [
//    |  \ {        "              v  |
//    |   `--> MEMBERS --> KEY --> COLON --> SKIP
//    `---------- } '  ^                      |
//                     `----------------------'
#include "source/cutter.h"

#include <string.h>

enum { KEY_MAX = 64 }; // longer keys name no list

bool cutter_knows_list(struct str key)
{
    static const struct str lists[] = {
        {"items", 5},     // audit.k8s.io EventList
        {"records", 7},   // Azure: Event Hub, diagnostic settings
        {"logEvents", 9}, // CloudWatch Logs subscription
        {"events", 6},    // CloudWatch Logs: filter-log-events, get-log-events
        {"results", 7},   // CloudWatch Logs Insights
        {"entries", 7},   // Cloud Logging entries.list
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (str_eq(key, lists[i]))
            return true;
    }
    return false;
}

void cutter_init(struct cutter *c, size_t record_limit)
{
    *c = (struct cutter){.limit = record_limit, .line = 1};
}

static enum cut broken(struct cutter *c)
{
    const bool told = c->mending;
    const enum cutter_state was = c->state == CUT_VALUE ? c->around : c->state;
    c->line += c->frame.lines;
    c->frame = (struct frame){0};
    c->around = was == CUT_ELEMENTS ? CUT_ELEMENTS : CUT_TOP;
    c->state = CUT_DAMAGE;
    c->record_object = c->too_long = false;
    c->mending = true;
    return told ? CUT_MORE : CUT_BROKEN;
}

static void number_element(struct cutter *c)
{
    c->on_line = c->line == c->last_line ? c->on_line + 1 : 1;
    c->last_line = c->line;
    c->item = c->on_line > 1 || c->list_line == c->line ? c->on_line : 0;
}

static void begin_value(struct cutter *c, char byte)
{
    c->frame = (struct frame){0};
    c->scalar = byte != '{' && byte != '[' && byte != '"';
}

static void begin_record(struct cutter *c, char byte)
{
    begin_value(c, byte);
    c->begin = c->at;
    c->begin_line = c->line;
    c->item = 0;
    if (c->state == CUT_ELEMENTS)
        number_element(c);
    c->around = c->state;
    c->state = CUT_VALUE;
}

static enum cut end_record(struct cutter *c, enum cutter_state next)
{
    const bool too_long = c->too_long || c->at - c->begin > c->limit;
    c->end = c->at;
    c->state = next;
    c->too_long = c->record_object = c->mending = false;
    return too_long ? CUT_TOO_LONG : CUT_RECORD;
}

static void begin_list(struct cutter *c, bool in_object)
{
    c->state = CUT_ELEMENTS;
    c->in_object = in_object;
    c->record_object = c->too_long = false;
    c->list_line = c->line;
    if (c->last_line != c->line) // several lists on one line are numbered through
        c->last_line = 0;
}

void cutter_enter_list(struct cutter *c)
{
    begin_list(c, true);
    c->at++;
}

void cutter_pass_list(struct cutter *c)
{
    begin_value(c, '[');
    c->known_list = false;
    c->state = CUT_SKIP;
}

static bool begins_scalar(const struct cutter *c, char byte)
{
    return byte == '"' || (c->state == CUT_ELEMENTS && memchr("-0123456789tfn", byte, 14));
}

// Between values and between elements. CUT_MORE: nothing to tell.
static enum cut step_between(struct cutter *c, char byte)
{
    if (byte == '{' && c->state == CUT_TOP) {
        begin_record(c, byte);
        c->state = CUT_MEMBERS;
        c->record_object = true;
    } else if (byte == '[' && c->state == CUT_TOP) {
        begin_list(c, false);
    } else if (byte == '{' || byte == '[' || (!c->mending && begins_scalar(c, byte))) {
        begin_record(c, byte);
        return CUT_MORE; // the frame takes this byte
    } else if (byte == ']' && c->state == CUT_ELEMENTS) {
        c->state = c->in_object ? CUT_MEMBERS : CUT_TOP;
        if (c->ask && !c->in_object)
            return c->at++, CUT_END;
    } else if (byte != ',' && !(c->mending && (byte == '}' || byte == ']'))) {
        return broken(c);
    }
    c->at++;
    return CUT_MORE;
}

// Inside an object, outside of its members' values.
static enum cut step_members(struct cutter *c, char byte)
{
    if (c->state == CUT_MEMBERS && byte == '"') {
        begin_value(c, byte);
        c->key = c->at;
        c->state = CUT_KEY;
        return CUT_MORE; // the frame takes this byte
    }
    if (c->state == CUT_COLON && byte != ':') {
        if (byte == '[' && c->known_list && c->ask && !c->too_long)
            return CUT_LIST;
        if (byte == '[' && c->known_list) {
            begin_list(c, true);
        } else {
            begin_value(c, byte);
            c->state = CUT_SKIP;
            return CUT_MORE;
        }
    } else if (c->state == CUT_MEMBERS && byte == '}') {
        c->at++;
        if (c->record_object)
            return end_record(c, CUT_TOP);
        c->state = CUT_TOP;
        return c->ask ? CUT_END : CUT_MORE;
    } else if (byte != (c->state == CUT_COLON ? ':' : ',')) {
        return broken(c);
    }
    c->at++;
    return CUT_MORE;
}

// The rest of a number or literal; it ends before a comma, a bracket or white space.
static bool skip_scalar(struct cutter *c, const char *data, size_t len)
{
    while (c->at < len && !memchr(",]} \t\r\n", data[c->at], 7))
        c->at++;
    return c->at < len;
}

// Inside a value: a record, a key or what is skipped.
static enum cut step_value(struct cutter *c, const char *data, size_t len)
{
    bool bad = false;
    if (c->scalar) {
        if (!skip_scalar(c, data, len))
            return CUT_MORE;
        if (c->state == CUT_VALUE)
            return end_record(c, c->around);
        c->state = CUT_MEMBERS;
        return CUT_MORE;
    }
    const char *end = frame_value(&c->frame, data + c->at, data + len, &bad);
    c->at = end ? (size_t)(end - data) : len;
    if (bad)
        return broken(c);
    if (!end)
        return CUT_MORE;
    c->line += c->frame.lines;
    c->frame.lines = 0;
    if (c->state == CUT_VALUE)
        return end_record(c, c->around);
    if (c->state == CUT_KEY) {
        const struct str key = c->key == SIZE_MAX ? STR("") : str_make(data + c->key + 1, c->at - c->key - 2);
        c->known_list = c->ask ? str_eq(key, STR("items")) : cutter_knows_list(key);
        c->state = CUT_COLON;
    } else {
        c->state = CUT_MEMBERS;
    }
    return CUT_MORE;
}

static void step_damage(struct cutter *c, const char *data, size_t len)
{
    const char *newline = memchr(data + c->at, '\n', len - c->at);
    c->at = newline ? (size_t)(newline - data) : len;
    if (newline)
        c->state = c->around;
}

static void decide_what_to_keep(struct cutter *c)
{
    const bool in_record = c->state == CUT_VALUE || c->record_object;
    if (in_record && !c->too_long && c->at - c->begin > c->limit)
        c->too_long = true;
    c->keep = c->at;
    if (c->state == CUT_KEY && c->key != SIZE_MAX && c->at - c->key > KEY_MAX)
        c->key = SIZE_MAX;
    if (c->state == CUT_KEY && c->key != SIZE_MAX)
        c->keep = c->key;
    if (in_record && !c->too_long)
        c->keep = c->begin;
}

enum cut cutter_next(struct cutter *c, const char *data, size_t len)
{
    while (c->at < len) {
        enum cut cut = CUT_MORE;
        const char byte = data[c->at];
        if (c->state == CUT_DAMAGE) {
            step_damage(c, data, len);
        } else if (c->state == CUT_VALUE || c->state == CUT_KEY || c->state == CUT_SKIP) {
            cut = step_value(c, data, len);
        } else if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
            c->line += byte == '\n';
            c->at++;
        } else if (c->state == CUT_TOP || c->state == CUT_ELEMENTS) {
            cut = step_between(c, byte);
        } else {
            cut = step_members(c, byte);
        }
        if (cut != CUT_MORE)
            return cut;
    }
    decide_what_to_keep(c);
    return CUT_MORE;
}

void cutter_forget(struct cutter *c)
{
    c->at -= c->keep;
    c->begin = c->begin > c->keep ? c->begin - c->keep : 0;
    if (c->key != SIZE_MAX)
        c->key = c->key > c->keep ? c->key - c->keep : 0;
    c->keep = 0;
}

bool cutter_done(const struct cutter *c)
{
    return c->state == CUT_TOP || (c->state == CUT_DAMAGE && c->around == CUT_TOP);
}
