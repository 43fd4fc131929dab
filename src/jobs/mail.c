/* The outbox: what is due is rendered and handed to the mail server, or written as a file where there is
 * none. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen/ids.h"
#include "gen/jobs_gate.h"
#include "gen/jobs_sql.h"
#include "jobs/inside.h"
#include "jobs/message.h"
#include "settings/settings.h"
#include "shop/mailbox/mailbox.h"

enum { MAIL_TRIES = 30, MESSAGE_MAX = 1 << 20 };
/* "Never again", as next_try_us: the end of the year 9999. */
static const i64 never_us = INT64_C(253402300799000000);
static const i64 pause_first = 5 * US_SECOND, pause_most = 5 * US_MINUTE;

/* ---- what is written back ---- */

/* 10 s, 20 s, 40 s … at most an hour; after a day of it, no more. */
static i64 next_try(i64 tries, i64 now_us) {
    if (tries + 1 >= MAIL_TRIES) return never_us;
    i64 wait = tries < 9 ? (10 * US_SECOND) << tries : US_HOUR;
    return now_us + MIN_OF(wait, US_HOUR);
}

static enum err note_sent(struct jobs *j, struct arena *a, const struct jobs_mail_due *m) {
    const struct jobs_mail_sent_in in = {.id = m->id};
    str message;
    LOG(LOG_INFO, "mail_sent", LOG_I("mail", m->id), LOG_S("kind", m->kind));
    return gate_run_system(j->o.gate, a, OP_JOBS_MAIL_SENT, &in, &message);
}

static enum err note_failed(struct jobs *j, struct arena *a, const struct jobs_mail_due *m, bool never,
                            str why) {
    str message;
    struct jobs_mail_failed_in in = {.id = m->id, .failure = why};
    in.next_try_us = never ? never_us : next_try(m->tries, time_now_us());
    in.last = in.next_try_us == never_us;
    LOG(LOG_WARN, "mail_failed", LOG_I("mail", m->id), LOG_S("kind", m->kind), LOG_S("why", why));
    return gate_run_system(j->o.gate, a, OP_JOBS_MAIL_FAILED, &in, &message);
}

static void note(struct jobs *j, struct arena *a, const struct jobs_mail_due *m, enum smtp_result result,
                 str why) {
    enum err e = result == SMTP_SENT ? note_sent(j, a, m) : note_failed(j, a, m, result == SMTP_NEVER, why);
    if (e) LOG(LOG_ERROR, "mail_not_noted", LOG_I("mail", m->id), LOG_S("error", err_word(e)));
}

/* The one-time code of a forgotten password: made now, only its hash is kept. STR_NULL in *ret_code when the
 * account may not have one any more. */
static enum err make_code(struct jobs *j, struct arena *a, const struct jobs_mail_due *m, str *ret_code) {
    const struct jobs_reset_code_in in = {.mail_id = m->id, .code = crypto_token(a)};
    str message;
    enum err e = gate_run_system(j->o.gate, a, OP_JOBS_RESET_CODE, &in, &message);
    *ret_code = e ? STR_NULL : in.code;
    return e == ERR_GONE ? OK : e;
}

/* ---- rendering ---- */

static str replace(struct arena *a, str text, str mark, str value) {
    str out = S("");
    for (;;) {
        size_t at = str_find(text, mark);
        if (at == text.n) return ARENA_CAT(a, out, text);
        out = ARENA_CAT(a, out, str_slice(text, 0, at), value);
        text = str_slice(text, at + mark.n, text.n);
    }
}

/* The sender is the store view's that the mail names, else that in which the customer's account was made. */
static bool render(struct jobs *j, struct arena *a, const struct jobs_mail_due *m, const struct settings *s,
                   str code, struct buf *out, str *ret_from) {
    const struct store_view *view =
        m->view_id.set && j->o.stores ? stores_view(j->o.stores, m->view_id.v) : NULL;
    struct setting_place place = view ? (struct setting_place){view->website_id, view->id} : SETTING_DEFAULT;
    str body = replace(a, m->body, S(MAILBOX_URL), j->o.base_url);
    if (code.p) body = replace(a, body, S(MAILBOX_CODE), code);
    const struct message message = {
        .from_name = setting_text(s, SETTING_STORE_NAME, place),
        .from_email = setting_text(s, SETTING_STORE_EMAIL, place),
        .to_name = m->to_name,
        .to_email = m->to_email,
        .subject = m->subject,
        .body = body,
        .id = arena_printf(a, "mail.%lld.%lld", (long long)m->id, (long long)m->created_us),
        .at_us = time_now_us(),
    };
    *ret_from = message.from_email;
    return message_write(out, a, &message);
}

