// SPDX-License-Identifier: Apache-2.0
// How a function tells its caller that it could not do what was asked.
//
// Two kinds of failure exist. An expected outcome (end of input, key not found, record malformed) has a type of its own next to the
// function that returns it, and the direct caller handles it. Everything else is a `status`: it is passed up untouched with TRY, and
// the sentence a person will read was written once, at the origin, into a `struct diags`.
#pragma once

typedef enum [[nodiscard]] status{
    ST_OK = 0,
    ST_USAGE, // the caller asked for something that does not exist: exit status 2
    ST_INPUT, // what was read is not acceptable: exit status 3
    ST_IO,    // the environment failed (file, pipe, memory map): exit status 3
    ST_LIMIT, // a stated limit was reached: exit status 3
} status;

// Passes a failure up. The reason is already in the caller's diags.
#define TRY(call)                                                                                                                          \
    do {                                                                                                                                   \
        status try_status_ = (call);                                                                                                       \
        if (try_status_ != ST_OK)                                                                                                          \
            return try_status_;                                                                                                            \
    } while (0)

// A programmer's promise, alive in release builds. Never applied to input.
#define must(condition) ((condition) ? (void)0 : must_fail(#condition, __FILE__, __LINE__))

// Prints the broken promise to standard error and aborts.
_Noreturn void must_fail(const char *condition, const char *file, int line);

// Memory is the environment's: when it ends, the process ends, with a sentence. Limits on what input may claim are enforced earlier,
// by arenas and buffers that are born with their maximum.
[[nodiscard]] __attribute__((returns_nonnull)) void *must_alloc(void *ptr); // returns ptr; aborts when it is NULL
