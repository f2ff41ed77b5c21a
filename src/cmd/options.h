// SPDX-License-Identifier: Apache-2.0
// Options that several commands have alike.
#pragma once

#include "cmd/command.h"

extern const char *const option_fail_levels[]; // levels of alerts, and never
extern const char *const option_severities[];  // enum severity, in its order

#define OPTION_DEFAULT_REGISTRY                                                                                                            \
    {                                                                                                                                      \
        .name = "default-registry", .kind = ARG_STRING, .value = "HOST",                                                                   \
        .about = "where the nodes look for images that name no registry (docker.io)"                                                       \
    }

#define OPTION_CAMPAIGN_WINDOW                                                                                                             \
    {                                                                                                                                      \
        .name = "campaign-window", .kind = ARG_DURATION, .value = "SPAN", .initial = "2h", .min = 1, .max = 30 * 86400,                    \
        .about = "how far apart incidents of different clusters may be and still be one campaign"                                          \
    }

// what: of which there is one of that level
#define OPTION_FAIL_ON(what)                                                                                                               \
    {                                                                                                                                      \
        .name = "fail-on", .kind = ARG_ENUM, .value = "LEVEL", .choices = option_fail_levels, .initial = "high",                           \
        .about = "exit with status 1 when there is " what " of this level or above"                                                        \
    }

// words: NULL behind the last
#define OPTION_FORMAT(words, usual, text)                                                                                                  \
    {                                                                                                                                      \
        .name = "format", .letter = 'f', .kind = ARG_ENUM, .value = "FORMAT", .choices = (words), .initial = (usual), .about = (text)      \
    }

#define OPTION_RULES(text)                                                                                                                 \
    {                                                                                                                                      \
        .name = "rules", .letter = 'r', .kind = ARG_LIST, .complete = COMPLETE_DIRECTORY, .value = "DIR", .about = (text)                  \
    }

#define OPTION_FROM(text)                                                                                                                  \
    {                                                                                                                                      \
        .name = "from", .kind = ARG_LIST, .complete = COMPLETE_FILE, .value = "AUDIT-LOG", .about = (text)                                 \
    }

#define OPTION_OBJECTS(text)                                                                                                               \
    {                                                                                                                                      \
        .name = "objects", .kind = ARG_LIST, .complete = COMPLETE_FILE, .value = "PATH", .about = (text)                                   \
    }
