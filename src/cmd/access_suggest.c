// SPDX-License-Identifier: Apache-2.0
// davy access suggest: the smallest roles for what somebody really did.
#include "cmd/access.h"
#include "cmd/options.h"
#include "cmd/suggested.h"
#include "engine/objects/survey.h"
#include "report/answers/suggest.h"

#include <stdio.h>

enum { OPT_FROM, OPT_OBJECTS, OPT_FORMAT, OPT_ALL, LIVE_OPTIONS };
static const char *const formats[] = {"yaml", "json", NULL};

static const struct arg_spec options[] = {
    [OPT_FROM] = OPTION_FROM("audit logs of one cluster: files, directories or -; needed"),
    [OPT_OBJECTS] =
        OPTION_OBJECTS("manifests or a dump of the cluster: also say what is granted, what of it was used, and what is dangerous"),
    [OPT_FORMAT] = OPTION_FORMAT(formats, "yaml", "how to print"),
    [OPT_ALL] = {.name = "all", .letter = 'a', .kind = ARG_FLAG, .about = "Kubernetes' own components and nodes, too"},
    LIVE_SPECS,
};
static const struct objects_options objects_at = LIVE_PLACES;

static const struct example examples[] = {
    {"davy access suggest --from audit.log serviceaccount:shop/web", "what a ServiceAccount needs"},
    {"davy access suggest --from logs/ --objects dump.json >roles.yaml", "everybody, held against what they have"},
    {"davy access suggest --from logs/ --context prod >roles.yaml", "and what they have is asked of the cluster"},
};

// --- requests --------------------------------------------------------------------------------------------------------------------

static struct access_action action_of(const struct event *e)
{
    const struct event_action *a = &e->action;
    struct access_action out = {.verb = a->verb, .group = a->group, .subresource = a->subresource, .ns = a->namespace};
    if (a->resource.len) {
        out.resource = a->resource;
        out.name = a->name;
    } else {
        out.path = str_slice(a->uri, 0, str_find_char(a->uri, '?', 0));
    }
    // What is made has no name yet when it is allowed, and lists are about no object in particular.
    if (str_eq(a->verb, STR("create")) && !a->subresource.len)
        out.name = STR_NONE;
    return out;
}

static bool is_refused(const struct event *e)
{
    if (e->decision.ptr)
        return !str_eq(e->decision, STR("allow"));
    return e->action.code == 401 || e->action.code == 403;
}

// Whoever acts as somebody else used the permission to, and the other one's permissions.
static void add_impersonation(struct usage *u, const struct event *e, const struct access_subject *who, const struct access_subject *other)
{
    const struct access_action action = {
        .verb = STR("impersonate"),
        .group = STR(""),
        .resource = other->kind == SUBJECT_ACCOUNT ? STR("serviceaccounts") : STR("users"),
        .ns = other->kind == SUBJECT_ACCOUNT ? other->ns : STR_NONE,
        .name = other->name,
    };
    usage_add(u, who, e->actor.groups, e->actor.n_groups, &action, false);
}

// A name as the authenticator gives it; no user of that name is a group.
static bool subject_of(struct str name, struct access_subject *out)
{
    if (!name.len)
        return false;
    if (!str_starts(name, STR("system:serviceaccount:")) || !access_parse_subject(name, out))
        *out = (struct access_subject){.kind = SUBJECT_USER, .name = name};
    return true;
}

void suggest_take(void *context, const struct event *e)
{
    struct usage *u = context;
    struct access_subject who, other;
    const struct access_action action = action_of(e);
    if (!subject_of(e->actor.principal, &who) || !action.verb.len)
        return;
    if (subject_of(e->actor.impersonated, &other)) {
        add_impersonation(u, e, &who, &other);
        usage_add(u, &other, e->actor.impersonated_groups, e->actor.n_impersonated_groups, &action, is_refused(e));
        return;
    }
    usage_add(u, &who, e->actor.groups, e->actor.n_groups, &action, is_refused(e));
}

// --- answers ---------------------------------------------------------------------------------------------------------------------

struct suggesting {
    const struct args *args;
    struct usage *usage;
    struct access *graph; // NULL: no objects
    struct survey *survey;
    struct access_subject wanted; // name.ptr NULL: everybody
};

bool suggest_is_system(const struct access_subject *who)
{
    return who->kind == SUBJECT_USER ? str_starts(who->name, STR("system:")) : str_eq(who->ns, STR("kube-system"));
}

