// SPDX-License-Identifier: Apache-2.0
#include "header.h"

static const struct str level_names[] = {
    [LEVEL_INFORMATIONAL] = STR("informational"), [LEVEL_LOW] = STR("low"), [LEVEL_MEDIUM] = STR("medium"), [LEVEL_HIGH] = STR("high"),
    [LEVEL_CRITICAL] = STR("critical"),
};

struct str rule_level_name(enum rule_level level)
{
    return level_names[level];
}

bool rule_level_parse(struct str s, enum rule_level *out)
{
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++)
        if (str_eq_ci(level_names[i], s)) {
            *out = (enum rule_level)i;
            return true;
        }
    return false;
}

// Lower-case letters and digits of the title, anything else a hyphen: the id of a rule that has neither id nor name.
static struct str slug(struct arena *a, struct str title)
{
    char *text = arena_alloc(a, title.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < title.len; i++) {
        char c = char_lower(title.ptr[i]);
        bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        if (kept)
            text[len++] = c;
        else if (len && text[len - 1] != '-')
            text[len++] = '-';
    }
    while (len && text[len - 1] == '-')
        len--;
    return len ? str_make(text, len) : STR("untitled");
}

static struct str identity(const struct document *d, const struct rule *r, unsigned ordinal)
{
    struct str id = kept_text(d, yaml_get(d->root, STR("id")));
    if (!id.len)
        return r->name.len ? r->name : slug(d->c->arena, r->title);
    return ordinal > 1 ? arena_printf(d->c->arena, "%.*s-%u", STR_ARG(id), ordinal) : id;
}

static bool read_logsource(const struct document *d, struct rule *r)
{
    const struct yaml_value *v = yaml_get(d->root, STR("logsource"));
    if (r->kind == RULE_CORRELATION && !v)
        return true;
    if (!v || v->kind != YAML_MAP) {
        refuse(d, v ? key_place(d, v) : value_place(d, d->root), v ? "logsource must be a map" : "there is no logsource");
        return false;
    }
    r->product = kept_text(d, yaml_get(v, STR("product")));
    r->category = kept_text(d, yaml_get(v, STR("category")));
    r->service = kept_text(d, yaml_get(v, STR("service")));
    if (r->product.ptr || r->category.ptr || r->service.ptr || r->kind == RULE_CORRELATION)
        return true;
    refuse(d, key_place(d, v), "logsource names no product, category or service");
    return false;
}

bool header_read(struct draft *dr, unsigned ordinal)
{
    const struct document *d = &dr->document;
    struct rule *r = &dr->rule;
    const struct yaml_value *root = d->root;
    r->file = arena_str(d->c->arena, d->source.name);
    r->line = root->line;
    r->title = kept_text(d, yaml_get(root, STR("title")));
    r->name = kept_text(d, yaml_get(root, STR("name")));
    r->id = identity(d, r, ordinal);
    r->description = kept_text(d, yaml_get(root, STR("description")));
    r->status = kept_text(d, yaml_get(root, STR("status")));
    r->author = kept_text(d, yaml_get(root, STR("author")));
    r->date = kept_text(d, yaml_get(root, STR("date")));
    r->advice = kept_text(d, yaml_get(root, STR("response")));
    r->tags = kept_list(d, yaml_get(root, STR("tags")), &r->n_tags);
    r->references = kept_list(d, yaml_get(root, STR("references")), &r->n_references);
    r->false_positives = kept_list(d, yaml_get(root, STR("falsepositives")), &r->n_false_positives);
    r->level = LEVEL_MEDIUM;
    (void)rule_level_parse(yaml_text(yaml_get(root, STR("level"))), &r->level); // lint says when it is none of the five
    if (!r->title.len) {
        refuse(d, value_place(d, root), "there is no title");
        return false;
    }
    return read_logsource(d, r);
}
