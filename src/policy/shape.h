// SPDX-License-Identifier: Apache-2.0
// What Kubernetes objects look like: CEL must be told where a list is, and what a value is, which paths of rules do not say. Private to
// policy.
#pragma once

#include "base/str.h"

enum shape_kind {
    SHAPE_NONE, // there is no such member
    SHAPE_STRING,
    SHAPE_BOOL,
    SHAPE_INT,
    SHAPE_OTHER, // a text or a number, as quantities and ports are: only whether it is there can be asked
    SHAPE_OBJECT,
    SHAPE_LIST,
    SHAPE_MAP,
    SHAPE_OPEN, // not described here
};

// A type as the table writes it: "string", "[Container]" a list, "{string}" a map, "Container" an object.
struct shape {
    struct str text;
};

[[nodiscard]] enum shape_kind shape_kind(struct shape s);
[[nodiscard]] struct shape shape_element(struct shape s);                 // of a list or map
[[nodiscard]] struct shape shape_member(struct shape s, struct str name); // of an object; SHAPE_NONE: it has none of that name
