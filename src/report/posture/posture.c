// SPDX-License-Identifier: Apache-2.0
#include "report/posture/posture.h"

#include "base/diag.h"
#include "base/status.h"
#include "report/posture/frameworks.h"

#include <stdlib.h>

struct str posture_severity_word(enum severity severity)
{
    static const struct str words[] = {[SEVERITY_LOW] = STR("low"),
                                       [SEVERITY_MEDIUM] = STR("medium"),
                                       [SEVERITY_HIGH] = STR("high"),
                                       [SEVERITY_CRITICAL] = STR("critical")};
    return words[severity];
}

static struct str status_word(enum finding_status s)
{
    static const struct str words[] = {[FINDING_HEALTHY] = STR("healthy"),
                                       [FINDING_UNHEALTHY] = STR("unhealthy"),
                                       [FINDING_NOT_ASSESSABLE] = STR("not_assessable"),
                                       [FINDING_EXEMPT] = STR("exempt")};
    return words[s];
}

static struct str or_null(struct str s)
{
    return s.len ? s : STR_NONE;
}

void posture_json_finding(struct buf *out, const struct finding *f)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("finding"));
    json_key_string(&w, STR("cluster"), f->cluster);
    json_key(&w, STR("control"));
    json_open_object(&w);
    json_key_string(&w, STR("id"), f->control.id);
    json_key_string(&w, STR("title"), f->control.title);
    json_key_string(&w, STR("severity"), posture_severity_word(f->control.severity));
    frameworks_write(&w, f->control.about);
    json_close_object(&w);
    json_key(&w, STR("object"));
    json_open_object(&w);
    json_key_string(&w, STR("apiVersion"), f->object.api_version);
    json_key_string(&w, STR("kind"), f->object.kind);
    json_key_string(&w, STR("namespace"), or_null(f->object.ns));
    json_key_string(&w, STR("name"), or_null(f->object.name));
    json_close_object(&w);
    json_key_string(&w, STR("status"), status_word(f->status));
    json_key_string(&w, STR("why"), or_null(f->why));
    json_key_string(&w, STR("fix"), or_null(f->fix));
    json_key(&w, STR("evidence"));
    json_open_array(&w);
    json_open_object(&w);
    json_key_string(&w, STR("file"), f->place.file);
    json_key_number(&w, STR("line"), (int64_t)f->place.line);
    json_close_object(&w);
    json_close_array(&w);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

void posture_text_object(struct buf *out, const struct finding_object *object)
{
    text_escape(out, object->kind);
    if (!object->name.len) // all of a kind
        return;
    buf_add_char(out, ' ');
    if (object->ns.len) {
        text_escape(out, object->ns);
        buf_add_char(out, '/');
    }
    text_escape(out, object->name);
}

void posture_text_place(struct buf *out, struct access_place place)
{
    text_escape(out, place.file);
    if (place.line)
        buf_addf(out, ":%llu", (unsigned long long)place.line);
}

void posture_text_finding(struct buf *out, const struct finding *f)
{
    posture_text_place(out, f->place);
    buf_addf(out, ": %.*s: ", STR_ARG(posture_severity_word(f->control.severity)));
    posture_text_object(out, &f->object);
    buf_addf(out, ": %.*s", STR_ARG(f->control.id));
    if (f->status == FINDING_UNHEALTHY) {
        buf_add(out, STR(": "));
        text_escape(out, f->why);
    } else {
        buf_addf(out, ": %.*s", STR_ARG(status_word(f->status)));
    }
    buf_add_char(out, '\n');
}

double posture_rounded(double points)
{
    return (double)(int64_t)(points * 1000 + 0.5) / 1000;
}

static void write_references(struct json_writer *w, const struct control_about *about)
{
    json_key(w, STR("references"));
    json_open_array(w);
    for (size_t i = 0; about && i < about->n_references; i++)
        json_string(w, about->references[i]);
    json_close_array(w);
}

static void write_control(struct json_writer *w, const struct control_score *s)
{
    json_open_object(w);
    json_key_string(w, STR("id"), s->control.id);
    json_key_string(w, STR("title"), s->control.title);
    json_key_string(w, STR("severity"), posture_severity_word(s->control.severity));
    json_key(w, STR("max"));
    json_double(w, s->points);
    json_key(w, STR("score"));
    json_double(w, posture_rounded(control_points(s)));
    json_key(w, STR("gain"));
    json_double(w, posture_rounded(control_gain(s)));
    json_key(w, STR("risk"));
    json_double(w, posture_rounded(control_risk(s)));
    json_key_number(w, STR("healthy"), (int64_t)s->healthy);
    json_key_number(w, STR("unhealthy"), (int64_t)s->unhealthy);
    json_key_number(w, STR("exposed"), (int64_t)s->exposed);
    json_key_number(w, STR("not_assessable"), (int64_t)s->unassessed);
    json_key_number(w, STR("exempt"), (int64_t)s->exempt);
    json_key_string(w, STR("needs"), s->healthy + s->unhealthy + s->unassessed + s->exempt ? STR_NONE : s->needs);
    frameworks_write(w, s->control.about);
    write_references(w, s->control.about);
    json_close_object(w);
}

static void write_unread(struct json_writer *w, const struct score_sheet *sheet)
{
    json_key(w, STR("unread"));
    json_open_array(w);
    for (size_t i = 0; i < sheet->n_unread; i++) {
        const struct unread_kind *u = &sheet->unread[i];
        json_open_object(w);
        json_key_string(w, STR("kind"), u->kind);
        json_key_string(w, STR("apiVersion"), u->api_version);
        json_key_string(w, STR("why"), u->why);
        json_key(w, STR("partly"));
        json_bool(w, u->partly);
        json_close_object(w);
    }
    json_close_array(w);
}

