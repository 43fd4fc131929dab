/* Mail to customers. The texts are put together from paragraphs, so that translators see sentences and no
 * layout. */
#include "shop/customer/customer_inside.h"
#include "shop/mailbox/mailbox.h"

struct letter {
    str kind, subject;
    str paragraphs[4]; /* msgids; places: {shop} {email} {link} {code} {minutes} */
};

static const struct letter letters[CUSTOMER_MAIL_MAX] = {
    [CUSTOMER_MAIL_WELCOME] =
        {
            S_INIT("welcome"),
            T("Welcome to {shop}"),
            {T("Welcome to {shop}. Your account is ready; you sign in with {email}."),
             T("Your account: {link}"),
             T("You decide in your account information whether our staff may log in as you to help you.")},
        },
    [CUSTOMER_MAIL_RESET] =
        {
            S_INIT(MAILBOX_RESET),
            T("Choose a new password for {shop}"),
            {T("Somebody, probably you, asked for a new password for your account at {shop}. Follow this "
               "link to choose one:"),
             T("{link}"), T("When the page asks for a code, paste this one: {code}"),
             T("The link works once, for {minutes} minutes. If it was not you, do nothing: your password "
               "stays as it is.")},
        },
    [CUSTOMER_MAIL_PASSWORD_CHANGED] =
        {
            S_INIT("password_changed"),
            T("Your password at {shop} was changed"),
            {T("The password of your account at {shop} was just changed."),
             T("If it was not you, ask for a new password at once and tell us: {link}")},
        },
    [CUSTOMER_MAIL_EMAIL_CHANGED] =
        {
            S_INIT("email_changed"),
            T("Your email address at {shop} was changed"),
            {T("The email address of your account at {shop} was just changed to {email}. This address is no "
               "longer used."),
             T("If it was not you, please tell us at once: {contact}")},
        },
    [CUSTOMER_MAIL_DELETED] =
        {
            S_INIT("account_deleted"),
            T("Your account at {shop} was deleted"),
            {T("Your account at {shop} was deleted, as you asked, with its addresses, cart and permissions. "
               "Orders "
               "that you placed are kept as long as the law wants."),
             T("If it was not you, please tell us at once: {contact}")},
        },
    [CUSTOMER_MAIL_CONSENT_GIVEN] =
        {
            S_INIT("consent"),
            T("Remote shopping assistance is now allowed for your account"),
            {T("Our staff have allowed remote shopping assistance for your account at {shop}: they may log "
               "in as you to help you."),
             T("You can switch it off at any time, and see what was done for you: {link}")},
        },
    [CUSTOMER_MAIL_CONSENT_WITHDRAWN] =
        {
            S_INIT("consent"),
            T("Remote shopping assistance is no longer allowed for your account"),
            {T("Our staff have switched off remote shopping assistance for your account at {shop}: nobody "
               "can log in as you any more."),
             T("You can allow it again in your account information: {link}")},
        },
};

/* Where {link} leads. */
static str link_path(enum customer_mail which) {
    switch (which) {
    case CUSTOMER_MAIL_RESET:
        return S("/customer/account/resetpassword#code=" MAILBOX_CODE); /* a fragment: no server and no log
                                                                           sees it */
    case CUSTOMER_MAIL_PASSWORD_CHANGED: return S("/customer/account/forgotpassword");
    case CUSTOMER_MAIL_CONSENT_GIVEN: return S("/customer/account/assistance");
    case CUSTOMER_MAIL_CONSENT_WITHDRAWN: return S("/customer/account/edit");
    default: return S("/customer/account");
    }
}

str customer_greeting(struct arena *a, enum lang lang, str name) {
    bool plain = str_find_char(name, '/') == name.n && str_find_char(name, '@') == name.n &&
                 str_find(name, S("www.")) == name.n;
    if (!plain) return i18n_get(lang, T("Hello,"));
    const struct i18n_arg args[] = {{S_INIT("name"), name}};
    return i18n_format_message(a, lang, T("Hello {name},"), args, 1);
}

static str body_of(struct arena *a, const struct letter *l, enum lang lang, str name,
                   const struct i18n_arg *args, size_t n) {
    str body = customer_greeting(a, lang, name);
    for (size_t i = 0; i < COUNT_OF(l->paragraphs) && l->paragraphs[i].p; i++)
        body = ARENA_CAT(a, body, S("\n\n"), i18n_format_message(a, lang, l->paragraphs[i], args, n));
    return ARENA_CAT(a, body, S("\n\n"), i18n_format_message(a, lang, T("Kind regards, {shop}"), args, n),
                     S("\n"));
}

enum err customer_mail_put(struct op *op, enum customer_mail which, i64 customer_id, str to_email) {
    const struct letter *l = &letters[which];
    struct customer_by_id c;
    TRY(customer_by_id(op->r, customer_id, &c));
    const struct store_view *view = op->view ? op->view : stores_view(op->stores, c.view_id);
    if (!view) view = stores_default(op->stores);
    struct setting_place place = {view->website_id, view->id};
    i64 minutes = setting_int(op->settings, SETTING_RESET_MINUTES, SETTING_DEFAULT);
    const struct i18n_arg args[] = {
        {S_INIT("shop"), setting_text(op->settings, SETTING_STORE_NAME, place)},
        {S_INIT("contact"), setting_text(op->settings, SETTING_STORE_EMAIL, place)},
        {S_INIT("email"), c.email},
        {S_INIT("link"), ARENA_CAT(op->arena, S(MAILBOX_URL), view->root, link_path(which))},
        {S_INIT("code"), S(MAILBOX_CODE)},
        {S_INIT("minutes"), arena_printf(op->arena, "%lld", (long long)minutes)},
    };
    struct mailbox_mail mail = {
        .kind = l->kind,
        .to_name = customer_full_name(op->arena, c.firstname, c.lastname),
        .to_email = to_email.p ? to_email : c.email,
        .subject = i18n_format_message(op->arena, view->lang, l->subject, args, COUNT_OF(args)),
        .body = body_of(op->arena, l, view->lang, c.firstname, args, COUNT_OF(args)),
        .customer_id = OPT(customer_id),
    };
    return mailbox_put(op->w, &mail, op->now_us);
}
