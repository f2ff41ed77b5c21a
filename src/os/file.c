// SPDX-License-Identifier: Apache-2.0
// Files: open, read, stat.
#include "os/os.h"

#include "os/os_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *os_terminated(struct str path, char room[static 4096])
{
    if (!path.ptr || memchr(path.ptr, 0, path.len)) {
        errno = ENOENT;
        return NULL;
    }
    if (path.len >= 4096) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    memcpy(room, path.ptr, path.len);
    room[path.len] = 0;
    return room;
}

int os_open(struct str path)
{
    char room[4096];
    const char *name = os_terminated(path, room);
    if (!name)
        return -errno;
    int fd;
    do
        fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

ptrdiff_t os_read(int fd, void *buffer, size_t size)
{
    ssize_t got;
    do
        got = read(fd, buffer, size);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

void os_close(int fd)
{
    if (fd >= 0)
        close(fd); // not repeated on EINTR: Linux has released the descriptor by then
}

void os_read_sequentially(int fd)
{
    int ignored = posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    (void)ignored;
}

bool os_readable_now(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

const char *os_reason(int error)
{
    const char *text = strerrordesc_np(error < 0 ? -error : error);
    return text ? text : "unknown error";
}

status os_read_file(struct str path, size_t max, struct buf *out, struct diags *diags)
{
    const struct place place = {.file = path};
    int fd = os_open(path);
    if (fd < 0) {
        diags_add(diags, DIAG_ERROR, &place, "cannot be opened: %s", os_reason(fd));
        return ST_IO;
    }
    status result = ST_OK;
    size_t total = 0;
    for (;;) {
        char piece[16384];
        ptrdiff_t got = os_read(fd, piece, sizeof piece);
        if (got == 0)
            break;
        if (got < 0) {
            diags_add(diags, DIAG_ERROR, &place, "cannot be read: %s", os_reason((int)got));
            result = ST_IO;
            break;
        }
        total += (size_t)got;
        if (total <= max)
            buf_add(out, str_make(piece, (size_t)got));
        if (total > max || out->full) {
            diags_add(diags, DIAG_ERROR, &place, "is longer than %zu bytes", max);
            result = ST_LIMIT;
            break;
        }
    }
    os_close(fd);
    return result;
}

static void fill_stat(const struct stat *st, struct os_stat *out)
{
    *out = (struct os_stat){.kind = OS_OTHER, .device = st->st_dev, .inode = st->st_ino};
    if (S_ISREG(st->st_mode)) {
        out->kind = OS_FILE;
        out->size = st->st_size > 0 ? (uint64_t)st->st_size : 0;
    } else if (S_ISDIR(st->st_mode)) {
        out->kind = OS_DIRECTORY;
    } else if (S_ISFIFO(st->st_mode)) {
        out->kind = OS_PIPE;
    }
}

int os_stat(struct str path, struct os_stat *out)
{
    char room[4096];
    const char *name = os_terminated(path, room);
    struct stat st;
    if (!name || stat(name, &st) < 0)
        return -errno;
    fill_stat(&st, out);
    return 0;
}

int os_stat_fd(int fd, struct os_stat *out)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -errno;
    fill_stat(&st, out);
    return 0;
}

struct str os_real_path(struct arena *a, struct str path)
{
    char room[4096];
    const char *name = os_terminated(path, room);
    char *real = name ? realpath(name, NULL) : NULL;
    struct str copy = real ? arena_str(a, str_from_c(real)) : STR_NONE;
    free(real);
    return copy;
}
