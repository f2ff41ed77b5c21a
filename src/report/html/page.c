// SPDX-License-Identifier: Apache-2.0
#include "report/html/page.h"

#include "report/html/page_style.h"

void html_top(struct buf *out, const char *title)
{
    html_raw(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-" PAGE_STYLE_SHA256
                  "'; base-uri 'none'; form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n");
    html_rawf(out, "<title>%s</title>\n<style>", title);
    html_raw(out, page_style);
    html_raw(out, "</style>\n</head>\n<body>\n<main>\n");
}

void html_bottom(struct buf *out, const char *note)
{
    html_raw(out, "<footer>");
    html_raw(out, note);
    html_raw(out, " This page is self-contained: it loads nothing and runs nothing.</footer>\n</main>\n</body>\n</html>\n");
}
