// SPDX-License-Identifier: Apache-2.0
// Are audit events found, whole and in order, in every shape in which logs are shipped, and is what is none counted?
#include "reading.h"

// --- documents -------------------------------------------------------------------------------------------------------------------

static void arrays_and_lists_give_their_elements(void **state)
{
    struct fixture *f = *state;
    static const char *const around[][3] = {
        {"[", ",", "]"},
        {" [\n", ",\n", "\n]\n"},
        {"{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[", ",", "]}\n"},
        {"{\"items\":[", ",", "],\"kind\":\"EventList\"}"},
        {"{\n  \"kind\": \"EventList\",\n  \"metadata\": {\"a\": [1, {\"b\": \"]\"}]},\n  \"items\": [\n", "\n,\n", "\n]\n}\n"},
        {"", "", ""},
        {"", " ", ""},
        {"[", ",", "][]"},
    };
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        struct buf *text = text_of(f);
        buf_addf(text, "%s%s%s%s%s", around[i][0], EVENT("1"), around[i][1], EVENT("2 \\\" ] } \\\\"), around[i][2]);
        for (size_t block = 1; block < 2000; block = block * 2 + 1) {
            read_text_with(f, "a.json", buf_str(text), (struct source_limits){.record = 1 << 20, .block = block});
            assert_int_equal(f->n, 2);
            assert_record(f, 0, STR(EVENT("1")));
            assert_record(f, 1, STR(EVENT("2 \\\" ] } \\\\")));
            assert_int_equal(f->diags.n, 0);
            assert_int_equal(f->counters.foreign_records, 0);
        }
    }
}

static void records_may_take_several_lines(void **state)
{
    struct fixture *f = *state;
    read_text(f, "a.json", STR("{\n \"kind\": \"Event\",\n \"auditID\": \"1\"\n}\n{\n \"auditID\": \"2\"\n}\n"));
    assert_int_equal(f->n, 2);
    assert_record(f, 1, STR("{\n \"auditID\": \"2\"\n}"));
    assert_int_equal(f->records[0].line, 1);
    assert_int_equal(f->records[1].line, 5);
    assert_int_equal(f->records[1].item, 0);
}

static void places_say_line_and_item(void **state)
{
    struct fixture *f = *state;
    read_text(f, "a.json", STR("\n[{\"a\":1},{\"a\":2},\n{\"a\":3},{\"a\":4}]\n"));
    assert_int_equal(f->n, 4);
    static const unsigned lines[] = {2, 2, 3, 3}, items[] = {1, 2, 0, 2};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(f->records[i].line, lines[i]);
        assert_int_equal(f->records[i].item, items[i]);
    }
    // One line with a list in it, among others.
    read_text(f, "a.log", STR("{\"items\":[" EVENT("1") "," EVENT("2") "]}\n" EVENT("3") "\n"));
    assert_int_equal(f->n, 3);
    assert_int_equal(f->records[1].line, 1);
    assert_int_equal(f->records[1].item, 2);
    assert_int_equal(f->records[2].line, 2);
    assert_int_equal(f->records[2].item, 0);
}

static void a_list_is_read_in_little_memory(void **state)
{
    struct fixture *f = *state;
    enum { EVENTS = 40000 };
    struct buf *text = text_of(f);
    buf_addf(text, "{\"kind\":\"EventList\",\"items\":[");
    for (unsigned i = 0; i < EVENTS; i++)
        buf_addf(text, "%s{\"auditID\":\"%u\",\"pad\":\"%0300u\"}", i ? "," : "", i, i);
    buf_addf(text, "]}");
    put(f, "a.json", buf_str(text));
    assert_int_equal(expand(f, NULL, (const char *[]){"a.json", NULL}), ST_OK);
    struct source_reader *r;
    struct source_block block = {0};
    bool end = false;
    uint64_t n = 0;
    assert_int_equal(source_reader_new(&r, f->list, (struct source_limits){.record = 1 << 20, .block = 1 << 16}), ST_OK);
    while (source_next(r, &block, &end, &f->diags) == ST_OK && !end) {
        n += block.n_spans;
        assert_true(block.cap < 3000000); // of 13 million
    }
    assert_int_equal(n, EVENTS);
    source_reader_free(r);
    source_block_fini(&block);
}

