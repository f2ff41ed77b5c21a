// SPDX-License-Identifier: Apache-2.0
// Is every way from outside joined to the right workloads, and judged by the NetworkPolicies that are about them?
#include "objects.h"

#include "posture/exposure.h"

#define META(name) "metadata: {name: " name ", namespace: a}"
#define PORTS      "ports: [{name: web, containerPort: 8080}]"
#define WEB                                                                                                                                \
    "---\n{apiVersion: apps/v1, kind: Deployment, " META(                                                                                  \
        "web") ", spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i, " PORTS "}]}}}}\n"
#define SERVICE(type)                                                                                                                      \
    "---\n{apiVersion: v1, kind: Service, " META("s") ", spec: {" type ", selector: {app: web}, ports: [{port: 80, targetPort: web}]}}\n"
#define INGRESS                                                                                                                            \
    "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, " META(                                                                        \
        "in") ", spec: {rules: [{host: h, http: {paths: [{backend: {service: {name: s, port: {number: 80}}}}]}}]}}\n"
#define POLICY(spec) "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, " META("p") ", spec: {" spec "}}\n"
#define ROUTE(rest)                                                                                                                        \
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: b}, spec: {parentRefs: [{name: g, "   \
    "namespace: gw}], rules: [{backendRefs: [{name: s, namespace: a, port: 80}]}]}}\n" rest
#define GATEWAY(from)                                                                                                                      \
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: gw}, spec: {listeners: [{protocol: "    \
    "HTTPS, allowedRoutes: {namespaces: {" from "}}}]}}\n"
#define GRANT                                                                                                                              \
    "---\n{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, " META(                                                    \
        "x") ", spec: {from: [{kind: HTTPRoute, namespace: b}], to: [{kind: Service}]}}\n"

#define VIRTUAL(spec)                                                                                                                      \
    "---\n{apiVersion: networking.istio.io/v1beta1, kind: VirtualService, metadata: {name: v, namespace: b}, spec: {hosts: [h], " spec     \
    "http: [{route: [{destination: {host: s.a.svc.cluster.local, port: {number: 80}}}]}]}}\n"
#define ISTIO(host)                                                                                                                        \
    "---\n{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g, namespace: gw}, spec: {servers: [{port: {number: 443}, " \
    "tls: {mode: SIMPLE}, hosts: ['" host "']}]}}\n"

static void take(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line)
{
    exposure_add(context, tree, api_version, kind, (struct access_place){STR("f"), line});
}

static void tell(void *context, const struct exposure_record *r)
{
    struct buf *out = context;
    struct arena arena;
    struct json_error error;
    arena_init(&arena, ARENA_UNLIMITED);
    const struct json_value *v = json_parse(&arena, r->json, JSON_LIMITS_DEFAULT, &error);
    assert_non_null(v);
    const struct str to = json_text(json_get(json_get(v, STR("workload")), STR("name"))), way = json_text(json_get(v, STR("way")));
    const struct str verdict = json_text(json_get(v, STR("verdict"))), policy = json_text(json_get(v, STR("policy")));
    buf_addf(out, "%s%.*s %.*s>%.*s %.*s", out->len ? ", " : "", STR_ARG(way), STR_ARG(r->object.name), STR_ARG(to), STR_ARG(verdict));
    if (!str_eq(policy, STR("absent")))
        buf_addf(out, " %.*s", STR_ARG(policy));
    const struct json_value *ports = json_get(v, STR("ports"));
    for (const struct json_value *p = ports->first; p; p = p->next)
        buf_addf(out, ":%.*s", STR_ARG(p->text));
    arena_fini(&arena);
}

