// SPDX-License-Identifier: Apache-2.0
// Acts and their words, the same in every report.
#include "incident/conclude.h"

#include "base/diag.h"
#include "base/time.h"

// --- kinds -------------------------------------------------------------------------------------------------------------------------

static const struct {
    struct str resource, kind;
    bool workload, rights;
} kinds[] = {
    {STR("pods"), STR("Pod"), true, false},
    {STR("deployments"), STR("Deployment"), true, false},
    {STR("daemonsets"), STR("DaemonSet"), true, false},
    {STR("statefulsets"), STR("StatefulSet"), true, false},
    {STR("replicasets"), STR("ReplicaSet"), true, false},
    {STR("replicationcontrollers"), STR("ReplicationController"), true, false},
    {STR("jobs"), STR("Job"), true, false},
    {STR("cronjobs"), STR("CronJob"), true, false},
    {STR("workflows"), STR("Workflow"), true, false},
    {STR("cronworkflows"), STR("CronWorkflow"), true, false},
    {STR("notebooks"), STR("Notebook"), true, false},
    {STR("clusterrolebindings"), STR("ClusterRoleBinding"), false, true},
    {STR("rolebindings"), STR("RoleBinding"), false, true},
    {STR("clusterroles"), STR("ClusterRole"), false, true},
    {STR("roles"), STR("Role"), false, true},
    {STR("serviceaccounts"), STR("ServiceAccount"), false, false},
    {STR("secrets"), STR("Secret"), false, false},
    {STR("configmaps"), STR("ConfigMap"), false, false},
    {STR("services"), STR("Service"), false, false},
    {STR("ingresses"), STR("Ingress"), false, false},
    {STR("namespaces"), STR("Namespace"), false, false},
    {STR("nodes"), STR("Node"), false, false},
    {STR("certificatesigningrequests"), STR("CertificateSigningRequest"), false, false},
    {STR("mutatingwebhookconfigurations"), STR("MutatingWebhookConfiguration"), false, false},
    {STR("validatingwebhookconfigurations"), STR("ValidatingWebhookConfiguration"), false, false},
    {STR("networkpolicies"), STR("NetworkPolicy"), false, false},
    {STR("controllerrevisions"), STR("ControllerRevision"), false, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static size_t kind_index(struct str resource)
{
    size_t i = 0;
    while (i < KINDS && !str_eq(kinds[i].resource, resource))
        i++;
    return i;
}

struct str kind_words(struct str resource)
{
    size_t i = kind_index(resource);
    return i < KINDS ? kinds[i].kind : resource;
}

struct str object_words(struct arena *a, struct str kind, struct str namespace, struct str name)
{
    struct str word = kind_words(kind);
    if (!name.ptr)
        return namespace.ptr ? arena_printf(a, "%.*s in %.*s", STR_ARG(kind), STR_ARG(namespace)) : kind;
    if (namespace.ptr)
        return arena_printf(a, "%.*s %.*s/%.*s", STR_ARG(word), STR_ARG(namespace), STR_ARG(name));
    return arena_printf(a, "%.*s %.*s", STR_ARG(word), STR_ARG(name));
}

struct str end_words(struct arena *a, struct str end)
{
    struct str rest = end, kind = str_split(&rest, ':');
    if (!rest.ptr)
        return end;
    if (str_eq(kind, STR("address")))
        return arena_printf(a, "the address %.*s", STR_ARG(rest));
    if (!str_eq(kind, STR("object")))
        return rest;
    struct str resource = str_split(&rest, '/'), first = str_split(&rest, '/');
    if (!first.ptr) // a binding as the API server names it has a kind and a name
        return str_slice(end, kind.len + 1, end.len);
    return rest.ptr ? object_words(a, resource, first, rest) : object_words(a, resource, STR_NONE, first);
}

struct str time_words(struct arena *a, int64_t time)
{
    if (time == TIME_NONE)
        return STR("an unknown time");
    struct calendar c = time_calendar(time);
    return arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d UTC", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

struct str standing_words(struct arena *a, const struct standing_object *o)
{
    struct str when = o->created == TIME_NONE ? STR("") : arena_printf(a, " at %.*s", STR_ARG(time_words(a, o->created)));
    struct str by = o->made_by.ptr ? arena_printf(a, " by %.*s", STR_ARG(o->made_by)) : STR("");
    struct str with = o->made_with.ptr ? arena_printf(a, " with %.*s", STR_ARG(o->made_with)) : STR("");
    return arena_printf(a, "made%.*s%.*s%.*s (%.*s:%llu)", STR_ARG(when), STR_ARG(by), STR_ARG(with), STR_ARG(o->file),
                        (unsigned long long)o->line);
}

// --- commands ----------------------------------------------------------------------------------------------------------------------

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool plain = (unsigned char)(char_lower(c) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '.' || c == '_' || c == ':' ||
                     c == '/' || (c == '-' && i);
        if (!plain)
            return false;
    }
    return s.len > 0;
}

// Names in a log are chosen by intruders, and the commands are meant to be pasted.
struct str shell_word(struct arena *a, struct str s)
{
    if (is_word(s))
        return s;
    char *out = arena_alloc(a, 4 * s.len + 3), *at = out;
    *at++ = '\'';
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '\'') {
            *at++ = s.ptr[i];
            continue;
        }
        memcpy(at, "'\\''", 4);
        at += 4;
    }
    *at++ = '\'';
    return str_make(out, (size_t)(at - out));
}

