/* The background work: one thread that sends mail, ends assisted sessions that nobody asks for any more,
 * removes what has expired, and seals the record. Everything it writes goes through the database's one
 * writer. */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "base/base.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "gate/gate_app.h"
#include "store/store.h"

struct jobs_options {
    struct db *db;               /* for reading, and for the seal of the record */
    struct gate *gate;           /* runs what the jobs change */
    const struct stores *stores; /* NULL: mails carry the default scope's sender */
    str smtp_url; /* "smtp://[user:password@]host[:port]" or smtps://, with "?tls=required" or "?tls=off";
                     STR_NULL: no SMTP */
    str mail_dir; /* without SMTP, mails are written here, one .eml a mail; made (0700) when missing */
    str base_url; /* "https://shop.example", no slash at the end: for the links in mails */
    bool seal;    /* with these keys */
    unsigned char public_key[CRYPTO_PUBLIC_KEY], secret_key[CRYPTO_SECRET_KEY];
    void (*sweep)(
        void *ctx); /* ends assisted sessions; called every 20 s and soon after jobs_poke; may be NULL */
    void *sweep_ctx;
};

struct jobs;

/* Is this an address that mail can be handed to? For the command line; *ret_why is one line for the operator,
 * in `a`. */
bool jobs_smtp_url_ok(struct arena *a, str url, str *ret_why);
/* Starts the thread. `o` is copied, with its strings; what it points at must outlive jobs_stop. ERR_INTERNAL
 * when there is no thread to be had. The database's writer must be running. */
enum err jobs_start(const struct jobs_options *o, struct jobs **ret) MUST_CHECK;
/* Something happened that may end assisted sessions, or a mail waits: look at once. Never waits; any thread;
 * NULL is fine. */
void jobs_poke(struct jobs *j);
/* Ends the thread within about two seconds, breaking off a mail that is on its way (it is sent again later),
 * and seals the record. Before db_close. Accepts NULL. */
void jobs_stop(struct jobs *j);

#endif
