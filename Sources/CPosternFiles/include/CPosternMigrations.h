/* The migrations in the order they are applied: PosternStore/Migrations/NNNN_name.sql, named "NNNN_name". */
#ifndef C_POSTERN_MIGRATIONS_H
#define C_POSTERN_MIGRATIONS_H

extern const struct postern_file postern_migrations[];
extern const size_t postern_migration_count;

/* Swift does not import arrays of unknown size: the migration at `index`, which must be below the count. */
static inline struct postern_file postern_migration(size_t index) { return postern_migrations[index]; }

#endif
