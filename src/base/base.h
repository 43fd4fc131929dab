/* The words every room uses: bytes, errors, arena, buffer, time. Include this one header for all of base/.
 *
 * Nothing here knows HTTP, SQL or the shop. Allocation failure aborts the process: every size a user controls
 * is bounded at the edge, so running out of memory is an operator's problem and not an error path to test
 * everywhere. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"

#endif
