// SPDX-License-Identifier: Apache-2.0
// Is a command line read as its tables say, and is every mistake told in one clear sentence?
#include "cmd/args.h"
#include "lamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

struct reading {
    struct args args;
    struct buf error;
    enum args_result result;
};

// Reads a line of words parted by single spaces, "lamp" in front.
static struct reading read_line(const char *line)
{
    static char words[4096], name[] = "lamp";
    char *argv[WORDS_MAX] = {name};
    int argc = 1;
    snprintf(words, sizeof words, "%s", line);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    struct reading r = {0};
    buf_init(&r.error, 4096);
    r.result = args_parse(&r.args, &lamp, argc, argv, &r.error);
    return r;
}

static void drop(struct reading *r)
{
    args_fini(&r->args);
    buf_fini(&r->error);
}

static void assert_str(struct str got, const char *wanted)
{
    char text[4096];
    assert_true(got.len < sizeof text);
    memcpy(text, got.ptr ? got.ptr : "(none)", got.ptr ? got.len : 7);
    text[got.ptr ? got.len : 6] = '\0';
    assert_string_equal(text, wanted);
}

static void assert_refused(const char *line, const char *sentence)
{
    struct reading r = read_line(line);
    assert_int_equal(r.result, ARGS_BAD);
    assert_str(buf_str(&r.error), sentence);
    drop(&r);
}

static void values_come_typed(void **state)
{
    (void)state;
    struct reading r = read_line("light --colour=blue -wfile one --shaft a --shaft=b=c --oil 2M --burn 2h -b -q 7 two");
    assert_int_equal(r.result, ARGS_OK);
    assert_ptr_equal(r.args.command, &lamp_light);
    assert_int_equal(arg_choice(&r.args, LAMP_COLOUR), 1);
    assert_str(arg_string(&r.args, LAMP_WICK), "file");
    size_t n;
    const struct str *shafts = arg_list(&r.args, LAMP_SHAFT, &n);
    assert_int_equal(n, 2);
    assert_str(shafts[0], "a");
    assert_str(shafts[1], "b=c");
    assert_int_equal(arg_size(&r.args, LAMP_OIL), 2 << 20);
    assert_true(arg_duration(&r.args, LAMP_BURN) == 7200ll * 1000000000);
    assert_true(arg_flag(&r.args, LAMP_BRIGHT));
    assert_int_equal(arg_number(&r.args, LAMP_QUIET), 7);
    assert_int_equal(r.args.n_operands, 2);
    assert_str(r.args.operands[0], "one");
    assert_str(r.args.operands[1], "two");
    drop(&r);
}

static void what_is_not_given_has_its_default(void **state)
{
    (void)state;
    struct reading r = read_line("light x");
    assert_int_equal(r.result, ARGS_OK);
    assert_int_equal(arg_choice(&r.args, LAMP_COLOUR), 0);
    assert_false(arg_given(&r.args, LAMP_COLOUR));
    assert_int_equal(arg_size(&r.args, LAMP_OIL), 64 << 10);
    assert_null(arg_string(&r.args, LAMP_WICK).ptr);
    assert_false(arg_flag(&r.args, LAMP_BRIGHT));
    size_t n;
    assert_null(arg_list(&r.args, LAMP_SHAFT, &n));
    assert_int_equal(n, 0);
    drop(&r);
}

static void dashes_mean_what_they_mean_elsewhere(void **state)
{
    (void)state;
    struct reading r = read_line("light - -- -b");
    assert_int_equal(r.result, ARGS_OK);
    assert_str(r.args.operands[0], "-");
    assert_str(r.args.operands[1], "-b");
    assert_false(arg_flag(&r.args, LAMP_BRIGHT));
    drop(&r);
    r = read_line("light -bwfile x"); // a flag and an option with its value in one word
    assert_int_equal(r.result, ARGS_OK);
    assert_true(arg_flag(&r.args, LAMP_BRIGHT));
    assert_str(arg_string(&r.args, LAMP_WICK), "file");
    drop(&r);
    r = read_line("light --wick=-- x"); // an empty-looking value is a value
    assert_int_equal(r.result, ARGS_OK);
    assert_str(arg_string(&r.args, LAMP_WICK), "--");
    drop(&r);
}

