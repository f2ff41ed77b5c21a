// SPDX-License-Identifier: Apache-2.0
// By which way an intruder reached a page that acts on the cluster (a dashboard, a notebook server, ...): what speaks for each way,
// what against it, and which log would settle it. The audit log shows the page's own account and address, not who sat before it.
#include "incident/conclude.h"
#include "incident/hands.h"

enum { NEAR_MINUTES = 15 };

enum way { WAY_EXPOSED, WAY_CONTAINER, WAY_NAVIGATION, WAY_TOKEN, WAYS };

static const struct str way_names[WAYS] = {
    [WAY_EXPOSED] = STR("exposed"),
    [WAY_CONTAINER] = STR("compromised_container"),
    [WAY_NAVIGATION] = STR("legitimate_navigation"),
    [WAY_TOKEN] = STR("stolen_token"),
};

struct weighing {
    struct group *g;
    const struct incident_page *page; // an empty one: a workload that is no page which is known
    const struct actor *entry;        // who acted first
    struct str namespace, name;       // of the page's account
    int64_t start;
    str_list pro[WAYS], contra[WAYS], missing[WAYS];
    VEC(struct evidence) evidence[WAYS];
    bool in_log; // the log shows what opens it
    bool stands; // a way that the objects given show, and the log does not
    bool seen;   // they hold the page, open or not
    bool inside; // somebody was in the very workload
    str_list shut;
};

static struct str account_part(struct str principal, bool namespace)
{
    struct str rest = str_slice(principal, sizeof "system:serviceaccount:" - 1, principal.len);
    struct str first = str_split(&rest, ':');
    return namespace ? first : rest;
}

// Whether an object belongs to the page: named after its account, or as such pages are.
static bool is_of_interface(const struct weighing *w, struct str namespace, struct str name)
{
    if (!name.ptr || (namespace.ptr && !str_eq(namespace, w->namespace)))
        return false;
    return str_starts(name, w->name) || page_has(w->g->q, w->page, name);
}

static bool is_label_of_interface(const struct weighing *w, struct str namespace, struct str label)
{
    return is_of_interface(w, namespace, label) || (str_eq(namespace, w->namespace) && page_labelled(w->g->q, w->page, label));
}

static bool is_known(const struct weighing *w)
{
    return w->page->program.len > 0;
}

static bool says_door(const struct weighing *w, const struct fact *f)
{
    if (!is_known(w)) // whatever it opens is another's
        return false;
    for (size_t i = 0; i < f->n_rules; i++)
        if (has_tag(f->rules[i], STR("davy.door")))
            return true;
    return false;
}

// --- exposed -----------------------------------------------------------------------------------------------------------------------

static bool is_open_service(const struct fact *f)
{
    struct str type = body_first(f, BODY_SERVICE_TYPE);
    return str_eq(type, STR("LoadBalancer")) || str_eq(type, STR("NodePort")) || body_first(f, BODY_SERVICE_EXTERNALIPS).ptr;
}

// Whatever a Service is called, the labels it selects say whose pods it leads to.
static bool selects(const struct weighing *w, const struct fact *f)
{
    for (size_t i = 0; f->body && i < f->body->texts[BODY_SERVICE_SELECTOR].n; i++)
        if (is_label_of_interface(w, f->action.namespace, f->body->texts[BODY_SERVICE_SELECTOR].items[i]))
            return true;
    return false;
}

static bool is_route(struct str resource)
{
    static const struct str routes[] = {STR("ingresses"),       STR("httproutes"), STR("grpcroutes"),
                                        STR("virtualservices"), STR("routes"),     STR("ingressroutes")};
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (str_eq(resource, routes[i]))
            return true;
    return false;
}

// What a route leads to. It may stand in another namespace, with the Gateway, and then names the Service's: beside it, or behind a dot.
static bool leads_to_page(const struct weighing *w, const struct fact *f)
{
    for (size_t i = 0; f->body && i < f->body->texts[BODY_INGRESS_BACKEND].n; i++) {
        struct str rest = f->body->texts[BODY_INGRESS_BACKEND].items[i], name = str_split(&rest, '.'), home = str_split(&rest, '.');
        if (!home.len)
            home = body_has(f, BODY_INGRESS_NAMESPACE, w->namespace) ? w->namespace : f->action.namespace;
        if (is_of_interface(w, home, name))
            return true;
    }
    return false;
}

