/* A mail as bytes: RFC 5322 with the headers of RFC 2047 and a text body. Nothing that a person typed can
 * start a header. */
#ifndef JOBS_MESSAGE_H
#define JOBS_MESSAGE_H

#include "base/base.h"

struct message {
    str from_name, from_email;
    str to_name, to_email;
    str subject;
    str body;  /* UTF-8, lines end with \n */
    str id;    /* the part of Message-ID before the @: letters, digits, dots and hyphens */
    i64 at_us; /* Date */
};

/* Appends the message, lines ending with CRLF. False (and nothing is written) when an address is none that
 * stands in an envelope as it is, or when a text is no UTF-8. `scratch` holds parts of it. */
bool message_write(struct buf *out, struct arena *scratch, const struct message *m);

#endif
