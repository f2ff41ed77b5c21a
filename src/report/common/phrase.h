// SPDX-License-Identifier: Apache-2.0
// Words and figures as people read them, the same in text and HTML. Nothing here is hostile once written, except where it says so.
#pragma once

#include "report/common/digest.h"

void phrase_number(struct buf *out, uint64_t n);                                   // 12,345
void phrase_count(struct buf *out, uint64_t n, const char *one, const char *many); // 1 alert; 12,345 alerts
void phrase_bytes(struct buf *out, uint64_t n);                                    // 4.2 MB
void phrase_time(struct buf *out, int64_t ns);                                     // 2026-11-22 01:09:22, or "no time"
void phrase_clock(struct buf *out, int64_t ns);                                    // 01:09:22
// From first to last, both to the second, the date only where it differs from that of `day` (TIME_NONE: always written).
void phrase_span(struct buf *out, int64_t first, int64_t last, int64_t day);
// "3 critical and 4 high alerts"; levels without alerts are left out; "no alerts".
void phrase_levels(struct buf *out, const uint64_t by_level[LEVEL_CRITICAL + 1], enum rule_level least);
[[nodiscard]] struct str phrase_level(enum rule_level level); // CRITICAL HIGH MEDIUM LOW INFO

// What the code of an answer means to an actor: "forbidden", "not found", ...; STR_NONE: nothing worth a word.
[[nodiscard]] struct str phrase_code(unsigned code);
// Hostile: "pods/exec", "deployments.apps".
void phrase_resource(struct buf *out, const struct seen_action *a);
// Hostile: "kube-system/kube-control", "all namespaces", "/version".
void phrase_object(struct buf *out, const struct seen_action *a, const struct seen_object *o);

// What is known of an actor beside its name, as a table in order of enum facet.
[[nodiscard]] struct str phrase_facet(enum facet f);
// Hostile: the part of a facet's value that says something: "RBAC: allowed by " is left out.
[[nodiscard]] struct str phrase_facet_value(enum facet f, struct str value);
