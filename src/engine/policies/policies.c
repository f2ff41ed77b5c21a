// SPDX-License-Identifier: Apache-2.0
#include "engine/policies/policies.h"

#include "engine/controls/private.h"
#include "pod/pss_table.h"

#include <stdlib.h>

struct item {
    struct policies_item told;
    uint32_t rule; // of a control
};

struct policies {
    struct controls *controls;
    struct pack *lists; // those that are built in, where the controls are not
    struct arena arena;
    struct item *items;
    struct policies_item *told; // the same, for whoever asks
    size_t n;
    struct policies_refused *refused;
    size_t n_refused;
    struct policies_options options;
};

// --- kinds -----------------------------------------------------------------------------------------------------------------------

static struct str why_no_kind(struct str kind)
{
    static const struct {
        struct str kind, why;
    } known[] = {
        {STR("Grant"), STR("it is judged on bindings and roles together, and admission sees one object")},
        {STR("BuiltIn"), STR("it is judged against the roles that Kubernetes makes by itself")},
        {STR("Exposure"), STR("it is judged on Services, routes, policies and workloads together, and admission sees one object")},
        {STR("KubeletConfiguration"), STR("it is about a file, not an object that the API server stores")},
        {STR("Encryption"), STR("it is about a file, not an object that the API server stores")},
        {STR("AdmissionConfiguration"), STR("it is about a file, not an object that the API server stores")},
        {STR("PodSecurity"), STR("it is judged on Namespaces, what is in them and a file together; the labels are exported instead")},
        {STR("Config"), STR("it is about a file, not an object that the API server stores")},
        {STR("Endpoints"), STR("where an address lies is not to be told in CEL")},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_eq(known[i].kind, kind))
            return known[i].why;
    }
    return STR("it is about the flags of a program, whose pod the API server does not make");
}

// The kinds that a control is over; 0, and why, when one of them is nothing for admission.
static size_t kinds_of(struct policies *p, const struct control *control, const struct policy_kind ***out, struct str *why)
{
    size_t n_all, n = 0;
    const struct policy_kind *all = policy_kinds(&n_all);
    *out = arena_array(&p->arena, const struct policy_kind *, n_all + control->n_over);
    for (size_t i = 0; i < n_all && control->over_pods; i++) {
        if (all[i].pod[0].ptr)
            (*out)[n++] = &all[i];
    }
    for (size_t i = 0; i < control->n_over; i++) {
        const struct policy_kind *kind = policy_kind_find(control->over[i]);
        if (!kind) {
            *why = why_no_kind(control->over[i]);
            return 0;
        }
        (*out)[n++] = kind;
    }
    return n;
}

// --- documents -------------------------------------------------------------------------------------------------------------------

static bool same_place(const struct policy_kind *a, const struct policy_kind *b)
{
    for (size_t i = 0; i < 5; i++) {
        if (!str_eq(a->pod[i], b->pod[i]))
            return false;
    }
    return str_eq(a->spec, b->spec);
}

static struct str label_of(const struct policy_kind *kind)
{
    return kind->family.ptr ? kind->family : kind->resource;
}

static void name_documents(struct policies *p, struct str id, struct policies_document *documents, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str label = label_of(documents[i].kinds[0]);
        for (size_t j = 0; j < i; j++) {
            if (str_eq(label, label_of(documents[j].kinds[0])))
                label = documents[i].kinds[0]->resource;
        }
        documents[i].name = n > 1 ? arena_printf(&p->arena, "davy-%.*s-%.*s", STR_ARG(id), STR_ARG(label))
                                  : arena_printf(&p->arena, "davy-%.*s", STR_ARG(id));
    }
}

