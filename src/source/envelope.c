// SPDX-License-Identifier: Apache-2.0
// Envelopes that need no translation: lists, the wrappings of log shippers, AKS, CloudWatch Logs Insights, and headers of log lines.
#include "source/envelope.h"

#include "base/status.h"
#include "base/time.h"
#include "source/cutter.h"

#include <string.h>

static struct inside_item *inside_push(struct inside *in)
{
    if (in->n == in->cap) {
        const size_t cap = in->cap ? in->cap * 2 : 4;
        struct inside_item *items = arena_try(in->arena, cap * sizeof *items);
        if (!items)
            return NULL;
        if (in->n)
            memcpy(items, in->items, in->n * sizeof *items);
        in->items = items;
        in->cap = cap;
    }
    return &in->items[in->n++];
}

void inside_add_value(struct inside *in, const struct json_value *value)
{
    struct inside_item *item = inside_push(in);
    if (item)
        *item = (struct inside_item){.value = value};
    else
        in->foreign++;
}

void inside_add_event(struct inside *in, struct str event)
{
    struct inside_item *item = inside_push(in);
    if (item)
        *item = (struct inside_item){.event = event};
    else
        in->foreign++;
}

// --- lists -----------------------------------------------------------------------------------------------------------------------

static bool look_list(const struct json_value *v, struct inside *in)
{
    bool found = false;
    for (const struct json_value *m = v->first; m; m = m->next) {
        if (m->kind != JSON_ARRAY || !cutter_knows_list(m->key))
            continue;
        found = true;
        inside_add_value(in, m);
    }
    return found;
}
const struct envelope envelope_list = {{"list", 4}, look_list};

// --- AKS -------------------------------------------------------------------------------------------------------------------------

// Azure resource log: {"category":"kube-audit","properties":{"log":"<event>", ...}, ...}. Categories other than the audit ones carry
// the lines of other components.
static bool look_azure(const struct json_value *v, struct inside *in)
{
    struct str category = json_text(json_get(v, STR("category")));
    const struct json_value *properties = json_get(v, STR("properties"));
    if (!category.ptr || !properties)
        return false;
    const struct json_value *log = json_get(properties, STR("log"));
    if (!str_eq(category, STR("kube-audit")) && !str_eq(category, STR("kube-audit-admin")))
        in->foreign++;
    else
        inside_add_value(in, log ? log : properties);
    return true;
}
const struct envelope envelope_azure = {{"azure", 5}, look_azure};

// --- CloudWatch Logs Insights ----------------------------------------------------------------------------------------------------

// get-query-results: "results":[[{"field":"@timestamp","value":"..."},{"field":"@message","value":"<event>"}], ...]
static bool look_insights(const struct json_value *v, struct inside *in)
{
    struct str field = json_text(json_get(v, STR("field")));
    const struct json_value *value = json_get(v, STR("value"));
    if (!field.ptr || !value)
        return false;
    if (str_eq(field, STR("@message")))
        inside_add_value(in, value);
    return true; // its other fields are no records
}
const struct envelope envelope_insights = {{"insights", 8}, look_insights};

// --- Loki ------------------------------------------------------------------------------------------------------------------------

// Query and push: {"stream":{...},"values":[["<nanoseconds>","<line>"], ...]}
static bool look_loki(const struct json_value *v, struct inside *in)
{
    const struct json_value *stream = json_get(v, STR("stream")), *values = json_get(v, STR("values"));
    if (!stream || stream->kind != JSON_OBJECT || !values || values->kind != JSON_ARRAY)
        return false;
    for (const struct json_value *pair = values->first; pair; pair = pair->next) {
        if (pair->kind == JSON_ARRAY && pair->count >= 2)
            inside_add_value(in, pair->first->next);
        else
            in->foreign++;
    }
    return true;
}
const struct envelope envelope_loki = {{"loki", 4}, look_loki};

// --- log shippers ----------------------------------------------------------------------------------------------------------------

