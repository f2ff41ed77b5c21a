// SPDX-License-Identifier: Apache-2.0
// Objects, and the records that are made of them: grants, ways from outside, flags of components, configurations within ConfigMaps.
#include "engine/controls/private.h"

#include "codec/yaml/yaml.h"
#include "posture/bootstrap.h"
#include "posture/components.h"
#include "posture/encryption.h"
#include "posture/grants.h"
#include "pod/pod.h"
#include "source/objects.h"

#include <string.h>

enum { CONFIG_MAX = 1 << 20, MINOR_MAX = 1000 };

struct judging {
    struct controls *controls;
    const struct controls_run *run;
    struct str cluster;
    struct finding_object object; // the object at hand
    struct access_place place;
    struct buf prefix;
};

// --- objects ---------------------------------------------------------------------------------------------------------------------

static void judge_component(void *context, const struct component *r)
{
    const struct judging *g = context;
    uint64_t *server = &g->controls->version.server;
    if (str_eq(r->name, STR("kube-apiserver")) && r->minor > *server)
        *server = r->minor;
    const struct judged j = {.cluster = g->cluster, .kind = r->name, .json = r->json, .object = g->object, .place = g->place};
    controls_judge(g->controls, g->run, &j);
}

// kubeadm keeps the kubelets' configuration in a ConfigMap, as text.
static void judge_kubelet_config(struct judging *g, const struct json_value *tree)
{
    const struct str text = json_text(json_get(json_get(tree, STR("data")), STR("kubelet")));
    struct yaml_value **documents;
    struct arena arena;
    struct diags ignored;
    struct buf json;
    size_t n = 0;
    if (!str_eq(g->object.ns, STR("kube-system")) || !str_starts(g->object.name, STR("kubelet-config")) || text.len > CONFIG_MAX)
        return;
    arena_init(&arena, ARENA_UNLIMITED);
    diags_init(&ignored);
    buf_init(&json, CONFIG_MAX * 4);
    const status result =
        yaml_read(&arena, (struct yaml_source){.name = g->place.file, .text = text}, YAML_LIMITS_DEFAULT, &documents, &n, &ignored);
    if (result == ST_OK && n && documents[0]->kind == YAML_MAP)
        yaml_to_json(documents[0], &json);
    const size_t len = json.len;
    char *padding = len && !json.full ? buf_reserve(&json, JSON_PADDING) : NULL;
    if (padding) {
        memset(padding, 0, JSON_PADDING);
        const struct judged j = {.cluster = g->cluster,
                                 .kind = STR("KubeletConfiguration"),
                                 .json = str_make(json.ptr, len),
                                 .object = g->object,
                                 .place = g->place};
        controls_judge(g->controls, g->run, &j);
    }
    buf_fini(&json);
    diags_fini(&ignored);
    arena_fini(&arena);
}

static void judge_encryption(struct judging *g, const struct json_value *tree)
{
    struct buf json;
    buf_init(&json, SIZE_MAX);
    encryption_record(tree, &json);
    const struct judged j = {
        .cluster = g->cluster, .kind = STR("Encryption"), .json = buf_str(&json), .object = g->object, .place = g->place};
    controls_judge(g->controls, g->run, &j);
    buf_fini(&json);
}

// "v1.30.1-gke.7": 30; 0: no such release.
static uint64_t minor_of(struct str release)
{
    uint64_t minor;
    if (!str_eq(str_split(&release, '.'), STR("v1")) || !release.ptr || !str_to_u64(str_split(&release, '.'), &minor))
        return 0;
    return minor < MINOR_MAX ? minor : 0;
}

static void take_version(uint64_t *newest, const struct json_value *info, struct str member)
{
    const uint64_t minor = minor_of(json_text(json_get(info, member)));
    *newest = minor > *newest ? minor : *newest;
}

void controls_object(struct controls *c, const struct controls_run *run, struct str cluster, const struct json_value *tree, struct str json,
                     struct finding_object object, struct access_place place)
{
    struct pod pod;
    struct judging g = {.controls = c, .run = run, .cluster = cluster, .object = object, .place = place};
    const bool has_pod = pod_of(tree, object.api_version, object.kind, &pod);
    const struct judged j = {
        .cluster = cluster,
        .kind = object.kind,
        .json = json,
        .tree = json.ptr == tree->raw.ptr ? tree : NULL, // what a list says of all its items may be in the text alone
        .has_pod = has_pod,
        .object = object,
        .place = place,
        .stake = has_pod ? object : (struct finding_object){.kind = STR_NONE},
    };
    controls_judge(c, run, &j);
    pod_security_add(c->levels, tree, object, has_pod, place);
    if (str_starts(object.kind, STR("EncryptionConfig")))
        judge_encryption(&g, tree);
    if (str_eq(object.kind, STR("Node")))
        take_version(&c->version.nodes, json_get(json_get(tree, STR("status")), STR("nodeInfo")), STR("kubeletVersion"));
    if (str_eq(object.kind, STR(OBJECT_VERSION)))
        take_version(&c->version.server, tree, STR("gitVersion"));
    if (j.has_pod)
        components_of(&pod, judge_component, &g);
    else if (str_eq(object.kind, STR("ConfigMap")))
        judge_kubelet_config(&g, tree);
}

