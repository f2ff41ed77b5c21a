// SPDX-License-Identifier: Apache-2.0
// A way as the record that rules judge, and as a few words.
#include "posture/exposure_private.h"

struct str way_verdict(enum verdict verdict)
{
    static const struct str words[] = {[VERDICT_OPEN] = STR("open"),
                                       [VERDICT_LIMITED] = STR("limited"),
                                       [VERDICT_CLOSED] = STR("closed"),
                                       [VERDICT_UNKNOWN] = STR("unknown")};
    return words[verdict];
}

static void write_thing(struct json_writer *w, struct str key, const struct thing *t)
{
    json_key(w, key);
    json_open_object(w);
    json_key_string(w, STR("kind"), t->kind);
    json_key_string(w, STR("namespace"), t->ns);
    json_key_string(w, STR("name"), t->name);
    json_close_object(w);
}

static void write_texts(struct json_writer *w, struct str key, struct texts t)
{
    json_key(w, key);
    json_open_array(w);
    for (size_t i = 0; i < t.n; i++)
        json_string(w, t.items[i]);
    json_close_array(w);
}

// What it goes by: its own name and those of what leads to it.
static void write_names(struct json_writer *w, const struct way *way)
{
    json_key(w, STR("names"));
    json_open_array(w);
    json_string(w, way->via->name);
    if (way->service)
        json_string(w, way->service->thing.name);
    if (way->workload)
        json_string(w, way->workload->thing.name);
    json_close_array(w);
}

// The labels of the pods, or what a Service chooses by when there are none.
static void write_labels(struct json_writer *w, const struct way *way)
{
    json_key(w, STR("labels"));
    json_open_array(w);
    for (size_t i = 0; way->workload && i < way->workload->labels.n; i++)
        json_string(w, way->workload->labels.items[i].value);
    for (size_t i = 0; !way->workload && way->service && i < way->service->selector.n; i++)
        json_string(w, way->service->selector.items[i].values.items[0]);
    json_close_array(w);
}

static void write_ports(struct json_writer *w, const struct way *way)
{
    json_key(w, STR("ports"));
    json_open_array(w);
    for (size_t i = 0; i < way->n_ports; i++) {
        if (way->ports[i].number)
            json_number(w, way->ports[i].number);
    }
    json_close_array(w);
}

// kubectl's copy of the whole object is left out.
static void write_annotations(struct json_writer *w, const struct way *way)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    json_key(w, STR("annotations"));
    json_open_array(w);
    for (size_t i = 0; i < way->annotations.n; i++) {
        const struct label *a = &way->annotations.items[i];
        if (str_eq(a->key, STR("kubectl.kubernetes.io/last-applied-configuration")))
            continue;
        buf_clear(&text);
        buf_add(&text, a->key);
        buf_add_char(&text, '=');
        buf_add(&text, a->value);
        json_string(w, buf_str(&text));
    }
    json_close_array(w);
    buf_fini(&text);
}

static void write_missing(struct json_writer *w, const struct exposure *e, const struct way *way)
{
    json_key(w, STR("missing"));
    json_open_array(w);
    if (!e->seen[SEEN_SERVICE])
        json_string(w, STR("Service"));
    if (!e->seen[SEEN_ROUTE])
        json_string(w, STR("Ingress"));
    if (!e->seen[SEEN_POLICY])
        json_string(w, STR("NetworkPolicy"));
    if (!way->workload)
        json_string(w, STR("Pod"));
    json_close_array(w);
}

static void write_listens(struct json_writer *w, const struct workload *to)
{
    json_key(w, STR("listens"));
    json_open_array(w);
    for (size_t i = 0; i < to->n_ports; i++) {
        if (to->ports[i].number)
            json_number(w, to->ports[i].number);
    }
    json_close_array(w);
}

static void write_workload(struct json_writer *w, const struct workload *to)
{
    if (!to)
        return;
    write_thing(w, STR("workload"), &to->thing);
    write_texts(w, STR("images"), to->images);
    json_key_string(w, STR("account"), to->account);
    write_texts(w, STR("arguments"), to->arguments);
    write_listens(w, to);
}

void way_write(struct buf *out, const struct exposure *e, const struct way *way)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("Exposure"));
    json_key_string(&w, STR("way"), way->name);
    json_key_string(&w, STR("verdict"), way_verdict(way->verdict));
    json_key_string(&w, STR("because"), str_from_c(way->because));
    write_thing(&w, STR("via"), way->via);
    write_workload(&w, way->workload);
    if (way->service) {
        json_key(&w, STR("service"));
        json_open_object(&w);
        json_key_string(&w, STR("namespace"), way->service->thing.ns);
        json_key_string(&w, STR("name"), way->service->thing.name);
        json_close_object(&w);
    }
    write_names(&w, way);
    write_labels(&w, way);
    write_ports(&w, way);
    write_annotations(&w, way);
    write_texts(&w, STR("addresses"), way->addresses);
    write_texts(&w, STR("sources"), way->sources);
    write_texts(&w, STR("hosts"), way->hosts);
    json_key(&w, STR("tls"));
    json_bool(&w, way->tls);
    json_key_string(&w, STR("policy"), way->policy);
    write_missing(&w, e, way);
    json_close_object(&w);
}

static void add_thing(struct buf *out, const struct thing *t)
{
    buf_addf(out, "%.*s %.*s/%.*s", STR_ARG(t->kind), STR_ARG(t->ns), STR_ARG(t->name));
}

void way_title(struct buf *out, const struct way *w)
{
    static const char *const words[] = {[VERDICT_OPEN] = "is open",
                                        [VERDICT_LIMITED] = "is open to some",
                                        [VERDICT_CLOSED] = "is closed",
                                        [VERDICT_UNKNOWN] = "may be open"};
    if (w->workload)
        add_thing(out, &w->workload->thing);
    else
        buf_addf(out, "Service %.*s/%.*s", STR_ARG(w->service->thing.ns), STR_ARG(w->service->thing.name));
    if (w->workload ? w->via != &w->workload->thing : w->via != &w->service->thing) {
        buf_add(out, STR(" through "));
        add_thing(out, w->via);
    }
    if (!str_eq(w->name, w->via->kind) && !str_eq(w->name, STR("none")))
        buf_addf(out, " (%.*s)", STR_ARG(w->name));
    buf_addf(out, " %s: %s", words[w->verdict], w->because);
}
