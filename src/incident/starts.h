// SPDX-License-Identifier: Apache-2.0
// What the search was told to start with.
#pragma once

#include "incident/model.h"

// Whether a record of a process is of the executable or image.
[[nodiscard]] bool starts_match(struct inquiry *q, const struct host_event *e);
// Whether an audit event holds the image.
[[nodiscard]] bool starts_name_object(struct inquiry *q, const struct json_value *record);