// --- grants ----------------------------------------------------------------------------------------------------------------------

static void judge_grant(void *context, const struct grant_record *r)
{
    struct judging *g = context;
    const struct access_binding *b = r->binding;
    static const char *const kinds[] = {[SUBJECT_USER] = "user ", [SUBJECT_GROUP] = "group ", [SUBJECT_ACCOUNT] = "ServiceAccount "};
    buf_clear(&g->prefix);
    buf_addf(&g->prefix, "%s%.*s%s%.*s is bound to %s %.*s: ", kinds[r->subject->kind], STR_ARG(r->subject->ns),
             r->subject->ns.ptr ? "/" : "", STR_ARG(r->subject->name), b->role->ns.ptr ? "Role" : "ClusterRole", STR_ARG(b->role->name));
    struct judged j = {
        .cluster = g->cluster,
        .kind = STR("Grant"),
        .json = r->json,
        .prefix = buf_str(&g->prefix),
        .object = {STR("rbac.authorization.k8s.io/v1"), b->ns.ptr ? STR("RoleBinding") : STR("ClusterRoleBinding"), b->ns, b->name},
        .place = b->place,
    };
    if (r->subject->kind == SUBJECT_ACCOUNT)
        j.stake = (struct finding_object){.kind = STR("ServiceAccount"), .ns = r->subject->ns, .name = r->subject->name};
    controls_judge(g->controls, g->run, &j);
}

static void judge_built_in(void *context, const struct bootstrap_record *r)
{
    struct judging *g = context;
    buf_clear(&g->prefix);
    if (r->title.len)
        buf_addf(&g->prefix, "%.*s: ", STR_ARG(r->title));
    const struct judged j = {
        .cluster = g->cluster,
        .kind = STR("BuiltIn"),
        .json = r->json,
        .prefix = buf_str(&g->prefix),
        .object = r->object,
        .place = r->place,
    };
    controls_judge(g->controls, g->run, &j);
}

void controls_access(struct controls *c, const struct controls_run *run, struct str cluster, const struct access *graph)
{
    struct judging g = {.controls = c, .run = run, .cluster = cluster};
    buf_init(&g.prefix, 64 << 10);
    access_each_grant(graph, judge_grant, &g);
    if (c->compares) {
        c->bootstrap = c->bootstrap ? c->bootstrap : bootstrap_new();
        const struct bootstrap_policy policy = bootstrap_of(c->bootstrap, c->version);
        bootstrap_compare(graph, policy.graph, policy.same_version, judge_built_in, &g);
    }
    buf_fini(&g.prefix);
}

// --- Pod Security ----------------------------------------------------------------------------------------------------------------

static void judge_level(void *context, const struct pod_security_record *r)
{
    struct judging *g = context;
    const struct judged j = {.cluster = g->cluster, .kind = STR("PodSecurity"), .json = r->json, .object = r->object, .place = r->place};
    controls_judge(g->controls, g->run, &j);
}

void controls_levels(struct controls *c, const struct controls_run *run, struct str cluster)
{
    struct judging g = {.controls = c, .run = run, .cluster = cluster};
    pod_security_each(c->levels, c->version.server ? c->version.server : c->version.nodes, judge_level, &g);
}

// --- exposure --------------------------------------------------------------------------------------------------------------------

static void judge_exposure(void *context, const struct exposure_record *r)
{
    struct judging *g = context;
    if (g->run->way)
        g->run->way(g->run->context, r);
    buf_clear(&g->prefix);
    buf_addf(&g->prefix, "%.*s: ", STR_ARG(r->title));
    const struct judged j = {
        .cluster = g->cluster,
        .kind = STR("Exposure"),
        .exposed = str_eq(r->verdict, STR("open")),
        .json = r->json,
        .prefix = buf_str(&g->prefix),
        .object = r->object,
        .place = r->place,
    };
    controls_judge(g->controls, g->run, &j);
}

void controls_exposure(struct controls *c, const struct controls_run *run, struct str cluster, struct exposure *exposure)
{
    struct judging g = {.controls = c, .run = run, .cluster = cluster};
    buf_init(&g.prefix, 64 << 10);
    exposure_each(exposure, judge_exposure, &g);
    controls_settle(c, exposure);
    buf_fini(&g.prefix);
}
