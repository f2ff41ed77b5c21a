// SPDX-License-Identifier: Apache-2.0
// A second opinion on the oracle's own reading. jansson and codec/json use the same names, so what was read is handed over as text.
#pragma once

#include "base/buf.h"

// Appends what jansson reads: n, t, f; #NUMBER; "LENGTH:TEXT; [ element ... ]; { key value ... }. False when it refuses, as it does what
// it cannot represent (members of one name, lone surrogates, numbers beyond a double). It does not keep how a number was written.
[[nodiscard]] bool jansson_describe(struct str text, struct buf *out);
