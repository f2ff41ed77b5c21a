// SPDX-License-Identifier: Apache-2.0
// A layer for ATT&CK Navigator: "Layer File Format" 4.5,
// github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
#include "base/status.h"
#include "base/time.h"
#include "base/vec.h"
#include "codec/json/json.h"
#include "export/attack.h"
#include "export/export.h"

#include <stdlib.h>

enum {
    COMMENTS_MAX = 16,      // steps told of a technique; the others are counted
    COMMENT_TEXT_MAX = 300, // bytes of a step's text
};

struct cell {
    struct str id, tactic; // tactic ptr NULL: under all of its tactics
    int score;             // worst level of the rules that fired on its steps, from 1
    struct str comments[COMMENTS_MAX];
    uint64_t steps;
};

struct layer {
    struct arena arena;
    const struct techniques *techniques;
    VEC(struct cell) cells; // few: at most techniques times tactics
    uint64_t incidents;
};

struct layer *layer_new(const struct techniques *techniques)
{
    struct layer *l = must_alloc(calloc(1, sizeof *l));
    arena_init(&l->arena, ARENA_UNLIMITED);
    l->techniques = techniques;
    return l;
}

void layer_free(struct layer *l)
{
    if (!l)
        return;
    vec_fini(&l->cells);
    arena_fini(&l->arena);
    free(l);
}

// --- incidents in ----------------------------------------------------------------------------------------------------------------

static struct cell *cell_of(struct layer *l, const struct attack *attack)
{
    for (size_t i = 0; i < l->cells.n; i++)
        if (str_eq(l->cells.items[i].id, attack->id) && str_eq(l->cells.items[i].tactic, attack->tactic))
            return &l->cells.items[i];
    struct cell *cell = vec_push(&l->cells);
    *cell = (struct cell){.id = attack->id, .tactic = attack->tactic};
    return cell;
}

static int score_of(const struct incident_step *step)
{
    int score = 1;
    for (size_t i = 0; i < step->n_rules; i++)
        if ((int)step->rules[i]->level + 1 > score)
            score = (int)step->rules[i]->level + 1;
    return score;
}

static struct str comment_of(struct layer *l, const struct incident *incident, const struct incident_step *step)
{
    struct buf b;
    buf_init(&b, SIZE_MAX);
    if (step->time != TIME_NONE) {
        time_write(&b, step->time);
        buf_add_char(&b, ' ');
    }
    buf_addf(&b, "%.*s: ", STR_ARG(incident->id));
    buf_add(&b, str_slice(step->text, 0, COMMENT_TEXT_MAX));
    if (step->text.len > COMMENT_TEXT_MAX)
        buf_add(&b, STR("…"));
    if (step->count > 1)
        buf_addf(&b, " (%llu times)", (unsigned long long)step->count);
    struct str s = arena_str(&l->arena, buf_str(&b));
    buf_fini(&b);
    return s;
}

static void add_step(struct layer *l, const struct incident *incident, const struct incident_step *step)
{
    struct attack attacks[ATTACK_MAX];
    size_t n = attack_of(l->techniques, step, attacks);
    for (size_t i = 0; i < n; i++) {
        if (attacks[i].microsoft)
            continue; // the Navigator does not know it
        struct cell *cell = cell_of(l, &attacks[i]);
        if (score_of(step) > cell->score)
            cell->score = score_of(step);
        if (cell->steps < COMMENTS_MAX)
            cell->comments[cell->steps] = comment_of(l, incident, step);
        cell->steps++;
    }
}

void layer_incident(struct layer *l, const struct incident *incident)
{
    l->incidents++;
    for (size_t i = 0; i < incident->n_timeline; i++)
        add_step(l, incident, &incident->timeline[i]);
}

// --- a layer out -----------------------------------------------------------------------------------------------------------------

// White for nothing, the colours of warnings up to red: a score is a level from 1 (informational) to 5 (critical).
static const struct {
    struct str colour, label;
} legend[] = {
    {{"#ffffff", 7}, {"informational, or found by looking back", 39}},
    {{"#ffe9a8", 7}, {"low", 3}},
    {{"#ffc65c", 7}, {"medium", 6}},
    {{"#f78b3c", 7}, {"high", 4}},
    {{"#d7301f", 7}, {"critical", 8}},
};
enum { LEGEND = sizeof legend / sizeof *legend };

