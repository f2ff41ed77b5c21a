// SPDX-License-Identifier: Apache-2.0
// Does every implementation of the scanner deliver what is asked for, wherever it stands in a record, and refuse what is malformed at
// the right offset? Do scan, tree and validation agree?
#include "codec/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VERB, USER, GROUPS, CODE, IMAGE, NOTE, BODY, SLOTS };

static struct json_trie *make_trie(void)
{
    struct json_trie *t = json_trie_new();
    const struct str verb[] = {STR("verb")}, user[] = {STR("user"), STR("username")}, groups[] = {STR("user"), STR("groups")};
    const struct str code[] = {STR("responseStatus"), STR("code")};
    const struct str image[] = {STR("requestObject"), STR("spec"), STR("containers"), STR("image")};
    const struct str note[] = {STR("annotations"), STR("authorization.k8s.io/reason")}, body[] = {STR("requestObject")};
    assert_int_equal(json_trie_add(t, verb, 1), VERB);
    assert_int_equal(json_trie_add(t, user, 2), USER);
    assert_int_equal(json_trie_add(t, groups, 2), GROUPS);
    assert_int_equal(json_trie_add(t, code, 2), CODE);
    assert_int_equal(json_trie_add(t, image, 4), IMAGE);
    assert_int_equal(json_trie_add(t, note, 2), NOTE);
    assert_int_equal(json_trie_add(t, body, 1), BODY);
    assert_int_equal(json_trie_add(t, verb, 1), VERB);
    json_trie_defer(t, body, 1);
    json_trie_seal(t);
    assert_true(json_trie_slot_deferred(t, IMAGE) && !json_trie_slot_deferred(t, VERB));
    return t;
}

// Text in memory of exactly its size and the padding, so that a sanitizer sees any further read.
static char *padded(struct str text)
{
    char *copy = malloc(text.len + JSON_PADDING);
    assert_non_null(copy);
    memcpy(copy, text.ptr, text.len);
    memset(copy + text.len, '"', JSON_PADDING);
    return copy;
}

static void each_simd(void (*test)(struct json_scan *s))
{
    const struct str names[] = {STR("plain"), STR("sse2"), STR("avx2"), STR("avx512")};
    struct json_trie *t = make_trie();
    for (size_t i = 0; i < 4; i++) {
        const struct json_simd *simd = json_simd_find(names[i]);
        if (!simd)
            continue;
        struct json_scan *s = json_scan_new_with(t, JSON_LIMITS_DEFAULT, simd);
        test(s);
        json_scan_free(s);
    }
    json_trie_free(t);
}

// All views of a slot joined by '|', escapes resolved.
static void expect(struct json_scan *s, unsigned slot, const char *wanted)
{
    struct buf out;
    struct arena a;
    buf_init(&out, 1 << 20);
    arena_init(&a, ARENA_UNLIMITED);
    for (const struct json_view *v = json_scan_first(s, slot); v; v = json_scan_next(s, v)) {
        struct str text = str_make(v->ptr, v->len);
        if (v->kind == JSON_STRING)
            assert_true(json_unescape(&a, text, &text));
        if (out.len)
            buf_add_char(&out, '|');
        buf_add(&out, v->kind == JSON_OBJECT ? STR("{}") : v->kind == JSON_ARRAY ? STR("[]") : text);
    }
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    buf_fini(&out);
    arena_fini(&a);
}

