// SPDX-License-Identifier: Apache-2.0
// An incident as people are told it: its timeline with repeated steps folded into rows, the places of the matrix in time order, and what
// happened in one sentence. The words here still hold hostile text: whoever prints them escapes them.
#pragma once

#include "base/vec.h"
#include "incident/incident.h"
#include "report/common/techniques.h"

struct story_row {
    const struct incident_step *steps; // n of the timeline, in a run
    size_t n;
    uint64_t count; // requests
    int64_t first, last;
    bool rest; // consequences beyond the first few of a run
};

struct story_cell {
    struct hit hit;
    size_t row; // that it appears in first
    uint64_t count;
    int64_t first;
};

struct story {
    VEC(struct story_row) rows;
    VEC(struct story_cell) cells; // by time of first appearance
    struct str file;              // that all evidence is from; ptr NULL: of several
};

void story_init(struct story *s, const struct incident *x, const struct techniques *t); // t may be NULL
void story_fini(struct story *s);

// The row that a step of the timeline is told in.
[[nodiscard]] size_t story_row_of(const struct story *s, const struct incident *x, size_t step);

enum { STORY_ITEMS = 8, STORY_PIECE = 300 }; // things named of a row; bytes of each
void story_row_words(struct buf *out, const struct story_row *row);
// "looked around (36 requests), read secrets (8), created Deployment kube-system/kube-control: 10 x kannix/monero-miner".
void story_sentence(struct buf *out, const struct incident *x);

// An end of a pivot for people: "deployments kube-system/kube-control", "address 203.0.113.66".
void story_end_words(struct buf *out, struct str end);
[[nodiscard]] struct str story_end_parts(struct str end, struct str *kind); // the name; *kind: of an object, else STR_NONE
// A place of evidence: "audit.jsonl:1643". Of a row: "audit.jsonl:1975–2156".
void story_place(struct buf *out, const struct story *s, const struct evidence *e);
void story_row_places(struct buf *out, const struct story *s, const struct story_row *row);

[[nodiscard]] struct str story_role(enum incident_role role);        // "intruder", "page that was used", ...
[[nodiscard]] struct str story_verdict(struct str verdict);          // a clause
[[nodiscard]] struct str story_hypothesis(struct str name);          // a few words
[[nodiscard]] struct str story_outcome(enum outcome o);              // what is worth saying beyond "done"; STR_NONE
[[nodiscard]] struct str story_address(const struct event_actor *a); // the one the API server saw; STR_NONE
