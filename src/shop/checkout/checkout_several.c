/* Shipping to several addresses: which pieces go where. Each product has a row for each address it goes to,
 * and one to spare as long as it can be divided further. */
#include "shop/checkout/checkout_inside.h"

/* ---- the page ---- */

/* The street first: it is what tells addresses of one family apart, and a phone shows only the beginning. */
static str short_label(struct arena *a, const struct customer_address *to) {
    str name = customer_full_name(a, to->firstname, to->lastname);
    return ARENA_CAT(a, to->street1, S(", "), to->postcode, S(" "), to->city, S(" · "), name);
}

static struct html_option *address_options(struct arena *a, const struct checkout_entry *book, size_t n) {
    struct html_option *options = ARENA_ARRAY(a, struct html_option, n);
    for (size_t i = 0; i < n; i++)
        options[i] = (struct html_option){.value = checkout_digits(a, book[i].id),
                                          .label = short_label(a, &book[i].address)};
    return options;
}

/* What is known of one product's rows while they are laid out. */
struct layout {
    struct page *p;
    const struct checkout *c;
    const struct checkout_entry *book;
    size_t book_n;
    i64 first_id; /* the address that a product goes to before anything was said */
};

static void add_row(const struct layout *l, struct tpl_checkout_several_lines_rows *rows, size_t *n,
                    i64 product_id, i64 qty, i64 address_id) {
    rows[*n] = (struct tpl_checkout_several_lines_rows){
        .key = arena_printf(l->p->arena, "%lld.%zu", (long long)product_id, *n),
        .qty = qty,
        .to = checkout_digits(l->p->arena, address_id),
    };
    ++*n;
}

/* Where the product goes already, as far as the addresses are still in the book. */
static i64 add_known_rows(const struct layout *l, const struct quote_want *want,
                          struct tpl_checkout_several_lines_rows *rows, size_t *n, i64 *ret_last) {
    const struct checkout *c = l->c;
    i64 placed = 0;
    for (size_t i = 0; i < c->parts_n && c->several; i++) {
        const struct checkout_part *part = &c->parts[i];
        if (!part->to.book_id.set || !checkout_book_find(l->book, l->book_n, part->to.book_id.v)) continue;
        for (size_t k = 0; k < part->wants_n; k++) {
            if (part->wants[k].product_id != want->product_id) continue;
            add_row(l, rows, n, want->product_id, part->wants[k].qty, part->to.book_id.v);
            placed += part->wants[k].qty;
            *ret_last = part->to.book_id.v;
        }
    }
    return placed;
}

/* The next address in the book. */
static i64 after(const struct layout *l, i64 id) {
    for (size_t i = 0; i < l->book_n; i++)
        if (l->book[i].id == id) return l->book[(i + 1) % l->book_n].id;
    return l->first_id;
}

static void lay_out(const struct layout *l, const struct quote_want *want,
                    struct tpl_checkout_several_lines *line) {
    size_t most = MIN_OF(l->book_n, (size_t)want->qty), n = 0;
    struct tpl_checkout_several_lines_rows *rows =
        ARENA_ARRAY(l->p->arena, struct tpl_checkout_several_lines_rows, l->c->parts_n + 2);
    i64 last = l->first_id;
    i64 placed = add_known_rows(l, want, rows, &n, &last);
    if (!n)
        add_row(l, rows, &n, want->product_id, want->qty, l->first_id);
    else if (placed < want->qty)
        rows[0].qty += want->qty - placed;
    if (n < most) add_row(l, rows, &n, want->product_id, 0, after(l, last));
    line->rows = rows;
    line->rows_n = n;
}

static enum err first_address(struct page *p, const struct checkout *c, struct layout *l) {
    struct checkout_customer self;
    TRY(checkout_customer(p->db, &self));
    l->first_id = l->book_n ? l->book[0].id : 0;
    if (self.default_shipping_id.set && checkout_book_find(l->book, l->book_n, self.default_shipping_id.v))
        l->first_id = self.default_shipping_id.v;
    const opt_i64 *chosen = &c->parts[0].to.book_id;
    if (chosen->set && checkout_book_find(l->book, l->book_n, chosen->v)) l->first_id = chosen->v;
    return OK;
}

