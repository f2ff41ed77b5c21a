// SPDX-License-Identifier: Apache-2.0
// The files that `davy detect` writes beside its report.
#pragma once

#include "cmd/args.h"
#include "export/dossier.h"
#include "export/export.h"

struct export_paths {
    struct str navigator, stix, evidence; // ptr NULL: not wanted
};

struct exports;

// Opens the files, so that a bad path is told before hours of work. Paths and facts are borrowed.
[[nodiscard]] status exports_open(struct exports **out, const struct export_paths *paths, const struct dossier_facts *facts,
                                  struct diags *diags);
void exports_alert(struct exports *e, const struct alert *alert);
void exports_incident(struct exports *e, const struct incident *incident);
void exports_campaign(struct exports *e, const struct campaign *campaign);
[[nodiscard]] bool exports_want_evidence(const struct exports *e);
void exports_evidence(struct exports *e, const struct incident *incident, const struct evidence *place, struct str record);
// Writes and closes them.
[[nodiscard]] status exports_finish(struct exports *e, const struct engine_summary *summary, struct diags *diags);
void exports_free(struct exports *e); // NULL does no harm

// The options that were given, "--name=value", but for those of which `leave_out` has a bit (1 << option). In the arena.
[[nodiscard]] const struct str *exports_options(struct arena *a, const struct args *args, uint64_t leave_out, size_t *n);
