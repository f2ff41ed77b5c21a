// SPDX-License-Identifier: Apache-2.0
// Transforms of image references (src/event/image.c, the distribution reference grammar), as lists in CEL: what a text gives, none where it
// does not follow the grammar. CEL has no names for intermediate values; a list of one element, mapped again and again, takes their place.
#include "policy/expr.h"

// reference = [ domain "/" ] component { "/" component } [ ":" tag ] [ "@" digest ]; what comes first is a domain if it has a dot, a colon
// or an upper-case letter, or is localhost.
#define COMPONENT "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
#define PART      "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
#define DOMAIN    "(?:(?:" PART "(?:\\\\." PART ")*|\\\\[[a-fA-F0-9:]+\\\\])(?::[0-9]+)?/)?"
#define TAG       "(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?"
#define DIGEST    "(?:@sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128}))?"
#define REFERENCE "\\\\A" DOMAIN COMPONENT "(?:/" COMPONENT ")*" TAG DIGEST "\\\\z"
// What looks like one and is none: 64 hexadecimal digits are an image's identifier, and a domain has no underscore.
#define IMPOSTOR   "\\\\A(?:[0-9a-f]{64}(?:[:@]|\\\\z)|[^/]*(?:_[^/]*[.]|[.][^/]*_)[^/]*/)"
#define ON_HUB     "\\\\A(?:index\\\\.)?docker\\\\.io/"
#define HAS_DOMAIN "\\\\A(?:[^/]*[.:A-Z][^/]*|localhost)/"

// The text, if it is a reference.
#define VALID "[@@].filter(text, text.matches('" REFERENCE "') && !text.matches('" IMPOSTOR "'))"
// Registry and path, spelled out; nothing when the path is longer than 255.
#define NAMES                                                                                                                              \
    VALID ".map(text, text.split('@')[0])"                                                                                                 \
          ".map(text, text.matches(':[^/]*\\\\z') ? text.substring(0, text.lastIndexOf(':')) : text)"                                      \
          ".map(text, text.matches('" ON_HUB "') ? ['docker.io/', text.substring(text.indexOf('/') + 1)] : "                               \
          "[text.matches('" HAS_DOMAIN "') ? '' : '##/', text])"                                                                           \
          ".map(pair, pair[0] != 'docker.io/' || pair[1].contains('/') ? pair[0] + pair[1] : pair[0] + 'library/' + pair[1])"              \
          ".filter(text, size(text) - text.indexOf('/') <= 256)"
#define PATH ".map(text, text.substring(text.indexOf('/') + 1))"
// Of the text as it was, where its name is not too long.
#define TAIL(expression) NAMES ".map(text, @@)" expression

// Each @@ of a template is the value, each ## the registry of what names none.
static const struct made {
    struct str name;
    const char *list;
} all[] = {
    {STR("image_name"), NAMES},
    {STR("image_registry"), NAMES ".map(text, text.substring(0, text.indexOf('/')))"},
    {STR("image_repository"), NAMES PATH},
    {STR("image_account"), NAMES PATH ".filter(text, text.contains('/')).map(text, text.substring(0, text.indexOf('/')))"},
    {STR("image_basename"), NAMES ".map(text, text.substring(text.lastIndexOf('/') + 1))"},
    {STR("image_digest"), TAIL(".filter(text, text.contains('@')).map(text, text.split('@')[1])")},
    {STR("image_tag"), TAIL(".filter(text, !text.contains('@') || text.split('@')[0].matches(':[^/]*\\\\z'))"
                            ".map(text, text.split('@')[0])"
                            ".map(text, text.matches(':[^/]*\\\\z') ? text.substring(text.lastIndexOf(':') + 1) : 'latest')")},
};

// What image_parse does: another name of Docker Hub is docker.io, too.
static struct str registry_of(const struct cel *c)
{
    const struct str registry = dictionary_registry(c->dictionary);
    return registry.ptr && !str_eq(registry, STR("index.docker.io")) ? registry : STR("docker.io");
}

static void add_filled(struct buf *out, struct str template, struct str value, struct str registry)
{
    for (size_t i = 0; i < template.len; i++) {
        const struct str two = str_slice(template, i, i + 2 < template.len ? i + 2 : template.len);
        const bool is_value = str_eq(two, STR("@@")), is_registry = str_eq(two, STR("##"));
        if (is_value || is_registry)
            buf_add(out, is_value ? value : registry);
        else
            buf_add_char(out, template.ptr[i]);
        i += is_value || is_registry;
    }
}

bool cel_transform(struct cel *c, struct str name, struct str value, struct str *list)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!str_eq(all[i].name, name))
            continue;
        struct buf text;
        buf_init(&text, SIZE_MAX);
        add_filled(&text, str_from_c(all[i].list), value, registry_of(c));
        *list = arena_str(c->arena, buf_str(&text));
        buf_fini(&text);
        return true;
    }
    return false;
}