// Kinds of which the same is said in the same words share a document.
static void add_document(struct policies *p, struct policies_document *documents, size_t *n, const struct policy_kind *kind,
                         const struct cel_rule *rule, size_t n_kinds)
{
    struct policies_document *d = documents, *end = documents + *n;
    while (d < end && !(str_eq(d->rule.condition, rule->condition) && same_place(d->kinds[0], kind)))
        d++;
    if (d == end) {
        *d = (struct policies_document){.kinds = arena_array(&p->arena, const struct policy_kind *, n_kinds), .rule = *rule};
        ++*n;
    }
    d->kinds[d->n_kinds++] = kind;
}

static void add_refused(struct policies *p, const struct control *control, struct str why)
{
    p->refused[p->n_refused++] = (struct policies_refused){
        .control = control->score.control,
        .rule_id = p->controls->pack->rules->rules[control->rule].id,
        .why = why,
    };
}

// In CEL for every kind, or for none.
static size_t translate(struct policies *p, const struct control *control, struct policies_document **out, struct str *why)
{
    const struct rule *rule = &p->controls->pack->rules->rules[control->rule];
    const struct policy_kind **kinds;
    size_t n = 0;
    const size_t n_kinds = kinds_of(p, control, &kinds, why);
    *out = arena_array(&p->arena, struct policies_document, n_kinds + 1);
    if (control->name.ptr)
        *why = STR("it is about the object of one name");
    for (size_t i = 0; i < n_kinds && !why->ptr; i++) {
        struct cel_rule cel;
        cel_translate(&cel, &p->arena, p->controls->pack->dictionary, rule->condition, kinds[i]);
        if (cel.outcome == CEL_REFUSED)
            *why = cel.why;
        else if (cel.outcome == CEL_ALWAYS)
            *why = STR("it would refuse every object");
        else if (cel.outcome == CEL_SOME)
            add_document(p, *out, &n, kinds[i], &cel, n_kinds);
    }
    if (!n && !why->ptr)
        *why = STR("it can be about no object that the API server stores");
    return n;
}

static void add_control(struct policies *p, const struct control *control)
{
    const struct rule *rule = &p->controls->pack->rules->rules[control->rule];
    struct policies_document *documents;
    struct str why = STR_NONE;
    const size_t n = translate(p, control, &documents, &why);
    if (why.ptr) {
        add_refused(p, control, why);
        return;
    }
    name_documents(p, control->score.control.id, documents, n);
    p->items[p->n++] = (struct item){
        .told = {.control = control->score.control,
                 .rule_id = rule->id,
                 .why = str_trim(rule->description),
                 .fix = str_trim(rule->advice),
                 .documents = documents,
                 .n_documents = n},
        .rule = control->rule,
    };
}

static bool is_wanted(const struct policies_options *options, const struct finding_control *control)
{
    if (control->severity < options->least)
        return false;
    for (size_t i = 0; i < options->n_only; i++) {
        if (str_eq(options->only[i], control->id))
            return true;
    }
    return !options->n_only;
}

// --- checks of Pod Security ------------------------------------------------------------------------------------------------------

// Names of objects are of lower case, and without underscores.
static struct str name_of_check(struct policies *p, struct str id)
{
    char *name = arena_alloc(&p->arena, id.len + 1);
    for (size_t i = 0; i < id.len; i++)
        name[i] = id.ptr[i] == '_' ? '-' : char_lower(id.ptr[i]);
    return arena_printf(&p->arena, "pss-%.*s", (int)id.len, name);
}

