// SPDX-License-Identifier: Apache-2.0
// What stands in a cluster, as a dump of its objects says. Asked by reconstruction; answered by whoever has a dump
// (src/engine/objects/dump.h).
//
// A dump is younger than the log: what it holds says who could have done a thing, and what is left of it, not who did.
#pragma once

#include "event/event.h"

enum { STANDING_GRANTS = 8 }; // bindings told of one request

// An object of the dump. Texts live as long as the dump.
struct standing_object {
    struct str file; // where it was read
    uint64_t line;
    int64_t created;      // metadata.creationTimestamp; TIME_NONE
    struct str made_with; // the field manager that wrote it first, and what installed it; ptr NULL: not known
    struct str made_by;   // the user, where a platform notes it; ptr NULL: not known
};

struct standing_grant {
    struct str binding; // as the API server names them: ClusterRoleBinding/NAME, RoleBinding/NAMESPACE/NAME
    struct str role;    // ClusterRole/NAME, Role/NAME
    struct str subject; // User/NAME, Group/NAME, ServiceAccount/NAMESPACE/NAME
    struct standing_object object;
};

// A way from outside into a workload, or that there is none.
enum opening {
    OPENING_OPEN,    // to anywhere
    OPENING_LIMITED, // to given networks
    OPENING_CLOSED,
    OPENING_UNKNOWN, // what decides is not among the objects
};
struct standing_texts {
    const struct str *items;
    size_t n;
};
struct standing_numbers {
    const uint64_t *items;
    size_t n;
};
struct standing_way {
    enum opening opening;
    struct str text;                      // "Deployment NS/X through Service NS/Y (NodePort) is open: ..."
    struct str resource, namespace, name; // of what opens it: services, ingresses, ...; of no way, the workload
    struct str workload_namespace;        // "" when no workload was seen
    struct str account;                   // that it runs as; likewise
    struct standing_texts names;          // of all on the way
    struct standing_texts labels;         // values of the pods' labels, or of what a Service chooses by
    struct standing_texts images;         // without tag and digest: docker.io/library/nginx
    struct standing_texts annotations;    // of what opens it: KEY=VALUE
    struct standing_numbers ports;        // of the pods, where it ends
    struct standing_numbers listens;      // all that they declare
    struct standing_object object;        // what opens it
};

// Who asked for what.
struct standing_request {
    struct str user;
    const struct str *groups; // beside those that Kubernetes adds by itself
    size_t n_groups;
    const struct event_action *action;
};

enum presence { PRESENCE_UNKNOWN, PRESENCE_THERE, PRESENCE_GONE };

struct standing {
    const void *context;
    // The bindings that let it through, in the order in which the API server looks; how many there are, of which at most STANDING_GRANTS
    // are written.
    size_t (*allowing)(const void *context, const struct standing_request *request, struct standing_grant *out);
    // The bindings that name this very principal, and no group of his.
    size_t (*naming)(const void *context, struct str principal, struct standing_grant *out);
    // Whether it is there. Gone only if the dump has others of its kind that say that it would be in it. resource: the plural name.
    enum presence (*find)(const void *context, struct str resource, struct str namespace, struct str name, struct standing_object *out);
    // All ways from outside into workloads.
    const struct standing_way *(*ways)(const void *context, size_t *n);
};
