// SPDX-License-Identifier: Apache-2.0
// The table that embed.c writes at build time.
#pragma once

#include "content/content.h"

extern const struct content_file content_table[];
extern const size_t content_table_n;
