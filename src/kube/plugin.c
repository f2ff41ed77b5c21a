// SPDX-License-Identifier: Apache-2.0
#include "kube/plugin.h"

#include "base/base64.h"
#include "codec/json/json.h"
#include "os/os.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT_MAX = 1 << 20, PATIENCE = 5 }; // people take longer than programs

// --- what it is told -------------------------------------------------------------------------------------------------------------

static void write_cluster(struct json_writer *w, const struct kube_target *t, struct str ca)
{
    struct buf coded;
    buf_init(&coded, SIZE_MAX);
    base64_encode(&coded, ca);
    json_key(w, STR("cluster"));
    json_open_object(w);
    json_key_string(w, STR("server"), t->server);
    if (t->tls_name.ptr)
        json_key_string(w, STR("tls-server-name"), t->tls_name);
    if (t->insecure) {
        json_key(w, STR("insecure-skip-tls-verify"));
        json_bool(w, true);
    }
    if (ca.len)
        json_key_string(w, STR("certificate-authority-data"), buf_str(&coded));
    if (t->proxy.ptr)
        json_key_string(w, STR("proxy-url"), t->proxy);
    json_key(w, STR("config"));
    json_raw(w, t->exec->config.ptr ? t->exec->config : STR("null"));
    json_close_object(w);
    buf_fini(&coded);
}

// KUBERNETES_EXEC_INFO=...
static struct str write_info(struct arena *a, const struct kube_target *t, struct str ca, bool interactive)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_add(&text, STR("KUBERNETES_EXEC_INFO="));
    struct json_writer w = json_writer_to(&text);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("ExecCredential"));
    json_key_string(&w, STR("apiVersion"), t->exec->api_version);
    json_key(&w, STR("spec"));
    json_open_object(&w);
    if (t->exec->cluster_info)
        write_cluster(&w, t, ca);
    json_key(&w, STR("interactive"));
    json_bool(&w, interactive);
    json_close_object(&w);
    json_close_object(&w);
    const struct str out = arena_str(a, buf_str(&text));
    buf_fini(&text);
    return out;
}

// --- what it says ----------------------------------------------------------------------------------------------------------------

static struct str member(struct plugin_answer *out, const struct json_value *given, struct str key)
{
    const struct str s = json_text(json_get(given, key));
    return s.len ? arena_str(&out->arena, s) : STR_NONE;
}

// What is wrong with it, or NULL.
static const char *take(struct plugin_answer *out, const struct json_value *v, struct str api_version)
{
    const struct json_value *given = json_get(v, STR("status"));
    const struct str until = json_text(json_get(given, STR("expirationTimestamp")));
    if (!v || !str_eq(json_text(json_get(v, STR("kind"))), STR("ExecCredential")))
        return "printed no ExecCredential";
    if (!str_eq(json_text(json_get(v, STR("apiVersion"))), api_version))
        return "printed an ExecCredential of another apiVersion than the kubeconfig's";
    out->credential = (struct kube_credential){.token = member(out, given, STR("token")),
                                               .certificate = member(out, given, STR("clientCertificateData")),
                                               .key = member(out, given, STR("clientKeyData"))};
    out->until = TIME_NONE;
    if (until.len && !time_parse(until, &out->until))
        return "printed an expirationTimestamp that is no time";
    if (!out->credential.certificate.ptr != !out->credential.key.ptr)
        return "printed a certificate without a key, or a key without one";
    return out->credential.token.ptr || out->credential.key.ptr ? NULL : "printed neither a token nor a certificate";
}

static status tell(const struct kube_target *t, struct diags *diags, const char *what)
{
    const struct str hint = t->exec->hint;
    diags_add(diags, DIAG_ERROR, NULL, "the credential plugin '%.*s' %s%s%.*s%s", STR_ARG(t->exec->command), what, hint.ptr ? " (" : "",
              STR_ARG(hint), hint.ptr ? ")" : "");
    return ST_INPUT;
}

static status judge(const struct kube_target *t, struct os_outcome ended, int64_t timeout_ns, struct diags *diags)
{
    char what[200];
    switch (ended.how) {
    case OS_EXITED:
        if (ended.code == 0)
            return ST_OK;
        snprintf(what, sizeof what, "ended with status %d", ended.code);
        return tell(t, diags, what);
    case OS_KILLED:
        snprintf(what, sizeof what, "was ended by signal %d", ended.code);
        break;
    case OS_TIMED_OUT:
        snprintf(what, sizeof what, "took longer than %lld s", (long long)(timeout_ns / 1000000000));
        break;
    case OS_TOO_MUCH:
        snprintf(what, sizeof what, "printed more than %d bytes", OUTPUT_MAX);
        break;
    case OS_NOT_STARTED:
        snprintf(what, sizeof what, "cannot be started: %s", os_reason(ended.code));
        break;
    }
    (void)tell(t, diags, what);
    return ST_IO;
}

status plugin_run(const struct kube_target *target, struct str ca, int64_t timeout_ns, struct plugin_answer *out, struct diags *diags)
{
    const struct kube_exec *e = target->exec;
    const bool terminal = os_is_terminal(0), interactive = terminal && e->interactive != KUBE_NEVER;
    struct buf text;
    struct json_error error;
    if (e->interactive == KUBE_ALWAYS && !terminal)
        return tell(target, diags, "asks at a terminal (interactiveMode: Always), and there is none");
    arena_reset(&out->arena);
    struct str *environment = arena_array(&out->arena, struct str, e->n_environment + 1);
    for (size_t i = 0; i < e->n_environment; i++)
        environment[i] = e->environment[i];
    environment[e->n_environment] = write_info(&out->arena, target, ca, interactive);
    const struct os_command command = {.program = e->command,
                                       .arguments = e->arguments,
                                       .n_arguments = e->n_arguments,
                                       .environment = environment,
                                       .n_environment = e->n_environment + 1,
                                       .standard_input = interactive,
                                       .timeout_ns = interactive ? timeout_ns * PATIENCE : timeout_ns,
                                       .max_output = OUTPUT_MAX};
    buf_init(&text, OUTPUT_MAX + JSON_PADDING);
    status result = judge(target, os_run(&command, &text), command.timeout_ns, diags);
    if (result == ST_OK) {
        const size_t len = text.len;
        char *padding = buf_reserve(&text, JSON_PADDING);
        must(padding);
        memset(padding, 0, JSON_PADDING);
        const struct str json = str_make(text.ptr, len);
        const char *wrong = take(out, json_parse(&out->arena, json, JSON_LIMITS_DEFAULT, &error), e->api_version);
        result = wrong ? tell(target, diags, wrong) : ST_OK;
    }
    if (text.ptr)
        memset(text.ptr, 0, text.len);
    buf_fini(&text);
    return result;
}
