// SPDX-License-Identifier: Apache-2.0
#include "report/json/line.h"

#include "report/common/keep.h"

enum {
    TEXT_MAX = 64 << 10, // bytes of one text
    LINE_MAX = 1 << 20,  // bytes of texts in a line; what comes after it is cut to
    TEXT_LEAST = 256,    // this
    LIST_MAX = 256,      // elements of a list
};

void line_add(struct line *line, struct str s)
{
    size_t most = line->left < TEXT_LEAST ? TEXT_LEAST : line->left < TEXT_MAX ? line->left : TEXT_MAX;
    struct str kept = keep_cut(s, most);
    line->cut += kept.len < s.len;
    line->left -= kept.len < line->left ? kept.len : line->left;
    json_string(&line->w, kept);
}

void line_text(struct line *line, struct str key, struct str s)
{
    json_key(&line->w, key);
    line_add(line, s);
}

// Only when there is something: members beyond the contract.
void line_optional(struct line *line, struct str key, struct str s)
{
    if (s.ptr)
        line_text(line, key, s);
}

size_t line_bounded(struct line *line, size_t n)
{
    line->cut += n > LIST_MAX;
    return n > LIST_MAX ? LIST_MAX : n;
}

void line_list(struct line *line, struct str key, const struct str *items, size_t n)
{
    json_key(&line->w, key);
    json_open_array(&line->w);
    size_t kept = line_bounded(line, n);
    for (size_t i = 0; i < kept; i++)
        line_add(line, items[i]);
    json_close_array(&line->w);
}

void line_time(struct line *line, struct str key, int64_t ns)
{
    json_key(&line->w, key);
    if (ns == TIME_NONE) {
        json_null(&line->w);
        return;
    }
    struct buf text;
    buf_init(&text, 64);
    time_write(&text, ns);
    json_string(&line->w, buf_str(&text));
    buf_fini(&text);
}

void line_open(struct line *line, struct report *r, struct str kind)
{
    *line = (struct line){.w = json_writer_to(&r->out.buf), .left = LINE_MAX};
    json_open_object(&line->w);
    json_key_string(&line->w, STR("kind"), kind);
}

void line_close(struct line *line, struct report *r)
{
    if (line->cut)
        json_key_number(&line->w, STR("cut"), (int64_t)line->cut);
    json_close_object(&line->w);
    buf_add_char(&r->out.buf, '\n');
}

void line_actor(struct line *line, const struct event_actor *a)
{
    json_key(&line->w, STR("actor"));
    json_open_object(&line->w);
    line_text(line, STR("principal"), a->principal);
    line_list(line, STR("groups"), a->groups, a->n_groups);
    line_list(line, STR("addresses"), a->addresses, a->n_addresses);
    line_text(line, STR("agent"), a->agent);
    line_optional(line, STR("uid"), a->uid);
    line_optional(line, STR("impersonated"), a->impersonated);
    if (a->n_impersonated_groups)
        line_list(line, STR("impersonated_groups"), a->impersonated_groups, a->n_impersonated_groups);
    line_optional(line, STR("credential_id"), a->credential_id);
    line_optional(line, STR("pod"), a->pod);
    line_optional(line, STR("node"), a->node);
    json_close_object(&line->w);
}

void line_action(struct line *line, const struct event_action *a)
{
    json_key(&line->w, STR("action"));
    json_open_object(&line->w);
    line_text(line, STR("verb"), a->verb);
    line_text(line, STR("group"), a->group);
    line_text(line, STR("resource"), a->resource);
    line_text(line, STR("subresource"), a->subresource);
    line_text(line, STR("namespace"), a->namespace);
    line_text(line, STR("name"), a->name);
    json_key(&line->w, STR("code"));
    if (a->code)
        json_number(&line->w, a->code);
    else
        json_null(&line->w);
    line_optional(line, STR("version"), a->version);
    line_optional(line, STR("uri"), a->uri);
    line_optional(line, STR("command"), a->command);
    if (a->dry_run) {
        json_key(&line->w, STR("dry_run"));
        json_bool(&line->w, true);
    }
    json_close_object(&line->w);
}

void line_evidence(struct line *line, const struct evidence *evidence, size_t n)
{
    json_key(&line->w, STR("evidence"));
    json_open_array(&line->w);
    size_t kept = line_bounded(line, n);
    for (size_t i = n - kept; i < n; i++) { // the newest
        json_open_object(&line->w);
        line_text(line, STR("file"), evidence[i].file);
        json_key_number(&line->w, STR("line"), (int64_t)evidence[i].line);
        line_text(line, STR("audit_id"), evidence[i].audit_id);
        if (evidence[i].item)
            json_key_number(&line->w, STR("item"), evidence[i].item);
        line_time(line, STR("time"), evidence[i].time);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}
