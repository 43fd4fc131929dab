/* Languages, translated messages, and the formats of money and dates (ICU). */
#ifndef I18N_I18N_H
#define I18N_I18N_H

#include "base/base.h"

enum lang { LANG_EN, LANG_NL, LANG_MAX };

/* "en_US", "nl_NL" … to the language the program has; others fall back to English. */
enum lang i18n_lang(str locale);
/* The tag for <html lang>: "en", "nl". */
str i18n_tag(enum lang lang);

/* The message in this language; the msgid itself when it is English or has no translation. The msgid is the
 * English text. tools/i18ngen.py collects every T("…") and {t "…"} and, for a release, fails when Dutch lacks
 * one. Borrows. Any thread. */
str i18n_get(enum lang lang, str msgid);
/* Marks a message for the collector and gives it as a str. */
#define T(msgid) S(msgid)

/* A message with {name} places filled in (not escaped: the template does that). */
struct i18n_arg {
    str name, value;
};
str i18n_format_message(struct arena *a, enum lang lang, str msgid, const struct i18n_arg *args, size_t n);

/* The formats of one locale, currency and time zone. Made once (opening ICU formatters is slow); safe for all
 * threads. An unknown locale falls back to English, an unknown time zone to UTC, as ICU does. Never NULL; the
 * caller frees. */
struct i18n_format;
struct i18n_format *i18n_format_make(str locale, str currency, str zone);
/* Accepts NULL. No other thread may still use it. */
/* Is this the name of a time zone, like Europe/Amsterdam? */
bool i18n_timezone_known(str timezone);
void i18n_format_free(struct i18n_format *f);
/* "€ 1.234,50" in the locale's manner. */
str i18n_money(struct arena *a, const struct i18n_format *f, i64 minor);
/* The same for amounts that do not belong to a format, because their currency may be another one than the
 * page's. What it knows of a locale and currency is kept; any thread. */
str i18n_money_in(struct arena *a, str locale, str currency, i64 minor);
/* The amount for input fields: no currency sign, no grouping, always '.' ("1234.50"). */
str i18n_decimal(struct arena *a, const struct i18n_format *f, i64 minor);
str i18n_decimal_in(struct arena *a, str currency, i64 minor);
str i18n_time(struct arena *a, const struct i18n_format *f, i64 us); /* medium date and short time */
str i18n_date(struct arena *a, const struct i18n_format *f, i64 us);
/* The local day as YYYY-MM-DD, for date inputs. */
str i18n_iso_date(struct arena *a, const struct i18n_format *f, i64 us);
/* Start of the local day that `text` (YYYY-MM-DD, or YYYY-MM-DDTHH:MM) names, in UTC; false when it is no
 * such date. */
bool i18n_parse_date(const struct i18n_format *f, str text, i64 *ret_us);
/* A country's name in this language by its ISO 3166 code; the code itself when unknown. Borrows. Any thread.
 */
str i18n_country(enum lang lang, str code);

/* Is this the ISO 3166 code of a country that has a name? */
bool i18n_country_known(str code);

/* Folds for searching and unique e-mails: NFKC case fold, accents removed, white space runs made one space.
 */
str i18n_fold(struct arena *a, str s);
/* NFKC case fold only, for names that must be unique (e-mail, user names): accents and white space stay. */
str i18n_casefold(struct arena *a, str s);

/* ---- words to search by ----
 *
 * A search text is a list of words, in parts: " ada lovelace = ada@example.com example.com = 31205550100". It
 * is made here, stored in a column, and taken apart by the database (`-- words:` in a migration), which keeps
 * a table of the words. Somebody who searches finds it by the beginnings of its words. */

enum { I18N_WORD_MAX = 96 }; /* bytes that count of a word */

/* The words of a text, folded, each once, sorted, without those that another one begins with. In a word that
 * has several beginnings (o'neill, ada@example.com) what stands behind each is a word too. For one part. */
str i18n_words(struct arena *a, str text);
/* The same for a telephone number or a postcode, which is written in many ways: "+31 20 555 0100" gives
 * 31205550100, 205550100, 5550100 and 0100. */
str i18n_number_words(struct arena *a, str text);
/* A value as a word: "ip=192.0.2.1;", or what all values begin with that begin like this: "ip=192.". */
str i18n_term(struct arena *a, str key, str value, bool whole);
/* Terms with spaces between them, each once, sorted. For one part. */
str i18n_terms(struct arena *a, str text);
/* Puts the parts together. */
str i18n_search_text(struct arena *a, const str *parts, size_t n);
/* The words that somebody asks for, folded, without the punctuation around them; `max` at most. */
size_t i18n_asked_words(struct arena *a, str text, str *ret, size_t max);

#endif
