// SPDX-License-Identifier: Apache-2.0
// GKE: Cloud Audit Logs entries (google.cloud.audit.AuditLog in the protoPayload of a LogEntry) as audit.k8s.io/v1 events.
//
//   methodName    io.k8s.core.v1.pods.exec.create                     -> verb
//   resourceName  core/v1/namespaces/x/pods/y/exec                    -> objectRef, requestURI
//   authenticationInfo.principalEmail                                 -> user.username
//   requestMetadata.callerIp, callerSuppliedUserAgent                 -> sourceIPs, userAgent
//   status.code (gRPC), or the code of a Status in the response       -> responseStatus.code
//   request, response                                                 -> requestObject, responseObject
//   labels, authorizationInfo                                         -> annotations
//   insertId, timestamp                                               -> auditID, stageTimestamp
//
// What the entry does not carry stays out: groups, the stage (an entry is one finished request) and the exact success code (200, 201 for
// a create, 101 for exec, attach and port-forward).
#include "source/envelope.h"

#include "base/status.h"

#include <string.h>

enum { NAME_PARTS = 8, EVENT_ROOM = 64 * 1024 };

struct object {
    struct str group, version, resource, namespace, name, subresource;
};

static struct str verb_of(struct str method)
{
    size_t dot = method.len;
    while (dot && method.ptr[dot - 1] != '.')
        dot--;
    return str_slice(method, dot, method.len);
}

// The resource in "io.k8s.core.v1.namespaces.finalize.update" is what follows the version: here, is it `namespaces`?
static bool is_about_namespaces(struct str method)
{
    size_t at = str_find(method, STR(".namespaces."), 0);
    return at != SIZE_MAX && at > 0 && method.ptr[at - 1] >= '0' && method.ptr[at - 1] <= '9';
}

static void take_object(struct object *o, const struct str *parts, size_t n)
{
    o->resource = n > 0 ? parts[0] : STR_NONE;
    o->name = n > 1 ? parts[1] : STR_NONE;
    o->subresource = n > 2 ? parts[2] : STR_NONE;
}

// GROUP/VERSION[/namespaces/NAMESPACE]/RESOURCE[/NAME[/SUBRESOURCE]]; false: not the name of an API object.
static bool parse_resource_name(struct str text, struct str method, struct object *out)
{
    struct str parts[NAME_PARTS];
    size_t n = 0;
    while (text.ptr && n < NAME_PARTS)
        parts[n++] = str_split(&text, '/');
    if (n < 3 || parts[1].len < 2 || parts[1].ptr[0] != 'v')
        return false;
    *out = (struct object){.group = str_eq(parts[0], STR("core")) ? STR("") : parts[0], .version = parts[1]};
    if (n > 3 && str_eq(parts[2], STR("namespaces"))) {
        out->namespace = parts[3];
        if (n == 4 || is_about_namespaces(method))
            take_object(out, parts + 2, n - 2);
        else
            take_object(out, parts + 4, n - 4);
    } else {
        take_object(out, parts + 2, n - 2);
    }
    return true;
}

// google.rpc.Code as HTTP status, as google/rpc/code.proto maps them. Numbers beyond are HTTP already.
static int64_t http_code(uint64_t code)
{
    static const short http[] = {200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401};
    return code < sizeof http / sizeof *http ? http[code] : (int64_t)code;
}

static bool number_of(const struct json_value *v, uint64_t *out)
{
    return v && v->kind == JSON_NUMBER && str_to_u64(v->text, out);
}

static bool is_stream(struct str subresource)
{
    return str_eq(subresource, STR("exec")) || str_eq(subresource, STR("attach")) || str_eq(subresource, STR("portforward"));
}

static int64_t code_of(const struct json_value *payload, struct str verb, const struct object *o)
{
    const struct json_value *response = json_get(payload, STR("response"));
    struct str type = json_text(json_get(response, STR("@type"))), kind = json_text(json_get(response, STR("kind")));
    uint64_t code = 0;
    if ((str_ends(type, STR("v1.Status")) || str_eq(kind, STR("Status"))) && number_of(json_get(response, STR("code")), &code) &&
        code >= 100)
        return (int64_t)code;
    if (number_of(json_get(json_get(payload, STR("status")), STR("code")), &code) && code)
        return http_code(code);
    if (is_stream(o->subresource))
        return 101;
    return str_eq(verb, STR("create")) ? 201 : 200;
}

