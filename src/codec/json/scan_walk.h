// SPDX-License-Identifier: Apache-2.0
// Part of scan_core.h: the walk over one value, quotes taken from the index in pairs, nodes of the trie deciding what is wanted.

// Takes the string whose opening quote is at p from the index; *text is between the quotes. Gives the byte behind it, or NULL.
static inline const char *take_string(struct json_scan *s, const char *p, struct str *text)
{
    if (__builtin_expect(s->n - s->k < 2, 0) && !more_quotes(s)) {
        (void)bad_string(s, p);
        return NULL;
    }
    uint32_t open = s->index[s->k], close = s->index[s->k + 1];
    s->k += 2;
    if (__builtin_expect(s->start + open != p, 0)) {
        (void)scan_bad(s, p, "string expected");
        return NULL;
    }
    *text = str_make(p + 1, close - open - 1);
    return s->start + close + 1;
}

static inline const char *take_scalar(struct json_scan *s, const char *p, enum json_kind *kind)
{
    const char *behind = token_scalar(p, s->stop, kind);
    if (!behind)
        (void)scan_bad(s, p, "value expected");
    return behind;
}

// Behind a value nobody wants.
static inline const char *step_over(struct json_scan *s, const char *p, unsigned depth)
{
    enum json_kind kind;
    struct str ignored;
    if (*p == '"')
        return take_string(s, p, &ignored);
    if (*p == '{' || *p == '[')
        return skip_tree(s, p, depth);
    return take_scalar(s, p, &kind);
}

// A key written with escapes: compared after unescaping. Rare, so it may allocate.
static uint32_t child_unescaped(const struct trie_node *node, struct str key)
{
    struct arena a;
    struct str plain;
    arena_init(&a, ARENA_UNLIMITED);
    uint32_t child = TRIE_NONE;
    if (json_unescape(&a, key, &plain)) {
        char *padded = arena_alloc(&a, plain.len + 8);
        memcpy(padded, plain.ptr, plain.len);
        child = trie_child(node, padded, plain.len);
    }
    arena_fini(&a);
    return child;
}

static inline uint32_t child_for(struct json_scan *s, const struct trie_node *node, struct str key)
{
    if (!node->has_children)
        return TRIE_NONE;
    uint32_t child = trie_child(node, key.ptr, key.len);
    if (__builtin_expect(child == TRIE_NONE && s->any_slash && has_slash(s, key.ptr, key.ptr + key.len), 0))
        child = child_unescaped(node, key);
    return child;
}

static inline bool two_are(const char *p, char first, char second)
{
    return p[0] == first && p[1] == second;
}

// The way through most of an audit event: members whose values are strings, without white space. p is at a key's quote; gives the first
// byte behind the last such member, *ahead when that is another key's quote. Whatever looks different is left to the careful way.
static inline const char *take_plain_members(struct json_scan *s, uint32_t at, const char *p, bool *ahead)
{
    const struct trie_node *nodes = s->trie->nodes;
    *ahead = true;
    while (s->n - s->k >= 4) {
        const uint32_t *quote = s->index + s->k;
        const char *close = s->start + quote[1];
        if (s->start + quote[0] != p || !two_are(close + 1, ':', '"'))
            return p;
        uint32_t child = child_for(s, &nodes[at], str_make(p + 1, quote[1] - quote[0] - 1));
        if (child != TRIE_NONE && nodes[child].slot != TRIE_NO_SLOT)
            scan_add_view(s, nodes[child].slot, JSON_STRING, close + 3, quote[3] - quote[2] - 1);
        s->k += 4;
        p = s->start + quote[3] + 1;
        if (!two_are(p, ',', '"')) {
            *ahead = false;
            return p;
        }
        p++;
    }
    return p;
}

// Reads `"key":` at p and gives the first byte of the value, with the child of node that wants it (or TRIE_NONE).
static inline const char *take_key(struct json_scan *s, const struct trie_node *node, const char *p, uint32_t *child)
{
    struct str key;
    if (__builtin_expect(*p != '"', 0)) {
        (void)scan_bad(s, p, "key expected");
        return NULL;
    }
    p = take_string(s, p, &key);
    if (!p)
        return NULL;
    if (__builtin_expect(*p != ':', 0)) {
        p = skip_space(s, p);
        if (p >= s->stop || *p != ':') {
            (void)scan_bad(s, p, "':' expected");
            return NULL;
        }
    }
    p++;
    if (__builtin_expect(p >= s->stop || token_is_space(*p), 0))
        p = skip_space(s, p);
    if (__builtin_expect(p >= s->stop, 0)) {
        (void)scan_bad(s, p, "value expected");
        return NULL;
    }
    *child = child_for(s, node, key);
    return p;
}

