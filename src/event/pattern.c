// SPDX-License-Identifier: Apache-2.0
// Path patterns of a dictionary:
//
//   pattern     = part { "." part }
//   part        = key | quoted | braces
//   key         = characters other than . " { } ,
//   quoted      = '"' any characters but '"' '"'           a key with dots in it
//   braces      = "{" name "}"                             every path of that set, its ranks added
//               | "{" fragment { "," fragment } "}"        each of these; a fragment is a pattern without braces
#include "event/dictionary.h"

#include <string.h>

enum { PATHS_MAX = 4096, KEYS_MAX = 32, DEPTH_MAX = 8, SETS_MAX = 256 };

struct set_entry {
    struct str name, pattern;
    unsigned rank;
};

struct path_sets {
    struct set_entry items[SETS_MAX];
    size_t n;
};

struct path_sets *path_sets_new(struct arena *a)
{
    return arena_new(a, struct path_sets);
}

bool path_sets_add(struct path_sets *sets, struct str name, struct str pattern, unsigned rank)
{
    if (sets->n == SETS_MAX)
        return false;
    sets->items[sets->n++] = (struct set_entry){name, pattern, rank};
    return true;
}

const char *expansion_text(enum expansion e)
{
    static const char *const texts[] = {
        [EXPANDED] = "it is well",
        [EXPANSION_SYNTAX] = "keys are divided by dots, keys with dots stand in double quotes, alternatives in braces",
        [EXPANSION_UNKNOWN_SET] = "the set in braces is not in `sets`",
        [EXPANSION_TOO_MANY] = "it stands for too many paths, or for too long ones",
        [EXPANSION_TOO_DEEP] = "sets refer to each other in a circle, or too deeply",
    };
    return texts[e];
}

// --- the state of one expansion ----------------------------------------------------------------------------------------------------

struct walk {
    const struct path_sets *sets;
    struct arena *arena;
    struct path_list *out;
    struct str keys[KEYS_MAX];
    size_t n;
    unsigned rank, depth;
};

// What follows a part: the rest of its pattern, then that of the patterns it stands in.
struct tail {
    struct str rest;
    const struct tail *outer;
};

static enum expansion walk_pattern(struct walk *w, struct str pattern, const struct tail *outer);

static enum expansion walk_end(struct walk *w)
{
    struct path_list *out = w->out;
    if (out->n == PATHS_MAX)
        return EXPANSION_TOO_MANY;
    if (out->n == out->cap) {
        size_t cap = out->cap ? out->cap * 2 : 64;
        struct field_path *items = arena_array(w->arena, struct field_path, cap);
        if (out->n)
            memcpy(items, out->items, out->n * sizeof *items);
        out->items = items;
        out->cap = cap;
    }
    struct str *keys = arena_array(w->arena, struct str, w->n);
    memcpy(keys, w->keys, w->n * sizeof *keys);
    out->items[out->n++] = (struct field_path){keys, w->n, w->rank};
    return EXPANDED;
}

// Behind a part: a dot and more of the pattern, or its end.
static enum expansion walk_after(struct walk *w, struct str rest, const struct tail *outer)
{
    if (rest.len) {
        if (rest.ptr[0] != '.' || rest.len == 1)
            return EXPANSION_SYNTAX;
        return walk_pattern(w, str_slice(rest, 1, rest.len), outer);
    }
    return outer ? walk_after(w, outer->rest, outer->outer) : walk_end(w);
}

static enum expansion walk_key(struct walk *w, struct str key, struct str rest, const struct tail *outer)
{
    if (!key.len)
        return EXPANSION_SYNTAX;
    if (w->n == KEYS_MAX)
        return EXPANSION_TOO_MANY;
    w->keys[w->n++] = key;
    enum expansion e = walk_after(w, rest, outer);
    w->n--;
    return e;
}

