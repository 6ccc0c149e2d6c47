//! Answers about calls: marks, the review list and unmet demand.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{FacilityBrief, RegionRef, Resolved};
use crate::{
    auth::Audience,
    clock::Timestamp,
    domain::{
        facility::{Facility, Phone, Visibility},
        mark::{Mark, MarkKind, MarkView, Note, NoteSource},
        numbers::Numbers,
        observation::Source,
        region::Zone,
        region_code::RegionCode,
        resource_type::{Kind, TypeCode},
    },
};

/// The reason for a doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The number is far from the one before, and nobody has confirmed it.
    #[serde(rename = "jump")]
    Outlier,
    /// A caller heard a different number.
    Wrong,
    /// Two callers heard a different number, or that the place is closed.
    Disputed,
    /// Nobody answers the telephone.
    PhoneDead,
    /// A caller heard that the place is closed.
    Closed,
}

/// A doubt that a coordinator should review.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Review {
    /// The facility that the doubt is about.
    pub facility: FacilityBrief,
    /// The telephones to call about it.
    pub phones: Vec<Phone>,
    /// The reason for the doubt.
    pub why: Why,
    /// The time since which there is a doubt; for notes, the time of the newest.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The type whose number it is about; null for the facility as a whole.
    #[serde(rename = "type")]
    pub resource: Option<TypeCode>,
    /// The number as the facility states it now.
    pub numbers: Option<Numbers>,
    /// The number before it jumped.
    pub before: Option<Numbers>,
    /// The way by which the number came.
    pub source: Option<Source>,
    /// The sender.
    pub reporter: Option<String>,
    /// The note; `DELETE /v1/marks/{id}` when it has been seen to.
    pub note: Option<MarkView>,
    /// The label of the type, in the language of the answer.
    #[serde(skip)]
    pub label: Option<String>,
}

/// A page of the review list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReviewAnswer {
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The doubts, the newest first.
    pub doubts: Vec<Review>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The region; None for the whole country.
    #[serde(skip)]
    pub region: Option<RegionRef>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

/// A mark in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ListedMark {
    /// The facility at which it was left.
    pub at_facility: FacilityBrief,
    /// The mark.
    #[serde(flatten)]
    pub mark: MarkView,
}

/// The marks that stand.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MarksAnswer {
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The marks, oldest first.
    pub marks: Vec<ListedMark>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The region; None for the whole country.
    #[serde(skip)]
    pub region: Option<RegionRef>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

/// A wish that nothing fitted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnmetDemandQuery {
    /// Where; None for the whole country.
    pub region: Option<RegionCode>,
    /// The kind.
    pub kind: Kind,
    /// The types, or attributes as in the question (`ventilator=true&age_group=child`); empty for any. Of a
    /// vaccination `product=sinovac&dose=2&age_group=teen&walk_in=true`, as far as it was said.
    pub wanted: String,
}

/// A wish that nothing fitted, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct UnmetDemandView {
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
    /// The names of the region and of those above it, from the province down.
    #[serde(skip)]
    pub path: Vec<String>,
    /// The requested attributes in words, in the language of the answer.
    #[serde(skip)]
    pub filter: String,
}

/// A page of unmet demand.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct UnmetDemandAnswer {
    /// The region; null for the whole country.
    pub region: Option<RegionRef>,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The first day (UTC).
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The wishes, the most frequent first.
    pub demand: Vec<UnmetDemandView>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

/// The mark as `audience` sees it; None if not at all. `facility` is where it was left.
pub(crate) fn visible_to(mark: &Mark, facility: &Facility, audience: Audience) -> Option<MarkView> {
    let view = MarkView::from(mark);
    if audience.sees(Visibility::Internal, Some(facility.region)) {
        return Some(view);
    }
    let MarkKind::Note(note) = view.what else {
        return None;
    };
    let is_public = |number: &String| {
        facility.phones.iter().any(|phone| phone.number == *number && phone.visibility == Visibility::Public)
    };
    let Note { phone, source, .. } = &note;
    let is_shown = *source == NoteSource::AgentCall && phone.as_ref().is_none_or(is_public);
    let what = MarkKind::Note(Note { text: None, ..note.clone() });
    is_shown.then(|| MarkView { what, by: String::new(), ..view })
}
