// SPDX-License-Identifier: Apache-2.0
#include "source/name.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool strip_one_of(struct str *name, const struct str *suffixes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (name->len > suffixes[i].len && str_ends_ci(*name, suffixes[i])) {
            name->len -= suffixes[i].len;
            return true;
        }
    }
    return false;
}

static const struct str compressions[] = {{".gz", 3}, {".zst", 4}, {".zstd", 5}, {".xz", 3}, {".bz2", 4}, {".lz4", 4}};
static const struct str formats[] = {{".log", 4}, {".json", 5}, {".jsonl", 6}, {".ndjson", 7}, {".txt", 4}, {".out", 4}, {".audit", 6}};

// Names that are never logs; first bytes decide about the others.
static const struct str no_logs[] = {
    {".tar", 4}, {".tgz", 4}, {".zip", 4}, {".7z", 3},  {".yaml", 5}, {".yml", 4}, {".md", 3},  {".html", 5},   {".csv", 4}, {".pem", 4},
    {".crt", 4}, {".key", 4}, {".sh", 3},  {".py", 3},  {".go", 3},   {".c", 2},   {".h", 2},   {".so", 3},     {".db", 3},  {".lock", 5},
    {".pid", 4}, {".swp", 4}, {".idx", 4}, {".png", 4}, {".jpg", 4},  {".pdf", 4}, {".md5", 4}, {".sha256", 7},
};

// logrotate: audit.log.1
static bool strip_number(struct str *name)
{
    size_t dot = name->len;
    while (dot && is_digit(name->ptr[dot - 1]))
        dot--;
    if (dot < 2 || dot == name->len || name->len - dot > 6 || name->ptr[dot - 1] != '.')
        return false;
    name->len = dot - 1;
    return true;
}

// A date, and what belongs to it: 20261122, 2026-11-22T01-00-00.000
static bool is_date(struct str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++) {
        digits += is_digit(s.ptr[i]);
        if (!is_digit(s.ptr[i]) && !memchr("-._:TZ", s.ptr[i], 6))
            return false;
    }
    return digits >= 8 && (str_starts(s, STR("20")) || str_starts(s, STR("19"))) && is_digit(s.ptr[2]) && is_digit(s.ptr[3]);
}

// kube-apiserver: audit-2026-11-22T01-00-00.000; logrotate with dateext: audit.log-20261122; or nothing but the date.
static bool strip_date(struct str *name)
{
    if (is_date(*name)) {
        name->len = 0;
        return true;
    }
    for (size_t i = 1; i + 1 < name->len; i++) {
        if (memchr("-._", name->ptr[i], 3) && is_date(str_slice(*name, i + 1, name->len))) {
            name->len = i;
            return true;
        }
    }
    return false;
}

struct log_name name_parse(struct str name)
{
    struct log_name out = {.stem = name, .no_log = name.len && name.ptr[0] == '.'};
    struct str rest = name;
    (void)strip_one_of(&rest, compressions, sizeof compressions / sizeof *compressions);
    out.no_log = out.no_log || strip_one_of(&(struct str){rest.ptr, rest.len}, no_logs, sizeof no_logs / sizeof *no_logs);
    for (bool more = true; more && rest.len;) {
        more = strip_one_of(&rest, formats, sizeof formats / sizeof *formats);
        if (strip_date(&rest) || strip_number(&rest))
            out.rotated = more = true;
    }
    out.stem = rest;
    return out;
}

bool name_is_common(struct str name)
{
    static const struct str common[] = {
        {"", 0},
        {".", 1},
        {"..", 2},
        {"audit", 5},
        {"audits", 6},
        {"audit-log", 9},
        {"audit-logs", 10},
        {"audit_log", 9},
        {"auditlog", 8},
        {"kube-audit", 10},
        {"kube-audit-admin", 16},
        {"k8s-audit", 9},
        {"kubernetes-audit", 16},
        {"kube-apiserver-audit", 20},
        {"kube-apiserver", 14},
        {"apiserver", 9},
        {"apiserver-audit", 15},
        {"kubernetes", 10},
        {"events", 6},
        {"log", 3},
        {"logs", 4},
        {"var", 3},
        {"tmp", 3},
        {"PT1H", 4},
        {"falco", 5},
        {"tetragon", 8},
        {"tracee", 6},
        {"host", 4},
        {"hosts", 5},
        {"processes", 9},
        {"ps", 2},
    };
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        if (str_eq(name, common[i]))
            return true;
    }
    return false;
}

static struct str without_slashes(struct str path)
{
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
}

static size_t last_slash(struct str path)
{
    size_t i = path.len;
    while (i && path.ptr[i - 1] != '/')
        i--;
    return i; // behind it; 0: none
}

struct str name_base(struct str path)
{
    path = without_slashes(path);
    return str_slice(path, last_slash(path), path.len);
}

struct str name_parent(struct str path)
{
    path = without_slashes(path);
    size_t at = last_slash(path);
    return at ? without_slashes(str_slice(path, 0, at)) : STR_NONE;
}

struct str name_below(struct str directory, struct str path)
{
    struct str rest = str_slice(path, directory.len, path.len);
    while (rest.len && rest.ptr[0] == '/')
        rest = str_slice(rest, 1, rest.len);
    const size_t slash = str_find_char(rest, '/', 0);
    return slash == SIZE_MAX ? STR_NONE : str_slice(rest, 0, slash);
}

struct str name_of_directory(struct str real, struct str otherwise)
{
    while (real.ptr && real.len > 1) {
        struct str base = name_base(real);
        if (!name_is_common(base))
            return base;
        real = name_parent(real);
    }
    return otherwise;
}
