//! What was asked for and not found: where beds are missing. Nothing of it tells who asked.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{model::RegionRef, params::Near, question::AvailabilityQuestion};
use crate::{
    directory::{region_code::RegionCode, resource_type::Kind},
    snapshot::Snapshot,
};

/// A wish that nothing fitted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Demanded {
    /// Where; None for the whole country.
    pub region: Option<RegionCode>,
    /// Of which kind.
    pub kind: Kind,
    /// The types, or attributes as in the question (`ventilator=true&age_group=child`); empty for any.
    pub wanted: String,
}

/// A wish that nothing fitted, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DemandView {
    /// Where it was asked for; null for the whole country.
    pub region: Option<RegionRef>,
    /// `bed`, `isolation` or `vaccination`.
    pub kind: String,
    /// The types, or the attributes as in the question; empty for any.
    #[schema(example = "ventilator=true&age_group=child")]
    pub wanted: String,
    /// How many questions found nothing.
    pub questions: u64,
}

/// What was asked for and not found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DemandAnswer {
    /// The region; null for the whole country.
    pub region: Option<RegionRef>,
    /// The first day (UTC).
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The wishes, the most frequent first.
    pub demand: Vec<DemandView>,
}

impl AvailabilityQuestion {
    /// What this question asks for, if it is one to be counted: not a list of all, nor another page, nor a
    /// search for one name.
    pub fn demanded(&self, state: &Snapshot) -> Option<Demanded> {
        if self.min == 0 || self.after.is_some() || self.q.is_some() {
            return None;
        }
        let near = match self.near {
            None => None,
            Some(Near::Region(code)) => Some(code),
            Some(near) => near.point().and_then(|point| state.regency_near(point)),
        };
        Some(Demanded { region: near.or(self.region), kind: self.kind, wanted: self.wanted() })
    }

    fn wanted(&self) -> String {
        let wish = &self.wish;
        let words = [
            (!wish.types.is_empty())
                .then(|| wish.types.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
            wish.ventilator.map(|with| format!("ventilator={with}")),
            wish.negative_pressure.map(|with| format!("negative_pressure={with}")),
            wish.age_group.as_ref().map(|group| format!("age_group={group}")),
            wish.reserved_for.as_ref().map(|group| format!("reserved_for={group}")),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join("&")
    }
}