struct str comment_word(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    text_escape(&b, s);
    struct str escaped = arena_str(a, buf_str(&b));
    buf_fini(&b);
    return escaped;
}

struct str delete_command(struct arena *a, struct str kind, struct str namespace, struct str name)
{
    struct str what = shell_word(a, kind), which = shell_word(a, name), where = namespace.ptr ? shell_word(a, namespace) : STR_NONE;
    if (where.ptr)
        return arena_printf(a, "kubectl delete %.*s -n %.*s -- %.*s", STR_ARG(what), STR_ARG(where), STR_ARG(which));
    return arena_printf(a, "kubectl delete %.*s -- %.*s", STR_ARG(what), STR_ARG(which));
}

// --- acts --------------------------------------------------------------------------------------------------------------------------

static bool is_review(struct str resource)
{
    return str_ends(resource, STR("reviews"));
}

static bool is_reading(struct str verb)
{
    return str_eq(verb, STR("get")) || str_eq(verb, STR("list")) || str_eq(verb, STR("watch"));
}

static enum act act_of_subresource(const struct fact *f)
{
    const struct event_action *a = &f->action;
    if (f->entry.way == ENTRY_EPHEMERAL ? fact_writes(f) : f->entry.way || a->command.ptr)
        return ACT_EXEC;
    if (str_eq(a->subresource, STR("portforward")) || str_eq(a->subresource, STR("proxy")))
        return ACT_FORWARD;
    if (str_eq(a->subresource, STR("token")))
        return ACT_TAKE_TOKEN;
    if (str_eq(a->subresource, STR("log")))
        return ACT_READ_LOGS;
    return is_reading(a->verb) ? ACT_LOOK : ACT_CHANGE;
}

static enum act act_of_change(const struct event_action *a)
{
    size_t kind = kind_index(a->resource);
    if (str_eq(a->resource, STR("cronjobs")) || str_eq(a->resource, STR("cronworkflows")))
        return ACT_SCHEDULE;
    if (kind < KINDS && kinds[kind].workload)
        return ACT_DEPLOY;
    if (kind < KINDS && kinds[kind].rights)
        return ACT_GRANT;
    if (str_eq(a->resource, STR("serviceaccounts")))
        return ACT_ADD_ACCOUNT;
    if (str_eq(a->resource, STR("certificatesigningrequests")))
        return ACT_REQUEST_CERTIFICATE;
    if (str_eq(a->resource, STR("services")) || str_eq(a->resource, STR("ingresses")))
        return ACT_EXPOSE;
    return str_ends(a->resource, STR("webhookconfigurations")) ? ACT_HOOK : ACT_CHANGE;
}

enum act act_of(const struct fact *f)
{
    const struct event_action *a = &f->action;
    if (!a->resource.ptr)
        return ACT_PROBE;
    if (is_review(a->resource))
        return ACT_ASK_RIGHTS;
    if (a->subresource.ptr && !str_eq(a->subresource, STR("approval")) && !str_eq(a->subresource, STR("scale")))
        return act_of_subresource(f);
    if (is_reading(a->verb))
        return str_eq(a->resource, STR("secrets")) ? ACT_READ_SECRETS : ACT_LOOK;
    if (str_starts(a->verb, STR("delete")))
        return str_eq(a->resource, STR("events")) ? ACT_WIPE_EVENTS : ACT_REMOVE;
    return act_of_change(a);
}

