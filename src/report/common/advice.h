// SPDX-License-Identifier: Apache-2.0
// What to do, each advice once, for the rules that fired.
#pragma once

#include "report/common/digest.h"

enum { ADVICE_MAX = 40, ADVICE_TITLES = 4 };

struct advice {
    struct str text;
    enum rule_level worst; // of the rules that give it
    struct str titles[ADVICE_TITLES];
    size_t n_titles;
    size_t more; // rules beyond these
};

// Worst first. Gives their number; *left: pieces of advice that did not fit.
[[nodiscard]] size_t advice_collect(const struct digest *d, struct advice out[ADVICE_MAX], size_t *left);
