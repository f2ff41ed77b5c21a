// SPDX-License-Identifier: Apache-2.0
// davy access credentials: which tokens and certificates objects tell of, what they may do, and how each is taken back.
#include "cmd/access.h"
#include "engine/objects/credentials.h"
#include "os/os.h"
#include "report/answers/credentials.h"

static const struct arg_spec options[] = {ACCESS_COMMON, [ACCESS_NAMESPACE] = OPTION_NAMESPACE};

static const struct example examples[] = {
    {"davy access credentials dump.json ~/.kube/config", "tokens in Secrets, certificates that were signed, what kubeconfig files hold"},
};

struct listing {
    const struct args *args;
    struct str cluster;
    struct access *graph;
    struct credentials *found;
    struct buf out;
    bool dangerous; // one that does not run out may do everything
};

static void begin(void *context, struct str cluster)
{
    struct listing *l = context;
    l->cluster = cluster;
    l->graph = access_new();
    l->found = credentials_new();
}

static void take(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct listing *l = context;
    access_add(l->graph, o->tree, o->api_version, o->kind, place, diags);
    credentials_object(l->found, o, place);
}

static void print(struct listing *l, const struct credential *c)
{
    const struct credential_line line = {
        .kind = credential_kind_name(c->kind),
        .who = c->who,
        .groups = c->groups,
        .n_groups = c->n_groups,
        .since = c->since,
        .until = c->until,
        .endless = c->endless,
        .object = c->object,
        .revoke = c->revoke,
        .place = c->place,
        .everything = c->everything,
        .powers = c->powers,
        .n_powers = c->n_powers,
    };
    if (access_json(l->args))
        credential_json(&l->out, l->cluster, &line);
    else
        credential_text(&l->out, &line, os_realtime_ns());
}

static status end(void *context, struct diags *diags)
{
    struct listing *l = context;
    size_t n;
    access_seal(l->graph, diags);
    const struct credential *all = credentials_all(l->found, l->graph, &n);
    buf_clear(&l->out);
    for (size_t i = 0; i < n; i++) {
        print(l, &all[i]);
        l->dangerous = l->dangerous || all[i].everything;
    }
    credentials_free(l->found);
    access_free(l->graph);
    l->found = NULL;
    l->graph = NULL;
    return cmd_print(buf_str(&l->out)) == EXIT_NOTHING ? ST_OK : ST_IO;
}

static int run(const struct args *args)
{
    struct listing l = {.args = args};
    const struct survey_options wanted = {arg_string(args, ACCESS_CLUSTER), arg_flag(args, ACCESS_STRICT)};
    struct survey *survey;
    struct diags diags;
    diags_init(&diags);
    buf_init(&l.out, SIZE_MAX);
    status result = cmd_survey(args, 0, access_live_options, KUBE_FOR_CREDENTIALS, wanted, &survey, &diags);
    if (result == ST_OK) {
        result = survey_run(survey, (struct survey_sink){.context = &l, .begin = begin, .object = take, .end = end}, &diags);
        result = result == ST_OK ? cmd_survey_whole(survey, &diags) : result;
    }
    credentials_free(l.found);
    access_free(l.graph);
    survey_close(survey);
    buf_fini(&l.out);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    if (result != ST_OK)
        return cmd_exit_status(result);
    return l.dangerous ? EXIT_FOUND : EXIT_NOTHING;
}

const struct command ask_credentials = {
    .name = "credentials",
    .about = "which tokens and certificates there are, what they may do, and how each is taken back",
    .details = "Tokens in Secrets, tokens for joining nodes, certificates that the cluster signed (CertificateSigningRequests), and what "
               "kubeconfig files hold. Certificates that were "
               "made outside the cluster, and tokens that were requested, are in no object: audit logs tell who used them. The most "
               "powerful come first. Status 1 when one of them may do "
               "everything.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "PATH",
                .about = "manifests, dumps and kubeconfig files: files, directories or -; without it, the live cluster",
                .complete = COMPLETE_FILE,
                .min = 0,
                .max = SIZE_MAX},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
