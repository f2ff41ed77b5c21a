// SPDX-License-Identifier: Apache-2.0
// A long log from a short one: the file again and again, each time with other audit IDs and later timestamps, so that neither caches
// nor duplicate detection see the same line twice.
//
//   repeat FILE BYTES
//
// The file is NDJSON of audit.k8s.io events. Only the digits change, so every repetition has the size of the file; the output ends
// with the repetition that reaches BYTES.
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Where a repetition has to write: the first eight hexadecimal digits of an audit ID, or a timestamp of 27 characters.
struct spot {
    size_t offset;
    bool id;
    int64_t original; // the digits as a number; microseconds since 1970
};

struct log {
    char *text;
    size_t len;
    struct spot *spots;
    size_t n, cap;
    int64_t first, last;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "repeat: %s: %s\n", what, errno ? strerror(errno) : "not understood");
    exit(1);
}

static void load(struct log *log, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        die(path);
    log->len = (size_t)ftell(file);
    log->text = calloc(1, log->len + 32); // a key may stand at the very end
    rewind(file);
    if (!log->text || fread(log->text, 1, log->len, file) != log->len || log->len == 0)
        die(path);
    fclose(file);
}

static void add_spot(struct log *log, size_t offset, bool id, int64_t original)
{
    if (log->n == log->cap) {
        log->cap = log->cap ? log->cap * 2 : 1024;
        log->spots = realloc(log->spots, log->cap * sizeof *log->spots);
        if (!log->spots)
            die("memory");
    }
    log->spots[log->n++] = (struct spot){offset, id, original};
}

// "2026-11-22T01:35:33.030423Z" to microseconds; false if it is written otherwise.
static bool read_time(const char *at, int64_t *out)
{
    char text[28] = {0}; // sscanf measures all of its input first
    memcpy(text, at, 27);
    struct tm tm = {0};
    int micros, end = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &micros,
               &end) != 7 ||
        end != 27)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    *out = (int64_t)timegm(&tm) * 1000000 + micros;
    return true;
}

static void write_time(char *at, int64_t micros)
{
    time_t seconds = (time_t)(micros / 1000000);
    struct tm tm;
    char text[64];
    gmtime_r(&seconds, &tm);
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + n, sizeof text - n, ".%06dZ", (int)(micros % 1000000));
    memcpy(at, text, 27);
}

// Keys of the event itself; those inside bodies have other names or are quoted with backslashes.
static void find_spots(struct log *log, const char *key, bool id)
{
    for (char *at = log->text; (at = strstr(at, key));) {
        at += strlen(key);
        int64_t value;
        char digits[9] = {0};
        memcpy(digits, at, 8);
        char *end;
        if (id) {
            value = (int64_t)strtoull(digits, &end, 16);
            if (*end)
                continue;
        } else if (!read_time(at, &value)) {
            continue;
        } else {
            log->first = log->first == 0 || value < log->first ? value : log->first;
            log->last = value > log->last ? value : log->last;
        }
        add_spot(log, (size_t)(at - log->text), id, value);
    }
}

static void write_hex(char *at, uint32_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 4)
        at[i] = "0123456789abcdef"[value & 15];
}

static void shift(struct log *log, uint32_t repetition)
{
    int64_t span = log->last - log->first + 1000000;
    uint32_t mask = repetition * 2654435761u; // another permutation of the digits each time; both stages of a request get the same
    for (size_t i = 0; i < log->n; i++) {
        const struct spot *spot = &log->spots[i];
        if (spot->id)
            write_hex(log->text + spot->offset, (uint32_t)spot->original ^ mask);
        else
            write_time(log->text + spot->offset, spot->original + span * repetition);
    }
}

static void write_all(const char *at, size_t len)
{
    while (len) {
        ssize_t n = write(STDOUT_FILENO, at, len);
        if (n < 0)
            die("standard output");
        at += n;
        len -= (size_t)n;
    }
}

int main(int argc, char **argv)
{
    uint64_t wanted = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (!wanted) {
        fprintf(stderr, "usage: repeat FILE BYTES\n");
        return 2;
    }
    struct log log = {0};
    load(&log, argv[1]);
    find_spots(&log, "\"auditID\":\"", true);
    find_spots(&log, "\"requestReceivedTimestamp\":\"", false);
    find_spots(&log, "\"stageTimestamp\":\"", false);
    if (log.n == 0)
        die("no audit events");
    uint64_t written = 0;
    for (uint32_t repetition = 0; written < wanted; repetition++, written += log.len) {
        shift(&log, repetition);
        write_all(log.text, log.len);
    }
    free(log.spots);
    free(log.text);
    return 0;
}
