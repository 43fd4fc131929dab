#include "http/http_watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

enum phase { CLOSED, HEAD, BODY, BUSY, CUT };

/* Connections of one address (or one IPv6 /64). */
struct peer {
    struct http_addr key;
    size_t count;
    struct peer *next; /* in its bucket, or in the free list */
};

struct http_conn {
    /* Under the lock. */
    int fd;
    struct http_addr addr;
    struct peer *peer;
    struct http_conn *next_free;
    /* The connection's thread's. */
    struct http_req *request;
    /* Written by the connection's thread, read by the watchdog, or the other way round. */
    _Atomic int phase;
    _Atomic unsigned turn;        /* which request of the connection */
    _Atomic i64 body_deadline_us; /* monotonic */
    _Atomic i64 head_started_us;  /* wall clock */
    /* The watchdog's own. */
    unsigned seen_turn;
    u64 seen_bytes;       /* received when this turn was first looked at */
    i64 head_deadline_us; /* monotonic; 0 until a byte of the head has come */
};

struct http_watch {
    struct http_watch_options o;
    i64 tick_us;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
    struct http_conn *conns, *free_conn;
    size_t used; /* slots that were ever used */
    struct peer *free_peer, **buckets;
    size_t buckets_n; /* a power of two */
};

/* ---- connections per address ---- */

static struct http_addr peer_key(const struct http_addr *addr) {
    static const unsigned char v4[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct http_addr key = *addr;
    if (memcmp(key.b, v4, sizeof v4) != 0) memset(key.b + 8, 0, 8);
    return key;
}

static struct peer **peer_bucket(struct http_watch *w, const struct http_addr *key) {
    u64 hash = str_hash((str){(const char *)key->b, sizeof key->b});
    return &w->buckets[hash & (w->buckets_n - 1)];
}

static struct peer *peer_find(struct http_watch *w, const struct http_addr *key) {
    struct peer *p = *peer_bucket(w, key);
    while (p && memcmp(&p->key, key, sizeof *key) != 0)
        p = p->next;
    return p;
}

static struct peer *peer_enter(struct http_watch *w, const struct http_addr *key) {
    struct peer *p = peer_find(w, key);
    if (!p) { /* there are as many as connections, so one is free */
        struct peer **bucket = peer_bucket(w, key);
        p = w->free_peer;
        w->free_peer = p->next;
        *p = (struct peer){.key = *key, .next = *bucket};
        *bucket = p;
    }
    p->count++;
    return p;
}

static void peer_leave(struct http_watch *w, struct peer *p) {
    if (--p->count > 0) return;
    struct peer **at = peer_bucket(w, &p->key);
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    p->next = w->free_peer;
    w->free_peer = p;
}

size_t http_watch_count(struct http_watch *w, const struct http_addr *addr) {
    struct http_addr key = peer_key(addr);
    pthread_mutex_lock(&w->lock);
    struct peer *p = peer_find(w, &key);
    size_t n = p ? p->count : 0;
    pthread_mutex_unlock(&w->lock);
    return n;
}

/* ---- the life of a connection ---- */

struct http_conn *http_watch_open(struct http_watch *w, int fd, const struct http_addr *addr) {
    struct http_addr key = peer_key(addr);
    pthread_mutex_lock(&w->lock);
    struct http_conn *c = w->free_conn;
    if (c) {
        w->free_conn = c->next_free;
    } else if (w->used < w->o.connections) {
        c = &w->conns[w->used++];
    }
    if (c) {
        c->fd = fd;
        c->addr = *addr;
        c->peer = peer_enter(w, &key);
        c->request = NULL;
        c->seen_turn = 0; /* turn 0 has received nothing yet, so its first byte is the first of all */
        c->seen_bytes = 0;
        c->head_deadline_us = 0;
        atomic_store(&c->turn, 0);
        atomic_store(&c->head_started_us, 0);
        atomic_store(&c->phase, HEAD);
    }
    pthread_mutex_unlock(&w->lock);
    return c;
}

void http_watch_close(struct http_watch *w, struct http_conn *c) {
    pthread_mutex_lock(&w->lock); /* the watchdog is not looking at the descriptor now, and will not again */
    peer_leave(w, c->peer);
    atomic_store(&c->phase, CLOSED);
    c->next_free = w->free_conn;
    w->free_conn = c;
    pthread_mutex_unlock(&w->lock);
}

void http_conn_set_request(struct http_conn *c, struct http_req *r) {
    c->request = r;
}

struct http_req *http_conn_request(const struct http_conn *c) {
    return c->request;
}

const struct http_addr *http_conn_peer(const struct http_conn *c) {
    return &c->addr;
}

i64 http_conn_head_started_us(const struct http_conn *c) {
    return atomic_load(&c->head_started_us);
}

void http_conn_body(struct http_watch *w, struct http_conn *c) {
    atomic_store(&c->body_deadline_us, time_mono_us() + w->o.body_deadline_us);
    atomic_store(&c->phase, BODY);
}

void http_conn_busy(struct http_conn *c) {
    atomic_store(&c->phase, BUSY);
}

void http_conn_next(struct http_conn *c) {
    atomic_fetch_add(&c->turn, 1);
    atomic_store(&c->head_started_us, 0);
    atomic_store(&c->phase, HEAD);
}

/* ---- the watchdog ---- */

static u64 bytes_received(int fd) {
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0) return 0;
    return info.tcpi_bytes_received;
}

