// SPDX-License-Identifier: Apache-2.0
// Rules: every modifier, lists, maps, keywords, null, the same element, and the condition grammar. A rule that the compiler refuses is
// no loss, but most are meant to be accepted.
#include "generate.h"
#include "vocabulary.h"

enum { SELECTIONS_MAX = 5 };

// Single-quoted YAML, or double-quoted when the text has bytes that a line cannot show.
static void put_quoted(struct buf *out, struct str s)
{
    bool plain = true;
    for (size_t i = 0; i < s.len; i++)
        plain = plain && (unsigned char)s.ptr[i] >= 0x20;
    buf_add_char(out, plain ? '\'' : '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.ptr[i];
        if (plain ? byte == '\'' : byte == '"' || byte == '\\')
            buf_add_char(out, plain ? '\'' : '\\');
        if (byte < 0x20)
            buf_addf(out, "\\x%02x", byte);
        else
            buf_add_char(out, (char)byte);
    }
    buf_add_char(out, plain ? '\'' : '"');
}

// A word as Sigma writes it: as it is (so that its * ? \ mean something), or escaped, or with wildcards put in.
static void put_pattern(struct chance *c, struct buf *out)
{
    struct buf text;
    struct str word = vocabulary_word(c);
    unsigned shape = chance_below(c, 10);
    buf_init(&text, 4096);
    if (shape == 0 || shape == 1)
        buf_add_char(&text, '*');
    size_t cut = chance_below(c, (unsigned)word.len + 1);
    while (cut < word.len && (word.ptr[cut] & 0xc0) == 0x80)
        cut++; // not inside a character
    for (size_t i = 0; i < word.len; i++) {
        char byte = word.ptr[i];
        if ((shape == 2 || shape == 3) && i == cut)
            buf_add(&text, shape == 2 ? STR("*") : STR("?"));
        if (shape == 3 && i == cut && (byte & 0x80) == 0)
            continue; // the ? stands for it
        if (shape == 4 && (byte == '*' || byte == '?' || byte == '\\'))
            buf_add_char(&text, '\\');
        buf_add_char(&text, chance_below(c, 30) ? byte : byte >= 'a' && byte <= 'z' ? (char)(byte - 32) : byte);
    }
    if (shape == 1 || shape == 5)
        buf_add_char(&text, '*');
    put_quoted(out, buf_str(&text));
    buf_fini(&text);
}

static void put_number(struct chance *c, struct buf *out)
{
    static const char *const numbers[] = {"5", "5.0", "-1", "0", "17", "4.5", "9007199254740993", "1704164645", "0x5", "5e0"};
    buf_add(out, str_from_c(numbers[chance_below(c, 10)]));
}

static void put_plain(struct chance *c, struct buf *out)
{
    unsigned kind = chance_below(c, 12);
    if (kind == 0)
        put_number(c, out);
    else if (kind == 1)
        buf_add(out, chance_below(c, 2) ? STR("true") : STR("false"));
    else
        put_pattern(c, out);
}

static void put_regex(struct chance *c, struct buf *out)
{
    static const char *const patterns[] = {"^foo",       "bar$",   "fo+",    "(foo|baz)bar", "^$", "a.b",
                                           "[0-9]+\\.0", "^.{3}$", "^\\w+$", "t\xc3\xa9",    "x|y"};
    put_quoted(out, str_from_c(patterns[chance_below(c, 11)]));
}

static void put_cidr(struct chance *c, struct buf *out)
{
    static const char *const networks[] = {"10.0.0.0/8", "10.0.0.0/31", "192.168.0.0/16", "fe80::/10", "0.0.0.0/0", "::/0", "10.1.2.3/32"};
    put_quoted(out, str_from_c(networks[chance_below(c, 7)]));
}

static void put_field_name(struct chance *c, struct buf *out)
{
    put_quoted(out, vocabulary_path(c));
}

// Long enough, and without wildcards.
static void put_encodable(struct chance *c, struct buf *out)
{
    static const char *const words[] = {"foo", "foobar", "xmrig", "t\xc3\xa9", "cmd -enc foo"};
    put_quoted(out, str_from_c(words[chance_below(c, 5)]));
}