enum outcome outcome_of(const struct fact *f)
{
    unsigned code = f->action.code;
    if (fact_done(f))
        return OUTCOME_DONE;
    if (code == 401 || code == 403)
        return OUTCOME_REFUSED;
    return code ? OUTCOME_FAILED : OUTCOME_UNKNOWN;
}

struct str act_name(enum act a)
{
    static const struct str names[ACTS] = {
        [ACT_PROBE] = STR("probe"),
        [ACT_ASK_RIGHTS] = STR("ask-rights"),
        [ACT_LOOK] = STR("look"),
        [ACT_READ_SECRETS] = STR("read-secrets"),
        [ACT_TAKE_TOKEN] = STR("take-token"),
        [ACT_REQUEST_CERTIFICATE] = STR("request-certificate"),
        [ACT_DEPLOY] = STR("deploy"),
        [ACT_SCHEDULE] = STR("schedule"),
        [ACT_EXEC] = STR("exec"),
        [ACT_FORWARD] = STR("forward"),
        [ACT_GRANT] = STR("grant"),
        [ACT_ADD_ACCOUNT] = STR("add-account"),
        [ACT_WIPE_EVENTS] = STR("wipe-events"),
        [ACT_REMOVE] = STR("remove"),
        [ACT_EXPOSE] = STR("expose"),
        [ACT_HOOK] = STR("hook"),
        [ACT_CHANGE] = STR("change"),
        [ACT_READ_LOGS] = STR("read-logs"),
        [ACT_RUN] = STR("run"),
    };
    return names[a];
}

struct str outcome_name(enum outcome o)
{
    static const struct str names[] = {[OUTCOME_DONE] = STR("done"),
                                       [OUTCOME_REFUSED] = STR("refused"),
                                       [OUTCOME_FAILED] = STR("failed"),
                                       [OUTCOME_UNKNOWN] = STR("unknown")};
    return names[o];
}

struct str step_part_name(enum step_part p)
{
    static const struct str names[] = {[STEP_DOOR] = STR("door"), [STEP_ACT] = STR("act"), [STEP_CONSEQUENCE] = STR("consequence")};
    return names[p];
}

struct str incident_role_name(enum incident_role r)
{
    static const struct str names[] = {[ROLE_INTRUDER] = STR("intruder"),
                                       [ROLE_INTERFACE] = STR("interface"),
                                       [ROLE_STOLEN] = STR("stolen"),
                                       [ROLE_PLANTED] = STR("planted"),
                                       [ROLE_DOOR] = STR("door")};
    return names[r];
}

// --- sentences ---------------------------------------------------------------------------------------------------------------------

static struct str path_of(struct str uri)
{
    return str_slice(uri, 0, str_find_char(uri, '?', 0));
}

static struct str what_pods_run(struct arena *a, const struct fact *f)
{
    struct str image = body_first(f, BODY_IMAGE), replicas = body_first(f, BODY_REPLICAS), schedule = body_first(f, BODY_SCHEDULE);
    if (!image.ptr)
        return STR("");
    struct str times = replicas.ptr ? arena_printf(a, "%.*s x ", STR_ARG(replicas)) : STR("");
    struct str when = schedule.ptr ? arena_printf(a, ", at %.*s", STR_ARG(schedule)) : STR("");
    return arena_printf(a, ": %.*s%.*s%.*s", STR_ARG(times), STR_ARG(image), STR_ARG(when));
}

static struct str whom_bound(struct arena *a, const struct fact *f)
{
    if (!f->body || !f->body->n_subjects)
        return STR("");
    const struct fact_subject *s = &f->body->subjects[0];
    struct str role = body_first(f, BODY_ROLE_NAME);
    return arena_printf(a, ": %.*s for %.*s %.*s%s%.*s%s", STR_ARG(role), STR_ARG(s->kind), STR_ARG(s->namespace),
                        s->namespace.ptr ? "/" : "", STR_ARG(s->name), f->body->n_subjects > 1 ? " and others" : "");
}

