#include "http/http_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_mapped(const struct http_addr *addr) {
    return memcmp(addr->b, mapped_prefix, sizeof mapped_prefix) == 0;
}

static void put_v4(struct http_addr *addr, const void *four) {
    memcpy(addr->b, mapped_prefix, sizeof mapped_prefix);
    memcpy(addr->b + sizeof mapped_prefix, four, 4);
}

/* An address and nothing else. */
static bool parse_bare(str text, struct http_addr *ret) {
    char z[INET6_ADDRSTRLEN];
    struct in_addr v4;
    if (text.n == 0 || text.n >= sizeof z || memchr(text.p, '\0', text.n)) return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    if (inet_pton(AF_INET, z, &v4) == 1) {
        put_v4(ret, &v4);
        return true;
    }
    return inet_pton(AF_INET6, z, ret->b) == 1;
}

static bool parse_port(str text, unsigned *ret) {
    i64 port;
    if (text.n == 0 || text.n > 5 || !str_to_i64(text, &port) || port < 0 || port > 65535) return false;
    *ret = (unsigned)port;
    return true;
}

/* Splits "host:port", "[v6]:port", "[v6]" and "host"; *ret_port is STR_NULL without a port. */
static bool split_port(str text, str *ret_host, str *ret_port) {
    *ret_port = STR_NULL;
    if (str_starts(text, S("["))) {
        size_t close = str_find_char(text, ']');
        if (close == text.n) return false;
        *ret_host = str_slice(text, 1, close);
        str rest = str_slice(text, close + 1, text.n);
        if (rest.n == 0) return true;
        if (rest.p[0] != ':') return false;
        *ret_port = str_slice(rest, 1, rest.n);
        return true;
    }
    size_t colon = str_find_char(text, ':');
    str rest = colon < text.n ? str_slice(text, colon + 1, text.n) : STR_NULL;
    bool one_colon = rest.p && str_find_char(rest, ':') == rest.n;
    *ret_host = one_colon ? str_slice(text, 0, colon) : text;
    if (one_colon) *ret_port = rest;
    return true;
}

bool http_addr_parse(str text, struct http_addr *ret) {
    str host, port;
    unsigned number;
    if (!split_port(text, &host, &port)) return false;
    if (port.p && !parse_port(port, &number)) return false;
    return parse_bare(host, ret);
}

struct http_addr http_addr_of(const struct sockaddr *sa) {
    struct http_addr addr = {0};
    if (sa && sa->sa_family == AF_INET)
        put_v4(&addr, &((const struct sockaddr_in *)(const void *)sa)->sin_addr);
    if (sa && sa->sa_family == AF_INET6)
        memcpy(addr.b, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, sizeof addr.b);
    return addr;
}

str http_addr_text(struct arena *a, const struct http_addr *addr) {
    char *z = arena_alloc(a, INET6_ADDRSTRLEN);
    bool v4 = is_mapped(addr);
    const void *bytes = v4 ? addr->b + sizeof mapped_prefix : addr->b;
    return str_c(inet_ntop(v4 ? AF_INET : AF_INET6, bytes, z, INET6_ADDRSTRLEN));
}

bool http_net_parse(str text, struct http_net *ret) {
    str host, bits = str_cut(text, '/', &host);
    i64 n;
    if (!parse_bare(host, &ret->addr)) return false;
    bool v4 = is_mapped(&ret->addr) && str_find_char(host, ':') == host.n;
    i64 most = v4 ? 32 : 128;
    if (!bits.p)
        n = most;
    else if (bits.n == 0 || bits.n > 3 || !str_to_i64(bits, &n) || n < 0 || n > most)
        return false;
    ret->bits = (int)(n + (v4 ? 96 : 0));
    return true;
}

static bool net_has(const struct http_net *net, const struct http_addr *addr) {
    size_t whole = (size_t)net->bits / 8;
    int rest = net->bits % 8;
    if (memcmp(net->addr.b, addr->b, whole) != 0) return false;
    return rest == 0 || (net->addr.b[whole] ^ addr->b[whole]) >> (8 - rest) == 0;
}

bool http_net_has(const struct http_net *nets, size_t n, const struct http_addr *addr) {
    for (size_t i = 0; i < n; i++)
        if (net_has(&nets[i], addr)) return true;
    return false;
}

bool http_listen_parse(str text, struct sockaddr_storage *ret, socklen_t *ret_len) {
    str host, port;
    unsigned number;
    struct http_addr addr;
    if (!split_port(text, &host, &port) || !port.p || !parse_port(port, &number)) return false;
    if (!parse_bare(str_eq(host, S("localhost")) ? S("127.0.0.1") : host, &addr)) return false;
    memset(ret, 0, sizeof *ret);
    if (is_mapped(&addr)) {
        struct sockaddr_in *in = (struct sockaddr_in *)ret;
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)number);
        memcpy(&in->sin_addr, addr.b + sizeof mapped_prefix, 4);
        *ret_len = sizeof *in;
    } else {
        struct sockaddr_in6 *in = (struct sockaddr_in6 *)ret;
        in->sin6_family = AF_INET6;
        in->sin6_port = htons((uint16_t)number);
        memcpy(&in->sin6_addr, addr.b, sizeof addr.b);
        *ret_len = sizeof *in;
    }
    return true;
}

/* Takes the last word of a comma list off `list`. */
static str pop_last(str *list) {
    size_t at = list->n;
    while (at > 0 && list->p[at - 1] != ',')
        at--;
    str word = str_trim(str_slice(*list, at, list->n));
    *list = str_slice(*list, 0, at > 0 ? at - 1 : 0);
    return word;
}

struct http_addr http_client_addr(const struct http_net *trusted, size_t n, const struct http_addr *peer,
                                  str forwarded) {
    struct http_addr client = *peer, next;
    while (forwarded.n > 0 && http_net_has(trusted, n, &client)) {
        if (!http_addr_parse(pop_last(&forwarded), &next)) break;
        client = next;
    }
    return client;
}

bool http_forwarded_secure(str proto) {
    return proto.p && str_eq_nocase(pop_last(&proto), S("https"));
}
