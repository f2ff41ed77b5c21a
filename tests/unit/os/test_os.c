// SPDX-License-Identifier: Apache-2.0
// Are files read whole and within their limit, and are directories walked sorted, bounded and without going round in circles? Do
// other programs run without a shell, and end when they must?
#include "base/status.h"
#include "os/os.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct diags diags;
    struct str directory; // a fresh one
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char name[] = "/tmp/davy-os-XXXXXX";
    if (!f || !mkdtemp(name)) {
        free(f);
        return -1;
    }
    arena_init(&f->arena, ARENA_UNLIMITED);
    diags_init(&f->diags);
    f->directory = arena_str(&f->arena, str_from_c(name));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    int result =
        system(arena_printf(&f->arena, "chmod -R u+rwx '%.*s' && rm -rf '%.*s'", STR_ARG(f->directory), STR_ARG(f->directory)).ptr);
    arena_fini(&f->arena);
    diags_fini(&f->diags);
    free(f);
    return result;
}

static struct str below(struct fixture *f, const char *name)
{
    return arena_printf(&f->arena, "%.*s/%s", STR_ARG(f->directory), name);
}

static void put(struct fixture *f, const char *name, const char *text)
{
    FILE *file = fopen(below(f, name).ptr, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_file_is_read_up_to_its_limit(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    buf_init(&out, 1000);
    put(f, "x", "0123456789");
    assert_int_equal(os_read_file(below(f, "x"), 10, &out, &f->diags), ST_OK);
    assert_true(str_eq(buf_str(&out), STR("0123456789")));
    assert_int_equal(f->diags.errors, 0);
    assert_int_equal(os_read_file(below(f, "x"), 9, &out, &f->diags), ST_LIMIT);
    assert_int_equal(os_read_file(below(f, "none"), 10, &out, &f->diags), ST_IO);
    assert_int_equal(os_read_file(f->directory, 10, &out, &f->diags), ST_IO);
    assert_int_equal(f->diags.errors, 3);
    assert_true(str_find(f->diags.items[1].text, STR("No such file"), 0) != SIZE_MAX);
    buf_fini(&out);
}

static void odd_names_are_refused_or_opened(void **state)
{
    struct fixture *f = *state;
    char long_name[5000];
    memset(long_name, 'a', sizeof long_name);
    assert_int_equal(os_open(str_make(long_name, sizeof long_name)), -ENAMETOOLONG);
    assert_int_equal(os_open(str_make("/tmp\0/x", 7)), -ENOENT);
    assert_int_equal(os_open(STR_NONE), -ENOENT);
    put(f, "new\nline", "x");
    int fd = os_open(below(f, "new\nline"));
    assert_true(fd >= 0);
    os_close(fd);
}

static bool has(struct fixture *f, const struct os_entry *entries, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(entries[i].path, below(f, name)))
            return true;
    }
    return false;
}

static void a_walk_is_sorted_and_ends(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkdir(below(f, "b").ptr, 0700), 0);
    assert_int_equal(mkdir(below(f, "b/deep").ptr, 0700), 0);
    put(f, "c", "3");
    put(f, "a", "1");
    put(f, "b/deep/x", "22");
    assert_int_equal(mkfifo(below(f, "pipe").ptr, 0600), 0);
    assert_int_equal(symlink("..", below(f, "b/deep/up").ptr), 0);     // to b
    assert_int_equal(symlink(".", below(f, "self").ptr), 0);           // a circle
    assert_int_equal(symlink("nowhere", below(f, "dangling").ptr), 0); // said, not fatal
    assert_int_equal(symlink("a", below(f, "link").ptr), 0);
    struct os_entry *entries;
    size_t n;
    const struct os_walk_limits limits = {.depth = 8, .entries = 100};
    assert_int_equal(os_walk(&f->arena, f->directory, limits, &entries, &n, &f->diags), ST_OK);
    assert_int_equal(n, 5);
    assert_true(has(f, entries, n, "a") && has(f, entries, n, "b/deep/x") && has(f, entries, n, "c") && has(f, entries, n, "pipe"));
    for (size_t i = 1; i < n; i++)
        assert_true(str_cmp(entries[i - 1].path, entries[i].path) < 0);
    assert_int_equal(entries[1].stat.size, 2); // b/deep/x
    assert_int_equal(entries[4].stat.kind, OS_PIPE);
    assert_true(entries[0].stat.inode == entries[3].stat.inode); // a and link
    assert_int_equal(f->diags.warnings, 1);
    assert_int_equal(f->diags.errors, 0);
    assert_true(str_eq(os_real_path(&f->arena, below(f, "b/deep/up/./deep/../../link")), below(f, "a")));
    assert_null(os_real_path(&f->arena, below(f, "none")).ptr);
}

static void a_walk_keeps_its_limits(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkdir(below(f, "d").ptr, 0700), 0);
    assert_int_equal(mkdir(below(f, "d/e").ptr, 0700), 0);
    put(f, "d/e/x", "");
    put(f, "d/y", "");
    put(f, "z", "");
    struct os_entry *entries;
    size_t n;
    assert_int_equal(os_walk(&f->arena, f->directory, (struct os_walk_limits){.depth = 1, .entries = 9}, &entries, &n, &f->diags), ST_OK);
    assert_int_equal(n, 2);
    assert_int_equal(f->diags.warnings, 1);
    assert_int_equal(os_walk(&f->arena, f->directory, (struct os_walk_limits){.depth = 9, .entries = 2}, &entries, &n, &f->diags), ST_OK);
    assert_int_equal(n, 2);
    assert_int_equal(f->diags.warnings, 2);
    assert_int_equal(os_walk(&f->arena, below(f, "none"), (struct os_walk_limits){1, 1}, &entries, &n, &f->diags), ST_IO);
    assert_int_equal(os_walk(&f->arena, below(f, "z"), (struct os_walk_limits){1, 1}, &entries, &n, &f->diags), ST_IO);
}

