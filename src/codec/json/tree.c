// SPDX-License-Identifier: Apache-2.0
// The whole of a document as a tree: for records that matched, tests and configuration.
#include "codec/json/token.h"

// Each mending reads a container again from its start; a record that needs more is not worth more.
enum { MENDINGS_MAX = 8 };

struct builder {
    struct arena *arena;
    const char *start, *end;
    struct json_limits limits;
    struct json_error *error;
    bool full;         // the arena is
    unsigned mendings; // done so far
};

static bool bad(const struct builder *b, const char *at, const char *reason)
{
    *b->error = (struct json_error){.offset = (size_t)(at - b->start), .reason = reason};
    return false;
}

// The string at *p (its opening quote), unescaped. An escape that is none leaves the bytes as written, as it does where records are
// matched; the strict reading has found it before.
static bool read_string(const struct builder *b, const char **p, struct str *out)
{
    bool plain;
    const char *open = *p + 1, *stop = token_string_stop(open, b->end);
    if (stop < b->end && *stop == '"') {
        *out = str_make(open, (size_t)(stop - open));
        *p = stop + 1;
        return true;
    }
    const char *close = token_string_end(open, b->end, &plain);
    if (!close)
        return bad(b, *p, "string without an end");
    struct str raw = str_make(open, (size_t)(close - open));
    for (size_t i = 0; i < raw.len; i++)
        if ((unsigned char)raw.ptr[i] < 0x20)
            return bad(b, raw.ptr + i, "control character inside a string");
    if (!json_unescape(b->arena, raw, out))
        *out = raw;
    *p = close + 1;
    return true;
}

static bool read_key(const struct builder *b, const char **p, struct str *key)
{
    if (*p >= b->end || **p != '"')
        return bad(b, *p, "key expected");
    if (!read_string(b, p, key))
        return false;
    *p = token_skip_space(*p, b->end);
    if (*p >= b->end || **p != ':')
        return bad(b, *p, "':' expected");
    *p = token_skip_space(*p + 1, b->end);
    return true;
}

static bool read_scalar(const struct builder *b, const char **p, struct json_value *v)
{
    if (*p < b->end && **p == '"') {
        v->kind = JSON_STRING;
        return read_string(b, p, &v->text);
    }
    const char *behind = token_scalar(*p, b->end, &v->kind);
    if (!behind)
        return bad(b, *p, "value expected");
    v->text = str_make(*p, (size_t)(behind - *p));
    *p = behind;
    return true;
}

// An array or object being read: where its next member is linked.
struct open {
    struct json_value *value;
    struct json_value **link;
};

static struct json_value *new_value(struct builder *b, const char *at)
{
    struct json_value *v = arena_try(b->arena, sizeof *v);
    if (!v)
        b->full = !bad(b, at, "more than the memory for one record");
    return v;
}

// Closes what ends at *p, steps over a comma. *depth is 0 behind the outermost value.
static bool after_value(const struct builder *b, const char **p, const struct open *stack, unsigned *depth)
{
    while (*depth) {
        struct json_value *parent = stack[*depth].value;
        *p = token_skip_space(*p, b->end);
        if (*p >= b->end)
            return bad(b, *p, "array or object without an end");
        if (**p == ',') {
            *p = token_skip_space(*p + 1, b->end);
            return true;
        }
        if (**p != (parent->kind == JSON_ARRAY ? ']' : '}'))
            return bad(b, *p, "',' or closing bracket expected");
        ++*p;
        parent->raw.len = (size_t)(*p - parent->raw.ptr);
        --*depth;
    }
    return true;
}

