// SPDX-License-Identifier: Apache-2.0
// Parts of image references. A reference that does not follow the grammar has no parts; the container runtime refuses it too.
#include "event/names.h"
#include "event/transforms.h"

#include <string.h>

static bool parse(struct str in, struct transform_out *out, struct image_ref *ref)
{
    return image_parse(in, out->registry, ref, out->arena);
}

void transform_image_registry(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (parse(in, out, &ref))
        transform_emit(out, ref.registry);
}

void transform_image_repository(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (parse(in, out, &ref))
        transform_emit(out, ref.repository);
}

void transform_image_name(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (!parse(in, out, &ref))
        return;
    size_t len = ref.registry.len + 1 + ref.repository.len;
    char *name = arena_try(out->arena, len);
    if (name) {
        memcpy(name, ref.registry.ptr, ref.registry.len);
        name[ref.registry.len] = '/';
        memcpy(name + ref.registry.len + 1, ref.repository.ptr, ref.repository.len);
    }
    transform_emit(out, name ? str_make(name, len) : STR_NONE);
}

// ptr NULL when the repository has only one component, as on a registry of one's own.
static struct str account(const struct image_ref *ref)
{
    size_t slash = str_find_char(ref->repository, '/', 0);
    return slash == SIZE_MAX ? STR_NONE : str_slice(ref->repository, 0, slash);
}

void transform_image_account(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (parse(in, out, &ref) && account(&ref).ptr)
        transform_emit(out, account(&ref));
}

void transform_image_tag(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (!parse(in, out, &ref))
        return;
    if (ref.tag.ptr)
        transform_emit(out, ref.tag);
    else if (!ref.digest.ptr)
        transform_emit(out, STR("latest")); // what the runtime pulls
}

void transform_image_digest(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (parse(in, out, &ref) && ref.digest.ptr)
        transform_emit(out, ref.digest);
}

void transform_image_basename(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (!parse(in, out, &ref))
        return;
    size_t start = ref.repository.len;
    while (start > 0 && ref.repository.ptr[start - 1] != '/')
        start--;
    transform_emit(out, str_slice(ref.repository, start, ref.repository.len));
}

void transform_image_lookalike(struct str in, struct transform_out *out)
{
    struct image_ref ref;
    if (!out->names || !parse(in, out, &ref))
        return;
    struct str registry = names_resembled_host(out->names, ref.registry);
    if (registry.ptr)
        transform_emit(out, registry);
    struct str owner = account(&ref);
    struct str resembled = owner.ptr ? names_resembled(out->names, owner) : STR_NONE;
    if (resembled.ptr)
        transform_emit(out, resembled);
}
