#include "base/err.h"

static const struct {
    int status;
    str word;
} errors[ERR_MAX] = {
#define ERR(name, status, word) {status, S_INIT(word)},
#include "base/err.def"
#undef ERR
};

int err_status(enum err e) {
    return errors[e].status;
}

bool err_is_db(enum err e) {
    return e == ERR_DB || e == ERR_AWAY || e == ERR_UNSURE;
}

str err_word(enum err e) {
    return errors[e].word;
}
