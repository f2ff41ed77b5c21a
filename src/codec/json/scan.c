// SPDX-License-Identifier: Apache-2.0
#include "codec/json/scan.h"

#include "base/status.h"

#include <stdlib.h>

// Best first.
static const struct json_simd *const implementations[] = {
#if defined(__x86_64__)
    &json_simd_avx512,
    &json_simd_avx2,
    &json_simd_sse2,
#endif
    &json_simd_plain,
};

const struct json_simd *json_simd_best(void)
{
    size_t i = 0;
    while (!implementations[i]->available())
        i++;
    return implementations[i];
}

const struct json_simd *json_simd_find(struct str name)
{
    for (size_t i = 0; i < sizeof implementations / sizeof implementations[0]; i++)
        if (str_eq(name, str_from_c(implementations[i]->name)) && implementations[i]->available())
            return implementations[i];
    return NULL;
}

const char *json_simd_name(void)
{
    return json_simd_best()->name;
}

struct json_scan *json_scan_new_with(const struct json_trie *t, struct json_limits limits, const struct json_simd *simd)
{
    must(t->sealed && limits.depth <= JSON_DEPTH_MAX && limits.size <= UINT32_MAX - BLOCK);
    struct json_scan *s = must_alloc(calloc(1, sizeof *s));
    s->trie = t;
    s->simd = simd;
    s->limits = limits;
    s->first = must_alloc(calloc(t->n_slots + 1u, sizeof *s->first));
    s->last = must_alloc(calloc(t->n_slots + 1u, sizeof *s->last));
    s->epoch = must_alloc(calloc(t->n_slots + 1u, sizeof *s->epoch));
    return s;
}

struct json_scan *json_scan_new(const struct json_trie *t, struct json_limits limits)
{
    return json_scan_new_with(t, limits, json_simd_best());
}

void json_scan_free(struct json_scan *s)
{
    if (!s)
        return;
    free(s->views);
    free(s->first);
    free(s->last);
    free(s->epoch);
    free(s);
}

static void begin(struct json_scan *s, const char *start)
{
    s->start = start;
    s->n_views = 0;
    s->n_deferred = 0;
    s->reading_deferred = false;
    if (++s->now == 0) {
        memset(s->epoch, 0, s->trie->n_slots * sizeof *s->epoch);
        s->now = 1;
    }
}

static const char *line_end(const char *p, const char *end)
{
    const char *newline = memchr(p, '\n', (size_t)(end - p));
    return newline ? newline : end;
}

static enum json_result check_strict(struct json_scan *s, const char *p, const char *end)
{
    return json_validate(str_make(p, (size_t)(end - p)), s->limits, &s->error) ? JSON_OK : JSON_BAD;
}

enum json_result json_scan_line(struct json_scan *s, const char *p, const char *end, const char **next, struct json_error *error)
{
    begin(s, p);
    if ((size_t)(end - p) > s->limits.size) {
        const char *stop = line_end(p, end);
        if ((size_t)(stop - p) > s->limits.size) {
            *next = stop < end ? stop + 1 : end;
            *error = (struct json_error){.offset = s->limits.size, .reason = "longer than the limit for one record"};
            return JSON_BAD;
        }
    }
    enum json_result result = s->simd->line(s, p, end, next);
    if (result == JSON_BAD) {
        const char *stop = line_end(p, end);
        *next = stop < end ? stop + 1 : end;
    }
    if (result == JSON_OK && s->limits.strict)
        result = check_strict(s, p, line_end(p, *next));
    if (result == JSON_BAD)
        *error = s->error;
    return result;
}

enum json_result json_scan_value(struct json_scan *s, struct str text, struct json_error *error)
{
    begin(s, text.ptr);
    if (text.len > s->limits.size) {
        *error = (struct json_error){.offset = s->limits.size, .reason = "longer than the limit for one record"};
        return JSON_BAD;
    }
    enum json_result result = s->simd->value(s, text.ptr, text.ptr + text.len);
    if (result == JSON_OK && s->limits.strict)
        result = check_strict(s, text.ptr, text.ptr + text.len);
    if (result == JSON_BAD)
        *error = s->error;
    return result;
}

bool json_scan_has_deferred(const struct json_scan *s)
{
    return s->n_deferred > 0;
}

enum json_result json_scan_deferred(struct json_scan *s, struct json_error *error)
{
    enum json_result result = s->simd->deferred(s);
    if (result == JSON_BAD)
        *error = s->error;
    return result;
}

const struct json_view *json_scan_first(const struct json_scan *s, unsigned slot)
{
    return s->epoch[slot] == s->now ? &s->views[s->first[slot]] : NULL;
}

const struct json_view *json_scan_next(const struct json_scan *s, const struct json_view *v)
{
    return v->next == JSON_NO_VIEW ? NULL : &s->views[v->next];
}

const struct json_view *json_scan_views(const struct json_scan *s, size_t *n)
{
    *n = s->n_views;
    return s->views;
}
