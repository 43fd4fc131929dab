/* Argon2id for passwords. The cost can be lowered for tests and the demo; the encoded string remembers it. */
#include "crypto/crypto.h"

#include <sodium/crypto_pwhash_argon2id.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <stdlib.h>

enum { ENCODED = crypto_pwhash_argon2id_STRBYTES };

static struct {
    unsigned long long ops;
    size_t mem;
} cost = {crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE, crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE};

void crypto_password_cost(u64 ops, size_t mem) {
    cost.ops = MAX_OF(ops, (u64)crypto_pwhash_argon2id_OPSLIMIT_MIN);
    cost.mem = MAX_OF(mem, (size_t)crypto_pwhash_argon2id_MEMLIMIT_MIN);
}

str crypto_password_hash(struct arena *a, str password) {
    char *out = arena_alloc(a, ENCODED);
    const char *p = password.p ? password.p : "";
    /* The one way to fail is that the machine has no memory for it. */
    if (crypto_pwhash_argon2id_str(out, p, password.n, cost.ops, cost.mem) != 0) abort();
    return (str){out, strlen(out)};
}

/* An encoded string of today's cost that no password has made: the salt is 16 zero bytes, the result 32 zero
 * bytes. */
static void write_dummy(char out[ENCODED]) {
    memset(out, 0, ENCODED);
    snprintf(out, ENCODED, "$argon2id$v=19$m=%zu,t=%llu,p=1$%.22s$%.43s", cost.mem / 1024, cost.ops,
             "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

bool crypto_password_verify(str hash, str password) {
    char encoded[ENCODED];
    bool known = hash.p && hash.n > 0 && hash.n < sizeof encoded && !memchr(hash.p, '\0', hash.n);
    write_dummy(encoded);
    if (known) {
        memset(encoded, 0, sizeof encoded);
        memcpy(encoded, hash.p, hash.n);
    }
    bool same = crypto_pwhash_argon2id_str_verify(encoded, password.p ? password.p : "", password.n) == 0;
    sodium_memzero(encoded, sizeof encoded);
    return known && same;
}
