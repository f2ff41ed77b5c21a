// SPDX-License-Identifier: Apache-2.0
// How commands speak: results to standard output, complaints to standard error, and what an exit status says.
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct example exit_statuses[4] = {
    {"0", "nothing at or above the level of --fail-on was found"},
    {"1", "something was found; for rules: something was refused or failed its test"},
    {"2", "the command line was wrong"},
    {"3", "input could not be read, or the environment failed"},
};

int cmd_exit_status(status st)
{
    switch (st) {
    case ST_OK:
        return EXIT_NOTHING;
    case ST_USAGE:
        return EXIT_USAGE;
    case ST_INPUT:
    case ST_IO:
    case ST_LIMIT:
        break;
    }
    return EXIT_TROUBLE;
}

int cmd_print(struct str text)
{
    if (fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0)
        return EXIT_NOTHING;
    fprintf(stderr, "davy: cannot write to standard output: %s\n", strerror(errno));
    return EXIT_TROUBLE;
}

void cmd_print_diags(const struct diags *diags)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < diags->n; i++) {
        buf_clear(&text);
        diag_write(&text, &diags->items[i]);
        fwrite(text.ptr, 1, text.len, stderr);
    }
    buf_fini(&text);
    if (diags->errors + diags->warnings > diags->n)
        fprintf(stderr, "davy: %zu errors and %zu warnings in all, the first %zu are shown\n", diags->errors, diags->warnings, diags->n);
}
