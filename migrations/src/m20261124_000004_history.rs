//! What lets the log be shortened: states to start from, and days in short.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, integer, integer_null, string, text_null, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The types of a report for which a newer observation was known, separated by commas. Whether a
        // number was late cannot be told from the rest of a log that was shortened.
        let late = Table::alter().table("change").add_column(text_null("late")).take();
        manager.alter_table(late).await?;
        let checkpoint = Table::create()
            .table("checkpoint")
            .col(big_integer("seq").primary_key())
            // When that change was made.
            .col(timestamp_with_time_zone("at"))
            // The current rows of that moment, without keys: JSON lines, gzip.
            .col(blob("body"))
            .take();
        manager.create_table(checkpoint).await?;
        let daily = Table::create()
            .table("daily")
            .col(uuid("facility_id"))
            .col(string("resource_type"))
            // The UTC day the reports were received on, as 2021-07-01: it sorts like text.
            .col(string("day"))
            .col(integer_null("available_min"))
            .col(integer_null("available_max"))
            .col(integer_null("available_last"))
            .col(integer_null("capacity_last"))
            .col(integer("reports"))
            .primary_key(Index::create().col("facility_id").col("day").col("resource_type"))
            .take();
        manager.create_table(daily).await?;
        let by_day = Index::create().name("daily_day").table("daily").col("day").take();
        manager.create_index(by_day).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["daily", "checkpoint"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        manager.alter_table(Table::alter().table("change").drop_column("late").take()).await
    }
}
