// SPDX-License-Identifier: Apache-2.0
// Does a store know what changed of an object and what did not, keep lists apart, forget what is gone, and stay within its bounds?
#include "engine/objects/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static struct object object_of(const char *kind, const char *text)
{
    struct json_error error;
    char *padded = arena_alloc(&arena, strlen(text) + JSON_PADDING);
    memset(padded, 0, strlen(text) + JSON_PADDING);
    memcpy(padded, text, strlen(text));
    const struct json_value *tree = json_parse(&arena, str_make(padded, strlen(text)), JSON_LIMITS_DEFAULT, &error);
    assert_non_null(tree);
    return (struct object){.tree = tree, .api_version = STR("v1"), .kind = str_from_c(kind)};
}

static bool put(struct store *s, size_t list, const char *kind, const char *text)
{
    bool changed;
    const struct object o = object_of(kind, text);
    assert_int_equal(store_put(s, list, &o, &changed), ST_OK);
    return changed;
}

static void what_nobody_judges_is_no_change(void **state)
{
    (void)state;
    struct store *s = store_new(1 << 20);
    size_t at = 0;
    assert_true(put(s, 0, "Pod",
                    "{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"resourceVersion\":\"1\",\"managedFields\":[{}]},\"spec\":{},"
                    "\"status\":{\"phase\":\"Pending\"}}"));
    assert_false(put(
        s, 0, "Pod",
        "{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"resourceVersion\":\"2\"},\"spec\":{},\"status\":{\"phase\":\"Running\"}}"));
    assert_true(str_eq(store_next(s, &at)->json,
                       STR("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"},\"spec\":{}}")));
    assert_null(store_next(s, &at));
    assert_true(put(s, 0, "Pod", "{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"},\"spec\":{\"hostPID\":true}}"));
    assert_true(
        put(s, 1, "Node", "{\"metadata\":{\"name\":\"a\"},\"status\":{\"nodeInfo\":{\"kubeletVersion\":\"v1.20.2\"},\"conditions\":[1]}}"));
    assert_false(
        put(s, 1, "Node", "{\"metadata\":{\"name\":\"a\"},\"status\":{\"nodeInfo\":{\"kubeletVersion\":\"v1.20.2\"},\"conditions\":[2]}}"));
    assert_true(put(s, 1, "Node", "{\"metadata\":{\"name\":\"a\"},\"status\":{\"nodeInfo\":{\"kubeletVersion\":\"v1.21.0\"}}}"));
    assert_true(put(s, 2, "Service", "{\"metadata\":{\"name\":\"a\"},\"status\":{\"loadBalancer\":{}}}"));
    assert_true(put(s, 2, "Service", "{\"metadata\":{\"name\":\"a\"},\"status\":{\"loadBalancer\":{\"ingress\":[]}}}"));
    assert_int_equal(store_count(s), 3);
    store_free(s);
}

static void lists_are_read_anew(void **state)
{
    (void)state;
    struct store *s = store_new(1 << 20);
    (void)put(s, 0, "Pod", "{\"metadata\":{\"name\":\"stays\"}}");
    (void)put(s, 0, "Pod", "{\"metadata\":{\"name\":\"goes\"}}");
    (void)put(s, 1, "Pod", "{\"metadata\":{\"name\":\"goes\"}}"); // another list
    store_begin_list(s, 0);
    assert_false(put(s, 0, "Pod", "{\"metadata\":{\"name\":\"stays\"}}"));
    assert_true(store_end_list(s, 0));
    assert_int_equal(store_count(s), 2);
    store_begin_list(s, 0);
    assert_false(put(s, 0, "Pod", "{\"metadata\":{\"name\":\"stays\"}}"));
    assert_false(store_end_list(s, 0));
    const struct object gone = object_of("Pod", "{\"metadata\":{\"name\":\"goes\"}}");
    assert_false(store_remove(s, 0, &gone));
    assert_true(store_remove(s, 1, &gone));
    assert_false(store_remove(s, 1, &gone));
    assert_true(put(s, 1, "Pod", "{\"metadata\":{\"name\":\"goes\"}}")); // back again
    store_free(s);
}

static void what_comes_and_goes_leaves_nothing_behind(void **state)
{
    (void)state;
    enum { TIMES = 20000 };
    struct store *s = store_new(10000); // far less than all of them together
    char text[64];
    size_t at = 0;
    (void)put(s, 0, "Pod", "{\"metadata\":{\"name\":\"first\"}}");
    for (int i = 0; i < TIMES; i++) {
        snprintf(text, sizeof text, "{\"metadata\":{\"name\":\"p%d\"}}", i);
        assert_true(put(s, 0, "Pod", text));
        const struct object o = object_of("Pod", text);
        assert_true(store_remove(s, 0, &o));
        arena_reset(&arena);
    }
    assert_int_equal(store_count(s), 1);
    assert_true(str_find(store_next(s, &at)->json, STR("first"), 0) != SIZE_MAX);
    assert_null(store_next(s, &at));
    store_free(s);
}

static void what_does_not_fit_is_left_out(void **state)
{
    (void)state;
    struct store *s = store_new(300);
    bool changed;
    (void)put(s, 0, "Pod", "{\"metadata\":{\"name\":\"a\"}}");
    char text[600] = "{\"metadata\":{\"name\":\"b\",\"x\":\"";
    const size_t len = strlen(text);
    memset(text + len, 'x', 500);
    memcpy(text + len + 500, "\"}}", 4);
    const struct object o = object_of("Pod", text);
    assert_int_equal(store_put(s, 0, &o, &changed), ST_LIMIT);
    assert_int_equal(store_count(s), 1);
    store_free(s);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_judges_is_no_change),
        cmocka_unit_test(lists_are_read_anew),
        cmocka_unit_test(what_comes_and_goes_leaves_nothing_behind),
        cmocka_unit_test(what_does_not_fit_is_left_out),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
