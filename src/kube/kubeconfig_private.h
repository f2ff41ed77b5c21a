// SPDX-License-Identifier: Apache-2.0
// Inside the files that read kubeconfigs.
#pragma once

#include "base/vec.h"
#include "kube/kubeconfig.h"

enum { KUBE_ENTRIES_MAX = 10000 }; // of a part

enum kube_part { KUBE_CLUSTERS, KUBE_USERS, KUBE_CONTEXTS, KUBE_PARTS };

struct kube_part_words {
    struct str list, member; // clusters, cluster
    const char *one;         // of them
};
extern const struct kube_part_words kube_part_words[KUBE_PARTS];

struct kube_entry {
    struct str name;
    const struct yaml_value *body;  // what the name stands for; NULL: nothing
    const struct yaml_value *entry; // the element of the list
    struct str file;
};

struct kubeconfig {
    struct arena arena;
    VEC(struct kube_entry) parts[KUBE_PARTS];
    const struct yaml_value *current; // NULL: no context is
    struct str current_file;
};

// Says what is wrong, at v (NULL: with the file). ST_INPUT.
[[nodiscard]] __attribute__((format(printf, 4, 5))) status kubeconfig_bad(const struct kube_entry *entry, const struct yaml_value *v,
                                                                          struct diags *diags, const char *format, ...);

[[nodiscard]] struct kube_entry *kubeconfig_entry(struct kubeconfig *k, enum kube_part part, struct str name); // NULL: there is none

// Fill the target's parts. kubeconfig_fields.c
[[nodiscard]] status kubeconfig_cluster(struct kubeconfig *k, const struct kube_entry *cluster, struct kube_target *out,
                                        struct diags *diags);
[[nodiscard]] status kubeconfig_user(struct kubeconfig *k, const struct kube_entry *user, const struct kube_entry *cluster,
                                     struct kube_target *out, struct diags *diags);
