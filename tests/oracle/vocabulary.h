// SPDX-License-Identifier: Apache-2.0
// The words that random rules and records share.
#pragma once

#include "generate.h"

[[nodiscard]] struct str vocabulary_word(struct chance *c);
[[nodiscard]] struct str vocabulary_number(struct chance *c); // JSON numbers
[[nodiscard]] struct str vocabulary_key(unsigned number);     // keys of objects: 16, then again
[[nodiscard]] struct str vocabulary_path(struct chance *c);   // field names of rules
