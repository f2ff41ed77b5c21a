// SPDX-License-Identifier: Apache-2.0
// Warnings about rules that compile: what is missing, unused, or can never match. Silent unless the options ask. Private to rule.
#pragma once

#include "detection.h"

void lint_header(const struct document *d, const struct rule *r);
void lint_unused(const struct document *d, const struct selections *s);
// The schema that the rule is held against: that of the stream, when it takes the rule's logsource.
[[nodiscard]] const struct dictionary *lint_judge(const struct document *d, const struct rule *r);
// Can the field exist, and can it hold the value? Without a schema, nothing is said.
void lint_field(const struct document *d, const struct yaml_value *item, struct str field);
void lint_value(const struct document *d, const struct yaml_value *v, struct str field, const struct pattern *p);
