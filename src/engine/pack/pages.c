// SPDX-License-Identifier: Apache-2.0
#include "engine/pack/pages.h"

#include <string.h>

static status refuse(struct yaml_source source, const struct yaml_value *v, const char *why, struct diags *diags)
{
    const struct place place = yaml_place(source, v);
    diags_add(diags, DIAG_ERROR, &place, "%s", why);
    return ST_INPUT;
}

static struct name_list read_names(struct arena *a, const struct yaml_value *v)
{
    struct name_list list = {0};
    if (!v || v->kind != YAML_LIST)
        return list;
    struct str *items = arena_array(a, struct str, v->count);
    for (const struct yaml_value *item = v->first; item; item = item->next)
        items[list.n++] = arena_str(a, yaml_text(item));
    list.items = items;
    return list;
}

// --- lists of rules ----------------------------------------------------------------------------------------------------------------

static size_t find_list(struct pack *p, struct str name)
{
    size_t i = 0;
    while (i < p->placeholders.n && !str_eq(p->placeholders.items[i].name, name))
        i++;
    return i;
}

static void add_to_list(struct pack *p, struct str name, struct name_list names)
{
    struct placeholders *all = &p->placeholders;
    size_t at = find_list(p, name), old = at < all->n ? all->items[at].n : 0;
    struct str *values = arena_array(&p->arena, struct str, old + names.n);
    if (at == all->n) {
        void *items = arena_alloc(&p->arena, (all->n + 1) * sizeof *all->items);
        if (all->n)
            memcpy(items, all->items, all->n * sizeof *all->items);
        all->items = items;
        all->n++;
        all->items[at].name = arena_str(&p->arena, name);
    }
    if (old)
        memcpy(values, all->items[at].values, old * sizeof *values);
    if (names.n)
        memcpy(values + old, names.items, names.n * sizeof *values);
    all->items[at].values = values;
    all->items[at].n = old + names.n;
}

// --- programs ----------------------------------------------------------------------------------------------------------------------

static const struct field_of_page {
    struct str key;
    size_t offset;
} fields[] = {
    {STR("namespaces"), offsetof(struct incident_page, namespaces)},
    {STR("accounts"), offsetof(struct incident_page, accounts)},
    {STR("services"), offsetof(struct incident_page, services)},
    {STR("labels"), offsetof(struct incident_page, labels)},
    {STR("images"), offsetof(struct incident_page, images)},
    {STR("ports"), offsetof(struct incident_page, ports)},
    {STR("agents"), offsetof(struct incident_page, agents)},
    {STR("local_accounts"), offsetof(struct incident_page, local_accounts)},
};

static struct name_list *list_of(struct incident_page *page, struct str key)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_eq(fields[i].key, key))
            return (struct name_list *)(void *)((char *)page + fields[i].offset);
    return NULL;
}

static status read_page(struct pack *p, struct yaml_source source, const struct yaml_value *v, struct incident_page *page,
                        struct diags *diags)
{
    page->program = arena_str(&p->arena, yaml_text(yaml_get(v, STR("program"))));
    if (!page->program.len)
        return refuse(source, v, "a page has a program", diags);
    for (const struct yaml_value *m = v->first; m; m = m->next) {
        struct name_list *list = list_of(page, m->key);
        if (list && m->kind != YAML_LIST)
            return refuse(source, m, "names are a list", diags);
        if (list)
            *list = read_names(&p->arena, m);
        else if (!str_eq(m->key, STR("program")) && !str_eq(m->key, STR("lists")))
            return refuse(source, m,
                          "a page has program, namespaces, accounts, local_accounts, services, labels, images, ports, agents and lists",
                          diags);
    }
    const struct yaml_value *lists = yaml_get(v, STR("lists"));
    for (const struct yaml_value *m = lists ? lists->first : NULL; m; m = m->next) {
        const struct name_list *names = list_of(page, m->key);
        if (!names || !names->n)
            return refuse(source, m, "lists name what the page has", diags);
        for (const struct yaml_value *name = m->first; name; name = name->next)
            add_to_list(p, yaml_text(name), *names);
    }
    return ST_OK;
}

static status read_all(struct pack *p, struct yaml_source source, const struct yaml_value *pages, struct diags *diags)
{
    if (!pages || pages->kind != YAML_LIST)
        return refuse(source, pages, "a table of pages is a list under the key pages", diags);
    struct incident_page *all = arena_array(&p->arena, struct incident_page, p->n_pages + pages->count);
    if (p->n_pages)
        memcpy(all, p->pages, p->n_pages * sizeof *all);
    p->pages = all;
    for (const struct yaml_value *v = pages->first; v; v = v->next)
        TRY(read_page(p, source, v, &all[p->n_pages++], diags));
    return ST_OK;
}

status pages_load(struct pack *p, struct yaml_source source, struct diags *diags)
{
    struct arena scratch;
    struct yaml_value **documents;
    size_t n;
    arena_init(&scratch, ARENA_UNLIMITED);
    status result = yaml_read(&scratch, source, YAML_LIMITS_DEFAULT, &documents, &n, diags);
    for (size_t i = 0; i < n && result == ST_OK; i++)
        result = read_all(p, source, yaml_get(documents[i], STR("pages")), diags);
    arena_fini(&scratch);
    return result;
}
