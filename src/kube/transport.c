// SPDX-License-Identifier: Apache-2.0
#include "kube/transport.h"

#include "codec/json/json.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { NS_PER_MS = 1000000, SLOW_BYTES = 1, ANSWER_FACTOR = 10 };

struct transport {
    CURL *curl;
    const struct kube_target *target;
    struct kube_limits limits;
    struct arena arena;            // as long as the transport
    struct str base;               // scheme, host, port, prefix of every URL
    struct curl_slist *connect_to; // the real server, when the URL has the name of its certificate
    struct str host_header;        // ptr NULL: what the URL says
    struct buf body, reason;
    struct curl_slist *headers;     // of the request at hand
    struct arena request;           // the same
    struct transport_stream stream; // take NULL: the whole answer is wanted
    bool too_long;
    bool enough; // the stream's reader wants no more
    char error[CURL_ERROR_SIZE];
};

// --- set up ----------------------------------------------------------------------------------------------------------------------

static struct curl_blob blob_of(struct str s)
{
    return (struct curl_blob){(void *)(uintptr_t)s.ptr, s.len, CURL_BLOB_COPY};
}

static struct str host_of(struct str authority)
{
    if (str_starts(authority, STR("[")))
        return str_slice(authority, 1, str_find_char(authority, ']', 0));
    return str_slice(authority, 0, str_find_char(authority, ':', 0));
}

// Go's clients never go through a proxy of the environment to the machine they are on, and kubectl is one.
static bool is_loopback(struct str host)
{
    return str_eq_ci(host, STR("localhost")) || str_eq(host, STR("::1")) || str_starts(host, STR("127."));
}

// Of a proxy that the kubeconfig names; names are looked up there (of socks5, too: so does Go).
static void set_proxy(struct transport *t)
{
    const struct str url = t->target->proxy, plain = STR("socks5://");
    const struct str given = str_starts_ci(url, plain)
                                 ? arena_printf(&t->arena, "socks5h://%.*s", STR_ARG(str_slice(url, plain.len, url.len)))
                                 : arena_str(&t->arena, url);
    curl_easy_setopt(t->curl, CURLOPT_PROXY, given.ptr);
    curl_easy_setopt(t->curl, CURLOPT_NOPROXY, "");
}

// What TLS asks for and verifies is the name in the URL. To be content with another name, the URL has that one, and the connection is made
// to the real server.
static void set_address(struct transport *t)
{
    const struct str server = t->target->server;
    const bool tls = str_starts_ci(server, STR("https://"));
    const size_t scheme = tls ? 8 : 7;
    const struct str authority = str_slice(server, scheme, str_find_char(server, '/', scheme));
    const struct str prefix = str_slice(server, scheme + authority.len, server.len);
    const struct str host = host_of(authority);
    t->base = arena_str(&t->arena, server);
    if (!t->target->proxy.ptr && is_loopback(host))
        curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
    if (t->target->proxy.ptr)
        set_proxy(t);
    if (!tls || !t->target->tls_name.ptr)
        return;
    const struct str rest = str_slice(authority, host.len + (authority.ptr[0] == '[' ? 2 : 0), authority.len); // ":6443", or nothing
    t->base = arena_printf(&t->arena, "https://%.*s%.*s%.*s", STR_ARG(t->target->tls_name), STR_ARG(rest), STR_ARG(prefix));
    const struct str to = arena_printf(&t->arena, "::%.*s", STR_ARG(authority));
    t->connect_to = must_alloc(curl_slist_append(NULL, to.ptr));
    t->host_header = arena_printf(&t->arena, "Host: %.*s", STR_ARG(authority));
    curl_easy_setopt(t->curl, CURLOPT_CONNECT_TO, t->connect_to);
}

static void set_trust(struct transport *t, struct str ca)
{
    curl_easy_setopt(t->curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYPEER, t->target->insecure ? 0l : 1l);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYHOST, t->target->insecure ? 0l : 2l);
    curl_easy_setopt(t->curl, CURLOPT_KEYPASSWD, ""); // or OpenSSL would ask at the terminal
    if (!ca.ptr)
        return;
    const struct curl_blob blob = blob_of(ca);
    curl_easy_setopt(t->curl, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(t->curl, CURLOPT_CAPATH, NULL); // nobody else
    curl_easy_setopt(t->curl, CURLOPT_CAINFO_BLOB, &blob);
}

