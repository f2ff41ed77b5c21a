// SPDX-License-Identifier: Apache-2.0
// Programs with a web page: which one an account is of, and what else belongs to it.
#include "incident/model.h"

#include <stdio.h>

static bool split_account(struct str principal, struct str *namespace, struct str *name)
{
    struct str prefix = STR("system:serviceaccount:");
    if (!str_starts(principal, prefix))
        return false;
    struct str rest = str_slice(principal, prefix.len, principal.len);
    *namespace = str_split(&rest, ':');
    *name = rest;
    return rest.ptr != NULL;
}

// How well an account fits: the whole name is better than a pattern, and best where the program is usually installed.
static unsigned fit_list(struct name_list accounts, struct str name)
{
    unsigned best = 0;
    for (size_t i = 0; i < accounts.n; i++) {
        unsigned here = str_eq(accounts.items[i], name) ? 2 : str_glob(name, accounts.items[i]) ? 1 : 0;
        best = here > best ? here : best;
    }
    return best;
}

static unsigned fit(const struct incident_page *page, struct str namespace, struct str name)
{
    bool there = name_listed(page->namespaces, namespace);
    unsigned best = fit_list(page->accounts, name), local = there ? fit_list(page->local_accounts, name) : 0;
    best = local > best ? local : best;
    return best && there ? best + 2 : best;
}

const struct incident_page *page_of(const struct inquiry *q, struct str principal)
{
    struct str namespace, name;
    const struct incident_page *page = NULL;
    unsigned best = 0;
    if (!split_account(principal, &namespace, &name))
        return NULL;
    for (size_t i = 0; i < q->knowledge->n_pages; i++) {
        unsigned here = fit(&q->knowledge->pages[i], namespace, name);
        page = here > best ? &q->knowledge->pages[i] : page;
        best = here > best ? here : best;
    }
    return page;
}

// The next entry of the same program behind *at.
static const struct incident_page *next_entry(const struct inquiry *q, const struct incident_page *page, size_t *at)
{
    while (*at < q->knowledge->n_pages) {
        const struct incident_page *entry = &q->knowledge->pages[(*at)++];
        if (str_eq(entry->program, page->program))
            return entry;
    }
    return NULL;
}

bool page_has(const struct inquiry *q, const struct incident_page *page, struct str name)
{
    const struct incident_page *entry;
    for (size_t at = 0; (entry = next_entry(q, page, &at));)
        if (name_listed(entry->services, name))
            return true;
    return false;
}

bool page_labelled(const struct inquiry *q, const struct incident_page *page, struct str label)
{
    const struct incident_page *entry;
    for (size_t at = 0; (entry = next_entry(q, page, &at));)
        if (name_listed(entry->services, label) || name_listed(entry->labels, label))
            return true;
    return false;
}

bool page_has_image(const struct inquiry *q, const struct incident_page *page, struct str image)
{
    const struct incident_page *entry;
    for (size_t at = 0; (entry = next_entry(q, page, &at));)
        if (name_listed(entry->images, image))
            return true;
    return false;
}

bool page_answers_on(const struct inquiry *q, const struct incident_page *page, uint64_t port)
{
    char text[24];
    const struct incident_page *entry;
    int len = snprintf(text, sizeof text, "%llu", (unsigned long long)port);
    for (size_t at = 0; (entry = next_entry(q, page, &at));)
        if (name_listed(entry->ports, str_make(text, (size_t)len)))
            return true;
    return false;
}

bool page_calls_as(const struct inquiry *q, const struct incident_page *page, struct str product)
{
    const struct incident_page *entry;
    for (size_t at = 0; (entry = next_entry(q, page, &at));)
        if (name_listed(entry->agents, product))
            return true;
    return false;
}

bool page_agents_known(const struct inquiry *q, const struct incident_page *page)
{
    const struct incident_page *entry;
    for (size_t at = 0; (entry = next_entry(q, page, &at));)
        if (entry->agents.n)
            return true;
    return false;
}

// The name that a pattern of a service begins with; what begins otherwise is found by the account's name, if by any.
static struct str front_of(struct str pattern)
{
    size_t end = 0;
    while (end < pattern.len && pattern.ptr[end] != '*')
        end++;
    while (end && pattern.ptr[end - 1] == '-')
        end--;
    return str_slice(pattern, 0, end);
}

void page_follow(struct inquiry *q, struct str principal, bool at_home)
{
    enum { SHORTEST = 4 };
    struct str namespace, name;
    const struct incident_page *page = page_of(q, principal), *entry;
    if (!split_account(principal, &namespace, &name) || (!page && (!at_home || str_eq(name, STR("default")))))
        return;
    follow_object(q, name);
    if (!page)
        return;
    for (size_t at = 0; (entry = next_entry(q, page, &at));)
        for (size_t i = 0; i < entry->services.n; i++)
            if (front_of(entry->services.items[i]).len >= SHORTEST)
                follow_object(q, front_of(entry->services.items[i]));
}
