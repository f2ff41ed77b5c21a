// SPDX-License-Identifier: Apache-2.0
// From incidents to campaigns: which intrusions into several clusters are the work of one hand.
// Pure: no I/O, no clock, no globals, bounded memory. The result depends on the set of incidents, never on their order, so a fleet may be
// read cluster after cluster, or as it happens.
//
//   incident --campaigns_add--> compact copies --weigh--> links between pairs --group--> campaigns
//
// How incidents join (campaign_kinds.c has the table of weights):
//
//   weight    Every indicator has the weight of its type, times its rarity. A receiving address (wallet) says nearly everything, because
//             nobody works for somebody else's; an image or a script says much; a name or a user agent next to nothing. What is trusted or
//             stock (known registries, base images, kubectl, public pools, private addresses) weighs nothing.
//   rarity    1 - log(strangers) / log(clusters seen + CAMPAIGN_PRIOR). Strangers are the clusters that have the indicator, less those
//             whose incidents are alike in a quite different way too: of an indicator that thousands of clusters have, this tells a large
//             campaign (its victims share the pool as well) from a base image (they share nothing else).
//   family    Indicators of one family (money, matter, hand) hang together, so the heaviest counts in full and the others by half. Two
//             incidents that both name wallets but none in common lose CAMPAIGN_OTHER_WALLET.
//   link      Two incidents at most a window apart whose joint weight reaches CAMPAIGN_JOIN. Where one single indicator reaches it alone,
//             the link is proof.
//   group     Links are followed from the heaviest down. Proof joins. A weaker link joins two groups only when what both groups have in
//             common reaches CAMPAIGN_JOIN by itself, a group having what more than half of its incidents have (and other wallets count
//             against it as between two incidents). So no chain of weak links, each over other indicators, leads from stranger to
//             stranger.
#pragma once

#include "incident/incident.h"

enum {
    CAMPAIGN_JOIN = 1000,
    CAMPAIGN_OTHER_WALLET = 400,
    CAMPAIGN_PRIOR = 1000, // clusters without an indicator that are taken for granted before any is seen

    // What is kept; when there is more, the oldest incidents and the lightest indicators give way, and are counted.
    CAMPAIGN_INCIDENTS_MAX = 65536,
    CAMPAIGN_BYTES_MAX = 128 << 20, // of copies
    CAMPAIGN_INDICATORS_MAX = 64,   // of an incident
    CAMPAIGN_LEFTOVERS_MAX = 16,    // of an incident
    CAMPAIGN_FIXES_MAX = 8,         // of an incident's root cause
    CAMPAIGN_TEXT_MAX = 512,        // bytes of one text
};
#define CAMPAIGN_WINDOW_DEFAULT (2 * 3600 * NS_PER_SECOND)

// What says nothing about who it was. * stands for any run of characters.
struct campaign_knowledge {
    struct name_list registries; // trusted: nothing from there weighs
    struct name_list accounts;   // known accounts of docker.io
    struct name_list images;     // stock images
    struct name_list agents;     // stock user agents; they match at the start
    struct name_list names;      // names that every cluster has
    struct name_list pools;      // hosts of public pools
};

// --- a campaign ------------------------------------------------------------------------------------------------------------------

struct campaign_incident {
    struct str id, cluster, title;
    enum rule_level severity;
    int64_t first, last;
};

// Why two incidents are in one campaign. There is one fewer than incidents, and they connect them all.
struct campaign_link {
    size_t a, b; // into incidents
    unsigned weight;
    bool proof;
    struct str by; // types of the indicators that joined them: "wallet, image, script"
};

struct campaign_indicator {
    struct str type, value;
    size_t clusters; // of the campaign that have it: 1 means that it varies
    unsigned weight;
};

struct campaign_leftover {
    struct str object, why, fix;
    enum certainty certainty;
};

// A member cluster: how they got in there, and what to do there.
struct campaign_cluster {
    struct str name;
    int64_t first, last;
    size_t incidents;
    enum rule_level severity;
    struct str vector;          // verdict; ptr NULL: unknown
    enum certainty certainty;   // of the verdict
    bool carried;               // the verdict is not of this cluster's log: proven elsewhere in the campaign, INFERRED here
    struct str *causes, *fixes; // root causes, as KIND/NAME; the commands that remove them
    size_t n_causes, n_fixes;
    struct campaign_leftover *leftovers;
    size_t n_leftovers;
    uint64_t dropped; // causes, fixes, leftovers beyond the limits
};

struct campaign {
    struct str id; // of its first incident: the same as long as that is the first
    enum rule_level severity;
    int64_t first, last;
    struct campaign_cluster *clusters; // by the time each was first hit: the curve of the spread
    size_t n_clusters;
    struct campaign_incident *incidents; // by time
    size_t n_incidents;
    struct campaign_link *links;
    size_t n_links;
    struct campaign_indicator *indicators; // what most clusters share first
    size_t n_indicators;
    uint64_t dropped_indicators;
    struct str vector; // proven in most of those clusters where one is proven; ptr NULL: in none, or in as many clusters as another
    size_t proven, carried, undecided; // clusters
};

// --- finding them ----------------------------------------------------------------------------------------------------------------

struct campaigns;

// The knowledge is borrowed.
[[nodiscard]] struct campaigns *campaigns_new(const struct campaign_knowledge *knowledge, int64_t window);
void campaigns_free(struct campaigns *c);
void campaigns_add(struct campaigns *c, const struct incident *incident); // copied as far as needed
// Of all that were added until now, by first. They live until the next call of campaigns_add, campaigns_conclude or campaigns_free.
[[nodiscard]] const struct campaign *campaigns_conclude(struct campaigns *c, size_t *n);

struct campaigns_counters {
    uint64_t incidents;          // added
    uint64_t repeated;           // the same incident of the same cluster again: the newest version counts
    uint64_t dropped_incidents;  // the oldest, beyond the limits
    uint64_t dropped_indicators; // beyond the limits of an incident
    uint64_t cut_texts;
    uint64_t without_time; // cannot be placed in a window, and join nothing
    uint64_t refused;      // weak links that would have joined strangers (last conclusion)
};
[[nodiscard]] struct campaigns_counters campaigns_counters(const struct campaigns *c);
