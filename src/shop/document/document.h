/* What invoices, shipments and credit memos have in common: the quantities that a form asks for, what their
 * pages and grids show of the order, their comments, their mail and their place in the record. The arithmetic
 * is in sales/, the order in shop/order. */
#ifndef SHOP_DOCUMENT_DOCUMENT_H
#define SHOP_DOCUMENT_DOCUMENT_H

#include "base/base.h"
#include "gate/gate.h"
#include "gen/document_tpl.h"
#include "grid/grid.h"
#include "sales/sales.h"
#include "shop/order/order.h"

enum { DOCUMENT_COMMENT_MAX = 2000 }; /* characters; the .gate files say the same */

/* ---- quantities: fields qty[item id] of a form ---- */

/* How many of each item there may be at most: sales_to_invoice and its like, one for each of the order's
 * items. Arena. */
i64 *document_left(struct arena *a, const struct order *o, i64 (*of)(const struct sales_item *));
/* Reads the quantities into one number for each item. What was not sent is 0. Refuses (ERR_INVALID) with a
 * message at each field that is blank, no whole number, negative or more than is left; an item of another
 * order; and, unless `none` is allowed, when nothing is asked for. */
enum err document_qty(struct op *op, const struct order *o, const struct gate_map_entry *given, size_t n,
                      const i64 *left, bool none, i64 **ret) MUST_CHECK;
/* The same for showing: what stands in the fields of the refused form, else what is left. False when not
 * every field can be read; those count as 0. */
bool document_qty_shown(const struct page *p, const struct order *o, const i64 *left, i64 *ret);

/* ---- the page of a new document ---- */

/* Was the form sent only for its amounts to be computed anew ("Update Qty's")? Such a form is nothing wrong:
 * the operation ends with ERR_INVALID and without a message, and its page is answered with 200. */
bool document_is_recount(const struct page *p);
/* An item of the order, with its field of a quantity. Amounts are texts in the order's currency; empty while
 * the quantities cannot be read. */
struct document_line {
    i64 id, qty;
    str name, sku, price, standing; /* "Ordered 3 · Invoiced 1" */
    bool editable;
    bool unsent; /* none of its pieces was shipped */
    str subtotal, discount, tax, total;
};
/* The same for the row of a template that has the fields of the part document/line_fields. */
#define DOCUMENT_LINE_MEMBERS(l)                                                                             \
    .id = (l)->id, .qty = (l)->qty, .name = (l)->name, .sku = (l)->sku, .price = (l)->price,                 \
    .standing = (l)->standing, .editable = (l)->editable, .subtotal = (l)->subtotal,                         \
    .discount = (l)->discount, .tax = (l)->tax, .total = (l)->total
/* A line for each item of the order; amounts are those of `d` (NULL: unknown). Arena. */
struct document_line *document_lines(const struct page *p, const struct order *o, const i64 *left,
                                     const i64 *qty, const struct sales_document *d);
/* Title, menu mark and *Back* to the order. */
void document_frame_new(struct page *p, const struct order *o, const char *menu, str title);
/* The page instead of a form, when there is nothing to make a document of. */
void document_nothing(struct page *p, const struct order *o, str why);

/* What search_fold of a document holds: its number and the order's, name and e-mail. Arena. */
str document_search_fold(struct arena *a, const struct order *o, i64 number);

/* ---- pages ---- */

/* What the first panel says of the document itself. */
struct document_facts {
    str title; /* "Invoice Information" */
    i64 number, created_us, paid_us;
    str status, tone; /* translated; empty: it has none */
    str by;           /* the staff user who made it; empty: nobody */
    i64 invoice_id;   /* of a credit memo made from an invoice; 0: none */
    str invoice_number;
};
html_t document_head(struct page *p, const struct document_facts *facts);
/* The adjustment and the fee of a credit memo, where there are any, as rows of its totals; how many. */
enum { DOCUMENT_ADJUSTMENTS = 2 };
size_t document_adjustments(i64 adjustment, i64 fee, struct order_extra ret[DOCUMENT_ADJUSTMENTS]);
/* The comments on the document, newest first. */
enum err document_comments(struct page *p, const struct order *o, enum order_document kind, i64 id,
                           html_t *ret) MUST_CHECK;
