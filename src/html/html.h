/* HTML output: a buffer that only escaped text, literals of templates and typed values can get into.
 *
 * Templates (tpl/<name>.html) are compiled at build time by tools/tplgen.py to functions `void tpl_X(struct
 * html *o, const struct tpl_X *v)`. Nothing else writes HTML.
 *
 * A page is rendered with holes where bytes belong to one reader only (address prefix, CSRF token, the head
 * with the account menu). The gate fills them when it sends the page. So the same rendered page can be kept
 * in the page cache and holds no private byte.
 *
 * A struct html belongs to one thread at a time. */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "base/base.h"
#include "i18n/i18n.h"

/* What is filled in when the page is sent. */
enum html_hole {
    HOLE_ROOT, /* "" or "/as/<session>": stands before every address of the shop */
    HOLE_CSRF, /* the hidden field's value */
    HOLE_TOP,  /* banner, messages, account menu, cart: what only this reader may see */
    HOLE_MAX
};

struct html_mark {
    size_t at; /* offset in the bytes */
    enum html_hole hole;
};

/* The hidden field of every posted form that carries the token against forged requests. */
#define HTML_CSRF_NAME "csrf"

/* What was posted and refused, so that the page can be shown again with it. One per request at most. Names
 * are the controls' names as posted: "qty", "item[7]" for a map's entry. Passwords and secrets may stand in
 * `posted`: they are never written. */
struct html_pair {
    str name, value;
};
struct html_field_error {
    str field, message; /* message is in the reader's language */
};
struct html_form {
    int op; /* the operation that was refused */
    const struct html_pair *posted;
    size_t posted_n;
    const struct html_field_error *errors;
    size_t errors_n;
    str message; /* about the form as a whole; STR_NULL when there is none */
};

/* What rendering needs to know of the world; made by the gate. */
struct html_env {
    enum lang lang;
    const struct i18n_format *format;                /* money and dates of the store view or staff user */
    str view_path;                                   /* "" or "/nl": store view's part of the address */
    const struct html_form *form;                    /* NULL when nothing was refused */
    bool (*may)(const struct html_env *env, int op); /* may this reader run the operation? NULL: none may */
    const void *ctx;                                 /* the gate's own */
};

struct html {
    struct buf b;
    struct html_mark *marks;
    size_t marks_n, marks_cap;
    const struct html_env *env;
    struct arena *arena;
};

/* Rendered HTML, to be put into another template's field of type html. Only html_take makes one. */
typedef struct {
    str bytes;
    const struct html_mark *marks;
    size_t marks_n;
} html_t;

/* One choice of a select, a radio group or a group of check boxes: the view type `options`. */
struct html_option {
    str value, label; /* label is what the reader sees, already translated */
    str group;        /* heading of a run of options; may be STR_NULL */
    bool disabled;
    bool selected; /* for inputs that are lists; others are selected by the field's value */
};

/* An empty page of at most `max` bytes. Borrows `env` and `a`. Release with html_done. */
void html_init(struct html *o, struct arena *a, const struct html_env *env, size_t max);
void html_done(struct html *o);
/* What was rendered so far as a value, copied into the arena; empties `o`. */
html_t html_take(struct html *o);
/* False when the page did not fit under its maximum. */
bool html_ok(const struct html *o);

/* ---- values in text and in double-quoted attributes; called by generated code ---- */

static inline void html_lit(struct html *o, const char *p, size_t n) {
    if (!buf_reserve(&o->b, n)) return;
    memcpy(o->b.p + o->b.n, p, n);
    o->b.n += n;
}
void html_text(struct html *o, str s);  /* escapes & < > " '; STR_NULL writes nothing */
void html_email(struct html *o, str s); /* the same; lines are broken before its @ and dots first */
void html_int(struct html *o, i64 v);
void html_time(struct html *o, i64 us); /* <time datetime=…>medium date and time</time>; 0 gives an em dash */
void html_date(struct html *o, i64 us); /* <time datetime=…>medium date</time>; 0 gives an em dash */
void html_html(struct html *o, html_t h);
void html_hole(struct html *o, enum html_hole hole);

/* The same values as plain text, for attributes, places in messages and form controls; in the arena or
 * borrowed. */
