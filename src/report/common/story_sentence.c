// SPDX-License-Identifier: Apache-2.0
// What happened, in one sentence: acts in the order they began, the quiet ones as a count, the loud ones by name.
#include "report/common/keep.h"
#include "report/common/phrase.h"
#include "report/common/story.h"

enum { NAMED = 2, CLAUSE = 120 }; // steps of a kind that are named; bytes of each

enum { KINDS = ACTS };

// Kinds that are told as one count; the others are named.
static const struct str quiet[KINDS] = {
    [ACT_PROBE] = STR("tried what the API server answers"),
    [ACT_ASK_RIGHTS] = STR("asked what it may do"),
    [ACT_LOOK] = STR("looked around"),
    [ACT_READ_LOGS] = STR("read logs of containers"),
    [ACT_READ_SECRETS] = STR("read secrets"),
};

struct kind {
    enum act act;
    uint64_t done, refused;
    const struct incident_step *named[NAMED];
    size_t n_named;
};
static struct kind *kind_of(struct kind *kinds, size_t *n, enum act act)
{
    size_t i = 0;
    while (i < *n && kinds[i].act != act)
        i++;
    if (i == *n)
        kinds[(*n)++] = (struct kind){.act = act};
    return &kinds[i];
}

static void write_clause(struct buf *out, const struct kind *k)
{
    struct str clause = quiet[k->act];
    if (!k->done) {
        phrase_count(out, k->refused, "further request came to nothing", "further requests came to nothing");
        return;
    }
    if (clause.ptr) {
        buf_add(out, clause);
        buf_add(out, STR(" ("));
        phrase_count(out, k->done, "request)", "requests)");
        return;
    }
    for (size_t i = 0; i < k->n_named; i++) {
        buf_add(out, i ? STR(", ") : STR(""));
        struct str text = keep_cut(k->named[i]->text, CLAUSE);
        buf_add(out, text);
        buf_add(out, text.len < k->named[i]->text.len ? STR("\xe2\x80\xa6") : STR(""));
    }
    if (k->done > k->n_named) {
        buf_add(out, STR(" and "));
        phrase_number(out, k->done - k->n_named);
        buf_add(out, STR(" more of the kind"));
    }
}

void story_sentence(struct buf *out, const struct incident *x)
{
    struct kind kinds[KINDS];
    size_t n = 0;
    for (size_t i = 0; i < x->n_timeline; i++) {
        const struct incident_step *step = &x->timeline[i];
        if (step->part != STEP_ACT)
            continue;
        struct kind *k = kind_of(kinds, &n, step->act);
        if (step->outcome == OUTCOME_REFUSED || step->outcome == OUTCOME_FAILED) {
            k->refused += step->count;
            continue;
        }
        k->done += step->count;
        if (k->n_named < NAMED)
            k->named[k->n_named++] = step;
    }
    for (size_t i = 0; i < n; i++) {
        buf_add(out, i == 0 ? STR("") : STR("; "));
        write_clause(out, &kinds[i]);
    }
    if (n)
        buf_add_char(out, '.');
}
