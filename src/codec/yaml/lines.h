// SPDX-License-Identifier: Apache-2.0
// Lines of a file as YAML 1.2 counts them (LF, CR, CRLF) and columns in bytes, both from 1. libfyaml counts columns in characters.
// Private to codec/yaml.
#pragma once

#include "base/str.h"

struct lines {
    struct str text;
    size_t *starts; // offset of the first byte of each line; heap
    size_t n;
};

[[nodiscard]] struct lines lines_new(struct str text);
void lines_free(struct lines *l);
void lines_locate(const struct lines *l, size_t offset, unsigned *line, unsigned *column);
// The line without its break; empty beyond the end.
[[nodiscard]] struct str lines_text(const struct lines *l, unsigned line);
// Bytes before the character `characters` (from 0) of a line.
[[nodiscard]] size_t line_bytes(struct str line, size_t characters);
// The line around an offset, without its break.
[[nodiscard]] struct str line_around(struct str text, size_t offset);
// The line behind the one around an offset: its first byte, or SIZE_MAX.
[[nodiscard]] size_t line_next(struct str text, size_t offset);
// What of a line is worth showing beside a column: some way past it, and nothing when it lies far into the line.
[[nodiscard]] struct str line_excerpt(struct str line, unsigned column);
