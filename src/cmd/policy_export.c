// SPDX-License-Identifier: Apache-2.0
// davy policy export: what controls say, and what was seen, as manifests.
#include "cmd/live.h"
#include "cmd/options.h"
#include "cmd/policy.h"
#include "cmd/policy_files.h"
#include "cmd/policy_gather.h"
#include "cmd/suggested.h"

#include <stdio.h>

enum {
    OPT_OBJECTS,
    OPT_FROM,
    OPT_WHAT,
    OPT_OUTPUT,
    OPT_ENFORCE,
    OPT_CONTROL,
    OPT_EXEMPT,
    OPT_REGISTRY,
    OPT_CLUSTER,
    OPT_RULES,
    OPT_SEVERITY,
    LIVE_OPTIONS,
    OPT_DEFAULT_REGISTRY,
    OPT_PROFILE
};
enum { WHAT_ALL, WHAT_ADMISSION, WHAT_LEVELS, WHAT_NETWORK, WHAT_ROLES };
static const char *const what[] = {[WHAT_ALL] = "all",         [WHAT_ADMISSION] = "admission", [WHAT_LEVELS] = "pod-security",
                                   [WHAT_NETWORK] = "network", [WHAT_ROLES] = "roles",         NULL};

static const struct arg_spec options[] = {
    [OPT_OBJECTS] = OPTION_OBJECTS(
        "manifests or a dump of the cluster: what each policy would have refused of them, Pod Security labels, and NetworkPolicies"),
    [OPT_FROM] = OPTION_FROM("audit logs of the cluster: what each policy would have refused of what they tell, and least-privilege roles"),
    [OPT_WHAT] = {.name = "what",
                  .kind = ARG_ENUM,
                  .value = "KIND",
                  .choices = what,
                  .initial = "all",
                  .about = "only these manifests; pod-security and network need --objects or --live, roles needs --from"},
    [OPT_OUTPUT] = {.name = "output",
                    .letter = 'o',
                    .kind = ARG_STRING,
                    .complete = COMPLETE_DIRECTORY,
                    .value = "DIR",
                    .about = "write a file for each policy, namespace and subject into this folder"},
    [OPT_ENFORCE] = {.name = "enforce", .kind = ARG_FLAG, .about = "refuse (Deny) instead of noting and warning (Audit, Warn)"},
    [OPT_CONTROL] = POLICY_CONTROL,
    [OPT_EXEMPT] = POLICY_EXEMPT,
    [OPT_REGISTRY] = POLICY_REGISTRY,
    [OPT_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all objects belong to"},
    [OPT_RULES] = POLICY_RULES,
    [OPT_SEVERITY] = POLICY_SEVERITY,
    LIVE_SPECS,
    [OPT_DEFAULT_REGISTRY] = OPTION_DEFAULT_REGISTRY,
    [OPT_PROFILE] = POLICY_PROFILE,
};
static const struct objects_options objects_at = LIVE_PLACES;

static const struct policy_places policies_at = {OPT_CONTROL, OPT_REGISTRY, OPT_DEFAULT_REGISTRY, OPT_RULES, OPT_SEVERITY, OPT_PROFILE};

static const struct example examples[] = {
    {"davy policy export --objects dump.json --from logs/ -o policies", "everything, with what it would have refused"},
    {"davy policy export --live --from logs/ -o policies", "with the objects of the cluster that kubectl would ask"},
    {"davy policy export --profile pss:restricted:v1.30 --objects dump.json", "the checks of Pod Security, for exceptions of your own"},
    {"davy policy export --enforce --control privileged-container --except-namespace kube-system", "one policy that refuses"},
};

struct exporting {
    const struct args *args;
    struct survey *objects; // NULL: none
    struct policies *policies;
    struct gathered *gathered;
    struct policy_files files;
};

// The manifest in files.text is done; its file is called KIND-NAME.yaml.
static void end_file(struct exporting *e, const char *kind, struct str name)
{
    struct buf file;
    buf_init(&file, SIZE_MAX);
    buf_addf(&file, "%s-%.*s.yaml", kind, STR_ARG(name));
    policy_files_end(&e->files, buf_str(&file));
    buf_fini(&file);
}

// --- admission -------------------------------------------------------------------------------------------------------------------

static void write_item(struct exporting *e, const struct policies_item *item, size_t at)
{
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
    policy_gather_refused(e->gathered, at, &refused);
    p.exempt = arg_list(e->args, OPT_EXEMPT, &p.n_exempt);
    p.refused = buf_str(&refused);
    for (size_t i = 0; i < item->n_documents; i++) {
        const struct policies_document *d = &item->documents[i];
        p.name = d->name;
        p.kinds = d->kinds;
        p.n_kinds = d->n_kinds;
        p.rule = &d->rule;
        policy_write(&e->files.text, &p);
        end_file(e, "admission", d->name);
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

// --- what was seen ---------------------------------------------------------------------------------------------------------------

static void write_levels(struct exporting *e)
{
    struct levels *l = policy_gather_levels(e->gathered);
    const size_t n = levels_count(l);
    for (size_t i = 0; i < n; i++)
        end_file(e, "pod-security", levels_write(l, i, &e->files.text));
}

static void write_network(struct exporting *e)
{
    struct network *network = policy_gather_network(e->gathered);
    const size_t n = network_count(network);
    for (size_t i = 0; i < n; i++)
        end_file(e, "network", network_write(network, i, &e->files.text));
}

static void write_roles(struct exporting *e)
{
    const struct access *graph;
    struct usage *usage = policy_gather_usage(e->gathered, &graph);
    size_t n = 0;
    const struct used *all = usage ? usage_all(usage, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        struct buf name;
        if (suggest_is_system(&all[i].who))
            continue;
        suggest_answer(usage, graph, &all[i], false, &e->files.text);
        buf_init(&name, SIZE_MAX);
        buf_addf(&name, "%zu-%.*s%s%.*s", i + 1, STR_ARG(all[i].who.ns), all[i].who.ns.len ? "-" : "", STR_ARG(all[i].who.name));
        end_file(e, "roles", buf_str(&name));
        buf_fini(&name);
    }
}

static status write_all(struct exporting *e, struct diags *diags)
{
    const size_t wanted = arg_choice(e->args, OPT_WHAT);
    size_t n;
    const struct policies_item *items = policies_items(e->policies, &n);
    TRY(policy_files_open(&e->files, arg_string(e->args, OPT_OUTPUT), diags));
    for (size_t i = 0; i < n && (wanted == WHAT_ALL || wanted == WHAT_ADMISSION); i++)
        write_item(e, &items[i], i);
    if ((wanted == WHAT_ALL && e->objects) || wanted == WHAT_LEVELS)
        write_levels(e);
    if ((wanted == WHAT_ALL && e->objects) || wanted == WHAT_NETWORK)
        write_network(e);
    if (wanted == WHAT_ALL || wanted == WHAT_ROLES)
        write_roles(e);
    if (wanted == WHAT_ALL || wanted == WHAT_ADMISSION)
        write_rest(e);
    return policy_files_close(&e->files);
}

// --- the command -----------------------------------------------------------------------------------------------------------------

static status export(struct exporting *e, struct diags *diags)
{
    struct gather_wishes wishes = {0};
    struct policies_options wanted;
    if (!policy_wanted(e->args, policies_at, &wanted))
        return ST_USAGE;
    wishes.logs = arg_list(e->args, OPT_FROM, &wishes.n_logs);
    wishes.exempt = arg_list(e->args, OPT_EXEMPT, &wishes.n_exempt);
    TRY(cmd_survey_objects(e->args, objects_at, (struct survey_options){.cluster = arg_string(e->args, OPT_CLUSTER)}, &e->objects, diags));
    wishes.objects = e->objects;
    status result = policies_load(&e->policies, wanted, diags);
    if (result == ST_OK)
        result = policy_gather(&e->gathered, e->policies, &wishes, diags);
    if (result == ST_OK)
        result = write_all(e, diags);
    if (result == ST_OK && e->objects)
        result = cmd_survey_whole(e->objects, diags);
    policy_gather_free(e->gathered);
    policies_free(e->policies);
    survey_close(e->objects);
    return result;
}

static bool lacks_input(const struct args *args)
{
    const size_t wanted = arg_choice(args, OPT_WHAT);
    if ((wanted == WHAT_LEVELS || wanted == WHAT_NETWORK) && !cmd_wants_objects(args, objects_at)) {
        fprintf(stderr, "davy: these manifests are made of objects: --objects PATH, or --live\n");
        return true;
    }
    if (wanted == WHAT_ROLES && !arg_given(args, OPT_FROM)) {
        fprintf(stderr, "davy: what was done stands in audit logs: --from AUDIT-LOG\n");
        return true;
    }
    return false;
}

static int run(const struct args *args)
{
    struct exporting e = {.args = args};
    struct diags diags;
    if (lacks_input(args))
        return EXIT_USAGE;
    diags_init(&diags);
    const status result = export(&e, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    return cmd_exit_status(result);
}

const struct command policy_export = {
    .name = "export",
    .about = "controls as ValidatingAdmissionPolicy; Pod Security labels, NetworkPolicies and roles from what was seen",
    .details =
        "Each control that speaks of a single object becomes a ValidatingAdmissionPolicy with its binding: its rule in CEL, which the API "
        "server judges by itself from Kubernetes 1.30 on (with the v1beta1 API, 1.28). What cannot be said exactly in CEL is not "
        "exported, and is named with the reason. By default the policies only note and warn (Audit, Warn). An update that leaves the "
        "specification as it was may pass, so that what runs already can be labelled, scaled and deleted. --profile does the same with "
        "the checks of Pod Security, one policy each.\n\n"
        "With --objects or --live: for each namespace the strictest Pod Security level that all its pods pass, and a NetworkPolicy that "
        "lets nothing "
        "in but what Services lead to; pages that manage the cluster stay closed. With --from: the smallest roles that cover what was "
        "done, "
        "as `davy access suggest` writes them. Everything says why it is there and what it would have refused.",
    .options = options,
    .n_options = COUNT(options),
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
