// SPDX-License-Identifier: Apache-2.0
// Modifiers that turn a text value into other texts: where it stands, how it is encoded, which dashes it is written with. Private to
// rule.
#pragma once

#include "value.h"

// One value in, its alternatives out. False: refused.
typedef bool transform_fn(struct document *d, const struct yaml_value *at, struct value v, struct values *out);

transform_fn transform_contains, transform_startswith, transform_endswith;
transform_fn transform_utf16le, transform_utf16be, transform_utf16;
transform_fn transform_base64, transform_base64offset;
transform_fn transform_windash;