/* Products that go nowhere yet have no line in any part: their names are asked for as of the whole cart. */
static enum err whole_cart(const struct checkout_ask *ask, const struct checkout *c, struct checkout *ret) {
    *ret = *c;
    ret->several = false;
    ret->parts = ARENA_NEW(ask->arena, struct checkout_part);
    ret->parts_n = 1;
    ret->parts[0].to = c->parts[0].to;
    ret->parts[0].wants = c->wants;
    ret->parts[0].wants_n = c->wants_n;
    return checkout_ask_quotes(ask, ret);
}

enum err page_checkout_several(struct page *p, const struct checkout_several_in *in) {
    struct checkout_ask ask;
    struct checkout c, whole;
    struct checkout_entry *book;
    bool answered;
    (void)in;
    TRY(checkout_page(p, CHECKOUT_ADDRESS, &ask, &c, &answered));
    if (answered) return OK;
    struct layout l = {.p = p, .c = &c};
    TRY(checkout_book_read(p->db, &book, &l.book_n));
    l.book = book;
    if (c.wants_n > CHECKOUT_SPLIT_MAX || !l.book_n) {
        reply_redirect(p->reply, S("/checkout"));
        return OK;
    }
    TRY(first_address(p, &c, &l));
    TRY(whole_cart(&ask, &c, &whole));
    struct tpl_checkout_several_lines *lines =
        ARENA_ARRAY(p->arena, struct tpl_checkout_several_lines, c.wants_n);
    for (size_t i = 0; i < c.wants_n; i++) {
        const struct quote_line *line = checkout_line(&whole, c.wants[i].product_id);
        lines[i] = (struct tpl_checkout_several_lines){
            .name = line->name, .url_key = line->url_key, .qty = c.wants[i].qty};
        lay_out(&l, &c.wants[i], &lines[i]);
    }
    struct tpl_checkout_several v = {
        .steps = checkout_steps_html(p, &c, CHECKOUT_ADDRESS),
        .changed = c.several && !c.spread,
        .lines = lines,
        .lines_n = c.wants_n,
        .addresses = address_options(p->arena, book, l.book_n),
        .addresses_n = l.book_n,
    };
    reply_title(p->reply, i18n_get(p->lang, T("Ship to several addresses")));
    tpl_checkout_several(p->out, &v);
    return OK;
}

/* ---- the operation ---- */

/* What was posted, by address: addresses in the order in which they were first named. */
struct spread {
    const struct checkout_entry *to[CHECKOUT_PARTS_MAX];
    i64 *qty[CHECKOUT_PARTS_MAX]; /* by index in the cart */
    size_t n;
};

static enum err wrong_at(struct op *op, str key, str message) {
    return op_invalid(op, arena_cstr(op->arena, ARENA_CAT(op->arena, S("qty["), key, S("]"))), message);
}

/* Index in the cart of the product that a row's key names: "12.0"; wants_n when it is not there any more. */
static size_t want_of(const struct checkout *c, str key) {
    str head;
    i64 id;
    (void)str_cut(key, '.', &head);
    for (size_t i = 0; i < c->wants_n && str_to_i64(head, &id); i++)
        if (c->wants[i].product_id == id) return i;
    return c->wants_n;
}

static const struct checkout_entry *entry_of(const struct checkout_assign_in *in, str key,
                                             const struct checkout_entry *book, size_t n) {
    i64 id;
    for (size_t i = 0; i < in->to_n; i++)
        if (str_eq(in->to[i].key, key) && str_to_i64(in->to[i].value, &id))
            return checkout_book_find(book, n, id);
    return NULL;
}

/* The address's place in the spread, made when it is named for the first time; CHECKOUT_PARTS_MAX when there
 * are too many. */
static size_t place_of(struct op *op, struct spread *s, const struct checkout *c,
                       const struct checkout_entry *entry) {
    for (size_t i = 0; i < s->n; i++)
        if (s->to[i]->id == entry->id) return i;
    if (s->n == CHECKOUT_PARTS_MAX) return CHECKOUT_PARTS_MAX;
    s->to[s->n] = entry;
    s->qty[s->n] = ARENA_ARRAY(op->arena, i64, c->wants_n);
    return s->n++;
}

