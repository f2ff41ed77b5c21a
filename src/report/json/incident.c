// SPDX-License-Identifier: Apache-2.0
#include "report/json/incident.h"

#include "report/json/line.h"
#include "report/json/process.h"
#include "report/common/step.h"

static struct str certainty_name(enum certainty c)
{
    return c == CERTAIN ? STR("certain") : STR("inferred");
}

// --- who -----------------------------------------------------------------------------------------------------------------------------

static void write_actors(struct line *line, const struct incident *x)
{
    json_key(&line->w, STR("actors"));
    json_open_array(&line->w);
    size_t n = line_bounded(line, x->n_actors);
    for (size_t i = 0; i < n; i++) {
        const struct incident_actor *a = &x->actors[i];
        json_open_object(&line->w);
        line_text(line, STR("principal"), a->principal);
        line_list(line, STR("addresses"), a->addresses, a->n_addresses);
        line_list(line, STR("agents"), a->agents, a->n_agents);
        json_key_string(&line->w, STR("role"), incident_role_name(a->role));
        line_time(line, STR("first"), a->first);
        line_time(line, STR("last"), a->last);
        json_key_number(&line->w, STR("events"), (int64_t)a->events);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_pivots(struct line *line, const struct incident *x)
{
    json_key(&line->w, STR("pivots"));
    json_open_array(&line->w);
    size_t n = line_bounded(line, x->n_pivots);
    for (size_t i = 0; i < n; i++) {
        const struct incident_pivot *p = &x->pivots[i];
        json_open_object(&line->w);
        line_text(line, STR("from"), p->from);
        line_text(line, STR("to"), p->to);
        json_key_string(&line->w, STR("kind"), p->kind);
        line_time(line, STR("time"), p->time);
        json_key_string(&line->w, STR("certainty"), certainty_name(p->certainty));
        line_evidence(line, &p->evidence, p->evidence.file.ptr ? 1 : 0);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

// --- what ----------------------------------------------------------------------------------------------------------------------------

static void write_place(struct line *line, const struct techniques *t, const struct incident_step *step)
{
    struct hit hit;
    bool placed = step_place(t, step, &hit);
    const struct technique *technique = placed && hit.technique != TECHNIQUE_NONE ? &t->items[hit.technique] : NULL;
    json_key_string(&line->w, STR("technique"), technique ? technique->id : STR_NONE);
    json_key_string(&line->w, STR("technique_name"), technique ? technique->name : STR_NONE);
    json_key_string(&line->w, STR("tactic"), placed ? t->tactics[hit.tactic].tag : STR_NONE);
}

static void write_step(struct line *line, const struct techniques *t, const struct incident_step *s)
{
    json_open_object(&line->w);
    line_time(line, STR("time"), s->time);
    json_key_string(&line->w, STR("part"), step_part_name(s->part));
    line_actor(line, &s->actor);
    line_action(line, &s->action);
    line_text(line, STR("text"), s->text);
    json_key_string(&line->w, STR("outcome"), outcome_name(s->outcome));
    write_place(line, t, s);
    json_key_string(&line->w, STR("certainty"), certainty_name(s->certainty));
    json_key(&line->w, STR("rules"));
    json_open_array(&line->w);
    for (size_t i = 0, n = line_bounded(line, s->n_rules); i < n; i++)
        line_add(line, s->rules[i]->id);
    json_close_array(&line->w);
    line_optional(line, STR("reason"), s->reason);
    line_process(line, s->process);
    json_key_number(&line->w, STR("count"), (int64_t)s->count);
    line_evidence(line, s->evidence, s->n_evidence);
    json_close_object(&line->w);
}

static void write_objects(struct line *line, const struct incident *x)
{
    json_key(&line->w, STR("objects"));
    json_open_array(&line->w);
    size_t n = line_bounded(line, x->n_objects);
    for (size_t i = 0; i < n; i++) {
        const struct incident_object *o = &x->objects[i];
        json_open_object(&line->w);
        line_text(line, STR("kind"), o->kind);
        line_text(line, STR("namespace"), o->namespace);
        line_text(line, STR("name"), o->name);
        json_key_string(&line->w, STR("how"), o->how);
        line_text(line, STR("parent"), o->parent);
        json_key_string(&line->w, STR("certainty"), certainty_name(o->certainty));
        line_time(line, STR("time"), o->time);
        line_evidence(line, &o->evidence, 1);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_indicators(struct line *line, const struct incident *x)
{
    json_key(&line->w, STR("indicators"));
    json_open_array(&line->w);
    size_t n = line_bounded(line, x->n_indicators);
    for (size_t i = 0; i < n; i++) {
        json_open_object(&line->w);
        json_key_string(&line->w, STR("type"), x->indicators[i].type);
        line_text(line, STR("value"), x->indicators[i].value);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

// --- how they got in -------------------------------------------------------------------------------------------------------------------

static void write_grants(struct line *line, const struct incident_cause *c)
{
    json_key(&line->w, STR("grants"));
    json_open_array(&line->w);
    for (size_t i = 0; i < c->n_grants; i++) {
        const struct standing_grant *g = &c->grants[i];
        json_open_object(&line->w);
        line_text(line, STR("binding"), g->binding);
        line_text(line, STR("role"), g->role);
        line_text(line, STR("subject"), g->subject);
        line_time(line, STR("created"), g->object.created);
        line_text(line, STR("made_with"), g->object.made_with);
        line_text(line, STR("made_by"), g->object.made_by);
        line_text(line, STR("file"), g->object.file);
        json_key_number(&line->w, STR("line"), (int64_t)g->object.line);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_cause(struct line *line, const struct incident_cause *c)
{
    json_key(&line->w, STR("root_cause"));
    json_open_object(&line->w);
    json_key_string(&line->w, STR("kind"), c->kind);
    line_text(line, STR("object"), c->object);
    line_text(line, STR("role"), c->role);
    line_text(line, STR("subject"), c->subject);
    line_text(line, STR("granted_by"), c->granted_by);
    line_time(line, STR("granted_at"), c->granted_at);
    json_key_string(&line->w, STR("certainty"), certainty_name(c->certainty));
    line_list(line, STR("fix"), c->fix, c->n_fix);
    write_grants(line, c);
    line_text(line, STR("text"), c->text);
    line_evidence(line, c->evidence, c->n_evidence);
    json_close_object(&line->w);
}

static void write_doors(struct line *line, const struct incident *x)
{
    json_key(&line->w, STR("doors"));
    json_open_array(&line->w);
    for (size_t i = 0; i < x->n_doors; i++) {
        json_open_object(&line->w);
        json_key_string(&line->w, STR("control"), x->doors[i].control);
        json_key_string(&line->w, STR("title"), x->doors[i].title);
        line_text(line, STR("object"), x->doors[i].object);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_vector(struct line *line, const struct incident_vector *v)
{
    json_key(&line->w, STR("vector"));
    json_open_object(&line->w);
    json_key_string(&line->w, STR("verdict"), v->verdict);
    json_key_string(&line->w, STR("certainty"), certainty_name(v->certainty));
    line_text(line, STR("interface"), v->interface);
    line_text(line, STR("program"), v->program);
    json_key(&line->w, STR("hypotheses"));
    json_open_array(&line->w);
    for (size_t i = 0; i < v->n_hypotheses; i++) {
        const struct hypothesis *h = &v->hypotheses[i];
        json_open_object(&line->w);
        json_key_string(&line->w, STR("name"), h->name);
        line_list(line, STR("for"), h->pro, h->n_pro);
        line_list(line, STR("against"), h->contra, h->n_contra);
        line_list(line, STR("missing"), h->missing, h->n_missing);
        line_evidence(line, h->evidence, h->n_evidence);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
    json_close_object(&line->w);
}

// --- what now --------------------------------------------------------------------------------------------------------------------------

static void write_prevention(struct line *line, const struct incident *x)
{
    json_key(&line->w, STR("prevention"));
    json_open_array(&line->w);
    for (size_t i = 0; i < x->n_prevention; i++) {
        const struct incident_fix *f = &x->prevention[i];
        json_open_object(&line->w);
        line_text(line, STR("fix"), f->fix);
        line_text(line, STR("command"), f->command);
        json_key_number(&line->w, STR("first_step"), (int64_t)f->first_step);
        json_key_number(&line->w, STR("steps_stopped"), (int64_t)f->stopped);
        json_key_number(&line->w, STR("steps_unjudged"), (int64_t)f->unjudged);
        json_key(&line->w, STR("in_smallest_set"));
        json_bool(&line->w, f->chosen);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static struct str presence_name(enum presence p)
{
    return p == PRESENCE_THERE ? STR("there") : p == PRESENCE_GONE ? STR("gone") : STR_NONE;
}

static void write_leftovers(struct line *line, const struct incident *x)
{
    json_key(&line->w, STR("leftovers"));
    json_open_array(&line->w);
    size_t n = line_bounded(line, x->n_leftovers);
    for (size_t i = 0; i < n; i++) {
        const struct incident_leftover *l = &x->leftovers[i];
        json_open_object(&line->w);
        line_text(line, STR("object"), l->object);
        line_text(line, STR("why"), l->why);
        line_text(line, STR("fix"), l->fix);
        json_key_string(&line->w, STR("certainty"), certainty_name(l->certainty));
        json_key_string(&line->w, STR("presence"), presence_name(l->presence));
        line_evidence(line, &l->evidence, l->evidence.file.ptr ? 1 : 0);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

// Everything that a reader wants first comes first: a line that is too long loses its tail.
void json_incident(struct report *r, const struct incident *x)
{
    struct line line;
    line_open(&line, r, STR("incident"));
    json_key_string(&line.w, STR("id"), x->id);
    line_text(&line, STR("title"), x->title);
    json_key_string(&line.w, STR("severity"), rule_level_name(x->severity));
    line_list(&line, STR("severity_reasons"), x->severity_reasons, x->n_severity_reasons);
    line_list(&line, STR("clusters"), &x->cluster, 1);
    line_time(&line, STR("first"), x->first);
    line_time(&line, STR("last"), x->last);
    write_cause(&line, &x->cause);
    write_vector(&line, &x->vector);
    write_doors(&line, x);
    write_actors(&line, x);
    write_pivots(&line, x);
    write_indicators(&line, x);
    write_prevention(&line, x);
    json_key_number(&line.w, STR("stoppable"), (int64_t)x->stoppable);
    write_leftovers(&line, x);
    json_key_string(&line.w, STR("spread"), x->spread);
    line_list(&line, STR("spread_reasons"), x->spread_reasons, x->n_spread_reasons);
    line_list(&line, STR("certain"), x->certain, x->n_certain);
    line_list(&line, STR("inferred"), x->inferred, x->n_inferred);
    line_list(&line, STR("unknown"), x->unknown, x->n_unknown);
    json_key(&line.w, STR("timeline"));
    json_open_array(&line.w);
    for (size_t i = 0; i < x->n_timeline; i++)
        write_step(&line, r->options.techniques, &x->timeline[i]);
    json_close_array(&line.w);
    write_objects(&line, x);
    line_close(&line, r);
}
