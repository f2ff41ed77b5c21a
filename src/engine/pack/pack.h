// SPDX-License-Identifier: Apache-2.0
// Everything rules need to run, from one place: rule files, the stream's field dictionary, the lists that rules refer to by %name%.
//
//   built in: rules/ of this project inside the binary        given: files and directories of the user
//     fields/STREAM.yml   the dictionary                        rules: every *.yml and *.yaml, but for the folders and files beside
//     intelligence/*.yml  lists                                 lists: intelligence/*.yml below a directory, and --placeholders
//     pages/*.yml         programs, and lists of their names     pages/*.yml below a directory
//     others              rules (*.test.yml: tests, not read)   dictionary: fields/STREAM.yml below a directory, else the built-in one
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "incident/incident.h"
#include "rule/rule.h"

struct pack {
    struct arena arena;
    struct yaml_source *sources; // the rule files
    size_t n_sources;
    struct yaml_source *lists; // the files of lists and programs
    size_t n_lists;
    struct placeholders placeholders;
    struct incident_page *pages; // programs with a web page
    size_t n_pages;
    struct dictionary *dictionary;
    struct dictionary *hosts; // that of records from nodes, whose rules run beside those of the stream; NULL: not wanted
    struct ruleset *rules;
};

struct pack_list {
    struct str name;
    const struct str *values; // borrowed for the life of the pack
    size_t n;
};

struct pack_options {
    struct str stream;       // "audit", "host", "posture" or "generic"
    const struct str *paths; // rule files and directories; none: the built-in rules
    size_t n_paths;
    const struct str *only; // of the built-in rules these files, as they are called below rules/; NULL: all of the stream
    size_t n_only;
    struct str placeholders;       // a file of lists, or ptr NULL
    const struct pack *lists_of;   // borrowed for the life of the pack: its lists and programs, none are read; NULL: they are read
    const struct pack_list *lists; // these take the place of those of the same name
    size_t n_lists;
    struct str registry; // of images that name none; ptr NULL: docker.io
    bool lint;
    bool hosts; // the rules about processes on nodes, too, and their dictionary
};

// ST_INPUT when rules were refused: *out then holds the others (rules that are right run all the same, and the caller decides).
// *out is NULL when there is nothing to run.
[[nodiscard]] status pack_load(struct pack **out, const struct pack_options *options, struct diags *diags);
void pack_free(struct pack *p);

// Whether a file is for another stream, by where it lies below a rules folder: audit/, host/ and controls/ (posture).
[[nodiscard]] bool pack_is_of_others(struct str stream, struct str below);
