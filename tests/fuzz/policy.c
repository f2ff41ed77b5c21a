// SPDX-License-Identifier: Apache-2.0
// Can any rule make its translation to CEL crash, or its manifest anything but YAML that reads back? And does a regular expression, written
// anew for RE2, still find what it found (asked of PCRE2, which reads that part of RE2 the same)?
#include "content/content.h"
#include "policy/policy.h"
#include "rule/regex.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATTERN_MAX = 200 };

static void check_regex(struct arena *a, struct str pattern, unsigned flags)
{
    static const struct str texts[] = {STR(""),
                                       STR("a"),
                                       STR("ab\n"),
                                       STR("a b"),
                                       STR("a\vb"),
                                       STR("xx-aab$"),
                                       STR("\n"),
                                       STR("b\na"),
                                       STR("{1}[a]()|^"),
                                       STR("aaaaaaaaaa"),
                                       STR("\xc3\xbc\xe2\x84\xaaK")};
    struct regex_error error;
    struct str why = STR_NONE;
    bool gave_up = false;
    if (pattern.len > PATTERN_MAX)
        return;
    const void *before = regex_compile(a, pattern, flags, &error);
    const struct str made = before ? cel_regex(a, pattern, flags, &why) : STR_NONE;
    if (!made.ptr)
        return;
    const void *after = regex_compile(a, made, 0, &error);
    must(after);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !gave_up; i++) {
        const bool was = regex_matches(before, texts[i], &gave_up), is = regex_matches(after, texts[i], &gave_up);
        must(gave_up || was == is);
    }
}

static void check_manifest(struct arena *a, const struct rule *r, const struct policy_kind *kind, const struct cel_rule *rule)
{
    struct yaml_value **documents;
    struct diags diags;
    struct buf text;
    size_t n;
    const struct admission_policy p = {.name = r->title,
                                       .control = r->id,
                                       .rule_id = r->id,
                                       .title = r->title,
                                       .why = r->description,
                                       .fix = r->advice,
                                       .kinds = &kind,
                                       .n_kinds = 1,
                                       .rule = rule};
    buf_init(&text, SIZE_MAX);
    diags_init(&diags);
    policy_write(&text, &p);
    must(yaml_read(a, (struct yaml_source){.name = STR("out"), .text = buf_str(&text)}, YAML_LIMITS_DEFAULT, &documents, &n, &diags) ==
             ST_OK &&
         n == 2);
    const struct yaml_value *validations = yaml_get(yaml_get(documents[0], STR("spec")), STR("validations"));
    must(str_starts(yaml_text(yaml_get(validations->first, STR("expression"))), STR("!(")));
    diags_fini(&diags);
    buf_fini(&text);
}

static void check_rule(struct arena *a, const struct dictionary *d, const struct rule *r)
{
    size_t n;
    const struct policy_kind *kinds = policy_kinds(&n);
    for (size_t i = 0; i < n && r->kind == RULE_DETECTION; i++) {
        struct cel_rule rule;
        cel_translate(&rule, a, d, r->condition, &kinds[i]);
        must((rule.outcome == CEL_REFUSED) == (rule.why.ptr != NULL));
        if (rule.outcome == CEL_SOME)
            check_manifest(a, r, &kinds[i], &rule);
    }
}

static struct dictionary *posture(struct diags *diags)
{
    struct dictionary *d;
    const struct str name = STR("fields/posture.yml");
    must(dictionary_load(&d, content_source(content_find(name)), diags) == ST_OK);
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct yaml_source source = {.name = STR("fuzz.yml"), .text = str_make((const char *)data, size)};
    struct ruleset *rules = NULL;
    struct diags diags;
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    diags_init(&diags);
    struct dictionary *d = posture(&diags);
    const struct rule_options options = {.dictionary = d};
    check_regex(&a, source.text, size % 8 & (REGEX_I | REGEX_S));
    (void)!ruleset_load(&rules, &source, 1, &options, &diags);
    for (size_t i = 0; rules && i < rules->n; i++)
        check_rule(&a, d, &rules->rules[i]);
    ruleset_free(rules);
    dictionary_free(d);
    diags_fini(&diags);
    arena_fini(&a);
    return 0;
}
