// SPDX-License-Identifier: Apache-2.0
// Which objects are in manifests and dumps, where do they stand, whose cluster are they, and what is said of the rest?
#include "reading.h"

#include "source/objects.h"

#include <zlib.h>

struct seen {
    struct objects_list *list;
    struct objects_counters counters;
    status result;
    struct buf names; // "KIND/NAME@LINE.ITEM " for each, with its cluster in front when that changes
};

static void note(struct seen *s, const struct object *o, struct str *cluster)
{
    const struct json_value *metadata = json_get(o->tree, STR("metadata"));
    const struct objects_input *input = &s->list->inputs[o->input];
    if (!str_eq(*cluster, input->cluster))
        buf_addf(&s->names, "[%.*s] ", STR_ARG(input->cluster));
    *cluster = input->cluster;
    buf_addf(&s->names, "%.*s/%.*s@%u.%u ", STR_ARG(o->kind), STR_ARG(json_text(json_get(metadata, STR("name")))), (unsigned)o->line,
             o->item);
    assert_true(o->api_version.len);
    // The text is the tree's.
    struct arena a;
    struct json_error error;
    arena_init(&a, ARENA_UNLIMITED);
    assert_non_null(json_parse(&a, o->json, JSON_LIMITS_DEFAULT, &error));
    arena_fini(&a);
}

static struct seen see_with(struct fixture *f, const char *const *names, struct objects_limits limits)
{
    struct seen s = {0};
    struct str paths[8], cluster = STR_NONE;
    size_t n = 0;
    for (; names[n]; n++)
        paths[n] = below(f, names[n]);
    buf_init(&s.names, SIZE_MAX);
    s.result = objects_expand(&s.list, paths, n, STR_NONE, &f->diags);
    if (s.result != ST_OK)
        return s;
    struct objects_reader *r = objects_reader_new(s.list, limits);
    struct object o;
    bool end = false;
    while ((s.result = objects_next(r, &o, &end, &f->diags)) == ST_OK && !end)
        note(&s, &o, &cluster);
    s.counters = objects_counters(r);
    objects_reader_free(r);
    return s;
}

static void done(struct seen *s)
{
    objects_list_free(s->list);
    buf_fini(&s->names);
}

#define assert_seen(f, names_, expected)                                                                                                   \
    do {                                                                                                                                   \
        struct seen seen_ = see_with((f), (names_), OBJECTS_LIMITS_DEFAULT);                                                               \
        if (!str_eq(buf_str(&seen_.names), STR(expected)))                                                                                 \
            fail_msg("%.*s, not %s", STR_ARG(buf_str(&seen_.names)), expected);                                                            \
        done(&seen_);                                                                                                                      \
    } while (0)

#define ONE(name)                                                                                                                          \
    (const char *const[])                                                                                                                  \
    {                                                                                                                                      \
        name, NULL                                                                                                                         \
    }

static void documents_of_a_file(void **state)
{
    struct fixture *f = *state;
    put(f, "a.yaml",
        STR("# helm\n---\n# Source: x\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n\n--- # nothing\n---\n"
            "{apiVersion: v1, kind: Pod, metadata: {name: flow}}\n---\n{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}\n"
            "{\n\"apiVersion\": \"v1\",\n\"kind\": \"Node\"}...\n"
            "%YAML 1.2\n--- {apiVersion: v1, kind: Service}\n"));
    assert_seen(f, ONE("a.yaml"), "[manifests] Pod/a@4.0 Pod/flow@11.0 Pod/@13.0 Node/@14.0 Service/@18.0 ");
    put(f, "crlf.yaml", STR("\xef\xbb\xbf---\r\napiVersion: v1\r\nkind: Pod\r\n---\r\napiVersion: v1\r\nkind: Node\r\n"));
    assert_seen(f, ONE("crlf.yaml"), "[manifests] Pod/@2.0 Node/@5.0 ");
}

