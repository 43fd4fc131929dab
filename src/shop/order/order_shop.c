/* My Orders: the list, the order's page, its print. */
#include "assist/assist.h"
#include "gen/order_shop_gate.h"
#include "gen/order_shop_sql.h"
#include "gen/order_tpl.h"
#include "shop/order/order_inside.h"

enum { LIST_PAGE = 10 };

static str state_title(const struct page *p, enum sales_state s) {
    return i18n_get(p->lang, sales_state_title(s));
}

/* ---- the list ---- */

typedef struct tpl_order_shop_list_rows list_row;

static list_row one_row(const struct page *p, i64 id, i64 number, i64 created_us, str firstname, str lastname,
                        i64 total, str currency, str state_word) {
    enum sales_state state = sales_state_by_word(state_word);
    return (list_row){.id = id,
                      .number = order_number_text(p->arena, number),
                      .placed = created_us,
                      .ship_to = customer_full_name(p->arena, firstname, lastname),
                      .total = i18n_money_in(p->arena, p->view->locale, currency, total),
                      .state = state_title(p, state),
                      .tone = str_c(sales_state_tone(state))};
}

/* Orders before the first one of `newer`; reads one more than a page to see whether there are still newer
 * ones.
 */
static enum err read_newer(struct page *p, i64 newer, list_row *rows, size_t *ret_n, bool *ret_more) {
    struct order_own_newer *found;
    size_t n;
    TRY(order_own_newer(p->db, newer, LIST_PAGE + 1, &found, &n));
    *ret_more = n > LIST_PAGE;
    *ret_n = MIN_OF(n, (size_t)LIST_PAGE);
    for (size_t i = 0; i < *ret_n; i++) {
        const struct order_own_newer *f = &found[*ret_n - 1 - i];
        rows[i] = one_row(p, f->id, f->number, f->created_us, f->firstname, f->lastname, f->total,
                          f->currency, f->state);
    }
    return OK;
}

static enum err read_older(struct page *p, i64 older, list_row *rows, size_t *ret_n, bool *ret_more) {
    struct order_own_older *found;
    size_t n;
    TRY(order_own_older(p->db, older, LIST_PAGE + 1, &found, &n));
    *ret_more = n > LIST_PAGE;
    *ret_n = MIN_OF(n, (size_t)LIST_PAGE);
    for (size_t i = 0; i < *ret_n; i++) {
        const struct order_own_older *f = &found[i];
        rows[i] = one_row(p, f->id, f->number, f->created_us, f->firstname, f->lastname, f->total,
                          f->currency, f->state);
    }
    return OK;
}

enum err page_order_list(struct page *p, const struct order_list_in *in) {
    list_row *rows = ARENA_ARRAY(p->arena, list_row, LIST_PAGE);
    bool more = false, back = in->newer.set;
    size_t n = 0;
    if (back) TRY(read_newer(p, in->newer.v, rows, &n, &more));
    /* Too few newer ones to fill a page, or a place that is empty: the first page. */
    if (back && n < LIST_PAGE) back = false;
    bool first = !back && (in->newer.set || !in->older.set);
    if (!back) TRY(read_older(p, first ? 0 : in->older.v, rows, &n, &more));
    struct tpl_order_shop_list v = {.assist_on = assist_is_on(p->settings), .rows = rows, .rows_n = n};
    if (n && (back || more)) v.older = rows[n - 1].id;
    if (n && (back ? more : !first)) v.newer = rows[0].id;
    v.beyond = !n && !first;
    reply_title(p->reply, i18n_get(p->lang, T("My Orders")));
    tpl_order_shop_list(p->out, &v);
    return OK;
}

/* ---- one order ---- */

/* "2 × Canvas tote, 1 × Enamel mug": what stands on a document. */
static str pieces_text(struct page *p, const struct order *o, const struct order_document_items *rows,
                       size_t n, str document, i64 id) {
    str out = S("");
    for (size_t i = 0; i < n; i++) {
        if (rows[i].document_id != id || !str_eq(rows[i].document, document)) continue;
        for (size_t k = 0; k < o->sales.items_n; k++)
            if (o->sales.items[k].id == rows[i].item_id)
                out = ARENA_CAT(p->arena, out, out.n ? S(", ") : S(""),
                                order_number_text(p->arena, rows[i].qty), S(" × "), o->lines[k].name);
    }
    return out;
}

typedef struct tpl_order_shop_documents_rows document_row;

/* Everything that the lists of documents need. */
struct documents {
    struct page *p;
    const struct order *o;
    struct order_document_items *items;
    size_t items_n;
};

static document_row document(const struct documents *d, str word, i64 id, i64 number, i64 created_us) {
    return (document_row){.number = order_number_text(d->p->arena, number),
                          .made = created_us,
                          .pieces = pieces_text(d->p, d->o, d->items, d->items_n, word, id)};
}

static enum err invoices_of(const struct documents *d, struct tpl_order_shop_view *v) {
    struct order_invoices *rows;
    size_t n;
    TRY(order_invoices(d->p->db, d->o->id, &rows, &n));
    document_row *out = ARENA_ARRAY(d->p->arena, document_row, n);
    v->invoices = out;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].state, S("canceled"))) continue;
        bool paid = str_eq(rows[i].state, S("paid"));
        document_row *r = &out[v->invoices_n++];
        *r = document(d, S("invoice"), rows[i].id, rows[i].number, rows[i].created_us);
        r->amount = order_money(d->p->arena, d->o, d->p->view->locale, rows[i].total);
        r->state = i18n_get(d->p->lang, paid ? T("Paid") : T("Open"));
        r->tone = paid ? S("good") : S("info");
    }
    return OK;
}