// A Service or route that opens the page. With no body logged, the rule that recognised it is believed.
static bool opens(const struct weighing *w, const struct fact *f)
{
    const struct event_action *a = &f->action;
    if (!fact_done(f) || !fact_writes(f) || a->subresource.ptr)
        return false;
    if (str_eq(a->resource, STR("services")))
        return is_open_service(f) && (is_of_interface(w, a->namespace, a->name) || selects(w, f) || says_door(w, f));
    return is_route(a->resource) && (is_of_interface(w, a->namespace, a->name) || says_door(w, f) || leads_to_page(w, f));
}

static bool closes(const struct weighing *w, const struct fact *f)
{
    return fact_done(f) && str_eq(f->action.verb, STR("delete")) && str_eq(f->action.resource, STR("services")) &&
           is_of_interface(w, f->action.namespace, f->action.name);
}

static void note_opening(struct weighing *w, struct str resource, struct str namespace, struct str name)
{
    struct incident_vector *v = &w->g->out->vector;
    v->opened_resource = resource;
    v->opened_namespace = namespace;
    v->opened_name = name;
}

static void weigh_exposed(struct weighing *w, struct fact *f)
{
    struct arena *a = w->g->arena;
    struct str type = body_first(f, BODY_SERVICE_TYPE);
    struct str object = object_words(a, f->action.resource, f->action.namespace, f->action.name);
    if (closes(w, f)) {
        list_addf(&w->contra[WAY_EXPOSED], a, "%.*s was deleted at %.*s", STR_ARG(object), STR_ARG(time_words(a, f->time)));
        return;
    }
    if (!opens(w, f))
        return;
    list_addf(&w->pro[WAY_EXPOSED], a, "%.*s leads to it%s%.*s: set by %.*s at %.*s", STR_ARG(object), type.ptr ? ", type " : "",
              STR_ARG(type), STR_ARG(f->actor->principal), STR_ARG(time_words(a, f->time)));
    *vec_push(&w->evidence[WAY_EXPOSED]) = f->at;
    note_opening(w, f->action.resource, f->action.namespace, f->action.name);
    w->in_log = true;
    if (!f->tainted)
        *vec_push(&w->g->doors) = f;
}

// What the log tells of an object is better than how it stands now.
static bool is_in_log(const struct weighing *w, const struct standing_way *way)
{
    for (size_t i = 0; i < w->g->q->facts.n; i++) {
        const struct fact *f = w->g->q->facts.items[i];
        if (fact_when(w->g->q, f) <= w->start && opens(w, f) && str_eq(f->action.resource, way->resource) &&
            str_eq(f->action.namespace, way->namespace) && str_eq(f->action.name, way->name))
            return true;
    }
    return false;
}

// A dump is younger than the log: what was made after the intrusion began did not let anybody in.
static void weigh_standing(void *context, const struct standing_way *way, enum opening opening)
{
    struct weighing *w = context;
    struct arena *a = w->g->arena;
    bool later = way->object.created != TIME_NONE && way->object.created > w->start;
    w->seen = true;
    if (later || is_in_log(w, way))
        return;
    struct str text = arena_printf(a, "%.*s; %.*s", STR_ARG(way->text), STR_ARG(standing_words(a, &way->object)));
    if (opening == OPENING_CLOSED) {
        *vec_push(&w->shut) = text;
    } else if (opening != OPENING_OPEN) {
        list_addf(&w->missing[WAY_EXPOSED], a, "whether somebody could come this way: %.*s", STR_ARG(text));
    } else {
        list_addf(&w->pro[WAY_EXPOSED], a, "%.*s", STR_ARG(text));
        *vec_push(&w->evidence[WAY_EXPOSED]) =
            (struct evidence){.file = way->object.file, .line = way->object.line, .time = way->object.created};
        note_opening(w, way->resource, way->namespace, way->name);
        w->stands = true;
    }
}

// With a way that is open, or may be, those that are shut mean nothing.
static void weigh_shut(struct weighing *w)
{
    bool may_be_open = w->pro[WAY_EXPOSED].n || w->missing[WAY_EXPOSED].n;
    for (size_t i = 0; i < w->shut.n && !may_be_open; i++)
        *vec_push(&w->contra[WAY_EXPOSED]) = w->shut.items[i];
    vec_fini(&w->shut);
}

// --- through the API server --------------------------------------------------------------------------------------------------------

