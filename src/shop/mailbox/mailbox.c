/* Putting mail into the outbox. */
#include "shop/mailbox/mailbox.h"

#include "gen/mailbox_sql.h"

enum err mailbox_put(struct db_w *w, const struct mailbox_mail *mail, i64 now_us) {
    return mailbox_insert(w, mail->kind, mail->to_name, mail->to_email, mail->subject, mail->body,
                          mail->customer_id, mail->view_id, now_us, NULL);
}
