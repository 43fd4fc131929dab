/* Addresses of this room: what is listened on, who the peer is, which proxies are believed. Only http/
 * includes this. */
#ifndef HTTP_HTTP_ADDRESS_H
#define HTTP_HTTP_ADDRESS_H

#include <sys/socket.h>

#include "http/http.h"

/* An address as IPv6; IPv4 in its mapped form ::ffff:a.b.c.d, so that both kinds compare alike. */
struct http_addr {
    unsigned char b[16];
};

/* A block of addresses: the first `bits` of 128 count. */
struct http_net {
    struct http_addr addr;
    int bits;
};

/* Reads "192.0.2.1", "2001:db8::1" or "[2001:db8::1]", each with or without ":port" where that is
 * unambiguous. */
bool http_addr_parse(str text, struct http_addr *ret);
/* The address of a connected socket; all zero when it is neither IPv4 nor IPv6. */
struct http_addr http_addr_of(const struct sockaddr *sa);
/* The usual text, IPv4 with dots. */
str http_addr_text(struct arena *a, const struct http_addr *addr);

/* Reads an address or a CIDR block: "10.0.0.0/8", "fd00::/8", "127.0.0.1". */
bool http_net_parse(str text, struct http_net *ret);
/* `addr` lies in one of the `n` blocks. */
bool http_net_has(const struct http_net *nets, size_t n, const struct http_addr *addr);

/* Reads "127.0.0.1:8080", "[::1]:0" or "localhost:8080" into a socket address. */
bool http_listen_parse(str text, struct sockaddr_storage *ret, socklen_t *ret_len);

/* The client behind trusted proxies: the right-most entry of X-Forwarded-For that is no trusted proxy itself.
 * What stands left of it, or behind something that is no address, was written by somebody nobody knows. */
struct http_addr http_client_addr(const struct http_net *trusted, size_t n, const struct http_addr *peer,
                                  str forwarded);
/* The last word of X-Forwarded-Proto, the nearest proxy's, is "https". */
bool http_forwarded_secure(str proto);

#endif
