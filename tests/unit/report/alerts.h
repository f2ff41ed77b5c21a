// SPDX-License-Identifier: Apache-2.0
// An alert in which every text can be replaced, and reports of it as bytes.
#pragma once

#include "base/status.h"
#include "report/report.h"

enum { TEXTS_MAX = 64 };

struct sample {
    struct alert alert;
    struct rule rule;
    struct str tags[2], groups[1], impersonated_groups[1], addresses[2];
    struct evidence evidence[1];
    struct alert_detail details[1];
    struct blindness blind[1];
    struct engine_summary summary;
    struct {
        const char *name;
        struct str *text;
    } texts[TEXTS_MAX]; // every text of the alert, its rule and the summary
    size_t n_texts;
};

// All texts are "plain".
void sample_init(struct sample *s);
void sample_fill(struct sample *s, struct str with); // all texts at once

// The whole report, in a buffer that the caller ends with buf_fini.
[[nodiscard]] struct buf sample_report(const struct sample *s, struct report_options options);

// rules/techniques.yml, loaded; free with techniques_free.
[[nodiscard]] struct techniques *sample_techniques(void);

[[nodiscard]] status sample_write(void *context, struct str bytes); // a report_write_fn into a struct buf
