// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/cluster.h"

#include "base/status.h"
#include "engine/stream/queue.h"
#include "engine/stream/requests.h"
#include "engine/stream/shelf.h"
#include "engine/stream/teller.h"

#include <stdlib.h>

enum {
    WAITING_MAX = 1 << 13,        // findings waiting for their turn
    WAITING_BYTES_MAX = 24 << 20, // and their bytes in all
    SHELF_MAX = 32 << 20,         // bytes of these, and of what lies between them
    REQUESTS_MAX = 1 << 17,       // requests remembered
    DEFAULT_DISORDER_SECONDS = 60,
};

struct cluster {
    const struct engine_config *config;
    struct engine_summary *summary;
    struct requests *requests;
    struct correlator *correlator;
    struct teller *teller;
    struct shelf *shelf;
    struct queue waiting; // for their turn
    size_t bytes;         // of those
    int64_t newest, told; // the newest seen, the newest that was told
    int64_t reached;      // see cluster_reach; INT64_MAX: inputs are not merged
    int64_t disorder;
};

static void on_correlated(void *context, const struct correlated *correlated)
{
    struct cluster *c = context;
    teller_correlated(c->teller, correlated);
}

struct cluster *cluster_new(const struct engine_config *config, const struct plan *plan, struct str name,
                            const struct engine_handler *handler, struct engine_summary *summary, bool of_hosts)
{
    struct cluster *c = must_alloc(calloc(1, sizeof *c));
    c->config = config;
    c->summary = summary;
    c->requests = requests_new(REQUESTS_MAX);
    c->correlator = correlator_new(config->rules, config->correlator, on_correlated, c);
    c->shelf = shelf_new(SHELF_MAX);
    c->teller = teller_new(config->rules, plan, name, handler, summary, of_hosts);
    c->newest = c->told = TIME_NONE;
    c->reached = INT64_MAX;
    c->disorder = config->disorder ? config->disorder : DEFAULT_DISORDER_SECONDS * NS_PER_SECOND;
    if (of_hosts)
        c->disorder = INT64_MAX / 2;
    summary->clusters += !of_hosts;
    return c;
}

// --- telling ----------------------------------------------------------------------------------------------------------------------

static void count_again(struct cluster *c, enum request_news news)
{
    c->summary->duplicates += news == REQUEST_DUPLICATE;
    c->summary->stages_joined += news == REQUEST_STAGE;
}

static void tell_rule(struct cluster *c, const struct held *w, const struct finding_rule *hit, uint64_t evidence)
{
    if (!c->config->rules->rules[hit->rule].silent)
        teller_match(c->teller, hit->rule, evidence);
    for (size_t i = 0; i < hit->n_sets; i++) {
        const struct str *captures = hit->captures + i * (hit->n_captures / hit->n_sets);
        struct match match = {hit->rule, w->time, w->place.sequence, captures, evidence};
        correlator_feed(c->correlator, &match, false);
    }
}

static void tell(struct cluster *c, struct held *w)
{
    enum request_news again = REQUEST_NEW;
    uint64_t evidence = 0;
    const struct finding *f = &w->finding;
    teller_begin(c->teller, w);
    c->summary->late += c->told != TIME_NONE && w->time != TIME_NONE && w->time < c->told;
    if (w->time > c->told)
        c->told = w->time;
    for (size_t i = 0; i < f->n_rules; i++) {
        enum request_news news = f->identity.known ? requests_see(c->requests, f->rules[i].rule, &f->identity) : REQUEST_NEW;
        if (news != REQUEST_NEW) {
            again = news;
            continue;
        }
        if (!evidence)
            evidence = teller_keep(c->teller);
        tell_rule(c, w, &f->rules[i], evidence);
    }
    count_again(c, again);
    shelf_give(c->shelf, w);
}

static void tell_earliest(struct cluster *c)
{
    struct held *earliest = queue_take(&c->waiting);
    c->bytes -= earliest->size;
    tell(c, earliest);
}

// A finding lives in the block's result; here it gets memory of its own.
static struct held *hold(struct cluster *c, const struct finding *finding, const struct cluster_place *place, int64_t time)
{
    struct held *held;
    while (!(held = finding_hold(finding, place, time, c->shelf)))
        tell_earliest(c); // an empty shelf takes anything
    return held;
}

// Nothing earlier is to come.
static bool is_due(const struct cluster *c, int64_t time)
{
    const int64_t now = c->newest < c->reached ? c->newest : c->reached;
    return time == TIME_NONE || time < time_between(c->disorder, now);
}

static void tell_due(struct cluster *c)
{
    while (c->waiting.n && (c->waiting.n > WAITING_MAX || c->bytes > WAITING_BYTES_MAX || is_due(c, queue_time(&c->waiting))))
        tell_earliest(c);
}

void cluster_reach(struct cluster *c, int64_t time)
{
    c->reached = time == TIME_NONE ? INT64_MAX : time;
    tell_due(c);
}

void cluster_add(struct cluster *c, const struct finding *finding, struct cluster_place place)
{
    int64_t time = place.position;
    if (time == TIME_NONE) // joins at the newest time seen
        time = c->newest;
    if (time > c->newest)
        c->newest = time;
    struct held *held = hold(c, finding, &place, time);
    for (size_t i = 0; i < finding->n_rules && finding->identity.known; i++)
        requests_expect(c->requests, finding->rules[i].rule, &finding->identity);
    if (is_due(c, time)) { // earlier than all that wait, or they would have been told
        tell(c, held);
        return;
    }
    c->bytes += held->size;
    queue_put(&c->waiting, held);
    tell_due(c);
}

void cluster_end(struct cluster *c)
{
    while (c->waiting.n)
        tell_earliest(c);
    struct correlator_counters counters = correlator_counters(c->correlator);
    c->summary->dropped_state += counters.dropped_groups + counters.dropped_events + counters.dropped_values;
    c->summary->late += counters.late;
    c->summary->dropped_identities += requests_forgotten(c->requests);
    teller_end(c->teller);
    correlator_free(c->correlator);
    requests_free(c->requests);
    queue_fini(&c->waiting);
    shelf_free(c->shelf);
    free(c);
}
