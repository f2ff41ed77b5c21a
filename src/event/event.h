// SPDX-License-Identifier: Apache-2.0
// What a document means: who did what to which object, when, from where, and what came of it.
//
// The facts about audit events are those of audit.k8s.io/v1 `Event` (v1beta1 has the same fields). Strings are views into the record
// or into the arena given; nothing is trusted beyond what docs/audit-events.md says can be.
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "base/time.h"
#include "codec/json/json.h"

// --- an audit event, understood --------------------------------------------------------------------------------------------------

struct event_actor {
    struct str principal; // user.username; ptr NULL when the request was not authenticated at all (401)
    struct str uid;
    struct str *groups;
    size_t n_groups;
    struct str impersonated; // impersonatedUser.username, whose permissions were used; ptr NULL: nobody
    struct str *impersonated_groups;
    size_t n_impersonated_groups;
    struct str *addresses; // sourceIPs as recorded; only the last was seen by the API server itself
    size_t n_addresses;
    struct str agent;         // userAgent, chosen by the client
    struct str credential_id; // user.extra["authentication.kubernetes.io/credential-id"]
    struct str pod, node;     // user.extra: the pod and node a bound token belongs to
};

struct event_action {
    struct str verb, group, version, resource, subresource, namespace, name; // name: from the response when the server generated it
    struct str uri;                                                          // requestURI
    struct str command; // exec and attach, nodes/proxy run: decoded from the URI; ptr NULL elsewhere
    unsigned code;      // responseStatus.code; 0 when not yet known
    bool dry_run;       // dryRun=All in the URI
};

struct event {
    int64_t time;     // ns: stageTimestamp, else requestReceivedTimestamp; TIME_NONE when neither parses
    int64_t received; // ns: requestReceivedTimestamp; TIME_NONE
    struct str audit_id, stage, level;
    struct event_actor actor;
    struct event_action action;
    struct str decision, reason;    // authorization.k8s.io/decision and /reason
    bool truncated;                 // audit.k8s.io/truncated: the bodies were dropped by size
    bool has_request, has_response; // requestObject, responseObject present
    uint64_t request;               // identity of the request: auditID + received + user + URI (the client chooses the auditID)
    uint64_t identity;              // the same and stage + stageTimestamp: equal only for a line delivered twice
};

// False when the document is not an audit event (no auditID, verb or stage).
[[nodiscard]] bool event_decode(struct event *out, const struct json_value *record, struct arena *a);

// --- requests that lead into a container -----------------------------------------------------------------------------------------

enum entry_way {
    ENTRY_NONE,
    ENTRY_EXEC,      // a command of its own
    ENTRY_ATTACH,    // to what runs there already
    ENTRY_EPHEMERAL, // a container more (kubectl debug); its name stands in the body
};
struct event_entry {
    enum entry_way way;
    bool by_kubelet;                      // through the kubelet's API behind nodes/proxy
    bool input;                           // it can type something in
    struct str namespace, pod, container; // container ptr NULL: not said
};
// Views into the action or the arena.
[[nodiscard]] struct event_entry event_entry(const struct event_action *action, struct arena *a);

// --- field dictionary --------------------------------------------------------------------------------------------------------------

// A transform makes the values of a derived field from one value of its source: image parts, the command of an exec, ...
// It appends zero or more strings. One const descriptor each, in the table of event/transform.c.
struct names; // well-known names that a transform compares with: `names` of a dictionary
struct transform_out {
    struct arena *arena;
    struct str *items; // grown in the arena by transform_emit
    size_t n, cap;
    const struct names *names; // set by field_derive, and so is:
    struct str registry;       // of images that name none
    size_t dropped;            // values beyond TRANSFORM_MAX, or beyond the arena's maximum
};
enum { TRANSFORM_MAX = 1024 };
void transform_emit(struct transform_out *out, struct str s); // s must outlive the record, or lie in out->arena

struct transform {
    struct str name;
    const char *what; // one line for the documentation
    void (*apply)(struct str in, struct transform_out *out);
    bool wants_names; // compares with a list of names, which the field's dictionary gives
};
[[nodiscard]] const struct transform *transform_find(struct str name); // NULL: unknown
[[nodiscard]] const struct transform *transform_table(size_t *n);

enum field_pick { PICK_ALL, PICK_FIRST, PICK_LAST }; // which elements of an array count: sourceIPs is trusted in its last one only

struct field_path {
    struct str *keys; // object keys from the root; arrays are transparent
    size_t n;
    unsigned rank; // of the paths with a value in a record, those of the lowest rank are taken
};

