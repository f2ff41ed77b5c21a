// SPDX-License-Identifier: Apache-2.0
// What the checks of the Pod Security Standards refuse, as data: pss.c judges pods by it, src/policy/pss.c writes it as CEL.
//
// A check refuses a pod when one of its clauses is true. Clauses look at what the API server would have decoded: a member of another type
// than it wants is not there.
#pragma once

#include "pod/pss.h"

// Whose members a clause is about.
enum pss_subject {
    PSS_POD,        // the pod's specification
    PSS_CONTAINERS, // each container
    PSS_BOTH,       // both
    PSS_VOLUMES,    // each volume
    // Annotations of the pod: path[0] is
    PSS_ANNOTATION,           // the key,
    PSS_ANNOTATIONS,          // what the key begins with,
    PSS_CONTAINER_ANNOTATION, // what comes before a container's name
};

// What is asked of the value at a path; of each of them where there is a list.
enum pss_test {
    PSS_IS_TRUE,
    PSS_IS_FALSE,
    PSS_IS_ZERO,
    PSS_IS_NUMBER,  // and not 0
    PSS_IS_PRESENT, //
    PSS_IS_OTHER,   // a text that is none of the words; with a member: of the object there, "" when it has none
    PSS_IS_PROFILE, // the same, and it does not begin with "localhost/"
    // What is asked of a value that may be missing.
    PSS_IS_NOT_FALSE,
    PSS_LACKS,      // a list without the first word
    PSS_IS_UNSET,   // neither here nor, as it should be, at the same path of the pod: true; with a member, one of the words
    PSS_OTHER_KIND, // a volume that has none of the words as members
};

enum { PSS_PATH = 5 };

struct pss_clause {
    enum pss_subject subject;
    enum pss_test test;
    struct str path[PSS_PATH]; // ends with STR_NONE
    struct str member;         // ptr NULL: the value itself
    const struct str *words;   // ends with STR_NONE; NULL: what the revision allows
    const char *text;          // what is said of it, the value behind
};

// Whom a revision spares.
enum pss_spares { PSS_SPARES_NOBODY, PSS_SPARES_WINDOWS, PSS_SPARES_USER_NAMESPACES };

struct pss_revision {
    unsigned since; // minor version; the newest revision that is not newer than the policy counts
    const struct pss_clause *clauses;
    size_t n;
    const struct str *allowed;
    enum pss_spares spares;
};

enum { PSS_REVISIONS = 5 };

struct pss_entry {
    struct pss_check check;
    struct str replaces;                          // restricted: the check of baseline that is not made then; ptr NULL: none
    struct pss_revision revisions[PSS_REVISIONS]; // n 0: the end
};

[[nodiscard]] const struct pss_entry *pss_entries(size_t *n); // by id within a level

// The checks that a level has in a version, in the order of pss_judge.
typedef void pss_each_fn(void *context, const struct pss_check *check, const struct pss_revision *revision);
void pss_each(enum pss_level level, unsigned minor, pss_each_fn *each, void *context);
