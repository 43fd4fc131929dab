/* libsodium in one place: random tokens, hashes, keyed hashes, passwords, signatures. */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include "base/base.h"

/* libsodium has functions called crypto_hash, crypto_sign and crypto_sign_keypair too. Hidden, ours can never
 * take their place inside the shared library; and crypto/ includes libsodium's headers one by one, without
 * those names. */
#pragma GCC visibility push(hidden)

enum {
    CRYPTO_HASH = 32,       /* bytes of every hash and key here */
    CRYPTO_TOKEN_TEXT = 43, /* a 256-bit token in base64url without padding (RFC 4648 section 5) */
    CRYPTO_SIGNATURE = 64,
    CRYPTO_PUBLIC_KEY = 32,
    CRYPTO_SECRET_KEY = 64,
};

typedef struct {
    unsigned char b[CRYPTO_HASH];
} hash256;

/* Once, before anything else here; false when the machine cannot give random bytes. */
bool crypto_init(void);

/* Fills `n` bytes with what nobody can guess. Any thread. */
void crypto_random(void *out, size_t n);
/* A fresh 256-bit token as 43 characters. */
str crypto_token(struct arena *a);
/* A fresh id of `chars` lower-case base32 characters, for addresses: not secret. */
str crypto_public_id(struct arena *a, size_t chars);

/* BLAKE2b-256. What the database keeps of a token is its hash. */
hash256 crypto_hash(str s);
hash256 crypto_keyed_hash(const hash256 *key, str s);
/* HMAC-SHA-256 (RFC 2104), as payment providers sign: for talking to others. A key of any length. */
hash256 crypto_hmac(str key, str message);
/* Compares in constant time. */
bool crypto_equal(const void *a, const void *b, size_t n);
static inline str hash_str(const hash256 *h) {
    return (str){(const char *)h->b, CRYPTO_HASH};
}
/* A running BLAKE2b-256 over length-prefixed fields, so that no two lists of fields hash the same. */
struct crypto_hasher {
    _Alignas(64) unsigned char state[384];
};
void crypto_hasher_init(struct crypto_hasher *h);
void crypto_hasher_str(struct crypto_hasher *h, str s); /* STR_NULL and "" differ */
void crypto_hasher_i64(struct crypto_hasher *h, i64 v);
hash256 crypto_hasher_final(struct crypto_hasher *h);

/* Bytes as lower-case hexadecimal digits, in `a`. */
str crypto_hex(struct arena *a, str bytes);
/* Reads them back, either case; false on anything else, also an odd number of digits. */
bool crypto_unhex(struct arena *a, str hex, str *ret);
/* Bytes as base64url without padding, in `a`. */
str crypto_base64url(struct arena *a, str bytes);
/* Reads them back; false on padding, other characters and unused bits that are not 0: one text for one value.
 */
bool crypto_unbase64url(struct arena *a, str text, str *ret);

/* What one hash costs: `ops` passes over `mem` bytes. Without a call it is 2 passes over 64 MiB (libsodium's
 * INTERACTIVE). For tests and the demo, which make hundreds; a value under the library's minimum (1 pass, 8
 * KiB) becomes that minimum. A hash remembers its own cost, so old ones keep verifying. Once at start, before
 * other threads hash. */
void crypto_password_cost(u64 ops, size_t mem);
/* Argon2id (OWASP ASVS 2.4): about 70 ms and 64 MiB; only on the slow workers. The result is the encoded
 * string. */
str crypto_password_hash(struct arena *a, str password);
/* An absent hash (STR_NULL) costs the same time as a wrong password and is false. */
bool crypto_password_verify(str hash, str password);

/* Ed25519, for the seals of the audit log. */
void crypto_sign_keypair(unsigned char public_key[CRYPTO_PUBLIC_KEY],
                         unsigned char secret_key[CRYPTO_SECRET_KEY]);
void crypto_sign(unsigned char signature[CRYPTO_SIGNATURE], str message,
                 const unsigned char secret_key[CRYPTO_SECRET_KEY]);
bool crypto_verify(const unsigned char signature[CRYPTO_SIGNATURE], str message,
                   const unsigned char public_key[CRYPTO_PUBLIC_KEY]);

#pragma GCC visibility pop

#endif
