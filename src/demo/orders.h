/* Orders of the demo shop and the assisted sessions of its support, as their files share them. An order is a
 * function of its place in the stream: made again it is the same, so nothing of it is kept while its later
 * steps wait for their time. */
#ifndef DEMO_ORDERS_H
#define DEMO_ORDERS_H

#include "demo/inside.h"
#include "gen/demo_orders_sql.h"
#include "gen/demo_sql.h"
#include "i18n/i18n.h"
#include "sales/sales.h"

/* What may happen to an order, and how far it has come by today. */
enum demo_story {
    STORY_COMPLETE,  /* invoiced and sent, each at once */
    STORY_SPLIT,     /* in two parts each */
    STORY_RETURNED,  /* complete, then some of it came back */
    STORY_CLOSED,    /* complete, then all of it came back */
    STORY_CANCELED,  /* before anything was sent */
    STORY_CUT,       /* some was sent, the rest canceled */
    STORY_RELEASED,  /* on hold for a while, then complete */
    STORY_HELD,      /* on hold until today */
    STORY_NEW,       /* nothing yet */
    STORY_INVOICED,  /* waits to be sent */
    STORY_SHIPPED,   /* waits for its invoice */
    STORY_HALF,      /* some was invoiced and sent, the rest waits */
    STORY_UNPAID,    /* waits for the payment provider */
    STORY_ABANDONED, /* the provider was never answered: canceled */
    STORY_MAX
};

/* An assisted session that was; in some of them staff placed an order for the customer. */
struct demo_visit {
    struct demo_consenting customer;
    i64 drawn; /* which of the made-up customers that is */
    enum demo_staff staff;
    str ip; /* the staff user's */
    i64 at_us, ended_us;
    str cause;                   /* of its end */
    struct demo_in_carts *items; /* what was put into the cart */
    size_t items_n;
    opt_i64 order_us;                       /* an order was placed then; … */
    i64 order_id, order_number;             /* … known when it was written */
    const struct demo_never_asked *refused; /* whom support had tried to help just before; NULL: nobody */
};
str demo_staff_name(enum demo_staff staff); /* STAFF_MAX: empty */

enum demo_shipping { SHIP_FLAT, SHIP_FREE, SHIP_TABLE, SHIP_MAX };
enum demo_payment { PAY_BANK, PAY_COD, PAY_PO, PAY_ONLINE, PAY_MAX };
extern const str demo_shipping_codes[SHIP_MAX], demo_payment_codes[PAY_MAX];
/* In the language of the order: msgids of the shop's own. */
extern const str demo_shipping_titles[SHIP_MAX], demo_payment_titles[PAY_MAX];

/* What the orders are made from: read once, before the first. */
struct demo_ledger {
    const struct demo_world *world;
    struct demo_goods *goods[SITE_MAX];
    size_t goods_n[SITE_MAX];
    struct demo_tax_rates *taxes;
    size_t taxes_n;
    struct demo_shipping_rates *parcels;
    size_t parcels_n;
    struct demo_coupons *coupons;
    size_t coupons_n;
    i64 orders;                /* how many made-up ones */
    struct demo_visit *visits; /* in the order of time */
    size_t visits_n;
};
/* Everything in `a`, from the ground of the shop with its customers. */
enum err demo_ledger_read(struct db_r *r, struct arena *a, const struct demo_world *world, i64 orders,
                          struct demo_ledger *ret) MUST_CHECK;
/* Orders of customers and guests, l->orders besides those that are planned for the named customers and those
 * that staff placed, with all that happened to them, in the order of time. Memory for the whole run is taken
 * from `a`. orders.c */
enum err demo_make_orders(struct db_w *w, struct arena *a, struct demo_ledger *l) MUST_CHECK;
/* When support helped whom, without writing anything; and then the sessions with what the record has of them.
 * history.c */
enum err demo_plan_visits(struct db_r *r, struct arena *a, struct demo_ledger *l) MUST_CHECK;
enum err demo_make_history(struct db_w *w, struct arena *a, struct demo_world *world,
                           const struct demo_ledger *l) MUST_CHECK;

