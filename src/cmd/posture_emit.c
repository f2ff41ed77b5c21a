// SPDX-License-Identifier: Apache-2.0
// Objects in, findings out.
#include "cmd/posture.h"

#include "report/posture/compare.h"

#include <stdio.h>

enum { FULL = 64 << 10 };

void posture_emit(struct posture *p, const struct finding *f, bool line)
{
    const bool unhealthy = f->status == FINDING_UNHEALTHY;
    if (p->comparison)
        comparison_add(p->comparison, f);
    else if (unhealthy && arg_choice(p->args, POSTURE_FAIL_ON) <= f->control.severity)
        p->found = true;
    if (p->state)
        comparison_keep(p->state, f);
    if ((f->status == FINDING_HEALTHY && !p->all) || p->round)
        return;
    if (p->json)
        posture_json_finding(&p->out, f);
    else if (p->sarif)
        posture_sarif_finding(p->sarif, f);
    else if (p->page)
        posture_page_finding(p->page, f);
    else if (line)
        posture_text_finding(&p->out, f);
    if (p->out.len > FULL && fwrite(p->out.ptr, 1, p->out.len, stdout) <= p->out.len) // a failure stays on the stream
        buf_clear(&p->out);
}

bool posture_compare(struct posture *p, const struct score_sheet *sheet, struct comparison_sheet *became)
{
    if (!p->comparison)
        return false;
    *became = comparison_close(p->comparison, sheet);
    for (size_t i = 0; i < became->n; i++) {
        const struct changed *c = &became->items[i];
        p->found = p->found || (c->change == CHANGE_NEW && arg_choice(p->args, POSTURE_FAIL_ON) <= c->control.severity);
    }
    return true;
}

void posture_print_comparison(struct posture *p, const struct comparison_sheet *became)
{
    const struct str file = arg_string(p->args, POSTURE_COMPARE);
    if (p->json)
        posture_json_comparison(&p->out, p->cluster, file, TIME_NONE, became);
    else
        posture_text_comparison(&p->out, file, became);
}

status posture_flush(struct posture *p, struct diags *diags)
{
    fwrite(p->out.ptr ? p->out.ptr : "", 1, p->out.len, stdout);
    buf_clear(&p->out);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "the output could not be written");
    return ST_IO;
}

struct finding_object posture_object(const struct object *o)
{
    const struct json_value *metadata = json_get(o->tree, STR("metadata"));
    return (struct finding_object){o->api_version, o->kind, json_text(json_get(metadata, STR("namespace"))),
                                   json_text(json_get(metadata, STR("name")))};
}

status posture_survey(struct posture *p, enum kube_use use, struct survey_sink sink, struct diags *diags)
{
    const struct survey_options wanted = {arg_string(p->args, POSTURE_CLUSTER), arg_flag(p->args, POSTURE_STRICT)};
    struct survey *s;
    const struct live_options at = {POSTURE_KUBECONFIG, POSTURE_CONTEXT, POSTURE_TIMEOUT, POSTURE_NAMESPACE};
    TRY(cmd_survey(p->args, 0, at, use, wanted, &s, diags));
    status result = survey_run(s, sink, diags);
    if (result == ST_OK && !survey_counters(s).objects) { // no finding is no all-clear
        diags_add(diags, DIAG_ERROR, NULL, "no Kubernetes object was found");
        result = ST_INPUT;
    }
    survey_close(s);
    return result;
}
