//! What people who phone facilities leave there, and numbers that are far from those before.

use sea_orm_migration::{
    prelude::*,
    schema::{text, text_null, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mark = Table::create()
            .table("mark")
            .col(uuid("id").primary_key())
            // When it ends by itself; then the row can go.
            .col(timestamp_with_time_zone("until"))
            // The whole mark as JSON: it is read all at once.
            .col(text("body"))
            .take();
        manager.create_table(mark).await?;
        let by_end = Index::create().name("mark_until").table("mark").col("until").take();
        manager.create_index(by_end).await?;
        // The numbers before, as JSON, while nobody has confirmed those after.
        let jump = Table::alter().table("availability").add_column(text_null("jump")).take();
        manager.alter_table(jump).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("availability").drop_column("jump").take()).await?;
        manager.drop_table(Table::drop().table("mark").take()).await
    }
}
