// SPDX-License-Identifier: Apache-2.0
// Dumps of clusters beside their logs: the objects of each, kept for what reconstruction asks about them.
#pragma once

#include "engine/objects/survey.h"
#include "incident/standing.h"
#include "source/source.h"

struct dumps;

// Runs the survey, which belongs to the dumps from then on, whatever comes of it; *out is to be freed. registry: of images that name none,
// see image_parse. As survey_run; ST_INPUT when there was no object.
[[nodiscard]] status dumps_load(struct dumps **out, struct survey *survey, struct str registry, struct diags *diags);
void dumps_free(struct dumps *d);

// The objects of a log's cluster: those of the same name; of another one when there is one dump alone, and one cluster in all inputs. NULL:
// none.
[[nodiscard]] const struct standing *dumps_of(const struct dumps *d, struct str cluster, const struct source_list *inputs);
// Says which clusters of the dumps are none of the inputs'.
void dumps_warn(const struct dumps *d, const struct source_list *inputs, struct diags *diags);