static struct str details_of(struct arena *a, const struct fact *f, enum act act)
{
    if (act == ACT_DEPLOY || act == ACT_SCHEDULE)
        return what_pods_run(a, f);
    if (act == ACT_GRANT)
        return whom_bound(a, f);
    struct str type = body_first(f, BODY_SERVICE_TYPE), subject = body_first(f, BODY_CSR_SUBJECT);
    if (act == ACT_EXPOSE && type.ptr)
        return arena_printf(a, ": type %.*s", STR_ARG(type));
    return act == ACT_REQUEST_CERTIFICATE && subject.ptr ? arena_printf(a, " for %.*s", STR_ARG(subject)) : STR("");
}

static struct str verb_words(const struct fact *f)
{
    static const struct {
        struct str verb, word;
    } words[] = {
        {STR("get"), STR("read")},       {STR("list"), STR("listed")},
        {STR("watch"), STR("watched")},  {STR("create"), STR("created")},
        {STR("update"), STR("changed")}, {STR("patch"), STR("changed")},
        {STR("delete"), STR("deleted")}, {STR("deletecollection"), STR("deleted all")},
    };
    if (str_eq(f->action.verb, STR("patch")) && f->action.code == 201)
        return STR("created");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(f->action.verb, words[i].verb))
            return words[i].word;
    return f->action.verb;
}

// Where a request leads that enters a container.
static struct str entered_words(struct arena *a, const struct fact *f)
{
    const struct event_action *x = &f->action;
    struct str container = f->entry.container.ptr ? arena_printf(a, ", container %.*s", STR_ARG(f->entry.container)) : STR("");
    if (!f->entry.by_kubelet)
        return object_words(a, x->resource, x->namespace, x->name);
    return arena_printf(a, "%.*s%.*s through the kubelet of %.*s", STR_ARG(object_words(a, STR("pods"), f->entry.namespace, f->entry.pod)),
                        STR_ARG(container), STR_ARG(object_words(a, x->resource, STR_NONE, x->name)));
}

static struct str plain_text(struct arena *a, const struct fact *f, enum act act)
{
    const struct event_action *x = &f->action;
    struct str object = object_words(a, x->resource, x->namespace, x->name);
    if (act == ACT_PROBE)
        return arena_printf(a, "asked for %.*s", STR_ARG(path_of(x->uri)));
    if (act == ACT_ASK_RIGHTS)
        return arena_printf(a, "asked what it may do (%.*s)", STR_ARG(x->resource));
    if (act == ACT_EXEC && x->command.ptr)
        return arena_printf(a, "ran in %.*s: %.*s", STR_ARG(entered_words(a, f)), STR_ARG(x->command));
    if (act == ACT_EXEC)
        return arena_printf(a, "entered %.*s (%.*s)", STR_ARG(entered_words(a, f)), STR_ARG(x->subresource));
    if (act == ACT_FORWARD)
        return arena_printf(a, "reached %.*s through the API server (%.*s)", STR_ARG(object), STR_ARG(x->subresource));
    if (act == ACT_TAKE_TOKEN)
        return arena_printf(a, "requested a token of %.*s", STR_ARG(object));
    if (act == ACT_READ_LOGS)
        return arena_printf(a, "read the log of %.*s", STR_ARG(object));
    if (str_eq(x->subresource, STR("approval")))
        return arena_printf(a, "approved %.*s", STR_ARG(object));
    struct str verb = verb_words(f), details = details_of(a, f, act);
    struct str part = x->subresource.ptr ? arena_printf(a, " (%.*s)", STR_ARG(x->subresource)) : STR("");
    struct str where = x->name.ptr || x->namespace.ptr || !is_reading(x->verb) ? STR("") : STR(" in the whole cluster");
    return arena_printf(a, "%.*s %.*s%.*s%.*s%.*s", STR_ARG(verb), STR_ARG(object), STR_ARG(part), STR_ARG(where), STR_ARG(details));
}

struct str act_text(struct arena *a, const struct fact *f)
{
    struct str text = plain_text(a, f, act_of(f));
    if (f->impersonated.ptr)
        text = arena_printf(a, "%.*s, as %.*s", STR_ARG(text), STR_ARG(f->impersonated));
    if (f->action.dry_run)
        text = arena_printf(a, "%.*s (dry run: nothing was stored)", STR_ARG(text));
    switch (outcome_of(f)) {
    case OUTCOME_REFUSED:
        return arena_printf(a, "%.*s: refused (%u)", STR_ARG(text), f->action.code);
    case OUTCOME_FAILED:
        return arena_printf(a, "%.*s: failed (%u)", STR_ARG(text), f->action.code);
    default:
        return text;
    }
}
