// SPDX-License-Identifier: Apache-2.0
// For tests of posture: objects written in YAML.
#pragma once

#include "posture/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// Calls take for each document. Everything lives in the arena.
typedef void take_fn(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line);
void each_object(struct arena *a, const char *yaml, take_fn *take, void *context);

// A sealed graph of YAML; what was said is in diags.
struct access *graph_of(struct arena *a, const char *yaml, struct diags *diags);
bool said(const struct diags *diags, const char *what);
