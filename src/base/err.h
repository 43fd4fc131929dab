/* One list of errors for the whole program: err.def. Functions that can fail return enum err (0 is success).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/str.h"

enum err {
#define ERR(name, status, word) ERR_##name,
#include "base/err.def"
#undef ERR
    ERR_MAX
};

/* Of type enum err, so that returning it is no conversion. */
#define OK ERR_OK

/* The HTTP status that answers this error. */
int err_status(enum err e);
/* Trouble of the database itself: DB, AWAY, UNSURE. */
bool err_is_db(enum err e);
/* The stable word, for logs and the API. */
str err_word(enum err e);

/* Hands an error up: TRY(customer_get(...)); */
#define TRY(call)                                                                                            \
    do {                                                                                                     \
        enum err try_err_ = (call);                                                                          \
        if (try_err_) return try_err_;                                                                       \
    } while (0)

#endif
