/* The benchmark's clients: keep-alive connections on one thread (epoll), each with one request under way,
 * every latency recorded. Prints one line of JSON.
 *
 *   load [options] PORT REQUESTS
 *     -c N   clients                             -s S   seconds that count (a tenth more before them does
 * not) -e N   the status that is expected: 200    -n N   requests that are answered in a row count as one: 1
 *     -f A   the address that the first client comes from: 127.0.0.1; the next ones count up
 *     -p P   a process whose time on the processors is told; may be given again
 *     -1     every request once, then stop, however long it takes
 *     -h     the hand-over: each request is `Login as Customer`; the secret of the answer is sent to
 *            /assist/enter, and the first page is fetched with the cookie that comes back
 *
 * REQUESTS is a file of whole HTTP requests, each behind a line with its length in bytes. They are sent in
 * turn. "@@@@@@@@" in one becomes the number of the request, so that no two are the same. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { IN_MAX = 256 * 1024, OUT_MAX = 16 * 1024, CLIENTS_MAX = 1024, PIDS_MAX = 16, HOP = 500 };

struct blob {
    const char *p;
    size_t n;
};

struct client {
    int fd;
    int step; /* of the chain */
    long chains;
    uint64_t began;
    char out[OUT_MAX];
    size_t out_n, sent;
    char *in;
    size_t in_n;
};

static struct {
    int port, clients, expect, chain, pids_n;
    double seconds;
    uint32_t from;
    bool once, handover;
    pid_t pids[PIDS_MAX];
} o = {.clients = 1, .expect = 200, .chain = 1, .seconds = 1, .from = 0x7f000001};

static struct blob *blobs;
static size_t blobs_n;
static uint64_t number; /* requests taken from the file */
static uint32_t hops;
static struct client clients[CLIENTS_MAX];
static uint32_t *latency; /* tenths of microseconds */
static size_t latency_n, latency_cap;
static long errors;
static bool counting, stopping;
static int running, poll_fd;

static void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* The number that a text begins with; 0 when it is none. */
static long digits(const char *p) {
    long n = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        n = 10 * n + (*p - '0');
    return n;
}

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- what is sent ---- */

static void read_requests(const char *path) {
    FILE *f = fopen(path, "rb");
    size_t n, cap = 0;
    if (!f) die(path);
    while (fscanf(f, "%zu", &n) == 1 && fgetc(f) == '\n') {
        char *p = malloc(n);
        if (n > OUT_MAX || !p || fread(p, 1, n, f) != n) die(path);
        if (blobs_n == cap) blobs = realloc(blobs, (cap = cap ? 2 * cap : 64) * sizeof *blobs);
        blobs[blobs_n++] = (struct blob){p, n};
    }
    fclose(f);
    if (!blobs_n) die("no requests");
}

static bool next_from_file(struct client *c) {
    if (stopping || (o.once && number >= blobs_n)) return false;
    struct blob b = blobs[number % blobs_n];
    memcpy(c->out, b.p, b.n);
    c->out_n = b.n;
    char digits[9], *mark = memmem(c->out, c->out_n, "@@@@@@@@", 8);
    snprintf(digits, sizeof digits, "%08u", (unsigned)(number % 100000000));
    if (mark) memcpy(mark, digits, 8);
    number++;
    return true;
}

static void printf_out(struct client *c, const char *head, struct blob a, const char *middle, struct blob b,
                       const char *tail) {
    int n = snprintf(c->out, OUT_MAX, "%s%.*s%s%.*s%s", head, (int)a.n, a.p, middle, (int)b.n, b.p, tail);
    c->out_n = n > 0 && n < OUT_MAX ? (size_t)n : 0;
}

/* The piece of the answer between two texts; empty when they are not there. */
static struct blob between(const struct client *c, const char *before, const char *behind) {
    char *at = memmem(c->in, c->in_n, before, strlen(before));
    if (!at) return (struct blob){"", 0};
    at += strlen(before);
    char *end = memmem(at, c->in_n - (size_t)(at - c->in), behind, strlen(behind));
    return end ? (struct blob){at, (size_t)(end - at)} : (struct blob){"", 0};
}

