// SPDX-License-Identifier: Apache-2.0
// Nearness is the number of letters to insert, delete, change or swap with their neighbour (optimal string alignment distance).
#include "cmd/suggest.h"

enum { LONGEST = 40 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(struct str a, struct str b)
{
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = before[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            bool same = char_lower(a.ptr[i - 1]) == char_lower(b.ptr[j - 1]);
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + !same);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        unsigned *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b.len];
}

struct suggest suggest_for(struct str word)
{
    // A third of the letters may be wrong, three at most.
    unsigned allowed = least((unsigned)least((unsigned)word.len, LONGEST) / 3 + 1, 3);
    return (struct suggest){.word = word, .best = STR_NONE, .distance = allowed + 1};
}

void suggest_offer(struct suggest *s, struct str known)
{
    if (s->word.len == 0 || s->word.len > LONGEST || known.len > LONGEST)
        return;
    // The beginning of a word is as near as a word can be.
    unsigned d = s->word.len >= 2 && str_starts_ci(known, s->word) ? 1 : distance(s->word, known);
    if (d < s->distance && d < known.len) {
        s->distance = d;
        s->best = known;
    }
}

struct str suggest_best(const struct suggest *s)
{
    return s->best;
}
