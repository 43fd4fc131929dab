/* The key file: what must not stand in the database. A secret that signs forms and cookies, and the pair that
 * signs the seals of the record. */
#ifndef APP_APP_KEY_H
#define APP_APP_KEY_H

#include "app/app.h"
#include "crypto/crypto.h"

struct app_key {
    hash256 secret;
    unsigned char public_key[CRYPTO_PUBLIC_KEY], secret_key[CRYPTO_SECRET_KEY];
};

/* Where it lies: --key, else the database's path with ".key". After app_open. */
str app_key_path(struct app *app);
/* Reads the file; refused when others may read it, or when it is none. ERR_NOT_FOUND when there is none. */
enum err app_key_read(struct arena *a, str path, struct app_key *ret, str *ret_why) MUST_CHECK;
/* The key that this database is served with: read, or made when the record has no seal yet. A key that did
 * not sign the seals that are there is refused. Says what is wrong. */
int app_key_for(struct app *app, struct db *db, struct app_key *ret);

#endif
