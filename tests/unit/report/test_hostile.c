// SPDX-License-Identifier: Apache-2.0
// Does hostile text, in every field of an alert, leave every format inert: escaped, visible, aligned, bounded, and still there?
#include "alerts.h"
#include "inert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// What each attack must not leave behind in any format; what it carries is looked for as a sign that the field got there at all.
#define CARRIED "Q7"

#define ATTACK(name, literal)                                                                                                              \
    {                                                                                                                                      \
        (name),                                                                                                                            \
        {                                                                                                                                  \
            (literal), sizeof(literal) - 1                                                                                                 \
        }                                                                                                                                  \
    }

static const struct {
    const char *name;
    struct str text;
} attacks[] = {
    ATTACK("escape sequences", CARRIED "\x1b[2J\x1b]0;owned\x07\x1b[31m" CARRIED),
    ATTACK("controls", CARRIED "\r\n\t\b\f\v\x01\x7f" CARRIED),
    ATTACK("NUL", CARRIED "\0" CARRIED),
    ATTACK("script", CARRIED "</script></style></title><script>alert(1)</script><img src=x onerror=alert(1)>"),
    ATTACK("attributes", CARRIED "\" onmouseover=\"alert(1)\" ' x='y' &lt;b&gt; &#60;"),
    ATTACK("SVG and templates", CARRIED "<svg/onload=alert(1)>{{7*7}}${7*7}]]>--><!--"),
    ATTACK("bidirectional", CARRIED "\xe2\x80\xae\xe2\x81\xa6gnp.exe\xe2\x80\x8b\xef\xbb\xbf\xc2\xad" CARRIED),
    ATTACK("bad UTF-8", CARRIED "\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82" CARRIED),
    ATTACK("C1 controls", CARRIED "\xc2\x9b"
                                  "31m\xc2\x85" CARRIED),
    ATTACK("line separators", CARRIED "\xe2\x80\xa8\xe2\x80\xa9" CARRIED),
    ATTACK("a pile of marks", CARRIED "a\xcc\x80\xcc\x80\xcc\x80\xcc\x80\xcc\x80\xcc\x80\xcc\x80\xcc\x80" CARRIED),
    ATTACK("wide", CARRIED "\xe6\xbc\xa2\xe5\xad\x97\xf0\x9f\x98\x80\xef\xbc\xb1" CARRIED),
    ATTACK("tags", CARRIED "\xf3\xa0\x81\x81\xf3\xa0\x81\x82" CARRIED),
    ATTACK("formula", "=HYPERLINK(\"http://x/?" CARRIED "\")"),
    ATTACK("blank", " "),
    ATTACK("empty", ""),
};

static struct techniques *techniques;

static int load(void **state)
{
    (void)state;
    techniques = sample_techniques();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    techniques_free(techniques);
    return 0;
}

// All tags of a page in order, without the spans that mark what was made visible or cut.
static struct buf tags_of(struct str s)
{
    struct buf tags;
    buf_init(&tags, 1u << 20);
    for (size_t at = str_find_char(s, '<', 0); at != SIZE_MAX; at = str_find_char(s, '<', at + 1)) {
        struct str tag = str_slice(s, at, str_find_char(s, '>', at) + 1);
        bool mark = str_eq(tag, STR("<span class=\"x\">")) || str_eq(tag, STR("<span class=\"cut\">")) || str_eq(tag, STR("</span>"));
        buf_add(&tags, mark ? STR("") : tag);
    }
    return tags;
}

static void check(const struct sample *s, const char *field, const char *attack, bool carried)
{
    const struct report_options all[] = {
        {.format = REPORT_TEXT, .width = 100, .techniques = techniques},
        {.format = REPORT_TEXT, .width = 60, .techniques = techniques},
        {.format = REPORT_JSON, .techniques = techniques},
        {.format = REPORT_HTML, .techniques = techniques},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct buf out = sample_report(s, all[i]);
        const char *wrong = inert_report(buf_str(&out), all[i]);
        if (!wrong && carried && all[i].format == REPORT_JSON && str_find(buf_str(&out), STR(CARRIED), 0) == SIZE_MAX)
            wrong = "nothing of it";
        if (wrong)
            fail_msg("%s in %s, format %d: %s", attack, field, (int)all[i].format, wrong);
        buf_fini(&out);
    }
}

// --- tests ---------------------------------------------------------------------------------------------------------------------------

static void every_attack_in_every_field(void **state)
{
    (void)state;
    for (size_t a = 0; a < sizeof attacks / sizeof *attacks; a++) {
        struct sample s;
        sample_init(&s);
        for (size_t i = 0; i < s.n_texts; i++) {
            struct str before = *s.texts[i].text;
            *s.texts[i].text = attacks[a].text;
            check(&s, s.texts[i].name, attacks[a].name, str_find(attacks[a].text, STR(CARRIED), 0) != SIZE_MAX);
            *s.texts[i].text = before;
        }
        sample_fill(&s, attacks[a].text);
        check(&s, "all fields", attacks[a].name, false);
    }
}

