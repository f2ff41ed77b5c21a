// SPDX-License-Identifier: Apache-2.0
// How bad it is, whether a worm or a hand did it, and how far each of this is known.
#include "incident/conclude.h"

#include "base/status.h"

#include <stdlib.h>

// --- kinds of success ------------------------------------------------------------------------------------------------------------------

enum success { GOT_SECRETS, GOT_WORKLOAD, GOT_RIGHTS, GOT_INSIDE, GOT_DESTRUCTION, GOT_CREDENTIAL, SUCCESSES };

static const char *const success_words[SUCCESSES] = {
    [GOT_SECRETS] = "secrets were read",
    [GOT_WORKLOAD] = "workloads were started",
    [GOT_RIGHTS] = "rights were given",
    [GOT_INSIDE] = "containers were entered",
    [GOT_DESTRUCTION] = "objects or traces were removed",
    [GOT_CREDENTIAL] = "further credentials were made or taken",
};

static unsigned successes_of(const struct group *g)
{
    static const int of_act[] = {
        [ACT_READ_SECRETS] = GOT_SECRETS,
        [ACT_DEPLOY] = GOT_WORKLOAD,
        [ACT_SCHEDULE] = GOT_WORKLOAD,
        [ACT_GRANT] = GOT_RIGHTS,
        [ACT_EXEC] = GOT_INSIDE,
        [ACT_WIPE_EVENTS] = GOT_DESTRUCTION,
        [ACT_REMOVE] = GOT_DESTRUCTION,
        [ACT_TAKE_TOKEN] = GOT_CREDENTIAL,
        [ACT_REQUEST_CERTIFICATE] = GOT_CREDENTIAL,
        [ACT_HOOK] = GOT_RIGHTS,
        [ACT_ADD_ACCOUNT] = GOT_CREDENTIAL,
    };
    static const bool counts[ACTS] = {
        [ACT_READ_SECRETS] = true,
        [ACT_DEPLOY] = true,
        [ACT_SCHEDULE] = true,
        [ACT_GRANT] = true,
        [ACT_EXEC] = true,
        [ACT_REMOVE] = true,
        [ACT_WIPE_EVENTS] = true,
        [ACT_TAKE_TOKEN] = true,
        [ACT_HOOK] = true,
        [ACT_ADD_ACCOUNT] = true,
        [ACT_REQUEST_CERTIFICATE] = true,
    };
    unsigned got = 0;
    for (size_t i = 0; i < g->acts.n; i++) {
        enum act act = act_of(g->acts.items[i]);
        if (fact_done(g->acts.items[i]) && !g->acts.items[i]->action.dry_run && counts[act])
            got |= 1u << of_act[act];
    }
    return got;
}

static const struct rule *worst_rule(const struct group *g)
{
    const struct rule *worst = NULL;
    for (size_t i = 0; i < g->acts.n; i++)
        if (g->acts.items[i]->seed && g->acts.items[i]->n_rules && (!worst || g->acts.items[i]->rules[0]->level > worst->level))
            worst = g->acts.items[i]->rules[0];
    for (size_t i = 0; i < g->processes.n; i++)
        if (g->processes.items[i]->n_rules && (!worst || g->processes.items[i]->rules[0]->level > worst->level))
            worst = g->processes.items[i]->rules[0];
    return worst;
}

static void judge_severity(struct group *g)
{
    struct incident *out = g->out;
    str_list reasons = {0};
    const struct rule *worst = worst_rule(g);
    unsigned got = successes_of(g);
    out->severity = worst ? worst->level : LEVEL_HIGH;
    if (worst)
        list_addf(&reasons, g->arena, "an alert of level %.*s: %.*s", STR_ARG(rule_level_name(worst->level)), STR_ARG(worst->title));
    for (int i = 0; i < SUCCESSES; i++)
        if (got >> i & 1)
            list_addf(&reasons, g->arena, "%s", success_words[i]);
    if (g->processes.n)
        list_addf(&reasons, g->arena, "processes of the intruder are seen on nodes");
    if (__builtin_popcount(got) >= 2)
        out->severity = LEVEL_CRITICAL;
    out->severity_reasons = list_keep(g->arena, &reasons, &out->n_severity_reasons);
}

