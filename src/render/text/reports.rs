//! A region at a glance, who has reported and who has not, what one facility reported, and what was asked for in vain.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{Page, Speaker, asked_region, entry, place};
use crate::{
    clock::Timestamp,
    domain::{
        numbers::{Count, Sum},
        resource_type::{Kind, TypeCode},
        text::wire_name,
    },
    locales::{Language, Message, Value},
    render::model::{
        CompletenessAnswer, Day, HistoryAnswer, HistoryNumber, KindView, OverviewAnswer, RegionReporting,
        RemindersAnswer, ReporterView, Reporting, TotalView, UnmetDemandAnswer, UnmetDemandView,
    },
};

/// What a region has of every kind, who has reported, and whom to call.
pub fn overview(answer: &OverviewAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let summary = &answer.summary;
    page.say(&entry::region_name(summary.region.code, &summary.region.name));
    for (kind, view) in [
        (Kind::Bed, &summary.beds),
        (Kind::Isolation, &summary.isolation),
        (Kind::Vaccination, &summary.vaccination),
    ] {
        of_kind(&mut page, kind, view);
    }
    page.say(&reporting(summary.completeness));
    page.contacts(&Message::new("call"), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

fn of_kind(page: &mut Page, kind: Kind, view: &KindView) {
    let heading = Message::new("overview-kind")
        .arg("kind", wire_name(kind))
        .arg("facilities", view.facilities)
        .arg("available", view.facilities_available);
    if view.totals.is_empty() {
        return page.say(&heading);
    }
    let total = |total: &TotalView| {
        Message::new("overview-total")
            .arg("kind", wire_name(kind))
            .arg("label", total.label.clone())
            .arg("free", total.available.map(Sum::get))
            .arg("stale", total.available_stale.map_or(0, Sum::get))
            .arg("unknown", total.facilities_unknown)
    };
    page.bullets(&heading, view.totals.iter().map(total));
}

fn reporting(of: Reporting) -> Message {
    Message::new("reporting-counts")
        .arg("facilities", of.facilities)
        .arg("fresh", of.fresh)
        .arg("aging", of.aging)
        .arg("stale", of.stale)
        .arg("silent", of.unknown + of.never)
}

/// How many facilities have reported, where reports are missing, and each facility by the age of its newest number.
pub fn completeness(answer: &CompletenessAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    let heading = Message::new("reporting-heading").arg("place", place(answer.region.as_ref()));
    page.lines(&speaker.say_all([heading, reporting(answer.completeness)]));
    // Those without a number that can be believed.
    let missing = |child: &RegionReporting| {
        let Reporting { stale, unknown, never, .. } = child.completeness;
        stale + unknown + never
    };
    let mut behind: Vec<&RegionReporting> =
        answer.children.iter().filter(|child| missing(child) > 0).collect();
    behind.sort_by_key(|child| Reverse(missing(child)));
    let behind = behind.into_iter().map(|child| {
        Message::new("reporting-region")
            .arg("region", entry::region_name(child.region.code, &child.region.name))
            .arg("missing", missing(child))
            .arg("facilities", child.completeness.facilities)
    });
    page.bullets(&Message::new("reporting-missing"), behind);
    let facilities = answer.facilities.iter().map(|facility| reporter(facility, None, speaker));
    page.bullets(&Message::new("reporting-oldest-first"), facilities);
    page.more(answer.next.as_ref());
    page.finish_as_of(answer.as_of)
}

/// Whose report became due, in the order it did, and whom to call about it.
pub fn reminders(answer: &RemindersAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.say(&Message::new("reminders-heading").arg("any", !answer.reminders.is_empty()));
    page.numbered(answer.reminders.iter().map(|reminder| {
        let said = reporter(&reminder.facility, reminder.facility.due_since, speaker);
        let contact = reminder.contacts.first().map(entry::contact);
        let contact = contact.map(|contact| Message::new("reminders-or-call").arg("contact", contact));
        speaker.say_all(std::iter::once(said).chain(contact))
    }));
    page.finish()
}

/// A facility with the state of its reports.
fn reporter(facility: &ReporterView, due_since: Option<Timestamp>, speaker: Speaker) -> Message {
    Message::new("reporting-facility")
        .arg("name", facility.name.clone())
        .arg("where", entry::whole_path(&facility.region.path, facility.region.code))
        .arg("age", facility.observed_at.map(|at| speaker.age(at)))
        .arg("moment", facility.observed_at.map(|at| speaker.moment(at)))
        .arg("since", due_since.map(|at| speaker.moment(at)))
        .arg("phones", entry::phones(&facility.phones, None))
}

/// Each report with its numbers, the last received first; then the days in short.
pub fn history(answer: &HistoryAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.about.zone, now);
    let speaker = page.speaker;
    let facility = entry::brief(&answer.about, None);
    if answer.history.is_empty() && answer.daily.is_empty() && answer.next.is_none() {
        page.say(&Message::new("history-none").arg("facility", facility));
        return page.finish();
    }
    page.say(&Message::new("history-heading").arg("facility", facility));
    let is_same = |one: &HistoryNumber, other: &HistoryNumber| {
        one.seq == other.seq && one.number.observed_at == other.number.observed_at
    };
    for numbers in answer.history.chunk_by(is_same) {
        page.lines(&report(numbers, answer, speaker));
    }
    let heading = Message::new("history-days").arg("begin", speaker.utc_day_begins());
    page.bullets(&heading, answer.daily.iter().map(|day| in_short(day, answer, speaker)));
    page.more(answer.next.as_ref());
    page.finish()
}

/// The numbers that came together and were true at the same moment.
fn report(numbers: &[HistoryNumber], answer: &HistoryAnswer, speaker: Speaker) -> Vec<String> {
    let came = numbers.first().map(|HistoryNumber { number, .. }| {
        let (received, observed) = (speaker.when(number.received_at), speaker.when(number.observed_at));
        Message::new("history-report")
            .arg("observed", (observed != received).then_some(observed))
            .arg("received", received)
            .arg("source", entry::source(number.source, number.reporter.as_ref()))
    });
    let numbers = numbers.iter().map(|HistoryNumber { number, late, date, .. }| {
        let late = match (late, date) {
            (false, _) => "none",
            (true, None) => "number",
            (true, Some(_)) => "session",
        };
        Message::new("history-number")
            .arg("label", label(answer, &number.resource))
            .arg("day", date.map(|date| speaker.day(date)))
            .arg("counts", entry::counts(number.numbers.counts()))
            .arg("outlier", number.jump.is_some())
            .arg("late", late)
    });
    speaker.say_all(came.into_iter().chain(numbers))
}

/// `Kamis 1 Juli, ICU: 0 sampai 3 kosong, terakhir 3, kapasitas 9, 4 laporan`.
fn in_short(day: &Day, answer: &HistoryAnswer, speaker: Speaker) -> Message {
    let date: Value = match day.day.parse::<NaiveDate>() {
        Ok(date) => speaker.day(date).into(),
        Err(_) => day.day.clone().into(),
    };
    let [min, max, last, capacity] =
        [day.available_min, day.available_max, day.available_last, day.capacity_last]
            .map(|count| count.map(Count::get));
    let free = match (min, max) {
        (Some(min), Some(max)) if min < max => "range",
        (Some(0), Some(0)) => "full",
        (None, None) => "none",
        _ => "same",
    };
    let is_said = min.is_none() || (last.is_some() && min == max);
    Message::new("history-day")
        .arg("day", date)
        .arg("label", label(answer, &day.resource))
        .arg("free", free)
        .arg("min", min.or(max))
        .arg("max", max)
        .arg("last", if is_said { "said".into() } else { Value::from(last) })
        .arg("capacity", capacity)
        .arg("reports", day.reports)
}

fn label(answer: &HistoryAnswer, code: &TypeCode) -> String {
    answer.labels.get(code).cloned().unwrap_or_else(|| code.to_string())
}

/// What was asked for in vain, the most frequent first, and on which days.
pub fn demand(answer: &UnmetDemandAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    let heading = Message::new("unmet-heading")
        .arg("any", !answer.demand.is_empty())
        .arg("place", place(answer.region.as_ref()))
        .arg("days", speaker.days(answer.from, answer.to))
        .arg("begin", speaker.utc_day_begins());
    if answer.demand.is_empty() {
        page.say(&heading);
    }
    let asked = asked_region(answer.region.as_ref(), false);
    let line = |unmet: &UnmetDemandView| {
        let region = unmet.region.as_ref();
        let region = region.and_then(|region| entry::region_within(asked, &unmet.path, region.code));
        Message::new("unmet")
            .arg("times", unmet.questions)
            .arg(
                "place",
                super::place_within(if region.is_some() { "region" } else { "country" }, region, None),
            )
            .arg("wish", unmet.filter.clone())
    };
    page.bullets(&heading, answer.demand.iter().map(line));
    page.finish()
}
