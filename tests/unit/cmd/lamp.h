// SPDX-License-Identifier: Apache-2.0
// A small program's tables, for the tests of what is made from them.
#pragma once

#include "cmd/command.h"

enum { LAMP_COLOUR, LAMP_WICK, LAMP_SHAFT, LAMP_OIL, LAMP_BURN, LAMP_BRIGHT, LAMP_QUIET };

static const char *const lamp_colours[] = {"amber", "blue", NULL};

static const struct arg_spec lamp_options[] = {
    [LAMP_COLOUR] = {.name = "colour",
                     .letter = 'c',
                     .kind = ARG_ENUM,
                     .value = "C",
                     .about = "the light",
                     .choices = lamp_colours,
                     .initial = "amber"},
    [LAMP_WICK] = {.name = "wick", .letter = 'w', .kind = ARG_STRING, .value = "FILE", .about = "what burns", .complete = COMPLETE_FILE},
    [LAMP_SHAFT] = {.name = "shaft", .kind = ARG_LIST, .value = "NAME", .about = "where to look"},
    [LAMP_OIL] = {.name = "oil", .kind = ARG_SIZE, .value = "SIZE", .about = "how much", .min = 512, .max = 1u << 30, .initial = "64K"},
    [LAMP_BURN] = {.name = "burn", .kind = ARG_DURATION, .value = "SPAN", .about = "how long", .max = 7200},
    [LAMP_BRIGHT] = {.name = "bright", .letter = 'b', .kind = ARG_FLAG, .about = "more light"},
    [LAMP_QUIET] = {.name = "quiet", .letter = 'q', .kind = ARG_NUMBER, .value = "N", .about = "less noise", .max = 9},
};

static int lamp_run(const struct args *args)
{
    (void)args;
    return 0;
}

static const struct example lamp_examples[] = {{"lamp light shaft-1", "light one shaft"}};

static const struct command lamp_light = {
    .name = "light",
    .about = "light a shaft",
    .details = "Firedamp burns blue.\n\n.A line that starts with a dot, and a back\\slash.",
    .options = lamp_options,
    .n_options = COUNT(lamp_options),
    .operand = {.name = "SHAFT", .about = "which shafts", .complete = COMPLETE_DIRECTORY, .min = 1, .max = 2},
    .examples = lamp_examples,
    .n_examples = COUNT(lamp_examples),
    .run = lamp_run,
};
static const struct command lamp_snuff = {.name = "snuff", .about = "put it out", .run = lamp_run};
static const struct command lamp_secret = {.name = "secret", .about = "not told", .run = lamp_run, .hidden = true};
static const struct command *const lamp_care_children[] = {&lamp_snuff, NULL};
static const struct command lamp_care = {.name = "care", .about = "look after it", .children = lamp_care_children};
static const struct command *const lamp_children[] = {&lamp_light, &lamp_care, &lamp_secret, NULL};
static const struct command lamp = {.name = "lamp", .about = "a lamp", .details = "It warns.", .children = lamp_children};
