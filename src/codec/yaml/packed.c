// SPDX-License-Identifier: Apache-2.0
// Trees as bytes:
//
//   packed    = length of the text, number of documents, { value }
//   value     = head, [ key: place, text ], place, ( scalar: text | container: number of members or items, { value } )
//   head      = one byte: kind (3 bits), whether it is true (1), where its text is (2), where its key is (2)
//   place     = lines since the last place, column, bytes since the last place
//   text      = length, [ the bytes, when they are not in the file as they are ]
//
// Numbers are LEB128 of what zigzag makes of them when they may be negative. What is here was written by yaml_pack: it is not input.
#include "packed.h"

#include "base/status.h"

enum where { NOWHERE, AT_ITS_PLACE, BEHIND_A_QUOTE, HERE };
enum { KIND_BITS = 3, TRUE_BIT = 1 << KIND_BITS, TEXT_SHIFT = 4, KEY_SHIFT = 6, WHERE_MASK = 3 };

struct spot {
    unsigned line, column;
    size_t offset;
};

static enum where where_is(struct str file, struct str text, size_t offset)
{
    if (!text.ptr)
        return NOWHERE;
    for (size_t lead = 0; lead <= 1; lead++)
        if (str_eq(str_slice(file, offset + lead, offset + lead + text.len), text))
            return lead ? BEHIND_A_QUOTE : AT_ITS_PLACE;
    return HERE;
}

// --- writing ---------------------------------------------------------------------------------------------------------------------

struct packing {
    struct str file;
    struct spot last;
    struct buf *out;
};

static void put(struct packing *p, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        buf_add_char(p->out, (char)(number | 0x80));
    buf_add_char(p->out, (char)number);
}

static void put_signed(struct packing *p, int64_t number)
{
    put(p, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}

static void put_spot(struct packing *p, struct spot spot)
{
    put_signed(p, (int64_t)spot.line - (int64_t)p->last.line);
    put(p, spot.column);
    put_signed(p, (int64_t)spot.offset - (int64_t)p->last.offset);
    p->last = spot;
}

static void put_text(struct packing *p, enum where where, struct str text)
{
    put(p, text.len);
    if (where == HERE)
        buf_add(p->out, text);
}

static void put_value(struct packing *p, const struct yaml_value *v)
{
    const enum where text = where_is(p->file, v->text, v->offset), key = where_is(p->file, v->key, v->key_offset);
    buf_add_char(p->out, (char)((unsigned)v->kind | (v->boolean ? TRUE_BIT : 0u) | text << TEXT_SHIFT | key << KEY_SHIFT));
    if (key) {
        put_spot(p, (struct spot){v->key_line, v->key_column, v->key_offset});
        put_text(p, key, v->key);
    }
    put_spot(p, (struct spot){v->line, v->column, v->offset});
    if (text) {
        put_text(p, text, v->text);
        return;
    }
    put(p, v->count);
    for (const struct yaml_value *child = v->first; child; child = child->next)
        put_value(p, child);
}

void yaml_pack(struct yaml_source source, struct yaml_value *const *documents, size_t n, struct buf *out)
{
    struct packing p = {.file = source.text, .out = out};
    put(&p, source.text.len);
    put(&p, n);
    for (size_t i = 0; i < n; i++)
        put_value(&p, documents[i]);
}

// --- reading ---------------------------------------------------------------------------------------------------------------------

struct unpacking {
    struct arena *arena;
    struct str file;
    const char *at, *end;
    struct spot last;
};

static uint64_t take(struct unpacking *u)
{
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        must(u->at < u->end && shift < 64);
        const unsigned char byte = (unsigned char)*u->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
}

static int64_t take_signed(struct unpacking *u)
{
    const uint64_t number = take(u);
    return (int64_t)(number >> 1 ^ -(number & 1));
}

static struct spot take_spot(struct unpacking *u)
{
    u->last.line = (unsigned)(u->last.line + take_signed(u));
    u->last.column = (unsigned)take(u);
    u->last.offset = (size_t)((int64_t)u->last.offset + take_signed(u));
    return u->last;
}

static struct str take_text(struct unpacking *u, enum where where, size_t offset)
{
    const size_t len = (size_t)take(u);
    if (where == HERE) {
        must(len <= (size_t)(u->end - u->at));
        u->at += len;
        return str_make(u->at - len, len);
    }
    offset += where == BEHIND_A_QUOTE;
    must(offset <= u->file.len && len <= u->file.len - offset);
    return str_make(u->file.ptr + offset, len);
}

static void take_value(struct unpacking *u, struct yaml_value *v)
{
    must(u->at < u->end);
    const unsigned head = (unsigned char)*u->at++;
    const enum where text = head >> TEXT_SHIFT & WHERE_MASK, key = head >> KEY_SHIFT;
    v->kind = head & (TRUE_BIT - 1);
    v->boolean = head & TRUE_BIT;
    if (key) {
        const struct spot spot = take_spot(u);
        v->key_line = spot.line, v->key_column = spot.column, v->key_offset = spot.offset;
        v->key = take_text(u, key, spot.offset);
    }
    const struct spot spot = take_spot(u);
    v->line = spot.line, v->column = spot.column, v->offset = spot.offset;
    if (text) {
        v->text = take_text(u, text, spot.offset);
        return;
    }
    v->count = (size_t)take(u);
    if (!v->count)
        return;
    v->first = arena_array(u->arena, struct yaml_value, v->count);
    for (size_t i = 0; i < v->count; i++) {
        take_value(u, &v->first[i]);
        v->first[i].next = i + 1 < v->count ? &v->first[i + 1] : NULL;
    }
}

void packed_read(struct arena *a, struct yaml_source source, struct yaml_value ***out_documents, size_t *out_n)
{
    struct unpacking u = {a, source.text, source.packed.ptr, source.packed.ptr + source.packed.len, {0}};
    must(take(&u) == source.text.len);
    *out_n = (size_t)take(&u);
    *out_documents = arena_array(a, struct yaml_value *, *out_n);
    for (size_t i = 0; i < *out_n; i++) {
        (*out_documents)[i] = arena_new(a, struct yaml_value);
        take_value(&u, (*out_documents)[i]);
    }
    must(u.at == u.end);
}
