// SPDX-License-Identifier: Apache-2.0
// A log that names no bindings (many shippers drop annotations): is the one whose making was seen taken for the cause, and said to be a
// guess?
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define APP  "system:serviceaccount:shop:app"
#define EVIL "203.0.113.66"
#define BINDS(kind, namespace, name)                                                                                                       \
    "{\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"cluster-admin\"},\"subjects\":[{\"kind\":\"" kind                                   \
    "\",\"namespace\":\"" namespace "\",\"name\":\"" name "\"}]}"

static int set_up(void **state)
{
    static struct world w;
    world_init(&w);
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    world_fini(*state);
    return 0;
}

// Somebody who belongs here makes a mistake.
static void bind(struct world *w, double at, const char *resource, const char *ns, const char *name, const char *body)
{
    DEED(w, at, .user = "bob", .address = "10.9.9.9", .verb = "create", .resource = resource, .ns = ns, .name = name, .code = 201,
         .request = body, .alert = "mistake|davy.door");
}

static void intrude(struct world *w, const char *user, const char *reason)
{
    DEED(w, 100, .user = user, .address = EVIL, .verb = "list", .resource = "secrets", .ns = "shop", .binding = reason, .alert = "secrets");
    DEED(w, 101, .user = user, .address = EVIL, .verb = "create", .resource = "pods", .ns = "shop", .name = "m", .code = 201,
         .binding = reason, .alert = "miner");
}

static const struct incident *judge(struct world *w)
{
    size_t n;
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    return x;
}

static void the_binding_that_was_made_for_an_account(void **state)
{
    struct world *w = *state;
    bind(w, 0, "clusterrolebindings", NULL, "app-is-admin", BINDS("ServiceAccount", "shop", "app"));
    bind(w, 1, "clusterrolebindings", NULL, "other", BINDS("ServiceAccount", "elsewhere", "app"));
    intrude(w, APP, NULL);
    const struct incident *x = judge(w);
    assert_true(str_eq(x->cause.object, STR("ClusterRoleBinding/app-is-admin")));
    assert_true(str_eq(x->cause.role, STR("ClusterRole/cluster-admin")));
    assert_true(str_eq(x->cause.subject, STR("ServiceAccount/shop/app")));
    assert_true(str_eq(x->cause.granted_by, STR("bob")));
    assert_int_equal(x->cause.certainty, INFERRED);
    assert_true(tells(x, 1)); // as the door
    assert_true(x->n_prevention > 0 && x->prevention[0].stopped == 2);
    assert_true(str_find(x->prevention[0].fix, STR("app-is-admin"), 0) != SIZE_MAX);
}

static void a_name_before_a_group_and_the_newest_before_the_others(void **state)
{
    struct world *w = *state;
    bind(w, 0, "clusterrolebindings", NULL, "first", BINDS("User", "", "system:anonymous"));
    bind(w, 1, "clusterrolebindings", NULL, "second", BINDS("User", "", "system:anonymous"));
    bind(w, 2, "clusterrolebindings", NULL, "group", BINDS("Group", "", "system:unauthenticated"));
    intrude(w, "system:anonymous", NULL);
    assert_true(str_eq(judge(w)->cause.object, STR("ClusterRoleBinding/second")));
}

static void one_for_the_group_of_everybody(void **state)
{
    struct world *w = *state;
    bind(w, 0, "clusterrolebindings", NULL, "everybody", BINDS("Group", "", "system:unauthenticated"));
    bind(w, 1, "clusterrolebindings", NULL, "known", BINDS("Group", "", "system:authenticated"));
    intrude(w, "system:anonymous", NULL);
    const struct incident *x = judge(w);
    assert_true(str_eq(x->cause.object, STR("ClusterRoleBinding/everybody")));
    assert_true(str_eq(x->cause.subject, STR("Group/system:unauthenticated")));
}

static void not_one_for_another_namespace_or_made_later(void **state)
{
    struct world *w = *state;
    bind(w, 0, "rolebindings", "shop", "here", BINDS("ServiceAccount", "shop", "app"));
    bind(w, 1, "rolebindings", "elsewhere", "there", BINDS("ServiceAccount", "shop", "app"));
    intrude(w, APP, NULL);
    bind(w, 200, "clusterrolebindings", NULL, "later", BINDS("ServiceAccount", "shop", "app"));
    assert_true(str_eq(judge(w)->cause.object, STR("RoleBinding/shop/here")));
}

static void not_where_the_reason_is_told_and_names_none(void **state)
{
    struct world *w = *state;
    DEED(w, 0, .user = "bob", .address = "10.9.9.9", .verb = "create", .resource = "clusterrolebindings", .name = "all", .code = 201,
         .request = BINDS("Group", "", "system:authenticated"), .alert = "mistake|davy.door");
    intrude(w, APP, "");
    const struct incident *x = judge(w);
    assert_false(x->cause.object.ptr);
    assert_true(str_eq(x->cause.kind, STR("credential")));
}

static void an_intruders_own_is_no_cause(void **state)
{
    struct world *w = *state;
    intrude(w, "system:anonymous", NULL);
    DEED(w, 110, .user = "system:anonymous", .address = EVIL, .verb = "create", .resource = "clusterrolebindings", .name = "mine",
         .code = 201, .request = BINDS("User", "", "system:anonymous"), .alert = "grant");
    DEED(w, 120, .user = "system:anonymous", .address = EVIL, .verb = "list", .resource = "nodes");
    const struct incident *x = judge(w);
    assert_false(x->cause.object.ptr);
    assert_true(str_eq(x->cause.kind, STR("unknown")));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_binding_that_was_made_for_an_account),
        TEST(a_name_before_a_group_and_the_newest_before_the_others),
        TEST(one_for_the_group_of_everybody),
        TEST(not_one_for_another_namespace_or_made_later),
        TEST(not_where_the_reason_is_told_and_names_none),
        TEST(an_intruders_own_is_no_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
