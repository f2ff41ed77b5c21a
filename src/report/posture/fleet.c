// SPDX-License-Identifier: Apache-2.0
#include "report/posture/fleet.h"

#include "base/diag.h"
#include "codec/json/json.h"

enum { LISTED = 20, FIRST = 10 };

struct str posture_criticality_word(enum criticality c)
{
    static const struct str words[] = {[CRITICALITY_LOW] = STR("low"),
                                       [CRITICALITY_MEDIUM] = STR("medium"),
                                       [CRITICALITY_HIGH] = STR("high"),
                                       [CRITICALITY_CRITICAL] = STR("critical")};
    return words[c];
}

// --- JSON ------------------------------------------------------------------------------------------------------------------------

static void write_cluster(struct json_writer *w, const struct fleet_cluster *c)
{
    json_open_object(w);
    json_key_string(w, STR("cluster"), c->name);
    json_key(w, STR("score"));
    json_double(w, posture_rounded(c->score.points));
    json_key(w, STR("max"));
    json_double(w, posture_rounded(c->score.max));
    json_key(w, STR("percent"));
    json_double(w, posture_rounded(score_percent(c->score)));
    json_key_number(w, STR("assessed"), (int64_t)c->assessed);
    json_key_string(w, STR("criticality"), posture_criticality_word(c->criticality));
    json_key(w, STR("share"));
    json_double(w, posture_rounded(c->share));
    json_close_object(w);
}

static void write_control(struct json_writer *w, const struct fleet_control *c)
{
    json_open_object(w);
    json_key_string(w, STR("id"), c->control.id);
    json_key_string(w, STR("title"), c->control.title);
    json_key_string(w, STR("severity"), posture_severity_word(c->control.severity));
    json_key_number(w, STR("clusters"), (int64_t)c->clusters);
    json_key_number(w, STR("unhealthy"), (int64_t)c->unhealthy);
    json_key(w, STR("gain"));
    json_double(w, posture_rounded(c->gain));
    json_key(w, STR("risk"));
    json_double(w, posture_rounded(c->risk));
    json_close_object(w);
}

void posture_json_fleet(struct buf *out, const struct fleet_sheet *sheet)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("fleet"));
    json_key(&w, STR("percent"));
    json_double(&w, posture_rounded(sheet->percent));
    json_key_string(&w, STR("weighted_by"), sheet->named ? STR("weight") : STR("assessed"));
    json_key(&w, STR("clusters"));
    json_open_array(&w);
    for (size_t i = 0; i < sheet->n; i++)
        write_cluster(&w, &sheet->clusters[i]);
    json_close_array(&w);
    json_key(&w, STR("controls"));
    json_open_array(&w);
    for (size_t i = 0; i < sheet->n_controls; i++)
        write_control(&w, &sheet->controls[i]);
    json_close_array(&w);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

// --- text ------------------------------------------------------------------------------------------------------------------------

void posture_text_fleet(struct buf *out, const struct fleet_sheet *sheet)
{
    buf_addf(out, "fleet of %zu clusters: secure score %.0f %%, weighted by %s\n   share  score  cluster\n", sheet->n, sheet->percent,
             sheet->named ? "weight and criticality" : "what was assessed and criticality");
    for (size_t i = 0; i < sheet->n && i < LISTED; i++) {
        const struct fleet_cluster *c = &sheet->clusters[i];
        buf_addf(out, "  %4.1f %%  %3.0f %%  ", 100 * c->share, score_percent(c->score));
        text_escape(out, c->name);
        if (c->criticality != CRITICALITY_MEDIUM)
            buf_addf(out, " (%.*s criticality)", STR_ARG(posture_criticality_word(c->criticality)));
        buf_add_char(out, '\n');
    }
    if (sheet->n > LISTED)
        buf_addf(out, "  and %zu more clusters\n", sheet->n - LISTED);
    if (sheet->n_controls)
        buf_add(out, STR("    gain  severity  what to fix first in the fleet\n"));
    for (size_t i = 0; i < sheet->n_controls && i < FIRST; i++) {
        const struct fleet_control *c = &sheet->controls[i];
        buf_addf(out, "  %4.2f %%  %-8.*s  ", c->gain, STR_ARG(posture_severity_word(c->control.severity)));
        text_escape(out, c->control.id);
        buf_add(out, STR(": "));
        text_escape(out, c->control.title);
        buf_addf(out, " (in %llu of %zu clusters)\n", (unsigned long long)c->clusters, sheet->n);
    }
    if (sheet->n_controls > FIRST)
        buf_addf(out, "  and %zu more controls\n", sheet->n_controls - FIRST);
}

void posture_prometheus_fleet(struct buf *out, const struct fleet_sheet *sheet)
{
    buf_addf(out,
             "# HELP davy_posture_fleet_percent The secure score over all clusters.\n# TYPE davy_posture_fleet_percent gauge\n"
             "davy_posture_fleet_percent %.6g\n",
             sheet->percent);
}
