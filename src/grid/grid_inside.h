/* What the files of the grid room share. */
#ifndef GRID_INSIDE_H
#define GRID_INSIDE_H

#include "grid/grid.h"

enum {
    GRID_TEXT_MAX = 200,      /* characters of a search or filter */
    GRID_WORDS_MAX = 6,       /* words of it that are looked at */
    GRID_CURSOR_MAX = 900,    /* bytes of a cursor */
    GRID_PAIRS_MAX = 120,     /* fields of the address */
    GRID_COUNT_MAX = 1000,    /* counted up to here */
    GRID_BLOCKS_COUNTED = 16, /* blocks that the count looks into */
    GRID_SIZE = 20,           /* rows a page at first */
    GRID_EXPORT_ROWS = 250,
    GRID_VALUES_MAX = 240, /* bound values of a query; more than any state can ask for */
};

/* ---- the state that stands in the address ---- */

/* A filter as the reader wrote it and as it is applied. */
struct grid_cond {
    str value, from, to; /* as written; STR_NULL: not given */
    bool on;             /* understood: applied */
    bool wrong;          /* not understood: said, not applied */
    i64 number;
    bool has_low, has_high;
    i64 low, high; /* low ≤ x < high */
};

/* A place between rows: the sort value and the id of the row beside it. */
struct grid_cursor {
    bool null, text;
    i64 i;
    str s;
    i64 id;
};

enum grid_way { GRID_FIRST, GRID_AFTER, GRID_BEFORE };

struct grid_state {
    str q;
    bool q_wrong;
    struct grid_cond conds[GRID_COLUMNS];
    u64 shown;    /* bit c: column c */
    u64 standard; /* what is shown when nothing was said */
    size_t sort;
    bool descending;
    int size;
    enum grid_way way;
    struct grid_cursor cursor;
    bool cursor_wrong;
    bool broken; /* wrongly encoded, or far too many fields */
    bool all;    /* every box of the page is ticked */
    bool jsonl;  /* exports only */
};

/* What the columns are for this reader: which are not there, and the choices of those that have some,
 * translated. */
struct grid_lists {
    u64 withheld; /* bit c: column c is not there */
    struct html_option *options[GRID_COLUMNS];
    size_t n[GRID_COLUMNS];
};

/* Asks for all of it, into `a`. */
enum err grid_lists_load(struct page *p, struct arena *a, const struct grid_def *g,
                         struct grid_lists *ret) MUST_CHECK;
/* The label of a value; the value itself when no choice has it. */
str grid_label(const struct grid_lists *l, size_t col, str value);
const char *grid_tone(const struct grid_col *c, str value);

/* Reads the address. Never fails: what is wrong is marked in the state. All text is in `a`. */
void grid_state_read(struct arena *a, const struct grid_def *g, const struct grid_lists *lists,
                     const struct i18n_format *format, str query, struct grid_state *ret);
/* Is anything in it wrong? */
bool grid_state_wrong(const struct grid_def *g, const struct grid_state *s);
/* The address of this state: path and query, without what is as it is at first. */
str grid_state_address(struct arena *a, const struct grid_def *g, str path, const struct grid_state *s);
/* The columns that are shown when nothing was said. */
u64 grid_default_shown(const struct grid_def *g);
size_t grid_col_find(const struct grid_def *g, str key); /* cols_n when there is none */

/* A cursor as text for the address, and back; false when it is none of this kind. */
str grid_cursor_write(struct arena *a, const struct grid_cursor *c);
bool grid_cursor_read(struct arena *a, str text, bool is_text, struct grid_cursor *ret);

/* Are the values of this kind texts in SQL? */
bool grid_kind_is_text(enum grid_kind k);

/* ---- queries ---- */

struct grid_query {
    str sql;
    struct db_value *in;
    size_t n;
};

/* A word that is asked for: what begins like it, in one part of the search text or in any. */
enum { GRID_ANY_PART = -1 };
struct grid_asked {
    str word;
    int part;
    bool or_id; /* the search is a number, and the row of that id is meant as well */
    i64 n;      /* rows of the table of words, counted up to a limit */
};

enum { GRID_ASKED_MAX = (GRID_COLUMNS + 1) * GRID_WORDS_MAX };

/* Ids from low to below high. */
struct grid_window {
    i64 low, high;
};

/* How the rows of a page are come by, where it matters too much to be left to guesses about how many rows fit
 * and where in the order they stand. */
enum grid_road {
    GRID_ANY_ROAD, /* as the database thinks best */
    GRID_WALKED,   /* along the order, looking at every row: a page of them is found soon */
    GRID_FETCHED,  /* all that an index gives for a filter; then they are sorted */
};

/* A part of the rows from the state's place on. They are read part by part, each by an index: PostgreSQL's
 * has the absent values at the other end than we show them, and SQLite does not find an id among equal values
 * when value and id are compared together. */
enum grid_part {
    GRID_WHOLE,
    GRID_ABSENT,  /* without a value; from the place on, when it is there */
    GRID_PRESENT, /* with a value */
    GRID_SAME,    /* with the place's value, behind its id */
    GRID_BEYOND,  /* with the values behind the place's */
};
enum { GRID_PARTS = 3 };
/* The parts in reading order, which goes up or down. GRID_PARTS at most. */
size_t grid_parts(const struct grid_def *g, const struct grid_state *s, enum grid_road road,
                  enum grid_part ret[GRID_PARTS]);
bool grid_goes_up(const struct grid_state *s);

