// SPDX-License-Identifier: Apache-2.0
// davy evidence: is a bundle still what it was, and what is in it?
#include "bundle/bundle.h"
#include "cmd/cmd.h"
#include "os/os.h"

#include <stdio.h>

enum { COPY = 64 << 10 };

struct input {
    int fd;
    char bytes[COPY];
};

static ptrdiff_t read_more(void *context, const void **out)
{
    struct input *in = context;
    *out = in->bytes;
    return os_read(in->fd, in->bytes, sizeof in->bytes);
}

static status read_bundle(struct str path, const struct bundle_handler *handler, struct bundle_summary *summary, struct diags *diags)
{
    struct input in = {.fd = os_open(path)};
    struct place place = {.file = path};
    if (in.fd < 0) {
        diags_add(diags, DIAG_ERROR, &place, "cannot be read: %s", os_reason(-in.fd));
        return ST_IO;
    }
    status result = bundle_read(read_more, &in, BUNDLE_LIMITS_DEFAULT, handler, summary, diags);
    os_close(in.fd);
    return result;
}

static void print_member(void *context, struct str name, uint64_t size, struct str sha256)
{
    struct buf *out = context;
    buf_addf(out, "%.*s %12llu  ", STR_ARG(sha256), (unsigned long long)size);
    text_escape(out, name);
    buf_add_char(out, '\n');
}

static void print_difference(void *context, struct str name, enum bundle_difference what)
{
    struct buf *out = context;
    buf_addf(out, "%s: ", bundle_difference_name(what));
    text_escape(out, name);
    buf_add_char(out, '\n');
}

// Reads the bundle of the command line; what handlers wrote goes to standard output, also when the bundle ends in the middle.
static int run_over(const struct args *args, struct bundle_handler handler, struct buf *out, struct bundle_summary *summary, status *result)
{
    struct diags diags;
    diags_init(&diags);
    handler.context = out;
    *result = read_bundle(args->operands[0], &handler, summary, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    return *result == ST_OK ? EXIT_NOTHING : cmd_exit_status(*result);
}

static int run_verify(const struct args *args)
{
    struct bundle_summary summary;
    struct buf out;
    status result;
    buf_init(&out, SIZE_MAX);
    int code = run_over(args, (struct bundle_handler){.differs = print_difference}, &out, &summary, &result);
    if (result == ST_OK) {
        buf_addf(&out, "%llu members, %llu differences; " BUNDLE_MANIFEST " %.*s\n", (unsigned long long)summary.members,
                 (unsigned long long)summary.differences, SHA256_HEX, summary.manifest);
        code = summary.differences ? EXIT_FOUND : EXIT_NOTHING;
    }
    int printed = cmd_print(buf_str(&out));
    buf_fini(&out);
    return printed == EXIT_NOTHING ? code : printed;
}

static int run_list(const struct args *args)
{
    struct bundle_summary summary;
    struct buf out;
    status result;
    buf_init(&out, SIZE_MAX);
    int code = run_over(args, (struct bundle_handler){.member = print_member}, &out, &summary, &result);
    int printed = cmd_print(buf_str(&out));
    buf_fini(&out);
    return printed == EXIT_NOTHING ? code : printed;
}

#define BUNDLE_OPERAND                                                                                                                     \
    {                                                                                                                                      \
        .name = "FILE", .about = "an evidence bundle (tar.zst)", .complete = COMPLETE_FILE, .min = 1, .max = 1                             \
    }

static const struct example verify_examples[] = {
    {"davy evidence verify case-17.tar.zst", "names what is changed, missing or added"},
};

static const struct command command_verify = {
    .name = "verify",
    .about = "check every member of an evidence bundle against its manifest",
    .details =
        "Exit status 0: all members are as the manifest says; 1: some are changed, missing or added, and are named; 3: the file is no "
        "evidence bundle, or damaged. The digest of the manifest is printed: compare it with the one that davy detect --evidence "
        "told, because whoever changes a member can change the manifest as well. Nothing is extracted.",
    .operand = BUNDLE_OPERAND,
    .examples = verify_examples,
    .n_examples = COUNT(verify_examples),
    .run = run_verify,
};

static const struct command command_list = {
    .name = "list",
    .about = "list the members of an evidence bundle: SHA-256, size, name",
    .operand = BUNDLE_OPERAND,
    .run = run_list,
};

static const struct command *const children[] = {&command_verify, &command_list, NULL};

const struct command command_evidence = {
    .name = "evidence",
    .about = "check and list bundles that davy detect --evidence wrote",
    .children = children,
};
