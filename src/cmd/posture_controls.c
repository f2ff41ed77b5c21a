// SPDX-License-Identifier: Apache-2.0
// davy posture: by the built-in controls, with the secure score.
#include "cmd/posture.h"
#include "base/vec.h"
#include "engine/controls/controls.h"
#include "os/os.h"
#include "report/posture/formats.h"

#include <stdlib.h>

enum { EXAMPLES = 3, EXAMPLE_INDENT = 20, EXEMPTIONS_SIZE = 16 << 20 };

// Of a control, for the text.
struct kept {
    struct str id;
    struct buf lines;
    size_t n;
};

struct judging {
    struct posture *posture;
    struct controls *controls;
    struct controls_run run;
    struct access *graph;
    struct exposure *exposure;
    bool examples; // of findings are part of the output
    struct kept *kept;
    size_t n_kept;
    struct arena arena; // of what was not read of the cluster at hand
    VEC(struct unread_kind) unread;
};

static struct kept *kept_of(struct judging *j, struct str id)
{
    for (size_t i = 0; i < j->n_kept; i++) {
        if (str_eq(j->kept[i].id, id))
            return &j->kept[i];
    }
    return NULL;
}

static void tell(void *context, const struct finding *f)
{
    struct judging *j = context;
    posture_emit(j->posture, f, false);
    struct kept *k = kept_of(j, f->control.id);
    if (!j->examples || f->status == FINDING_HEALTHY || f->status == FINDING_EXEMPT || k->n++ >= EXAMPLES)
        return;
    buf_addf(&k->lines, "%*s", EXAMPLE_INDENT, "");
    posture_text_object(&k->lines, &f->object);
    buf_add(&k->lines, STR(": "));
    text_escape(&k->lines, f->why);
    buf_add(&k->lines, STR(" ("));
    posture_text_place(&k->lines, f->place);
    buf_add(&k->lines, STR(")\n"));
}

static void begin(void *context, struct str cluster)
{
    struct judging *j = context;
    j->posture->cluster = cluster;
    j->graph = access_new();
    j->exposure = exposure_new();
    controls_reset(j->controls);
    arena_reset(&j->arena);
    j->unread.n = 0;
    for (size_t i = 0; i < j->n_kept; i++) {
        buf_clear(&j->kept[i].lines);
        j->kept[i].n = 0;
    }
}

static void judge(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct judging *j = context;
    access_add(j->graph, o->tree, o->api_version, o->kind, place, diags);
    exposure_add(j->exposure, o->tree, o->api_version, o->kind, place);
    controls_object(j->controls, &j->run, j->posture->cluster, o->tree, o->json, posture_object(o), place);
}

static void take_unread(void *context, const struct unread_kind *u)
{
    struct judging *j = context;
    controls_unread(j->controls, &j->run, j->posture->cluster, u);
    if (str_eq(u->kind, STR("NetworkPolicy")))
        exposure_policies_unread(j->exposure);
    access_unread(j->graph, u->kind);
    *vec_push(&j->unread) = (struct unread_kind){
        .kind = arena_str(&j->arena, u->kind),
        .api_version = arena_str(&j->arena, u->api_version),
        .why = arena_str(&j->arena, u->why),
        .partly = u->partly,
    };
}

static void print_text(struct judging *j, const struct score_sheet *sheet)
{
    struct buf *examples = must_alloc(calloc(sheet->n + 1, sizeof *examples));
    for (size_t i = 0; i < sheet->n; i++) {
        struct kept *k = kept_of(j, sheet->scores[i].control.id);
        if (k->n > EXAMPLES)
            buf_addf(&k->lines, "%*sand %zu more\n", EXAMPLE_INDENT, "", k->n - EXAMPLES);
        examples[i] = k->lines;
    }
    if (j->posture->junit)
        posture_junit_score(&j->posture->out, sheet, examples);
    else
        posture_text_score(&j->posture->out, sheet, examples);
    free(examples);
}