str html_int_str(struct html *o, i64 v);
str html_money_str(struct html *o, i64 minor);
str html_time_str(struct html *o, i64 us);
str html_date_str(struct html *o, i64 us);
str html_amount_input(struct html *o, i64 minor); /* "12.50": the value of an input */
str html_date_input(struct html *o, i64 us);      /* "2026-11-22"; 0 gives "" */

/* ---- addresses ---- */

/* A whole address: only http(s), mailto, or starting with exactly one '/'; anything else becomes "#". */
void html_url(struct html *o, str url);
/* HOLE_ROOT and the store view's path: stands before every address of the shop. */
void html_shop_root(struct html *o);
void html_path_part(struct html *o, str s);  /* one part of a path, percent-encoded */
void html_query_part(struct html *o, str s); /* a query's name or value, percent-encoded */

/* ---- messages ---- */

struct html_arg {
    str name, value;
};
/* A translated message with {name} places; the values are escaped. */
void html_message(struct html *o, str msgid, const struct html_arg *args, size_t n);

/* ---- forms ---- */

/* May the reader run the operation? */
bool html_may(const struct html *o, int op);
/* The refused form when it is this one: the same operation, and each of `keys` (ids that tell this form from
 * others of the same operation on the page) has the posted value, where it was posted at all. NULL otherwise.
 */
const struct html_form *html_form_here(const struct html *o, int op, const struct html_pair *keys, size_t n);
/* The hidden CSRF field. */
void html_csrf(struct html *o);
/* A hidden field. */
void html_hidden(struct html *o, str name, str value);
/* Opens an alert with what is wrong with the form as a whole and with fields that it does not show. `shown`
 * are the names of its fields, "name[" standing for a whole map. When only fields that it shows are wrong,
 * the alert says to look for them. Writes nothing when `f` is NULL or has nothing to say. */
void html_form_errors(struct html *o, const struct html_form *f, const str *shown, size_t shown_n);
/* What was posted under `name`; `fallback` when this form was not refused. */
str html_form_value(const struct html_form *f, str name, str fallback);
/* Was `name` posted with this value (STR_NULL: with any)? `fallback` when this form was not refused. */
bool html_form_has(const struct html_form *f, str name, str value, bool fallback);
/* The message at a field; STR_NULL: none. */
str html_form_error(const struct html_form *f, str name);

enum html_control {
    HTML_INPUT, /* one line; `type` says which */
    HTML_TEXTAREA,
    HTML_SELECT,
    HTML_CHECKBOX, /* posts `item`, or "1" */
    HTML_SWITCH,   /* a check box that looks like a switch */
    HTML_RADIO,    /* a group of radio buttons, one an option */
    HTML_CHECKS,   /* a group of check boxes, one an option: for lists */
    HTML_HIDDEN
};

/* One form control with its label, help and error. Strings are plain text (escaped here); msgids are
 * translated here. */
struct html_field {
    enum html_control control;
    const char *type;      /* of HTML_INPUT: "text", "number", … */
    str name;              /* as posted */
    str id;                /* unique in the page */
    str label, label_text; /* a msgid, or text from data */
    str help, help_text;
    const char *heading; /* id of a heading that is part of the control's name too; or NULL */
    str scope_label;     /* msgid; stands beside the label, not in the control's name */
    str placeholder;     /* msgid */
    str value;           /* current value, when the form was not refused */
    str item;            /* HTML_CHECKBOX: what it posts; STR_NULL: "1" */
    const struct html_option *options;
    size_t options_n;
    const char *autocomplete; /* or NULL */
    const char *inputmode;    /* or NULL */
    const char *wrap_class;   /* of the element around it all; NULL: "mb-3" */
    const char *class;        /* added to the control's classes; or NULL */
    i64 lo, hi;               /* numbers: bounds; text: lengths in characters, hi 0: none */
    int rows;                 /* HTML_TEXTAREA; 0: 4 */
    bool checked;
    bool required, disabled, readonly, autofocus, multiple;
    bool label_hidden; /* for screen readers only */
    bool never_echo;   /* passwords: no value is ever written */
};
/* Writes the control; `f` is what html_form_here gave. */
void html_field(struct html *o, const struct html_form *f, const struct html_field *c);

#endif
