// SPDX-License-Identifier: Apache-2.0
// The shapes in which audit events are shipped. Each is one const descriptor; unwrap.c asks them in the order of its table.
//
// An event in an envelope was written by the API server, but envelopes also carry text that an intruder had a hand in (a user agent in
// a line of another component's log). Nothing is therefore searched for: an event is only taken from the places where a known shipper
// puts it.
#pragma once

#include "codec/json/json.h"

enum { INSIDE_MAX_DEPTH = 12 }; // envelopes in envelopes

// What was found in an envelope, in order.
struct inside {
    struct arena *arena; // for what a descriptor makes
    struct inside_item {
        const struct json_value *value; // a string with JSON in it, an object, or an array of such; NULL: see event
        struct str event;               // a ready event
    } * items;
    size_t n, cap;
    uint64_t foreign; // records that are known not to be audit events
};
void inside_add_value(struct inside *in, const struct json_value *value);
void inside_add_event(struct inside *in, struct str event); // event lies in in->arena

struct envelope {
    struct str name;
    bool (*look)(const struct json_value *object, struct inside *in); // false: not this envelope
};

extern const struct envelope envelope_azure;    // AKS
extern const struct envelope envelope_gke;      // Cloud Audit Logs
extern const struct envelope envelope_insights; // CloudWatch Logs Insights
extern const struct envelope envelope_loki;     // streams of Loki
extern const struct envelope envelope_list;     // records, logEvents, items, ... as a member
extern const struct envelope envelope_wrapper;  // log shippers: the event under one known key

// The JSON in a line behind what loggers put before it (time stamps, syslog and container runtime headers), or STR_NONE.
[[nodiscard]] struct str envelope_strip_header(struct str line);
