// SPDX-License-Identifier: Apache-2.0
#include "pod/pod.h"

static const struct workload {
    struct str kind;
    struct str groups[2]; // with the slash behind; "": the core group
    struct str path[4];   // of the template; ends with STR_NONE
} workloads[] = {
    {STR("Pod"), {STR("")}, {STR_NONE}},
    {STR("ReplicationController"), {STR("")}, {STR("spec"), STR("template"), STR_NONE}},
    {STR("PodTemplate"), {STR("")}, {STR("template"), STR_NONE}},
    {STR("Deployment"), {STR("apps/"), STR("extensions/")}, {STR("spec"), STR("template"), STR_NONE}},
    {STR("ReplicaSet"), {STR("apps/"), STR("extensions/")}, {STR("spec"), STR("template"), STR_NONE}},
    {STR("DaemonSet"), {STR("apps/"), STR("extensions/")}, {STR("spec"), STR("template"), STR_NONE}},
    {STR("StatefulSet"), {STR("apps/")}, {STR("spec"), STR("template"), STR_NONE}},
    {STR("Job"), {STR("batch/")}, {STR("spec"), STR("template"), STR_NONE}},
    {STR("CronJob"), {STR("batch/")}, {STR("spec"), STR("jobTemplate"), STR("spec"), STR("template")}},
};

static bool is_of(const struct workload *w, struct str api_version, struct str kind)
{
    if (!str_eq(kind, w->kind))
        return false;
    for (size_t i = 0; i < 2 && w->groups[i].ptr; i++) {
        const struct str group = w->groups[i];
        if (group.len ? str_starts(api_version, group) : str_find_char(api_version, '/', 0) == SIZE_MAX)
            return true;
    }
    return false;
}

bool pod_of(const struct json_value *tree, struct str api_version, struct str kind, struct pod *out)
{
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        const struct workload *w = &workloads[i];
        if (!is_of(w, api_version, kind))
            continue;
        const struct json_value *template = tree;
        for (size_t j = 0; j < 4 && w->path[j].ptr; j++)
            template = json_get(template, w->path[j]);
        *out = (struct pod){json_get(template, STR("metadata")), json_get(template, STR("spec")), i > 0};
        return out->spec && out->spec->kind == JSON_OBJECT;
    }
    return false;
}

const struct json_value *pod_next_container(const struct pod *p, struct container_walk *walk)
{
    static const struct str lists[] = {STR("containers"), STR("initContainers"), STR("ephemeralContainers")};
    while (!walk->next && walk->list < sizeof lists / sizeof *lists) {
        const struct json_value *list = json_get(p->spec, lists[walk->list++]);
        walk->next = list && list->kind == JSON_ARRAY ? list->first : NULL;
    }
    const struct json_value *container = walk->next;
    if (container)
        walk->next = container->next;
    return container;
}

const struct json_value *present(const struct json_value *parent, struct str key)
{
    const struct json_value *v = json_get(parent, key);
    return v && v->kind != JSON_NULL ? v : NULL;
}

bool is_true(const struct json_value *parent, struct str key)
{
    const struct json_value *v = json_get(parent, key);
    return v && v->kind == JSON_TRUE;
}

bool is_false(const struct json_value *parent, struct str key)
{
    const struct json_value *v = json_get(parent, key);
    return v && v->kind == JSON_FALSE;
}
