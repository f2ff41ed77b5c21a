// SPDX-License-Identifier: Apache-2.0
#include "posture/components.h"

#include "base/map.h"
#include "base/status.h"
#include "base/vec.h"

#include <string.h>

enum { WORDS_MAX = 10000 };

static const struct str programs[] = {
    STR("kube-apiserver"), STR("kube-controller-manager"), STR("kube-scheduler"), STR("kubelet"), STR("kube-proxy"), STR("etcd")};

struct words {
    VEC(struct str) items;
};

// Command and arguments, word by word; a shell's line is taken apart, too.
static void add_words(struct words *w, const struct json_value *list)
{
    for (const struct json_value *v = list && list->kind == JSON_ARRAY ? list->first : NULL; v; v = v->next) {
        struct str rest = json_text(v);
        const bool is_line = str_find(rest, STR("kube"), 0) != SIZE_MAX && str_find_char(rest, ' ', 0) != SIZE_MAX && rest.ptr[0] != '-';
        while (rest.ptr && w->items.n < WORDS_MAX) {
            const struct str word = is_line ? str_trim(str_split(&rest, ' ')) : rest;
            if (!is_line)
                rest = STR_NONE;
            if (word.len)
                *vec_push(&w->items) = word;
        }
    }
}

static struct str base_name(struct str path)
{
    for (size_t i = path.len; i > 0; i--) {
        if (path.ptr[i - 1] == '/')
            return str_slice(path, i, path.len);
    }
    return path;
}

static struct str known_program(struct str word)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (!str_starts(word, STR("-")) && str_eq(base_name(word), programs[i]))
            return programs[i];
    }
    return STR_NONE;
}

// Where the words name what is run: the first, behind hyperkube, or anywhere in a shell's line.
static bool is_run_at(const struct words *w, size_t i)
{
    const struct str first = base_name(w->items.items[0]);
    return i == 0 || (i == 1 && str_eq(first, STR("hyperkube"))) || str_ends(first, STR("sh"));
}

// The program, and where its flags begin. STR_NONE: none of ours.
static struct str program_of(const struct words *w, struct str image, size_t *flags)
{
    const struct str name = base_name(image);
    for (size_t i = 0; i < w->items.n; i++) {
        const struct str program = is_run_at(w, i) ? known_program(w->items.items[i]) : STR_NONE;
        *flags = i + 1;
        if (program.ptr)
            return program;
    }
    *flags = 0; // only arguments are given: the image runs its own program
    const bool bare = w->items.n && str_starts(w->items.items[0], STR("-"));
    return bare ? known_program(str_slice(name, 0, str_find_char(name, ':', 0))) : STR_NONE;
}

// 20 of registry/kube-apiserver:v1.20.2
static bool minor_of(struct str image, uint64_t *out)
{
    const struct str name = base_name(image);
    struct str tag = str_slice(name, str_find(name, STR(":v1."), 0), name.len);
    size_t digits = 0;
    if (!tag.len)
        return false;
    tag = str_slice(tag, 4, tag.len);
    while (digits < tag.len && tag.ptr[digits] >= '0' && tag.ptr[digits] <= '9')
        digits++;
    uint64_t minor;
    const bool good = str_to_u64(str_slice(tag, 0, digits), &minor) && minor < 1000;
    *out = good ? minor : 0;
    return good;
}

static bool is_flag(struct str word)
{
    return word.len > 2 && str_starts(word, STR("--"));
}

static void write_flags(struct json_writer *j, const struct words *w, size_t from)
{
    struct map last = {0}; // of each flag the word that counts
    for (size_t i = from; i < w->items.n; i++) {
        const struct str word = w->items.items[i];
        if (is_flag(word))
            *map_put(&last, str_slice(word, 2, str_find_char(word, '=', 0)), NULL) = i;
    }
    json_key(j, STR("flag"));
    json_open_object(j);
    for (size_t i = from; i < w->items.n; i++) {
        const struct str word = w->items.items[i];
        const size_t equals = str_find_char(word, '=', 0);
        if (!is_flag(word) || *map_get(&last, str_slice(word, 2, equals)) != i)
            continue;
        struct str value = STR("true");
        if (equals != SIZE_MAX)
            value = str_slice(word, equals + 1, word.len);
        else if (i + 1 < w->items.n && !str_starts(w->items.items[i + 1], STR("-")))
            value = w->items.items[i + 1];
        json_key_string(j, str_slice(word, 2, equals), value);
    }
    json_close_object(j);
    map_fini(&last);
}

void components_of(const struct pod *pod, component_fn *tell, void *context)
{
    const struct json_value *container;
    struct words words = {0};
    struct buf text;
    buf_init(&text, SIZE_MAX);
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));) {
        const struct str image = json_text(json_get(container, STR("image")));
        size_t flags;
        uint64_t minor = 0;
        words.items.n = 0;
        add_words(&words, json_get(container, STR("command")));
        add_words(&words, json_get(container, STR("args")));
        const struct str program = program_of(&words, image, &flags);
        if (!program.ptr)
            continue;
        buf_clear(&text);
        struct json_writer w = json_writer_to(&text);
        json_open_object(&w);
        json_key_string(&w, STR("kind"), STR("Component"));
        json_key_string(&w, STR("component"), program);
        json_key(&w, STR("minor"));
        if (minor_of(image, &minor))
            json_number(&w, (int64_t)minor);
        else
            json_null(&w);
        write_flags(&w, &words, flags);
        json_close_object(&w);
        const size_t len = text.len;
        memset(must_alloc(buf_reserve(&text, JSON_PADDING)), 0, JSON_PADDING);
        tell(context, &(struct component){program, minor, str_make(text.ptr, len)});
    }
    vec_fini(&words.items);
    buf_fini(&text);
}
