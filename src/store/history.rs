//! Reading the log back: the changes after a number.

use sea_orm::{DbErr, EntityTrait, QueryOrder};

use super::{
    Database,
    entity::change,
    log::{self, from_column},
};
use crate::{
    clock::Timestamp,
    directory::change::{Change, Seq},
};

impl Database {
    /// At most `limit` changes after `seq`, in order.
    pub async fn changes_after(&self, seq: Seq, limit: u64) -> Result<Vec<Change>, DbErr> {
        log::read_after(&self.0, seq, limit).await
    }

    /// The first change that is still kept, and when it was made; None for an empty log.
    pub async fn first_change(&self) -> Result<Option<(Seq, Timestamp)>, DbErr> {
        let row = change::Entity::find().order_by_asc(change::Column::Seq).one(&self.0).await?;
        Ok(row.map(|row| (from_column(row.seq), row.at)))
    }
}
