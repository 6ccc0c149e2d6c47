//! When facilities last came from another region: whoever mirrors one region must learn it.

use sea_orm_migration::{prelude::*, schema::timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = timestamp_with_time_zone_null("moved_at");
        manager.alter_table(Table::alter().table("facility").add_column(column).take()).await?;
        // Nobody wrote down which of the changes so far were moves: each facility's last one may have been.
        let moved = Query::update().table("facility").value("moved_at", Expr::col("changed_at")).take();
        manager.execute(moved).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("facility").drop_column("moved_at").take()).await
    }
}
