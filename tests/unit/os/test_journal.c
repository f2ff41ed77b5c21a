// SPDX-License-Identifier: Apache-2.0
// Does a journal take whole lines or nothing, whoever else writes and whatever a crash left behind, and give back the newest?
#include "os/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>
#include <fcntl.h>

#include <cmocka.h>

static char folder[] = "/tmp/journal-XXXXXX";
static char path[64];
static struct diags diags;

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 7);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/j", folder);
    diags_init(&diags);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    rmdir(folder);
    diags_fini(&diags);
    return 0;
}

static void put(const char *bytes)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(bytes, file);
    fclose(file);
}

// The newest lines of it.
static void expect(size_t max, const char *wanted, uint64_t wanted_left_out)
{
    struct buf out;
    uint64_t left_out;
    buf_init(&out, 1 << 20);
    assert_int_equal(journal_read(str_from_c(path), max, &out, &left_out, &diags), ST_OK);
    assert_true(str_eq(buf_str(&out), str_from_c(wanted)));
    assert_int_equal(left_out, wanted_left_out);
    buf_fini(&out);
}

static void lines_go_behind_lines(void **state)
{
    (void)state;
    expect(100, "", 0); // there is none yet
    assert_int_equal(journal_append(str_from_c(path), STR("a\n"), &diags), ST_OK);
    assert_int_equal(journal_append(str_from_c(path), STR("b\nc\n"), &diags), ST_OK);
    expect(100, "a\nb\nc\n", 0);
}

static void a_torn_line_is_ended(void **state)
{
    (void)state;
    put("a\ntor");
    assert_int_equal(journal_append(str_from_c(path), STR("b\n"), &diags), ST_OK);
    expect(100, "a\ntor\nb\n", 0);
}

static void the_newest_are_read(void **state)
{
    (void)state;
    put("first\nsecond\nthird\n");
    expect(100, "first\nsecond\nthird\n", 0);
    expect(13, "third\n", 13);
    expect(14, "second\nthird\n", 6); // of the first one only the end
    expect(3, "", 19);
    put("");
    expect(3, "", 0);
}

// A full disk, as a limit on the size of files.
static void what_does_not_fit_is_not_there(void **state)
{
    (void)state;
    struct rlimit before;
    char lines[101];
    memset(lines, 'x', 100);
    lines[99] = '\n';
    put("a\n");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){50, before.rlim_max}), 0);
    const status result = journal_append(str_from_c(path), str_make(lines, 100), &diags);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(result, ST_IO);
    expect(100, "a\n", 0);
}

static void who_holds_the_lock_is_waited_for(void **state)
{
    (void)state;
    put("a\n");
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    const pid_t child = fork();
    if (child == 0) {
        os_pause(300000000);
        _exit(write(fd, "b\n", 2) == 2 && flock(fd, LOCK_UN) == 0 ? 0 : 1); // the descriptor is shared: wrote at 0, over "a"
    }
    assert_int_equal(journal_append(str_from_c(path), STR("c\n"), &diags), ST_OK);
    close(fd);
    expect(100, "b\nc\n", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_go_behind_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_torn_line_is_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_newest_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_not_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_holds_the_lock_is_waited_for, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
