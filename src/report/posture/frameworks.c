// SPDX-License-Identifier: Apache-2.0
#include "report/posture/frameworks.h"

const struct framework frameworks[] = {
    {STR("cis"), STR("CIS Kubernetes Benchmark"), STR("Center for Internet Security"),
     STR("https://www.cisecurity.org/benchmark/kubernetes")},
    {STR("nsa"), STR("Kubernetes Hardening Guidance"), STR("NSA and CISA"),
     STR("https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF")},
};
const size_t n_frameworks = sizeof frameworks / sizeof *frameworks;

const struct framework *framework_of(struct str tag, struct str *section)
{
    const struct str id = str_split(&tag, '.');
    *section = tag;
    for (size_t i = 0; i < n_frameworks && tag.ptr; i++) {
        if (str_eq(frameworks[i].id, id))
            return &frameworks[i];
    }
    return NULL;
}

void frameworks_write(struct json_writer *w, const struct control_about *about)
{
    struct str section;
    json_key(w, STR("frameworks"));
    json_open_array(w);
    for (size_t i = 0; about && i < about->n_tags; i++) {
        const struct framework *f = framework_of(about->tags[i], &section);
        if (!f)
            continue;
        json_open_object(w);
        json_key_string(w, STR("id"), f->id);
        json_key_string(w, STR("section"), section);
        json_close_object(w);
    }
    json_close_array(w);
}

void frameworks_text(struct buf *out, const struct control_about *about)
{
    const struct framework *last = NULL;
    struct str section;
    for (size_t i = 0; about && i < about->n_tags; i++) {
        const struct framework *f = framework_of(about->tags[i], &section);
        if (!f)
            continue;
        buf_add(out, last ? STR(", ") : STR(""));
        for (size_t c = 0; c < f->id.len && f != last; c++)
            buf_add_char(out, (char)(f->id.ptr[c] - 'a' + 'A'));
        buf_add(out, f != last ? STR(" ") : STR(""));
        buf_add(out, section);
        last = f;
    }
}
