/* The table of states, and what follows from the quantities of an order. */
#include "sales/sales.h"

struct state_row {
    str word, title;
    const char *tone;
    unsigned may;
};

#define DO(action) (1u << SALES_DO_##action)
#define T(msgid)   S_INIT(msgid)
static const struct state_row states[SALES_STATE_MAX] = {
#define SALES_STATE(name, word, title, tone, may) {S_INIT(word), title, tone, may},
#include "sales/states.def"
#undef SALES_STATE
};

enum sales_state sales_state_by_word(str word) {
    for (int i = 0; i < SALES_STATE_MAX; i++)
        if (str_eq(states[i].word, word)) return (enum sales_state)i;
    return SALES_STATE_MAX;
}

str sales_state_word(enum sales_state s) {
    return s < SALES_STATE_MAX ? states[s].word : S("");
}

str sales_state_title(enum sales_state s) {
    return s < SALES_STATE_MAX ? states[s].title : S("");
}

const char *sales_state_tone(enum sales_state s) {
    return s < SALES_STATE_MAX ? states[s].tone : "muted";
}

i64 sales_due(const struct sales_order *o) {
    return o->totals.total - o->canceled - o->paid;
}

i64 sales_to_invoice(const struct sales_item *i) {
    return i->ordered - i->canceled - i->invoiced;
}

i64 sales_to_ship(const struct sales_item *i) {
    return i->ordered - i->canceled - i->withdrawn - i->shipped;
}

i64 sales_to_refund(const struct sales_item *i) {
    return i->invoiced - i->refunded;
}

i64 sales_to_cancel(const struct sales_item *i) {
    return MIN_OF(sales_to_invoice(i), sales_to_ship(i));
}

i64 sales_refundable(const struct sales_order *o) {
    return o->paid - o->refunded;
}

static i64 left(const struct sales_order *o, i64 (*of)(const struct sales_item *)) {
    i64 sum = 0;
    for (size_t i = 0; i < o->items_n; i++)
        sum += of(&o->items[i]);
    return sum;
}

bool sales_may(const struct sales_order *o, enum sales_action action) {
    if (o->state >= SALES_STATE_MAX || !(states[o->state].may >> action & 1)) return false;
    switch (action) {
    case SALES_DO_CANCEL: return left(o, sales_to_cancel) > 0;
    case SALES_DO_INVOICE: return left(o, sales_to_invoice) > 0;
    case SALES_DO_SHIP: return left(o, sales_to_ship) > 0;
    case SALES_DO_REFUND: return sales_refundable(o) > 0;
    default: return true;
    }
}

enum sales_state sales_state_after(const struct sales_order *o) {
    i64 ordered = 0, canceled = 0, invoiced = 0, shipped = 0, refunded = 0;
    if (o->state == SALES_HOLDED || o->state == SALES_PENDING_PAYMENT) return o->state;
    for (size_t i = 0; i < o->items_n; i++) {
        ordered += o->items[i].ordered;
        canceled += o->items[i].canceled;
        invoiced += o->items[i].invoiced;
        shipped += o->items[i].shipped;
        refunded += o->items[i].refunded;
    }
    if (canceled == ordered) return SALES_CANCELED;
    bool all_refunded = refunded == ordered - canceled || (o->refunded > 0 && o->refunded == o->paid);
    if (left(o, sales_to_invoice) == 0 && o->refunded > 0 && all_refunded && o->paid == o->invoiced)
        return SALES_CLOSED;
    if (left(o, sales_to_invoice) == 0 && left(o, sales_to_ship) == 0) return SALES_COMPLETE;
    return invoiced || shipped || canceled ? SALES_PROCESSING : SALES_PENDING;
}
