// SPDX-License-Identifier: Apache-2.0
#include "incident/hands.h"

#include "incident/session.h"

enum {
    TOOLS_MAX = 32, // of a principal; what comes later is one
    OWN_LEAST = 2,  // requests with other tools make these its own
};

// A program has its name, whatever its version; of a person's tools the very build is told apart.
static struct str hand_of(const struct fact *f)
{
    return f->actor->kind == ACTOR_PERSON ? f->agent : f->tool;
}

static struct tool *tool_find(struct circle *person, struct str hand)
{
    for (size_t i = 0; i < person->tools.n; i++)
        if (same(person->tools.items[i].hand, hand) || i + 1 == TOOLS_MAX)
            return &person->tools.items[i];
    return NULL;
}

void hands_settle(struct inquiry *q)
{
    for (size_t i = 0; i < q->facts.n; i++) {
        const struct fact *f = q->facts.items[i];
        struct circle *person = f->actor->person;
        struct tool *tool = tool_find(person, hand_of(f));
        if (!tool) {
            tool = vec_push(&person->tools);
            *tool = (struct tool){.hand = hand_of(f), .first = f->time, .before = person->uses};
        }
        tool->last = f->time;
        person->uses++;
    }
}

bool hand_is_foreign(const struct fact *f)
{
    const struct tool *tool = f->actor->kind == ACTOR_NOBODY ? NULL : tool_find(f->actor->person, hand_of(f));
    return tool && tool->hand.ptr && tool->before >= OWN_LEAST;
}

// While the intruder was there, and whatever he used besides.
struct presence_of {
    int64_t from, to;
};

static bool find_seeds(const struct actor *actor, struct presence_of *p)
{
    bool found = false;
    for (size_t i = 0; i < actor->facts.n; i++) {
        const struct fact *f = actor->facts.items[i];
        if (!f->seed || !hand_is_foreign(f))
            continue;
        const struct tool *tool = tool_find(actor->person, hand_of(f));
        p->from = found && p->from < tool->first ? p->from : tool->first;
        p->to = found && p->to > tool->last ? p->to : tool->last;
        found = true;
    }
    return found;
}

bool hands_part(const struct actor *actor, fact_list *foreign, fact_list *own)
{
    struct presence_of p = {TIME_NONE, TIME_NONE};
    if (!find_seeds(actor, &p))
        return false;
    for (size_t i = 0; i < actor->facts.n; i++) {
        struct fact *f = actor->facts.items[i];
        const struct tool *tool = tool_find(actor->person, hand_of(f));
        bool near = hand_is_foreign(f) && time_between(tool->first, p.to) > -SESSION_PAUSE_MAX &&
                    time_between(p.from, tool->first) > -SESSION_PAUSE_MAX;
        *vec_push(near ? foreign : own) = f;
    }
    return true;
}