// Reads the value at *p into v. Containers that are not empty are pushed instead of read.
static bool read_value(const struct builder *b, const char **p, struct json_value *v, struct open *stack, unsigned *depth)
{
    v->raw = str_make(*p, 0);
    if (*p < b->end && (**p == '{' || **p == '[')) {
        v->kind = **p == '{' ? JSON_OBJECT : JSON_ARRAY;
        char close = v->kind == JSON_OBJECT ? '}' : ']';
        if (*depth == b->limits.depth)
            return bad(b, *p, "nested deeper than the limit");
        *p = token_skip_space(*p + 1, b->end);
        stack[++*depth] = (struct open){v, &v->first};
        if (*p >= b->end || **p != close)
            return true;
        return after_value(b, p, stack, depth);
    }
    if (!read_scalar(b, p, v))
        return false;
    v->raw.len = (size_t)(*p - v->raw.ptr);
    return after_value(b, p, stack, depth);
}

// The next member or element of the innermost container.
static struct json_value *next_member(struct builder *b, const char **p, struct open *top)
{
    struct json_value *v = new_value(b, *p);
    if (!v || (top->value->kind == JSON_OBJECT && !read_key(b, p, &v->key)))
        return NULL;
    *top->link = v;
    top->link = &v->next;
    top->value->count++;
    return v;
}

// Behind the array or object that starts at p, as a scan steps over it: brackets outside of strings balance. NULL: they do not.
static const char *step_over(const char *p, const char *end)
{
    unsigned depth = 0;
    bool plain;
    for (; p < end; p++) {
        if (*p == '"') {
            p = token_string_end(p + 1, end, &plain);
            if (!p)
                return NULL;
        } else if (*p == '{' || *p == '[') {
            depth++;
        } else if ((*p == '}' || *p == ']') && --depth == 0) {
            return p + 1;
        }
    }
    return NULL;
}

// After an error: the innermost container ends where the damage begins, and *p is behind its bracket. A member whose value was not
// reached stays as null.
static bool mend(struct builder *b, const char **p, const struct open *stack, unsigned *depth)
{
    do {
        if (!b->limits.mend || b->full || *depth == 0 || b->mendings++ == MENDINGS_MAX)
            return false;
        struct json_value *broken = stack[*depth].value;
        const char *behind = step_over(broken->raw.ptr, b->end);
        if (!behind)
            return false;
        broken->raw.len = (size_t)(behind - broken->raw.ptr);
        --*depth;
        *p = behind;
    } while (!after_value(b, p, stack, depth));
    return true;
}

const struct json_value *json_parse(struct arena *a, struct str text, struct json_limits limits, struct json_error *error)
{
    struct builder b = {.arena = a, .start = text.ptr, .end = text.ptr + text.len, .limits = limits, .error = error};
    struct open stack[JSON_DEPTH_MAX + 1];
    unsigned depth = 0;
    if (text.len > limits.size)
        return bad(&b, text.ptr + limits.size, "longer than the limit for one record"), NULL;
    if (limits.strict && !json_validate(text, limits, error))
        return NULL;
    const char *p = token_skip_space(text.ptr, b.end);
    struct json_value *root = new_value(&b, p), *v = root;
    if (!root)
        return NULL;
    do {
        if (!(v && read_value(&b, &p, v, stack, &depth)) && !mend(&b, &p, stack, &depth))
            return NULL;
        v = depth ? next_member(&b, &p, &stack[depth]) : NULL;
    } while (depth);
    p = token_skip_space(p, b.end);
    if (p != b.end)
        return bad(&b, p, "more behind the value"), NULL;
    return root;
}

const struct json_value *json_get(const struct json_value *v, struct str key)
{
    const struct json_value *found = NULL;
    if (!v || v->kind != JSON_OBJECT)
        return NULL;
    for (const struct json_value *member = v->first; member; member = member->next)
        if (str_eq(member->key, key))
            found = member;
    return found;
}

const struct json_value *json_at(const struct json_value *v, const struct str *keys)
{
    for (; v && keys->ptr; keys++)
        v = json_get(v, *keys);
    return v;
}

struct str json_text(const struct json_value *v)
{
    return v && v->kind == JSON_STRING ? v->text : STR_NONE;
}
