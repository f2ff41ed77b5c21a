// SPDX-License-Identifier: Apache-2.0
#include "report/json/campaign.h"

#include "report/json/line.h"

// A campaign may be larger than the lists of other lines: its clusters, incidents and plans are told in full as long as a line can be read
// at all. OUT_MAX is beyond what one more element can add.
enum { LINE_BYTES = 24 << 20, POINTS = 256 };

// Whether a list has to end here.
static bool is_full(struct line *line)
{
    bool full = line->w.out->len > LINE_BYTES;
    line->cut += full;
    return full;
}

static struct str certainty_name(enum certainty c)
{
    return c == CERTAIN ? STR("certain") : STR("inferred");
}

static void write_clusters(struct line *line, const struct campaign *c)
{
    json_key(&line->w, STR("clusters"));
    json_open_array(&line->w);
    for (size_t i = 0; i < c->n_clusters && !is_full(line); i++)
        line_add(line, c->clusters[i].name);
    json_close_array(&line->w);
}

static void write_indicators(struct line *line, const struct campaign *c)
{
    json_key(&line->w, STR("indicators"));
    json_open_array(&line->w);
    for (size_t i = 0; i < c->n_indicators && !is_full(line); i++) {
        const struct campaign_indicator *x = &c->indicators[i];
        json_open_object(&line->w);
        json_key_string(&line->w, STR("type"), x->type);
        line_text(line, STR("value"), x->value);
        json_key(&line->w, STR("shared"));
        json_bool(&line->w, x->clusters > 1);
        json_key_number(&line->w, STR("clusters"), (int64_t)x->clusters);
        json_key_number(&line->w, STR("weight"), x->weight);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_incidents(struct line *line, const struct campaign *c)
{
    json_key(&line->w, STR("incidents"));
    json_open_array(&line->w);
    for (size_t i = 0; i < c->n_incidents && !is_full(line); i++) {
        const struct campaign_incident *x = &c->incidents[i];
        json_open_object(&line->w);
        line_text(line, STR("id"), x->id);
        line_text(line, STR("cluster"), x->cluster);
        line_time(line, STR("first"), x->first);
        line_time(line, STR("last"), x->last);
        json_key_string(&line->w, STR("severity"), rule_level_name(x->severity));
        line_text(line, STR("title"), x->title);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_links(struct line *line, const struct campaign *c)
{
    json_key(&line->w, STR("links"));
    json_open_array(&line->w);
    for (size_t i = 0; i < c->n_links && !is_full(line); i++) {
        const struct campaign_link *l = &c->links[i];
        json_open_object(&line->w);
        json_key_number(&line->w, STR("from"), (int64_t)l->a);
        json_key_number(&line->w, STR("to"), (int64_t)l->b);
        json_key_string(&line->w, STR("by"), l->by);
        json_key_number(&line->w, STR("weight"), l->weight);
        json_key(&line->w, STR("proof"));
        json_bool(&line->w, l->proof);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

// The curve: how many clusters had been hit at a time. When there are many, every k-th point and the last.
static void write_spread(struct line *line, const struct campaign *c)
{
    size_t step = (c->n_clusters + POINTS - 1) / POINTS;
    json_key(&line->w, STR("spread"));
    json_open_array(&line->w);
    for (size_t i = 0; i < c->n_clusters; i++) {
        if (i % step && i + 1 != c->n_clusters)
            continue;
        json_open_object(&line->w);
        line_time(line, STR("time"), c->clusters[i].first);
        json_key_number(&line->w, STR("clusters"), (int64_t)i + 1);
        line_text(line, STR("cluster"), c->clusters[i].name);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_vector(struct line *line, const struct campaign *c)
{
    json_key(&line->w, STR("vector"));
    json_open_object(&line->w);
    line_text(line, STR("verdict"), c->vector);
    json_key_number(&line->w, STR("proven"), (int64_t)c->proven);
    json_key_number(&line->w, STR("carried"), (int64_t)c->carried);
    json_key_number(&line->w, STR("undecided"), (int64_t)c->undecided);
    json_close_object(&line->w);
}

static void write_leftovers(struct line *line, const struct campaign_cluster *x)
{
    json_key(&line->w, STR("leftovers"));
    json_open_array(&line->w);
    for (size_t i = 0; i < x->n_leftovers; i++) {
        const struct campaign_leftover *l = &x->leftovers[i];
        json_open_object(&line->w);
        line_text(line, STR("object"), l->object);
        line_text(line, STR("why"), l->why);
        line_text(line, STR("fix"), l->fix);
        json_key_string(&line->w, STR("certainty"), certainty_name(l->certainty));
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_plans(struct line *line, const struct campaign *c)
{
    json_key(&line->w, STR("plans"));
    json_open_array(&line->w);
    for (size_t i = 0; i < c->n_clusters && !is_full(line); i++) {
        const struct campaign_cluster *x = &c->clusters[i];
        json_open_object(&line->w);
        line_text(line, STR("cluster"), x->name);
        line_time(line, STR("first"), x->first);
        line_time(line, STR("last"), x->last);
        json_key_number(&line->w, STR("incidents"), (int64_t)x->incidents);
        json_key_string(&line->w, STR("severity"), rule_level_name(x->severity));
        line_text(line, STR("vector"), x->vector);
        json_key_string(&line->w, STR("certainty"), certainty_name(x->certainty));
        json_key(&line->w, STR("carried"));
        json_bool(&line->w, x->carried);
        line_list(line, STR("causes"), x->causes, x->n_causes);
        line_list(line, STR("fix"), x->fixes, x->n_fixes);
        write_leftovers(line, x);
        json_key_number(&line->w, STR("dropped"), (int64_t)x->dropped);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

void json_campaign(struct report *r, const struct campaign *c)
{
    struct line line;
    line_open(&line, r, STR("campaign"));
    json_key_string(&line.w, STR("id"), c->id);
    json_key_string(&line.w, STR("severity"), rule_level_name(c->severity));
    line_time(&line, STR("first"), c->first);
    line_time(&line, STR("last"), c->last);
    line_text(&line, STR("first_cluster"), c->clusters[0].name);
    line_text(&line, STR("last_cluster"), c->clusters[c->n_clusters - 1].name);
    write_clusters(&line, c);
    write_vector(&line, c);
    write_indicators(&line, c);
    json_key_number(&line.w, STR("more_indicators"), (int64_t)c->dropped_indicators);
    write_spread(&line, c);
    write_incidents(&line, c);
    write_links(&line, c);
    write_plans(&line, c);
    line_close(&line, r);
}
