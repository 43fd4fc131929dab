/* What happened to an order since it was placed. Everything goes through the arithmetic of sales/, step by
 * step in time, and ends at today: what would come later did not happen yet. */
#include "demo/orders.h"

enum word {
    WORD_PAID_ONLINE,
    WORD_TRANSFER,
    WORD_SENT,
    WORD_SENT_FIRST,
    WORD_SENT_REST,
    WORD_PICKED,
    WORD_CHECK_ADDRESS,
    WORD_ADDRESS_FINE,
    WORD_CANCEL_ASKED,
    WORD_NOT_PAID,
    WORD_ABANDONED,
    WORD_CUT,
    WORD_DAMAGED,
    WORD_DAMAGED_NOTE,
    WORD_TOO_LATE,
    WORD_ALL_BACK,
    WORD_REMIND,
    WORD_WAITS,
    WORD_ERROR,
    WORD_MAX
};

/* What the customer reads is in the language of the order; what staff write for each other is English. */
static const struct {
    str text[LANG_MAX];
    bool visible, mailed;
} words[WORD_MAX] = {
    [WORD_PAID_ONLINE] = {{S_INIT("The payment was received."), S_INIT("De betaling is ontvangen.")},
                          true,
                          false},
    [WORD_TRANSFER] = {{S_INIT("Transfer received, name and amount agree."), STR_NULL}, false, false},
    [WORD_SENT] = {{S_INIT("Your order is on its way to you."), S_INIT("Uw bestelling is naar u onderweg.")},
                   true,
                   true},
    [WORD_SENT_FIRST] = {{S_INIT("We have sent what is in stock; the rest follows as soon as it comes in."),
                          S_INIT(
                              "We hebben verzonden wat op voorraad is; de rest volgt zodra het binnen is.")},
                         true,
                         true},
    [WORD_SENT_REST] = {{S_INIT("This is the rest of your order. Thank you for waiting."),
                         S_INIT("Dit is de rest van uw bestelling. Bedankt voor het wachten.")},
                        true,
                        true},
    [WORD_PICKED] = {{S_INIT("Picked and packed, waits for the carrier."), STR_NULL}, false, false},
    [WORD_CHECK_ADDRESS] =
        {{S_INIT("House number and postcode do not belong together. Called, no answer yet."), STR_NULL},
         false,
         false},
    [WORD_ADDRESS_FINE] = {{S_INIT("Thank you for the call: the address is right, we send it today."),
                            S_INIT("Bedankt voor het telefoontje: het adres klopt, we verzenden vandaag.")},
                           true,
                           true},
    [WORD_CANCEL_ASKED] = {{S_INIT("Canceled, as you asked. Nothing was charged."),
                            S_INIT("Geannuleerd, zoals u vroeg. Er is niets in rekening gebracht.")},
                           true,
                           true},
    [WORD_NOT_PAID] = {{S_INIT("Not paid within fourteen days, reminded twice."), STR_NULL}, false, false},
    [WORD_ABANDONED] = {{S_INIT("The payment was not completed."), S_INIT("De betaling is niet afgerond.")},
                        true,
                        false},
    [WORD_CUT] = {{S_INIT("The maker cannot deliver the rest any more. We have canceled it, and are sorry."),
                   S_INIT(
                       "De maker kan de rest niet meer leveren. Die hebben we geannuleerd; het spijt ons.")},
                  true,
                  true},
    [WORD_DAMAGED] = {{S_INIT("What arrived broken is refunded; you need not send it back."),
                       S_INIT("Wat kapot aankwam is terugbetaald; u hoeft het niet terug te sturen.")},
                      true,
                      true},
    [WORD_DAMAGED_NOTE] =
        {{S_INIT("Photo of the damage is in the mailbox. Third one with this carrier, tell them."), STR_NULL},
         false,
         false},
    [WORD_TOO_LATE] = {{S_INIT("Came back after the thirty days; we keep a little for the handling."),
                        S_INIT("Kwam na de dertig dagen terug; we houden iets in voor de verwerking.")},
                       true,
                       true},
    [WORD_ALL_BACK] = {{S_INIT("We have received everything back and refunded it."),
                        S_INIT("We hebben alles terug ontvangen en terugbetaald.")},
                       true,
                       true},
    [WORD_REMIND] = {{S_INIT("We have not seen your payment yet. Did something go wrong?"),
                      S_INIT("We hebben uw betaling nog niet gezien. Is er iets misgegaan?")},
                     true,
                     true},
    [WORD_WAITS] = {{S_INIT("Waits for one product from Limburg."), STR_NULL}, false, false},
    [WORD_ERROR] = {{S_INIT("Invoice canceled: it had the wrong quantities."), STR_NULL}, false, false},
};

