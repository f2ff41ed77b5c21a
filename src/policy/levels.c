// SPDX-License-Identifier: Apache-2.0
#include "policy/levels.h"

#include "base/intern.h"
#include "base/map.h"
#include "base/status.h"
#include "base/vec.h"
#include "pod/pss.h"
#include "policy/policy.h"

#include <stdlib.h>

enum { CHECKS_MAX = 32, NAMESPACES_MAX = 100000 };

struct breach {
    struct str check;
    size_t pods;
};

struct namespace
{
    struct str name;
    size_t objects, of_logs; // pods and templates
    size_t off_baseline;     // of them, that do not pass
    size_t off_restricted;
    struct breach breaches[CHECKS_MAX]; // of restricted
    size_t n_breaches;
    struct str enforced; // by its labels; ptr NULL: nothing
};

struct levels {
    struct intern words;
    VEC(struct namespace) items;
    struct map index;
    struct namespace *at; // hand
    bool off;             // the pod at hand does not pass
};

struct levels *levels_new(void)
{
    struct levels *l = must_alloc(calloc(1, sizeof *l));
    intern_init(&l->words, 64u << 20, 0);
    return l;
}

void levels_free(struct levels *l)
{
    if (!l)
        return;
    intern_fini(&l->words);
    vec_fini(&l->items);
    map_fini(&l->index);
    free(l);
}

static struct namespace *namespace_of(struct levels *l, struct str ns)
{
    bool added;
    const struct str name = intern_str(&l->words, ns.len ? ns : STR("default"));
    if (!name.ptr || (l->items.n >= NAMESPACES_MAX && !map_get(&l->index, name)))
        return NULL;
    uint64_t *at = map_put(&l->index, name, &added);
    if (added) {
        *at = l->items.n;
        *vec_push(&l->items) = (struct namespace){.name = name};
    }
    return &l->items.items[*at];
}

static void note_breach(void *context, const struct pss_check *check, struct str why)
{
    struct levels *l = context;
    size_t i = 0;
    if (!why.len)
        return;
    l->off = true;
    while (i < l->at->n_breaches && !str_eq(l->at->breaches[i].check, check->id))
        i++;
    if (i == CHECKS_MAX)
        return;
    if (i == l->at->n_breaches)
        l->at->breaches[l->at->n_breaches++] = (struct breach){check->id, 0};
    l->at->breaches[i].pods++;
}

static void note_off(void *context, const struct pss_check *check, struct str why)
{
    struct levels *l = context;
    (void)check;
    l->off = l->off || why.len;
}

void levels_pod(struct levels *l, struct str ns, const struct pod *pod, bool by_log)
{
    l->at = namespace_of(l, ns);
    if (!l->at)
        return;
    l->at->objects++;
    l->at->of_logs += by_log;
    l->off = false;
    pss_judge(PSS_BASELINE, PSS_NEWEST, pod, note_off, l);
    l->at->off_baseline += l->off;
    l->off = false;
    pss_judge(PSS_RESTRICTED, PSS_NEWEST, pod, note_breach, l);
    l->at->off_restricted += l->off;
}

void levels_namespace(struct levels *l, const struct json_value *tree)
{
    const struct json_value *metadata = json_get(tree, STR("metadata"));
    const struct str name = json_text(json_get(metadata, STR("name")));
    struct namespace *n = name.len ? namespace_of(l, name) : NULL;
    if (n)
        n->enforced =
            intern_str(&l->words, json_text(json_get(json_get(metadata, STR("labels")), STR("pod-security.kubernetes.io/enforce"))));
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct namespace *)a)->name, ((const struct namespace *)b)->name);
}

size_t levels_count(struct levels *l)
{
    if (l->items.n)
        qsort(l->items.items, l->items.n, sizeof *l->items.items, by_name);
    map_fini(&l->index); // places have changed: nothing is added any more
    return l->items.n;
}

static void add_reasons(const struct namespace *n, struct buf *out)
{
    buf_addf(out, "Namespace %.*s: ", STR_ARG(n->name));
    if (!n->objects) {
        buf_add(out, STR("no pods are known; restricted refuses nothing that is there"));
        return;
    }
    buf_addf(out, "%zu pods and workloads (%zu of them from the logs); %zu do not pass baseline, %zu not restricted", n->objects,
             n->of_logs, n->off_baseline, n->off_restricted);
    for (size_t i = 0; i < n->n_breaches; i++)
        buf_addf(out, "%s%.*s (%zu)", i ? ", " : "\nWhat keeps them from restricted: ", STR_ARG(n->breaches[i].check), n->breaches[i].pods);
    buf_add(out, STR("\nOf what was seen, what is enforced would have refused nothing; it is the strictest level of which that is true"));
}

struct str levels_write(const struct levels *l, size_t i, struct buf *out)
{
    const struct namespace *n = &l->items.items[i];
    const char *enforce = !n->off_restricted ? "restricted" : !n->off_baseline ? "baseline" : "privileged";
    struct buf why;
    buf_init(&why, SIZE_MAX);
    add_reasons(n, &why);
    if (n->enforced.len)
        buf_addf(&why, "\nIts labels enforce %.*s now", STR_ARG(n->enforced));
    yaml_write_comment(out, buf_str(&why));
    buf_add(out, STR("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: "));
    yaml_write_string(out, n->name);
    buf_addf(out,
             "\n  labels:\n    pod-security.kubernetes.io/enforce: %s\n    pod-security.kubernetes.io/enforce-version: latest\n"
             "    pod-security.kubernetes.io/warn: restricted\n    pod-security.kubernetes.io/audit: restricted\n",
             enforce);
    buf_add(out, STR("  annotations:\n    davy/why: "));
    yaml_write_string(out, buf_str(&why));
    buf_add_char(out, '\n');
    buf_fini(&why);
    return n->name;
}
