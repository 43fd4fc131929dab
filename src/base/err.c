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

str err_word(enum err e) {
    return errors[e].word;
}