struct tale {
    struct arena *a;
    struct demo_order *o;
    struct demo_dice *d;
    i64 now_us;
    enum demo_staff staff; /* who looks after this order */
};

/* Waits some hours; staff work from eight to six. False when that is not over by today. */
static bool wait(struct tale *t, size_t least, size_t most) {
    t->now_us += (i64)(least * 60 + demo_roll(t->d, (most - least) * 60)) * US_MINUTE;
    i64 day = t->now_us % US_DAY;
    if (day < 8 * US_HOUR) t->now_us += 8 * US_HOUR - day + (i64)demo_roll(t->d, 90) * US_MINUTE;
    if (day > 18 * US_HOUR) t->now_us += 32 * US_HOUR - day + (i64)demo_roll(t->d, 90) * US_MINUTE;
    return t->now_us < DEMO_TODAY_US;
}

static struct demo_step *step(struct tale *t, enum demo_step_kind kind) {
    struct demo_step *s = &t->o->steps[t->o->steps_n++];
    *s = (struct demo_step){.kind = kind,
                            .at_us = t->now_us,
                            .state = t->o->sales.state,
                            .staff = t->staff,
                            .author = AUTHOR_STAFF,
                            .comment = S(""),
                            .carrier = S("")};
    t->o->updated_us = t->now_us;
    return s;
}

static void say(struct tale *t, struct demo_step *s, enum word word) {
    str own = words[word].text[t->o->lang];
    s->comment = words[word].visible && own.p ? own : words[word].text[LANG_EN];
    s->visible = words[word].visible;
    s->mailed = words[word].mailed;
}

/* By the shop itself. */
static void by_system(struct demo_step *s) {
    s->staff = STAFF_MAX;
    s->author = AUTHOR_SYSTEM;
}

/* ---- quantities ---- */

static void all_of(const struct demo_order *o, i64 (*left)(const struct sales_item *), i64 *ret_qty) {
    for (size_t i = 0; i < o->sales.items_n; i++)
        ret_qty[i] = left(&o->items[i]);
}

/* Some pieces, but not all; false when there is only one. */
static bool some_of(struct tale *t, i64 (*left)(const struct sales_item *), i64 *ret_qty) {
    const struct demo_order *o = t->o;
    i64 pieces = 0, taken = 0;
    for (size_t i = 0; i < o->sales.items_n; i++) {
        i64 n = left(&o->items[i]);
        ret_qty[i] = (i64)demo_roll(t->d, (size_t)n + 1);
        pieces += n;
        taken += ret_qty[i];
    }
    if (pieces < 2) return false;
    for (size_t i = 0; i < o->sales.items_n && (taken == 0 || taken == pieces); i++) {
        i64 n = left(&o->items[i]);
        if (!n) continue;
        ret_qty[i] += taken ? -1 : 1;
        taken += taken ? -1 : 1;
    }
    return true;
}

/* ---- documents ---- */

/* Pays when `paid` says so: at once, or (0) not yet. */
static void invoice(struct tale *t, const i64 *qty, bool paid) {
    struct sales_document doc;
    size_t item;
    if (sales_invoice(t->a, &t->o->sales, &(struct sales_ask){.qty = qty}, &doc, &item)) return;
    bool fine = paid && sales_pay(&t->o->sales, doc.totals.total) == SALES_FINE;
    struct demo_step *s = step(t, DEMO_INVOICE);
    s->document = doc;
    if (fine) s->paid_us = OPT(t->now_us);
    if (t->o->payment == PAY_ONLINE) by_system(s);
    if (t->o->payment == PAY_BANK && demo_chance(t->d, 25)) say(t, s, WORD_TRANSFER);
}

static void invoice_all(struct tale *t, bool paid) {
    i64 qty[DEMO_ITEMS];
    all_of(t->o, sales_to_invoice, qty);
    invoice(t, qty, paid);
}

static void label(struct tale *t, struct demo_step *s) {
    static const struct {
        str carrier, title;
        const char *prefix;
        int digits;
        size_t below;
    } carriers[] = {
        {S_INIT("postnl"), S_INIT("PostNL"), "3SHHAR", 9, 1000000000},
        {S_INIT("dhl"), S_INIT("DHL"), "JVGL0600", 10, 10000000000},
        {S_INIT("ups"), S_INIT("UPS"), "1Z999AA1", 10, 10000000000},
        {S_INIT("other"), S_INIT("Fietskoeriers Utrecht"), "FK-", 6, 1000000},
    };
    bool home = str_eq(t->o->person.address[t->o->elsewhere].country, S("NL"));
    size_t n = demo_roll(t->d, 100), i = home ? (n < 70 ? 0 : n < 92 ? 1 : 3) : (n < 55 ? 1 : 2);
    s->carrier = carriers[i].carrier;
    s->carrier_title = carriers[i].title;
    s->track = arena_printf(t->a, "%s%0*zu", carriers[i].prefix, carriers[i].digits,
                            demo_roll(t->d, carriers[i].below));
}

