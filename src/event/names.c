// SPDX-License-Identifier: Apache-2.0
#include "event/names.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 253, WORDS_MAX = 8, SLIP_MIN = 6, SHORTENED_MIN = 3, GENERATED_SUFFIX = 5, HASH_MIN = 7, HASH_MAX = 10 };

struct words {
    struct str items[WORDS_MAX];
    size_t n; // 0: none, or more than WORDS_MAX
};

struct well_known {
    struct str name, shape; // shape: skeleton with i as l, for comparing only
    struct words words;
    bool kube; // its first word is kube
};

struct names {
    struct well_known *like;
    size_t n_like;
    struct str *known; // like and ordinary, sorted
    size_t n_known;
    struct str *vocabulary; // sorted
    size_t n_vocabulary;
    bool generated;
};

// --- parts of a name ---------------------------------------------------------------------------------------------------------------

static size_t shape_write(struct str s, char *out)
{
    size_t n = skeleton_write(s, out);
    for (size_t i = 0; i < n; i++)
        if (out[i] == 'i')
            out[i] = 'l';
    return n;
}

static struct str canonical_word(struct str word)
{
    return str_eq(word, STR("k8s")) || str_eq(word, STR("kubernetes")) ? STR("kube") : word;
}

static struct words words_of(struct str name)
{
    struct words w = {.n = 0};
    size_t start = 0;
    for (size_t i = 0; i <= name.len; i++) {
        if (i < name.len && !memchr("-_.", name.ptr[i], 3))
            continue;
        if (i > start) {
            if (w.n == WORDS_MAX)
                return (struct words){.n = 0};
            w.items[w.n++] = canonical_word(str_slice(name, start, i));
        }
        start = i + 1;
    }
    return w;
}

static bool all_of(struct str s, const char *set)
{
    for (size_t i = 0; i < s.len; i++)
        if (!strchr(set, s.ptr[i]) || !s.ptr[i])
            return false;
    return s.len > 0;
}

// The letters that Kubernetes generates names from (apimachinery/pkg/util/rand).
#define SAFE_LETTERS "bcdfghjklmnpqrstvwxz2456789"

static bool cut_last(struct str *name, size_t min, size_t max, const char *set)
{
    size_t dash = name->len;
    while (dash > 0 && name->ptr[dash - 1] != '-')
        dash--;
    struct str last = str_slice(*name, dash, name->len);
    if (dash < 2 || last.len < min || last.len > max || !all_of(last, set))
        return false;
    *name = str_slice(*name, 0, dash - 1);
    return true;
}

// Without pod suffix, pod-template-hash, job time or StatefulSet ordinal; without the -token-xxxxx of service account secrets.
static struct str without_generated(struct str name)
{
    static const struct str token = {"-token", 6};
    bool pod = cut_last(&name, GENERATED_SUFFIX, GENERATED_SUFFIX, SAFE_LETTERS);
    if (pod && str_ends(name, token))
        return str_slice(name, 0, name.len - token.len);
    if (!cut_last(&name, HASH_MIN, HASH_MAX, SAFE_LETTERS) && !cut_last(&name, 8, 10, "0123456789") && !pod)
        (void)cut_last(&name, 1, 4, "0123456789");
    return name;
}

// --- building ----------------------------------------------------------------------------------------------------------------------

