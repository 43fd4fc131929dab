#include "html/asset_table.h"

const struct asset *asset_find(str path) {
    for (size_t i = 0; i < asset_rows_n; i++)
        if (str_eq(asset_rows[i].asset.path, path)) return &asset_rows[i].asset;
    return NULL;
}

const struct asset *asset_named(str name) {
    for (size_t i = 0; i < asset_rows_n; i++)
        if (str_eq(asset_rows[i].name, name)) return &asset_rows[i].asset;
    return NULL;
}
