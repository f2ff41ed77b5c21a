// SPDX-License-Identifier: Apache-2.0
// The scanner itself, compiled once for each instruction set. The including file defines, before including this one:
//
//   struct masks look_quotes(const char *p)     64 bytes at p: where are quotes, backslashes, control characters
//   struct masks look_brackets(const char *p)   the same, and braces and brackets
//   uint64_t inside(uint64_t quotes)            prefix XOR: bit i = parity of the bits 0..i
//   uint32_t *spread(uint32_t *out, uint64_t mask, uint32_t base)   appends base + position of every set bit; may write 64 entries
//   bool available(void)                        whether this processor has the instructions
//   SIMD(x), SIMD_NAME                          a name of its own for the descriptor, and the same as text
//
// How a record is read. Strings are most of an audit event, and finding where each ends is a chain of dependent loads when done one
// after the other. So a window of 16 blocks is looked at first, without asking what it means: every unescaped quote goes into an
// index. The walk then takes quotes in pairs: key, value, key, ... and looks only at the bytes between them.
//
//   {"verb":"list","user":{"username":"x","groups":["a","b"]},"requestObject":{...},...}\n
//    ^    ^ ^    ^ ^    ^  ^
//    key    value  key     the trie says what is wanted; the rest is stepped over
//
// A subtree nobody wants is skipped from its first bracket: quotes give the inside of strings by prefix XOR, brackets outside are
// counted, 64 bytes a step, no index. A raw newline can stand in no JSON string (RFC 8259 section 7), so in a file of lines the first one
// ends the record whatever came before: a record cut off in the middle never swallows its neighbour.

