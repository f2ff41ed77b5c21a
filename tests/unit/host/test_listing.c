// SPDX-License-Identifier: Apache-2.0
// Do lines of process listings tell the process, its start, its pod and container, whatever cgroup driver and runtime named them?
#include "reading.h"

#define UID  "1dc45fb4-2846-409e-beef-d769e626dad8"
#define UID_ "1dc45fb4_2846_409e_beef_d769e626dad8"
#define ID   "5f1e4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f"

static void ps(void **state)
{
    struct reading r =
        read_text("   4242    4200 root                             Sun Nov 22 01:10:02 2026 0::/kubepods.slice/kubepods-burstable.slice/"
                  "kubepods-burstable-pod" UID_ ".slice/cri-containerd-" ID ".scope   /tmp/x -o  pool:1\n");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.source, HOST_LISTING);
    assert_int_equal(r.e.act, HOST_SEEN);
    assert_true(r.e.time == instant("2026-11-22T01:10:02Z"));
    assert_true(r.e.without_zone);
    assert_int_equal(r.e.process.pid, 4242);
    assert_int_equal(r.e.parent.pid, 4200);
    assert_str(r.e.user, "root");
    assert_str(r.e.pod_uid, UID);
    assert_str(r.e.container_id, ID);
    assert_str(r.e.process.exe, "/tmp/x");
    assert_str(r.e.process.name, "x");
    assert_str(r.e.process.command, "/tmp/x -o  pool:1");
    arena_fini(&r.arena);
}

static void ps_of_the_node(void **state)
{
    struct reading r = read_text("      2       0 root     Sun Nov  2 01:10:02 2025 -                           [kthreadd]");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_true(r.e.time == instant("2025-11-02T01:10:02Z"));
    assert_str(r.e.pod_uid, NULL);
    assert_str(r.e.container_id, NULL);
    assert_str(r.e.process.exe, NULL);
    assert_str(r.e.process.command, "[kthreadd]");
    arena_fini(&r.arena);
}

static void header(void **state)
{
    struct reading r = read_text("  PID  PPID USER                      STARTED CGROUP                      COMMAND\n");
    (void)state;
    assert_int_equal(r.result, HOST_HEADER);
    arena_fini(&r.arena);
}

static void control_groups(void **state)
{
    static const struct {
        const char *path, *uid, *id;
    } cases[] = {
        {"/kubepods/burstable/pod" UID "/" ID, UID, ID},                                     // cgroupfs
        {"/kubepods/pod" UID "/" ID, UID, ID},                                               // guaranteed
        {"/kubepods.slice/kubepods-pod" UID_ ".slice/cri-containerd-" ID ".scope", UID, ID}, // systemd, containerd
        {"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_ ".slice/crio-" ID ".scope", UID, ID}, // CRI-O
        {"/kubepods.slice/kubepods-pod" UID_ ".slice/docker-" ID ".scope", UID, ID},                                    // dockershim
        {"/system.slice/containerd.service/kubepods-burstable-pod" UID_ ".slice:cri-containerd:" ID, UID, ID}, // no systemd in containerd
        {"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID_ ".slice/cri-containerd-" ID ".scope", UID, ID}, // kind
        {"/docker/" ID, NULL, ID},
        {"/kubepods/burstable/pod0123456789abcdef0123456789abcdef/" ID, "0123456789abcdef0123456789abcdef", ID}, // a static pod
        {"/kubepods/burstable/podXYZ/short", NULL, NULL},
        {"/user.slice/user-1000.slice/session-2.scope", NULL, NULL},
        {"/machine.slice/libpod-" ID ".scope/container", NULL, ID},
        {"/x" ID, NULL, NULL}, // one more digit than an id
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[600];
        snprintf(text, sizeof text, "/proc/77/cgroup:11:memory:%s", cases[i].path);
        struct reading r = read_text(text);
        assert_int_equal(r.result, HOST_EVENT);
        assert_int_equal(r.e.process.pid, 77);
        assert_str(r.e.pod_uid, cases[i].uid);
        assert_str(r.e.container_id, cases[i].id);
        arena_fini(&r.arena);
    }
}

static void arguments_end_with_nul(void **state)
{
    static const char line[] = "/proc/77/cmdline:/tmp/x\0-o\0pool:1\0\n";
    struct reading r = read_bytes(str_make(line, sizeof line - 1));
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_str(r.e.process.exe, "/tmp/x");
    assert_str(r.e.process.command, "/tmp/x -o pool:1");
    assert_true(r.e.time == TIME_NONE);
    arena_fini(&r.arena);
}

static void others_are_none(void **state)
{
    static const char *const texts[] = {
        "hello world",
        "1 2 root",
        "1 2 root Sun Nov 22 01:10:02 2026",
        "1 2 root Sun Nov 42 01:10:02 2026 0::/ x",
        "1 2 root Foo Nov 22 01:10:02 2026 0::/ x",
        "1 2 root Sun Foo 22 01:10:02 2026 0::/ x",
        "x 2 root Sun Nov 22 01:10:02 2026 0::/ x",
        "-1 2 root Sun Nov 22 01:10:02 2026 0::/ x",
        "/proc/77/environ:A=b",
        "/proc/self/cgroup:0::/",
        "/proc/77/cgroup",
        "/proc/",
        "2026-11-22T01:10:02Z an ordinary line of a log",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading r = read_text(texts[i]);
        if (r.result != HOST_NONE)
            fail_msg("%s is taken for a line of a listing", texts[i]);
        arena_fini(&r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ps),
        cmocka_unit_test(ps_of_the_node),
        cmocka_unit_test(header),
        cmocka_unit_test(control_groups),
        cmocka_unit_test(arguments_end_with_nul),
        cmocka_unit_test(others_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
