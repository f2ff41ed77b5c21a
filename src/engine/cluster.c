// SPDX-License-Identifier: Apache-2.0
#include "engine/cluster.h"

#include "base/status.h"
#include "engine/requests.h"
#include "engine/teller.h"

#include <stdlib.h>

enum {
    WAITING_MAX = 1 << 13,        // findings waiting for their turn
    WAITING_BYTES_MAX = 24 << 20, // and their bytes in all
    REQUESTS_MAX = 1 << 17,       // requests remembered
    DEFAULT_DISORDER_SECONDS = 60,
};

// A finding with memory of its own.
struct waiting {
    int64_t time;
    struct cluster_place place;
    struct finding finding;
    size_t size;
    alignas(max_align_t) char memory[]; // of the finding
};

struct cluster {
    const struct engine_config *config;
    struct engine_summary *summary;
    struct requests *requests;
    struct correlator *correlator;
    struct teller *teller;
    struct waiting **heap; // the oldest first
    size_t n, cap, bytes;
    int64_t newest, told; // event times: the newest seen, the newest that was told
    int64_t disorder;
};

static void on_correlated(void *context, const struct correlated *correlated)
{
    struct cluster *c = context;
    teller_correlated(c->teller, correlated);
}

struct cluster *cluster_new(const struct engine_config *config, const struct plan *plan, struct str name,
                            const struct engine_handler *handler, struct engine_summary *summary)
{
    struct cluster *c = must_alloc(calloc(1, sizeof *c));
    c->config = config;
    c->summary = summary;
    c->requests = requests_new(REQUESTS_MAX);
    c->correlator = correlator_new(config->rules, config->correlator, on_correlated, c);
    c->teller = teller_new(config->rules, plan, name, handler, summary);
    c->newest = c->told = TIME_NONE;
    c->disorder = config->disorder ? config->disorder : DEFAULT_DISORDER_SECONDS * NS_PER_SECOND;
    summary->clusters++;
    return c;
}

// --- order of event time ----------------------------------------------------------------------------------------------------------

static bool is_before(const struct waiting *a, const struct waiting *b)
{
    return a->time != b->time ? a->time < b->time : a->place.sequence < b->place.sequence;
}

static void swap(struct waiting **a, struct waiting **b)
{
    struct waiting *t = *a;
    *a = *b;
    *b = t;
}

static void push(struct cluster *c, struct waiting *w)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 256;
        c->heap = must_alloc(reallocarray(c->heap, c->cap, sizeof(struct waiting *)));
    }
    size_t at = c->n++;
    c->heap[at] = w;
    for (; at && is_before(c->heap[at], c->heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&c->heap[at], &c->heap[(at - 1) / 2]);
}

static struct waiting *pop(struct cluster *c)
{
    struct waiting *oldest = c->heap[0];
    c->heap[0] = c->heap[--c->n];
    for (size_t at = 0;;) {
        size_t least = at, left = 2 * at + 1, right = left + 1;
        if (left < c->n && is_before(c->heap[left], c->heap[least]))
            least = left;
        if (right < c->n && is_before(c->heap[right], c->heap[least]))
            least = right;
        if (least == at)
            return oldest;
        swap(&c->heap[at], &c->heap[least]);
        at = least;
    }
}

// --- telling ----------------------------------------------------------------------------------------------------------------------

static void count_again(struct cluster *c, enum request_news news)
{
    c->summary->duplicates += news == REQUEST_DUPLICATE;
    c->summary->stages_joined += news == REQUEST_STAGE;
}

static void tell_rule(struct cluster *c, const struct waiting *w, const struct finding_rule *hit, uint64_t evidence)
{
    if (!c->config->rules->rules[hit->rule].silent)
        teller_match(c->teller, hit->rule, w->time, w->place.sequence, evidence);
    struct match match = {hit->rule, w->time, w->place.sequence, hit->captures, evidence};
    correlator_feed(c->correlator, &match, false);
}

static void tell(struct cluster *c, struct waiting *w)
{
    enum request_news again = REQUEST_NEW;
    uint64_t evidence = 0;
    const struct finding *f = &w->finding;
    c->summary->late += c->told != TIME_NONE && w->time != TIME_NONE && w->time < c->told;
    if (w->time > c->told)
        c->told = w->time;
    for (size_t i = 0; i < f->n_rules; i++) {
        enum request_news news =
            f->identity.known ? requests_see(c->requests, f->rules[i].rule, f->identity.request, f->identity.line) : REQUEST_NEW;
        if (news != REQUEST_NEW) {
            again = news;
            continue;
        }
        if (!evidence)
            evidence = teller_keep(c->teller, f, &w->place);
        tell_rule(c, w, &f->rules[i], evidence);
    }
    count_again(c, again);
    c->bytes -= w->size;
    free(w);
}

// A finding lives in the block's result; here it gets memory of its own.
static struct waiting *copy(const struct finding *finding, struct cluster_place place, int64_t time)
{
    size_t size = finding_size(finding);
    struct waiting *w = must_alloc(malloc(sizeof *w + size));
    *w = (struct waiting){.time = time, .place = place, .size = size};
    finding_copy(&w->finding, finding, w->memory);
    return w;
}

void cluster_add(struct cluster *c, const struct finding *finding, struct cluster_place place)
{
    int64_t time = finding->time;
    if (time == TIME_NONE) // joins at the newest time seen
        time = c->newest;
    if (time > c->newest)
        c->newest = time;
    struct waiting *w = copy(finding, place, time);
    c->bytes += w->size;
    push(c, w);
    while (c->n && (c->n > WAITING_MAX || c->bytes > WAITING_BYTES_MAX || c->heap[0]->time == TIME_NONE ||
                    c->heap[0]->time < c->newest - c->disorder))
        tell(c, pop(c));
}

void cluster_end(struct cluster *c)
{
    while (c->n)
        tell(c, pop(c));
    struct correlator_counters counters = correlator_counters(c->correlator);
    c->summary->dropped_state += counters.dropped_groups + counters.dropped_events + counters.dropped_values;
    c->summary->late += counters.late;
    c->summary->dropped_identities += requests_forgotten(c->requests);
    teller_end(c->teller);
    correlator_free(c->correlator);
    requests_free(c->requests);
    free(c->heap);
    free(c);
}
