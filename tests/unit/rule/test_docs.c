// SPDX-License-Identifier: Apache-2.0
// Does every example of docs/rules.md compile, can each match an audit event, and does its table name every modifier?
#include "compile_text.h"

static char page[1 << 18], dictionary_text[1 << 20];
static struct str markdown;
static struct dictionary *audit;

static struct str read_file(const char *path, char *to, size_t size)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(to, 1, size, f);
    fclose(f);
    assert_true(n > 0 && n < size);
    return str_make(to, n);
}

static int load(void **state)
{
    (void)state;
    struct diags diags;
    diags_init(&diags);
    markdown = read_file(RULES_MD, page, sizeof page);
    struct yaml_source source = {.name = STR("audit.yml"), .text = read_file(AUDIT_YML, dictionary_text, sizeof dictionary_text)};
    assert_int_equal(dictionary_load(&audit, source, &diags), ST_OK);
    diags_fini(&diags);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    dictionary_free(audit);
    return 0;
}

// The next block that opens with the fence, after *at.
static bool next_block(const char *fence, size_t *at, struct str *block)
{
    size_t start = str_find(markdown, str_from_c(fence), *at);
    if (start == SIZE_MAX)
        return false;
    start += strlen(fence);
    size_t end = str_find(markdown, STR("\n```\n"), start);
    assert_true(end != SIZE_MAX);
    *block = str_slice(markdown, start, end + 1);
    *at = end + 5;
    return true;
}

static void examples_compile_and_can_match(void **state)
{
    (void)state;
    struct arena a;
    struct diags diags;
    struct placeholders lists = {0};
    struct str block = STR_NONE;
    size_t at = 0, n = 0;
    arena_init(&a, ARENA_UNLIMITED);
    diags_init(&diags);
    assert_true(next_block("```yml\n", &at, &block));
    assert_int_equal(placeholders_load(&lists, &a, (struct yaml_source){.name = STR("lists"), .text = block}, &diags), ST_OK);
    struct rule_options options = {.placeholders = &lists, .dictionary = audit, .lint = true};
    for (at = 0; next_block("```yaml\n", &at, &block); n++) {
        char text[8192];
        assert_true(block.len < sizeof text);
        memcpy(text, block.ptr, block.len);
        text[block.len] = '\0';
        struct compiled c = compile_with(text, &options);
        if (c.result != ST_OK || strstr(diags_text(&c), "can never match") || strstr(diags_text(&c), "does nothing"))
            fail_msg("%s\n%s", text, diags_text(&c));
        assert_true(c.set->n > 0);
        release(&c);
    }
    assert_true(n >= 8);
    diags_fini(&diags);
    arena_fini(&a);
}

static void every_modifier_is_in_the_table(void **state)
{
    (void)state;
    static const char *const modifiers[] = {
        "contains", "startswith", "endswith", "all",    "neq",    "cased",  "re",           "i",     "m",       "s",       "cidr",
        "lt",       "lte",        "gt",       "gte",    "exists", "base64", "base64offset", "wide",  "utf16le", "utf16be", "utf16",
        "windash",  "fieldref",   "expand",   "minute", "hour",   "day",    "week",         "month", "year",    "same",
    };
    size_t table = str_find(markdown, STR("## Modifiers"), 0), end = str_find(markdown, STR("```yaml"), table);
    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        char quoted[32];
        snprintf(quoted, sizeof quoted, "`%s`", modifiers[i]);
        if (str_find(str_slice(markdown, table, end), str_from_c(quoted), 0) == SIZE_MAX)
            fail_msg("%s is not in the table", quoted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_compile_and_can_match),
        cmocka_unit_test(every_modifier_is_in_the_table),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
