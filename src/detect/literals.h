// SPDX-License-Identifier: Apache-2.0
// Which of many texts stand somewhere in a value, ASCII case ignored? Each text is known by four of its bytes; a value is looked
// through once, and at each place those four bytes are looked for in a small table that nearly always says no. Building it costs next to
// nothing, which matters more than speed on long values: most values are short, and each is asked about once (classes.c).
#pragma once

#include "base/str.h"

enum { LITERAL_MIN = 4 }; // bytes of a text

struct literals;

// For about so many texts.
[[nodiscard]] struct literals *literals_new(size_t expected);
void literals_free(struct literals *l);
// The text is borrowed.
void literals_add(struct literals *l, struct str text, uint32_t id);
// No more texts: decides by which four bytes each is known. Before anything is looked for.
void literals_seal(struct literals *l);

// Calls found for the texts that are there, once for each place; it returns false when it has heard enough.
typedef bool literals_found(void *context, uint32_t id);
void literals_find(const struct literals *l, struct str value, literals_found *found, void *context);
