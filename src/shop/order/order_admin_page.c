/* The order's page in the Admin: one tab at a time. */
#include "assist/assist.h"
#include "gen/ids.h"
#include "gen/order_tpl.h"
#include "shop/order/order_admin_inside.h"

str order_admin_path(struct arena *a, i64 id, const char *tab) {
    return *tab ? arena_printf(a, "/admin/orders/%lld?tab=%s", (long long)id, tab)
                : arena_printf(a, "/admin/orders/%lld", (long long)id);
}

static str text(const struct page *p, str msgid) {
    return i18n_get(p->lang, msgid);
}

static str under_order(const struct page *p, const struct order *o, const char *rest) {
    return arena_printf(p->arena, "/admin/orders/%lld/%s", (long long)o->id, rest);
}

/* ---- title and buttons ---- */

static bool can(const struct page *p, const struct order *o, enum sales_action action, int resource) {
    return sales_may(&o->sales, action) && actor_may(p->actor, resource);
}

static void frame(struct page *p, const struct order *o) {
    struct html out;
    const struct tpl_order_admin_actions v = {
        .id = o->id,
        .customer_id = o->customer_id.v,
        .assist = order_customer_reached(p->actor, o) && actor_may(p->actor, RESOURCE_ASSIST_LOGIN) &&
                  assist_is_on(p->settings),
        .reorder = order_customer_reached(p->actor, o) || o->guest,
        .cancel = sales_may(&o->sales, SALES_DO_CANCEL),
        .hold = sales_may(&o->sales, SALES_DO_HOLD),
        .unhold = sales_may(&o->sales, SALES_DO_UNHOLD),
        .invoice_url =
            can(p, o, SALES_DO_INVOICE, RESOURCE_INVOICE_CREATE) ? under_order(p, o, "invoice/new") : S(""),
        .ship_url =
            can(p, o, SALES_DO_SHIP, RESOURCE_SHIPMENT_CREATE) ? under_order(p, o, "shipment/new") : S(""),
        .refund_url = can(p, o, SALES_DO_REFUND, RESOURCE_CREDITMEMO_CREATE)
                          ? under_order(p, o, "creditmemo/new")
                          : S(""),
    };
    html_init(&out, p->arena, p->out->env, 32 * 1024);
    tpl_order_admin_actions(&out, &v);
    reply_actions(p->reply, html_take(&out));
    html_done(&out);
    const struct i18n_arg number = {S_INIT("number"), order_number_text(p->arena, o->number)};
    reply_title(p->reply, i18n_format_message(p->arena, p->lang, T("Order {number}"), &number, 1));
    reply_menu(p->reply, "admin_orders");
}

/* The tabs that this reader has. */
static struct tpl_order_admin_nav nav(const struct page *p, const struct order *o, const char *tab) {
    return (struct tpl_order_admin_nav){.id = o->id,
                                        .tab = str_c(tab),
                                        .invoices = actor_may(p->actor, RESOURCE_INVOICE_VIEW),
                                        .creditmemos = actor_may(p->actor, RESOURCE_CREDITMEMO_VIEW),
                                        .shipments = actor_may(p->actor, RESOURCE_SHIPMENT_VIEW)};
}

static html_t nav_html(struct page *p, const struct order *o, const char *tab) {
    struct html out;
    const struct tpl_order_admin_nav v = nav(p, o, tab);
    html_init(&out, p->arena, p->out->env, 32 * 1024);
    tpl_order_admin_nav(&out, &v);
    html_t piece = html_take(&out);
    html_done(&out);
    return piece;
}

/* ---- Information ---- */

static str document_title(const struct page *p, str word) {
    str msgid = str_eq(word, S("invoice"))      ? T("Invoice")
                : str_eq(word, S("shipment"))   ? T("Shipment")
                : str_eq(word, S("creditmemo")) ? T("Credit Memo")
                                                : T("Order");
    return text(p, msgid);
}

static str author_of(const struct page *p, const struct order_admin_comments *c) {
    if (c->staff_name.n) return c->staff_name;
    return str_eq(c->author, S("customer")) ? text(p, T("The customer")) : text(p, T("The system"));
}

static struct tpl_order_admin_history_rows comment_row(const struct page *p,
                                                       const struct order_admin_comments *c) {
    return (struct tpl_order_admin_history_rows){
        .at_us = c->created_us,
        .about = document_title(p, c->document),
        .state = text(p, sales_state_title(sales_state_by_word(c->state))),
        .body = c->body,
        .author = author_of(p, c),
        .visible = c->visible,
        .mailed = c->mailed,
        .comment = true,
    };
}

