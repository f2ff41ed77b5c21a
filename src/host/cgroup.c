// SPDX-License-Identifier: Apache-2.0
// The kubelet names a pod's control group after its UID: "pod<uid>" with the cgroupfs driver, "...-pod<uid>.slice" with dashes as
// underscores with systemd's (pkg/kubelet/cm). Runtimes name the container's after its id, some with a prefix: cri-containerd-, crio-,
// docker-, libpod-.
#include "host/format.h"

enum { UID_BYTES = 36, MIRROR_BYTES = 32, CONTAINER_BYTES = 64 };

static bool is_hex(char c)
{
    return (unsigned char)(c - '0') < 10 || (unsigned char)((c | 0x20) - 'a') < 6;
}

static bool is_dash(char c)
{
    return c == '-' || c == '_';
}

static bool is_uid_form(struct str s)
{
    if (s.len != UID_BYTES)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? !is_dash(s.ptr[i]) : !is_hex(s.ptr[i]))
            return false;
    }
    return true;
}

static size_t hex_run(struct str s)
{
    size_t n = 0;
    while (n < s.len && is_hex(s.ptr[n]))
        n++;
    return n;
}

bool host_is_uid(struct str s)
{
    return is_uid_form(s) || (s.len == MIRROR_BYTES && hex_run(s) == s.len);
}

static struct str with_dashes(struct str uid, struct arena *a)
{
    char *copy = arena_array(a, char, uid.len + 1);
    for (size_t i = 0; i < uid.len; i++)
        copy[i] = uid.ptr[i] == '_' ? '-' : char_lower(uid.ptr[i]);
    return str_make(copy, uid.len);
}

static struct str uid_in(struct str part, struct arena *a)
{
    for (size_t at = str_find(part, STR("pod"), 0); at != SIZE_MAX; at = str_find(part, STR("pod"), at + 1)) {
        struct str rest = str_slice(part, at + 3, part.len);
        struct str uid = str_slice(rest, 0, UID_BYTES);
        if (is_uid_form(uid))
            return with_dashes(uid, a);
        if (hex_run(rest) == MIRROR_BYTES) // a static pod: its hash
            return with_dashes(str_slice(rest, 0, MIRROR_BYTES), a);
    }
    return STR_NONE;
}

static struct str id_in(struct str part)
{
    if (str_ends(part, STR(".scope")))
        part = str_slice(part, 0, part.len - 6);
    size_t from = part.len >= CONTAINER_BYTES ? part.len - CONTAINER_BYTES : 0;
    struct str id = str_slice(part, from, part.len);
    bool alone = from == 0 || part.ptr[from - 1] == '-' || part.ptr[from - 1] == ':';
    return id.len == CONTAINER_BYTES && alone && hex_run(id) == CONTAINER_BYTES ? id : STR_NONE;
}

void host_read_cgroup(struct host_event *out, struct str cgroup, struct arena *a)
{
    for (struct str rest = cgroup; rest.ptr;) {
        struct str part = str_split(&rest, '/');
        struct str uid = out->pod_uid.ptr ? STR_NONE : uid_in(part, a);
        struct str id = id_in(part);
        if (uid.ptr)
            out->pod_uid = uid;
        if (id.ptr)
            out->container_id = id;
    }
}
