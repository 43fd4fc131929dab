/* Mails as bytes: headers that nobody can add to, encoded words, bodies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "jobs/jobs.h"
#include "jobs/message.h"

static struct arena *arena;
static struct buf out;

static int start(void **state) {
    (void)state;
    arena = arena_make();
    buf_init(&out, 1 << 20);
    return 0;
}

static int end(void **state) {
    (void)state;
    buf_done(&out);
    arena_free(arena);
    return 0;
}

static struct message plain_message(void) {
    return (struct message){
        .from_name = S("Main Store"),
        .from_email = S("shop@example.com"),
        .to_name = S("Ada Lovelace"),
        .to_email = S("ada@example.org"),
        .subject = S("Welcome to Main Store"),
        .body = S("Hello Ada,\n\nhttps://shop.example/x#code=abc\n"),
        .id = S("mail.7.1"),
        .at_us = 1795333380 * US_SECOND,
    };
}

static const char *written(const struct message *m) {
    buf_clear(&out);
    assert_true(message_write(&out, arena, m));
    assert_true(buf_ok(&out));
    return arena_cstr(arena, buf_str(&out));
}

static void a_plain_mail_is_plain(void **state) {
    (void)state;
    struct message m = plain_message();
    assert_string_equal(written(&m), "From: \"Main Store\"\r\n <shop@example.com>\r\n"
                                     "To: \"Ada Lovelace\"\r\n <ada@example.org>\r\n"
                                     "Subject: Welcome to Main Store\r\n"
                                     "Date: Sun, 22 Nov 2026 07:43:00 +0000\r\n"
                                     "Message-ID: <mail.7.1@example.com>\r\n"
                                     "Auto-Submitted: auto-generated\r\n"
                                     "MIME-Version: 1.0\r\n"
                                     "Content-Type: text/plain; charset=UTF-8\r\n"
                                     "Content-Transfer-Encoding: 7bit\r\n"
                                     "\r\n"
                                     "Hello Ada,\r\n\r\nhttps://shop.example/x#code=abc\r\n");
}

static void headers_cannot_be_added(void **state) {
    (void)state;
    struct message m = plain_message();
    m.to_name = S("Ada\r\nBcc: all@example.org");
    m.subject = S("Hi\nX-Evil: 1\r\n\r\nbody");
    const char *text = written(&m);
    assert_null(strstr(text, "\nBcc:"));
    assert_null(strstr(text, "\nX-Evil:"));
    assert_non_null(strstr(text, "\"Ada  Bcc: all@example.org\"\r\n"));
    m.to_email = S("ada@example.org\r\nRCPT TO:<x@example.org>");
    buf_clear(&out);
    assert_false(message_write(&out, arena, &m));
    m.to_email = S("ada@example.org> <x@example.org");
    assert_false(message_write(&out, arena, &m));
    m = plain_message();
    m.from_email = S("nobody");
    assert_false(message_write(&out, arena, &m));
    assert_int_equal(out.n, 0);
}

static void quotes_in_a_name_stay_inside(void **state) {
    (void)state;
    struct message m = plain_message();
    m.to_name = S("A \"quoted\" \\ name");
    assert_non_null(strstr(written(&m), "To: \"A \\\"quoted\\\" \\\\ name\"\r\n"));
}

static void other_letters_become_encoded_words(void **state) {
    (void)state;
    struct message m = plain_message();
    m.to_name = S("Zo\xc3\xab");
    m.subject =
        S("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
          "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
    const char *text = written(&m);
    assert_non_null(strstr(text, "To: =?UTF-8?B?Wm/Dqw==?=\r\n <ada@example.org>\r\n"));
    /* 13 signs of 3 bytes fill a word; the others stand in the next one, whole. */
    assert_non_null(strstr(text, "?=\r\n =?UTF-8?B?4oKs4oKs4oKs?=\r\n"));
    m = plain_message();
    m.subject = S("=?UTF-8?B?not mine?=");
    assert_null(strstr(written(&m), "Subject: =?UTF-8?B?not mine?="));
}

static void lines_stay_short(void **state) {
    (void)state;
    struct message m = plain_message();
    char *many = arena_alloc(arena, 5001);
    for (size_t i = 0; i < 5000; i += 2)
        memcpy(many + i, "\xc3\xa9", 2);
    m.subject = (str){many, 120};
    m.body = (str){many, 5000};
    const char *text = written(&m);
    assert_non_null(strstr(text, "quoted-printable"));
    for (const char *line = text; line; line = strstr(line, "\r\n") ? strstr(line, "\r\n") + 2 : NULL) {
        const char *stop = strstr(line, "\r\n");
        assert_true((stop ? (size_t)(stop - line) : strlen(line)) <= 76);
    }
}

static void quoted_bodies_keep_their_text(void **state) {
    (void)state;
    struct message m = plain_message();
    m.body = S("caf\xc3\xa9 = 1 \nend");
    const char *text = strstr(written(&m), "\r\n\r\n");
    assert_string_equal(text, "\r\n\r\ncaf=C3=A9 =3D 1=20\r\nend\r\n");
    m.body = S("a\r\nb\rc");
    assert_string_equal(strstr(written(&m), "\r\n\r\n"), "\r\n\r\na\r\nbc\r\n");
}

static void broken_text_is_refused(void **state) {
    (void)state;
    struct message m = plain_message();
    m.body = S("\xff\xfe");
    buf_clear(&out);
    assert_false(message_write(&out, arena, &m));
}

static void mail_servers_are_addresses(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool good;
    } cases[] = {
        {"smtp://127.0.0.1:2525", true},
        {"smtps://user:pass@mail.example.com", true},
        {"smtp://mail.example.com?tls=required", true},
        {"http://mail.example.com", false},
        {"smtp://", false},
        {"mail.example.com:25", false},
        {"smtp://mail.example.com?tls=maybe", false},
        {"smtp://mail.example.com:99999", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str why;
        assert_int_equal(cases[i].good, jobs_smtp_url_ok(arena, str_c(cases[i].url), &why));
        assert_int_equal(cases[i].good, why.p == NULL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_mail_is_plain),
        cmocka_unit_test(headers_cannot_be_added),
        cmocka_unit_test(quotes_in_a_name_stay_inside),
        cmocka_unit_test(other_letters_become_encoded_words),
        cmocka_unit_test(lines_stay_short),
        cmocka_unit_test(quoted_bodies_keep_their_text),
        cmocka_unit_test(broken_text_is_refused),
        cmocka_unit_test(mail_servers_are_addresses),
    };
    return cmocka_run_group_tests(tests, start, end);
}