static void the_process_knows_itself(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_false(os_is_terminal(ends[0]));
    assert_int_equal(os_terminal_width(ends[0]), 0);
    assert_false(os_readable_now(ends[0]));
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(os_readable_now(ends[0]));
    os_close(ends[1]);
    char c;
    assert_int_equal(os_read(ends[0], &c, 1), 1);
    assert_int_equal(os_read(ends[0], &c, 1), 0);
    struct os_stat st;
    assert_int_equal(os_stat_fd(ends[0], &st), 0);
    assert_int_equal(st.kind, OS_PIPE);
    os_close(ends[0]);
    assert_int_equal(os_read(ends[0], &c, 1), -EBADF);
    assert_true(os_cpu_count() >= 1);
    int64_t before = os_monotonic_ns();
    assert_true(os_monotonic_ns() >= before && before > 0);
    assert_true(os_realtime_ns() > 1700000000ll * 1000000000ll);
}

// --- other programs --------------------------------------------------------------------------------------------------------------

static struct os_outcome run(struct os_command c, struct buf *out)
{
    buf_init(out, SIZE_MAX);
    if (!c.timeout_ns)
        c.timeout_ns = 20 * 1000000000ll;
    if (!c.max_output)
        c.max_output = 1 << 20;
    return os_run(&c, out);
}

static void a_program_runs_without_a_shell(void **state)
{
    const struct str words[] = {STR("%s|%s"), STR("$(reboot)"), STR("a b")};
    struct buf out;
    (void)state;
    const struct os_outcome o = run((struct os_command){.program = STR("printf"), .arguments = words, .n_arguments = 3}, &out);
    assert_int_equal(o.how, OS_EXITED);
    assert_int_equal(o.code, 0);
    assert_true(str_eq(buf_str(&out), STR("$(reboot)|a b")));
    buf_fini(&out);
}

static void a_program_has_the_environment_it_is_given(void **state)
{
    const struct str words[] = {STR("-c"), STR("echo $DAVY_A-$HOME; cat; exit 3")};
    const struct str environment[] = {STR("DAVY_A=x=y"), STR("HOME=here")};
    struct buf out;
    (void)state;
    const struct os_outcome o = run(
        (struct os_command){
            .program = STR("/bin/sh"), .arguments = words, .n_arguments = 2, .environment = environment, .n_environment = 2},
        &out);
    assert_int_equal(o.how, OS_EXITED);
    assert_int_equal(o.code, 3);
    assert_true(str_eq(buf_str(&out), STR("x=y-here\n")));
    buf_fini(&out);
}

static void a_program_ends_in_time_with_its_children(void **state)
{
    const struct str both[] = {STR("-c"), STR("sleep 100 & sleep 100")}, quiet[] = {STR("-c"), STR("exec >&-; sleep 100")};
    struct buf out;
    (void)state;
    const int64_t start = os_monotonic_ns();
    struct os_command c = {.program = STR("sh"), .arguments = both, .n_arguments = 2, .timeout_ns = 200 * 1000000};
    assert_int_equal(run(c, &out).how, OS_TIMED_OUT);
    buf_fini(&out);
    c.arguments = quiet;
    assert_int_equal(run(c, &out).how, OS_TIMED_OUT);
    buf_fini(&out);
    assert_true(os_monotonic_ns() - start < 20 * 1000000000ll);
}

static void a_program_prints_no_more_than_it_may(void **state)
{
    struct buf out;
    (void)state;
    assert_int_equal(run((struct os_command){.program = STR("yes"), .max_output = 100000}, &out).how, OS_TOO_MUCH);
    assert_true(out.len <= 100000);
    buf_fini(&out);
}

static void what_cannot_be_started_says_why(void **state)
{
    struct buf out;
    (void)state;
    struct os_outcome o = run((struct os_command){.program = STR("/nowhere/program")}, &out);
    assert_int_equal(o.how, OS_NOT_STARTED);
    assert_int_equal(o.code, ENOENT);
    buf_fini(&out);
    o = run((struct os_command){.program = STR("a\0b")}, &out);
    assert_int_equal(o.how, OS_NOT_STARTED);
    buf_fini(&out);
    const struct str words[] = {STR("-c"), STR("kill -9 $$")};
    o = run((struct os_command){.program = STR("sh"), .arguments = words, .n_arguments = 2}, &out);
    assert_int_equal(o.how, OS_KILLED);
    assert_int_equal(o.code, 9);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_read_up_to_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_names_are_refused_or_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_walk_is_sorted_and_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_walk_keeps_its_limits, set_up, tear_down),
        cmocka_unit_test(the_process_knows_itself),
        cmocka_unit_test(a_program_runs_without_a_shell),
        cmocka_unit_test(a_program_has_the_environment_it_is_given),
        cmocka_unit_test(a_program_ends_in_time_with_its_children),
        cmocka_unit_test(a_program_prints_no_more_than_it_may),
        cmocka_unit_test(what_cannot_be_started_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
