// SPDX-License-Identifier: Apache-2.0
// Is any log safe to reconstruct incidents from, and do they depend on the log alone? Whatever it holds, every report of them must be
// inert, and the same when tables are hashed otherwise; what they point to must be there.
//
// The input is a log, a line a record: a byte that says what alert fires on it, then the record as JSON, or, when it does not begin with a
// brace, a byte for each part of a deed to be looked up below. As the look-back does, only what holds a term is given.
#include "inert.h"

#include "base/status.h"
#include "base/vec.h"
#include "codec/json/json.h"
#include "content/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS_MAX = 120, RULES = 4, PAGES = 4 }; // every fourth input is reported in all formats

// --- deeds -------------------------------------------------------------------------------------------------------------------------

static const char *const users[] = {"system:anonymous",
                                    "alice",
                                    "system:serviceaccount:kube-system:kubernetes-dashboard",
                                    "system:serviceaccount:kube-system:upd",
                                    "system:serviceaccount:kube-system:replicaset-controller",
                                    "system:node:n1",
                                    "mallory",
                                    "a\\\"b"};
static const char *const addresses[] = {"203.0.113.66", "10.0.0.1", "198.51.100.7", "10.1.0.5", "", "::1"};
static const char *const verbs[] = {"create", "get", "list", "delete", "patch", "update", "watch", "deletecollection"};
static const char *const resources[] = {"pods",
                                        "secrets",
                                        "serviceaccounts",
                                        "deployments",
                                        "clusterrolebindings",
                                        "rolebindings",
                                        "services",
                                        "daemonsets",
                                        "certificatesigningrequests",
                                        "events",
                                        "cronjobs",
                                        "selfsubjectaccessreviews",
                                        "replicasets",
                                        "ingresses",
                                        "mutatingwebhookconfigurations",
                                        ""};
static const char *const subresources[] = {"", "", "", "token", "exec", "binding", "proxy", "scale", "status", "ephemeralcontainers"};
static const char *const names[] = {"m", "m-6c8",      "m-6c8-75t22", "upd", "upd-token-abcde", "kubernetes-dashboard",
                                    "",  "\\u0000\\n", "open-door"};
static const char *const namespaces[] = {"kube-system", "default", ""};
static const char *const reasons[] = {
    "RBAC: allowed by ClusterRoleBinding \\\"open-door\\\" of ClusterRole \\\"admin\\\" to User \\\"x\\\"",
    "RBAC: allowed by RoleBinding \\\"m/default\\\" of Role \\\"r\\\" to ServiceAccount \\\"upd/kube-system\\\"", "", "RBAC: allowed by"};
static const char *const bodies[] = {
    "null",
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"image\":\"evil/m:1\",\"args\":[\"-o\",\"stratum+tcp://"
    "p.example:3333\"],"
    "\"securityContext\":{\"privileged\":true}}]}}",
    "{\"apiVersion\":\"apps/"
    "v1\",\"kind\":\"Deployment\",\"spec\":{\"replicas\":3,\"template\":{\"spec\":{\"containers\":[{\"image\":\"x\"}]}}}}",
    "{\"kind\":\"ClusterRoleBinding\",\"subjects\":[{\"kind\":\"ServiceAccount\",\"namespace\":\"kube-system\",\"name\":\"upd\"},{\"kind\":"
    "\"User\","
    "\"name\":\"mallory\"}],\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"admin\"}}",
    "{\"kind\":\"Service\",\"spec\":{\"type\":\"NodePort\"}}",
    "{\"metadata\":{\"ownerReferences\":[{\"kind\":\"Deployment\",\"name\":\"m\"}]}}",
};
static const int codes[] = {200, 201, 403, 401, 0, 409, 101};

struct picks {
    const char *at, *end;
};

static unsigned char take(struct picks *p)
{
    return p->at < p->end ? (unsigned char)*p->at++ : 0;
}
#define PICK(p, table) ((table)[take(p) % (sizeof(table) / sizeof *(table))])

