// SPDX-License-Identifier: Apache-2.0
// Are manifests and dumps of any bytes read to their end, with every object whole and every loss counted, and does a small limit only leave
// objects out? And is every way from outside that they tell of a record that can be read?
#include "posture/components.h"
#include "posture/exposure.h"
#include "source/objects.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct object *o)
{
    must(o->tree && o->tree->kind == JSON_OBJECT && o->kind.len && o->api_version.len && o->line > 0);
    must(o->json.len >= 2 && o->json.ptr[0] == '{' && o->json.ptr[o->json.len - 1] == '}');
}

static void check_record(void *context, const struct exposure_record *r)
{
    struct json_error error;
    (void)context;
    must(json_validate(r->json, JSON_LIMITS_DEFAULT, &error) && r->title.len);
}

static void check_component(void *context, const struct component *c)
{
    struct json_error error;
    (void)context;
    must(json_validate(c->json, JSON_LIMITS_DEFAULT, &error) && c->name.len);
}

static void look_for_ways(struct exposure *e, const struct object *o)
{
    struct pod pod;
    exposure_add(e, o->tree, o->api_version, o->kind, (struct access_place){STR("f"), o->line});
    if (pod_of(o->tree, o->api_version, o->kind, &pod))
        components_of(&pod, check_component, NULL);
}

static struct objects_counters read_input(const struct objects_list *list, struct objects_limits limits)
{
    struct objects_reader *r = objects_reader_new(list, limits);
    struct diags diags;
    struct object o;
    bool end = false;
    uint64_t seen = 0;
    struct exposure *e = exposure_new();
    diags_init(&diags);
    while (objects_next(r, &o, &end, &diags) == ST_OK && !end) {
        check(&o);
        look_for_ways(e, &o);
        seen++;
    }
    const struct objects_counters c = objects_counters(r);
    must(seen == c.objects);
    must(limits.strict || c.bad + c.oversized + c.damaged_inputs == 0 || diags.warnings > 0);
    exposure_each(e, check_record, NULL);
    exposure_free(e);
    objects_reader_free(r);
    diags_fini(&diags);
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int fd = memfd_create("input", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct objects_input input = {.path = str_from_c(path), .cluster = STR("c")};
    const struct objects_list list = {.inputs = &input, .n = 1};
    struct objects_limits limits = {.object = 1u << 16, .memory = 4u << 20, .depth = 32};
    const struct objects_counters large = read_input(&list, limits);
    limits.object = 100;
    const struct objects_counters small = read_input(&list, limits);
    must(large.bytes == small.bytes);
    limits = (struct objects_limits){.object = 1u << 16, .memory = 4u << 20, .depth = 32, .strict = true};
    must(read_input(&list, limits).objects <= large.objects);
    close(fd);
    return 0;
}
