// SPDX-License-Identifier: Apache-2.0
// The compressed side of a stream, for all codecs.
#include "codec/compress/codec.h"

size_t inflate_input_next(struct inflate_input *in)
{
    if (in->ended)
        return 0;
    ptrdiff_t got = in->read(in->context, in->piece, sizeof in->piece);
    if (got < 0)
        in->error = (int)-got;
    in->ended = got <= 0;
    return got > 0 ? (size_t)got : 0;
}
