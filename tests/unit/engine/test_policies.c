// SPDX-License-Identifier: Apache-2.0
// Are the manifests of all built-in controls YAML of the shape that the API server asks for, and is nothing lost on the way?
#include "codec/yaml/yaml.h"
#include "engine/policies/policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct yaml_value *in(const struct yaml_value *v, const char *first, const char *second)
{
    return yaml_get(yaml_get(v, str_from_c(first)), str_from_c(second));
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i && i + 1 < s.len)))
            return false;
    }
    return s.len > 0 && s.len <= 63;
}

// Brackets in pairs, quotes closed.
static bool is_balanced(struct str s)
{
    char open[64];
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '\'')
            quoted = !quoted;
        else if (!quoted && (c == '(' || c == '[')) {
            if (depth == sizeof open)
                return false;
            open[depth++] = c;
        } else if (!quoted && (c == ')' || c == ']') && (!depth || open[--depth] != (c == ')' ? '(' : '['))) {
            return false;
        }
    }
    return !quoted && !depth;
}

static void check_policy(const struct yaml_value *policy, const struct yaml_value *binding)
{
    const struct yaml_value *spec = yaml_get(policy, STR("spec"));
    const struct str name = yaml_text(in(policy, "metadata", "name"));
    assert_true(str_eq(yaml_text(yaml_get(policy, STR("apiVersion"))), STR("admissionregistration.k8s.io/v1")));
    assert_true(str_eq(yaml_text(yaml_get(policy, STR("kind"))), STR("ValidatingAdmissionPolicy")));
    assert_true(str_eq(yaml_text(yaml_get(binding, STR("kind"))), STR("ValidatingAdmissionPolicyBinding")));
    assert_true(is_name(name));
    assert_true(str_eq(name, yaml_text(in(binding, "spec", "policyName"))));
    assert_int_equal(in(binding, "spec", "validationActions")->count, 2);
    assert_true(str_eq(yaml_text(yaml_get(spec, STR("failurePolicy"))), STR("Fail")));
    const struct yaml_value *rules = in(spec, "matchConstraints", "resourceRules");
    assert_true(rules && rules->kind == YAML_LIST && rules->count > 0);
    for (const struct yaml_value *r = rules->first; r; r = r->next)
        assert_true(yaml_get(r, STR("resources"))->count > 0 && yaml_get(r, STR("operations"))->count == 2);
    const struct yaml_value *validations = yaml_get(spec, STR("validations"));
    assert_int_equal(validations->count, 1);
    assert_true(is_balanced(yaml_text(yaml_get(validations->first, STR("expression")))));
    assert_int_equal(str_find_char(yaml_text(yaml_get(validations->first, STR("message"))), '\n', 0), SIZE_MAX);
    const struct yaml_value *variables = yaml_get(spec, STR("variables"));
    for (const struct yaml_value *v = variables ? variables->first : NULL; v; v = v->next)
        assert_true(is_balanced(yaml_text(yaml_get(v, STR("expression")))));
}

static void write_all(const struct policies *p, struct buf *out, size_t *documents)
{
    size_t n;
    const struct policies_item *items = policies_items(p, &n);
    *documents = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t d = 0; d < items[i].n_documents; d++) {
            const struct policies_document *document = &items[i].documents[d];
            const struct admission_policy policy = {.name = document->name,
                                                    .control = items[i].control.id,
                                                    .rule_id = items[i].rule_id,
                                                    .title = items[i].control.title,
                                                    .why = items[i].why,
                                                    .fix = items[i].fix,
                                                    .kinds = document->kinds,
                                                    .n_kinds = document->n_kinds,
                                                    .rule = &document->rule};
            buf_add(out, STR("---\n"));
            policy_write(out, &policy);
            ++*documents;
        }
    }
}

static void have_the_shape_of_the_api(struct policies_options options, size_t at_least)
{
    struct policies *p;
    struct diags diags;
    struct arena a;
    struct buf text;
    struct yaml_value **documents;
    size_t n, written;
    diags_init(&diags);
    arena_init(&a, ARENA_UNLIMITED);
    buf_init(&text, SIZE_MAX);
    assert_int_equal(policies_load(&p, options, &diags), ST_OK);
    write_all(p, &text, &written);
    assert_int_equal(
        yaml_read(&a, (struct yaml_source){.name = STR("out"), .text = buf_str(&text)}, YAML_LIMITS_DEFAULT, &documents, &n, &diags),
        ST_OK);
    assert_true(written >= at_least);
    assert_int_equal(n, 2 * written);
    for (size_t i = 0; i < n; i += 2)
        check_policy(documents[i], documents[i + 1]);
    policies_free(p);
    buf_fini(&text);
    arena_fini(&a);
    diags_fini(&diags);
}

static void manifests_have_the_shape_of_the_api(void **state)
{
    (void)state;
    have_the_shape_of_the_api((struct policies_options){0}, 50);
    have_the_shape_of_the_api((struct policies_options){.pod_security = true, .profile = {PSS_RESTRICTED, 37}}, 60);
    have_the_shape_of_the_api((struct policies_options){.pod_security = true, .profile = {PSS_BASELINE, 18}}, 44);
}

