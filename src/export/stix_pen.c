// SPDX-License-Identifier: Apache-2.0
#include "export/stix_pen.h"

#include "base/status.h"
#include "base/time.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

// Section 2.9: the name space of observables, and one of davy's own for everything else.
static const uint8_t observables[16] = {0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};
static const uint8_t davys[16] = {0x15, 0x75, 0xce, 0xb0, 0x32, 0xb6, 0x4b, 0x72, 0xb9, 0xf3, 0x7d, 0xc8, 0x31, 0x86, 0x79, 0x07};

void stix_pen_init(struct stix_pen *pen)
{
    *pen = (struct stix_pen){0};
    arena_init(&pen->arena, ARENA_UNLIMITED);
    buf_init(&pen->out, SIZE_MAX);
    pen->w = json_writer_to(&pen->out);
}

void stix_pen_fini(struct stix_pen *pen)
{
    map_fini(&pen->seen);
    buf_fini(&pen->out);
    arena_fini(&pen->arena);
}

// --- identifiers -----------------------------------------------------------------------------------------------------------------

static struct stix_id make_id(const char *type, const uint8_t space[16], struct str name)
{
    struct stix_id id;
    size_t len = strlen(type);
    must(len + 2 + UUID_TEXT <= sizeof id.text);
    memcpy(id.text, type, len);
    memcpy(id.text + len, "--", 2);
    uuid5(space, name, id.text + len + 2);
    id.len = len + 2 + UUID_TEXT;
    return id;
}

struct stix_id stix_id_of(const char *type, struct str key)
{
    struct buf name;
    buf_init(&name, SIZE_MAX);
    buf_addf(&name, "%s ", type);
    buf_add(&name, key);
    struct stix_id id = make_id(type, davys, buf_str(&name));
    buf_fini(&name);
    return id;
}

// RFC 8785, 3.2.2.2: the shortest escape of what must be escaped, everything else as it is.
static void canonical_string(struct buf *out, struct str s)
{
    static const char shorts[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else if (c < sizeof shorts && shorts[c])
            buf_addf(out, "\\%c", shorts[c]);
        else if (c < ' ')
            buf_addf(out, "\\u%04x", c);
        else
            buf_add_char(out, (char)c);
    }
    buf_add_char(out, '"');
}

struct stix_id stix_observable_id(const char *type, const char *property, struct str value)
{
    struct buf name;
    buf_init(&name, SIZE_MAX);
    buf_addf(&name, "{\"%s\":", property);
    canonical_string(&name, value);
    buf_add_char(&name, '}');
    struct stix_id id = make_id(type, observables, buf_str(&name));
    buf_fini(&name);
    return id;
}

struct str stix_id_str(const struct stix_id *id)
{
    return str_make(id->text, id->len);
}

struct str stix_clean(struct arena *a, struct str s)
{
    if (utf8_invalid_at(s) == SIZE_MAX)
        return s;
    struct buf b;
    uint32_t c;
    buf_init(&b, SIZE_MAX);
    for (size_t i = 0, n; i < s.len; i += n ? n : 1) {
        n = utf8_decode(str_slice(s, i, s.len), &c);
        buf_add(&b, n ? str_slice(s, i, i + n) : STR("\xef\xbf\xbd"));
    }
    struct str clean = arena_str(a, buf_str(&b));
    buf_fini(&b);
    return clean;
}

// --- objects ---------------------------------------------------------------------------------------------------------------------

bool stix_open(struct stix_pen *pen, const char *type, const struct stix_id *id)
{
    bool added;
    if (map_get(&pen->seen, stix_id_str(id)))
        return false;
    (void)map_put(&pen->seen, arena_str(&pen->arena, stix_id_str(id)), &added);
    json_open_object(&pen->w);
    json_key_string(&pen->w, STR("type"), str_from_c(type));
    json_key_string(&pen->w, STR("spec_version"), STR("2.1"));
    json_key_string(&pen->w, STR("id"), stix_id_str(id));
    return true;
}

void stix_common(struct stix_pen *pen, const struct stix_id *author, int64_t created, int64_t modified)
{
    stix_ref(pen, "created_by_ref", author);
    stix_time(pen, "created", created);
    stix_time(pen, "modified", modified);
}

void stix_close(struct stix_pen *pen)
{
    json_close_object(&pen->w);
}

// Never in the middle of a character: a half one would be shown as a mark of its own.
static struct str cut(struct str s)
{
    if (s.len <= STIX_TEXT_MAX)
        return s;
    size_t end = STIX_TEXT_MAX;
    while (end > STIX_TEXT_MAX - 3 && ((unsigned char)s.ptr[end] & 0xc0) == 0x80)
        end--;
    return str_slice(s, 0, end);
}

void stix_text(struct stix_pen *pen, const char *key, struct str s)
{
    if (s.len)
        json_key_string(&pen->w, str_from_c(key), cut(s));
}

void stix_time(struct stix_pen *pen, const char *key, int64_t ns)
{
    struct calendar c = time_calendar(ns);
    int64_t part = ns % NS_PER_SECOND;
    char text[40];
    int milliseconds = (int)((part < 0 ? part + NS_PER_SECOND : part) / 1000000);
    int n = snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour, c.minute, c.second,
                     milliseconds);
    json_key_string(&pen->w, str_from_c(key), str_make(text, (size_t)n));
}

void stix_ref(struct stix_pen *pen, const char *key, const struct stix_id *id)
{
    json_key_string(&pen->w, str_from_c(key), stix_id_str(id));
}

struct stix_id stix_relate(struct stix_pen *pen, const struct stix_id *author, int64_t created, const struct stix_id *from, const char *how,
                           const struct stix_id *to)
{
    char key[2 * STIX_ID_MAX + 64];
    int n = snprintf(key, sizeof key, "%.*s %s %.*s", (int)from->len, from->text, how, (int)to->len, to->text);
    struct stix_id id = stix_id_of("relationship", str_make(key, (size_t)n));
    if (stix_open(pen, "relationship", &id)) {
        stix_common(pen, author, created, created);
        json_key_string(&pen->w, STR("relationship_type"), str_from_c(how));
        stix_ref(pen, "source_ref", from);
        stix_ref(pen, "target_ref", to);
        stix_close(pen);
    }
    return id;
}
