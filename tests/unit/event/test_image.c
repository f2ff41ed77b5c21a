// SPDX-License-Identifier: Apache-2.0
// Are image references read as the distribution grammar says, and refused where it refuses?
#include "event/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct sample {
    const char *image, *registry, *repository, *tag, *digest;
};

static void assert_part(struct str got, const char *want)
{
    struct str expected = str_from_c(want);
    assert_int_equal(got.ptr != NULL, expected.ptr != NULL);
    assert_true(str_eq(got, expected));
}

static void parts_are_found(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"nginx", "docker.io", "library/nginx", NULL, NULL},
        {"nginx:1.25", "docker.io", "library/nginx", "1.25", NULL},
        {"kannix/monero-miner", "docker.io", "kannix/monero-miner", NULL, NULL},
        {"docker.io/nginx", "docker.io", "library/nginx", NULL, NULL},
        {"index.docker.io/a/b", "docker.io", "a/b", NULL, NULL},
        {"gcr.io/p/x@sha256:" SHA, "gcr.io", "p/x", NULL, "sha256:" SHA},
        {"gcr.io/p/x:v1@sha256:" SHA, "gcr.io", "p/x", "v1", "sha256:" SHA},
        {"evil-gcr.io/p/x", "evil-gcr.io", "p/x", NULL, NULL},
        {"gcr.io.evil.com/p/x", "gcr.io.evil.com", "p/x", NULL, NULL},
        {"evil-gcr/io/x", "docker.io", "evil-gcr/io/x", NULL, NULL},
        {"localhost/x", "localhost", "x", NULL, NULL},
        {"localhost:5000/x:5", "localhost:5000", "x", "5", NULL},
        {"myhost:5000/a/b/c", "myhost:5000", "a/b/c", NULL, NULL},
        {"MyHost/a", "MyHost", "a", NULL, NULL},
        {"[fe80::1]:5000/a:b", "[fe80::1]:5000", "a", "b", NULL},
        {"[::1]/a", "[::1]", "a", NULL, NULL},
        {"a__b/c--d/e.f_g", "docker.io", "a__b/c--d/e.f_g", NULL, NULL},
        {"x:_Tag.1-2", "docker.io", "library/x", "_Tag.1-2", NULL},
        {"my.host/" SHA, "my.host", SHA, NULL, NULL},
    };
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct image_ref ref;
        if (!image_parse(str_from_c(samples[i].image), STR_NONE, &ref, &a))
            fail_msg("refused: %s", samples[i].image);
        assert_part(ref.registry, samples[i].registry);
        assert_part(ref.repository, samples[i].repository);
        assert_part(ref.tag, samples[i].tag);
        assert_part(ref.digest, samples[i].digest);
    }
    arena_fini(&a);
}

static void what_is_no_reference_is_refused(void **state)
{
    (void)state;
    static const char *const samples[] = {
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "Nginx",
        "gcr.io/P/x",
        "a:",
        "a:-x",
        "a:.x",
        "a:b:c",
        "a@",
        "a@sha256",
        "a@sha256:",
        "a@sha256:0123",
        "a@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "a@md5:0123456789abcdef0123456789abcdef",
        "a b",
        "a_-b",
        "a._b",
        "a..b",
        "a___b",
        "-a",
        "a-",
        "_a",
        "gcr.io",
        "-gcr.io/a",
        "gcr-.io/a",
        "host:/a",
        "host:x/a",
        "[fe80::1/a",
        "[]/a",
        "[::1]x/a",
        "a\n",
        "\xd0\xb0/b",
        SHA,
        "https://gcr.io/a",
    };
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct image_ref ref;
        // gcr.io alone is a name on Docker Hub: a single component is never a domain
        bool expected = strcmp(samples[i], "gcr.io") == 0;
        if (image_parse(str_from_c(samples[i]), STR_NONE, &ref, &a) != expected)
            fail_msg("%s: %s", samples[i], expected ? "refused" : "accepted");
    }
    struct image_ref ref;
    assert_false(image_parse(STR_NONE, STR_NONE, &ref, &a));
    assert_false(image_parse(STR("a\0b"), STR_NONE, &ref, &a));
    arena_fini(&a);
}

// What names no registry is where the nodes look for it (containers-registries.conf: unqualified-search-registries).
static void the_default_registry_can_be_another(void **state)
{
    (void)state;
    static const struct {
        const char *image, *registry, *name;
    } samples[] = {
        {"nginx", "quay.io", "quay.io/nginx"},
        {"a/b:1", "registry.access.redhat.com", "registry.access.redhat.com/a/b"},
        {"nginx", "localhost:5000", "localhost:5000/nginx"},
        {"nginx", "docker.io", "docker.io/library/nginx"},
        {"nginx", "index.docker.io", "docker.io/library/nginx"},
        {"docker.io/nginx", "quay.io", "docker.io/library/nginx"},
        {"gcr.io/p/x", "quay.io", "gcr.io/p/x"},
        {"localhost/x", "quay.io", "localhost/x"},
    };
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct image_ref ref;
        assert_true(image_parse(str_from_c(samples[i].image), str_from_c(samples[i].registry), &ref, &a));
        const struct str name = arena_printf(&a, "%.*s/%.*s", STR_ARG(ref.registry), STR_ARG(ref.repository));
        if (!str_eq(name, str_from_c(samples[i].name)))
            fail_msg("%s: %.*s", samples[i].image, STR_ARG(name));
    }
    assert_true(image_is_registry(STR("[::1]:5000")));
    assert_false(image_is_registry(STR("")));
    assert_false(image_is_registry(STR("quay.io/x")));
    assert_false(image_is_registry(STR("a_b.io")));
    arena_fini(&a);
}

static void lengths_are_bounded(void **state)
{
    (void)state;
    struct arena a;
    struct image_ref ref;
    char text[600];
    arena_init(&a, ARENA_UNLIMITED);
    memset(text, 'a', sizeof text);
    memcpy(text, "gcr.io/", 7);
    assert_true(image_parse(str_make(text, 7 + 255), STR_NONE, &ref, &a));
    assert_false(image_parse(str_make(text, 7 + 256), STR_NONE, &ref, &a));
    memset(text, 'a', sizeof text);
    assert_true(image_parse(str_make(text, 247), STR_NONE, &ref, &a)); // library/ and 247
    assert_false(image_parse(str_make(text, 248), STR_NONE, &ref, &a));
    text[1] = ':';
    assert_true(image_parse(str_make(text, 2 + 128), STR_NONE, &ref, &a));
    assert_false(image_parse(str_make(text, 2 + 129), STR_NONE, &ref, &a));
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_found),
        cmocka_unit_test(what_is_no_reference_is_refused),
        cmocka_unit_test(the_default_registry_can_be_another),
        cmocka_unit_test(lengths_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