struct hits {
    const struct policies *policies;
    struct buf ids;
};

static void note_hit(void *context, size_t item)
{
    struct hits *h = context;
    size_t n;
    const struct finding_control *control = &policies_items(h->policies, &n)[item].control;
    buf_addf(&h->ids, "%.*s ", STR_ARG(control->id));
}

static void refuses(struct policies_options options, const char *json, const char *kind, const char *expected)
{
    struct policies *p;
    struct diags diags;
    struct arena a;
    struct json_error error;
    struct hits h = {0};
    char padded[1024] = {0};
    const struct str text = str_from_c(json);
    assert_true(text.len + JSON_PADDING < sizeof padded);
    memcpy(padded, text.ptr, text.len);
    diags_init(&diags);
    arena_init(&a, ARENA_UNLIMITED);
    buf_init(&h.ids, SIZE_MAX);
    assert_int_equal(policies_load(&p, options, &diags), ST_OK);
    h.policies = p;
    const struct str whole = str_make(padded, text.len);
    const struct json_value *tree = json_parse(&a, whole, JSON_LIMITS_DEFAULT, &error);
    assert_non_null(tree);
    policies_judge(p, policy_kind_find(str_from_c(kind)), tree, whole, note_hit, &h);
    if (!str_eq(buf_str(&h.ids), str_from_c(expected)))
        fail_msg("%s: '%.*s'", json, STR_ARG(buf_str(&h.ids)));
    policies_free(p);
    buf_fini(&h.ids);
    arena_fini(&a);
    diags_fini(&diags);
}

// They take the place of the controls, and refuse what src/pod says, in that version.
static void checks_of_a_level_are_policies(void **state)
{
    (void)state;
#define SPEC "{\"securityContext\":{\"sysctls\":[{\"name\":\"net.ipv4.tcp_rmem\"}]},\"containers\":[{\"name\":\"c\"}]}"
    static const char pod[] = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":" SPEC "}";
    static const char job[] = "{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"spec\":{\"template\":{\"spec\":" SPEC "}}}";
    const struct str only[] = {STR("sysctls")};
    struct policies_options options = {.pod_security = true, .profile = {PSS_BASELINE, 31}};
    refuses(options, pod, "Pod", "sysctls ");
    refuses(options, job, "Job", "sysctls ");
    options.profile.minor = 32;
    refuses(options, pod, "Pod", "");
    options.profile.level = PSS_RESTRICTED;
    refuses(options, pod, "Pod", "allowPrivilegeEscalation capabilities_restricted runAsNonRoot seccompProfile_restricted ");
    options.least = SEVERITY_HIGH;
    refuses(options, pod, "Pod", "");
    options = (struct policies_options){.pod_security = true, .profile = {PSS_BASELINE, 31}, .only = only, .n_only = 1};
    refuses(options, job, "Job", "sysctls ");
    refuses(options, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"hostPID\":true}}", "Pod", "");
}

// What speaks of a single object is a policy; what needs more is named.
static void each_control_is_a_policy_or_has_a_reason(void **state)
{
    (void)state;
    static const char *const wanted[] = {"anonymous-binding", "cluster-admin-granted", "host-path", "privileged-container",
                                         "trusted-registry"};
    struct policies *p;
    struct diags diags;
    size_t n, n_refused;
    diags_init(&diags);
    assert_int_equal(policies_load(&p, (struct policies_options){0}, &diags), ST_OK);
    const struct policies_item *items = policies_items(p, &n);
    const struct policies_refused *refused = policies_refused(p, &n_refused);
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
        size_t i = 0;
        while (i < n && !str_eq(items[i].control.id, str_from_c(wanted[w])))
            i++;
        assert_true(i < n && items[i].n_documents > 0);
    }
    assert_true(n > 20 && n_refused > 20);
    for (size_t i = 0; i < n_refused; i++)
        assert_true(refused[i].why.len > 0 && refused[i].rule_id.len > 0);
    policies_free(p);
    diags_fini(&diags);
}

static void an_unknown_control_is_said(void **state)
{
    (void)state;
    const struct str only[] = {STR("nonsense")};
    struct policies *p;
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(policies_load(&p, (struct policies_options){.only = only, .n_only = 1}, &diags), ST_USAGE);
    assert_int_equal(diags.errors, 1);
    diags_fini(&diags);
    diags_init(&diags); // a check that the level does not have in that version
    const struct str check[] = {STR("hostProbesAndHostLifecycle")};
    struct policies_options options = {.only = check, .n_only = 1, .pod_security = true, .profile = {PSS_BASELINE, 33}};
    assert_int_equal(policies_load(&p, options, &diags), ST_USAGE);
    options.profile.minor = 34;
    assert_int_equal(policies_load(&p, options, &diags), ST_OK);
    policies_free(p);
    diags_fini(&diags);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(manifests_have_the_shape_of_the_api),
        cmocka_unit_test(checks_of_a_level_are_policies),
        cmocka_unit_test(each_control_is_a_policy_or_has_a_reason),
        cmocka_unit_test(an_unknown_control_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
