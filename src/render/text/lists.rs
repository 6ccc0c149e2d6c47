//! Pages that list: the facilities, regions and types that there are, a region at a glance, who has reported and who
//! has not, the reports of one facility, and what was asked for in vain.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{Lines, Page, Speaker, asked_region, entry, place, place_of};
use crate::{
    clock::Timestamp,
    domain::{
        numbers::Count,
        region::Zone,
        resource_type::{Kind, TypeCode},
        text::wire_name,
    },
    locales::{Language, Message, Value},
    render::audit::{AuditAnswer, AuditEntry},
    render::model::{
        CompletenessAnswer, Day, FacilitiesAnswer, FacilityView, HistoryAnswer, HistoryNumber, KindView,
        OverviewAnswer, PointView, RegionAnswer, RegionHistoryAnswer, RegionReporting, RegionsAnswer,
        RemindersAnswer, ReporterView, Reporting, SearchAnswer, TotalView, TypeView, TypesAnswer,
        UnmetDemandAnswer, UnmetDemandView,
    },
};

/// The regions and facilities that were found, or advice where there are none.
pub fn search(answer: &SearchAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, Zone::Wib, now);
    let regions = answer.regions.iter();
    let regions = regions.map(|hit| entry::region(entry::named_path(&hit.path, hit.code), hit.code));
    page.bullets(Message::new("found-regions"), regions);
    page.bullets(Message::new("found-facilities"), answer.facilities.iter().map(entry::facility_hit));
    page.bullets(Message::new("found-contacts"), answer.contacts.iter().flatten().map(entry::contact));
    if page.paragraphs.is_empty() {
        page.say(Message::new("found-nothing"));
    }
    page.maybe(answer.more.then(|| Message::new("found-more")));
    page.finish()
}

/// Facilities, and how to reach them.
pub fn facilities(answer: &FacilitiesAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.say(
        Message::new("list-facilities")
            .arg("any", !answer.facilities.is_empty())
            .arg("place", place(answer.region.as_ref())),
    );
    page.numbered(answer.facilities.iter().map(|facility: &FacilityView| {
        let newest = facility.availability.iter().map(|view| view.observed_at).max();
        let reported = newest.map_or_else(
            || Message::new("never-reported"),
            |at| Message::new("updated").arg("age", speaker.age(at)).arg("moment", speaker.moment(at)),
        );
        entry::portrait(facility, facility.contact.as_ref(), speaker).then([reported])
    }));
    page.more(answer.next.as_ref());
    page.finish_as_of(answer.as_of)
}

/// Regions with their codes.
pub fn regions(answer: &RegionsAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    page.maybe(answer.regions.is_empty().then(|| Message::new("list-no-regions")));
    let regions = answer.regions.iter();
    let regions =
        regions.map(|region| entry::region(entry::named_path(&region.path, region.code), region.code));
    page.bullets(Message::new("list-regions"), regions);
    page.more(answer.next.as_ref());
    page.finish_as_of(answer.as_of)
}

