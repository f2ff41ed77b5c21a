// SPDX-License-Identifier: Apache-2.0
// The parts of the page of a score.
#pragma once

#include "base/vec.h"
#include "report/html/incident.h"
#include "report/posture/page.h"

// Rows of a table: the first of them, and how many there were.
struct rows {
    struct buf html;
    uint64_t n, shown;
};
void rows_init(struct rows *r);
void rows_clear(struct rows *r);
[[nodiscard]] bool rows_take(struct rows *r, size_t most); // counts one; whether it is to be written

// A control, and the rows about it in the cluster at hand.
struct page_control {
    struct str id;
    struct rows unhealthy;
};

struct page_cluster {
    struct str name;
    struct score score;
    uint64_t unhealthy[SEVERITY_CRITICAL + 1];
    bool without_room;
};

struct posture_page {
    struct arena arena;
    VEC(struct page_control) controls;
    struct rows exempt, undecided, ways[2]; // ways: those that are open, the others
    uint64_t unhealthy[SEVERITY_CRITICAL + 1];
    VEC(struct page_cluster) clusters;
    struct buf body; // of the clusters so far
};

[[nodiscard]] struct rows *posture_page_rows(struct posture_page *p, struct str control); // made when it is not there

// Pieces: posture_page_pieces.c.
void sheet_severity(struct buf *out, enum severity severity);
void sheet_meter(struct buf *out, double percent);     // a bar of 100
[[nodiscard]] const char *sheet_grade(double percent); // its class
void sheet_object(struct buf *out, const struct finding_object *o);
void sheet_place(struct buf *out, struct access_place place);

// Parts: posture_page_parts.c and posture_page_controls.c. number: of the cluster, for anchors.
void sheet_first(struct buf *out, const struct score_sheet *sheet, size_t number);
void sheet_controls(struct posture_page *p, struct buf *out, const struct score_sheet *sheet, size_t number);
void sheet_change(struct buf *out, const struct posture_sheet *sheet);
void sheet_clusters(const struct posture_page *p, struct buf *out, const struct fleet_sheet *fleet); // posture_page_fleet.c
void sheet_fleet_first(struct buf *out, const struct fleet_sheet *fleet);
void sheet_past(struct buf *out, struct past_series runs); // posture_page_past.c
void sheet_ways(struct posture_page *p, struct buf *out);
void sheet_exempt(struct posture_page *p, struct buf *out);
void sheet_undecided(struct posture_page *p, struct buf *out, const struct score_sheet *sheet);
