/* What can be done to a coupon. */
#include "sales/sales.h"
#include "shop/coupon/coupon_inside.h"

static const str kind_words[] = {S_INIT("percent"), S_INIT("fixed"), S_INIT("free_shipping")};
enum { PERCENT, FIXED, FREE_SHIPPING };

struct coupon {
    str code, name;
    opt_i64 website_id;
    str kind;
    i64 value, minimum;
    opt_i64 from_us, until_us, uses_max, uses_per_customer;
    bool active;
};

static i64 or_zero(opt_i64 v) {
    return v.set ? v.v : 0;
}

/* 0 in a form stands for no limit, and for every website. */
static opt_i64 unless_zero(i64 v) {
    return v ? OPT(v) : NONE;
}

/* Which of the two values the kind asks for. */
static i64 value_of(int kind, opt_i64 percent, opt_i64 amount) {
    return kind == PERCENT ? or_zero(percent) : kind == FIXED ? or_zero(amount) : 0;
}

/* A coupon holds to the end of its last day, which ends when the next begins: 23, 24 or 25 hours later. */
static opt_i64 end_of_day(struct op *op, opt_i64 start) {
    if (!start.set) return NONE;
    struct i18n_format *f =
        i18n_format_make(S("en_GB"), S("EUR"), setting_text(op->settings, SETTING_TIMEZONE, SETTING_DEFAULT));
    i64 end = start.v + US_DAY;
    (void)i18n_parse_date(f, i18n_iso_date(op->arena, f, start.v + 36 * US_HOUR), &end);
    i18n_format_free(f);
    return OPT(end);
}

#define COUPON_OF(op, in)                                                                                    \
    {                                                                                                        \
        (in)->code, (in)->name, unless_zero((in)->website), kind_words[(int)(in)->kind],                     \
            value_of((int)(in)->kind, (in)->percent, (in)->amount), or_zero((in)->minimum), (in)->from,      \
            end_of_day((op), (in)->until), unless_zero(or_zero((in)->uses_max)),                             \
            unless_zero(or_zero((in)->uses_per_customer)), (in)->active                                      \
    }

static str text(const struct op *op, str msgid) {
    return i18n_get(op->lang, msgid);
}

/* ---------------------------------------------------------------- for the record */

static str website_text(struct op *op, opt_i64 id) {
    const struct website *w = id.set ? stores_website(op->stores, id.v) : NULL;
    return w ? w->name : S("All");
}

static str value_text(struct op *op, const struct coupon *c) {
    if (str_eq(c->kind, kind_words[FREE_SHIPPING])) return c->kind;
    return ARENA_CAT(
        op->arena, c->kind, S(" "),
        arena_printf(op->arena, "%lld.%02lld", (long long)c->value / 100, (long long)c->value % 100));
}

static str number_text(struct op *op, opt_i64 v) {
    return v.set ? arena_printf(op->arena, "%lld", (long long)v.v) : STR_NULL;
}

static str time_text(struct op *op, opt_i64 us) {
    return us.set ? time_rfc3339(op->arena, us.v) : STR_NULL;
}

static void record(struct op *op, const struct coupon *before, const struct coupon *after) {
    static const struct coupon none = {.active = false};
    const struct coupon *b = before ? before : &none, *a = after ? after : &none;
    op_change(op, "code", b->code, a->code);
    op_change(op, "name", b->name, a->name);
    op_change(op, "website", before ? website_text(op, b->website_id) : STR_NULL,
              after ? website_text(op, a->website_id) : STR_NULL);
    op_change(op, "discount", before ? value_text(op, b) : STR_NULL, after ? value_text(op, a) : STR_NULL);
    op_change(op, "minimum_minor", number_text(op, unless_zero(b->minimum)),
              number_text(op, unless_zero(a->minimum)));
    op_change(op, "from", time_text(op, b->from_us), time_text(op, a->from_us));
    op_change(op, "until", time_text(op, b->until_us), time_text(op, a->until_us));
    op_change(op, "uses_max", number_text(op, b->uses_max), number_text(op, a->uses_max));
    op_change(op, "uses_per_customer", number_text(op, b->uses_per_customer),
              number_text(op, a->uses_per_customer));
    op_change(op, "active",
              !before     ? STR_NULL
              : b->active ? S("yes")
                          : S("no"),
              !after      ? STR_NULL
              : a->active ? S("yes")
                          : S("no"));
}

/* ---------------------------------------------------------------- checks */

