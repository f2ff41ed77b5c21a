// SPDX-License-Identifier: Apache-2.0
#include "report/answers/coverage.h"

#include "base/diag.h"
#include "base/map.h"
#include "base/status.h"
#include "codec/json/json.h"

enum { NEEDS_SHOWN = 4 };
enum sight { BLIND, PART, ALL, SIGHTS };

struct technique_sight {
    struct str tag;
    enum sight sight;
};
typedef VEC(struct technique_sight) sights;

static enum sight sight_of(const struct coverage_line *l)
{
    return l->seen == l->stories ? ALL : l->seen ? PART : BLIND;
}

static bool is_technique(struct str tag)
{
    return str_starts_ci(tag, STR("attack.t1")) || str_starts_ci(tag, STR("attack.t0")) || str_starts_ci(tag, STR("ms.ta"));
}

// A technique is seen as well as the rule that sees it best.
static void gather(const struct coverage_page *p, sights *out, size_t counts[SIGHTS])
{
    struct map known = {0};
    for (size_t i = 0; i < p->n; i++) {
        const struct rule *r = p->lines[i].rule;
        for (size_t k = 0; k < r->n_tags; k++) {
            bool added;
            if (!is_technique(r->tags[k]))
                continue;
            uint64_t *place = map_put(&known, r->tags[k], &added);
            if (added) {
                *vec_push(out) = (struct technique_sight){.tag = r->tags[k]};
                *place = out->n - 1;
            }
            must(*place < out->n && out->items);
            struct technique_sight *t = &out->items[*place];
            t->sight = sight_of(&p->lines[i]) > t->sight ? sight_of(&p->lines[i]) : t->sight;
        }
    }
    for (size_t i = 0; i < out->n; i++)
        counts[out->items[i].sight]++;
    map_fini(&known);
}

static void count_rules(const struct coverage_page *p, size_t counts[SIGHTS], size_t *changed)
{
    for (size_t i = 0; i < p->n; i++) {
        counts[sight_of(&p->lines[i])]++;
        *changed += p->lines[i].seen_changed == p->lines[i].stories;
    }
}

static double percent(size_t part, size_t of)
{
    return of ? 100.0 * (double)part / (double)of : 100.0;
}

// --- text ------------------------------------------------------------------------------------------------------------------------

static void add_tag(struct buf *out, struct str tag)
{
    tag = str_slice(tag, str_find_char(tag, '.', 0) + 1, tag.len);
    for (size_t i = 0; i < tag.len; i++)
        buf_add_char(out, (char)(tag.ptr[i] - 32 * (tag.ptr[i] >= 'a' && tag.ptr[i] <= 'z')));
}

static void add_techniques(struct buf *out, const sights *s, enum sight sight, const char *what)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->items[i].sight == sight;
    if (!n)
        return;
    buf_addf(out, "  techniques %s:", what);
    for (size_t i = 0; i < s->n; i++) {
        if (s->items[i].sight != sight)
            continue;
        buf_add_char(out, ' ');
        add_tag(out, s->items[i].tag);
    }
    buf_add_char(out, '\n');
}

static void add_line(struct buf *out, const struct coverage_line *l)
{
    const struct str level = rule_level_name(l->rule->level);
    buf_addf(out, "  %-13.*s  ", STR_ARG(level));
    text_escape(out, l->rule->title);
    if (l->seen)
        buf_addf(out, " (%zu of %zu ways)", l->seen, l->stories);
    buf_addf(out, "\n%17s%.*s\n", "", STR_ARG(l->rule->id));
    for (size_t i = 0; i < l->n_needs && i < NEEDS_SHOWN; i++) {
        buf_addf(out, "%17s", "");
        text_escape(out, l->needs[i]);
        buf_add_char(out, '\n');
    }
    if (l->n_needs > NEEDS_SHOWN)
        buf_addf(out, "%17sand %zu more\n", "", l->n_needs - NEEDS_SHOWN);
}

static void add_change(struct buf *out, const struct coverage_page *p, size_t changed)
{
    if (!p->change.len && !p->n_stages && !p->spares_secrets)
        return;
    buf_add(out, p->change.len || p->n_stages ? STR("\nthe smallest change\n") : STR("\n"));
    for (size_t i = 0; i < p->n_stages; i++)
        buf_addf(out, "  # take %.*s out of omitStages\n", STR_ARG(p->stages[i]));
    if (p->change.len)
        buf_add(out, STR("  # in front of the policy's rules:\n"));
    struct str rest = p->change;
    while (rest.len) {
        buf_add(out, STR("  "));
        text_escape(out, str_split(&rest, '\n'));
        buf_add_char(out, '\n');
    }
    if (p->spares_secrets)
        buf_add(out, STR("  # not in it: what would write Secrets and tokens into the log\n"));
    buf_addf(out, "with it %zu of %zu rules see all they look for (%.0f %%)\n", changed, p->n, percent(changed, p->n));
}

