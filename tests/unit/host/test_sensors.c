// SPDX-License-Identifier: Apache-2.0
// Is what Falco, Tetragon and Tracee say of a process understood, in the versions of their formats?
#include "reading.h"

static void falco(void **state)
{
    struct reading r = read_text(
        "{\"hostname\":\"node-1\",\"output\":\"...\",\"priority\":\"Critical\",\"rule\":\"Detect crypto miners\",\"source\":\"syscall\","
        "\"tags\":[\"container\"],\"time\":\"2026-11-22T01:09:35.412345678Z\",\"output_fields\":{\"container.id\":\"3f2a9c1b7d5e\","
        "\"container.image.repository\":\"docker.io/kannix/monero-miner\",\"container.image.tag\":\"latest\",\"container.name\":\"c\","
        "\"evt.time\":1795309775412345678,\"evt.type\":\"execve\",\"k8s.ns.name\":\"kube-system\",\"k8s.pod.name\":\"kube-control-x\","
        "\"k8s.pod.uid\":\"5767d83d-d082-498a-9a9c-9ae2e46d9d57\",\"proc.cmdline\":\"xmrig -o pool:1\",\"proc.exepath\":\"/xmrig\","
        "\"proc.name\":\"xmrig\",\"proc.pid\":41,\"proc.ppid\":40,\"proc.pname\":\"containerd-shim\",\"user.name\":\"root\"}}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.source, HOST_FALCO);
    assert_int_equal(r.e.act, HOST_REPORTED);
    assert_true(r.e.time == instant("2026-11-22T01:09:35.412345678Z"));
    assert_str(r.e.node, "node-1");
    assert_str(r.e.namespace, "kube-system");
    assert_str(r.e.pod, "kube-control-x");
    assert_str(r.e.pod_uid, "5767d83d-d082-498a-9a9c-9ae2e46d9d57");
    assert_str(r.e.container_id, "3f2a9c1b7d5e");
    assert_str(r.e.image, "docker.io/kannix/monero-miner:latest");
    assert_str(r.e.process.exe, "/xmrig");
    assert_str(r.e.process.command, "xmrig -o pool:1");
    assert_int_equal(r.e.process.pid, 41);
    assert_int_equal(r.e.parent.pid, 40);
    assert_str(r.e.parent.name, "containerd-shim");
    assert_str(r.e.user, "root");
    assert_str(r.e.rule, "Detect crypto miners");
    arena_fini(&r.arena);
}

// What it does not know is null, or <NA> in versions before 0.21; a process of the node is in container "host".
static void falco_without_what_it_does_not_know(void **state)
{
    struct reading r =
        read_text("{\"output\":\"x\",\"priority\":\"Notice\",\"rule\":\"R\",\"output_fields\":{\"container.id\":\"host\","
                  "\"container.name\":\"host\",\"evt.time\":1583771186425437730,\"k8s.ns.name\":null,\"k8s.pod.name\":\"<NA>\","
                  "\"proc.name\":\"bash\",\"proc.args\":\"-c id\",\"user.name\":\"<NA>\",\"container.image.repository\":null}}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_true(r.e.time == 1583771186425437730);
    assert_str(r.e.pod, NULL);
    assert_str(r.e.namespace, NULL);
    assert_str(r.e.container_id, NULL);
    assert_str(r.e.container, NULL);
    assert_str(r.e.user, NULL);
    assert_str(r.e.node, NULL);
    assert_str(r.e.process.command, "bash -c id");
    arena_fini(&r.arena);
}

static void falco_connections_and_files(void **state)
{
    static const struct {
        const char *name, *address, *file;
        uint64_t port;
    } cases[] = {
        {"10.244.0.7:51234->198.51.100.7:3333", "198.51.100.7", NULL, 3333},
        {"[fd00::7]:51234->[2001:db8::7]:443", "2001:db8::7", NULL, 443},
        {"/etc/shadow", NULL, "/etc/shadow", 0},
        {"->", NULL, NULL, 0},
        {"a->b", NULL, NULL, 0},
        {"a->:99", NULL, NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        snprintf(text, sizeof text, "{\"rule\":\"R\",\"output_fields\":{\"fd.name\":\"%s\",\"proc.name\":\"x\"}}", cases[i].name);
        struct reading r = read_text(text);
        assert_int_equal(r.result, HOST_EVENT);
        assert_str(r.e.address, cases[i].address);
        assert_str(r.e.file, cases[i].file);
        if (cases[i].address)
            assert_int_equal(r.e.port, cases[i].port);
        arena_fini(&r.arena);
    }
}

// k8s.pod.id was the pod's uid, and is the id of its sandbox in newer versions.
static void falco_pod_id(void **state)
{
    struct reading old = read_text("{\"rule\":\"R\",\"output_fields\":{\"k8s.pod.id\":\"5767d83d-d082-498a-9a9c-9ae2e46d9d57\"}}");
    struct reading new = read_text("{\"rule\":\"R\",\"output_fields\":{\"k8s.pod.id\":\"a1b2c3d4e5f6\"}}");
    (void)state;
    assert_str(old.e.pod_uid, "5767d83d-d082-498a-9a9c-9ae2e46d9d57");
    assert_str(new.e.pod_uid, NULL);
    arena_fini(&old.arena);
    arena_fini(&new.arena);
}

#define TETRAGON_PROCESS                                                                                                                   \
    "{\"exec_id\":\"bm9kZTo0Mg==\",\"pid\":42,\"uid\":0,\"cwd\":\"/tmp\",\"binary\":\"/tmp/x\",\"arguments\":\"-o pool:1\","               \
    "\"flags\":\"execve clone\",\"start_time\":\"2026-11-22T01:09:36.000000001Z\",\"auid\":4294967295,\"pod\":{\"namespace\":\"shop\","    \
    "\"name\":\"web-1\",\"uid\":\"c27677e5-0da4-420d-b63b-34f02132e1f2\",\"container\":{\"id\":\"containerd://"                            \
    "abcdef0123456789\",\"name\":"                                                                                                         \
    "\"web\",\"image\":{\"id\":\"sha256:1\",\"name\":\"docker.io/library/nginx:1\"},\"pid\":7}},\"docker\":\"abcdef012345678\","           \
    "\"parent_exec_id\":\"bm9kZTo0MQ==\"}"

static void tetragon_exec(void **state)
{
    struct reading r = read_text("{\"process_exec\":{\"process\":" TETRAGON_PROCESS
                                 ",\"parent\":{\"exec_id\":\"bm9kZTo0MQ==\",\"pid\":41,\"binary\":\"/bin/sh\",\"arguments\":\"-c x\"}},"
                                 "\"node_name\":\"node-2\",\"time\":\"2026-11-22T01:09:37Z\"}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.source, HOST_TETRAGON);
    assert_int_equal(r.e.act, HOST_STARTED);
    assert_true(r.e.time == instant("2026-11-22T01:09:36.000000001Z"));
    assert_str(r.e.node, "node-2");
    assert_str(r.e.pod, "web-1");
    assert_str(r.e.pod_uid, "c27677e5-0da4-420d-b63b-34f02132e1f2");
    assert_str(r.e.container_id, "abcdef0123456789");
    assert_str(r.e.image, "docker.io/library/nginx:1");
    assert_str(r.e.process.key, "bm9kZTo0Mg==");
    assert_str(r.e.process.command, "/tmp/x -o pool:1");
    assert_str(r.e.process.name, "x");
    assert_str(r.e.parent.key, "bm9kZTo0MQ==");
    assert_str(r.e.parent.command, "/bin/sh -c x");
    assert_str(r.e.cwd, "/tmp");
    assert_str(r.e.user, "0");
    assert_false(r.e.entered);
    arena_fini(&r.arena);
}

static void tetragon_exit_and_calls(void **state)
{
    struct reading exit = read_text("{\"process_exit\":{\"process\":" TETRAGON_PROCESS "},\"time\":\"2026-11-22T02:00:00Z\"}");
    struct reading call = read_text("{\"process_kprobe\":{\"process\":" TETRAGON_PROCESS ",\"function_name\":\"tcp_connect\",\"args\":[{"
                                    "\"sock_arg\":{\"daddr\":\"198.51.100.7\",\"dport\":3333}}],\"policy_name\":\"net\"},"
                                    "\"time\":\"2026-11-22T02:00:00Z\"}");
    struct reading file =
        read_text("{\"process_lsm\":{\"process\":" TETRAGON_PROCESS ",\"function_name\":\"file_open\",\"args\":[{\"int_arg\":1},"
                  "{\"file_arg\":{\"path\":\"/etc/shadow\"}}]},\"time\":\"2026-11-22T02:00:00Z\"}");
    (void)state;
    assert_int_equal(exit.e.act, HOST_ENDED);
    assert_true(exit.e.time == instant("2026-11-22T01:09:36.000000001Z"));
    assert_int_equal(call.e.act, HOST_CALLED);
    assert_true(call.e.time == instant("2026-11-22T02:00:00Z"));
    assert_str(call.e.call, "tcp_connect");
    assert_str(call.e.address, "198.51.100.7");
    assert_int_equal(call.e.port, 3333);
    assert_str(file.e.file, "/etc/shadow");
    arena_fini(&exit.arena);
    arena_fini(&call.arena);
    arena_fini(&file.arena);
}

// Another encoder of protobuf: camelCase, and numbers as texts.
static void tetragon_in_camel_case(void **state)
{
    struct reading r = read_text("{\"processExec\":{\"process\":{\"execId\":\"k\",\"pid\":\"42\",\"binary\":\"/bin/x\",\"startTime\":"
                                 "\"2026-11-22T01:00:00Z\",\"inInitTree\":false},\"parent\":{\"execId\":\"p\"}},\"nodeName\":\"n\"}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_str(r.e.process.key, "k");
    assert_int_equal(r.e.process.pid, 42);
    assert_str(r.e.parent.key, "p");
    assert_str(r.e.node, "n");
    assert_true(r.e.entered);
    arena_fini(&r.arena);
}

static void tracee_of_the_first_versions(void **state)
{
    struct reading r = read_text(
        "{\"timestamp\":1657295236470126167,\"processId\":7,\"hostProcessId\":4711,\"hostParentProcessId\":4700,\"userId\":1000,"
        "\"processName\":\"xmrig\",\"hostName\":\"node-3\",\"containerId\":\"\",\"podName\":\"\",\"podNamespace\":\"\",\"podUID\":\"\","
        "\"eventId\":\"707\",\"eventName\":\"sched_process_exec\",\"args\":[{\"name\":\"pathname\",\"type\":\"const char*\",\"value\":"
        "\"/usr/bin/xmrig\"},{\"name\":\"argv\",\"type\":\"const char**\",\"value\":[\"xmrig\",\"-o\",\"pool:1\"]}]}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_int_equal(r.e.source, HOST_TRACEE);
    assert_int_equal(r.e.act, HOST_STARTED);
    assert_true(r.e.time == 1657295236470126167);
    assert_str(r.e.node, "node-3");
    assert_str(r.e.process.exe, "/usr/bin/xmrig");
    assert_str(r.e.process.command, "xmrig -o pool:1");
    assert_int_equal(r.e.process.pid, 4711);
    assert_int_equal(r.e.parent.pid, 4700);
    assert_str(r.e.user, "1000");
    arena_fini(&r.arena);
}

static void tracee_with_kubernetes(void **state)
{
    struct reading r =
        read_text("{\"timestamp\":1700000000000000001,\"processId\":7,\"hostProcessId\":4711,\"processName\":\"x\",\"hostName\":\"web-1\","
                  "\"container\":{"
                  "\"id\":\"abcdef0123456789\",\"name\":\"web\",\"image\":\"nginx:1\"},\"kubernetes\":{\"podName\":\"web-1\","
                  "\"podNamespace\":\"shop\","
                  "\"podUID\":\"c27677e5-0da4-420d-b63b-34f02132e1f2\"},\"processEntityId\":9,\"parentEntityId\":8,\"eventName\":"
                  "\"security_socket_connect\",\"args\":[{\"name\":\"remote_addr\",\"value\":{\"sa_family\":\"AF_INET\",\"sin_addr\":\"198."
                  "51.100.7\","
                  "\"sin_port\":\"3333\"}}]}");
    (void)state;
    assert_int_equal(r.e.act, HOST_CALLED);
    assert_str(r.e.pod, "web-1");
    assert_str(r.e.pod_uid, "c27677e5-0da4-420d-b63b-34f02132e1f2");
    assert_str(r.e.container_id, "abcdef0123456789");
    assert_str(r.e.node, NULL); // what a container calls its host is not the node
    assert_str(r.e.process.key, "9");
    assert_str(r.e.parent.key, "8");
    assert_str(r.e.address, "198.51.100.7");
    assert_int_equal(r.e.port, 3333);
    arena_fini(&r.arena);
}

static void tracee_of_the_next_generation(void **state)
{
    struct reading r = read_text(
        "{\"timestamp\":{\"seconds\":\"1732454400\",\"nanos\":123456789},\"id\":\"sched_process_exec\",\"name\":\"sched_process_exec\","
        "\"workload\":{\"process\":{\"thread\":{\"name\":\"bash\",\"unique_id\":12,\"host_tid\":12345},\"pid\":{\"value\":7},\"real_user\":"
        "{"
        "\"id\":{\"value\":1000}},\"executable\":{\"path\":\"/usr/bin/bash\"},\"ancestors\":[{\"unique_id\":11,\"host_pid\":1234}]},"
        "\"container\":{\"id\":\"abc\",\"name\":\"web\",\"image\":{\"name\":\"nginx:1\"}},\"pod\":{\"name\":\"web-1\",\"uid\":\"u\","
        "\"namespace\":{\"name\":\"shop\"}}},\"data\":[{\"name\":\"pathname\",\"str\":\"/usr/bin/ls\"},{\"name\":\"argv\",\"str_array\":{"
        "\"value\":[\"ls\",\"-la\"]}}]}");
    (void)state;
    assert_int_equal(r.result, HOST_EVENT);
    assert_true(r.e.time == 1732454400123456789);
    assert_str(r.e.process.exe, "/usr/bin/ls");
    assert_str(r.e.process.command, "ls -la");
    assert_str(r.e.process.key, "12");
    assert_int_equal(r.e.process.pid, 12345);
    assert_str(r.e.parent.key, "11");
    assert_str(r.e.pod, "web-1");
    assert_str(r.e.namespace, "shop");
    assert_str(r.e.image, "nginx:1");
    assert_str(r.e.user, "1000");
    arena_fini(&r.arena);
}

static void others_are_none(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"get\"}",
        "{\"rule\":\"R\",\"output_fields\":{\"ka.user.name\":\"x\"},\"source\":\"k8s_audit\"}", // the audit log, seen by Falco's plugin
        "{\"rule\":\"R\",\"output_fields\":\"x\"}",
        "{\"process_exec\":{}}",
        "{\"process_exec\":[]}",
        "{\"eventName\":\"RunInstances\",\"eventSource\":\"ec2.amazonaws.com\"}", // CloudTrail
        "{\"name\":\"x\",\"workload\":\"y\"}",
        "{\"output_fields\":{",
        "",
        "x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading r = read_text(texts[i]);
        if (r.result != HOST_NONE)
            fail_msg("%s is taken for a record of a process", texts[i]);
        arena_fini(&r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(falco),
        cmocka_unit_test(falco_without_what_it_does_not_know),
        cmocka_unit_test(falco_connections_and_files),
        cmocka_unit_test(falco_pod_id),
        cmocka_unit_test(tetragon_exec),
        cmocka_unit_test(tetragon_exit_and_calls),
        cmocka_unit_test(tetragon_in_camel_case),
        cmocka_unit_test(tracee_of_the_first_versions),
        cmocka_unit_test(tracee_with_kubernetes),
        cmocka_unit_test(tracee_of_the_next_generation),
        cmocka_unit_test(others_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
