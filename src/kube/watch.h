// SPDX-License-Identifier: Apache-2.0
// Watching lists: what is added, changed and deleted from where a list was read, as the server tells it.
//
//   add --> a GET with watch=true for each list, all at once --> events; bookmarks move the place to go on from
//     closed by the server, cut, silent for too long --> asked again from there, after a pause that doubles
//     410 Gone: what happened since is not known any more --> EXPIRED: read the list again, then renew
//
// A watch is asked for a limited time and given up a little later, so that a connection nobody answers on any more does not last.
#pragma once

#include "codec/json/json.h"
#include "kube/lists.h"

struct kube_watches;

enum kube_change { KUBE_ADDED, KUBE_MODIFIED, KUBE_DELETED };
struct kube_event {
    size_t list; // as it was added
    enum kube_change change;
    const struct json_value *object; // of metadata alone where the list is; good during the call
};
typedef void kube_event_fn(void *context, const struct kube_event *event);

// Borrows the client.
[[nodiscard]] struct kube_watches *kube_watches_new(struct kube_client *client, kube_event_fn *tell, void *context);
void kube_watches_free(struct kube_watches *w);
// number: what events call it. What the list points to is borrowed, but for its version.
void kube_watches_add(struct kube_watches *w, size_t number, const struct kube_list *list);
// An expired list was read again. version.len 0: it could not be; EXPIRED comes again, after a pause.
void kube_watches_renew(struct kube_watches *w, size_t number, struct str version);

enum kube_turn { KUBE_TURN_TIME, KUBE_TURN_STOPPED, KUBE_TURN_EXPIRED, KUBE_TURN_NEWS };
// Waits until an instant of os_monotonic_ns, or until the descriptor is readable, or a list is to be read again (its number in *expired),
// or something came: events, or what interrupts watches, which is said once, until one goes on.
[[nodiscard]] enum kube_turn kube_watches_turn(struct kube_watches *w, int64_t until, int stop, size_t *expired, struct diags *diags);
