// SPDX-License-Identifier: Apache-2.0
// Whether a rule allows a request, as pkg/apis/rbac/v1/evaluation_helpers.go of Kubernetes decides it.
#include "posture/access.h"

static bool has(struct access_words words, struct str wanted)
{
    for (size_t i = 0; i < words.n; i++) {
        if (str_eq(words.items[i], wanted))
            return true;
    }
    return false;
}

static bool has_or_star(struct access_words words, struct str wanted)
{
    for (size_t i = 0; i < words.n; i++) {
        const struct str word = words.items[i];
        if ((word.len == 1 && word.ptr[0] == '*') || str_eq(word, wanted))
            return true;
    }
    return false;
}

// "*", "pods", "pods/exec", and "*/scale", which is every resource's subresource of that name.
static bool resource_matches(struct access_words resources, const struct access_action *action)
{
    const struct str resource = action->resource, sub = action->subresource;
    for (size_t i = 0; i < resources.n; i++) {
        const struct str word = resources.items[i];
        if (str_eq(word, STR("*")))
            return true;
        if (!sub.len) {
            if (str_eq(word, resource))
                return true;
            continue;
        }
        if (word.len == resource.len + 1 + sub.len && word.ptr[resource.len] == '/' && str_starts(word, resource) && str_ends(word, sub))
            return true;
        if (word.len == sub.len + 2 && str_starts(word, STR("*/")) && str_ends(word, sub))
            return true;
    }
    return false;
}

// "/healthz", "/healthz/*", "*".
static bool path_matches(struct access_words urls, struct str path)
{
    for (size_t i = 0; i < urls.n; i++) {
        struct str url = urls.items[i];
        if (str_eq(url, STR("*")) || str_eq(url, path))
            return true;
        if (!str_ends(url, STR("*")))
            continue;
        while (url.len && url.ptr[url.len - 1] == '*')
            url.len--;
        if (str_starts(path, url))
            return true;
    }
    return false;
}

bool access_rule_allows(const struct access_rule *rule, const struct access_action *action)
{
    if (!has_or_star(rule->verbs, action->verb))
        return false;
    if (!action->resource.ptr)
        return path_matches(rule->urls, action->path);
    return has_or_star(rule->groups, action->group) && resource_matches(rule->resources, action) &&
           (rule->names.n == 0 || has(rule->names, action->name));
}

bool access_rule_is_everything(const struct access_rule *rule)
{
    return has(rule->verbs, STR("*")) && has(rule->groups, STR("*")) && has(rule->resources, STR("*")) && rule->names.n == 0;
}
