// SPDX-License-Identifier: Apache-2.0
#include "report/step.h"

// Of the places that the rules on a step light, the first under the tactic that this kind of act serves. (A rule may also say how somebody
// got to act at all, which is not what this step did. What a process does, only rules know.)
static bool place_of_rule(const struct techniques *t, const struct incident_step *step, size_t tactic, struct hit *out)
{
    struct hit hits[HITS_MAX];
    for (size_t i = 0; i < step->n_rules; i++) {
        size_t n = techniques_of(t, step->rules[i], hits);
        for (size_t k = 0; k < n; k++)
            if (hits[k].technique != TECHNIQUE_NONE && (step->process || hits[k].tactic == tactic)) {
                *out = hits[k];
                return true;
            }
    }
    return false;
}

bool step_place(const struct techniques *t, const struct incident_step *step, struct hit *out)
{
    if (!t || step->part != STEP_ACT)
        return false;
    if (!place_of_rule(t, step, t->acts[step->act].tactic, out))
        *out = t->acts[step->act];
    return out->tactic != TECHNIQUE_NONE;
}
