// SPDX-License-Identifier: Apache-2.0
// davy rules match: a line per hit, for whoever writes rules or compares engines.
#include "cmd/options.h"
#include "cmd/rules.h"
#include "engine/trial/trial.h"
#include "source/source.h"

#include <stdio.h>

enum { OPT_RULES, OPT_STREAM, OPT_PLACEHOLDERS, OPT_STRICT, OPT_DEFAULT_REGISTRY };
static const struct arg_spec options[] = {
    RULES_OPTION(OPT_RULES),
    STREAM_OPTION(OPT_STREAM),
    PLACEHOLDERS_OPTION(OPT_PLACEHOLDERS),
    [OPT_DEFAULT_REGISTRY] = OPTION_DEFAULT_REGISTRY,
    [OPT_STRICT] = {.name = "strict",
                    .kind = ARG_FLAG,
                    .about = "check every byte of every document, and stop at the first that is not valid"},
};

static const struct example examples[] = {
    {"davy rules match --stream generic --rules windows/ events.jsonl", "Sigma rules on documents of any kind"},
};

struct matching {
    const struct pack *pack;
    struct trial *trial;
    struct str file;
    bool strict;
    struct diags *diags;
    struct buf out;
};

static void add_hits(struct matching *m, uint64_t line)
{
    size_t n;
    const uint32_t *hits = trial_hits(m->trial, &n);
    for (size_t i = 0; i < n; i++) {
        buf_addf(&m->out, "%llu\t", (unsigned long long)line);
        text_escape(&m->out, m->pack->rules->rules[hits[i]].id);
        buf_add_char(&m->out, '\n');
    }
}

static status match_record(struct matching *m, struct str record, uint64_t line)
{
    struct json_error error;
    if (trial_record(m->trial, record, false, &error) != JSON_BAD) {
        add_hits(m, line);
        return ST_OK;
    }
    struct place place = {.file = m->file, .line = (unsigned)line, .column = (unsigned)error.offset + 1};
    diags_add(m->diags, m->strict ? DIAG_ERROR : DIAG_WARNING, &place, "document skipped: %s", error.reason);
    return m->strict ? ST_INPUT : ST_OK;
}

static status match_block(struct matching *m, const struct source_block *block, struct source_lines *lines)
{
    struct str data = str_make(block->data, block->len);
    uint64_t line = source_lines_add(lines, block, source_count_newlines(data));
    buf_clear(&m->out);
    for (size_t i = 0; block->shape == SHAPE_SPANS && i < block->n_spans; i++) {
        const struct source_span *span = &block->spans[i];
        TRY(match_record(m, str_make(block->data + span->offset, span->len), span->line));
    }
    for (struct str rest = data; block->shape == SHAPE_LINES && rest.ptr && rest.len; line++)
        TRY(match_record(m, str_split(&rest, '\n'), line));
    return fwrite(m->out.ptr, 1, m->out.len, stdout) == m->out.len ? ST_OK : ST_IO;
}

static status match_all(struct matching *m, const struct source_list *list)
{
    struct source_reader *reader;
    struct source_block block = {0};
    struct source_lines lines = {0};
    struct source_limits limits = SOURCE_LIMITS_DEFAULT;
    limits.lines_only = true;
    TRY(source_reader_new(&reader, list, limits));
    status result = ST_OK;
    for (bool end = false; result == ST_OK;) {
        result = source_next(reader, &block, &end, m->diags);
        if (result != ST_OK || end)
            break;
        result = match_block(m, &block, &lines);
    }
    source_block_fini(&block);
    source_reader_free(reader);
    return result;
}

static status match_file(const struct args *args, const struct pack *pack, struct diags *diags)
{
    struct matching m = {.pack = pack, .file = args->operands[0], .strict = arg_flag(args, OPT_STRICT), .diags = diags};
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct source_list *list;
    limits.strict = m.strict;
    TRY(source_expand(&list, args->operands, 1, STR_NONE, diags));
    status result = trial_new(&m.trial, pack->rules, pack->dictionary, limits, diags);
    buf_init(&m.out, SIZE_MAX);
    if (result == ST_OK)
        result = match_all(&m, list);
    trial_free(m.trial);
    source_list_free(list);
    buf_fini(&m.out);
    return result;
}

static int run(const struct args *args)
{
    status result;
    struct diags diags;
    struct pack *pack = rules_load(args, OPT_RULES, OPT_STREAM, OPT_PLACEHOLDERS, OPT_DEFAULT_REGISTRY, &result);
    if (result != ST_OK) { // a refused rule's silence must not pass for an answer
        pack_free(pack);
        return cmd_exit_status(result);
    }
    diags_init(&diags);
    result = match_file(args, pack, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    pack_free(pack);
    return fflush(stdout) == 0 ? cmd_exit_status(result) : EXIT_TROUBLE;
}

const struct command rules_match = {
    .name = "match",
    .about = "try rules on documents: a line per hit, LINE-NUMBER<TAB>RULE-ID",
    .details =
        "With --stream generic each line is one JSON document of no known kind: logsource does not filter, a field name is first a "
        "key with dots in it and then a nested path, and @timestamp is the time for correlations. A correlation hits on the line that "
        "completes it and on every further line that keeps it true. A refused rule ends with status 3.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "FILE", .about = "documents, one a line; - for standard input", .complete = COMPLETE_FILE, .min = 1, .max = 1},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
