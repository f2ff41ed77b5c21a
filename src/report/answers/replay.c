// SPDX-License-Identifier: Apache-2.0
#include "report/answers/replay.h"

#include "base/diag.h"
#include "base/time.h"
#include "codec/json/json.h"
#include "report/posture/posture.h"

enum { SHOWN_MAX = 20 }; // objects of a policy, in text

static void add_time(struct buf *out, int64_t ns)
{
    if (ns == TIME_NONE)
        buf_add(out, STR("unknown"));
    else
        time_write(out, ns);
}

static void add_object(struct buf *out, const struct replay_object *o)
{
    text_escape(out, o->resource);
    buf_add_char(out, ' ');
    if (o->ns.len) {
        text_escape(out, o->ns);
        buf_add_char(out, '/');
    }
    text_escape(out, o->name.len ? o->name : STR("(no name)"));
}

// --- text ------------------------------------------------------------------------------------------------------------------------

void replay_write_line(struct buf *out, const struct replay_refusal *f)
{
    text_escape(out, f->user.len ? f->user : STR("(nobody)"));
    buf_addf(out, ": %llu %s, ", (unsigned long long)f->requests, f->requests == 1 ? "request" : "requests");
    add_time(out, f->first);
    if (f->last != f->first) {
        buf_add(out, STR(" to "));
        add_time(out, f->last);
    }
    for (size_t i = 0; i < f->n_objects; i++) {
        buf_add(out, i ? STR(", ") : STR(": "));
        add_object(out, &f->objects[i]);
    }
    if (f->n_objects == REPLAY_OBJECTS && f->requests > REPLAY_OBJECTS)
        buf_add(out, STR(", ..."));
}

static void add_refusal(struct buf *out, const struct replay_refusal *f)
{
    static const char *const words[] = {[REPLAY_COMPONENT] = "component", [REPLAY_ALERTED] = "alerted", [REPLAY_OTHER] = "other"};
    buf_addf(out, "  %-10s ", words[f->who]);
    replay_write_line(out, f);
    if (f->n_evidence) {
        buf_add(out, STR(" ("));
        text_escape(out, f->evidence[0].file);
        buf_addf(out, ":%llu)", (unsigned long long)f->evidence[0].line);
    }
    buf_add_char(out, '\n');
}

static uint64_t requests_of(const struct replay_page *page, size_t from, size_t *end, uint64_t *others)
{
    uint64_t n = 0;
    *others = 0;
    for (*end = from; *end < page->n && str_eq(page->items[*end].policy->id, page->items[from].policy->id); ++*end) {
        n += page->items[*end].requests;
        *others += page->items[*end].who == REPLAY_OTHER ? page->items[*end].requests : 0;
    }
    return n;
}

static void add_count(struct buf *out, uint64_t n, const char *what)
{
    if (n)
        buf_addf(out, "  %llu %s\n", (unsigned long long)n, what);
}

static void add_counters(struct buf *out, const struct replay_counters *c)
{
    buf_addf(out, "%llu events; %llu writes of objects that policies are about were judged, of which %llu would have been refused\n",
             (unsigned long long)c->events, (unsigned long long)c->judged, (unsigned long long)c->refused);
    add_count(out, c->unchanged, "of those judged are updates that leave the specification as it was, and pass");
    add_count(out, c->failed, "more failed or were refused as it was");
    add_count(out, c->exempt, "more are in namespaces that are left alone");
    add_count(out, c->no_body, "cannot be judged: the log does not have what was written");
    add_count(out, c->patches, "cannot be judged: the log has the patch, but not the object that came of it");
    add_count(out, c->undecided, "are undecided: updates of what would be refused, and what it was before is not in the log");
    add_count(out, c->repeated, "lines were there before");
    add_count(out, c->dropped, "are left out, beyond the limits of what is kept");
}

// "privileged-container (high): Containers are not privileged"
static void add_policy(struct buf *out, const struct finding_control *policy)
{
    buf_addf(out, "\n%.*s (%.*s): ", STR_ARG(policy->id), STR_ARG(posture_severity_word(policy->severity)));
    text_escape(out, policy->title);
    buf_add_char(out, '\n');
}

static void add_logs(struct buf *out, const struct replay_page *page)
{
    add_counters(out, &page->counters);
    for (size_t i = 0, end; i < page->n; i = end) {
        uint64_t others;
        const uint64_t n = requests_of(page, i, &end, &others);
        add_policy(out, page->items[i].policy);
        buf_addf(out, "  would have refused %llu %s", (unsigned long long)n, n == 1 ? "request" : "requests");
        buf_addf(out, ", %llu of them by identities that nothing is known against\n", (unsigned long long)others);
        for (size_t k = i; k < end; k++)
            add_refusal(out, &page->items[k]);
    }
}

static void add_there(struct buf *out, const struct refused_object *o)
{
    buf_add(out, STR("  "));
    text_escape(out, o->object.kind);
    buf_add_char(out, ' ');
    if (o->object.ns.len) {
        text_escape(out, o->object.ns);
        buf_add_char(out, '/');
    }
    text_escape(out, o->object.name.len ? o->object.name : STR("(no name)"));
    buf_add(out, STR(" ("));
    text_escape(out, o->place.file);
    if (o->place.line)
        buf_addf(out, ":%llu", (unsigned long long)o->place.line);
    buf_add(out, STR(")\n"));
}

