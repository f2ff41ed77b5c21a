// SPDX-License-Identifier: Apache-2.0
//   descriptor -> [head] -> inflate -> [head] -> inflate -> ... -> plain bytes
//
// Before each arrow the first bytes are looked at; they are kept in the level's head and handed out first.
#include "source/stream.h"

#include "codec/compress/compress.h"
#include "os/os.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 3, HEAD = 6 };

struct level {
    struct stream *stream;
    struct inflate *inflate; // NULL: level 0, the descriptor
    size_t head_at, head_n;
    char head[HEAD];
};

struct stream {
    int fd;          // -1: text
    struct str text; // what is left of it
    bool pipe;
    uint64_t size, stored;
    struct level levels[LEVELS + 1];
    size_t top;   // the level that gives plain bytes
    status ended; // what ended it, told at the end
    bool end;
    struct str path;     // for diagnostics; borrowed
    struct diags *diags; // of the call being served
};

// What a level gives behind its head; notes why it ended.
static size_t level_more(struct level *l, char *buffer, size_t size)
{
    struct stream *s = l->stream;
    size_t got = 0;
    status result = ST_OK;
    if (!l->inflate && s->fd < 0) {
        got = s->text.len < size ? s->text.len : size;
        memcpy(buffer, s->text.ptr, got);
        s->text = str_slice(s->text, got, s->text.len);
    } else if (l->inflate) {
        result = inflate_read(l->inflate, buffer, size, &got, s->diags);
    } else {
        ptrdiff_t n = os_read(s->fd, buffer, size);
        if (n > 0)
            got = (size_t)n;
        if (n < 0) {
            diags_add(s->diags, DIAG_ERROR, &(struct place){.file = s->path}, "cannot be read: %s", os_reason((int)n));
            result = ST_IO;
        }
        s->stored += got;
    }
    if (result != ST_OK && s->ended == ST_OK)
        s->ended = result;
    return got;
}

static size_t level_read(struct level *l, char *buffer, size_t size)
{
    if (l->head_at == l->head_n)
        return level_more(l, buffer, size);
    size_t n = l->head_n - l->head_at < size ? l->head_n - l->head_at : size;
    memcpy(buffer, l->head + l->head_at, n);
    l->head_at += n;
    return n;
}

// As an inflate_read_fn. What went wrong beneath has been told there; for the level above it is an end.
static ptrdiff_t read_beneath(void *context, char *buffer, size_t size)
{
    return (ptrdiff_t)level_read(context, buffer, size);
}

static void level_look(struct level *l)
{
    size_t got = 1;
    while (l->head_n < HEAD && got) {
        got = level_more(l, l->head + l->head_n, HEAD - l->head_n);
        l->head_n += got;
    }
}

static status open_levels(struct stream *s, struct diags *diags)
{
    s->levels[0].stream = s;
    level_look(&s->levels[0]);
    while (s->top < LEVELS && inflate_recognises(str_make(s->levels[s->top].head, s->levels[s->top].head_n))) {
        struct level *next = &s->levels[s->top + 1];
        next->stream = s;
        TRY(inflate_open(&next->inflate, read_beneath, &s->levels[s->top], s->path, diags));
        s->top++;
        level_look(next);
    }
    return ST_OK;
}

status stream_open(struct stream **out, struct str path, bool standard_input, struct diags *diags)
{
    *out = NULL;
    const int fd = standard_input ? 0 : os_open(path);
    struct os_stat st;
    const int error = fd < 0 ? fd : os_stat_fd(fd, &st);
    if (error < 0 || st.kind == OS_DIRECTORY) {
        diags_add(diags, DIAG_ERROR, &(struct place){.file = path}, "cannot be opened: %s",
                  error < 0 ? os_reason(error) : "is a directory");
        if (!standard_input)
            os_close(fd);
        return ST_IO;
    }
    os_read_sequentially(fd);
    struct stream *s = must_alloc(calloc(1, sizeof *s));
    *s = (struct stream){.fd = fd, .pipe = st.kind != OS_FILE, .size = st.size, .path = path, .diags = diags};
    status result = open_levels(s, diags);
    if (result == ST_OK)
        *out = s;
    else
        stream_close(s);
    return result;
}

status stream_open_text(struct stream **out, struct str text, struct str name, struct diags *diags)
{
    struct stream *s = must_alloc(calloc(1, sizeof *s));
    *s = (struct stream){.fd = -1, .text = text, .size = text.len, .path = name, .diags = diags};
    const status result = open_levels(s, diags);
    *out = s;
    if (result != ST_OK) {
        stream_close(s);
        *out = NULL;
    }
    return result;
}

void stream_close(struct stream *s)
{
    if (!s)
        return;
    for (size_t i = 0; i <= LEVELS; i++)
        inflate_close(s->levels[i].inflate);
    if (s->fd != 0)
        os_close(s->fd);
    free(s);
}

status stream_read(struct stream *s, char *buffer, size_t size, size_t *got, struct diags *diags)
{
    *got = 0;
    s->diags = diags;
    if (!s->end)
        *got = level_read(&s->levels[s->top], buffer, size);
    s->end = s->end || *got == 0;
    return s->end ? s->ended : ST_OK;
}

bool stream_pauses(const struct stream *s)
{
    return s->pipe && s->top == 0 && !os_readable_now(s->fd);
}

uint64_t stream_stored(const struct stream *s)
{
    return s->stored;
}

uint64_t stream_size(const struct stream *s)
{
    return s->size;
}
