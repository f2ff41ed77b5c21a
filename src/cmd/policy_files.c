// SPDX-License-Identifier: Apache-2.0
#include "cmd/policy_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_MAX_BYTES = 120 };

static void complain(struct policy_files *f, const char *what, const char *path)
{
    diags_add(f->diags, DIAG_ERROR, NULL, "%s %s: %s", what, path, strerror(errno));
    f->failed = true;
}

status policy_files_open(struct policy_files *f, struct str folder, struct diags *diags)
{
    *f = (struct policy_files){.folder = folder, .diags = diags};
    buf_init(&f->text, SIZE_MAX);
    if (!folder.ptr)
        return ST_OK;
    char path[4096];
    snprintf(path, sizeof path, "%.*s", STR_ARG(folder));
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        complain(f, "cannot make", path);
        return ST_IO;
    }
    return ST_OK;
}

static bool is_kept(char c)
{
    return (char_lower(c) >= 'a' && char_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static void write_file(struct policy_files *f, struct str name)
{
    char path[4096 + NAME_MAX_BYTES];
    int len = snprintf(path, 4096, "%.*s/", STR_ARG(f->folder));
    if (len <= 0 || len >= 4096) {
        errno = ENAMETOOLONG;
        complain(f, "cannot write into", "this folder");
        return;
    }
    for (size_t i = 0; i < name.len && i < NAME_MAX_BYTES - 1; i++)
        path[len++] = is_kept(name.ptr[i]) && (i || name.ptr[i] != '.') ? name.ptr[i] : '_';
    path[len] = '\0';
    FILE *file = fopen(path, "we");
    if (!file) {
        complain(f, "cannot write", path);
        return;
    }
    const bool written = fwrite(f->text.ptr ? f->text.ptr : "", 1, f->text.len, file) == f->text.len;
    if (fclose(file) != 0 || !written)
        complain(f, "cannot write", path);
}

void policy_files_end(struct policy_files *f, struct str name)
{
    if (f->folder.ptr && !f->failed)
        write_file(f, name);
    else if (!f->folder.ptr && ((f->written && fputs("---\n", stdout) < 0) || fwrite(f->text.ptr, 1, f->text.len, stdout) != f->text.len))
        f->failed = true;
    f->written++;
    buf_clear(&f->text);
}

status policy_files_close(struct policy_files *f)
{
    if (!f->folder.ptr && (fflush(stdout) != 0 || ferror(stdout)))
        complain(f, "cannot write to", "standard output");
    buf_fini(&f->text);
    return f->failed ? ST_IO : ST_OK;
}
