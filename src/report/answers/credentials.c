// SPDX-License-Identifier: Apache-2.0
#include "report/answers/credentials.h"

#include "base/diag.h"
#include "codec/json/json.h"
#include "report/answers/access.h"
#include "report/posture/posture.h"

enum { DAY = 86400 };

static void add_day(struct buf *out, int64_t t)
{
    const struct calendar c = time_calendar(t);
    buf_addf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void add_times(struct buf *out, const struct credential_line *c, int64_t now)
{
    if (c->since != TIME_NONE) {
        buf_add(out, STR("since "));
        add_day(out, c->since);
        if (now != TIME_NONE && now > c->since)
            buf_addf(out, " (%lld days)", (long long)((now - c->since) / NS_PER_SECOND / DAY));
        buf_add(out, STR(", "));
    }
    if (c->until != TIME_NONE) {
        buf_add(out, now != TIME_NONE && c->until < now ? STR("ran out ") : STR("until "));
        add_day(out, c->until);
    } else {
        buf_add(out, c->endless ? STR("never runs out") : STR("its end is not known"));
    }
}

void credential_text(struct buf *out, const struct credential_line *c, int64_t now)
{
    buf_addf(out, "%.*s of ", STR_ARG(c->kind));
    if (c->who.name.len)
        access_text_subject(out, &c->who);
    else
        buf_add(out, STR("somebody the objects do not name"));
    for (size_t i = 0; i < c->n_groups; i++) {
        buf_add(out, i ? STR(", ") : STR(" in "));
        text_escape(out, c->groups[i]);
    }
    buf_add(out, STR(": "));
    text_escape(out, c->object);
    buf_add(out, STR(" ("));
    posture_text_place(out, c->place);
    buf_add(out, STR(")\n    "));
    add_times(out, c, now);
    buf_add(out, c->everything ? STR("\n    may do everything") : c->n_powers ? STR("\n    may, in the whole cluster:") : STR(""));
    for (size_t i = 0; i < c->n_powers; i++)
        buf_addf(out, " %s", c->powers[i]);
    buf_add(out, STR("\n    to take it back: "));
    text_escape(out, c->revoke);
    buf_add_char(out, '\n');
}

static void write_time(struct json_writer *w, struct str key, int64_t t)
{
    struct buf text;
    buf_init(&text, 64);
    if (t != TIME_NONE)
        time_write(&text, t);
    json_key_string(w, key, t == TIME_NONE ? STR_NONE : buf_str(&text));
    buf_fini(&text);
}

static void write_subject(struct json_writer *w, const struct access_subject *s)
{
    static const struct str kinds[] = {
        [SUBJECT_USER] = STR("User"), [SUBJECT_GROUP] = STR("Group"), [SUBJECT_ACCOUNT] = STR("ServiceAccount")};
    json_key(w, STR("subject"));
    json_open_object(w);
    json_key_string(w, STR("kind"), kinds[s->kind]);
    json_key_string(w, STR("namespace"), s->kind == SUBJECT_ACCOUNT ? s->ns : STR_NONE);
    json_key_string(w, STR("name"), s->name.len ? s->name : STR_NONE);
    json_close_object(w);
}

void credential_json(struct buf *out, struct str cluster, const struct credential_line *c)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("credential"));
    json_key_string(&w, STR("cluster"), cluster);
    json_key_string(&w, STR("type"), c->kind);
    write_subject(&w, &c->who);
    json_key(&w, STR("groups"));
    json_open_array(&w);
    for (size_t i = 0; i < c->n_groups; i++)
        json_string(&w, c->groups[i]);
    json_close_array(&w);
    write_time(&w, STR("since"), c->since);
    write_time(&w, STR("until"), c->until);
    json_key(&w, STR("endless"));
    json_bool(&w, c->endless);
    json_key_string(&w, STR("object"), c->object);
    json_key(&w, STR("everything"));
    json_bool(&w, c->everything);
    json_key(&w, STR("powers"));
    json_open_array(&w);
    for (size_t i = 0; i < c->n_powers; i++)
        json_string(&w, str_from_c(c->powers[i]));
    json_close_array(&w);
    json_key_string(&w, STR("revoke"), c->revoke);
    json_key_string(&w, STR("file"), c->place.file);
    json_key_number(&w, STR("line"), (int64_t)c->place.line);
    json_close_object(&w);
    buf_add_char(out, '\n');
}
