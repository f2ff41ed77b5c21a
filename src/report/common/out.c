// SPDX-License-Identifier: Apache-2.0
#include "report/common/out.h"

void out_write(struct out *o)
{
    must(!o->buf.full); // OUT_MAX
    if (o->status == ST_OK && o->buf.len)
        o->status = o->write(o->context, buf_str(&o->buf));
    buf_clear(&o->buf);
}

void out_flush(struct out *o)
{
    if (o->buf.len >= OUT_FLUSH || o->buf.full)
        out_write(o);
}
