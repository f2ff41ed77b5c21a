// SPDX-License-Identifier: Apache-2.0
// Kubernetes objects out of files: manifests (YAML, any number of documents), what `kubectl get -o yaml|json` and the API itself print
// (lists of objects), helm's and kustomize's output on the standard input; plain or compressed.
//
//   paths -> inputs (one file of one cluster each) -> objects, one after the other
//
// Documents are streamed: of a list only the item at hand is held, whatever the size of the list. A document is JSON when it begins with
// [ or with { and a quote, otherwise YAML; both may follow each other in one file.
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "codec/json/json.h"

struct objects_input {
    struct str path;    // as it will be shown in evidence; "-" for the standard input
    struct str cluster; // name of the cluster its objects belong to
    bool standard_input;
    struct str text; // what there is instead of a file, if ptr is not NULL
};

struct objects_list {
    struct arena arena;
    struct objects_input *inputs; // sorted by cluster, then by path
    size_t n;
};

// Expands PATHs. Of a directory each subdirectory is one cluster, with everything in it; the files at its top are one cluster together,
// named after the directory. Of files that are named, one that holds a list (a dump of a cluster) is a cluster of its own, named after the
// file; the others are manifests that belong together. `cluster`, if given, names them all. In directories only files named .yaml, .yml,
// .json or .jsonl (compressed or not) are read. ST_IO when a path cannot be read, ST_INPUT when there is nothing to read.
[[nodiscard]] status objects_expand(struct objects_list **out, const struct str *paths, size_t n, struct str cluster, struct diags *diags);
void objects_list_free(struct objects_list *l);

struct objects_limits {
    size_t object;  // bytes of one object as it is written
    size_t memory;  // bytes its tree may take
    unsigned depth; // nesting
    bool strict;    // the first document that is bad ends it all with ST_INPUT; JSON is checked byte by byte
};
#define OBJECTS_LIMITS_DEFAULT ((struct objects_limits){.object = 16u << 20, .memory = 512u << 20, .depth = 128})

// An object, good until the next call. What its list says of all its items is already in api_version and kind. What an API server says of
// its version (k8s.io/apimachinery/pkg/version: Info, alone or as serverVersion of `kubectl version -o json`) is one of kind
// OBJECT_VERSION.
struct object {
    const struct json_value *tree; // an object
    struct str json;               // the same as text, with JSON_PADDING bytes behind its end
    struct str api_version, kind;
    uint32_t input; // index into the list of inputs
    uint64_t line;  // where it begins, from 1
    uint32_t item;  // 1-based position among the objects on that line; 0: the only one
};

// Not an object of the cluster, and not counted as one.
#define OBJECT_VERSION "ServerVersion"
static inline bool object_is_version(const struct object *o)
{
    return str_eq(o->kind, STR(OBJECT_VERSION));
}

struct objects_reader;

[[nodiscard]] struct objects_reader *objects_reader_new(const struct objects_list *list, struct objects_limits limits);
void objects_reader_free(struct objects_reader *r);

// The next object; *end behind the last. What is wrong with a document is said in diags with file, line and column, counted, and the
// document left out. ST_INPUT, ST_IO: with strict, at once; without, never.
[[nodiscard]] status objects_next(struct objects_reader *r, struct object *out, bool *end, struct diags *diags);

struct objects_counters {
    uint64_t bytes;          // uncompressed
    uint64_t objects;        // given, but for versions
    uint64_t bad;            // documents that are neither JSON nor YAML, and items of that kind
    uint64_t foreign;        // documents without apiVersion and kind: values files, arrays, text
    uint64_t oversized;      // objects beyond a limit
    uint64_t damaged_inputs; // files that could not be opened or read to their end
};
[[nodiscard]] struct objects_counters objects_counters(const struct objects_reader *r);
