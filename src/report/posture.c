// SPDX-License-Identifier: Apache-2.0
#include "report/posture.h"

#include "base/diag.h"

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

void posture_text_finding(struct buf *out, const struct finding *f)
{
    text_escape(out, f->place.file);
    buf_addf(out, ":%llu: %.*s: ", (unsigned long long)f->place.line, STR_ARG(posture_severity_word(f->control.severity)));
    text_escape(out, f->object.kind);
    buf_add_char(out, ' ');
    if (f->object.ns.len) {
        text_escape(out, f->object.ns);
        buf_add_char(out, '/');
    }
    text_escape(out, f->object.name);
    buf_addf(out, ": %.*s", STR_ARG(f->control.id));
    if (f->status == FINDING_UNHEALTHY) {
        buf_add(out, STR(": "));
        text_escape(out, f->why);
    } else {
        buf_addf(out, ": %.*s", STR_ARG(status_word(f->status)));
    }
    buf_add_char(out, '\n');
}
