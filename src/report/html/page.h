// SPDX-License-Identifier: Apache-2.0
// The first and the last lines of every page. Its policy allows one style sheet, by hash, and nothing else: no network, no script.
#pragma once

#include "report/html/html.h"

void html_top(struct buf *out, const char *title);
void html_bottom(struct buf *out, const char *note); // note: markup of the program's own, behind what holds of every page