static void ship(struct tale *t, const i64 *qty, enum word word) {
    struct sales_document doc;
    size_t item;
    if (sales_ship(t->a, &t->o->sales, &(struct sales_ask){.qty = qty}, &doc, &item)) return;
    struct demo_step *s = step(t, DEMO_SHIPMENT);
    s->document = doc;
    if (demo_chance(t->d, 88)) label(t, s);
    if (word != WORD_SENT || demo_chance(t->d, 45)) say(t, s, word);
}

static void ship_all(struct tale *t, enum word word) {
    i64 qty[DEMO_ITEMS];
    all_of(t->o, sales_to_ship, qty);
    ship(t, qty, word);
}

/* The step of the latest invoice that stands. */
static size_t last_invoice(const struct demo_order *o) {
    size_t i = o->steps_n;
    while (i-- > 0)
        if (o->steps[i].kind == DEMO_INVOICE && !o->steps[i].taken_back) return i;
    return 0;
}

static void refund(struct tale *t, const struct sales_ask *ask, bool restocked, enum word word) {
    struct sales_document doc;
    size_t item, invoice_step = last_invoice(t->o);
    if (sales_refund(t->a, &t->o->sales, ask, &doc, &item)) return;
    struct demo_step *s = step(t, DEMO_CREDITMEMO);
    s->document = doc;
    s->adjustment = ask->adjustment;
    s->fee = ask->fee;
    s->restocked = restocked;
    s->of_step = invoice_step;
    say(t, s, word);
}

static void note(struct tale *t, enum word word) {
    say(t, step(t, DEMO_NOTE), word);
}

/* ---- the course of things ---- */

/* The provider's answer; nothing to wait for with other ways of paying. False: not by today. */
static bool paid_first(struct tale *t) {
    if (t->o->payment != PAY_ONLINE) return true;
    t->now_us += (i64)(40 + demo_roll(t->d, 400)) * US_SECOND;
    if (t->now_us >= DEMO_TODAY_US || sales_confirm_payment(&t->o->sales)) return false;
    struct demo_step *s = step(t, DEMO_NOTE);
    by_system(s);
    say(t, s, WORD_PAID_ONLINE);
    return true;
}

/* Who pays at a provider has paid; a transfer takes days; on account, the invoice goes first. */
static bool wait_for_money(struct tale *t) {
    if (t->o->payment == PAY_ONLINE) {
        t->now_us += US_SECOND;
        return true;
    }
    return t->o->payment == PAY_BANK ? wait(t, 10, 70) : wait(t, 3, 20);
}

/* An invoice on account is paid weeks later. */
static void settle(struct tale *t) {
    struct demo_step *s = &t->o->steps[last_invoice(t->o)];
    if (t->o->payment != PAY_PO || s->kind != DEMO_INVOICE || s->paid_us.set || !wait(t, 160, 640)) return;
    if (sales_pay(&t->o->sales, s->document.totals.total) == SALES_FINE) {
        s->paid_us = OPT(t->now_us);
        note(t, WORD_TRANSFER);
    }
}

static bool bill(struct tale *t) {
    if (!wait_for_money(t)) return false;
    invoice_all(t, t->o->payment != PAY_PO);
    return true;
}

static bool deliver(struct tale *t, enum word word) {
    if (demo_chance(t->d, 8)) {
        if (!wait(t, 1, 4)) return false;
        note(t, WORD_PICKED);
    }
    if (!wait(t, 3, 44)) return false;
    ship_all(t, word);
    return true;
}

static bool complete(struct tale *t) {
    bool after = t->o->payment == PAY_COD; /* paid at the door */
    if (!after && !bill(t)) return false;
    if (!deliver(t, WORD_SENT)) return false;
    if (after && (!wait(t, 20, 90) || !bill(t))) return false;
    settle(t);
    return t->now_us < DEMO_TODAY_US;
}

static bool first_half(struct tale *t) {
    i64 qty[DEMO_ITEMS];
    if (!wait_for_money(t)) return false;
    if (!some_of(t, sales_to_invoice, qty)) return complete(t);
    invoice(t, qty, true);
    if (!wait(t, 4, 50)) return false;
    ship(t, qty, WORD_SENT_FIRST);
    return true;
}

static void split(struct tale *t) {
    if (!first_half(t) || !wait(t, 70, 300)) return;
    if (sales_may(&t->o->sales, SALES_DO_INVOICE)) invoice_all(t, true);
    if (sales_may(&t->o->sales, SALES_DO_SHIP) && wait(t, 2, 30)) ship_all(t, WORD_SENT_REST);
}

