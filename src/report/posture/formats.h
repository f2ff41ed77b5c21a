// SPDX-License-Identifier: Apache-2.0
// Scores for other programs: JUnit's XML for pipelines, Prometheus' text format for the textfile collector of its node exporter.
#pragma once

#include "posture/score.h"
#include "report/posture/posture.h"

// One test suite a cluster, one test case a control; examples[i]: lines about control i, as for the text.
void posture_junit_begin(struct buf *out);
void posture_junit_score(struct buf *out, const struct score_sheet *sheet, const struct buf *examples);
void posture_junit_end(struct buf *out);

// first: the first cluster: the metrics are described.
void posture_prometheus_score(struct buf *out, const struct score_sheet *sheet, bool first);
