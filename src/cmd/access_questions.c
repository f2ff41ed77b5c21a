// SPDX-License-Identifier: Apache-2.0
// davy access who-can, of, anonymous.
#include "cmd/access.h"
#include "posture/grants.h"

#include <stdio.h>

#define PATHS "manifests and dumps: files, directories or -; without it, the live cluster"

// --- who-can ---------------------------------------------------------------------------------------------------------------------

enum { WHO_ANY = ACCESS_OPTIONS, WHO_NAME };

static const struct arg_spec who_options[] = {
    ACCESS_COMMON,
    [ACCESS_NAMESPACE] = {.name = "namespace",
                          .letter = 'n',
                          .kind = ARG_LIST,
                          .value = "NS",
                          .about = "in this namespace; without it, in all namespaces at once"},
    [WHO_ANY] = {.name = "any-namespace", .letter = 'A', .kind = ARG_FLAG, .about = "also those who can in single namespaces"},
    [WHO_NAME] = {.name = "name", .kind = ARG_STRING, .value = "NAME", .about = "on the object of this name"},
};

static const struct example who_examples[] = {
    {"davy access who-can create pods/exec -n shop dump.json", "who can run commands in the pods of a namespace"},
    {"davy access who-can get secrets -A dump.json", "who can read Secrets, and be it in one namespace"},
    {"davy access who-can get secrets -A --context prod", "in a live cluster"},
    {"davy access who-can get /metrics dump.json", "a path that is no resource"},
};

struct who {
    const struct args *args;
    struct access_action action;
};

static void count(void *context, const struct access_grant *grant)
{
    (void)grant;
    ++*(size_t *)context;
}

// Whoever can in a single namespace is not in the answer without -A: that is said.
static void add_hint(const struct who *w, const struct access *graph, const struct access_answer *a, struct buf *out)
{
    size_t n = 0;
    if (w->action.ns.len || arg_flag(w->args, WHO_ANY) || !w->action.resource.ptr)
        return;
    access_who_can(graph, &w->action, true, count, &n);
    if (n > a->n)
        buf_addf(out, "  and %zu more in single namespaces: -A shows them, -n NS asks about one\n", n - a->n);
}

static bool answer_who(void *context, const struct access *graph, struct access_answer *a, struct buf *out)
{
    struct who *w = context;
    const struct str verb = w->action.verb, ns = w->action.ns, name = w->action.name;
    if (!access_parse_resource(graph, w->args->operands[1], &w->action))
        fprintf(stderr, "davy: note: the resource is unknown, and taken for one of the core group; RESOURCE.GROUP names another\n");
    w->action.verb = verb;
    w->action.ns = ns;
    w->action.name = name;
    access_who_can(graph, &w->action, arg_flag(w->args, WHO_ANY), access_answer_add, a);
    access_answer_sort(a);
    if (access_json(w->args)) {
        access_json_grants(out, a);
        return false;
    }
    access_text_grants(out, a, false);
    add_hint(w, graph, a, out);
    return false;
}

static int run_who(const struct args *args)
{
    size_t n;
    const struct str *ns = arg_list(args, ACCESS_NAMESPACE, &n);
    struct who w = {.args = args, .action = {.verb = args->operands[0], .ns = n ? ns[0] : STR_NONE, .name = arg_string(args, WHO_NAME)}};
    if (arg_flag(args, WHO_ANY) && w.action.ns.len) {
        fprintf(stderr, "davy: --namespace and --any-namespace exclude each other\n");
        return EXIT_USAGE;
    }
    if (n > 1) {
        fprintf(stderr, "davy: the question is about one namespace, or about all of them\n");
        return EXIT_USAGE;
    }
    if (!w.action.name.ptr)
        w.action.name = STR("");
    return access_run(args, 2, KUBE_FOR_GRANTS, answer_who, &w);
}

const struct command ask_who_can = {
    .name = "who-can",
    .about = "who can do something",
    .details =
        "RESOURCE is pods, deployments.apps, pods/exec, ..., * or a path such as /metrics. The question is that of a SubjectAccessReview: "
        "without -n it is about all namespaces at once (or about what has none), so that what a RoleBinding gives does not count.\n\n"
        "Subjects are told as bindings name them. Of a live cluster the namespace of -n is read by itself where the whole cluster may not "
        "be.",
    .options = who_options,
    .n_options = COUNT(who_options),
    .operand = {.name = "VERB RESOURCE [PATH]", .about = PATHS, .complete = COMPLETE_FILE, .min = 2, .max = SIZE_MAX},
    .examples = who_examples,
    .n_examples = COUNT(who_examples),
    .run = run_who,
};

