// SPDX-License-Identifier: Apache-2.0
// The pen for objects of STIX 2.1 (docs.oasis-open.org/cti/stix/v2.1/os): identifiers, timestamps, clean text, and the list in which each
// object stands once.
#pragma once

#include "base/map.h"
#include "codec/digest/digest.h"
#include "codec/json/json.h"

enum {
    STIX_TEXT_MAX = 4096,             // bytes of a text; longer ones are cut, and values that may not be cut are left out
    STIX_ID_MAX = 32 + 2 + UUID_TEXT, // type--UUID
    STIX_CREATED_SECONDS = 1795564800,
};
#define STIX_CREATED (STIX_CREATED_SECONDS * NS_PER_SECOND)

struct stix_id {
    char text[STIX_ID_MAX];
    size_t len;
};

struct stix_pen {
    struct arena arena;
    struct buf out;
    struct json_writer w;
    struct map seen; // ids
};

void stix_pen_init(struct stix_pen *pen);
void stix_pen_fini(struct stix_pen *pen);

// --- identifiers: the same in every run ------------------------------------------------------------------------------------------

// Of a domain or relationship object, by what makes it the one it is.
[[nodiscard]] struct stix_id stix_id_of(const char *type, struct str key);
// Of a cyber-observable object, by its one identifying property, as section 2.9 wants it: canonical JSON in the name space of the
// specification. The value is clean.
[[nodiscard]] struct stix_id stix_observable_id(const char *type, const char *property, struct str value);
[[nodiscard]] struct str stix_id_str(const struct stix_id *id);

// Valid UTF-8 (U+FFFD for each byte that is not), and what a reader of the bundle will see. In the arena.
[[nodiscard]] struct str stix_clean(struct arena *a, struct str s);

// --- objects ---------------------------------------------------------------------------------------------------------------------

// Opens an object with type, spec_version and id. False: it is there already, and nothing was opened.
[[nodiscard]] bool stix_open(struct stix_pen *pen, const char *type, const struct stix_id *id);
// created_by_ref, created, modified: what every object but observables has.
void stix_common(struct stix_pen *pen, const struct stix_id *author, int64_t created, int64_t modified);
void stix_close(struct stix_pen *pen);

void stix_text(struct stix_pen *pen, const char *key, struct str s); // cut at STIX_TEXT_MAX; left out when empty
void stix_time(struct stix_pen *pen, const char *key, int64_t ns);   // milliseconds, UTC
void stix_ref(struct stix_pen *pen, const char *key, const struct stix_id *id);

// A relationship object between two others.
[[nodiscard]] struct stix_id stix_relate(struct stix_pen *pen, const struct stix_id *author, int64_t created, const struct stix_id *from,
                                         const char *how, const struct stix_id *to);
