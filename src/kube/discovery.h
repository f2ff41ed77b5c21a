// SPDX-License-Identifier: Apache-2.0
// What an API server offers of what davy reads (k8s.io/apimachinery/pkg/apis/meta/v1: APIGroupList, APIResourceList). Private to kube.
#pragma once

#include "kube/client.h"
#include "kube/resources.h"

struct offer {
    const struct kube_resource *resource;
    struct str version; // to be asked for; ptr NULL: it is not there, or why says why that is unknown
    struct str why;     // ptr NULL: known
};

// One for each resource that is of use, in the table's order. ST_IO: the server does not answer, or knows nobody like us.
[[nodiscard]] status discover(struct kube_client *client, enum kube_use use, struct arena *a, struct offer **out, size_t *n,
                              struct diags *diags);
