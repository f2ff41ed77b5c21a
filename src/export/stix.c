// SPDX-License-Identifier: Apache-2.0
// Incidents as a bundle of STIX 2.1. For each incident:
//
//   report --refers to--> all of these          campaign --targets--> identity (the cluster)
//                                               campaign --uses--> attack-pattern
//   indicator --indicates--> campaign           indicator --based-on--> observed-data --> addresses, accounts
//   course-of-action --mitigates--> attack-pattern
//
// and where several are the work of one hand:   campaign --attributed-to--> intrusion-set
//
// An incident is a campaign in STIX' words ("malicious activities over a period of time against a specific set of targets"): its own
// incident object has no properties yet. People who belong to the cluster and made the door are not told to others.
#include "base/status.h"
#include "base/time.h"
#include "base/vec.h"
#include "export/attack.h"
#include "export/export.h"
#include "export/stix_pattern.h"
#include "export/stix_pen.h"

#include <stdlib.h>

typedef VEC(struct stix_id) id_list;

struct stix {
    struct stix_pen pen;
    const struct techniques *techniques;
    struct stix_id author;
    uint64_t left_out; // incidents
};

// What is being told of one incident.
struct telling {
    struct stix *s;
    struct stix_pen *pen;
    const struct incident *x;
    struct arena arena; // clean texts
    struct str key;     // which incident it is
    int64_t first, last;
    struct stix_id campaign, observed;
    bool any_observed;
    id_list refs; // of the report, each once
    struct map referred;
    uint64_t untold;
};

static void write_author(struct stix *s)
{
    s->author = stix_id_of("identity", STR("davy"));
    if (!stix_open(&s->pen, "identity", &s->author))
        return;
    stix_time(&s->pen, "created", STIX_CREATED);
    stix_time(&s->pen, "modified", STIX_CREATED);
    stix_text(&s->pen, "name", STR("Davy"));
    stix_text(&s->pen, "description", STR("finds intrusions in Kubernetes audit logs"));
    stix_text(&s->pen, "identity_class", STR("system"));
    stix_close(&s->pen);
}

struct stix *stix_new(const struct techniques *techniques)
{
    struct stix *s = must_alloc(calloc(1, sizeof *s));
    stix_pen_init(&s->pen);
    s->techniques = techniques;
    json_open_array(&s->pen.w);
    write_author(s);
    return s;
}

void stix_free(struct stix *s)
{
    if (!s)
        return;
    stix_pen_fini(&s->pen);
    free(s);
}

static struct str key_of(struct arena *a, struct str incident, struct str cluster)
{
    return arena_printf(a, "%.*s %.*s", STR_ARG(incident), STR_ARG(cluster));
}

static struct stix_id id_in(struct telling *t, const char *type, struct str what)
{
    return stix_id_of(type, arena_printf(&t->arena, "%.*s %.*s", STR_ARG(t->key), STR_ARG(what)));
}

static struct stix_id campaign_id(struct arena *a, struct str key)
{
    return stix_id_of("campaign", arena_printf(a, "%.*s incident", STR_ARG(key)));
}

static void refer(struct telling *t, const struct stix_id *id)
{
    bool added;
    if (map_get(&t->referred, stix_id_str(id)))
        return;
    (void)map_put(&t->referred, arena_str(&t->arena, stix_id_str(id)), &added);
    *vec_push(&t->refs) = *id;
}

static void relate(struct telling *t, const struct stix_id *from, const char *how, const struct stix_id *to)
{
    struct stix_id id = stix_relate(t->pen, &t->s->author, t->first, from, how, to);
    refer(t, &id);
}

// --- who did it to whom ----------------------------------------------------------------------------------------------------------

static void write_campaign(struct telling *t)
{
    if (!stix_open(t->pen, "campaign", &t->campaign))
        return;
    stix_common(t->pen, &t->s->author, t->first, t->last);
    stix_text(t->pen, "name", t->x->title);
    stix_text(t->pen, "description", t->x->cause.text);
    stix_time(t->pen, "first_seen", t->first);
    stix_time(t->pen, "last_seen", t->last);
    json_key(&t->pen->w, STR("labels"));
    json_open_array(&t->pen->w);
    json_string(&t->pen->w, rule_level_name(t->x->severity));
    json_close_array(&t->pen->w);
    stix_close(t->pen);
}

