// SPDX-License-Identifier: Apache-2.0
// ValidatingAdmissionPolicy and ValidatingAdmissionPolicyBinding (admissionregistration.k8s.io/v1), ready to review: what it is for in
// front, long expressions in lines.
#include "policy/policy.h"

#define ADMISSION "admissionregistration.k8s.io/v1"

enum { EXPRESSION_COLUMNS = 110 };

static void add_field(struct buf *out, const char *indent, const char *key, struct str value)
{
    buf_addf(out, "%s%s: ", indent, key);
    yaml_write_string(out, value);
    buf_add_char(out, '\n');
}

// --- expressions -----------------------------------------------------------------------------------------------------------------

// Where a line may end: behind && and || and the comma of a list, never within a string.
static size_t next_break(struct str s, size_t from)
{
    bool quoted = false;
    for (size_t i = from; i < s.len; i++) {
        if (quoted && s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == '\'')
            quoted = !quoted;
        else if (!quoted && s.ptr[i] == ' ' && i && (s.ptr[i - 1] == '&' || s.ptr[i - 1] == '|' || s.ptr[i - 1] == ','))
            return i;
    }
    return s.len;
}

static void add_expression(struct buf *out, const char *indent, struct str s)
{
    buf_add(out, STR("|-\n"));
    for (size_t start = 0, first = 0; start < s.len; first = 1) {
        size_t end = next_break(s, start);
        for (size_t more = end; more < s.len;) {
            more = next_break(s, more + 1);
            if (more - start > EXPRESSION_COLUMNS)
                break;
            end = more;
        }
        buf_addf(out, "%s%s", indent, first ? "  " : "");
        buf_add(out, str_slice(s, start, end));
        buf_add_char(out, '\n');
        start = end + 1;
    }
}

// Where the pod is, or what lies beside its specification.
static void add_pod_path(struct buf *out, const struct policy_kind *k, bool beside)
{
    for (size_t i = 0; i + beside < 5 && k->pod[i + beside].ptr; i++)
        buf_addf(out, ".%.*s", STR_ARG(k->pod[i]));
}

static void add_containers(struct buf *out)
{
    static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};
    buf_add(out, STR("  - name: containers\n    expression: |-\n"));
    for (size_t i = 0; i < 3; i++)
        buf_addf(out, "      %s(has(variables.pod.%s) ? dyn(variables.pod.%s) : [])%s\n", i ? "  " : "", lists[i], lists[i],
                 i < 2 ? " +" : "");
}

// The annotations of the pod or template of `object`, none when there are none.
static void add_annotations(struct buf *out, const struct policy_kind *k, const char *object)
{
    struct buf at;
    buf_init(&at, SIZE_MAX);
    buf_addf(&at, "%s", object);
    add_pod_path(&at, k, true);
    buf_add(&at, STR(".metadata"));
    const struct str metadata = buf_str(&at);
    buf_addf(out, "(has(%.*s) && has(%.*s.annotations) ? dyn(%.*s.annotations) : {})", STR_ARG(metadata), STR_ARG(metadata),
             STR_ARG(metadata));
    buf_fini(&at);
}

static void add_variables(struct buf *out, const struct admission_policy *p)
{
    const struct policy_kind *k = p->kinds[0];
    if (!p->rule->pod && !p->rule->annotations)
        return;
    buf_add(out, STR("  variables:\n"));
    if (p->rule->pod) {
        buf_add(out, STR("  - name: pod\n    expression: \"object"));
        add_pod_path(out, k, false);
        buf_add(out, STR("\"\n"));
    }
    if (p->rule->containers)
        add_containers(out);
    if (p->rule->annotations) {
        buf_add(out, STR("  - name: annotations\n    expression: \""));
        add_annotations(out, k, "object");
        buf_add(out, STR("\"\n"));
    }
}

// --- parts -----------------------------------------------------------------------------------------------------------------------

static void add_comment(struct buf *out, const struct admission_policy *p)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_addf(&text, "%.*s: %.*s", STR_ARG(p->title), STR_ARG(p->why));
    yaml_write_comment(out, buf_str(&text));
    buf_clear(&text);
    buf_addf(&text, "What to change: %.*s", STR_ARG(p->fix));
    yaml_write_comment(out, buf_str(&text));
    if (p->refused.len)
        yaml_write_comment(out, p->refused);
    if (p->rule->note.ptr)
        yaml_write_comment(out, p->rule->note);
    buf_fini(&text);
}

