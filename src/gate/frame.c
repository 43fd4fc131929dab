/* The frames around pages: the shop's (cacheable, with a hole for the reader), its top, the Admin's, and the
 * bare one. */
#include "gate/inside.h"
#include "gen/gate_tpl.h"

enum { CATEGORY_MAX = 24 };

static str store_text(const struct settings *s, enum setting which, const struct store_view *v) {
    return setting_text(s, which, (struct setting_place){v->website_id, v->id});
}

static str store_name(const struct settings *s, const struct store_view *v) {
    return store_text(s, SETTING_STORE_NAME, v);
}

/* The other views of this website, at the same page. */
static void fill_views(struct request *rq, struct tpl_gate_shop_layout *v) {
    size_t n;
    const struct store_view *views = stores_website_views(rq->g->o.stores, rq->view->website_id, &n);
    str path = rq->op ? S("/") : rq->path;
    struct tpl_gate_shop_layout_views *rows = ARENA_ARRAY(rq->arena, struct tpl_gate_shop_layout_views, n);
    v->views = rows;
    for (size_t i = 0; i < n; i++) {
        if (!views[i].active) continue;
        str url = ARENA_CAT(rq->arena, views[i].root, views[i].root.n && path.n == 1 ? S("") : path);
        rows[v->views_n++] = (struct tpl_gate_shop_layout_views){.name = views[i].name,
                                                                 .lang = i18n_tag(views[i].lang),
                                                                 .url = url,
                                                                 .current = views[i].id == rq->view->id};
    }
    if (v->views_n < 2) v->views_n = 0;
}

/* The categories as the page cache keeps them: name and key of each, ended by a byte that is in neither. */
static void keep_categories(struct request *rq, str key, const struct gate_category *c, size_t n,
                            const struct db_watch *watch) {
    struct html kept = {0};
    buf_init(&kept.b, 64 * 1024);
    for (size_t i = 0; i < n; i++) {
        buf_put(&kept.b, c[i].name);
        buf_put_char(&kept.b, '\x1f');
        buf_put(&kept.b, c[i].key);
        buf_put_char(&kept.b, '\x1f');
    }
    if (buf_ok(&kept.b)) cache_store(rq->g->cache, key, &kept, 200, db_watch_copy(watch));
    buf_done(&kept.b);
}

static void read_categories(struct request *rq, const struct cache_entry *e, struct gate_category **ret,
                            size_t *ret_n) {
    str rest = arena_str(rq->arena, e->bytes);
    *ret = ARENA_ARRAY(rq->arena, struct gate_category, CATEGORY_MAX);
    for (*ret_n = 0; rest.n && *ret_n < CATEGORY_MAX; (*ret_n)++) {
        struct gate_category *c = &(*ret)[*ret_n];
        rest = str_cut(rest, '\x1f', &c->name);
        rest = str_cut(rest, '\x1f', &c->key);
    }
}

/* They stand on every page and change seldom. A page on its way into the cache asks for them itself, so that
 * it is known what it shows. */
static enum err categories(struct request *rq, struct pub *p, struct gate_category **ret, size_t *ret_n) {
    const struct gate_shop *shop = rq->g->o.shop;
    if (rq->cache && str_eq(str_c(rq->cache), S("miss"))) return shop->categories(p->db, p->view, ret, ret_n);
    str key = arena_printf(rq->arena, "categories of view %lld", (long long)p->view->id);
    const struct cache_entry *kept = cache_get(rq->g->cache, rq->g->o.db, key);
    if (kept) {
        read_categories(rq, kept, ret, ret_n);
        cache_put_back(rq->g->cache, kept);
        return OK;
    }
    struct db_watch *watch = db_watch_begin(p->db);
    TRY(shop->categories(p->db, p->view, ret, ret_n));
    *ret_n = MIN_OF(*ret_n, (size_t)CATEGORY_MAX);
    keep_categories(rq, key, *ret, *ret_n, watch);
    return OK;
}

enum err frame_shop(struct request *rq, struct pub *p, html_t body, struct html *out) {
    struct gate_category *c;
    size_t n;
    TRY(categories(rq, p, &c, &n));
    struct tpl_gate_shop_layout v = {
        .lang = i18n_tag(p->lang),
        .title = p->reply->title,
        .store_name = store_name(p->settings, p->view),
        .search = p->reply->search,
        .home_url = S("/"),
        .search_url = S("/search"),
        .phone = store_text(p->settings, SETTING_STORE_PHONE, p->view),
        .email = store_text(p->settings, SETTING_STORE_EMAIL, p->view),
        .account_url = S("/customer/account/edit"),
        .body = body,
    };
    v.email_url = ARENA_CAT(rq->arena, S("mailto:"), v.email);
    if (!str_to_i64(str_slice(time_rfc3339(rq->arena, p->now_us), 0, 4), &v.year)) v.year = 0;
    struct tpl_gate_shop_layout_categories *rows =
        ARENA_ARRAY(rq->arena, struct tpl_gate_shop_layout_categories, n);
    v.categories = rows;
    for (size_t i = 0; i < MIN_OF(n, (size_t)CATEGORY_MAX); i++) {
        str url = ARENA_CAT(rq->arena, S("/category/"), c[i].key);
        rows[v.categories_n++] = (struct tpl_gate_shop_layout_categories){
            .name = c[i].name, .url = url, .current = str_eq(url, rq->path)};
    }
    fill_views(rq, &v);
    tpl_gate_shop_layout(out, &v);
    return OK;
}