static void weigh_navigation(struct weighing *w, const struct fact *f)
{
    const struct event_action *a = &f->action;
    struct arena *arena = w->g->arena;
    bool reaches = str_eq(a->subresource, STR("proxy")) || str_eq(a->subresource, STR("portforward"));
    if (!reaches || f->tainted || !is_of_interface(w, a->namespace, a->name) || !(fact_done(f) || a->code == 0) ||
        f->actor->kind == ACTOR_COMPONENT || time_between(fact_when(w->g->q, f), w->start) > NEAR_MINUTES * 60 * NS_PER_SECOND)
        return;
    list_addf(&w->pro[WAY_NAVIGATION], arena, "%.*s reached %.*s through the API server (%.*s) at %.*s", STR_ARG(f->actor->principal),
              STR_ARG(object_words(arena, a->resource, a->namespace, a->name)), STR_ARG(a->subresource),
              STR_ARG(time_words(arena, f->time)));
    *vec_push(&w->evidence[WAY_NAVIGATION]) = f->at;
}

// --- the token alone ---------------------------------------------------------------------------------------------------------------

static struct str agent_product(struct inquiry *q, struct str agent)
{
    const struct transform *product = transform_find(STR("agent_product"));
    struct transform_out out = {.arena = &q->scratch};
    if (product && agent.ptr)
        product->apply(agent, &out);
    return out.n ? out.items[0] : STR_NONE;
}

enum caller { CALLER_PAGE, CALLER_OTHER, CALLER_UNKNOWN };

static bool was_used_before(const struct weighing *w, struct str agent)
{
    for (size_t i = 0; i < w->entry->person->actors.n; i++) {
        const fact_list *facts = &w->entry->person->actors.items[i]->facts;
        for (size_t k = 0; k < facts->n; k++)
            if (!facts->items[k]->tainted && fact_when(w->g->q, facts->items[k]) < w->start && same(facts->items[k]->agent, agent))
                return true;
    }
    return false;
}

static bool has_worked_before(const struct weighing *w)
{
    for (size_t i = 0; i < w->entry->person->actors.n; i++)
        for (size_t k = 0; k < w->entry->person->actors.items[i]->facts.n; k++)
            if (!w->entry->person->actors.items[i]->facts.items[k]->tainted)
                return true;
    return false;
}

// Whether the page's own program called: by the product that it is known to call itself, or by what its account called with before.
static enum caller caller_of(const struct weighing *w, struct str agent)
{
    if (page_calls_as(w->g->q, w->page, agent_product(w->g->q, agent)) || was_used_before(w, agent))
        return CALLER_PAGE;
    return page_agents_known(w->g->q, w->page) || has_worked_before(w) ? CALLER_OTHER : CALLER_UNKNOWN;
}

static void weigh_callers(struct weighing *w)
{
    struct arena *a = w->g->arena;
    size_t n[CALLER_UNKNOWN + 1] = {0};
    for (size_t i = 0; i < w->entry->facts.n; i++) {
        const struct fact *f = w->entry->facts.items[i];
        enum caller caller = f->tainted ? caller_of(w, f->agent) : CALLER_PAGE;
        n[caller] += f->tainted;
        if (caller == CALLER_OTHER && n[caller] == 1)
            list_addf(&w->pro[WAY_TOKEN], a, "its account was used with %.*s, which is not the page's own program", STR_ARG(f->agent));
    }
    if (n[CALLER_UNKNOWN])
        list_addf(&w->missing[WAY_TOKEN], a, "what the page's own program calls itself (an older log)");
    else if (!n[CALLER_OTHER])
        list_addf(&w->contra[WAY_TOKEN], a, "all %zu calls came from %.*s with the page's own user agent", n[CALLER_PAGE],
                  STR_ARG(w->entry->address));
}

static void weigh_token(struct weighing *w)
{
    struct arena *a = w->g->arena;
    weigh_callers(w);
    for (size_t i = 0; i < w->entry->person->actors.n; i++) {
        const struct actor *home = w->entry->person->actors.items[i];
        if (home != w->entry && home->first < w->entry->first)
            list_addf(&w->pro[WAY_TOKEN], a, "its account was used from %.*s; until then from %.*s", STR_ARG(w->entry->address),
                      STR_ARG(home->address));
    }
}

