/* The slow workers: what takes tens of milliseconds (password hashes, printed pages) waits here and not on a
 * thread that serves. */
#include <stdlib.h>

#include "gate/inside.h"

enum { WAITING_MAX = 64, WORKERS_MAX = 8 };

struct slow {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct slow_task *first, **last;
    int waiting, workers;
    bool stop;
    pthread_t thread[WORKERS_MAX];
};

static void *work(void *arg) {
    struct slow *s = arg;
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (!s->first && !s->stop)
            pthread_cond_wait(&s->more, &s->lock);
        if (!s->first) break;
        struct slow_task *t = s->first;
        s->first = t->next;
        if (!s->first) s->last = &s->first;
        s->waiting--;
        pthread_mutex_unlock(&s->lock);
        t->run(t);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

struct slow *slow_make(int workers) {
    struct slow *s = calloc(1, sizeof *s);
    if (!s) abort();
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->more, NULL);
    s->last = &s->first;
    s->workers = MIN_OF(workers, (int)WORKERS_MAX);
    for (int i = 0; i < s->workers; i++)
        if (pthread_create(&s->thread[i], NULL, work, s) != 0) abort();
    return s;
}

void slow_free(struct slow *s) {
    if (!s) return;
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_broadcast(&s->more);
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; i < s->workers; i++)
        pthread_join(s->thread[i], NULL);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->more);
    free(s);
}

enum err slow_submit(struct slow *s, struct slow_task *t) {
    enum err e = OK;
    pthread_mutex_lock(&s->lock);
    if (s->stop || s->waiting >= WAITING_MAX) {
        e = ERR_BUSY;
    } else {
        t->next = NULL;
        *s->last = t;
        s->last = &t->next;
        s->waiting++;
        pthread_cond_signal(&s->more);
    }
    pthread_mutex_unlock(&s->lock);
    return e;
}
