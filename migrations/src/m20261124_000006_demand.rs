//! How often questions found nothing, by day; no word of who asked.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, date, string},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("demand")
            .col(date("day"))
            .col(string("region"))
            .col(string("kind"))
            .col(string("wanted"))
            .col(big_integer("questions"))
            .primary_key(Index::create().col("day").col("region").col("kind").col("wanted"))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("demand").take()).await
    }
}