static void add_metadata(struct buf *out, const struct admission_policy *p, struct str name)
{
    buf_add(out, STR("metadata:\n"));
    add_field(out, "  ", "name", name);
    buf_add(out, STR("  labels: {app.kubernetes.io/managed-by: davy}\n  annotations:\n"));
    add_field(out, "    ", "davy/control", p->control);
    if (p->rule_id.len)
        add_field(out, "    ", "davy/rule", p->rule_id);
    add_field(out, "    ", "davy/why", p->why);
    if (p->refused.len)
        add_field(out, "    ", "davy/would-have-refused", p->refused);
}

static bool same_group(const struct policy_kind *a, const struct policy_kind *b)
{
    return str_eq(a->group, b->group) && str_eq(a->version, b->version);
}

// One rule for each group: the resources of all its kinds.
static void add_resources(struct buf *out, const struct admission_policy *p)
{
    buf_add(out, STR("  matchConstraints:\n    resourceRules:\n"));
    for (size_t i = 0; i < p->n_kinds; i++) {
        const struct policy_kind *k = p->kinds[i];
        size_t before = 0;
        while (before < i && !same_group(p->kinds[before], k))
            before++;
        if (before < i)
            continue;
        buf_addf(out, "    - {apiGroups: [\"%.*s\"], apiVersions: [\"%.*s\"], operations: [\"CREATE\", \"UPDATE\"], resources: [",
                 STR_ARG(k->group), STR_ARG(k->version));
        for (size_t j = i; j < p->n_kinds; j++) {
            const struct policy_kind *other = p->kinds[j];
            if (!same_group(other, k))
                continue;
            buf_addf(out, "%s\"%.*s\"", j > i ? ", " : "", STR_ARG(other->resource));
            if (other->also.ptr)
                buf_addf(out, ", \"%.*s/%.*s\"", STR_ARG(other->resource), STR_ARG(other->also));
        }
        buf_add(out, STR("]}\n"));
    }
}

// What is left as it was may pass: labels of what runs already, the deployment controller's notes, finalizers on the way to deletion.
static void add_conditions(struct buf *out, const struct admission_policy *p)
{
    const struct policy_kind *k = p->kinds[0];
    if (!k->spec.ptr)
        return;
    buf_add(out, STR("  matchConditions:\n  - name: changed\n"));
    buf_addf(out, "    expression: \"request.operation != 'UPDATE' || object.%.*s != oldObject.%.*s", STR_ARG(k->spec), STR_ARG(k->spec));
    if (p->rule->annotations && !k->pod[1].ptr) { // those of a template lie in the specification
        buf_add(out, STR(" || "));
        add_annotations(out, k, "object");
        buf_add(out, STR(" != "));
        add_annotations(out, k, "oldObject");
    }
    buf_add(out, STR("\"\n"));
}

static void add_validation(struct buf *out, const struct admission_policy *p)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_add(out, STR("  validations:\n  - expression: "));
    buf_addf(&text, "!(%.*s)", STR_ARG(p->rule->condition));
    add_expression(out, "      ", buf_str(&text));
    buf_clear(&text);
    buf_addf(&text, "%.*s (%.*s): %.*s; %.*s", STR_ARG(p->title), STR_ARG(p->control), STR_ARG(p->why), STR_ARG(p->fix));
    add_field(out, "    ", "message", buf_str(&text));
    buf_add(out, STR("    reason: Forbidden\n"));
    buf_fini(&text);
}

static void add_binding(struct buf *out, const struct admission_policy *p)
{
    buf_add(out, STR("---\napiVersion: " ADMISSION "\nkind: ValidatingAdmissionPolicyBinding\nmetadata:\n"));
    add_field(out, "  ", "name", p->name);
    buf_add(out, STR("  labels: {app.kubernetes.io/managed-by: davy}\nspec:\n"));
    add_field(out, "  ", "policyName", p->name);
    buf_addf(out, "  validationActions: [%s]\n", p->enforce ? "Deny" : "Audit, Warn");
    if (!p->n_exempt)
        return;
    buf_add(out, STR("  matchResources:\n    namespaceSelector:\n      matchExpressions:\n"
                     "      - {key: kubernetes.io/metadata.name, operator: NotIn, values: ["));
    for (size_t i = 0; i < p->n_exempt; i++) {
        buf_add(out, i ? STR(", ") : STR(""));
        yaml_write_string(out, p->exempt[i]);
    }
    buf_add(out, STR("]}\n"));
}

void policy_write(struct buf *out, const struct admission_policy *p)
{
    add_comment(out, p);
    buf_add(out, STR("apiVersion: " ADMISSION "\nkind: ValidatingAdmissionPolicy\n"));
    add_metadata(out, p, p->name);
    buf_add(out, STR("spec:\n  failurePolicy: Fail\n"));
    add_resources(out, p);
    add_conditions(out, p);
    add_variables(out, p);
    add_validation(out, p);
    add_binding(out, p);
}