static struct str write_deed(struct arena *a, struct str line, size_t number)
{
    struct picks p = {line.ptr, line.ptr + line.len};
    struct buf b;
    buf_init(&b, 1 << 16);
    const char *resource = PICK(&p, resources), *sub = PICK(&p, subresources), *namespace = PICK(&p, namespaces);
    buf_addf(&b, "{\"auditID\":\"a%zu\",\"stage\":\"ResponseComplete\",\"verb\":\"%s\",\"requestURI\":\"/api?command=%c\"", number,
             PICK(&p, verbs), (char)('a' + take(&p) % 26));
    buf_addf(&b, ",\"user\":{\"username\":\"%s\",\"extra\":{\"authentication.kubernetes.io/credential-id\":[\"JTI=%u\"]}}", PICK(&p, users),
             take(&p) % 4u);
    buf_addf(&b, ",\"sourceIPs\":[\"%s\"],\"userAgent\":\"%s\"", PICK(&p, addresses), take(&p) % 2 ? "curl/8" : "dashboard");
    buf_addf(&b, ",\"objectRef\":{\"resource\":\"%s\"", resource);
    if (*sub)
        buf_addf(&b, ",\"subresource\":\"%s\"", sub);
    if (*namespace)
        buf_addf(&b, ",\"namespace\":\"%s\"", namespace);
    buf_addf(&b, ",\"name\":\"%s\"}", PICK(&p, names));
    buf_addf(&b, ",\"responseStatus\":{\"code\":%d},\"annotations\":{\"authorization.k8s.io/reason\":\"%s\"", PICK(&p, codes),
             PICK(&p, reasons));
    buf_addf(&b, ",\"authentication.kubernetes.io/issued-credential-id\":\"JTI=%u\"}", take(&p) % 4u);
    buf_addf(&b, ",\"requestObject\":%s,\"responseObject\":%s", PICK(&p, bodies), PICK(&p, bodies));
    buf_addf(&b, ",\"requestReceivedTimestamp\":\"2026-01-0%uT%02u:%02u:%02u.000000Z\"}", 1 + take(&p) % 2u, take(&p) % 24u, take(&p) % 60u,
             take(&p) % 60u);
    struct str text = arena_str(a, buf_str(&b));
    buf_fini(&b);
    return text;
}

// --- the log -----------------------------------------------------------------------------------------------------------------------

// Built once for the process: the target has no other place to keep them.
static struct dictionary *dictionary(void)
{
    static struct dictionary *d;
    struct diags diags;
    const struct content_file *file = content_find(STR("fields/audit.yml"));
    if (d)
        return d;
    diags_init(&diags);
    must(dictionary_load(&d, content_source(file), &diags) == ST_OK);
    diags_fini(&diags);
    return d;
}

static struct str tags[] = {STR("davy.door"), STR("davy.indicator")};
static const struct rule rules[RULES] = {
    {.id = STR("seed"), .title = STR("seed"), .level = LEVEL_CRITICAL},
    {.id = STR("mark"), .title = STR("mark"), .level = LEVEL_MEDIUM},
    {.id = STR("door"), .title = STR("door"), .level = LEVEL_HIGH, .tags = &tags[0], .n_tags = 1},
    {.id = STR("indicator"), .title = STR("indicator"), .level = LEVEL_HIGH, .tags = &tags[1], .n_tags = 1},
};

struct log {
    struct arena arena;
    struct str records[RECORDS_MAX];
    struct alert alerts[RECORDS_MAX];
    size_t n, n_alerts;
};

static void add_alert(struct log *log, unsigned which, struct str record, uint64_t line)
{
    struct json_error ignored;
    struct event event;
    const struct json_value *tree = json_parse(&log->arena, record, JSON_LIMITS_DEFAULT, &ignored);
    if (which >= RULES || !tree || !event_decode(&event, tree, &log->arena))
        return;
    struct evidence *evidence = arena_new(&log->arena, struct evidence);
    *evidence = (struct evidence){.file = STR("log"), .line = line, .audit_id = event.audit_id, .time = event.time};
    log->alerts[log->n_alerts++] = (struct alert){.rule = &rules[which],
                                                  .cluster = STR("c"),
                                                  .time = event.time,
                                                  .actor = event.actor,
                                                  .action = event.action,
                                                  .reason = event.reason,
                                                  .count = 1,
                                                  .evidence = evidence,
                                                  .n_evidence = 1};
}

static void read_log(struct log *log, struct str input)
{
    arena_init(&log->arena, ARENA_UNLIMITED);
    log->n = log->n_alerts = 0;
    while (input.ptr && input.len && log->n < RECORDS_MAX) {
        struct str line = str_split(&input, '\n');
        unsigned which = line.len ? (unsigned char)line.ptr[0] % 8u : RULES;
        struct str rest = str_slice(line, 1, line.len);
        struct str text = str_starts(rest, STR("{")) ? rest : write_deed(&log->arena, rest, log->n);
        char *copy = arena_alloc(&log->arena, text.len + JSON_PADDING);
        memcpy(copy, text.ptr, text.len);
        memset(copy + text.len, 0, JSON_PADDING);
        log->records[log->n++] = str_make(copy, text.len);
        add_alert(log, which, log->records[log->n - 1], log->n);
    }
}

