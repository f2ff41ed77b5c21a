// SPDX-License-Identifier: Apache-2.0
// Findings as text and as NDJSON. Names come from objects, and leave escaped.
#pragma once

#include "base/buf.h"
#include "posture/score.h"

[[nodiscard]] struct str posture_severity_word(enum severity severity);
[[nodiscard]] double posture_rounded(double points); // to thousandths, as JSON has them

// A `finding` line: docs/schema/finding.schema.json.
void posture_json_finding(struct buf *out, const struct finding *f);
// "HIGH  Pod shop/web  hostPorts: container web: uses hostPort 80", with its place.
void posture_text_finding(struct buf *out, const struct finding *f);

// A `score` line of a cluster: docs/schema/score.schema.json.
void posture_json_score(struct buf *out, const struct score_sheet *sheet);
// The score in a line, and below it what to fix first, by what it gains. examples[i]: lines about control i, indented, or empty.
void posture_text_score(struct buf *out, const struct score_sheet *sheet, const struct buf *examples);
// "12.50 of 20 (63 %)", or that there is none.
void posture_text_points(struct buf *out, struct score score);
// "dump.json:12"; without a line, which objects of a live cluster have none of, what there is.
void posture_text_place(struct buf *out, struct access_place place);
// "Pod shop/web"
void posture_text_object(struct buf *out, const struct finding_object *object);
