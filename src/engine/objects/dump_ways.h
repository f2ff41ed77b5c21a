// SPDX-License-Identifier: Apache-2.0
// Ways from outside into the workloads of a dump, as reconstruction asks for them: what posture finds of them, kept.
#pragma once

#include "incident/standing.h"
#include "posture/exposure.h"
#include "source/objects.h"

struct dump_ways;

[[nodiscard]] struct dump_ways *dump_ways_new(struct arena *a,
                                              struct str registry); // texts are kept in the arena; registry: see image_parse
void dump_ways_free(struct dump_ways *w);
void dump_ways_add(struct dump_ways *w, const struct object *o, struct access_place place);
// Not all objects of a kind could be read: where there seems to be no way, there may be one.
void dump_ways_unread(struct dump_ways *w, struct str kind);
// No more objects. In `resource` stands the kind of what opens the way, in `object` its place alone: to be looked up.
[[nodiscard]] struct standing_way *dump_ways_join(struct dump_ways *w, size_t *n);
[[nodiscard]] const struct standing_way *dump_ways_all(const struct dump_ways *w, size_t *n);
