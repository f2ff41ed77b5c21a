// SPDX-License-Identifier: Apache-2.0
// The lists of a cluster that davy reads, page by page.
//
//   /api/v1, /apis, /apis/GROUP/VERSION --> which resources there are --> for each: page, page, ... (limit, continue)
//
// A list whose snapshot is gone in the middle (410) goes on where the server says, or begins anew; whoever takes the pages then meets
// objects again. What cannot be read is kept with its reason, and the next list is read. A kind that may not be listed (403) is listed in
// the namespaces that the caller names, if any: then it was read in part.
#pragma once

#include "kube/client.h"
#include "kube/resources.h"

struct kube_lists;

struct kube_wish {
    enum kube_use use;
    const struct str *namespaces; // to look into one by one where the whole cluster may not be listed
    size_t n_namespaces;
};

// Whether it can be the name of a namespace (RFC 1123, a label).
[[nodiscard]] bool kube_is_namespace(struct str name);
// What of the server is offered. ST_IO when it does not answer, or refuses to know us (401): said in diags.
[[nodiscard]] status kube_lists_new(struct kube_lists **out, struct kube_client *client, struct kube_wish wish, struct diags *diags);
void kube_lists_free(struct kube_lists *l);

struct kube_page {
    size_t list; // which of them, from 0
    const struct kube_resource *resource;
    struct str api_version; // of its objects: apps/v1
    struct str path;        // of the list, for people; good as long as the lists
    struct str text;        // a List, or a single object, as JSON, with JSON_PADDING bytes behind its end; good until the next page
    bool first;             // of its resource
    bool again;             // the list began anew: objects of it have been seen
};

// The next page; false: that was all.
[[nodiscard]] bool kube_lists_next(struct kube_lists *l, struct kube_page *out);

// A kind of which not everything could be read.
struct kube_unread {
    struct str kind, api_version;
    struct str path;
    struct str why; // a clause
    bool partly;    // some of it was given
};
[[nodiscard]] const struct kube_unread *kube_lists_unread(const struct kube_lists *l, size_t *n);

// To watch a list from where it was read: of what has been read to its end.
struct kube_list {
    const struct kube_resource *resource;
    struct str api_version, path; // good as long as the lists
    struct str version;           // resourceVersion; good until the list is read again
};
[[nodiscard]] size_t kube_lists_count(const struct kube_lists *l);
[[nodiscard]] bool kube_lists_get(const struct kube_lists *l, size_t list, struct kube_list *out); // false: it was not read
// Reads this one again: kube_lists_next gives its pages. What could not be read of it is unread anew.
void kube_lists_again(struct kube_lists *l, size_t list);
