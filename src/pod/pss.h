// SPDX-License-Identifier: Apache-2.0
// The Pod Security Standards, baseline and restricted, of every version of Kubernetes since v1.0, as its own admission judges them
// (k8s.io/pod-security-admission/policy, up to v1.37; kubernetes.io/docs/concepts/security/pod-security-standards).
//
// Objects are judged as they are written. A volume without a source is what the API server makes of it, an emptyDir.
#pragma once

#include "base/buf.h"
#include "pod/pod.h"

enum pss_level { PSS_PRIVILEGED, PSS_BASELINE, PSS_RESTRICTED };
enum { PSS_NEWEST = 37 }; // v1.37; later versions are judged by it

struct pss_check {
    struct str id;    // of the official check: "hostPorts"
    struct str title; // one sentence
    struct str fix;   // what to change
    enum pss_level level;
};

[[nodiscard]] bool pss_parse_level(struct str text, enum pss_level *out);
[[nodiscard]] bool pss_parse_version(struct str text, unsigned *out_minor); // "latest", "v1.24"

// A level of a version, "pss:restricted:v1.24".
struct pss_profile {
    enum pss_level level;
    unsigned minor;
};
[[nodiscard]] bool pss_parse_profile(struct str text, struct pss_profile *out);
#define PSS_PROFILE_IS "--profile is pss:LEVEL:VERSION, with LEVEL privileged, baseline or restricted, VERSION latest or v1.N"

// What a check found: why is empty when nothing is wrong. Good until the next call.
typedef void pss_tell_fn(void *context, const struct pss_check *check, struct str why);

// All checks that a level has in a version: of restricted, those of baseline that it does not replace come first. By id within a level.
void pss_judge(enum pss_level level, unsigned minor, const struct pod *pod, pss_tell_fn *tell, void *context);
