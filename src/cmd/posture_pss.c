// SPDX-License-Identifier: Apache-2.0
// davy posture --profile pss:LEVEL:VERSION
#include "cmd/posture.h"
#include "pod/pss.h"

struct levels {
    struct posture *posture;
    struct pss_profile profile;
    const struct object *object; // at hand
    struct access_place place;
    bool unread; // something of a live cluster
};

static void tell(void *context, const struct pss_check *check, struct str why)
{
    struct levels *l = context;
    const struct finding f = {
        .cluster = l->posture->cluster,
        .control = {.id = check->id, .title = check->title, .severity = SEVERITY_HIGH}, // whoever asks for a level wants it kept
        .object = posture_object(l->object),
        .status = why.len ? FINDING_UNHEALTHY : FINDING_HEALTHY,
        .why = why,
        .fix = why.len ? check->fix : STR_NONE,
        .place = l->place,
    };
    posture_emit(l->posture, &f, true);
}

static void begin(void *context, struct str cluster)
{
    struct levels *l = context;
    l->posture->cluster = cluster;
}

static void judge(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct levels *l = context;
    struct pod pod;
    (void)diags;
    if (!pod_of(o->tree, o->api_version, o->kind, &pod))
        return;
    l->object = o;
    l->place = place;
    pss_judge(l->profile.level, l->profile.minor, &pod, tell, l);
}

// No finding is no all-clear.
static void tell_unread(void *context, const struct unread_kind *u)
{
    struct levels *l = context;
    (void)u;
    l->unread = true;
}

static status end(void *context, struct diags *diags)
{
    struct levels *l = context;
    struct comparison_sheet became;
    if (posture_compare(l->posture, &(struct score_sheet){.cluster = l->posture->cluster}, &became))
        posture_print_comparison(l->posture, &became);
    TRY(posture_flush(l->posture, diags));
    if (!l->unread)
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "not everything could be read: the findings are about what was");
    return ST_INPUT;
}

status posture_by_level(struct posture *p, struct diags *diags)
{
    struct levels l = {.posture = p};
    if (!pss_parse_profile(arg_string(p->args, POSTURE_PROFILE), &l.profile))
        return ST_USAGE;
    return posture_survey(p, KUBE_FOR_PODS,
                          (struct survey_sink){.context = &l, .begin = begin, .object = judge, .end = end, .unread = tell_unread}, diags);
}
