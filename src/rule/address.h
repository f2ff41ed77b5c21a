// SPDX-License-Identifier: Apache-2.0
// Networks as the cidr modifier writes them. Private to rule; addresses and containment are in rule.h.
#pragma once

#include "rule/rule.h"

enum cidr_result { CIDR_OK, CIDR_MALFORMED, CIDR_HOST_BITS };
// "10.0.0.0/8", "fd00::/8", or one address.
[[nodiscard]] enum cidr_result cidr_parse(struct str s, struct cidr *out);
