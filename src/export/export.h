// SPDX-License-Identifier: Apache-2.0
// Incidents for the tools of others: a layer for ATT&CK Navigator, a bundle of STIX 2.1. Pure: incidents in, one text out, the same for
// the same incidents in the same order. Everything that came from a log leaves escaped by the JSON writer.
#pragma once

#include "base/buf.h"
#include "incident/campaign.h"
#include "report/report.h"

// --- ATT&CK Navigator, layer format 4.5 ------------------------------------------------------------------------------------------

struct layer;

// The table is borrowed.
[[nodiscard]] struct layer *layer_new(const struct techniques *techniques);
void layer_free(struct layer *l);
void layer_incident(struct layer *l, const struct incident *incident); // copied as far as needed
void layer_write(const struct layer *l, struct buf *out);

// --- STIX 2.1 --------------------------------------------------------------------------------------------------------------------

enum { STIX_BYTES_MAX = 256 << 20 }; // of a bundle, beyond which no further incident is begun

struct stix;

// The table is borrowed.
[[nodiscard]] struct stix *stix_new(const struct techniques *techniques);
void stix_free(struct stix *s);
void stix_incident(struct stix *s, const struct incident *incident); // copied as far as needed
void stix_campaign(struct stix *s, const struct campaign *campaign); // behind its incidents
// Once, behind everything. Gives the number of incidents that found no room.
uint64_t stix_write(struct stix *s, struct buf *out);
