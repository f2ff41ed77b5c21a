// SPDX-License-Identifier: Apache-2.0
// Requests with credentials, tried again where that may help, and what went wrong in a sentence.
#include "kube/client.h"

#include "codec/json/json.h"
#include "kube/client_private.h"
#include "kube/plugin.h"
#include "os/os.h"

#include <stdlib.h>
#include <string.h>

enum {
    PEM_MAX = 4 << 20,
    TOKEN_MAX = 1 << 20,
    MESSAGE_MAX = 300, // bytes of what a server says that are repeated
    SECRET_MIN = 4,    // shorter ones would be found in any text
    EARLY_S = 10,      // before the end of a credential
};

struct kube_client {
    const struct kube_target *target;
    struct kube_limits limits;
    struct transport *transport;
    struct buf ca, certificate, key, token; // out of files
    struct str ca_pem;                      // ptr NULL: none
    struct kube_credential credential;      // as it stands in the kubeconfig
    struct plugin_answer plugin;
    struct buf why, shown;
};

// --- credentials -----------------------------------------------------------------------------------------------------------------

static status read_pem(const struct kube_pem *pem, struct buf *file, struct str *out, struct diags *diags)
{
    *out = pem->data;
    if (pem->data.ptr || !pem->file.ptr)
        return ST_OK;
    TRY(os_read_file(pem->file, PEM_MAX, file, diags));
    *out = buf_str(file);
    return ST_OK;
}

// As it is now: tokens in files are replaced before they run out. When the file cannot be read, what was read last counts.
static void read_token(struct kube_client *c)
{
    struct diags ignored;
    struct buf fresh;
    if (!c->target->token_file.ptr)
        return;
    diags_init(&ignored);
    buf_init(&fresh, TOKEN_MAX);
    const status result = os_read_file(c->target->token_file, TOKEN_MAX, &fresh, &ignored);
    if (result == ST_OK && str_trim(buf_str(&fresh)).len) {
        buf_clear(&c->token);
        buf_add(&c->token, str_trim(buf_str(&fresh)));
        c->credential.token = buf_str(&c->token);
    }
    buf_fini(&fresh);
    diags_fini(&ignored);
}

static status run_plugin(struct kube_client *c, struct diags *diags)
{
    TRY(plugin_run(c->target, c->ca_pem, c->limits.plugin_ns, &c->plugin, diags));
    c->credential.token = c->plugin.credential.token;
    if (c->plugin.credential.certificate.ptr) {
        c->credential.certificate = c->plugin.credential.certificate;
        c->credential.key = c->plugin.credential.key;
    }
    return ST_OK;
}

static bool has_run_out(const struct kube_client *c)
{
    return c->target->exec && c->plugin.until != TIME_NONE && c->plugin.until - EARLY_S * NS_PER_SECOND < os_realtime_ns();
}

// A plugin that fails later on leaves what it gave; the server will say what it thinks of it.
static void renew(struct kube_client *c)
{
    struct diags ignored;
    diags_init(&ignored);
    const struct plugin_answer before = c->plugin;
    arena_init(&c->plugin.arena, ARENA_UNLIMITED);
    if (run_plugin(c, &ignored) == ST_OK) {
        struct arena old = before.arena;
        arena_fini(&old);
    } else {
        arena_fini(&c->plugin.arena);
        c->plugin = before;
    }
    diags_fini(&ignored);
}

// --- beginning and end -----------------------------------------------------------------------------------------------------------

static void warn(const struct kube_client *c, struct diags *diags)
{
    const struct kube_target *t = c->target;
    const bool plain = str_starts_ci(t->server, STR("http://"));
    if (t->insecure)
        diags_add(diags, DIAG_WARNING, NULL, "%.*s: its certificate is not verified (insecure-skip-tls-verify)", STR_ARG(t->server));
    if (plain && (c->credential.token.ptr || c->credential.username.ptr))
        diags_add(diags, DIAG_WARNING, NULL, "%.*s: credentials are sent without TLS", STR_ARG(t->server));
}

static status load(struct kube_client *c, struct diags *diags)
{
    const struct kube_target *t = c->target;
    c->credential = (struct kube_credential){.token = t->token, .username = t->username, .password = t->password};
    TRY(read_pem(&t->ca, &c->ca, &c->ca_pem, diags));
    TRY(read_pem(&t->certificate, &c->certificate, &c->credential.certificate, diags));
    TRY(read_pem(&t->key, &c->key, &c->credential.key, diags));
    read_token(c);
    if (t->token_file.ptr && !c->credential.token.ptr) {
        struct buf text;
        buf_init(&text, TOKEN_MAX);
        const status result = os_read_file(t->token_file, TOKEN_MAX, &text, diags);
        buf_fini(&text);
        if (result != ST_OK)
            return result;
        diags_add(diags, DIAG_ERROR, &(struct place){.file = t->token_file}, "holds no token");
        return ST_INPUT;
    }
    return t->exec ? run_plugin(c, diags) : ST_OK;
}

status kube_client_new(struct kube_client **out, const struct kube_target *target, struct kube_limits limits, struct diags *diags)
{
    struct kube_client *c = must_alloc(calloc(1, sizeof *c));
    *c = (struct kube_client){.target = target, .limits = limits};
    buf_init(&c->ca, PEM_MAX);
    buf_init(&c->certificate, PEM_MAX);
    buf_init(&c->key, PEM_MAX);
    buf_init(&c->token, TOKEN_MAX);
    buf_init(&c->why, 64 << 10);
    buf_init(&c->shown, 64 << 10);
    arena_init(&c->plugin.arena, ARENA_UNLIMITED);
    c->plugin.until = TIME_NONE;
    *out = c;
    const status result = load(c, diags);
    if (result != ST_OK) {
        kube_client_free(c);
        *out = NULL;
        return result;
    }
    warn(c, diags);
    c->transport = transport_new(target, &c->limits, c->ca_pem);
    return ST_OK;
}