// Where they put the line, or the event made of it. The first path with a value that may be one is taken.
static const struct str wrapper_paths[][4] = {
    {{"kubernetes", 10}, {"audit", 5}}, // Elastic Agent
    {{"log_processed", 13}},            // Fluent Bit, Merge_Log_Key
    {{"log", 3}},                       // Docker json-file, Fluent Bit, Fluentd
    {{"message", 7}},                   // CloudWatch logEvents, Logstash, Filebeat, Vector
    {{"@message", 8}},                  // CloudWatch Logs Insights
    {{"event", 5}, {"original", 8}},    // Elastic Common Schema
    {{"event", 5}},                     // Splunk HTTP Event Collector
    {{"result", 6}, {"_raw", 4}},       // Splunk export
    {{"_raw", 4}},                      // Splunk, Sumo Logic
    {{"_source", 7}},                   // Elasticsearch hits
    {{"body", 4}, {"stringValue", 11}}, // OpenTelemetry
    {{"body", 4}},                      // OpenTelemetry
    {{"resourceLogs", 12}},             // OpenTelemetry, OTLP
    {{"scopeLogs", 9}},
    {{"logRecords", 10}},
    {{"hits", 4}, {"hits", 4}},   // Elasticsearch
    {{"streams", 7}},             // Loki, push
    {{"data", 4}, {"result", 6}}, // Loki, query
    {{"line", 4}},                // Loki (logcli)
    {{"MESSAGE", 7}},             // journald
    {{"msg", 3}},                 // rsyslog
    {{"textPayload", 11}},        // Cloud Logging
    {{"jsonPayload", 11}},        // Cloud Logging
    {{"log_s", 5}},               // Azure Log Analytics, AzureDiagnostics
    {{"kubernetes_audit", 16}},
    {{"audit", 5}},
    {{"data", 4}},
    {{"raw", 3}},
};

static bool may_hold_event(const struct json_value *v)
{
    // Of audit events, of Cloud Audit Logs, of Falco, Tetragon, Tracee.
    static const struct str signs[] = {{"auditID", 7},       {"protoPayload", 12},   {"output_fields", 13}, {"process_exec", 12},
                                       {"process_exit", 12}, {"process_kprobe", 14}, {"eventName", 9},      {"workload", 8}};
    if (!v || (v->kind != JSON_STRING && v->kind != JSON_OBJECT && v->kind != JSON_ARRAY))
        return false;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_find(v->raw, signs[i], 0) != SIZE_MAX)
            return true;
    return false;
}

static bool look_wrapper(const struct json_value *v, struct inside *in)
{
    for (size_t i = 0; i < sizeof wrapper_paths / sizeof *wrapper_paths; i++) {
        const struct json_value *inner = json_at(v, wrapper_paths[i]);
        if (may_hold_event(inner)) {
            inside_add_value(in, inner);
            return true;
        }
    }
    return false;
}
const struct envelope envelope_wrapper = {{"wrapper", 7}, look_wrapper};

// --- headers of lines ------------------------------------------------------------------------------------------------------------

static bool begins_json(struct str s)
{
    return s.len && (s.ptr[0] == '{' || s.ptr[0] == '[' || s.ptr[0] == '"');
}

// Behind the time stamp: up to `tokens` words, and then the JSON.
static struct str behind_words(struct str s, unsigned words)
{
    while (words-- && s.ptr)
        (void)str_split(&s, ' ');
    return s.ptr && begins_json(s) ? s : STR_NONE;
}

// "<34>1 2026-11-22T01:02:03Z host app 123 - - {": RFC 5424.  "<34>Nov 22 01:02:03 host app: {", "Nov 22 01:02:03 host app[7]: {": RFC
// 3164.
static struct str behind_syslog(struct str line)
{
    if (line.ptr[0] == '<') {
        size_t end = str_find_char(line, '>', 0);
        if (end > 4)
            return STR_NONE;
        line = str_slice(line, end + 1, line.len);
    }
    if (str_starts(line, STR("1 ")))
        return behind_words(line, 7);
    struct str rest = line;
    if (line.len < 16 || line.ptr[6] != ' ' || line.ptr[9] != ':' || line.ptr[12] != ':' || line.ptr[15] != ' ')
        return STR_NONE;
    rest = str_slice(line, 16, line.len);
    (void)str_split(&rest, ' '); // host
    struct str tag = rest.ptr ? str_split(&rest, ' ') : STR_NONE;
    return tag.ptr && str_ends(tag, STR(":")) && rest.ptr && begins_json(rest) ? rest : STR_NONE;
}

// "2026-11-22T01:02:03.000Z {": CloudWatch export. "... stdout F {": container runtime interface. "... stream {": `aws logs tail`.
struct str envelope_strip_header(struct str line)
{
    line = str_trim(line);
    if (!line.len || begins_json(line))
        return line.len ? line : STR_NONE;
    struct str rest = line;
    struct str time = str_split(&rest, ' ');
    int64_t ignored;
    if (!rest.ptr || !time_parse(time, &ignored))
        return behind_syslog(line);
    if (str_starts(rest, STR("stdout ")) || str_starts(rest, STR("stderr ")))
        return behind_words(rest, 2);
    return begins_json(rest) ? rest : behind_words(rest, 1);
}
