// SPDX-License-Identifier: Apache-2.0
// For tests of inputs: files in a fresh directory, and all the records that are read from them.
#pragma once

#include "base/status.h"
#include "source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct buf text; // for building inputs
    struct diags diags;
    struct str directory;
    struct source_list *list;
    // What was read.
    struct record {
        struct str text;
        uint64_t line;
        uint32_t item, input;
    } * records;
    size_t n, cap, blocks;
    struct source_counters counters;
};

int set_up(void **state);
int tear_down(void **state);

struct str below(struct fixture *f, const char *name); // "" is the directory itself, "-" the standard input
void put(struct fixture *f, const char *name, struct str text);
void make_directory(struct fixture *f, const char *name);
// Expands the names (NULL ends them) and reads everything as the engine does: lines numbered by source_lines_add.
status expand(struct fixture *f, const char *cluster, const char *const *names);
void read_all(struct fixture *f, struct source_limits limits);
struct buf *text_of(struct fixture *f); // emptied
// One file of that text.
void read_text(struct fixture *f, const char *name, struct str text);
void read_text_with(struct fixture *f, const char *name, struct str text, struct source_limits limits);
bool told(const struct fixture *f, const char *what); // whether a diagnostic says that
void forget(struct fixture *f);                       // records, counters and diagnostics

#define assert_record(f, i, expected)                                                                                                      \
    do {                                                                                                                                   \
        assert_true((i) < (f)->n);                                                                                                         \
        struct str expected_ = (expected);                                                                                                 \
        if (!str_eq((f)->records[i].text, expected_))                                                                                      \
            fail_msg("record %zu is %.*s, not %.*s", (size_t)(i), STR_ARG((f)->records[i].text), STR_ARG(expected_));                      \
    } while (0)

#define EVENT(id)                                                                                                                          \
    "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"" id                                                             \
    "\",\"stage\":\"ResponseComplete\",\"requestURI\":\"/api\",\"verb\":\"get\",\"stageTimestamp\":\"2026-11-22T01:02:03.000000Z\"}"
