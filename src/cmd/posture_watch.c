// SPDX-License-Identifier: Apache-2.0
// davy posture --watch: a live cluster, judged again whenever it changed.
#include "cmd/posture.h"

#include "base/status.h"
#include "engine/objects/follow.h"
#include "os/os.h"
#include "report/posture/compare.h"

enum { QUIET_NS = 1000000000, SHARE = 4 }; // between changes and judging; judging takes a part of the time at most

void posture_watch_print(struct posture *p, const struct comparison_sheet *became)
{
    const bool same = !became->n && became->old.points == became->now.points && became->old.max == became->now.max;
    if (p->json && !same)
        posture_json_comparison(&p->out, p->cluster, STR("watch"), os_realtime_ns(), became);
    else if (!p->json)
        posture_text_watched(&p->out, p->cluster, os_realtime_ns(), became);
}

// Judges what there is now. What is found becomes what the next time is held against.
static status judge(struct posture *p, struct follow *f, const struct survey_sink *sink, int64_t *quiet, struct diags *diags)
{
    const int64_t began = os_monotonic_ns();
    struct diags again; // what was said of the objects the first time is not said again
    diags_init(&again);
    p->state = comparison_new();
    const status result = follow_tell(f, sink, p->round ? &again : diags);
    if (p->round && result != ST_OK)
        diags_append(diags, &again);
    diags_fini(&again);
    const int64_t took = os_monotonic_ns() - began;
    comparison_free(p->comparison);
    p->comparison = p->state;
    p->state = NULL;
    p->round++;
    *quiet = SHARE * took > QUIET_NS ? SHARE * took : QUIET_NS;
    return result;
}

static void say(struct diags *diags)
{
    cmd_print_diags(diags);
    diags_fini(diags);
    diags_init(diags);
}

static status watch(struct posture *p, struct follow *f, const struct survey_sink *sink, int stop, struct diags *diags)
{
    int64_t quiet;
    TRY(judge(p, f, sink, &quiet, diags));
    p->found = false; // from here on what is new counts
    diags_add(diags, DIAG_NOTE, NULL, "watching %zu objects of %.*s", follow_objects(f), STR_ARG(p->cluster));
    for (;;) {
        enum follow_why why;
        say(diags);
        TRY(follow_wait(f, stop, quiet, &why, diags));
        if (why == FOLLOW_STOPPED)
            return ST_OK;
        if (why == FOLLOW_CHANGED)
            TRY(judge(p, f, sink, &quiet, diags));
    }
}

status posture_watch(struct posture *p, struct survey_sink sink, struct diags *diags)
{
    const struct live_options at = {POSTURE_KUBECONFIG, POSTURE_CONTEXT, POSTURE_TIMEOUT, POSTURE_NAMESPACE};
    const struct survey_live live = cmd_live(p->args, at, KUBE_FOR_POSTURE);
    const struct survey_options options = {arg_string(p->args, POSTURE_CLUSTER), arg_flag(p->args, POSTURE_STRICT)};
    struct follow *f;
    TRY(follow_open(&f, &live, options, diags));
    const int stop = os_stop_signals();
    status result = ST_IO;
    if (stop < 0)
        diags_add(diags, DIAG_ERROR, NULL, "signals cannot be waited for: %s", os_reason(-stop));
    else
        result = watch(p, f, &sink, stop, diags);
    os_close(stop);
    follow_close(f);
    comparison_free(p->comparison); // it is about what there is now, and nothing follows
    p->comparison = NULL;
    return result;
}
