// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"

#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// Bytes. HUGE: a huge page of x86-64; elsewhere a size that does no harm.
enum { CHUNK_MIN = 1024, CHUNK_MAX = 4 << 20, HUGE = 2 << 20 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *a, size_t max_bytes)
{
    *a = (struct arena){.max = max_bytes};
}

static void free_chunks(struct arena_chunk *chunk)
{
    while (chunk) {
        struct arena_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
}

void arena_fini(struct arena *a)
{
    free_chunks(a->chunks);
    *a = (struct arena){.max = a->max};
}

void arena_reset(struct arena *a)
{
    if (!a->chunks)
        return;
    free_chunks(a->chunks->older);
    a->chunks->older = NULL;
    a->at = a->chunks->data;
    a->end = a->at + a->chunks->size;
    a->used = 0;
}

// A chunk in huge pages, where the system gives them to who asks. *size grows to the end of the last page. 5,000 rules take 70 MB: page
// by page, a third of the time of loading them was page faults.
static struct arena_chunk *allocate_huge(size_t *size)
{
    size_t whole;
    if (__builtin_add_overflow(*size, sizeof(struct arena_chunk) + HUGE - 1, &whole))
        return NULL;
    whole -= whole % HUGE;
    struct arena_chunk *chunk = aligned_alloc(HUGE, whole);
    if (chunk)
        (void)madvise(chunk, whole, MADV_HUGEPAGE); // a hint: refused, all is as it was
    *size = whole - sizeof *chunk;
    return chunk;
}

static void add_chunk(struct arena *a, size_t need)
{
    size_t size = a->chunks ? a->chunks->size * 2 : CHUNK_MIN;
    if (size > CHUNK_MAX)
        size = CHUNK_MAX;
    if (size < need)
        size = need;
    struct arena_chunk *chunk = must_alloc(size < HUGE ? malloc(sizeof *chunk + size) : allocate_huge(&size));
    chunk->older = a->chunks;
    chunk->size = size;
    a->chunks = chunk;
    a->at = chunk->data;
    a->end = chunk->data + size;
}

void *arena_try(struct arena *a, size_t size)
{
    size_t need;
    if (__builtin_add_overflow(size, alignof(max_align_t) - 1, &need))
        return NULL;
    need &= ~(alignof(max_align_t) - 1);
    if (need == 0) // a pointer of its own, also from an arena that has no chunk yet
        need = alignof(max_align_t);
    if (need > a->max - a->used)
        return NULL;
    if (need > (size_t)(a->end - a->at))
        add_chunk(a, need);
    void *memory = a->at;
    a->at += need;
    a->used += need;
    return size ? memset(memory, 0, size) : memory;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *memory = arena_try(a, size);
    must(memory);
    return memory;
}

void *arena_alloc_array(struct arena *a, size_t size, size_t count)
{
    size_t total;
    must(!__builtin_mul_overflow(size, count, &total));
    return arena_alloc(a, total);
}

struct str arena_str(struct arena *a, struct str s)
{
    if (!s.ptr)
        return s;
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    return str_make(copy, s.len);
}

struct str arena_lower(struct arena *a, struct str s)
{
    if (!s.ptr)
        return s;
    char *copy = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = char_lower(s.ptr[i]);
    return str_make(copy, s.len);
}

struct str arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    must(len >= 0);
    char *text = arena_alloc(a, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return str_make(text, (size_t)len);
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}