// Hands over the lines that are whole; `fresh`: bytes of the body in which none ends. What follows the last one stays.
static bool take_lines(struct transport *t, size_t fresh)
{
    long code = 0;
    size_t from = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    if (code != 200) // the body says why
        return true;
    must(buf_reserve(&t->body, JSON_PADDING));
    for (size_t end = str_find_char(buf_str(&t->body), '\n', fresh); end != SIZE_MAX && !t->enough;
         end = str_find_char(buf_str(&t->body), '\n', from)) {
        t->enough = !t->stream.take(t->stream.context, str_slice(buf_str(&t->body), from, end));
        from = end + 1;
    }
    if (from) {
        memmove(t->body.ptr, t->body.ptr + from, t->body.len - from);
        t->body.len -= from;
    }
    return !t->enough;
}

static size_t take_body(char *bytes, size_t one, size_t n, void *context)
{
    struct transport *t = context;
    const size_t fresh = t->body.len;
    (void)one;
    t->too_long = t->too_long || n > t->limits.body - t->body.len;
    if (t->too_long)
        return 0;
    buf_add(&t->body, str_make(bytes, n));
    return t->stream.take && !take_lines(t, fresh) ? 0 : n;
}

static void set_limits(struct transport *t)
{
    const struct kube_limits *l = &t->limits;
    const int64_t seconds = l->silence_ns / 1000000000 > 0 ? l->silence_ns / 1000000000 : 1;
    curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(l->connect_ns / NS_PER_MS));
    curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_TIME, (long)seconds);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)(l->silence_ns / NS_PER_MS * ANSWER_FACTOR));
}

struct transport *transport_new(const struct kube_target *target, const struct kube_limits *limits, struct str ca)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct transport *t = must_alloc(calloc(1, sizeof *t));
    *t = (struct transport){.curl = must_alloc(curl_easy_init()), .target = target, .limits = *limits};
    arena_init(&t->arena, ARENA_UNLIMITED);
    arena_init(&t->request, ARENA_UNLIMITED);
    buf_init(&t->body, limits->body + JSON_PADDING);
    buf_init(&t->reason, 4096);
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1l);
    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(t->curl, CURLOPT_FOLLOWLOCATION, 0l);
    curl_easy_setopt(t->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(t->curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(t->curl, CURLOPT_USERAGENT, "davy");
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
    set_address(t);
    set_trust(t, ca);
    set_limits(t);
    return t;
}

void transport_free(struct transport *t)
{
    if (!t)
        return;
    curl_easy_cleanup(t->curl);
    curl_slist_free_all(t->connect_to);
    curl_slist_free_all(t->headers);
    arena_fini(&t->request);
    arena_fini(&t->arena);
    buf_fini(&t->body);
    buf_fini(&t->reason);
    free(t);
    curl_global_cleanup();
}

// --- a request -------------------------------------------------------------------------------------------------------------------

// Header fields are lines: what would end one is left out.
static void add_header(struct curl_slist **list, struct str name, struct str value)
{
    struct buf line;
    buf_init(&line, SIZE_MAX);
    buf_add(&line, name);
    buf_add(&line, STR(": "));
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] != '\r' && value.ptr[i] != '\n' && value.ptr[i])
            buf_add_char(&line, value.ptr[i]);
    }
    buf_add_char(&line, 0);
    *list = must_alloc(curl_slist_append(*list, line.ptr));
    if (line.ptr)
        memset(line.ptr, 0, line.len);
    buf_fini(&line);
}

// The key of Impersonate-Extra-KEY, percent-encoded where it is no token (RFC 9110), as client-go does.
static void add_extra(struct curl_slist **list, const struct kube_extra *extra)
{
    struct buf name;
    buf_init(&name, SIZE_MAX);
    buf_add(&name, STR("Impersonate-Extra-"));
    for (size_t i = 0; i < extra->name.len; i++) {
        const char c = extra->name.ptr[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || (c && memchr("!#$&'*+-.^_`|~", c, 14)))
            buf_add_char(&name, c);
        else
            buf_addf(&name, "%%%02X", (unsigned char)c);
    }
    for (size_t i = 0; i < extra->n; i++)
        add_header(list, buf_str(&name), extra->values[i]);
    buf_fini(&name);
}

