// SPDX-License-Identifier: Apache-2.0
// Do the lines of the kernel's audit system tell the process, as auditd, laurel and the journal write them, and other lines nothing?
#include "reading.h"

#define AT "audit(1763773802.120:4711)"

static void a_start(void **state)
{
    struct reading r =
        read_text("type=SYSCALL msg=" AT ": arch=c000003e syscall=59 success=yes exit=0 a0=55c0 a1=5b ppid=4200 pid=4242 auid=1000 "
                  "uid=0 tty=pts3 ses=3 comm=\"kworkerds\" exe=\"/tmp/kworkerds\" key=(null)\x1d"
                  "ARCH=x86_64 SYSCALL=execve "
                  "AUID=\"ann\" UID=\"root\"\n");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.source, HOST_AUDITD);
    assert_int_equal(r.e.act, HOST_STARTED);
    assert_true(r.e.time == instant("2025-11-22T01:10:02.120Z"));
    assert_str(r.e.process.key, "1763773802.120:4711");
    assert_int_equal(r.e.process.pid, 4242);
    assert_int_equal(r.e.parent.pid, 4200);
    assert_str(r.e.process.exe, "/tmp/kworkerds");
    assert_str(r.e.process.name, "kworkerds");
    assert_str(r.e.call, "execve");
    assert_str(r.e.user, "root");
    assert_str(r.e.node, NULL);
    arena_fini(&r.arena);
}

static void other_calls_and_failed_ones_are_no_starts(void **state)
{
    static const char *const lines[] = {
        "type=SYSCALL msg=" AT ": arch=c000003e syscall=42 success=yes pid=2 comm=\"x\"",
        "type=SYSCALL msg=" AT ": arch=c000003e syscall=59 success=no exit=-2 pid=2 comm=\"x\"",
        "type=SYSCALL msg=" AT ": arch=c00000b7 syscall=59 success=yes pid=2 comm=\"x\"", // another number on ARM
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct reading r = read_text(lines[i]);
        assert_int_equal(r.result, HOST_EVENT);
        assert_int_equal(r.e.act, HOST_CALLED);
        arena_fini(&r.arena);
    }
    struct reading r = read_text("type=SYSCALL msg=" AT ": arch=c00000b7 syscall=221 success=yes pid=2 comm=\"x\"");
    assert_int_equal(r.e.act, HOST_STARTED);
    arena_fini(&r.arena);
}

static void arguments(void **state)
{
    struct reading r =
        read_text("node=worker-1 type=EXECVE msg=" AT ": argc=4 a0=\"./x\" a1=2D6F20706F6F6C a2[0]=\"ab\" a2_len=2 a3=(null)");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.act, HOST_STARTED);
    assert_str(r.e.node, "worker-1");
    assert_str(r.e.process.command, "./x -o pool ab");
    assert_str(r.e.process.name, "x");
    arena_fini(&r.arena);
    r = read_text("type=PROCTITLE msg=" AT ": proctitle=2E2F78002D6F00");
    assert_str(r.e.process.command, "./x -o");
    arena_fini(&r.arena);
}

static void files_and_addresses(void **state)
{
    struct reading r = read_text("type=PATH msg=" AT ": item=0 name=\"/var/lib/kubelet/config.json\" inode=40 mode=0100600");
    (void)state;
    assert_str(r.e.file, "/var/lib/kubelet/config.json");
    arena_fini(&r.arena);
    r = read_text("type=SOCKADDR msg=" AT ": saddr=02000D05C633640700000000000000000");
    assert_int_equal(r.result, HOST_HEADER); // an odd number of digits
    arena_fini(&r.arena);
    r = read_text("type=SOCKADDR msg=" AT ": saddr=02000D05C63364070000000000000000");
    assert_str(r.e.address, "198.51.100.7");
    assert_int_equal(r.e.port, 3333);
    arena_fini(&r.arena);
    r = read_text("type=SOCKADDR msg=" AT ": saddr=0A0001BB0000000020010DB800000000000000000000000100000000");
    assert_str(r.e.address, "2001:db8:0:0:0:0:0:1");
    assert_int_equal(r.e.port, 443);
    arena_fini(&r.arena);
}