static enum err take_row(struct op *op, const struct checkout_assign_in *in, size_t row,
                         const struct checkout *c, const struct checkout_entry *book, size_t book_n,
                         struct spread *s) {
    const struct checkout_ask ask = checkout_ask_op(op);
    str key = in->qty[row].key;
    size_t want = want_of(c, key);
    i64 qty;
    if (want == c->wants_n)
        return op_fail(op, ERR_CONFLICT,
                       i18n_get(op->lang, T("Your cart was changed meanwhile. Please look at it again.")));
    if (!str_to_i64(in->qty[row].value, &qty) || qty < 0 || qty > CART_QTY_MAX)
        return wrong_at(op, key,
                        checkout_message(&ask, T("Please enter a quantity from 0 to {a}."), S(""),
                                         checkout_digits(op->arena, c->wants[want].qty), S("")));
    if (qty == 0) return OK;
    const struct checkout_entry *entry = entry_of(in, key, book, book_n);
    if (!entry) return wrong_at(op, key, i18n_get(op->lang, T("Please choose one of your addresses.")));
    size_t place = place_of(op, s, c, entry);
    if (place == CHECKOUT_PARTS_MAX)
        return wrong_at(op, key,
                        checkout_message(&ask, T("One order can go to at most {a} addresses."), S(""),
                                         checkout_digits(op->arena, CHECKOUT_PARTS_MAX), S("")));
    s->qty[place][want] += qty;
    return OK;
}

/* Every piece of the cart must go somewhere, and no other one. */
static enum err check_sums(struct op *op, const struct checkout *c, const struct spread *s) {
    const struct checkout_ask ask = checkout_ask_op(op);
    enum err e = OK;
    for (size_t w = 0; w < c->wants_n; w++) {
        i64 placed = 0;
        for (size_t i = 0; i < s->n; i++)
            placed += s->qty[i][w];
        if (placed == c->wants[w].qty) continue;
        str key = ARENA_CAT(op->arena, checkout_digits(op->arena, c->wants[w].product_id), S(".0"));
        e = wrong_at(op, key,
                     checkout_message(&ask, T("You have {a} of these in your cart; here {b} are assigned."),
                                      S(""), checkout_digits(op->arena, c->wants[w].qty),
                                      checkout_digits(op->arena, placed)));
    }
    return e;
}

static enum err write_spread(struct op *op, const struct checkout *c, const struct spread *s) {
    bool several = s->n > 1;
    TRY(checkout_goods_clear(op->w, c->id, NULL));
    for (size_t i = 0; i < s->n; i++) {
        i64 place;
        TRY(checkout_put_place(op, c, S("shipping"), (i64)i + 1, OPT(s->to[i]->id), &s->to[i]->address,
                               &place));
        for (size_t w = 0; w < c->wants_n && several; w++)
            if (s->qty[i][w])
                TRY(checkout_goods_put(op->w, place, c->wants[w].product_id, s->qty[i][w], NULL));
    }
    TRY(checkout_places_cut(op->w, c->id, S("shipping"), (i64)s->n, NULL));
    op_change_i64(op, "addresses", c->parts[0].to.id ? (i64)c->parts_n : 0, (i64)s->n);
    return checkout_set_several(op->w, c->id, several, op->now_us, NULL);
}

/* Several parcels have one bill: to the customer's default address, or to where the first parcel goes. */
static enum err bill_once(struct op *op, const struct checkout *c, const struct spread *s,
                          const struct checkout_entry *book, size_t n) {
    struct checkout_customer self;
    if (s->n < 2 || !c->same_address) return OK;
    TRY(checkout_customer(op->r, &self));
    const struct checkout_entry *entry =
        self.default_billing_id.set ? checkout_book_find(book, n, self.default_billing_id.v) : NULL;
    if (!entry) entry = s->to[0];
    TRY(checkout_put_place(op, c, S("billing"), 1, OPT(entry->id), &entry->address, NULL));
    return checkout_set_same(op->w, c->id, false, op->now_us, NULL);
}

enum err op_checkout_assign(struct op *op, const struct checkout_assign_in *in) {
    struct checkout c;
    struct checkout_entry *book;
    struct spread s = {.n = 0};
    size_t n;
    enum err wrong = OK;
    TRY(checkout_begin(op, &c));
    TRY(checkout_book_read(op->r, &book, &n));
    if (c.wants_n > CHECKOUT_SPLIT_MAX) return ERR_INVALID;
    for (size_t i = 0; i < in->qty_n; i++) {
        enum err e = take_row(op, in, i, &c, book, n, &s);
        if (e && e != ERR_INVALID) return e;
        if (e) wrong = e;
    }
    if (!wrong) wrong = check_sums(op, &c, &s);
    if (wrong) return wrong;
    TRY(write_spread(op, &c, &s));
    TRY(bill_once(op, &c, &s, book, n));
    checkout_record(op, &c);
    op_redirect(op, (int)in->then < 0 ? S("/checkout/payment") : S("/checkout/addresses"));
    return OK;
}