void coverage_text(struct buf *out, const struct coverage_page *p)
{
    static const char *const heads[] = {[BLIND] = "\nblind: never hit under this policy\n", [PART] = "\nblind in part\n"};
    size_t rules[SIGHTS] = {0}, techniques[SIGHTS] = {0}, changed = 0;
    sights seen = {0};
    gather(p, &seen, techniques);
    count_rules(p, rules, &changed);
    text_escape(out, p->policy);
    buf_addf(out, ": %zu of %zu rules see all they look for (%.0f %%), %zu in part, %zu nothing\n", rules[ALL], p->n,
             percent(rules[ALL], p->n), rules[PART], rules[BLIND]);
    buf_addf(out, "  techniques: %zu seen, %zu in part, %zu not\n", techniques[ALL], techniques[PART], techniques[BLIND]);
    add_techniques(out, &seen, BLIND, "not seen");
    add_techniques(out, &seen, PART, "seen in part");
    if (p->untold)
        buf_addf(out, "  %zu rules have no hit beside them: nothing can be said about them\n", p->untold);
    for (size_t i = 0; i < p->n && sight_of(&p->lines[i]) != ALL; i++) {
        const enum sight sight = sight_of(&p->lines[i]);
        if (i == 0 || sight_of(&p->lines[i - 1]) != sight)
            buf_add(out, str_from_c(heads[sight]));
        add_line(out, &p->lines[i]);
    }
    add_change(out, p, changed);
    vec_fini(&seen);
}

// --- JSON ------------------------------------------------------------------------------------------------------------------------

static void write_texts(struct json_writer *w, struct str key, const struct str *items, size_t n)
{
    json_key(w, key);
    json_open_array(w);
    for (size_t i = 0; i < n; i++)
        json_string(w, items[i]);
    json_close_array(w);
}

static void write_line(struct buf *out, const struct coverage_page *p, const struct coverage_line *l)
{
    static const struct str words[] = {[BLIND] = STR("none"), [PART] = STR("part"), [ALL] = STR("all")};
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("coverage_rule"));
    json_key_string(&w, STR("policy"), p->policy);
    json_key(&w, STR("rule"));
    json_open_object(&w);
    json_key_string(&w, STR("id"), l->rule->id);
    json_key_string(&w, STR("title"), l->rule->title);
    json_key_string(&w, STR("level"), rule_level_name(l->rule->level));
    write_texts(&w, STR("tags"), l->rule->tags, l->rule->n_tags);
    json_close_object(&w);
    json_key_string(&w, STR("sees"), words[sight_of(l)]);
    json_key_number(&w, STR("ways"), (int64_t)l->stories);
    json_key_number(&w, STR("seen"), (int64_t)l->seen);
    json_key_number(&w, STR("seen_changed"), (int64_t)l->seen_changed);
    write_texts(&w, STR("needs"), l->needs, l->n_needs);
    json_close_object(&w);
    buf_add_char(out, '\n');
}

static void write_techniques(struct json_writer *w, struct str key, const sights *s, enum sight sight)
{
    json_key(w, key);
    json_open_array(w);
    for (size_t i = 0; i < s->n; i++) {
        if (s->items[i].sight == sight)
            json_string(w, s->items[i].tag);
    }
    json_close_array(w);
}

void coverage_json(struct buf *out, const struct coverage_page *p)
{
    size_t rules[SIGHTS] = {0}, techniques[SIGHTS] = {0}, changed = 0;
    sights seen = {0};
    gather(p, &seen, techniques);
    count_rules(p, rules, &changed);
    for (size_t i = 0; i < p->n; i++)
        write_line(out, p, &p->lines[i]);
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("coverage"));
    json_key_string(&w, STR("policy"), p->policy);
    json_key_number(&w, STR("rules"), (int64_t)p->n);
    json_key_number(&w, STR("all"), (int64_t)rules[ALL]);
    json_key_number(&w, STR("part"), (int64_t)rules[PART]);
    json_key_number(&w, STR("none"), (int64_t)rules[BLIND]);
    json_key_number(&w, STR("untold"), (int64_t)p->untold);
    json_key(&w, STR("techniques"));
    json_open_object(&w);
    write_techniques(&w, STR("all"), &seen, ALL);
    write_techniques(&w, STR("part"), &seen, PART);
    write_techniques(&w, STR("none"), &seen, BLIND);
    json_close_object(&w);
    json_key_string(&w, STR("change"), p->change.len ? p->change : STR_NONE);
    write_texts(&w, STR("stages"), p->stages, p->n_stages);
    json_key_number(&w, STR("all_changed"), (int64_t)changed);
    json_close_object(&w);
    buf_add_char(out, '\n');
    vec_fini(&seen);
}
