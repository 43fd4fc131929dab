/* Outgoing mail: written into the table in the transaction of what it tells of, sent by jobs/ afterwards.
 *
 * A body may hold two marks that are filled in when the mail is sent and never stand in the database:
 * MAILBOX_URL, the shop's own address (without a slash at its end), and, in a mail of kind MAILBOX_RESET,
 * MAILBOX_CODE: a fresh one-time code for the customer that the mail names. So nobody who reads the table, or
 * *Outgoing Mail* in the Admin, sees a code that works. */
#ifndef SHOP_MAILBOX_MAILBOX_H
#define SHOP_MAILBOX_MAILBOX_H

#include "base/base.h"
#include "db/db.h"

#define MAILBOX_URL   "{{url}}"
#define MAILBOX_CODE  "{{code}}"
#define MAILBOX_RESET "password_reset"

struct mailbox_mail {
    str kind; /* a word: "welcome", "password_reset", "consent" … */
    str to_name, to_email;
    str subject, body;   /* in the reader's language; plain text, lines end with \n */
    opt_i64 customer_id; /* whose it is */
    opt_i64 view_id;     /* whose name and address the sender's are; NONE: the customer's store view's */
};

/* Puts the mail into the outbox: it is sent soon after the commit. Writer only. */
enum err mailbox_put(struct db_w *w, const struct mailbox_mail *mail, i64 now_us) MUST_CHECK;

#endif
