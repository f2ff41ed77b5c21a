// SPDX-License-Identifier: Apache-2.0
// Which of the ways into a cluster's workloads, as a dump of its objects shows them, lead to a page.
#include "incident/model.h"

typedef bool page_asks_fn(const struct inquiry *q, const struct incident_page *page, struct str text);

static bool any(const struct inquiry *q, const struct incident_page *page, page_asks_fn *asks, struct standing_texts texts)
{
    for (size_t i = 0; i < texts.n; i++)
        if (asks(q, page, texts.items[i]))
            return true;
    return false;
}

static bool any_port(const struct inquiry *q, const struct incident_page *page, struct standing_numbers ports)
{
    for (size_t i = 0; i < ports.n; i++)
        if (page_answers_on(q, page, ports.items[i]))
            return true;
    return false;
}

// A program may listen on other ports as well, and those are not the page: of pods that declare the page's port, another one counts for
// nothing.
static bool is_another_port(const struct inquiry *q, const struct incident_page *page, const struct standing_way *way)
{
    return way->ports.n && any_port(q, page, way->listens) && !any_port(q, page, way->ports);
}

static bool leads_to(const struct inquiry *q, const struct incident_page *page, struct str namespace, struct str account,
                     const struct standing_way *way)
{
    if (!str_eq(way->workload_namespace.len ? way->workload_namespace : way->namespace, namespace) || is_another_port(q, page, way))
        return false;
    return str_eq(way->account, account) || any(q, page, page_has, way->names) || any(q, page, page_labelled, way->labels) ||
           any(q, page, page_has_image, way->images);
}

static bool is_annotated(const struct standing_way *way, struct name_list with)
{
    for (size_t i = 0; i < way->annotations.n; i++)
        if (name_listed(with, way->annotations.items[i]))
            return true;
    return false;
}

void page_ways(const struct inquiry *q, const struct incident_page *page, struct str namespace, struct str account, page_way_fn *tell,
               void *context)
{
    size_t n = 0;
    const struct standing_way *ways = q->standing ? q->standing->ways(q->standing->context, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const struct standing_way *way = &ways[i];
        if (!leads_to(q, page, namespace, account, way))
            continue;
        bool kept = is_annotated(way, q->knowledge->internal_balancers) || is_annotated(way, q->knowledge->guards);
        tell(context, way, way->opening == OPENING_OPEN && kept ? OPENING_LIMITED : way->opening);
    }
}
