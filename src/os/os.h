// SPDX-License-Identifier: Apache-2.0
// The little that touches the system: files, directories, processors, the clock. Everything above takes bytes and numbers.
//
// Paths are views and may not hold a NUL byte; the functions make the terminated copy. Interrupted calls (EINTR) are repeated.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"

#include <sys/types.h>

// --- files -----------------------------------------------------------------------------------------------------------------------

// Opens for reading, close-on-exec. Gives a descriptor, or a negative errno. Opening a FIFO waits for its writer, as open(2) does.
[[nodiscard]] int os_open(struct str path);
// Up to size bytes; 0 at the end, a negative errno on failure.
[[nodiscard]] ptrdiff_t os_read(int fd, void *buffer, size_t size);
void os_close(int fd); // a negative fd is no descriptor and ignored
// The file will be read once, front to back: lets the kernel read ahead further. A hint; does nothing for what is no file.
void os_read_sequentially(int fd);
// Whether a read would give something (data, end or error) at once.
[[nodiscard]] bool os_readable_now(int fd);

// A file without a name, in $TMPDIR or /tmp, that is gone when it is closed. A descriptor, or a negative errno.
[[nodiscard]] int os_open_temporary(void);
[[nodiscard]] bool os_write_all(int fd, const void *bytes, size_t n);
[[nodiscard]] bool os_read_all(int fd, void *bytes, size_t n); // false: an error, or fewer are left
[[nodiscard]] bool os_rewind(int fd);
[[nodiscard]] bool os_read_at(int fd, uint64_t offset, void *bytes, size_t n); // all of them; does not move where os_write_all goes on

// The whole file, appended to out. ST_IO with a diagnostic when it cannot be read, ST_LIMIT when it is longer than max bytes or than
// what out may hold. For small files: rules, lists, configuration. "-" is a file name here, not the standard input.
[[nodiscard]] status os_read_file(struct str path, size_t max, struct buf *out, struct diags *diags);

// The reason in words ("No such file or directory"), static or per thread.
[[nodiscard]] const char *os_reason(int error);

// --- what is there ---------------------------------------------------------------------------------------------------------------

enum os_kind { OS_FILE, OS_DIRECTORY, OS_PIPE, OS_OTHER }; // OTHER: sockets, devices

struct os_stat {
    enum os_kind kind; // of what a symbolic link leads to
    uint64_t size;     // bytes of a file; 0 for the others
    dev_t device;      // with inode: which file it is, by whatever name
    ino_t inode;
};

// 0, or a negative errno.
[[nodiscard]] int os_stat(struct str path, struct os_stat *out);
[[nodiscard]] int os_stat_fd(int fd, struct os_stat *out);

// The path without symbolic links and dots, or STR_NONE when there is nothing there.
[[nodiscard]] struct str os_real_path(struct arena *a, struct str path);

struct os_entry {
    struct str path; // the walked directory's path, '/', and the names below
    struct os_stat stat;
};

struct os_walk_limits {
    unsigned depth; // directories below the one given
    size_t entries; // everything that is no directory, and as many directories
};

// All that lies below a directory and is no directory itself, sorted by path (bytewise, name by name). Symbolic links are followed; no
// directory is entered twice, so that links in a circle end. What cannot be looked at, and what the limits leave out, is said in diags
// (warnings). ST_IO only when the directory itself cannot be read.
[[nodiscard]] status os_walk(struct arena *a, struct str directory, struct os_walk_limits limits, struct os_entry **out, size_t *out_n,
                             struct diags *diags);

// --- the process -----------------------------------------------------------------------------------------------------------------

[[nodiscard]] bool os_is_terminal(int fd);
[[nodiscard]] unsigned os_terminal_width(int fd); // columns; 0 when it is none or does not say
[[nodiscard]] unsigned os_cpu_count(void);        // processors this process may run on, at least 1
[[nodiscard]] int64_t os_monotonic_ns(void);      // for durations
[[nodiscard]] uint64_t os_random(void);           // unguessable, from the kernel
[[nodiscard]] int64_t os_realtime_ns(void);       // since 1970-01-01T00:00:00Z
void os_pause(int64_t ns);
// SIGINT and SIGTERM end the process no more; a descriptor that is readable as soon as one has come, or a negative errno.
[[nodiscard]] int os_stop_signals(void);
[[nodiscard]] struct str os_variable(const char *name); // of the environment; STR_NONE: not set

// --- other programs --------------------------------------------------------------------------------------------------------------

struct os_command {
    struct str program; // with a slash: that file; otherwise looked for in PATH. No shell has a look at it
    const struct str *arguments;
    size_t n_arguments;
    const struct str *environment; // NAME=VALUE, added to ours or in the place of ours
    size_t n_environment;
    bool standard_input; // it may read ours; otherwise there is nothing to read
    int64_t timeout_ns;  // then it is killed, and with no standard input its children, too
    size_t max_output;   // the same
};

enum os_end { OS_EXITED, OS_KILLED, OS_TIMED_OUT, OS_TOO_MUCH, OS_NOT_STARTED };
struct os_outcome {
    enum os_end how;
    int code; // EXITED: its status; KILLED: the signal; NOT_STARTED: an errno
};

// Runs it to its end. What it prints is appended to out; what it complains of goes where our complaints go.
[[nodiscard]] struct os_outcome os_run(const struct os_command *command, struct buf *out);
