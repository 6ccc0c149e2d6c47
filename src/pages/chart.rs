//! How a number went, as a picture of steps: a number stands until the next one, or until nobody believes it any more.
//! Where nobody knows, there is a gap.

use std::fmt::Write;

use chrono::{DateTime, Duration, TimeZone, Utc};
use maud::{Markup, PreEscaped, html};

use crate::{http::Visitor, locales::Message, render::text::Speaker};

/// The picture in units of its own: labels are read on a telephone, too.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 224.0;
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 190.0;
const TOP: f64 = 14.0;
/// A date of five characters reaches so far to each side on a telephone, where letters are largest.
const HALF_A_DATE: f64 = 38.0;

/// A number from one moment on.
pub(super) struct Step {
    pub(super) at: DateTime<Utc>,
    pub(super) value: Option<u32>,
    /// The number that it cannot exceed.
    pub(super) limit: Option<u32>,
}

/// What a picture shows.
pub(super) struct Picture<'a> {
    pub(super) title: &'a str,
    /// What its lines and gaps mean.
    pub(super) legend: &'a str,
    /// The time until now that it shows.
    pub(super) span: Duration,
}

/// The picture of what the `steps`, in order, say; each is believed no longer than it `lasts`.
pub(super) fn chart(
    visitor: &Visitor,
    picture: &Picture<'_>,
    steps: &[Step],
    speaker: Speaker,
    lasts: Duration,
) -> Markup {
    let Picture { title, legend, span } = picture;
    let (to, from) = (speaker.now, speaker.now - *span);
    let most = steps.iter().flat_map(|step| [step.value, step.limit]).flatten().max().unwrap_or(0).max(1);
    let scale = Scale { from, to, most };
    let values = scale.path(steps, lasts, |step| step.value);
    let limits = scale.path(steps, lasts, |step| step.limit);
    let told = |value: Option<u32>| {
        value.map_or_else(|| visitor.say(Message::new("board-unknown")), |value| value.to_string())
    };
    let known = steps.iter().filter_map(|step| step.value);
    let text = Message::new("chart")
        .arg("title", (*title).to_owned())
        .arg("least", told(known.clone().min()))
        .arg("most", told(known.max()))
        .arg("last", told(steps.last().and_then(|step| step.value)));
    html! {
        figure .chart {
            svg role="img" aria-label=(visitor.say(text)) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } {
                @for value in [0, most / 2, most] {
                    @let y = scale.y(value);
                    line .grid x1=(LEFT) x2=(WIDTH) y1=(y) y2=(y) {}
                    text x=(LEFT - 6.0) y=(y + 5.0) text-anchor="end" { (value) }
                }
                @for (at, day) in days(speaker, from, to) {
                    @let x = scale.x(at);
                    line .grid x1=(x) x2=(x) y1=(TOP) y2=(BOTTOM) {}
                    text x=(x.min(WIDTH - HALF_A_DATE)) y=(BOTTOM + 26.0) text-anchor="middle" { (day) }
                }
                path .limit d=(PreEscaped(limits)) {}
                path .line d=(PreEscaped(values)) {}
            }
            figcaption .quiet { (legend) }
        }
    }
}

/// Some midnights between two moments, with their dates.
fn days(speaker: Speaker, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(DateTime<Utc>, String)> {
    let offset = speaker.zone.offset();
    // Three or four dates are read easily.
    let every = ((to - from).num_days() * 2 / 7).max(1);
    let first = from.with_timezone(&offset).date_naive() + Duration::days((every + 1) / 2);
    let midnights = first.iter_days().step_by(usize::try_from(every).unwrap_or(1)).map_while(|day| {
        let at =
            offset.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN)).single()?.with_timezone(&Utc);
        (at < to).then(|| (at, day.format("%-d/%-m").to_string()))
    });
    midnights.collect()
}

struct Scale {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: u32,
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "a picture needs no more than it has dots")]
    fn x(&self, at: DateTime<Utc>) -> f64 {
        let span = (self.to - self.from).num_seconds().max(1) as f64;
        let part = (at.clamp(self.from, self.to) - self.from).num_seconds() as f64 / span;
        round(LEFT + part * (WIDTH - LEFT))
    }

    fn y(&self, value: u32) -> f64 {
        round(BOTTOM - f64::from(value) / f64::from(self.most) * (BOTTOM - TOP))
    }

    /// Steps with gaps, as the path of an SVG.
    fn path(&self, steps: &[Step], lasts: Duration, value: impl Fn(&Step) -> Option<u32>) -> String {
        let mut path = String::new();
        // Where the line stands.
        let mut drawn_to = None;
        for (place, step) in steps.iter().enumerate() {
            let next = steps.get(place + 1).map_or(self.to, |next| next.at);
            let end = next.min(step.at + lasts).min(self.to);
            let Some(value) = value(step).filter(|_| end > self.from && step.at < self.to) else { continue };
            let (start, y) = (self.x(step.at), self.y(value));
            let joined = drawn_to == Some(start);
            // Writing into a text does not fail.
            let _ = if joined { write!(path, "V{y}") } else { write!(path, "M{start} {y}") };
            let end = self.x(end);
            let _ = write!(path, "H{end}");
            drawn_to = Some(end);
        }
        path
    }
}

fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::hours(hours)
    }

    fn drawn(steps: &[(i64, Option<u32>)], lasts: i64) -> String {
        let steps: Vec<Step> =
            steps.iter().map(|(hours, value)| Step { at: at(*hours), value: *value, limit: None }).collect();
        Scale { from: at(0), to: at(100), most: 10 }.path(&steps, Duration::hours(lasts), |step| step.value)
    }

    #[test]
    fn a_number_stands_until_the_next() {
        assert_eq!(drawn(&[(0, Some(10)), (50, Some(0))], 100), "M44 14H322V190H600");
    }

    #[test]
    fn there_is_a_gap_where_nobody_knows_or_believes() {
        assert_eq!(drawn(&[(0, Some(0)), (50, None), (75, Some(0))], 100), "M44 190H322M461 190H600");
        assert_eq!(drawn(&[(0, Some(0)), (50, Some(0))], 25), "M44 190H183M322 190H461");
    }

    #[test]
    fn what_was_before_reaches_into_the_picture() {
        assert_eq!(drawn(&[(-10, Some(0)), (50, Some(10))], 100), "M44 190H322V14H600");
        assert_eq!(drawn(&[(-30, Some(0))], 20), "");
    }
}