/* ---- without a mail server ---- */

/* One file a mail, for the operator's eyes only. A mail that was written before a crash is written again. */
static enum smtp_result write_file(struct jobs *j, struct arena *a, i64 id, str message, str *ret_why) {
    char *dir = arena_cstr(a, j->o.mail_dir);
    char *path = arena_cstr(a, arena_printf(a, "%s/%08lld.eml", dir, (long long)id));
    int made = mkdir(dir, 0700);
    int fd = made == 0 || errno == EEXIST
                 ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)
                 : -1;
    bool good = fd >= 0;
    while (good && message.n > 0) {
        ssize_t n = write(fd, message.p, message.n);
        if (n < 0 && errno == EINTR) continue;
        good = n > 0;
        if (good) message = str_slice(message, (size_t)n, message.n);
    }
    good = good && fsync(fd) == 0;
    *ret_why = good ? STR_NULL : arena_str(a, str_c(strerrordesc_np(errno)));
    if (fd >= 0) close(fd);
    return good ? SMTP_SENT : SMTP_LATER;
}

/* ---- one mail ---- */

static enum smtp_result deliver(struct jobs *j, struct arena *a, const struct jobs_mail_due *m,
                                const struct settings *s, str *ret_why) {
    str code = STR_NULL, from;
    if (str_eq(m->kind, S(MAILBOX_RESET))) {
        if (make_code(j, a, m, &code)) {
            *ret_why = S("the code could not be kept");
            return SMTP_LATER;
        }
        if (!code.p) {
            *ret_why = S("the account is not active or has another email address now");
            return SMTP_NEVER;
        }
    }
    struct buf message;
    buf_init(&message, MESSAGE_MAX);
    enum smtp_result result = SMTP_NEVER;
    *ret_why = S("the sender's or the customer's address is wrong");
    if (render(j, a, m, s, code, &message, &from) && buf_ok(&message))
        result = j->o.smtp_url.p ? smtp_send(a, j->o.smtp_url, from, m->to_email, buf_str(&message),
                                             &j->stopping, ret_why)
                                 : write_file(j, a, m->id, buf_str(&message), ret_why);
    buf_done(&message);
    return result;
}

static void pause_mail(struct jobs *j) {
    j->mail_pause = j->mail_pause ? MIN_OF(2 * j->mail_pause, pause_most) : pause_first;
    j->mail_pause_until = time_mono_us() + j->mail_pause;
}

/* The mails that are due, and the settings of this moment; both live in `a`, the settings until they are
 * given back. */
static enum err read_due(struct jobs *j, struct arena *a, struct jobs_mail_due **ret, size_t *ret_n,
                         struct settings **ret_settings) {
    struct db_r *r;
    *ret_n = 0;
    TRY(db_read_begin(j->o.db, a, (struct db_sight){.scope = -1}, &r));
    enum err e = jobs_mail_due(r, time_now_us(), ret, ret_n);
    if (!e && *ret_n) e = settings_load(r, ret_settings);
    db_read_end(r);
    return e;
}

void mail_round(struct jobs *j) {
    if (time_mono_us() < j->mail_pause_until) return;
    struct arena *a = arena_make();
    struct jobs_mail_due *due = NULL;
    struct settings *s = NULL;
    size_t n;
    enum err e = read_due(j, a, &due, &n, &s);
    if (e) LOG(LOG_ERROR, "mail_round", LOG_S("error", err_word(e)));
    for (size_t i = 0; !e && i < n && !atomic_load(&j->stopping); i++) {
        struct arena *one = arena_make();
        str why;
        enum smtp_result result = deliver(j, one, &due[i], s, &why);
        bool no_server = result == SMTP_NO_SERVER;
        if (!(no_server && atomic_load(&j->stopping))) note(j, one, &due[i], result, why);
        arena_free(one);
        if (!no_server) j->mail_pause = 0;
        if (no_server) {
            pause_mail(j);
            break;
        }
    }
    settings_free(s);
    arena_free(a);
}