static struct curl_slist *headers_of(const struct transport *t, const struct kube_credential *c, struct str accept)
{
    const struct kube_target *target = t->target;
    struct curl_slist *list = NULL;
    add_header(&list, STR("Accept"), accept);
    if (t->host_header.ptr)
        list = must_alloc(curl_slist_append(list, t->host_header.ptr));
    if (c->token.ptr) {
        struct buf bearer;
        buf_init(&bearer, SIZE_MAX);
        buf_add(&bearer, STR("Bearer "));
        buf_add(&bearer, c->token);
        add_header(&list, STR("Authorization"), buf_str(&bearer));
        memset(bearer.ptr, 0, bearer.len);
        buf_fini(&bearer);
    }
    if (target->as.user.ptr)
        add_header(&list, STR("Impersonate-User"), target->as.user);
    if (target->as.uid.ptr)
        add_header(&list, STR("Impersonate-Uid"), target->as.uid);
    for (size_t i = 0; i < target->as.n_groups; i++)
        add_header(&list, STR("Impersonate-Group"), target->as.groups[i]);
    for (size_t i = 0; i < target->as.n_extra; i++)
        add_extra(&list, &target->as.extra[i]);
    return list;
}

static void set_credential(struct transport *t, const struct kube_credential *c, struct arena *a)
{
    const struct curl_blob certificate = blob_of(c->certificate), key = blob_of(c->key);
    curl_easy_setopt(t->curl, CURLOPT_SSLCERT_BLOB, c->certificate.ptr ? &certificate : NULL);
    curl_easy_setopt(t->curl, CURLOPT_SSLKEY_BLOB, c->key.ptr ? &key : NULL);
    curl_easy_setopt(t->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(t->curl, CURLOPT_USERNAME, c->username.ptr ? arena_str(a, c->username).ptr : NULL);
    curl_easy_setopt(t->curl, CURLOPT_PASSWORD, c->username.ptr ? arena_str(a, c->password.ptr ? c->password : STR("")).ptr : NULL);
}

static enum attempt_end end_of(const struct transport *t, CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return ATTEMPT_ANSWERED;
    case CURLE_OPERATION_TIMEDOUT:
        return ATTEMPT_SILENT;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_BAD_CONTENT_ENCODING:
        return ATTEMPT_CUT;
    default:
        return t->too_long ? ATTEMPT_OVERSIZED : ATTEMPT_FAILED;
    }
}

static void add_reason(struct transport *t, CURLcode code)
{
    if (t->too_long)
        buf_addf(&t->reason, "the answer is longer than %zu bytes", t->limits.body);
    else if (code == CURLE_OPERATION_TIMEDOUT && strstr(t->error, "too slow"))
        buf_addf(&t->reason, "the server said nothing for %lld s", (long long)(t->limits.silence_ns / 1000000000));
    else
        buf_addf(&t->reason, "%s", t->error[0] ? t->error : curl_easy_strerror(code));
}

static void prepare(struct transport *t, const struct kube_credential *credential, struct str path, struct str accept)
{
    arena_reset(&t->request);
    buf_clear(&t->body);
    buf_clear(&t->reason);
    t->error[0] = 0;
    t->too_long = t->enough = false;
    t->headers = headers_of(t, credential, accept);
    set_credential(t, credential, &t->request);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(t->curl, CURLOPT_URL, arena_printf(&t->request, "%.*s%.*s", STR_ARG(t->base), STR_ARG(path)).ptr);
}

static struct attempt conclude(struct transport *t, CURLcode result)
{
    struct attempt out = {0};
    long code = 0;
    curl_off_t wait = 0;
    char *location = NULL;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
    curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &location);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    out.end = end_of(t, result);
    out.code = (unsigned)code;
    out.retry_after_ns = wait > 0 && wait < 1000000 ? wait * 1000000000 : wait > 0 ? INT64_MAX : 0;
    out.location = str_from_c(location);
    if (result != CURLE_OK)
        add_reason(t, result);
    out.reason = buf_str(&t->reason);
    out.body = buf_str(&t->body);
    char *padding = buf_reserve(&t->body, JSON_PADDING);
    must(padding);
    memset(padding, 0, JSON_PADDING);
    out.body.ptr = t->body.ptr;
    return out;
}

struct attempt transport_get(struct transport *t, const struct kube_credential *credential, struct str path, struct str accept)
{
    prepare(t, credential, path, accept);
    return conclude(t, curl_easy_perform(t->curl));
}

// --- a stream --------------------------------------------------------------------------------------------------------------------

void *transport_handle(struct transport *t)
{
    return t->curl;
}

void *transport_begin(struct transport *t, const struct kube_credential *credential, const struct transport_stream *stream)
{
    t->stream = *stream;
    prepare(t, credential, stream->path, stream->accept);
    curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_LIMIT, 0l); // silence is what a stream has when nothing happens
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)(stream->timeout_ns / NS_PER_MS));
    curl_easy_setopt(t->curl, CURLOPT_TCP_KEEPALIVE, 1l);
    return t->curl;
}

struct attempt transport_end(struct transport *t, int code)
{
    return conclude(t, (CURLcode)code);
}
