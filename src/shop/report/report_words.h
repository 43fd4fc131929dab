/* Words of ours in the record, in the reader's language. Not for other slices. */
#ifndef SHOP_REPORT_WORDS_H
#define SHOP_REPORT_WORDS_H

#include "base/base.h"
#include "i18n/i18n.h"

/* A field's name, a subject's kind, a reason: translated when it is one of words.def, or several of them with
 * commas between; else as it was recorded. Arena. */
str report_words(struct arena *a, enum lang lang, str recorded);

#endif
