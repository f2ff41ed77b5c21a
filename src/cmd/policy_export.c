// SPDX-License-Identifier: Apache-2.0
// davy policy export: what controls say, as manifests.
#include "cmd/policy.h"
#include "cmd/policy_files.h"
#include "engine/policies.h"
#include "engine/survey.h"

#include <stdlib.h>

enum { OPT_OBJECTS, OPT_OUTPUT, OPT_ENFORCE, OPT_CONTROL, OPT_EXEMPT, OPT_REGISTRY, OPT_CLUSTER, OPT_RULES, OPT_SEVERITY };
enum { EXAMPLES = 5 };

static const struct arg_spec options[] = {
    [OPT_OBJECTS] = {.name = "objects",
                     .kind = ARG_LIST,
                     .complete = COMPLETE_FILE,
                     .value = "PATH",
                     .about = "manifests or a dump of the cluster: also say what each policy would have refused of them"},
    [OPT_OUTPUT] = {.name = "output",
                    .letter = 'o',
                    .kind = ARG_STRING,
                    .complete = COMPLETE_DIRECTORY,
                    .value = "DIR",
                    .about = "write a file for each policy into this folder"},
    [OPT_ENFORCE] = {.name = "enforce", .kind = ARG_FLAG, .about = "refuse (Deny) instead of noting and warning (Audit, Warn)"},
    [OPT_CONTROL] = POLICY_CONTROL,
    [OPT_EXEMPT] = POLICY_EXEMPT,
    [OPT_REGISTRY] = POLICY_REGISTRY,
    [OPT_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all objects belong to"},
    [OPT_RULES] = POLICY_RULES,
    [OPT_SEVERITY] = POLICY_SEVERITY,
};

static const struct example examples[] = {
    {"davy policy export --objects dump.json -o policies", "every policy, with what it would have refused of a cluster's objects"},
    {"davy policy export --enforce --control privileged-container --except-namespace kube-system", "one policy that refuses"},
};

// What a policy would have refused.
struct tally {
    size_t judged, refused;
    struct buf examples;
};

struct exporting {
    const struct args *args;
    struct policies *policies;
    const struct policies_item *items;
    size_t n;
    struct tally *tallies;
    bool objects; // were given
    struct policy_files files;
    const struct object *object; // at hand
};

// --- objects ---------------------------------------------------------------------------------------------------------------------

static struct str metadata(const struct object *o, struct str key)
{
    return json_text(json_get(json_get(o->tree, STR("metadata")), key));
}

static void hit(void *context, size_t item)
{
    struct exporting *e = context;
    struct tally *t = &e->tallies[item];
    const struct str ns = metadata(e->object, STR("namespace"));
    if (t->refused++ >= EXAMPLES)
        return;
    buf_addf(&t->examples, "%s%.*s %.*s%s%.*s", t->refused > 1 ? ", " : "", STR_ARG(e->object->kind), STR_ARG(ns), ns.len ? "/" : "",
             STR_ARG(metadata(e->object, STR("name"))));
}

static bool is_exempt(const struct exporting *e, struct str ns)
{
    size_t n;
    const struct str *names = arg_list(e->args, OPT_EXEMPT, &n);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(names[i], ns))
            return true;
    }
    return false;
}

static bool is_over(const struct policies_item *item, const struct policy_kind *kind)
{
    for (size_t i = 0; i < item->n_documents; i++) {
        for (size_t k = 0; k < item->documents[i].n_kinds; k++) {
            if (item->documents[i].kinds[k] == kind)
                return true;
        }
    }
    return false;
}

static void begin(void *context, struct str cluster)
{
    (void)context, (void)cluster;
}

static void take(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct exporting *e = context;
    const struct policy_kind *kind = policy_kind_find(o->kind);
    (void)place, (void)diags;
    if (!kind || is_exempt(e, metadata(o, STR("namespace"))))
        return;
    for (size_t i = 0; i < e->n; i++)
        e->tallies[i].judged += is_over(&e->items[i], kind);
    e->object = o;
    policies_judge(e->policies, kind, o->json, hit, e);
}

static status end(void *context, struct diags *diags)
{
    (void)context, (void)diags;
    return ST_OK;
}

static status read_objects(struct exporting *e, struct diags *diags)
{
    size_t n;
    const struct str *paths = arg_list(e->args, OPT_OBJECTS, &n);
    struct survey *s;
    if (!n)
        return ST_OK;
    e->objects = true;
    TRY(survey_open(&s, paths, n, (struct survey_options){arg_string(e->args, OPT_CLUSTER), false}, diags));
    status result = survey_run(s, (struct survey_sink){.context = e, .begin = begin, .object = take, .end = end}, diags);
    if (result == ST_OK && !survey_counters(s).objects) {
        diags_add(diags, DIAG_ERROR, NULL, "no Kubernetes object was found");
        result = ST_INPUT;
    }
    survey_close(s);
    return result;
}