static void help_and_version_are_results_of_their_own(void **state)
{
    (void)state;
    struct reading r = read_line("light --help");
    assert_int_equal(r.result, ARGS_HELP); // though SHAFT is missing
    assert_ptr_equal(r.args.command, &lamp_light);
    drop(&r);
    r = read_line("care snuff -h");
    assert_int_equal(r.result, ARGS_HELP);
    assert_int_equal(r.args.n_chain, 3);
    drop(&r);
    r = read_line("--version");
    assert_int_equal(r.result, ARGS_VERSION);
    drop(&r);
    assert_refused("light --version x", "lamp light: unknown option '--version'; see 'lamp light --help'");
}

static void mistakes_in_words_are_told_with_what_was_meant(void **state)
{
    (void)state;
    assert_refused("", "lamp: a command is missing; see 'lamp --help'");
    assert_refused("ligth x", "lamp: unknown command 'ligth', did you mean 'light'?");
    assert_refused("secre x", "lamp: unknown command 'secre'; see 'lamp --help'"); // hidden ones are not offered
    assert_refused("care snuf", "lamp care: unknown command 'snuf', did you mean 'snuff'?");
    assert_refused("light --color blue x", "lamp light: unknown option '--color', did you mean '--colour'?");
    assert_refused("light --br x", "lamp light: unknown option '--br', did you mean '--bright'?");
    assert_refused("light --zzz=4 x", "lamp light: unknown option '--zzz'; see 'lamp light --help'");
    assert_refused("light -bz x", "lamp light: unknown option '-z'; see 'lamp light --help'");
    assert_refused("--vershun", "lamp: unknown option '--vershun', did you mean '--version'?");
}

static void mistakes_in_values_are_told_with_what_is_wanted(void **state)
{
    (void)state;
    assert_refused("light --colour red x", "lamp light: option '--colour' wants one of amber or blue, not 'red'");
    assert_refused("light --oil 12Q x",
                   "lamp light: option '--oil' wants a size in bytes (512, 64K, 16M, 1G) from 512 to 1073741824, not '12Q'");
    assert_refused("light --oil 511 x",
                   "lamp light: option '--oil' wants a size in bytes (512, 64K, 16M, 1G) from 512 to 1073741824, not '511'");
    assert_refused(
        "light --oil 99999999999999999999T x",
        "lamp light: option '--oil' wants a size in bytes (512, 64K, 16M, 1G) from 512 to 1073741824, not '99999999999999999999T'");
    assert_refused("light --oil 18014398509481985K x", // 2^64 + 1024 would wrap to 1K
                   "lamp light: option '--oil' wants a size in bytes (512, 64K, 16M, 1G) from 512 to 1073741824, not '18014398509481985K'");
    assert_refused("light --burn 3h x", "lamp light: option '--burn' wants a duration (90s, 15m, 2h, 7d) from 0s to 7200s, not '3h'");
    assert_refused("light --quiet=10 x", "lamp light: option '--quiet' wants a number from 0 to 9, not '10'");
    assert_refused("light --quiet=-1 x", "lamp light: option '--quiet' wants a number from 0 to 9, not '-1'");
    assert_refused("light --bright=yes x", "lamp light: option '--bright' takes no value");
    assert_refused("light x --wick", "lamp light: option '--wick' wants a value: --wick FILE");
}

static void operands_are_counted(void **state)
{
    (void)state;
    assert_refused("light", "lamp light: SHAFT is missing: which shafts");
    assert_refused("light a b c", "lamp light: 'c' is one SHAFT too many");
    assert_refused("care snuff now", "lamp care snuff: takes no arguments, but got 'now'");
}

static void hostile_words_are_shown_escaped_and_short(void **state)
{
    (void)state;
    assert_refused("\x1b[31m", "lamp: unknown command '\\x1b[31m'; see 'lamp --help'");
    char line[1200] = "light --";
    memset(line + 8, 'a', 1000);
    struct reading r = read_line(line);
    assert_int_equal(r.result, ARGS_BAD);
    assert_true(r.error.len < 400);
    drop(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_typed),
        cmocka_unit_test(what_is_not_given_has_its_default),
        cmocka_unit_test(dashes_mean_what_they_mean_elsewhere),
        cmocka_unit_test(help_and_version_are_results_of_their_own),
        cmocka_unit_test(mistakes_in_words_are_told_with_what_was_meant),
        cmocka_unit_test(mistakes_in_values_are_told_with_what_is_wanted),
        cmocka_unit_test(operands_are_counted),
        cmocka_unit_test(hostile_words_are_shown_escaped_and_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
