// SPDX-License-Identifier: Apache-2.0
// Programs with a web page that act on the cluster (rules/pages/, whose head describes the table): the lists of rules and the access vector
// of incidents draw from it.
#pragma once

#include "engine/pack/pack.h"

// Adds the programs to the pack, and their names to the lists that rules refer to. ST_INPUT when the table is not right.
[[nodiscard]] status pages_load(struct pack *p, struct yaml_source source, struct diags *diags);
