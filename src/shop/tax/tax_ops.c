/* What can be done to a tax rate. */
#include "shop/tax/tax_inside.h"

static const str class_words[] = {S_INIT("standard"), S_INIT("reduced"), S_INIT("zero")};

struct rate {
    str country, tax_class, name;
    i64 bp;
};

#define RATE_OF(in)                                                                                          \
    { (in)->country, class_words[(int)(in)->tax_class], (in)->name.p ? (in)->name : S(""), (in)->rate }

static str text(const struct op *op, str msgid) {
    return i18n_get(op->lang, msgid);
}

static str label_of(struct op *op, const struct rate *r) {
    return ARENA_CAT(op->arena, r->country, S(" "), r->tax_class);
}

static str percent(struct op *op, i64 bp) {
    return arena_printf(op->arena, "%lld.%02lld %%", (long long)bp / 100, (long long)bp % 100);
}

static void record(struct op *op, const struct rate *before, const struct rate *after) {
    op_change(op, "country", before ? before->country : STR_NULL, after ? after->country : STR_NULL);
    op_change(op, "tax_class", before ? before->tax_class : STR_NULL, after ? after->tax_class : STR_NULL);
    op_change(op, "name", before ? before->name : STR_NULL, after ? after->name : STR_NULL);
    op_change(op, "rate", before ? percent(op, before->bp) : STR_NULL,
              after ? percent(op, after->bp) : STR_NULL);
}

/* Refused where the role does not reach every website, on which the rate holds. */
static enum err check_reach(struct op *op) {
    if (tax_may_change(op->actor)) return OK;
    op_reason(op, S("not a website of the role"));
    return op_fail(op, ERR_FORBIDDEN,
                   text(op, T("Your role does not reach every website that this is for.")));
}

static enum err check(struct op *op, const struct rate *r, i64 except_id) {
    struct tax_taken taken;
    enum err e = OK;
    if (!tax_country_known(r->country))
        e = op_invalid(op, "country", text(op, T("Please choose a country.")));
    if (r->bp > 10000) e = op_invalid(op, "rate", text(op, T("Please enter a percentage from 0 to 100.")));
    TRY(tax_taken(op->r, r->country, r->tax_class, except_id, &taken));
    if (taken.n)
        e = op_invalid(op, "tax_class", text(op, T("This country has a rate for this class already.")));
    return e;
}

static enum err find(struct op *op, i64 id, struct rate *ret) {
    struct tax_get row;
    enum err e = tax_get(op->r, id, &row);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, text(op, T("This tax rate does not exist any more.")));
    TRY(e);
    *ret = (struct rate){row.country, row.tax_class, row.name, row.rate_bp};
    op_subject(op, "tax_rate", id, label_of(op, ret));
    return check_reach(op);
}

enum err op_admin_tax_rate_create(struct op *op, const struct admin_tax_rate_create_in *in) {
    const struct rate r = RATE_OF(in);
    struct tax_insert made;
    op_subject_text(op, "tax_rate", S(""), label_of(op, &r));
    TRY(check_reach(op));
    TRY(check(op, &r, 0));
    TRY(tax_insert(op->w, r.tax_class, r.country, r.name, r.bp, &made));
    op_subject(op, "tax_rate", made.id, label_of(op, &r));
    record(op, NULL, &r);
    op_notice(op, text(op, T("You saved the tax rate.")));
    op_redirect(op, S("/admin/tax-rates"));
    return OK;
}

enum err op_admin_tax_rate_save(struct op *op, const struct admin_tax_rate_save_in *in) {
    const struct rate r = RATE_OF(in);
    struct rate before;
    TRY(find(op, in->id, &before));
    TRY(check(op, &r, in->id));
    TRY(tax_update(op->w, in->id, r.tax_class, r.country, r.name, r.bp, NULL));
    record(op, &before, &r);
    if (!op_has_changes(op)) op_unchanged(op);
    op_notice(op, text(op, T("You saved the tax rate.")));
    op_redirect(op, S("/admin/tax-rates"));
    return OK;
}

enum err op_admin_tax_rate_delete(struct op *op, const struct admin_tax_rate_delete_in *in) {
    struct rate before;
    TRY(find(op, in->id, &before));
    TRY(tax_delete(op->w, in->id, NULL));
    record(op, &before, NULL);
    op_notice(op, text(op, T("You deleted the tax rate.")));
    op_redirect(op, S("/admin/tax-rates"));
    return OK;
}
