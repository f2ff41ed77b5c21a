// SPDX-License-Identifier: Apache-2.0
// Incidents by hand, for tests of campaigns: a cluster, a time in seconds, and indicators as "type=value" words.
#pragma once

#include "incident/campaign.h"

enum { FLEET_MAX = 4096, FLEET_INDICATORS = 96 };

struct fleet {
    struct arena arena;
    struct incident incidents[FLEET_MAX];
    size_t n;
};

void fleet_init(struct fleet *f);
void fleet_fini(struct fleet *f);
// indicators: words parted by blanks. The incident lasts ten seconds. Gives it, for what a test changes.
struct incident *fleet_add(struct fleet *f, const char *cluster, int64_t second, const char *indicators);
__attribute__((format(printf, 4, 5))) struct incident *fleet_addf(struct fleet *f, const char *cluster, int64_t second, const char *format,
                                                                  ...);

extern const struct campaign_knowledge fleet_knowledge;

// All of them, in an order that `seed` chooses (0: as they were added).
[[nodiscard]] struct campaigns *fleet_campaigns(const struct fleet *f, uint64_t seed);
// Everything that is told, as text: two results are the same when their texts are.
void fleet_write(struct buf *out, const struct campaign *list, size_t n);