/* The notices as the frames show them. */
static const struct tpl_gate_admin_layout_messages *messages_of(struct request *rq,
                                                                const struct notice *notices, size_t n) {
    struct tpl_gate_admin_layout_messages *ret =
        ARENA_ARRAY(rq->arena, struct tpl_gate_admin_layout_messages, n);
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct tpl_gate_admin_layout_messages){
            .level = notices[i].warning ? S("warning") : S("success"), .text = notices[i].text};
    return ret;
}

enum err frame_shop_top(struct request *rq, struct db_r *db, const struct notice *notices, size_t n,
                        struct html *out) {
    const struct actor *a = &rq->who.actor;
    bool assisted = a->kind == ACTOR_ASSISTED;
    const struct website *site = stores_website(rq->g->o.stores, rq->view->website_id);
    struct tpl_gate_shop_top v = {
        .assisted = assisted,
        .name = a->customer_name,
        .website = site ? site->name : S(""),
        .ends = a->assist_ends_us / US_SECOND,
        .now = rq->now_us / US_SECOND,
        .minutes_left = assisted ? (a->assist_ends_us - rq->now_us + US_MINUTE - 1) / US_MINUTE : 0,
        .signed_in = actor_self(a) != 0,
        .account_url = S("/customer/account"),
        .sign_in_url = S("/customer/account/login"),
        .create_url = S("/customer/account/create"),
        .cart_url = S("/cart"),
    };
    if (actor_self(a) || a->shop_session_id)
        TRY(rq->g->o.shop->cart_count(db, a, rq->view->website_id, &v.cart_count));
    v.messages = messages_of(rq, notices, n);
    v.messages_n = n;
    tpl_gate_shop_top(out, &v);
    return OK;
}

/* ---------------------------------------------------------------- Admin */

static bool menu_shows(const struct request *rq, const struct gate_menu_item *item) {
    if (item->assist && !assist_is_on(rq->world->settings)) return false;
    return who_may_page(&rq->who, &gate_pages[item->page]) == OK;
}

static void fill_menu(const struct request *rq, const struct gate_reply *reply,
                      struct tpl_gate_admin_layout *v) {
    const struct gate_options *o = &rq->g->o;
    enum lang lang = i18n_lang(rq->who.actor.staff_locale);
    str current = reply->menu.p ? reply->menu : rq->page ? str_c(rq->page->name) : STR_NULL;
    struct tpl_gate_admin_layout_menu *groups =
        ARENA_ARRAY(rq->arena, struct tpl_gate_admin_layout_menu, o->menu_n);
    struct tpl_gate_admin_layout_menu_items *items = NULL;
    v->menu = groups;
    for (size_t i = 0; i < o->menu_n; i++) {
        const struct gate_menu_item *item = &o->menu[i];
        if (!menu_shows(rq, item)) continue;
        str title = i18n_get(lang, item->group);
        struct tpl_gate_admin_layout_menu *group = v->menu_n ? &groups[v->menu_n - 1] : NULL;
        if (!group || !str_eq(group->title, title)) {
            group = &groups[v->menu_n++];
            group->title = title;
            items = ARENA_ARRAY(rq->arena, struct tpl_gate_admin_layout_menu_items, o->menu_n);
            group->items = items;
        }
        const struct gate_page *page = &gate_pages[item->page];
        items[group->items_n++] =
            (struct tpl_gate_admin_layout_menu_items){.title = i18n_get(lang, item->title),
                                                      .url = page->path,
                                                      .current = str_eq(current, str_c(page->name))};
    }
}

enum err frame_admin(struct request *rq, const struct gate_reply *reply, html_t body,
                     const struct notice *notices, size_t n, struct html *out) {
    struct tpl_gate_admin_layout v = {
        .lang = i18n_tag(out->env->lang),
        .title = reply->title,
        .staff_name = rq->who.actor.staff_name,
        .home_url = S("/admin"),
        .actions = reply->actions,
        .body = body,
    };
    fill_menu(rq, reply, &v);
    v.messages = messages_of(rq, notices, n);
    v.messages_n = n;
    tpl_gate_admin_layout(out, &v);
    return OK;
}

void frame_bare(struct request *rq, html_t body, str title, const struct notice *notices, size_t n,
                struct html *out) {
    bool admin = rq->creds.area == AREA_ADMIN || !rq->view;
    struct tpl_gate_admin_bare v = {
        .lang = i18n_tag(out->env->lang),
        .title = title,
        .brand = admin ? S("Countersign") : store_name(rq->world->settings, rq->view),
        .wide = rq->page == NULL || rq->page->right != RIGHT_GUEST_STAFF,
        .body = body,
    };
    v.messages = messages_of(rq, notices, n);
    v.messages_n = n;
    tpl_gate_admin_bare(out, &v);
}
