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
    struct target navigator, stix, evidence;
    struct layer *layer;
    struct stix *bundle;
    struct dossier *dossier;
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

status exports_open(struct exports **out, const struct export_paths *paths, const struct dossier_facts *facts, struct diags *diags)
{
    struct exports *e = *out = must_alloc(calloc(1, sizeof *e));
    TRY(open_target(&e->navigator, paths->navigator, diags));
    TRY(open_target(&e->stix, paths->stix, diags));
    TRY(open_target(&e->evidence, paths->evidence, diags));
    if (e->navigator.file)
        e->layer = layer_new(facts->techniques);
    if (e->stix.file)
        e->bundle = stix_new(facts->techniques);
    if (e->evidence.file)
        e->dossier = dossier_new(facts);
    return ST_OK;
}

void exports_alert(struct exports *e, const struct alert *alert)
{
    if (e->dossier)
        dossier_alert(e->dossier, alert);
}

bool exports_want_evidence(const struct exports *e)
{
    return e->dossier != NULL;
}

void exports_evidence(struct exports *e, const struct incident *incident, const struct evidence *place, struct str record)
{
    dossier_evidence(e->dossier, incident, place, record);
}

void exports_incident(struct exports *e, const struct incident *incident)
{
    if (e->layer)
        layer_incident(e->layer, incident);
    if (e->bundle)
        stix_incident(e->bundle, incident);
    if (e->dossier)
        dossier_incident(e->dossier, incident);
}

void exports_campaign(struct exports *e, const struct campaign *campaign)
{
    if (e->bundle)
        stix_campaign(e->bundle, campaign);
    if (e->dossier)
        dossier_campaign(e->dossier, campaign);
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

static status write_evidence(void *context, struct str bytes)
{
    return fwrite(bytes.ptr, 1, bytes.len, context) == bytes.len ? ST_OK : ST_IO;
}

static status finish_evidence(struct exports *e, const struct engine_summary *summary, struct diags *diags)
{
    struct place place = {.file = e->evidence.path};
    char manifest[SHA256_HEX];
    TRY(dossier_write(e->dossier, summary, write_evidence, e->evidence.file, manifest, diags));
    TRY(close_target(&e->evidence, STR(""), diags));
    if (summary->evidence_lost)
        diags_add(diags, DIAG_WARNING, &place, "%llu records are not in it: they could not be read a second time",
                  (unsigned long long)summary->evidence_lost);
    diags_add(diags, DIAG_NOTE, &place, "its " BUNDLE_MANIFEST " has the SHA-256 %.*s: keep it elsewhere", SHA256_HEX, manifest);
    return ST_OK;
}

status exports_finish(struct exports *e, const struct engine_summary *summary, struct diags *diags)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    status layer = e->layer ? finish_layer(e, &text, diags) : ST_OK;
    buf_clear(&text);
    status bundle = e->bundle ? finish_bundle(e, &text, diags) : ST_OK;
    buf_fini(&text);
    status evidence = e->dossier ? finish_evidence(e, summary, diags) : ST_OK;
    return layer != ST_OK ? layer : bundle != ST_OK ? bundle : evidence;
}

void exports_free(struct exports *e)
{
    if (!e)
        return;
    if (e->navigator.file)
        fclose(e->navigator.file);
    if (e->stix.file)
        fclose(e->stix.file);
    if (e->evidence.file)
        fclose(e->evidence.file);
    layer_free(e->layer);
    stix_free(e->bundle);
    dossier_free(e->dossier);
    free(e);
}

// --- options ---------------------------------------------------------------------------------------------------------------------

static size_t write_option(struct arena *a, const struct arg_spec *spec, const struct arg_value *value, struct str *out)
{
    if (spec->kind == ARG_FLAG) {
        *out = arena_printf(a, "--%s", spec->name);
        return 1;
    }
    if (spec->kind != ARG_LIST) {
        *out = arena_printf(a, "--%s=%.*s", spec->name, STR_ARG(value->text));
        return 1;
    }
    for (size_t i = 0; i < value->n; i++)
        out[i] = arena_printf(a, "--%s=%.*s", spec->name, STR_ARG(value->items[i]));
    return value->n;
}

const struct str *exports_options(struct arena *a, const struct args *args, uint64_t leave_out, size_t *n)
{
    size_t most = 0;
    for (size_t i = 0; i < args->command->n_options; i++)
        most += args->values[i].n + 1;
    struct str *out = arena_array(a, struct str, most);
    *n = 0;
    for (size_t i = 0; i < args->command->n_options; i++)
        if (args->values[i].given && !(leave_out >> i & 1))
            *n += write_option(a, &args->command->options[i], &args->values[i], out + *n);
    return out;
}
