// SPDX-License-Identifier: Apache-2.0
// The types of indicators: what one of each says about who it was.
#include "incident/campaign_private.h"

// Weights stand against CAMPAIGN_JOIN. In the order in which an incident's indicators are worth keeping.
const struct kind_facts kind_facts[INDICATOR_KINDS] = {
    [KIND_WALLET] = {{"wallet", 6}, FAMILY_MONEY, 1200, 1200}, // whoever is paid is behind it
    [KIND_POOL] = {{"pool", 4}, FAMILY_MONEY, 600, 900},
    [KIND_DIGEST] = {{"image_digest", 12}, FAMILY_MATTER, 900, 950},
    [KIND_SCRIPT] = {{"script", 6}, FAMILY_MATTER, 700, 900},
    [KIND_SPEC] = {{"spec", 4}, FAMILY_MATTER, 700, 900},
    [KIND_IMAGE] = {{"image", 5}, FAMILY_MATTER, 600, 800},
    [KIND_ADDRESS] = {{"address", 7}, FAMILY_HAND, 500, 800},
    [KIND_CERTIFICATE] = {{"certificate", 11}, FAMILY_HAND, 400, 600},
    [KIND_NAME] = {{"name", 4}, FAMILY_HAND, 200, 600}, // free to choose, and chosen to look like others
    [KIND_AGENT] = {{"agent", 5}, FAMILY_HAND, 100, 100},
};

int sign_compare(const struct sign *a, const struct sign *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return str_cmp(a->value, b->value);
}