void posture_json_score(struct buf *out, const struct score_sheet *sheet)
{
    const struct score sum = score_sum(sheet->scores, sheet->n);
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("score"));
    json_key_string(&w, STR("cluster"), sheet->cluster);
    json_key(&w, STR("score"));
    json_double(&w, posture_rounded(sum.points));
    json_key(&w, STR("max"));
    json_double(&w, posture_rounded(sum.max));
    json_key(&w, STR("percent"));
    json_double(&w, posture_rounded(score_percent(sum)));
    json_key(&w, STR("controls"));
    json_open_array(&w);
    for (size_t i = 0; i < sheet->n; i++)
        write_control(&w, &sheet->scores[i]);
    json_close_array(&w);
    write_unread(&w, sheet);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

// A control among those to fix.
struct ranked {
    const struct control_score *score;
    const struct buf *examples;
};

static int first(const void *va, const void *vb)
{
    const struct ranked *a = va, *b = vb;
    return control_first(a->score, b->score);
}

static void add_control(struct buf *out, const struct ranked *r)
{
    const struct control_score *s = r->score;
    const unsigned long long judged = s->healthy + s->unhealthy;
    buf_addf(out, "  %6.2f  %-8.*s  %.*s: %.*s (%llu of %llu are not", control_gain(s), STR_ARG(posture_severity_word(s->control.severity)),
             STR_ARG(s->control.id), STR_ARG(s->control.title), (unsigned long long)s->unhealthy, judged);
    if (s->exposed)
        buf_addf(out, "; %llu exposed", (unsigned long long)s->exposed);
    buf_add(out, STR(")\n"));
    buf_add(out, buf_str(r->examples));
    buf_addf(out, "%20sfix: %.*s\n", "", STR_ARG(s->fix));
}

static bool is_without(const struct control_score *s)
{
    return s->healthy + s->unhealthy + s->unassessed + s->exempt == 0;
}

// What nothing was found for, by what it needs.
static void add_without(struct buf *out, const struct control_score *scores, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool first = is_without(&scores[i]);
        for (size_t j = 0; j < i && first; j++)
            first = !is_without(&scores[j]) || !str_eq(scores[j].needs, scores[i].needs);
        if (!first)
            continue;
        buf_addf(out, "  not assessed without %.*s among the objects:", STR_ARG(scores[i].needs));
        for (size_t j = i; j < n; j++) {
            if (is_without(&scores[j]) && str_eq(scores[j].needs, scores[i].needs))
                buf_addf(out, " %.*s", STR_ARG(scores[j].control.id));
        }
        buf_add_char(out, '\n');
    }
}

// What the objects do not decide.
static void add_undecided(struct buf *out, const struct control_score *scores, const struct buf *examples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct control_score *s = &scores[i];
        if (s->unassessed && !s->unhealthy && !s->unread) {
            buf_addf(out, "  not assessable: %.*s: %.*s\n", STR_ARG(s->control.id), STR_ARG(s->control.title));
            buf_add(out, buf_str(&examples[i]));
        }
    }
}

// What could not be read, and what is not known because of it.
static void add_unread(struct buf *out, const struct score_sheet *sheet)
{
    bool any = false;
    for (size_t i = 0; i < sheet->n_unread; i++) {
        buf_add(out, STR("  not read: "));
        text_escape(out, sheet->unread[i].kind);
        buf_add(out, sheet->unread[i].partly ? STR(" (only some): ") : STR(": "));
        text_escape(out, sheet->unread[i].why);
        buf_add_char(out, '\n');
    }
    for (size_t i = 0; i < sheet->n; i++) {
        if (!sheet->scores[i].unread || sheet->scores[i].unhealthy)
            continue;
        if (!any)
            buf_add(out, STR("  not assessable, because of what was not read:"));
        any = true;
        buf_addf(out, " %.*s", STR_ARG(sheet->scores[i].control.id));
    }
    buf_add(out, any ? STR("\n") : STR(""));
}

void posture_text_points(struct buf *out, struct score score)
{
    if (score.max > 0)
        buf_addf(out, "%.2f of %.0f (%.0f %%)", score.points, score.max, score_percent(score));
    else
        buf_add(out, STR("none, for nothing could be judged"));
}

void posture_text_score(struct buf *out, const struct score_sheet *sheet, const struct buf *examples)
{
    const struct control_score *scores = sheet->scores;
    const size_t n = sheet->n;
    const struct score sum = score_sum(scores, n);
    struct ranked *ranked = must_alloc(calloc(n + 1, sizeof *ranked));
    text_escape(out, sheet->cluster);
    buf_add(out, STR(": secure score "));
    posture_text_points(out, sum);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < n; i++)
        ranked[i] = (struct ranked){&scores[i], &examples[i]};
    qsort(ranked, n, sizeof *ranked, first);
    if (n && ranked[0].score->unhealthy)
        buf_add(out, STR("    gain  severity  what to fix first\n"));
    for (size_t i = 0; i < n; i++) {
        if (ranked[i].score->unhealthy)
            add_control(out, &ranked[i]);
    }
    uint64_t exempt = 0;
    for (size_t i = 0; i < n; i++)
        exempt += scores[i].exempt;
    if (exempt)
        buf_addf(out, "  exempt: %llu findings, which count neither way\n", (unsigned long long)exempt);
    add_unread(out, sheet);
    add_undecided(out, scores, examples, n);
    add_without(out, scores, n);
    free(ranked);
}