static void add_objects(struct buf *out, const struct replay_page *page)
{
    buf_addf(out, "%s%llu objects that policies are about were judged, of which %llu would be refused if they were made today\n",
             page->of_logs ? "\n" : "", (unsigned long long)page->objects_judged, (unsigned long long)page->objects_refused);
    add_count(out, page->objects_exempt, "more are in namespaces that are left alone");
    add_count(out, page->objects_dropped, "verdicts are counted without their objects, beyond the limits of what is kept");
    for (size_t i = 0; i < page->n_objects; i++) {
        const struct refused_policy *p = &page->objects[i];
        add_policy(out, p->policy);
        buf_addf(out, "  would refuse %llu of the %llu objects that it is about\n", (unsigned long long)p->refused,
                 (unsigned long long)p->judged);
        for (size_t k = 0; k < p->n_objects && k < SHOWN_MAX; k++)
            add_there(out, &p->objects[k]);
        if (p->refused > SHOWN_MAX)
            buf_addf(out, "  and %llu more\n", (unsigned long long)(p->refused - SHOWN_MAX));
    }
}

void replay_text(struct buf *out, const struct replay_page *page)
{
    if (page->of_logs)
        add_logs(out, page);
    if (page->of_objects)
        add_objects(out, page);
}

// --- NDJSON ----------------------------------------------------------------------------------------------------------------------

static void time_member(struct json_writer *w, struct str key, int64_t ns)
{
    struct buf text;
    buf_init(&text, 64);
    if (ns != TIME_NONE)
        time_write(&text, ns);
    json_key_string(w, key, ns == TIME_NONE ? STR_NONE : buf_str(&text));
    buf_fini(&text);
}

static void add_lists(struct json_writer *w, const struct replay_refusal *f)
{
    json_key(w, STR("objects"));
    json_open_array(w);
    for (size_t i = 0; i < f->n_objects; i++) {
        json_open_object(w);
        json_key_string(w, STR("resource"), f->objects[i].resource);
        json_key_string(w, STR("namespace"), f->objects[i].ns);
        json_key_string(w, STR("name"), f->objects[i].name);
        json_close_object(w);
    }
    json_close_array(w);
    json_key(w, STR("evidence"));
    json_open_array(w);
    for (size_t i = 0; i < f->n_evidence; i++) {
        json_open_object(w);
        json_key_string(w, STR("file"), f->evidence[i].file);
        json_key_number(w, STR("line"), (int64_t)f->evidence[i].line);
        json_key_string(w, STR("audit_id"), f->evidence[i].audit_id);
        json_close_object(w);
    }
    json_close_array(w);
}

static void policy_member(struct json_writer *w, const struct finding_control *policy, struct str rule_id)
{
    json_key(w, STR("policy"));
    json_open_object(w);
    json_key_string(w, STR("id"), policy->id);
    json_key_string(w, STR("title"), policy->title);
    json_key_string(w, STR("severity"), posture_severity_word(policy->severity));
    json_key_string(w, STR("rule"), rule_id);
    json_close_object(w);
}

static void refused_json(struct buf *out, const struct refused_policy *p, const struct refused_object *o)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("refused_object"));
    policy_member(&w, p->policy, p->rule_id);
    json_key_string(&w, STR("cluster"), o->cluster);
    json_key(&w, STR("object"));
    json_open_object(&w);
    json_key_string(&w, STR("apiVersion"), o->object.api_version);
    json_key_string(&w, STR("kind"), o->object.kind);
    json_key_string(&w, STR("namespace"), o->object.ns);
    json_key_string(&w, STR("name"), o->object.name);
    json_close_object(&w);
    json_key(&w, STR("evidence"));
    json_open_object(&w);
    json_key_string(&w, STR("file"), o->place.file);
    json_key_number(&w, STR("line"), (int64_t)o->place.line);
    json_close_object(&w);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

static void refusal_json(struct buf *out, const struct replay_refusal *f)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("refusal"));
    policy_member(&w, f->policy, f->rule_id);
    json_key_string(&w, STR("user"), f->user);
    json_key_string(&w, STR("who"), replay_who_name(f->who));
    json_key_number(&w, STR("requests"), (int64_t)f->requests);
    time_member(&w, STR("first"), f->first);
    time_member(&w, STR("last"), f->last);
    add_lists(&w, f);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

void replay_json(struct buf *out, const struct replay_page *page)
{
    const struct replay_counters *c = &page->counters;
    const struct {
        struct str name;
        uint64_t n;
    } members[] = {
        {STR("events"), c->events},
        {STR("judged"), c->judged},
        {STR("refused"), c->refused},
        {STR("unchanged"), c->unchanged},
        {STR("failed"), c->failed},
        {STR("exempt"), c->exempt},
        {STR("no_body"), c->no_body},
        {STR("patches"), c->patches},
        {STR("undecided"), c->undecided},
        {STR("repeated"), c->repeated},
        {STR("dropped"), c->dropped},
        {STR("objects_judged"), page->objects_judged},
        {STR("objects_refused"), page->objects_refused},
        {STR("objects_exempt"), page->objects_exempt},
        {STR("objects_dropped"), page->objects_dropped},
    };
    for (size_t i = 0; i < page->n; i++)
        refusal_json(out, &page->items[i]);
    for (size_t i = 0; i < page->n_objects; i++) {
        for (size_t k = 0; k < page->objects[i].n_objects; k++)
            refused_json(out, &page->objects[i], &page->objects[i].objects[k]);
    }
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("replay"));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_key_number(&w, members[i].name, (int64_t)members[i].n);
    json_close_object(&w);
    buf_add_char(out, '\n');
}