static void weigh_reading(struct weighing *w, const struct fact *f)
{
    struct arena *a = w->g->arena;
    if (f->actor == w->entry || !fact_done(f) || !str_eq(f->action.namespace, w->namespace))
        return;
    bool token = str_eq(f->action.resource, STR("serviceaccounts")) && str_eq(f->action.subresource, STR("token")) &&
                 str_eq(f->action.name, w->name);
    bool secret = str_eq(f->action.resource, STR("secrets")) && str_eq(f->action.verb, STR("get")) &&
                  str_starts(f->action.name, arena_printf(&w->g->q->scratch, "%.*s-token-", STR_ARG(w->name)));
    if ((token || secret) && f->actor->kind != ACTOR_COMPONENT) {
        list_addf(&w->pro[WAY_TOKEN], a, "its token was read or requested by %.*s at %.*s", STR_ARG(f->actor->principal),
                  STR_ARG(time_words(a, f->time)));
        *vec_push(&w->evidence[WAY_TOKEN]) = f->at;
    }
}

// A workload that is no page: a tool that its program is not, at its own address, is somebody inside of it.
static void weigh_tool(struct weighing *w)
{
    for (size_t i = 0; i < w->entry->facts.n; i++) {
        const struct fact *f = w->entry->facts.items[i];
        if (!f->tainted || !hand_is_foreign(f))
            continue;
        list_addf(&w->pro[WAY_CONTAINER], w->g->arena,
                  "its account was used with %.*s from %.*s, where it is at home; its own program calls itself otherwise",
                  STR_ARG(f->agent), STR_ARG(w->entry->address));
        *vec_push(&w->evidence[WAY_CONTAINER]) = f->at;
        w->inside = true;
        return;
    }
    list_addf(&w->contra[WAY_TOKEN], w->g->arena, "all its calls came from %.*s, where it is at home, with its own program's user agent",
              STR_ARG(w->entry->address));
}

// --- from a container --------------------------------------------------------------------------------------------------------------

static void weigh_container(struct weighing *w, const struct fact *f)
{
    struct arena *a = w->g->arena;
    if (act_of(f) != ACT_EXEC || !fact_done(f) || f->actor == w->entry || !f->n_rules || f->rules[0]->level < LEVEL_MEDIUM)
        return;
    list_addf(&w->pro[WAY_CONTAINER], a, "%.*s %.*s at %.*s", STR_ARG(f->actor->principal), STR_ARG(act_text(a, f)),
              STR_ARG(time_words(a, f->time)));
    *vec_push(&w->evidence[WAY_CONTAINER]) = f->at;
}

// A process that is malicious, or came from something that is, and connected to the page.
static void weigh_process(struct weighing *w, const struct process *p)
{
    struct arena *a = w->g->arena;
    if (!p->address.ptr || !same(p->address, w->entry->address) || !(p->tainted || p->n_rules) || p->at.time == TIME_NONE ||
        p->at.time > w->start)
        return;
    struct str where = p->pod.ptr ? object_words(a, STR("pods"), p->namespace, p->pod) : object_words(a, STR("nodes"), STR_NONE, p->node);
    list_addf(&w->pro[WAY_CONTAINER], a, "%.*s in %.*s connected to it at %.*s", STR_ARG(p->command.ptr ? p->command : p->name),
              STR_ARG(where), STR_ARG(time_words(a, p->at.time)));
    *vec_push(&w->evidence[WAY_CONTAINER]) = p->at;
}

// --- the verdict -------------------------------------------------------------------------------------------------------------------

static void say_missing(struct weighing *w)
{
    struct arena *a = w->g->arena;
    if (!w->pro[WAY_EXPOSED].n && !w->seen)
        list_addf(&w->missing[WAY_EXPOSED], a,
                  "the Services and Ingresses that lead to it (a dump of the cluster's objects, or a log from before they were made)");
    list_addf(&w->missing[WAY_EXPOSED], a, "the ingress or load balancer log, for the intruder's address");
    list_addf(&w->missing[WAY_CONTAINER], a, "host runtime events or a flow log: which pod connected to the page");
    if (!w->pro[WAY_NAVIGATION].n)
        list_addf(&w->contra[WAY_NAVIGATION], a, "no proxy or port-forward call to it in the %u minutes before", NEAR_MINUTES);
    else
        list_addf(&w->missing[WAY_NAVIGATION], a, "whether that person did it: ask");
}