static void print(struct judging *j, const struct score_sheet *sheet)
{
    struct posture *p = j->posture;
    struct comparison_sheet became;
    const bool compared = posture_compare(p, sheet, &became);
    if (p->state)
        comparison_keep_score(p->state, p->cluster, score_sum(sheet->scores, sheet->n));
    if (p->round) {
        posture_watch_print(p, &became);
        return;
    }
    const struct past_series past = posture_history_add(p, sheet);
    if (p->page) {
        posture_page_cluster(p->page,
                             &(struct posture_sheet){*sheet, compared ? &became : NULL, arg_string(p->args, POSTURE_COMPARE), past});
        return;
    }
    if (p->json)
        posture_json_score(&p->out, sheet);
    else if (p->prometheus)
        posture_prometheus_score(&p->out, sheet, p->clusters == 0);
    else if (!p->sarif)
        print_text(j, sheet);
    if (p->prometheus || p->junit || p->sarif)
        return;
    if (compared)
        posture_print_comparison(p, &became);
    posture_history_print(p, sheet, past);
}

static void take_way(void *context, const struct exposure_record *r)
{
    const struct judging *j = context;
    posture_page_way(j->posture->page, r);
}

static status end(void *context, struct diags *diags)
{
    struct judging *j = context;
    struct posture *p = j->posture;
    struct score_sheet sheet = {.cluster = p->cluster, .unread = j->unread.items, .n_unread = j->unread.n};
    access_seal(j->graph, diags);
    controls_access(j->controls, &j->run, p->cluster, j->graph);
    controls_levels(j->controls, &j->run, p->cluster);
    controls_exposure(j->controls, &j->run, p->cluster, j->exposure);
    access_free(j->graph);
    exposure_free(j->exposure);
    j->graph = NULL;
    j->exposure = NULL;
    sheet.scores = controls_scores(j->controls, &sheet.n);
    if (arg_given(p->args, POSTURE_MIN_SCORE))
        p->found = p->found || !score_reaches(score_sum(sheet.scores, sheet.n), (double)arg_number(p->args, POSTURE_MIN_SCORE));
    print(j, &sheet);
    if (!p->round)
        posture_fleet_add(p, &sheet);
    p->clusters++;
    return posture_flush(p, diags);
}

static void keep_for_each(struct judging *j)
{
    const struct control_score *scores = controls_scores(j->controls, &j->n_kept);
    j->kept = must_alloc(calloc(j->n_kept + 1, sizeof *j->kept));
    for (size_t i = 0; i < j->n_kept; i++) {
        j->kept[i].id = scores[i].control.id;
        buf_init(&j->kept[i].lines, 1 << 20);
    }
}

static status read_exemptions(const struct posture *p, struct buf *text, struct exemptions **out, struct diags *diags)
{
    const struct str file = arg_string(p->args, POSTURE_EXEMPTIONS);
    if (!file.ptr)
        return ST_OK;
    TRY(os_read_file(file, EXEMPTIONS_SIZE, text, diags));
    return exemptions_read(out, (struct yaml_source){.name = file, .text = buf_str(text)}, os_realtime_ns(), diags);
}

static status run_controls(struct posture *p, struct exemptions *exemptions, struct diags *diags)
{
    struct judging j = {.posture = p, .examples = !p->json && !p->sarif && !p->page};
    struct controls_options options = {.exemptions = exemptions};
    options.registry = arg_string(p->args, POSTURE_DEFAULT_REGISTRY);
    options.registries = arg_list(p->args, POSTURE_REGISTRY, &options.n_registries);
    TRY(controls_load(&j.controls, options, diags));
    j.run = (struct controls_run){.tell = tell, .context = &j, .healthy_too = p->all, .way = p->page ? take_way : NULL};
    keep_for_each(&j);
    arena_init(&j.arena, ARENA_UNLIMITED);
    const struct survey_sink sink = {.context = &j, .begin = begin, .object = judge, .end = end, .unread = take_unread};
    const status result =
        arg_flag(p->args, POSTURE_WATCH) ? posture_watch(p, sink, diags) : posture_survey(p, KUBE_FOR_POSTURE, sink, diags);
    for (size_t i = 0; i < j.n_kept; i++)
        buf_fini(&j.kept[i].lines);
    free(j.kept);
    vec_fini(&j.unread);
    arena_fini(&j.arena);
    access_free(j.graph);
    exposure_free(j.exposure);
    controls_free(j.controls);
    return result;
}

status posture_by_controls(struct posture *p, struct diags *diags)
{
    struct exemptions *exemptions = NULL;
    struct buf text;
    buf_init(&text, EXEMPTIONS_SIZE);
    status result = read_exemptions(p, &text, &exemptions, diags);
    if (result == ST_OK)
        result = run_controls(p, exemptions, diags);
    if (exemptions)
        exemptions_tell_unused(exemptions, diags);
    exemptions_free(exemptions);
    buf_fini(&text);
    return result;
}