static void write_cluster(struct telling *t)
{
    struct str cluster = t->x->cluster.len ? t->x->cluster : STR("-");
    struct stix_id id = stix_id_of("identity", arena_printf(&t->arena, "cluster %.*s", STR_ARG(cluster)));
    if (stix_open(t->pen, "identity", &id)) {
        stix_common(t->pen, &t->s->author, STIX_CREATED, STIX_CREATED);
        stix_text(t->pen, "name", cluster);
        stix_text(t->pen, "description", STR("a Kubernetes cluster"));
        stix_text(t->pen, "identity_class", STR("system"));
        stix_close(t->pen);
    }
    refer(t, &id);
    relate(t, &t->campaign, "targets", &id);
}

// --- techniques ------------------------------------------------------------------------------------------------------------------

static void write_reference(struct telling *t, const struct attack *a)
{
    struct json_writer *w = &t->pen->w;
    json_key(w, STR("external_references"));
    json_open_array(w);
    json_open_object(w);
    stix_text(t->pen, "source_name", a->microsoft ? STR("microsoft-threat-matrix-for-kubernetes") : STR("mitre-attack"));
    stix_text(t->pen, "external_id", a->id);
    if (!a->microsoft) {
        struct str rest = a->id, technique = str_split(&rest, '.');
        stix_text(t->pen, "url",
                  arena_printf(&t->arena, "https://attack.mitre.org/techniques/%.*s%s%.*s", STR_ARG(technique), rest.len ? "/" : "",
                               STR_ARG(rest)));
    }
    json_close_object(w);
    json_close_array(w);
}

static struct stix_id write_technique(struct telling *t, const struct attack *a)
{
    struct stix_id id = stix_id_of("attack-pattern", a->id);
    if (!stix_open(t->pen, "attack-pattern", &id))
        return id;
    stix_common(t->pen, &t->s->author, STIX_CREATED, STIX_CREATED);
    stix_text(t->pen, "name", a->name);
    write_reference(t, a);
    stix_close(t->pen);
    return id;
}

static void write_step(struct telling *t, const struct incident_step *step)
{
    struct attack attacks[ATTACK_MAX];
    size_t n = attack_of(t->s->techniques, step, attacks);
    for (size_t i = 0; i < n; i++) {
        struct stix_id id = write_technique(t, &attacks[i]);
        refer(t, &id);
        relate(t, &t->campaign, "uses", &id);
    }
}

// --- what was observed -----------------------------------------------------------------------------------------------------------

static void add_once(id_list *list, const struct stix_id *id)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(stix_id_str(&list->items[i]), stix_id_str(id)))
            return;
    *vec_push(list) = *id;
}

static void write_address(struct telling *t, id_list *observed, struct str value)
{
    enum address_family family = stix_address(value);
    const char *type = family == ADDRESS_IPV4 ? "ipv4-addr" : "ipv6-addr";
    if (family == ADDRESS_NONE)
        return;
    struct stix_id id = stix_observable_id(type, "value", value);
    if (stix_open(t->pen, type, &id)) {
        stix_text(t->pen, "value", value);
        stix_close(t->pen);
    }
    add_once(observed, &id);
}

static void write_account(struct telling *t, id_list *observed, struct str principal)
{
    if (!principal.len || principal.len > STIX_TEXT_MAX) {
        t->untold += principal.len > 0;
        return;
    }
    struct str name = stix_clean(&t->arena, principal);
    struct stix_id id = stix_observable_id("user-account", "user_id", name);
    if (stix_open(t->pen, "user-account", &id)) {
        stix_text(t->pen, "user_id", name);
        json_key(&t->pen->w, STR("is_service_account"));
        json_bool(&t->pen->w, str_starts(principal, STR("system:serviceaccount:")));
        stix_close(t->pen);
    }
    add_once(observed, &id);
}

static int64_t count_evidence(const struct incident *x)
{
    enum { MOST = 999999999 }; // section 4.14
    size_t n = 0;
    for (size_t i = 0; i < x->n_timeline; i++)
        if (x->timeline[i].part != STEP_DOOR)
            n += x->timeline[i].n_evidence;
    return n < 1 ? 1 : n > MOST ? MOST : (int64_t)n;
}

