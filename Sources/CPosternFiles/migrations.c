#include "CPosternFiles.h"

/* A new migration: one #embed and one line in the table. */
static const unsigned char foundation[] = {
#embed "../PosternStore/Migrations/0001_foundation.sql"
};
static const unsigned char partitions[] = {
#embed "../PosternStore/Migrations/0002_partitions.sql"
};
static const unsigned char roles[] = {
#embed "../PosternStore/Migrations/0003_roles.sql"
};
static const unsigned char notify[] = {
#embed "../PosternStore/Migrations/0004_notify.sql"
};
static const unsigned char status[] = {
#embed "../PosternStore/Migrations/0005_status.sql"
};
static const unsigned char limits[] = {
#embed "../PosternStore/Migrations/0006_limits.sql"
};
static const unsigned char delivery[] = {
#embed "../PosternStore/Migrations/0007_delivery.sql"
};
static const unsigned char leases[] = {
#embed "../PosternStore/Migrations/0008_leases.sql"
};

const struct postern_file postern_migrations[] = {
    {"0001_foundation", foundation, sizeof foundation},
    {"0002_partitions", partitions, sizeof partitions},
    {"0003_roles", roles, sizeof roles},
    {"0004_notify", notify, sizeof notify},
    {"0005_status", status, sizeof status},
    {"0006_limits", limits, sizeof limits},
    {"0007_delivery", delivery, sizeof delivery},
    {"0008_leases", leases, sizeof leases},
};
const size_t postern_migration_count = sizeof postern_migrations / sizeof postern_migrations[0];
