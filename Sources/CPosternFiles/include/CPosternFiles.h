/* Files compiled into the executable: see CPosternPlatforms.h and CPosternMigrations.h for what is there. */
#ifndef C_POSTERN_FILES_H
#define C_POSTERN_FILES_H

#include <stddef.h>

/* One file: its name without folder and extension, and its bytes (not terminated by a zero). */
struct postern_file {
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

#include "CPosternMigrations.h"
#include "CPosternPlatforms.h"
#include "CPosternSamples.h"

#endif
