// SPDX-License-Identifier: Apache-2.0
#include "report/posture/compare.h"

#include "base/diag.h"
#include "codec/json/json.h"

enum { SHOWN = 20 }; // of each kind of change

static const struct {
    struct str word; // in JSON
    const char *text;
} words[CHANGES] = {
    [CHANGE_NEW] = {STR("new"), "new"},
    [CHANGE_GONE] = {STR("gone"), "gone"},
    [CHANGE_EXEMPT] = {STR("exempt"), "exempt since"},
    [CHANGE_UNSEEN] = {STR("unseen"), "not seen this time"},
};

static struct str or_null(struct str s)
{
    return s.len ? s : STR_NONE;
}

static void write_score(struct json_writer *w, struct str key, const struct score *s)
{
    json_key(w, key);
    if (!s) {
        json_null(w);
        return;
    }
    json_open_object(w);
    json_key(w, STR("score"));
    json_double(w, posture_rounded(s->points));
    json_key(w, STR("max"));
    json_double(w, posture_rounded(s->max));
    json_key(w, STR("percent"));
    json_double(w, posture_rounded(score_percent(*s)));
    json_close_object(w);
}

static void write_change(struct json_writer *w, const struct changed *c)
{
    json_open_object(w);
    json_key(w, STR("control"));
    json_open_object(w);
    json_key_string(w, STR("id"), c->control.id);
    json_key_string(w, STR("title"), c->control.title);
    json_key_string(w, STR("severity"), posture_severity_word(c->control.severity));
    json_close_object(w);
    json_key(w, STR("object"));
    json_open_object(w);
    json_key_string(w, STR("apiVersion"), c->object.api_version);
    json_key_string(w, STR("kind"), c->object.kind);
    json_key_string(w, STR("namespace"), or_null(c->object.ns));
    json_key_string(w, STR("name"), or_null(c->object.name));
    json_close_object(w);
    json_key_string(w, STR("why"), or_null(c->why));
    json_close_object(w);
}

void posture_json_comparison(struct buf *out, struct str cluster, struct str file, int64_t time, const struct comparison_sheet *sheet)
{
    struct buf text;
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("comparison"));
    json_key_string(&w, STR("cluster"), cluster);
    json_key_string(&w, STR("with"), file);
    buf_init(&text, 64);
    if (time != TIME_NONE) {
        time_write(&text, time);
        json_key_string(&w, STR("time"), buf_str(&text));
    }
    buf_fini(&text);
    write_score(&w, STR("before"), sheet->known ? &sheet->old : NULL);
    write_score(&w, STR("now"), &sheet->now);
    for (size_t change = 0; change < CHANGES; change++) {
        json_key(&w, words[change].word);
        json_open_array(&w);
        for (size_t i = 0; i < sheet->n; i++) {
            if (sheet->items[i].change == (enum change)change)
                write_change(&w, &sheet->items[i]);
        }
        json_close_array(&w);
    }
    json_close_object(&w);
    buf_add_char(out, '\n');
}

static void add_changes(struct buf *out, const struct comparison_sheet *sheet, enum change change)
{
    size_t shown = 0;
    for (size_t i = 0; i < sheet->n && shown < SHOWN; i++) {
        const struct changed *c = &sheet->items[i];
        if (c->change != change)
            continue;
        shown++;
        buf_addf(out, "    %s: %.*s: ", words[change].text, STR_ARG(posture_severity_word(c->control.severity)));
        text_escape(out, c->control.id);
        buf_add(out, STR(": "));
        posture_text_object(out, &c->object);
        if (change == CHANGE_NEW) {
            buf_add(out, STR(": "));
            text_escape(out, c->why);
        }
        buf_add_char(out, '\n');
    }
    if (sheet->of[change] > shown)
        buf_addf(out, "    %s: %zu more\n", words[change].text, sheet->of[change] - shown);
}

static void add_became(struct buf *out, const struct comparison_sheet *sheet)
{
    posture_text_points(out, sheet->old);
    buf_add(out, STR(" became "));
    posture_text_points(out, sheet->now);
}

void posture_text_comparison(struct buf *out, struct str file, const struct comparison_sheet *sheet)
{
    buf_add(out, STR("  since "));
    text_escape(out, file);
    buf_add(out, STR(": "));
    if (sheet->known)
        add_became(out, sheet);
    else
        buf_add(out, STR("it has no score of this cluster"));
    for (size_t change = 0; change < CHANGES; change++) {
        if (sheet->of[change] || change <= CHANGE_GONE)
            buf_addf(out, "%s %zu %s", change ? "," : ";", sheet->of[change], words[change].text);
    }
    buf_add_char(out, '\n');
    for (size_t change = 0; change < CHANGES; change++)
        add_changes(out, sheet, (enum change)change);
}

void posture_text_watched(struct buf *out, struct str cluster, int64_t time, const struct comparison_sheet *sheet)
{
    for (size_t i = 0; i < sheet->n; i++) {
        const struct changed *c = &sheet->items[i];
        time_write(out, time);
        buf_addf(out, " %s: %.*s: ", words[c->change].text, STR_ARG(posture_severity_word(c->control.severity)));
        text_escape(out, c->control.id);
        buf_add(out, STR(": "));
        posture_text_object(out, &c->object);
        buf_add(out, STR(": "));
        text_escape(out, c->why);
        buf_add_char(out, '\n');
    }
    if (!sheet->known || (sheet->old.points == sheet->now.points && sheet->old.max == sheet->now.max))
        return;
    time_write(out, time);
    buf_add_char(out, ' ');
    text_escape(out, cluster);
    buf_add(out, STR(": secure score "));
    add_became(out, sheet);
    buf_add_char(out, '\n');
}
