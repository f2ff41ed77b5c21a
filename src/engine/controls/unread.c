// SPDX-License-Identifier: Apache-2.0
// What cannot be judged because something could not be read.
#include "engine/controls/private.h"
#include "engine/objects/derived.h"

static bool needs(const struct control *control, struct str kind)
{
    bool found = control->over_pods && derived_from(STR("pods"), kind);
    for (size_t i = 0; i < control->n_over; i++)
        found = found || derived_from(control->over[i], kind);
    return found;
}

void controls_unread(struct controls *c, const struct controls_run *run, struct str cluster, const struct unread_kind *unread)
{
    struct buf why;
    buf_init(&why, 64 << 10);
    buf_add(&why, unread->partly ? STR("not all of them could be read: ") : STR("they could not be read: "));
    buf_add(&why, unread->why);
    for (size_t i = 0; i < c->n; i++) {
        struct control *control = &c->items[i];
        if (!needs(control, unread->kind))
            continue;
        control->score.unread = true;
        control->score.unassessed++;
        const struct finding f = {
            .cluster = cluster,
            .control = control->score.control,
            .object = {unread->api_version, unread->kind, STR_NONE, STR_NONE},
            .status = FINDING_NOT_ASSESSABLE,
            .why = buf_str(&why),
            .fix = STR("let it be read: policies/davy-reader.yaml is the ClusterRole"),
            .place = {unread->address, 0},
        };
        run->tell(run->context, &f);
    }
    buf_fini(&why);
}