// --- the inquiry ---------------------------------------------------------------------------------------------------------------------

static void read_all(struct inquiry *q, const struct log *log)
{
    size_t n;
    const struct str *terms = inquiry_terms(q, &n);
    for (size_t i = 0; i < log->n; i++) {
        bool found = false;
        for (size_t k = 0; k < n && !found; k++)
            found = str_find(log->records[i], terms[k], 0) != SIZE_MAX;
        struct evidence place = {.file = STR("log"), .line = i + 1};
        if (found)
            inquiry_event(q, &place, log->records[i]);
    }
}

static void check_incident(const struct incident *x, const struct log *log)
{
    must(x->id.len && x->n_timeline);
    for (size_t i = 0; i < x->n_timeline; i++) {
        must(x->timeline[i].n_evidence);
        must(!i || x->timeline[i - 1].time <= x->timeline[i].time);
        for (size_t k = 0; k < x->timeline[i].n_evidence; k++)
            must(x->timeline[i].evidence[k].line >= 1 && x->timeline[i].evidence[k].line <= log->n);
    }
    for (size_t i = 0; i < x->n_prevention; i++)
        must(x->prevention[i].first_step < x->n_timeline && (x->prevention[i].stopped || !x->prevention[i].chosen));
}

static status keep(void *context, struct str bytes)
{
    buf_add(context, bytes);
    return ST_OK;
}

static void report_all(const struct incident *list, size_t n, enum report_format format, struct buf *out)
{
    const struct report_options options = {.format = format, .width = 100, .least = LEVEL_LOW};
    struct report *report = report_new(options, keep, out);
    for (size_t i = 0; i < n; i++)
        must(report_incident(report, &list[i]) == ST_OK);
    struct engine_summary summary = {.incidents = n, .first = TIME_NONE, .last = TIME_NONE};
    must(report_finish(report, &summary) == ST_OK);
    report_free(report);
    const char *why = inert_report(buf_str(out), options);
    if (why)
        fprintf(stderr, "%s:\n%.*s\n", why, STR_ARG(buf_str(out)));
    must(!why);
}

// One whole inquiry; its NDJSON is added to out.
static void inquire(const struct log *log, uint64_t seed, bool all_formats, struct buf *out)
{
    static const struct str interfaces[] = {STR("*dashboard*")}, agents[] = {STR("dashboard")},
                            components[] = {STR("system:serviceaccount:kube-system:*-controller")},
                            registries[] = {STR("registry.example")};
    static const struct incident_page pages[] = {
        {.program = STR("Dashboard"), .accounts = {interfaces, 1}, .services = {interfaces, 1}, .agents = {agents, 1}}};
    const struct incident_knowledge knowledge = {.dictionary = dictionary(),
                                                 .pages = pages,
                                                 .n_pages = 1,
                                                 .components = {components, 1},
                                                 .trusted_registries = {registries, 1},
                                                 .seed = seed};
    struct inquiry *q = inquiry_new(&knowledge, STR("c"));
    size_t n = 0;
    for (size_t i = 0; i < log->n_alerts; i++)
        inquiry_alert(q, &log->alerts[i]);
    const struct incident *list = NULL;
    if (inquiry_wanted(q)) {
        do
            read_all(q, log);
        while (inquiry_round(q));
        list = inquiry_conclude(q, (struct inquiry_reading){.first = 0, .last = 1}, &n);
    }
    for (size_t i = 0; i < n; i++)
        check_incident(&list[i], log);
    report_all(list, n, REPORT_JSON, out);
    for (enum report_format f = REPORT_TEXT; all_formats && f <= REPORT_HTML; f++) {
        struct buf page;
        buf_init(&page, SIZE_MAX);
        report_all(list, n, f, &page);
        buf_fini(&page);
    }
    inquiry_free(q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log log;
    struct buf one, other;
    buf_init(&one, SIZE_MAX);
    buf_init(&other, SIZE_MAX);
    read_log(&log, str_make((const char *)data, size));
    inquire(&log, 1, size % PAGES == 0, &one);
    inquire(&log, 0x9e3779b97f4a7c15, false, &other);
    must(str_eq(buf_str(&one), buf_str(&other)));
    buf_fini(&one);
    buf_fini(&other);
    arena_fini(&log.arena);
    return 0;
}