/* The second and third request of a hand-over, made of the answer before. */
static bool next_of_handover(struct client *c) {
    char text[1024], body[256];
    if (c->step == 1) {
        struct blob secret = between(c, "name=\"secret\" value=\"", "\"");
        struct blob view = between(c, "name=\"view_id\" value=\"", "\"");
        int n = snprintf(body, sizeof body, "secret=%.*s&view_id=%.*s", (int)secret.n, secret.p, (int)view.n,
                         view.p);
        snprintf(text, sizeof text,
                 "POST /assist/enter HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
                 "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                 "Content-Length: %d\r\n\r\n",
                 o.port, o.port, n);
        printf_out(c, text, (struct blob){body, (size_t)n}, "", (struct blob){"", 0}, "");
        return secret.n == 43;
    }
    struct blob to = between(c, "\r\nLocation: ", "\r\n"),
                cookie = between(c, "\r\nSet-Cookie: cs_assist=", ";");
    snprintf(text, sizeof text, "Host: 127.0.0.1:%d\r\n\r\n", o.port);
    printf_out(c, "GET ", to, " HTTP/1.1\r\nCookie: cs_assist=", cookie, "\r\n");
    size_t n = strlen(text);
    if (!c->out_n || c->out_n + n > OUT_MAX) return false;
    memcpy(c->out + c->out_n, text, n);
    c->out_n += n;
    return to.n > 0 && cookie.n > 0;
}

/* ---- connections ---- */

static void connect_client(struct client *c) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o.port)};
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(o.from + hops++)};
    int one = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || bind(c->fd, (struct sockaddr *)&from, sizeof from)) die("bind");
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &e)) die("epoll_ctl");
    c->in_n = 0;
}

/* Requests are small: what does not fit into the socket at once waits for room. */
static void send_all(struct client *c) {
    for (c->sent = 0; c->sent < c->out_n;) {
        ssize_t n = send(c->fd, c->out + c->sent, c->out_n - c->sent, MSG_NOSIGNAL);
        if (n > 0) c->sent += (size_t)n;
        if (n < 0 && errno != EAGAIN && errno != EINTR) die("send");
    }
    c->in_n = 0;
}

static void begin_chain(struct client *c) {
    c->step = 0;
    if (!next_from_file(c)) {
        close(c->fd);
        c->fd = -1;
        running--;
        return;
    }
    /* A new address now and then: the server limits how many forms come from one. */
    if (++c->chains % HOP == 0) {
        close(c->fd);
        connect_client(c);
    }
    c->began = now_ns();
    send_all(c);
}

/* ---- answers ---- */

/* Length of the answer when all of it is here, else 0. */
static size_t whole(const struct client *c) {
    char *end = memmem(c->in, c->in_n, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - c->in) + 4;
    struct client only_head = {.in = c->in, .in_n = head};
    struct blob length = between(&only_head, "\r\nContent-Length: ", "\r\n");
    if (length.n) {
        size_t n = head + (size_t)digits(length.p);
        return c->in_n >= n ? n : 0;
    }
    if (between(&only_head, "\r\nTransfer-Encoding: chunked", "\r\n").p[0] == '\0') return head;
    return c->in_n >= head + 5 && !memcmp(c->in + c->in_n - 5, "0\r\n\r\n", 5) ? c->in_n : 0;
}

static void record(uint64_t ns) {
    if (!counting) return;
    if (latency_n == latency_cap) {
        latency_cap = latency_cap ? 2 * latency_cap : 1 << 16;
        latency = realloc(latency, latency_cap * sizeof *latency);
        if (!latency) die("memory");
    }
    latency[latency_n++] = (uint32_t)(ns / 100 > UINT32_MAX ? UINT32_MAX : ns / 100);
}

static void complain(const struct client *c) {
    if (errors++ == 0)
        fprintf(stderr, "load: first unexpected answer:\n%.*s\n", (int)(c->in_n < 1500 ? c->in_n : 1500),
                c->in);
}

static void on_answer(struct client *c) {
    static const int handover[] = {200, 303, 200};
    int due = o.handover ? handover[c->step] : o.expect;
    int steps = o.handover ? 3 : o.chain;
    bool good = c->in_n > 12 && (int)digits(c->in + 9) == due;
    bool closes = memmem(c->in, c->in_n, "\r\nConnection: close\r\n", 21) != NULL;
    if (!good) complain(c);
    bool more = good && ++c->step < steps;
    if (more && o.handover && !next_of_handover(c)) {
        complain(c);
        good = more = false;
    }
    if (more && !o.handover) more = next_from_file(c);
    if (good && !more) record(now_ns() - c->began);
    if (closes) {
        close(c->fd);
        connect_client(c);
    }
    if (more)
        send_all(c);
    else
        begin_chain(c);
}

