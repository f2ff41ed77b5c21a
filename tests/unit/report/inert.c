// SPDX-License-Identifier: Apache-2.0
#include "inert.h"

#include "base/utf8.h"
#include "codec/json/json.h"
#include "report/common/columns.h"

#include <string.h>

static const char *find_wrong(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t c;
        size_t size = utf8_decode(str_slice(s, i, s.len), &c);
        if (size == 0)
            return "not UTF-8";
        if ((c < 0x20 && c != '\n') || c == 0x7f)
            return "a control character";
        if (utf8_is_invisible(c))
            return "an invisible character";
        i += size;
    }
    return NULL;
}

static const char *find_wrong_json(struct str s)
{
    while (s.len) {
        size_t end = str_find_char(s, '\n', 0);
        if (end == SIZE_MAX)
            return "a last line without newline";
        struct str line = str_slice(s, 0, end);
        if (str_find_char(line, '<', 0) != SIZE_MAX || str_find_char(line, '&', 0) != SIZE_MAX)
            return "markup in JSON";
        struct arena a;
        struct json_error error;
        arena_init(&a, ARENA_UNLIMITED);
        char *padded = arena_alloc(&a, line.len + JSON_PADDING);
        memcpy(padded, line.ptr, line.len);
        struct json_limits limits = JSON_LIMITS_DEFAULT;
        limits.strict = true;
        bool good = json_parse(&a, str_make(padded, line.len), limits, &error) != NULL;
        arena_fini(&a);
        if (!good)
            return "a line that is not JSON";
        s = str_slice(s, end + 1, s.len);
    }
    return NULL;
}

static size_t widest(struct str s)
{
    size_t most = 0;
    while (s.len) {
        struct str line = str_split(&s, '\n');
        size_t columns = text_columns(line);
        most = columns > most ? columns : most;
    }
    return most;
}

static size_t count(struct str s, struct str what)
{
    size_t n = 0;
    for (size_t at = str_find(s, what, 0); at != SIZE_MAX; at = str_find(s, what, at + what.len))
        n++;
    return n;
}

// Tags that the program itself never writes, and its own that must stay single.
static const char *find_wrong_html(struct str s)
{
    static const char *const never[] = {"<script", "</script", "<img", "<svg/", "<!--", "]]>", "\" onmouseover", "' x='", "src=\""};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (str_find(s, str_from_c(never[i]), 0) != SIZE_MAX)
            return never[i];
    if (count(s, STR("<style>")) != 1 || count(s, STR("</style>")) != 1 || count(s, STR("<title>Davy")) != 1)
        return "head elements that were not ours";
    return NULL;
}

const char *inert_report(struct str bytes, struct report_options options)
{
    const char *wrong = find_wrong(bytes);
    if (wrong)
        return wrong;
    if (options.format == REPORT_JSON)
        return find_wrong_json(bytes);
    if (options.format == REPORT_HTML)
        return find_wrong_html(bytes);
    return widest(bytes) > options.width ? "a line wider than the page" : NULL;
}
