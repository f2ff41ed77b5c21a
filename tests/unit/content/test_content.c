// SPDX-License-Identifier: Apache-2.0
// Is what ships inside the binary what stands under rules/, byte for byte, and can it be found?
#include "base/status.h"
#include "content/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *folder; // rules/ of the source tree

static void every_file_is_there_byte_for_byte(void **state)
{
    (void)state;
    size_t n;
    const struct content_file *files = content_files(&n);
    if (n == 0)
        skip();
    for (size_t i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%.*s", folder, STR_ARG(files[i].name));
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        char *text = must_alloc(malloc(files[i].text.len + 1));
        assert_int_equal(fread(text, 1, files[i].text.len + 1, file), files[i].text.len);
        assert_memory_equal(text, files[i].text.ptr, files[i].text.len);
        free(text);
        fclose(file);
    }
}

static void the_order_is_that_of_names(void **state)
{
    (void)state;
    size_t n;
    const struct content_file *files = content_files(&n);
    for (size_t i = 1; i < n; i++)
        assert_true(str_cmp(files[i - 1].name, files[i].name) < 0);
}

static void tests_of_rules_come_along(void **state)
{
    (void)state;
    size_t n, tests = 0;
    const struct content_file *files = content_files(&n);
    for (size_t i = 0; i < n; i++)
        tests += str_ends(files[i].name, STR(".test.yml"));
    assert_true(n == 0 || tests > 0);
}

static void files_are_found_by_name_and_folder(void **state)
{
    (void)state;
    size_t n, below;
    const struct content_file *files = content_files(&n);
    if (n == 0)
        skip();
    assert_ptr_equal(content_find(files[n - 1].name), &files[n - 1]);
    assert_null(content_find(STR("fields/nothing.yml")));
    struct str folder_name = str_slice(files[0].name, 0, str_find_char(files[0].name, '/', 0) + 1); // the whole table when not in one
    assert_ptr_equal(content_below(folder_name, &below), files);
    assert_true(below > 0 && (below == n || !str_starts(files[below].name, folder_name)));
    (void)content_below(STR("nothing/"), &below);
    assert_int_equal(below, 0);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_there_byte_for_byte),
        cmocka_unit_test(the_order_is_that_of_names),
        cmocka_unit_test(tests_of_rules_come_along),
        cmocka_unit_test(files_are_found_by_name_and_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
