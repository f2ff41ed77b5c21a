// SPDX-License-Identifier: Apache-2.0
// Is a bundle the same in every run, and is whatever was done to it seen?
#include "bundle/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// --- reading and what it says ----------------------------------------------------------------------------------------------------

struct bytes {
    struct str left;
    size_t piece;
};

static ptrdiff_t next_piece(void *context, const void **out)
{
    struct bytes *in = context;
    struct str piece = str_slice(in->left, 0, in->piece);
    *out = piece.ptr;
    in->left = str_slice(in->left, piece.len, in->left.len);
    return (ptrdiff_t)piece.len;
}

static void note_difference(void *context, struct str name, enum bundle_difference what)
{
    buf_addf(context, "%s %.*s; ", bundle_difference_name(what), STR_ARG(name));
}

// "changed a; ", or "refused: " and the sentence.
static struct buf verdict_within(struct str archive, struct bundle_limits limits)
{
    struct bytes in = {archive, 100};
    struct bundle_summary summary;
    struct diags diags;
    struct buf said;
    diags_init(&diags);
    buf_init(&said, 1 << 20);
    struct bundle_handler handler = {.context = &said, .differs = note_difference};
    if (bundle_read(next_piece, &in, limits, &handler, &summary, &diags) != ST_OK) {
        assert_int_equal(diags.errors, 1);
        buf_clear(&said);
        buf_addf(&said, "refused: %.*s", STR_ARG(diags.items[0].text));
    }
    buf_add_char(&said, '\0');
    diags_fini(&diags);
    return said;
}

static void assert_verdict(struct str archive, const char *expected)
{
    struct buf said = verdict_within(archive, BUNDLE_LIMITS_DEFAULT);
    assert_string_equal(said.ptr, expected);
    buf_fini(&said);
}

// --- bundles that davy makes -----------------------------------------------------------------------------------------------------

static status keep(void *context, struct str bytes)
{
    buf_add(context, bytes);
    return ST_OK;
}

static void write_out(struct bundle *b, struct buf *out)
{
    char manifest[SHA256_HEX];
    struct diags diags;
    diags_init(&diags);
    buf_init(out, SIZE_MAX);
    assert_int_equal(bundle_write(b, keep, out, manifest, &diags), ST_OK);
    diags_fini(&diags);
    bundle_free(b);
}

static void members_may_grow_side_by_side(void **state)
{
    struct bundle *together = bundle_new(), *apart = bundle_new();
    struct buf x, y, half;
    (void)state;
    buf_init(&half, 1 << 20);
    for (int i = 0; i < 100000; i++)
        buf_addf(&half, "%d ", i);
    for (int i = 0; i < 4; i++) {
        bundle_add(together, STR("b"), buf_str(&half));
        bundle_add(together, STR("a/b"), STR("line\n"));
    }
    bundle_add(together, STR("empty"), STR(""));
    bundle_add(apart, STR("empty"), STR(""));
    for (int i = 0; i < 4; i++)
        bundle_add(apart, STR("a/b"), STR("line\n"));
    for (int i = 0; i < 4; i++)
        bundle_add(apart, STR("b"), buf_str(&half));
    write_out(together, &x);
    write_out(apart, &y);
    assert_true(str_eq(buf_str(&x), buf_str(&y)));
    assert_verdict(buf_str(&x), "");
    buf_fini(&x);
    buf_fini(&y);
    buf_fini(&half);
}

static void names_are_safe_everywhere(void **state)
{
    static const struct {
        struct str part;
        const char *name;
    } known[] = {
        {{"audit.log", 9}, "audit.log"},  {{"..", 2}, "%2E."}, {{"a/b\\c", 5}, "a%2Fb%5Cc"}, {{"", 0}, "%"},
        {{"\x1b\0\xff", 3}, "%1B%00%FF"},
    };
    struct buf name;
    (void)state;
    buf_init(&name, 4096);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        buf_clear(&name);
        bundle_name_part(&name, known[i].part);
        buf_add_char(&name, '\0');
        assert_string_equal(name.ptr, known[i].name);
    }
    char text[1000];
    memset(text, '/', sizeof text);
    buf_clear(&name);
    bundle_name_part(&name, str_make(text, sizeof text));
    assert_in_range(name.len, 1, 255);
    buf_fini(&name);
}

// --- and what others made of them ------------------------------------------------------------------------------------------------

#define DIGEST_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

struct entry {
    const char *name, *content, *link; // link: a symbolic one
};

static la_ssize_t collect(struct archive *a, void *context, const void *bytes, size_t n)
{
    (void)a;
    buf_add(context, str_make(bytes, n));
    return (la_ssize_t)n;
}

