/* HTML output: a buffer that only escaped text, literals of templates and typed values can get into.
 *
 * Templates (tpl/*.html) are compiled at build time by tools/tplgen.py to functions `void tpl_X(struct html *o, const struct
 * tpl_X *v)`. Nothing else writes HTML.
 *
 * A page is rendered with holes where bytes belong to one reader only (address prefix, CSRF token, the head with the
 * account menu). The gate fills them when it sends the page. So the same rendered page can be kept in the page cache and
 * holds no private byte. */
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

/* What was posted and refused, so that the page can be shown again with it. One per request at most. */
struct html_field_error {
    str field, message; /* message is in the reader's language */
};
struct html_form {
    int op;                    /* the operation that was refused */
    const struct html_pair *posted;
    size_t posted_n;
    const struct html_field_error *errors;
    size_t errors_n;
    str message; /* about the form as a whole; STR_NULL when there is none */
};
struct html_pair {
    str name, value;
};

/* What rendering needs to know of the world; made by the gate. */
struct html_env {
    enum lang lang;
    const struct i18n_format *format; /* money and dates of the store view or staff user */
    str view_path;                    /* "" or "/nl": store view's part of the address */
    const struct html_form *form;     /* NULL when nothing was refused */
    bool (*may)(const struct html_env *env, int op); /* may this reader run the operation? */
    const void *ctx;                  /* the gate's own */
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

/* An empty page of at most `max` bytes. Release with html_done. */
void html_init(struct html *o, struct arena *a, const struct html_env *env, size_t max);
void html_done(struct html *o);
/* What was rendered so far as a value, copied into the arena; empties `o`. */
html_t html_take(struct html *o);
bool html_ok(const struct html *o);

/* ---- called by generated code only ---- */

void html_lit(struct html *o, const char *p, size_t n);
void html_text(struct html *o, str s);         /* escapes & < > " ' */
void html_int(struct html *o, i64 v);
void html_money(struct html *o, i64 minor);    /* in the format's currency */
void html_time(struct html *o, i64 us);        /* <time datetime=…>medium date and time</time>; 0 gives an em dash */
void html_date(struct html *o, i64 us);
void html_html(struct html *o, html_t h);
void html_hole(struct html *o, enum html_hole hole);
void html_url(struct html *o, str url);        /* a whole address: only http(s), mailto or starting with one '/' ; else "#" */
void html_path_part(struct html *o, str s);    /* one part of a path, percent-encoded */
void html_query_part(struct html *o, str s);
/* A translated message with {name} places; values are escaped. */
struct html_arg {
    str name, value;
};
void html_message(struct html *o, str msgid, const struct html_arg *args, size_t n);

/* Form state, for {field …}. */
bool html_form_is(const struct html *o, int op);
/* What was posted under `name`, or `fallback` when this form was not refused. */
str html_form_value(const struct html *o, int op, str name, str fallback);
bool html_form_checked(const struct html *o, int op, str name, bool fallback);
str html_form_error(const struct html *o, int op, str name); /* STR_NULL: none */

#endif
