// SPDX-License-Identifier: Apache-2.0
// Choosing the decompressor, and saying once what is wrong with a stream.
#include "codec/compress/compress.h"

#include "codec/compress/codec.h"

#include <stdlib.h>
#include <string.h>

static const struct inflate_codec *const codecs[] = {&inflate_gzip, &inflate_zstd, &inflate_xz, &inflate_archive};

struct inflate {
    const struct inflate_codec *codec; // NULL until the first bytes were seen
    void *state;
    char *name; // for diagnostics
    size_t name_len;
    uint64_t plain; // bytes delivered
    status ended;   // what every further read gives; ST_OK while there may be more
    bool end;
    struct inflate_input in;
};

static const struct inflate_codec *codec_of(struct str head)
{
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++) {
        if (codecs[i]->recognises(head))
            return codecs[i];
    }
    return NULL;
}

bool inflate_recognises(struct str head)
{
    return codec_of(head) != NULL;
}

// The first bytes decide the codec, but they belong to it: they are handed out again by this reader.
struct head {
    inflate_read_fn *read;
    void *context;
    size_t at, n;
    char bytes[6];
};

static ptrdiff_t read_head_first(void *context, char *buffer, size_t size)
{
    struct head *h = context;
    if (h->at == h->n)
        return h->read(h->context, buffer, size);
    size_t n = h->n - h->at < size ? h->n - h->at : size;
    memcpy(buffer, h->bytes + h->at, n);
    h->at += n;
    return (ptrdiff_t)n;
}

status inflate_open(struct inflate **out, inflate_read_fn *read, void *context, struct str name, struct diags *diags)
{
    struct inflate *f = must_alloc(calloc(1, sizeof *f));
    struct head *h = must_alloc(calloc(1, sizeof *h));
    *h = (struct head){.read = read, .context = context};
    f->in.read = read_head_first;
    f->in.context = h;
    f->name = must_alloc(malloc(name.len + 1));
    f->name_len = name.len;
    if (name.len)
        memcpy(f->name, name.ptr, name.len);
    ptrdiff_t got = 1;
    while (h->n < sizeof h->bytes && (got = read(context, h->bytes + h->n, sizeof h->bytes - h->n)) > 0)
        h->n += (size_t)got;
    const struct place place = {.file = name};
    f->codec = codec_of(str_make(h->bytes, h->n));
    if (got >= 0 && f->codec) {
        f->state = f->codec->open(&f->in);
        *out = f;
        return ST_OK;
    }
    if (got < 0)
        diags_add(diags, DIAG_ERROR, &place, "cannot be read: %s", strerrordesc_np((int)-got));
    else
        diags_add(diags, DIAG_ERROR, &place, "is not compressed in a way that is understood");
    inflate_close(f);
    *out = NULL;
    return got < 0 ? ST_IO : ST_INPUT;
}

static void note_end(struct inflate *f, const char *damage, struct diags *diags)
{
    const struct place place = {.file = str_make(f->name, f->name_len)};
    f->end = true;
    if (f->in.error) {
        diags_add(diags, DIAG_ERROR, &place, "cannot be read: %s", strerrordesc_np(f->in.error));
        f->ended = ST_IO;
    } else if (damage) {
        diags_add(diags, DIAG_WARNING, &place, "%s data is damaged after %llu bytes of plain text: %s", f->codec->name,
                  (unsigned long long)f->plain, damage);
        f->ended = ST_INPUT;
    }
}

status inflate_read(struct inflate *f, char *buffer, size_t size, size_t *got, struct diags *diags)
{
    *got = 0;
    if (f->end)
        return f->ended;
    const char *damage = NULL;
    *got = f->codec->read(f->state, buffer, size, &damage);
    f->plain += *got;
    if (*got < size)
        note_end(f, damage, diags);
    return *got ? ST_OK : f->ended;
}

void inflate_close(struct inflate *f)
{
    if (!f)
        return;
    if (f->codec && f->state)
        f->codec->close(f->state);
    free(f->in.context);
    free(f->name);
    free(f);
}