static void hostile_text_adds_no_element(void **state)
{
    (void)state;
    const struct report_options html = {.format = REPORT_HTML, .techniques = techniques};
    struct sample s;
    sample_init(&s);
    sample_fill(&s, STR("plain"));
    struct buf plain = sample_report(&s, html), expected = tags_of(buf_str(&plain));
    for (size_t a = 0; a < sizeof attacks / sizeof *attacks; a++) {
        if (str_find(attacks[a].text, STR(CARRIED), 0) == SIZE_MAX)
            continue; // a blank text leaves out what has no content
        sample_fill(&s, attacks[a].text);
        struct buf out = sample_report(&s, html), tags = tags_of(buf_str(&out));
        if (!str_eq(buf_str(&tags), buf_str(&expected)))
            fail_msg("%s: other elements than in a plain report", attacks[a].name);
        buf_fini(&tags);
        buf_fini(&out);
    }
    buf_fini(&expected);
    buf_fini(&plain);
}

static void absent_texts_are_normal(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    for (size_t i = 0; i < s.n_texts; i++) {
        *s.texts[i].text = STR_NONE;
        check(&s, s.texts[i].name, "absent", false);
    }
    s.alert.time = TIME_NONE;
    s.alert.actor.n_addresses = s.alert.actor.n_groups = s.alert.n_evidence = s.alert.n_details = 0;
    s.summary = (struct engine_summary){.first = TIME_NONE, .last = TIME_NONE};
    check(&s, "everything", "absent", false);
}

static void impossible_times_are_drawn(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MAX, INT64_MIN + 1, 0, -1, NS_PER_SECOND};
    for (unsigned format = REPORT_TEXT; format <= REPORT_HTML; format++) {
        struct sample s;
        struct buf out;
        sample_init(&s);
        buf_init(&out, 1u << 20);
        struct report_options options = {.format = (enum report_format)format, .width = 100, .techniques = techniques};
        struct report *r = report_new(options, sample_write, &out);
        for (size_t i = 0; i < sizeof times / sizeof *times; i++)
            for (size_t j = 0; j < sizeof times / sizeof *times; j++) {
                s.alert.time = s.evidence[0].time = times[i];
                s.alert.first = times[j];
                s.alert.count = i * j * 1000;
                assert_int_equal(report_alert(r, &s.alert), ST_OK);
            }
        s.summary.first = INT64_MIN + 1;
        s.summary.last = INT64_MAX;
        assert_int_equal(report_finish(r, &s.summary), ST_OK);
        assert_null(inert_report(buf_str(&out), options));
        report_free(r);
        buf_fini(&out);
    }
}

static void huge_texts_are_bounded(void **state)
{
    (void)state;
    const size_t size = 10u << 20;
    char *huge = malloc(size);
    assert_non_null(huge);
    const char fills[] = {'a', '\x1b', '\xff', '<'};
    for (size_t f = 0; f < sizeof fills; f++) {
        memset(huge, fills[f], size);
        struct sample s;
        sample_init(&s);
        sample_fill(&s, str_make(huge, size));
        check(&s, "all fields", "10 MB", false);
        for (unsigned format = REPORT_TEXT; format <= REPORT_HTML; format++) {
            struct buf out = sample_report(&s, (struct report_options){.format = (enum report_format)format, .techniques = techniques});
            assert_true(out.len < (format == REPORT_JSON ? 8u << 20 : 256u << 10));
            buf_fini(&out);
        }
    }
    free(huge);
}

static void colour_is_the_only_escape(void **state)
{
    (void)state;
    for (size_t a = 0; a < sizeof attacks / sizeof *attacks; a++) {
        struct sample s;
        sample_init(&s);
        sample_fill(&s, attacks[a].text);
        struct buf out = sample_report(&s, (struct report_options){.colour = true, .techniques = techniques});
        size_t opened = 0;
        for (size_t i = 0; i < out.len; i++) {
            if (out.ptr[i] != '\x1b')
                continue;
            size_t end = i + 2;
            assert_int_equal(out.ptr[i + 1], '[');
            while (end < out.len && (out.ptr[end] == ';' || (out.ptr[end] >= '0' && out.ptr[end] <= '9')))
                end++;
            assert_int_equal(out.ptr[end], 'm');
            opened = out.ptr[i + 2] != '0';
        }
        assert_int_equal(opened, 0); // nothing is left on at the end
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_attack_in_every_field), cmocka_unit_test(hostile_text_adds_no_element),
        cmocka_unit_test(absent_texts_are_normal),     cmocka_unit_test(impossible_times_are_drawn),
        cmocka_unit_test(huge_texts_are_bounded),      cmocka_unit_test(colour_is_the_only_escape),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
