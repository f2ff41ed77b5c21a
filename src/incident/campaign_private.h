// SPDX-License-Identifier: Apache-2.0
// The parts of finding campaigns, each a file: copies of incidents, what their indicators weigh, which belong together, and the telling.
//
//                 campaign_kinds.c  the types of indicators
//   campaign.c -> campaign_keep.c   incident -> member, a compact copy
//              -> campaign_weigh.c  members -> tokens (distinct indicators) with their weights; the joint weight of two members
//                 -> campaign_stock.c
//              -> campaign_group.c  -> links, groups
//              -> campaign_tell.c   -> struct campaign
#pragma once

#include "base/vec.h"
#include "incident/campaign.h"

enum indicator_kind {
    KIND_WALLET,
    KIND_POOL,
    KIND_DIGEST,
    KIND_SCRIPT,
    KIND_SPEC,
    KIND_IMAGE,
    KIND_ADDRESS,
    KIND_CERTIFICATE,
    KIND_NAME,
    KIND_AGENT,
    INDICATOR_KINDS,
};

enum family { FAMILY_MONEY, FAMILY_MATTER, FAMILY_HAND, FAMILIES };

struct kind_facts {
    struct str name; // as in struct incident_indicator.type
    enum family family;
    unsigned weight; // of one that nobody else has
    unsigned most;   // of several of this type together
};
extern const struct kind_facts kind_facts[INDICATOR_KINDS]; // campaign_kinds.c

// --- copies ------------------------------------------------------------------------------------------------------------------------

struct sign { // an indicator of a member
    enum indicator_kind kind;
    struct str value;
};

// A copy of an incident, in one piece of memory.
struct member {
    size_t bytes;
    uint64_t hash; // of cluster and id: an order that nobody chose
    struct campaign_incident told;
    struct str vector, cause;
    enum certainty certainty;
    struct str *fixes;
    size_t n_fixes;
    struct campaign_leftover *leftovers;
    size_t n_leftovers;
    uint64_t dropped;   // fixes and leftovers
    struct sign *signs; // sorted by kind, value
    size_t n_signs;
    uint32_t cluster;     // of a survey: number of its cluster
    size_t first_holding; // and where its holdings begin; there are n_signs
};

[[nodiscard]] struct member *member_new(const struct incident *incident, struct campaigns_counters *counters); // free() it
[[nodiscard]] int sign_compare(const struct sign *a, const struct sign *b);

// --- weights -----------------------------------------------------------------------------------------------------------------------

struct token { // a distinct indicator
    struct sign sign;
    size_t first_holder, n_holders; // in survey.holders
    uint32_t clusters;
    unsigned weight;
    bool stock;
};

struct holding { // a member's stand among the holders of a token
    uint32_t token, at;
};

struct survey {
    const struct campaign_knowledge *knowledge;
    int64_t window;
    struct member **members; // by first, cluster, id
    size_t n;
    uint32_t n_clusters;
    struct token *tokens; // sorted by kind, value
    size_t n_tokens;
    uint32_t *holders;        // members, in their order
    struct holding *holdings; // of members, by token
};

struct joint {
    unsigned weight;
    bool proof;     // one indicator does it alone
    unsigned kinds; // bits: which types share something that weighs
};

void survey_weigh(struct survey *s);
[[nodiscard]] bool token_is_stock(const struct survey *s, const struct token *t); // campaign_stock.c
[[nodiscard]] struct joint survey_joint(const struct survey *s, const struct member *a, const struct member *b);
void survey_fini(struct survey *s);

// Adds up tokens that two sides share.
struct tally {
    unsigned kinds[INDICATOR_KINDS];
};
void tally_add(struct tally *t, enum indicator_kind kind, unsigned weight);
[[nodiscard]] unsigned tally_sum(const struct tally *t);

// --- groups ------------------------------------------------------------------------------------------------------------------------

struct link {
    uint32_t a, b; // members
    struct joint joint;
};
typedef VEC(struct link) link_list;

struct grouping {
    uint32_t *group;  // of each member: the number of its first member
    link_list joined; // a spanning tree of each group
    uint64_t refused;
};
void grouping_make(struct grouping *g, const struct survey *s);
void grouping_fini(struct grouping *g);

// The campaigns among the groups, in the arena.
[[nodiscard]] struct campaign *campaigns_tell(const struct survey *s, const struct grouping *g, struct arena *a, size_t *n);
