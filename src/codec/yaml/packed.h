// SPDX-License-Identifier: Apache-2.0
// The reading side of yaml_pack. Private to codec/yaml.
#pragma once

#include "codec/yaml/yaml.h"

// What yaml_read gives for such a source; texts are views into the source.
void packed_read(struct arena *a, struct yaml_source source, struct yaml_value ***out_documents, size_t *out_n);
