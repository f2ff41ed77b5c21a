// SPDX-License-Identifier: Apache-2.0
// Labels, and selectors over them (meta/v1 LabelSelector; apimachinery, labels.Selector).
#pragma once

#include "base/intern.h"
#include "codec/json/json.h"

struct texts {
    const struct str *items;
    size_t n;
};

struct label {
    struct str key, value;
};
struct labels {
    const struct label *items;
    size_t n;
};

// matchLabels and matchExpressions.
enum selector_operator { SELECT_IN, SELECT_NOT_IN, SELECT_EXISTS, SELECT_EXISTS_NOT };
struct requirement {
    enum selector_operator operator;
    struct str key;
    struct texts values;
};
struct selector {
    const struct requirement *items; // all must hold; none: everything is chosen
    size_t n;
};

// Where what is read is kept: strings once, lists in the arena.
struct keep {
    struct arena *arena;
    struct intern *words;
};

// The texts of an array; what is no text is left out. Of anything else: none.
[[nodiscard]] struct texts texts_read(struct keep k, const struct json_value *array);
// The texts of a map; members that are no text are left out.
[[nodiscard]] struct labels labels_read(struct keep k, const struct json_value *map);
// A LabelSelector. Gives what is wrong with it, or NULL; out is then usable.
[[nodiscard]] const char *selector_read(struct keep k, const struct json_value *v, struct selector *out);
// A map of labels that must all be there: Service's spec.selector.
[[nodiscard]] struct selector selector_of_labels(struct keep k, const struct json_value *map);

[[nodiscard]] struct str labels_get(struct labels l, struct str key); // STR_NONE: absent
[[nodiscard]] bool selector_chooses(const struct selector *s, struct labels l);
