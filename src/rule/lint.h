// SPDX-License-Identifier: Apache-2.0
// Warnings about rules that compile: what is missing, unused, or can never match. Silent unless the options ask. Private to rule.
#pragma once

#include "detection.h"

void lint_header(const struct document *d, const struct rule *r);
void lint_unused(const struct document *d, const struct selections *s);
// Its condition against the schema of the stream, when the stream takes the rule's logsource.
void lint_condition(const struct document *d, const struct rule *r);
