//! The directory as it is now: the projection of the change log.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, double_null, integer, integer_null, string, string_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("region")
                .col(string("code").primary_key())
                .col(string("name"))
                .col(text("aliases"))
                .col(double_null("lat"))
                .col(double_null("lon"))
                .col(string_null("precision"))
                .col(string_null("timezone"))
                .col(string_null("postcode"))
                .col(timestamp_with_time_zone("changed_at"))
                // When a facility last moved away: it dates the answers of the region it left.
                .col(timestamp_with_time_zone_null("left_at"))
                .take(),
            Table::create()
                .table("resource_type")
                .col(string("code").primary_key())
                // The whole type as JSON: its attributes are data, read all at once.
                .col(text("body"))
                .col(timestamp_with_time_zone("changed_at"))
                .take(),
            Table::create()
                .table("facility")
                .col(uuid("id").primary_key())
                .col(string("name"))
                .col(string("kind"))
                .col(string("region"))
                .col(text("aliases"))
                .col(text_null("address"))
                .col(double_null("lat"))
                .col(double_null("lon"))
                .col(text_null("intake"))
                .col(text("flags"))
                .col(boolean("simulated"))
                .col(boolean("closed"))
                .col(big_integer("seq"))
                .col(timestamp_with_time_zone("changed_at"))
                .take(),
            Table::create()
                .table("facility_external_id")
                .col(string("external_id").primary_key())
                .col(uuid("facility_id"))
                .col(integer("position"))
                .foreign_key(&mut facility_key("facility_external_id"))
                .take(),
            Table::create()
                .table("facility_phone")
                .col(uuid("facility_id"))
                .col(integer("position"))
                .col(string("number"))
                .col(string_null("label"))
                .col(string("visibility"))
                .primary_key(Index::create().col("facility_id").col("position"))
                .foreign_key(&mut facility_key("facility_phone"))
                .take(),
            Table::create()
                .table("availability")
                .col(uuid("facility_id"))
                .col(string("resource_type"))
                .col(integer_null("capacity"))
                .col(integer_null("occupied"))
                .col(integer_null("available"))
                .col(integer_null("queue"))
                .col(timestamp_with_time_zone("observed_at"))
                .col(timestamp_with_time_zone("received_at"))
                .col(string("source"))
                .col(string("reporter"))
                .col(big_integer("seq"))
                .primary_key(Index::create().col("facility_id").col("resource_type"))
                .foreign_key(&mut facility_key("availability"))
                .take(),
            Table::create()
                .table("contact")
                .col(uuid("id").primary_key())
                .col(string_null("region"))
                .col(string("name"))
                .col(string("role"))
                .col(string("phone"))
                .col(string("visibility"))
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("facility_external_id_facility")
                    .table("facility_external_id")
                    .col("facility_id")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "contact",
            "availability",
            "facility_phone",
            "facility_external_id",
            "facility",
            "resource_type",
            "region",
        ];
        for table in tables {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn facility_key(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "facility_id").to("facility", "id").take()
}
