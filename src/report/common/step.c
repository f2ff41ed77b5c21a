// SPDX-License-Identifier: Apache-2.0
#include "report/common/step.h"

// The act itself where a rule on the step names it; else, of the places that its rules light, the first under the tactic that this kind of
// act serves. (A rule may also say how somebody got to act at all, which is not what this step did. What a process does, only rules know.)
static bool place_of_rule(const struct techniques *t, const struct incident_step *step, struct hit act, struct hit *out)
{
    struct hit hits[HITS_MAX];
    bool found = false;
    for (size_t i = 0; i < step->n_rules; i++) {
        size_t n = techniques_of(t, step->rules[i], hits);
        for (size_t k = 0; k < n; k++) {
            if (hits[k].technique == TECHNIQUE_NONE || (!step->process && hits[k].tactic != act.tactic))
                continue;
            bool is_act = !step->process && hits[k].technique == act.technique;
            *out = is_act || !found ? hits[k] : *out;
            found = true;
            if (is_act || step->process)
                return true;
        }
    }
    return found;
}

bool step_place(const struct techniques *t, const struct incident_step *step, struct hit *out)
{
    if (!t || step->part != STEP_ACT)
        return false;
    if (!place_of_rule(t, step, t->acts[step->act], out))
        *out = t->acts[step->act];
    return out->tactic != TECHNIQUE_NONE;
}
