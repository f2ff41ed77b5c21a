// SPDX-License-Identifier: Apache-2.0
// Do all implementations of the scanner read any bytes the same way, and does what validates also parse and scan?
//
// Each line of the input is scanned with every implementation of this processor, bodies deferred; then the whole input is judged as one
// value by the validator, the tree and the strict scan.
#include "base/status.h"
#include "codec/json/json.h"

#include <stdlib.h>
#include <string.h>

static const struct str paths[][3] = {
    {STR("a"), STR("b"), STR_NONE},        {STR("a"), STR("c"), STR_NONE},    {STR("verb"), STR_NONE, STR_NONE},
    {STR("body"), STR("x"), STR_NONE},     {STR("body"), STR("y"), STR("z")}, {STR("user"), STR("groups"), STR_NONE},
    {STR("\xc3\xa9"), STR_NONE, STR_NONE}, {STR("k\"q"), STR_NONE, STR_NONE},
};

static struct json_trie *trie_new(void)
{
    struct json_trie *trie = json_trie_new();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        size_t n = 0;
        while (n < 3 && paths[i][n].ptr)
            n++;
        (void)json_trie_add(trie, paths[i], n);
    }
    const struct str body = STR("body");
    json_trie_defer(trie, &body, 1);
    json_trie_seal(trie);
    return trie;
}

// The input with readable bytes behind it; what they are must not matter.
static char *padded(const uint8_t *data, size_t size, int filling)
{
    char *copy = must_alloc(malloc(size + JSON_PADDING));
    if (size)
        memcpy(copy, data, size);
    memset(copy + size, filling, JSON_PADDING);
    return copy;
}

static void compare_views(const struct json_trie *trie, const struct json_scan *a, const char *a_text, const struct json_scan *b,
                          const char *b_text)
{
    for (unsigned slot = 0; slot < json_trie_slots(trie); slot++) {
        const struct json_view *v = json_scan_first(a, slot), *w = json_scan_first(b, slot);
        for (; v && w; v = json_scan_next(a, v), w = json_scan_next(b, w)) {
            must(v->ptr - a_text == w->ptr - b_text);
            must(v->len == w->len && v->kind == w->kind);
        }
        must(!v && !w);
    }
}

// Both read the same bytes, from copies with different bytes behind them.
static void compare_lines(const struct json_trie *trie, struct json_scan *a, const char *a_text, struct json_scan *b, const char *b_text,
                          size_t size)
{
    size_t at = 0;
    while (at < size) {
        struct json_error a_error = {0}, b_error = {0};
        const char *a_next, *b_next;
        enum json_result result = json_scan_line(a, a_text + at, a_text + size, &a_next, &a_error);
        must(json_scan_line(b, b_text + at, b_text + size, &b_next, &b_error) == result);
        must(a_next - a_text == b_next - b_text && a_next > a_text + at && a_next <= a_text + size);
        if (result == JSON_OK) {
            compare_views(trie, a, a_text, b, b_text);
            must(json_scan_has_deferred(a) == json_scan_has_deferred(b));
            result = json_scan_deferred(a, &a_error);
            must(json_scan_deferred(b, &b_error) == result);
            if (result == JSON_OK)
                compare_views(trie, a, a_text, b, b_text);
        }
        must(result != JSON_BAD || (a_error.offset == b_error.offset && strcmp(a_error.reason, b_error.reason) == 0));
        at = (size_t)(a_next - a_text);
    }
}

static void compare_implementations(const struct json_trie *trie, const uint8_t *data, size_t size, bool strict)
{
    static const struct str names[] = {STR("sse2"), STR("avx2"), STR("avx512")};
    struct json_limits limits = {.depth = 32, .size = 1 << 20, .strict = strict};
    char *a_text = padded(data, size, '"');
    char *b_text = padded(data, size, '}');
    struct json_scan *plain = json_scan_new_with(trie, limits, json_simd_find(STR("plain")));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct json_simd *simd = json_simd_find(names[i]);
        if (!simd)
            continue;
        struct json_scan *fast = json_scan_new_with(trie, limits, simd);
        compare_lines(trie, plain, a_text, fast, b_text, size);
        json_scan_free(fast);
    }
    json_scan_free(plain);
    free(a_text);
    free(b_text);
}

static void judge_value(const struct json_trie *trie, const uint8_t *data, size_t size)
{
    struct json_limits limits = {.depth = 32, .size = 1 << 20, .strict = true};
    struct json_error error = {0};
    struct arena arena;
    arena_init(&arena, 64 << 20);
    char *copy = padded(data, size, ' ');
    struct str text = str_make(copy, size);
    if (json_validate(text, limits, &error)) {
        must(json_parse(&arena, text, limits, &error));
        struct json_scan *scan = json_scan_new(trie, limits);
        must(json_scan_value(scan, text, &error) == JSON_OK);
        must(!json_scan_has_deferred(scan) || json_scan_deferred(scan, &error) == JSON_OK);
        json_scan_free(scan);
    } else {
        must(error.reason && error.offset <= size);
        (void)!json_parse(&arena, text, limits, &error);
    }
    struct str plain;
    if (json_unescape(&arena, text, &plain))
        must(plain.len <= size);
    free(copy);
    arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_trie *trie = trie_new();
    compare_implementations(trie, data, size, false);
    compare_implementations(trie, data, size, true);
    judge_value(trie, data, size);
    json_trie_free(trie);
    return 0;
}