// Shifts the record through every position inside a block, so that every token crosses every border once.
static void wanted_values(struct json_scan *s)
{
    for (size_t shift = 0; shift < 130; shift++) {
        struct buf text;
        struct json_error error;
        buf_init(&text, 4096);
        buf_addf(&text, "{\"pad\":\"%0*d\",\"verb\":\"li\\u0073t\",\"skip\":{\"verb\":\"no\",\"a\":[1,{\"b\":\"}\\\"]\"}]},",
                 (int)shift + 1, 0);
        buf_addf(&text, "\"user\":{\"username\":\"x\\\\\",\"groups\":[\"a\",[\"b\"],\"c\"]},\"responseStatus\":{\"code\":-2.5e1},");
        buf_addf(&text, "\"requestObject\":{\"spec\":{\"containers\":[{\"image\":\"i1\"},{\"image\":\"i2\",\"x\":{}}]}},");
        buf_addf(&text, "\"annotations\":{\"authorization.k8s.io/reason\":\"\",\"empty\":{},\"none\":[]}}\r\n{\"verb\":null}");
        char *p = padded(buf_str(&text));
        const char *next;
        assert_int_equal(json_scan_line(s, p, p + text.len, &next, &error), JSON_OK);
        expect(s, VERB, "list");
        expect(s, USER, "x\\");
        expect(s, GROUPS, "[]|a|[]|b|c");
        expect(s, CODE, "-2.5e1");
        expect(s, NOTE, "");
        assert_non_null(json_scan_first(s, NOTE));
        assert_null(json_scan_first(s, IMAGE));
        assert_true(json_scan_has_deferred(s));
        assert_int_equal(json_scan_deferred(s, &error), JSON_OK);
        expect(s, IMAGE, "i1|i2");
        expect(s, BODY, "{}");
        assert_int_equal(json_scan_line(s, next, p + text.len, &next, &error), JSON_OK);
        expect(s, VERB, "null");
        assert_ptr_equal(next, p + text.len);
        free(p);
        buf_fini(&text);
    }
}

static void delivers_wanted_values(void **state)
{
    (void)state;
    each_simd(wanted_values);
}

static void refuse(struct json_scan *s, struct str text, size_t offset)
{
    struct json_error error = {0};
    const char *next;
    struct buf lines;
    buf_init(&lines, text.len + 100);
    buf_add(&lines, text);
    buf_add(&lines, STR("\n{\"verb\":\"get\"}\n"));
    char *p = padded(buf_str(&lines));
    assert_int_equal(json_scan_line(s, p, p + lines.len, &next, &error), JSON_BAD);
    if (error.offset != offset)
        fail_msg("%.*s: offset %zu, not %zu (%s)", STR_ARG(text), error.offset, offset, error.reason);
    assert_int_equal(next - p, text.len + 1); // the neighbour is not lost
    assert_int_equal(json_scan_line(s, next, p + lines.len, &next, &error), JSON_OK);
    expect(s, VERB, "get");
    buf_fini(&lines);
    free(p);
}

static void malformed(struct json_scan *s)
{
    refuse(s, STR("{\"verb\":\"ge"), 8);
    refuse(s, STR("{\"verb\":\"get\""), 13);
    refuse(s, STR("{\"verb\" \"get\"}"), 8);
    refuse(s, STR("{\"verb\":get}"), 8);
    refuse(s, STR("{\"verb\":01}"), 8);
    refuse(s, STR("{\"verb\":\"a\"]"), 11);
    refuse(s, STR("{\"x\":{\"y\":[1}}"), 13); // counted, so seen where the subtree ends
    refuse(s, STR("{\"x\":{\"y\":[1]}"), 14);
    refuse(s, STR("{\"x\":[\"y\""), 5);
    refuse(s, STR("{,}"), 1);
    refuse(s, STR("{\"verb\":1}}"), 10);
    refuse(s, STR("{\"verb\":1} {}"), 11);
    refuse(s, STR("{\"verb\":\"a\tb\"}"), 10);
    refuse(s, STR("{\"x\":[\"a\tb\"]}"), 8);
    refuse(s, STR("nonsense"), 0);
    refuse(s, STR("{\"verb\":\"a\\\"}"), 8);
    refuse(s, STR("{\"a\":1,}"), 7);
    refuse(s, STR("{\"a\":tru}"), 5);
}

static void refuses_malformed_records(void **state)
{
    (void)state;
    each_simd(malformed);
}

