//! How the free beds and isolation places of a region went in the last days: a picture for each kind, and the same
//! numbers in a table.

use chrono::{DateTime, Duration, Utc};
use maud::{Markup, html};
use serde::Deserialize;

use super::totals::{count, scrolling};
use crate::{
    domain::resource_type::Kind,
    http::{Problem, Visitor},
    locales::Message,
    pages::chart::{Picture, Step, chart},
    render::text::Speaker,
};

/// How many days are shown.
pub(super) const DAYS: i64 = 7;

/// The totals of a region at some moments of each day, the oldest first.
#[derive(Deserialize)]
pub(super) struct History {
    every_h: i64,
    points: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    at: DateTime<Utc>,
    totals: Vec<Total>,
}

#[derive(Deserialize)]
struct Total {
    kind: Kind,
    available: Option<u32>,
    available_stale: Option<u32>,
    facilities: u32,
    facilities_unknown: u32,
    facilities_stale: u32,
}

/// What was free of a kind at a moment; None where nobody knew a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Free {
    /// By all numbers, stale ones too.
    all: Option<u32>,
    /// By the numbers that were stale.
    stale: Option<u32>,
    /// By those that were not.
    believed: Option<u32>,
}

impl Point {
    fn free(&self, kind: Kind) -> Free {
        let sum = |of: fn(&Total) -> Option<u32>| {
            let known = self.totals.iter().filter(|total| total.kind == kind).filter_map(of);
            known.reduce(u32::saturating_add)
        };
        Free {
            all: sum(|total| total.available),
            stale: sum(|total| total.available_stale),
            believed: sum(Total::believed),
        }
    }
}

impl Total {
    fn believed(&self) -> Option<u32> {
        let is_known = self.facilities.saturating_sub(self.facilities_unknown) > self.facilities_stale;
        let left = self.available?.saturating_sub(self.available_stale.unwrap_or(0));
        is_known.then_some(left)
    }
}

/// The pictures and their table; nothing before the first moment.
pub(super) fn trend(visitor: &Visitor, speaker: Speaker, history: &Result<History, Problem>) -> Markup {
    let say = |message: Message| visitor.say(message);
    let heading = say(Message::new("board-trend").arg("days", DAYS));
    let Ok(History { every_h, points }) = history else {
        return html! { h2 { (heading) } p .quiet { (say(Message::new("board-trend-away"))) } };
    };
    let kinds = [(Kind::Bed, Message::new("board-beds")), (Kind::Isolation, Message::new("board-isolation"))];
    let known: Vec<(Kind, String)> = kinds
        .into_iter()
        .filter(|(kind, _)| points.iter().any(|point| point.free(*kind).all.is_some()))
        .map(|(kind, name)| (kind, say(name)))
        .collect();
    html! {
        @if !known.is_empty() {
            h2 #trend { (heading) }
            @for (kind, name) in &known {
                h3 { (name) }
                (drawn(visitor, speaker, (*kind, name), points, *every_h))
            }
            details { summary { (say(Message::new("board-trend-table"))) } (table(visitor, speaker, &known, points)) }
        }
    }
}

/// The picture of a kind: what was free, and how much of that could be believed.
fn drawn(
    visitor: &Visitor,
    speaker: Speaker,
    (kind, name): (Kind, &str),
    points: &[Point],
    every_h: i64,
) -> Markup {
    let step = |point: &Point| {
        let free = point.free(kind);
        Step { at: point.at, value: free.all, limit: free.believed }
    };
    let steps: Vec<Step> = points.iter().map(step).collect();
    let legend = visitor.say(Message::new("board-trend-legend"));
    let picture = Picture { title: name, legend: &legend, span: Duration::days(DAYS) };
    chart(visitor, &picture, &steps, speaker, Duration::hours(every_h))
}

fn table(visitor: &Visitor, speaker: Speaker, kinds: &[(Kind, String)], points: &[Point]) -> Markup {
    let say = |message: Message| visitor.say(message);
    let caption = say(Message::new("board-trend-caption"));
    scrolling(
        &caption,
        &html! { table {
            caption { (caption) }
            thead { tr {
                th scope="col" { (say(Message::new("board-trend-moment"))) }
                @for (_, name) in kinds {
                    th scope="col" .number { (say(Message::new("board-trend-free").arg("kind", name.clone()))) }
                    th scope="col" .number { (say(Message::new("board-trend-stale"))) }
                }
            } }
            tbody { @for point in points.iter().rev() {
                tr {
                    th scope="row" { (speaker.say(speaker.moment(point.at))) }
                    @for (kind, _) in kinds {
                        @let free = point.free(*kind);
                        td .number { (count(visitor, free.all)) }
                        td .number { @if free.all.is_some() { (free.stale.unwrap_or(0)) } }
                    }
                }
            } }
        } },
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// What one facility states, and whether it is stale.
    fn total(kind: Kind, available: Option<u32>, is_stale: bool) -> Total {
        Total {
            kind,
            available,
            available_stale: available.filter(|_| is_stale),
            facilities: 1,
            facilities_unknown: u32::from(available.is_none()),
            facilities_stale: u32::from(is_stale),
        }
    }

    #[rstest]
    #[case(vec![], [None, None, None])]
    #[case(vec![total(Kind::Bed, None, false)], [None, None, None])]
    #[case(vec![total(Kind::Isolation, Some(5), false)], [None, None, None])]
    #[case(vec![total(Kind::Bed, Some(0), false)], [Some(0), None, Some(0)])]
    #[case(vec![total(Kind::Bed, Some(3), false), total(Kind::Bed, None, false)], [Some(3), None, Some(3)])]
    #[case(vec![total(Kind::Bed, Some(3), false), total(Kind::Bed, Some(2), true)], [Some(5), Some(2), Some(3)])]
    #[case(vec![total(Kind::Bed, Some(0), false), total(Kind::Bed, Some(2), true)], [Some(2), Some(2), Some(0)])]
    #[case(vec![total(Kind::Bed, Some(4), true)], [Some(4), Some(4), None])]
    fn unknown_is_not_zero_and_what_is_only_stale_is_not_believed(
        #[case] totals: Vec<Total>,
        #[case] expected: [Option<u32>; 3],
    ) {
        let free = Point { at: DateTime::UNIX_EPOCH, totals }.free(Kind::Bed);
        assert_eq!([free.all, free.stale, free.believed], expected);
    }
}
