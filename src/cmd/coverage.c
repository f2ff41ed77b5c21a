// SPDX-License-Identifier: Apache-2.0
// davy coverage: what an audit policy lets the rules see.
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "engine/coverage/coverage.h"
#include "os/os.h"
#include "report/answers/coverage.h"

#include <stdio.h>
#include <stdlib.h>

enum { POLICY_MAX = 4 << 20 };
enum { OPT_POLICY, OPT_RULES, OPT_FORMAT, OPT_FAIL_ON, OPT_CHANGE };
static const char *const formats[] = {"text", "json", NULL};
static const char *const levels[] = {"informational", "low", "medium", "high", "critical", "never", NULL};

static const struct arg_spec options[] = {
    [OPT_POLICY] = {.name = "policy",
                    .letter = 'p',
                    .kind = ARG_STRING,
                    .complete = COMPLETE_FILE,
                    .value = "FILE",
                    .about = "the audit policy (kind Policy of audit.k8s.io), needed"},
    [OPT_RULES] = OPTION_RULES("ask about the rules in DIR, by the tests beside them, instead of the built-in ones"),
    [OPT_FORMAT] = OPTION_FORMAT(formats, "text", "how to print"),
    [OPT_FAIL_ON] = {.name = "fail-on",
                     .kind = ARG_ENUM,
                     .value = "LEVEL",
                     .choices = levels,
                     .initial = "high",
                     .about = "exit with status 1 when a rule of this level or above does not see all it looks for"},
    [OPT_CHANGE] = {.name = "change", .kind = ARG_FLAG, .about = "print nothing but the rules to put in front of those of the policy"},
};

static const struct example examples[] = {
    {"davy coverage --policy /etc/kubernetes/audit-policy.yaml", "what stays unseen, and what to change"},
    {"davy coverage --policy policy.yaml --fail-on critical", "in a pipeline"},
    {"davy coverage --policy policy.yaml --rules my-rules", "rules of your own, with tests beside them"},
};

static struct str need_text(struct arena *a, const struct coverage_need *n)
{
    struct buf out;
    buf_init(&out, SIZE_MAX);
    buf_addf(&out, "%.*s ", STR_ARG(n->verb));
    buf_add(&out, n->resource.len ? n->resource : n->path);
    if (n->group.len)
        buf_addf(&out, ".%.*s", STR_ARG(n->group));
    if (n->given < n->wanted) {
        const struct str given = audit_level_name(n->given), wanted = audit_level_name(n->wanted);
        buf_addf(&out, ": %.*s", STR_ARG(given));
        if (n->line)
            buf_addf(&out, " by the rule in line %u", n->line);
        else
            buf_add(&out, STR(", because no rule is about it"));
        buf_addf(&out, "; needs %.*s%s", STR_ARG(wanted), n->secret ? ", at the price of credentials in the log" : "");
    }
    if (n->stage.len)
        buf_addf(&out, ": the stage %.*s is left out", STR_ARG(n->stage));
    const struct str text = arena_str(a, buf_str(&out));
    buf_fini(&out);
    return text;
}

static struct coverage_line *lines_of(struct arena *a, const struct coverage *c)
{
    struct coverage_line *lines = arena_array(a, struct coverage_line, c->n);
    for (size_t i = 0; i < c->n; i++) {
        const struct coverage_rule *r = &c->rules[i];
        struct str *needs = arena_array(a, struct str, r->n_needs);
        for (size_t k = 0; k < r->n_needs; k++)
            needs[k] = need_text(a, &r->needs[k]);
        lines[i] = (struct coverage_line){r->rule, r->stories, r->seen, r->seen_changed, needs, r->n_needs};
    }
    return lines;
}

static int print(const struct args *args, struct str file, const struct coverage *c)
{
    struct arena arena;
    struct buf out;
    arena_init(&arena, ARENA_UNLIMITED);
    buf_init(&out, SIZE_MAX);
    const struct coverage_page page = {.policy = file,
                                       .lines = lines_of(&arena, c),
                                       .n = c->n,
                                       .untold = c->untold,
                                       .change = c->change,
                                       .stages = c->stages,
                                       .n_stages = c->n_stages,
                                       .spares_secrets = c->spares_secrets};
    if (arg_flag(args, OPT_CHANGE))
        buf_add(&out, c->change);
    else if (arg_choice(args, OPT_FORMAT) == 1)
        coverage_json(&out, &page);
    else
        coverage_text(&out, &page);
    int result = cmd_print(buf_str(&out));
    for (size_t i = 0; i < c->n && result == EXIT_NOTHING; i++) {
        if (c->rules[i].seen < c->rules[i].stories && arg_choice(args, OPT_FAIL_ON) <= c->rules[i].rule->level)
            result = EXIT_FOUND;
    }
    buf_fini(&out);
    arena_fini(&arena);
    return result;
}

static int run(const struct args *args)
{
    const struct str file = arg_string(args, OPT_POLICY);
    struct coverage_options wanted = {0};
    struct coverage_run *covered = NULL;
    struct coverage c;
    struct diags diags;
    struct buf text;
    int result;
    if (!file.len) {
        fprintf(stderr, "davy: coverage is about an audit policy: --policy FILE\n");
        return EXIT_USAGE;
    }
    diags_init(&diags);
    buf_init(&text, POLICY_MAX);
    wanted.paths = arg_list(args, OPT_RULES, &wanted.n_paths);
    status st = os_read_file(file, POLICY_MAX, &text, &diags);
    wanted.policy = (struct yaml_source){.name = file, .text = buf_str(&text)};
    if (st == ST_OK)
        st = coverage_run(&covered, &wanted, &c, &diags);
    cmd_print_diags(&diags);
    result = st == ST_OK ? print(args, file, &c) : cmd_exit_status(st);
    coverage_free(covered);
    buf_fini(&text);
    diags_fini(&diags);
    return result;
}

const struct command command_coverage = {
    .name = "coverage",
    .about = "what an audit policy lets the rules see",
    .details =
        "Every rule comes with the ways it must hit (its tests). They are told again through the policy, which leaves events out, takes "
        "their bodies away or omits stages, as the API server does. What is then no longer hit is unseen; the request that was logged too "
        "little, the policy's rule that decided so, and the least level that would do are told, and the smallest change that opens the "
        "eyes, which has been tried the same way.",
    .options = options,
    .n_options = COUNT(options),
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