// --- envelopes -------------------------------------------------------------------------------------------------------------------

// EVENT(id) as a JSON string.
#define QUOTED(id)                                                                                                                         \
    "\"{\\\"kind\\\":\\\"Event\\\",\\\"apiVersion\\\":\\\"audit.k8s.io/v1\\\",\\\"auditID\\\":\\\"" id                                     \
    "\\\",\\\"stage\\\":\\\"ResponseComplete\\\",\\\"requestURI\\\":\\\"/api\\\",\\\"verb\\\":\\\"get\\\","                                \
    "\\\"stageTimestamp\\\":\\\"2026-11-22T01:02:03.000000Z\\\"}\""
#define AZURE(category, log) "{\"time\":\"t\",\"category\":\"" category "\",\"properties\":{\"log\":" log ",\"pod\":\"p\"}}"

static const struct shape_case {
    const char *name, *text;
    unsigned foreign;
} cases[] = {
    {"AKS, Event Hub",
     "{\"records\":[" AZURE("kube-audit", QUOTED("1")) "," AZURE("kube-apiserver", "\"I0109 x\"") "," //
     AZURE("kube-audit-admin", QUOTED("2")) "]}",
     1},
    {"AKS, Event Hub, a batch a line",
     "{\"records\":[" AZURE("kube-audit", QUOTED("1")) "]}\n{\"records\":[" AZURE("guard", "\"{}\"") "," AZURE("kube-audit-admin",
                                                                                                               QUOTED("2")) "]}\n",
     1},
    {"AKS, storage account",
     AZURE("kube-audit", QUOTED("1")) "\n" AZURE("kube-scheduler", QUOTED("x")) "\n" AZURE("kube-audit", QUOTED("2")) "\n", 1},
    {"AKS, properties as a string",
     "{\"category\":\"kube-audit\",\"properties\":" QUOTED("1") "}\n"
                                                                "{\"category\":\"kube-audit\",\"properties\":\"{\\\"log\\\":"
                                                                "\\\"{}\\\""
                                                                "}\"}\n" AZURE("kube-audit", QUOTED("2")),
     1},
    {"AKS, Log Analytics",
     "{\"Category\":\"kube-audit\",\"log_s\":" QUOTED("1") "}\n{\"Category\":\"kube-audit\",\"log_s\":" QUOTED("2") "}\n", 0},
    {"EKS, subscription",
     "{\"messageType\":\"DATA_MESSAGE\",\"logStream\":\"kube-apiserver-audit-1\",\"logEvents\":[{\"id\":\"1\","
     "\"timestamp\":1,\"message\":" QUOTED("1") "},{\"id\":\"2\",\"message\":" QUOTED("2") "}]}",
     0},
    {"EKS, subscription through Firehose: no newlines",
     "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":" QUOTED(
         "1") "}]}"
              "{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"message\":\"CWL CONTROL MESSAGE: Checking health\"}]}"
              "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":" QUOTED("2") "}]}",
     1},
    {"EKS, export", "2026-11-22T01:02:03.000Z " EVENT("1") "\n2026-11-22T01:02:04.000Z " EVENT("2") "\n", 0},
    {"EKS, aws logs tail",
     "2026-11-22T01:02:03.000000+00:00 kube-apiserver-audit-7 " EVENT("1") "\n"
                                                                           "2026-11-22T01:02:03.000000+00:00 kube-apiserver-audit-7 " EVENT(
                                                                               "2"),
     0},
    {"EKS, filter-log-events",
     "{\n  \"events\": [\n    {\n      \"logStreamName\": \"s\",\n      \"message\": " QUOTED(
         "1") "\n    },\n"
              "    {\n      \"message\": " QUOTED("2") ",\n      \"eventId\": \"3\"\n    }\n  ],\n  \"searchedLogStreams\": []\n}\n",
     0},
    {"EKS, Insights",
     "{\"results\":[[{\"field\":\"@timestamp\",\"value\":\"t\"},{\"field\":\"@message\",\"value\":" QUOTED(
         "1") "}],"
              "[{\"field\":\"@message\",\"value\":" QUOTED("2") "},{\"field\":\"@ptr\",\"value\":\"p\"}]],\"status\":\"Complete\"}",
     0},
    {"EKS, Insights as lines", "{\"@timestamp\":\"t\",\"@message\":" QUOTED("1") "}\n{\"@message\":" EVENT("2") "}\n", 0},
    {"an array of strings", "[" QUOTED("1") "," QUOTED("2") "]", 0},
    {"container runtime",
     "2026-11-22T01:02:03.000000000Z stdout F " EVENT("1") "\n2026-11-22T01:02:03.000000000Z stderr F " EVENT("2") "\n", 0},
    {"Docker", "{\"log\":" QUOTED("1") ",\"stream\":\"stdout\"}\n{\"log\":\"I0109 started\\n\"}\n{\"log\":" QUOTED("2") "}\n", 1},
    {"Fluent Bit", "{\"log\":\"x\",\"log_processed\":" EVENT("1") ",\"kubernetes\":{\"pod_name\":\"p\"}}\n{\"log\":" QUOTED("2") "}\n", 0},
    {"Elastic",
     "{\"hits\":{\"hits\":[{\"_source\":{\"kubernetes\":{\"audit\":" EVENT("1") "}}},{\"_source\":{\"message\":" QUOTED("2") "}}]}}", 0},
    {"Splunk",
     "{\"preview\":false,\"result\":{\"_raw\":" QUOTED("1") ",\"host\":\"h\"}}\n{\"event\":" EVENT("2") ",\"sourcetype\":\"s\"}\n", 0},
    {"OpenTelemetry",
     "{\"resourceLogs\":[{\"resource\":{},\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":" QUOTED(
         "1") "}},"
              "{\"body\":{\"stringValue\":" QUOTED("2") "}}]}]}]}",
     0},
    {"Loki",
     "{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",\"result\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"17\"," QUOTED(
         "1") "],"
              "[\"18\"," QUOTED("2") "]]}]}}",
     0},
    {"logcli", "{\"labels\":{},\"line\":" QUOTED("1") ",\"timestamp\":\"t\"}\n{\"line\":" QUOTED("2") "}\n", 0},
    {"syslog", "<134>Nov 22 01:02:03 node1 kube-apiserver: " EVENT("1") "\nNov  2 01:02:03 node1 audit[12]: " EVENT("2") "\n", 0},
    {"syslog, RFC 5424",
     "<134>1 2026-11-22T01:02:03Z node1 kube-apiserver 1 - - " EVENT("1") "\n"
                                                                          "<134>1 2026-11-22T01:02:03Z node1 kube-apiserver 1 - - " EVENT(
                                                                              "2") "\n",
     0},
    {"plain events among enveloped ones", AZURE("kube-audit", QUOTED("1")) "\n" EVENT("2") "\n", 0},
    {"two envelopes",
     "{\"message\":\"{\\\"log\\\":"
     "\\\"{}\\\""
     "}\"}\n{\"message\":{\"log\":" QUOTED("1") "}}\n{\"message\":{\"body\":" QUOTED("2") "}}\n",
     1},
};

