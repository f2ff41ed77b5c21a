// SPDX-License-Identifier: Apache-2.0
// Do help, man page and completion say all that the tables say, and keep hidden what is hidden?
#include "cmd/describe.h"
#include "lamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_has(const struct buf *text, const char *part)
{
    if (str_find(buf_str(text), str_from_c(part), 0) == SIZE_MAX)
        fail_msg("not said: %s\n--- in\n%.*s", part, STR_ARG(buf_str(text)));
}

static void assert_lacks(const struct buf *text, const char *part)
{
    assert_true(str_find(buf_str(text), str_from_c(part), 0) == SIZE_MAX);
}

static void help_of_a_command(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 16);
    const struct command *chain[] = {&lamp, &lamp_light};
    help_write(&text, chain, 2, 60);
    assert_has(&text, "Usage: lamp light [OPTION]... SHAFT...\n");
    assert_has(&text, "-c, --colour C              the light: amber or blue\n                              [amber]\n");
    assert_has(&text, "--oil SIZE                  how much (512 to 1073741824)\n");
    assert_has(&text, "-h, --help");
    assert_has(&text, "Firedamp burns blue.\n\n.A line");
    assert_has(&text, "lamp light shaft-1\n");
    for (struct str rest = buf_str(&text); rest.ptr;)
        assert_true(str_split(&rest, '\n').len <= 60);
    buf_fini(&text);
}

static void help_of_a_group(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 16);
    const struct command *chain[] = {&lamp};
    help_write(&text, chain, 1, 80);
    assert_has(&text, "Usage: lamp COMMAND\n");
    assert_has(&text, "  light                       light a shaft\n");
    assert_has(&text, "  care                        look after it\n");
    assert_lacks(&text, "secret");
    buf_fini(&text);
}

static void man_page(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 16);
    static const struct example statuses[] = {{"7", "the lamp is out"}};
    struct man_facts facts = {.version = STR("1.2"), .exit_statuses = statuses, .n_exit_statuses = COUNT(statuses)};
    man_write(&text, &lamp, &facts);
    assert_has(&text, ".TH lamp 1 \"\" \"lamp 1.2\"\n");
    assert_has(&text, "\\-c, \\-\\-colour C\nthe light: amber or blue [amber]\n");
    assert_has(&text, ".SS lamp care snuff\n");
    assert_has(&text, ".B 7\nthe lamp is out\n");
    assert_has(&text, "\n\\&.A line that starts with a dot, and a back\\eslash.\n"); // else troff would take it as a macro
    assert_lacks(&text, "secret");
    buf_fini(&text);
}

static void completion(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 16);
    completion_bash_write(&text, &lamp);
    assert_has(&text, "'lamp') words=' light care --help'");
    assert_has(&text, "'lamp light --colour' | 'lamp light -c') words=' amber blue' files='' value=1 ;;");
    assert_has(&text, "'lamp light --wick' | 'lamp light -w') words='' files='-f' value=1 ;;");
    assert_has(&text, "'lamp care snuff'");
    assert_lacks(&text, "secret");
    assert_lacks(&text, "--bright'"); // a flag has no value to complete
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_of_a_command),
        cmocka_unit_test(help_of_a_group),
        cmocka_unit_test(man_page),
        cmocka_unit_test(completion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
