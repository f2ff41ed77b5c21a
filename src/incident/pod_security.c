// SPDX-License-Identifier: Apache-2.0
// What Pod Security would have said to the pods that a request asks for: the checks that src/pod makes of objects, made of what the log
// holds of one.
#include "incident/extract.h"

#include "pod/pss.h"

static void note_bad(void *context, const struct pss_check *check, struct str why)
{
    bool *bad = context;
    (void)check;
    *bad |= why.len > 0;
}

static bool breaks(enum pss_level level, const struct pod *pod)
{
    bool bad = false;
    pss_judge(level, PSS_NEWEST, pod, note_bad, &bad);
    return bad;
}

static bool find_pod(const struct json_value *body, struct pod *out)
{
    return pod_of(body, json_text(json_get(body, STR("apiVersion"))), json_text(json_get(body, STR("kind"))), out);
}

// A patch holds what it changes, and the pod is in the answer alone; one that creates (server-side apply) holds it all.
static bool is_whole(const struct event *event)
{
    return !str_eq(event->action.verb, STR("patch")) || event->action.code == 201;
}

enum pod_level pod_level_of(const struct json_value *record, const struct event *event)
{
    struct pod pod;
    if (!find_pod(json_get(record, STR("responseObject")), &pod) &&
        !(is_whole(event) && find_pod(json_get(record, STR("requestObject")), &pod)))
        return POD_NOT_JUDGED;
    if (breaks(PSS_BASELINE, &pod))
        return POD_PRIVILEGED;
    return breaks(PSS_RESTRICTED, &pod) ? POD_BASELINE : POD_RESTRICTED;
}
