// SPDX-License-Identifier: Apache-2.0
// davy posture --history: what each cluster came to is kept in a file, and how it went is told.
#include "cmd/posture.h"

#include "base/status.h"
#include "os/journal.h"
#include "report/posture/past.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY_MAX = 64 << 20 }; // bytes that are read, the newest; a run of a cluster is about 5 kB

struct history {
    struct str file;
    struct buf text; // as it was read; `past` points into it
    struct past *past;
    struct buf lines; // of this run
    int64_t time;     // of this run
};

static void tell_losses(const struct history *h, uint64_t left_out, struct diags *diags)
{
    const struct place place = {.file = h->file};
    if (left_out)
        diags_add(diags, DIAG_WARNING, &place, "the oldest %llu bytes are left out", (unsigned long long)left_out);
    if (past_bad(h->past))
        diags_add(diags, DIAG_WARNING, &place, "lines that are no runs of davy posture, passed over: %llu",
                  (unsigned long long)past_bad(h->past));
}

status posture_history_open(struct posture *p, struct diags *diags)
{
    uint64_t left_out = 0;
    const struct str file = arg_string(p->args, POSTURE_HISTORY);
    if (!file.ptr)
        return ST_OK;
    struct history *h = p->history = must_alloc(calloc(1, sizeof *h));
    h->file = file;
    h->time = os_realtime_ns();
    buf_init(&h->text, HISTORY_MAX + JSON_PADDING);
    buf_init(&h->lines, SIZE_MAX);
    TRY(journal_read(file, HISTORY_MAX, &h->text, &left_out, diags));
    memset(must_alloc(buf_reserve(&h->text, JSON_PADDING)), 0, JSON_PADDING);
    h->past = past_new(buf_str(&h->text));
    tell_losses(h, left_out, diags);
    return ST_OK;
}

void posture_history_close(struct posture *p)
{
    struct history *h = p->history;
    if (!h)
        return;
    past_free(h->past);
    buf_fini(&h->text);
    buf_fini(&h->lines);
    free(h);
    p->history = NULL;
}

struct past_series posture_history_add(struct posture *p, const struct score_sheet *sheet)
{
    struct history *h = p->history;
    if (!h)
        return (struct past_series){0};
    const struct past_now now = {sheet, h->time, STR(DAVY_VERSION)};
    const struct past_series earlier = past_of(h->past, sheet->cluster);
    posture_json_run(&h->lines, &now);
    return past_append(h->past, earlier, h->time, score_sum(sheet->scores, sheet->n));
}

void posture_history_print(struct posture *p, const struct score_sheet *sheet, struct past_series past)
{
    struct history *h = p->history;
    if (!h)
        return;
    const struct past_now now = {sheet, h->time, STR(DAVY_VERSION)};
    past.n--; // without this run
    if (p->json)
        posture_json_trend(&p->out, &now, past);
    else
        posture_text_trend(&p->out, &now, past);
}

status posture_history_save(struct posture *p, struct diags *diags)
{
    struct history *h = p->history;
    return h && h->lines.len ? journal_append(h->file, buf_str(&h->lines), diags) : ST_OK;
}

status posture_history_show(struct posture *p, struct diags *diags)
{
    const struct past_series runs = past_all(p->history->past);
    const struct str only = arg_string(p->args, POSTURE_CLUSTER);
    if (!runs.n) {
        diags_add(diags, DIAG_ERROR, &(struct place){.file = p->history->file}, "it is not there, or no run is in it");
        return ST_INPUT;
    }
    const struct past_series shown = only.ptr ? past_of(p->history->past, only) : runs;
    if (p->json)
        posture_json_past(&p->out, shown);
    else if (!p->page)
        posture_text_past(&p->out, shown, p->all);
    for (size_t from = 0, to = 0; p->page && from < shown.n; from = to) {
        while (to < shown.n && str_eq(shown.runs[to].cluster, shown.runs[from].cluster))
            to++;
        posture_page_past(p->page, (struct past_series){&shown.runs[from], to - from});
    }
    return p->page ? ST_OK : posture_flush(p, diags);
}