// A way that has evidence while its rivals have none. A stolen token shows itself in who calls; the others are about who sat before the
// page.
static void judge(struct weighing *w)
{
    struct incident_vector *v = &w->g->out->vector;
    bool exposed = w->pro[WAY_EXPOSED].n && !w->contra[WAY_EXPOSED].n, container = w->pro[WAY_CONTAINER].n,
         navigated = w->pro[WAY_NAVIGATION].n;
    v->certainty = CERTAIN;
    if (w->inside)
        v->verdict = way_names[WAY_CONTAINER];
    else if (w->pro[WAY_TOKEN].n && !w->contra[WAY_TOKEN].n)
        v->verdict = way_names[WAY_TOKEN];
    else if (exposed && !container && !navigated)
        v->verdict = way_names[WAY_EXPOSED];
    else if (navigated && !exposed && !container)
        v->verdict = way_names[WAY_NAVIGATION];
    else if (container && !exposed && !navigated)
        v->verdict = way_names[WAY_CONTAINER];
    else
        v->verdict = STR("undecided");
    bool from_dump = str_eq(v->verdict, way_names[WAY_EXPOSED]) && w->stands && !w->in_log; // it may have been opened since
    if (str_eq(v->verdict, way_names[WAY_CONTAINER]) || from_dump || !is_known(w))          // whether it has a page at all
        v->certainty = INFERRED;
}

static void keep_hypotheses(struct weighing *w)
{
    struct incident_vector *v = &w->g->out->vector;
    for (size_t i = 0; i < WAYS; i++) {
        struct hypothesis *h = &v->hypotheses[v->n_hypotheses++];
        h->name = way_names[i];
        h->n_evidence = w->evidence[i].n;
        h->evidence = arena_array(w->g->arena, struct evidence, h->n_evidence);
        if (h->n_evidence)
            memcpy(h->evidence, w->evidence[i].items, h->n_evidence * sizeof *h->evidence);
        h->pro = list_keep(w->g->arena, &w->pro[i], &h->n_pro);
        h->contra = list_keep(w->g->arena, &w->contra[i], &h->n_contra);
        h->missing = list_keep(w->g->arena, &w->missing[i], &h->n_missing);
        vec_fini(&w->evidence[i]);
    }
}

// A workload is a page when it is known as one, or when somebody came to it from outside.
static void name_interface(struct weighing *w)
{
    struct incident_vector *v = &w->g->out->vector;
    bool reached = str_eq(v->verdict, way_names[WAY_EXPOSED]) || str_eq(v->verdict, way_names[WAY_NAVIGATION]);
    if (!is_known(w) && !reached)
        return;
    v->program = is_known(w) ? w->page->program : STR_NONE;
    v->interface = arena_printf(w->g->arena, "%.*s/%.*s", STR_ARG(w->namespace), STR_ARG(w->name));
}

static void weigh(struct group *g, const struct incident_page *page, const struct actor *entry, int64_t start)
{
    struct weighing w = {.g = g, .page = page, .entry = entry, .start = start};
    w.namespace = account_part(entry->principal, true);
    w.name = account_part(entry->principal, false);
    for (size_t i = 0; i < g->q->facts.n; i++) {
        struct fact *f = g->q->facts.items[i];
        if (fact_when(g->q, f) > start)
            continue;
        weigh_exposed(&w, f);
        weigh_navigation(&w, f);
        weigh_reading(&w, f);
        weigh_container(&w, f);
    }
    for (size_t i = 0; i < g->q->processes.n; i++)
        weigh_process(&w, g->q->processes.items[i]);
    page_ways(g->q, page, w.namespace, w.name, weigh_standing, &w);
    weigh_shut(&w);
    if (is_known(&w))
        weigh_token(&w);
    else
        weigh_tool(&w);
    say_missing(&w);
    judge(&w);
    name_interface(&w);
    keep_hypotheses(&w);
}

static const struct fact *first_act(const struct group *g)
{
    const struct fact *first = NULL;
    for (size_t i = 0; i < g->acts.n; i++)
        if (!first || fact_when(g->q, g->acts.items[i]) < fact_when(g->q, first))
            first = g->acts.items[i];
    return first;
}

void conclude_vector(struct group *g)
{
    struct incident_vector *v = &g->out->vector;
    const struct fact *first = first_act(g);
    v->verdict = STR("undecided");
    if (!first)
        return;
    const struct actor *entry = first->actor;
    const struct incident_page *page = page_of(g->q, entry->principal);
    if (page || (entry->kind == ACTOR_ACCOUNT && !entry->whole && !entry->planted)) {
        static const struct incident_page unknown = {0};
        weigh(g, page ? page : &unknown, entry, fact_when(g->q, first));
    } else if (entry->kind == ACTOR_NOBODY) {
        v->verdict = STR("anonymous_access");
    } else if (entry->whole) {
        v->verdict = STR("stolen_credential");
        v->certainty = INFERRED;
    }
}
