// SPDX-License-Identifier: Apache-2.0
// Inside of struct json_trie: nodes in an array, children of a node in a sparse hash table whose multiplier was chosen so that (nearly
// always) a key is found or refused with one probe.
#pragma once

#include "codec/json/json.h"

#include <string.h>

#define TRIE_NO_SLOT UINT32_MAX
#define TRIE_NONE    UINT32_MAX

// A key as two machine words: its first and its last eight bytes. Keys of up to 16 bytes are equal when words and length are.
struct trie_entry {
    uint64_t head, tail;
    uint32_t len;
    uint32_t child; // node index; TRIE_NONE: a free place
    const char *text;
};

struct trie_node {
    struct trie_entry *table; // mask + 1 places, at most half full; NULL before sealing and for leaves
    uint64_t multiplier, mask;
    unsigned shift;
    uint32_t slot; // TRIE_NO_SLOT: not wanted itself
    bool deferred;
    bool has_children;
    // while building
    struct trie_entry *edges;
    size_t n_edges, cap_edges;
};

struct json_trie {
    struct arena arena;
    struct trie_node *nodes; // 0 is the root
    size_t n_nodes, cap_nodes;
    uint32_t n_slots;
    bool *slot_deferred;
    bool sealed;
};

// Reads eight bytes at p and keeps the first len of them. Eight bytes are readable there (JSON_PADDING).
static inline uint64_t trie_word(const char *p, size_t len)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return len >= 8 ? word : word & ~(UINT64_MAX << (len * 8));
}

static inline uint64_t trie_hash(uint64_t head, uint64_t tail, size_t len, uint64_t multiplier)
{
    return (head ^ (tail << 1 | tail >> 63) ^ (uint64_t)len << 56) * multiplier;
}

// Child of node for the raw key, or TRIE_NONE. The node has children.
static inline uint32_t trie_child(const struct trie_node *node, const char *key, size_t len)
{
    uint64_t head = trie_word(key, len);
    uint64_t tail = trie_word(len > 8 ? key + len - 8 : key, len);
    for (uint64_t at = trie_hash(head, tail, len, node->multiplier) >> node->shift;; at = (at + 1) & node->mask) {
        const struct trie_entry *entry = &node->table[at];
        if (entry->child == TRIE_NONE)
            return TRIE_NONE;
        if (entry->len == len && entry->head == head && entry->tail == tail && (len <= 16 || memcmp(entry->text, key, len) == 0))
            return entry->child;
    }
}