/* A head is late when its first byte was seen longer ago than the deadline. libmicrohttpd does not tell of
 * first bytes, so the kernel's count of received bytes is looked at; a connection that is merely idle is the
 * time-out's business. */
static bool head_is_late(struct http_watch *w, struct http_conn *c, i64 now_us) {
    unsigned turn = atomic_load(&c->turn);
    u64 bytes = bytes_received(c->fd);
    if (turn != c->seen_turn) {
        c->seen_turn = turn;
        c->seen_bytes = bytes;
        c->head_deadline_us = 0;
        return false;
    }
    if (c->head_deadline_us) return now_us >= c->head_deadline_us;
    if (bytes > c->seen_bytes) {
        c->head_deadline_us = now_us + w->o.head_deadline_us;
        atomic_store(&c->head_started_us, time_now_us());
    }
    return false;
}

static void look_at(struct http_watch *w, struct http_conn *c, i64 now_us) {
    int phase = atomic_load(&c->phase);
    bool late = (phase == HEAD && head_is_late(w, c, now_us)) ||
                (phase == BODY && now_us >= atomic_load(&c->body_deadline_us));
    /* The thread of the connection sees its end and closes it; a request that became whole this instant
     * stays. */
    if (late && atomic_compare_exchange_strong(&c->phase, &phase, CUT)) shutdown(c->fd, SHUT_RDWR);
}

/* Looks at all connections, a few at a time, so that opening and closing never wait long for the lock. */
static void look_at_all(struct http_watch *w) {
    enum { FEW = 64 };
    i64 now_us = time_mono_us();
    for (size_t i = 0, used = w->used; i < used && !w->stop; i++) {
        look_at(w, &w->conns[i], now_us);
        if (i % FEW == FEW - 1) {
            pthread_mutex_unlock(&w->lock);
            pthread_mutex_lock(&w->lock);
        }
    }
}

static struct timespec mono_time(i64 us) {
    return (struct timespec){.tv_sec = us / US_SECOND, .tv_nsec = us % US_SECOND * 1000};
}

static void *watch_main(void *arg) {
    struct http_watch *w = arg;
    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        struct timespec until = mono_time(time_mono_us() + w->tick_us);
        pthread_cond_timedwait(&w->wake, &w->lock, &until);
        if (!w->stop) look_at_all(w);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Small enough to be near the deadline, large enough to cost nothing: at most two looks a second by default.
 */
static i64 tick_for(const struct http_watch_options *o) {
    i64 tick = MIN_OF(o->head_deadline_us, o->body_deadline_us) / 20;
    return MIN_OF(MAX_OF(tick, 20 * US_SECOND / 1000), US_SECOND / 2);
}

struct http_watch *http_watch_start(struct arena *a, const struct http_watch_options *o) {
    struct http_watch *w = ARENA_NEW(a, struct http_watch);
    w->o = *o;
    w->tick_us = tick_for(o);
    w->conns = ARENA_ARRAY(a, struct http_conn, o->connections);
    for (w->buckets_n = 64; w->buckets_n < o->connections;)
        w->buckets_n *= 2;
    w->buckets = ARENA_ARRAY(a, struct peer *, w->buckets_n);
    struct peer *peers = ARENA_ARRAY(a, struct peer, o->connections);
    for (size_t i = 0; i < o->connections; i++) {
        peers[i].next = w->free_peer;
        w->free_peer = &peers[i];
    }
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&w->lock, NULL);
    if (pthread_create(&w->thread, NULL, watch_main, w) != 0) return NULL;
    return w;
}

void http_watch_stop(struct http_watch *w) {
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
}