static enum expansion walk_set(struct walk *w, struct str name, const struct tail *after)
{
    bool found = false;
    for (size_t i = 0; i < w->sets->n; i++) {
        const struct set_entry *entry = &w->sets->items[i];
        if (!str_eq(entry->name, name))
            continue;
        found = true;
        w->rank += entry->rank;
        enum expansion e = walk_pattern(w, entry->pattern, after);
        w->rank -= entry->rank;
        if (e != EXPANDED)
            return e;
    }
    return found ? EXPANDED : EXPANSION_UNKNOWN_SET;
}

// Where a fragment ends: at a comma outside quotes.
static size_t fragment_end(struct str s)
{
    bool quoted = false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            quoted = !quoted;
        else if (s.ptr[i] == ',' && !quoted)
            return i;
    }
    return s.len;
}

static enum expansion walk_braces(struct walk *w, struct str inside, struct str rest, const struct tail *outer)
{
    const struct tail after = {rest, outer};
    if (fragment_end(inside) == inside.len)
        return walk_set(w, inside, &after);
    while (inside.ptr) {
        size_t end = fragment_end(inside);
        enum expansion e = walk_pattern(w, str_trim(str_slice(inside, 0, end)), &after);
        if (e != EXPANDED)
            return e;
        inside = end == inside.len ? STR_NONE : str_slice(inside, end + 1, inside.len);
    }
    return EXPANDED;
}

static enum expansion walk_part(struct walk *w, struct str pattern, const struct tail *outer)
{
    char first = pattern.len ? pattern.ptr[0] : 0;
    if (first == '"' || first == '{') {
        size_t end = str_find_char(pattern, first == '"' ? '"' : '}', 1);
        if (end == SIZE_MAX)
            return EXPANSION_SYNTAX;
        struct str inside = str_slice(pattern, 1, end), rest = str_slice(pattern, end + 1, pattern.len);
        return first == '"' ? walk_key(w, inside, rest, outer) : walk_braces(w, inside, rest, outer);
    }
    size_t end = 0;
    while (end < pattern.len && !memchr(".\"{},", pattern.ptr[end], 5))
        end++;
    return walk_key(w, str_slice(pattern, 0, end), str_slice(pattern, end, pattern.len), outer);
}

static enum expansion walk_pattern(struct walk *w, struct str pattern, const struct tail *outer)
{
    if (w->depth == DEPTH_MAX * KEYS_MAX)
        return EXPANSION_TOO_DEEP;
    w->depth++;
    enum expansion e = walk_part(w, pattern, outer);
    w->depth--;
    return e;
}

enum expansion pattern_expand(const struct path_sets *sets, struct str pattern, unsigned rank, struct arena *a, struct path_list *out)
{
    struct walk w = {.sets = sets, .arena = a, .out = out, .rank = rank};
    return walk_pattern(&w, pattern, NULL);
}

// --- the finished list -------------------------------------------------------------------------------------------------------------

static uint64_t hash_of(const struct field_path *path)
{
    uint64_t hash = path->n;
    for (size_t i = 0; i < path->n; i++)
        hash = hash_mix(hash, str_hash(path->keys[i]));
    return hash;
}

static void sort_by_rank(struct path_list *list)
{
    for (size_t i = 1; i < list->n; i++) { // stable insertion: ranks are few and mostly in order
        struct field_path path = list->items[i];
        size_t at = i;
        for (; at > 0 && list->items[at - 1].rank > path.rank; at--)
            list->items[at] = list->items[at - 1];
        list->items[at] = path;
    }
}

void path_list_finish(struct path_list *list)
{
    uint16_t places[PATHS_MAX * 2]; // by hash: index + 1 of a path that stays
    size_t size = 1, n = 0;
    sort_by_rank(list);
    while (size < list->n * 2)
        size *= 2;
    memset(places, 0, size * sizeof *places);
    for (size_t i = 0; i < list->n; i++) {
        size_t at = hash_of(&list->items[i]) & (size - 1);
        while (places[at] && !field_path_eq(&list->items[places[at] - 1], &list->items[i]))
            at = (at + 1) & (size - 1);
        if (places[at])
            continue;
        list->items[n++] = list->items[i];
        places[at] = (uint16_t)n;
    }
    list->n = n;
}
