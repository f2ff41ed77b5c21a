// SPDX-License-Identifier: Apache-2.0
// Pods judged by the table of checks (pss_table.h).
#include "pod/pss_table.h"

enum { BLAMES_MAX = 12 }; // offenders named in one sentence; further ones are counted

// A check on a pod.
struct judging {
    const struct pod *pod;
    const struct pss_revision *revision;
    struct buf *why;
    size_t n; // of offenders
};

// Whom a clause looks at: a container, a volume, or neither: the pod.
struct looked_at {
    const struct json_value *container, *volume;
};

// --- what is said ----------------------------------------------------------------------------------------------------------------

static struct str name_of(const struct json_value *v)
{
    const struct str name = json_text(json_get(v, STR("name")));
    return name.ptr ? name : STR("without a name");
}

static void blame(struct judging *j, const struct pss_clause *c, struct looked_at at, struct str value)
{
    if (j->n++ >= BLAMES_MAX)
        return;
    buf_add(j->why, j->why->len ? STR("; ") : STR(""));
    buf_add(j->why, at.container ? STR("container ") : at.volume ? STR("volume ") : STR("pod"));
    if (at.container || at.volume)
        buf_add(j->why, str_slice(name_of(at.container ? at.container : at.volume), 0, 256));
    buf_addf(j->why, ": %s", c->text);
    if (value.ptr) {
        buf_add_char(j->why, ' ');
        buf_add(j->why, value.len ? str_slice(value, 0, 256) : STR("\"\""));
    }
}

// --- what is asked of values -----------------------------------------------------------------------------------------------------

static bool is_among(const struct str *words, struct str word)
{
    for (; words->ptr; words++) {
        if (str_eq(*words, word))
            return true;
    }
    return false;
}

static const struct str *words_of(const struct judging *j, const struct pss_clause *c)
{
    return c->words ? c->words : j->revision->allowed;
}

static struct str member_of(const struct json_value *v, const struct pss_clause *c)
{
    const struct str text = json_text(json_get(v, c->member));
    return text.ptr ? text : STR("");
}

static bool is_null(const struct json_value *v)
{
    return !v || v->kind == JSON_NULL;
}

static bool is_kind(const struct json_value *v, enum json_kind kind)
{
    return v && v->kind == kind;
}

static bool is_number(const struct json_value *v, double *out)
{
    return is_kind(v, JSON_NUMBER) && str_to_double(v->text, out);
}

// Whether a value is what must not be; *shown is what is said of it.
static bool is_bad(const struct judging *j, const struct pss_clause *c, const struct json_value *v, struct str *shown)
{
    double number;
    switch (c->test) {
    case PSS_IS_TRUE:
        return v->kind == JSON_TRUE;
    case PSS_IS_FALSE:
        return v->kind == JSON_FALSE;
    case PSS_IS_ZERO:
        return is_number(v, &number) && number == 0;
    case PSS_IS_NUMBER:
        *shown = v->text;
        return is_number(v, &number) && number != 0;
    case PSS_IS_PRESENT:
        *shown = json_text(json_get(v, c->member));
        return true;
    case PSS_IS_OTHER:
        *shown = c->member.ptr ? member_of(v, c) : json_text(v);
        return shown->ptr && !is_among(words_of(j, c), *shown);
    case PSS_IS_PROFILE:
        *shown = json_text(v);
        return shown->ptr && !is_among(words_of(j, c), *shown) && !str_starts(*shown, STR("localhost/"));
    default:
        return false;
    }
}

// Every value on the path; lists on the way are entered.
static void look_at_values(struct judging *j, const struct pss_clause *c, struct looked_at at, const struct json_value *v,
                           const struct str *keys)
{
    struct str shown = STR_NONE;
    if (is_null(v))
        return;
    if (v->kind == JSON_ARRAY) {
        for (const struct json_value *e = v->first; e; e = e->next)
            look_at_values(j, c, at, e, keys);
    } else if (keys->ptr) {
        look_at_values(j, c, at, json_get(v, keys[0]), keys + 1);
    } else if (is_bad(j, c, v, &shown)) {
        blame(j, c, at, shown);
    }
}

// --- what is asked of values that may be missing ---------------------------------------------------------------------------------

static bool lacks(const struct json_value *list, struct str word)
{
    for (const struct json_value *v = list ? list->first : NULL; v; v = v->next) {
        if (str_eq(json_text(v), word))
            return false;
    }
    return true;
}