static enum err comments_of(struct page *p, const struct order *o, bool whole,
                            struct tpl_order_admin_history_rows **ret, size_t *ret_n) {
    struct order_admin_comments *rows;
    TRY(order_admin_comments(p->db, o->id, whole, &rows, ret_n));
    *ret = ARENA_ARRAY(p->arena, struct tpl_order_admin_history_rows, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = comment_row(p, &rows[i]);
    return OK;
}

/* What was paid, given back and is still due, under the totals. */
static size_t standing(const struct order *o, struct order_extra ret[4]) {
    const struct sales_order *s = &o->sales;
    size_t n = 0;
    if (s->canceled) ret[n++] = (struct order_extra){T("Total Canceled"), s->canceled, true};
    ret[n++] = (struct order_extra){T("Total Paid"), s->paid, true};
    ret[n++] = (struct order_extra){T("Total Refunded"), s->refunded, true};
    ret[n++] = (struct order_extra){T("Total Due"), sales_due(s), true};
    return n;
}

/* The state went on meanwhile: the button that was pressed is not there any more, and its message with it. */
static str problem_of(const struct page *p, const struct order *o) {
    if (!p->form) return S("");
    bool gone = (p->form->op == OP_ORDER_CANCEL && !sales_may(&o->sales, SALES_DO_CANCEL)) ||
                (p->form->op == OP_ORDER_HOLD && !sales_may(&o->sales, SALES_DO_HOLD)) ||
                (p->form->op == OP_ORDER_UNHOLD && !sales_may(&o->sales, SALES_DO_UNHOLD));
    return gone ? p->form->message : S("");
}

static enum err show_information(struct page *p, const struct order *o) {
    struct order_extra extras[4];
    struct tpl_order_admin_history_rows *rows;
    struct tpl_order_admin_view v = {
        .id = o->id, .nav = nav_html(p, o, "information"), .problem = problem_of(p, o)};
    TRY(order_show_about(p, o, &v.about));
    TRY(comments_of(p, o, false, &rows, &v.rows_n));
    v.rows = rows;
    v.items = order_show_items(p, o, true);
    v.totals = order_show_totals(p, o, &o->sales.totals, extras, standing(o, extras));
    tpl_order_admin_view(p->out, &v);
    return OK;
}

/* ---- Invoices, Shipments, Credit Memos ---- */

static void show_list(struct page *p, const struct order *o, const char *tab, str title, str empty,
                      const struct tpl_order_admin_documents_rows *rows, size_t n) {
    const struct tpl_order_admin_documents v = {.nav = nav_html(p, o, tab),
                                                .title = text(p, title),
                                                .empty = text(p, empty),
                                                .amounts = !str_eq(title, S("Shipments")),
                                                .rows = rows,
                                                .rows_n = n};
    tpl_order_admin_documents(p->out, &v);
}

static str document_path(const struct page *p, const char *kind, i64 id) {
    return arena_printf(p->arena, "/admin/%s/%lld", kind, (long long)id);
}

static void invoice_state(const struct page *p, str word, struct tpl_order_admin_documents_rows *row) {
    bool paid = str_eq(word, S("paid")), open = str_eq(word, S("open"));
    row->state = text(p, paid ? T("Paid") : open ? T("Open") : T("Canceled"));
    row->tone = paid ? S("good") : open ? S("info") : S("bad");
}

static enum err show_invoices(struct page *p, const struct order *o) {
    struct order_invoices *rows;
    size_t n;
    TRY(order_invoices(p->db, o->id, &rows, &n));
    struct tpl_order_admin_documents_rows *out =
        ARENA_ARRAY(p->arena, struct tpl_order_admin_documents_rows, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct tpl_order_admin_documents_rows){
            .number = order_number_text(p->arena, rows[i].number),
            .link = document_path(p, "invoices", rows[i].id),
            .created_us = rows[i].created_us,
            .by = rows[i].staff_name,
            .extent = order_money(p->arena, o, order_page_locale(p), rows[i].total),
        };
        invoice_state(p, rows[i].state, &out[i]);
    }
    show_list(p, o, "invoices", T("Invoices"), T("There are no invoices of this order yet."), out, n);
    return OK;
}

/* Not everything that is to be given back has been. */
static void refund_state(const struct page *p, str word, struct tpl_order_admin_documents_rows *row) {
    bool waits = str_eq(word, S("waiting")), refused = str_eq(word, S("refused"));
    row->state = text(p, waits ? T("Refund Requested") : refused ? T("Refund Refused") : T("Refunded"));
    row->tone = waits ? S("warn") : refused ? S("bad") : S("good");
}

