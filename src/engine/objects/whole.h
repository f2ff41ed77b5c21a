// SPDX-License-Identifier: Apache-2.0
// Objects as rules see them: those of typed lists (PodList) do not say what they are, and of metadata alone the API says what it is not.
#pragma once

#include "kube/resources.h"
#include "source/objects.h"

struct whole {
    struct buf json;
    struct arena arena;
};

void whole_init(struct whole *w);
void whole_fini(struct whole *w);
// The JSON of o gets apiVersion and kind if it has none. Good until the next.
void whole_object(struct whole *w, struct object *o);
// An object of a PartialObjectMetadataList becomes one of the resource; nothing but metadata is taken. False: it has none.
[[nodiscard]] bool whole_metadata(struct whole *w, struct object *o, const struct kube_resource *resource, struct str api_version);
