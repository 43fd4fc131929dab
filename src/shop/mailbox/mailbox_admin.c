/* System › Outgoing Mail: what was sent and what waits. One-time codes are not in the table, so none can be
 * read here. */
#include "access/access.h"
#include "gen/mailbox_gate.h"
#include "gen/mailbox_sql.h"
#include "gen/mailbox_tpl.h"
#include "grid/grid.h"
#include "shop/mailbox/mailbox.h"

/* After this time nobody tries any more; jobs/ writes the end of the year 9999. */
#define GIVEN_UP "250000000000000000"
static const i64 given_up_us = 250000000000000000;

/* ---- the grid ---- */

static const struct grid_choice kinds[] = {
    {S_INIT("welcome"), T("Welcome"), NULL},
    {S_INIT("password_reset"), T("Password reset"), NULL},
    {S_INIT("password_changed"), T("Password changed"), NULL},
    {S_INIT("email_changed"), T("Email changed"), NULL},
    {S_INIT("account_deleted"), T("Account deleted"), NULL},
    {S_INIT("consent"), T("Remote shopping assistance"), NULL},
    {S_INIT("order"), T("Order"), NULL},
    {S_INIT("invoice"), T("Invoice"), NULL},
    {S_INIT("shipment"), T("Shipment"), NULL},
    {S_INIT("creditmemo"), T("Credit Memo"), NULL},
    {S_INIT("order_comment"), T("Order comment"), NULL},
};

static const struct grid_choice states[] = {
    {S_INIT("sent"), T("Sent"), "good"},
    {S_INIT("waiting"), T("Waiting"), "info"},
    {S_INIT("retrying"), T("Tried, to be repeated"), "warn"},
    {S_INIT("failed"), T("Failed"), "bad"},
};

static const struct grid_link view_link = {
    .label = T("View"), .before = S_INIT("/admin/mails/"), .after = S_INIT(""), .right = RESOURCE_MAIL};

#define STATE                                                                                                \
    "CASE WHEN m.sent_us IS NOT NULL THEN 'sent' WHEN m.next_try_us > " GIVEN_UP                             \
    " THEN 'failed' WHEN m.tries > 0 THEN 'retrying' ELSE 'waiting' END"

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .sql = GRID_SQL("m.id"),
     .sort = GRID_SQL("m.id"),
     .filter = GRID_RANGE},
    {.key = "created",
     .label = T("Created"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("m.created_us"),
     .filter = GRID_RANGE},
    {.key = "state",
     .label = T("State"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL(STATE),
     .filter = GRID_PICK,
     .choices = states,
     .choices_n = COUNT_OF(states)},
    {.key = "to_email",
     .label = T("Email"),
     .kind = GRID_TEXT,
     .sql = GRID_SQL("m.to_email"),
     .filter = GRID_EXACT,
     .link = &view_link},
    {.key = "subject", .label = T("Subject"), .kind = GRID_TEXT, .sql = GRID_SQL("m.subject")},
    {.key = "to_name",
     .label = T("Name"),
     .kind = GRID_TEXT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("m.to_name")},
    {.key = "kind",
     .label = T("Kind"),
     .kind = GRID_CHOICE,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("m.kind"),
     .filter = GRID_PICK,
     .choices = kinds,
     .choices_n = COUNT_OF(kinds)},
    {.key = "sent",
     .label = T("Sent"),
     .kind = GRID_TIME,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("m.sent_us"),
     .filter = GRID_RANGE},
    {.key = "tries", .label = T("Tries"), .kind = GRID_INT, .show = GRID_HIDDEN, .sql = GRID_SQL("m.tries")},
    {.key = "failure",
     .label = T("Failure"),
     .kind = GRID_TEXT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("m.failure")},
};

static const struct grid_def mails = {
    .name = "mails",
    .title = T("Outgoing Mail"),
    .page = "admin_mails",
    .path = S_INIT("/admin/mails"),
    .from = GRID_SQL("mail m LEFT JOIN customer c ON c.id = m.customer_id LEFT JOIN store_view v ON v.id = "
                     "m.view_id LEFT JOIN store s ON s.id = v.store_id"),
    .where = GRID_SQL(GRID_IN_SCOPE("COALESCE(s.website_id, c.website_id, 63)")),
    .id = GRID_SQL("m.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "id",
    .descending = true,
    .search = GRID_SQL("COALESCE(c.search_fold, '')"),
    .search_label = T("Search mail by the customer's name or email"),
    .actions = &view_link,
    .actions_n = 1,
    .row_name = "subject",
    .empty = T("No mail was written yet."),
};

enum err page_admin_mails(struct page *p, const struct admin_mails_in *in) {
    (void)in;
    return grid_page(p, &mails);
}

/* ---- one mail ---- */

/* The body as staff may see it: marks that are filled in at sending are shown as what they are. */
static str readable(struct arena *a, str body) {
    static const struct {
        str mark, shown;
    } marks[] = {{S_INIT(MAILBOX_CODE), S_INIT("••••••••")}, {S_INIT(MAILBOX_URL), S_INIT("…")}};
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        for (size_t at; (at = str_find(body, marks[i].mark)) < body.n;)
            body = ARENA_CAT(a, str_slice(body, 0, at), marks[i].shown,
                             str_slice(body, at + marks[i].mark.n, body.n));
    }
    return body;
}

static str choice_label(enum lang lang, const struct grid_choice *choices, size_t n, str value) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(choices[i].value, value)) return i18n_get(lang, choices[i].label);
    return value;
}

enum err page_admin_mail(struct page *p, const struct admin_mail_in *in) {
    struct mailbox_get m;
    TRY(mailbox_get(p->db, in->id, &m));
    bool failed = !m.sent_us.set && m.next_try_us > given_up_us;
    bool sees_customer = m.customer_id.set && actor_may(p->actor, RESOURCE_CUSTOMER_VIEW);
    const struct tpl_mailbox_mail v = {
        .kind = choice_label(p->lang, kinds, COUNT_OF(kinds), m.kind),
        .to_name = m.to_name,
        .to_email = m.to_email,
        .customer_id = sees_customer ? m.customer_id.v : 0,
        .subject = m.subject,
        .body = readable(p->arena, m.body),
        .has_code = str_eq(m.kind, S(MAILBOX_RESET)),
        .created = m.created_us,
        .sent = m.sent_us.set ? m.sent_us.v : 0,
        .failed = failed,
        .next_try = m.sent_us.set || failed ? 0 : m.next_try_us,
        .tries = m.tries,
        .failure = m.failure.p ? m.failure : S(""),
    };
    reply_title(p->reply, m.subject);
    reply_menu(p->reply, "admin_mails");
    tpl_mailbox_mail(p->out, &v);
    return OK;
}