static void write_comment(struct json_writer *w, const struct cell *cell)
{
    struct buf b;
    buf_init(&b, SIZE_MAX);
    for (size_t i = 0; i < cell->steps && i < COMMENTS_MAX; i++) {
        if (i)
            buf_add_char(&b, '\n');
        buf_add(&b, cell->comments[i]);
    }
    if (cell->steps > COMMENTS_MAX)
        buf_addf(&b, "\nand %llu more steps", (unsigned long long)(cell->steps - COMMENTS_MAX));
    json_key_string(w, STR("comment"), buf_str(&b));
    buf_fini(&b);
}

static int in_order(const void *a, const void *b)
{
    const struct cell *const *x = a, *const *y = b;
    int order = str_cmp((*x)->id, (*y)->id);
    return order ? order : str_cmp((*x)->tactic, (*y)->tactic);
}

static void write_cells(const struct layer *l, struct json_writer *w)
{
    size_t n = l->cells.n;
    const struct cell **sorted = must_alloc(calloc(n + 1, sizeof *sorted));
    for (size_t i = 0; i < n; i++)
        sorted[i] = &l->cells.items[i];
    qsort(sorted, n, sizeof *sorted, in_order);
    json_key(w, STR("techniques"));
    json_open_array(w);
    for (size_t i = 0; i < n; i++) {
        json_open_object(w);
        json_key_string(w, STR("techniqueID"), sorted[i]->id);
        if (sorted[i]->tactic.ptr)
            json_key_string(w, STR("tactic"), sorted[i]->tactic);
        json_key_number(w, STR("score"), sorted[i]->score);
        write_comment(w, sorted[i]);
        json_key(w, STR("enabled"));
        json_bool(w, true);
        json_close_object(w);
    }
    json_close_array(w);
    free(sorted);
}

static void write_colours(struct json_writer *w)
{
    json_key(w, STR("gradient"));
    json_open_object(w);
    json_key(w, STR("colors"));
    json_open_array(w);
    for (size_t i = 0; i < LEGEND; i++)
        json_string(w, legend[i].colour);
    json_close_array(w);
    json_key_number(w, STR("minValue"), 1);
    json_key_number(w, STR("maxValue"), LEGEND);
    json_close_object(w);
    json_key(w, STR("legendItems"));
    json_open_array(w);
    for (size_t i = 0; i < LEGEND; i++) {
        json_open_object(w);
        json_key_string(w, STR("label"), legend[i].label);
        json_key_string(w, STR("color"), legend[i].colour);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_versions(struct json_writer *w)
{
    json_key(w, STR("versions"));
    json_open_object(w);
    json_key_string(w, STR("attack"), STR("18"));       // that of rules/techniques.yml
    json_key_string(w, STR("navigator"), STR("4.9.0")); // the first that reads this format
    json_key_string(w, STR("layer"), STR("4.5"));
    json_close_object(w);
}

// Sub-techniques are folded away unless told otherwise.
static void write_layout(struct json_writer *w)
{
    json_key(w, STR("layout"));
    json_open_object(w);
    json_key_string(w, STR("layout"), STR("side"));
    json_key(w, STR("showID"));
    json_bool(w, true);
    json_key(w, STR("showName"));
    json_bool(w, true);
    json_key_string(w, STR("expandedSubtechniques"), STR("annotated"));
    json_close_object(w);
}

void layer_write(const struct layer *l, struct buf *out)
{
    struct json_writer w = json_writer_to(out);
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_addf(&text, "techniques seen in %llu incident%s", (unsigned long long)l->incidents, l->incidents == 1 ? "" : "s");
    json_open_object(&w);
    json_key_string(&w, STR("name"), STR("davy: incidents"));
    write_versions(&w);
    json_key_string(&w, STR("domain"), STR("enterprise-attack"));
    json_key_string(&w, STR("description"), buf_str(&text));
    json_key_number(&w, STR("sorting"), 3); // descending by score
    write_layout(&w);
    write_cells(l, &w);
    write_colours(&w);
    json_close_object(&w);
    buf_add_char(out, '\n');
    buf_fini(&text);
}
