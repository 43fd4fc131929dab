/* The one mechanism behind every grid of the Admin. A grid is a constant table (struct grid_def); from it
 * come the page with search, filters, columns, sorting and paging, and the exports. Its whole state stands in
 * the address, so a grid can be bookmarked, sent to a colleague and gone back to.
 *
 * Paging is by key: the page after a row is what sorts behind that row, so page 10,000 costs what page 1
 * costs. There is no OFFSET, and nothing counts further than 1,000.
 *
 * Searching a large table: give it a column `search_fold` with a search text (i18n_search_text: number, name,
 * e-mail …, each a part), write `-- words: TABLE(search_fold)` into the migration, and say
 *
 *     .search = GRID_SQL("o.search_fold"), .words = GRID_SQL("sales_order_word"), .parts = 3,
 *
 * here; a column that shows one of the parts gets `.filter = GRID_WORDS, .part = 1`. The database keeps the
 * words (TABLE_word) by itself. The search then costs about what it finds (grid_plan.c), however large the
 * table is; it finds words by their beginnings, anywhere in the text.
 *
 * SQL: every piece of text is a literal of the table (GRID_SQL takes nothing else); every value is bound. A
 * piece may use
 * @scope (the websites that the reader may see, as in .sql files), @now (microseconds) and @param (see
 * grid_def). */
#ifndef GRID_GRID_H
#define GRID_GRID_H

#include "base/base.h"
#include "gate/gate.h"

/* A constant piece of SQL in the common dialect. */
typedef struct {
    const char *text; /* NULL: none */
} grid_sql;
#define GRID_SQL(lit)                                                                                        \
    { "" lit "" }

/* The condition that a row of website `column` is one of @scope. Not "= 1": PostgreSQL takes an equation for
 * true of hardly any row, and plans accordingly. */
#define GRID_IN_SCOPE(column) "((CAST(@scope AS BIGINT) >> CAST(" column " AS INTEGER)) & 1) <> 0"

enum { GRID_COLUMNS = 32, GRID_ACTIONS = 4, GRID_PAGE_MAX = 200 /* rows */ };

/* What a column holds; says how it is read, shown, sorted and exported. Money, time and date are integers in
 * SQL. */
enum grid_kind {
    GRID_TEXT,
    GRID_INT,
    GRID_MONEY,
    GRID_TIME,       /* microseconds, shown with the time */
    GRID_DATE,       /* microseconds, shown as a day */
    GRID_BOOL,       /* Yes or No */
    GRID_CHOICE,     /* a text that stands for one of the choices */
    GRID_CHOICE_INT, /* an id that stands for one of the choices */
};

/* How a column can be filtered. All but CONTAINS can use an index. */
enum grid_filter {
    GRID_NO_FILTER,
    GRID_WORDS,    /* all words begin words of one part of the search text (`part`); needs `words` */
    GRID_CONTAINS, /* all words, anywhere; `match` must be a folded column (i18n_fold) */
    GRID_PREFIX,   /* begins with; `match` must be a folded column (i18n_casefold) */
    GRID_EXACT,    /* is this text or number */
    GRID_PICK,     /* one of the choices; for BOOL yes or no */
    GRID_RANGE,    /* from and to, both may be left out: INT, MONEY, TIME, DATE */
};

enum grid_show {
    GRID_SHOWN,       /* unless the reader switched it off */
    GRID_HIDDEN,      /* unless the reader switched it on */
    GRID_EXPORTED,    /* unless the reader switched it on; always in exports */
    GRID_EXPORT_ONLY, /* never on the page, always in exports */
};

/* One value of a choice column. */
struct grid_choice {
    str value, label; /* label is a msgid */
    const char *tone; /* "good", "warn", "bad", "info", "muted": shown as a tag; NULL: as plain text */
};

/* An address made of `before`, the id, `after` and, where there is one, the second id. Shown to those who
 * have the right. */
struct grid_link {
    str label;         /* msgid: "Edit", "View", "Login as Customer" */
    str before, after; /* "/admin/customers/", "" */
    grid_sql id;       /* NULL: the row's id; an id that is NULL in SQL gives no link */
    grid_sql second;   /* of actions only; NULL: none */
    grid_sql when;     /* NULL: on every row; else where this gives 1 */
    int right;         /* a resource, or RIGHT_STAFF when everybody who sees the grid may */
    bool dialog;       /* opens in a dialog where script runs */
    bool (*offered)(const struct page *p); /* NULL: always; for what a setting can switch off */
};

/* Something that can be done with several rows. Leads to a page that gets the ids of the ticked rows as `ids`
 * (a list id, as many as a page of the grid has) and the grid's address as `back` (a path); it asks, and an
 * operation does it and leads back. */
struct grid_mass {
    str label; /* msgid: "Cancel" */
    str path;  /* of the page: "/admin/orders/cancel" */
    int right; /* a resource, or RIGHT_STAFF when everybody who sees the grid may */
};