/* "/admin/orders/5", with the tab when it is not NULL. Arena. */
str document_order_path(struct arena *a, const struct order *o, const char *tab);
/* May this reader be offered Login as Customer here? Never for a guest's order, nor for an account
 * that the role does not reach. */
bool document_assist(const struct page *p, const struct order *o);
/* A message with one number in its place {number}. Arena. */
str document_numbered(struct arena *a, enum lang lang, str msgid, i64 number);

/* ---- operations ---- */

/* The order that a new document is made of, inside the transaction: refused when it is not there for this
 * role, or when its state does not allow `action`. */
enum err document_order(struct op *op, i64 id, enum sales_action action, struct order *ret) MUST_CHECK;
/* Is the order still what it was when the form was made? Refuses (ERR_CONFLICT) otherwise: the button may
 * have been pressed twice, or somebody else was faster, and part of what the form asks for would be done once
 * more. Call last, when nothing else is wrong. No version: nobody has seen a form, nothing is compared. */
enum err document_fresh(struct op *op, const struct order *o, opt_i64 version) MUST_CHECK;
/* Message, and the way back to the order's page (to the document's, for roles that do not see orders). */
void document_done(struct op *op, const struct order *o, str message, str document_path);

/* A new document, or more about one: what is told to whom. */
struct document_news {
    enum order_document kind;
    i64 id, number;
    str subject, intro; /* msgids with {number} and {order}: of the mail */
    str comment;        /* empty: none */
    bool visible, mail;
    const struct sales_document *document; /* NULL: the mail lists no items */
    bool amounts;                          /* … with their totals */
    const struct order_extra *extras;      /* … and these beside them */
    size_t extras_n;
    str footer; /* in the order's language; empty: none */
};
/* Writes the comment and puts the mail into the outbox, in the order's language. */
enum err document_tell(struct op *op, const struct order *o, const struct document_news *n) MUST_CHECK;
/* A comment on a document that stands; `notify`: the customer gets it by mail. With its message. */
enum err document_add_comment(struct op *op, const struct order *o, enum order_document kind, i64 id,
                              i64 number, str comment, bool visible, bool notify) MUST_CHECK;
/* The message after *Send Email*, and the address for the record. */
void document_mailed(struct op *op, const struct order *o);
/* For the record: the document is the subject; the order and its customer are named too. */
void document_record(struct op *op, const struct order *o, enum order_document kind, i64 id, i64 number);
/* An entry of its own for a document that came to be beside the operation's own. */
enum err document_record_also(struct op *op, const struct order *o, enum order_document kind, i64 id,
                              i64 number, str action, str operation) MUST_CHECK;
/* What sales/ refused, about the document as a whole: ERR_CONFLICT when the order is not in that state any
 * more. */
enum err document_refused(struct op *op, const struct order *o, enum sales_wrong wrong,
                          size_t item) MUST_CHECK;
/* Who makes it: the staff user in the Admin; nobody for a payment that arrives by itself. */
opt_i64 document_staff_id(const struct op *op);
str document_staff_name(const struct op *op);

/* ---- columns of the grids: `d` is the document, `o` its order ---- */

extern const struct grid_link document_order_link;

/* Numbers rise with ids, and every index ends in the id. */
#define DOCUMENT_NUMBER_COLUMN(title)                                                                        \
    {                                                                                                        \
        .key = "number", .label = title, .kind = GRID_INT, .sql = GRID_SQL("d.number"),                      \
        .sort = GRID_SQL("d.id"), .filter = GRID_RANGE                                                       \
    }

