// SPDX-License-Identifier: Apache-2.0
#include "report/posture/past.h"

#include "base/diag.h"
#include "base/time.h"
#include "codec/json/json.h"
#include "report/common/phrase.h"

enum { SPARKS = 40, LISTED = 20 };

// --- JSON ------------------------------------------------------------------------------------------------------------------------

static void write_time(struct json_writer *w, struct str key, int64_t time)
{
    struct buf text;
    buf_init(&text, 64);
    time_write(&text, time);
    json_key_string(w, key, buf_str(&text));
    buf_fini(&text);
}

static void write_score(struct json_writer *w, struct score s)
{
    json_key(w, STR("score"));
    json_double(w, posture_rounded(s.points));
    json_key(w, STR("max"));
    json_double(w, posture_rounded(s.max));
    json_key(w, STR("percent"));
    json_double(w, posture_rounded(score_percent(s)));
}

static void write_control(struct json_writer *w, const struct control_score *s)
{
    json_open_object(w);
    json_key_string(w, STR("id"), s->control.id);
    json_key(w, STR("max"));
    json_double(w, s->points);
    json_key_number(w, STR("healthy"), (int64_t)s->healthy);
    json_key_number(w, STR("unhealthy"), (int64_t)s->unhealthy);
    json_key_number(w, STR("exposed"), (int64_t)s->exposed);
    json_key_number(w, STR("not_assessable"), (int64_t)s->unassessed);
    json_key_number(w, STR("exempt"), (int64_t)s->exempt);
    json_close_object(w);
}

void posture_json_run(struct buf *out, const struct past_now *now)
{
    const struct score_sheet *sheet = now->sheet;
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("run"));
    write_time(&w, STR("time"), now->time);
    json_key_string(&w, STR("davy"), now->version);
    json_key_string(&w, STR("cluster"), sheet->cluster);
    write_score(&w, score_sum(sheet->scores, sheet->n));
    json_key_number(&w, STR("unread"), (int64_t)sheet->n_unread);
    json_key(&w, STR("controls"));
    json_open_array(&w);
    for (size_t i = 0; i < sheet->n; i++) {
        const struct control_score *s = &sheet->scores[i];
        if (s->healthy + s->unhealthy + s->unassessed + s->exempt)
            write_control(&w, s);
    }
    json_close_array(&w);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

static void write_value(struct json_writer *w, const struct json_value *v)
{
    switch (v->kind) {
    case JSON_STRING:
        json_string(w, v->text);
        break;
    case JSON_ARRAY:
        json_open_array(w);
        for (const struct json_value *e = v->first; e; e = e->next)
            write_value(w, e);
        json_close_array(w);
        break;
    case JSON_OBJECT:
        json_open_object(w);
        for (const struct json_value *m = v->first; m; m = m->next) {
            json_key(w, m->key);
            write_value(w, m);
        }
        json_close_object(w);
        break;
    default:
        json_raw(w, v->text);
    }
}

void posture_json_past(struct buf *out, struct past_series runs)
{
    const struct json_limits limits = {.depth = 16, .size = 64u << 20, .strict = true}; // what is printed is valid
    struct json_error error;
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    for (size_t i = 0; i < runs.n; i++) {
        arena_reset(&arena);
        struct json_writer w = json_writer_to(out);
        const struct json_value *v = json_parse(&arena, runs.runs[i].line, limits, &error);
        if (!v)
            continue;
        write_value(&w, v);
        buf_add_char(out, '\n');
    }
    arena_fini(&arena);
}

static void write_change(struct json_writer *w, const struct past_change *c)
{
    json_open_object(w);
    json_key_string(w, STR("id"), c->id);
    json_key(w, STR("gained"));
    json_double(w, c->gained < 0 ? -posture_rounded(-c->gained) : posture_rounded(c->gained));
    json_key_number(w, STR("unhealthy_before"), (int64_t)c->before);
    json_key_number(w, STR("unhealthy"), (int64_t)c->now);
    json_close_object(w);
}

static void write_since(struct json_writer *w, const struct past_now *now, const struct past_run *last)
{
    struct past_change changes[PAST_CHANGES];
    json_key(w, STR("since"));
    if (!last) {
        json_null(w);
        return;
    }
    const size_t n = past_changes(last, now->sheet, changes);
    json_open_object(w);
    write_time(w, STR("time"), last->time);
    write_score(w, last->score);
    json_key_number(w, STR("changed"), (int64_t)n);
    json_key(w, STR("controls"));
    json_open_array(w);
    for (size_t i = 0; i < n && i < PAST_CHANGES; i++)
        write_change(w, &changes[i]);
    json_close_array(w);
    json_close_object(w);
}

