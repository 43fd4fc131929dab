/* The gate as app/ and jobs/ see it: made once, given to http/, asked to run operations of the system. */
#ifndef GATE_GATE_APP_H
#define GATE_GATE_APP_H

#include "crypto/crypto.h"
#include "crypto/crypto.h"
#include "gate/gate.h"

/* A row of the Admin's sidebar. */
struct gate_menu_item {
    str group;   /* msgid */
    str title;   /* msgid */
    int page;    /* PAGE_…: its right decides whether the row is there */
    bool assist; /* only while Login as Customer is enabled */
};

struct gate_category {
    str name, key;
};

/* What the frame of the shop's pages needs to know from slices that the gate must not know. */
struct gate_shop {
    enum err (*categories)(struct db_r *r, const struct store_view *view, struct gate_category **ret,
                           size_t *ret_n);
    /* Number of pieces in the cart of this customer (or guest session). */
    enum err (*cart_count)(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret);
};

struct gate_options {
    struct db *db;
    const struct stores *stores;
    const struct gate_shop *shop;
    const struct gate_menu_item *menu;
    size_t menu_n;
    hash256 key; /* secret: signs CSRF tokens and messages in cookies */
    str url; /* "https://shop.example": how the shop is reached; for links in mails and the Origin check */
    void (*poke)(void *ctx); /* something changed that may end assisted sessions; may be NULL */
    void *poke_ctx;
};

struct gate;

/* Loads the settings and starts the slow workers. `o` is copied; what it points at must outlive the gate. */
enum err gate_make(const struct gate_options *o, struct gate **ret) MUST_CHECK;
/* Stops the workers; no request may run any more. Accepts NULL. */
void gate_free(struct gate *g);
/* What http/ calls. */
struct http_app gate_http_app(struct gate *g);

/* Runs an operation as the system and waits for its commit. `in` is the operation's own input struct. The
 * message of a refusal is in *ret_message (English, in `a`). For jobs and commands, never on a thread of
 * http/. */
enum err gate_run_system(struct gate *g, struct arena *a, int op, const void *in,
                         str *ret_message) MUST_CHECK;
/* Ends every assisted session that the policy or its limits do not allow any more. For the jobs thread. */
void gate_sweep(struct gate *g);
/* Reads `pairs` as an operation's inputs. For the command line's control socket. ERR_INVALID with
 * *ret_message. */
enum err gate_parse_system(struct gate *g, struct arena *a, int op, const struct http_pair *pairs, size_t n,
                           void **ret_in, str *ret_message) MUST_CHECK;

#endif