// --- a worm or a hand --------------------------------------------------------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t median_pause(const struct group *g)
{
    if (g->acts.n < 2)
        return TIME_NONE;
    size_t n = g->acts.n - 1;
    int64_t *pauses = must_alloc(calloc(n, sizeof *pauses));
    for (size_t i = 0; i < n; i++)
        pauses[i] = time_between(g->acts.items[i]->time, g->acts.items[i + 1]->time);
    qsort(pauses, n, sizeof *pauses, by_value);
    int64_t median = pauses[n / 2];
    free(pauses);
    return median;
}

static bool removes_rivals(const struct group *g)
{
    for (size_t i = 0; i < g->acts.n; i++) {
        const struct fact *f = g->acts.items[i];
        const struct thing *t =
            f->action.name.ptr && f->action.resource.ptr ? thing_find(g->q, f->action.resource, f->action.namespace, f->action.name) : NULL;
        if (act_of(f) == ACT_REMOVE && (!t || !t->made) && str_ends(f->action.resource, STR("s")) &&
            !str_eq(f->action.resource, STR("clusterrolebindings")))
            return true;
    }
    return false;
}

static bool goes_everywhere(const struct group *g)
{
    for (size_t i = 0; i < g->things.n; i++)
        if (g->things.items[i]->made && !g->things.items[i]->parent && str_eq(g->things.items[i]->kind, STR("daemonsets")))
            return true;
    return false;
}

static size_t count_named_secrets(const struct group *g)
{
    size_t n = 0;
    for (size_t i = 0; i < g->acts.n; i++)
        n += act_of(g->acts.items[i]) == ACT_READ_SECRETS && g->acts.items[i]->action.name.ptr;
    return n;
}

static void judge_spread(struct group *g)
{
    struct incident *out = g->out;
    str_list reasons = {0};
    int worm = 0, hand = 0;
    int64_t pause = median_pause(g);
    size_t secrets = count_named_secrets(g);
    if (pause != TIME_NONE && pause < NS_PER_SECOND) {
        worm++;
        list_addf(&reasons, g->arena, "half of the requests follow within %.2f s of the one before: a program", (double)pause / 1e9);
    } else if (pause != TIME_NONE && pause > 5 * NS_PER_SECOND) {
        hand++;
        list_addf(&reasons, g->arena, "half of the requests come more than %.0f s after the one before: a person", (double)pause / 1e9);
    }
    if (removes_rivals(g)) {
        worm++;
        list_addf(&reasons, g->arena, "workloads of others were removed");
    }
    if (goes_everywhere(g)) {
        worm++;
        list_addf(&reasons, g->arena, "a DaemonSet takes every node");
    }
    if (secrets >= 3) {
        hand++;
        list_addf(&reasons, g->arena, "%zu secrets were chosen by name", secrets);
    }
    out->spread = worm > hand ? STR("worm") : hand > worm ? STR("targeted") : STR("undecided");
    out->spread_reasons = list_keep(g->arena, &reasons, &out->n_spread_reasons);
}

// --- what is known ------------------------------------------------------------------------------------------------------------------

static void list_certainty(struct group *g)
{
    struct incident *out = g->out;
    str_list certain = {0}, inferred = {0};
    for (size_t i = 0; i < g->edges.n; i++) {
        const struct edge *e = g->edges.items[i];
        str_list *list = e->certainty == CERTAIN ? &certain : &inferred;
        if (!str_eq(e->kind, STR("created")) && !e->process) // the timeline tells of processes, each with its own certainty
            list_addf(list, g->arena, "%.*s led to %.*s (%.*s)", STR_ARG(end_words(g->arena, e->from)), STR_ARG(end_words(g->arena, e->to)),
                      STR_ARG(e->kind));
    }
    size_t by_name = 0;
    for (size_t i = 0; i < g->things.n; i++)
        by_name += g->things.items[i]->parent && g->things.items[i]->certainty == INFERRED;
    if (by_name)
        list_addf(&inferred, g->arena, "%zu %s known by name and time alone to come from the intruder's", by_name,
                  by_name == 1 ? "object is" : "objects are");
    if (out->cause.object.ptr && out->cause.certainty == INFERRED)
        list_addf(&inferred, g->arena, "by the objects given, %.*s allowed the first step: the log itself names no binding",
                  STR_ARG(out->cause.object));
    else if (out->cause.object.ptr)
        list_addf(&certain, g->arena, "the API server itself names %.*s as what allowed the first step", STR_ARG(out->cause.object));
    out->certain = list_keep(g->arena, &certain, &out->n_certain);
    out->inferred = list_keep(g->arena, &inferred, &out->n_inferred);
}

