//! The change log, the keys, and what makes a retry harmless.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, string, string_null, text, timestamp_with_time_zone, timestamp_with_time_zone_null,
        uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("change")
                .col(big_integer("seq").primary_key())
                .col(timestamp_with_time_zone("at"))
                .col(string("actor"))
                .col(uuid_null("facility_id"))
                .col(text("body"))
                .take(),
            Table::create()
                .table("api_key")
                .col(uuid("id").primary_key())
                .col(string("hash").unique_key())
                .col(string("role"))
                .col(string("name"))
                .col(text("facilities"))
                .col(string_null("region"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("expires_at"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                // Bookkeeping beside the log: not a change of the directory.
                .col(timestamp_with_time_zone_null("last_used_at"))
                .take(),
            Table::create()
                .table("idempotency")
                .col(string("principal"))
                .col(string("idempotency_key"))
                .col(string("fingerprint"))
                .col(text("receipt"))
                .col(timestamp_with_time_zone("at"))
                .primary_key(Index::create().col("idempotency_key").col("principal"))
                .take(),
            Table::create().table("setting").col(string("name").primary_key()).col(text("value")).take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            Index::create().name("change_facility").table("change").col("facility_id").col("seq").take(),
            Index::create().name("idempotency_at").table("idempotency").col("at").take(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["setting", "idempotency", "api_key", "change"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
