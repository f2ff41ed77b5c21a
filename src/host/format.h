// SPDX-License-Identifier: Apache-2.0
// The formats of sensors, each one const descriptor, and what they share.
#pragma once

#include "host/host.h"

struct host_format {
    bool (*looks)(const struct json_value *record); // by its outermost members
    bool (*read)(struct host_event *out, const struct json_value *record, struct arena *a);
};
extern const struct host_format host_falco, host_tetragon, host_tracee, host_laurel, host_journald;

// listing.c
[[nodiscard]] enum host_result host_read_listing(struct host_event *out, struct str line, struct arena *a);

// --- texts (texts.c) -----------------------------------------------------------------------------------------------------------------

// A text that says something: not empty, not <NA>. Cut at HOST_TEXT_MAX.
[[nodiscard]] struct str host_text(struct host_event *e, struct str s);
[[nodiscard]] struct str host_member(struct host_event *e, const struct json_value *object, struct str key);
// The first of two names that is there.
[[nodiscard]] const struct json_value *host_either(const struct json_value *object, struct str a, struct str b);
// A number that JSON wrote as a number or as a text; 0: none.
[[nodiscard]] uint64_t host_number(const struct json_value *v);
// RFC 3339, or seconds, milli-, micro- or nanoseconds since 1970; TIME_NONE.
[[nodiscard]] int64_t host_time(const struct json_value *v);
// "containerd://ID" -> ID; "host" and the like -> STR_NONE
[[nodiscard]] struct str host_container_id(struct str s);
// "EXE ARGUMENTS"
[[nodiscard]] struct str host_command(struct host_event *e, struct arena *a, struct str exe, struct str arguments);
// Of a hexadecimal digit; negative: it is none.
[[nodiscard]] int host_digit(char c);
// An executable's path out of a command line that begins with one.
[[nodiscard]] struct str host_first_word(struct str command);

// --- cgroups (cgroup.c) --------------------------------------------------------------------------------------------------------------

// The pod's UID and the container's id out of a control group's path, of any driver and runtime; what it does not say stays as it is.
//   /kubepods/burstable/pod1dc45fb4-2846-409e-beef-d769e626dad8/<64 digits>
//   /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1dc45fb4_2846_..._d769e626dad8.slice/cri-containerd-<64 digits>.scope
void host_read_cgroup(struct host_event *out, struct str cgroup, struct arena *a);