static bool is_wanted(const struct suggesting *s, const struct used *u)
{
    const struct access_subject *w = &s->wanted;
    if (w->name.ptr)
        return w->kind == u->who.kind && str_eq(w->name, u->who.name) && (w->kind != SUBJECT_ACCOUNT || str_eq(w->ns, u->who.ns));
    return !suggest_is_system(&u->who) || arg_flag(s->args, OPT_ALL);
}

void suggest_answer(struct usage *usage, const struct access *graph, const struct used *u, bool json, struct buf *out)
{
    struct arena arena;
    struct usage_review review;
    struct suggestion suggestion = {.used = u};
    arena_init(&arena, ARENA_UNLIMITED);
    suggestion.roles = usage_roles(usage, u, &suggestion.n_roles);
    if (graph) {
        usage_review(&arena, graph, u, suggestion.roles, suggestion.n_roles, &review);
        suggestion.review = &review;
    }
    if (json)
        suggest_json(out, &suggestion);
    else
        suggest_yaml(out, &suggestion);
    arena_fini(&arena);
}

static status answer_all(struct suggesting *s, struct diags *diags)
{
    struct buf out;
    size_t n, told = 0;
    const struct used *all = usage_all(s->usage, &n);
    buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < n; i++) {
        if (!is_wanted(s, &all[i]))
            continue;
        suggest_answer(s->usage, s->graph, &all[i], arg_choice(s->args, OPT_FORMAT) == 1, &out);
        told++;
    }
    status result = told ? ST_OK : ST_INPUT;
    if (!told)
        diags_add(diags, DIAG_ERROR, NULL,
                  s->wanted.name.ptr ? "nothing in the logs was done by that name"
                                     : "nobody but Kubernetes itself did anything in the logs: --all");
    else if (cmd_print(buf_str(&out)) != EXIT_NOTHING)
        result = ST_IO;
    buf_fini(&out);
    return result;
}

static void begin(void *context, struct str cluster)
{
    (void)context, (void)cluster;
}

static void take_object(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct suggesting *s = context;
    access_add(s->graph, o->tree, o->api_version, o->kind, place, diags);
}

static status end(void *context, struct diags *diags)
{
    (void)context, (void)diags;
    return ST_OK;
}

static status read_objects(struct suggesting *s, struct diags *diags)
{
    const struct survey_options wanted = {.cluster = STR("cluster")};
    TRY(cmd_survey_objects(s->args, objects_at, wanted, &s->survey, diags));
    if (!s->survey)
        return ST_OK;
    s->graph = access_new();
    TRY(survey_run(s->survey, (struct survey_sink){.context = s, .begin = begin, .object = take_object, .end = end}, diags));
    access_seal(s->graph, diags);
    return ST_OK;
}

static status suggest(struct suggesting *s, struct diags *diags)
{
    struct history_counters counters;
    size_t n;
    const struct str *logs = arg_list(s->args, OPT_FROM, &n);
    TRY(read_objects(s, diags));
    TRY(history_run(logs, n, suggest_take, s->usage, &counters, diags));
    TRY(answer_all(s, diags));
    return s->survey ? cmd_survey_whole(s->survey, diags) : ST_OK;
}

static int run(const struct args *args)
{
    struct suggesting s = {.args = args};
    struct diags diags;
    if (!arg_given(args, OPT_FROM)) {
        fprintf(stderr, "davy: what was done stands in audit logs: --from AUDIT-LOG\n");
        return EXIT_USAGE;
    }
    if (args->n_operands && !access_subject(args->operands[0], &s.wanted))
        return EXIT_USAGE;
    diags_init(&diags);
    s.usage = usage_new();
    const status result = suggest(&s, &diags);
    usage_free(s.usage);
    access_free(s.graph);
    survey_close(s.survey);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    return cmd_exit_status(result);
}

const struct command ask_suggest = {
    .name = "suggest",
    .about = "the smallest roles that cover what somebody did",
    .details =
        "Requests in audit logs that were allowed are what is needed; what comes out are Roles, ClusterRoles and their bindings "
        "that give just that, as YAML to review. "
        "Objects whose names stay (ConfigMaps, Secrets, Leases, ...) are named when there are few. What everybody has (versions, "
        "discovery) is left out. What happens "
        "once a year is in no log of a week: look at what is missing before it is applied.\n\n"
        "With --objects or --live what the subject has is told beside it: which bindings give it, how many of their rules were used, which "
        "permissions that lead to those of others "
        "never were, and what was used though no object gives it.\n\n"
        "Without SUBJECT: everybody but Kubernetes' own components.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "SUBJECT", .about = "user:NAME, serviceaccount:NAMESPACE/NAME; see davy access of", .max = 1},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
