// SPDX-License-Identifier: Apache-2.0
// Well-known names, and which of them another name resembles without being it.
//
// A name resembles a well-known one when
//   - it reads the same: equal skeletons (kube-pr0xy, kubeproxy);
//   - it is one slip away, for names of six bytes and more: a letter more, less, other, or two swapped (kuberntesio);
//   - it is a kube- name with a word more, less or shortened (kube-system-proxy, kube-controller, kube-control, k8s-proxy);
//   - it is made only of the words that components are made of (api-proxy, k8s-device-plugin).
// Names that are themselves well known, or are listed as ordinary, resemble nothing; suffixes that controllers generate
// (pod-template-hash and the five random characters, job times, ordinals) are not part of a name.
#pragma once

#include "base/arena.h"

struct names;

struct names_source {
    const struct str *like; // what may be resembled, most telling first
    size_t n_like;
    const struct str *ordinary; // resemble, but are known to be harmless
    size_t n_ordinary;
    const struct str *words; // component words
    size_t n_words;
    bool generated; // take suffixes off that controllers generate
};

// In the arena; the strings of the source are kept as they are.
[[nodiscard]] struct names *names_build(struct arena *a, const struct names_source *source);

// The well-known name that s resembles, or ptr NULL. Colons divide names as in RBAC objects: the last part counts.
[[nodiscard]] struct str names_resembled(const struct names *names, struct str s);
// The same for host names: also a well-known host as a part of another (evil-gcr.io, gcr.io.example.com), but not its subdomains.
[[nodiscard]] struct str names_resembled_host(const struct names *names, struct str host);

// Lower case, 0 1 3 5 as o l e s, rn as m, vv as w, confusable Unicode letters as the ASCII they look like, separators left out.
// At most s.len bytes; gives the size.
[[nodiscard]] size_t skeleton_write(struct str s, char *out);
