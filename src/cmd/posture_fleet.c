// SPDX-License-Identifier: Apache-2.0
// davy posture: the score over several clusters, and what they weigh.
#include "cmd/posture.h"

#include "base/status.h"
#include "engine/controls/weights.h"
#include "os/os.h"
#include "report/posture/fleet.h"

#include <stdlib.h>

enum { WEIGHTS_SIZE = 16 << 20 };

struct posture_fleet {
    struct weights *weights; // NULL: none were given
    struct fleet *fleet;
};

status posture_fleet_open(struct posture *p, struct diags *diags)
{
    const struct str file = arg_string(p->args, POSTURE_WEIGHTS);
    struct posture_fleet *f = p->fleet = must_alloc(calloc(1, sizeof *f));
    struct buf text;
    status result = ST_OK;
    buf_init(&text, WEIGHTS_SIZE);
    if (file.ptr)
        result = os_read_file(file, WEIGHTS_SIZE, &text, diags);
    if (file.ptr && result == ST_OK)
        result = weights_read(&f->weights, (struct yaml_source){.name = file, .text = buf_str(&text)}, diags);
    buf_fini(&text);
    f->fleet = fleet_new(weights_named(f->weights));
    return result;
}

void posture_fleet_close(struct posture *p)
{
    if (!p->fleet)
        return;
    weights_free(p->fleet->weights);
    fleet_free(p->fleet->fleet);
    free(p->fleet);
    p->fleet = NULL;
}

void posture_fleet_add(struct posture *p, const struct score_sheet *sheet)
{
    fleet_add(p->fleet->fleet, sheet, weights_of(p->fleet->weights, sheet->cluster));
}

void posture_fleet_print(struct posture *p)
{
    const struct fleet_sheet sheet = fleet_close(p->fleet->fleet);
    if (p->page)
        posture_page_end(p->page, sheet.n > 1 ? &sheet : NULL, &p->out);
    else if (sheet.n < 2)
        return;
    else if (p->json)
        posture_json_fleet(&p->out, &sheet);
    else if (p->prometheus)
        posture_prometheus_fleet(&p->out, &sheet);
    else if (!p->sarif && !p->junit)
        posture_text_fleet(&p->out, &sheet);
}
