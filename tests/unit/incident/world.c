// SPDX-License-Identifier: Apache-2.0
#include "world.h"

#include "base/status.h"
#include "content/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct str interfaces[] = {STR("*dashboard*")}, agents[] = {STR("dashboard")}, stock[] = {STR("system:public-info-viewer")},
                        components[] = {STR("system:serviceaccount:kube-system:deployment-controller"),
                                        STR("system:serviceaccount:kube-system:replicaset-controller")},
                        registries[] = {STR("registry.example")};

static const struct incident_page pages[] = {
    {.program = STR("Dashboard"), .accounts = {interfaces, 1}, .services = {interfaces, 1}, .agents = {agents, 1}}};

void world_init(struct world *w)
{
    struct diags diags;
    const struct content_file *file = content_find(STR("fields/audit.yml"));
    *w = (struct world){0};
    arena_init(&w->arena, ARENA_UNLIMITED);
    diags_init(&diags);
    must(dictionary_load(&w->dictionary, content_source(file), &diags) == ST_OK);
    diags_fini(&diags);
    w->knowledge = (struct incident_knowledge){.dictionary = w->dictionary,
                                               .pages = pages,
                                               .n_pages = 1,
                                               .components = {components, 2},
                                               .stock_grants = {stock, 1},
                                               .trusted_registries = {registries, 1},
                                               .seed = 42};
}

void world_fini(struct world *w)
{
    inquiry_free(w->inquiry);
    dictionary_free(w->dictionary);
    vec_fini(&w->lines);
    vec_fini(&w->alerts);
    vec_fini(&w->starts);
    arena_fini(&w->arena);
}

static void member(struct buf *b, const char *key, const char *value)
{
    struct json_writer w = json_writer_to(b);
    if (!value)
        return;
    buf_addf(b, ",\"%s\":", key);
    json_string(&w, str_from_c(value));
}

static void write_time(struct buf *b, const char *key, double at)
{
    buf_addf(b, ",\"%s\":\"", key);
    time_write(b, 1700000000 * NS_PER_SECOND + (int64_t)(at * 1e9));
    buf_add_char(b, '"');
}

static struct str event_text(struct world *w, const struct deed *d)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_addf(&b, "{\"auditID\":\"a%zu\",\"stage\":\"ResponseComplete\",\"level\":\"%s\"", w->lines.n,
             d->request || d->response ? "RequestResponse" : "Metadata");
    member(&b, "verb", d->verb);
    member(&b, "requestURI", d->uri ? d->uri : "/api");
    member(&b, "userAgent", d->agent ? d->agent : "curl/8");
    buf_addf(&b, ",\"user\":{\"username\":");
    struct json_writer json = json_writer_to(&b);
    json_string(&json, d->user ? str_from_c(d->user) : STR(""));
    buf_addf(&b, ",\"groups\":[\"system:%s\"]", d->user && strcmp(d->user, "system:anonymous") == 0 ? "unauthenticated" : "authenticated");
    buf_addf(&b, ",\"extra\":{\"authentication.kubernetes.io/credential-id\":[\"%s\"]}}", d->credential ? d->credential : "");
    if (d->impersonated)
        buf_addf(&b, ",\"impersonatedUser\":{\"username\":\"%s\"}", d->impersonated);
    buf_addf(&b, ",\"sourceIPs\":[%s%s%s\"%s\"]", d->forwarded ? "\"" : "", d->forwarded ? d->forwarded : "", d->forwarded ? "\"," : "",
             d->address);
    if (d->resource) {
        buf_addf(&b, ",\"objectRef\":{\"apiVersion\":\"v1\"");
        member(&b, "resource", d->resource);
        member(&b, "subresource", d->sub);
        member(&b, "namespace", d->ns);
        member(&b, "name", d->name);
        buf_add_char(&b, '}');
    }
    buf_addf(&b, ",\"responseStatus\":{\"code\":%d}", d->code ? d->code : 200);
    buf_addf(&b, ",\"annotations\":{\"authorization.k8s.io/decision\":\"allow\"");
    if (d->binding && !*d->binding)
        buf_addf(&b, ",\"authorization.k8s.io/reason\":\"\"");
    if (d->binding && *d->binding) {
        struct str rest = str_from_c(d->binding), kind = str_split(&rest, ' ');
        buf_addf(&b,
                 ",\"authorization.k8s.io/reason\":\"RBAC: allowed by %.*s \\\"%.*s\\\" of ClusterRole \\\"admin\\\" to User \\\"x\\\"\"",
                 STR_ARG(kind), STR_ARG(rest));
    }
    member(&b, "authentication.kubernetes.io/issued-credential-id", d->issued);
    buf_add_char(&b, '}');
    if (d->request)
        buf_addf(&b, ",\"requestObject\":%s", d->request);
    if (d->response)
        buf_addf(&b, ",\"responseObject\":%s", d->response);
    write_time(&b, "requestReceivedTimestamp", d->at);
    write_time(&b, "stageTimestamp", d->at);
    buf_add_char(&b, '}');
    char *copy = arena_alloc(&w->arena, b.len + JSON_PADDING);
    memcpy(copy, b.ptr, b.len);
    struct str text = str_make(copy, b.len);
    buf_fini(&b);
    return text;
}

