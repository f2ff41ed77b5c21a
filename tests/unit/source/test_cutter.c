// SPDX-License-Identifier: Apache-2.0
// Does the cutter find the same records wherever the bytes are parted?
#include "reading.h"

#include "source/cutter.h"

static void note_cut(struct buf *out, const struct cutter *c, enum cut cut, const char *data)
{
    static const char *const names[] = {"more", "record", "too long", "broken"};
    buf_addf(out, "%s %llu", names[cut], (unsigned long long)(cut == CUT_BROKEN ? c->line : c->begin_line));
    if (cut == CUT_RECORD)
        buf_addf(out, ".%u %.*s", c->item, (int)(c->end - c->begin), data + c->begin);
    buf_add_char(out, '\n');
}

// Cuts the text as it comes in pieces, keeping only what the cutter asks to be kept.
static void cut_in_pieces(struct buf *out, struct str text, size_t piece, size_t limit)
{
    struct cutter c;
    char *held = malloc(text.len + 1);
    size_t n = 0;
    assert_non_null(held);
    cutter_init(&c, limit);
    while (text.len) {
        const struct str more = str_slice(text, 0, piece);
        text = str_slice(text, piece, text.len);
        memcpy(held + n, more.ptr, more.len);
        n += more.len;
        enum cut cut;
        while ((cut = cutter_next(&c, held, n)) != CUT_MORE)
            note_cut(out, &c, cut, held);
        assert_true(c.keep <= c.at && c.at == n);
        assert_true(n - c.keep <= limit + piece + 64 || piece > 1000);
        memmove(held, held + c.keep, n - c.keep);
        n -= c.keep;
        cutter_forget(&c);
    }
    buf_addf(out, "%s\n", cutter_done(&c) ? "done" : "cut off");
    free(held);
}

static void pieces_make_no_difference(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {
        "[{\"a\":1},{\"b\":[1,{}]},\n{\"c\":\"\\\\\\\"]}\"}]",
        "{\"kind\":\"EventList\",\"n\":12,\"x\":null,\"items\":[{\"a\":1}\n,{\"b\":2}],\"y\":[1,2],\"items\":[{\"c\":3}]}{\"d\":4}",
        "{\n \"a\": {\"b\": \"c\"},\n \"d\": -1.5e3\n}\n\n{\"e\":[]}\n",
        "{\"a very long key that names nothing at all, longer than any list has a name\":[1],\"records\":[{\"a\":1}]}",
        "[{\"a\":1},{\"a\":[1}],{\"lost\":1}\n,{\"b\":1}]",
        "[{\"a\":\"b\\\n{\"b\":1}\n]\n",
        "[{\"a\":\"b\n{\"b\":1}\n]]\n{\"c\":1}\n",
        "text\n{\"a\":1} text {\"lost\":1}\n{\"b\":1}\n",
        "[\"s\\\"t\",\"{}\",[1,[2]],12,true,null,{\"a\":1}]",
        "{\"items\":[{\"a\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"},{\"b\":1}]}",
        "{\"head\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"items\":[{\"b\":1}]}",
        "{\"no colon\"nd\":{\"a\":1},tr\"ue\"}{\"b\":1}\n[1\"2\",{\"c\":1}]",
        "[{\"a\":1},{\"cut\":\"of",
        "{\"items\":[",
    };
    struct buf *whole = text_of(f), pieces;
    buf_init(&pieces, 1 << 16);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct str text = str_from_c(texts[i]);
        buf_clear(whole);
        cut_in_pieces(whole, text, text.len, 60);
        for (size_t piece = 1; piece < text.len; piece++) {
            buf_clear(&pieces);
            cut_in_pieces(&pieces, text, piece, 60);
            if (!str_eq(buf_str(&pieces), buf_str(whole)))
                fail_msg("text %zu in pieces of %zu:\n%.*snot\n%.*s", i, piece, STR_ARG(buf_str(&pieces)), STR_ARG(buf_str(whole)));
        }
    }
    buf_fini(&pieces);
}

static void what_is_cut_is_right(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"[{\"a\":1},{\"b\":[1,{}]},\n{\"c\":2}]", "record 1.1 {\"a\":1}\nrecord 1.2 {\"b\":[1,{}]}\nrecord 2.0 {\"c\":2}\ndone\n"},
        {"{\"n\":[1],\"items\":[{\"a\":1}],\"x\":{}}\n{\"d\":4}", "record 1.1 {\"a\":1}\nrecord 2.0 {\"d\":4}\ndone\n"},
        {"[\"s\\\"t\",12,null]", "record 1.1 \"s\\\"t\"\nrecord 1.2 12\nrecord 1.3 null\ndone\n"},
        {"[{\"a\":1},{\"a\":[1}],{\"lost\":1}\n,{\"b\":1}]", "record 1.1 {\"a\":1}\nbroken 1\nrecord 2.0 {\"b\":1}\ndone\n"},
        {"[{\"a\":\"b\\\n{\"b\":1}\n]\n", "broken 1\nrecord 2.0 {\"b\":1}\ndone\n"},
        {"[{\"a\":1},{\"cut\":\"of", "record 1.1 {\"a\":1}\ncut off\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf *out = text_of(f);
        cut_in_pieces(out, str_from_c(cases[i].text), SIZE_MAX, 1000);
        if (!str_eq(buf_str(out), str_from_c(cases[i].expected)))
            fail_msg("case %zu:\n%.*snot\n%s", i, STR_ARG(buf_str(out)), cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pieces_make_no_difference, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_cut_is_right, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
