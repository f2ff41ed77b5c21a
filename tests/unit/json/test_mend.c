// SPDX-License-Identifier: Apache-2.0
// Does a record that is damaged where nobody looked keep what stands before the damage and behind the container it is in? Has everything
// that a scan accepts a tree? Is damage an error for those who did not ask for mending?
#include "codec/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct json_limits mending = {.depth = 256, .size = 64u << 20, .mend = true};

static const struct json_value *parse(struct arena *a, struct str text, struct json_limits limits)
{
    struct json_error error;
    return json_parse(a, text, limits, &error);
}

static void what_stands_around_the_damage_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t members; // of "body"
        const char *before;
    } cases[] = {
        {"{'user':'u','body':{'kind':'Pod','x':tru,'y':1},'time':'t'}", 2, "Pod"},
        {"{'user':'u','body':{'kind':'Pod','x' 1},'time':'t'}", 1, "Pod"},
        {"{'user':'u','body':{'kind':'Pod',,},'time':'t'}", 1, "Pod"},
        {"{'user':'u','body':{'kind':'Pod' 'x':[1]},'time':'t'}", 1, "Pod"},
        {"{'user':'u','body':{nonsense},'time':'t'}", 0, NULL},
        {"{'user':'u','body':{'kind':'Pod','x':[{'a':01},2],'y':1},'time':'t'}", 3, "Pod"},
        {"{'user':'u','body':{'kind':'Pod','x':'a\\u0001b','y':1},'time':'t'}", 3, "Pod"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a;
        arena_init(&a, 1 << 20);
        char text[256];
        size_t len = strlen(cases[i].text);
        for (size_t k = 0; k <= len; k++)
            text[k] = cases[i].text[k] == '\'' ? '"' : cases[i].text[k];
        const struct json_value *v = parse(&a, str_make(text, len), mending);
        assert_non_null(v);
        assert_true(str_eq(json_text(json_get(v, STR("user"))), STR("u")));
        assert_true(str_eq(json_text(json_get(v, STR("time"))), STR("t")));
        const struct json_value *body = json_get(v, STR("body"));
        assert_int_equal(body->count, cases[i].members);
        assert_true(!cases[i].before || str_eq(json_text(json_get(body, STR("kind"))), STR("Pod")));
        assert_int_equal(body->raw.ptr[body->raw.len - 1], '}');
        arena_fini(&a);
    }
}

static void what_does_not_balance_stays_an_error(void **state)
{
    (void)state;
    const struct str texts[] = {
        STR("{\"a\":{\"b\":tru"), STR("{\"a\":{\"b\":tru}"), STR("{\"a\":{\"b\":\"tru}}"), STR("tru"), STR(""), STR("{} {}")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena a;
        arena_init(&a, 1 << 20);
        assert_null(parse(&a, texts[i], mending));
        arena_fini(&a);
    }
}

static void memory_and_repeated_damage_end_it(void **state)
{
    (void)state;
    struct arena a;
    char text[8192] = "";
    for (unsigned i = 0; i < 100; i++)
        strcat(text, i ? ",{\"x\":tru}" : "[{\"x\":tru}");
    strcat(text, "]");
    arena_init(&a, 1 << 20);
    assert_null(parse(&a, str_make(text, strlen(text)), mending));
    arena_fini(&a);
    arena_init(&a, 256);
    assert_null(parse(&a, STR("{\"a\":[1,2,3,4,5,6,7,8,9,10,11,12],\"b\":{\"c\":{\"d\":1}}}"), mending));
    arena_fini(&a);
}

// One byte of a record is another; the scanner, which wants only the user, steps over the rest.
static void what_a_scan_accepts_has_a_tree(void **state)
{
    (void)state;
    static const char record[] =
        "{\"user\":\"u\",\"body\":{\"kind\":\"Pod\",\"spec\":{\"list\":[{\"a\":-1.5e3,\"b\":\"x\\\"y\"},[],{},null,true]},"
        "\"more\":[[1,2],{\"k\":\"v\"}]},\"last\":false}";
    static const char bytes[] = "{}[]:,\"\\ tx0-\x01\xff";
    const struct str user[] = {STR("user")};
    struct json_trie *t = json_trie_new();
    unsigned slot = json_trie_add(t, user, 1);
    json_trie_seal(t);
    struct json_scan *s = json_scan_new(t, JSON_LIMITS_DEFAULT);
    struct arena a;
    arena_init(&a, 1 << 20);
    unsigned damaged = 0;
    for (size_t at = 0; at < sizeof record - 1; at++)
        for (size_t k = 0; k < sizeof bytes - 1; k++) {
            char text[sizeof record + JSON_PADDING] = "";
            struct json_error error;
            memcpy(text, record, sizeof record - 1);
            text[at] = bytes[k];
            struct str changed = str_make(text, sizeof record - 1);
            if (json_scan_value(s, changed, &error) != JSON_OK)
                continue;
            arena_reset(&a);
            const struct json_value *v = parse(&a, changed, mending);
            assert_non_null(v);
            const struct json_view *seen = json_scan_first(s, slot);
            assert_int_equal(seen != NULL, json_get(v, STR("user")) != NULL);
            damaged += parse(&a, changed, JSON_LIMITS_DEFAULT) == NULL;
        }
    assert_true(damaged > 100);
    arena_fini(&a);
    json_scan_free(s);
    json_trie_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_around_the_damage_is_kept),
        cmocka_unit_test(what_does_not_balance_stays_an_error),
        cmocka_unit_test(memory_and_repeated_damage_end_it),
        cmocka_unit_test(what_a_scan_accepts_has_a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
