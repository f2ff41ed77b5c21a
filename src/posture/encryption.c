// SPDX-License-Identifier: Apache-2.0
#include "posture/encryption.h"

#include "base/base64.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_TEXT_MAX = 64 };

static const struct json_value *items_of(const struct json_value *list)
{
    return list && list->kind == JSON_ARRAY ? list->first : NULL;
}

// k8s.io/apiserver/pkg/server/options/encryptionconfig: *.* is everything, *. the core group.
static bool has_secrets(const struct json_value *entry)
{
    static const struct str names[] = {STR("secrets"), STR("secrets."), STR("*."), STR("*.*")};
    for (const struct json_value *v = items_of(json_get(entry, STR("resources"))); v; v = v->next) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (str_eq(json_text(v), names[i]))
                return true;
        }
    }
    return false;
}

// A provider is an object with one member, which is called as it is.
static struct str provider_name(const struct json_value *provider)
{
    return provider->kind == JSON_OBJECT && provider->first ? provider->first->key : STR_NONE;
}

// AES takes keys of 16, 24 and 32 bytes, secretbox of 32.
static bool is_key(struct str text)
{
    char bytes[KEY_TEXT_MAX];
    size_t end = text.len;
    while (end && text.ptr[end - 1] == '=')
        end--;
    if (!end || text.len > KEY_TEXT_MAX)
        return false;
    for (size_t i = 0; i < end; i++) {
        if (base64_digit(text.ptr[i]) < 0)
            return false;
    }
    const size_t size = base64_decode(text, bytes);
    return size == 16 || size == 24 || size == 32;
}

static void write_keys(struct json_writer *w, struct buf *name, const struct json_value *provider)
{
    const struct json_value *settings = provider->kind == JSON_OBJECT ? provider->first : NULL;
    for (const struct json_value *k = items_of(json_get(settings, STR("keys"))); k; k = k->next) {
        if (!is_key(json_text(json_get(k, STR("secret")))))
            continue;
        const struct str id = json_text(json_get(k, STR("name")));
        buf_clear(name);
        buf_add(name, provider_name(provider));
        buf_add_char(name, ' ');
        buf_add(name, id);
        json_string(w, buf_str(name));
    }
}

void encryption_record(const struct json_value *tree, struct buf *out)
{
    const struct json_value *entries = items_of(json_get(tree, STR("resources"))), *secrets = entries;
    struct buf name;
    struct json_writer w = json_writer_to(out);
    buf_init(&name, SIZE_MAX);
    while (secrets && !has_secrets(secrets))
        secrets = secrets->next;
    const struct json_value *providers = items_of(json_get(secrets, STR("providers")));
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("Encryption"));
    json_key_string(&w, STR("secrets"), providers ? provider_name(providers) : STR("none"));
    json_key(&w, STR("readable"));
    json_open_array(&w);
    for (const struct json_value *p = providers; p; p = p->next)
        json_string(&w, provider_name(p));
    json_close_array(&w);
    json_key(&w, STR("keys"));
    json_open_array(&w);
    for (const struct json_value *e = entries; e; e = e->next) {
        for (const struct json_value *p = items_of(json_get(e, STR("providers"))); p; p = p->next)
            write_keys(&w, &name, p);
    }
    json_close_array(&w);
    json_close_object(&w);
    memset(must_alloc(buf_reserve(out, JSON_PADDING)), 0, JSON_PADDING);
    buf_fini(&name);
}
