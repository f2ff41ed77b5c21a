// SPDX-License-Identifier: Apache-2.0
// Does the ClusterRole that is shipped allow every request that davy makes, and none besides?
#include "base/status.h"
#include "codec/yaml/yaml.h"
#include "kube/resources.h"
#include "os/os.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX = 200 };

struct words {
    struct str items[MAX];
    size_t n;
};

static void add(struct words *w, struct str s)
{
    for (size_t i = 0; i < w->n; i++) {
        if (str_eq(w->items[i], s))
            return;
    }
    assert_true(w->n < MAX);
    w->items[w->n++] = s;
}

static int in_order(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// "verb group/resource=name" for all that a rule allows.
static void add_rule(struct arena *a, struct words *out, const struct yaml_value *rule)
{
    static const struct yaml_value any = {.kind = YAML_STRING, .text = {"", 0}};
    const struct yaml_value *names = yaml_get(rule, STR("resourceNames")), *urls = yaml_get(rule, STR("nonResourceURLs"));
    for (const struct yaml_value *verb = yaml_get(rule, STR("verbs"))->first; verb; verb = verb->next) {
        for (const struct yaml_value *url = urls ? urls->first : NULL; url; url = url->next)
            add(out, arena_printf(a, "%.*s %.*s", STR_ARG(verb->text), STR_ARG(url->text)));
        for (const struct yaml_value *group = urls ? NULL : yaml_get(rule, STR("apiGroups"))->first; group; group = group->next) {
            for (const struct yaml_value *r = yaml_get(rule, STR("resources"))->first; r; r = r->next) {
                for (const struct yaml_value *name = names ? names->first : &any; name; name = name->next)
                    add(out, arena_printf(a, "%.*s %.*s/%.*s=%.*s", STR_ARG(verb->text), STR_ARG(group->text), STR_ARG(r->text),
                                          STR_ARG(name->text)));
            }
        }
    }
}

static void the_role_is_what_is_asked_for(void **state)
{
    struct yaml_value **documents;
    struct words given = {0}, asked = {0};
    struct arena a;
    struct diags diags;
    struct buf text;
    size_t n;
    const struct str file = str_from_c(*state);
    arena_init(&a, ARENA_UNLIMITED);
    diags_init(&diags);
    buf_init(&text, 1 << 20);
    assert_int_equal(os_read_file(file, 1 << 20, &text, &diags), ST_OK);
    assert_int_equal(yaml_read(&a, (struct yaml_source){.name = file, .text = buf_str(&text)}, YAML_LIMITS_DEFAULT, &documents, &n, &diags),
                     ST_OK);
    assert_int_equal(n, 2);
    for (const struct yaml_value *rule = yaml_get(documents[0], STR("rules"))->first; rule; rule = rule->next)
        add_rule(&a, &given, rule);
    add(&asked, STR("get /api/v1"));
    add(&asked, STR("get /apis"));
    add(&asked, STR("get /apis/*"));
    add(&asked, STR("get /version"));
    for (size_t i = 0; i < kube_n_resources; i++) {
        const struct kube_resource *r = &kube_resources[i];
        add(&asked, arena_printf(&a, "list %.*s/%.*s=%.*s", STR_ARG(r->group), STR_ARG(r->name), STR_ARG(r->only)));
        add(&asked, arena_printf(&a, "watch %.*s/%.*s=%.*s", STR_ARG(r->group), STR_ARG(r->name), STR_ARG(r->only)));
    }
    qsort(given.items, given.n, sizeof *given.items, in_order);
    qsort(asked.items, asked.n, sizeof *asked.items, in_order);
    for (size_t i = 0; i < given.n && i < asked.n; i++)
        assert_string_equal(arena_str(&a, given.items[i]).ptr, arena_str(&a, asked.items[i]).ptr);
    assert_int_equal(given.n, asked.n);
    buf_fini(&text);
    diags_fini(&diags);
    arena_fini(&a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(the_role_is_what_is_asked_for, argc > 1 ? argv[1] : NULL),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
