/* Mail over SMTP. */
#include <curl/curl.h>

#include "jobs/inside.h"

/* "?tls=required" and "?tls=off"; what is left is the address for libcurl. */
static bool split_url(str url, str *ret_address, long *ret_tls) {
    str query = str_cut(url, '?', ret_address);
    *ret_tls = CURLUSESSL_TRY;
    if (!query.p) return true;
    if (str_eq(query, S("tls=required")))
        *ret_tls = CURLUSESSL_ALL;
    else if (str_eq(query, S("tls=off")))
        *ret_tls = CURLUSESSL_NONE;
    else
        return false;
    return true;
}

bool jobs_smtp_url_ok(struct arena *a, str url, str *ret_why) {
    str address;
    long tls;
    *ret_why = STR_NULL;
    if (!str_starts(url, S("smtp://")) && !str_starts(url, S("smtps://"))) {
        *ret_why = S("the mail server's address must begin with smtp:// or smtps://");
    } else if (!split_url(url, &address, &tls)) {
        *ret_why = S("behind the ? of the mail server's address stands tls=required or tls=off");
    } else {
        CURLU *u = curl_url();
        char *host = NULL;
        if (!u || curl_url_set(u, CURLUPART_URL, arena_cstr(a, address), 0) ||
            curl_url_get(u, CURLUPART_HOST, &host, 0))
            *ret_why = S("the mail server's address cannot be read; it is smtp://host:port");
        curl_free(host);
        curl_url_cleanup(u);
    }
    return !ret_why->p;
}

struct upload {
    str left;
};

static size_t give(char *to, size_t size, size_t n, void *arg) {
    struct upload *u = arg;
    size_t take = MIN_OF(size * n, u->left.n);
    memcpy(to, u->left.p, take);
    u->left = str_slice(u->left, take, u->left.n);
    return take;
}

static int break_off(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load((const atomic_bool *)arg) ? 1 : 0;
}

static enum smtp_result judge(struct arena *a, CURLcode code, long answer, str *ret_why) {
    *ret_why = STR_NULL;
    if (code == CURLE_OK) return SMTP_SENT;
    *ret_why = answer > 0 ? arena_printf(a, "%s (answer %ld)", curl_easy_strerror(code), answer)
                          : str_c(curl_easy_strerror(code));
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
        code == CURLE_OPERATION_TIMEDOUT || code == CURLE_LOGIN_DENIED || code == CURLE_ABORTED_BY_CALLBACK ||
        code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION)
        return SMTP_NO_SERVER;
    return answer >= 550 && answer <= 553 ? SMTP_NEVER : SMTP_LATER;
}

enum smtp_result smtp_send(struct arena *a, str url, str from, str to, str message,
                           const atomic_bool *stopping, str *ret_why) {
    str address;
    long tls, answer = 0;
    CURL *c = curl_easy_init();
    struct upload upload = {message};
    struct curl_slist *rcpt = curl_slist_append(NULL, arena_cstr(a, ARENA_CAT(a, S("<"), to, S(">"))));
    if (!c || !rcpt || !split_url(url, &address, &tls)) {
        curl_slist_free_all(rcpt);
        curl_easy_cleanup(c);
        *ret_why = S("the mail could not be prepared");
        return SMTP_LATER;
    }
    curl_easy_setopt(c, CURLOPT_URL, arena_cstr(a, address));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_USE_SSL, tls);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, arena_cstr(a, ARENA_CAT(a, S("<"), from, S(">"))));
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, rcpt);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(c, CURLOPT_READDATA, &upload);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 8L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, break_off);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, stopping);
    CURLcode code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer);
    curl_slist_free_all(rcpt);
    curl_easy_cleanup(c);
    return judge(a, code, answer, ret_why);
}