static void on_readable(struct client *c) {
    ssize_t n = recv(c->fd, c->in + c->in_n, IN_MAX - c->in_n, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0 || c->in_n + (size_t)n == IN_MAX) {
        complain(c);
        close(c->fd);
        connect_client(c);
        begin_chain(c);
        return;
    }
    c->in_n += (size_t)n;
    if (whole(c)) on_answer(c);
}

/* ---- time on the processors ---- */

static double cpu_us(pid_t pid) {
    char path[64], file[512];
    double sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        unsigned long long ns;
        snprintf(file, sizeof file, "%s/%s/schedstat", path, e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(file, "r");
        if (!f) continue;
        if (fscanf(f, "%llu", &ns) == 1) sum += (double)ns / 1000;
        fclose(f);
    }
    if (d) closedir(d);
    return sum;
}

static double cpu_of_all(void) {
    double sum = 0;
    for (int i = 0; i < o.pids_n; i++)
        sum += cpu_us(o.pids[i]);
    return sum;
}

/* ---- the run ---- */

static void serve_events(uint64_t until_ns) {
    struct epoll_event events[64];
    for (uint64_t now = now_ns(); running && now < until_ns; now = now_ns()) {
        uint64_t left_ms = (until_ns - now) / 1000000 + 1;
        int n = epoll_wait(poll_fd, events, 64, left_ms > 1000 ? 1000 : (int)left_ms);
        for (int i = 0; i < n; i++)
            on_readable(events[i].data.ptr);
    }
}

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double percentile(double p) {
    return latency_n ? latency[(size_t)((double)(latency_n - 1) * p)] / 10.0 : 0;
}

static void read_options(int argc, char **argv) {
    struct in_addr from;
    for (int c; (c = getopt(argc, argv, "c:s:e:n:f:p:1h")) != -1;)
        switch (c) {
        case 'c': o.clients = (int)digits(optarg); break;
        case 's': o.seconds = strtod(optarg, NULL); break;
        case 'e': o.expect = (int)digits(optarg); break;
        case 'n': o.chain = (int)digits(optarg); break;
        case 'f': o.from = inet_aton(optarg, &from) ? ntohl(from.s_addr) : o.from; break;
        case 'p':
            if (o.pids_n < PIDS_MAX) o.pids[o.pids_n++] = (pid_t)digits(optarg);
            break;
        case '1': o.once = true; break;
        case 'h': o.handover = true; break;
        default: exit(2);
        }
    if (argc - optind != 2 || o.clients < 1 || o.clients > CLIENTS_MAX) {
        fprintf(stderr, "usage: load [options] PORT REQUESTS\n");
        exit(2);
    }
    o.port = (int)digits(argv[optind]);
    read_requests(argv[optind + 1]);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    running = o.clients;
    for (int i = 0; i < o.clients; i++) {
        clients[i].in = malloc(IN_MAX);
        if (!clients[i].in) die("memory");
        connect_client(&clients[i]);
    }
    counting = o.once;
    for (int i = 0; i < o.clients; i++)
        begin_chain(&clients[i]);
    if (!o.once) serve_events(now_ns() + (uint64_t)(o.seconds * 1e8));
    counting = true;
    double cpu = cpu_of_all();
    uint64_t begin = now_ns();
    serve_events(o.once ? UINT64_MAX : begin + (uint64_t)(o.seconds * 1e9));
    double passed = (double)(now_ns() - begin) / 1e9;
    cpu = cpu_of_all() - cpu;
    counting = false;
    stopping = true;
    serve_events(now_ns() +
                 2000000000u); /* what is under way is answered, so that nothing is left half done */
    qsort(latency, latency_n, sizeof *latency, by_value);
    printf("{\"done\":%zu,\"errors\":%ld,\"seconds\":%.4f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,"
           "\"cpu_us\":%.0f}\n",
           latency_n, errors, passed, percentile(0.5), percentile(0.99), percentile(1), cpu);
    return 0;
}