static void every_envelope_is_opened(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct shape_case *c = &cases[i];
        for (size_t block = 64; block < 5000; block *= 4) {
            read_text_with(f, "a.json", str_from_c(c->text), (struct source_limits){.record = 1 << 20, .block = block});
            if (f->n != 2)
                fail_msg("%s: %zu events", c->name, f->n);
            assert_record(f, 0, STR(EVENT("1")));
            assert_record(f, 1, STR(EVENT("2")));
            if (f->counters.foreign_records != c->foreign || f->diags.n)
                fail_msg("%s: %llu foreign, %zu diagnostics", c->name, (unsigned long long)f->counters.foreign_records, f->diags.n);
        }
    }
}

// The same, with the work left to whoever takes the blocks.
static void envelopes_can_be_opened_later(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source_limits limits = {.record = 1 << 20, .block = 300, .leave_wrapped = true};
        put(f, "a.json", str_from_c(cases[i].text));
        assert_int_equal(expand(f, NULL, (const char *[]){"a.json", NULL}), ST_OK);
        struct source_reader *r;
        struct source_unwrapper *u = source_unwrapper_new(limits);
        struct source_block block = {0};
        bool end = false;
        uint64_t foreign = 0, events = 0;
        assert_int_equal(source_reader_new(&r, f->list, limits), ST_OK);
        while (source_next(r, &block, &end, &f->diags) == ST_OK && !end) {
            assert_true(block.wrapped);
            source_block_unwrap(u, &block);
            assert_false(block.wrapped);
            assert_int_equal(block.shape, SHAPE_SPANS);
            events += block.n_spans;
            foreign += block.foreign;
        }
        if (events != 2 || foreign != cases[i].foreign)
            fail_msg("%s: %llu events", cases[i].name, (unsigned long long)events);
        source_reader_free(r);
        source_unwrapper_free(u);
        source_block_fini(&block);
    }
}

