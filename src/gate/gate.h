/* The one door. Every request goes: limits → address → actor → right → CSRF → inputs → page or operation →
 * reply. Pages read, operations change; both are declared in .gate files, and a handler cannot get at more
 * than its kind gives it.
 *
 * This header is what slices see. How it is done is in gate_*.c. */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "base/actor.h"
#include "base/base.h"
#include "db/db.h"
#include "html/html.h"
#include "http/http.h"
#include "i18n/i18n.h"
#include "settings/settings.h"
#include "store/store.h"

/* ---------------------------------------------------------------- pages */

struct gate_reply; /* how the page is answered; filled through the functions below */

enum { GENERAL_GROUP = 1 }; /* the customer group of guests */

/* A page that may be kept in the page cache: nothing in it leads to an actor or a session. */
struct pub {
    struct db_r *db;
    struct arena *arena;
    struct html *out;
    const struct stores *stores;
    const struct store_view *view;
    const struct settings *settings;
    enum lang lang;
    i64 group_id; /* the reader's customer group: part of the cache key */
    i64 now_us;
    struct gate_reply *reply;
};

/* A page of one reader. */
struct page {
    struct db_r *db;
    struct arena *arena;
    struct html *out;
    const struct stores *stores;
    const struct store_view *view; /* shop: the store view; Admin: the default one */
    const struct settings *settings;
    enum lang lang;
    const struct i18n_format *format;
    const struct actor *actor;
    const struct html_form *form; /* NULL unless a form of this page was refused */
    i64 now_us;
    str path;  /* decoded path inside the area, with its leading slash */
    str query; /* as sent, behind the '?' */
    struct gate_reply *reply;
};

/* The title (translated already) of the page; for pub use reply directly. Every HTML page must set one. */
void reply_title(struct gate_reply *r, str title);
/* What was searched for, for the box in the shop's header. */
void reply_search(struct gate_reply *r, str q);
/* The sidebar entry that is marked as current in the Admin: a page's name from the tables. */
void reply_menu(struct gate_reply *r, const char *page_name);
/* Buttons at the right of the Admin's page title. */
void reply_actions(struct gate_reply *r, html_t actions);
/* A page without the area's frame: sign-in pages, dialogs, errors. */
void reply_bare(struct gate_reply *r);
/* A status other than 200. */
void reply_status(struct gate_reply *r, int status);
/* 303 to a path inside the area ("/cart", "/admin/customers"), instead of a page. */
void reply_redirect(struct gate_reply *r, str path);
/* Bytes of another type instead of HTML. Shown, not downloaded, when filename is STR_NULL. */
void reply_bytes(struct gate_reply *r, str content_type, str filename, str body);
/* A download in pieces. `next` appends about 64 KiB and gets a read handle of its own snapshot each time;
 * false ends it,
 * buf_fail on `out` cuts the download off. */
void reply_stream(struct gate_reply *r, str content_type, str filename,
                  bool (*next)(void *arg, struct db_r *db, struct buf *out), void *arg);
/* Bytes that take long to make: `work` runs on a slow worker, without a database, when the page's snapshot is
 * given back; the connection waits suspended. `arg` lives in reply_arena. When it fails, the reader is told
 * so. */
void reply_work(struct gate_reply *r, str content_type, str filename,
                enum err (*work)(void *arg, struct buf *out), void *arg);
/* A path inside the area as a whole address, "https://shop.example/nl/cart": for links that others follow. */
str reply_address(struct gate_reply *r, str path);
/* Memory that lives until the reply was sent: for what reply_stream's `arg` points at. */
struct arena *reply_arena(struct gate_reply *r);

/* May this actor use the resource (or is the actor the system)? For showing things; the gate does the
 * refusing. */
bool actor_may(const struct actor *a, int resource);

/* ---------------------------------------------------------------- operations */

struct op_state; /* the runner's own */