static void lines_that_tell_of_no_process(void **state)
{
    static const struct {
        const char *text;
        enum host_result result;
    } cases[] = {
        {"type=EOE msg=" AT ": ", HOST_HEADER},
        {"type=DAEMON_START msg=" AT ": op=start ver=3.0.9", HOST_HEADER},
        {"type=EXECVE msg=" AT ": argc=0", HOST_HEADER},
        {"type=EXECVE msg=" AT, HOST_NONE},
        {"type=EXECVE msg=audit(yesterday:1): argc=1 a0=\"x\"", HOST_NONE},
        {"type=EXECVE msg=audit(): argc=1", HOST_NONE},
        {"type=", HOST_NONE},
        {"node=", HOST_NONE},
        {"node=a type=", HOST_NONE},
        {"type=book title=x", HOST_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading r = read_text(cases[i].text);
        if (r.result != cases[i].result)
            fail_msg("%s: %d", cases[i].text, r.result);
        arena_fini(&r.arena);
    }
}

static void laurel(void **state)
{
    struct reading r = read_text(
        "{\"ID\":\"1763773802.120:4711\",\"NODE\":\"worker-1\",\"SYSCALL\":{\"arch\":\"0xc000003e\",\"syscall\":59,\"success\":\"yes\","
        "\"SYSCALL\":\"execve\",\"pid\":4242,\"ppid\":4200,\"uid\":0,\"UID\":\"root\",\"comm\":\"x\",\"exe\":\"/tmp/x\"},"
        "\"EXECVE\":{\"argc\":3,\"ARGV\":[\"./x\",\"-o\",\"pool%2Bone%\"]},\"CWD\":{\"cwd\":\"/tmp\"},\"PATH\":[{\"name\":\"/lib/ld.so\"}],"
        "\"PARENT_INFO\":{\"comm\":\"sh\",\"exe\":\"/bin/sh\",\"ppid\":1},\"CONTAINER_INFO\":{\"id\":\"5f1e4a3b2c1d0e9f\"}}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.source, HOST_AUDITD);
    assert_int_equal(r.e.act, HOST_STARTED);
    assert_true(r.e.time == instant("2025-11-22T01:10:02.120Z"));
    assert_str(r.e.node, "worker-1");
    assert_int_equal(r.e.process.pid, 4242);
    assert_str(r.e.process.command, "./x -o pool+one%");
    assert_str(r.e.process.exe, "/tmp/x");
    assert_int_equal(r.e.parent.pid, 4200);
    assert_str(r.e.parent.exe, "/bin/sh");
    assert_str(r.e.cwd, "/tmp");
    assert_str(r.e.user, "root");
    assert_str(r.e.file, NULL);
    assert_str(r.e.container_id, "5f1e4a3b2c1d0e9f");
    arena_fini(&r.arena);
    r = read_text(
        "{\"ID\":\"1763773802.120:4712\",\"SYSCALL\":{\"syscall\":257,\"pid\":7,\"comm\":\"x\"},\"PATH\":[{\"name\":\"/etc/shadow\"}],"
        "\"PROCTITLE\":{\"ARGV\":[\"cat\",\"/etc/shadow\"]}}");
    assert_int_equal(r.e.act, HOST_CALLED);
    assert_str(r.e.file, "/etc/shadow");
    assert_str(r.e.process.command, "cat /etc/shadow");
    arena_fini(&r.arena);
    r = read_text("{\"ID\":\"order 66\",\"SYSCALL\":{\"pid\":1}}");
    assert_int_equal(r.result, HOST_NONE);
    arena_fini(&r.arena);
}

#define JOURNAL "{\"__REALTIME_TIMESTAMP\":\"1763773802120000\",\"_HOSTNAME\":\"worker-1\",\"_PID\":\"4242\",\"_UID\":\"0\","

static void the_journal(void **state)
{
    struct reading r = read_text(JOURNAL "\"_COMM\":\"x\",\"_EXE\":\"/tmp/x\",\"_CMDLINE\":\"/tmp/x -o pool\",\"MESSAGE\":\"accepted\","
                                         "\"_SYSTEMD_CGROUP\":\"/kubepods/burstable/pod1dc45fb4-2846-409e-beef-d769e626dad8/"
                                         "5f1e4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f\"}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.source, HOST_JOURNALD);
    assert_int_equal(r.e.act, HOST_SEEN);
    assert_true(r.e.time == instant("2025-11-22T01:10:02.120Z"));
    assert_str(r.e.node, "worker-1");
    assert_int_equal(r.e.process.pid, 4242);
    assert_str(r.e.process.exe, "/tmp/x");
    assert_str(r.e.process.command, "/tmp/x -o pool");
    assert_str(r.e.pod_uid, "1dc45fb4-2846-409e-beef-d769e626dad8");
    arena_fini(&r.arena);
    r = read_text(JOURNAL "\"_AUDIT_TYPE_NAME\":\"EXECVE\",\"MESSAGE\":\"EXECVE argc=2 a0=\\\"./x\\\" a1=\\\"-o\\\"\"}");
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.act, HOST_STARTED);
    assert_str(r.e.process.command, "./x -o");
    arena_fini(&r.arena);
}

static void what_the_journal_only_carries(void **state)
{
    static const char *const records[] = {
        JOURNAL "\"_EXE\":\"/usr/bin/falco\",\"MESSAGE\":\"{\\\"rule\\\":\\\"x\\\"}\"}", // an envelope
        JOURNAL "\"MESSAGE\":\"kernel: no process\"}",
        JOURNAL "\"_AUDIT_TYPE_NAME\":\"CONFIG_CHANGE\",\"MESSAGE\":\"CONFIG_CHANGE op=add_rule\"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        struct reading r = read_text(records[i]);
        assert_int_equal(r.result, HOST_NONE);
        arena_fini(&r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start),
        cmocka_unit_test(other_calls_and_failed_ones_are_no_starts),
        cmocka_unit_test(arguments),
        cmocka_unit_test(files_and_addresses),
        cmocka_unit_test(lines_that_tell_of_no_process),
        cmocka_unit_test(laurel),
        cmocka_unit_test(the_journal),
        cmocka_unit_test(what_the_journal_only_carries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
