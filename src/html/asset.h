/* Files of assets/ and Bootstrap's, embedded by tools/assetgen.py. Their names carry a hash of their content,
 * so they may be kept by browsers for good; templates write {asset "app.css"}. */
#ifndef HTML_ASSET_H
#define HTML_ASSET_H

#include "base/base.h"

struct asset {
    str path; /* "/assets/app-1a2b3c4d.css" */
    str type; /* Content-Type */
    str body;
    str gzip; /* the body compressed; STR_NULL when that is not smaller */
};

/* The asset at this path, or NULL. Lives as long as the program; any thread. */
const struct asset *asset_find(str path);
/* The asset by its name in assets/ ("app.css"), or NULL: for what is written outside of templates. */
const struct asset *asset_named(str name);

#endif