/* An order that must be there: of a named customer. */
struct demo_plan {
    size_t named;
    i64 days, hour; /* days ago, hour of that day */
    enum demo_story story;
    enum demo_payment payment;
    enum demo_view view;
    bool coupon;
};
extern const struct demo_plan demo_plans[];
extern const size_t demo_plans_n;
i64 demo_plan_at(size_t plan);
/* When made-up order n of `total` was placed: in growing numbers, more by day than by night. */
i64 demo_order_at(i64 n, i64 total);

/* Where an order comes from: made-up one n, planned one n, or the order of visit n. */
struct demo_source {
    enum demo_source_kind { SOURCE_DRAWN, SOURCE_PLANNED, SOURCE_VISIT } kind;
    i64 n;
};

enum { DEMO_ITEMS = 6, DEMO_STEPS = 12 };

enum demo_step_kind { DEMO_NOTE, DEMO_INVOICE, DEMO_SHIPMENT, DEMO_CREDITMEMO };
enum demo_author { AUTHOR_SYSTEM, AUTHOR_STAFF };

/* Something that happened, with the comment that was written at it. */
struct demo_step {
    enum demo_step_kind kind;
    i64 at_us;
    enum sales_state state; /* of the order, after it */
    enum demo_staff staff;  /* STAFF_MAX: nobody */
    enum demo_author author;
    str comment; /* empty: none */
    bool visible, mailed;

    struct sales_document document;
    bool taken_back; /* an invoice that was canceled */
    opt_i64 paid_us; /* an invoice */
    i64 adjustment, fee;
    bool restocked;
    size_t of_step;                    /* a credit memo: the step of its invoice */
    str carrier, carrier_title, track; /* a shipment; empty: none */
};

struct demo_order {
    i64 at_us, updated_us;
    enum demo_story story;
    enum demo_site site;
    enum demo_view view;
    enum demo_group group;
    enum lang lang;
    opt_i64 customer_id;
    bool guest, elsewhere; /* elsewhere: sent to the second address */
    struct demo_person person;
    str email, ip;
    const struct demo_goods *goods[DEMO_ITEMS]; /* of sales.items */
    i64 tax_bp[DEMO_ITEMS];
    struct sales_order sales; /* as it stands today */
    struct sales_item items[DEMO_ITEMS];
    enum demo_shipping shipping;
    enum demo_payment payment;
    str purchase_order;
    const struct demo_coupons *coupon; /* NULL: none */
    const struct demo_visit *visit;    /* in which staff placed it; NULL: somebody else did */
    i64 weight_g;
    str key; /* of its checkout */
    struct demo_step steps[DEMO_STEPS];
    size_t steps_n;
};
/* The order as it was placed: who, what, where to. orders_draft.c */
void demo_order_draft(struct arena *a, const struct demo_ledger *l, struct demo_source from,
                      struct demo_order *ret, struct demo_dice *ret_dice);
/* Tells what happened to it until today, through the arithmetic of sales/. orders_story.c */
void demo_order_tell(struct arena *a, struct demo_order *o, struct demo_dice *d);

/* The numbers that an order and its steps got: of the document, or of the order for a note. And the id of the
 * first item. */
struct demo_numbers {
    i64 order, step[DEMO_STEPS];
    i64 first_item;
};
/* Numbers of a kind begin at 1 behind its hundreds of millions, and so does the id. */
static inline i64 demo_id_of(i64 number) {
    return number % 100000000;
}
/* The rows of the order as it stands today, without its steps; and of one step. orders_write.c */
enum err demo_order_write(struct db_w *w, struct arena *a, const struct demo_world *world,
                          const struct demo_order *o, const struct demo_numbers *numbers) MUST_CHECK;
enum err demo_step_write(struct db_w *w, struct arena *a, const struct demo_world *world,
                         const struct demo_order *o, size_t step,
                         const struct demo_numbers *numbers) MUST_CHECK;

#endif
