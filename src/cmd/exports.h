// SPDX-License-Identifier: Apache-2.0
// The files that `davy detect` writes beside its report.
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "export/export.h"

struct export_paths {
    struct str navigator, stix; // ptr NULL: not wanted
};

struct exports;

// Opens the files, so that a bad path is told before hours of work. Paths and the table are borrowed.
[[nodiscard]] status exports_open(struct exports **out, const struct export_paths *paths, const struct techniques *techniques,
                                  struct diags *diags);
void exports_incident(struct exports *e, const struct incident *incident);
// Writes and closes them.
[[nodiscard]] status exports_finish(struct exports *e, struct diags *diags);
void exports_free(struct exports *e); // NULL does no harm
