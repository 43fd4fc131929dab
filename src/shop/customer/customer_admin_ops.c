/* What staff do with an account: create, save, delete, unlock, mail a way to a new password. */
#include "audit/audit.h"
#include "shop/customer/customer_admin_inside.h"

static str text(const struct op *op, str msgid) {
    return i18n_get(op->lang, msgid);
}

static bool in_scope(const struct op *op, i64 website_id) {
    return (db_scope(op->r) >> website_id & 1) != 0;
}

static bool assist_on(const struct op *op) {
    return assist_is_on(op->settings);
}

enum err customer_admin_find(struct op *op, i64 id, struct customer_admin_get *ret) {
    enum err e = customer_admin_get(op->r, id, ret);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, text(op, T("This customer does not exist.")));
    TRY(e);
    customer_op_subject(op, ret->id, ret->firstname, ret->lastname, ret->email, ret->website_id);
    return OK;
}

/* ---- consent ---- */

/* Gives or withdraws consent in the customer's name: recorded with who did it, and the customer is told by
 * mail. Nothing happens when it stands that way already. */
static enum err set_consent(struct op *op, i64 customer_id, i64 website_id, str label, bool granted) {
    bool changed;
    TRY(assist_consent_set(op->w, op->actor, customer_id, granted, NONE, S("admin"), 0, op->now_us,
                           &changed));
    if (!changed) return OK;
    op_change(op, "assistance", granted ? S("no") : S("yes"), granted ? S("yes") : S("no"));
    /* The group of Login as Customer cannot be switched off; that of customers can. */
    const struct audit_event event = {
        .group = AUDIT_ASSIST,
        .action = granted ? T("Consent Given by Staff") : T("Consent Withdrawn by Staff"),
        .full_action = granted ? S("admin_consent_give") : S("admin_consent_withdraw"),
        .success = true,
        .reason = S(""),
        .actor = op->actor,
        .customer_id = OPT(customer_id),
        .customer = label,
        .website_id = OPT(website_id),
        .view = S(""),
        .origin = S(""),
        .subject_kind = S("customer"),
        .subject_id = arena_printf(op->arena, "%lld", (long long)customer_id),
        .details = label,
        .before_json = granted ? S("{\"assistance\":\"no\"}") : S("{\"assistance\":\"yes\"}"),
        .after_json = granted ? S("{\"assistance\":\"yes\"}") : S("{\"assistance\":\"no\"}"),
        .at_us = op->now_us,
    };
    TRY(op_also(op, &event));
    return customer_mail_put(op, granted ? CUSTOMER_MAIL_CONSENT_GIVEN : CUSTOMER_MAIL_CONSENT_WITHDRAWN,
                             customer_id, STR_NULL);
}

static enum err refuse_consent(struct op *op) {
    op_reason(op, S("changing the consent without the right Remote shopping assistance opt-in"));
    return op_fail(op, ERR_FORBIDDEN,
                   text(op, T("Your role may not change Allow remote shopping assistance.")));
}

/* What the form says of the consent. A disabled switch is not sent: then nothing changes. Who may not change
 * it is refused as soon as the form says that it should be otherwise. */
static enum err save_consent(struct op *op, const struct customer_admin_get *c, bool asked, bool wanted) {
    struct assist_consent now;
    TRY(assist_consent_get(op->r, c->id, &now));
    bool stands = assist_consent_stands(&now, op->now_us);
    if (wanted == stands || (!asked && !wanted)) return OK;
    if (!actor_may(op->actor, RESOURCE_CUSTOMER_CONSENT)) return refuse_consent(op);
    if (!assist_on(op)) return op_fail(op, ERR_REFUSED, text(op, T("Login as Customer is switched off.")));
    str label = customer_label(op->arena, c->firstname, c->lastname, c->email);
    return set_consent(op, c->id, c->website_id, label, wanted);
}

/* ---- checks ---- */

static enum err check_account(struct op *op, i64 group_id, str firstname, str lastname, str email,
                              str telephone, i64 website_id, i64 id, str *ret_group) {
    struct customer_admin_group group;
    bool taken = false;
    enum err e = customer_check_names(op, firstname, lastname, telephone);
    if (e && e != ERR_INVALID) return e;
    str wrong = customer_email_wrong(email);
    if (!wrong.p) {
        TRY(customer_email_taken(op, email, website_id, id, &taken));
        if (taken)
            wrong = customer_shared(op->settings)
                        ? T("Another customer has this email address already.")
                        : T("Another customer of this website has this email address already.");
    }
    if (wrong.p) e = op_invalid(op, "email", text(op, wrong));
    enum err found = customer_admin_group(op->r, group_id, &group);
    if (found == ERR_NOT_FOUND)
        e = op_invalid(op, "group_id", text(op, T("Choose one of the groups.")));
    else if (found)
        return found;
    else
        *ret_group = group.name;
    return e;
}

