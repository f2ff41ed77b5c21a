// SPDX-License-Identifier: Apache-2.0
// What exposure keeps of objects, inside this room. Strings are interned, lists are in the arena.
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "posture/exposure.h"
#include "posture/labels.h"

struct named {
    struct str ns, name;
};

// An object: where it was read and what it is called.
struct thing {
    struct str api_version, kind, ns, name;
    struct access_place place;
};

struct pod_port {
    struct str name, protocol;
    uint32_t number, host; // 0: none
};

struct workload {
    struct thing thing;
    struct labels labels; // of its pods
    struct texts images, arguments;
    struct str account;
    const struct pod_port *ports;
    size_t n_ports;
    bool host_network;
    struct str owner_kind, owner; // its controller; ptr NULL: none
    uint32_t next;                // in the namespace's list; plus 1
    bool reached;                 // a way was told
    bool open;                    // and one of them is open
};

struct service_port {
    struct str name, protocol, target_name; // target_name.len 0: a number
    uint32_t number, target, node_port;
};

struct service {
    struct thing thing;
    struct str type;
    struct selector selector;
    const struct service_port *ports;
    size_t n_ports;
    struct texts external_addresses, balancer_addresses, sources;
    struct labels annotations;
};

// What a route leads to: a port of a Service, or all of them.
struct backend {
    struct named service;
    struct str port_name;
    uint32_t port;
};

struct route {
    struct thing thing;
    struct str way; // "Ingress", "Gateway", "Route"
    struct texts hosts, addresses;
    struct labels annotations;
    const struct backend *backends;
    size_t n_backends;
    const struct named *parents; // Gateways
    size_t n_parents;
    bool tls, wants_gateway;
    bool of_istio; // a VirtualService: its Gateways are Istio's, and it refers to any Service
};

enum gateway_from { FROM_SAME, FROM_ALL, FROM_SELECTED, FROM_NAMED };
struct listener {
    enum gateway_from from;
    struct selector namespaces;
    struct str named; // FROM_NAMED: the namespace
    bool tls;
};
struct gateway {
    struct thing thing;
    struct texts addresses;
    struct labels annotations;
    const struct listener *listeners;
    size_t n_listeners;
};

struct policy_port {
    struct str name, protocol; // name.len 0: a number
    uint32_t first, last;      // first 0: all
};
enum peer_kind { PEER_ANYWHERE, PEER_NETWORK, PEER_ALL_PODS, PEER_SOME_PODS };
struct policy_rule {
    const enum peer_kind *peers;
    size_t n_peers;
    const struct policy_port *ports;
    size_t n_ports; // 0: all
};
struct policy {
    struct thing thing;
    struct selector pods;
    const struct policy_rule *rules;
    size_t n_rules;
    uint32_t next; // in the namespace's list; plus 1
};

// A ReferenceGrant lets routes of a namespace refer to Services of its own.
struct reference_grant {
    struct str ns, from_ns, from_kind;
    struct str to_name; // ptr NULL: any Service
};

struct territory { // a namespace
    struct str name;
    struct labels labels;
    bool known;                   // its object was seen
    uint32_t workloads, policies; // heads of lists; plus 1
};

enum seen { SEEN_SERVICE, SEEN_ROUTE, SEEN_POLICY, SEEN_MAX };

struct exposure {
    struct arena arena;
    struct intern words;
    VEC(struct workload) workloads;
    VEC(struct service) services;
    VEC(struct route) routes;
    VEC(struct gateway) gateways;
    VEC(struct policy) policies;
    VEC(struct reference_grant) grants;
    VEC(struct territory) territories;
    struct map
        by_name; // "KIND\0NS\0NAME" -> place in its list, plus 1: workloads, Services, Gateways, namespaces; accounts of what is open
    bool seen[SEEN_MAX];
    bool policies_unread;
    uint64_t steps; // of joining, against hostile numbers of things
};
enum { JOIN_STEPS_MAX = 300000000 };

[[nodiscard]] struct str exposure_word(struct exposure *e, struct str s); // "" when absent
[[nodiscard]] uint64_t *exposure_name(struct exposure *e, struct str kind, struct str ns, struct str name);
[[nodiscard]] uint64_t exposure_find(const struct exposure *e, struct str kind, struct str ns, struct str name);
[[nodiscard]] struct territory *exposure_territory(struct exposure *e, struct str name);

// --- reading ---------------------------------------------------------------------------------------------------------------------

[[nodiscard]] struct keep keep_of(struct exposure *e);
// The first element of an array, or NULL; *n (may be NULL) grows by their number.
[[nodiscard]] const struct json_value *elements(const struct json_value *parent, struct str key, size_t *n);
[[nodiscard]] struct str text_of(struct exposure *e, const struct json_value *parent, struct str key); // "" when absent
[[nodiscard]] uint32_t port_number(const struct json_value *v);                                        // 0: it is none
[[nodiscard]] struct labels annotations_of(struct exposure *e, const struct json_value *tree);
[[nodiscard]] struct texts balancer_addresses(struct exposure *e, const struct json_value *tree); // status.loadBalancer
[[nodiscard]] bool is_anywhere(struct str cidr); // it holds a large part of the internet, whatever is left out of it

[[nodiscard]] bool read_workload(struct exposure *e, const struct json_value *tree, const struct thing *thing);
void read_service(struct exposure *e, const struct json_value *tree, const struct thing *thing);
void read_policy(struct exposure *e, const struct json_value *tree, const struct thing *thing);
[[nodiscard]] bool read_route(struct exposure *e, const struct json_value *tree, const struct thing *thing);
void read_gateway(struct exposure *e, const struct json_value *tree, const struct thing *thing);
void read_istio_gateway(struct exposure *e, const struct json_value *tree, const struct thing *thing);
void read_reference_grant(struct exposure *e, const struct json_value *tree, const struct thing *thing);

// --- joined ----------------------------------------------------------------------------------------------------------------------

// A port of a pod that something leads to; number 0: unknown.
struct target {
    struct str protocol;
    uint32_t number;
};

// Whom the NetworkPolicies let reach one of a pod's ports.
enum {
    LET_ANYWHERE = 1,  // all addresses
    LET_NETWORK = 2,   // those of networks
    LET_ALL_PODS = 4,  // every pod of the cluster
    LET_SOME_PODS = 8, // some of them
    LET_ISOLATED = 16, // a policy chooses the pod: only who is named above
    LET_UNKNOWN = 32,  // too many to look at
    LET_UNREAD = 64,   // and UNKNOWN: there may be others
};
// n 0: the ports are unknown.
[[nodiscard]] unsigned policies_let(struct exposure *e, const struct workload *w, const struct target *ports, size_t n);

enum verdict { VERDICT_OPEN, VERDICT_LIMITED, VERDICT_CLOSED, VERDICT_UNKNOWN };

struct way {
    struct str name; // as the record has it
    const struct thing *via;
    const struct workload *workload; // NULL: nothing seen
    const struct service *service;   // NULL: none on the way
    const struct target *ports;
    size_t n_ports;
    struct texts addresses, sources, hosts;
    struct labels annotations;
    bool tls;
    struct str policy; // as the record has it
    enum verdict verdict;
    const char *because;
};
[[nodiscard]] struct str way_verdict(enum verdict verdict);
// Appends the record's JSON, without padding; its title.
void way_write(struct buf *out, const struct exposure *e, const struct way *w);
void way_title(struct buf *out, const struct way *w);
