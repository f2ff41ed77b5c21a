// SPDX-License-Identifier: Apache-2.0
// What is kept of requests, inside this room.
#pragma once

#include "base/intern.h"
#include "base/map.h"
#include "base/vec.h"
#include "posture/usage.h"

enum { NAMES_MAX = 5, GROUPS_MAX = 32, USES_MAX = 5000 };

struct kept_use {
    struct access_action action;
    uint64_t requests;
    struct str names[NAMES_MAX];
    size_t n_names;
    bool unnamed; // used without a name, or on more objects than are kept
};

struct user {
    struct used used;
    VEC(struct kept_use) uses;
    struct map index;
};

struct usage {
    struct arena arena;
    struct intern words;
    VEC(struct user) subjects;
    struct map index;
    VEC(struct used) told;
};
