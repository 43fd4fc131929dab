/* The Admin's sidebar. A row is shown to those whose role includes its page. */
#include "app/app.h"
#include "gen/ids.h"

const struct gate_menu_item *app_menu(size_t *ret_n) {
    static const struct gate_menu_item items[] = {
        {T("Sales"), T("Orders"), PAGE_ADMIN_ORDERS, false},
        {T("Sales"), T("Invoices"), PAGE_ADMIN_INVOICES, false},
        {T("Sales"), T("Shipments"), PAGE_ADMIN_SHIPMENTS, false},
        {T("Sales"), T("Credit Memos"), PAGE_ADMIN_CREDITMEMOS, false},
        {T("Customers"), T("All Customers"), PAGE_ADMIN_CUSTOMERS, false},
        {T("Customers"), T("Login as Customer Log"), PAGE_ADMIN_ASSIST_LOG, true},
        {T("Marketing"), T("Coupons"), PAGE_ADMIN_COUPONS, false},
        {T("Stores"), T("Configuration"), PAGE_ADMIN_CONFIG, false},
        {T("Stores"), T("Tax Rates"), PAGE_ADMIN_TAX_RATES, false},
        {T("Stores"), T("Shipping Rates"), PAGE_ADMIN_SHIPPING_RATES, false},
        {T("System"), T("All Users"), PAGE_ADMIN_USERS, false},
        {T("System"), T("User Roles"), PAGE_ADMIN_ROLES, false},
        {T("System"), T("Actions Report"), PAGE_ADMIN_REPORT, false},
        {T("System"), T("Outgoing Mail"), PAGE_ADMIN_MAILS, false},
    };
    *ret_n = COUNT_OF(items);
    return items;
}