static struct rule *make_rule(struct world *w, const struct deed *d)
{
    struct rule *rule = arena_new(&w->arena, struct rule);
    struct str rest = str_from_c(d->alert);
    rule->title = rule->id = str_split(&rest, '|');
    rule->level = d->level ? d->level : LEVEL_HIGH;
    if (rest.ptr) {
        rule->tags = arena_array(&w->arena, struct str, 1);
        rule->tags[rule->n_tags++] = rest;
    }
    return rule;
}

static void add_alert(struct world *w, const struct deed *d, uint64_t line)
{
    struct evidence *evidence = arena_new(&w->arena, struct evidence);
    struct str *addresses = arena_array(&w->arena, struct str, 1);
    *evidence = (struct evidence){.file = STR("log"), .line = line};
    addresses[0] = str_from_c(d->address);
    struct alert *alert = vec_push(&w->alerts);
    alert->rule = make_rule(w, d);
    alert->cluster = STR("c");
    alert->actor = (struct event_actor){.principal = str_from_c(d->user), .addresses = addresses, .n_addresses = 1};
    alert->action = (struct event_action){
        .verb = str_from_c(d->verb), .resource = str_from_c(d->resource), .name = str_from_c(d->name), .namespace = str_from_c(d->ns)};
    alert->evidence = evidence;
    alert->n_evidence = 1;
}

void world_add(struct world *w, struct deed deed)
{
    struct str text = event_text(w, &deed);
    *vec_push(&w->lines) = text;
    if (deed.alert)
        add_alert(w, &deed, w->lines.n);
}

void world_add_host(struct world *w, const char *record, const char *rule)
{
    struct str text = str_from_c(record);
    char *copy = arena_array(&w->arena, char, text.len + JSON_PADDING);
    memcpy(copy, text.ptr, text.len);
    *vec_push(&w->lines) = str_make(copy, text.len);
    w->hosts = true;
    if (!rule)
        return;
    const struct deed deed = {.alert = rule, .level = LEVEL_CRITICAL};
    struct host_event *e = arena_new(&w->arena, struct host_event);
    must(host_read(e, str_make(copy, text.len), &w->arena) == HOST_EVENT);
    add_alert(w, &deed, w->lines.n);
    w->alerts.items[w->alerts.n - 1].process = e;
}

void world_start(struct world *w, const char *where)
{
    must(inquiry_begin_parse(str_from_c(where), vec_push(&w->starts)));
}

// As the look-back does: only records with a term are given.
static void read_all(struct world *w)
{
    size_t n;
    const struct str *terms = inquiry_terms(w->inquiry, &n);
    for (size_t i = 0; i < w->lines.n; i++) {
        bool found = false;
        for (size_t k = 0; k < n && !found; k++)
            found = str_find(w->lines.items[i], terms[k], 0) != SIZE_MAX;
        struct evidence place = {.file = STR("log"), .line = i + 1};
        if (found)
            inquiry_event(w->inquiry, &place, w->lines.items[i]);
    }
}

const struct incident *world_judge(struct world *w, size_t *n)
{
    *n = 0;
    w->inquiry = inquiry_new(&w->knowledge, STR("c"));
    inquiry_standing(w->inquiry, w->standing);
    for (size_t i = 0; i < w->starts.n; i++)
        must(inquiry_start_at(w->inquiry, w->starts.items[i]));
    if (w->hosts)
        inquiry_hosts(w->inquiry);
    for (size_t i = 0; i < w->alerts.n; i++)
        inquiry_alert(w->inquiry, &w->alerts.items[i]);
    if (!inquiry_wanted(w->inquiry))
        return NULL;
    do
        read_all(w);
    while (inquiry_round(w->inquiry));
    return inquiry_conclude(w->inquiry, (struct inquiry_reading){.first = 0}, n);
}

bool tells(const struct incident *x, uint64_t line)
{
    for (size_t i = 0; i < x->n_timeline; i++)
        for (size_t k = 0; k < x->timeline[i].n_evidence; k++)
            if (x->timeline[i].evidence[k].line == line)
                return true;
    return false;
}

const struct incident_pivot *find_pivot(const struct incident *x, const char *kind, const char *from, const char *to)
{
    for (size_t i = 0; i < x->n_pivots; i++) {
        const struct incident_pivot *p = &x->pivots[i];
        if (str_eq(p->kind, str_from_c(kind)) && str_eq(p->from, str_from_c(from)) && str_eq(p->to, str_from_c(to)))
            return p;
    }
    return NULL;
}