// A wanted string, number or literal.
static inline const char *take_leaf(struct json_scan *s, const struct trie_node *node, const char *p)
{
    struct str text;
    enum json_kind kind = JSON_STRING;
    if (*p == '"') {
        p = take_string(s, p, &text);
        if (p && node->slot != TRIE_NO_SLOT)
            scan_add_view(s, node->slot, JSON_STRING, text.ptr, text.len);
        return p;
    }
    const char *behind = take_scalar(s, p, &kind);
    if (behind && node->slot != TRIE_NO_SLOT)
        scan_add_view(s, node->slot, kind, p, (size_t)(behind - p));
    return behind;
}

// Whether the subtree at p is put off; if so it is skipped and *behind set (NULL: error).
static inline bool put_off(struct json_scan *s, uint32_t node, const char *p, unsigned depth, const char **behind)
{
    if (!s->trie->nodes[node].deferred || s->reading_deferred || s->n_deferred == DEFERRED_MAX || (*p != '{' && *p != '['))
        return false;
    s->deferred[s->n_deferred].at = p;
    s->deferred[s->n_deferred].node = node;
    s->n_deferred++;
    *behind = skip_tree(s, p, depth);
    return true;
}

// What comes behind a value: closes what ends here. Gives the first byte of the next member or element (depth > 0), or the byte behind
// the outermost value (depth 0), or NULL.
static inline const char *after_value(struct json_scan *s, const char *p, unsigned *depth)
{
    while (*depth) {
        if (__builtin_expect(p < s->stop && token_is_space(*p), 0))
            p = skip_space(s, p);
        if (__builtin_expect(p >= s->stop, 0)) {
            (void)scan_bad(s, p, "array or object without an end");
            return NULL;
        }
        if (*p == ',') {
            p++;
            if (__builtin_expect(p < s->stop && token_is_space(*p), 0))
                p = skip_space(s, p);
            return p;
        }
        if (*p != (s->stack[*depth].array ? ']' : '}')) {
            (void)scan_bad(s, p, "',' or closing bracket expected");
            return NULL;
        }
        p++;
        --*depth;
    }
    return p;
}

// Enters the array or object at p. Gives the first member or element; or, when it is empty, the byte behind it (*entered false).
static inline const char *enter(struct json_scan *s, const char *p, uint32_t node, unsigned *depth, bool *entered)
{
    bool array = *p == '[';
    if (__builtin_expect(*depth >= s->limits.depth, 0)) {
        (void)scan_bad(s, p, "nested deeper than the limit");
        return NULL;
    }
    p++;
    if (__builtin_expect(p < s->stop && token_is_space(*p), 0))
        p = skip_space(s, p);
    *entered = p >= s->stop || *p != (array ? ']' : '}');
    if (!*entered)
        return p + 1;
    ++*depth;
    s->stack[*depth] = (struct scan_frame){node, array};
    return p;
}

// Reads the value at p for node (TRIE_NONE: nobody wants it). *entered: p is now at the first member or element of it.
static inline const char *take_value(struct json_scan *s, uint32_t node, const char *p, unsigned *depth, bool *entered)
{
    const struct trie_node *nodes = s->trie->nodes;
    *entered = false;
    if (node == TRIE_NONE)
        return step_over(s, p, *depth);
    if (*p != '{' && *p != '[')
        return take_leaf(s, &nodes[node], p);
    if (put_off(s, node, p, *depth, &p))
        return p;
    if (nodes[node].slot != TRIE_NO_SLOT)
        scan_add_view(s, nodes[node].slot, *p == '{' ? JSON_OBJECT : JSON_ARRAY, p, 0);
    if (*p == '{' && !nodes[node].has_children)
        return skip_tree(s, p, *depth);
    return enter(s, p, node, depth, entered);
}

// Reads the value at p for the trie's node `root`. *behind: the byte after it.
static enum json_result walk(struct json_scan *s, const char *p, uint32_t root, const char **behind)
{
    unsigned depth = 0;
    uint32_t node = root;
    for (;;) {
        bool member, entered;
        if (__builtin_expect(p >= s->stop, 0))
            return scan_bad(s, p, "value expected");
        p = take_value(s, node, p, &depth, &entered);
        do {
            if (p && !entered)
                p = after_value(s, p, &depth);
            if (!p)
                return JSON_BAD;
            if (depth == 0) {
                *behind = p;
                return JSON_OK;
            }
            node = s->stack[depth].node;
            member = !s->stack[depth].array;
            entered = member;
            if (member)
                p = take_plain_members(s, node, p, &entered);
        } while (!entered && member);
        if (member && !(p = take_key(s, &s->trie->nodes[node], p, &node)))
            return JSON_BAD;
    }
}
