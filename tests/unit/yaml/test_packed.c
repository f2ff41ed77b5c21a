// SPDX-License-Identifier: Apache-2.0
// Does a packed source give the trees that its text gives, places included: of odd YAML, and of everything that ships inside the binary?
#include "codec/yaml/yaml.h"
#include "content/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect_same_text(struct str packed, struct str read)
{
    assert_int_equal(packed.ptr == NULL, read.ptr == NULL);
    assert_true(str_eq(packed, read));
}

static void expect_same(const struct yaml_value *packed, const struct yaml_value *read)
{
    assert_int_equal(packed->kind, read->kind);
    assert_int_equal(packed->boolean, read->boolean);
    expect_same_text(packed->text, read->text);
    expect_same_text(packed->key, read->key);
    assert_int_equal(packed->line, read->line);
    assert_int_equal(packed->column, read->column);
    assert_int_equal(packed->offset, read->offset);
    assert_int_equal(packed->key_line, read->key_line);
    assert_int_equal(packed->key_column, read->key_column);
    assert_int_equal(packed->key_offset, read->key_offset);
    assert_int_equal(packed->count, read->count);
    const struct yaml_value *a = packed->first, *b = read->first;
    for (; a && b; a = a->next, b = b->next)
        expect_same(a, b);
    assert_true(!a && !b);
}

// Reads the text, and the packed form (of `packed`, or of what the text gave), and compares. Returns the number of documents.
static size_t compare(struct str text, struct str packed)
{
    struct arena a;
    struct diags diags;
    struct buf bytes;
    struct yaml_value **read, **again;
    size_t n, n_again;
    arena_init(&a, ARENA_UNLIMITED);
    diags_init(&diags);
    buf_init(&bytes, SIZE_MAX);
    struct yaml_source source = {.name = STR("t.yml"), .text = text};
    assert_int_equal(yaml_read(&a, source, YAML_LIMITS_DEFAULT, &read, &n, &diags), ST_OK);
    yaml_pack(source, read, n, &bytes);
    if (packed.ptr)
        assert_true(str_eq(packed, buf_str(&bytes)));
    source.packed = buf_str(&bytes);
    assert_int_equal(yaml_read(&a, source, YAML_LIMITS_DEFAULT, &again, &n_again, &diags), ST_OK);
    assert_int_equal(n_again, n);
    for (size_t i = 0; i < n; i++)
        expect_same(again[i], read[i]);
    buf_fini(&bytes);
    diags_fini(&diags);
    arena_fini(&a);
    return n;
}

static void odd_yaml_is_the_same(void **state)
{
    (void)state;
    static const struct str texts[] = {
        STR("[1, -2, .inf, true, False, null, ~, yes, '', \"\"]"),
        STR("plain: text\n'quoted': 'it''s'\n\"double\": \"a\\tb\\0c\\u263a\"\n? long key\n: value\nempty:\n"),
        STR("a: |\n  two\n  lines\nb: >-\n  folded\n  text\nc: |+\n  kept\n\n\nd: several\n  lines\n"),
        STR("\xef\xbb\xbfk\xc3\xa4se: \xe2\x82\xac\r\n'\xe2\x98\xba': [\"\xe2\x98\xba\"]\r\n"),
        STR("base: &b {x: [1, &y 2], z: *y}\nagain: *b\nand: [*b, *y]\n"),
        STR("--- one\n--- [two]\n--- {three: 3}\n...\n---\n- - - 4\n  - []\n- {}\n"),
        STR("!!str 1: !!int '2'\n? !!str\n: ! 3\n"),
        STR("x"),
        STR("\n\n\n            far: down\n"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(compare(texts[i], STR_NONE) >= 1);
    assert_int_equal(compare(texts[5], STR_NONE), 4);
}

static void nothing_is_the_same(void **state)
{
    (void)state;
    assert_int_equal(compare(STR(""), STR_NONE), 0);
    assert_int_equal(compare(STR("# nothing\n"), STR_NONE), 0);
}

static void what_ships_is_the_same(void **state)
{
    (void)state;
    size_t n;
    const struct content_file *files = content_files(&n);
    if (n == 0)
        skip();
    for (size_t i = 0; i < n; i++)
        (void)compare(files[i].text, files[i].packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_yaml_is_the_same),
        cmocka_unit_test(nothing_is_the_same),
        cmocka_unit_test(what_ships_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
