// SPDX-License-Identifier: Apache-2.0
// The attack matrix of a log: which techniques its alerts hit, under which tactics, how often and how badly.
#pragma once

#include "report/common/digest.h"
#include "report/common/techniques.h"

struct matrix_cell {
    size_t technique; // TECHNIQUE_NONE: rules that name the tactic alone
    uint64_t alerts;
    enum rule_level worst;
};

struct matrix_column {
    VEC(struct matrix_cell) cells; // hit ones: worst first, then by alerts
    uint64_t alerts;               // each alert once
    enum rule_level worst;
    bool drawn;
};

struct matrix {
    const struct techniques *techniques;
    struct matrix_column columns[TACTICS_MAX]; // by tactic
    uint64_t unplaced;                         // alerts of rules without a tag that the table knows
};

void matrix_init(struct matrix *m, const struct techniques *t, const struct digest *d);
void matrix_fini(struct matrix *m);
[[nodiscard]] const struct matrix_cell *matrix_find(const struct matrix_column *column, size_t technique); // NULL: not hit
[[nodiscard]] struct str matrix_cell_name(const struct matrix *m, const struct matrix_cell *cell);
