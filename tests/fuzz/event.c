// SPDX-License-Identifier: Apache-2.0
// Is any text safe as a value of a field, as a native field name, as an image reference, as a certificate, as an audit event?
#include "event/certificate.h"
#include "event/event.h"
#include "event/names.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_transforms(struct str text, struct arena *a)
{
    static const struct str like[] = {{"kube-proxy", 10}, {"kube-controller-manager", 23}, {"gcr.io", 6}, {"kubernetesio", 12}};
    static const struct str words[] = {{"kube", 4}, {"proxy", 5}, {"api", 3}};
    const struct names_source source = {.like = like, .n_like = 4, .words = words, .n_words = 3, .generated = true};
    size_t n;
    const struct transform *all = transform_table(&n);
    const struct names *names = names_build(a, &source);
    for (size_t i = 0; i < n; i++) {
        const struct field f = {.transform = &all[i], .names = names};
        struct transform_out out = {.arena = a};
        field_derive(&f, text, &out);
        for (size_t k = 0; k < out.n; k++) // every byte that is told must be there to read
            must(out.items[k].ptr && str_hash(out.items[k]) != 1);
    }
}

static void check_image(struct str text, struct arena *a)
{
    struct image_ref ref;
    if (!image_parse(text, STR_NONE, &ref, a))
        return;
    must(ref.registry.len && ref.repository.len && (!ref.tag.ptr || ref.tag.len) && (!ref.digest.ptr || ref.digest.len));
}

static void check_certificate(struct str text, struct arena *a)
{
    struct certificate c;
    if (certificate_read(a, text, &c))
        must(c.user.ptr && c.n_groups <= CERTIFICATE_GROUPS && str_hash(c.user) != 1);
}

static void check_event(struct str text, struct arena *a)
{
    struct json_error error;
    struct event e;
    const struct json_value *record = json_parse(a, text, JSON_LIMITS_DEFAULT, &error);
    if (record && event_decode(&e, record, a))
        must(e.audit_id.ptr && e.stage.ptr && e.action.verb.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 64u << 20);
    char *copy = arena_try(&a, size + JSON_PADDING);
    if (copy) {
        if (size)
            memcpy(copy, data, size);
        struct str text = str_make(copy, size);
        struct dictionary *generic = dictionary_generic();
        must(dictionary_field(generic, text, &a)->n_paths > 0);
        dictionary_free(generic);
        check_transforms(text, &a);
        check_image(text, &a);
        check_certificate(text, &a);
        check_event(text, &a);
    }
    arena_fini(&a);
    return 0;
}
