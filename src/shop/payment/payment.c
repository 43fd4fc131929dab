/* The ways to pay that the settings offer. */
#include "shop/payment/payment.h"

#include "crypto/crypto.h"
#include "i18n/i18n.h"

#undef T
#define T(msgid) S_INIT(msgid)

static const struct kind {
    str code;
    enum setting enabled, title, instructions; /* instructions SETTING_MAX: none can be set */
    str standard_title, standard_text;         /* msgids; an empty text: none */
    bool offline, wants_number;
    enum setting provider_url, provider_secret; /* of those that are not offline */
} kinds[] = {
    {
        .code = S_INIT("bank_transfer"),
        .enabled = SETTING_PAY_BANK,
        .title = SETTING_PAY_BANK_TITLE,
        .instructions = SETTING_PAY_BANK_TEXT,
        .standard_title = T("Bank transfer"),
        .standard_text = T("Please transfer the total and give the number of your order. We send your "
                           "order when the money has arrived."),
        .offline = true,
    },
    {
        .code = S_INIT("cash_on_delivery"),
        .enabled = SETTING_PAY_COD,
        .title = SETTING_PAY_COD_TITLE,
        .instructions = SETTING_MAX,
        .standard_title = T("Cash on delivery"),
        .standard_text = T("You pay when the parcel is delivered."),
        .offline = true,
    },
    {
        .code = S_INIT("purchase_order"),
        .enabled = SETTING_PAY_PO,
        .title = SETTING_PAY_PO_TITLE,
        .instructions = SETTING_MAX,
        .standard_title = T("Purchase order on account"),
        .standard_text = S_INIT(""),
        .offline = true,
        .wants_number = true,
    },
    {
        .code = S_INIT("sandbox"),
        .enabled = SETTING_PAY_SANDBOX,
        .title = SETTING_PAY_SANDBOX_TITLE,
        .instructions = SETTING_MAX,
        .standard_title = T("Pay online"),
        .standard_text = T("You pay on the page of our payment provider."),
        .provider_url = SETTING_PAY_SANDBOX_URL,
        .provider_secret = SETTING_PAY_SANDBOX_SECRET,
    },
};
_Static_assert(COUNT_OF(kinds) <= PAYMENT_METHODS_MAX, "every kind fits in the list");

#undef T
#define T(msgid) S(msgid)

/* What the shop wrote for this view, else the standard text in its language. */
static str text_of(struct arena *a, const struct settings *s, const struct store_view *view, enum setting id,
                   str standard) {
    str own =
        id == SETTING_MAX ? S("") : setting_text(s, id, (struct setting_place){view->website_id, view->id});
    if (own.n) return arena_str(a, own);
    return standard.n ? i18n_get(view->lang, standard) : S("");
}

static bool has_provider(const struct settings *s, const struct kind *k, i64 website_id) {
    const struct setting_place at = {website_id, 0};
    return setting_text(s, k->provider_url, at).n && setting_text(s, k->provider_secret, at).n;
}

size_t payment_methods(struct arena *a, const struct settings *settings, const struct store_view *view,
                       struct payment_method ret[PAYMENT_METHODS_MAX]) {
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct kind *k = &kinds[i];
        if (!setting_bool(settings, k->enabled, (struct setting_place){view->website_id, view->id})) continue;
        if (!k->offline && !has_provider(settings, k, view->website_id)) continue;
        ret[n++] = (struct payment_method){
            .code = k->code,
            .title = text_of(a, settings, view, k->title, k->standard_title),
            .instructions = text_of(a, settings, view, k->instructions, k->standard_text),
            .offline = k->offline,
            .wants_number = k->wants_number,
        };
    }
    return n;
}

bool payment_method_find(struct arena *a, const struct settings *settings, const struct store_view *view,
                         str code, struct payment_method *ret) {
    struct payment_method offered[PAYMENT_METHODS_MAX];
    size_t n = payment_methods(a, settings, view, offered);
    for (size_t i = 0; i < n; i++)
        if (str_eq(offered[i].code, code)) {
            *ret = offered[i];
            return true;
        }
    return false;
}

str payment_begin_path(struct arena *a, const struct payment_method *method, str checkout_key) {
    return ARENA_CAT(a, S("/checkout/pay/"), method->code, S("/"), checkout_key);
}

bool payment_provider_of(const struct settings *settings, i64 website_id, str code,
                         struct payment_provider *ret) {
    const struct setting_place at = {website_id, 0};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (kinds[i].offline || !str_eq(kinds[i].code, code)) continue;
        *ret = (struct payment_provider){.url = setting_text(settings, kinds[i].provider_url, at),
                                         .secret = setting_text(settings, kinds[i].provider_secret, at)};
        while (str_ends(ret->url, S("/")))
            ret->url.n--;
        return ret->url.n && ret->secret.n;
    }
    return false;
}

str payment_signature(struct arena *a, str secret, const str *fields, size_t n) {
    str text = S("");
    for (size_t i = 0; i < n; i++)
        text = ARENA_CAT(a, text, i ? S("\n") : S(""), fields[i].p ? fields[i] : S(""));
    hash256 h = crypto_hmac(secret, text);
    return crypto_base64url(a, hash_str(&h));
}
