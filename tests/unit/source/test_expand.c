// SPDX-License-Identifier: Apache-2.0
// Which files of a directory are read, whose cluster are they, and in which order?
#include "reading.h"

#include "source/name.h"

#include <sys/stat.h>
#include <unistd.h>

#define AT_HOUR(id, hour)                                                                                                                  \
    "{\"auditID\":\"" id "\",\"stage\":\"s\",\"requestURI\":\"/\",\"stageTimestamp\":\"2026-11-22T" hour ":00:00.000000Z\"}\n"

static void assert_input(struct fixture *f, size_t i, const char *cluster, const char *path)
{
    assert_true(i < f->list->n);
    const struct source_input *input = &f->list->inputs[i];
    if (!str_eq(input->cluster, str_from_c(cluster)) || !str_eq(input->path, below(f, path)))
        fail_msg("input %zu is %.*s of %.*s, not %s of %s", i, STR_ARG(input->path), STR_ARG(input->cluster), path, cluster);
}

static void names_tell_rotated_logs(void **state)
{
    (void)state;
    static const struct {
        const char *name, *stem;
        bool rotated;
    } cases[] = {
        {"audit.log", "audit", false},
        {"audit-2026-11-22T01-00-00.000.log", "audit", true},
        {"audit-2026-11-22T01-00-00.000.log.gz", "audit", true},
        {"audit.log.1", "audit", true},
        {"audit.log.12.gz", "audit", true},
        {"audit.log-20261122.zst", "audit", true},
        {"audit.log.2026-11-22", "audit", true},
        {"audit.2026-11-22.json", "audit", true},
        {"audit_20261122.jsonl", "audit", true},
        {"prod-eu-1.jsonl", "prod-eu-1", false},
        {"prod-2.json.xz", "prod-2", false},
        {"v1.20.log", "v1", true}, // a number at the end is taken for one of rotation
        {"2026-11-22.log", "", true},
        {"log", "log", false},
        {".log", ".log", false},
        {"x", "x", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct log_name n = name_parse(str_from_c(cases[i].name));
        if (!str_eq(n.stem, str_from_c(cases[i].stem)) || n.rotated != cases[i].rotated)
            fail_msg("%s: %.*s, %d", cases[i].name, STR_ARG(n.stem), n.rotated);
    }
    assert_true(name_parse(STR("x.tar.gz")).no_log);
    assert_true(name_parse(STR(".hidden.log")).no_log);
    assert_true(name_parse(STR("README.md")).no_log);
    assert_false(name_parse(STR("README")).no_log);
}

static void a_rotated_log_is_one_cluster_in_order_of_time(void **state)
{
    struct fixture *f = *state;
    make_directory(f, "prod");
    put(f, "prod/audit.log", STR(AT_HOUR("3", "03")));
    put(f, "prod/audit-2026-11-22T02-00-00.000.log", STR(AT_HOUR("2", "02")));
    put(f, "prod/audit-2026-11-22T09-00-00.000.log", STR(AT_HOUR("1", "01"))); // its name lies about the time
    assert_int_equal(expand(f, NULL, (const char *[]){"prod", NULL}), ST_OK);
    assert_int_equal(f->list->n, 3);
    assert_input(f, 0, "prod", "prod/audit-2026-11-22T09-00-00.000.log");
    assert_input(f, 1, "prod", "prod/audit-2026-11-22T02-00-00.000.log");
    assert_input(f, 2, "prod", "prod/audit.log");
    read_all(f, SOURCE_LIMITS_DEFAULT);
    assert_int_equal(f->n, 3);
    assert_int_equal(f->records[2].line, 1); // lines are numbered in each file
    assert_int_equal(f->records[2].input, 2);
    // Any stem does, once something is rotated.
    make_directory(f, "q");
    put(f, "q/east.log", STR(AT_HOUR("2", "02")));
    put(f, "q/east.log.1", STR(AT_HOUR("1", "01")));
    assert_int_equal(expand(f, NULL, (const char *[]){"q", NULL}), ST_OK);
    assert_input(f, 0, "q", "q/east.log.1");
    assert_input(f, 1, "q", "q/east.log");
    // All the files of a user's choice.
    assert_int_equal(expand(f, "mine", (const char *[]){"q", "prod/audit.log", NULL}), ST_OK);
    assert_int_equal(f->list->n, 3);
    assert_input(f, 2, "mine", "prod/audit.log");
}

static void a_directory_of_clusters_is_taken_apart(void **state)
{
    struct fixture *f = *state;
    make_directory(f, "fleet");
    make_directory(f, "fleet/west");
    make_directory(f, "fleet/west/node1");
    make_directory(f, "fleet/empty");
    put(f, "fleet/west/node1/audit.log", STR(AT_HOUR("1", "05")));
    put(f, "fleet/west/audit.json", STR(AT_HOUR("2", "04")));
    put(f, "fleet/east.jsonl", STR(AT_HOUR("3", "01")));
    put(f, "fleet/north.jsonl", STR(AT_HOUR("4", "02")));
    put(f, "fleet/north.jsonl.1", STR(AT_HOUR("5", "01")));
    put(f, "fleet/audit.log", STR(AT_HOUR("6", "01"))); // no name of a cluster
    assert_int_equal(expand(f, NULL, (const char *[]){"fleet", NULL}), ST_OK);
    assert_int_equal(f->list->n, 6);
    assert_input(f, 0, "east", "fleet/east.jsonl");
    assert_input(f, 1, "fleet", "fleet/audit.log");
    assert_input(f, 2, "north", "fleet/north.jsonl.1");
    assert_input(f, 3, "north", "fleet/north.jsonl");
    assert_input(f, 4, "west", "fleet/west/audit.json");
    assert_input(f, 5, "west", "fleet/west/node1/audit.log");
}

static void files_are_named_after_themselves_or_their_directory(void **state)
{
    struct fixture *f = *state;
    make_directory(f, "c1");
    make_directory(f, "c2");
    make_directory(f, "c2/log");
    put(f, "c1/audit.jsonl", STR(AT_HOUR("1", "01")));
    put(f, "c2/log/audit.log", STR(AT_HOUR("2", "01")));
    put(f, "prod.log", STR(AT_HOUR("3", "01")));
    assert_int_equal(expand(f, NULL, (const char *[]){"c1/audit.jsonl", "c2/log/audit.log", "prod.log", NULL}), ST_OK);
    assert_input(f, 0, "c1", "c1/audit.jsonl");
    assert_input(f, 1, "c2", "c2/log/audit.log");
    assert_input(f, 2, "prod", "prod.log");
    assert_int_equal(expand(f, NULL, (const char *[]){"c2/", NULL}), ST_OK); // a slash at the end does not matter
    assert_true(str_eq(f->list->inputs[0].cluster, STR("c2")));              // and "log" is no name
}

static void what_is_no_log_is_left_out_and_said(void **state)
{
    struct fixture *f = *state;
    make_directory(f, "d");
    put(f, "d/audit.log", STR(AT_HOUR("1", "01")));
    put(f, "d/notes.md", STR("# notes"));
    put(f, "d/labels.jsonl", STR("{\"line\":1,\"auditID\":\"1\",\"stage\":\"s\",\"verb\":\"get\"}\n"));
    put(f, "d/kubelet.log", STR("I0109 21:24:54.475483 1 x.go:300] text\n"));
    put(f, "d/picture", str_make("\x89PNG\r\n\0\0\0\0", 10));
    put(f, "d/empty.log", STR(""));
    put(f, "d/wide.log", str_make("\xff\xfe{\0}\0\n\0", 8));
    assert_int_equal(mkfifo(below(f, "d/pipe").ptr, 0600), 0);
    assert_int_equal(symlink("audit.log", below(f, "d/latest.log").ptr), 0);
    assert_int_equal(symlink(".", below(f, "d/again").ptr), 0);
    assert_int_equal(expand(f, NULL, (const char *[]){"d", NULL}), ST_OK);
    assert_int_equal(f->list->n, 1);
    assert_int_equal(f->diags.errors, 0);
    assert_int_equal(f->diags.n, 8); // each of them, once
    assert_true(told(f, "its name is not that of a log") && told(f, "begins with no audit event") && told(f, "is not text"));
    assert_true(told(f, "is empty") && told(f, "is UTF-16") && told(f, "not a file") && told(f, "is the same file as another one"));
}

static void what_is_named_and_cannot_be_read_is_an_error(void **state)
{
    struct fixture *f = *state;
    put(f, "audit.log", STR(AT_HOUR("1", "01")));
    put(f, "picture", str_make("\x89PNG\r\n\0\0\0\0", 10));
    put(f, "wide.log", str_make("\xff\xfe{\0}\0\n\0", 8));
    put(f, "other.log", STR("{\"a\":1}\n"));
    make_directory(f, "empty");
    make_directory(f, "notes");
    put(f, "notes/a.txt", STR("hello\n"));
    assert_int_equal(expand(f, NULL, (const char *[]){"audit.log", "none.log", NULL}), ST_IO);
    assert_null(f->list);
    assert_int_equal(expand(f, NULL, (const char *[]){"picture", NULL}), ST_INPUT);
    assert_int_equal(expand(f, NULL, (const char *[]){"wide.log", NULL}), ST_INPUT);
    assert_int_equal(expand(f, NULL, (const char *[]){"empty", NULL}), ST_INPUT);
    assert_int_equal(expand(f, NULL, (const char *[]){"notes", NULL}), ST_INPUT);
    assert_int_equal(f->diags.errors, 5);
    assert_int_equal(expand(f, NULL, (const char *[]){"other.log", NULL}), ST_OK); // who names it may know better
    assert_int_equal(expand(f, NULL, (const char *[]){"audit.log", "audit.log", NULL}), ST_OK);
    assert_int_equal(f->list->n, 1); // read once
    if (geteuid() != 0) {
        assert_int_equal(chmod(below(f, "audit.log").ptr, 0), 0);
        assert_int_equal(expand(f, NULL, (const char *[]){"audit.log", NULL}), ST_IO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_tell_rotated_logs),
        cmocka_unit_test_setup_teardown(a_rotated_log_is_one_cluster_in_order_of_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_directory_of_clusters_is_taken_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_are_named_after_themselves_or_their_directory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_log_is_left_out_and_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_named_and_cannot_be_read_is_an_error, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