struct op {
    struct db_w *w;
    struct db_r *r; /* reads inside the same transaction */
    struct arena *arena;
    const struct actor *actor;
    const struct stores *stores;
    const struct store_view *view; /* NULL in the Admin, jobs and commands */
    const struct settings *settings;
    enum lang lang;
    i64 now_us;
    void *prep; /* what prepare_X made, else NULL */
    struct op_state *state;
};

/* -- refusing: `return op_invalid(…)`; nothing that was done stays -- */

/* A field is wrong. The message is translated already. May be called for several fields; returns ERR_INVALID.
 */
enum err op_invalid(struct op *op, const char *field, str message);
/* The operation as a whole cannot be done. Returns `e`. The message is for the reader, translated already. */
enum err op_fail(struct op *op, enum err e, str message);
/* Answers like op_fail, but what was written stays, and is recorded as a failure: for counting wrong
 * passwords. */
enum err op_keep(struct op *op, enum err e, str message);
/* The message that was given last; STR_NULL when none was. */
str op_message(const struct op *op);
/* What the record says of the failure, when it should be more precise than the message. English, one line. */
void op_reason(struct op *op, str reason);

/* -- what happened -- */

/* What was changed: kind ("customer"), its id, and a name for people. Every recorded success needs one. */
void op_subject(struct op *op, const char *kind, i64 id, str label);
void op_subject_text(struct op *op, const char *kind, str id, str label);
/* One value before and after, as the record keeps it. STR_NULL: there was none. Equal values are left out. */
void op_change(struct op *op, const char *field, str before, str after);
void op_change_i64(struct op *op, const char *field, i64 before, i64 after);
/* One line for people in the report's Details column. */
void op_details(struct op *op, str details);
/* The customer whom it was about, where staff act on one: id, name and e-mail for the record. */
void op_customer(struct op *op, i64 id, str name_and_email, i64 website_id);
/* The website that it was about, where there is no customer: a guest's order. */
void op_website(struct op *op, i64 website_id);
/* Names the staff user in the record while the request is still a guest's: for signing in to the Admin. */
void op_actor_name(struct op *op, str username);
/* Says that an assisted session is what this entry belongs to (for its start and its end), and the page that
 * it was started from; 0: there is none yet. */
void op_assist(struct op *op, i64 session_id, str origin);
/* Names the staff user in the record where the proof was a secret of theirs and no session of theirs is here.
 */
void op_acting_staff(struct op *op, i64 staff_id, str username, str name);
/* The store view that the record names, when it is another than that of the address. */
void op_view(struct op *op, str name);
/* Was any value noted that differs from before? */
bool op_has_changes(const struct op *op);
/* Nothing changed after all: no entry is written. Only for operations that found the values as they were. */
void op_unchanged(struct op *op);
/* An additional entry in the same transaction, for one operation that does several recorded things. */
struct audit_event;
enum err op_also(struct op *op, const struct audit_event *event) MUST_CHECK;

/* -- the answer -- */

/* 303 to a path inside the area. Default: the operation's page, else the area's home. */
void op_redirect(struct op *op, str path);
/* 303 to a path in another area, in full ("/admin/customers/5", "/as/x1/customer/account"). */
void op_redirect_root(struct op *op, str path);
/* A message on the next page; translated already. */
void op_notice(struct op *op, str message);
void op_warning(struct op *op, str message);
/* For operations with `answer`: what answer_X gets. In op->arena. Not asked for when the operation redirects.
 */
void op_result(struct op *op, void *result);

/* -- sessions: only the gate knows cookies -- */

/* Makes (or finds) the visitor's session row, for a guest's cart. Never adopts a token that the browser
 * brought. */
