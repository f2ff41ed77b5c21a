// SPDX-License-Identifier: Apache-2.0
// Are the flags of the control plane found in pods, in every way they are written, and nothing else taken for them?
#include "objects.h"

#include "posture/components.h"

static const struct {
    const char *container, *record;
} cases[] = {
    {"image: k8s.gcr.io/kube-apiserver:v1.20.2, command: [kube-apiserver, --anonymous-auth=false, --profiling]",
     "{\"kind\":\"Component\",\"component\":\"kube-apiserver\",\"minor\":20,\"flag\":{\"anonymous-auth\":\"false\",\"profiling\":\"true\"}"
     "}"},
    {"image: 'r:5000/a/kube-apiserver', command: [/usr/local/bin/kube-apiserver], args: [--authorization-mode, 'Node,RBAC', --v=2]",
     "{\"kind\":\"Component\",\"component\":\"kube-apiserver\",\"minor\":null,\"flag\":{\"authorization-mode\":\"Node,RBAC\",\"v\":\"2\"}"
     "}"},
    {"image: x, command: [/hyperkube, kube-scheduler, --profiling=false, --profiling=true]",
     "{\"kind\":\"Component\",\"component\":\"kube-scheduler\",\"minor\":null,\"flag\":{\"profiling\":\"true\"}}"},
    {"image: x, command: [/bin/sh, -c, 'exec /usr/local/bin/kube-apiserver --insecure-port=0 --a=b=c 1>>/var/log/x']",
     "{\"kind\":\"Component\",\"component\":\"kube-apiserver\",\"minor\":null,\"flag\":{\"insecure-port\":\"0\",\"a\":\"b=c\"}}"},
    {"image: 'quay.io/etcd:v3.5', args: [--client-cert-auth=true]",
     "{\"kind\":\"Component\",\"component\":\"etcd\",\"minor\":null,\"flag\":{\"client-cert-auth\":\"true\"}}"},
    {"image: x, command: [proxy, --upstream, kube-apiserver, --insecure-port=8080]", ""},
    {"image: x, args: [--kubelet-service=kube-system/kubelet, --kubelet-endpoints=true]", ""},
    {"image: kube-apiserver", ""},
    {"image: x, command: [[kube-apiserver], 7], args: {a: b}", ""},
};

static void tell(void *context, const struct component *c)
{
    assert_true(c->name.len > 0);
    buf_add(context, c->json);
}

static void take(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line)
{
    struct pod pod;
    (void)line;
    assert_true(pod_of(tree, api_version, kind, &pod));
    components_of(&pod, tell, context);
}

static void each_container(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        struct buf out;
        arena_init(&arena, ARENA_UNLIMITED);
        buf_init(&out, SIZE_MAX);
        const struct str yaml =
            arena_printf(&arena, "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{%s}]}}\n", cases[i].container);
        each_object(&arena, yaml.ptr, take, &out);
        if (!str_eq(buf_str(&out), str_from_c(cases[i].record)))
            fail_msg("%s: got %.*s", cases[i].container, STR_ARG(buf_str(&out)));
        buf_fini(&out);
        arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_container)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