static bool is_set_on_pod(const struct judging *j, const struct pss_clause *c)
{
    const struct json_value *v = json_at(j->pod->spec, c->path);
    return c->member.ptr ? !is_null(v) && is_among(words_of(j, c), member_of(v, c)) : is_kind(v, JSON_TRUE);
}

static bool is_unset(const struct judging *j, const struct pss_clause *c, const struct json_value *v)
{
    const bool here = c->member.ptr ? !is_null(v) : is_kind(v, JSON_TRUE) || is_kind(v, JSON_FALSE);
    return !here && !is_set_on_pod(j, c);
}

// A volume without a source is an emptyDir.
static bool is_of_other_kind(const struct judging *j, const struct pss_clause *c, const struct json_value *volume, struct str *shown)
{
    for (const struct json_value *m = is_kind(volume, JSON_OBJECT) ? volume->first : NULL; m; m = m->next) {
        if (is_null(m) || str_eq(m->key, STR("name")))
            continue;
        if (is_among(words_of(j, c), m->key))
            return false;
        *shown = m->key;
    }
    return shown->ptr;
}

static void look_at(struct judging *j, const struct pss_clause *c, struct looked_at at, const struct json_value *from)
{
    struct str shown = STR_NONE;
    bool bad = false;
    switch (c->test) {
    case PSS_IS_NOT_FALSE:
        bad = !is_kind(json_at(from, c->path), JSON_FALSE);
        break;
    case PSS_LACKS:
        bad = lacks(json_at(from, c->path), words_of(j, c)[0]);
        break;
    case PSS_IS_UNSET:
        bad = is_unset(j, c, json_at(from, c->path));
        break;
    case PSS_OTHER_KIND:
        bad = is_of_other_kind(j, c, from, &shown);
        break;
    default:
        look_at_values(j, c, at, from, c->path);
        return;
    }
    if (bad)
        blame(j, c, at, shown);
}

// --- annotations -----------------------------------------------------------------------------------------------------------------

static void look_at_annotation(struct judging *j, const struct pss_clause *c, struct looked_at at, const struct json_value *v)
{
    struct str shown = STR_NONE;
    if (v && is_bad(j, c, v, &shown))
        blame(j, c, at, shown);
}

static void look_at_annotations(struct judging *j, const struct pss_clause *c, const struct json_value *annotations)
{
    for (const struct json_value *m = is_kind(annotations, JSON_OBJECT) ? annotations->first : NULL; m; m = m->next) {
        if (c->subject == PSS_ANNOTATION ? str_eq(m->key, c->path[0]) : str_starts(m->key, c->path[0]))
            look_at_annotation(j, c, (struct looked_at){0}, m);
    }
}

static void look_at_container_annotation(struct judging *j, const struct pss_clause *c, const struct json_value *container)
{
    struct buf key;
    buf_init(&key, 1 << 20);
    buf_add(&key, c->path[0]);
    buf_add(&key, json_text(json_get(container, STR("name"))));
    look_at_annotation(j, c, (struct looked_at){.container = container},
                       json_get(json_get(j->pod->metadata, STR("annotations")), buf_str(&key)));
    buf_fini(&key);
}

// --- a pod -----------------------------------------------------------------------------------------------------------------------

static void judge_pod(struct judging *j, const struct pss_clause *c)
{
    if (c->subject == PSS_POD || c->subject == PSS_BOTH)
        look_at(j, c, (struct looked_at){0}, j->pod->spec);
    else if (c->subject == PSS_ANNOTATION || c->subject == PSS_ANNOTATIONS)
        look_at_annotations(j, c, json_get(j->pod->metadata, STR("annotations")));
}

static void judge_container(struct judging *j, const struct pss_clause *c, const struct json_value *container)
{
    if (c->subject == PSS_CONTAINERS || c->subject == PSS_BOTH)
        look_at(j, c, (struct looked_at){.container = container}, container);
    else if (c->subject == PSS_CONTAINER_ANNOTATION)
        look_at_container_annotation(j, c, container);
}

static void judge_volumes(struct judging *j, const struct pss_clause *c)
{
    const struct json_value *volumes = json_get(j->pod->spec, STR("volumes"));
    for (const struct json_value *v = volumes && c->subject == PSS_VOLUMES ? volumes->first : NULL; v; v = v->next)
        look_at(j, c, (struct looked_at){.volume = v}, v);
}

