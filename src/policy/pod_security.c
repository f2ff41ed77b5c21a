// SPDX-License-Identifier: Apache-2.0
// The checks of Pod Security as CEL: the same clauses that src/pod/pss.c judges by.
#include "policy/expr.h"

#include "pod/pss_table.h"

// A clause and the revision that it is of.
struct clause {
    const struct pss_clause *c;
    const struct str *words;
};

// --- values ----------------------------------------------------------------------------------------------------------------------

static bool is_among(const struct str *words, struct str word)
{
    for (; words->ptr; words++) {
        if (str_eq(*words, word))
            return true;
    }
    return false;
}

static struct expr among(struct cel *c, struct str value, const struct str *words)
{
    struct buf list;
    if (!words[1].ptr)
        return expr_text(c, BIND_RELATION, "%.*s == %.*s", STR_ARG(value), STR_ARG(cel_string(c, words[0])));
    buf_init(&list, SIZE_MAX);
    for (size_t i = 0; words[i].ptr; i++) {
        buf_add(&list, i ? STR(", ") : STR(""));
        buf_add(&list, cel_string(c, words[i]));
    }
    const struct expr e = expr_text(c, BIND_RELATION, "%.*s in [%.*s]", STR_ARG(value), STR_ARG(buf_str(&list)));
    buf_fini(&list);
    return e;
}

static struct expr other_than(struct cel *c, struct str value, const struct str *words)
{
    if (!words[1].ptr)
        return expr_text(c, BIND_RELATION, "%.*s != %.*s", STR_ARG(value), STR_ARG(cel_string(c, words[0])));
    return expr_not(c, among(c, value, words));
}

// A member that is not there is "".
static struct expr member_is_good(struct cel *c, struct str value, const struct clause *k)
{
    const struct str member = arena_printf(c->arena, "%.*s.%.*s", STR_ARG(value), STR_ARG(k->c->member));
    const struct expr there = expr_text(c, BIND_MEMBER, "has(%.*s)", STR_ARG(member)), good = among(c, member, k->words);
    const struct expr either[2] = {expr_not(c, there), good}, both[2] = {there, good};
    return is_among(k->words, STR("")) ? expr_or(c, either, 2) : expr_and(c, both, 2);
}

static struct expr other_profile(struct cel *c, struct str value, const struct clause *k)
{
    const struct expr both[2] = {
        other_than(c, value, k->words),
        expr_not(c, expr_text(c, BIND_MEMBER, "%.*s.startsWith('localhost/')", STR_ARG(value))),
    };
    return expr_and(c, both, 2);
}

static struct expr other_kind(struct cel *c, struct str volume, const struct clause *k)
{
    size_t n = 0;
    while (k->words[n].ptr)
        n++;
    struct expr *kinds = arena_array(c->arena, struct expr, n + 1);
    for (size_t i = 0; i < n; i++)
        kinds[i] = expr_text(c, BIND_MEMBER, "has(%.*s.%.*s)", STR_ARG(volume), STR_ARG(k->words[i]));
    return expr_not(c, expr_or(c, kinds, n));
}

// What must not be.
static struct expr is_bad(struct cel *c, struct str value, const struct clause *k)
{
    switch (k->c->test) {
    case PSS_IS_TRUE:
        return expr_text(c, BIND_RELATION, "%.*s == true", STR_ARG(value));
    case PSS_IS_FALSE:
    case PSS_IS_NOT_FALSE: // asked the other way round
        return expr_text(c, BIND_RELATION, "%.*s == false", STR_ARG(value));
    case PSS_IS_ZERO:
        return expr_text(c, BIND_RELATION, "%.*s == 0", STR_ARG(value));
    case PSS_IS_NUMBER:
        return expr_text(c, BIND_RELATION, "%.*s != 0", STR_ARG(value));
    case PSS_IS_PRESENT:
        return expr_constant(true);
    case PSS_IS_OTHER:
        return k->c->member.ptr ? expr_not(c, member_is_good(c, value, k)) : other_than(c, value, k->words);
    case PSS_IS_PROFILE:
        return other_profile(c, value, k);
    case PSS_OTHER_KIND:
        return other_kind(c, value, k);
    case PSS_LACKS: // asked the other way round
        return expr_text(c, BIND_RELATION, "%.*s == %.*s", STR_ARG(value), STR_ARG(cel_string(c, k->words[0])));
    case PSS_IS_UNSET:
        break;
    }
    return expr_constant(true); // it is there
}

static struct expr value_is_bad(struct cel *c, struct str value, struct shape shape, const void *context)
{
    (void)shape;
    return is_bad(c, value, context);
}

// What a value of the pod has to be, so that containers need none of their own.
static struct expr value_is_good(struct cel *c, struct str value, struct shape shape, const void *context)
{
    const struct clause *k = context;
    (void)shape;
    return k->c->member.ptr ? member_is_good(c, value, k) : expr_text(c, BIND_RELATION, "%.*s == true", STR_ARG(value));
}

// --- places ----------------------------------------------------------------------------------------------------------------------

static size_t path_length(const struct pss_clause *c)
{
    size_t n = 0;
    while (n < PSS_PATH && c->path[n].ptr)
        n++;
    return n;
}

struct spot {
    struct str text;
    struct shape shape;
};
static const struct spot the_pod = {STR("variables.pod"), {STR("PodSpec")}};

static struct expr walk(struct cel *c, struct spot from, const struct clause *k, cel_value_fn *value)
{
    const struct asked asked = {.question = ASK_VALUE, .value = value, .context = k};
    return cel_walk(c, from.text, from.shape, STR("object"), k->c->path, path_length(k->c), &asked);
}

