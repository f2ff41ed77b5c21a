// SPDX-License-Identifier: Apache-2.0
// An intruder's address leads to the other identities he uses there, unless others share the address: a proxy, a NAT, a node.
#include "incident/taint.h"

#include "base/status.h"

enum { STRANGERS_MAX = 3 }; // more identities than this at one address, and it is a crowd's

struct company {
    int64_t since;    // when the intruder was first there
    size_t before;    // identities of others that were there before, or that are at home there
    size_t newcomers; // that came after
};

static struct company company_at(const struct actor *intruder)
{
    struct company c = {.since = intruder->from};
    for (size_t i = 0; i < intruder->place->actors.n; i++) {
        const struct actor *other = intruder->place->actors.items[i];
        if (other->kind == ACTOR_NOBODY || other->tainted)
            continue;
        bool at_home = other->kind == ACTOR_COMPONENT && actor_home(other) == other;
        c.before += other->first < c.since || at_home;
        c.newcomers += other->first >= c.since && !at_home;
    }
    return c;
}

static bool is_notable(const struct actor *actor)
{
    for (size_t i = 0; i < actor->facts.n; i++)
        if (actor->facts.items[i]->n_rules && actor->facts.items[i]->rules[0]->level >= LEVEL_LOW)
            return true;
    return false;
}

// A newcomer at the intruder's address is the intruder when he did something notable, or is at home elsewhere.
static bool is_same_hand(const struct actor *intruder, const struct actor *other)
{
    if (other == intruder || other->tainted)
        return false;
    if (other->kind == ACTOR_NOBODY)
        return true;
    return other->first >= intruder->from && (actor_home(other) != other || (other->kind != ACTOR_COMPONENT && is_notable(other)));
}

static bool pivot_address(struct inquiry *q, struct actor *intruder)
{
    struct company company = company_at(intruder);
    bool news = false;
    if (company.before || company.newcomers > STRANGERS_MAX || !is_complete(q, intruder->address))
        return false;
    for (size_t i = 0; i < intruder->place->actors.n; i++) {
        struct actor *other = intruder->place->actors.items[i];
        if (!is_same_hand(intruder, other))
            continue;
        if (other->kind != ACTOR_NOBODY) {
            follow_identity(q, other->principal);
            if (!is_complete(q, other->principal))
                continue;
        }
        other->stolen = other->kind != ACTOR_NOBODY;
        news |= taint_actor(q, other, TAINT_WHOLE, INFERRED);
        news |= taint_pivot(q, address_text(&q->round, intruder->address), actor_text(&q->round, other), "same-address", INFERRED,
                            other->facts.n ? other->facts.items[0] : NULL, intruder->node, other->node);
    }
    return news;
}

// By the later one, whose identity the earlier must have got hold of.
static bool tell_join(struct inquiry *q, struct actor *a, struct actor *b)
{
    struct actor *first = b->from < a->from ? b : a, *later = first == a ? b : a;
    if (same(first->principal, later->principal) || later->kind == ACTOR_NOBODY)
        return joint_join(q, first->node, later->node);
    return taint_pivot(q, address_text(&q->round, first->address), actor_text(&q->round, later), "same-address", INFERRED,
                       later->facts.n ? later->facts.items[0] : NULL, first->node, later->node);
}

// Two tainted identities at one address, which is nobody else's, are one hand.
static bool join_tainted(struct inquiry *q, struct actor *intruder)
{
    bool news = false;
    struct company company = company_at(intruder);
    for (size_t i = 0; i < intruder->place->actors.n && !company.before; i++) {
        struct actor *other = intruder->place->actors.items[i];
        if (other->tainted && other != intruder && other->from != TIME_NONE && joint_root(q, other->node) != joint_root(q, intruder->node))
            news |= tell_join(q, intruder, other);
    }
    return news;
}

bool taint_addresses(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; i < q->actors.n; i++) {
        struct actor *actor = q->actors.items[i];
        if (!actor->tainted || (actor->kind == ACTOR_COMPONENT && !actor->whole) || !actor->address.ptr || actor->from == TIME_NONE)
            continue;
        if (actor->whole)
            news |= pivot_address(q, actor);
        news |= join_tainted(q, actor);
    }
    return news;
}