struct field {
    struct str name;
    struct field_path *paths;
    size_t n_paths;
    const struct transform *transform; // NULL: values as they are
    const struct transform *then;      // applied to what the first one made; NULL: nothing
    enum field_pick pick;
    bool many_values;          // names, URIs, timestamps: nearly every record has another value; do not index by it
    struct str about;          // one line for `davy rules fields`
    const struct names *names; // of transforms that want them
    struct str registry;       // of images that name none; ptr NULL: docker.io
};

// The derived values of one source value: its transforms applied, with the field's names; the value itself when there are none.
// Call this, not transform->apply.
void field_derive(const struct field *f, struct str in, struct transform_out *out);

// What lies at a field's paths in a record that was parsed: of the paths of the lowest rank that has values. Arrays on the way are
// entered; an array at the end of a path is a value, and so are its elements. In the arena; values beyond its maximum are left out.
struct value_list {
    const struct json_value **items;
    size_t n, cap;
};
void paths_collect(const struct json_value *record, const struct field_path *paths, size_t n, struct arena *a, struct value_list *out);
// The texts of a field: strings, numbers and literals but null, picked and transformed as the field says. NULL when there are none.
[[nodiscard]] struct str *field_texts(const struct field *f, const struct json_value *record, struct arena *a, size_t *n);

// Array element scopes for "the same element" conditions: a name (`pod.container`) for a set of paths to arrays or objects.
struct scope {
    struct str name;
    struct field_path *paths;
    size_t n_paths;
    struct field *fields; // names that exist inside an element (`image.account`), their paths relative to it; sorted
    size_t n_fields;
    struct str about;
};
// A name inside an element of the scope: one of its fields, or a path relative to the element, cut in every way. s NULL: a path.
[[nodiscard]] const struct field *scope_field(const struct scope *s, struct str name, struct arena *a);

struct dictionary; // names of one stream; immutable
struct yaml_source;

[[nodiscard]] status dictionary_load(struct dictionary **out, struct yaml_source source, struct diags *diags);
[[nodiscard]] struct dictionary *dictionary_generic(void); // no names: every field is a key with dots in it first, a nested path second
// Before anything is made of it: the registry of images that name none, as dictionary_registry then gives it.
void dictionary_use_registry(struct dictionary *d, struct str registry);
[[nodiscard]] struct str dictionary_registry(const struct dictionary *d); // ptr NULL: docker.io
void dictionary_free(struct dictionary *d);
[[nodiscard]] struct str dictionary_stream(const struct dictionary *d);

// A dictionary name, or a native path (`requestObject.spec.nodeName`, `annotations.authorization.k8s.io/reason`): every way of cutting
// it into keys is a path, the whole name as one key first. The field lives in the arena or the dictionary.
[[nodiscard]] const struct field *dictionary_field(const struct dictionary *d, struct str name, struct arena *a);
[[nodiscard]] const struct scope *dictionary_scope(const struct dictionary *d, struct str name); // NULL: unknown
[[nodiscard]] const struct field *dictionary_fields(const struct dictionary *d, size_t *n);      // all names, sorted
// Whether the dictionary says that nearly every record has another value at this path (many_values).
[[nodiscard]] bool dictionary_path_varies(const struct dictionary *d, const struct field_path *path);
// Subtrees that are large and seldom asked for (requestObject, responseObject).
[[nodiscard]] const struct field_path *dictionary_deferred(const struct dictionary *d, size_t *n);
// Logsources this stream answers to: product, category, service each equal or absent in the rule.
[[nodiscard]] bool dictionary_takes(const struct dictionary *d, struct str product, struct str category, struct str service);

// Can this native path exist in a record of the stream, and could it hold such a value? For `rules lint`.
enum schema_answer { SCHEMA_YES, SCHEMA_UNKNOWN_FIELD, SCHEMA_WRONG_TYPE, SCHEMA_NOT_IN_ENUM };
// number: the value compared with is a number; text: what it is compared with if exact, else ptr NULL. *hint (arena): what was meant.
[[nodiscard]] enum schema_answer dictionary_judge(const struct dictionary *d, struct str field, struct str text, bool number,
                                                  struct arena *a, struct str *hint);

// --- image references (the distribution reference grammar) ----------------------------------------------------------------------

struct image_ref {
    struct str registry;   // the default one when not written
    struct str repository; // library/nginx for nginx of docker.io
    struct str tag;        // ptr NULL: none written
    struct str digest;     // sha256:...; ptr NULL: none
};
// False when s does not follow the grammar. Views into s, or constants, or the arena. registry: of what names none, as the runtime of the
// nodes is set up (CRI-O's and Podman's unqualified-search-registries); ptr NULL: docker.io.
[[nodiscard]] bool image_parse(struct str s, struct str registry, struct image_ref *out, struct arena *a);
// Whether it can be one: a domain, and perhaps a port.
[[nodiscard]] bool image_is_registry(struct str s);