/* ---- create ---- */

static enum err insert(struct op *op, const struct admin_customer_create_in *in,
                       const struct store_view *view, str telephone, i64 *ret_id) {
    struct customer_admin_insert made;
    str fold = customer_search_fold(op->arena, in->firstname, in->lastname, in->email, telephone, NULL, 0);
    TRY(customer_admin_insert(op->w, view->website_id, view->id, in->group_id, in->email,
                              customer_email_fold(op->arena, in->email), in->firstname, in->lastname, fold,
                              telephone, in->active, op->now_us, &made));
    *ret_id = made.id;
    return OK;
}

static void record_new(struct op *op, const struct admin_customer_create_in *in, str group, str telephone) {
    op_change(op, "group", STR_NULL, group);
    op_change(op, "firstname", STR_NULL, in->firstname);
    op_change(op, "lastname", STR_NULL, in->lastname);
    op_change(op, "email", STR_NULL, in->email);
    if (telephone.n) op_change(op, "telephone", STR_NULL, telephone);
    op_change(op, "active", STR_NULL, in->active ? S("yes") : S("no"));
}

enum err op_admin_customer_create(struct op *op, const struct admin_customer_create_in *in) {
    const struct store_view *view = stores_view(op->stores, in->view_id);
    str telephone = in->telephone.p ? in->telephone : S(""), group = S("");
    if (!view || !in_scope(op, view->website_id))
        return op_invalid(op, "view_id", text(op, T("Choose one of the store views.")));
    TRY(check_account(op, in->group_id, in->firstname, in->lastname, in->email, telephone, view->website_id,
                      0, &group));
    str label = customer_label(op->arena, in->firstname, in->lastname, in->email);
    if (in->assistance && !actor_may(op->actor, RESOURCE_CUSTOMER_CONSENT)) return refuse_consent(op);
    i64 id;
    TRY(insert(op, in, view, telephone, &id));
    customer_op_subject(op, id, in->firstname, in->lastname, in->email, view->website_id);
    record_new(op, in, group, telephone);
    if (in->assistance && assist_on(op)) TRY(set_consent(op, id, view->website_id, label, true));
    if (in->welcome) {
        TRY(customer_mail_put(op, CUSTOMER_MAIL_WELCOME, id, STR_NULL));
        TRY(customer_mail_put(op, CUSTOMER_MAIL_RESET, id, STR_NULL));
    }
    op_notice(op, text(op, T("You saved the customer.")));
    op_redirect(op, customer_admin_path(op->arena, id, "view"));
    return OK;
}

/* ---- save ---- */

static enum err conflict(struct op *op) {
    return op_fail(
        op, ERR_CONFLICT,
        text(op, T("Somebody else changed this customer in the meantime. Below is what you entered; saving "
                   "again replaces what they saved.")));
}

/* What goes with a new address or with a customer who may no longer sign in. */
static enum err follow_up(struct op *op, const struct customer_admin_get *before,
                          const struct admin_customer_save_in *in) {
    if (!str_eq(before->email, in->email)) {
        TRY(customer_mail_put(op, CUSTOMER_MAIL_EMAIL_CHANGED, before->id, before->email));
        TRY(customer_reset_spend(op->w, before->id, op->now_us,
                                 NULL)); /* codes that went to the old address */
    }
    if (before->active && !in->active) TRY(op_end_customer_sessions(op, before->id, false));
    return customer_refresh_search(op, before->id);
}

static enum err write_account(struct op *op, const struct customer_admin_get *c,
                              const struct admin_customer_save_in *in, str telephone, str group,
                              bool *ret_changed) {
    *ret_changed = c->group_id != in->group_id || !str_eq(c->firstname, in->firstname) ||
                   !str_eq(c->lastname, in->lastname) || !str_eq(c->email, in->email) ||
                   !str_eq(c->telephone, telephone) || c->active != in->active;
    if (!*ret_changed) return OK;
    i64 changes;
    TRY(customer_admin_update(op->w, c->id, in->version, in->group_id, in->email,
                              customer_email_fold(op->arena, in->email), in->firstname, in->lastname,
                              telephone, in->active, op->now_us, &changes));
    if (!changes) return conflict(op);
    op_change(op, "group", c->group_name, group);
    op_change(op, "firstname", c->firstname, in->firstname);
    op_change(op, "lastname", c->lastname, in->lastname);
    op_change(op, "email", c->email, in->email);
    op_change(op, "telephone", c->telephone, telephone);
    op_change(op, "active", c->active ? S("yes") : S("no"), in->active ? S("yes") : S("no"));
    return follow_up(op, c, in);
}

