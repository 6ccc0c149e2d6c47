//! What was asked for and not found: where beds or vaccinations are missing. Nothing of it tells who asked.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    model::RegionRef,
    params::Near,
    question::{Question, SessionQuestion, today},
};
use crate::{
    directory::{
        region_code::RegionCode,
        resource_type::{Kind, Wish},
    },
    snapshot::Snapshot,
};

/// A wish that nothing fitted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Demanded {
    /// Where; None for the whole country.
    pub region: Option<RegionCode>,
    /// Of which kind.
    pub kind: Kind,
    /// The types, or attributes as in the question (`ventilator=true&age_group=child`); empty for any. Of a
    /// vaccination `product=sinovac&dose=2&age_group=teen&walk_in=true`, as far as it was said.
    pub wanted: String,
}

/// A wish that nothing fitted, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DemandView {
    /// Where it was asked for; null for the whole country.
    pub region: Option<RegionRef>,
    /// `bed`, `isolation` or `vaccination`.
    pub kind: String,
    /// The types, or the attributes as in the question; empty for any. The age of who is to be vaccinated is one of
    /// `child` (under 12), `teen` (under 18), `adult` and `elder` (from 60).
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

impl Question {
    /// What this question asks for, if it is one to be counted: not a list of all, nor another page, nor a
    /// search for one name.
    pub fn demanded(&self, state: &Snapshot) -> Option<Demanded> {
        let (area, is_first, wanted) = match self {
            Self::Availability(question) => (question, question.after.is_none(), of_places(&question.wish)),
            Self::Vaccinations(question) if question.last >= today(&question.area, state) => {
                (&question.area, question.after.is_none(), of_sessions(question))
            }
            _ => return None,
        };
        if area.min == 0 || !is_first || area.q.is_some() {
            return None;
        }
        let near = match area.near {
            None => None,
            Some(Near::Region(code)) => Some(code),
            Some(near) => near.point().and_then(|point| state.regency_near(point)),
        };
        Some(Demanded { region: near.or(area.region), kind: area.kind, wanted })
    }
}

fn of_places(wish: &Wish) -> String {
    joined([
        (!wish.types.is_empty())
            .then(|| wish.types.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
        wish.ventilator.map(|with| format!("ventilator={with}")),
        wish.negative_pressure.map(|with| format!("negative_pressure={with}")),
        wish.age_group.as_ref().map(|group| format!("age_group={group}")),
        wish.reserved_for.as_ref().map(|group| format!("reserved_for={group}")),
    ])
}

fn of_sessions(question: &SessionQuestion) -> String {
    joined([
        question.product.as_ref().map(|product| format!("product={product}")),
        question.dose.map(|dose| format!("dose={dose}")),
        question.age.map(|age| format!("age_group={}", age_group(age))),
        question.walk_in.map(|walk_in| format!("walk_in={walk_in}")),
    ])
}

/// An age so coarse that it tells nobody apart.
const fn age_group(years: u8) -> &'static str {
    match years {
        ..12 => "child",
        12..18 => "teen",
        18..60 => "adult",
        60.. => "elder",
    }
}

fn joined(words: impl IntoIterator<Item = Option<String>>) -> String {
    words.into_iter().flatten().collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::age_group;

    #[rstest]
    #[case(0, "child")]
    #[case(11, "child")]
    #[case(12, "teen")]
    #[case(17, "teen")]
    #[case(18, "adult")]
    #[case(59, "adult")]
    #[case(60, "elder")]
    #[case(130, "elder")]
    fn ages_are_counted_in_four_groups(#[case] years: u8, #[case] group: &str) {
        assert_eq!(age_group(years), group);
    }
}
