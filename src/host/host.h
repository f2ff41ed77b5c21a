// SPDX-License-Identifier: Apache-2.0
// What a record from a node says of a process: which one, where, in which container of which pod, started by which other one.
//
//   Falco alert | Tetragon event | Tracee event | auditd | journald | process listing  --host_read-->  host_event  --host_write-->  for the
//   rules
//
// The formats and their versions: docs/host-events.md. Pure: nothing is looked up, no record knows of another.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"
#include "codec/json/json.h"

enum host_source { HOST_FALCO, HOST_TETRAGON, HOST_TRACEE, HOST_LISTING, HOST_AUDITD, HOST_JOURNALD };
[[nodiscard]] struct str host_source_name(enum host_source s);

enum host_act {
    HOST_STARTED,  // an exec
    HOST_ENDED,    // an exit
    HOST_CALLED,   // something it did: a system call, a kernel function, a connection
    HOST_REPORTED, // a rule of the sensor fired on it
    HOST_SEEN,     // it was there when somebody looked
};
[[nodiscard]] struct str host_act_name(enum host_act a);

struct host_process {
    uint64_t pid;       // on the node; 0: not known
    struct str key;     // what the sensor knows it by (exec_id, entity id); ptr NULL: by its pid alone
    struct str exe;     // path of the executable
    struct str name;    // short, at most 15 bytes where the kernel gives it
    struct str command; // the command line
};

// Texts are views of the record or in the arena; ptr NULL: the record does not say. Each is cut at HOST_TEXT_MAX.
struct host_event {
    enum host_source source;
    enum host_act act;
    int64_t time;      // of the start, for starts, ends and listings that tell it; else of the record; TIME_NONE
    bool without_zone; // the clock said no zone; read as UTC
    bool cut;          // a text was longer than is kept
    struct str node;
    struct str pod_uid, namespace, pod;
    struct str container, container_id, image; // container_id: without the runtime's prefix; Falco and Tetragon cut it short
    struct host_process process, parent;
    struct str cwd, user;
    struct str rule, priority; // of the sensor
    struct str call;           // what was called, as the sensor names it
    struct str file;           // the file that it is about
    struct str address;        // the other end of the connection that it is about
    uint64_t port;
    bool entered; // it does not descend from the container's first process (Tetragon says so); false: it does, or nobody knows
};

enum { HOST_TEXT_MAX = 16 << 10, HOST_ARGUMENTS_MAX = 4096 };

enum host_result {
    HOST_NONE,   // no such record
    HOST_HEADER, // the first line of a listing, a line of such a log that tells of no process
    HOST_EVENT,
};
// A record or a line. JSON has JSON_PADDING bytes behind it.
[[nodiscard]] enum host_result host_read(struct host_event *out, struct str record, struct arena *a);
// The same of JSON that was parsed already.
[[nodiscard]] bool host_read_json(struct host_event *out, const struct json_value *record, struct arena *a);
// Whether JSON looks like one, by the members of its outermost object.
[[nodiscard]] bool host_recognises(const struct json_value *record);

// As one JSON object for the rules: the paths that rules/fields/host.yml names.
void host_write(struct buf *out, const struct host_event *e);

[[nodiscard]] bool host_is_uid(struct str s); // of a pod: 8-4-4-4-12 hexadecimal digits, or a static pod's 32
// The last part of a path: what a process is called by those who only know its executable.
[[nodiscard]] struct str host_base_name(struct str path);
