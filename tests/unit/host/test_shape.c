// SPDX-License-Identifier: Apache-2.0
// Is what rules see of a process well-formed JSON of the promised shape and bounded, whatever the record holds?
#include "reading.h"

static const struct json_value *parse(struct arena *a, struct buf *out)
{
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_error error;
    const size_t len = out->len;
    char *room = buf_reserve(out, JSON_PADDING);
    assert_non_null(room);
    memset(room, 0, JSON_PADDING);
    limits.strict = true;
    const struct json_value *v = json_parse(a, str_make(out->ptr, len), limits, &error);
    if (!v)
        fail_msg("not JSON at %zu: %s", error.offset, error.reason);
    return v;
}

static void all_of_it(void **state)
{
    struct reading r =
        read_text("{\"hostname\":\"n\",\"rule\":\"R\",\"priority\":\"Critical\",\"time\":\"2026-11-22T01:09:35.4Z\",\"output_fields\":{"
                  "\"proc.cmdline\":\"x -y\",\"proc.name\":\"x\",\"proc.pid\":41,\"k8s.pod.name\":\"p\",\"k8s.ns.name\":\"s\"}}");
    struct buf out;
    (void)state;
    buf_init(&out, 1 << 20);
    host_write(&out, &r.e);
    const struct json_value *v = parse(&r.arena, &out);
    assert_str(json_text(json_get(v, STR("@timestamp"))), "2026-11-22T01:09:35.400000Z");
    assert_str(json_text(json_get(v, STR("source"))), "falco");
    assert_str(json_text(json_get(v, STR("act"))), "reported");
    assert_str(json_text(json_get(v, STR("pod"))), "p");
    assert_str(json_text(json_get(v, STR("namespace"))), "s");
    assert_str(json_text(json_get(json_get(v, STR("process")), STR("command"))), "x -y");
    assert_str(json_get(json_get(v, STR("process")), STR("pid"))->text, "41");
    assert_null(json_get(v, STR("image"))); // what is not told is not there
    buf_fini(&out);
    arena_fini(&r.arena);
}

static void long_and_broken_texts(void **state)
{
    struct arena a;
    struct buf text, out;
    (void)state;
    arena_init(&a, ARENA_UNLIMITED);
    buf_init(&text, 4 << 20);
    buf_init(&out, 4 << 20);
    buf_add(&text, STR("{\"rule\":\"R\",\"output_fields\":{\"proc.cmdline\":\"\\u0000\\u001b[2J\xff\xfe"));
    for (size_t i = 0; i < 100000; i++)
        buf_add(&text, STR("A\\u0000"));
    buf_add(&text, STR("\",\"proc.name\":\"\\ud800\"}}"));
    struct reading r = read_bytes(buf_str(&text));
    assert_int_equal(r.result, HOST_EVENT);
    assert_true(r.e.cut);
    assert_true(r.e.process.command.len <= HOST_TEXT_MAX);
    host_write(&out, &r.e);
    assert_non_null(parse(&r.arena, &out));
    buf_fini(&text);
    buf_fini(&out);
    arena_fini(&r.arena);
    arena_fini(&a);
}

static void many_arguments(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, 4 << 20);
    buf_add(&text, STR("{\"eventName\":\"execve\",\"processName\":\"x\",\"args\":[{\"name\":\"argv\",\"value\":[\"x\""));
    for (size_t i = 0; i < 100000; i++)
        buf_add(&text, STR(",\"aaaaaaaa\""));
    buf_add(&text, STR("]}]}"));
    struct reading r = read_bytes(buf_str(&text));
    assert_int_equal(r.result, HOST_EVENT);
    assert_true(r.e.cut);
    assert_true(r.e.process.command.len <= HOST_TEXT_MAX);
    buf_fini(&text);
    arena_fini(&r.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_of_it), cmocka_unit_test(long_and_broken_texts),
                                       cmocka_unit_test(many_arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
