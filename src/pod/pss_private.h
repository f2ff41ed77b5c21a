// SPDX-License-Identifier: Apache-2.0
// Single checks, inside this room.
#pragma once

#include "pod/pss.h"

enum { BLAMES_MAX = 12 }; // offenders named in one sentence; further ones are counted

struct blame {
    struct buf *why;
    size_t n;
};

// Words of a revision: what is allowed, ends with STR_NONE.
typedef void pss_check_fn(const struct pod *pod, const struct str *allowed, struct blame *blame);

pss_check_fn check_app_armor, check_capabilities, check_host_namespaces, check_host_path, check_host_ports, check_host_probes,
    check_privileged, check_proc_mount, check_seccomp_annotations, check_seccomp, check_se_linux, check_sysctls, check_windows_host_process;
pss_check_fn check_privilege_escalation, check_capabilities_dropped, check_volumes, check_non_root, check_user, check_seccomp_required;

// Adds "container NAME: TEXT" (or "pod: TEXT" without a container); value, if it has one, is quoted behind the text.
void blame_container(struct blame *b, const struct json_value *container, const char *text, struct str value);
void blame_pod(struct blame *b, const char *text, struct str value);