static void come_back(struct tale *t) {
    i64 qty[DEMO_ITEMS];
    if (!complete(t) || !wait(t, 80, 500)) return;
    struct sales_ask ask = {.qty = qty};
    size_t why = demo_roll(t->d, 3);
    if (!some_of(t, sales_to_refund, qty)) all_of(t->o, sales_to_refund, qty);
    if (why == 0) ask.adjustment = 250;
    if (why == 1) ask.fee = 395;
    if (why == 2) ask.shipping = t->o->sales.totals.shipping;
    if (sales_refundable(&t->o->sales) < t->o->sales.totals.total / 2) return; /* on account, not paid yet */
    refund(t, &ask, why != 0, why == 1 ? WORD_TOO_LATE : WORD_DAMAGED);
    if (why == 0 && wait(t, 1, 5)) note(t, WORD_DAMAGED_NOTE);
    if (demo_chance(t->d, 20) && sales_may(&t->o->sales, SALES_DO_REFUND) && wait(t, 40, 200)) {
        all_of(t->o, sales_to_refund, qty);
        refund(t, &(struct sales_ask){.qty = qty}, true, WORD_ALL_BACK);
    }
}

static void all_back(struct tale *t) {
    i64 qty[DEMO_ITEMS];
    if (!complete(t) || !wait(t, 100, 500)) return;
    all_of(t->o, sales_to_refund, qty);
    refund(t, &(struct sales_ask){.qty = qty, .shipping = t->o->sales.totals.shipping}, true, WORD_ALL_BACK);
}

static void cancel(struct tale *t, enum word word) {
    i64 qty[DEMO_ITEMS];
    if (sales_cancel(&t->o->sales, qty)) return;
    struct demo_step *s = step(t, DEMO_NOTE);
    if (word == WORD_ABANDONED) by_system(s);
    say(t, s, word);
}

static void call_off(struct tale *t) {
    if (t->o->payment == PAY_BANK && demo_chance(t->d, 50)) {
        if (!wait(t, 160, 190)) return;
        note(t, WORD_REMIND);
        if (wait(t, 150, 190)) cancel(t, WORD_NOT_PAID);
    } else if (wait(t, 1, 20)) {
        cancel(t, WORD_CANCEL_ASKED);
    }
}

static void cut(struct tale *t) {
    if (first_half(t) && wait(t, 90, 400)) cancel(t, WORD_CUT);
}

static bool hold(struct tale *t) {
    if (!wait(t, 1, 12) || sales_hold(&t->o->sales)) return false;
    note(t, WORD_CHECK_ADDRESS);
    return true;
}

static void release(struct tale *t) {
    if (!hold(t) || !wait(t, 15, 80) || sales_unhold(&t->o->sales)) return;
    note(t, WORD_ADDRESS_FINE);
    complete(t);
}

/* An invoice with a mistake, taken back: a right one follows. */
static void mistake(struct tale *t) {
    i64 qty[DEMO_ITEMS];
    if (!wait(t, 2, 20) || !some_of(t, sales_to_invoice, qty)) return;
    invoice(t, qty, false);
    struct demo_step *s = &t->o->steps[t->o->steps_n - 1];
    if (!wait(t, 1, 3) || sales_uninvoice(&t->o->sales, &s->document)) return;
    s->taken_back = true;
    note(t, WORD_ERROR);
}

static void tell(struct tale *t) {
    switch (t->o->story) {
    case STORY_COMPLETE:
        if (t->o->payment == PAY_PO && demo_chance(t->d, 12)) mistake(t);
        complete(t);
        break;
    case STORY_SPLIT: split(t); break;
    case STORY_RETURNED: come_back(t); break;
    case STORY_CLOSED: all_back(t); break;
    case STORY_CANCELED: call_off(t); break;
    case STORY_CUT: cut(t); break;
    case STORY_RELEASED: release(t); break;
    case STORY_HELD: hold(t); break;
    case STORY_INVOICED:
        if (bill(t) && wait(t, 4, 20)) note(t, WORD_WAITS);
        break;
    case STORY_SHIPPED: deliver(t, WORD_SENT); break;
    case STORY_HALF: first_half(t); break;
    case STORY_ABANDONED:
        t->now_us += 8 * US_HOUR;
        if (t->now_us < DEMO_TODAY_US) cancel(t, WORD_ABANDONED);
        break;
    case STORY_NEW:
    case STORY_UNPAID:
    case STORY_MAX: break;
    }
}

void demo_order_tell(struct arena *a, struct demo_order *o, struct demo_dice *d) {
    struct tale t = {.a = a,
                     .o = o,
                     .d = d,
                     .now_us = o->at_us,
                     .staff = demo_chance(d, 70) ? STAFF_SUPPORT : STAFF_ADMIN};
    bool waits = o->story == STORY_UNPAID || o->story == STORY_ABANDONED;
    if (waits || paid_first(&t)) tell(&t);
}
