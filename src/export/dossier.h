// SPDX-License-Identifier: Apache-2.0
// The evidence of a run as a bundle: docs/exports.md says what is in it. Everything in the manifest depends on the log, the rules and the
// options that bear on them, and on nothing else.
#pragma once

#include "bundle/bundle.h"
#include "report/report.h"
#include "rule/rule.h"
#include "source/source.h"

struct dossier;

// What the run was made of; borrowed.
struct dossier_facts {
    struct str version;        // of davy
    const struct str *options; // as typed, those that bear on what is found
    size_t n_options;
    const struct source_list *inputs;
    const struct ruleset *rules;
    const struct yaml_source *sources; // of the rules
    size_t n_sources;
    const struct yaml_source *lists; // that rules refer to
    size_t n_lists;
    const struct techniques *techniques;
    enum rule_level least; // of alerts in the report
};

[[nodiscard]] struct dossier *dossier_new(const struct dossier_facts *facts);
void dossier_free(struct dossier *d);

void dossier_alert(struct dossier *d, const struct alert *alert);
void dossier_incident(struct dossier *d, const struct incident *incident);
void dossier_campaign(struct dossier *d, const struct campaign *campaign);
// A record behind an incident, in the order of the input.
void dossier_evidence(struct dossier *d, const struct incident *incident, const struct evidence *place, struct str record);

// Once. `manifest`: see bundle_write.
[[nodiscard]] status dossier_write(struct dossier *d, const struct engine_summary *summary, bundle_write_fn *write, void *context,
                                   char manifest[SHA256_HEX], struct diags *diags);
