// SPDX-License-Identifier: Apache-2.0
// davy rules list, show, fields: what there is, in words.
#include "cmd/rules.h"

#include <stdio.h>

enum { OPT_RULES, OPT_STREAM };
static const struct arg_spec options[] = {RULES_OPTION(OPT_RULES), STREAM_OPTION(OPT_STREAM)};

static void add_line(struct buf *out, struct str s)
{
    text_escape(out, s);
    buf_add_char(out, '\n');
}

static void add_list(struct buf *out, const char *name, const struct str *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_addf(out, "  %-16s", i ? "" : name);
        add_line(out, str_trim(items[i]));
    }
}

static void list_rule(struct buf *out, const struct rule *r)
{
    buf_addf(out, "%-13.*s  ", STR_ARG(rule_level_name(r->level)));
    text_escape(out, r->id);
    buf_addf(out, "  %s  ", r->kind == RULE_CORRELATION ? "correlation" : "rule       ");
    text_escape(out, r->title);
    for (size_t i = 0; i < r->n_tags; i++) {
        buf_add(out, i ? STR(" ") : STR("  ["));
        text_escape(out, r->tags[i]);
    }
    if (r->n_tags)
        buf_add_char(out, ']');
    buf_add_char(out, '\n');
}

static int run_list(const struct args *args)
{
    status result;
    struct pack *pack = rules_load(args, OPT_RULES, OPT_STREAM, SIZE_MAX, SIZE_MAX, &result);
    if (!pack)
        return cmd_exit_status(result);
    struct buf out;
    buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < pack->rules->n; i++)
        list_rule(&out, &pack->rules->rules[i]);
    int code = cmd_print(buf_str(&out));
    buf_fini(&out);
    pack_free(pack);
    return code ? code : cmd_exit_status(result);
}

// Lines of a text that may have several, each behind the same indent.
static void add_text(struct buf *out, const char *name, struct str text)
{
    bool first = true;
    for (struct str rest = str_trim(text); rest.ptr;) {
        buf_addf(out, "  %-16s", first ? name : "");
        add_line(out, str_trim(str_split(&rest, '\n')));
        first = false;
    }
}

static void show_rule(struct buf *out, const struct rule *r)
{
    text_escape(out, r->title);
    buf_add_char(out, '\n');
    add_text(out, "id", r->id);
    add_text(out, "level", rule_level_name(r->level));
    if (r->silent)
        add_text(out, "silent", STR("feeds correlations, gives no alert of its own"));
    add_text(out, "what", r->description);
    add_text(out, "what to do", r->advice);
    add_list(out, "false positives", r->false_positives, r->n_false_positives);
    add_list(out, "tags", r->tags, r->n_tags);
    add_list(out, "references", r->references, r->n_references);
    buf_add(out, STR("  file            "));
    text_escape(out, r->file);
    buf_addf(out, ":%u\n", r->line);
    if (r->condition) {
        buf_add(out, STR("  condition       "));
        node_write(out, r->condition);
        buf_add_char(out, '\n');
    }
    buf_add_char(out, '\n');
}

static int run_show(const struct args *args)
{
    status result;
    struct pack *pack = rules_load(args, OPT_RULES, OPT_STREAM, SIZE_MAX, SIZE_MAX, &result);
    if (!pack)
        return cmd_exit_status(result);
    struct buf out;
    int code = EXIT_NOTHING;
    buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < args->n_operands; i++) {
        uint32_t rule = ruleset_find(pack->rules, args->operands[i]);
        if (rule == UINT32_MAX) {
            fprintf(stderr, "davy rules show: no rule has the id or name '%.*s'; davy rules list shows all\n", STR_ARG(args->operands[i]));
            code = EXIT_USAGE;
        } else {
            show_rule(&out, &pack->rules->rules[rule]);
        }
    }
    int printed = cmd_print(buf_str(&out));
    buf_fini(&out);
    pack_free(pack);
    return printed ? printed : code;
}

static int run_fields(const struct args *args)
{
    status result;
    struct pack *pack = rules_load(args, SIZE_MAX, 0, SIZE_MAX, SIZE_MAX, &result);
    if (!pack)
        return cmd_exit_status(result);
    struct buf out;
    size_t n;
    const struct field *fields = dictionary_fields(pack->dictionary, &n);
    buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < n; i++)
        buf_addf(&out, "%-32.*s  %.*s\n", STR_ARG(fields[i].name), STR_ARG(fields[i].about));
    int code = cmd_print(buf_str(&out));
    buf_fini(&out);
    pack_free(pack);
    return code;
}

const struct command rules_list = {
    .name = "list",
    .about = "list the rules: level, id, title, tags",
    .options = options,
    .n_options = COUNT(options),
    .run = run_list,
};

const struct command rules_show = {
    .name = "show",
    .about = "explain rules: what they look for, why, what to do",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "RULE", .about = "id or name of a rule", .min = 1, .max = SIZE_MAX},
    .run = run_show,
};

static const struct arg_spec fields_options[] = {STREAM_OPTION(0)};

const struct command rules_fields = {
    .name = "fields",
    .about = "list the field names that rules may use, and what they mean",
    .options = fields_options,
    .n_options = COUNT(fields_options),
    .run = run_fields,
};
