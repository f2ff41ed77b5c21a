// SPDX-License-Identifier: Apache-2.0
// The types of the Kubernetes API (k8s.io/api, core/v1, apps/v1, batch/v1, rbac/v1 ...) as far as rules ask about them: each with all of
// its members, so that a name that is not there is a mistake, and never just a value that is missing.
#include "policy/shape.h"

#define PROBE      "exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction grpc:open "
#define SECRET_REF "name:string optional:bool"

static const struct type {
    const char *name, *members;
} types[] = {
    {"Pod", "apiVersion:string kind:string metadata:ObjectMeta spec:PodSpec status:open"},
    {"PodTemplate", "apiVersion:string kind:string metadata:ObjectMeta template:PodTemplateSpec"},
    {"PodTemplateSpec", "metadata:ObjectMeta spec:PodSpec"},
    {"ReplicationController", "apiVersion:string kind:string metadata:ObjectMeta spec:ReplicationControllerSpec status:open"},
    {"ReplicationControllerSpec", "replicas:int minReadySeconds:int selector:{string} template:PodTemplateSpec"},
    {"Deployment", "apiVersion:string kind:string metadata:ObjectMeta spec:DeploymentSpec status:open"},
    {"DeploymentSpec", "replicas:int selector:LabelSelector template:PodTemplateSpec strategy:open minReadySeconds:int "
                       "revisionHistoryLimit:int paused:bool progressDeadlineSeconds:int"},
    {"ReplicaSet", "apiVersion:string kind:string metadata:ObjectMeta spec:ReplicaSetSpec status:open"},
    {"ReplicaSetSpec", "replicas:int minReadySeconds:int selector:LabelSelector template:PodTemplateSpec"},
    {"StatefulSet", "apiVersion:string kind:string metadata:ObjectMeta spec:StatefulSetSpec status:open"},
    {"StatefulSetSpec", "replicas:int selector:LabelSelector template:PodTemplateSpec volumeClaimTemplates:open serviceName:string "
                        "podManagementPolicy:string updateStrategy:open revisionHistoryLimit:int minReadySeconds:int "
                        "persistentVolumeClaimRetentionPolicy:open ordinals:open"},
    {"DaemonSet", "apiVersion:string kind:string metadata:ObjectMeta spec:DaemonSetSpec status:open"},
    {"DaemonSetSpec", "selector:LabelSelector template:PodTemplateSpec updateStrategy:open minReadySeconds:int revisionHistoryLimit:int"},
    {"Job", "apiVersion:string kind:string metadata:ObjectMeta spec:JobSpec status:open"},
    {"JobSpec", "parallelism:int completions:int activeDeadlineSeconds:int podFailurePolicy:open successPolicy:open backoffLimit:int "
                "backoffLimitPerIndex:int maxFailedIndexes:int selector:LabelSelector manualSelector:bool template:PodTemplateSpec "
                "ttlSecondsAfterFinished:int completionMode:string suspend:bool podReplacementPolicy:string managedBy:string"},
    {"CronJob", "apiVersion:string kind:string metadata:ObjectMeta spec:CronJobSpec status:open"},
    {"CronJobSpec", "schedule:string timeZone:string startingDeadlineSeconds:int concurrencyPolicy:string suspend:bool "
                    "jobTemplate:JobTemplateSpec successfulJobsHistoryLimit:int failedJobsHistoryLimit:int"},
    {"JobTemplateSpec", "metadata:ObjectMeta spec:JobSpec"},
    {"ObjectMeta", "name:string generateName:string namespace:string selfLink:string uid:string resourceVersion:string generation:int "
                   "creationTimestamp:string deletionTimestamp:string deletionGracePeriodSeconds:int labels:{string} annotations:{string} "
                   "ownerReferences:[OwnerReference] finalizers:[string] managedFields:open"},
    {"OwnerReference", "apiVersion:string kind:string name:string uid:string controller:bool blockOwnerDeletion:bool"},
    {"LabelSelector", "matchLabels:{string} matchExpressions:[LabelSelectorRequirement]"},
    {"LabelSelectorRequirement", "key:string operator:string values:[string]"},
    {"PodSpec", "volumes:[Volume] initContainers:[Container] containers:[Container] ephemeralContainers:[Container] restartPolicy:string "
                "terminationGracePeriodSeconds:int activeDeadlineSeconds:int dnsPolicy:string nodeSelector:{string} "
                "serviceAccountName:string serviceAccount:string automountServiceAccountToken:bool nodeName:string hostNetwork:bool "
                "hostPID:bool hostIPC:bool shareProcessNamespace:bool securityContext:PodSecurityContext "
                "imagePullSecrets:[LocalObjectReference] hostname:string subdomain:string affinity:open schedulerName:string "
                "tolerations:[Toleration] hostAliases:[HostAlias] priorityClassName:string priority:int dnsConfig:open readinessGates:open "
                "runtimeClassName:string enableServiceLinks:bool preemptionPolicy:string overhead:{other} topologySpreadConstraints:open "
                "setHostnameAsFQDN:bool os:PodOS hostUsers:bool schedulingGates:open resourceClaims:open resources:ResourceRequirements "
                "hostnameOverride:string workloadRef:open"},
    {"LocalObjectReference", "name:string"},
    {"PodOS", "name:string"},
    {"Toleration", "key:string operator:string value:string effect:string tolerationSeconds:int"},
    {"HostAlias", "ip:string hostnames:[string]"},
    {"PodSecurityContext", "seLinuxOptions:SELinuxOptions windowsOptions:WindowsOptions runAsUser:int runAsGroup:int runAsNonRoot:bool "
                           "supplementalGroups:[int] supplementalGroupsPolicy:string fsGroup:int sysctls:[Sysctl] "
                           "fsGroupChangePolicy:string seccompProfile:Profile appArmorProfile:Profile seLinuxChangePolicy:string"},
    {"SELinuxOptions", "user:string role:string type:string level:string"},
    {"WindowsOptions", "gmsaCredentialSpecName:string gmsaCredentialSpec:string runAsUserName:string hostProcess:bool"},
    {"Sysctl", "name:string value:string"},
    {"Profile", "type:string localhostProfile:string"},
    {"Volume", "name:string hostPath:HostPathVolumeSource emptyDir:open gcePersistentDisk:open awsElasticBlockStore:open gitRepo:open "
               "secret:SecretVolumeSource nfs:open iscsi:open glusterfs:open persistentVolumeClaim:ClaimVolumeSource rbd:open "
               "flexVolume:open cinder:open cephfs:open flocker:open downwardAPI:open fc:open azureFile:open "
               "configMap:ConfigMapVolumeSource vsphereVolume:open quobyte:open azureDisk:open photonPersistentDisk:open projected:open "
               "portworxVolume:open scaleIO:open storageos:open csi:open ephemeral:open image:open"},
    {"HostPathVolumeSource", "path:string type:string"},
    {"SecretVolumeSource", "secretName:string items:open defaultMode:int optional:bool"},
    {"ConfigMapVolumeSource", "name:string items:open defaultMode:int optional:bool"},
    {"ClaimVolumeSource", "claimName:string readOnly:bool"},
    {"Container", "name:string image:string command:[string] args:[string] workingDir:string ports:[ContainerPort] envFrom:[EnvFromSource] "
                  "env:[EnvVar] resources:ResourceRequirements resizePolicy:open restartPolicy:string restartPolicyRules:open "
                  "volumeMounts:[VolumeMount] volumeDevices:open livenessProbe:Probe readinessProbe:Probe startupProbe:Probe "
                  "lifecycle:Lifecycle terminationMessagePath:string terminationMessagePolicy:string imagePullPolicy:string "
                  "securityContext:SecurityContext stdin:bool stdinOnce:bool tty:bool targetContainerName:string"},
    {"ContainerPort", "name:string hostPort:int containerPort:int protocol:string hostIP:string"},
    {"EnvFromSource", "prefix:string configMapRef:EnvSource secretRef:EnvSource"},
    {"EnvSource", SECRET_REF},
    {"EnvVar", "name:string value:string valueFrom:EnvVarSource"},
    {"EnvVarSource", "fieldRef:FieldRef resourceFieldRef:open configMapKeyRef:KeyRef secretKeyRef:KeyRef fileKeyRef:open"},
    {"FieldRef", "apiVersion:string fieldPath:string"},
    {"KeyRef", "key:string " SECRET_REF},
    {"ResourceRequirements", "limits:{other} requests:{other} claims:open"},
    {"VolumeMount", "name:string readOnly:bool recursiveReadOnly:string mountPath:string subPath:string mountPropagation:string "
                    "subPathExpr:string"},
    {"Probe", PROBE "initialDelaySeconds:int timeoutSeconds:int periodSeconds:int successThreshold:int failureThreshold:int "
                    "terminationGracePeriodSeconds:int"},
    {"Lifecycle", "postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:string"},
    {"LifecycleHandler", PROBE "sleep:open"},
    {"ExecAction", "command:[string]"},
    {"HTTPGetAction", "path:string port:other host:string scheme:string httpHeaders:open"},
    {"TCPSocketAction", "port:other host:string"},
    {"SecurityContext",
     "capabilities:Capabilities privileged:bool seLinuxOptions:SELinuxOptions windowsOptions:WindowsOptions runAsUser:int "
     "runAsGroup:int runAsNonRoot:bool readOnlyRootFilesystem:bool allowPrivilegeEscalation:bool procMount:string "
     "seccompProfile:Profile appArmorProfile:Profile"},
    {"Capabilities", "add:[string] drop:[string]"},
    {"Service", "apiVersion:string kind:string metadata:ObjectMeta spec:ServiceSpec status:open"},
    {"ServiceSpec", "ports:[ServicePort] selector:{string} clusterIP:string clusterIPs:[string] type:string externalIPs:[string] "
                    "sessionAffinity:string loadBalancerIP:string loadBalancerSourceRanges:[string] externalName:string "
                    "externalTrafficPolicy:string healthCheckNodePort:int publishNotReadyAddresses:bool sessionAffinityConfig:open "
                    "ipFamilies:[string] ipFamilyPolicy:string allocateLoadBalancerNodePorts:bool loadBalancerClass:string "
                    "internalTrafficPolicy:string trafficDistribution:string"},
    {"ServicePort", "name:string protocol:string appProtocol:string port:int targetPort:other nodePort:int"},
    {"Secret", "apiVersion:string kind:string metadata:ObjectMeta immutable:bool data:{string} stringData:{string} type:string"},
    {"ConfigMap", "apiVersion:string kind:string metadata:ObjectMeta immutable:bool data:{string} binaryData:{string}"},
    {"ServiceAccount", "apiVersion:string kind:string metadata:ObjectMeta secrets:open imagePullSecrets:[LocalObjectReference] "
                       "automountServiceAccountToken:bool"},
    {"Role", "apiVersion:string kind:string metadata:ObjectMeta rules:[PolicyRule]"},
    {"ClusterRole", "apiVersion:string kind:string metadata:ObjectMeta rules:[PolicyRule] aggregationRule:open"},
    {"PolicyRule", "verbs:[string] apiGroups:[string] resources:[string] resourceNames:[string] nonResourceURLs:[string]"},
    {"RoleBinding", "apiVersion:string kind:string metadata:ObjectMeta subjects:[Subject] roleRef:RoleRef"},
    {"ClusterRoleBinding", "apiVersion:string kind:string metadata:ObjectMeta subjects:[Subject] roleRef:RoleRef"},
    {"Subject", "kind:string apiGroup:string name:string namespace:string"},
    {"RoleRef", "apiGroup:string kind:string name:string"},
    {"CertificateSigningRequest", "apiVersion:string kind:string metadata:ObjectMeta spec:CertificateSpec status:CertificateStatus"},
    {"CertificateSpec", "request:string signerName:string expirationSeconds:int usages:[string] username:string uid:string groups:[string] "
                        "extra:open"},
    {"CertificateStatus", "conditions:[CertificateCondition] certificate:string"},
    {"CertificateCondition", "type:string status:string reason:string message:string lastUpdateTime:string lastTransitionTime:string"},
};

