// SPDX-License-Identifier: Apache-2.0
// Is any record safe to match, and do the fast engine and the oracle find the same rules in it, on every instruction set?
//
// The rules are fixed: one of every kind of pattern, lists long enough to become sets, conditions that need the whole tree, subtrees
// that are deferred. Both readings are tried: what is not JSON must be refused by the strict one and is free to mean anything to the other.
#include "trial.h"

#include "base/status.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD(name) "title: " name "\nname: " name "\nlogsource: {product: kubernetes}\ndetection:\n"

static const char *const rule_texts[] = {
    HEAD("equals") "  s: {a: [foo, Bar, 'a\\*b', '', 5, true]}\n  condition: s\n",
    HEAD("absent") "  s: {a.b: null}\n  t: {b|exists: true}\n  condition: s and t\n",
    HEAD("any") "  s: {list: '*'}\n  t: {list|exists: false}\n  condition: s or t\n",
    HEAD("parts") "  s: {a|contains: [foo, ar, '\xc3\xa9', 'b\\?', zz, 'x y', 'o\\\\']}\n  t: {b|startswith: fo}\n  u: {c|endswith|cased: "
                  "AR}\n"
                  "  condition: 2 of them\n",
    HEAD("set") "  s: {a|contains: [p0q, p1q, p2q, p3q, p4q, p5q, p6q, p7q, p8q, p9q, foobar, barfoo, 'f*o', 'b?r', '1*2*3']}\n"
                "  condition: s\n",
    HEAD("globs") "  s: {list.a: ['f*o*', '?', '*\xc3\xa9?', 'a?c', '*x*y*z*']}\n  condition: s\n",
    HEAD("regex") "  s: {b|re: ['^f+o$', '[0-9]{3}', '\\bx\\b']}\n  t: {b|re|i: '^FOO'}\n  condition: s or not t\n",
    HEAD("numbers") "  s: {n|gte: 5}\n  t: {n|lt: 5.5}\n  u: {n: [5, -1, 9007199254740993]}\n  condition: (s and t) or u\n",
    HEAD("cidr") "  s: {addresses|cidr: [10.0.0.0/8, 'fe80::/10']}\n  condition: s\n",
    HEAD("dates") "  s: {when|hour: 23}\n  t: {when|week: 1}\n  u: {when|year: 2024}\n  condition: 1 of them\n",
    HEAD("fields") "  s: {a|fieldref: b}\n  t: {a|fieldref|contains: c}\n  condition: s or t\n",
    HEAD("words") "  s: [foo, 'b?r', 5, true]\n  t: {'|all': [x, z]}\n  condition: s and not t\n",
    HEAD("same") "  s: {'list|same': {a: foo, b|startswith: b}}\n  t: {'t.element|same': {image.account: xmrig, a: null}}\n  condition: s "
                 "or t\n",
    HEAD("dictionary") "  s: {t.account: [xmrig, library]}\n  t: {t.first: foo}\n  u: {t.last: foo}\n  v: {t.ranked: foo}\n  condition: 1 "
                       "of them\n",
    HEAD("deferred") "  s: {body.a: foo}\n  t: {t.deferred|contains: foo}\n  u: {a: foo}\n  condition: u and (s or t)\n",
    HEAD("denied") "  s: {a: foo}\n  t: {body.spec.a: foo}\n  condition: not s and not t\n",
    HEAD("encoded") "  s: {a|base64offset|contains: foobar}\n  t: {a|windash|contains: ' -enc'}\n  condition: s or t\n",
};
enum { N_RULES = sizeof rule_texts / sizeof rule_texts[0] };

// Built once for the process: the target has no other place to keep them.
struct fixture {
    struct trial strict, lenient;
    struct dictionary *dictionary;
    bool ready;
};

static struct fixture *fixture(void)
{
    static struct fixture f;
    if (f.ready)
        return &f;
    struct yaml_source sources[N_RULES];
    struct diags diags;
    diags_init(&diags);
    for (size_t i = 0; i < N_RULES; i++)
        sources[i] = (struct yaml_source){.name = STR("rule.yml"), .text = str_from_c(rule_texts[i])};
    f.dictionary = trial_dictionary();
    must(trial_init(&f.strict, f.dictionary, sources, N_RULES, NULL, true, &diags));
    must(trial_init(&f.lenient, f.dictionary, sources, N_RULES, NULL, false, &diags));
    must(diags.errors == 0 && f.strict.rules->n == N_RULES);
    diags_fini(&diags);
    f.ready = true;
    return &f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fixture *f = fixture();
    struct difference what;
    struct str record = str_make((const char *)data, size);
    enum trial_result strict = trial_record(&f->strict, record, &what);
    must(strict == TRIAL_SAME || strict == TRIAL_NOT_JSON);
    enum trial_result lenient = trial_record(&f->lenient, record, &what);
    must(lenient == TRIAL_SAME || lenient == TRIAL_NOT_JSON);
    return 0;
}
