// SPDX-License-Identifier: Apache-2.0
// A campaign as a line of NDJSON: docs/schema/campaign.schema.json.
#pragma once

#include "report/common/format.h"

void json_campaign(struct report *r, const struct campaign *campaign);
