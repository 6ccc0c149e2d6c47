//! The totals of all regions at some moments of each day, kept beside the log, from which they are made.
//!
//! A moment that was missed, because no node ran, is made later: the log still knows what was known then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, TransactionTrait};

use super::{
    Database,
    as_of::{AsOfError, earliest_kept},
    entity::trend,
    log::broken,
    rows::upsert,
    writer::PATIENCE,
};
use crate::{
    clock::Timestamp,
    domain::{
        region_code::RegionCode,
        resource_type::{Kind, TypeCode},
        total::Total,
        trend::{EVERY_H, KEPT_DAYS, PastTotal, TrendPoint, moment_before},
    },
    snapshot::Snapshot,
};

/// The row of the whole country, which every moment has.
const COUNTRY: &str = "";

impl Database {
    /// Keeps the totals of one moment if one is missing, the newest first, and forgets those that are too old.
    pub async fn keep_trend(&self, now: Timestamp) -> Result<(), AsOfError> {
        // What was decided before may still be on its way into the log.
        let newest = moment_before(now - PATIENCE);
        let oldest = newest - TimeDelta::days(KEPT_DAYS);
        trend::Entity::delete_many().filter(trend::Column::At.lt(oldest)).exec(self.connection()?).await?;
        let Some(earliest) = earliest_kept(self.connection()?).await?.map(|earliest| earliest.max(oldest))
        else {
            return Ok(());
        };
        let kept: Vec<Timestamp> = trend::Entity::find()
            .select_only()
            .column(trend::Column::At)
            .filter(trend::Column::Region.eq(COUNTRY))
            .into_tuple()
            .all(self.connection()?)
            .await?;
        let kept: BTreeSet<Timestamp> = kept.into_iter().collect();
        let moments = std::iter::successors(Some(newest), |at| Some(*at - TimeDelta::hours(EVERY_H)));
        let missing = moments.take_while(|at| *at >= earliest).find(|at| !kept.contains(at));
        match missing {
            Some(at) => self.keep_moment(at).await,
            None => Ok(()),
        }
    }

    async fn keep_moment(&self, at: Timestamp) -> Result<(), AsOfError> {
        let state = Box::pin(self.state_at(at)).await?;
        let totals = tokio::task::spawn_blocking(move || totals(&state)).await;
        let totals = totals.expect("adding up neither panics nor is cancelled");
        let rows = totals.into_iter().map(|(region, totals)| trend::ActiveModel {
            region: Set(region.map_or_else(|| COUNTRY.to_owned(), |region| region.to_string())),
            at: Set(at),
            totals: Set(serde_json::to_string(&totals).expect("totals are plain data")),
        });
        let transaction = self.connection()?.begin().await?;
        upsert(&transaction, rows.collect()).await?;
        Ok(transaction.commit().await?)
    }

    /// The kept totals of a region, the oldest first.
    pub async fn trend(&self, region: RegionCode) -> Result<Vec<TrendPoint>, DbErr> {
        let rows = trend::Entity::find()
            .filter(trend::Column::Region.eq(region.to_string()))
            .order_by_asc(trend::Column::At)
            .all(self.connection()?)
            .await?;
        let point = |row: trend::Model| {
            let totals =
                serde_json::from_str(&row.totals).map_err(|error| broken("trend", &row.region, &error))?;
            Ok(TrendPoint { at: row.at, totals })
        };
        rows.into_iter().map(point).collect()
    }
}

/// The totals of beds and isolation places by region; the country is there even if it has none.
fn totals(state: &Snapshot) -> BTreeMap<Option<RegionCode>, Vec<PastTotal>> {
    let mut sums: BTreeMap<Option<RegionCode>, BTreeMap<&TypeCode, Total>> =
        BTreeMap::from([(None, BTreeMap::new())]);
    for facility in state.facilities_in(None) {
        let regions = || facility.facility.region.with_ancestors().map(Some).chain([None]);
        for current in facility.readings.iter() {
            let resource = &current.resource;
            if resource.retired || !matches!(resource.kind, Kind::Bed | Kind::Isolation) {
                continue;
            }
            for region in regions() {
                let total = sums.entry(region).or_default().entry(&resource.code).or_default();
                total.count(current.numbers, current.freshness);
            }
        }
    }
    let written = |sums: BTreeMap<&TypeCode, Total>| {
        sums.into_iter().map(|(code, total)| PastTotal::of(code, &total)).collect()
    };
    sums.into_iter().map(|(region, sums)| (region, written(sums))).collect()
}
