/* What can be done to a shipping rate. */
#include "gate/gate.h"
#include "gen/shipping_gate.h"
#include "gen/shipping_sql.h"
#include "sales/sales.h"
#include "shop/tax/tax.h"

struct rate {
    i64 website_id;
    str country;
    i64 weight_g, price;
};

#define RATE_OF(in)                                                                                          \
    { (in)->website, (in)->country, (in)->weight, (in)->price }

static str text(const struct op *op, str msgid) {
    return i18n_get(op->lang, msgid);
}

static str website_name(struct op *op, i64 id) {
    const struct website *w = stores_website(op->stores, id);
    return w ? w->name : S("");
}

static str label_of(struct op *op, const struct rate *r) {
    return ARENA_CAT(op->arena, website_name(op, r->website_id), S(", "), r->country, S(", "),
                     arena_printf(op->arena, "%lld g", (long long)r->weight_g));
}

static str amount(struct op *op, i64 minor) {
    return arena_printf(op->arena, "%lld.%02lld", (long long)minor / 100, (long long)minor % 100);
}

static void change_weight(struct op *op, const struct rate *before, const struct rate *after) {
    if (before && after) {
        op_change_i64(op, "from_weight_g", before->weight_g, after->weight_g);
        return;
    }
    str one = arena_printf(op->arena, "%lld", (long long)(before ? before : after)->weight_g);
    op_change(op, "from_weight_g", before ? one : STR_NULL, after ? one : STR_NULL);
}

static void record(struct op *op, const struct rate *before, const struct rate *after) {
    op_change(op, "website", before ? website_name(op, before->website_id) : STR_NULL,
              after ? website_name(op, after->website_id) : STR_NULL);
    op_change(op, "country", before ? before->country : STR_NULL, after ? after->country : STR_NULL);
    change_weight(op, before, after);
    op_change(op, "price", before ? amount(op, before->price) : STR_NULL,
              after ? amount(op, after->price) : STR_NULL);
}

static enum err check(struct op *op, const struct rate *r, i64 except_id) {
    struct shipping_taken taken;
    enum err e = OK;
    if (r->website_id > 62 || !stores_website(op->stores, r->website_id) ||
        !(db_scope(op->r) >> r->website_id & 1))
        e = op_invalid(op, "website", text(op, T("There is no such website.")));
    if (!tax_country_known(r->country))
        e = op_invalid(op, "country", text(op, T("Please choose a country.")));
    if (r->price > SALES_PRICE_MAX) e = op_invalid(op, "price", text(op, T("This amount is out of range.")));
    if (e) return e;
    TRY(shipping_taken(op->r, r->website_id, r->country, r->weight_g, except_id, &taken));
    if (taken.n)
        e = op_invalid(op, "weight", text(op, T("This country has a rate from this weight on already.")));
    return e;
}

static enum err find(struct op *op, i64 id, struct rate *ret) {
    struct shipping_get row;
    enum err e = shipping_get(op->r, id, &row);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, text(op, T("This shipping rate does not exist any more.")));
    TRY(e);
    *ret = (struct rate){row.website_id, row.country, row.from_weight_g, row.price_minor};
    op_subject(op, "shipping_rate", id, label_of(op, ret));
    op_website(op, ret->website_id);
    return OK;
}

enum err op_admin_shipping_rate_create(struct op *op, const struct admin_shipping_rate_create_in *in) {
    const struct rate r = RATE_OF(in);
    struct shipping_insert made;
    op_subject_text(op, "shipping_rate", S(""), label_of(op, &r));
    TRY(check(op, &r, 0));
    TRY(shipping_insert(op->w, r.website_id, r.country, r.weight_g, r.price, &made));
    op_subject(op, "shipping_rate", made.id, label_of(op, &r));
    op_website(op, r.website_id);
    record(op, NULL, &r);
    op_notice(op, text(op, T("You saved the shipping rate.")));
    op_redirect(op, S("/admin/shipping-rates"));
    return OK;
}

enum err op_admin_shipping_rate_save(struct op *op, const struct admin_shipping_rate_save_in *in) {
    const struct rate r = RATE_OF(in);
    struct rate before;
    TRY(find(op, in->id, &before));
    TRY(check(op, &r, in->id));
    TRY(shipping_update(op->w, in->id, r.website_id, r.country, r.weight_g, r.price, NULL));
    record(op, &before, &r);
    if (!op_has_changes(op)) op_unchanged(op);
    op_notice(op, text(op, T("You saved the shipping rate.")));
    op_redirect(op, S("/admin/shipping-rates"));
    return OK;
}

enum err op_admin_shipping_rate_delete(struct op *op, const struct admin_shipping_rate_delete_in *in) {
    struct rate before;
    TRY(find(op, in->id, &before));
    TRY(shipping_delete(op->w, in->id, NULL));
    record(op, &before, NULL);
    op_notice(op, text(op, T("You deleted the shipping rate.")));
    op_redirect(op, S("/admin/shipping-rates"));
    return OK;
}