static void items_of_lists(void **state)
{
    struct fixture *f = *state;
    static const char yaml[] = "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: a\n  data: |\n    - no\n\n"
                               "# remark\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: b\nkind: List\nmetadata: {x: y}\n"
                               "---\nkind: PodList\napiVersion: v1\nitems:\n  - metadata:\n      name: c\n  - metadata: {name: d}\n";
    put(f, "dump.yaml", STR(yaml));
    assert_seen(f, ONE("dump.yaml"), "[dump] Secret/a@3.0 Secret/b@11.0 Pod/c@21.0 Pod/d@23.0 ");
    put(f, "east.json",
        STR("{\n\"apiVersion\": \"v1\",\n\"items\": [\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}},\n"
            "{\"apiVersion\":\"v1\",\n\"kind\":\"Node\"}\n],\"kind\": \"List\"}"));
    put(f, "raw.json",
        STR("{\"kind\":\"RoleList\",\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"items\":[{\"metadata\":{\"name\":\"r\"}},{}]}"));
    assert_seen(f, ((const char *const[]){"raw.json", "east.json", NULL}), "[east] Pod/a@4.0 Node/@5.0 [raw] Role/r@1.1 Role/@1.2 ");
    // In flow style, in each other, in an array; an object with a list of that name is an object.
    put(f, "odd.yaml",
        STR("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: PodList, items: [{metadata: {name: a}}]}]\n---\n"
            "- {apiVersion: v1, kind: Node}\n---\napiVersion: v1\nkind: Menu\nitems:\n- soup\n---\n"
            "[{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}]\n{\"kind\":\"Menu\",\"apiVersion\":\"v1\",\"items\":[1]}\n"));
    assert_seen(f, ONE("odd.yaml"), "[odd] Pod/a@1.2 Node/@5.1 Menu/@7.0 Pod/@12.1 Menu/@13.0 ");
}

static void bad_documents_are_told_and_left_out(void **state)
{
    struct fixture *f = *state;
    put(f, "bad.yaml",
        STR("apiVersion: v1\nkind: Pod\n---\na: [\n---\nreplicas: 3\n---\nkind: Pod\nkind: Pod\n---\n{\"kind\": \"Pod\", \n"
            "\"apiVersion\": nope}\n---\napiVersion: v1\nkind: Node\n"));
    struct seen s = see_with(f, ONE("bad.yaml"), OBJECTS_LIMITS_DEFAULT);
    assert_true(str_eq(buf_str(&s.names), STR("[manifests] Pod/@1.0 Node/@14.0 ")));
    assert_int_equal(s.counters.bad, 3);
    assert_int_equal(s.counters.foreign, 1);
    assert_int_equal(s.counters.objects, 2);
    assert_true(told(f, "value expected"));
    done(&s);
    bool placed = false;
    for (size_t i = 0; i < f->diags.n; i++) // the duplicate key, where it is in the file
        placed = placed || (f->diags.items[i].line == 9 && f->diags.items[i].column == 1);
    assert_true(placed);
    struct objects_limits strict = OBJECTS_LIMITS_DEFAULT;
    strict.strict = true;
    s = see_with(f, ONE("bad.yaml"), strict);
    assert_int_equal(s.result, ST_INPUT);
    assert_int_equal(s.counters.objects, 1);
    done(&s);
    // A broken item costs itself; what ends too soon, the rest.
    put(f, "list.json",
        STR("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[\n{\"metadata\":{\"name\":\"a\"}},\n{\"metadata\":]},\n"
            "{\"metadata\":{\"name\":\"c\"}},\n{\"meta"));
    s = see_with(f, ONE("list.json"), OBJECTS_LIMITS_DEFAULT);
    assert_true(str_eq(buf_str(&s.names), STR("[list] Pod/a@2.0 Pod/c@4.0 ")));
    assert_int_equal(s.counters.bad, 2);
    done(&s);
}

