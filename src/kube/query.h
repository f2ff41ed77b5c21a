// SPDX-License-Identifier: Apache-2.0
// What is asked for of a resource, as the query of an address. Private to kube.
#pragma once

#include "base/buf.h"
#include "kube/resources.h"

void query_add(struct buf *url, const char *key, struct str value); // "&key=value", behind another
void query_add_selectors(struct buf *url, const struct kube_resource *r);
