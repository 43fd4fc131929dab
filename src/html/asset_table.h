/* The shape of the table that tools/assetgen.py writes (out/gen/assets.c). Only for html/. */
#ifndef HTML_ASSET_TABLE_H
#define HTML_ASSET_TABLE_H

#include "html/asset.h"

struct asset_row {
    str name;
    struct asset asset;
};

/* Sorted by name. A few dozen rows: comparing lengths first makes a walk cheaper than a search. */
extern const struct asset_row asset_rows[];
extern const size_t asset_rows_n;

#endif
