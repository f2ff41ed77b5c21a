// SPDX-License-Identifier: Apache-2.0
// When an identity that belongs here was in an intruder's hands.
#pragma once

#include "incident/model.h"

// Marks what an actor with seeds did while it was in other hands. Its facts are sorted by time.
//
//   routine ... routine   pause   look look look SEED act SEED act   pause   routine
//                                 ^from                      ^to
//
// From the first seed backwards and from the last one forwards, the window takes in what follows closely and what this identity did
// not do before. It ends where work begins that is routine (done at least twice before the first seed) and lies closer to other work
// than to the window; backwards also at a pause that is long for this intruder with nothing notable behind it. All measures are the log's
// own, but for SESSION_PAUSE_MAX. Where the clock of a file went back, what follows closely in the order of the file does so as well.
void session_mark(struct inquiry *q, struct actor *actor);

#define SESSION_PAUSE_MAX (30 * 60 * NS_PER_SECOND)