static void put_calendar(struct chance *c, struct buf *out)
{
    static const char *const parts[] = {"3", "1", "2", "12", "4", "5", "10"};
    buf_add(out, str_from_c(parts[chance_below(c, 7)]));
}

static void put_bool(struct chance *c, struct buf *out)
{
    buf_add(out, chance_below(c, 2) ? STR("true") : STR("false"));
}

static void put_null(struct chance *c, struct buf *out)
{
    (void)c;
    buf_add(out, STR("null"));
}

static const struct kind {
    const char *modifiers;
    void (*put)(struct chance *c, struct buf *out);
    bool list; // several values are allowed
    bool all;  // and |all
} kinds[] = {
    {"", put_plain, true, false},
    {"", put_plain, true, false},
    {"", put_plain, true, false},
    {"", put_null, false, false},
    {"|cased", put_pattern, true, false},
    {"|contains", put_pattern, true, true},
    {"|contains", put_pattern, true, true},
    {"|contains|cased", put_pattern, true, true},
    {"|startswith", put_pattern, true, false},
    {"|startswith|cased", put_pattern, true, false},
    {"|endswith", put_pattern, true, false},
    {"|endswith|cased", put_pattern, true, false},
    {"|re", put_regex, true, true},
    {"|re|i", put_regex, true, false},
    {"|re|m|s", put_regex, true, false},
    {"|cidr", put_cidr, true, false},
    {"|lt", put_number, false, false},
    {"|lte", put_number, false, false},
    {"|gt", put_number, false, false},
    {"|gte", put_number, false, false},
    {"|exists", put_bool, false, false},
    {"|fieldref", put_field_name, true, false},
    {"|fieldref|contains", put_field_name, true, false},
    {"|fieldref|startswith", put_field_name, false, false},
    {"|fieldref|endswith", put_field_name, false, false},
    {"|neq", put_plain, true, false},
    {"|windash", put_pattern, true, false},
    {"|windash|contains", put_pattern, true, true},
    {"|base64offset|contains", put_encodable, true, false},
    {"|base64", put_encodable, false, false},
    {"|minute", put_calendar, true, false},
    {"|hour", put_calendar, true, false},
    {"|day", put_calendar, true, false},
    {"|week", put_calendar, true, false},
    {"|month", put_calendar, true, false},
};

static void put_list(struct chance *c, struct buf *out, const struct kind *kind)
{
    unsigned n = chance_below(c, 8) ? 2 + chance_below(c, 3) : 20; // long ones become sets
    buf_add_char(out, '[');
    for (unsigned i = 0; i < n; i++) {
        if (i)
            buf_add(out, STR(", "));
        kind->put(c, out);
    }
    buf_add_char(out, ']');
}

// `'field|modifiers': value`
static void put_item(struct chance *c, struct buf *out, struct str field)
{
    const struct kind *kind = &kinds[chance_below(c, sizeof kinds / sizeof kinds[0])];
    bool list = kind->list && chance_below(c, 3) == 0;
    buf_addf(out, "'%.*s%s%s': ", STR_ARG(field), kind->modifiers, list && kind->all && chance_below(c, 2) ? "|all" : "");
    if (list)
        put_list(c, out, kind);
    else
        kind->put(c, out);
    buf_add_char(out, '\n');
}

static struct str field_name(struct chance *c, bool dictionary)
{
    static const struct str names[] = {{"t.ranked", 8}, {"t.image", 7},     {"t.account", 9}, {"t.first", 7},
                                       {"t.last", 6},   {"t.deferred", 10}, {"t.many", 6}};
    return dictionary && chance_below(c, 3) == 0 ? names[chance_below(c, 7)] : vocabulary_path(c);
}

static void put_same(struct chance *c, struct buf *out, bool dictionary)
{
    static const struct str inner[] = {{"a", 1}, {"b", 1}, {"image", 5}, {"a.b", 3}, {"list", 4}, {"c", 1}};
    static const char *const scopes[] = {"list", "containers", "spec.containers", "a", "a.b"};
    const char *scope = dictionary && chance_below(c, 2) ? "t.element" : scopes[chance_below(c, 5)];
    buf_addf(out, "'%s|same':\n", scope);
    for (unsigned i = 0, n = 1 + chance_below(c, 3); i < n; i++) {
        buf_add(out, STR("      "));
        put_item(c, out, dictionary && chance_below(c, 3) == 0 ? STR("image.account") : inner[(chance_below(c, 2) + 2 * i) % 6]);
    }
}