// --- of --------------------------------------------------------------------------------------------------------------------------

enum { OF_GROUP = ACCESS_OPTIONS };

static const struct arg_spec of_options[] = {
    ACCESS_COMMON,
    [ACCESS_NAMESPACE] = OPTION_NAMESPACE,
    [OF_GROUP] = {.name = "group", .letter = 'g', .kind = ARG_LIST, .value = "GROUP", .about = "a group that it is a member of"},
};

static const struct example of_examples[] = {
    {"davy access of serviceaccount:kubernetes-dashboard/kubernetes-dashboard dump.json", "what a dashboard may do"},
    {"davy access of alice --group ops dump.json", "a person, whose groups are not in the cluster"},
};

struct of {
    const struct args *args;
    struct access_subject subject;
};

static bool answer_of(void *context, const struct access *graph, struct access_answer *a, struct buf *out)
{
    struct of *o = context;
    size_t n;
    const struct str *groups = arg_list(o->args, OF_GROUP, &n);
    const struct access_identity who = access_identity_of(&a->arena, &o->subject, groups, n);
    access_of(graph, &who, access_answer_add, a);
    access_answer_sort(a);
    if (access_json(o->args))
        access_json_grants(out, a);
    else
        access_text_grants(out, a, true);
    return false;
}

static int run_of(const struct args *args)
{
    struct of o = {.args = args};
    if (!access_subject(args->operands[0], &o.subject))
        return EXIT_USAGE;
    return access_run(args, 1, KUBE_FOR_GRANTS, answer_of, &o);
}

const struct command ask_of = {
    .name = "of",
    .about = "what somebody may do",
    .details = "SUBJECT is user:NAME, group:NAME, serviceaccount:NAMESPACE/NAME or system:serviceaccount:NAMESPACE:NAME; a bare name is a "
               "user, or "
               "a group if Kubernetes has one of that name. The groups that Kubernetes adds by itself are considered.",
    .options = of_options,
    .n_options = COUNT(of_options),
    .operand = {.name = "SUBJECT [PATH]", .about = PATHS, .complete = COMPLETE_FILE, .min = 1, .max = SIZE_MAX},
    .examples = of_examples,
    .n_examples = COUNT(of_examples),
    .run = run_of,
};

// --- anonymous -------------------------------------------------------------------------------------------------------------------

static const struct arg_spec anonymous_options[] = {ACCESS_COMMON, [ACCESS_NAMESPACE] = OPTION_NAMESPACE};

static const struct example anonymous_examples[] = {
    {"davy access anonymous dump.json", "what everybody may do who reaches the API server"},
};

static bool answer_anonymous(void *context, const struct access *graph, struct access_answer *a, struct buf *out)
{
    const struct args *args = context;
    const struct access_subject anonymous = {.kind = SUBJECT_USER, .name = STR("system:anonymous")};
    const struct access_identity who = access_identity_of(&a->arena, &anonymous, NULL, 0);
    bool more = false;
    access_of(graph, &who, access_answer_add, a);
    access_answer_sort(a);
    for (size_t i = 0; i < a->n; i++)
        more = more || !a->items[i].grant.rule || !access_rule_is_public(a->items[i].grant.rule);
    if (access_json(args)) {
        access_json_grants(out, a);
        return more;
    }
    access_text_grants(out, a, true);
    buf_add(out, more ? STR("  Requests without credentials are allowed more than health and version.\n")
                      : STR("  Nothing but health and version, if that: requests without credentials are allowed nothing else.\n"));
    return more;
}

static int run_anonymous(const struct args *args)
{
    return access_run(args, 0, KUBE_FOR_GRANTS, answer_anonymous, (void *)(uintptr_t)args);
}

const struct command ask_anonymous = {
    .name = "anonymous",
    .about = "what requests without credentials may do",
    .details = "Status 1 when it is more than health and version, which a fresh cluster gives to everybody.",
    .options = anonymous_options,
    .n_options = COUNT(anonymous_options),
    .operand = {.name = "PATH", .about = PATHS, .complete = COMPLETE_FILE, .min = 0, .max = SIZE_MAX},
    .examples = anonymous_examples,
    .n_examples = COUNT(anonymous_examples),
    .run = run_anonymous,
};
