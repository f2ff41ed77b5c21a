// SPDX-License-Identifier: Apache-2.0
#include "cmd/exports.h"

#include "os/os.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct target {
    struct str path;
    FILE *file; // NULL: not wanted, or done
};

struct exports {
    struct target navigator, stix;
    struct layer *layer;
    struct stix *bundle;
};

static status cannot_write(struct str path, struct diags *diags)
{
    struct place place = {.file = path};
    diags_add(diags, DIAG_ERROR, &place, "cannot be written: %s", os_reason(errno));
    return ST_IO;
}

static status open_target(struct target *t, struct str path, struct diags *diags)
{
    t->path = path;
    if (!path.ptr)
        return ST_OK;
    t->file = fopen(path.ptr, "we");
    return t->file ? ST_OK : cannot_write(path, diags);
}

static status close_target(struct target *t, struct str text, struct diags *diags)
{
    bool good = fwrite(text.ptr, 1, text.len, t->file) == text.len;
    good = fclose(t->file) == 0 && good;
    t->file = NULL;
    return good ? ST_OK : cannot_write(t->path, diags);
}

status exports_open(struct exports **out, const struct export_paths *paths, const struct techniques *techniques, struct diags *diags)
{
    struct exports *e = *out = must_alloc(calloc(1, sizeof *e));
    TRY(open_target(&e->navigator, paths->navigator, diags));
    TRY(open_target(&e->stix, paths->stix, diags));
    if (e->navigator.file)
        e->layer = layer_new(techniques);
    if (e->stix.file)
        e->bundle = stix_new(techniques);
    return ST_OK;
}

void exports_incident(struct exports *e, const struct incident *incident)
{
    if (e->layer)
        layer_incident(e->layer, incident);
    if (e->bundle)
        stix_incident(e->bundle, incident);
}

static status finish_layer(struct exports *e, struct buf *text, struct diags *diags)
{
    layer_write(e->layer, text);
    return close_target(&e->navigator, buf_str(text), diags);
}

static status finish_bundle(struct exports *e, struct buf *text, struct diags *diags)
{
    struct place place = {.file = e->stix.path};
    uint64_t left_out = stix_write(e->bundle, text);
    if (left_out)
        diags_add(diags, DIAG_WARNING, &place, "%llu incidents are not in it: it would have become too large",
                  (unsigned long long)left_out);
    return close_target(&e->stix, buf_str(text), diags);
}

status exports_finish(struct exports *e, struct diags *diags)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    status layer = e->layer ? finish_layer(e, &text, diags) : ST_OK;
    buf_clear(&text);
    status bundle = e->bundle ? finish_bundle(e, &text, diags) : ST_OK;
    buf_fini(&text);
    return layer != ST_OK ? layer : bundle;
}

void exports_free(struct exports *e)
{
    if (!e)
        return;
    if (e->navigator.file)
        fclose(e->navigator.file);
    if (e->stix.file)
        fclose(e->stix.file);
    layer_free(e->layer);
    stix_free(e->bundle);
    free(e);
}
