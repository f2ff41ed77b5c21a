// SPDX-License-Identifier: Apache-2.0
// What this intruder can be known by elsewhere.
#include "incident/conclude.h"

#include "base/identity.h"
#include "base/status.h"

#include <stdlib.h>

enum {
    INDICATORS_MAX = 512,
    MONERO_BYTES = 95, // standard and sub-addresses
    MONERO_INTEGRATED_BYTES = 106,
    BITCOIN_LEAST = 26,
    BITCOIN_MOST = 62, // bech32
    ETHEREUM_BYTES = 42,
    SCRIPT_LEAST = 24, // shorter commands say nothing
};

typedef VEC(struct incident_indicator) indicator_list;

static void add(struct group *g, indicator_list *list, struct str type, struct str value)
{
    if (!value.ptr || !value.len || list->n == INDICATORS_MAX)
        return;
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i].type, type) && str_eq(list->items[i].value, value))
            return;
    *vec_push(list) = (struct incident_indicator){type, arena_str(g->arena, value)};
}

// --- receiving addresses and pools ---------------------------------------------------------------------------------------------------

static bool all_of(struct str s, const char *set)
{
    for (size_t i = 0; i < s.len; i++)
        if (!memchr(set, s.ptr[i], strlen(set)))
            return false;
    return true;
}

static bool is_wallet(struct str s)
{
    static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if ((s.len == MONERO_BYTES || s.len == MONERO_INTEGRATED_BYTES) && (s.ptr[0] == '4' || s.ptr[0] == '8'))
        return all_of(s, base58);
    if (s.len == ETHEREUM_BYTES && str_starts(s, STR("0x")))
        return all_of(str_slice(s, 2, s.len), "0123456789abcdefABCDEF");
    return s.len >= BITCOIN_LEAST && s.len <= BITCOIN_MOST && str_starts(s, STR("bc1")) &&
           all_of(s, "0123456789abcdefghijklmnopqrstuvwxyz");
}

static bool is_number(struct str s)
{
    return s.len && s.len <= 5 && all_of(s, "0123456789");
}

// stratum+tcp://HOST:PORT, or HOST:PORT after an option that names a pool.
static struct str pool_of(struct str word, struct str before)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    size_t scheme = str_find(word, STR("://"), 0);
    bool stratum = scheme != SIZE_MAX && str_starts(word, STR("stratum"));
    bool option = str_eq(before, STR("-o")) || str_eq(before, STR("--url")) || str_eq(before, STR("-P")) || str_eq(before, STR("--pool"));
    struct str rest = scheme == SIZE_MAX ? word : str_slice(word, scheme + 3, word.len);
    struct str name = str_split(&rest, ':');
    if ((!stratum && !option) || !is_number(rest) || !name.len || !all_of(name, host) || str_find_char(name, '.', 0) == SIZE_MAX)
        return STR_NONE;
    return str_make(name.ptr, name.len + 1 + rest.len);
}

static bool is_separator(char c)
{
    return (unsigned char)c <= ' ' || c == '"' || c == '\'' || c == '=' || c == ',' || c == ';' || c == '`' || c == '(' || c == ')';
}

static void scan_text(struct group *g, indicator_list *list, struct str text, struct str *before)
{
    for (size_t i = 0; i < text.len;) {
        size_t from = i;
        while (i < text.len && !is_separator(text.ptr[i]))
            i++;
        struct str word = str_slice(text, from, i);
        if (word.len) {
            struct str wallet = str_slice(word, 0, str_find_char(word, '.', 0)); // WALLET.WORKER
            if (is_wallet(wallet))
                add(g, list, STR("wallet"), wallet);
            add(g, list, STR("pool"), pool_of(word, *before));
            *before = word;
        }
        i++;
    }
}

// --- scripts -------------------------------------------------------------------------------------------------------------------------

// The script without what a worm varies: figures, and the length of white space.
static struct str normalise(struct arena *a, struct str text)
{
    char *out = arena_alloc(a, text.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        c = (unsigned char)c <= ' ' ? ' ' : (unsigned char)(c - '0') < 10 ? '#' : c;
        if (!((c == ' ' || c == '#') && n && out[n - 1] == c))
            out[n++] = c;
    }
    return str_make(out, n);
}

static struct str hash_text(struct arena *a, struct str text)
{
    return arena_printf(a, "%016llx", (unsigned long long)identity_hash(text));
}

static struct str joined(struct arena *a, const struct texts *t)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    for (size_t i = 0; i < t->n; i++) {
        buf_add(&b, t->items[i]);
        buf_add_char(&b, ' ');
    }
    struct str s = arena_str(a, buf_str(&b));
    buf_fini(&b);
    return s;
}

static void add_script(struct group *g, indicator_list *list, struct str text)
{
    struct str script = normalise(&g->q->scratch, text);
    if (script.len >= SCRIPT_LEAST)
        add(g, list, STR("script"), hash_text(g->arena, script));
}

// --- facts ---------------------------------------------------------------------------------------------------------------------------