static void judge_all(struct judging *j)
{
    const struct pss_revision *r = j->revision;
    const struct json_value *container;
    for (size_t i = 0; i < r->n; i++)
        judge_pod(j, &r->clauses[i]);
    for (struct container_walk walk = {0}; (container = pod_next_container(j->pod, &walk));) {
        for (size_t i = 0; i < r->n; i++)
            judge_container(j, &r->clauses[i], container);
    }
    for (size_t i = 0; i < r->n; i++)
        judge_volumes(j, &r->clauses[i]);
}

static bool is_spared(const struct pod *pod, enum pss_spares spares)
{
    if (spares == PSS_SPARES_WINDOWS)
        return str_eq(json_text(json_get(json_get(pod->spec, STR("os")), STR("name"))), STR("windows"));
    return spares == PSS_SPARES_USER_NAMESPACES && is_false(pod->spec, STR("hostUsers"));
}

struct telling {
    const struct pod *pod;
    pss_tell_fn *tell;
    void *context;
    struct buf why;
};

static void tell_check(void *context, const struct pss_check *check, const struct pss_revision *r)
{
    struct telling *t = context;
    struct judging j = {.pod = t->pod, .revision = r, .why = &t->why};
    buf_clear(&t->why);
    if (!is_spared(t->pod, r->spares))
        judge_all(&j);
    if (j.n > BLAMES_MAX)
        buf_addf(&t->why, "; and %zu more", j.n - BLAMES_MAX);
    t->tell(t->context, check, buf_str(&t->why));
}

void pss_judge(enum pss_level level, unsigned minor, const struct pod *pod, pss_tell_fn *tell, void *context)
{
    struct telling t = {.pod = pod, .tell = tell, .context = context};
    buf_init(&t.why, 64 << 10);
    pss_each(level, minor, tell_check, &t);
    buf_fini(&t.why);
}

// --- levels and versions ---------------------------------------------------------------------------------------------------------

static const struct pss_revision *revision_of(const struct pss_entry *e, unsigned minor)
{
    const struct pss_revision *newest = NULL;
    for (size_t i = 0; i < PSS_REVISIONS && e->revisions[i].n; i++) {
        if (e->revisions[i].since <= minor)
            newest = &e->revisions[i];
    }
    return newest;
}

static bool is_replaced(const struct pss_entry *e, unsigned minor)
{
    size_t n;
    const struct pss_entry *entries = pss_entries(&n);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(entries[i].replaces, e->check.id) && revision_of(&entries[i], minor))
            return true;
    }
    return false;
}

void pss_each(enum pss_level level, unsigned minor, pss_each_fn *each, void *context)
{
    size_t n;
    const struct pss_entry *entries = pss_entries(&n);
    if (minor > PSS_NEWEST)
        minor = PSS_NEWEST;
    for (size_t i = 0; i < n; i++) {
        const struct pss_entry *e = &entries[i];
        const struct pss_revision *r = revision_of(e, minor);
        if (r && e->check.level <= level && !(level == PSS_RESTRICTED && e->check.level == PSS_BASELINE && is_replaced(e, minor)))
            each(context, &e->check, r);
    }
}

bool pss_parse_level(struct str text, enum pss_level *out)
{
    static const struct str levels[] = {
        [PSS_PRIVILEGED] = STR("privileged"), [PSS_BASELINE] = STR("baseline"), [PSS_RESTRICTED] = STR("restricted")};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (str_eq(text, levels[i]))
            return *out = (enum pss_level)i, true;
    }
    return false;
}

bool pss_parse_version(struct str text, unsigned *out_minor)
{
    uint64_t minor;
    *out_minor = PSS_NEWEST;
    if (str_eq(text, STR("latest")))
        return true;
    const struct str digits = str_slice(text, 3, text.len);
    if (!str_starts(text, STR("v1.")) || !str_to_u64(digits, &minor) || (digits.len > 1 && digits.ptr[0] == '0'))
        return false;
    *out_minor = minor < PSS_NEWEST ? (unsigned)minor : PSS_NEWEST;
    return true;
}

bool pss_parse_profile(struct str text, struct pss_profile *out)
{
    const struct str kind = str_split(&text, ':'), level = str_split(&text, ':');
    return str_eq(kind, STR("pss")) && pss_parse_level(level, &out->level) && text.ptr && pss_parse_version(text, &out->minor);
}