static struct expr look_at(struct cel *c, struct spot from, const struct clause *k)
{
    const struct expr found = walk(c, from, k, value_is_bad);
    if (k->c->test == PSS_IS_UNSET) {
        const struct expr both[2] = {expr_not(c, walk(c, the_pod, k, value_is_good)), expr_not(c, found)};
        return expr_and(c, both, 2);
    }
    return k->c->test == PSS_IS_NOT_FALSE || k->c->test == PSS_LACKS ? expr_not(c, found) : found;
}

static struct expr look_at_volumes(struct cel *c, const struct clause *k)
{
    const struct asked asked = {.question = ASK_VALUE, .value = value_is_bad, .context = k};
    struct str keys[PSS_PATH + 1] = {STR("volumes")};
    const size_t n = path_length(k->c);
    for (size_t i = 0; i < n; i++)
        keys[i + 1] = k->c->path[i];
    return cel_walk(c, the_pod.text, the_pod.shape, STR("object"), keys, n + 1, &asked);
}

// The annotation of that key, an expression, if it is there.
static struct expr look_at_annotation(struct cel *c, struct str key, const struct clause *k)
{
    const struct str value = arena_printf(c->arena, "variables.annotations[%.*s]", STR_ARG(key));
    const struct expr both[2] = {expr_text(c, BIND_RELATION, "%.*s in variables.annotations", STR_ARG(key)), is_bad(c, value, k)};
    return expr_and(c, both, 2);
}

static struct expr look_at_annotations(struct cel *c, const struct clause *k)
{
    const struct str prefix = cel_string(c, k->c->path[0]);
    const struct expr both[2] = {expr_text(c, BIND_MEMBER, "key.startsWith(%.*s)", STR_ARG(prefix)),
                                 is_bad(c, STR("variables.annotations[key]"), k)};
    return cel_exists(c, STR("variables.annotations"), STR("key"), expr_and(c, both, 2));
}

// --- a check ---------------------------------------------------------------------------------------------------------------------

static struct expr of_pod(struct cel *c, const struct clause *k)
{
    switch (k->c->subject) {
    case PSS_POD:
    case PSS_BOTH:
        return look_at(c, the_pod, k);
    case PSS_VOLUMES:
        return look_at_volumes(c, k);
    case PSS_ANNOTATION:
        return look_at_annotation(c, cel_string(c, k->c->path[0]), k);
    case PSS_ANNOTATIONS:
        return look_at_annotations(c, k);
    default:
        return expr_constant(false);
    }
}

static struct expr of_container(struct cel *c, struct str container, const struct clause *k)
{
    const struct str prefix = cel_string(c, k->c->path[0]);
    switch (k->c->subject) {
    case PSS_CONTAINERS:
    case PSS_BOTH:
        return look_at(c, (struct spot){container, {STR("Container")}}, k);
    case PSS_CONTAINER_ANNOTATION:
        return look_at_annotation(c, arena_printf(c->arena, "(%.*s + %.*s.name)", STR_ARG(prefix), STR_ARG(container)), k);
    default:
        return expr_constant(false);
    }
}

static void note_needs(struct cel_rule *out, enum pss_subject subject)
{
    out->annotations = out->annotations || subject == PSS_ANNOTATION || subject == PSS_ANNOTATIONS || subject == PSS_CONTAINER_ANNOTATION;
    out->pod = out->pod || (subject != PSS_ANNOTATION && subject != PSS_ANNOTATIONS);
    out->containers = out->containers || subject == PSS_CONTAINERS || subject == PSS_BOTH || subject == PSS_CONTAINER_ANNOTATION;
}

static struct expr spared(struct cel *c, enum pss_spares spares)
{
    switch (spares) {
    case PSS_SPARES_WINDOWS:
        return expr_text(c, BIND_AND, "has(variables.pod.os) && has(variables.pod.os.name) && variables.pod.os.name == 'windows'");
    case PSS_SPARES_USER_NAMESPACES:
        return expr_text(c, BIND_AND, "has(variables.pod.hostUsers) && variables.pod.hostUsers == false");
    case PSS_SPARES_NOBODY:
        break;
    }
    return expr_constant(false);
}

static struct expr any_clause(struct cel *c, const struct pss_revision *r)
{
    struct expr *pod = arena_array(c->arena, struct expr, r->n + 1), *containers = arena_array(c->arena, struct expr, r->n + 1);
    const struct str list = STR("variables.containers"), container = cel_name(c, STR("containers"));
    for (size_t i = 0; i < r->n; i++) {
        const struct clause k = {&r->clauses[i], r->clauses[i].words ? r->clauses[i].words : r->allowed};
        note_needs(c->out, k.c->subject);
        pod[i] = of_pod(c, &k);
        containers[i] = of_container(c, container, &k);
    }
    pod[r->n] = cel_exists(c, list, container, expr_or(c, containers, r->n));
    cel_name_done(c);
    return expr_or(c, pod, r->n + 1);
}

void cel_pod_security(struct cel_rule *out, struct arena *a, const struct pss_revision *r, const struct policy_kind *kind)
{
    struct cel c = {.arena = a, .kind = kind, .out = out};
    *out = (struct cel_rule){.minor = 28};
    const struct expr both[2] = {expr_not(&c, spared(&c, r->spares)), any_clause(&c, r)};
    const struct expr e = expr_and(&c, both, 2);
    out->pod = out->pod || r->spares != PSS_SPARES_NOBODY;
    out->condition = e.text;
    out->outcome = e.is == EXPR_IS_TEXT ? CEL_SOME : e.is == EXPR_IS_TRUE ? CEL_ALWAYS : CEL_NEVER;
}
