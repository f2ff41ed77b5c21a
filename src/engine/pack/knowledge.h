// SPDX-License-Identifier: Apache-2.0
// What reconstruction knows before it reads a log: lists of rules/intelligence/ under the names it uses.
#pragma once

#include "engine/pack/pack.h"
#include "incident/campaign.h"
#include "incident/incident.h"

// Lists are joined in the arena; the pack is borrowed. seed: see struct incident_knowledge.
[[nodiscard]] struct incident_knowledge knowledge_of(const struct pack *pack, struct arena *a, uint64_t seed);
// The same for campaigns: what is trusted or stock.
[[nodiscard]] struct campaign_knowledge campaign_knowledge_of(const struct pack *pack, struct arena *a);
