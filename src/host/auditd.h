// SPDX-License-Identifier: Apache-2.0
// Lines of auditd, inside this room.
#pragma once

#include "host/host.h"

// A line as auditd writes it.
[[nodiscard]] enum host_result host_read_auditd(struct host_event *out, struct str line, struct arena *a);
// The fields of one of its records, by type: SYSCALL, EXECVE, ... HOST_HEADER: it says nothing of a process.
[[nodiscard]] enum host_result host_read_audit(struct host_event *out, struct str type, struct str fields, struct arena *a);
// The number of an event, which has its time in it.
[[nodiscard]] bool host_audit_id(struct host_event *out, struct str id);