/// One region: its code, how many facilities it has, the regions right below it, and the contacts to call.
pub fn region(answer: &RegionAnswer, language: Language, now: Timestamp) -> String {
    let region = &answer.region;
    let mut page = Page::new(language, region.timezone, now);
    let aliases = Some(&region.aliases).filter(|aliases| !aliases.is_empty());
    let postcode = region.postcode.as_ref();
    page.lines(
        Lines::of([entry::region(entry::named_path(&region.path, region.code), region.code)])
            .then(aliases.map(|names| Message::new("region-aliases").arg("names", names.clone())))
            .then(postcode.map(|postcode| Message::new("region-postcode").arg("postcode", postcode)))
            .then([Message::new("region-facilities").arg("count", answer.facilities)]),
    );
    if let Some(first) = answer.children.first() {
        let heading = Message::new("region-children")
            .arg("count", answer.children.len())
            .arg("level", wire_name(first.level));
        let children = answer.children.iter();
        page.bullets(heading, children.map(|child| entry::region(entry::region_name(child), child.code)));
    }
    page.contacts(Message::new("call"), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

/// The types that are counted, and when their numbers grow old.
pub fn types(answer: &TypesAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, Zone::Wib, now);
    let counted = |resource: &TypeView| {
        Message::new("type")
            .arg("label", &resource.label)
            .arg("code", resource.code.to_string())
            .arg("aging", resource.aging_after_h)
            .arg("stale", resource.stale_after_h)
            .arg("retired", resource.retired)
    };
    for kind in [Kind::Bed, Kind::Isolation, Kind::Vaccination] {
        let of_kind = answer.types.iter().filter(|resource| resource.kind == kind);
        page.bullets(Message::new("types-of-kind").arg("kind", wire_name(kind)), of_kind.map(counted));
    }
    page.finish()
}

/// The totals of a region by kind, who has reported, and the contacts to call.
pub fn overview(answer: &OverviewAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let summary = &answer.summary;
    page.say(entry::region_name(&summary.region));
    for (kind, view) in [
        (Kind::Bed, &summary.beds),
        (Kind::Isolation, &summary.isolation),
        (Kind::Vaccination, &summary.vaccination),
    ] {
        of_kind(&mut page, kind, view);
    }
    page.say(reporting(summary.completeness));
    page.contacts(Message::new("call"), &answer.contacts);
    page.finish_as_of(answer.as_of)
}

fn of_kind(page: &mut Page, kind: Kind, view: &KindView) {
    let heading = Message::new("overview-kind")
        .arg("kind", wire_name(kind))
        .arg("facilities", view.facilities)
        .arg("available", view.facilities_available);
    if view.totals.is_empty() {
        return page.say(heading);
    }
    let total = |total: &TotalView| {
        Message::new("overview-total")
            .arg("kind", wire_name(kind))
            .arg("label", &total.label)
            .arg("free", total.available)
            .arg("stale", total.available_stale.unwrap_or_default())
            .arg("unknown", total.facilities_unknown)
    };
    page.bullets(heading, view.totals.iter().map(total));
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
    page.lines(Lines::of([heading, reporting(answer.completeness)]));
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
            .arg("region", entry::region_name(&child.region))
            .arg("missing", missing(child))
            .arg("facilities", child.completeness.facilities)
    });
    page.bullets(Message::new("reporting-missing"), behind);
    let facilities = answer.facilities.iter().map(|facility| reporter(facility, None, speaker));
    page.bullets(Message::new("reporting-oldest-first"), facilities);
    page.more(answer.next.as_ref());
    page.finish_as_of(answer.as_of)
}

/// The facilities whose report became due, in that order, and the contacts to call about it.
pub fn reminders(answer: &RemindersAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.say(Message::new("reminders-heading").arg("any", !answer.reminders.is_empty()));
    page.numbered(answer.reminders.iter().map(|reminder| {
        let contact = reminder.contacts.first().map(entry::contact);
        Lines::of([reporter(&reminder.facility, reminder.facility.due_since, speaker)])
            .then(contact.map(|contact| Message::new("reminders-or-call").arg("contact", contact)))
    }));
    page.finish()
}

/// A facility with the state of its reports.
fn reporter(facility: &ReporterView, due_since: Option<Timestamp>, speaker: Speaker) -> Message {
    Message::new("reporting-facility")
        .arg("name", &facility.name)
        .arg("where", entry::whole_path(&facility.region))
        .arg("age", facility.observed_at.map(|at| speaker.age(at)))
        .arg("moment", facility.observed_at.map(|at| speaker.moment(at)))
        .arg("since", due_since.map(|at| speaker.moment(at)))
        .arg("phones", entry::phones(&facility.phones, None))
}

/// Each report with its numbers, the last received first; then the days in short.
pub fn history(answer: &HistoryAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.about.zone, now);
    let speaker = page.speaker;
    let is_empty = answer.history.is_empty() && answer.daily.is_empty() && answer.next.is_none();
    page.say(
        Message::new("history-heading")
            .arg("any", !is_empty)
            .arg("facility", entry::brief(&answer.about, None)),
    );
    let is_same = |one: &HistoryNumber, other: &HistoryNumber| {
        one.seq == other.seq && one.number.observed_at == other.number.observed_at
    };
    for numbers in answer.history.chunk_by(is_same) {
        page.lines(report(numbers, answer, speaker));
    }
    let heading = Message::new("history-days").arg("begin", speaker.utc_day_begins());
    page.bullets(heading, answer.daily.iter().map(|day| in_short(day, answer, speaker)));
    page.more(answer.next.as_ref());
    page.finish()
}

/// The numbers that came together and were true at the same moment.
fn report(numbers: &[HistoryNumber], answer: &HistoryAnswer, speaker: Speaker) -> Lines {
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
    Lines::of(came).then(numbers)
}