static enum err show_creditmemos(struct page *p, const struct order *o) {
    struct order_creditmemos *rows;
    size_t n;
    TRY(order_creditmemos(p->db, o->id, &rows, &n));
    struct tpl_order_admin_documents_rows *out =
        ARENA_ARRAY(p->arena, struct tpl_order_admin_documents_rows, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct tpl_order_admin_documents_rows){
            .number = order_number_text(p->arena, rows[i].number),
            .link = document_path(p, "creditmemos", rows[i].id),
            .created_us = rows[i].created_us,
            .by = rows[i].staff_name,
            .extent = order_money(p->arena, o, order_page_locale(p), rows[i].total),
        };
        refund_state(p, rows[i].refund, &out[i]);
    }
    show_list(p, o, "creditmemos", T("Credit Memos"), T("There are no credit memos of this order yet."), out,
              n);
    return OK;
}

static str tracking_of(const struct page *p, const struct order_tracks *rows, size_t n, i64 shipment) {
    str out = S("");
    for (size_t i = 0; i < n; i++)
        if (rows[i].shipment_id == shipment)
            out = ARENA_CAT(p->arena, out, out.n ? S(", ") : S(""), rows[i].title, S(" "),
                            rows[i].track_number);
    return out;
}

static enum err show_shipments(struct page *p, const struct order *o) {
    struct order_shipments *rows;
    struct order_tracks *tracks;
    size_t n, tracks_n;
    TRY(order_shipments(p->db, o->id, &rows, &n));
    TRY(order_tracks(p->db, o->id, &tracks, &tracks_n));
    struct tpl_order_admin_documents_rows *out =
        ARENA_ARRAY(p->arena, struct tpl_order_admin_documents_rows, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct tpl_order_admin_documents_rows){
            .number = order_number_text(p->arena, rows[i].number),
            .link = document_path(p, "shipments", rows[i].id),
            .created_us = rows[i].created_us,
            .by = rows[i].staff_name,
            .extent = order_number_text(p->arena, rows[i].pieces),
            .state = tracking_of(p, tracks, tracks_n, rows[i].id),
        };
    show_list(p, o, "shipments", T("Shipments"), T("There are no shipments of this order yet."), out, n);
    return OK;
}

/* ---- Comments History ---- */

static struct tpl_order_admin_history_rows made_row(const struct page *p, const struct order_admin_made *m) {
    const struct i18n_arg args[] = {{S_INIT("document"), document_title(p, m->document)},
                                    {S_INIT("number"), order_number_text(p->arena, m->number)}};
    return (struct tpl_order_admin_history_rows){
        .at_us = m->created_us,
        .about = i18n_format_message(p->arena, p->lang, T("{document} {number} created"), args, 2),
        .author = m->staff_name.n ? m->staff_name : text(p, T("The system")),
    };
}

/* Comments and documents by their time, the newest first; both come in that order. */
static enum err show_history(struct page *p, const struct order *o) {
    struct tpl_order_admin_history_rows *comments, *all;
    struct order_admin_made *made;
    size_t n, made_n, i = 0, k = 0;
    TRY(comments_of(p, o, true, &comments, &n));
    TRY(order_admin_made(p->db, o->id, &made, &made_n));
    all = ARENA_ARRAY(p->arena, struct tpl_order_admin_history_rows, n + made_n + 1);
    while (i < n || k < made_n) {
        bool comment = i < n && (k == made_n || comments[i].at_us >= made[k].created_us);
        size_t at = i + k;
        all[at] = comment ? comments[i++] : made_row(p, &made[k++]);
    }
    all[n + made_n] = (struct tpl_order_admin_history_rows){
        .at_us = o->created_us,
        .about = text(p, T("Order placed")),
        .author = o->staff_id.set ? o->staff_name : order_customer_name(p->arena, o)};
    const struct tpl_order_admin_comments v = {
        .nav = nav_html(p, o, "comments"), .rows = all, .rows_n = n + made_n + 1};
    tpl_order_admin_comments(p->out, &v);
    return OK;
}

/* ---- the page ---- */

enum err page_admin_order(struct page *p, const struct admin_order_in *in) {
    struct order o;
    TRY(order_get_scoped(p->db, in->id, &o));
    struct tpl_order_admin_nav has = nav(p, &o, "");
    frame(p, &o);
    switch (in->tab) {
    case ADMIN_ORDER_TAB_INVOICES: return has.invoices ? show_invoices(p, &o) : ERR_NOT_FOUND;
    case ADMIN_ORDER_TAB_CREDITMEMOS: return has.creditmemos ? show_creditmemos(p, &o) : ERR_NOT_FOUND;
    case ADMIN_ORDER_TAB_SHIPMENTS: return has.shipments ? show_shipments(p, &o) : ERR_NOT_FOUND;
    case ADMIN_ORDER_TAB_COMMENTS: return show_history(p, &o);
    default: return show_information(p, &o);
    }
}
