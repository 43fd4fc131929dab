/* Writes mails: headers in encoded words where needed, the body as it is when it is plain ASCII, else
 * quoted-printable. */
#include "jobs/message.h"

#include "shop/customer/customer.h"

/* Text in one encoded word: with the header's name before it the line keeps under the 76 characters of RFC
 * 2047. */
enum { WORD_BYTES = 39 };
/* A header's text that stands on one line as it is. */
enum { PLAIN_MAX = 60 };
/* Lines of the body: with soft breaks, and without. */
enum { LINE_MAX_QP = 75, LINE_MAX_7BIT = 990 };

static bool is_ascii(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    return true;
}

/* ---- headers ---- */

/* Control characters, line breaks among them, become spaces. */
static str one_line(struct arena *a, str s) {
    char *p = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f) p[i] = ' ';
    return str_trim((str){p, s.n});
}

static void put_base64(struct buf *out, str s) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i;
        unsigned v = (unsigned)(unsigned char)s.p[i] << 16;
        if (left > 1) v |= (unsigned)(unsigned char)s.p[i + 1] << 8;
        if (left > 2) v |= (unsigned char)s.p[i + 2];
        buf_put_char(out, digits[v >> 18]);
        buf_put_char(out, digits[v >> 12 & 63]);
        buf_put_char(out, left > 1 ? digits[v >> 6 & 63] : '=');
        buf_put_char(out, left > 2 ? digits[v & 63] : '=');
    }
}

/* Encoded words, one a line; no character is cut in two. */
static void put_words(struct buf *out, str s) {
    for (size_t at = 0; at < s.n;) {
        size_t end = MIN_OF(at + WORD_BYTES, s.n);
        while (end < s.n && ((unsigned char)s.p[end] & 0xc0) == 0x80)
            end--;
        if (at > 0) buf_put(out, S("\r\n "));
        buf_put(out, S("=?UTF-8?B?"));
        put_base64(out, str_slice(s, at, end));
        buf_put(out, S("?="));
        at = end;
    }
}

static bool plain(str s) {
    return s.n <= PLAIN_MAX && is_ascii(s) && str_find(s, S("=?")) == s.n;
}

static void put_text_header(struct buf *out, struct arena *a, str name, str text) {
    str s = one_line(a, text);
    buf_put(out, name);
    buf_put(out, S(": "));
    if (plain(s))
        buf_put(out, s);
    else
        put_words(out, s);
    buf_put(out, S("\r\n"));
}

/* From and To: "Ada Lovelace" <ada@example.com>. */
static void put_mailbox(struct buf *out, struct arena *a, str header, str name, str email) {
    str s = one_line(a, name);
    buf_put(out, header);
    buf_put(out, S(": "));
    if (!plain(s)) {
        put_words(out, s);
        buf_put(out, S("\r\n "));
    } else if (s.n > 0) {
        buf_put_char(out, '"');
        for (size_t i = 0; i < s.n; i++) {
            if (s.p[i] == '"' || s.p[i] == '\\') buf_put_char(out, '\\');
            buf_put_char(out, s.p[i]);
        }
        buf_put(out, S("\"\r\n "));
    }
    buf_put_char(out, '<');
    buf_put(out, email);
    buf_put(out, S(">\r\n"));
}

/* "Sun, 22 Nov 2026 07:43:00 +0000": the date of HTTP with the zone as mail writes it. */
static str date(struct arena *a, i64 us) {
    str http = time_http(a, us);
    return ARENA_CAT(a, str_slice(http, 0, http.n - 3), S("+0000"));
}

/* ---- body ---- */

/* Can the body go as it is? */
static bool is_7bit(str body) {
    size_t column = 0;
    for (size_t i = 0; i < body.n; i++) {
        unsigned char c = (unsigned char)body.p[i];
        column = c == '\n' ? 0 : column + 1;
        if (column > LINE_MAX_7BIT || c >= 0x7f || (c < 0x20 && c != '\n' && c != '\t')) return false;
    }
    return true;
}

static void put_lines(struct buf *out, str body) {
    for (size_t i = 0; i < body.n; i++) {
        if (body.p[i] == '\n') buf_put_char(out, '\r');
        buf_put_char(out, body.p[i]);
    }
    if (body.n > 0 && body.p[body.n - 1] != '\n') buf_put(out, S("\r\n"));
}

/* RFC 2045 section 6.7: soft breaks keep lines short, blanks at the end of a line are written out. */
static void put_quoted(struct buf *out, str body) {
    static const char hex[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < body.n; i++) {
        unsigned char c = (unsigned char)body.p[i];
        if (c == '\n') {
            buf_put(out, S("\r\n"));
            column = 0;
            continue;
        }
        bool blank = c == ' ' || c == '\t';
        bool at_end = i + 1 == body.n || body.p[i + 1] == '\n';
        bool as_it_is = blank ? !at_end : c > 0x20 && c < 0x7f && c != '=';
        size_t width = as_it_is ? 1 : 3;
        if (column + width > LINE_MAX_QP) {
            buf_put(out, S("=\r\n"));
            column = 0;
        }
        if (as_it_is) {
            buf_put_char(out, (char)c);
        } else {
            const char escape[] = {'=', hex[c >> 4], hex[c & 15]};
            buf_put(out, (str){escape, 3});
        }
        column += width;
    }
    if (column > 0) buf_put(out, S("\r\n"));
}

/* Without carriage returns: lines end with \n only. */
static str unix_lines(struct arena *a, str body) {
    char *p = arena_cstr(a, body);
    size_t n = 0;
    for (size_t i = 0; i < body.n; i++)
        if (p[i] != '\r') p[n++] = p[i];
    return (str){p, n};
}

bool message_write(struct buf *out, struct arena *scratch, const struct message *m) {
    if (customer_email_wrong(m->from_email).p || customer_email_wrong(m->to_email).p) return false;
    if (!str_is_utf8(m->from_name) || !str_is_utf8(m->to_name) || !str_is_utf8(m->subject) ||
        !str_is_utf8(m->body))
        return false;
    str body = unix_lines(scratch, m->body);
    bool as_it_is = is_7bit(body);
    str domain = str_slice(m->from_email, str_find_char(m->from_email, '@') + 1, m->from_email.n);
    put_mailbox(out, scratch, S("From"), m->from_name, m->from_email);
    put_mailbox(out, scratch, S("To"), m->to_name, m->to_email);
    put_text_header(out, scratch, S("Subject"), m->subject);
    const str rest[] = {
        S("Date: "),
        date(scratch, m->at_us),
        S("\r\nMessage-ID: <"),
        m->id,
        S("@"),
        domain,
        S(">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
          "charset=UTF-8\r\n"
          "Content-Transfer-Encoding: "),
        as_it_is ? S("7bit") : S("quoted-printable"),
        S("\r\n\r\n"),
    };
    for (size_t i = 0; i < COUNT_OF(rest); i++)
        buf_put(out, rest[i]);
    if (as_it_is)
        put_lines(out, body);
    else
        put_quoted(out, body);
    return true;
}