enum err op_admin_customer_save(struct op *op, const struct admin_customer_save_in *in) {
    struct customer_admin_get c;
    str telephone = in->telephone.p ? in->telephone : S(""), group = S("");
    bool changed;
    TRY(customer_admin_find(op, in->id, &c));
    if (c.updated_us != in->version) return conflict(op);
    TRY(check_account(op, in->group_id, in->firstname, in->lastname, in->email, telephone, c.website_id, c.id,
                      &group));
    struct assist_consent before, after;
    TRY(assist_consent_get(op->r, c.id, &before));
    TRY(write_account(op, &c, in, telephone, group, &changed));
    TRY(save_consent(op, &c, in->asked, in->assistance));
    TRY(assist_consent_get(op->r, c.id, &after));
    if (!changed && before.at_us == after.at_us && before.granted == after.granted) op_unchanged(op);
    op_notice(op, text(op, T("You saved the customer.")));
    op_redirect(op, customer_admin_path(op->arena, c.id, "account"));
    return OK;
}

/* ---- delete, unlock, password ---- */

enum err op_admin_customer_delete(struct op *op, const struct admin_customer_delete_in *in) {
    struct customer_admin_get c;
    TRY(customer_admin_find(op, in->id, &c));
    op_change(op, "firstname", c.firstname, STR_NULL);
    op_change(op, "lastname", c.lastname, STR_NULL);
    op_change(op, "email", c.email, STR_NULL);
    op_change(op, "group", c.group_name, STR_NULL);
    TRY(op_end_customer_sessions(op, c.id, false));
    TRY(customer_admin_delete(op->w, c.id, NULL));
    op_notice(op, text(op, T("You deleted the customer.")));
    op_redirect(op, S("/admin/customers"));
    return OK;
}

enum err op_admin_customer_unlock(struct op *op, const struct admin_customer_unlock_in *in) {
    struct customer_admin_get c;
    TRY(customer_admin_find(op, in->id, &c));
    op_redirect(op, customer_admin_path(op->arena, c.id, "view"));
    op_notice(op, text(op, T("The customer can sign in again.")));
    if (!c.locked_until_us.set && !c.failed_logins) {
        op_unchanged(op);
        return OK;
    }
    op_change(op, "locked_until",
              c.locked_until_us.set ? time_rfc3339(op->arena, c.locked_until_us.v) : STR_NULL, STR_NULL);
    op_change_i64(op, "failed_logins", c.failed_logins, 0);
    return customer_admin_unlock(op->w, c.id, NULL);
}

enum err op_admin_customer_reset(struct op *op, const struct admin_customer_reset_in *in) {
    struct customer_admin_get c;
    TRY(customer_admin_find(op, in->id, &c));
    if (!c.active)
        return op_fail(op, ERR_INVALID, text(op, T("An inactive customer cannot choose a new password.")));
    TRY(customer_mail_put(op, CUSTOMER_MAIL_RESET, c.id, STR_NULL));
    const struct i18n_arg email = {S_INIT("email"), c.email};
    op_details(op, ARENA_CAT(op->arena, S("mail to "), c.email));
    op_notice(op, i18n_format_message(op->arena, op->lang,
                                      T("A mail with a link to choose a new password goes to {email}."),
                                      &email, 1));
    op_redirect(op, customer_admin_path(op->arena, c.id, "view"));
    return OK;
}

/* ---- the page of a new customer ---- */

enum err page_admin_customer_new(struct page *p, const struct admin_customer_new_in *in) {
    (void)in;
    size_t n;
    const struct store_view *views = stores_views(p->stores, &n);
    struct html_option *options = ARENA_ARRAY(p->arena, struct html_option, n), *groups;
    struct tpl_customer_admin_new v = {
        .assist_on = assist_is_on(p->settings),
        .no_consent_right = !actor_may(p->actor, RESOURCE_CUSTOMER_CONSENT),
        .consent_help = customer_admin_consent_help(p),
        .views = options,
    };
    for (size_t i = 0; i < n; i++) {
        if (!(db_scope(p->db) >> views[i].website_id & 1)) continue;
        const struct website *w = stores_website(p->stores, views[i].website_id);
        const struct store *s = stores_store(p->stores, views[i].store_id);
        options[v.views_n++] = (struct html_option){
            .value = arena_printf(p->arena, "%lld", (long long)views[i].id),
            .label = views[i].name,
            .group = ARENA_CAT(p->arena, w ? w->name : S(""), S(" / "), s ? s->name : S(""))};
        if (!v.view_id || views[i].id == stores_default(p->stores)->id) v.view_id = views[i].id;
    }
    TRY(customer_admin_group_options(p, p->arena, &groups, &v.groups_n));
    v.groups = groups;
    i64 first = 0;
    if (v.groups_n && str_to_i64(groups[0].value, &first)) v.group_id = first;
    reply_title(p->reply, i18n_get(p->lang, T("New Customer")));
    reply_menu(p->reply, "admin_customers");
    tpl_customer_admin_new(p->out, &v);
    return OK;
}