static void blanks_and_duplicates(struct json_scan *s)
{
    struct str text = STR("  \t\n\n{\"\\u0076erb\":\"a\",\"verb\":\"b\",\"verb\":{\"deep\":1}}");
    char *p = padded(text);
    const char *next;
    struct json_error error;
    assert_int_equal(json_scan_line(s, p, p + text.len, &next, &error), JSON_BLANK);
    assert_int_equal(json_scan_line(s, next, p + text.len, &next, &error), JSON_BLANK);
    assert_int_equal(json_scan_line(s, next, p + text.len, &next, &error), JSON_OK);
    expect(s, VERB, "a|b|{}");
    free(p);
    text = STR("\n[ {\"verb\" : \"a\"} ,\n\t{ \"verb\":\"b\" , \"user\":\n{ } } ]\n");
    p = padded(text);
    assert_int_equal(json_scan_value(s, str_make(p, text.len), &error), JSON_OK);
    expect(s, VERB, "a|b");
    free(p);
}

static void copes_with_blanks_and_duplicate_keys(void **state)
{
    (void)state;
    each_simd(blanks_and_duplicates);
}

static void long_and_deep(struct json_scan *s)
{
    struct buf text;
    struct json_error error;
    buf_init(&text, 1 << 22);
    buf_add(&text, STR("{\"user\":{\"username\":\""));
    for (int i = 0; i < 5000; i++)
        buf_add(&text, i == 2500 ? STR("\\\\\\\"") : STR("0123456789"));
    buf_add(&text, STR("\"},\"verb\":\"x\"}"));
    char *p = padded(buf_str(&text));
    assert_int_equal(json_scan_value(s, str_make(p, text.len), &error), JSON_OK);
    assert_int_equal(json_scan_first(s, USER)->len, 4999 * 10 + 4);
    expect(s, VERB, "x");
    free(p);
    static const struct {
        const char *key;
        int depth;
        enum json_result result;
    } cases[] = {{"skip", 254, JSON_OK}, {"skip", 400, JSON_BAD}, {"verb", 255, JSON_OK}, {"verb", 256, JSON_BAD}};
    for (size_t i = 0; i < 4; i++) {
        buf_clear(&text);
        buf_addf(&text, "{\"%s\":", cases[i].key);
        for (int d = 0; d < cases[i].depth; d++)
            buf_add_char(&text, '[');
        for (int d = 0; d < cases[i].depth; d++)
            buf_add_char(&text, ']');
        buf_add_char(&text, '}');
        p = padded(buf_str(&text));
        assert_int_equal(json_scan_value(s, str_make(p, text.len), &error), cases[i].result);
        free(p);
    }
    buf_fini(&text);
}

static void keeps_limits(void **state)
{
    (void)state;
    each_simd(long_and_deep);
}

static void escapes_resolve(void **state)
{
    (void)state;
    struct arena a;
    struct str out;
    arena_init(&a, ARENA_UNLIMITED);
    assert_true(json_unescape(&a, STR("a\\u00e9\\ud83d\\ude00\\n\\/"), &out));
    assert_true(str_eq(out, STR("a\xc3\xa9\xf0\x9f\x98\x80\n/")));
    assert_true(json_unescape(&a, STR("\\ud83dx"), &out));
    assert_true(str_eq(out, STR("\xef\xbf\xbdx")));
    assert_true(json_unescape(&a, STR("\\u0000"), &out) && out.len == 1 && out.ptr[0] == '\0');
    assert_false(json_unescape(&a, STR("\\x"), &out));
    assert_false(json_unescape(&a, STR("\\u12g4"), &out));
    assert_false(json_unescape(&a, STR("\\u12"), &out));
    assert_false(json_unescape(&a, STR("a\\"), &out));
    arena_fini(&a);
}