static inline uint64_t low_bits(size_t n)
{
    return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

// The characters that a backslash escapes: those behind a run of backslashes of odd length. *open carries a run over the border.
static inline uint64_t escaped_by(uint64_t slash, bool *open)
{
    const uint64_t even = 0x5555555555555555u;
    uint64_t first = *open;
    slash &= ~first;
    uint64_t starts = slash & ~(slash << 1);
    uint64_t behind_even = (slash + (starts & even)) & ~slash;
    uint64_t odd_sum;
    *open = __builtin_add_overflow(slash, starts & ~even, &odd_sum);
    uint64_t behind_odd = odd_sum & ~slash;
    return (behind_even & ~even) | (behind_odd & even) | first;
}

// A control character in the block at p: a newline ends a record of a file of lines, anything inside a string is an error, the rest is
// white space. Gives the mask of the bytes that count.
static uint64_t meet_control(struct json_scan *s, const char *p, struct masks m, uint64_t in_string)
{
    uint64_t newline = 0;
    for (uint64_t rest = m.control; rest; rest &= rest - 1)
        if (p[__builtin_ctzll(rest)] == '\n') {
            newline = rest & -rest;
            break;
        }
    uint64_t valid = UINT64_MAX;
    if (s->lines && newline) {
        valid = newline - 1;
        s->stop = p + __builtin_ctzll(newline);
    }
    uint64_t bad = m.control & in_string & valid;
    if (bad) {
        s->bad_control = p + __builtin_ctzll(bad);
        s->stop = s->bad_control;
        valid = (bad & -bad) - 1;
    }
    return valid;
}

// Indexes the next window. Quotes not used yet move to the front of the index.
static void fill(struct json_scan *s)
{
    memmove(s->index, s->index + s->k, (s->n - s->k) * sizeof *s->index);
    uint32_t *out = s->index + (s->n - s->k);
    s->window = s->filled;
    bool inside_string = s->open_string, escape = s->open_escape;
    const char *p = s->filled;
    uint64_t slashes = 0;
    // A string that spans windows leaves at most one quote behind; a whole window fits behind it.
    for (unsigned block = 0; block < WINDOW_BLOCKS && p < s->stop; block++, p += BLOCK) {
        struct masks m = look_quotes(p);
        uint64_t valid = low_bits((size_t)(s->stop - p));
        uint64_t quotes = m.quote & ~escaped_by(m.slash, &escape) & valid;
        m.control &= valid;
        if (__builtin_expect(m.control != 0, 0))
            quotes &= meet_control(s, p, m, inside(quotes) ^ (inside_string ? UINT64_MAX : 0));
        s->slashes[block] = m.slash;
        slashes |= m.slash;
        inside_string ^= __builtin_popcountll(quotes) & 1;
        out = spread(out, quotes, (uint32_t)(p - s->start));
    }
    s->filled = p < s->stop ? p : s->stop;
    s->open_string = inside_string;
    s->open_escape = escape;
    s->any_slash = slashes != 0;
    s->n = (uint32_t)(out - s->index);
    s->k = 0;
}

// The index starts anew at p, which is outside of strings.
static void restart(struct json_scan *s, const char *p)
{
    s->n = s->k = 0;
    s->filled = p;
    s->open_string = s->open_escape = false;
}

// Makes sure that two quotes are in the index. False: the record ends before.
static bool more_quotes(struct json_scan *s)
{
    while (s->n - s->k < 2) {
        if (s->filled >= s->stop)
            return false;
        fill(s);
    }
    return true;
}

static bool has_slash(const struct json_scan *s, const char *from, const char *to)
{
    if (from < s->window)
        return memchr(from, '\\', (size_t)(to - from)) != NULL;
    size_t a = (size_t)(from - s->window), b = (size_t)(to - s->window);
    if (a / BLOCK == b / BLOCK)
        return (s->slashes[a / BLOCK] & low_bits(b % BLOCK) & ~low_bits(a % BLOCK)) != 0;
    uint64_t any = s->slashes[a / BLOCK] & ~low_bits(a % BLOCK);
    for (size_t block = a / BLOCK + 1; block < b / BLOCK; block++)
        any |= s->slashes[block];
    return (any | (s->slashes[b / BLOCK] & low_bits(b % BLOCK))) != 0;
}

static enum json_result bad_string(struct json_scan *s, const char *at)
{
    if (s->bad_control)
        return scan_bad(s, s->bad_control, "control character inside a string");
    return scan_bad(s, at, "string without an end");
}

// Depth at the end of the block at which it falls to zero: finds that byte. NULL: it does not fall to zero here.
static const char *find_close(const char *p, uint64_t open, uint64_t close, unsigned *depth)
{
    for (uint64_t both = open | close; both; both &= both - 1) {
        uint64_t bit = both & -both;
        if (bit & open)
            ++*depth;
        else if (--*depth == 0)
            return p + __builtin_ctzll(bit);
    }
    return NULL;
}

// Behind the array or object that starts at p. Counts only: brackets outside of strings balance, braces and brackets each for
// themselves. NULL: error filled.
static const char *skip_brackets(struct json_scan *s, const char *p, unsigned outer_depth)
{
    const char *begin = p;
    bool escape = false;
    uint64_t in_string = 0; // all ones: the block starts inside a string
    unsigned depth = 0;
    int64_t braces = 0;
    for (; p < s->stop; p += BLOCK) {
        struct masks m = look_brackets(p);
        uint64_t valid = low_bits((size_t)(s->stop - p));
        uint64_t quotes = m.quote & ~escaped_by(m.slash, &escape);
        uint64_t string = inside(quotes) ^ in_string;
        if (__builtin_expect((m.control & valid) != 0, 0)) {
            m.control &= valid;
            valid &= meet_control(s, p, m, string);
        }
        uint64_t outside = ~string & valid;
        uint64_t open = (m.open_brace | m.open_bracket) & outside, close = (m.close_brace | m.close_bracket) & outside;
        unsigned opened = (unsigned)__builtin_popcountll(open), closed = (unsigned)__builtin_popcountll(close);
        if (closed >= depth) {
            const char *at = find_close(p, open, close, &depth);
            if (at) {
                uint64_t upto = outside & low_bits((size_t)(at - p) + 1);
                braces += __builtin_popcountll(m.open_brace & upto) - __builtin_popcountll(m.close_brace & upto);
                if (braces == 0)
                    return at + 1;
                (void)scan_bad(s, at, "bracket closed by one of the other kind");
                return NULL;
            }
        } else {
            depth += opened - closed;
        }
        braces += __builtin_popcountll(m.open_brace & outside) - __builtin_popcountll(m.close_brace & outside);
        if (__builtin_expect(depth + outer_depth > s->limits.depth, 0)) {
            (void)scan_bad(s, p, "nested deeper than the limit");
            return NULL;
        }
        in_string = (uint64_t)((int64_t)string >> 63);
    }
    if (s->bad_control)
        (void)scan_bad(s, s->bad_control, "control character inside a string");
    else
        (void)scan_bad(s, begin, "array or object without an end");
    return NULL;
}

static const char *skip_tree(struct json_scan *s, const char *p, unsigned depth)
{
    const char *behind = skip_brackets(s, p, depth);
    if (!behind)
        return NULL;
    if (behind >= s->filled) {
        restart(s, behind);
        return behind;
    }
    uint32_t offset = (uint32_t)(behind - s->start);
    while (s->k < s->n && s->index[s->k] < offset)
        s->k++;
    return behind;
}

static const char *skip_space(const struct json_scan *s, const char *p)
{
    return token_skip_space(p, s->stop);
}

#include "codec/json/scan_walk.h"

static void open_record(struct json_scan *s, const char *p, const char *end, bool lines)
{
    s->end = s->stop = end;
    s->lines = lines;
    s->bad_control = NULL;
    restart(s, p);
}

static enum json_result scan_line(struct json_scan *s, const char *p, const char *end, const char **next)
{
    open_record(s, p, end, true);
    const char *first = p;
    while (first < end && token_is_space(*first) && *first != '\n')
        first++;
    if (first == end || *first == '\n') {
        *next = first < end ? first + 1 : end;
        return JSON_BLANK;
    }
    const char *behind;
    enum json_result result = walk(s, first, 0, &behind);
    if (result != JSON_OK)
        return result;
    while (behind < end && token_is_space(*behind) && *behind != '\n')
        behind++;
    s->end = behind;
    if (behind < end && *behind != '\n')
        return scan_bad(s, behind, "more behind the record on its line");
    *next = behind < end ? behind + 1 : end;
    return JSON_OK;
}

static enum json_result scan_value(struct json_scan *s, const char *p, const char *end)
{
    open_record(s, p, end, false);
    const char *first = token_skip_space(p, end);
    if (first == end)
        return JSON_BLANK;
    const char *behind;
    enum json_result result = walk(s, first, 0, &behind);
    if (result != JSON_OK)
        return result;
    behind = token_skip_space(behind, end);
    return behind == end ? JSON_OK : scan_bad(s, behind, "more behind the value");
}

static enum json_result scan_deferred(struct json_scan *s)
{
    s->reading_deferred = true;
    s->stop = s->end;
    for (uint32_t i = 0; i < s->n_deferred; i++) {
        const char *behind;
        restart(s, s->deferred[i].at);
        if (walk(s, s->deferred[i].at, s->deferred[i].node, &behind) != JSON_OK)
            return JSON_BAD;
    }
    s->n_deferred = 0;
    return JSON_OK;
}

const struct json_simd SIMD(json_simd) = {
    .name = SIMD_NAME,
    .available = available,
    .line = scan_line,
    .value = scan_value,
    .deferred = scan_deferred,
};
