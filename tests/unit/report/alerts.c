// SPDX-License-Identifier: Apache-2.0
#include "alerts.h"

#include <stdio.h>
#include <stdlib.h>

static void add(struct sample *s, const char *name, struct str *text)
{
    must(s->n_texts < TEXTS_MAX);
    s->texts[s->n_texts].name = name;
    s->texts[s->n_texts++].text = text;
    *text = STR("plain");
}

#define ADD(field) add(s, #field, &s->field)

static void add_texts(struct sample *s)
{
    ADD(rule.id);
    ADD(rule.title);
    ADD(rule.description);
    ADD(rule.advice);
    ADD(tags[0]);
    ADD(tags[1]);
    ADD(alert.cluster);
    ADD(alert.decision);
    ADD(alert.reason);
    ADD(alert.actor.principal);
    ADD(alert.actor.uid);
    ADD(alert.actor.impersonated);
    ADD(alert.actor.agent);
    ADD(alert.actor.credential_id);
    ADD(alert.actor.pod);
    ADD(alert.actor.node);
    ADD(groups[0]);
    ADD(impersonated_groups[0]);
    ADD(addresses[0]);
    ADD(addresses[1]);
    ADD(alert.action.verb);
    ADD(alert.action.group);
    ADD(alert.action.version);
    ADD(alert.action.resource);
    ADD(alert.action.subresource);
    ADD(alert.action.namespace);
    ADD(alert.action.name);
    ADD(alert.action.uri);
    ADD(alert.action.command);
    ADD(evidence[0].file);
    ADD(evidence[0].audit_id);
    ADD(details[0].name);
    ADD(details[0].value);
    ADD(blind[0].cluster);
    ADD(blind[0].why);
}

void sample_init(struct sample *s)
{
    *s = (struct sample){.summary = {.records = 5, .bytes = 5000, .clusters = 1, .first = 0, .last = NS_PER_SECOND, .bad_records = 1}};
    add_texts(s);
    s->rule.level = LEVEL_CRITICAL;
    s->rule.tags = s->tags;
    s->rule.n_tags = 2;
    s->tags[0] = STR("attack.execution");
    s->evidence[0].line = 7;
    s->evidence[0].item = 2;
    s->blind[0].records = 3;
    s->summary.blind = s->blind;
    s->summary.n_blind = 1;
    struct alert *a = &s->alert;
    a->rule = &s->rule;
    a->time = NS_PER_SECOND;
    a->count = 1;
    a->first = TIME_NONE;
    a->actor.groups = s->groups;
    a->actor.impersonated_groups = s->impersonated_groups;
    a->actor.n_groups = a->actor.n_impersonated_groups = 1;
    a->actor.addresses = s->addresses;
    a->actor.n_addresses = 2;
    a->action.code = 201;
    a->evidence = s->evidence;
    a->details = s->details;
    a->n_evidence = a->n_details = 1;
}

void sample_fill(struct sample *s, struct str with)
{
    for (size_t i = 0; i < s->n_texts; i++)
        *s->texts[i].text = with;
}

status sample_write(void *context, struct str bytes)
{
    struct buf *out = context;
    buf_add(out, bytes);
    return out->full ? ST_LIMIT : ST_OK;
}

struct buf sample_report(const struct sample *s, struct report_options options)
{
    struct buf out;
    buf_init(&out, 64u << 20);
    struct report *r = report_new(options, sample_write, &out);
    must(report_alert(r, &s->alert) == ST_OK);
    must(report_finish(r, &s->summary) == ST_OK);
    report_free(r);
    return out;
}

struct techniques *sample_techniques(void)
{
    FILE *f = fopen(getenv("TECHNIQUES"), "rb");
    must(f);
    static char text[1 << 20];
    size_t len = fread(text, 1, sizeof text, f);
    fclose(f);
    struct diags diags;
    struct techniques *t;
    diags_init(&diags);
    must(techniques_load(&t, (struct yaml_source){.name = STR("techniques.yml"), .text = str_make(text, len)}, &diags) == ST_OK);
    diags_fini(&diags);
    return t;
}
