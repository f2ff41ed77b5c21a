// SPDX-License-Identifier: Apache-2.0
// The words of a story.
#include "report/common/keep.h"
#include "report/common/phrase.h"
#include "report/common/story.h"

#include <inttypes.h>

struct str story_role(enum incident_role role)
{
    static const struct str words[] = {
        [ROLE_INTRUDER] = STR("intruder"),      [ROLE_INTERFACE] = STR("page they came through"),
        [ROLE_STOLEN] = STR("stolen identity"), [ROLE_PLANTED] = STR("identity they made"),
        [ROLE_DOOR] = STR("opened the door"),
    };
    return words[role];
}

struct words {
    struct str name, said;
};

static struct str look_up(const struct words *table, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(table[i].name, name))
            return table[i].said;
    return name;
}

struct str story_verdict(struct str verdict)
{
    static const struct words table[] = {
        {STR("exposed"), STR("the page was open to the outside of the cluster")},
        {STR("compromised_container"), STR("from a compromised container inside the cluster")},
        {STR("legitimate_navigation"), STR("through the session of somebody who may use the page")},
        {STR("stolen_token"), STR("with a stolen token, used directly")},
        {STR("anonymous_access"), STR("without any credential: the API server let anonymous requests in")},
        {STR("stolen_credential"), STR("with a stolen credential")},
        {STR("undecided"), STR("undecided: this log does not settle it")},
    };
    return look_up(table, sizeof table / sizeof *table, verdict);
}

struct str story_hypothesis(struct str name)
{
    static const struct words table[] = {
        {STR("exposed"), STR("page exposed")},
        {STR("compromised_container"), STR("compromised container")},
        {STR("legitimate_navigation"), STR("legitimate navigation")},
        {STR("stolen_token"), STR("stolen token")},
    };
    return look_up(table, sizeof table / sizeof *table, name);
}

struct str story_outcome(enum outcome o)
{
    static const struct str words[] = {[OUTCOME_REFUSED] = STR("refused"),
                                       [OUTCOME_FAILED] = STR("failed"),
                                       [OUTCOME_UNKNOWN] = STR("answer not seen"),
                                       [OUTCOME_DONE] = {NULL, 0}};
    return words[o];
}

struct str story_address(const struct event_actor *a)
{
    return a->n_addresses ? a->addresses[a->n_addresses - 1] : STR_NONE;
}

// "object:secrets/shop/db" -> "secrets", "shop/db"; others have no kind.
struct str story_end_parts(struct str end, struct str *kind)
{
    const struct str object = STR("object:");
    *kind = STR_NONE;
    end = keep_cut(end, STORY_PIECE);
    if (!str_starts(end, object))
        return end;
    end = str_slice(end, object.len, end.len);
    size_t slash = str_find_char(end, '/', 0);
    *kind = str_slice(end, 0, slash);
    return slash == SIZE_MAX ? STR_NONE : str_slice(end, slash + 1, end.len);
}

void story_end_words(struct buf *out, struct str end)
{
    static const struct words kinds[] = {
        {STR("principal:"), STR("")}, {STR("address:"), STR("address ")}, {STR("process:"), STR("process ")}};
    struct str kind, name = story_end_parts(end, &kind);
    if (str_eq(name, STR("*"))) {
        buf_add(out, STR("all "));
        buf_add(out, kind);
        return;
    }
    if (kind.ptr) {
        buf_add(out, kind);
        buf_add(out, name.ptr ? STR(" ") : STR(""));
        buf_add(out, name);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(name, kinds[i].name)) {
            buf_add(out, kinds[i].said);
            name = str_slice(name, kinds[i].name.len, name.len);
            break;
        }
    buf_add(out, name);
}

void story_place(struct buf *out, const struct story *s, const struct evidence *e)
{
    struct str file = e->file;
    for (size_t slash; s->file.ptr && (slash = str_find_char(file, '/', 0)) != SIZE_MAX;)
        file = str_slice(file, slash + 1, file.len);
    buf_add(out, keep_cut(file, STORY_PIECE));
    buf_addf(out, ":%" PRIu64, e->line);
    if (e->item)
        buf_addf(out, "#%" PRIu32, e->item);
}

// The place of e behind another one: its line alone, in the same file.
static void place_after(struct buf *out, const struct story *s, const struct evidence *before, const struct evidence *e)
{
    if (!s->file.ptr && !str_eq(before->file, e->file)) {
        story_place(out, s, e);
        return;
    }
    buf_addf(out, "%" PRIu64, e->line);
    if (e->item)
        buf_addf(out, "#%" PRIu32, e->item);
}