static int compare_names(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool sorted_has(const struct str *sorted, size_t n, struct str s)
{
    return n && bsearch(&s, sorted, n, sizeof *sorted, compare_names);
}

static struct well_known well_known_make(struct arena *a, struct str name)
{
    struct well_known k = {.name = name, .words = words_of(name)};
    char *shape = arena_alloc(a, name.len);
    k.shape = str_make(shape, shape_write(name, shape));
    k.kube = k.words.n >= 2 && str_eq(k.words.items[0], STR("kube"));
    return k;
}

struct names *names_build(struct arena *a, const struct names_source *source)
{
    struct names *names = arena_new(a, struct names);
    names->like = arena_array(a, struct well_known, source->n_like);
    names->known = arena_array(a, struct str, source->n_like + source->n_ordinary);
    names->vocabulary = arena_array(a, struct str, source->n_words);
    names->generated = source->generated;
    for (size_t i = 0; i < source->n_like; i++) {
        names->like[names->n_like++] = well_known_make(a, source->like[i]);
        names->known[names->n_known++] = source->like[i];
    }
    for (size_t i = 0; i < source->n_ordinary; i++)
        names->known[names->n_known++] = source->ordinary[i];
    for (size_t i = 0; i < source->n_words; i++)
        names->vocabulary[names->n_vocabulary++] = canonical_word(source->words[i]);
    if (names->n_known)
        qsort(names->known, names->n_known, sizeof *names->known, compare_names);
    if (names->n_vocabulary)
        qsort(names->vocabulary, names->n_vocabulary, sizeof *names->vocabulary, compare_names);
    return names;
}

// --- resemblance -------------------------------------------------------------------------------------------------------------------

// At most one letter inserted, left out, replaced, or two neighbours swapped.
static bool one_slip(struct str a, struct str b)
{
    if (a.len > b.len + 1 || b.len > a.len + 1)
        return false;
    size_t front = 0, back = 0;
    while (front < a.len && front < b.len && a.ptr[front] == b.ptr[front])
        front++;
    while (back < a.len - front && back < b.len - front && a.ptr[a.len - 1 - back] == b.ptr[b.len - 1 - back])
        back++;
    size_t left_a = a.len - front - back, left_b = b.len - front - back;
    if (left_a <= 1 && left_b <= 1)
        return true;
    return left_a == 2 && left_b == 2 && a.ptr[front] == b.ptr[front + 1] && a.ptr[front + 1] == b.ptr[front];
}

// Equal, or one a shortened form of the other (control, controller; api, apiserver).
static bool word_fits(struct str a, struct str b)
{
    struct str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;
    return shorter.len == longer.len ? str_eq(a, b) : shorter.len >= SHORTENED_MIN && str_starts(longer, shorter);
}

// Whether all words of few stand in many, in order, with at most one word of many left over.
static bool words_within(const struct words *few, const struct words *many)
{
    size_t skipped = 0, i = 0;
    for (size_t k = 0; k < many->n; k++) {
        if (i < few->n && word_fits(few->items[i], many->items[k]))
            i++;
        else if (++skipped > 1)
            return false;
    }
    return i == few->n;
}

// A kube- name with the words of k, or one more, or (if k has three) one less.
static bool words_resemble(const struct words *name, const struct well_known *k)
{
    if (!k->kube || name->n < 2 || !str_eq(name->items[0], STR("kube")))
        return false;
    if (name->n == k->words.n || name->n == k->words.n + 1)
        return words_within(&k->words, name);
    return name->n + 1 == k->words.n && words_within(name, &k->words);
}

static size_t words_shared(const struct words *name, const struct words *k)
{
    size_t score = 0;
    for (size_t i = 0; i < name->n; i++) {
        size_t best = 0;
        for (size_t j = 0; j < k->n; j++)
            if (str_eq(name->items[i], k->items[j]))
                best = 2;
            else if (best == 0 && word_fits(name->items[i], k->items[j]))
                best = 1;
        score += best;
    }
    return score;
}

static struct str made_of_component_words(const struct names *names, const struct words *w)
{
    if (w->n < 2)
        return STR_NONE;
    for (size_t i = 0; i < w->n; i++)
        if (!sorted_has(names->vocabulary, names->n_vocabulary, w->items[i]))
            return STR_NONE;
    struct str best = STR_NONE;
    size_t best_score = 0;
    for (size_t i = 0; i < names->n_like; i++) {
        size_t score = words_shared(w, &names->like[i].words);
        if (score > best_score) {
            best_score = score;
            best = names->like[i].name;
        }
    }
    return best;
}

static bool reads_like(struct str name, struct str shape, const struct well_known *k)
{
    if (str_eq(shape, k->shape))
        return true;
    return k->name.len >= SLIP_MIN && name.len >= SLIP_MIN && one_slip(name, k->name);
}

// The part of an RBAC name that names a component: system:controller:kube-controller.
static struct str last_part(struct str name)
{
    size_t start = name.len;
    while (start > 0 && name.ptr[start - 1] != ':')
        start--;
    return str_slice(name, start, name.len);
}

static bool is_known(const struct names *names, struct str name)
{
    return sorted_has(names->known, names->n_known, name);
}

struct str names_resembled(const struct names *names, struct str s)
{
    char lower[NAME_MAX_BYTES], shape_text[NAME_MAX_BYTES];
    if (!s.len || s.len > NAME_MAX_BYTES)
        return STR_NONE;
    for (size_t i = 0; i < s.len; i++)
        lower[i] = char_lower(s.ptr[i]);
    struct str name = last_part(str_make(lower, s.len));
    if (is_known(names, name))
        return STR_NONE;
    if (names->generated)
        name = without_generated(name);
    if (!name.len || is_known(names, name))
        return STR_NONE;
    struct str shape = str_make(shape_text, shape_write(name, shape_text));
    struct words words = words_of(name);
    for (size_t i = 0; i < names->n_like; i++)
        if (reads_like(name, shape, &names->like[i]))
            return names->like[i].name;
    for (size_t i = 0; i < names->n_like; i++)
        if (words_resemble(&words, &names->like[i]))
            return names->like[i].name;
    return made_of_component_words(names, &words);
}

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// host holds k between other parts, and is not below it.
static bool host_wears(struct str host, struct str k)
{
    for (size_t at = str_find(host, k, 0); at != SIZE_MAX; at = str_find(host, k, at + 1)) {
        bool left = at == 0 || !is_host_char(host.ptr[at - 1]);
        bool right = at + k.len == host.len || !is_host_char(host.ptr[at + k.len]);
        bool below = at + k.len == host.len && at > 0 && host.ptr[at - 1] == '.';
        if (left && right && !below)
            return true;
    }
    return false;
}

static bool below_known(const struct names *names, struct str host)
{
    for (size_t dot = str_find_char(host, '.', 0); dot != SIZE_MAX; dot = str_find_char(host, '.', dot + 1))
        if (is_known(names, str_slice(host, dot + 1, host.len)))
            return true;
    return false;
}

struct str names_resembled_host(const struct names *names, struct str host)
{
    char lower[NAME_MAX_BYTES];
    if (!host.len || host.len > NAME_MAX_BYTES)
        return STR_NONE;
    for (size_t i = 0; i < host.len; i++)
        lower[i] = char_lower(host.ptr[i]);
    struct str name = str_slice(str_make(lower, host.len), 0, str_find_char(host, ':', 0)); // without its port
    if (is_known(names, name) || below_known(names, name))
        return STR_NONE;
    for (size_t i = 0; i < names->n_like; i++)
        if (str_find_char(names->like[i].name, '.', 0) != SIZE_MAX && host_wears(name, names->like[i].name))
            return names->like[i].name;
    return names_resembled(names, name);
}
