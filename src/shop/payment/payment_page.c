/* The page that leads to the provider and waits for its word. What the browser brings back from there counts
 * for nothing: only what the provider tells us itself does, so it does not matter which of the two comes
 * first. */
#include "assist/assist.h"
#include "shop/payment/payment_inside.h"

/* The orders of one checkout, seen as one payment: those that wait for it. When none does: all of them. */
struct due {
    struct payment_orders *orders;
    size_t orders_n;
    i64 total;
    str currency;
    bool waits; /* for the payment */
    bool canceled;
};

/* Staff may have canceled some of a checkout's orders: the others are still to be paid. */
static void keep_waiting(struct due *due) {
    size_t n = 0;
    for (size_t i = 0; i < due->orders_n; i++)
        if (str_eq(due->orders[i].state, sales_state_word(SALES_PENDING_PAYMENT)))
            due->orders[n++] = due->orders[i];
    due->waits = n > 0;
    if (n) due->orders_n = n;
}

/* For those who placed them; ERR_NOT_FOUND when there are none that are paid this way. */
static enum err due_own(struct db_r *r, const struct actor *actor, str method, str key, struct due *ret) {
    *ret = (struct due){.canceled = true};
    TRY(payment_orders(r, key, actor->shop_session_id, &ret->orders, &ret->orders_n));
    if (!ret->orders_n) return ERR_NOT_FOUND;
    for (size_t i = 0; i < ret->orders_n; i++) {
        if (!str_eq(ret->orders[i].payment_method, method)) return ERR_NOT_FOUND;
        ret->canceled = ret->canceled && str_eq(ret->orders[i].state, sales_state_word(SALES_CANCELED));
    }
    keep_waiting(ret);
    for (size_t i = 0; i < ret->orders_n; i++)
        ret->total += ret->orders[i].total;
    ret->currency = ret->orders[0].currency;
    return OK;
}

static str number(struct arena *a, i64 n) {
    return arena_printf(a, "%lld", (long long)n);
}

static str pay_path(struct arena *a, str method, str key) {
    return ARENA_CAT(a, S("/checkout/pay/"), method, S("/"), key);
}

/* Letters, digits and -_.~ stand for themselves (RFC 3986 section 2.3). */
static str url_escape(struct arena *a, str text) {
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, text.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_.~", c)) {
            out[n++] = (char)c;
        } else {
            out[n++] = '%';
            out[n++] = digits[c >> 4];
            out[n++] = digits[c & 15];
        }
    }
    return (str){out, n};
}

/* The address of the provider's page for this payment, signed. May it offer to keep the means of payment?
 * Only to customers in person. */
static str provider_address(struct page *p, const struct payment_provider *to, const struct due *due,
                            str method, str key) {
    static const str names[] = {S_INIT("order"), S_INIT("amount"), S_INIT("currency"),
                                S_INIT("keep"),  S_INIT("return"), S_INIT("notify")};
    const str fields[] = {
        key,
        number(p->arena, due->total),
        due->currency,
        p->actor->kind == ACTOR_CUSTOMER ? S("1") : S("0"),
        reply_address(p->reply, pay_path(p->arena, method, key)),
        S("/payment/webhook"),
    };
    str address = ARENA_CAT(p->arena, to->url, S("/pay?"));
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        address = ARENA_CAT(p->arena, address, names[i], S("="), url_escape(p->arena, fields[i]), S("&"));
    return ARENA_CAT(p->arena, address, S("signature="),
                     payment_signature(p->arena, to->secret, fields, COUNT_OF(fields)));
}

static enum err fill_means(struct page *p, str method, struct tpl_payment_begin *v) {
    struct payment_tokens *rows;
    size_t n;
    if (!actor_self(p->actor)) return OK;
    TRY(payment_tokens(p->db, &rows, &n));
    struct tpl_payment_begin_means *means = ARENA_ARRAY(p->arena, struct tpl_payment_begin_means, n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].method, method))
            means[v->means_n++] = (struct tpl_payment_begin_means){.id = rows[i].id, .label = rows[i].label};
    v->means = means;
    return OK;
}

static enum err fill_state(struct page *p, const struct due *due, str key, struct tpl_payment_begin *v) {
    struct payment_last last;
    struct payment_charge_open charge;
    enum err e = payment_last(p->db, due->orders[0].id, &last);
    if (e && e != ERR_NOT_FOUND) return e;
    v->failed = !e && str_eq(last.event, S("failed"));
    e = payment_charge_open(p->db, key, &charge);
    if (e && e != ERR_NOT_FOUND) return e;
    v->charging = !e;
    return OK;
}