/// `Kamis 1 Juli, ICU: 0 sampai 3 kosong, terakhir 3, kapasitas 9, 4 laporan`.
fn in_short(day: &Day, answer: &HistoryAnswer, speaker: Speaker) -> Message {
    let date: Value = match day.day.parse::<NaiveDate>() {
        Ok(date) => speaker.day(date).into(),
        Err(_) => (&day.day).into(),
    };
    let (min, max, last) = (day.available_min, day.available_max, day.available_last);
    let free = match (min.map(Count::get), max.map(Count::get)) {
        (Some(min), Some(max)) if min < max => "range",
        (Some(0), Some(0)) => "full",
        (None, None) => "none",
        _ => "same",
    };
    let is_clear = min.is_none() || (last.is_some() && min == max);
    Message::new("history-day")
        .arg("day", date)
        .arg("label", label(answer, &day.resource))
        .arg("free", free)
        .arg("min", min.or(max))
        .arg("max", max)
        .arg("last", if is_clear { "said".into() } else { Value::from(last) })
        .arg("capacity", day.capacity_last)
        .arg("reports", day.reports)
}

fn label(answer: &HistoryAnswer, code: &TypeCode) -> String {
    answer.labels.get(code).cloned().unwrap_or_else(|| code.to_string())
}

/// What was free in a region at each moment, the last first.
pub fn region_history(answer: &RegionHistoryAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    let heading = Message::new("region-history-heading")
        .arg("any", !answer.points.is_empty())
        .arg("region", answer.region.name.clone())
        .arg("hours", answer.every_h);
    let free = |point: &PointView, kind: Kind| {
        let [available, stale] = point.available(kind);
        Message::new("region-history-free")
            .arg("kind", wire_name(kind))
            .arg("available", available)
            .arg("stale", stale.unwrap_or_default())
    };
    let line = |point: &PointView| {
        Message::new("region-history-point")
            .arg("moment", speaker.moment(point.at))
            .arg("beds", free(point, Kind::Bed))
            .arg("isolation", free(point, Kind::Isolation))
    };
    if answer.points.is_empty() {
        page.say(heading);
    } else {
        page.bullets(heading, answer.points.iter().rev().map(line));
    }
    page.finish()
}

/// Who changed what, the newest first.
pub fn audit(answer: &AuditAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    page.say(
        Message::new("audit-heading")
            .arg("any", !answer.audit.is_empty())
            .arg("place", place(answer.region.as_ref())),
    );
    let told = |change: &AuditEntry| {
        let numbers = change.content.numbers().into_iter().map(|(about, numbers)| {
            let label = answer.labels.get(&about).cloned().unwrap_or(about);
            Message::new("number").arg("label", label).arg("counts", entry::counts(numbers.counts()))
        });
        let facility = change.facility.as_ref().map(|facility| facility.name.clone());
        let line = Message::new("audit-entry")
            .arg("moment", speaker.moment(change.at))
            .arg("by", &change.by.name)
            .arg("change", change_kind(change))
            .arg("facility", facility)
            .arg("name", change.content.name());
        Lines::of([line]).then(change.source.map(|source| entry::source(source, None))).then(numbers)
    };
    answer.audit.iter().map(told).for_each(|lines| page.lines(lines));
    page.more(answer.next.as_ref());
    page.finish()
}

/// The sort of a change in words.
fn change_kind(entry: &AuditEntry) -> Message {
    Message::new("change-kind").arg("kind", wire_name(entry.kind))
}

/// Unmet demand, the most frequent first, and on which days.
pub fn demand(answer: &UnmetDemandAnswer, language: Language, now: Timestamp) -> String {
    let mut page = Page::new(language, answer.zone, now);
    let speaker = page.speaker;
    let heading = Message::new("unmet-heading")
        .arg("any", !answer.demand.is_empty())
        .arg("place", place(answer.region.as_ref()))
        .arg("days", speaker.days(answer.from, answer.to))
        .arg("begin", speaker.utc_day_begins());
    if answer.demand.is_empty() {
        page.say(heading);
        return page.finish();
    }
    let asked = asked_region(answer.region.as_ref());
    let line = |unmet: &UnmetDemandView| {
        let region = unmet.region.as_ref();
        let region = region.and_then(|region| entry::region_within(asked, &unmet.path, region.code));
        Message::new("unmet")
            .arg("times", unmet.questions)
            .arg("place", place_of(region))
            .arg("wish", &unmet.filter)
    };
    page.bullets(heading, answer.demand.iter().map(line));
    page.finish()
}