static void write_observed(struct telling *t)
{
    id_list observed = {0};
    for (size_t i = 0; i < t->x->n_actors; i++) {
        const struct incident_actor *actor = &t->x->actors[i];
        if (actor->role == ROLE_DOOR)
            continue;
        write_account(t, &observed, actor->principal);
        for (size_t k = 0; k < actor->n_addresses; k++)
            write_address(t, &observed, actor->addresses[k]);
    }
    t->observed = id_in(t, "observed-data", STR("evidence"));
    if (observed.n && stix_open(t->pen, "observed-data", &t->observed)) {
        t->any_observed = true;
        stix_common(t->pen, &t->s->author, t->first, t->last);
        stix_time(t->pen, "first_observed", t->first);
        stix_time(t->pen, "last_observed", t->last);
        json_key_number(&t->pen->w, STR("number_observed"), count_evidence(t->x));
        json_key(&t->pen->w, STR("object_refs"));
        json_open_array(&t->pen->w);
        for (size_t i = 0; i < observed.n; i++)
            json_string(&t->pen->w, stix_id_str(&observed.items[i]));
        json_close_array(&t->pen->w);
        stix_close(t->pen);
        refer(t, &t->observed);
    }
    for (size_t i = 0; i < observed.n; i++)
        refer(t, &observed.items[i]);
    vec_fini(&observed);
}

// --- what to look for elsewhere --------------------------------------------------------------------------------------------------

static void write_indicator(struct telling *t, const struct incident_indicator *indicator)
{
    struct incident_indicator clean = {indicator->type, stix_clean(&t->arena, indicator->value)};
    struct buf pattern;
    buf_init(&pattern, SIZE_MAX);
    if (clean.value.len <= STIX_TEXT_MAX / 4 && stix_pattern(&pattern, &clean)) {
        struct stix_id id = id_in(t, "indicator", buf_str(&pattern));
        if (stix_open(t->pen, "indicator", &id)) {
            stix_common(t->pen, &t->s->author, t->first, t->first);
            stix_text(t->pen, "name", arena_printf(&t->arena, "%.*s %.*s", STR_ARG(clean.type), STR_ARG(clean.value)));
            json_key(&t->pen->w, STR("indicator_types"));
            json_open_array(&t->pen->w);
            json_string(&t->pen->w, STR("malicious-activity"));
            json_close_array(&t->pen->w);
            json_key_string(&t->pen->w, STR("pattern"), buf_str(&pattern)); // never cut
            stix_text(t->pen, "pattern_type", STR("stix"));
            stix_text(t->pen, "pattern_version", STR("2.1"));
            stix_time(t->pen, "valid_from", t->first);
            stix_close(t->pen);
        }
        refer(t, &id);
        relate(t, &id, "indicates", &t->campaign);
        if (t->any_observed)
            relate(t, &id, "based-on", &t->observed);
    } else {
        t->untold++;
    }
    buf_fini(&pattern);
}

static void write_fix(struct telling *t, const struct incident_fix *fix)
{
    struct attack attacks[ATTACK_MAX];
    if (!fix->chosen || !fix->fix.len)
        return;
    struct stix_id id = id_in(t, "course-of-action", fix->fix);
    if (stix_open(t->pen, "course-of-action", &id)) {
        stix_common(t->pen, &t->s->author, t->first, t->first);
        stix_text(t->pen, "name", fix->fix);
        stix_text(t->pen, "description", fix->command);
        stix_close(t->pen);
    }
    refer(t, &id);
    size_t n = fix->first_step < t->x->n_timeline ? attack_of(t->s->techniques, &t->x->timeline[fix->first_step], attacks) : 0;
    for (size_t i = 0; i < n; i++) {
        struct stix_id technique = write_technique(t, &attacks[i]);
        relate(t, &id, "mitigates", &technique);
    }
}

// --- the report ------------------------------------------------------------------------------------------------------------------

static struct str describe(struct telling *t)
{
    struct buf b;
    buf_init(&b, SIZE_MAX);
    buf_addf(&b, "%.*s, severity %.*s, cluster %.*s.", STR_ARG(t->x->id), STR_ARG(rule_level_name(t->x->severity)),
             STR_ARG(str_slice(t->x->cluster, 0, STIX_TEXT_MAX / 8)));
    if (t->untold)
        buf_addf(&b,
                 " Indicators and accounts that are not in this bundle, because STIX has no pattern for them or they are too long: %llu.",
                 (unsigned long long)t->untold);
    for (size_t i = 0; i < t->x->n_timeline && b.len < STIX_TEXT_MAX; i++) {
        const struct incident_step *step = &t->x->timeline[i];
        if (step->part == STEP_DOOR)
            continue;
        buf_add_char(&b, '\n');
        if (step->time != TIME_NONE) {
            time_write(&b, step->time);
            buf_add_char(&b, ' ');
        }
        buf_add(&b, step->text);
    }
    struct str s = arena_str(&t->arena, buf_str(&b));
    buf_fini(&b);
    return s;
}