static enum err check_reach(struct op *op, opt_i64 website_id) {
    if (coupon_may_change(op->actor, website_id)) return OK;
    op_reason(op, S("not a website of the role"));
    return op_fail(op, ERR_FORBIDDEN,
                   text(op, T("Your role does not reach every website that this is for.")));
}

static enum err check_value(struct op *op, const struct coupon *c) {
    if (str_eq(c->kind, kind_words[PERCENT]) && (c->value < 1 || c->value > 10000))
        return op_invalid(op, "percent", text(op, T("Please enter a percentage over 0 and up to 100.")));
    if (str_eq(c->kind, kind_words[FIXED]) && c->value < 1)
        return op_invalid(op, "amount", text(op, T("Please enter an amount over 0.")));
    if (c->value > SALES_PRICE_MAX)
        return op_invalid(op, "amount", text(op, T("This amount is out of range.")));
    return OK;
}

static enum err check(struct op *op, const struct coupon *c, i64 except_id) {
    struct coupon_taken taken;
    enum err e = check_value(op, c);
    if (c->minimum > SALES_PRICE_MAX)
        e = op_invalid(op, "minimum", text(op, T("This amount is out of range.")));
    if (c->website_id.set && !stores_website(op->stores, c->website_id.v))
        e = op_invalid(op, "website", text(op, T("There is no such website.")));
    if (c->from_us.set && c->until_us.set && c->until_us.v <= c->from_us.v)
        e = op_invalid(op, "until", text(op, T("This is before the first day.")));
    TRY(coupon_taken(op->r, i18n_casefold(op->arena, c->code), except_id, &taken));
    if (taken.n) e = op_invalid(op, "code", text(op, T("Another coupon has this code already.")));
    return e;
}

static enum err find(struct op *op, i64 id, struct coupon *ret) {
    struct coupon_get r;
    enum err e = coupon_get(op->r, id, &r);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, text(op, T("This coupon does not exist any more.")));
    TRY(e);
    *ret =
        (struct coupon){r.code,     r.name,     r.website_id,        r.kind,  r.value, r.minimum, r.from_us,
                        r.until_us, r.uses_max, r.uses_per_customer, r.active};
    op_subject(op, "coupon", id, r.code);
    if (r.website_id.set) op_website(op, r.website_id.v);
    return check_reach(op, r.website_id);
}

/* ---------------------------------------------------------------- operations */

enum err op_admin_coupon_create(struct op *op, const struct admin_coupon_create_in *in) {
    const struct coupon c = COUPON_OF(op, in);
    struct coupon_insert made;
    op_subject_text(op, "coupon", S(""), c.code);
    TRY(check_reach(op, c.website_id));
    TRY(check(op, &c, 0));
    TRY(coupon_insert(op->w, c.code, i18n_casefold(op->arena, c.code), c.name, c.website_id, c.kind, c.value,
                      c.minimum, c.from_us, c.until_us, c.uses_max, c.uses_per_customer, c.active, op->now_us,
                      &made));
    op_subject(op, "coupon", made.id, c.code);
    if (c.website_id.set) op_website(op, c.website_id.v);
    record(op, NULL, &c);
    op_notice(op, text(op, T("You saved the coupon.")));
    op_redirect(op, S("/admin/coupons"));
    return OK;
}

enum err op_admin_coupon_save(struct op *op, const struct admin_coupon_save_in *in) {
    const struct coupon c = COUPON_OF(op, in);
    struct coupon before;
    TRY(find(op, in->id, &before));
    TRY(check_reach(op, c.website_id));
    TRY(check(op, &c, in->id));
    TRY(coupon_update(op->w, in->id, c.code, i18n_casefold(op->arena, c.code), c.name, c.website_id, c.kind,
                      c.value, c.minimum, c.from_us, c.until_us, c.uses_max, c.uses_per_customer, c.active,
                      NULL));
    record(op, &before, &c);
    if (!op_has_changes(op)) op_unchanged(op);
    op_notice(op, text(op, T("You saved the coupon.")));
    op_redirect(op, S("/admin/coupons"));
    return OK;
}

enum err op_admin_coupon_delete(struct op *op, const struct admin_coupon_delete_in *in) {
    struct coupon before;
    TRY(find(op, in->id, &before));
    TRY(coupon_delete(op->w, in->id, NULL));
    record(op, &before, NULL);
    op_notice(op, text(op, T("You deleted the coupon.")));
    op_redirect(op, S("/admin/coupons"));
    return OK;
}
