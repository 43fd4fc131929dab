/* Ways to pay. One interface for all: those that ask nothing of anybody now (the customer pays later), and
 * those of a provider, to whose page the customer is sent before the order counts. */
#ifndef SHOP_PAYMENT_PAYMENT_H
#define SHOP_PAYMENT_PAYMENT_H

#include "base/base.h"
#include "db/db.h"
#include "settings/settings.h"
#include "store/store.h"

enum { PAYMENT_METHODS_MAX = 8 };

struct payment_method {
    str code;          /* "bank_transfer", "cash_on_delivery", "purchase_order" */
    str title;         /* in the view's language, or as the shop named it */
    str instructions;  /* what the customer has to do; may be empty */
    bool offline;      /* nobody is asked now: the order counts at once. false: paid at a provider first */
    bool wants_number; /* the customer gives the number of a purchase order */
};

/* The methods that are offered in this store view, in their order; texts in the arena. Returns how many of
 * `ret` were filled. Any thread. */
size_t payment_methods(struct arena *a, const struct settings *settings, const struct store_view *view,
                       struct payment_method ret[PAYMENT_METHODS_MAX]);
/* The offered method with this code; false when it is not offered (any more). */
bool payment_method_find(struct arena *a, const struct settings *settings, const struct store_view *view,
                         str code, struct payment_method *ret);
/* Where paying begins, for a method that is not offline: a path in the shop, to which the browser is sent
 * once the orders of this checkout are placed (as PENDING_PAYMENT). Arena. */
str payment_begin_path(struct arena *a, const struct payment_method *method, str checkout_key);

/* ---- providers: who takes the money for a method that is not offline. docs/payment.md is the protocol. ----
 */

struct payment_provider {
    str url;    /* "https://pay.example", without a slash at its end */
    str secret; /* what both sign with; never shown, logged or sent */
};
/* False when the method has no provider here, or its address or secret is missing; also for a method that is
 * switched off: payments of orders that stand still arrive. */
bool payment_provider_of(const struct settings *settings, i64 website_id, str code,
                         struct payment_provider *ret);
/* HMAC-SHA-256 over the fields, joined by line feeds, as base64url. No field holds a line feed. Arena. */
str payment_signature(struct arena *a, str secret, const str *fields, size_t n);

struct page;
/* The answer to a message that was taken. */
void payment_acknowledge(struct page *p);

/* ---- giving money back through the provider that took it ---- */

struct op;
struct order;

enum payment_refund_state {
    PAYMENT_REFUND_WAITING, /* asked for, or about to be: nobody knows yet what became of it */
    PAYMENT_REFUND_DONE,
    PAYMENT_REFUND_REFUSED
};
struct payment_refund {
    i64 id, amount, tries;
    enum payment_refund_state state;
    str reason; /* what the provider said when it refused; may be empty */
};

/* Can money of this order go back through a provider? It was paid there, and the provider is set up. */
enum err payment_refund_offered(struct db_r *r, const struct settings *settings, const struct order *o,
                                bool *ret) MUST_CHECK;
/* The provider is asked in the background to give back `amount` (above 0) of a credit memo of this order,
 * which was paid there; once for each credit memo. Writer only. */
enum err payment_refund_ask(struct op *op, const struct order *o, i64 creditmemo_id, i64 amount) MUST_CHECK;
/* What became of it; ERR_NOT_FOUND when the money did not go back this way. In the handle's arena. */
enum err payment_refund_of(struct db_r *r, i64 creditmemo_id, struct payment_refund *ret) MUST_CHECK;
/* Asks once more for a refund that was refused, as a new one. ERR_CONFLICT when it was not. Writer only. */
enum err payment_refund_again(struct op *op, const struct payment_refund *refund) MUST_CHECK;

/* What the provider says of a refund; the fields of docs/payment.md. */
struct payment_refund_told {
    str method, refund, payment, order;
    str key;   /* empty: it did it on its own */
    str event; /* "refunded" or "refused" */
    i64 amount;
    str currency, reason, signature;
};
/* Takes the provider's message. Refuses (ERR_FORBIDDEN) what is not signed or about no order; settles a
 * refund that we asked for. *ret_own: the provider gave money back on its own and says so for the first time;
 * the caller finds the credit memo for it, and notes both with payment_refund_own. Writer only. */
enum err payment_refund_take(struct op *op, const struct payment_refund_told *told, bool *ret_own) MUST_CHECK;
/* Notes that what the provider did on its own is the money of this credit memo; the customer reads it too.
 * Writer only. */
enum err payment_refund_own(struct op *op, const struct payment_refund_told *told, const struct order *o,
                            i64 creditmemo_id) MUST_CHECK;
/* Notes what the provider did on its own when there is no credit memo for it: staff read at each of the
 * checkout's orders what is to be done. Writer only. */
enum err payment_refund_unplaced(struct op *op, const struct payment_refund_told *told,
                                 const struct order *orders, size_t n) MUST_CHECK;

#endif
