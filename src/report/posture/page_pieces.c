// SPDX-License-Identifier: Apache-2.0
#include "report/posture/page_private.h"

#include "report/posture/posture.h"

enum { ROWS_SIZE = 1 << 20 };

void rows_init(struct rows *r)
{
    *r = (struct rows){0};
    buf_init(&r->html, SIZE_MAX);
}

void rows_clear(struct rows *r)
{
    buf_clear(&r->html);
    r->n = r->shown = 0;
}

bool rows_take(struct rows *r, size_t most)
{
    r->n++;
    if (r->shown >= most || r->html.len >= ROWS_SIZE)
        return false;
    r->shown++;
    return true;
}

struct rows *posture_page_rows(struct posture_page *p, struct str control)
{
    for (size_t i = 0; i < p->controls.n; i++) {
        if (str_eq(p->controls.items[i].id, control))
            return &p->controls.items[i].unhealthy;
    }
    struct page_control *c = vec_push(&p->controls);
    c->id = arena_str(&p->arena, control);
    rows_init(&c->unhealthy);
    return &c->unhealthy;
}

void sheet_severity(struct buf *out, enum severity severity)
{
    static const char *const words[] = {"LOW", "MEDIUM", "HIGH", "CRITICAL"};
    html_rawf(out, "<span class=\"pill l%d\">%s</span>", (int)severity + 1, words[severity]);
}

const char *sheet_grade(double percent)
{
    return percent >= 80 ? "good" : percent >= 60 ? "l2" : percent >= 40 ? "l3" : "l4";
}

void sheet_meter(struct buf *out, double percent)
{
    html_rawf(out,
              "<svg class=\"meter\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%.0f %%\"><rect "
              "class=\"rest\" width=\"100\" height=\"4\"/><rect class=\"%s\" width=\"%.2f\" height=\"4\"/></svg>",
              percent, sheet_grade(percent), percent);
}

void sheet_object(struct buf *out, const struct finding_object *o)
{
    html_cut(out, o->kind);
    if (!o->name.len)
        return;
    html_raw(out, " <b>");
    if (o->ns.len) {
        html_cut(out, o->ns);
        html_raw(out, "/");
    }
    html_cut(out, o->name);
    html_raw(out, "</b>");
}

void sheet_place(struct buf *out, struct access_place place)
{
    html_raw(out, "<code>");
    html_cut(out, place.file);
    if (place.line)
        html_rawf(out, ":%llu", (unsigned long long)place.line);
    html_raw(out, "</code>");
}