void story_row_places(struct buf *out, const struct story *s, const struct story_row *row)
{
    enum { PLACES = 3 };
    const struct incident_step *first = row->steps, *last = &row->steps[row->n - 1];
    size_t most = row->n > 1 ? 1 : PLACES;
    for (size_t i = 0; i < first->n_evidence && i < most; i++) {
        if (i == 0)
            story_place(out, s, &first->evidence[i]);
        else
            place_after(out, s, &first->evidence[i - 1], &first->evidence[i]);
        buf_add(out, i + 1 < first->n_evidence && i + 1 < most ? STR(", ") : STR(""));
    }
    if (row->n == 1 && first->n_evidence > most)
        buf_addf(out, " and %zu more", first->n_evidence - most);
    if (row->n == 1 || !last->n_evidence)
        return;
    buf_add(out, STR("\xe2\x80\x93"));
    place_after(out, s, &first->evidence[0], &last->evidence[last->n_evidence - 1]);
}

// --- rows --------------------------------------------------------------------------------------------------------------------------

// What a step is about, as an item of a list: the kind that was listed, or what stands behind the verb.
static struct str item_of(const struct incident_step *step)
{
    if (step->act == ACT_LOOK && !step->action.name.ptr && step->action.resource.ptr)
        return step->action.resource;
    size_t space = str_find_char(step->text, ' ', 0);
    return space == SIZE_MAX ? step->text : str_slice(step->text, space + 1, step->text.len);
}

static bool is_listing(const struct story_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->steps[i].act != ACT_LOOK || row->steps[i].action.name.ptr || !row->steps[i].action.resource.ptr)
            return false;
    return true;
}

// Different strings in order of appearance, and how many there are beyond them.
struct bag {
    struct str items[64];
    size_t n;
    uint64_t more; // that there was no room for, each counted
};

static void bag_add(struct bag *b, struct str s)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->items[i], s))
            return;
    if (b->n == sizeof b->items / sizeof *b->items)
        b->more++;
    else
        b->items[b->n++] = s;
}

// "Secret a/b", "Secret c/d": the kind is said once.
static size_t common_kind(const struct bag *b)
{
    size_t space = b->n > 1 ? str_find_char(b->items[0], ' ', 0) : SIZE_MAX;
    if (space == SIZE_MAX || b->items[0].ptr[0] < 'A' || b->items[0].ptr[0] > 'Z')
        return 0;
    for (size_t i = 1; i < b->n; i++)
        if (!str_starts(b->items[i], str_slice(b->items[0], 0, space + 1)))
            return 0;
    return space + 1;
}

static void write_bag(struct buf *out, const struct bag *b)
{
    enum { ITEM = 80 };
    size_t kind = common_kind(b);
    for (size_t i = 0; i < b->n && i < STORY_ITEMS; i++) {
        buf_add(out, i ? STR(", ") : STR(""));
        struct str item = str_slice(b->items[i], i ? kind : 0, b->items[i].len);
        struct str cut = keep_cut(item, b->n == 1 ? STORY_PIECE : ITEM);
        buf_add(out, cut);
        buf_add(out, cut.len < item.len ? STR("\xe2\x80\xa6") : STR(""));
    }
    if (b->n > STORY_ITEMS) {
        buf_add(out, STR(" and "));
        phrase_number(out, b->n - STORY_ITEMS + b->more);
        buf_add(out, STR(" more"));
    }
}

static void write_fold(struct buf *out, const struct story_row *row)
{
    struct bag things = {.n = 0}, places = {.n = 0};
    bool listing = is_listing(row);
    for (size_t i = 0; i < row->n; i++) {
        bag_add(&things, item_of(&row->steps[i]));
        if (listing)
            bag_add(&places, row->steps[i].action.namespace.ptr ? row->steps[i].action.namespace : STR("the whole cluster"));
    }
    struct str text = row->steps[0].text;
    phrase_number(out, row->count);
    buf_add(out, STR(" \xc3\x97 ")); // multiplication sign
    if (row->steps[0].act == ACT_ASK_RIGHTS) {
        buf_add(out, STR("asked what it may do"));
        return;
    }
    buf_add(out, keep_cut(str_slice(text, 0, str_find_char(text, ' ', 0)), STORY_PIECE));
    buf_add_char(out, ' ');
    write_bag(out, &things);
    if (!listing)
        return;
    buf_add(out, STR(" in "));
    write_bag(out, &places);
    struct str outcome = story_outcome(row->steps[0].outcome);
    buf_add(out, outcome.ptr ? STR(": ") : STR(""));
    buf_add(out, outcome);
}

void story_row_words(struct buf *out, const struct story_row *row)
{
    struct str text = keep_cut(row->steps[row->n - 1].text, STORY_PIECE);
    if (row->rest) {
        phrase_number(out, row->count);
        buf_add(out, STR(" more made by the cluster itself, the last: "));
        buf_add(out, text);
    } else if (row->n > 1) {
        write_fold(out, row);
    } else {
        if (row->count > 1 && row->steps[0].part == STEP_ACT) {
            phrase_number(out, row->count);
            buf_add(out, STR(" \xc3\x97 "));
        }
        buf_add(out, text);
        buf_add(out, text.len < row->steps[0].text.len ? STR("\xe2\x80\xa6") : STR(""));
    }
}
