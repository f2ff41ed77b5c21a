// SPDX-License-Identifier: Apache-2.0
#include "incident/kinship.h"

const struct kinship kinship[] = {
    {STR("deployments"), STR("Deployment"), STR("replicasets")},
    {STR("replicasets"), STR("ReplicaSet"), STR("pods")},
    {STR("replicationcontrollers"), STR("ReplicationController"), STR("pods")},
    {STR("daemonsets"), STR("DaemonSet"), STR("pods")},
    {STR("daemonsets"), STR("DaemonSet"), STR("controllerrevisions")},
    {STR("statefulsets"), STR("StatefulSet"), STR("pods")},
    {STR("statefulsets"), STR("StatefulSet"), STR("controllerrevisions")},
    {STR("cronjobs"), STR("CronJob"), STR("jobs")},
    {STR("jobs"), STR("Job"), STR("pods")},
    {STR("serviceaccounts"), STR("ServiceAccount"), STR("secrets")},
};
const size_t kinships = sizeof kinship / sizeof *kinship;
