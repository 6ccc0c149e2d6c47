//! The rooms that hospital systems report; what they add up to is in `availability`.

use sea_orm_migration::{
    prelude::*,
    schema::{integer_null, string, string_null, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let room = Table::create()
            .table("room")
            .col(uuid("facility_id"))
            .col(string("system"))
            .col(string("room"))
            // Null when no row ever said what is in it.
            .col(string_null("code"))
            .col(string("name"))
            .col(integer_null("capacity"))
            .col(integer_null("occupied"))
            .col(integer_null("available"))
            .col(integer_null("queue"))
            .col(timestamp_with_time_zone("observed_at"))
            .col(string("reporter"))
            .primary_key(Index::create().col("facility_id").col("system").col("room"))
            .foreign_key(ForeignKey::create().from("room", "facility_id").to("facility", "id"))
            .take();
        manager.create_table(room).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("room").take()).await
    }
}
