// SPDX-License-Identifier: Apache-2.0
#include "regex.h"

#include "rule/rule.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

// Limits travel inside the pattern (pcre2pattern(3), "Setting match resource limits"): no context has to be made for each match.
// 500,000 steps are some milliseconds; a pattern may lower them, not raise them. The heap limit is in KiB.
#define LIMITS "(*LIMIT_MATCH=500000)(*LIMIT_DEPTH=100000)(*LIMIT_HEAP=8192)"

enum { REGEX_LENGTH_MAX = 32768 };

static void *arena_malloc(size_t size, void *arena)
{
    return arena_alloc(arena, size);
}

static void arena_free(void *memory, void *arena)
{
    (void)memory, (void)arena;
}

static uint32_t compile_options(unsigned flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    options |= flags & REGEX_I ? PCRE2_CASELESS : 0;
    options |= flags & REGEX_M ? PCRE2_MULTILINE : 0;
    options |= flags & REGEX_S ? PCRE2_DOTALL : 0;
    return options;
}

const void *regex_compile(struct arena *a, struct str pattern, unsigned flags, struct regex_error *error)
{
    *error = (struct regex_error){0};
    if (pattern.len > REGEX_LENGTH_MAX) {
        strcpy(error->text, "longer than 32768 bytes");
        return NULL;
    }
    enum { PREFIX = sizeof LIMITS - 1 };
    char *limited = arena_alloc(a, PREFIX + pattern.len + 1);
    memcpy(limited, LIMITS, PREFIX);
    if (pattern.len)
        memcpy(limited + PREFIX, pattern.ptr, pattern.len);
    pcre2_general_context *memory = pcre2_general_context_create(arena_malloc, arena_free, a);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    int code;
    PCRE2_SIZE offset;
    pcre2_code *regex = pcre2_compile((PCRE2_SPTR)limited, PREFIX + pattern.len, compile_options(flags), &code, &offset, context);
    if (regex)
        return regex;
    pcre2_get_error_message(code, (PCRE2_UCHAR *)error->text, sizeof error->text);
    error->offset = offset > PREFIX ? offset - PREFIX : 0;
    return NULL;
}

// Memory of one match: a block on the caller's stack, the heap beyond it (bounded by LIMIT_HEAP).
struct match_memory {
    size_t used;
    alignas(max_align_t) char block[32 * 1024];
};

static void *match_malloc(size_t size, void *data)
{
    struct match_memory *m = data;
    size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (need < size || need > sizeof m->block - m->used)
        return malloc(size);
    void *memory = m->block + m->used;
    m->used += need;
    return memory;
}

static void match_free(void *memory, void *data)
{
    struct match_memory *m = data;
    uintptr_t at = (uintptr_t)memory, block = (uintptr_t)m->block;
    if (at < block || at >= block + sizeof m->block)
        free(memory);
}

bool regex_matches(const void *regex, struct str text, bool *gave_up)
{
    struct match_memory memory;
    memory.used = 0;
    pcre2_general_context *context = pcre2_general_context_create(match_malloc, match_free, &memory);
    pcre2_match_data *data = pcre2_match_data_create(1, context);
    int result = PCRE2_ERROR_NOMEMORY;
    if (data)
        result = pcre2_match(regex, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    pcre2_general_context_free(context);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        *gave_up = true;
    return result >= 0;
}