static void make_archive(struct buf *out, const struct entry *entries, size_t n)
{
    struct archive *a = archive_write_new();
    buf_init(out, SIZE_MAX);
    archive_write_set_format_pax_restricted(a);
    archive_write_add_filter_zstd(a);
    archive_write_set_bytes_in_last_block(a, 1); // no padding behind the frame
    assert_int_equal(archive_write_open(a, out, NULL, collect, NULL), ARCHIVE_OK);
    for (size_t i = 0; i < n; i++) {
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, entries[i].name);
        archive_entry_set_filetype(e, entries[i].link ? AE_IFLNK : AE_IFREG);
        archive_entry_set_perm(e, 0644);
        if (entries[i].link)
            archive_entry_set_symlink(e, entries[i].link);
        archive_entry_set_size(e, entries[i].content ? (la_int64_t)strlen(entries[i].content) : 0);
        assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
        if (entries[i].content)
            archive_write_data(a, entries[i].content, strlen(entries[i].content));
        archive_entry_free(e);
    }
    archive_write_close(a);
    archive_write_free(a);
}

#define MANIFEST_AB DIGEST_ABC "  a\n" DIGEST_ABC "  b\n"

static const struct {
    struct entry entries[4];
    const char *verdict;
} cases[] = {
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"a", "abc", NULL}, {"b", "abc", NULL}}, ""},
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"b", "abc", NULL}, {"a", "abc", NULL}}, ""},
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"a", "abd", NULL}, {"b", "abc", NULL}}, "changed a; "},
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"b", "abc", NULL}}, "missing a; "},
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"a", "abc", NULL}, {"b", "abc", NULL}, {"../../c", "abc", NULL}}, "added ../../c; "},
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"a", "abc", NULL}, {"b", "abc", NULL}, {"a", "abc", NULL}}, "there twice a; "},
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"a", NULL, "/etc/passwd"}, {"b", "abc", NULL}}, "changed a; "},
    {{{BUNDLE_MANIFEST, MANIFEST_AB, NULL}, {"a", "abc", NULL}, {"b", "abc", NULL}, {BUNDLE_MANIFEST, MANIFEST_AB, NULL}},
     "added MANIFEST; "},
    {{{"a", "abc", NULL}, {BUNDLE_MANIFEST, MANIFEST_AB, NULL}},
     "refused: not readable as an evidence bundle: its first member is not MANIFEST"},
    {{{BUNDLE_MANIFEST, NULL, "a"}}, "refused: not readable as an evidence bundle: its first member is not MANIFEST"},
    {{{BUNDLE_MANIFEST, DIGEST_ABC "  b\n" DIGEST_ABC "  a\n", NULL}},
     "refused: not readable as an evidence bundle: its MANIFEST is malformed"},
    {{{BUNDLE_MANIFEST, DIGEST_ABC "  a\n" DIGEST_ABC "  a\n", NULL}},
     "refused: not readable as an evidence bundle: its MANIFEST is malformed"},
    {{{BUNDLE_MANIFEST, DIGEST_ABC "  a", NULL}}, "refused: not readable as an evidence bundle: its MANIFEST is malformed"},
    {{{BUNDLE_MANIFEST, "abc  a\n", NULL}}, "refused: not readable as an evidence bundle: its MANIFEST is malformed"},
};

static void what_was_done_to_it_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf archive;
        size_t n = 0;
        while (n < 4 && cases[i].entries[n].name)
            n++;
        make_archive(&archive, cases[i].entries, n);
        assert_verdict(buf_str(&archive), cases[i].verdict);
        buf_fini(&archive);
    }
}

static void what_is_no_bundle_is_refused(void **state)
{
    struct buf archive;
    (void)state;
    make_archive(&archive, cases[0].entries, 3);
    for (size_t cut = 0; cut < archive.len - 8; cut += 13) {
        struct buf said = verdict_within(str_make(archive.ptr, cut), BUNDLE_LIMITS_DEFAULT);
        assert_true(str_starts(buf_str(&said), STR("refused: ")));
        buf_fini(&said);
    }
    buf_fini(&archive);
    struct buf said = verdict_within(STR("no archive at all"), BUNDLE_LIMITS_DEFAULT);
    assert_true(str_starts(buf_str(&said), STR("refused: ")));
    buf_fini(&said);
}

static void claims_are_bounded(void **state)
{
    struct buf archive;
    (void)state;
    make_archive(&archive, cases[0].entries, 3);
    const struct bundle_limits tight[] = {{.members = 1, .manifest = 1000, .bytes = 1000},
                                          {.members = 9, .manifest = 100, .bytes = 1000},
                                          {.members = 9, .manifest = 1000, .bytes = 141}};
    for (size_t i = 0; i < 3; i++) {
        struct buf said = verdict_within(buf_str(&archive), tight[i]);
        assert_true(str_starts(buf_str(&said), STR("refused: ")));
        buf_fini(&said);
    }
    struct buf said = verdict_within(buf_str(&archive), (struct bundle_limits){.members = 2, .manifest = 136, .bytes = 142});
    assert_string_equal(said.ptr, "");
    buf_fini(&said);
    buf_fini(&archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_may_grow_side_by_side),
        cmocka_unit_test(names_are_safe_everywhere),
        cmocka_unit_test(what_was_done_to_it_is_named),
        cmocka_unit_test(what_is_no_bundle_is_refused),
        cmocka_unit_test(claims_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