static void write_report(struct telling *t)
{
    struct stix_id id = id_in(t, "report", STR("story"));
    if (!stix_open(t->pen, "report", &id))
        return;
    stix_common(t->pen, &t->s->author, t->first, t->last);
    stix_text(t->pen, "name", t->x->title);
    stix_text(t->pen, "description", describe(t));
    json_key(&t->pen->w, STR("report_types"));
    json_open_array(&t->pen->w);
    json_string(&t->pen->w, STR("campaign"));
    json_string(&t->pen->w, STR("indicator"));
    json_close_array(&t->pen->w);
    stix_time(t->pen, "published", t->last);
    json_key(&t->pen->w, STR("object_refs"));
    json_open_array(&t->pen->w);
    for (size_t i = 0; i < t->refs.n; i++)
        json_string(&t->pen->w, stix_id_str(&t->refs.items[i]));
    json_close_array(&t->pen->w);
    stix_close(t->pen);
}

void stix_incident(struct stix *s, const struct incident *x)
{
    struct telling t = {.s = s, .pen = &s->pen, .x = x, .first = x->first, .last = x->last};
    if (s->pen.out.len > STIX_BYTES_MAX) {
        s->left_out++;
        return;
    }
    arena_init(&t.arena, ARENA_UNLIMITED);
    t.key = key_of(&t.arena, x->id, x->cluster);
    if (t.first == TIME_NONE)
        t.first = STIX_CREATED;
    if (t.last < t.first)
        t.last = t.first;
    t.campaign = campaign_id(&t.arena, t.key);
    write_campaign(&t);
    refer(&t, &t.campaign);
    write_cluster(&t);
    write_observed(&t);
    for (size_t i = 0; i < x->n_timeline; i++)
        write_step(&t, &x->timeline[i]);
    for (size_t i = 0; i < x->n_indicators; i++)
        write_indicator(&t, &x->indicators[i]);
    for (size_t i = 0; i < x->n_prevention; i++)
        write_fix(&t, &x->prevention[i]);
    write_report(&t);
    vec_fini(&t.refs);
    map_fini(&t.referred);
    arena_fini(&t.arena);
}

// --- campaigns -------------------------------------------------------------------------------------------------------------------

static void write_set(struct stix *s, struct arena *a, const struct campaign *c, const struct stix_id *id, int64_t first, int64_t last)
{
    if (!stix_open(&s->pen, "intrusion-set", id))
        return;
    stix_common(&s->pen, &s->author, first, last);
    stix_text(&s->pen, "name", arena_printf(a, "%.*s: intrusions into %zu clusters", STR_ARG(c->id), c->n_clusters));
    stix_text(&s->pen, "description",
              arena_printf(a, "severity %.*s; into most clusters by: %.*s", STR_ARG(rule_level_name(c->severity)),
                           STR_ARG(c->vector.len ? c->vector : STR("unknown"))));
    stix_time(&s->pen, "first_seen", first);
    stix_time(&s->pen, "last_seen", last);
    stix_close(&s->pen);
}

// An incident that found no room has no object to refer to.
void stix_campaign(struct stix *s, const struct campaign *c)
{
    struct arena a;
    int64_t first = c->first == TIME_NONE ? STIX_CREATED : c->first, last = c->last < first ? first : c->last;
    struct stix_id set = stix_id_of("intrusion-set", c->id);
    arena_init(&a, ARENA_UNLIMITED);
    write_set(s, &a, c, &set, first, last);
    for (size_t i = 0; i < c->n_incidents; i++) {
        struct stix_id id = campaign_id(&a, key_of(&a, c->incidents[i].id, c->incidents[i].cluster));
        if (map_get(&s->pen.seen, stix_id_str(&id)))
            (void)stix_relate(&s->pen, &s->author, first, &id, "attributed-to", &set);
    }
    arena_fini(&a);
}

uint64_t stix_write(struct stix *s, struct buf *out)
{
    json_close_array(&s->pen.w);
    struct json_writer w = json_writer_to(out);
    struct stix_id id = stix_id_of("bundle", buf_str(&s->pen.out)); // another content is another bundle
    json_open_object(&w);
    json_key_string(&w, STR("type"), STR("bundle"));
    json_key_string(&w, STR("id"), stix_id_str(&id));
    json_key(&w, STR("objects"));
    json_raw(&w, buf_str(&s->pen.out));
    json_close_object(&w);
    buf_add_char(out, '\n');
    return s->left_out;
}
