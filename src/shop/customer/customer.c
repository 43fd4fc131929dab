/* The rules of customers: e-mail, names, passwords. Addresses are in address.c. */
#include "shop/customer/customer.h"

static bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* ---- e-mail ---- */

/* A dot-atom of RFC 5321 section 4.1.2; quoted local parts, which nobody has, are refused. */
static bool local_part_ok(str s) {
    if (s.n == 0 || s.n > 64 || s.p[0] == '.' || s.p[s.n - 1] == '.') return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' && s.p[i - 1] == '.') return false;
        if (c != '.' && !is_alnum(c) && (c == '\0' || !memchr("!#$%&'*+-/=?^_`{|}~", c, 19))) return false;
    }
    return true;
}

static bool label_ok(str s) {
    if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-') return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && s.p[i] != '-') return false;
    return true;
}

/* At least two labels, the last one no number: "localhost" and addresses in digits get no mail. */
static bool domain_ok(str s) {
    str label = STR_NULL, rest = s;
    size_t labels = 0;
    while (rest.p) {
        rest = str_cut(rest, '.', &label);
        if (!label_ok(label)) return false;
        labels++;
    }
    bool letter = false;
    for (size_t i = 0; i < label.n; i++)
        letter = letter || !is_digit(label.p[i]);
    return labels >= 2 && label.n >= 2 && letter;
}

str customer_email_wrong(str email) {
    str local;
    str domain = str_cut(email, '@', &local);
    if (email.n <= CUSTOMER_EMAIL_MAX && domain.p && local_part_ok(local) && domain_ok(domain))
        return STR_NULL;
    return T("Please enter a valid email address (for example name@domain.com).");
}

str customer_email_fold(struct arena *a, str email) {
    return i18n_casefold(a, str_trim(email));
}

/* ---- names and telephone numbers ---- */

str customer_name_wrong(str name) {
    for (size_t i = 0; i < name.n; i++)
        if (is_alnum(name.p[i]) || (unsigned char)name.p[i] >= 0x80) return STR_NULL;
    return T("Please enter a name.");
}

str customer_telephone_wrong(str telephone) {
    size_t digits = 0;
    for (size_t i = 0; i < telephone.n; i++) {
        char c = telephone.p[i];
        if (is_digit(c))
            digits++;
        else if (c == '\0' || !memchr(" +()./-", c, 7))
            return T("Please enter a telephone number: digits, spaces and + ( ) / - only.");
    }
    if (telephone.n > 0 && (digits < 5 || digits > 20))
        return T("Please enter a telephone number of 5 to 20 digits.");
    return STR_NULL;
}

str customer_full_name(struct arena *a, str firstname, str lastname) {
    if (str_is_empty(lastname)) return arena_str(a, firstname);
    return ARENA_CAT(a, firstname, S(" "), lastname);
}

str customer_label(struct arena *a, str firstname, str lastname, str email) {
    return ARENA_CAT(a, firstname, S(" "), lastname, S(" <"), email, S(">"));
}

str customer_search_fold(struct arena *a, str firstname, str lastname, str email, str telephone,
                         const str *postcodes, size_t postcodes_n) {
    str *zips = ARENA_ARRAY(a, str, 2 * postcodes_n);
    for (size_t i = 0; i < postcodes_n; i++) {
        zips[2 * i] = i18n_number_words(a, postcodes[i]);
        zips[2 * i + 1] = S(" ");
    }
    str parts[CUSTOMER_SEARCH_PARTS] = {
        [CUSTOMER_SEARCH_NAME] = i18n_words(a, ARENA_CAT(a, firstname, S(" "), lastname)),
        [CUSTOMER_SEARCH_EMAIL] = i18n_words(a, email),
        [CUSTOMER_SEARCH_PHONE] = i18n_number_words(a, telephone),
        [CUSTOMER_SEARCH_ZIP] = i18n_words(a, arena_join(a, zips, 2 * postcodes_n)),
    };
    return i18n_search_text(a, parts, CUSTOMER_SEARCH_PARTS);
}

/* ---- passwords ---- */