#define DOCUMENT_DATE_COLUMN(title)                                                                          \
    {                                                                                                        \
        .key = "date", .label = title, .kind = GRID_TIME, .sql = GRID_SQL("d.created_us"),                   \
        .sort = GRID_SQL("d.created_us"), .filter = GRID_RANGE                                               \
    }

#define DOCUMENT_ORDER_COLUMN                                                                                \
    {                                                                                                        \
        .key = "order", .label = T("Order"), .kind = GRID_INT, .sql = GRID_SQL("o.number"),                  \
        .filter = GRID_RANGE, .link = &document_order_link                                                   \
    }

/* Ids rise with time. */
#define DOCUMENT_ORDER_DATE_COLUMN                                                                           \
    {                                                                                                        \
        .key = "order_date", .label = T("Order Date"), .kind = GRID_DATE, .sql = GRID_SQL("o.created_us"),   \
        .sort = GRID_SQL("d.order_id"), .joined = GRID_SQL("sales_order o"), .filter = GRID_RANGE            \
    }

/* `role` is that of the address: "billing" or "shipping". */
#define DOCUMENT_NAME_COLUMN(title, role)                                                                    \
    {                                                                                                        \
        .key = "name", .label = title,                                                                       \
        .sql = GRID_SQL("(SELECT a.firstname || ' ' || a.lastname FROM sales_address a WHERE a.order_id = "  \
                        "d.order_id AND a.role = '" role "')")                                               \
    }

#define DOCUMENT_TOTAL_COLUMN(title)                                                                         \
    {                                                                                                        \
        .key = "total", .label = title, .kind = GRID_MONEY, .sql = GRID_SQL("d.total_minor"),                \
        .currency = GRID_SQL("o.currency"), .sort = GRID_SQL("d.total_minor"), .filter = GRID_RANGE          \
    }

#define DOCUMENT_CURRENCY_COLUMN                                                                             \
    { .key = "currency", .label = T("Currency"), .show = GRID_EXPORTED, .sql = GRID_SQL("o.currency") }

#define DOCUMENT_EMAIL_COLUMN                                                                                \
    {                                                                                                        \
        .key = "email", .label = T("Email"), .show = GRID_HIDDEN, .sql = GRID_SQL("o.email"),                \
        .filter = GRID_WORDS, .part = ORDER_SEARCH_EMAIL                                                     \
    }

#define DOCUMENT_BY_COLUMN                                                                                   \
    { .key = "by", .label = T("Created by"), .show = GRID_HIDDEN, .sql = GRID_SQL("d.staff_name") }

/* ---- … and the rest of them: `kind` is the word in addresses ("invoices"), `table` that of the documents;
 * `columns`, `actions` and `mass` are the file's own ---- */

#define DOCUMENT_VIEW_ACTION(kind, may)                                                                      \
    { .label = T("View"), .before = S_INIT("/admin/" kind "/"), .after = S_INIT(""), .right = may }
#define DOCUMENT_PRINT_ACTION(kind, may)                                                                     \
    { .label = T("Print"), .path = S_INIT("/admin/" kind "/print"), .right = may }

#define DOCUMENT_GRID(kind, table)                                                                           \
    .name = kind, .page = "admin_" kind, .path = S_INIT("/admin/" kind),                                     \
    .export_path = S_INIT("/admin/" kind "/export"),                                                         \
    .from = GRID_SQL(table " d JOIN sales_order o ON o.id = d.order_id"),                                    \
    .where = GRID_SQL(GRID_IN_SCOPE("d.website_id")), .id = GRID_SQL("d.id"), .sort = "number",              \
    .descending = true, .search = GRID_SQL("d.search_fold"), .words = GRID_SQL(table "_word"),               \
    .parts = ORDER_SEARCH_PARTS, .search_label = T("Search by number, order, name or email"),                \
    .row_name = "number", .cols = columns, .cols_n = COUNT_OF(columns), .actions = actions,                  \
    .actions_n = COUNT_OF(actions), .mass = mass, .mass_n = COUNT_OF(mass)

#endif
