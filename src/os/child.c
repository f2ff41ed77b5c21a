// SPDX-License-Identifier: Apache-2.0
// Another program, run to its end without a shell: what it prints comes back, and it does not run for longer than allowed.
#include "os/os.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 16 << 10, WAIT_STEP_MS = 5 };

// --- words -----------------------------------------------------------------------------------------------------------------------

// NULL-terminated copies, in the arena. False: one holds a NUL byte.
static bool add_words(struct arena *a, char **out, size_t *n, const struct str *words, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++) {
        if (memchr(words[i].ptr, 0, words[i].len))
            return false;
        out[(*n)++] = (char *)(uintptr_t)arena_str(a, words[i]).ptr;
    }
    return true;
}

static bool is_replaced(const char *variable, const struct os_command *c)
{
    const struct str line = str_from_c(variable);
    const struct str name = str_slice(line, 0, str_find_char(line, '=', 0));
    for (size_t i = 0; i < c->n_environment; i++) {
        const struct str other = c->environment[i];
        if (str_eq(name, str_slice(other, 0, str_find_char(other, '=', 0))))
            return true;
    }
    return false;
}

// Ours, and what the command adds or replaces.
static char **environment_of(struct arena *a, const struct os_command *c)
{
    size_t n = 0, ours = 0;
    while (environ[ours])
        ours++;
    char **out = arena_array(a, char *, ours + c->n_environment + 1);
    for (size_t i = 0; i < ours; i++) {
        if (!is_replaced(environ[i], c))
            out[n++] = environ[i];
    }
    return add_words(a, out, &n, c->environment, c->n_environment) ? out : NULL;
}

// --- start -----------------------------------------------------------------------------------------------------------------------

// 0 with *pid, or an errno.
static int spawn(const struct os_command *c, int output, pid_t *pid)
{
    struct arena arena;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    size_t n = 0;
    arena_init(&arena, ARENA_UNLIMITED);
    char **words = arena_array(&arena, char *, c->n_arguments + 2);
    const bool good = add_words(&arena, words, &n, &c->program, 1) && add_words(&arena, words, &n, c->arguments, c->n_arguments);
    char **environment = environment_of(&arena, c);
    int error = good && environment ? 0 : EINVAL;
    if (!error) {
        sigset_t none;
        sigemptyset(&none);
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        if (!c->standard_input) {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
            // A group of its own ends with all its children; who talks to the terminal stays in ours, which the terminal listens to.
            posix_spawnattr_setpgroup(&attributes, 0);
        }
        posix_spawnattr_setflags(&attributes, (short)(POSIX_SPAWN_SETSIGMASK | (c->standard_input ? 0 : POSIX_SPAWN_SETPGROUP)));
        error = posix_spawnp(pid, words[0], &actions, &attributes, words, environment);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    arena_fini(&arena);
    return error;
}

// --- to its end ------------------------------------------------------------------------------------------------------------------

static int left_ms(int64_t deadline)
{
    const int64_t left = (deadline - os_monotonic_ns()) / 1000000;
    return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

// Everything that it prints. False: too late, or too much (*out is full).
static bool read_output(int fd, int64_t deadline, size_t max, struct buf *out)
{
    for (;;) {
        char piece[PIECE];
        struct pollfd p = {.fd = fd, .events = POLLIN};
        const int ready = poll(&p, 1, left_ms(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0 && left_ms(deadline) > 0)
            continue;
        if (ready <= 0)
            return false;
        const ptrdiff_t got = os_read(fd, piece, sizeof piece);
        if (got <= 0)
            return true;
        if (out->len + (size_t)got > max) {
            out->full = true;
            return false;
        }
        buf_add(out, str_make(piece, (size_t)got));
    }
}

// It may have closed its output long before its end.
static bool wait_for(pid_t pid, int64_t deadline, int *state)
{
    for (;;) {
        const pid_t got = waitpid(pid, state, WNOHANG);
        if (got == pid)
            return true;
        if ((got < 0 && errno != EINTR) || left_ms(deadline) == 0)
            return false;
        const struct timespec step = {.tv_nsec = WAIT_STEP_MS * 1000000};
        nanosleep(&step, NULL);
    }
}

static void end(pid_t pid, bool group)
{
    int state;
    kill(group ? -pid : pid, SIGKILL);
    while (waitpid(pid, &state, 0) < 0 && errno == EINTR)
        ;
}

struct os_outcome os_run(const struct os_command *c, struct buf *out)
{
    int ends[2], state = 0;
    pid_t pid = 0;
    const int64_t deadline = os_monotonic_ns() + c->timeout_ns;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return (struct os_outcome){OS_NOT_STARTED, errno};
    const int error = spawn(c, ends[1], &pid);
    os_close(ends[1]);
    if (error) {
        os_close(ends[0]);
        return (struct os_outcome){OS_NOT_STARTED, error};
    }
    struct os_outcome outcome = {OS_TIMED_OUT, 0};
    const bool whole = read_output(ends[0], deadline, c->max_output, out);
    os_close(ends[0]);
    if (!whole || !wait_for(pid, deadline, &state)) {
        end(pid, !c->standard_input);
        outcome.how = out->full ? OS_TOO_MUCH : OS_TIMED_OUT;
    } else if (WIFEXITED(state)) {
        outcome = (struct os_outcome){OS_EXITED, WEXITSTATUS(state)};
    } else {
        outcome = (struct os_outcome){OS_KILLED, WTERMSIG(state)};
    }
    return outcome;
}

struct str os_variable(const char *name)
{
    return str_from_c(getenv(name));
}

void os_pause(int64_t ns)
{
    struct timespec left = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (ns > 0 && nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
}