static const struct {
    const char *what, *yaml, *ways;
} cases[] = {
    {"inside", WEB SERVICE("type: ClusterIP"), "none web>web closed"},
    {"no Service at all", WEB, "none web>web unknown"},
    {"a load balancer", WEB SERVICE("type: LoadBalancer"), "LoadBalancer s>web open:8080"},
    {"from given networks", WEB SERVICE("type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24]"), "LoadBalancer s>web limited:8080"},
    {"given networks that are all", WEB SERVICE("type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24, 0.0.0.0/0]"),
     "LoadBalancer s>web open:8080"},
    {"NodePort and addresses", WEB SERVICE("type: NodePort, externalIPs: [203.0.113.1]"),
     "NodePort s>web open:8080, externalIPs s>web open:8080"},
    {"a selector that chooses nobody",
     "---\n{apiVersion: v1, kind: Service, " META("s") ", spec: {type: NodePort, selector: {app: x}, ports: [{port: 80}]}}\n" WEB,
     "NodePort s> open unknown:80, none web>web closed"},
    {"no selector chooses nothing",
     "---\n{apiVersion: v1, kind: Service, " META("s") ", spec: {type: NodePort, ports: [{port: 80}]}}\n" WEB,
     "NodePort s> open unknown:80, none web>web closed"},
    {"another namespace",
     "---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: b}, spec: {type: NodePort, selector: {app: web}}}\n" WEB,
     "NodePort s> open unknown, none web>web closed"},
    {"an Ingress", WEB SERVICE("type: ClusterIP") INGRESS, "Ingress in>web open:8080"},
    {"an old Ingress",
     WEB SERVICE("type: ClusterIP") "---\n{apiVersion: extensions/v1beta1, kind: Ingress, " META(
         "in") ", spec: {backend: {serviceName: s, servicePort: 80}}}\n",
     "Ingress in>web open:8080"},
    {"an Ingress to a Service that is not there", WEB INGRESS, "Ingress in> unknown unknown, none web>web unknown"},
    {"an OpenShift route",
     WEB SERVICE("type: ClusterIP") "---\n{apiVersion: route.openshift.io/v1, kind: Route, " META(
         "r") ", spec: {to: {kind: Service, name: s}}}\n",
     "Route r>web open:8080"},
    {"deny all", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, policyTypes: [Ingress]"),
     "LoadBalancer s>web closed nobody:8080"},
    {"without policyTypes it is about ingress", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}"),
     "LoadBalancer s>web closed nobody:8080"},
    {"about egress only", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, policyTypes: [Egress]"),
     "LoadBalancer s>web open:8080"},
    {"about other pods", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {matchLabels: {app: x}}"), "LoadBalancer s>web open:8080"},
    {"an expression that chooses",
     WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}"),
     "LoadBalancer s>web closed nobody:8080"},
    {"a rule without from", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{}]"),
     "LoadBalancer s>web open anywhere:8080"},
    {"all addresses",
     WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]"),
     "LoadBalancer s>web open anywhere:8080"},
    {"all of IPv6", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]"),
     "LoadBalancer s>web open anywhere:8080"},
    {"one network", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]"),
     "LoadBalancer s>web limited limited:8080"},
    {"all pods", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]"),
     "LoadBalancer s>web closed cluster:8080"},
    {"all pods, by an Ingress",
     WEB SERVICE("type: ClusterIP") INGRESS POLICY("podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]"),
     "Ingress in>web open cluster:8080"},
    {"some pods, by an Ingress",
     WEB SERVICE("type: ClusterIP") INGRESS POLICY("podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {n: x}}}]}]"),
     "Ingress in>web unknown some-pods:8080"},
    {"another port", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{ports: [{port: 9090}]}]"),
     "LoadBalancer s>web closed nobody:8080"},
    {"our port by name", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{ports: [{port: web}]}]"),
     "LoadBalancer s>web open anywhere:8080"},
    {"a range", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8100}]}]"),
     "LoadBalancer s>web open anywhere:8080"},
    {"another protocol", WEB SERVICE("type: LoadBalancer") POLICY("podSelector: {}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]"),
     "LoadBalancer s>web closed nobody:8080"},
    {"a port of the node",
     "---\n{apiVersion: v1, kind: Pod, " META(
         "p") ", spec: {containers: [{name: c, ports: [{containerPort: 80, hostPort: 8081}, {containerPort: 81}]}]}}\n",
     "hostPort p>p open:80"},
    {"the node's network",
     "---\n{apiVersion: v1, kind: Pod, " META(
         "p") ", spec: {hostNetwork: true, containers: [{name: c, ports: [{containerPort: 80}]}]}}\n" POLICY("podSelector: {}"),
     "hostNetwork p>p open bypassed:80"},
    {"pods of a ReplicaSet are told by it",
     "---\n{apiVersion: apps/v1, kind: ReplicaSet, " META(
         "r") ", spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}}\n"
              "---\n{apiVersion: v1, kind: Pod, metadata: {name: r-1, namespace: a, labels: {app: web, hash: x}, ownerReferences: [{kind: "
              "ReplicaSet, name: r, controller: true}]}, spec: {containers: [{name: c, image: i}]}}\n",
     "none r>r unknown"},
    {"a pod that only claims it is not",
     "---\n{apiVersion: apps/v1, kind: ReplicaSet, " META(
         "r") ", spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}}\n"
              "---\n{apiVersion: v1, kind: Pod, metadata: {name: r-1, namespace: a, labels: {app: web}, ownerReferences: [{kind: "
              "ReplicaSet, name: r, controller: true}]}, spec: {containers: [{name: c, image: other}]}}\n",
     "none r>r unknown, none r-1>r-1 unknown"},
    {"a Gateway that is not there", WEB SERVICE("type: ClusterIP") ROUTE(GRANT), "Gateway r>web unknown:8080"},
    {"a Gateway for all namespaces", WEB SERVICE("type: ClusterIP") ROUTE(GRANT) GATEWAY("from: All"), "Gateway r>web open:8080"},
    {"a Gateway for its own", WEB SERVICE("type: ClusterIP") ROUTE(GRANT) GATEWAY("from: Same"), "Gateway r>web closed:8080"},
    {"a Gateway for some",
     WEB SERVICE("type: ClusterIP") ROUTE(GRANT) GATEWAY(
         "from: Selector, selector: {matchLabels: {x: y}}") "---\n{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {x: y}}}\n",
     "Gateway r>web open:8080"},
    {"Istio, through a Gateway of another namespace", WEB SERVICE("type: ClusterIP") VIRTUAL("gateways: [mesh, gw/g], ") ISTIO("*"),
     "Gateway v>web open:8080"},
    {"Istio, for the route's namespace", WEB SERVICE("type: ClusterIP") VIRTUAL("gateways: [gw/g], ") ISTIO("b/h"),
     "Gateway v>web open:8080"},
    {"Istio, for another namespace", WEB SERVICE("type: ClusterIP") VIRTUAL("gateways: [gw/g], ") ISTIO("x/h"),
     "Gateway v>web closed:8080"},
    {"Istio, for the Gateway's own", WEB SERVICE("type: ClusterIP") VIRTUAL("gateways: [gw/g], ") ISTIO("./*"),
     "Gateway v>web closed:8080"},
    {"Istio, a Gateway that is not there", WEB SERVICE("type: ClusterIP") VIRTUAL("gateways: [g], ") ISTIO("*"),
     "Gateway v>web unknown:8080"},
    {"Istio, a Gateway of the other kind", WEB SERVICE("type: ClusterIP") VIRTUAL("gateways: [gw/g], ") GATEWAY("from: All"),
     "Gateway v>web unknown:8080"},
    {"Istio, inside the mesh", WEB SERVICE("type: ClusterIP") VIRTUAL("") ISTIO("*"), "none web>web closed"},
    {"no ReferenceGrant", WEB SERVICE("type: ClusterIP") ROUTE("") GATEWAY("from: All"), "Gateway r>web closed:8080"},
    {"members of the wrong kind",
     "---\n{apiVersion: v1, kind: Service, " META(
         "s") ", spec: {type: NodePort, selector: [a], ports: {a: b}, externalIPs: x}}\n"
              "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, " META(
                  "p") ", spec: {podSelector: 7, ingress: {}}}\n"
                       "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, " META(
                           "in") ", spec: {rules: [7, {http: {paths: [x]}}], tls: 1}}\n"
                                 "---\n{apiVersion: v1, kind: Pod, " META(
                                     "p") ", spec: {containers: [{ports: [7, {hostPort: 99999}]}], hostNetwork: 'true'}}\n",
     "NodePort s> open unknown, none p>p closed nobody"},
};

static void each_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exposure *e = exposure_new();
        struct arena arena;
        struct buf ways;
        arena_init(&arena, ARENA_UNLIMITED);
        buf_init(&ways, SIZE_MAX);
        each_object(&arena, cases[i].yaml, take, e);
        exposure_each(e, tell, &ways);
        if (!str_eq(buf_str(&ways), str_from_c(cases[i].ways)))
            fail_msg("%s: got '%.*s', want '%s'", cases[i].what, STR_ARG(buf_str(&ways)), cases[i].ways);
        buf_fini(&ways);
        arena_fini(&arena);
        exposure_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_way)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
