// SPDX-License-Identifier: Apache-2.0
// The content that ships inside the binary: every YAML file under rules/ (rules, field dictionaries, intelligence, techniques), as it
// stands there, and what was read of it when the binary was built. Tests of rules (*.test.yml) are content, too: their stories are what
// `davy coverage` tells by.
#pragma once

#include "codec/yaml/yaml.h"

struct content_file {
    struct str name; // path below rules/: "audit/dashboard.yml"
    struct str text;
    struct str packed; // by yaml_pack
};

// All files, in the bytewise order of their names.
[[nodiscard]] const struct content_file *content_files(size_t *n);
// The file of that name, or NULL.
[[nodiscard]] const struct content_file *content_find(struct str name);
// Those below a folder ("audit/"), as a run of the table above.
[[nodiscard]] const struct content_file *content_below(struct str folder, size_t *n);
// For yaml_read, which then has nothing left to parse.
[[nodiscard]] struct yaml_source content_source(const struct content_file *file);
