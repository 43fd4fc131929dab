/* The one definition of an entry's hash, shared by appending and verifying. Of this room only. */
#ifndef AUDIT_CHAIN_H
#define AUDIT_CHAIN_H

#include "audit/audit.h"
#include "gen/audit_sql.h"

/* The hash of an entry over its fields and prev_hash; `hash` itself is not looked at. */
hash256 audit_chain_hash(const struct audit_walk *e);
/* What a seal signs. */
str audit_seal_message(struct arena *a, i64 at_us, i64 entries, str head_hash);

#endif