static struct shape of_name(const char *name)
{
    return (struct shape){str_from_c(name)};
}

static bool is(struct shape s, const char *name)
{
    return str_eq(s.text, str_from_c(name));
}

enum shape_kind shape_kind(struct shape s)
{
    static const struct {
        const char *name;
        enum shape_kind kind;
    } plain[] = {{"string", SHAPE_STRING}, {"bool", SHAPE_BOOL}, {"int", SHAPE_INT}, {"other", SHAPE_OTHER}, {"open", SHAPE_OPEN}};
    if (!s.text.len)
        return SHAPE_NONE;
    if (s.text.ptr[0] == '[')
        return SHAPE_LIST;
    if (s.text.ptr[0] == '{')
        return SHAPE_MAP;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (is(s, plain[i].name))
            return plain[i].kind;
    }
    return SHAPE_OBJECT;
}

struct shape shape_element(struct shape s)
{
    return (struct shape){str_slice(s.text, 1, s.text.len - 1)};
}

static struct shape find_member(const char *members, struct str name)
{
    struct str rest = str_from_c(members);
    while (rest.ptr) {
        struct str type = str_split(&rest, ' ');
        if (str_eq(str_split(&type, ':'), name))
            return (struct shape){type};
    }
    return of_name("");
}

struct shape shape_member(struct shape s, struct str name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (is(s, types[i].name))
            return find_member(types[i].members, name);
    }
    return of_name("");
}
