// SPDX-License-Identifier: Apache-2.0
#include "shrink.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

static struct yaml_source *sources_of(const struct specimen *s)
{
    struct yaml_source *sources = must_alloc(calloc(s->n_rules + 1, sizeof *sources));
    for (size_t i = 0; i < s->n_rules; i++)
        sources[i] = (struct yaml_source){.name = STR("rule.yml"), .text = s->rules[i]};
    return sources;
}

// The text that holds the rule: names are unique.
static size_t find_rule(const struct specimen *s, const struct trial *t, uint32_t rule)
{
    for (size_t i = 0; rule < t->rules->n && i < s->n_rules; i++)
        if (str_find(s->rules[i], t->rules->rules[rule].name, 0) != SIZE_MAX)
            return i;
    return SIZE_MAX;
}

bool specimen_differs(const struct specimen *s, struct difference *what, size_t *rule_of)
{
    struct trial t;
    struct diags diags;
    struct yaml_source *sources = sources_of(s);
    diags_init(&diags);
    bool differs = false;
    *rule_of = SIZE_MAX;
    if (trial_init(&t, s->dictionary, sources, s->n_rules, NULL, s->strict, &diags)) {
        enum trial_result result = trial_record(&t, s->record, what);
        differs = result == TRIAL_DIFFERENT || result == TRIAL_READ;
        *rule_of = result == TRIAL_DIFFERENT ? find_rule(s, &t, what->rule) : SIZE_MAX;
    }
    trial_fini(&t);
    diags_fini(&diags);
    free(sources);
    return differs;
}

static bool still(const struct specimen *s)
{
    struct difference what;
    size_t rule_of;
    return specimen_differs(s, &what, &rule_of);
}

static struct str without(struct arena *a, struct str text, size_t from, size_t to)
{
    char *copy = arena_alloc(a, text.len - (to - from) + 1);
    memcpy(copy, text.ptr, from);
    memcpy(copy + from, text.ptr + to, text.len - to);
    return str_make(copy, text.len - (to - from));
}

static void shrink_rules(struct specimen *s)
{
    for (size_t i = 0; i < s->n_rules && s->n_rules > 1;) {
        struct str gone = s->rules[i];
        memmove(&s->rules[i], &s->rules[i + 1], (--s->n_rules - i) * sizeof *s->rules);
        if (still(s))
            continue;
        memmove(&s->rules[i + 1], &s->rules[i], (s->n_rules++ - i) * sizeof *s->rules);
        s->rules[i++] = gone;
    }
}

// Ever smaller pieces, until no byte can be spared. What is no longer JSON does not differ, unless that is the difference.
static void shrink_record(struct specimen *s, struct arena *a)
{
    for (size_t size = s->record.len / 2; size > 0; size -= size > 64 ? size / 4 : 1)
        for (size_t at = 0; at + size <= s->record.len;) {
            struct str whole = s->record;
            s->record = without(a, whole, at, at + size);
            if (still(s))
                continue;
            s->record = whole;
            at++;
        }
}

static void shrink_lines(struct specimen *s, struct str *rule, struct arena *a)
{
    for (size_t at = 0; at < rule->len;) {
        size_t end = str_find_char(*rule, '\n', at);
        end = end == SIZE_MAX ? rule->len : end + 1;
        struct str whole = *rule;
        *rule = without(a, whole, at, end);
        if (still(s))
            continue;
        *rule = whole;
        at = end;
    }
}

void specimen_shrink(struct specimen *s, struct arena *a)
{
    shrink_rules(s);
    shrink_record(s, a);
    for (size_t i = 0; i < s->n_rules; i++)
        shrink_lines(s, &s->rules[i], a);
    shrink_record(s, a);
}
