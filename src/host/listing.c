// SPDX-License-Identifier: Apache-2.0
// Process listings: `ps -eo pid,ppid,user,lstart,cgroup,args` and the files of /proc with their names before them
// (`grep -aH . /proc/[0-9]*/cgroup /proc/[0-9]*/cmdline`). Each line stands for itself.
//
//     1234  1200 root     Sun Nov 22 01:10:02 2026 0::/kubepods.slice/...-pod<uid>.slice/cri-containerd-<id>.scope ./xmrig -o pool:3333
//   /proc/1234/cgroup:0::/kubepods/burstable/pod<uid>/<id>
//   /proc/1234/cmdline:./xmrig<NUL>-o<NUL>pool:3333<NUL>
#include "host/format.h"

static struct str next_word(struct str *rest)
{
    while (rest->len && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
        *rest = str_slice(*rest, 1, rest->len);
    size_t n = 0;
    while (n < rest->len && rest->ptr[n] != ' ' && rest->ptr[n] != '\t')
        n++;
    struct str word = str_slice(*rest, 0, n);
    *rest = str_slice(*rest, n, rest->len);
    return word;
}

static unsigned month_of(struct str s)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (unsigned i = 0; i < 12; i++)
        if (str_eq(s, str_make(names + (size_t)3 * i, 3)))
            return i + 1;
    return 0;
}

static bool is_weekday(struct str s)
{
    static const char names[] = "MonTueWedThuFriSatSun";
    for (size_t i = 0; i < 7; i++)
        if (str_eq(s, str_make(names + 3 * i, 3)))
            return true;
    return false;
}

// "Sun Nov 22 01:10:02 2026", in whatever zone the node is.
static bool read_start(struct host_event *out, struct str *rest, struct arena *a)
{
    struct str weekday = next_word(rest), month = next_word(rest), day = next_word(rest), clock = next_word(rest), year = next_word(rest);
    unsigned number = month_of(month);
    if (!is_weekday(weekday) || !number || day.len < 1 || day.len > 2)
        return false;
    struct str text =
        arena_printf(a, "%.*s-%02u-%s%.*sT%.*sZ", STR_ARG(year), number, day.len == 1 ? "0" : "", STR_ARG(day), STR_ARG(clock));
    if (!time_parse(text, &out->time))
        return false;
    out->without_zone = true;
    return true;
}

static enum host_result read_ps(struct host_event *out, struct str line, struct arena *a)
{
    struct str rest = line, pid = next_word(&rest), ppid = next_word(&rest), user = next_word(&rest);
    if (str_eq(pid, STR("PID")) && str_eq(ppid, STR("PPID")) && str_eq(user, STR("USER")))
        return HOST_HEADER;
    if (!str_to_u64(pid, &out->process.pid) || !str_to_u64(ppid, &out->parent.pid) || !user.len || !read_start(out, &rest, a))
        return HOST_NONE;
    struct str cgroup = next_word(&rest);
    if (!cgroup.len)
        return HOST_NONE;
    out->act = HOST_SEEN;
    out->user = user;
    host_read_cgroup(out, cgroup, a);
    out->process.command = host_text(out, str_trim(rest));
    struct str first = host_first_word(out->process.command);
    out->process.exe = str_starts(first, STR("/")) || str_starts(first, STR("./")) ? first : STR_NONE;
    out->process.name = host_base_name(first);
    return HOST_EVENT;
}

// Arguments end with a NUL each.
static struct str join_nuls(struct host_event *out, struct str s, struct arena *a)
{
    s = host_text(out, s);
    while (s.len && s.ptr[s.len - 1] == 0)
        s = str_slice(s, 0, s.len - 1);
    char *copy = arena_array(a, char, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = s.ptr[i] ? s.ptr[i] : ' ';
    return s.len ? str_make(copy, s.len) : STR_NONE;
}

static enum host_result read_proc(struct host_event *out, struct str line, struct arena *a)
{
    struct str rest = str_slice(line, sizeof "/proc/" - 1, line.len), pid = str_split(&rest, '/');
    struct str name = str_split(&rest, ':');
    if (!str_to_u64(pid, &out->process.pid) || !rest.ptr)
        return HOST_NONE;
    out->act = HOST_SEEN;
    if (str_eq(name, STR("cgroup"))) {
        host_read_cgroup(out, rest, a);
        return HOST_EVENT;
    }
    if (!str_eq(name, STR("cmdline")))
        return HOST_NONE;
    struct str first = str_slice(rest, 0, str_find_char(rest, 0, 0));
    out->process.command = join_nuls(out, rest, a);
    out->process.exe = str_starts(first, STR("/")) || str_starts(first, STR("./")) ? host_text(out, first) : STR_NONE;
    out->process.name = host_base_name(host_text(out, first));
    return HOST_EVENT;
}

enum host_result host_read_listing(struct host_event *out, struct str line, struct arena *a)
{
    out->source = HOST_LISTING;
    while (line.len && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
        line = str_slice(line, 0, line.len - 1);
    return str_starts(line, STR("/proc/")) ? read_proc(out, line, a) : read_ps(out, line, a);
}
