// SPDX-License-Identifier: Apache-2.0
// Indicators as patterns of STIX (part 9 of STIX 2.1): what to look for in the data of others.
#pragma once

#include "base/buf.h"
#include "incident/incident.h"

// Appends the pattern of an indicator whose value is clean. False, and nothing appended: STIX has no object for its type, or the value is
// not what the type promises.
[[nodiscard]] bool stix_pattern(struct buf *out, const struct incident_indicator *indicator);

enum address_family { ADDRESS_NONE, ADDRESS_IPV4, ADDRESS_IPV6 };
[[nodiscard]] enum address_family stix_address(struct str s);
