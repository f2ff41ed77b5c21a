// SPDX-License-Identifier: Apache-2.0
// Findings as text and as NDJSON. Names come from objects, and leave escaped.
#pragma once

#include "base/buf.h"
#include "posture/finding.h"

[[nodiscard]] struct str posture_severity_word(enum severity severity);

// A `finding` line: docs/schema/finding.schema.json.
void posture_json_finding(struct buf *out, const struct finding *f);
// "HIGH  Pod shop/web  hostPorts: container web: uses hostPort 80", with its place.
void posture_text_finding(struct buf *out, const struct finding *f);