static void plain_words_are_what_kubernetes_takes_them_for(void **state)
{
    struct fixture *f = *state;
    put(f, "w.yaml",
        STR("apiVersion: v1\nkind: Pod\na: yes\nb: \"yes\"\nc: off\nd: |\n  on\ne: 0x10\nf: 00\ng: ~\nh: .inf\n1: \"a\\tb\"\n"));
    struct str path = below(f, "w.yaml");
    struct objects_list *list;
    struct object o;
    bool end;
    assert_int_equal(objects_expand(&list, &path, 1, STR_NONE, &f->diags), ST_OK);
    struct objects_reader *r = objects_reader_new(list, OBJECTS_LIMITS_DEFAULT);
    assert_int_equal(objects_next(r, &o, &end, &f->diags), ST_OK);
    const struct str wanted =
        STR("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":true,\"b\":\"yes\",\"c\":false,\"d\":\"on\\u000a\",\"e\":16,"
            "\"f\":0,\"g\":null,\"h\":\".inf\",\"1\":\"a\\u0009b\"}");
    if (!str_eq(o.json, wanted))
        fail_msg("%.*s", STR_ARG(o.json));
    objects_reader_free(r);
    objects_list_free(list);
}

static void directories_are_clusters(void **state)
{
    struct fixture *f = *state;
    static const struct str pod = STR("{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}");
    make_directory(f, "fleet");
    make_directory(f, "fleet/west");
    make_directory(f, "fleet/west/deep");
    put(f, "fleet/b.yaml", pod);
    put(f, "fleet/a.json", pod);
    put(f, "fleet/README.md", pod);
    put(f, "fleet/.hidden.yaml", pod);
    put(f, "fleet/west/deep/x.yml", pod);
    assert_seen(f, ONE("fleet"), "[fleet] Pod/@1.0 Pod/@1.0 [west] Pod/@1.0 ");
    assert_seen(f, ((const char *const[]){"fleet/b.yaml", "fleet/a.json", NULL}), "[manifests] Pod/@1.0 Pod/@1.0 ");
    make_directory(f, "none");
    struct seen s = see_with(f, ONE("none"), OBJECTS_LIMITS_DEFAULT);
    assert_int_equal(s.result, ST_INPUT);
    s = see_with(f, ONE("nowhere.yaml"), OBJECTS_LIMITS_DEFAULT);
    assert_int_equal(s.result, ST_IO);
}

// Windows move, and what does not fit is counted.
static void long_inputs(void **state)
{
    struct fixture *f = *state;
    struct buf *text = text_of(f);
    buf_add(text, STR("apiVersion: v1\nitems:\n"));
    for (int i = 0; i < 20000; i++)
        buf_addf(text, "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: pod-%d\n", i);
    buf_add(text, STR("- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: "));
    for (int i = 0; i < 600000; i++)
        buf_add_char(text, 'x');
    buf_add(text, STR("\n- apiVersion: v1\n  kind: Node\n  metadata:\n    name: last\nkind: List\n"));
    put(f, "long.yaml", buf_str(text));
    struct objects_limits limits = OBJECTS_LIMITS_DEFAULT;
    limits.object = 300000;
    struct seen s = see_with(f, ONE("long.yaml"), limits);
    assert_int_equal(s.counters.objects, 20001);
    assert_int_equal(s.counters.oversized, 1);
    assert_true(str_ends(buf_str(&s.names), STR("Pod/pod-19999@79999.0 Node/last@80007.0 ")));
    done(&s);
    gzFile zip = gzopen(below(f, "cut.yaml.gz").ptr, "wb");
    assert_int_equal(gzwrite(zip, text->ptr, 1000000), 1000000);
    gzclose(zip);
    s = see_with(f, ONE("cut.yaml.gz"), OBJECTS_LIMITS_DEFAULT);
    assert_true(s.counters.objects > 15000);
    done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(documents_of_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(items_of_lists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_documents_are_told_and_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plain_words_are_what_kubernetes_takes_them_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(directories_are_clusters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_inputs, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