static void write_uri_part(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || memchr("-._~", c, 4);
        if (plain)
            buf_add_char(out, (char)c);
        else
            buf_addf(out, "%%%02X", c);
    }
}

static void write_path(struct buf *out, const struct object *o)
{
    const struct str parts[] = {o->namespace.ptr && !str_eq(o->resource, STR("namespaces")) ? STR("namespaces") : STR_NONE,
                                str_eq(o->resource, STR("namespaces")) ? STR_NONE : o->namespace, o->resource, o->name, o->subresource};
    if (o->group.len)
        buf_addf(out, "/apis/%.*s/%.*s", STR_ARG(o->group), STR_ARG(o->version));
    else
        buf_addf(out, "/api/%.*s", STR_ARG(o->version));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].ptr)
            continue;
        buf_add_char(out, '/');
        write_uri_part(out, parts[i]);
    }
}

// The command of exec and attach is in the URI of a Kubernetes event; here it is in the request's PodExecOptions, if at all.
static void write_options(struct buf *out, const struct object *o, const struct json_value *request)
{
    if (!is_stream(o->subresource))
        return;
    char separator = '?';
    const struct json_value *command = json_get(request, STR("command"));
    for (const struct json_value *c = command && command->kind == JSON_ARRAY ? command->first : NULL; c; c = c->next) {
        buf_add_char(out, separator);
        buf_add(out, STR("command="));
        write_uri_part(out, json_text(c));
        separator = '&';
    }
    struct str container = json_text(json_get(request, STR("container")));
    if (container.ptr) {
        buf_add_char(out, separator);
        buf_add(out, STR("container="));
        write_uri_part(out, container);
    }
}

static void write_text(struct json_writer *w, struct str key, struct str value)
{
    if (value.ptr)
        json_key_string(w, key, value);
}

static void write_raw(struct json_writer *w, struct str key, const struct json_value *v)
{
    if (!v || v->kind == JSON_NULL)
        return;
    json_key(w, key);
    json_raw(w, v->raw);
}

static void write_object_ref(struct json_writer *w, const struct object *o)
{
    json_key(w, STR("objectRef"));
    json_open_object(w);
    json_key_string(w, STR("resource"), o->resource);
    write_text(w, STR("namespace"), o->namespace);
    write_text(w, STR("name"), o->name);
    write_text(w, STR("apiGroup"), o->group.len ? o->group : STR_NONE);
    json_key_string(w, STR("apiVersion"), o->version);
    write_text(w, STR("subresource"), o->subresource);
    json_close_object(w);
}

static void write_annotations(struct json_writer *w, const struct json_value *entry, const struct json_value *payload)
{
    const struct str decision = STR("authorization.k8s.io/decision");
    const struct json_value *labels = json_get(entry, STR("labels"));
    json_key(w, STR("annotations"));
    json_open_object(w);
    for (const struct json_value *l = labels && labels->kind == JSON_OBJECT ? labels->first : NULL; l; l = l->next)
        write_text(w, l->key, json_text(l));
    const struct json_value *authorization = json_get(payload, STR("authorizationInfo"));
    const struct json_value *first = authorization && authorization->kind == JSON_ARRAY ? authorization->first : NULL;
    if (first && first->kind == JSON_OBJECT && !json_get(labels, decision)) {
        const struct json_value *granted = json_get(first, STR("granted")); // left out when false
        json_key_string(w, decision, granted && granted->kind == JSON_TRUE ? STR("allow") : STR("forbid"));
    }
    json_close_object(w);
}