static void forget(struct buf *b)
{
    if (b->ptr)
        memset(b->ptr, 0, b->len);
    buf_fini(b);
}

void kube_client_free(struct kube_client *c)
{
    if (!c)
        return;
    transport_free(c->transport);
    buf_fini(&c->ca);
    buf_fini(&c->certificate);
    forget(&c->key);
    forget(&c->token);
    buf_fini(&c->why);
    buf_fini(&c->shown);
    arena_fini(&c->plugin.arena);
    free(c);
}

struct str kube_server(const struct kube_client *c)
{
    return c->target->server;
}

// --- sentences -------------------------------------------------------------------------------------------------------------------

static const char *word_of(unsigned code)
{
    static const struct {
        unsigned code;
        const char *word;
    } words[] = {{400, "Bad Request"}, {401, "Unauthorized"},        {403, "Forbidden"},
                 {404, "Not Found"},   {405, "Method Not Allowed"},  {406, "Not Acceptable"},
                 {410, "Gone"},        {429, "Too Many Requests"},   {500, "Internal Server Error"},
                 {502, "Bad Gateway"}, {503, "Service Unavailable"}, {504, "Gateway Timeout"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].code == code)
            return words[i].word;
    }
    return code >= 300 && code < 400 ? "redirected, which is not followed" : "unexpected";
}

// The message of a Status (meta/v1), which a stranger may have written.
static void add_message(struct buf *why, struct str body)
{
    struct arena arena;
    struct json_error error;
    arena_init(&arena, 64u << 20);
    const struct json_value *v = json_parse(&arena, body, JSON_LIMITS_DEFAULT, &error);
    const struct str message = str_trim(json_text(json_get(v, STR("message"))));
    if (message.len) {
        buf_add(why, STR(": "));
        buf_add(why, str_slice(message, 0, MESSAGE_MAX));
        buf_add(why, message.len > MESSAGE_MAX ? STR(" ...") : STR(""));
    }
    arena_fini(&arena);
}

// Whatever a server or a library says: what we showed it is not repeated.
static struct str without_secrets(struct kube_client *c)
{
    const struct str secrets[] = {c->credential.token, c->credential.password};
    const struct str text = buf_str(&c->why);
    buf_clear(&c->shown);
    for (size_t i = 0; i < text.len;) {
        size_t hidden = 0;
        for (size_t k = 0; k < sizeof secrets / sizeof *secrets; k++) {
            if (secrets[k].len >= SECRET_MIN && str_starts(str_slice(text, i, text.len), secrets[k]))
                hidden = secrets[k].len;
        }
        if (hidden)
            buf_add(&c->shown, STR("[hidden]"));
        else
            buf_add_char(&c->shown, text.ptr[i]);
        i += hidden ? hidden : 1;
    }
    return buf_str(&c->shown);
}

// --- requests --------------------------------------------------------------------------------------------------------------------

static bool may_pass(const struct attempt *a)
{
    if (a->end != ATTEMPT_ANSWERED)
        return a->end == ATTEMPT_CUT;
    return a->code == 429 || a->code == 500 || a->code == 502 || a->code == 503 || a->code == 504;
}

const struct kube_credential *client_credential(struct kube_client *c, bool refused)
{
    if (has_run_out(c) || (refused && c->target->exec))
        renew(c);
    read_token(c);
    return &c->credential;
}

struct transport *client_transport(struct kube_client *c)
{
    return transport_new(c->target, &c->limits, c->ca_pem);
}

const struct kube_limits *client_limits(const struct kube_client *c)
{
    return &c->limits;
}

static struct attempt perform(struct kube_client *c, struct str path, struct str accept)
{
    bool renewed = false;
    int64_t pause = c->limits.backoff_ns;
    for (unsigned try = 1;; try++) {
        (void)client_credential(c, false);
        const struct attempt a = transport_get(c->transport, &c->credential, path, accept);
        if (a.end == ATTEMPT_ANSWERED && a.code == 401 && c->target->exec && !renewed) {
            renewed = true;
            renew(c);
            continue;
        }
        const int64_t wait = a.retry_after_ns > pause ? a.retry_after_ns : pause;
        if (!may_pass(&a) || try >= c->limits.tries || wait > c->limits.wait_ns)
            return a;
        os_pause(wait);
        pause *= 2;
    }
}

struct str client_why(struct kube_client *c, const struct attempt *a)
{
    buf_clear(&c->why);
    if (a->end == ATTEMPT_ANSWERED) {
        buf_addf(&c->why, "%u %s", a->code, word_of(a->code));
        add_message(&c->why, a->body);
        if (a->location.ptr)
            buf_addf(&c->why, ", to %.*s", STR_ARG(str_slice(a->location, 0, MESSAGE_MAX)));
    } else {
        buf_add(&c->why, a->reason);
    }
    return without_secrets(c);
}

struct kube_answer kube_get(struct kube_client *c, struct str path, struct str accept)
{
    const struct attempt a = perform(c, path, accept);
    struct kube_answer out = {.code = a.end == ATTEMPT_ANSWERED ? a.code : 0, .body = a.body};
    if (a.end == ATTEMPT_ANSWERED && a.code == 200)
        return out;
    out.outcome = a.end == ATTEMPT_ANSWERED ? KUBE_REFUSED : a.end == ATTEMPT_OVERSIZED ? KUBE_OVERSIZED : KUBE_BROKEN;
    out.why = client_why(c, &a);
    return out;
}
