// SPDX-License-Identifier: Apache-2.0
#include "report/posture/sarif.h"

#include "base/map.h"
#include "base/status.h"
#include "report/posture/frameworks.h"

#include <stdlib.h>

struct told {
    struct finding_control control;
    struct control_about about;
    struct str fix;
};

struct posture_sarif {
    struct buf *out;
    struct arena arena;
    struct map controls; // id -> place in told, plus 1
    struct told *told;
    size_t n, cap;
    bool any;
};

struct posture_sarif *posture_sarif_new(struct buf *out)
{
    struct posture_sarif *s = must_alloc(calloc(1, sizeof *s));
    s->out = out;
    arena_init(&s->arena, ARENA_UNLIMITED);
    buf_add(out, STR("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"results\":["));
    return s;
}

static struct str level_of(enum severity severity)
{
    static const struct str levels[] = {[SEVERITY_LOW] = STR("note"),
                                        [SEVERITY_MEDIUM] = STR("warning"),
                                        [SEVERITY_HIGH] = STR("error"),
                                        [SEVERITY_CRITICAL] = STR("error")};
    return levels[severity];
}

// What code hosts sort by: a number like that of CVSS.
static struct str score_of(enum severity severity)
{
    static const struct str scores[] = {
        [SEVERITY_LOW] = STR("3.0"), [SEVERITY_MEDIUM] = STR("5.5"), [SEVERITY_HIGH] = STR("8.0"), [SEVERITY_CRITICAL] = STR("9.5")};
    return scores[severity];
}

static const struct str *copy_texts(struct arena *a, const struct str *texts, size_t n)
{
    struct str *out = arena_array(a, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = arena_str(a, texts[i]);
    return out;
}

// It is told behind the last result, when the controls may be gone.
static struct control_about copy_about(struct arena *a, const struct control_about *about)
{
    if (!about)
        return (struct control_about){0};
    return (struct control_about){.why = arena_str(a, about->why),
                                  .references = copy_texts(a, about->references, about->n_references),
                                  .n_references = about->n_references,
                                  .tags = copy_texts(a, about->tags, about->n_tags),
                                  .n_tags = about->n_tags};
}

static size_t place_of(struct posture_sarif *s, const struct finding *f)
{
    uint64_t *place = map_get(&s->controls, f->control.id);
    if (place)
        return *place - 1;
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 32;
        s->told = must_alloc(realloc(s->told, s->cap * sizeof *s->told));
    }
    struct told *t = &s->told[s->n++];
    *t = (struct told){.about = copy_about(&s->arena, f->control.about), .fix = arena_str(&s->arena, f->fix)};
    t->control = (struct finding_control){
        .id = arena_str(&s->arena, f->control.id), .title = arena_str(&s->arena, f->control.title), .severity = f->control.severity};
    *map_put(&s->controls, t->control.id, NULL) = s->n;
    return s->n - 1;
}

static void write_text(struct json_writer *w, struct str key, struct str text)
{
    json_key(w, key);
    json_open_object(w);
    json_key_string(w, STR("text"), text);
    json_close_object(w);
}

// A path as a relative or absolute URI reference (RFC 3986): everything but unreserved characters and slashes is percent-encoded.
static struct str uri_of(struct arena *a, struct str path)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf uri;
    buf_init(&uri, SIZE_MAX);
    for (size_t i = 0; i < path.len; i++) {
        const unsigned char c = (unsigned char)path.ptr[i];
        const bool letter = (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10;
        if (letter || c == '-' || c == '.' || c == '_' || c == '~' || c == '/')
            buf_add_char(&uri, (char)c);
        else
            buf_add(&uri, str_make((char[]){'%', hex[c >> 4], hex[c & 15]}, 3));
    }
    const struct str out = arena_str(a, buf_str(&uri));
    buf_fini(&uri);
    return out;
}

static void write_location(struct json_writer *w, const struct finding *f, struct arena *a)
{
    struct buf name;
    buf_init(&name, SIZE_MAX);
    buf_addf(&name, "%.*s/%.*s/%.*s/%.*s", STR_ARG(f->cluster), STR_ARG(f->object.ns), STR_ARG(f->object.kind), STR_ARG(f->object.name));
    json_key(w, STR("locations"));
    json_open_array(w);
    json_open_object(w);
    json_key(w, STR("physicalLocation"));
    json_open_object(w);
    json_key(w, STR("artifactLocation"));
    json_open_object(w);
    json_key_string(w, STR("uri"), f->place.line ? uri_of(a, f->place.file) : f->place.file); // without a line it is an address
    json_close_object(w);
    if (f->place.line) {
        json_key(w, STR("region"));
        json_open_object(w);
        json_key_number(w, STR("startLine"), (int64_t)f->place.line);
        json_close_object(w);
    }
    json_close_object(w);
    json_key(w, STR("logicalLocations"));
    json_open_array(w);
    json_open_object(w);
    json_key_string(w, STR("fullyQualifiedName"), buf_str(&name));
    json_key_string(w, STR("kind"), STR("object"));
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
    json_close_array(w);
    buf_fini(&name);
}

