// SPDX-License-Identifier: Apache-2.0
#include "report/step.h"

// Techniques of Microsoft's matrix where it has the act, else of ATT&CK; and the tactic the act serves.
static const struct {
    struct str technique, tactic;
} of_act[] = {
    [ACT_PROBE] = {{"T1595", 5}, {"reconnaissance", 14}},
    [ACT_ASK_RIGHTS] = {{"MS-TA9029", 9}, {"discovery", 9}},
    [ACT_LOOK] = {{"MS-TA9029", 9}, {"discovery", 9}},
    [ACT_READ_SECRETS] = {{"MS-TA9025", 9}, {"credential-access", 17}},
    [ACT_TAKE_TOKEN] = {{"MS-TA9016", 9}, {"credential-access", 17}},
    [ACT_REQUEST_CERTIFICATE] = {{"T1649", 5}, {"credential-access", 17}},
    [ACT_DEPLOY] = {{"MS-TA9008", 9}, {"execution", 9}},
    [ACT_SCHEDULE] = {{"MS-TA9014", 9}, {"persistence", 11}},
    [ACT_EXEC] = {{"MS-TA9006", 9}, {"execution", 9}},
    [ACT_FORWARD] = {{"T1090", 5}, {"lateral-movement", 16}},
    [ACT_GRANT] = {{"MS-TA9019", 9}, {"privilege-escalation", 20}},
    [ACT_ADD_ACCOUNT] = {{"T1136", 5}, {"persistence", 11}},
    [ACT_WIPE_EVENTS] = {{"MS-TA9022", 9}, {"defense-evasion", 15}},
    [ACT_REMOVE] = {{"MS-TA9038", 9}, {"impact", 6}},
    [ACT_EXPOSE] = {{"T1133", 5}, {"persistence", 11}},
    [ACT_HOOK] = {{"MS-TA9015", 9}, {"persistence", 11}},
    [ACT_CHANGE] = {{"T1578", 5}, {"persistence", 11}},
    [ACT_READ_LOGS] = {{"MS-TA9029", 9}, {"discovery", 9}},
    [ACT_RUN] = {{"T1059", 5}, {"execution", 9}},
};

static size_t tactic_of(const struct techniques *t, struct str tag)
{
    const uint64_t *at = map_get(&t->names, tag);
    return at && *at < TACTICS_MAX ? *at : TECHNIQUE_NONE;
}

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
    size_t tactic = tactic_of(t, of_act[step->act].tactic);
    if (place_of_rule(t, step, tactic, out))
        return true;
    struct str lower = of_act[step->act].technique;
    char name[16];
    for (size_t i = 0; i < lower.len; i++)
        name[i] = char_lower(lower.ptr[i]);
    const uint64_t *at = map_get(&t->names, str_make(name, lower.len));
    if (tactic == TECHNIQUE_NONE)
        return false;
    *out = (struct hit){tactic, at && *at >= TACTICS_MAX ? *at - TACTICS_MAX : TECHNIQUE_NONE};
    return true;
}