static bool took_secrets(const struct group *g)
{
    return successes_of(g) >> GOT_SECRETS & 1;
}

static bool knows_inside(const struct group *g)
{
    for (size_t i = 0; i < g->processes.n; i++)
        if (g->processes.items[i]->session)
            return true;
    return false;
}

// What processes leave open: clocks without a zone, and pods of others that something malicious got into.
static void list_unknown_of_processes(struct group *g, str_list *unknown)
{
    size_t zoneless = 0;
    for (size_t i = 0; i < g->processes.n; i++)
        zoneless += g->processes.items[i]->without_zone;
    if (zoneless)
        list_addf(unknown, g->arena, "the zone of the clock behind %zu records of processes: they were read as UTC", zoneless);
    for (size_t i = 0; i < g->things.n; i++) {
        const struct thing *t = g->things.items[i];
        if (str_eq(t->how, STR("ran")) && !t->made && (str_eq(t->kind, STR("pods")) || str_eq(t->kind, STR("nodes"))))
            list_addf(
                unknown, g->arena,
                "how the process got into %.*s: no exec request in the log explains it, and the log does not show that it was made to "
                "run it (a hole in what runs there, or a request before this log begins)",
                STR_ARG(object_words(g->arena, t->kind, t->namespace, t->name)));
    }
    if (g->q->counters.dropped_processes)
        list_addf(unknown, g->arena, "what %llu more records of processes in these pods hold: they are beyond the limits of this inquiry",
                  (unsigned long long)g->q->counters.dropped_processes);
}

// Whether the intruder wrote something whose body the log does not hold. Of some kinds (secrets, tokens) no policy should log it.
static bool wrote_unseen(const struct group *g)
{
    for (size_t i = 0; i < g->acts.n; i++) {
        const struct fact *f = g->acts.items[i];
        enum act act = act_of(f);
        bool tells = act == ACT_DEPLOY || act == ACT_SCHEDULE || act == ACT_GRANT || act == ACT_HOOK || act == ACT_EXPOSE;
        if (tells && fact_writes(f) && fact_done(f) && !f->has_bodies)
            return true;
    }
    return false;
}

