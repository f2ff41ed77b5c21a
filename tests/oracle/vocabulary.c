// SPDX-License-Identifier: Apache-2.0
#include "vocabulary.h"

#define PICK(c, table) (table)[chance_below((c), sizeof(table) / sizeof(table)[0])]

unsigned chance_below(struct chance *c, unsigned n)
{
    c->state = c->state * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = c->state ^ c->state >> 31;
    x *= 0x9e3779b97f4a7c15u;
    return (unsigned)((x >> 32) % n);
}

struct str vocabulary_word(struct chance *c)
{
    static const struct str words[] = {
        {"foo", 3},
        {"Foo", 3},
        {"FOOBAR", 6},
        {"foobar", 6},
        {"bar", 3},
        {"barfoo", 6},
        {"baz", 3},
        {"", 0},
        {"a*b", 3},
        {"a?b", 3},
        {"axb", 3},
        {"a\\b", 3},
        {"a\\*b", 4},
        {"*", 1},
        {"\\", 1},
        {"x", 1},
        {"\xc3\xa9t\xc3\xa9", 5},
        {"\xc3\x89t\xc3\xa9", 5},
        {"\xf0\x9f\x98\x80", 4},
        {"\xe2\x84\xaa", 3}, // the Kelvin sign, which folds to k in Unicode but not in ASCII
        {"k", 1},
        {"K", 1},
        {"5", 1},
        {"5.0", 3},
        {"-1", 2},
        {"true", 4},
        {"false", 5},
        {"null", 4},
        {"10.0.0.1", 8},
        {"10.1.2.3", 8},
        {"192.168.1.7", 11},
        {"fe80::1", 7},
        {"::ffff:10.0.0.9", 15},
        {"2024-01-02T03:04:05Z", 20},
        {"2024-12-30T23:59:59.5+01:00", 27},
        {"1704164645", 10},
        {"Zm9v", 4},
        {"-enc", 4},
        {"/enc", 4},
        {"cmd -enc foo", 12},
        {"kube-system", 11},
        {"nginx:1.25", 10},
        {"docker.io/xmrig/xmrig:latest", 28},
        {"xmrig", 5},
        {"foo\nbar", 7},
        {"a\0b", 3},
        {"foo bar", 7},
        {"foofoo", 6},
        {"fofoo", 5},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 65},
    };
    return PICK(c, words);
}

struct str vocabulary_number(struct chance *c)
{
    static const struct str numbers[] = {
        {"5", 1},
        {"5.0", 3},
        {"5e0", 3},
        {"0.5E+1", 6},
        {"50e-1", 5},
        {"-1", 2},
        {"-1.00", 5},
        {"0", 1},
        {"-0", 2},
        {"0.0", 3},
        {"4.999", 5},
        {"1e999", 5},
        {"9007199254740993", 16},
        {"9007199254740992", 16},
        {"1704164645", 10},
        {"123456789012345678901234567890", 30},
        {"17", 2},
    };
    return PICK(c, numbers);
}

struct str vocabulary_key(unsigned number)
{
    static const struct str keys[] = {
        {"a", 1},           {"b", 1},
        {"c", 1},           {"A", 1},
        {"list", 4},        {"image", 5},
        {"containers", 10}, {"a.b", 3},
        {"k8s.io/x", 8},    {"", 0},
        {"spec", 4},        {"body", 4},
        {"addresses", 9},   {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 36},
        {"\xc3\xa9", 2},    {"q\"\\", 3},
    };
    return keys[number % (sizeof keys / sizeof keys[0])];
}

struct str vocabulary_path(struct chance *c)
{
    static const struct str paths[] = {
        {"a", 1},
        {"b", 1},
        {"c", 1},
        {"list", 4},
        {"a.b", 3},
        {"a.b.c", 5},
        {"a.a", 3},
        {"b.a", 3},
        {"list.a", 6},
        {"list.a.b", 8},
        {"containers.image", 16},
        {"containers", 10},
        {"a.k8s.io/x", 10},
        {"spec.containers.image", 21},
        {"body.a", 6},
        {"body.spec.a", 11},
        {"spec.a.b", 8},
        {"missing", 7},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 36},
        {"addresses", 9},
        {"A", 1},
        {"\xc3\xa9", 2},
    };
    return PICK(c, paths);
}