static void lines_of_another_shape_are_not_lost(void **state)
{
    (void)state;
    struct source_unwrapper *u = source_unwrapper_new(SOURCE_LIMITS_DEFAULT);
    struct source_events events;
    static const char batch[] =
        "{\"records\":[" AZURE("kube-audit", QUOTED("1")) "," AZURE("x", "\"\"") "," AZURE("kube-audit", QUOTED("2")) "]}";
    char room[sizeof batch + JSON_PADDING] = {0};
    memcpy(room, batch, sizeof batch);
    assert_true(source_unwrap(u, str_from_c(room), &events));
    assert_int_equal(events.n, 2);
    assert_int_equal(events.foreign, 1);
    assert_true(str_eq(events.items[0], STR(EVENT("1"))));
    assert_true(str_eq(events.items[1], STR(EVENT("2"))));
    static const char line[] = "2026-11-22T01:02:03.000Z " EVENT("3");
    memcpy(room, line, sizeof line);
    assert_true(source_unwrap(u, str_from_c(room), &events));
    assert_int_equal(events.n, 1);
    for (size_t i = 0; i < 3; i++) {
        static const char *const none[] = {"{\"a\":{\"b\":1}}", "no JSON at all", ""};
        memcpy(room, none[i], strlen(none[i]) + 1);
        assert_false(source_unwrap(u, str_from_c(room), &events));
    }
    source_unwrapper_free(u);
}

static void text_of_other_logs_forges_no_event(void **state)
{
    struct fixture *f = *state;
    // A component's own line with an event in it that an intruder put there, as a user agent or a path.
    read_text(
        f, "a.log",
        STR(AZURE("kube-audit", QUOTED("1")) "\n" AZURE("kube-apiserver", QUOTED("forged")) "\n" AZURE(
            "kube-audit",
            "\"I0109 21:24:54.475483 1 httplog.go:132] "
            "{}"
            "\"") "\n"
                  "{\"message\":\"GET /x userAgent={\\\"auditID\\\":\\\"f\\\",\\\"stage\\\":\\\"s\\\",\\\"requestURI\\\":\\\"/\\\"}\"}\n"));
    assert_int_equal(f->n, 1);
    assert_int_equal(f->counters.foreign_records, 3);
}

static void envelopes_in_envelopes_have_an_end(void **state)
{
    struct fixture *f = *state;
    struct buf *text = text_of(f);
    for (unsigned i = 0; i < 20; i++)
        buf_addf(text, "{\"message\":");
    buf_addf(text, "%s", EVENT("1"));
    for (unsigned i = 0; i < 20; i++)
        buf_addf(text, "}");
    buf_addf(text, "\n");
    read_text(f, "a.log", buf_str(text));
    assert_int_equal(f->n, 0);
    assert_int_equal(f->counters.foreign_records, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arrays_and_lists_give_their_elements, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_may_take_several_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_say_line_and_item, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_is_read_in_little_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_envelope_is_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(envelopes_can_be_opened_later, set_up, tear_down),
        cmocka_unit_test(lines_of_another_shape_are_not_lost),
        cmocka_unit_test_setup_teardown(text_of_other_logs_forges_no_event, set_up, tear_down),
        cmocka_unit_test_setup_teardown(envelopes_in_envelopes_have_an_end, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
