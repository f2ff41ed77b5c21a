// SPDX-License-Identifier: Apache-2.0
// Is it read from a certificate whom it names and how long it holds, and is everything else refused without harm?
#include "event/certificate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// O=system:masters, O=dev, CN=alice; made with openssl.
static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
                          "MIIBxjCCAWugAwIBAgIUDRW5xILHoeV5hzRRGy7H4IDLKuEwCgYIKoZIzj0EAwIw\n"
                          "NzEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxDDAKBgNVBAoMA2RldjEOMAwGA1UE\n"
                          "AwwFYWxpY2UwIBcNMjYxMTI2MDY1ODQ2WhgPMjEyNjExMDIwNjU4NDZaMDcxFzAV\n"
                          "BgNVBAoMDnN5c3RlbTptYXN0ZXJzMQwwCgYDVQQKDANkZXYxDjAMBgNVBAMMBWFs\n"
                          "aWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHjQdLWgqMHCpMjy7nFnlmmSH\n"
                          "FXx+mvCIxruiLp/DMT+uXczMrPmyef3gg/okSZruByEm0/T/8O2ugrLtv/VTZ6NT\n"
                          "MFEwHQYDVR0OBBYEFC/zMHbRDDzfFVfCHLRtIppejXiCMB8GA1UdIwQYMBaAFC/z\n"
                          "MHbRDDzfFVfCHLRtIppejXiCMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID\n"
                          "SQAwRgIhAJAfM3usOcIArKtcPn4PYdcyWMEtkmYEY4oVejWOZxNYAiEA3jxX7iB5\n"
                          "rmiS7OeuBf/KC9bmSLfuEcY/4X4MlVYGrtU=\n"
                          "-----END CERTIFICATE-----\n";

static void a_certificate(void **state)
{
    (void)state;
    struct arena a;
    struct certificate c;
    struct calendar end;
    arena_init(&a, ARENA_UNLIMITED);
    assert_true(certificate_read(&a, str_from_c(pem), &c));
    assert_true(str_eq(c.user, STR("alice")));
    assert_int_equal(c.n_groups, 2);
    assert_true(str_eq(c.groups[0], STR("system:masters")) && str_eq(c.groups[1], STR("dev")));
    assert_true(time_calendar(c.not_before).year == 2026);
    end = time_calendar(c.not_after);
    assert_true(end.year == 2126); // beyond 2049: a GeneralizedTime
    arena_fini(&a);
}

static void cut_and_changed(void **state)
{
    (void)state;
    struct certificate c;
    for (size_t n = 0; n < sizeof pem - 1; n++) {
        struct arena a;
        char changed[sizeof pem];
        arena_init(&a, ARENA_UNLIMITED);
        assert_true(certificate_read(&a, str_make(pem, n), &c) == false || n > 300);
        memcpy(changed, pem, sizeof pem);
        changed[n] = changed[n] == 'A' ? '/' : 'A';
        (void)!certificate_read(&a, str_make(changed, sizeof pem - 1), &c);
        arena_fini(&a);
    }
}

static void none(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "-----BEGIN CERTIFICATE-----",
                                        "-----BEGIN CERTIFICATE-----\nMAA=\n",
                                        "-----BEGIN CERTIFICATE-----\nMIQAAAAA",
                                        "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n",
                                        "YWJj",
                                        "%%%"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena a;
        struct certificate c;
        arena_init(&a, ARENA_UNLIMITED);
        assert_false(certificate_read(&a, str_from_c(texts[i]), &c));
        arena_fini(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_certificate), cmocka_unit_test(cut_and_changed), cmocka_unit_test(none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
