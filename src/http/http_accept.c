/* New connections go to the thread that has the fewest. libmicrohttpd's own pool lets its threads race for
 * them: one thread often wins several in a row, and then a proxy's few lasting connections keep that one busy
 * while the others have nothing to do. */
#include "http/http_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <time.h>

enum { PAUSE_MS = 5 };

static void pause_a_little(void) {
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000}, NULL);
}

static struct http_loop *idlest(struct http_server *s) {
    struct http_loop *found = &s->loops[0];
    for (size_t i = 1; i < s->loops_n; i++)
        if (atomic_load(&s->loops[i].connections) < atomic_load(&found->connections)) found = &s->loops[i];
    return found;
}

/* Nothing is wrong with the listener, only with that client. */
static bool is_clients(int error) {
    return error == EINTR || error == ECONNABORTED || error == EPROTO;
}

static bool has_room(struct http_server *s) {
    return atomic_load(&idlest(s)->connections) < s->loop_limit;
}

static void take_one(struct http_server *s) {
    struct sockaddr_storage addr;
    socklen_t len = sizeof addr;
    int fd = accept4(s->listen_fd, (struct sockaddr *)&addr, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (!is_clients(errno) && !atomic_load(&s->stopping))
            pause_a_little(); /* no descriptors, no memory */
        return;
    }
    struct http_loop *loop = idlest(s);      /* now: others may have ended while it was waited for */
    atomic_fetch_add(&loop->connections, 1); /* lowered when it is closed */
    if (MHD_add_connection(loop->daemon, fd, (struct sockaddr *)&addr, len) != MHD_YES)
        atomic_fetch_sub(&loop->connections, 1);
}

static void *accept_main(void *arg) {
    struct http_server *s = arg;
    while (!atomic_load(&s->stopping))
        if (has_room(s))
            take_one(s);
        else
            pause_a_little(); /* who comes waits in the listener's queue */
    return NULL;
}

bool http_accept_start(struct http_server *s) {
    return pthread_create(&s->acceptor, NULL, accept_main, s) == 0;
}

void http_accept_stop(struct http_server *s) {
    atomic_store(&s->stopping, true);
    shutdown(s->listen_fd, SHUT_RDWR);
    pthread_join(s->acceptor, NULL);
}
