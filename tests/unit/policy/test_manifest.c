// SPDX-License-Identifier: Apache-2.0
// Is a manifest YAML whatever stands in the names, and do the texts come out as they went in?
#include "codec/yaml/yaml.h"
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char hostile[] = "a\"b'c\\d\n---\nkind: Evil\x1b[31m\x01 \t#: {}[]&*!|>%@` \xe2\x80\xae \xef\xbb\xbf \xf0\x9f\x98\x80";

struct read {
    struct arena arena;
    struct yaml_value **documents;
    size_t n;
};

static struct read read_back(const struct buf *text)
{
    struct read r;
    struct diags diags;
    arena_init(&r.arena, ARENA_UNLIMITED);
    diags_init(&diags);
    if (yaml_read(&r.arena, (struct yaml_source){.name = STR("out"), .text = buf_str(text)}, YAML_LIMITS_DEFAULT, &r.documents, &r.n,
                  &diags) != ST_OK)
        fail_msg("%.*s in\n%.*s", STR_ARG(diags.items[0].text), STR_ARG(buf_str(text)));
    diags_fini(&diags);
    return r;
}

static struct str at(const struct yaml_value *v, const char *first, const char *second)
{
    return yaml_text(yaml_get(yaml_get(v, str_from_c(first)), str_from_c(second)));
}

static void hostile_texts_stay_texts(void **state)
{
    (void)state;
    const struct str text = str_from_c(hostile);
    const struct policy_kind *kinds[] = {policy_kind_find(STR("Pod")), policy_kind_find(STR("Service"))};
    const struct cel_rule rule = {.condition = STR("object.spec.x == 'a' && object.spec.y.exists(y, y in ['b', ' && ', '\\'  ||  '])"),
                                  .note = text};
    const struct str exempt[] = {text, STR("kube-system")};
    const struct admission_policy p = {.name = text,
                                       .control = text,
                                       .rule_id = text,
                                       .title = text,
                                       .why = text,
                                       .fix = text,
                                       .refused = text,
                                       .kinds = kinds,
                                       .n_kinds = 2,
                                       .rule = &rule,
                                       .exempt = exempt,
                                       .n_exempt = 2};
    struct buf out;
    buf_init(&out, SIZE_MAX);
    policy_write(&out, &p);
    assert_int_equal(str_find_char(buf_str(&out), 0x1b, 0), SIZE_MAX);
    assert_int_equal(str_find(buf_str(&out), STR("\xe2\x80\xae"), 0), SIZE_MAX);
    struct read r = read_back(&out);
    assert_int_equal(r.n, 2);
    assert_true(str_eq(yaml_text(yaml_get(r.documents[0], STR("kind"))), STR("ValidatingAdmissionPolicy")));
    assert_true(str_eq(at(r.documents[0], "metadata", "name"), text));
    const struct yaml_value *annotations = yaml_get(yaml_get(r.documents[0], STR("metadata")), STR("annotations"));
    assert_true(str_eq(yaml_text(yaml_get(annotations, STR("davy/would-have-refused"))), text));
    assert_true(str_eq(at(r.documents[1], "spec", "policyName"), text));
    const struct yaml_value *validation = yaml_get(yaml_get(r.documents[0], STR("spec")), STR("validations"))->first;
    assert_true(str_ends(yaml_text(yaml_get(validation, STR("expression"))), STR("[\'b\', \' && \', \'\\\'  ||  \']))")));
    arena_fini(&r.arena);
    buf_fini(&out);
}

// Lines end only between the parts of an expression: put together again it is what it was.
static void long_expressions_are_only_broken_between_parts(void **state)
{
    (void)state;
    struct buf condition, out, joined;
    buf_init(&condition, SIZE_MAX);
    buf_init(&joined, SIZE_MAX);
    buf_init(&out, SIZE_MAX);
    for (unsigned i = 0; i < 60; i++)
        buf_addf(&condition, "%sobject.spec.member%u == 'a && b, c || \\' && %u'", i ? " && " : "", i, i);
    const struct policy_kind *kinds[] = {policy_kind_find(STR("Pod"))};
    const struct cel_rule rule = {.condition = buf_str(&condition)};
    const struct admission_policy p = {.name = STR("n"), .kinds = kinds, .n_kinds = 1, .rule = &rule};
    policy_write(&out, &p);
    struct read r = read_back(&out);
    const struct yaml_value *validation = yaml_get(yaml_get(r.documents[0], STR("spec")), STR("validations"))->first;
    struct str rest = yaml_text(yaml_get(validation, STR("expression")));
    while (rest.ptr) {
        const struct str line = str_split(&rest, '\n');
        buf_add(&joined, joined.len ? STR(" ") : STR(""));
        buf_add(&joined, str_trim(line));
        assert_true(line.len <= 150);
    }
    assert_true(str_eq(str_slice(buf_str(&joined), 2, joined.len - 1), buf_str(&condition)));
    arena_fini(&r.arena);
    buf_fini(&condition);
    buf_fini(&joined);
    buf_fini(&out);
}

static void resources_stand_by_group(void **state)
{
    (void)state;
    const struct policy_kind *kinds[] = {policy_kind_find(STR("Deployment")), policy_kind_find(STR("Job")),
                                         policy_kind_find(STR("DaemonSet"))};
    const struct cel_rule rule = {.condition = STR("x"), .pod = true, .containers = true};
    const struct admission_policy p = {.name = STR("n"), .kinds = kinds, .n_kinds = 3, .rule = &rule, .enforce = true};
    struct buf out;
    buf_init(&out, SIZE_MAX);
    policy_write(&out, &p);
    assert_true(str_find(buf_str(&out),
                         STR("apiGroups: [\"apps\"], apiVersions: [\"v1\"], operations: [\"CREATE\", \"UPDATE\"], "
                             "resources: [\"deployments\", \"daemonsets\"]}"),
                         0) != SIZE_MAX);
    assert_true(str_find(buf_str(&out), STR("resources: [\"jobs\"]}"), 0) != SIZE_MAX);
    assert_true(str_find(buf_str(&out), STR("expression: \"object.spec.template.spec\""), 0) != SIZE_MAX);
    assert_true(str_find(buf_str(&out), STR("validationActions: [Deny]"), 0) != SIZE_MAX);
    buf_fini(&out);
}

static void broken_bytes_become_characters(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, SIZE_MAX);
    cel_write_string(&out, STR("a\0b\xff'"));
    assert_true(str_eq(buf_str(&out), STR("'a\\u0000b\xef\xbf\xbd\\''")));
    buf_clear(&out);
    yaml_write_string(&out, STR("\"\\\x7f\xc2\x85"));
    assert_true(str_eq(buf_str(&out), STR("\"\\\"\\\\\\u007F\\u0085\"")));
    buf_fini(&out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_texts_stay_texts),
        cmocka_unit_test(long_expressions_are_only_broken_between_parts),
        cmocka_unit_test(resources_stand_by_group),
        cmocka_unit_test(broken_bytes_become_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
