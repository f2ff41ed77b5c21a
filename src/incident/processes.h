// SPDX-License-Identifier: Apache-2.0
// Records of processes: which are kept, what is looked for on their behalf, and which of them belong together.
#pragma once

#include "incident/model.h"

// Follows what a record names: its pod, uid, container; of a process of the node itself, its name.
void host_follow(struct inquiry *q, const struct host_event *e);
// Whether an audit event holds the uid or the container of something followed.
[[nodiscard]] bool host_names_object(struct inquiry *q, const struct json_value *record);
// Those that it holds, in the inquiry's arena; and whether one of such is followed.
[[nodiscard]] struct texts host_ids(struct inquiry *q, const struct json_value *record);
[[nodiscard]] bool host_follows(struct inquiry *q, struct texts ids);
// The record as a process of this round, when it concerns something followed, an alert points to it, or the search starts with it.
void extract_process(struct inquiry *q, const struct evidence *place, const struct host_event *e);

// With the facts of the round sorted: sorts the processes, finds the pods of those that name only a uid or a container, which records are
// of one process, who started whom, and out of which requests they came.
void processes_settle(struct inquiry *q);
// The uids and containers of tainted pods are looked for from the next round on.
void processes_follow(struct inquiry *q);

// --- process_names.c ---

[[nodiscard]] struct str process_text(struct arena *a, const struct process *p); // process:NAMESPACE/POD/NAME, process:NODE/NAME
// A command line as all sensors would write it: the program without its path, no quotes.
[[nodiscard]] struct str process_line(struct arena *a, struct str command);
[[nodiscard]] struct str process_name(const struct process *p); // its short name, or that of its executable

// --- execs.c ---

// Attributes processes that have settled to requests that lead into containers.
void execs_attribute(struct inquiry *q);
[[nodiscard]] struct str session_way(const struct fact *f); // exec, attach, debug, kubelet