static void add_check(void *context, const struct pss_check *check, const struct pss_revision *revision)
{
    struct policies *p = context;
    static const char *const levels[] = {[PSS_PRIVILEGED] = "privileged", [PSS_BASELINE] = "baseline", [PSS_RESTRICTED] = "restricted"};
    const struct finding_control control = {
        .id = check->id, .title = check->title, .severity = check->level == PSS_BASELINE ? SEVERITY_HIGH : SEVERITY_MEDIUM};
    size_t n_kinds, n = 0;
    const struct policy_kind *kinds = policy_kinds(&n_kinds);
    struct policies_document *documents = arena_array(&p->arena, struct policies_document, n_kinds);
    if (!is_wanted(&p->options, &control))
        return;
    for (size_t i = 0; i < n_kinds; i++) {
        struct cel_rule cel;
        if (!kinds[i].pod[0].ptr)
            continue;
        cel_pod_security(&cel, &p->arena, revision, &kinds[i]);
        add_document(p, documents, &n, &kinds[i], &cel, n_kinds);
    }
    name_documents(p, name_of_check(p, check->id), documents, n);
    p->items[p->n++].told = (struct policies_item){
        .control = control,
        .why = arena_printf(&p->arena, "the Pod Security Standard %s asks for it, as of Kubernetes 1.%u", levels[check->level],
                            p->options.profile.minor),
        .fix = check->fix,
        .documents = documents,
        .n_documents = n,
    };
}

// --- loading ---------------------------------------------------------------------------------------------------------------------

static int by_id(const void *a, const void *b)
{
    return str_cmp(((const struct item *)a)->told.control.id, ((const struct item *)b)->told.control.id);
}

static int refused_by_id(const void *a, const void *b)
{
    return str_cmp(((const struct policies_refused *)a)->control.id, ((const struct policies_refused *)b)->control.id);
}

struct sought {
    struct str id;
    bool found;
};

static void seek_check(void *context, const struct pss_check *check, const struct pss_revision *revision)
{
    struct sought *s = context;
    (void)revision;
    s->found = s->found || str_eq(check->id, s->id);
}

static bool is_there(const struct controls *c, const struct policies_options *options, struct str id)
{
    struct sought sought = {.id = id};
    if (options->pod_security) {
        pss_each(options->profile.level, options->profile.minor, seek_check, &sought);
        return sought.found;
    }
    for (size_t i = 0; i < c->n + c->n_admissions; i++) {
        const struct control *control = i < c->n ? &c->items[i] : &c->admissions[i - c->n];
        if (str_eq(control->score.control.id, id))
            return true;
    }
    return false;
}

static status check_wanted(const struct policies *p, const struct policies_options *options, struct diags *diags)
{
    for (size_t i = 0; i < options->n_only; i++) {
        if (is_there(p->controls, options, options->only[i]))
            continue;
        diags_add(diags, DIAG_ERROR, NULL, "there is no %s '%.*s'", options->pod_security ? "check of that level and version" : "control",
                  STR_ARG(options->only[i]));
        return ST_USAGE;
    }
    return ST_OK;
}

enum { CHECKS_MAX = 64 };

static void add_all(struct policies *p, const struct policies_options *options)
{
    const struct controls *c = p->controls;
    const size_t n = options->pod_security ? 0 : c->n + c->n_admissions;
    p->items = arena_array(&p->arena, struct item, n + CHECKS_MAX);
    p->refused = arena_array(&p->arena, struct policies_refused, n);
    for (size_t i = 0; i < n; i++) {
        const struct control *control = i < c->n ? &c->items[i] : &c->admissions[i - c->n];
        if (is_wanted(options, &control->score.control))
            add_control(p, control);
    }
    if (options->pod_security)
        pss_each(options->profile.level, options->profile.minor, add_check, p);
    qsort(p->items, p->n, sizeof *p->items, by_id);
    qsort(p->refused, p->n_refused, sizeof *p->refused, refused_by_id);
    p->told = arena_array(&p->arena, struct policies_item, p->n + 1);
    for (size_t i = 0; i < p->n; i++)
        p->told[i] = p->items[i].told;
}

