// SPDX-License-Identifier: Apache-2.0
// Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of manifests. Written as it goes; what the results refer to comes
// behind them.
#pragma once

#include "report/posture/posture.h"

struct posture_sarif;

[[nodiscard]] struct posture_sarif *posture_sarif_new(struct buf *out); // writes the beginning
// What is unhealthy becomes a result.
void posture_sarif_finding(struct posture_sarif *s, const struct finding *f);
void posture_sarif_end(struct posture_sarif *s); // writes the end; the caller still frees
void posture_sarif_free(struct posture_sarif *s);
