/* The demo shop: two websites with four store views, a catalogue with drawn pictures, staff, customers with
 * addresses, consent and carts. The same options always give the same shop (but for the salts of the password
 * hashes). */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "base/base.h"
#include "db/db.h"

struct demo_options {
    i64 customers;         /* how many besides the three named ones; 0 to DEMO_CUSTOMERS_MAX */
    i64 orders;            /* how many besides the few dozen of the named customers; 0 to DEMO_ORDERS_MAX */
    str admin_password;    /* of all staff; not empty */
    str customer_password; /* of all customers; not empty */
};

#define DEMO_CUSTOMERS_DEFAULT 240
#define DEMO_CUSTOMERS_MAX     10000000
#define DEMO_ORDERS_DEFAULT    600
#define DEMO_ORDERS_MAX        10000000

/* Fills the migrated and empty database, which is not started, in one transaction (db_load). On failure
 * *ret_why is one line for the operator, in `a`, and the database as empty as before: ERR_CONFLICT when it
 * was not, ERR_INVALID for a wrong option. Waits for the disk and for Argon2: for commands and tests only.
 */
enum err demo_fill(struct arena *a, struct db *db, const struct demo_options *o, str *ret_why) MUST_CHECK;

#endif
