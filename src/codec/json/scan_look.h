// SPDX-License-Identifier: Apache-2.0
// look_quotes and look_brackets for a vector set that has: struct block, load(), equal(), below_space().

static inline struct masks look_quotes(const char *p)
{
    struct block b = load(p);
    return (struct masks){.quote = equal(b, '"'), .slash = equal(b, '\\'), .control = below_space(b)};
}

static inline struct masks look_brackets(const char *p)
{
    struct block b = load(p);
    return (struct masks){
        .quote = equal(b, '"'),
        .slash = equal(b, '\\'),
        .control = below_space(b),
        .open_brace = equal(b, '{'),
        .close_brace = equal(b, '}'),
        .open_bracket = equal(b, '['),
        .close_bracket = equal(b, ']'),
    };
}