static void list_unknown(struct group *g)
{
    const struct inquiry_reading *reading = g->reading;
    struct incident *out = g->out;
    str_list unknown = {0};
    struct arena *a = g->arena;
    if (out->vector.interface.ptr && !str_eq(out->vector.verdict, STR("stolen_token")))
        list_addf(&unknown, a, "the intruder's own address: the log shows %.*s, the page's (the ingress or load balancer log has it)",
                  STR_ARG(g->acts.items[0]->actor->address));
    if (out->vector.interface.ptr && str_eq(out->vector.verdict, STR("undecided")))
        list_addf(&unknown, a, "by which way the page was reached (see the hypotheses for what would settle it)");
    if (out->cause.object.ptr && out->cause.granted_at == TIME_NONE)
        list_addf(&unknown, a,
                  "who made %.*s: it was there before this log begins at %.*s, or its making left no event (older logs; a dump of the "
                  "object shows its creation time and field managers)",
                  STR_ARG(out->cause.object), STR_ARG(time_words(a, reading->first)));
    else if (out->cause.object.ptr && !out->cause.granted_by.ptr)
        list_addf(&unknown, a, "who made %.*s: it was made at %.*s, by its object; the log of that time has it", STR_ARG(out->cause.object),
                  STR_ARG(time_words(a, out->cause.granted_at)));
    if (took_secrets(g))
        list_addf(&unknown, a, "what was done with the secrets outside this cluster (logs of the services they open)");
    if (successes_of(g) >> GOT_INSIDE & 1 && !knows_inside(g))
        list_addf(&unknown, a, "what ran inside the containers that were entered (host runtime events)");
    list_unknown_of_processes(g, &unknown);
    if (reading->without_bodies && wrote_unseen(g))
        list_addf(&unknown, a, "what the writes held: the audit policy logs them without bodies (level RequestResponse would show it)");
    if (reading->partial)
        list_addf(&unknown, a, "what a part of the input holds: it could not be read a second time");
    const struct clock *clock = clock_worst(g->q);
    if (clock)
        list_addf(
            &unknown, a,
            "whether all that belongs together was found: the times of the log go back by %lld minutes behind %.*s (a clock was set, or "
            "the log of another server follows), and what lies on either side is put together by its times and by the order of the file",
            (long long)(clock->back / (60 * NS_PER_SECOND)), STR_ARG(time_words(a, clock->from)));
    struct inquiry_counters c = g->q->counters;
    if (c.dropped_facts || c.dropped_terms || c.dropped_seeds)
        list_addf(&unknown, a, "what lies beyond the limits of this inquiry: %llu events, %llu entities, %llu alerts were left out",
                  (unsigned long long)c.dropped_facts, (unsigned long long)c.dropped_terms, (unsigned long long)c.dropped_seeds);
    out->unknown = list_keep(a, &unknown, &out->n_unknown);
}

// --- title --------------------------------------------------------------------------------------------------------------------------

static bool is_about_mining(const struct rule *rule)
{
    for (size_t t = 0; t < rule->n_tags; t++)
        if (str_eq_ci(rule->tags[t], STR("attack.t1496")) || str_eq_ci(rule->tags[t], STR("attack.t1496.001")))
            return true;
    return false;
}

static bool mines(const struct group *g)
{
    for (size_t i = 0; i < g->acts.n; i++)
        for (size_t k = 0; k < g->acts.items[i]->n_rules; k++)
            if (is_about_mining(g->acts.items[i]->rules[k]))
                return true;
    for (size_t i = 0; i < g->processes.n; i++)
        for (size_t k = 0; k < g->processes.items[i]->n_rules; k++)
            if (is_about_mining(g->processes.items[i]->rules[k]))
                return true;
    return false;
}

// Nobody who asked the API server for anything is known.
static struct str title_of_processes(const struct group *g)
{
    const struct thing *place = g->processes.items[0]->place;
    return arena_printf(g->arena, "%s in %.*s", mines(g) ? "Mining process" : "Malicious process",
                        STR_ARG(object_words(g->arena, place->kind, place->namespace, place->name)));
}

static void write_title(struct group *g)
{
    struct incident *out = g->out;
    unsigned got = successes_of(g);
    const char *what = mines(g) && (got >> GOT_WORKLOAD & 1 || g->processes.n) ? "Mining intrusion"
                       : got >> GOT_RIGHTS & 1                                 ? "Takeover"
                       : got                                                   ? "Intrusion"
                                                                               : "Attempted intrusion";
    struct str who = g->acts.n ? g->acts.items[0]->actor->principal : STR_NONE;
    if (!g->acts.n)
        out->title = title_of_processes(g);
    else if (out->vector.interface.ptr)
        out->title = arena_printf(g->arena, "%s through the page of %.*s", what, STR_ARG(out->vector.interface));
    else if (g->acts.n && g->acts.items[0]->actor->kind == ACTOR_NOBODY)
        out->title = arena_printf(g->arena, "%s by an anonymous client", what);
    else
        out->title = arena_printf(g->arena, "%s with the identity of %.*s", what, STR_ARG(who));
}

void conclude_verdict(struct group *g)
{
    judge_severity(g);
    judge_spread(g);
    list_certainty(g);
    list_unknown(g);
    write_title(g);
}
