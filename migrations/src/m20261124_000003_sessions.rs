//! Vaccination sessions and the current numbers of their occurrences.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, date, integer_null, string, text, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("session")
                .col(uuid("id").primary_key())
                .col(uuid("facility_id"))
                // The whole session as JSON: it is read all at once.
                .col(text("body"))
                .col(big_integer("seq"))
                .col(timestamp_with_time_zone("changed_at"))
                .foreign_key(
                    &mut ForeignKey::create().from("session", "facility_id").to("facility", "id").take(),
                )
                .take(),
            Table::create()
                .table("session_availability")
                .col(uuid("session_id"))
                .col(date("date"))
                .col(integer_null("capacity"))
                .col(integer_null("occupied"))
                .col(integer_null("available"))
                .col(integer_null("queue"))
                .col(timestamp_with_time_zone("observed_at"))
                .col(timestamp_with_time_zone("received_at"))
                .col(string("source"))
                .col(string("reporter"))
                .primary_key(Index::create().col("session_id").col("date"))
                .foreign_key(
                    &mut ForeignKey::create()
                        .from("session_availability", "session_id")
                        .to("session", "id")
                        .take(),
                )
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager
            .create_index(Index::create().name("session_facility").table("session").col("facility_id").take())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["session_availability", "session"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