status policies_load(struct policies **out, struct policies_options options, struct diags *diags)
{
    struct policies *p = must_alloc(calloc(1, sizeof *p));
    const struct controls_options wanted = {.paths = options.paths,
                                            .n_paths = options.n_paths,
                                            .registries = options.registries,
                                            .n_registries = options.n_registries,
                                            .registry = options.registry};
    *out = NULL;
    p->options = options;
    arena_init(&p->arena, ARENA_UNLIMITED);
    status result = controls_load(&p->controls, wanted, diags);
    const struct pack_options lists = {.stream = STR("posture"), .registry = options.registry};
    if (result == ST_OK && options.n_paths)
        result = pack_load(&p->lists, &lists, diags);
    if (result == ST_OK)
        result = check_wanted(p, &options, diags);
    if (result != ST_OK) {
        policies_free(p);
        return result;
    }
    add_all(p, &options);
    *out = p;
    return ST_OK;
}

void policies_free(struct policies *p)
{
    if (!p)
        return;
    controls_free(p->controls);
    pack_free(p->lists);
    arena_fini(&p->arena);
    free(p);
}

struct str policies_registry(const struct policies *p)
{
    return p->options.registry;
}

const struct policies_item *policies_items(const struct policies *p, size_t *n)
{
    *n = p->n;
    return p->told;
}

const struct policies_refused *policies_refused(const struct policies *p, size_t *n)
{
    *n = p->n_refused;
    return p->refused;
}

// --- judging ---------------------------------------------------------------------------------------------------------------------

bool policies_is_over(const struct policies_item *item, const struct policy_kind *kind)
{
    for (size_t i = 0; i < item->n_documents; i++) {
        for (size_t k = 0; k < item->documents[i].n_kinds; k++) {
            if (item->documents[i].kinds[k] == kind)
                return true;
        }
    }
    return false;
}

static void judge_controls(struct policies *p, const struct policy_kind *kind, struct str json, policies_hit_fn *hit, void *context)
{
    struct json_error error;
    size_t n;
    if (matcher_record(p->controls->matcher, json, &error) != JSON_OK)
        return;
    const uint32_t *hits = matcher_hits(p->controls->matcher, &n);
    for (size_t i = 0; i < p->n; i++) {
        if (!policies_is_over(&p->items[i].told, kind))
            continue;
        for (size_t k = 0; k < n; k++) {
            if (hits[k] == p->items[i].rule)
                hit(context, i);
        }
    }
}

struct check_hits {
    struct policies *policies;
    policies_hit_fn *hit;
    void *context;
};

static void tell_check(void *context, const struct pss_check *check, struct str why)
{
    const struct check_hits *h = context;
    for (size_t i = 0; i < h->policies->n && why.len; i++) {
        if (str_eq(h->policies->told[i].control.id, check->id))
            h->hit(h->context, i);
    }
}

void policies_judge(struct policies *p, const struct policy_kind *kind, const struct json_value *tree, struct str json,
                    policies_hit_fn *hit, void *context)
{
    struct check_hits h = {p, hit, context};
    struct pod pod;
    if (!p->options.pod_security)
        judge_controls(p, kind, json, hit, context);
    else if (pod_of(tree, json_text(json_get(tree, STR("apiVersion"))), kind->kind, &pod))
        pss_judge(p->options.profile.level, p->options.profile.minor, &pod, tell_check, &h);
}

bool policies_is_page(const struct policies *p, struct str name)
{
    static const struct str lists[] = {STR("dashboard_names"), STR("sensitive_services")};
    const struct placeholders *all = &(p->lists ? p->lists : p->controls->pack)->placeholders;
    struct arena scratch;
    bool found = false;
    arena_init(&scratch, ARENA_UNLIMITED);
    const struct str lower = arena_lower(&scratch, name);
    for (size_t i = 0; i < all->n; i++) {
        if (!str_eq(all->items[i].name, lists[0]) && !str_eq(all->items[i].name, lists[1]))
            continue;
        for (size_t v = 0; v < all->items[i].n && !found; v++)
            found = str_glob(lower, arena_lower(&scratch, all->items[i].values[v]));
    }
    arena_fini(&scratch);
    return found;
}
