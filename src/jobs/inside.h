/* What the files of jobs/ share. */
#ifndef JOBS_INSIDE_H
#define JOBS_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "jobs/jobs.h"

struct jobs {
    struct jobs_options o; /* its strings live in `keep` */
    struct arena *keep;    /* as long as the thread */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* on the clock that only goes forward */
    bool poked;          /* under the lock */
    atomic_bool stopping;
    i64 mail_pause_until; /* on that clock: the mail server did not answer */
    i64 mail_pause;       /* the last pause's length */
};

/* ---- mail.c ---- */

/* Sends what is due. */
void mail_round(struct jobs *j);

/* ---- payment.c ---- */

/* Asks the provider for the charges that are due. */
void payment_round(struct jobs *j);
/* Asks the provider for the refunds of which it has not said what became of them. */
void payment_refund_round(struct jobs *j);
/* Cancels the orders that were not paid in time. */
void payment_expire_round(struct jobs *j);

/* ---- smtp.c ---- */

enum smtp_result {
    SMTP_SENT,
    SMTP_LATER,    /* this mail was not taken now */
    SMTP_NEVER,    /* nor will it ever be */
    SMTP_NO_SERVER /* the server is not there: other mails need not be tried now */
};

/* Hands one message over, within 20 s; breaks off when `stopping` becomes true. On failure *ret_why is one
 * line, in `a`, without addresses. */
enum smtp_result smtp_send(struct arena *a, str url, str from, str to, str message,
                           const atomic_bool *stopping, str *ret_why);

#endif