// --- manifests -------------------------------------------------------------------------------------------------------------------

static void add_refused(const struct exporting *e, size_t item, struct buf *out)
{
    const struct tally *t = &e->tallies[item];
    if (!e->objects)
        return;
    buf_addf(out, "Would have refused %zu of the %zu objects given that it is about", t->refused, t->judged);
    if (t->refused) {
        buf_add(out, STR(": "));
        buf_add(out, buf_str(&t->examples));
    }
    if (t->refused > EXAMPLES)
        buf_addf(out, ", and %zu more", t->refused - EXAMPLES);
}

static void write_item(struct exporting *e, size_t at)
{
    const struct policies_item *item = &e->items[at];
    struct admission_policy p = {
        .control = item->control.id,
        .rule_id = item->rule_id,
        .title = item->control.title,
        .why = item->why,
        .fix = item->fix,
        .enforce = arg_flag(e->args, OPT_ENFORCE),
    };
    struct buf refused;
    buf_init(&refused, SIZE_MAX);
    add_refused(e, at, &refused);
    p.exempt = arg_list(e->args, OPT_EXEMPT, &p.n_exempt);
    p.refused = buf_str(&refused);
    for (size_t i = 0; i < item->n_documents; i++) {
        const struct policies_document *d = &item->documents[i];
        struct buf name;
        p.name = d->name;
        p.kinds = d->kinds;
        p.n_kinds = d->n_kinds;
        p.rule = &d->rule;
        policy_write(&e->files.text, &p);
        buf_init(&name, SIZE_MAX);
        buf_addf(&name, "admission-%.*s.yaml", STR_ARG(d->name));
        policy_files_end(&e->files, buf_str(&name));
        buf_fini(&name);
    }
    buf_fini(&refused);
}

// What is no policy, and why: comments, so that it stands beside what is.
static void write_rest(struct exporting *e)
{
    size_t n;
    const struct policies_refused *all = policies_refused(e->policies, &n);
    struct buf line;
    if (!n)
        return;
    buf_init(&line, SIZE_MAX);
    yaml_write_comment(&e->files.text, STR("Controls that are no policy, because admission sees one object, and CEL what it names of it:"));
    for (size_t i = 0; i < n; i++) {
        buf_clear(&line);
        buf_addf(&line, "  %.*s: %.*s", STR_ARG(all[i].control.id), STR_ARG(all[i].why));
        yaml_write_comment(&e->files.text, buf_str(&line));
    }
    buf_fini(&line);
    policy_files_end(&e->files, STR("not-expressible.yaml"));
}

static status export_all(struct exporting *e, struct diags *diags)
{
    TRY(read_objects(e, diags));
    TRY(policy_files_open(&e->files, arg_string(e->args, OPT_OUTPUT), diags));
    for (size_t i = 0; i < e->n; i++)
        write_item(e, i);
    write_rest(e);
    return policy_files_close(&e->files);
}

static status run_export(struct exporting *e, struct diags *diags)
{
    struct policies_options wanted = {0};
    wanted.registries = arg_list(e->args, OPT_REGISTRY, &wanted.n_registries);
    wanted.paths = arg_list(e->args, OPT_RULES, &wanted.n_paths);
    wanted.least = (enum severity)arg_choice(e->args, OPT_SEVERITY);
    wanted.only = arg_list(e->args, OPT_CONTROL, &wanted.n_only);
    TRY(policies_load(&e->policies, wanted, diags));
    e->items = policies_items(e->policies, &e->n);
    e->tallies = must_alloc(calloc(e->n + 1, sizeof *e->tallies));
    for (size_t i = 0; i < e->n; i++)
        buf_init(&e->tallies[i].examples, 64 << 10);
    const status result = export_all(e, diags);
    for (size_t i = 0; i < e->n; i++)
        buf_fini(&e->tallies[i].examples);
    free(e->tallies);
    policies_free(e->policies);
    return result;
}

static int run(const struct args *args)
{
    struct exporting e = {.args = args};
    struct diags diags;
    diags_init(&diags);
    const status result = run_export(&e, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    return cmd_exit_status(result);
}

const struct command policy_export = {
    .name = "export",
    .about = "controls as ValidatingAdmissionPolicy",
    .details =
        "Each control that speaks of a single object becomes a ValidatingAdmissionPolicy with its binding: its rule in CEL, which the API "
        "server judges by itself from Kubernetes 1.30 on (with the v1beta1 API, 1.28). What cannot be said exactly in CEL is not "
        "exported, and is named with the reason. By default the policies only note and warn (Audit, Warn).\n\n"
        "An update that leaves the specification as it was may pass, so that what runs already can be labelled, scaled and deleted.",
    .options = options,
    .n_options = COUNT(options),
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
