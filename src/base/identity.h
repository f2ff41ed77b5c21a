// SPDX-License-Identifier: Apache-2.0
// 64 bits that stand for bytes an intruder may choose, where the bytes themselves are not kept: SipHash-2-4. (str_hash is for tables that
// compare the key as well; whoever wants to can make it collide.)
#pragma once

#include "base/str.h"

[[nodiscard]] uint64_t identity_hash(struct str s);
// With a key that whoever chooses the bytes does not know: for tables that must not be made slow by names chosen to collide.
[[nodiscard]] uint64_t identity_hash_keyed(struct str s, uint64_t k0, uint64_t k1);
