/* The ground of the demo shop: where it sells, who works there. */
#include "demo/inside.h"
#include "gen/demo_sql.h"
#include "gen/settings_sql.h"
#include "i18n/i18n.h"

static enum err add_website(struct db_w *w, str code, str name, i64 position, i64 *ret) {
    struct demo_add_website row;
    TRY(demo_add_website(w, code, name, position, &row));
    *ret = row.id;
    return OK;
}

static enum err add_store(struct db_w *w, i64 website, str code, str name, i64 position, i64 *ret) {
    struct demo_add_store row;
    TRY(demo_add_store(w, website, code, name, position, &row));
    *ret = row.id;
    return OK;
}

static enum err add_view(struct db_w *w, i64 store, str code, str path, str name, str locale, i64 position,
                         i64 *ret) {
    struct demo_add_view row;
    TRY(demo_add_view(w, store, code, path, name, locale, position, &row));
    *ret = row.id;
    return OK;
}

static enum err make_stores(struct db_w *w, struct demo_world *world) {
    TRY(add_website(w, S("main"), S("Main Website"), 10, &world->site[SITE_MAIN]));
    TRY(add_website(w, S("outlet"), S("Outlet"), 20, &world->site[SITE_OUTLET]));
    i64 main_store, second, outlet;
    TRY(add_store(w, world->site[SITE_MAIN], S("main"), S("Main Store"), 10, &main_store));
    TRY(add_store(w, world->site[SITE_MAIN], S("second"), S("Second Store"), 20, &second));
    TRY(add_store(w, world->site[SITE_OUTLET], S("outlet"), S("Outlet Store"), 10, &outlet));
    i64 *view = world->view;
    TRY(add_view(w, main_store, S("en"), S(""), S("English"), S("en_US"), 10, &view[VIEW_EN]));
    TRY(add_view(w, main_store, S("nl"), S("nl"), S("Nederlands"), S("nl_NL"), 20, &view[VIEW_NL]));
    TRY(add_view(w, second, S("second"), S("second"), S("Second Store View"), S("en_US"), 10,
                 &view[VIEW_SECOND]));
    return add_view(w, outlet, S("outlet"), S("outlet"), S("Outlet View"), S("en_US"), 10,
                    &view[VIEW_OUTLET]);
}

static enum err make_groups(struct db_w *w, struct demo_world *world) {
    static const str names[GROUP_MAX] = {S_INIT("General"), S_INIT("Wholesale"), S_INIT("VIP")};
    for (size_t i = 0; i < GROUP_MAX; i++) {
        struct demo_add_group row;
        TRY(demo_add_group(w, names[i], &row));
        world->group[i] = row.id;
    }
    return OK;
}

static const str support_resources[] = {
    S_INIT("customer.view"),    S_INIT("customer.edit"),    S_INIT("customer.delete"),
    S_INIT("customer.consent"), S_INIT("assist.login"),     S_INIT("assist.log"),
    S_INIT("report.view"),      S_INIT("sales.operations"), S_INIT("order.view"),
    S_INIT("order.actions"),    S_INIT("order.create"),     S_INIT("order.cancel"),
    S_INIT("order.hold"),       S_INIT("order.comment"),    S_INIT("order.mail"),
    S_INIT("invoice.view"),     S_INIT("invoice.create"),   S_INIT("shipment.view"),
    S_INIT("shipment.create"),  S_INIT("creditmemo.view"),  S_INIT("creditmemo.create"),
};
static const str viewer_resources[] = {S_INIT("customer.view"), S_INIT("order.view")};

static enum err add_role(struct db_w *w, str name, const str *resources, size_t n, i64 *ret) {
    struct demo_add_role role;
    TRY(demo_add_role(w, name, resources == NULL, &role));
    for (size_t i = 0; i < n; i++)
        TRY(demo_add_role_resource(w, role.id, resources[i], NULL));
    *ret = role.id;
    return OK;
}

static enum err add_staff(struct db_w *w, struct arena *a, const struct demo_world *world, str username,
                          str firstname, str lastname, i64 role, i64 *ret) {
    str email = ARENA_CAT(a, username, S("@example.com"));
    str words = ARENA_CAT(a, username, S(" "), firstname, S(" "), lastname, S(" "), email);
    struct demo_add_staff row;
    TRY(demo_add_staff(w, username, firstname, lastname, email, i18n_fold(a, words), role, S("en_US"),
                       world->staff_hash, DEMO_TODAY_US - 900 * US_DAY, &row));
    *ret = row.id;
    return OK;
}

static enum err make_staff(struct db_w *w, struct arena *a, struct demo_world *world) {
    i64 administrators, support, viewers;
    TRY(add_role(w, S("Administrators"), NULL, 0, &administrators));
    TRY(add_role(w, S("Customer Support"), support_resources, COUNT_OF(support_resources), &support));
    TRY(add_role(w, S("Viewers"), viewer_resources, COUNT_OF(viewer_resources), &viewers));
    i64 *staff = world->staff;
    TRY(add_staff(w, a, world, S("admin"), S("Eva"), S("Lindqvist"), administrators, &staff[STAFF_ADMIN]));
    TRY(add_staff(w, a, world, S("support"), S("Samir"), S("van der Heijden"), support,
                  &staff[STAFF_SUPPORT]));
    return add_staff(w, a, world, S("viewer"), S("Grace"), S("Whitfield"), viewers, &staff[STAFF_VIEWER]);
}

/* Scope 1 is a website, 2 a store view (see setting_value). */
static enum err make_settings(struct db_w *w, const struct demo_world *world) {
    str name = S("general/store/name");
    TRY(settings_put(w, 0, 0, name, S("Hearth & Harbour"), NULL));
    TRY(settings_put(w, 2, world->view[VIEW_SECOND], name, S("Hearth & Harbour Studio"), NULL));
    TRY(settings_put(w, 1, world->site[SITE_OUTLET], name, S("Hearth & Harbour Outlet"), NULL));
    TRY(settings_put(w, 0, 0, S("general/store/address"), S("Havenstraat 12, 1012 AB Amsterdam"), NULL));
    TRY(settings_put(w, 0, 0, S("general/store/vat"), S("NL001234567B01"), NULL));
    return settings_put(w, 1, world->site[SITE_OUTLET], S("general/store/email"), S("outlet@shop.example"),
                        NULL);
}

enum err demo_make_shop(struct db_w *w, struct arena *a, struct demo_world *world) {
    TRY(make_stores(w, world));
    TRY(make_groups(w, world));
    TRY(make_staff(w, a, world));
    return make_settings(w, world);
}
