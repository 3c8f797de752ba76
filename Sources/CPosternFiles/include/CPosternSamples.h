/* Requests that are accepted, for `postern send`: Platforms/<platform>/samples/<name>.http, named "platform/name". */
#ifndef C_POSTERN_SAMPLES_H
#define C_POSTERN_SAMPLES_H

extern const struct postern_file postern_samples[];
extern const size_t postern_sample_count;

/* Swift does not import arrays of unknown size: the sample at `index`, which must be below the count. */
static inline struct postern_file postern_sample(size_t index) { return postern_samples[index]; }

#endif
