// SPDX-License-Identifier: Apache-2.0
// Regular expressions: PCRE2, which rules are written in, and RE2, which CEL has. What both read alike is passed on; what they read in two
// ways is written so that RE2 finds the same; the rest is refused. (pcre2pattern(3); github.com/google/re2/wiki/Syntax)
//
//   \s        has the vertical tab in PCRE2        ->  [\t\n\v\f\r ]
//   $         also stands before a last newline    ->  (?:\n?\z), where nothing follows that the newline could be part of
//   \Z, \h, \R, \K, back references, lookaround, atomic groups, possessive repeats, recursion, verbs, comments: refused
#include "policy/policy.h"

enum { DEPTH_MAX = 64, REPEAT_MAX = 1000 }; // RE2 repeats 1000 times at most

struct reading {
    struct str in;
    size_t at;
    struct buf out;
    const char *why;
    bool multiline;
    unsigned depth;
    bool ended[DEPTH_MAX + 1];  // at that depth: behind a $ in this alternative
    bool before[DEPTH_MAX + 1]; // in an alternative before
    bool repeatable;            // what stands before can be repeated
};

static bool refuse(struct reading *r, const char *why)
{
    r->why = r->why ? r->why : why;
    return false;
}

static char peek(const struct reading *r, size_t ahead)
{
    return r->at + ahead < r->in.len ? r->in.ptr[r->at + ahead] : '\0';
}

// Something that takes a character. Behind a $ it could only be the last newline.
static bool begin_atom(struct reading *r)
{
    for (unsigned i = 0; i <= r->depth; i++) {
        if (r->ended[i])
            return refuse(r, "something follows $");
    }
    r->repeatable = true;
    return true;
}

static bool is_word(char c)
{
    return (char_lower(c) >= 'a' && char_lower(c) <= 'z') || (c >= '0' && c <= '9');
}

// A backslash and what follows, outside of a class.
static bool read_escape(struct reading *r)
{
    const char c = peek(r, 1);
    r->at += 2;
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z') {
        buf_addf(&r->out, "\\%c", c);
        r->repeatable = false;
        return true;
    }
    if (!begin_atom(r))
        return false;
    if (c == 's')
        buf_add(&r->out, STR("[\\t\\n\\v\\f\\r ]"));
    else if (c == 'S')
        buf_add(&r->out, STR("[^\\t\\n\\v\\f\\r ]"));
    else if (c == 'd' || c == 'D' || c == 'w' || c == 'W' || c == 'n' || c == 't' || c == 'r' || c == 'f')
        buf_addf(&r->out, "\\%c", c);
    else if (c > 0x20 && c < 0x7f && !is_word(c))
        buf_addf(&r->out, "\\%c", c);
    else
        return refuse(r, "an escape that RE2 lacks or reads in another way");
    return true;
}

static bool read_class_escape(struct reading *r)
{
    const char c = peek(r, 1);
    r->at += 2;
    if (c == 's')
        buf_add(&r->out, STR("\\t\\n\\v\\f\\r "));
    else if (c == 'd' || c == 'w' || c == 'D' || c == 'W' || c == 'n' || c == 't' || c == 'r' || c == 'f' ||
             (c > 0x20 && c < 0x7f && !is_word(c)))
        buf_addf(&r->out, "\\%c", c);
    else
        return refuse(r, "an escape in a class that RE2 lacks or reads in another way");
    return true;
}

static bool read_class(struct reading *r)
{
    if (!begin_atom(r))
        return false;
    buf_add_char(&r->out, '[');
    r->at++;
    if (peek(r, 0) == '^') {
        buf_add_char(&r->out, '^');
        r->at++;
    }
    for (bool first = true; r->at < r->in.len; first = false) {
        const char c = peek(r, 0);
        if (c == ']' && !first) {
            buf_add_char(&r->out, ']');
            r->at++;
            return true;
        }
        if (c == '[')
            return refuse(r, "a bracket within a class");
        if (c == '\\') {
            if (!read_class_escape(r))
                return false;
            continue;
        }
        if (c == ']')
            buf_add_char(&r->out, '\\');
        buf_add_char(&r->out, c);
        r->at++;
    }
    return refuse(r, "a class without end");
}

static bool open_group(struct reading *r)
{
    if (peek(r, 1) == '*' || (peek(r, 1) == '?' && peek(r, 2) != ':'))
        return refuse(r, "a group that RE2 lacks or reads in another way");
    if (r->depth == DEPTH_MAX)
        return refuse(r, "groups too deep");
    buf_add(&r->out, STR("(?:"));
    r->at += peek(r, 1) == '?' ? 3 : 1;
    r->depth++;
    r->ended[r->depth] = r->before[r->depth] = false;
    r->repeatable = false;
    return true;
}

