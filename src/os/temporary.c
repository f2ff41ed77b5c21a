// SPDX-License-Identifier: Apache-2.0
// Temporary files without a name, and randomness.
#include "os/os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

int os_open_temporary(void)
{
    const char *folder = getenv("TMPDIR");
    int fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd < 0 ? -errno : fd;
}

bool os_write_all(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

bool os_read_all(int fd, void *bytes, size_t n)
{
    char *at = bytes;
    while (n) {
        ptrdiff_t got = os_read(fd, at, n);
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

bool os_rewind(int fd)
{
    return lseek(fd, 0, SEEK_SET) == 0;
}

bool os_read_at(int fd, uint64_t offset, void *bytes, size_t n)
{
    char *at = bytes;
    while (n) {
        ssize_t got = pread(fd, at, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return true;
}

uint64_t os_random(void)
{
    uint64_t value = 0;
    ssize_t got = getrandom(&value, sizeof value, 0);
    return got == sizeof value ? value : (uint64_t)os_realtime_ns() * 0x9e3779b97f4a7c15u;
}
