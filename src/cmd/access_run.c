// SPDX-License-Identifier: Apache-2.0
// Graphs out of files, and answers about each cluster's.
#include "cmd/access.h"

#include "cmd/live.h"

#include <stdio.h>

const char *const access_formats[] = {"text", "json", NULL};

bool access_json(const struct args *args)
{
    return arg_choice(args, ACCESS_FORMAT) == 1;
}

bool access_subject(struct str text, struct access_subject *out)
{
    struct buf line;
    if (access_parse_subject(text, out))
        return true;
    buf_init(&line, SIZE_MAX);
    buf_add(&line, STR("davy: '"));
    text_escape(&line, text);
    buf_add(&line, STR("' names nobody: write user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME\n"));
    fwrite(line.ptr, 1, line.len, stderr);
    buf_fini(&line);
    return false;
}

struct asking {
    const struct args *args;
    access_answer_fn *answer;
    void *context;
    struct str cluster;
    struct access *graph;
    bool several; // clusters: text names each
    bool found;
    struct buf out;
};

static void begin(void *context, struct str cluster)
{
    struct asking *a = context;
    a->cluster = cluster;
    a->graph = access_new();
}

static void take(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct asking *a = context;
    access_add(a->graph, o->tree, o->api_version, o->kind, place, diags);
}

static void take_unread(void *context, const struct unread_kind *kind)
{
    struct asking *a = context;
    access_unread(a->graph, kind->kind);
}

static status answer(void *context, struct diags *diags)
{
    struct asking *a = context;
    struct access_answer answer;
    access_seal(a->graph, diags);
    access_answer_init(&answer, a->cluster);
    buf_clear(&a->out);
    if (a->several && !access_json(a->args)) {
        buf_add(&a->out, STR("cluster "));
        text_escape(&a->out, a->cluster);
        buf_add_char(&a->out, '\n');
    }
    if (a->answer(a->context, a->graph, &answer, &a->out))
        a->found = true;
    access_answer_fini(&answer);
    access_free(a->graph);
    a->graph = NULL;
    return cmd_print(buf_str(&a->out)) == EXIT_NOTHING ? ST_OK : ST_IO;
}

const struct live_options access_live_options = {ACCESS_KUBECONFIG, ACCESS_CONTEXT, ACCESS_TIMEOUT, ACCESS_NAMESPACE};

int access_run(const struct args *args, size_t first, enum kube_use use, access_answer_fn *answer_one, void *context)
{
    struct asking a = {.args = args, .answer = answer_one, .context = context};
    const struct survey_options options = {arg_string(args, ACCESS_CLUSTER), arg_flag(args, ACCESS_STRICT)};
    struct survey *survey;
    struct diags diags;
    diags_init(&diags);
    buf_init(&a.out, SIZE_MAX);
    status result = cmd_survey(args, first, access_live_options, use, options, &survey, &diags);
    if (result == ST_OK) {
        a.several = survey_clusters(survey) > 1;
        result = survey_run(
            survey, (struct survey_sink){.context = &a, .begin = begin, .object = take, .end = answer, .unread = take_unread}, &diags);
        result = result == ST_OK ? cmd_survey_whole(survey, &diags) : result;
    }
    access_free(a.graph);
    survey_close(survey);
    buf_fini(&a.out);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    if (result != ST_OK)
        return cmd_exit_status(result);
    return a.found ? EXIT_FOUND : EXIT_NOTHING;
}

static void begin_any(void *context, struct str cluster)
{
    (void)context, (void)cluster;
}

static status end_any(void *context, struct diags *diags)
{
    (void)context, (void)diags;
    return ST_OK;
}

status access_read(const struct args *args, struct str path, struct survey **names, struct access **out, struct diags *diags)
{
    struct asking a = {.args = args, .graph = access_new()};
    const struct survey_options options = {STR("cluster"), arg_flag(args, ACCESS_STRICT)};
    *out = a.graph;
    if (path.ptr)
        TRY(survey_open(names, &path, 1, options, diags));
    else
        TRY(cmd_survey_live(args, access_live_options, KUBE_FOR_GRANTS, options, names, diags));
    TRY(survey_run(*names, (struct survey_sink){.context = &a, .begin = begin_any, .object = take, .end = end_any, .unread = take_unread},
                   diags));
    access_seal(a.graph, diags);
    return cmd_survey_whole(*names, diags);
}
