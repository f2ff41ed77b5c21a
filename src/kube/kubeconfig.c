// SPDX-License-Identifier: Apache-2.0
// Entries of kubeconfig files, merged.
#include "kube/kubeconfig_private.h"

#include <stdlib.h>

struct kubeconfig *kubeconfig_new(void)
{
    struct kubeconfig *k = must_alloc(calloc(1, sizeof *k));
    arena_init(&k->arena, ARENA_UNLIMITED);
    return k;
}

void kubeconfig_free(struct kubeconfig *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < KUBE_PARTS; i++)
        vec_fini(&k->parts[i]);
    arena_fini(&k->arena);
    free(k);
}

bool kubeconfig_is_empty(const struct kubeconfig *k)
{
    return !k->current && !k->parts[KUBE_CLUSTERS].n && !k->parts[KUBE_USERS].n && !k->parts[KUBE_CONTEXTS].n;
}

// --- reading ---------------------------------------------------------------------------------------------------------------------

// Complaints of the YAML reader, without the lines they are about.
static void tell_without_lines(const struct diags *found, struct diags *diags)
{
    for (size_t i = 0; i < found->n; i++) {
        const struct diag *d = &found->items[i];
        const struct place place = {d->file, d->line, d->column, STR_NONE};
        diags_add(diags, d->level, &place, "%.*s", STR_ARG(d->text));
    }
}

status kubeconfig_bad(const struct kube_entry *entry, const struct yaml_value *v, struct diags *diags, const char *format, ...)
{
    struct buf text;
    va_list args;
    const struct place place = {.file = entry->file, .line = v ? v->line : 0, .column = v ? v->column : 0};
    buf_init(&text, 4096);
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    diags_add(diags, DIAG_ERROR, &place, "%.*s", STR_ARG(buf_str(&text)));
    buf_fini(&text);
    return ST_INPUT;
}

struct kube_entry *kubeconfig_entry(struct kubeconfig *k, enum kube_part part, struct str name)
{
    for (size_t i = 0; i < k->parts[part].n; i++) {
        if (str_eq(k->parts[part].items[i].name, name))
            return &k->parts[part].items[i];
    }
    return NULL;
}

const struct kube_part_words kube_part_words[KUBE_PARTS] = {
    [KUBE_CLUSTERS] = {STR("clusters"), STR("cluster"), "cluster"},
    [KUBE_USERS] = {STR("users"), STR("user"), "user"},
    [KUBE_CONTEXTS] = {STR("contexts"), STR("context"), "context"},
};

static status add_entries(struct kubeconfig *k, enum kube_part part, struct str file, const struct yaml_value *document,
                          struct diags *diags)
{
    const struct yaml_value *list = yaml_get(document, kube_part_words[part].list);
    const struct kube_entry here = {.file = file};
    const size_t before = k->parts[part].n;
    if (!list || list->kind == YAML_NULL)
        return ST_OK;
    if (list->kind != YAML_LIST)
        return kubeconfig_bad(&here, list, diags, "%s is no list", kube_part_words[part].list.ptr);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        const struct str name = yaml_text(yaml_get(v, STR("name")));
        if (!name.ptr)
            return kubeconfig_bad(&here, v, diags, "a %s has a name", kube_part_words[part].one);
        const struct kube_entry *earlier = kubeconfig_entry(k, part, name);
        if (earlier && (size_t)(earlier - k->parts[part].items) >= before)
            return kubeconfig_bad(&here, v, diags, "there is a %s of the name '%.*s' above", kube_part_words[part].one, STR_ARG(name));
        if (!earlier && k->parts[part].n < KUBE_ENTRIES_MAX)
            *vec_push(&k->parts[part]) = (struct kube_entry){name, yaml_get(v, kube_part_words[part].member), v, file};
    }
    return ST_OK;
}

static status add_document(struct kubeconfig *k, struct str file, const struct yaml_value *document, struct diags *diags)
{
    const struct kube_entry here = {.file = file};
    const struct yaml_value *kind = yaml_get(document, STR("kind")), *current = yaml_get(document, STR("current-context"));
    if (document->kind != YAML_MAP || (kind && !str_eq(yaml_text(kind), STR("Config"))))
        return kubeconfig_bad(&here, kind ? kind : document, diags, "is no kubeconfig (kind: Config)");
    for (size_t i = 0; i < KUBE_PARTS; i++)
        TRY(add_entries(k, (enum kube_part)i, file, document, diags));
    if (!k->current && yaml_text(current).len) {
        k->current = current;
        k->current_file = file;
    }
    return ST_OK;
}

status kubeconfig_add(struct kubeconfig *k, struct yaml_source source, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n = 0;
    struct diags found;
    const struct yaml_source copy = {.name = arena_str(&k->arena, source.name), .text = source.text};
    diags_init(&found);
    status result = yaml_read(&k->arena, copy, YAML_LIMITS_DEFAULT, &documents, &n, &found);
    tell_without_lines(&found, diags);
    diags_fini(&found);
    if (result == ST_OK && n) // kubectl looks at the first one, too
        result = add_document(k, copy.name, documents[0], diags);
    return result;
}
