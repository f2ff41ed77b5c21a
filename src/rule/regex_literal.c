// SPDX-License-Identifier: Apache-2.0
// What stands in every text that a regular expression matches (pcre2pattern(3)). Most texts do not hold it, and need not be tried.
#include "regex.h"

#include "rule/rule.h"

#include <string.h>

// Only the outermost sequence is looked at: groups, classes and whatever may be absent divide it. Anything that is not plainly understood
// makes the whole expression one of which nothing is known.
struct reading {
    struct str pattern;
    size_t at;
    bool caseless;
    bool lost;          // something that was not understood, or alternatives
    struct str run;     // literal bytes that follow each other, in room
    struct str longest; // of the runs before, in longest_room
    char *room, *longest_room;
};

static char peek(const struct reading *r, size_t ahead)
{
    return r->at + ahead < r->pattern.len ? r->pattern.ptr[r->at + ahead] : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void end_run(struct reading *r)
{
    if (r->run.len > r->longest.len) {
        memcpy(r->longest_room, r->room, r->run.len);
        r->longest = str_make(r->longest_room, r->run.len);
    }
    r->run = str_make(r->room, 0);
}

// {2}, {2,}, {2,5}: how many bytes that takes; 0 if it is not that.
static size_t braces(const struct reading *r)
{
    size_t n = 1;
    while (is_digit(peek(r, n)))
        n++;
    if (n == 1)
        return 0;
    if (peek(r, n) == ',')
        n++;
    while (is_digit(peek(r, n)))
        n++;
    return peek(r, n) == '}' ? n + 1 : 0;
}

enum repeated { ONCE, AGAIN, PERHAPS }; // at least once and more; or not at all

static enum repeated read_quantifier(struct reading *r)
{
    enum repeated how = ONCE;
    const char c = peek(r, 0);
    if (c == '*' || c == '?' || c == '+') {
        how = c == '+' ? AGAIN : PERHAPS;
        r->at++;
    } else if (c == '{') {
        const size_t size = braces(r);
        r->lost = r->lost || size == 0;
        how = PERHAPS;
        r->at += size;
    }
    if (how != ONCE && (peek(r, 0) == '?' || peek(r, 0) == '+')) // lazy, possessive
        r->at++;
    return how;
}

// Under UTF, K and S have a third case: U+212A and U+017F.
static bool stands_for_itself(const struct reading *r, char c)
{
    return (unsigned char)c < 0x80 && c && !(r->caseless && strchr("kKsS", c));
}

static void take_literal(struct reading *r, char c)
{
    r->at++;
    const enum repeated how = read_quantifier(r);
    if (how == PERHAPS || !stands_for_itself(r, c)) {
        end_run(r);
        return;
    }
    r->room[r->run.len++] = c;
    if (how == AGAIN)
        end_run(r);
}

// What is no literal ends a run, however often it stands there.
static void take_other(struct reading *r, size_t size)
{
    r->at += size;
    end_run(r);
    (void)read_quantifier(r);
}

static void take_escape(struct reading *r)
{
    const char c = peek(r, 1);
    const bool is_word = is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)c >= 0x80 || !c;
    if (!is_word) {
        r->at++;
        take_literal(r, c);
    } else if (strchr("dDwWsSbBhHvVAZzR", c) && c) {
        take_other(r, 2);
    } else {
        r->lost = true;
    }
}

// The size of [...] at r->at + from; 0 if it does not end.
static size_t class_size(const struct reading *r, size_t from)
{
    size_t n = from + 1;
    n += peek(r, n) == '^';
    n += peek(r, n) == ']';
    for (; r->at + n < r->pattern.len; n++) {
        const char c = peek(r, n);
        if (c == ']')
            return n + 1 - from;
        if (c == '\\')
            n++;
        else if (c == '[' && strchr(":.=", peek(r, n + 1)))
            return 0; // [:alpha:] and its like: left alone
    }
    return 0;
}

// The size of the group at r->at; 0 if it is not plainly understood.
static size_t group_size(const struct reading *r)
{
    unsigned depth = 0;
    for (size_t n = 0; r->at + n < r->pattern.len; n++) {
        const char c = peek(r, n);
        if (c == '\\') {
            n++;
        } else if (c == '[') {
            const size_t size = class_size(r, n);
            if (!size)
                return 0;
            n += size - 1;
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && --depth == 0) {
            return n + 1;
        }
    }
    return 0;
}

static void take_some(struct reading *r, size_t size)
{
    r->lost = r->lost || size == 0;
    take_other(r, size);
}

static void read_one(struct reading *r)
{
    switch (peek(r, 0)) {
    case '\\':
        take_escape(r);
        break;
    case '[':
        take_some(r, class_size(r, 0));
        break;
    case '(':
        take_some(r, group_size(r));
        break;
    case '.':
    case '^':
    case '$':
        take_other(r, 1);
        break;
    case '|':
    case ')':
    case '*':
    case '+':
    case '?':
    case '{':
    case 0:
        r->lost = true;
        break;
    default:
        take_literal(r, peek(r, 0));
    }
}

// Verbs, options set inside, comments, quoted runs: rare, and each with rules of its own.
static bool is_unusual(struct str pattern)
{
    static const char *const unusual[] = {"(*",  "(?#", "\\Q", "\\E", "(?i", "(?m", "(?s", "(?x",
                                          "(?n", "(?J", "(?U", "(?-", "(?^", "(?|", "\\K"};
    for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++)
        if (str_find(pattern, str_from_c(unusual[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

struct str regex_literal(struct arena *a, struct str pattern, unsigned flags)
{
    if (!pattern.len || is_unusual(pattern))
        return STR_NONE;
    struct reading r = {.pattern = pattern, .caseless = flags & REGEX_I};
    r.room = arena_alloc(a, pattern.len);
    r.longest_room = arena_alloc(a, pattern.len);
    r.run = str_make(r.room, 0);
    while (r.at < pattern.len && !r.lost)
        read_one(&r);
    end_run(&r);
    return r.lost ? STR_NONE : r.longest;
}
