// SPDX-License-Identifier: Apache-2.0
#include "oracle_jansson.h"

#include <jansson.h>

static void describe_text(const char *text, size_t len, struct buf *out)
{
    buf_addf(out, "\"%zu:", len);
    buf_add(out, str_make(text, len));
}

static void describe(json_t *j, struct buf *out)
{
    size_t i;
    json_t *element;
    switch (json_typeof(j)) {
    case JSON_NULL:
        buf_add_char(out, 'n');
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        buf_add_char(out, json_is_true(j) ? 't' : 'f');
        return;
    case JSON_INTEGER:
    case JSON_REAL:
        buf_addf(out, "#%.17g", json_number_value(j));
        return;
    case JSON_STRING:
        describe_text(json_string_value(j), json_string_length(j), out);
        return;
    case JSON_ARRAY:
        buf_add_char(out, '[');
        json_array_foreach(j, i, element) describe(element, out);
        buf_add_char(out, ']');
        return;
    case JSON_OBJECT:
        buf_add_char(out, '{');
        for (void *at = json_object_iter(j); at; at = json_object_iter_next(j, at)) { // members keep their order
            describe_text(json_object_iter_key(at), json_object_iter_key_len(at), out);
            describe(json_object_iter_value(at), out);
        }
        buf_add_char(out, '}');
        return;
    }
}

bool jansson_describe(struct str text, struct buf *out)
{
    json_error_t error;
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
    json_t *j = json_loadb(text.ptr, text.len, flags, &error);
    if (!j)
        return false;
    describe(j, out);
    json_decref(j);
    return true;
}
