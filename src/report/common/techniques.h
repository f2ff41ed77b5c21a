// SPDX-License-Identifier: Apache-2.0
// The table of tactics and techniques, and what the tags of a rule mean by it.
#pragma once

#include "base/diag.h"
#include "base/map.h"
#include "codec/yaml/yaml.h"
#include "incident/incident.h"

enum { TACTICS_MAX = 32 };

struct tactic {
    struct str id, tag, name;
    bool drawn; // a column of the matrix also when nothing hit it
};

struct technique {
    struct str id, name;
    uint32_t tactics;   // bit i: tactic i
    struct str *attack; // ids of ATT&CK techniques that mean the same act
    size_t n_attack;
    size_t same; // the technique of the other matrix that has the same name and means the same act, or itself
};

#define TECHNIQUE_NONE SIZE_MAX

// A place of the matrix: technique under tactic, or the tactic alone (TECHNIQUE_NONE).
struct hit {
    size_t tactic, technique;
};
enum { HITS_MAX = 32 }; // of one rule

struct techniques {
    struct arena arena;
    struct tactic *tactics; // in the order of the matrix
    size_t n_tactics;
    struct technique *items;
    size_t n;
    struct map names;      // tactic tags and technique ids, lower case -> index; techniques from TACTICS_MAX
    struct hit acts[ACTS]; // what each kind of act is shown as
};

// The places that the tags of a rule light, each once. A technique of several tactics lights those that are tagged too, or all when
// none is. Gives their number.
[[nodiscard]] size_t techniques_of(const struct techniques *t, const struct rule *rule, struct hit out[HITS_MAX]);

// rules/techniques.yml, whose head describes the format.
[[nodiscard]] status techniques_load(struct techniques **out, struct yaml_source source, struct diags *diags);
void techniques_free(struct techniques *t);