struct grid_col {
    const char *key; /* in the address: letters, digits and _ */
    str label;       /* msgid */
    enum grid_kind kind;
    enum grid_show show;
    grid_sql sql;      /* the value */
    grid_sql currency; /* of MONEY: the row's own, a text like 'EUR'; NULL: the shop's */
    grid_sql sort;     /* NULL: not sortable. Of the same kind as the value; best an indexed column */
    bool sort_may_be_null;
    /* Of a RANGE whose value stands in a joined table and has an index there: this table ("sales_order o").
     * While the filter is on, the column sorts by the value itself, because that index then gives rows and
     * order; unfiltered, `sort` is better, a column of the grid's own table that rises with it. */
    grid_sql joined;
    enum grid_filter filter;
    grid_sql match;   /* what the filter looks at; NULL: `sql` */
    int part;         /* of the search text, for WORDS */
    const char *term; /* in grids with blocks: the key of this value among the terms (i18n_term) */
    grid_sql block_low, block_high;    /* there: what the values of block b lie between, for RANGE */
    const struct grid_choice *choices; /* of CHOICE and, for tones, BOOL; or … */
    size_t choices_n;
    /* For each of `choices` the condition that a row has this value, where values are computed: the database
     * knows how many rows a condition on its own columns leaves, and takes a computed value to be the one
     * that is asked for in hardly any row. NULL: the value is compared. */
    const grid_sql *choices_when;
    /* … asked for: labels are translated already. In the arena. */
    enum err (*options)(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n);
    /* Of CHOICE_INT: a shorter name for the cell, which may be broken between text and rest; its label is
     * then the cell's title. false: there is none. NULL: cells show the label. In the page's arena. */
    bool (*brief)(const struct page *p, i64 value, str *ret_text, str *ret_rest);
    /* Of TEXT: what people read instead of the value, in cells and CSV; NULL: the value. In the arena. */
    str (*reads)(struct arena *a, enum lang lang, str value);
    const struct grid_link *link;          /* the value leads there; NULL: plain */
    bool (*offered)(const struct page *p); /* NULL: always; where it says no, the column is not there */
};

struct grid_def {
    const char *name; /* "customers": names the exported file */
    str title;        /* msgid */
    const char *page; /* the page's name in the tables: marks the menu */
    str path;         /* "/admin/customers" */
    str export_path;  /* STR_NULL: no export */
    grid_sql from;    /* "customer c JOIN …" */
    grid_sql where;   /* what always holds; NULL: nothing */
    grid_sql id;      /* unique, an integer: the row's id and the tiebreaker of every order */
    const struct grid_col *cols;
    size_t cols_n;
    const char *sort; /* key of the column that sorts at first */
    bool descending;
    grid_sql search; /* a folded column (i18n_fold); with `words` a search text (i18n_search_text) */
    grid_sql words;  /* the table of its words; NULL: every row is looked at */
    int parts;       /* of the search text; at least 1 where there are words */
    int blocks; /* > 0: the ids in `words` are blocks of as many rows (grid_blocks.c); the last part holds
                   terms. Then only columns whose `sort` is the id keep to the blocks: give it no others */
    grid_sql block_table; /* … and the table of the blocks that are in `words` */
    str search_label;     /* msgid: "Search customers by name or email"; STR_NULL: the general one */
    bool search_id;       /* a number is looked for as the id too */
    const struct grid_link *actions;
    size_t actions_n;             /* the first is the row's own: Edit or View */
    const struct grid_mass *mass; /* rows get boxes for those who may do one of these */
    size_t mass_n;
    const char *row_name; /* key of the column that says what a row is about */
    str empty;            /* msgid: what stands there when nothing was ever made */
    bool filters_open;    /* the filters are the way to use this grid: shown at once, not behind a button */
    /* What @param stands for; NULL: @param is not used. */
    i64 (*param)(const struct page *p);
};

/* For columns that hold the id of a website or store view: those that the reader's role reaches, with their
 * whole names; and a view's own name, with its website where another one is called the same: "English (Main
 * Website)". */
enum err grid_website_options(struct page *p, struct arena *a, struct html_option **ret,
                              size_t *ret_n) MUST_CHECK;
enum err grid_view_options(struct page *p, struct arena *a, struct html_option **ret,
                           size_t *ret_n) MUST_CHECK;
bool grid_view_brief(const struct page *p, i64 id, str *ret_text, str *ret_rest);

/* Renders the grid as the page's content, with its title and menu mark. Reads the state from the address:
 * what is unknown there is ignored, what is wrong is said at the top (status 422) and not applied. Errors:
 * ERR_DB. */
enum err grid_page(struct page *p, const struct grid_def *g) MUST_CHECK;

/* Streams what the grid's address would show, all pages, as CSV (`format=csv`, the default: RFC 4180, UTF-8
 * with a byte order mark, cells that a spreadsheet would run guarded by an apostrophe) or JSON Lines
 * (`format=jsonl`). Times are UTC. A wrong filter is refused with ERR_BAD_REQUEST, so that no export is wider
 * than what was asked for. */
enum err grid_export(struct page *p, const struct grid_def *g) MUST_CHECK;

#endif
