/* Random bytes, hashes, keyed hashes, texts of bytes and signatures. Passwords are in password.c. */
#include "crypto/crypto.h"

#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/core.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>
#include <stdlib.h>

_Static_assert((int)CRYPTO_HASH == (int)crypto_generichash_BYTES, "BLAKE2b-256");
_Static_assert((int)CRYPTO_SIGNATURE == (int)crypto_sign_ed25519_BYTES, "Ed25519 signature");
_Static_assert((int)CRYPTO_PUBLIC_KEY == (int)crypto_sign_ed25519_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert((int)CRYPTO_SECRET_KEY == (int)crypto_sign_ed25519_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(sizeof(crypto_generichash_state) <= sizeof((struct crypto_hasher *)0)->state, "state fits");

bool crypto_init(void) {
    return sodium_init() >= 0; /* 1: somebody was first */
}

/* libsodium's length and argument checks cannot fail with the constant sizes used here. */
static void must(int rc) {
    if (rc != 0) abort();
}

static const unsigned char *bytes_of(str s) {
    return (const unsigned char *)(s.p ? s.p : "");
}

/* ---- random ---- */

/* Every page needs 32 bytes or 64, and a call of the kernel for each of them costs more than the page's
 * hashes. So a thread fetches some in advance; what was handed out is wiped, so that nothing is given twice
 * and no memory tells earlier tokens. The program never forks. */
void crypto_random(void *out, size_t n) {
    enum { STOCK = 1024 };
    static _Thread_local unsigned char stock[STOCK];
    static _Thread_local size_t left;
    if (n > STOCK) {
        randombytes_buf(out, n);
        return;
    }
    if (left < n) {
        randombytes_buf(stock, sizeof stock);
        left = sizeof stock;
    }
    left -= n;
    memcpy(out, stock + left, n);
    sodium_memzero(stock + left, n);
}

str crypto_token(struct arena *a) {
    unsigned char raw[32];
    crypto_random(raw, sizeof raw);
    str token = crypto_base64url(a, (str){(const char *)raw, sizeof raw});
    sodium_memzero(raw, sizeof raw);
    return token;
}

str crypto_public_id(struct arena *a, size_t chars) {
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    char *p = arena_alloc(a, chars + 1);
    crypto_random(p, chars);
    for (size_t i = 0; i < chars; i++)
        p[i] = alphabet[(unsigned char)p[i] % 32]; /* 256 is 8 times 32: no bias */
    return (str){p, chars};
}

/* ---- hashes ---- */

hash256 crypto_hash(str s) {
    hash256 h;
    must(crypto_generichash(h.b, sizeof h.b, bytes_of(s), s.n, NULL, 0));
    return h;
}

hash256 crypto_keyed_hash(const hash256 *key, str s) {
    hash256 h;
    must(crypto_generichash(h.b, sizeof h.b, bytes_of(s), s.n, key->b, sizeof key->b));
    return h;
}

hash256 crypto_hmac(str key, str message) {
    crypto_auth_hmacsha256_state state;
    hash256 h;
    must(crypto_auth_hmacsha256_init(&state, bytes_of(key), key.n));
    must(crypto_auth_hmacsha256_update(&state, bytes_of(message), message.n));
    must(crypto_auth_hmacsha256_final(&state, h.b));
    return h;
}

bool crypto_equal(const void *a, const void *b, size_t n) {
    return sodium_memcmp(a, b, n) == 0;
}

static crypto_generichash_state *state_of(struct crypto_hasher *h) {
    return (crypto_generichash_state *)(void *)h->state;
}

static void hasher_bytes(struct crypto_hasher *h, const unsigned char *p, size_t n) {
    must(crypto_generichash_update(state_of(h), p, n));
}

/* Every field is a tag and eight bytes, little-endian; text follows its length. */
enum { TAG_NULL = 0, TAG_TEXT = 1, TAG_NUMBER = 2 };

static void hasher_field(struct crypto_hasher *h, unsigned char tag, u64 v) {
    unsigned char b[9] = {tag};
    for (int i = 0; i < 8; i++)
        b[1 + i] = (unsigned char)(v >> (8 * i));
    hasher_bytes(h, b, sizeof b);
}

void crypto_hasher_init(struct crypto_hasher *h) {
    must(crypto_generichash_init(state_of(h), NULL, 0, CRYPTO_HASH));
}

void crypto_hasher_str(struct crypto_hasher *h, str s) {
    hasher_field(h, s.p ? TAG_TEXT : TAG_NULL, s.n);
    hasher_bytes(h, bytes_of(s), s.n);
}

void crypto_hasher_i64(struct crypto_hasher *h, i64 v) {
    hasher_field(h, TAG_NUMBER, (u64)v);
}

hash256 crypto_hasher_final(struct crypto_hasher *h) {
    hash256 out;
    must(crypto_generichash_final(state_of(h), out.b, sizeof out.b));
    return out;
}

/* ---- bytes as text ---- */

str crypto_hex(struct arena *a, str bytes) {
    char *p = arena_alloc(a, bytes.n * 2 + 1);
    sodium_bin2hex(p, bytes.n * 2 + 1, bytes_of(bytes), bytes.n);
    return (str){p, bytes.n * 2};
}

bool crypto_unhex(struct arena *a, str hex, str *ret) {
    unsigned char *p = arena_alloc(a, hex.n / 2 + 1);
    size_t n = 0;
    const char *end = NULL; /* with NULL in its place, libsodium takes trailing rubbish for an error */
    if (hex.n % 2 != 0 ||
        sodium_hex2bin(p, hex.n / 2, (const char *)bytes_of(hex), hex.n, NULL, &n, &end) != 0)
        return false;
    if (n != hex.n / 2) return false;
    *ret = (str){(const char *)p, n};
    return true;
}

str crypto_base64url(struct arena *a, str bytes) {
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    size_t room = sodium_base64_encoded_len(bytes.n, variant);
    char *p = arena_alloc(a, room);
    sodium_bin2base64(p, room, bytes_of(bytes), bytes.n, variant);
    return (str){p, strlen(p)};
}

bool crypto_unbase64url(struct arena *a, str text, str *ret) {
    size_t room = text.n / 4 * 3 + 3;
    unsigned char *p = arena_alloc(a, room);
    size_t n;
    const char *start = (const char *)bytes_of(text), *end = start;
    if (sodium_base642bin(p, room, start, text.n, NULL, &n, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) !=
        0)
        return false;
    if (end != start + text.n) return false;
    *ret = (str){(const char *)p, n};
    return true;
}

/* ---- signatures ---- */

void crypto_sign_keypair(unsigned char public_key[CRYPTO_PUBLIC_KEY],
                         unsigned char secret_key[CRYPTO_SECRET_KEY]) {
    must(crypto_sign_ed25519_keypair(public_key, secret_key));
}

void crypto_sign(unsigned char signature[CRYPTO_SIGNATURE], str message,
                 const unsigned char secret_key[CRYPTO_SECRET_KEY]) {
    must(crypto_sign_ed25519_detached(signature, NULL, bytes_of(message), message.n, secret_key));
}

bool crypto_verify(const unsigned char signature[CRYPTO_SIGNATURE], str message,
                   const unsigned char public_key[CRYPTO_PUBLIC_KEY]) {
    return crypto_sign_ed25519_verify_detached(signature, bytes_of(message), message.n, public_key) == 0;
}