static void write_who(struct json_writer *w, const struct json_value *payload)
{
    const struct json_value *metadata = json_get(payload, STR("requestMetadata"));
    json_key(w, STR("user"));
    json_open_object(w);
    write_text(w, STR("username"), json_text(json_get(json_get(payload, STR("authenticationInfo")), STR("principalEmail"))));
    json_close_object(w);
    json_key(w, STR("sourceIPs"));
    json_open_array(w);
    struct str address = json_text(json_get(metadata, STR("callerIp")));
    if (address.ptr)
        json_string(w, address);
    json_close_array(w);
    write_text(w, STR("userAgent"), json_text(json_get(metadata, STR("callerSuppliedUserAgent"))));
}

static void write_status(struct json_writer *w, const struct json_value *payload, int64_t code)
{
    json_key(w, STR("responseStatus"));
    json_open_object(w);
    json_key_number(w, STR("code"), code);
    write_text(w, STR("message"), json_text(json_get(json_get(payload, STR("status")), STR("message"))));
    json_close_object(w);
}

static struct str level_of(const struct json_value *request, const struct json_value *response)
{
    return response ? STR("RequestResponse") : request ? STR("Request") : STR("Metadata");
}

static void write_event(struct buf *out, const struct json_value *entry, const struct json_value *payload, const struct object *o,
                        struct buf *uri)
{
    const struct json_value *request = json_get(payload, STR("request")), *response = json_get(payload, STR("response"));
    const struct str verb = verb_of(json_text(json_get(payload, STR("methodName"))));
    const struct str time = json_text(json_get(entry, STR("timestamp")));
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("Event"));
    json_key_string(&w, STR("apiVersion"), STR("audit.k8s.io/v1"));
    json_key_string(&w, STR("level"), level_of(request, response));
    json_key_string(&w, STR("auditID"), json_text(json_get(entry, STR("insertId"))));
    json_key_string(&w, STR("stage"), STR("ResponseComplete"));
    json_key_string(&w, STR("requestURI"), buf_str(uri));
    json_key_string(&w, STR("verb"), verb);
    write_who(&w, payload);
    if (o->resource.ptr)
        write_object_ref(&w, o);
    write_status(&w, payload, code_of(payload, verb, o));
    write_raw(&w, STR("requestObject"), request);
    write_raw(&w, STR("responseObject"), response);
    write_text(&w, STR("requestReceivedTimestamp"), time);
    write_text(&w, STR("stageTimestamp"), time);
    write_annotations(&w, entry, payload);
    json_close_object(&w);
}

static bool look_gke(const struct json_value *entry, struct inside *in)
{
    const struct json_value *payload = json_get(entry, STR("protoPayload"));
    if (!payload || payload->kind != JSON_OBJECT)
        return false;
    const struct str method = json_text(json_get(payload, STR("methodName"))), service = json_text(json_get(payload, STR("serviceName")));
    const struct str id = json_text(json_get(entry, STR("insertId"))), name = json_text(json_get(payload, STR("resourceName")));
    // Other services log into the same place: container.googleapis.com is the API that makes clusters, not the one of a cluster.
    const bool kubernetes = service.ptr ? str_eq(service, STR("k8s.io")) : str_starts(method, STR("io.k8s."));
    if (!kubernetes || !method.len || !id.ptr) {
        in->foreign++;
        return true;
    }
    struct object o = {0};
    struct buf uri, out;
    const struct json_value *request = json_get(payload, STR("request"));
    buf_init(&uri, 3 * entry->raw.len + EVENT_ROOM);
    buf_init(&out, 8 * entry->raw.len + EVENT_ROOM);
    if (parse_resource_name(name, method, &o))
        write_path(&uri, &o);
    else
        buf_addf(&uri, "/%.*s", STR_ARG(name)); // /healthz, /version, ...
    write_options(&uri, &o, request);
    write_event(&out, entry, payload, &o, &uri);
    char *event = out.full || uri.full ? NULL : arena_try(in->arena, out.len + 1);
    if (event)
        inside_add_event(in, str_make(memcpy(event, out.ptr, out.len), out.len));
    else
        in->foreign++;
    buf_fini(&uri);
    buf_fini(&out);
    return true;
}
const struct envelope envelope_gke = {{"gke", 3}, look_gke};
