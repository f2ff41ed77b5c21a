// SPDX-License-Identifier: Apache-2.0
// Pod Security itself as two policies.
#include "engine/policies/policies.h"

static const struct finding_control levels[] = {
    {.id = STR("pod-security-baseline"), .title = STR("Pod Security: baseline"), .severity = SEVERITY_HIGH},
    {.id = STR("pod-security-restricted"), .title = STR("Pod Security: restricted"), .severity = SEVERITY_MEDIUM},
};
static const enum pss_level asked[] = {PSS_BASELINE, PSS_RESTRICTED};

const struct finding_control *policies_levels(size_t *n)
{
    *n = sizeof levels / sizeof *levels;
    return levels;
}

static void note(void *context, const struct pss_check *check, struct str why)
{
    bool *wrong = context;
    (void)check;
    *wrong = *wrong || why.len;
}

void policies_judge_levels(const struct policy_kind *kind, const struct json_value *tree, policies_hit_fn *hit, void *context)
{
    struct pod pod;
    if (!policies_levels_are_over(kind) || !pod_of(tree, STR("v1"), kind->kind, &pod))
        return;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        bool wrong = false;
        pss_judge(asked[i], PSS_NEWEST, &pod, note, &wrong);
        if (wrong)
            hit(context, i);
    }
}

bool policies_levels_are_over(const struct policy_kind *kind)
{
    return str_eq(kind->kind, STR("Pod"));
}