static enum err refunds_of(const struct documents *d, struct tpl_order_shop_view *v) {
    struct order_creditmemos *rows;
    TRY(order_creditmemos(d->p->db, d->o->id, &rows, &v->refunds_n));
    document_row *out = ARENA_ARRAY(d->p->arena, document_row, v->refunds_n);
    v->refunds = out;
    for (size_t i = 0; i < v->refunds_n; i++) {
        out[i] = document(d, S("creditmemo"), rows[i].id, rows[i].number, rows[i].created_us);
        out[i].amount = order_money(d->p->arena, d->o, d->p->view->locale, rows[i].total);
    }
    return OK;
}

static enum err shipments_of(const struct documents *d, struct tpl_order_shop_view *v) {
    struct order_shipments *rows;
    struct order_tracks *tracks;
    size_t tracks_n;
    TRY(order_shipments(d->p->db, d->o->id, &rows, &v->shipments_n));
    TRY(order_tracks(d->p->db, d->o->id, &tracks, &tracks_n));
    document_row *out = ARENA_ARRAY(d->p->arena, document_row, v->shipments_n);
    v->shipments = out;
    for (size_t i = 0; i < v->shipments_n; i++) {
        out[i] = document(d, S("shipment"), rows[i].id, rows[i].number, rows[i].created_us);
        str tracking = S("");
        for (size_t k = 0; k < tracks_n; k++)
            if (tracks[k].shipment_id == rows[i].id)
                tracking = ARENA_CAT(d->p->arena, tracking, tracking.n ? S(", ") : S(""), tracks[k].title,
                                     S(" "), tracks[k].track_number);
        out[i].tracking = tracking;
    }
    return OK;
}

/* The customer's own words are theirs; whoever else wrote stands for the shop. */
static enum err comments_of(struct page *p, i64 order_id, struct tpl_order_shop_view *v) {
    struct order_own_comments *rows;
    TRY(order_own_comments(p->db, order_id, &rows, &v->comments_n));
    struct tpl_order_shop_view_comments *out =
        ARENA_ARRAY(p->arena, struct tpl_order_shop_view_comments, v->comments_n);
    for (size_t i = 0; i < v->comments_n; i++)
        out[i] = (struct tpl_order_shop_view_comments){.body = rows[i].body,
                                                       .by_customer = str_eq(rows[i].author, S("customer")),
                                                       .at = rows[i].created_us};
    v->comments = out;
    return OK;
}

static html_t totals_of(struct page *p, const struct order *o) {
    const struct sales_order *s = &o->sales;
    struct order_extra extras[3];
    size_t n = 0;
    if (s->canceled) extras[n++] = (struct order_extra){T("Canceled"), s->canceled, true};
    if (s->refunded) extras[n++] = (struct order_extra){T("Refunded"), s->refunded, true};
    if (sales_due(s)) extras[n++] = (struct order_extra){T("Still to pay"), sales_due(s), true};
    return order_show_totals(p, o, &s->totals, extras, n);
}

static str title_of(const struct page *p, const struct order *o) {
    const struct i18n_arg number = {S_INIT("number"), order_number_text(p->arena, o->number)};
    return i18n_format_message(p->arena, p->lang, T("Order {number}"), &number, 1);
}

static void fill_order(struct page *p, const struct order *o, struct tpl_order_shop_body *v) {
    *v = (struct tpl_order_shop_body){
        .items = order_show_items(p, o, false),
        .totals = totals_of(p, o),
        .billing = customer_address_block(p->arena, p->lang, &o->billing),
        .shipping = customer_address_block(p->arena, p->lang, &o->shipping),
        .shipping_title = o->shipping_title,
        .payment_title = o->payment_title,
        .purchase_order = o->purchase_order,
    };
}

static html_t body_of(struct page *p, const struct order *o) {
    struct tpl_order_shop_body v;
    struct html out;
    fill_order(p, o, &v);
    html_init(&out, p->arena, p->out->env, 1024 * 1024);
    tpl_order_shop_body(&out, &v);
    html_t piece = html_take(&out);
    html_done(&out);
    return piece;
}

enum err page_order_shop(struct page *p, const struct order_shop_in *in) {
    struct order o;
    TRY(order_get_own(p->db, in->id, &o));
    struct documents d = {.p = p, .o = &o};
    struct tpl_order_shop_view v = {
        .assist_on = assist_is_on(p->settings),
        .id = o.id,
        .title = title_of(p, &o),
        .placed = o.created_us,
        .state = state_title(p, o.sales.state),
        .tone = str_c(sales_state_tone(o.sales.state)),
        .body = body_of(p, &o),
        .pay_method = o.sales.state == SALES_PENDING_PAYMENT ? o.payment_method : S(""),
        .pay_key = o.checkout_key,
    };
    TRY(order_document_items(p->db, o.id, &d.items, &d.items_n));
    TRY(invoices_of(&d, &v));
    TRY(shipments_of(&d, &v));
    TRY(refunds_of(&d, &v));
    TRY(comments_of(p, o.id, &v));
    reply_title(p->reply, v.title);
    tpl_order_shop_view(p->out, &v);
    return OK;
}

enum err page_order_shop_print(struct page *p, const struct order_shop_print_in *in) {
    struct order o;
    TRY(order_get_own(p->db, in->id, &o));
    struct setting_place place = {p->view->website_id, p->view->id};
    const struct tpl_order_shop_print v = {
        .id = o.id,
        .shop = setting_text(p->settings, SETTING_STORE_NAME, place),
        .title = title_of(p, &o),
        .placed = o.created_us,
        .state = state_title(p, o.sales.state),
        .body = body_of(p, &o),
    };
    reply_title(p->reply, v.title);
    tpl_order_shop_print(p->out, &v);
    return OK;
}