enum err page_payment_begin(struct page *p, const struct payment_begin_in *in) {
    struct due due;
    struct payment_provider provider;
    TRY(due_own(p->db, p->actor, in->method, in->key, &due));
    if (!due.waits && !due.canceled) {
        reply_redirect(p->reply, S("/checkout/success"));
        return OK;
    }
    struct tpl_payment_begin v = {
        .method = in->method,
        .key = in->key,
        .canceled = due.canceled,
        .title = due.orders[0].payment_title,
        .total = i18n_money_in(p->arena, p->view->locale, due.currency, due.total),
        .assisted = p->actor->kind == ACTOR_ASSISTED,
        .customer = actor_self(p->actor) != 0,
    };
    struct tpl_payment_begin_orders *orders =
        ARENA_ARRAY(p->arena, struct tpl_payment_begin_orders, due.orders_n);
    for (; v.orders_n < due.orders_n; v.orders_n++)
        orders[v.orders_n] = (struct tpl_payment_begin_orders){
            .number = number(p->arena, due.orders[v.orders_n].number),
            .total = i18n_money_in(p->arena, p->view->locale, due.currency, due.orders[v.orders_n].total)};
    v.orders = orders;
    if (due.waits && payment_provider_of(p->settings, due.orders[0].website_id, in->method, &provider))
        v.provider_url = provider_address(p, &provider, &due, in->method, in->key);
    TRY(fill_means(p, in->method, &v));
    TRY(fill_state(p, &due, in->key, &v));
    reply_title(p->reply, i18n_get(p->lang, T("Pay Your Order")));
    tpl_payment_begin(p->out, &v);
    return OK;
}

/* ---- a stored means of payment ---- */

enum err op_payment_stored(struct op *op, const struct payment_stored_in *in) {
    struct due due;
    struct payment_token_own token;
    struct payment_charge_open charge;
    TRY(due_own(op->r, op->actor, in->method, in->key, &due));
    enum err e = payment_token_own(op->r, in->token_id, &token);
    if (e == ERR_NOT_FOUND || (!e && !str_eq(token.method, in->method)))
        return op_fail(op, ERR_NOT_FOUND,
                       i18n_get(op->lang, T("This means of payment is not kept any more.")));
    if (e) return e;
    op_subject_text(op, "checkout", in->key, token.label);
    op_redirect(op, pay_path(op->arena, in->method, in->key));
    e = payment_charge_open(op->r, in->key, &charge);
    if (e && e != ERR_NOT_FOUND) return e;
    if (!e || !due.waits) { /* asked for already, or paid: the page says so */
        op_unchanged(op);
        return OK;
    }
    TRY(payment_charge_put(op->w, in->key, due.orders[0].website_id, in->method, token.token, due.total,
                           due.currency, op->now_us, NULL));
    op_change(op, "means of payment", STR_NULL, token.label);
    op_change_i64(op, "amount", 0, due.total);
    return OK;
}

/* ---- the account's page of them ---- */

enum err page_payment_means(struct page *p, const struct payment_means_in *in) {
    struct payment_tokens *rows;
    size_t n;
    (void)in;
    TRY(payment_tokens(p->db, &rows, &n));
    struct tpl_payment_means_rows *out = ARENA_ARRAY(p->arena, struct tpl_payment_means_rows, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct tpl_payment_means_rows){
            .id = rows[i].id, .label = rows[i].label, .since = rows[i].created_us};
    const struct tpl_payment_means v = {.rows = out,
                                        .rows_n = n,
                                        .assisted = p->actor->kind == ACTOR_ASSISTED,
                                        .assist_on = assist_is_on(p->settings)};
    reply_title(p->reply, i18n_get(p->lang, T("Stored Payment Methods")));
    tpl_payment_means(p->out, &v);
    return OK;
}

enum err op_payment_means_drop(struct op *op, const struct payment_means_drop_in *in) {
    struct payment_token_own token;
    enum err e = payment_token_own(op->r, in->id, &token);
    if (e == ERR_NOT_FOUND)
        return op_fail(op, e, i18n_get(op->lang, T("This means of payment is not kept any more.")));
    if (e) return e;
    TRY(payment_token_drop(op->w, in->id, NULL));
    op_subject(op, "means of payment", in->id, token.label);
    op_change(op, "means of payment", token.label, STR_NULL);
    op_notice(op, i18n_get(op->lang, T("The means of payment was removed.")));
    op_redirect(op, S("/customer/payment-methods"));
    return OK;
}
