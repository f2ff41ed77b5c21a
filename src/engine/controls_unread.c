// SPDX-License-Identifier: Apache-2.0
// What cannot be judged because something could not be read.
#include "engine/controls_private.h"

#define PERMISSIONS STR("Role"), STR("RoleBinding"), STR("ClusterRole"), STR("ClusterRoleBinding")
#define PODS                                                                                                                               \
    STR("Pod"), STR("PodTemplate"), STR("ReplicationController"), STR("DaemonSet"), STR("Deployment"), STR("ReplicaSet"),                  \
        STR("StatefulSet"), STR("CronJob"), STR("Job")
#define ROUTES                                                                                                                             \
    STR("Ingress"), STR("Route"), STR("Gateway"), STR("HTTPRoute"), STR("GRPCRoute"), STR("TLSRoute"), STR("TCPRoute"), STR("UDPRoute"),   \
        STR("ReferenceGrant")

enum { KINDS_MAX = 24 };

// Records that are made of objects, and the kinds those are of.
static const struct {
    struct str record;
    struct str kinds[KINDS_MAX];
} sources[] = {
    {STR("pods"), {PODS}},
    {STR("Grant"), {PERMISSIONS}},
    {STR("BuiltIn"), {PERMISSIONS}},
    {STR("Exposure"), {PODS, ROUTES, STR("Service"), STR("NetworkPolicy"), STR("Namespace")}},
    {STR("KubeletConfiguration"), {STR("ConfigMap")}},
    {STR("kube-apiserver"), {STR("Pod")}},
    {STR("kube-controller-manager"), {STR("Pod")}},
    {STR("kube-scheduler"), {STR("Pod")}},
    {STR("etcd"), {STR("Pod")}},
    {STR("kubelet"), {STR("Pod")}},
};

// Whether records of one kind are, or are made of, objects of another.
static bool is_made_of(struct str record, struct str kind)
{
    if (str_eq(record, kind))
        return true;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        for (size_t k = 0; k < KINDS_MAX && str_eq(record, sources[i].record) && sources[i].kinds[k].ptr; k++) {
            if (str_eq(kind, sources[i].kinds[k]))
                return true;
        }
    }
    return false;
}

static bool needs(const struct control *control, struct str kind)
{
    bool found = control->over_pods && is_made_of(STR("pods"), kind);
    for (size_t i = 0; i < control->n_over; i++)
        found = found || is_made_of(control->over[i], kind);
    return found;
}

void controls_unread(struct controls *c, const struct controls_run *run, struct str cluster, const struct unread_kind *unread)
{
    struct buf why;
    buf_init(&why, 64 << 10);
    buf_add(&why, unread->partly ? STR("not all of them could be read: ") : STR("they could not be read: "));
    buf_add(&why, unread->why);
    for (size_t i = 0; i < c->n; i++) {
        struct control *control = &c->items[i];
        if (!needs(control, unread->kind))
            continue;
        control->score.unread = true;
        control->score.unassessed++;
        const struct finding f = {
            .cluster = cluster,
            .control = control->score.control,
            .object = {unread->api_version, unread->kind, STR_NONE, STR_NONE},
            .status = FINDING_NOT_ASSESSABLE,
            .why = buf_str(&why),
            .fix = STR("let it be read: policies/davy-reader.yaml is the ClusterRole"),
            .place = {unread->address, 0},
        };
        run->tell(run->context, &f);
    }
    buf_fini(&why);
}
