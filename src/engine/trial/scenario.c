// SPDX-License-Identifier: Apache-2.0
#include "engine/trial/scenario.h"

#include "codec/json/json.h"

#include <stdio.h>
#include <string.h>

enum {
    REPEAT_MAX = 100000,
    EVENT_MAX = 32 << 20, // bytes of one event
};

struct story {
    struct trial *trial;
    const struct ruleset *rules;
    const struct yaml_value *base;
    struct yaml_source file;
    struct diags *diags;
    const struct scenario_watch *watch; // NULL: the stories are tests
    struct buf text;
    int64_t time;
    uint64_t number; // of the event in its story
};

static bool is_special(struct str key)
{
    return str_eq(key, STR("after")) || str_eq(key, STR("repeat"));
}

static void write_value(struct json_writer *w, const struct yaml_value *v)
{
    struct buf json;
    buf_init(&json, EVENT_MAX);
    yaml_to_json(v, &json);
    json_raw(w, buf_str(&json));
    buf_fini(&json);
}

static void write_merged(struct json_writer *w, const struct yaml_value *base, const struct yaml_value *over)
{
    for (const struct yaml_value *b = base ? base->first : NULL; b; b = b->next) {
        const struct yaml_value *o = yaml_get(over, b->key);
        if (o && o->kind == YAML_NULL)
            continue;
        json_key(w, b->key);
        if (o && o->kind == YAML_MAP && b->kind == YAML_MAP) {
            json_open_object(w);
            write_merged(w, b, o);
            json_close_object(w);
        } else {
            write_value(w, o ? o : b);
        }
    }
    for (const struct yaml_value *o = over->first; o; o = o->next)
        if (o->kind != YAML_NULL && !(base && yaml_get(base, o->key)) && !is_special(o->key)) {
            json_key(w, o->key);
            write_value(w, o);
        }
}

static void write_time(struct json_writer *w, struct str key, int64_t time)
{
    struct buf text;
    buf_init(&text, 64);
    time_write(&text, time);
    json_key_string(w, key, buf_str(&text));
    buf_fini(&text);
}

static void write_event(struct story *s, const struct yaml_value *event)
{
    char id[40];
    snprintf(id, sizeof id, "00000000-0000-4000-8000-%012llu", (unsigned long long)s->number);
    buf_clear(&s->text);
    struct json_writer w = json_writer_to(&s->text);
    json_open_object(&w);
    if (!yaml_get(event, STR("auditID")))
        json_key_string(&w, STR("auditID"), str_from_c(id));
    if (!yaml_get(event, STR("requestReceivedTimestamp")))
        write_time(&w, STR("requestReceivedTimestamp"), s->time - 1000000);
    if (!yaml_get(event, STR("stageTimestamp")))
        write_time(&w, STR("stageTimestamp"), s->time);
    write_merged(&w, s->base, event);
    json_close_object(&w);
}

// {i} stands for the number of the copy.
static void number_copies(struct buf *text, uint64_t copy)
{
    struct buf numbered;
    size_t from = 0, at;
    buf_init(&numbered, EVENT_MAX);
    while ((at = str_find(buf_str(text), STR("{i}"), from)) != SIZE_MAX) {
        buf_add(&numbered, str_slice(buf_str(text), from, at));
        buf_addf(&numbered, "%llu", (unsigned long long)copy);
        from = at + 3;
    }
    buf_add(&numbered, str_slice(buf_str(text), from, text->len));
    buf_fini(text);
    *text = numbered;
}

static bool bad(struct story *s, const struct yaml_value *v, const char *what)
{
    struct place place = yaml_place(s->file, v);
    diags_add(s->diags, DIAG_ERROR, &place, "%s", what);
    return false;
}

// Feeds one event. False: it is not JSON the engine reads (a test's own fault).
static bool feed(struct story *s, const struct yaml_value *event, uint64_t copy, uint32_t rule, bool *hit)
{
    struct json_error error;
    size_t n;
    s->number++;
    write_event(s, event);
    number_copies(&s->text, copy);
    if (s->watch && !s->watch->event(s->watch->context, &s->text))
        return true;
    char *room = buf_reserve(&s->text, JSON_PADDING);
    if (!room)
        return bad(s, event, "the event is too large");
    memset(room, 0, JSON_PADDING);
    if (trial_record(s->trial, buf_str(&s->text), true, &error) != JSON_OK)
        return bad(s, event, error.reason);
    const uint32_t *hits = trial_hits(s->trial, &n);
    for (size_t i = 0; i < n; i++)
        *hit = *hit || hits[i] == rule;
    return true;
}

static bool tell_event(struct story *s, const struct yaml_value *event, uint32_t rule, bool *hit)
{
    int64_t after = NS_PER_SECOND;
    uint64_t copies = 1;
    const struct yaml_value *span = yaml_get(event, STR("after")), *repeat = yaml_get(event, STR("repeat"));
    if (event->kind != YAML_MAP)
        return bad(s, event, "an event is a map laid over the base event");
    if (span && !timespan_parse(span->text, &after) && !str_eq(span->text, STR("0s")))
        return bad(s, span, "'after' is a time span such as 30s, 5m or 2h");
    if (span && str_eq(span->text, STR("0s")))
        after = 0;
    if (repeat && (!str_to_u64(repeat->text, &copies) || copies > REPEAT_MAX))
        return bad(s, repeat, "'repeat' is a number of copies");
    for (uint64_t copy = 0; copy < copies; copy++) {
        s->time += after;
        if (!feed(s, event, copy, rule, hit))
            return false;
    }
    return true;
}

