/* The first page of the Admin: where to go, and who helps whom at the moment. */
#include "assist/assist.h"
#include "i18n/i18n.h"
#include "shop/staff/staff_inside.h"

enum { SESSIONS_SHOWN = 6 };

/* Pages worth a card, with what they are for. Those that the role does not include are left out. */
static const struct {
    const char *page;
    str title, text;
} cards[] = {
#undef T
#define T(msgid) S_INIT(msgid)
    {"admin_customers", T("All Customers"), T("Find a customer, see their account, log in as them.")},
    {"admin_assist_log", T("Login as Customer Log"),
     T("Every assisted session, with what was changed in it.")},
    {"admin_config", T("Configuration"),
     T("Switch features on and off, for the shop, a website or a store view.")},
    {"admin_users", T("All Users"), T("Who works in the Admin.")},
    {"admin_roles", T("User Roles"), T("What each role may do.")},
    {"admin_report", T("Actions Report"), T("Who did what, when and for whom.")},
    {"admin_mails", T("Outgoing Mail"), T("What was sent to customers.")},
#undef T
#define T(msgid) S(msgid)
};

static const struct gate_page *find_page(const char *name) {
    for (size_t i = 0; i < gate_pages_n; i++)
        if (strcmp(gate_pages[i].name, name) == 0) return &gate_pages[i];
    return NULL;
}

static void fill_cards(struct page *p, struct tpl_staff_home *v) {
    struct tpl_staff_home_cards *out = ARENA_ARRAY(p->arena, struct tpl_staff_home_cards, COUNT_OF(cards));
    bool assist = assist_is_on(p->settings);
    for (size_t i = 0; i < COUNT_OF(cards); i++) {
        const struct gate_page *page = find_page(cards[i].page);
        if (!page || (page->right != RIGHT_STAFF && !actor_may(p->actor, page->right))) continue;
        if (page->right == RESOURCE_ASSIST_LOG && !assist) continue;
        out[v->cards_n++] = (struct tpl_staff_home_cards){.title = i18n_get(p->lang, cards[i].title),
                                                          .text = i18n_get(p->lang, cards[i].text),
                                                          .url = page->path};
    }
    v->cards = out;
}

static enum err fill_sessions(struct page *p, struct tpl_staff_home *v) {
    const struct gate_page *log = find_page("admin_assist_log");
    v->sessions_shown = log && actor_may(p->actor, RESOURCE_ASSIST_LOG) && assist_is_on(p->settings);
    if (!v->sessions_shown) return OK;
    struct staff_newest_sessions *rows;
    size_t n;
    TRY(staff_newest_sessions(p->db, &rows, &n));
    struct tpl_staff_home_sessions *out =
        ARENA_ARRAY(p->arena, struct tpl_staff_home_sessions, SESSIONS_SHOWN);
    for (size_t i = 0; i < n && v->sessions_n < SESSIONS_SHOWN; i++) {
        if (!(p->actor->scope >> rows[i].website_id & 1)) continue;
        out[v->sessions_n++] = (struct tpl_staff_home_sessions){
            .url = arena_printf(p->arena, "%.*s/%lld", STR_ARG(log->path), (long long)rows[i].id),
            .customer = rows[i].customer_name,
            .staff = rows[i].staff_name,
            .started = rows[i].started_us,
            .changes = rows[i].changes,
            .running = !rows[i].ended_us.set && rows[i].ends_us > p->now_us,
        };
    }
    v->sessions = out;
    v->log_url = log->path;
    return OK;
}

enum err page_admin_home(struct page *p, const struct admin_home_in *in) {
    (void)in;
    struct staff_home self;
    TRY(staff_home(p->db, p->actor->staff_id, &self));
    const struct i18n_arg name = {S("name"), p->actor->staff_name};
    struct tpl_staff_home v = {
        .username = p->actor->username,
        .name = p->actor->staff_name,
        .role = self.role_name,
        .last_login = self.last_login_us.set ? self.last_login_us.v : 0,
    };
    fill_cards(p, &v);
    TRY(fill_sessions(p, &v));
    reply_title(p->reply, i18n_format_message(p->arena, p->lang, T("Welcome, {name}"), &name, 1));
    tpl_staff_home(p->out, &v);
    return OK;
}