/* What the values @scope, @now and @param are, and how a search goes about it. */
struct grid_env {
    i64 scope, now_us, param;
    const struct grid_asked *asked;    /* the rarest word first; NULL: none */
    size_t asked_n;                    /* of these the rows are fetched; 0: words are looked for row by row */
    const struct grid_window *windows; /* where rows can be, as they are read; NULL: anywhere */
    size_t windows_n;
    const struct grid_window *window; /* the one that a query is for; NULL: none */
    enum grid_part part;              /* the one that a query is for */
    enum grid_road road;
    i64 sampled; /* > 0: then the count takes as many rows of the rarest word, and there are more */
};

/* The columns to read: those shown, for exports those of the exports too. */
u64 grid_wanted(const struct grid_def *g, const struct grid_lists *lists, const struct grid_state *s,
                bool export);

/* The rows at the state's place, `limit` at most, in the order in which they are read (GRID_BEFORE:
 * backwards). Columns: id, sort value, then for each wanted column its value, its currency where it has
 * one, and, with `links`, its link's id; then with `links` for each action its id, its second id where it
 * has one, and whether. */
struct grid_query grid_query_rows(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                  const struct grid_env *env, u64 wanted, bool links, i64 limit);
/* How many rows there are, counted up to `limit`; with env->sampled at least how many. */
struct grid_query grid_query_count(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                   const struct grid_env *env, i64 limit);
/* How many rows of the table of words begin like this, counted up to `limit`. */
struct grid_query grid_query_word_count(struct arena *a, const struct grid_def *g,
                                        const struct grid_asked *word, i64 limit);
/* How many rows the filter of one column leaves by itself, counted up to `limit`. */
struct grid_query grid_query_filter_count(struct arena *a, const struct grid_def *g,
                                          const struct grid_state *s, size_t col, i64 limit);
/* How many rows there are from the state's place on, in its order, counted up to `limit`: of all, or of those
 * that fit among the first `looked`. */
struct grid_query grid_query_ahead(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                   const struct grid_env *env, i64 limit);
struct grid_query grid_query_trial(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                   const struct grid_env *env, i64 looked, i64 limit);
/* Finds out how a page of `limit` rows is best come by: fills env->asked, windows, road …. Reads a bounded
 * number of rows. */
enum err grid_plan(struct db_r *db, struct arena *a, const struct grid_def *g, const struct grid_state *s,
                   struct grid_env *env, size_t limit) MUST_CHECK;
/* What the state's order is: the sort value of its column. */
grid_sql grid_sort(const struct grid_def *g, const struct grid_state *s);

/* The blocks that hold a word; those that a range of this column can be in; the first that is not in the
 * table of words yet. */
struct grid_query grid_query_blocks(struct arena *a, const struct grid_def *g, const struct grid_asked *word,
                                    i64 limit);
struct grid_query grid_query_block_range(struct arena *a, const struct grid_def *g, const struct grid_col *c,
                                         const struct grid_cond *k, i64 limit);
struct grid_query grid_query_block_end(struct arena *a, const struct grid_def *g);

/* The words that the state asks for: by its search and by filters. `ret` has room for GRID_ASKED_MAX. */
size_t grid_asked_collect(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                          struct grid_asked *ret);
/* The part of grid_plan for grids with blocks: fills env->windows. */
enum err grid_blocks_plan(struct db_r *db, struct arena *a, const struct grid_def *g,
                          const struct grid_state *s, struct grid_env *env) MUST_CHECK;

/* How many blocks the window spans; whether it has rows behind the place of the state. */
i64 grid_window_blocks(const struct grid_def *g, const struct grid_window *w);
bool grid_window_reaches(const struct grid_window *w, const struct grid_state *s);

/* The number that a query gives. */
enum err grid_read_number(struct db_r *db, struct grid_query q, i64 *ret) MUST_CHECK;
/* Up to `limit` rows at the state's place, in the order of grid_query_rows; `rows` has room for them.
 * *ret_looked: in how many blocks they were looked for. */
struct grid_row;
enum err grid_read_rows(struct db_r *db, struct arena *a, const struct grid_def *g,
                        const struct grid_state *s, const struct grid_env *env, u64 wanted, bool links,
                        size_t limit, struct grid_row *rows, size_t *ret_n, i64 *ret_looked) MUST_CHECK;
/* How many rows there are, up to GRID_COUNT_MAX + 1; *ret_open: or more. Looks at a bounded number of rows.
 */
enum err grid_read_count(struct db_r *db, struct arena *a, const struct grid_def *g,
                         const struct grid_state *s, const struct grid_env *env, i64 *ret,
                         bool *ret_open) MUST_CHECK;

struct grid_value {
    bool null;
    i64 i;
    str s; /* of texts; the currency of an amount that has its own */
};

struct grid_row {
    i64 id;
    struct grid_cursor at;
    struct grid_value *cells; /* by column; those not wanted are null */
    opt_i64 *links;           /* by column */
    opt_i64 actions[GRID_ACTIONS], seconds[GRID_ACTIONS];
    bool offered[GRID_ACTIONS];
};

/* Reads the row that the cursor stands on, as grid_query_rows laid it out. */
void grid_row_read(struct db_cursor *k, struct arena *a, const struct grid_def *g, const struct grid_state *s,
                   u64 wanted, bool links, struct grid_row *ret);

/* ---- several rows ---- */

struct tpl_gate_grid;
/* The boxes, *Select all on this page* and the buttons of this reader, once the rows are there. */
void grid_mass_fill(struct page *p, const struct grid_def *g, const struct grid_state *s,
                    struct tpl_gate_grid *v);

/* ---- exports ---- */

/* One CSV cell: quoted where needed, guarded where a spreadsheet would take it for a formula. */
void grid_csv_cell(struct buf *out, str s);

#endif