void posture_sarif_finding(struct posture_sarif *s, const struct finding *f)
{
    struct json_writer w = json_writer_to(s->out);
    struct arena a;
    if (f->status != FINDING_UNHEALTHY)
        return;
    arena_init(&a, ARENA_UNLIMITED);
    if (s->any)
        buf_add_char(s->out, ',');
    s->any = true;
    json_open_object(&w);
    json_key_string(&w, STR("ruleId"), f->control.id);
    json_key_number(&w, STR("ruleIndex"), (int64_t)place_of(s, f));
    json_key_string(&w, STR("level"), level_of(f->control.severity));
    write_text(&w, STR("message"), arena_printf(&a, "%.*s: %.*s", STR_ARG(f->control.title), STR_ARG(f->why)));
    write_location(&w, f, &a);
    json_close_object(&w);
    arena_fini(&a);
}

// SARIF 3.49.15: which sections of the taxonomies below a rule is about.
static void write_relationships(struct json_writer *w, const struct control_about *about)
{
    struct str section;
    json_key(w, STR("relationships"));
    json_open_array(w);
    for (size_t i = 0; i < about->n_tags; i++) {
        const struct framework *f = framework_of(about->tags[i], &section);
        if (!f)
            continue;
        json_open_object(w);
        json_key(w, STR("target"));
        json_open_object(w);
        json_key_string(w, STR("id"), section);
        json_key(w, STR("toolComponent"));
        json_open_object(w);
        json_key_string(w, STR("name"), f->name);
        json_key_number(w, STR("index"), f - frameworks);
        json_close_object(w);
        json_close_object(w);
        json_key(w, STR("kinds"));
        json_open_array(w);
        json_string(w, STR("relevant"));
        json_close_array(w);
        json_close_object(w);
    }
    json_close_array(w);
}

// Each section of it once that a rule is about.
static void write_taxa(struct json_writer *w, const struct posture_sarif *s, const struct framework *framework)
{
    struct map seen = {0};
    struct str section;
    json_key(w, STR("taxa"));
    json_open_array(w);
    for (size_t i = 0; i < s->n; i++) {
        for (size_t t = 0; t < s->told[i].about.n_tags; t++) {
            bool added = false;
            if (framework_of(s->told[i].about.tags[t], &section) == framework)
                (void)map_put(&seen, section, &added);
            if (!added)
                continue;
            json_open_object(w);
            json_key_string(w, STR("id"), section);
            json_close_object(w);
        }
    }
    json_close_array(w);
    map_fini(&seen);
}

static void write_taxonomies(struct json_writer *w, const struct posture_sarif *s)
{
    json_open_array(w);
    for (size_t i = 0; i < n_frameworks; i++) {
        json_open_object(w);
        json_key_string(w, STR("name"), frameworks[i].name);
        json_key_string(w, STR("organization"), frameworks[i].publisher);
        json_key_string(w, STR("informationUri"), frameworks[i].address);
        write_taxa(w, s, &frameworks[i]);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_supported(struct json_writer *w)
{
    json_open_array(w);
    for (size_t i = 0; i < n_frameworks; i++) {
        json_open_object(w);
        json_key_string(w, STR("name"), frameworks[i].name);
        json_key_number(w, STR("index"), (int64_t)i);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_rule(struct json_writer *w, const struct told *t)
{
    json_open_object(w);
    json_key_string(w, STR("id"), t->control.id);
    write_text(w, STR("shortDescription"), t->control.title);
    if (t->about.why.len)
        write_text(w, STR("fullDescription"), t->about.why);
    write_text(w, STR("help"), t->fix);
    if (t->about.n_references)
        json_key_string(w, STR("helpUri"), t->about.references[0]);
    write_relationships(w, &t->about);
    json_key(w, STR("defaultConfiguration"));
    json_open_object(w);
    json_key_string(w, STR("level"), level_of(t->control.severity));
    json_close_object(w);
    json_key(w, STR("properties"));
    json_open_object(w);
    json_key_string(w, STR("security-severity"), score_of(t->control.severity));
    json_key(w, STR("tags"));
    json_open_array(w);
    json_string(w, STR("security"));
    for (size_t i = 0; i < t->about.n_tags; i++)
        json_string(w, t->about.tags[i]);
    json_close_array(w);
    json_close_object(w);
    json_close_object(w);
}

void posture_sarif_end(struct posture_sarif *s)
{
    struct json_writer w = json_writer_to(s->out);
    buf_add(s->out, STR("],\"tool\":{\"driver\":{\"name\":\"davy\",\"rules\":"));
    json_open_array(&w);
    for (size_t i = 0; i < s->n; i++)
        write_rule(&w, &s->told[i]);
    json_close_array(&w);
    buf_add(s->out, STR(",\"supportedTaxonomies\":"));
    write_supported(&w);
    buf_add(s->out, STR("}},\"taxonomies\":"));
    write_taxonomies(&w, s);
    buf_add(s->out, STR("}]}\n"));
}

void posture_sarif_free(struct posture_sarif *s)
{
    if (!s)
        return;
    map_fini(&s->controls);
    free(s->told);
    arena_fini(&s->arena);
    free(s);
}
