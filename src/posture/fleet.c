// SPDX-License-Identifier: Apache-2.0
#include "posture/fleet.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>

struct fleet {
    bool named;
    struct arena arena;
    VEC(struct fleet_cluster) clusters; // share: the weight, until the end
    VEC(struct fleet_control) controls; // gain and risk: times the weight, until the end
    struct map by_id;                   // place in controls, plus 1
};

double criticality_factor(enum criticality c)
{
    static const double factors[] = {[CRITICALITY_LOW] = 0.5, [CRITICALITY_MEDIUM] = 1, [CRITICALITY_HIGH] = 2, [CRITICALITY_CRITICAL] = 4};
    return factors[c];
}

struct fleet *fleet_new(bool named)
{
    struct fleet *f = must_alloc(calloc(1, sizeof *f));
    f->named = named;
    arena_init(&f->arena, ARENA_UNLIMITED);
    return f;
}

void fleet_free(struct fleet *f)
{
    if (!f)
        return;
    vec_fini(&f->clusters);
    vec_fini(&f->controls);
    map_fini(&f->by_id);
    arena_fini(&f->arena);
    free(f);
}

static struct fleet_control *control_of(struct fleet *f, const struct finding_control *control)
{
    const uint64_t *found = map_get(&f->by_id, control->id);
    if (found)
        return &f->controls.items[*found - 1];
    struct fleet_control *c = vec_push(&f->controls);
    *c = (struct fleet_control){
        .control = {.id = arena_str(&f->arena, control->id), .title = arena_str(&f->arena, control->title), .severity = control->severity}};
    *map_put(&f->by_id, c->control.id, NULL) = f->controls.n;
    return c;
}

void fleet_add(struct fleet *f, const struct score_sheet *sheet, struct fleet_weight weight)
{
    struct fleet_cluster *c = vec_push(&f->clusters);
    *c = (struct fleet_cluster){
        .name = arena_str(&f->arena, sheet->cluster), .score = score_sum(sheet->scores, sheet->n), .criticality = weight.criticality};
    for (size_t i = 0; i < sheet->n; i++)
        c->assessed += sheet->scores[i].healthy + sheet->scores[i].unhealthy;
    const double base = !f->named ? (double)c->assessed : weight.weight > 0 ? weight.weight : 1;
    c->share = c->score.max > 0 ? base * criticality_factor(weight.criticality) : 0;
    for (size_t i = 0; i < sheet->n; i++) {
        const struct control_score *s = &sheet->scores[i];
        if (!s->unhealthy)
            continue;
        struct fleet_control *control = control_of(f, &s->control);
        control->clusters++;
        control->unhealthy += s->unhealthy;
        control->gain += c->share * 100 * control_gain(s) / c->score.max;
        control->risk += c->share * 100 * control_risk(s) / c->score.max;
    }
}

static int first(const void *va, const void *vb)
{
    const struct fleet_control *a = va, *b = vb;
    if (a->risk != b->risk)
        return a->risk > b->risk ? -1 : 1;
    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    return str_cmp(a->control.id, b->control.id);
}

struct fleet_sheet fleet_close(struct fleet *f)
{
    double all = 0, percent = 0;
    for (size_t i = 0; i < f->clusters.n; i++)
        all += f->clusters.items[i].share;
    const double unit = all > 0 ? all : 1;
    for (size_t i = 0; i < f->clusters.n; i++) {
        struct fleet_cluster *c = &f->clusters.items[i];
        c->share /= unit;
        percent += c->share * score_percent(c->score);
    }
    for (size_t i = 0; i < f->controls.n; i++) {
        f->controls.items[i].gain /= unit;
        f->controls.items[i].risk /= unit;
    }
    if (f->controls.n)
        qsort(f->controls.items, f->controls.n, sizeof *f->controls.items, first);
    return (struct fleet_sheet){.named = f->named,
                                .percent = all > 0 ? percent : 100,
                                .clusters = f->clusters.items,
                                .n = f->clusters.n,
                                .controls = f->controls.items,
                                .n_controls = f->controls.n};
}
