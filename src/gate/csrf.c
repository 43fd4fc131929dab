/* Proof that a form came from a page that this shop gave to this browser: the browser's own word about the
 * origin, and a token that only the holder of the session's cookie can have been given (OWASP ASVS 4.2.2). */
#include "gate/inside.h"

static hash256 mac(const struct gate *g, struct arena *a, const char *purpose, str text) {
    return crypto_keyed_hash(&g->o.key, ARENA_CAT(a, str_c(purpose), S(":"), text));
}

/* The token is masked afresh in every page, so that compression beside reflected input cannot find it out
 * (BREACH). */
str csrf_token(struct gate *g, struct arena *a, str cookie_token) {
    unsigned char both[2 * CRYPTO_HASH];
    hash256 m = mac(g, a, "csrf", cookie_token);
    crypto_random(both, CRYPTO_HASH);
    for (size_t i = 0; i < CRYPTO_HASH; i++)
        both[CRYPTO_HASH + i] = both[i] ^ m.b[i];
    return crypto_base64url(a, (str){(const char *)both, sizeof both});
}

bool csrf_holds(struct gate *g, struct arena *a, str cookie_token, str token) {
    str both;
    hash256 m = mac(g, a, "csrf", cookie_token);
    if (cookie_token.n == 0 || !crypto_unbase64url(a, token, &both) || both.n != 2 * CRYPTO_HASH)
        return false;
    unsigned char plain[CRYPTO_HASH];
    for (size_t i = 0; i < CRYPTO_HASH; i++)
        plain[i] = (unsigned char)(both.p[i] ^ both.p[CRYPTO_HASH + i]);
    return crypto_equal(plain, m.b, CRYPTO_HASH);
}

static str host_of(str origin) {
    size_t at = str_find(origin, S("://"));
    return at < origin.n ? str_slice(origin, at + 3, origin.n) : STR_NULL;
}

bool csrf_same_origin(const struct gate *g, const struct http_req *r) {
    str site = http_req_header(r, S("Sec-Fetch-Site")), origin = http_req_header(r, S("Origin"));
    if (site.p && !str_eq(site, S("same-origin"))) return false;
    if (!origin.p)
        return true; /* not a browser, or one that has spoken through Sec-Fetch-Site; the token decides */
    str host = host_of(origin);
    if (!host.p) return false;
    return str_eq_nocase(host, http_req_header(r, S("Host"))) || str_eq_nocase(origin, g->o.url);
}

str cookie_seal(struct gate *g, struct arena *a, str text) {
    hash256 m = mac(g, a, "flash", text);
    return crypto_base64url(a, ARENA_CAT(a, hash_str(&m), text));
}

str cookie_unseal(struct gate *g, struct arena *a, str sealed) {
    str both;
    if (sealed.n == 0 || !crypto_unbase64url(a, sealed, &both) || both.n < CRYPTO_HASH) return STR_NULL;
    str text = str_slice(both, CRYPTO_HASH, both.n);
    hash256 m = mac(g, a, "flash", text);
    return crypto_equal(both.p, m.b, CRYPTO_HASH) ? text : STR_NULL;
}
