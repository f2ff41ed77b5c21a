// SPDX-License-Identifier: Apache-2.0
#include "os/journal.h"

#include "os/os_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 100, WAIT_NS = 100000000 }; // ten seconds: a writer holds the lock for the time of a write

static status refuse(struct str path, const char *what, const char *why, struct diags *diags)
{
    diags_add(diags, DIAG_ERROR, &(struct place){.file = path}, "%s: %s", what, why);
    return ST_IO;
}

// Opens and locks. A negative errno; EWOULDBLOCK when somebody else keeps the lock.
static int open_locked(struct str path, int flags, int lock, struct stat *info)
{
    char room[4096];
    const char *name = os_terminated(path, room);
    int fd, result = -1;
    if (!name)
        return -errno;
    do
        fd = open(name, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return -errno;
    for (unsigned i = 0; i < TRIES; i++) {
        result = flock(fd, lock | LOCK_NB);
        if (result == 0 || errno != EWOULDBLOCK)
            break;
        os_pause(WAIT_NS);
    }
    if (result == 0)
        result = fstat(fd, info);
    if (result == 0 && !S_ISREG(info->st_mode)) {
        errno = EINVAL; // a lock and an end are what files have
        result = -1;
    }
    const int error = errno;
    if (result != 0)
        os_close(fd);
    return result == 0 ? fd : -error;
}

static const char *reason_of(int error)
{
    return error == EWOULDBLOCK ? "another process keeps it locked" : error == EINVAL ? "is no regular file" : os_reason(error);
}

static status read_tail(int fd, struct str path, uint64_t size, size_t max, struct buf *out, uint64_t *left_out, struct diags *diags)
{
    const uint64_t from = size > max ? size - max : 0;
    const size_t n = (size_t)(size - from);
    if (n == 0)
        return ST_OK;
    char *room = buf_reserve(out, n);
    if (!room || !os_read_at(fd, from, room, n))
        return refuse(path, "cannot be read", room ? "it became shorter" : "it is too large", diags);
    const char *first = from ? memchr(room, '\n', n) : NULL; // the line in the middle is none
    const size_t skipped = from ? (first ? (size_t)(first - room) + 1 : n) : 0;
    memmove(room, room + skipped, n - skipped);
    out->len += n - skipped;
    *left_out = from + skipped;
    return ST_OK;
}

status journal_read(struct str path, size_t max, struct buf *out, uint64_t *left_out, struct diags *diags)
{
    struct stat info;
    *left_out = 0;
    const int fd = open_locked(path, O_RDONLY, LOCK_SH, &info);
    if (fd == -ENOENT)
        return ST_OK;
    if (fd < 0)
        return refuse(path, "cannot be read", reason_of(-fd), diags);
    const status result = read_tail(fd, path, (uint64_t)info.st_size, max, out, left_out, diags);
    os_close(fd);
    return result;
}

// Ends what a crash tore off.
static bool end_torn_line(int fd, uint64_t size)
{
    char last;
    if (size == 0)
        return true;
    return os_read_at(fd, size - 1, &last, 1) && (last == '\n' || os_write_all(fd, "\n", 1));
}

status journal_append(struct str path, struct str lines, struct diags *diags)
{
    struct stat info = {0};
    const int fd = open_locked(path, O_RDWR | O_CREAT | O_APPEND, LOCK_EX, &info);
    if (fd < 0)
        return refuse(path, "cannot be written", reason_of(-fd), diags);
    bool good = end_torn_line(fd, (uint64_t)info.st_size) && os_write_all(fd, lines.ptr, lines.len) && fsync(fd) == 0;
    const int error = errno;
    if (!good && ftruncate(fd, info.st_size) != 0)
        diags_add(diags, DIAG_WARNING, &(struct place){.file = path}, "its last line may be torn");
    os_close(fd);
    return good ? ST_OK : refuse(path, "cannot be written", os_reason(error), diags);
}
