/* The platform definitions, sorted by name: Platforms/<name>/platform.yaml. */
#ifndef C_POSTERN_PLATFORMS_H
#define C_POSTERN_PLATFORMS_H

extern const struct postern_file postern_platforms[];
extern const size_t postern_platform_count;

/* Swift does not import arrays of unknown size: the definition at `index`, which must be below the count. */
static inline struct postern_file postern_platform(size_t index) { return postern_platforms[index]; }

#endif