static bool close_group(struct reading *r)
{
    if (!r->depth)
        return refuse(r, "a parenthesis too many");
    const bool ended = r->ended[r->depth] || r->before[r->depth];
    r->ended[r->depth] = r->before[r->depth] = false;
    r->depth--;
    r->ended[r->depth] = r->ended[r->depth] || ended;
    buf_add_char(&r->out, ')');
    r->at++;
    r->repeatable = !ended;
    return true;
}

// {n}, {n,}, {n,m}: its size, 0 when the brace is a plain character.
static size_t repeat_size(const struct reading *r, bool *too_often)
{
    size_t i = 1;
    unsigned n = 0;
    bool digits = false, comma = false;
    for (;; i++) {
        const char c = peek(r, i);
        if (c >= '0' && c <= '9') {
            n = n < 100000 ? n * 10 + (unsigned)(c - '0') : n;
            digits = true;
        } else if (c == ',' && digits && !comma) {
            comma = true;
            *too_often = *too_often || n > REPEAT_MAX;
            n = 0;
        } else {
            break;
        }
    }
    *too_often = *too_often || n > REPEAT_MAX;
    return digits && peek(r, i) == '}' ? i + 1 : 0;
}

static bool read_repeat(struct reading *r, size_t size)
{
    if (!r->repeatable)
        return refuse(r, "a repeat of nothing, or of $");
    buf_add(&r->out, str_slice(r->in, r->at, r->at + size));
    r->at += size;
    r->repeatable = false;
    if (peek(r, 0) == '+')
        return refuse(r, "a possessive repeat");
    if (peek(r, 0) == '?') { // lazy: what is found is the same, only how much of it is not
        buf_add_char(&r->out, '?');
        r->at++;
    }
    return true;
}

static bool read_brace(struct reading *r)
{
    bool too_often = false;
    const size_t size = repeat_size(r, &too_often);
    if (too_often)
        return refuse(r, "a repeat of more than 1000");
    if (size)
        return read_repeat(r, size);
    if (!begin_atom(r))
        return false;
    buf_add(&r->out, STR("\\{"));
    r->at++;
    return true;
}

static bool read_plain(struct reading *r, char c)
{
    if (!begin_atom(r))
        return false;
    if (c == ']' || c == '}')
        buf_add_char(&r->out, '\\');
    do { // all bytes of a character of UTF-8: a repeat is about them all
        buf_add_char(&r->out, r->in.ptr[r->at++]);
    } while ((unsigned char)peek(r, 0) >> 6 == 2);
    return true;
}

static bool read_one(struct reading *r)
{
    const char c = peek(r, 0);
    switch (c) {
    case '\\':
        return read_escape(r);
    case '[':
        return read_class(r);
    case '(':
        return open_group(r);
    case ')':
        return close_group(r);
    case '{':
        return read_brace(r);
    case '*':
    case '+':
    case '?':
        return read_repeat(r, 1);
    case '|':
        r->before[r->depth] = r->before[r->depth] || r->ended[r->depth];
        r->ended[r->depth] = r->repeatable = false;
        break;
    case '^':
        r->repeatable = false;
        break;
    case '$':
        if (r->multiline)
            return refuse(r, "$ at every line");
        buf_add(&r->out, STR("(?:\\n?\\z)"));
        r->ended[r->depth] = true;
        r->repeatable = false;
        r->at++;
        return true;
    default:
        return read_plain(r, c);
    }
    buf_add_char(&r->out, c);
    r->at++;
    return true;
}

struct str cel_regex(struct arena *a, struct str pattern, unsigned flags, struct str *why)
{
    struct reading r = {.in = pattern, .multiline = flags & REGEX_M};
    struct str made = STR_NONE;
    buf_init(&r.out, SIZE_MAX);
    if (flags)
        buf_addf(&r.out, "(?%s%s%s)", flags & REGEX_I ? "i" : "", flags & REGEX_M ? "m" : "", flags & REGEX_S ? "s" : "");
    while (!r.why && r.at < r.in.len && read_one(&r))
        continue;
    if (!r.why && r.depth)
        r.why = "a group without end";
    if (r.why)
        *why = str_from_c(r.why);
    else
        made = arena_str(a, buf_str(&r.out));
    buf_fini(&r.out);
    return made;
}