void posture_json_trend(struct buf *out, const struct past_now *now, struct past_series earlier)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("trend"));
    json_key_string(&w, STR("cluster"), now->sheet->cluster);
    write_time(&w, STR("time"), now->time);
    write_score(&w, score_sum(now->sheet->scores, now->sheet->n));
    json_key_number(&w, STR("runs"), (int64_t)earlier.n);
    write_since(&w, now, earlier.n ? &earlier.runs[earlier.n - 1] : NULL);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

// --- text ------------------------------------------------------------------------------------------------------------------------

void posture_spark(struct buf *out, struct past_series runs, const struct score *now)
{
    static const char *const sparks[] = {"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
    enum { LEVELS = sizeof sparks / sizeof *sparks, LEAST_SPAN = 10 };
    double values[SPARKS], low = 100, high = 0;
    size_t n = 0;
    const size_t most = SPARKS - (now ? 1 : 0);
    for (size_t i = runs.n > most ? runs.n - most : 0; i < runs.n; i++)
        values[n++] = score_percent(runs.runs[i].score);
    if (now)
        values[n++] = score_percent(*now);
    for (size_t i = 0; i < n; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    if (high - low < LEAST_SPAN)
        low = high - LEAST_SPAN;
    for (size_t i = 0; i < n; i++) {
        const int level = (int)((values[i] - low) / (high - low) * LEVELS);
        buf_add(out, str_from_c(sparks[level < 0 ? 0 : level < LEVELS ? level : LEVELS - 1]));
    }
}

static void add_changes(struct buf *out, const struct past_now *now, const struct past_run *last)
{
    struct past_change changes[PAST_CHANGES];
    const size_t n = past_changes(last, now->sheet, changes);
    for (size_t i = 0; i < n && i < PAST_CHANGES; i++) {
        const struct past_change *c = &changes[i];
        buf_addf(out, "  %+6.2f  ", c->gained);
        text_escape(out, c->id);
        buf_addf(out, ": %llu unhealthy, %llu before\n", (unsigned long long)c->now, (unsigned long long)c->before);
    }
    if (n > PAST_CHANGES)
        buf_addf(out, "          and %zu more controls\n", n - PAST_CHANGES);
}

void posture_text_trend(struct buf *out, const struct past_now *now, struct past_series earlier)
{
    const struct score sum = score_sum(now->sheet->scores, now->sheet->n);
    if (!earlier.n) {
        buf_add(out, STR("  history: this is the first run\n"));
        return;
    }
    const struct past_run *last = &earlier.runs[earlier.n - 1];
    buf_add(out, STR("  history: "));
    phrase_count(out, earlier.n, "earlier run", "earlier runs");
    buf_add(out, STR("  "));
    posture_spark(out, earlier, &sum);
    buf_addf(out, "  %.0f %%; since ", score_percent(sum));
    phrase_time(out, last->time);
    buf_addf(out, " UTC %+.2f points (%.0f %%)\n", sum.points - last->score.points, score_percent(last->score));
    add_changes(out, now, last);
}

static void add_cluster(struct buf *out, struct past_series runs, bool all)
{
    text_escape(out, runs.runs[0].cluster);
    buf_add(out, STR(": "));
    phrase_count(out, runs.n, "run", "runs");
    buf_add(out, STR("  "));
    posture_spark(out, runs, NULL);
    buf_add_char(out, '\n');
    if (runs.n > LISTED && !all)
        buf_addf(out, "  %zu older ones are left out (--all shows them)\n", runs.n - LISTED);
    for (size_t i = runs.n > LISTED && !all ? runs.n - LISTED : 0; i < runs.n; i++) {
        const struct past_run *r = &runs.runs[i];
        buf_add(out, STR("  "));
        phrase_time(out, r->time);
        buf_addf(out, "  %8.2f of %4.0f  %3.0f %%", r->score.points, r->score.max, score_percent(r->score));
        if (i)
            buf_addf(out, "  %+.2f", r->score.points - runs.runs[i - 1].score.points);
        buf_add_char(out, '\n');
    }
}

void posture_text_past(struct buf *out, struct past_series runs, bool all)
{
    for (size_t from = 0, to = 0; from < runs.n; from = to) {
        while (to < runs.n && str_eq(runs.runs[to].cluster, runs.runs[from].cluster))
            to++;
        add_cluster(out, (struct past_series){&runs.runs[from], to - from}, all);
    }
}
