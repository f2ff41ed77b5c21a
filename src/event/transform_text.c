// SPDX-License-Identifier: Apache-2.0
// Transforms of plain text: words, sizes, base64, names that look alike.
#include "base/utf8.h"
#include "base/base64.h"
#include "event/names.h"
#include "event/transforms.h"

#include <string.h>

enum { BASE64_MIN = 16, BASE64_RUNS_MAX = 64, SKELETON_MAX_BYTES = 1024 };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct str first_word(struct str in)
{
    in = str_trim(in);
    size_t end = 0;
    while (end < in.len && !is_space(in.ptr[end]))
        end++;
    return str_slice(in, 0, end);
}

void transform_first_word(struct str in, struct transform_out *out)
{
    struct str word = first_word(in);
    if (word.len)
        transform_emit(out, word);
}

void transform_first_label(struct str in, struct transform_out *out)
{
    size_t dot = str_find_char(in, '.', 0);
    struct str label = dot == SIZE_MAX ? in : str_slice(in, 0, dot);
    if (label.len)
        transform_emit(out, label);
}

void transform_basename(struct str in, struct transform_out *out)
{
    struct str word = first_word(in);
    size_t start = word.len;
    while (start > 0 && word.ptr[start - 1] != '/')
        start--;
    if (start < word.len)
        transform_emit(out, str_slice(word, start, word.len));
}

void transform_length(struct str in, struct transform_out *out)
{
    enum { DIGITS = 20 };
    char *text = arena_try(out->arena, DIGITS);
    size_t at = DIGITS, n = in.len;
    do {
        if (text)
            text[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    transform_emit(out, text ? str_make(text + at, DIGITS - at) : STR_NONE);
}

// --- base64 ------------------------------------------------------------------------------------------------------------------------

// UTF-16LE of ASCII, as PowerShell takes it, becomes ASCII.
static size_t narrow(char *text, size_t n)
{
    if (n < 2 || n % 2)
        return n;
    for (size_t i = 1; i < n; i += 2)
        if (text[i])
            return n;
    for (size_t i = 0; i < n / 2; i++)
        text[i] = text[2 * i];
    return n / 2;
}

static bool printable(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.ptr[i] < ' ' && !is_space(s.ptr[i])) || s.ptr[i] == 0x7f)
            return false;
    return s.len && utf8_invalid_at(s) == SIZE_MAX;
}

static void emit_decoded(struct str run, struct transform_out *out)
{
    if (run.len % 4 == 1) // no length of bytes gives this
        return;
    char *text = arena_try(out->arena, run.len);
    if (!text) {
        transform_emit(out, STR_NONE);
        return;
    }
    struct str decoded = str_make(text, narrow(text, base64_decode(run, text)));
    if (printable(decoded))
        transform_emit(out, decoded);
}

void transform_base64_text(struct str in, struct transform_out *out)
{
    size_t runs = 0;
    for (size_t i = 0; i < in.len && runs < BASE64_RUNS_MAX; i++) {
        size_t start = i;
        while (i < in.len && base64_digit(in.ptr[i]) >= 0)
            i++;
        if (i - start < BASE64_MIN)
            continue;
        emit_decoded(str_slice(in, start, i), out);
        runs++;
    }
}

void transform_skeleton(struct str in, struct transform_out *out)
{
    if (!in.len || in.len > SKELETON_MAX_BYTES)
        return;
    char *text = arena_try(out->arena, in.len);
    transform_emit(out, text ? str_make(text, skeleton_write(in, text)) : STR_NONE);
}

void transform_lookalike(struct str in, struct transform_out *out)
{
    struct str resembled = out->names && in.ptr ? names_resembled(out->names, in) : STR_NONE;
    if (resembled.ptr)
        transform_emit(out, resembled);
}