static void put_map(struct chance *c, struct buf *out, const char *indent, bool dictionary)
{
    unsigned n = 1 + chance_below(c, 3);
    for (unsigned i = 0; i < n; i++) {
        buf_add(out, str_from_c(i == 0 && indent[0] == '-' ? "    - " : indent[0] == '-' ? "      " : "    "));
        if (indent[0] != '-' && chance_below(c, 12) == 0)
            put_same(c, out, dictionary);
        else
            put_item(c, out, field_name(c, dictionary));
    }
}

static void put_keywords(struct chance *c, struct buf *out)
{
    static const char *const keys[] = {"|all", "|re", "|contains", "|contains|all", "|cased", "|startswith"};
    if (chance_below(c, 2)) {
        for (unsigned i = 0, n = 1 + chance_below(c, 3); i < n; i++) {
            buf_add(out, STR("    - "));
            put_plain(c, out);
            buf_add_char(out, '\n');
        }
        return;
    }
    unsigned which = chance_below(c, 6);
    buf_addf(out, "    '%s': [", keys[which]);
    for (unsigned i = 0; i < 2; i++) {
        if (i)
            buf_add(out, STR(", "));
        (which == 1 ? put_regex : put_pattern)(c, out);
    }
    buf_add(out, STR("]\n"));
}

static void put_selection(struct chance *c, struct buf *out, unsigned number, bool dictionary)
{
    buf_addf(out, "  %s%u:\n", number % 2 ? "sel_" : "filter_", number);
    unsigned kind = chance_below(c, 8);
    if (kind == 0)
        put_keywords(c, out);
    else if (kind == 1)
        for (unsigned i = 0, n = 1 + chance_below(c, 3); i < n; i++)
            put_map(c, out, "-", dictionary);
    else
        put_map(c, out, "", dictionary);
}

static void put_condition(struct chance *c, struct buf *out, unsigned n_selections, unsigned depth)
{
    static const char *const groups[] = {"1 of sel_*",  "all of sel_*", "1 of filter_*", "1 of them",
                                         "all of them", "2 of them",    "any of them"};
    unsigned kind = depth ? chance_below(c, 7) : 6;
    unsigned selection = chance_below(c, n_selections);
    switch (kind) {
    case 0:
        buf_add(out, STR("not "));
        put_condition(c, out, n_selections, 0);
        return;
    case 1:
        buf_add(out, STR("not ("));
        put_condition(c, out, n_selections, depth - 1);
        buf_add_char(out, ')');
        return;
    case 2:
    case 3:
        buf_add_char(out, '(');
        put_condition(c, out, n_selections, depth - 1);
        buf_add(out, kind == 2 ? STR(") and ") : STR(") or "));
        put_condition(c, out, n_selections, depth - 1);
        return;
    case 4:
        put_condition(c, out, n_selections, 0);
        buf_add(out, chance_below(c, 2) ? STR(" and ") : STR(" or "));
        put_condition(c, out, n_selections, depth - 1);
        return;
    case 5:
        buf_add(out, str_from_c(groups[n_selections > 1 ? chance_below(c, 7) : 2]));
        return;
    default:
        buf_addf(out, "%s%u", selection % 2 ? "sel_" : "filter_", selection);
    }
}

void generate_rule(struct chance *c, struct buf *out, unsigned number, bool dictionary)
{
    unsigned n = 1 + chance_below(c, SELECTIONS_MAX);
    buf_addf(out, "title: rule %u\nname: rule_%02u\nlogsource:\n  product: kubernetes\ndetection:\n", number, number);
    for (unsigned i = 0; i < n; i++)
        put_selection(c, out, i, dictionary);
    buf_add(out, STR("  condition: "));
    put_condition(c, out, n, 3);
    buf_add(out, STR("\n"));
}