static bool tell_story(struct story *s, const struct yaml_value *story, uint32_t rule, bool *hit)
{
    const struct yaml_value *events = yaml_get(story, STR("events"));
    *hit = false;
    s->number = 0;
    s->time = 1767225600 * NS_PER_SECOND; // 2026-01-01
    trial_reset(s->trial);
    if (!events || events->kind != YAML_LIST)
        return bad(s, story, "a story needs 'events', a list");
    for (const struct yaml_value *e = events->first; e; e = e->next)
        if (!tell_event(s, e, rule, hit))
            return false;
    return true;
}

static void run_stories(struct story *s, const struct yaml_value *stories, uint32_t rule, bool wanted, struct scenario_counts *counts)
{
    for (const struct yaml_value *story = stories ? stories->first : NULL; story; story = story->next) {
        bool hit, told = tell_story(s, story, rule, &hit);
        counts->cases++;
        if (told && hit == wanted)
            continue;
        counts->failed++;
        struct place place = yaml_place(s->file, story);
        struct str what = yaml_text(yaml_get(story, STR("what")));
        if (told)
            diags_add(s->diags, DIAG_ERROR, &place, "rule %.*s %s: %.*s", STR_ARG(s->rules->rules[rule].id),
                      wanted ? "should hit and does not" : "hits and should not", STR_ARG(what));
    }
}

// The hits of every rule of the file, told to whoever looks on.
static void show_rule(struct story *s, const struct yaml_value *test)
{
    const struct yaml_value *id = yaml_get(test, STR("rule")), *hits = yaml_get(test, STR("hits"));
    const uint32_t rule = id ? ruleset_find(s->rules, yaml_text(id)) : UINT32_MAX;
    for (const struct yaml_value *story = hits && rule != UINT32_MAX ? hits->first : NULL; story; story = story->next) {
        bool hit;
        if (tell_story(s, story, rule, &hit))
            s->watch->told(s->watch->context, rule, yaml_text(yaml_get(story, STR("what"))), hit);
    }
}

static void run_rule(struct story *s, const struct yaml_value *test, bool *tested, struct scenario_counts *counts)
{
    const struct yaml_value *id = yaml_get(test, STR("rule")), *hits = yaml_get(test, STR("hits"));
    uint32_t rule = id ? ruleset_find(s->rules, yaml_text(id)) : UINT32_MAX;
    if (rule == UINT32_MAX) {
        counts->cases++;
        counts->failed++;
        (void)bad(s, id ? id : test, id ? "no rule has this id or name" : "a test names its 'rule'");
        return;
    }
    tested[rule] = tested[rule] || (hits && hits->count);
    run_stories(s, hits, rule, true, counts);
    run_stories(s, yaml_get(test, STR("misses")), rule, false, counts);
}

status scenario_show(struct trial *trial, const struct ruleset *rules, const struct yaml_value *base, struct yaml_source file,
                     const struct scenario_watch *watch, struct diags *diags)
{
    struct story s = {.trial = trial, .rules = rules, .base = base, .file = file, .diags = diags, .watch = watch};
    struct yaml_value **documents;
    struct arena arena;
    size_t n;
    arena_init(&arena, ARENA_UNLIMITED);
    buf_init(&s.text, EVENT_MAX);
    const status result = yaml_read(&arena, file, YAML_LIMITS_DEFAULT, &documents, &n, diags);
    for (size_t i = 0; result == ST_OK && i < n; i++) {
        for (const struct yaml_value *t = documents[i]->kind == YAML_LIST ? documents[i]->first : NULL; t; t = t->next)
            show_rule(&s, t);
    }
    buf_fini(&s.text);
    arena_fini(&arena);
    return result;
}

status scenario_run(struct trial *trial, const struct ruleset *rules, const struct yaml_value *base, struct yaml_source file, bool *tested,
                    struct scenario_counts *counts, struct diags *diags)
{
    struct story s = {.trial = trial, .rules = rules, .base = base, .file = file, .diags = diags};
    struct yaml_value **documents;
    struct arena arena;
    size_t n;
    arena_init(&arena, ARENA_UNLIMITED);
    buf_init(&s.text, EVENT_MAX);
    status result = yaml_read(&arena, file, YAML_LIMITS_DEFAULT, &documents, &n, diags);
    for (size_t i = 0; result == ST_OK && i < n; i++) {
        if (documents[i]->kind == YAML_MAP)
            run_rule(&s, documents[i], tested, counts);
        for (const struct yaml_value *t = documents[i]->kind == YAML_LIST ? documents[i]->first : NULL; t; t = t->next)
            run_rule(&s, t, tested, counts);
    }
    buf_fini(&s.text);
    arena_fini(&arena);
    return result;
}