enum err op_shop_session(struct op *op, i64 *ret_id) MUST_CHECK;
/* A fresh session for this customer in this browser; the old one is gone. */
enum err op_sign_in_customer(struct op *op, i64 customer_id) MUST_CHECK;
enum err op_sign_out_customer(struct op *op) MUST_CHECK;
/* Ends all sessions of a customer, except the one that acts when `keep_own`. */
enum err op_end_customer_sessions(struct op *op, i64 customer_id, bool keep_own) MUST_CHECK;
enum err op_sign_in_staff(struct op *op, i64 staff_id) MUST_CHECK;
enum err op_sign_out_staff(struct op *op) MUST_CHECK;
/* Sets the path-scoped cookie of an assisted session in this browser; a NULL token removes it. */
void op_assist_cookie(struct op *op, str public_id, str token, i64 max_age_s);
/* The settings were changed: the snapshot is replaced after the commit, before the answer. */
void op_settings_changed(struct op *op);

/* ---------------------------------------------------------------- slow work before an operation */

struct prep {
    struct db_r *db;
    struct arena *arena;
    const struct actor *actor;
    const struct store_view *view;
    const struct settings *settings;
    i64 now_us;
    void *result; /* becomes op->prep */
};

/* ---------------------------------------------------------------- the tables (made by tools/gategen.py) */

enum gate_area { AREA_SHOP, AREA_ADMIN, AREA_NONE };

/* Rights that are no resource. Resources are 0 and up. */
enum {
    RIGHT_ANYONE = -1,
    RIGHT_CUSTOMER = -2,
    RIGHT_STAFF = -3,
    RIGHT_SYSTEM = -4,
    RIGHT_SECRET = -5,
    RIGHT_GUEST_STAFF = -6
};

enum gate_assisted { ASSISTED_UNSET, ASSISTED_ALLOWED, ASSISTED_PROTECTED, ASSISTED_REFUSED };
enum gate_limit { LIMIT_UNSET, LIMIT_NONE, LIMIT_FORM, LIMIT_LOGIN, LIMIT_MAIL, LIMIT_SEARCH };
enum gate_record { RECORD_UNSET, RECORD_STAFF, RECORD_ALWAYS };

enum gate_type {
    IN_ID,
    IN_INT,
    IN_TEXT,
    IN_LINES,
    IN_EMAIL,
    IN_BOOL,
    IN_SLUG,
    IN_TOKEN,
    IN_ENUM,
    IN_PASSWORD,
    IN_SECRET,
    IN_PATH,
    IN_DATE,
    IN_MONEY,
    IN_LIST_ID,
    IN_LIST_TOKEN,
    IN_MAP_TEXT,
};

struct gate_map_entry {
    str key, value;
};

struct gate_field {
    const char *name;
    str label; /* msgid; STR_NULL: none */
    enum gate_type type;
    bool optional;
    i64 low, high;
    size_t offset, count_offset; /* in the input struct; count_offset for lists and maps */
    const str *choices;
    size_t choices_n;
};

struct gate_page {
    const char *name;
    str path;
    enum gate_area area;
    int right;
    bool is_public;
    enum gate_assisted assisted;
    enum gate_limit limit;
    const struct gate_field *fields;
    size_t fields_n, in_size;
    enum err (*page)(struct page *p, const void *in);
    enum err (*pub)(struct pub *p, const void *in);
};

struct gate_op {
    const char *name;
    str title; /* msgid: Action in the report */
    str path;  /* STR_NULL: post none */
    enum gate_area area;
    int right;
    int page; /* shown again when an input is wrong; -1: none */
    enum gate_assisted assisted;
    enum gate_record record;
    enum gate_limit limit;
    int group;    /* audit group, -1 is not allowed */
    str happened; /* msgid: what the record says */
    const struct gate_field *fields;
    size_t fields_n, in_size;
    enum err (*prepare)(struct prep *p, const void *in);
    enum err (*run)(struct op *op, const void *in);
    enum err (*answer)(struct page *p, void *result);
};

extern const struct gate_page gate_pages[];
extern const size_t gate_pages_n;
extern const struct gate_op gate_ops[];
extern const size_t gate_ops_n;

#endif
