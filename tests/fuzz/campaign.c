// SPDX-License-Identifier: Apache-2.0
// Is any input of `davy campaign` safe to read, and do the campaigns depend on nothing but the incidents? The bytes are a file: told twice
// it must give what it gave once, and what is told must be inert.
#include "inert.h"

#include "base/status.h"
#include "engine/lookback/retell.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static status keep(void *context, struct str bytes)
{
    buf_add(context, bytes);
    return ST_OK;
}

static void tell(struct campaigns *campaigns, enum report_format format, struct buf *out)
{
    const struct report_options options = {.format = format, .width = 100, .campaigns_only = true};
    size_t n;
    const struct campaign *list = campaigns_conclude(campaigns, &n);
    struct report *report = report_new(options, keep, out);
    for (size_t i = 0; i < n; i++) {
        must(list[i].n_clusters >= 2 && list[i].n_incidents >= 2);
        must(report_campaign(report, &list[i]) == ST_OK);
    }
    report_free(report);
    const char *why = inert_report(buf_str(out), options);
    if (why)
        fprintf(stderr, "%s:\n%.*s\n", why, STR_ARG(buf_str(out)));
    must(!why);
}

// The campaigns of an input that is given so often.
static void read_times(struct str path, unsigned times, struct buf *json)
{
    static const struct str registries[] = {STR("docker.io")}, images[] = {STR("nginx")}, pools[] = {STR("pool.example")};
    const struct campaign_knowledge knowledge = {.registries = {registries, 1}, .images = {images, 1}, .pools = {pools, 1}};
    struct source_input inputs[2] = {{.path = path, .cluster = STR("c"), .first = TIME_NONE},
                                     {.path = path, .cluster = STR("c"), .first = TIME_NONE}};
    const struct source_list list = {.inputs = inputs, .n = times};
    struct campaigns *campaigns = campaigns_new(&knowledge, CAMPAIGN_WINDOW_DEFAULT);
    struct retelling told = {0};
    struct diags diags;
    diags_init(&diags);
    if (retell(campaigns, &list, false, &told, &diags) == ST_OK) {
        struct buf text;
        buf_init(&text, SIZE_MAX);
        tell(campaigns, REPORT_JSON, json);
        tell(campaigns, REPORT_TEXT, &text);
        buf_fini(&text);
    }
    diags_fini(&diags);
    campaigns_free(campaigns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct buf once, twice;
    buf_init(&once, SIZE_MAX);
    buf_init(&twice, SIZE_MAX);
    read_times(str_from_c(path), 1, &once);
    read_times(str_from_c(path), 2, &twice);
    must(str_eq(buf_str(&once), buf_str(&twice)));
    buf_fini(&once);
    buf_fini(&twice);
    close(fd);
    return 0;
}