static void tree_and_validation_agree(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"{\"a\":[1,2,{\"b\":null}],\"a\":true}", true},
        {" [] ", true},
        {"\"x\"", true},
        {"-0.1e+5", true},
        {"[1,]", false},
        {"{\"a\":1,}", false},
        {"[1 2]", false},
        {"{\"a\"}", false},
        {"01", false},
        {"1.", false},
        {"\"\x01\"", false},
        {"tru", false},
        {"", false},
        {"[}", false},
        {"{\"a\":1}x", false},
        {"[[[[[]]]]]", true},
        {"{\"a\":}", false},
        {"[\"a\"", false},
        {"\"\\", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena a;
        struct json_error error;
        arena_init(&a, ARENA_UNLIMITED);
        char *p = padded(str_from_c(cases[i].text));
        struct str text = str_make(p, strlen(cases[i].text));
        assert_true((json_parse(&a, text, JSON_LIMITS_DEFAULT, &error) != NULL) == cases[i].good);
        assert_true(json_validate(text, JSON_LIMITS_DEFAULT, &error) == cases[i].good);
        free(p);
        arena_fini(&a);
    }
}

static void an_escape_that_is_none_stays_as_written(void **state)
{
    (void)state;
    static const struct str raw[] = {STR("\\u12"), STR("cre\\x1bate"), STR("\\u12g4\\n"), STR("\\ ")};
    struct json_limits strict = JSON_LIMITS_DEFAULT;
    strict.strict = true;
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++) {
        struct arena a;
        struct json_error error;
        arena_init(&a, ARENA_UNLIMITED);
        struct str text = arena_printf(&a, "{\"%.*s\":\"%.*s\"}", STR_ARG(raw[i]), STR_ARG(raw[i]));
        char *p = padded(text);
        text = str_make(p, text.len);
        const struct json_value *v = json_parse(&a, text, JSON_LIMITS_DEFAULT, &error);
        assert_non_null(v);
        assert_true(str_eq(v->first->key, raw[i]) && str_eq(v->first->text, raw[i]));
        assert_null(json_parse(&a, text, strict, &error));
        free(p);
        arena_fini(&a);
    }
}

static void tree_is_navigable(void **state)
{
    (void)state;
    struct arena a;
    struct json_error error;
    arena_init(&a, ARENA_UNLIMITED);
    const struct json_value *v =
        json_parse(&a, STR("{\"a\":{\"b\":\"x\\ty\"},\"n\":[1,2],\"a\":{\"b\":\"last\"}}"), JSON_LIMITS_DEFAULT, &error);
    assert_non_null(v);
    const struct str keys[] = {STR("a"), STR("b"), STR_NONE};
    assert_true(str_eq(json_text(json_at(v, keys)), STR("last")));
    assert_int_equal(json_get(v, STR("n"))->count, 2);
    assert_true(str_eq(json_get(v, STR("n"))->raw, STR("[1,2]")));
    assert_null(json_text(json_get(v, STR("n"))).ptr);
    arena_fini(&a);
}

static void strict_sees_skipped_bytes(void **state)
{
    (void)state;
    struct json_trie *t = make_trie();
    struct json_limits strict = JSON_LIMITS_DEFAULT;
    struct json_error error;
    strict.strict = true;
    struct json_scan *lax_scan = json_scan_new(t, JSON_LIMITS_DEFAULT), *strict_scan = json_scan_new(t, strict);
    struct str text = STR("{\"skip\":\"\xff\"}");
    char *p = padded(text);
    assert_int_equal(json_scan_value(lax_scan, str_make(p, text.len), &error), JSON_OK);
    assert_int_equal(json_scan_value(strict_scan, str_make(p, text.len), &error), JSON_BAD);
    assert_int_equal(error.offset, 9);
    free(p);
    json_scan_free(lax_scan);
    json_scan_free(strict_scan);
    json_trie_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivers_wanted_values),
        cmocka_unit_test(refuses_malformed_records),
        cmocka_unit_test(copes_with_blanks_and_duplicate_keys),
        cmocka_unit_test(keeps_limits),
        cmocka_unit_test(escapes_resolve),
        cmocka_unit_test(an_escape_that_is_none_stays_as_written),
        cmocka_unit_test(tree_and_validation_agree),
        cmocka_unit_test(tree_is_navigable),
        cmocka_unit_test(strict_sees_skipped_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
