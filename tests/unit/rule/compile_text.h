// SPDX-License-Identifier: Apache-2.0
// Rules from text, for the tests of this folder.
#pragma once

#include "base/buf.h"
#include "rule/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct compiled {
    struct ruleset *set;
    struct diags diags;
    status result;
    struct buf text; // NUL-terminated scratch for comparisons
};

static inline struct compiled compile_with(const char *yaml, const struct rule_options *options)
{
    struct compiled c = {0};
    struct yaml_source source = {.name = STR("t.yml"), .text = str_from_c(yaml)};
    diags_init(&c.diags);
    buf_init(&c.text, 1 << 20);
    c.result = ruleset_load(&c.set, &source, 1, options, &c.diags);
    return c;
}

static inline struct compiled compile(const char *yaml)
{
    return compile_with(yaml, NULL);
}

static inline void release(struct compiled *c)
{
    ruleset_free(c->set);
    diags_fini(&c->diags);
    buf_fini(&c->text);
}

// All diagnostics, as a person would see them.
static inline const char *diags_text(struct compiled *c)
{
    buf_clear(&c->text);
    for (size_t i = 0; i < c->diags.n; i++)
        diag_write(&c->text, &c->diags.items[i]);
    buf_add_char(&c->text, '\0');
    return c->text.ptr;
}

static inline const char *condition_text(struct compiled *c, size_t rule)
{
    buf_clear(&c->text);
    node_write(&c->text, c->set->rules[rule].condition);
    buf_add_char(&c->text, '\0');
    return c->text.ptr;
}

// A rule around the body of its detection, which is indented by two.
static inline const char *wrap(char *out, size_t size, const char *detection)
{
    int n = snprintf(out, size, "title: t\nlogsource: {product: p}\ndetection:\n%s", detection);
    assert_true(n > 0 && (size_t)n < size);
    return out;
}

static inline void expect_condition(const char *detection, const char *condition)
{
    char yaml[8192];
    struct compiled c = compile(wrap(yaml, sizeof yaml, detection));
    if (c.result != ST_OK)
        fail_msg("refused:\n%s\n%s", yaml, diags_text(&c));
    assert_string_equal(condition_text(&c, 0), condition);
    release(&c);
}

// The one diagnostic of a refused detection, without the excerpt.
static inline void expect_refusal(const char *detection, const char *diag)
{
    char yaml[8192];
    struct compiled c = compile(wrap(yaml, sizeof yaml, detection));
    assert_int_equal(c.result, ST_INPUT);
    assert_int_equal(c.set->n, 0);
    assert_int_equal(c.diags.n, 1);
    diags_text(&c);
    *strchr(c.text.ptr, '\n') = '\0';
    assert_string_equal(c.text.ptr, diag);
    release(&c);
}

// One item of a selection.
static inline void expect_item(const char *item, const char *condition)
{
    char detection[4096];
    snprintf(detection, sizeof detection, "  s:\n    %s\n  condition: s\n", item);
    expect_condition(detection, condition);
}

static inline void expect_item_refused(const char *item, const char *diag)
{
    char detection[4096];
    snprintf(detection, sizeof detection, "  s:\n    %s\n  condition: s\n", item);
    expect_refusal(detection, diag);
}
