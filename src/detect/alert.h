// SPDX-License-Identifier: Apache-2.0
// An alert: a match that is told. Made by the engine from a match and its event, or from a correlation; read by reports and sinks.
#pragma once

#include "event/event.h"
#include "rule/rule.h"

struct host_event;

struct evidence {
    struct str file; // path of the input
    uint64_t line;   // from 1
    uint32_t item;   // position inside a one-line list or envelope, 0: the line itself
    struct str audit_id;
    int64_t time;
};

// A value worth showing beside the alert: image, command, grant, the values a correlation counted.
struct alert_detail {
    struct str name, value;
};

struct alert {
    const struct rule *rule;
    struct str cluster;
    int64_t time;             // ns; TIME_NONE when the record had none
    struct event_actor actor; // of the event, or of the event that completed a correlation
    struct event_action action;
    struct str decision, reason;
    const struct evidence *evidence; // oldest first
    size_t n_evidence;
    uint64_t count; // events behind it: 1, or what the correlation counted
    int64_t first;  // time of the oldest event behind it
    const struct alert_detail *details;
    size_t n_details;
    const struct host_event *process; // what the record of a node says (host/host.h); NULL: it is an audit event
};

// What could not be judged, and why: rules that a log without bodies blinds, and such.
struct blindness {
    struct str cluster;
    struct str why;   // one sentence
    uint64_t records; // how many records it concerns
    uint64_t rules;   // how many rules it blinds
};