static void add_images(struct group *g, indicator_list *list, const struct fact *f)
{
    for (size_t i = 0; i < f->body->texts[BODY_IMAGE].n; i++) {
        struct image_ref ref;
        if (!image_parse(f->body->texts[BODY_IMAGE].items[i], registry_of(g->q), &ref, &g->q->scratch))
            continue;
        add(g, list, STR("image"), arena_printf(&g->q->scratch, "%.*s/%.*s", STR_ARG(ref.registry), STR_ARG(ref.repository)));
        add(g, list, STR("image_digest"), ref.digest);
    }
}

// What a pod is made of, without what is named or counted anew in every cluster: images without tags, commands, mounts of the node, flags.
static void add_spec(struct group *g, indicator_list *list, const struct body *body)
{
    static const enum body_text parts[] = {BODY_COMMAND, BODY_HOSTPATH, BODY_PRIVILEGED,  BODY_HOSTNETWORK,
                                           BODY_HOSTPID, BODY_HOSTIPC,  BODY_CAPABILITIES};
    struct arena *scratch = &g->q->scratch;
    struct image_ref ref;
    struct buf b;
    buf_init(&b, 1 << 20);
    for (size_t i = 0; i < body->texts[BODY_IMAGE].n; i++)
        if (image_parse(body->texts[BODY_IMAGE].items[i], registry_of(g->q), &ref, scratch))
            buf_addf(&b, "%.*s/%.*s ", STR_ARG(ref.registry), STR_ARG(ref.repository));
    size_t images = b.len, least = images + SCRIPT_LEAST;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct texts *texts = &body->texts[parts[i]];
        if (texts->n)
            buf_addf(&b, "|%zu ", i);
        buf_add(&b, joined(scratch, texts));
    }
    if (images && b.len >= least) // an image and nothing else says no more than its name
        add(g, list, STR("spec"), hash_text(g->arena, normalise(scratch, buf_str(&b))));
    buf_fini(&b);
}

static void add_body(struct group *g, indicator_list *list, const struct fact *f)
{
    struct str before = {0};
    add_images(g, list, f);
    for (size_t i = 0; i < f->body->texts[BODY_COMMAND].n; i++)
        scan_text(g, list, f->body->texts[BODY_COMMAND].items[i], &before);
    before = STR_NONE;
    for (size_t i = 0; i < f->body->texts[BODY_ENV].n; i++)
        scan_text(g, list, f->body->texts[BODY_ENV].items[i], &before);
    add_script(g, list, joined(&g->q->scratch, &f->body->texts[BODY_COMMAND]));
    add_spec(g, list, f->body);
}

static void add_fact(struct group *g, indicator_list *list, const struct fact *f)
{
    struct str before = {0};
    enum act act = act_of(f);
    bool makes = fact_done(f) && str_eq(f->action.verb, STR("create")) && !f->action.subresource.ptr;
    if (body_first(f, BODY_IMAGE).ptr)
        add_body(g, list, f);
    if (f->action.command.ptr) {
        scan_text(g, list, f->action.command, &before);
        add_script(g, list, f->action.command);
    }
    if (makes && (act == ACT_DEPLOY || act == ACT_SCHEDULE || act == ACT_GRANT || act == ACT_ADD_ACCOUNT))
        add(g, list, STR("name"), f->action.name);
}

// The page's own address and program, and those of identities at home in the cluster, are not the intruder's.
static void add_actor(struct group *g, indicator_list *list, const struct actor *actor)
{
    if (!actor->whole)
        return;
    add(g, list, STR("address"), actor->address);
    for (size_t i = 0; i < actor->facts.n; i++)
        if (actor->facts.items[i]->tainted)
            add(g, list, STR("agent"), actor->facts.items[i]->agent);
}

static void add_process(struct group *g, indicator_list *list, const struct process *p)
{
    struct str before = {0};
    struct image_ref ref;
    scan_text(g, list, p->command, &before);
    if (p->image.ptr && p->place->made &&
        image_parse(p->image, registry_of(g->q), &ref, &g->q->scratch)) // an image of others is not the intruder's
        add(g, list, STR("image"), arena_printf(&g->q->scratch, "%.*s/%.*s", STR_ARG(ref.registry), STR_ARG(ref.repository)));
}

static int in_order(const void *a, const void *b)
{
    const struct incident_indicator *x = a, *y = b;
    int order = str_cmp(x->type, y->type);
    return order ? order : str_cmp(x->value, y->value);
}

void conclude_indicators(struct group *g)
{
    indicator_list list = {0};
    for (size_t i = 0; i < g->acts.n; i++)
        add_fact(g, &list, g->acts.items[i]);
    for (size_t i = 0; i < g->processes.n; i++)
        add_process(g, &list, g->processes.items[i]);
    for (size_t i = 0; i < g->actors.n; i++)
        add_actor(g, &list, g->actors.items[i]);
    if (list.n > 1)
        qsort(list.items, list.n, sizeof *list.items, in_order);
    g->out->n_indicators = list.n;
    g->out->indicators = arena_array(g->arena, struct incident_indicator, list.n);
    if (list.n)
        memcpy(g->out->indicators, list.items, list.n * sizeof *list.items);
    vec_fini(&list);
}