/* Those that stand at the top of every list of leaked ones and are long enough to be tried here; folded. */
static const str common_passwords[] = {
    S_INIT("password"),     S_INIT("password1"),    S_INIT("password12"),  S_INIT("password123"),
    S_INIT("password1234"), S_INIT("passw0rd"),     S_INIT("p@ssw0rd"),    S_INIT("p@ssword"),
    S_INIT("wachtwoord"),   S_INIT("wachtwoord1"),  S_INIT("welkom01"),    S_INIT("welkom123"),
    S_INIT("welcome1"),     S_INIT("welcome123"),   S_INIT("12345678"),    S_INIT("123456789"),
    S_INIT("1234567890"),   S_INIT("0123456789"),   S_INIT("987654321"),   S_INIT("87654321"),
    S_INIT("0987654321"),   S_INIT("123123123"),    S_INIT("1q2w3e4r"),    S_INIT("1q2w3e4r5t"),
    S_INIT("1qaz2wsx"),     S_INIT("1qaz2wsx3edc"), S_INIT("zaq12wsx"),    S_INIT("qwertyui"),
    S_INIT("qwertyuiop"),   S_INIT("qwerty12"),     S_INIT("qwerty123"),   S_INIT("qwerty1234"),
    S_INIT("azertyuiop"),   S_INIT("asdfghjk"),     S_INIT("asdfghjkl"),   S_INIT("asdf1234"),
    S_INIT("abcdefgh"),     S_INIT("abcd1234"),     S_INIT("abc12345"),    S_INIT("a1b2c3d4"),
    S_INIT("iloveyou"),     S_INIT("iloveyou1"),    S_INIT("sunshine"),    S_INIT("princess"),
    S_INIT("football"),     S_INIT("football1"),    S_INIT("baseball"),    S_INIT("superman"),
    S_INIT("trustno1"),     S_INIT("starwars"),     S_INIT("whatever"),    S_INIT("computer"),
    S_INIT("internet"),     S_INIT("michelle"),     S_INIT("jennifer"),    S_INIT("letmein1"),
    S_INIT("letmein123"),   S_INIT("admin123"),     S_INIT("admin1234"),   S_INIT("changeme"),
    S_INIT("changeme123"),  S_INIT("secret123"),    S_INIT("testtest"),    S_INIT("test1234"),
    S_INIT("customer"),     S_INIT("customer1"),    S_INIT("customer123"), S_INIT("countersign"),
};

static bool is_one_character(str s) {
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != s.p[0]) return false;
    return true;
}

static bool is_common(str folded) {
    if (is_one_character(folded)) return true;
    for (size_t i = 0; i < COUNT_OF(common_passwords); i++)
        if (str_eq(folded, common_passwords[i])) return true;
    return false;
}

/* Is the password the customer's e-mail, the part before its @, or a name, whatever the case and the accents?
 */
static bool is_own_name(struct arena *a, str folded, str email, str firstname, str lastname) {
    str local;
    (void)str_cut(email, '@', &local);
    const str own[] = {
        email,
        local,
        firstname,
        lastname,
        ARENA_CAT(a, firstname, lastname),
        ARENA_CAT(a, firstname, S(" "), lastname),
        ARENA_CAT(a, firstname, S("."), lastname),
    };
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (own[i].n > 0 && str_eq(folded, i18n_fold(a, own[i]))) return true;
    return false;
}

str customer_password_wrong(struct arena *scratch, str password, str email, str firstname, str lastname) {
    if (!str_is_utf8(password)) return T("The password contains characters that cannot be read.");
    size_t n = str_utf8_len(password);
    if (n < CUSTOMER_PASSWORD_MIN) return T("Please use at least 8 characters for the password.");
    if (n > CUSTOMER_PASSWORD_MAX) return T("Please use at most 128 characters for the password.");
    str folded = i18n_fold(scratch, password);
    if (is_common(folded))
        return T("This password is known to everybody who tries to guess one. Please choose another.");
    if (is_own_name(scratch, folded, email, firstname, lastname))
        return T("Please do not use your name or email address as the password.");
    return STR_NULL;
}
