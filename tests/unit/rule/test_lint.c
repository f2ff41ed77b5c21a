// SPDX-License-Identifier: Apache-2.0
// Does lint say what is missing, unused, or can never match, at its place, and does it stay silent otherwise?
#include "compile_text.h"

static struct dictionary *audit;
static char file[1 << 20];

static int load_dictionary(void **state)
{
    (void)state;
    FILE *f = fopen(AUDIT_YML, "rb");
    assert_non_null(f);
    struct yaml_source source = {.name = STR("audit.yml"), .text = str_make(file, fread(file, 1, sizeof file, f))};
    fclose(f);
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(dictionary_load(&audit, source, &diags), ST_OK);
    diags_fini(&diags);
    return 0;
}

static int free_dictionary(void **state)
{
    (void)state;
    dictionary_free(audit);
    return 0;
}

static void expect_lint(const char *yaml, const char *diags)
{
    struct rule_options options = {.lint = true, .dictionary = audit};
    struct compiled c = compile_with(yaml, &options);
    assert_int_equal(c.result, ST_OK);
    assert_string_equal(diags_text(&c), diags);
    release(&c);
}

#define HEAD       "title: t\nid: 0e95725d-7320-415d-80f7-004da920fc11\ndescription: d\nlevel: low\nfalsepositives: [x]\n"
#define KUBERNETES HEAD "logsource: {product: kubernetes, service: audit}\n"

static void complete_rules_are_left_in_peace(void **state)
{
    (void)state;
    expect_lint(KUBERNETES
                "detection:\n  s: {verb: create, objectRef.resource: pods, responseStatus.code|lt: 300, user.name: x}\n  condition: s\n",
                "");
    // Another stream's fields are nobody's business here.
    expect_lint(HEAD "logsource: {product: windows}\ndetection:\n  s: {hostPath: x}\n  condition: s\n", "");
}

static void headers_are_checked(void **state)
{
    (void)state;
    expect_lint("title: t\nlogsource: {product: p}\ndetection: {s: {f: 1}, condition: s}\n",
                "t.yml:1:1: warning: there is no id: alerts, filters and correlations refer to it\n    1 | title: t\n      | ^\n"
                "t.yml:1:1: warning: there is no description: say what the rule finds and why it matters\n    1 | title: t\n      | ^\n"
                "t.yml:1:1: warning: there is no level: taken as medium\n    1 | title: t\n      | ^\n"
                "t.yml:1:1: warning: there is no falsepositives: say when it fires on something harmless\n    1 | title: t\n      | ^\n");
    expect_lint("title: t\nid: x\ndescription: d\nlevel: hgh\nstatus: done\nfalsepositives: x\nlogsource: {product: p}\n"
                "detection: {s: {f: 1}, condition: s}\n",
                "t.yml:2:5: warning: the id is not a UUID\n    2 | id: x\n      |     ^\n"
                "t.yml:4:8: warning: unknown level 'hgh'; did you mean 'high'\n    4 | level: hgh\n      |        ^\n"
                "t.yml:5:9: warning: unknown status 'done'\n    5 | status: done\n      |         ^\n");
}

static void unused_selections_are_named(void **state)
{
    (void)state;
    expect_lint(HEAD "logsource: {product: p}\ndetection:\n  a: {f: 1}\n  b1: {f: 2}\n  b2: {f: 3}\n  _c: {f: 4}\n  timeframe: 1m\n  "
                     "condition: 1 of b*\n",
                "t.yml:8:3: warning: selection 'a' is not used by the condition\n    8 |   a: {f: 1}\n      |   ^\n"
                "t.yml:11:3: warning: selection '_c' is not used by the condition\n   11 |   _c: {f: 4}\n      |   ^\n");
}

static void what_can_never_match_is_said(void **state)
{
    (void)state;
    expect_lint(KUBERNETES
                "detection:\n  s:\n    hostPath: '*'\n    verb: [create, replace]\n    responseStatus.code: ALLOW\n  condition: s\n",
                "t.yml:9:5: warning: can never match: audit events have no field 'hostPath'; did you mean "
                "requestObject.spec.volumes.hostPath\n    9 |     hostPath: '*'\n      |     ^\n"
                "t.yml:10:20: warning: can never match: field 'verb' is never 'replace'; did you mean update\n"
                "   10 |     verb: [create, replace]\n      |                    ^\n"
                "t.yml:11:26: warning: can never match: field 'responseStatus.code' holds no such value as 'ALLOW': it holds a number; "
                "the decision is in annotations.authorization.k8s.io/decision\n"
                "   11 |     responseStatus.code: ALLOW\n      |                          ^\n");
    expect_lint(
        KUBERNETES "detection:\n  s:\n    verb|contains: [a, b]\n    nosuchfield: null\n  condition: s\n",
        "t.yml:10:5: warning: always true: audit events have no field 'nosuchfield'\n   10 |     nosuchfield: null\n      |     ^\n");
}

static void fields_of_elements_are_judged_in_their_scope(void **state)
{
    (void)state;
    expect_lint(KUBERNETES
                "detection:\n  s:\n    pod.container|same: {securityContext.privileged: true, image|startswith: x}\n  condition: s\n",
                "");
    expect_lint(KUBERNETES "detection:\n  s:\n    user|same: {zqxwvjk: 1}\n  condition: s\n",
                "t.yml:9:17: warning: can never match: audit events have no field 'zqxwvjk' there\n"
                "    9 |     user|same: {zqxwvjk: 1}\n      |                 ^\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_rules_are_left_in_peace),
        cmocka_unit_test(headers_are_checked),
        cmocka_unit_test(unused_selections_are_named),
        cmocka_unit_test(what_can_never_match_is_said),
        cmocka_unit_test(fields_of_elements_are_judged_in_their_scope),
    };
    return cmocka_run_group_tests(tests, load_dictionary, free_dictionary);
}
