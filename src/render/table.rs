//! Answers as CSV (RFC 4180), for spreadsheets: one line for each number, place or thing that is listed.
//!
//! The columns of each answer are declared as lists of a name and the cell below it. A line joins the cells of
//! several lists where it shows several things, such as a facility and one of its numbers.

mod cell;

use std::io;

use self::cell::{count, external_ids, kind, lat, list, lon, phone, phones, tier, what, yes_or_no};
pub(crate) use self::cell::{flag, moment, optional};
use crate::{
    domain::{
        key::Role,
        mark::{MarkView, Note},
        numbers::{Numbers, Sum},
        text::wire_name,
    },
    render::audit::{AuditAnswer, AuditEntry},
    render::model::{
        AskAnswer, AvailabilityView, BedsAnswer, CompletenessAnswer, ContactView, Day, FacilitiesAnswer,
        FacilityAnswer, FacilityBrief, FacilityHit, FacilityView, HistoryAnswer, HistoryNumber, MarksAnswer,
        OverviewAnswer, PastTotalView, RegionAnswer, RegionHistoryAnswer, RegionHit, RegionSummary,
        RegionView, RegionsAnswer, ReminderView, RemindersAnswer, ReporterView, Review, ReviewAnswer,
        SearchAnswer, SessionView, TotalView, TypeView, TypesAnswer, UnmetDemandAnswer, UnmetDemandView,
        VaccinationsAnswer,
    },
    spreadsheet::escape_formula,
};

/// A column in a table of `R`: its name, and its cell.
pub(crate) type Column<R> = (&'static str, Cell<R>);
type Cell<R> = fn(&R) -> String;

const FACILITY: &[Column<FacilityView>] = &[
    ("facility", |facility| facility.id.to_string()),
    ("external_ids", |facility| external_ids(&facility.external_ids)),
    ("name", |facility| facility.name.clone()),
    ("kind", |facility| facility.kind.to_string()),
    ("region_code", |facility| facility.region.code.to_string()),
    ("region", |facility| facility.region.path.join(", ")),
    ("address", |facility| optional(facility.address.as_ref())),
    ("phones", |facility| phones(&facility.phones)),
    ("lat", |facility| optional(facility.lat)),
    ("lon", |facility| optional(facility.lon)),
    ("distance_km", |facility| optional(facility.distance_km)),
    ("simulated", |facility| flag(facility.simulated)),
];

const NUMBER: &[Column<AvailabilityView>] = &[
    ("type", |number| number.resource.to_string()),
    ("label", |number| number.label.clone()),
    ("capacity", |number| optional(number.capacity)),
    ("occupied", |number| optional(number.occupied)),
    ("available", |number| optional(number.available)),
    ("queue", |number| optional(number.queue)),
    ("observed_at", |number| moment(number.observed_at)),
    ("received_at", |number| moment(number.received_at)),
    ("freshness", |number| number.freshness.name().to_owned()),
    ("source", |number| wire_name(number.source)),
    ("reporter", |number| optional(number.reporter.as_ref())),
    ("disputed", |number| flag(number.disputed)),
    ("jump_from_available", |number| optional(number.jump.and_then(|jump| jump.from.available()))),
    ("held", |number| optional(Some(number.holds.len()).filter(|held| *held > 0))),
    ("capacity_observed_at", |number| moment(number.capacity_observed_at)),
];

const SESSION: &[Column<SessionView>] = &[
    ("session", |session| session.id.to_string()),
    ("date", |session| session.date.to_string()),
    ("from", |session| session.from.to_string()),
    ("to", |session| session.to.to_string()),
    ("product", |session| session.product.to_string()),
    ("doses", |session| list(&session.doses)),
    ("age_min", |session| optional(session.age_min)),
    ("age_max", |session| optional(session.age_max)),
    ("domicile", |session| optional(session.audience.domicile)),
    ("walk_in", |session| yes_or_no(session.walk_in)),
    ("booking_url", |session| optional(session.booking_url.as_ref())),
    ("booking_phone", |session| optional(session.booking_phone.as_ref())),
    ("fee", |session| session.fee.to_string()),
    ("quota", |session| optional(session.quota)),
    ("left", |session| optional(session.left)),
    ("observed_at", |session| moment(session.observed_at)),
    ("received_at", |session| moment(session.received_at)),
    ("freshness", |session| session.freshness.name().to_owned()),
    ("source", |session| optional(session.source.map(wire_name))),
    ("title", |session| optional(session.title.as_ref())),
    ("pregnancy", |session| optional(session.audience.pregnancy.map(yes_or_no))),
    ("disability", |session| optional(session.audience.disability.map(yes_or_no))),
    ("quota_observed_at", |session| moment(session.quota_observed_at)),
];

/// The cells of a found region, of a found facility and of a found contact under the same names.
const FOUND: &[(&str, Cell<RegionHit>, Cell<FacilityHit>, Cell<ContactView>)] = &[
    ("found", |_| "region".to_owned(), |_| "facility".to_owned(), |_| "contact".to_owned()),
    ("facility", |_| String::new(), |hit| hit.id.to_string(), |_| String::new()),
    ("external_ids", |_| String::new(), |hit| external_ids(&hit.external_ids), |_| String::new()),
    ("name", |hit| hit.name.clone(), |hit| hit.name.clone(), |contact| contact.name.clone()),
    ("kind", |hit| wire_name(hit.level), |hit| hit.kind.to_string(), |contact| contact.role.to_string()),
    (
        "region_code",
        |hit| hit.code.to_string(),
        |hit| hit.region.code.to_string(),
        |contact| optional(contact.region.as_ref().map(|region| region.code)),
    ),
    (
        "region",
        |hit| hit.path.join(", "),
        |hit| hit.region.path.join(", "),
        |contact| optional(contact.region.as_ref().map(|region| &region.name)),
    ),
    ("phones", |_| String::new(), |hit| phones(&hit.phones), |contact| contact.phone.clone()),
    ("lat", |hit| lat(hit.located), |hit| optional(hit.lat), |_| String::new()),
    ("lon", |hit| lon(hit.located), |hit| optional(hit.lon), |_| String::new()),
    ("simulated", |_| String::new(), |hit| flag(hit.simulated), |_| String::new()),
    ("closed", |_| String::new(), |hit| flag(hit.closed), |_| String::new()),
    ("score", |hit| hit.score.to_string(), |hit| hit.score.to_string(), |_| String::new()),
];

const SUMMARY: &[Column<RegionSummary>] = &[
    ("region_code", |summary| summary.region.code.to_string()),
    ("region", |summary| summary.region.name.clone()),
    ("level", |summary| wire_name(summary.region.level)),
    ("lat", |summary| lat(summary.located)),
    ("lon", |summary| lon(summary.located)),
];

const TOTAL: &[Column<TotalView>] = &[
    ("type", |total| total.resource.to_string()),
    ("label", |total| total.label.clone()),
    ("capacity", |total| optional(total.capacity)),
    ("occupied", |total| optional(total.occupied)),
    ("available", |total| optional(total.available)),
    ("available_stale", |total| optional(total.available_stale)),
    ("queue", |total| optional(total.queue)),
    ("facilities", |total| total.facilities.to_string()),
    ("facilities_available", |total| total.facilities_available.to_string()),
    ("facilities_unknown", |total| total.facilities_unknown.to_string()),
    ("facilities_stale", |total| total.facilities_stale.to_string()),
    ("occupied_of_capacity", |total| optional(total.occupied_of_capacity)),
    ("available_of_capacity", |total| optional(total.available_of_capacity)),
    ("facilities_capacity_known", |total| total.facilities_capacity_known.to_string()),
    ("facilities_occupied_known", |total| total.facilities_occupied_known.to_string()),
    ("facilities_available_known", |total| total.facilities_available_known.to_string()),
    ("facilities_queue_known", |total| total.facilities_queue_known.to_string()),
];

const REGION: &[Column<RegionView>] = &[
    ("region_code", |region| region.code.to_string()),
    ("region", |region| region.name.clone()),
    ("level", |region| wire_name(region.level)),
    ("kind", |region| region.kind.to_owned()),
    ("parent", |region| optional(region.parent)),
    ("path", |region| region.path.join(", ")),
    ("aliases", |region| list(&region.aliases)),
    ("lat", |region| lat(region.located)),
    ("lon", |region| lon(region.located)),
    ("precision", |region| optional(region.located.map(|located| wire_name(located.precision)))),
    ("timezone", |region| wire_name(region.timezone)),
    ("postcode", |region| optional(region.postcode.as_ref())),
];

const TYPE: &[Column<TypeView>] = &[
    ("code", |resource| resource.code.to_string()),
    ("kind", |resource| wire_name(resource.kind)),
    ("label", |resource| resource.label.clone()),
    ("label_id", |resource| resource.labels.id.clone()),
    ("label_en", |resource| resource.labels.en.clone()),
    ("ventilator", |resource| optional(resource.ventilator.map(yes_or_no))),
    ("negative_pressure", |resource| optional(resource.negative_pressure.map(yes_or_no))),
    ("age_group", |resource| resource.age_group.to_string()),
    ("reserved_for", |resource| optional(resource.reserved_for.as_ref())),
    ("aging_after_h", |resource| resource.aging_after_h.to_string()),
    ("stale_after_h", |resource| resource.stale_after_h.to_string()),
    ("external_codes", |resource| list(&resource.external_codes)),
    ("aliases", |resource| list(&resource.aliases)),
    ("retired", |resource| flag(resource.retired)),
];

const REPORTER: &[Column<ReporterView>] = &[
    ("facility", |reporter| reporter.id.to_string()),
    ("external_ids", |reporter| external_ids(&reporter.external_ids)),
    ("name", |reporter| reporter.name.clone()),
    ("kind", |reporter| reporter.kind.to_string()),
    ("region_code", |reporter| reporter.region.code.to_string()),
    ("region", |reporter| reporter.region.path.join(", ")),
    ("phones", |reporter| phones(&reporter.phones)),
    ("observed_at", |reporter| moment(reporter.observed_at)),
    ("freshness", |reporter| reporter.freshness.name().to_owned()),
    ("due_since", |reporter| moment(reporter.due_since)),
];

const REMINDER: &[Column<ReminderView>] = &[("contacts", |reminder| {
    let contacts = reminder.contacts.iter();
    list(contacts.map(|contact| format!("{}: {}", contact.name, phone(&contact.phone, contact.visibility))))
})];

const HISTORY: &[Column<HistoryNumber>] = &[
    ("session", |told| optional(told.session)),
    ("date", |told| optional(told.date)),
    ("seq", |told| told.seq.to_string()),
    ("capacity", |told| optional(told.number.numbers.capacity())),
    ("occupied", |told| optional(told.number.numbers.occupied())),
    ("available", |told| optional(told.number.numbers.available())),
    ("queue", |told| optional(told.number.numbers.queue())),
    ("observed_at", |told| moment(told.number.observed_at)),
    ("received_at", |told| moment(told.number.received_at)),
    ("source", |told| wire_name(told.number.source)),
    ("reporter", |told| optional(told.number.reporter.as_ref())),
    ("late", |told| yes_or_no(told.late)),
    ("capacity_observed_at", |told| moment(told.number.capacity_observed_at)),
];

const DAY: &[Column<Day>] = &[
    ("day", |day| day.day.clone()),
    ("available_min", |day| optional(day.available_min)),
    ("available_max", |day| optional(day.available_max)),
    ("available_last", |day| optional(day.available_last)),
    ("capacity_last", |day| optional(day.capacity_last)),
    ("reports", |day| day.reports.to_string()),
];

const PAST_TOTAL: &[Column<PastTotalView>] = &[
    ("type", |past| past.total.resource.to_string()),
    ("kind", |past| wire_name(past.kind)),
    ("capacity", |past| optional(past.total.capacity.map(Sum::get))),
    ("occupied", |past| optional(past.total.occupied.map(Sum::get))),
    ("available", |past| optional(past.total.available.map(Sum::get))),
    ("available_stale", |past| optional(past.total.available_stale.map(Sum::get))),
    ("facilities", |past| past.total.facilities.to_string()),
    ("facilities_available", |past| past.total.facilities_available.to_string()),
    ("facilities_unknown", |past| past.total.facilities_unknown.to_string()),
    ("facilities_stale", |past| past.total.facilities_stale.to_string()),
];

const DEMAND: &[Column<UnmetDemandView>] = &[
    ("region_code", |unmet| optional(unmet.region.as_ref().map(|region| region.code))),
    ("region", |unmet| optional(unmet.region.as_ref().map(|region| &region.name))),
    ("kind", |unmet| unmet.kind.clone()),
    ("wanted", |unmet| unmet.wanted.clone()),
    ("questions", |unmet| unmet.questions.to_string()),
];

const PLACE: &[Column<FacilityBrief>] = &[
    ("facility", |facility| facility.id.to_string()),
    ("name", |facility| facility.name.clone()),
    ("region_code", |facility| facility.region.to_string()),
    ("region", |facility| facility.path.join(", ")),
];

/// The columns of the audit, here and on the command line.
pub(crate) const AUDIT: &[Column<AuditEntry>] = &[
    ("seq", |entry| entry.seq.to_string()),
    ("at", |entry| moment(entry.at)),
    ("by", |entry| entry.by.name.clone()),
    ("role", |entry| entry.by.role.map_or("", Role::name).to_owned()),
    ("actor", |entry| entry.by.actor.clone()),
    ("source", |entry| optional(entry.source.map(wire_name))),
    ("kind", |entry| wire_name(entry.kind)),
    ("region_code", |entry| optional(entry.region)),
    ("facility", |entry| optional(entry.facility.as_ref().map(|facility| facility.id))),
    ("facility_name", |entry| optional(entry.facility.as_ref().map(|facility| &facility.name))),
    ("what", |entry| what(entry)),
];

const REVIEW: &[Column<Review>] = &[
    ("phones", |review| phones(&review.phones)),
    ("why", |review| wire_name(review.why)),
    ("at", |review| moment(review.at)),
    ("type", |review| optional(review.resource.as_ref())),
    ("label", |review| optional(review.label.as_ref())),
    ("capacity", |review| count(review.numbers, Numbers::capacity)),
    ("occupied", |review| count(review.numbers, Numbers::occupied)),
    ("available", |review| count(review.numbers, Numbers::available)),
    ("queue", |review| count(review.numbers, Numbers::queue)),
    ("before_capacity", |review| count(review.before, Numbers::capacity)),
    ("before_occupied", |review| count(review.before, Numbers::occupied)),
    ("before_available", |review| count(review.before, Numbers::available)),
    ("before_queue", |review| count(review.before, Numbers::queue)),
    ("source", |review| optional(review.source.map(wire_name))),
    ("reporter", |review| optional(review.reporter.as_ref())),
    ("note", |review| optional(review.note.as_ref().map(|note| note.id))),
    ("by", |review| optional(review.note.as_ref().map(|note| &note.by))),
];

const MARK: &[Column<MarkView>] = &[
    ("mark", |mark| mark.id.to_string()),
    ("kind", |mark| kind(&mark.what)),
    ("type", |mark| optional(mark.what.resource())),
    ("label", |mark| optional(mark.label.as_ref())),
    ("by", |mark| mark.by.clone()),
    ("at", |mark| moment(mark.at)),
    ("until", |mark| moment(mark.until)),
];

const ABOUT: &[Column<Note>] = &[
    ("verdict", |note| wire_name(note.verdict)),
    ("about_capacity", |note| count(note.about, Numbers::capacity)),
    ("about_occupied", |note| count(note.about, Numbers::occupied)),
    ("about_available", |note| count(note.about, Numbers::available)),
    ("about_queue", |note| count(note.about, Numbers::queue)),
];

const NOTE: &[Column<Note>] = &[
    ("note_source", |note| wire_name(note.source)),
    ("heard_capacity", |note| count(note.heard, Numbers::capacity)),
    ("heard_occupied", |note| count(note.heard, Numbers::occupied)),
    ("heard_available", |note| count(note.heard, Numbers::available)),
    ("heard_queue", |note| count(note.heard, Numbers::queue)),
    ("phone", |note| optional(note.phone.as_ref())),
    ("text", |note| optional(note.text.as_ref())),
    ("times", |note| note.times.to_string()),
];

/// One facility, a line for each number.
pub(crate) fn facility(answer: &FacilityAnswer) -> Vec<u8> {
    numbers_of(std::slice::from_ref(&answer.facility))
}

/// Facilities, a line for each number; one without numbers has a line of its own.
pub(crate) fn facilities(answer: &FacilitiesAnswer) -> Vec<u8> {
    numbers_of(&answer.facilities)
}

fn numbers_of(facilities: &[FacilityView]) -> Vec<u8> {
    let line = |(facility, number)| cells(FACILITY, facility).chain(cells(NUMBER, number));
    table(names(FACILITY).chain(names(NUMBER)), numbers(facilities).map(line))
}

/// The tables of the answers to a question in one box, with an empty line between them.
pub(crate) fn ask(answer: &AskAnswer) -> Vec<u8> {
    let of_places = [&answer.beds, &answer.isolation].into_iter().flatten().map(places);
    let of_sessions = answer.vaccinations.iter().map(vaccinations);
    of_places.chain(of_sessions).collect::<Vec<_>>().join(&b"\r\n"[..])
}

/// Facilities with their beds, how well each fits, and the requested attributes that no type records.
pub(crate) fn places(answer: &BedsAnswer) -> Vec<u8> {
    let unrecorded = answer.unrecorded.join(" ");
    let header = names(FACILITY).chain(names(NUMBER)).chain(["tier", "unrecorded"]);
    let lines = numbers(&answer.facilities).map(|(facility, number)| {
        let fits = [tier(facility), unrecorded.clone()];
        cells(FACILITY, facility).chain(cells(NUMBER, number)).chain(fits)
    });
    table(header, lines)
}

/// Each number with its facility; a facility without numbers stands alone.
fn numbers(facilities: &[FacilityView]) -> impl Iterator<Item = (&FacilityView, Option<&AvailabilityView>)> {
    facilities.iter().flat_map(|facility| {
        let alone = facility.availability.is_empty().then_some(None);
        facility.availability.iter().map(Some).chain(alone).map(move |number| (facility, number))
    })
}

/// Vaccination sessions, a line for each occurrence.
pub(crate) fn vaccinations(answer: &VaccinationsAnswer) -> Vec<u8> {
    let lines = answer.facilities.iter().flat_map(|listed| {
        let facility = &listed.facility;
        let line =
            move |session| cells(FACILITY, facility).chain(cells(SESSION, session)).chain([tier(facility)]);
        listed.sessions.iter().map(line)
    });
    table(names(FACILITY).chain(names(SESSION)).chain(["tier"]), lines)
}

/// What a search found: regions, then facilities, then contacts.
pub(crate) fn search(answer: &SearchAnswer) -> Vec<u8> {
    let regions = answer.regions.iter().map(|hit| FOUND.iter().map(|(_, cell, ..)| cell(hit)).collect());
    let facilities =
        answer.facilities.iter().map(|hit| FOUND.iter().map(|(_, _, cell, _)| cell(hit)).collect());
    let contacts = answer.contacts.iter().flatten();
    let contacts = contacts.map(|contact| FOUND.iter().map(|(.., cell)| cell(contact)).collect::<Vec<_>>());
    table(FOUND.iter().map(|(name, ..)| *name), regions.chain(facilities).chain(contacts))
}

/// The totals of a region and of those right below it.
pub(crate) fn overview(answer: &OverviewAnswer) -> Vec<u8> {
    let summaries = std::iter::once(&answer.summary).chain(&answer.children);
    let lines = summaries.flat_map(|summary| {
        [("bed", &summary.beds), ("isolation", &summary.isolation), ("vaccination", &summary.vaccination)]
            .into_iter()
            .flat_map(|(kind, view)| view.totals.iter().map(move |total| (kind, total)))
            .map(move |(kind, total)| {
                cells(SUMMARY, summary).chain([kind.to_owned()]).chain(cells(TOTAL, total))
            })
    });
    table(names(SUMMARY).chain(["kind"]).chain(names(TOTAL)), lines)
}

/// One region.
pub(crate) fn region(answer: &RegionAnswer) -> Vec<u8> {
    table(names(REGION), [cells(REGION, &answer.region)])
}

/// Regions, a line each.
pub(crate) fn regions(answer: &RegionsAnswer) -> Vec<u8> {
    table(names(REGION), answer.regions.iter().map(|region| cells(REGION, region)))
}

/// Resource types, a line each.
pub(crate) fn types(answer: &TypesAnswer) -> Vec<u8> {
    table(names(TYPE), answer.types.iter().map(|resource| cells(TYPE, resource)))
}

/// Facilities by the age of their newest number.
pub(crate) fn completeness(answer: &CompletenessAnswer) -> Vec<u8> {
    table(names(REPORTER), answer.facilities.iter().map(|facility| cells(REPORTER, facility)))
}

/// Facilities whose report is due, and the contacts to call about it.
pub(crate) fn reminders(answer: &RemindersAnswer) -> Vec<u8> {
    let lines = answer.reminders.iter();
    let lines = lines.map(|reminder| cells(REPORTER, &reminder.facility).chain(cells(REMINDER, reminder)));
    table(names(REPORTER).chain(names(REMINDER)), lines)
}

/// A history: a line for each number, then one for each day in short.
pub(crate) fn history(answer: &HistoryAnswer) -> Vec<u8> {
    let header = ["facility", "type"].into_iter().chain(names(HISTORY)).chain(names(DAY));
    let numbers = answer.history.iter().map(|told| (&told.number.resource, Some(told), None));
    let days = answer.daily.iter().map(|day| (&day.resource, None, Some(day)));
    let lines = numbers.chain(days).map(|(resource, told, day)| {
        let of = [answer.facility.to_string(), resource.to_string()];
        of.into_iter().chain(cells(HISTORY, told)).chain(cells(DAY, day))
    });
    table(header, lines)
}

/// The totals of a region in the last days: a line for each type at each moment.
pub(crate) fn region_history(answer: &RegionHistoryAnswer) -> Vec<u8> {
    let header = ["region_code", "region", "at"].into_iter().chain(names(PAST_TOTAL));
    let lines =
        answer.points.iter().flat_map(|point| point.totals.iter().map(move |total| (point.at, total)));
    let lines = lines.map(|(at, total)| {
        let of = [answer.region.code.to_string(), answer.region.name.clone(), moment(at)];
        of.into_iter().chain(cells(PAST_TOTAL, total))
    });
    table(header, lines)
}

/// Unmet demand, the most frequent first.
pub(crate) fn demand(answer: &UnmetDemandAnswer) -> Vec<u8> {
    table(names(DEMAND), answer.demand.iter().map(|unmet| cells(DEMAND, unmet)))
}

/// The audit, the newest first.
pub(crate) fn audit(answer: &AuditAnswer) -> Vec<u8> {
    table(names(AUDIT), answer.audit.iter().map(|entry| cells(AUDIT, entry)))
}

/// The review list, the newest first.
pub(crate) fn doubts(answer: &ReviewAnswer) -> Vec<u8> {
    let lines = answer.doubts.iter().map(|review| {
        let note = review.note.as_ref().and_then(|mark| mark.what.note());
        cells(PLACE, &review.facility).chain(cells(REVIEW, review)).chain(cells(NOTE, note))
    });
    table(names(PLACE).chain(names(REVIEW)).chain(names(NOTE)), lines)
}

/// Marks, the oldest first.
pub(crate) fn marks(answer: &MarksAnswer) -> Vec<u8> {
    let header = names(PLACE).chain(names(MARK)).chain(names(ABOUT)).chain(names(NOTE));
    let lines = answer.marks.iter().map(|listed| {
        let note = listed.mark.what.note();
        let mark = cells(PLACE, &listed.at_facility).chain(cells(MARK, &listed.mark));
        mark.chain(cells(ABOUT, note)).chain(cells(NOTE, note))
    });
    table(header, lines)
}

/// The names of `columns`.
pub(crate) fn names<R>(columns: &[Column<R>]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|(name, _)| *name)
}

/// The cells of `row`; without a row, they are empty.
pub(crate) fn cells<'a, R: 'a>(
    columns: &'a [Column<R>],
    row: impl Into<Option<&'a R>>,
) -> impl Iterator<Item = String> {
    let row = row.into();
    columns.iter().map(move |(_, cell)| row.map(cell).unwrap_or_default())
}

/// Lines under a header, harmless to spreadsheets.
pub(crate) struct Table<W: io::Write>(csv::Writer<W>);

impl<W: io::Write> Table<W> {
    /// A table with nothing but its header.
    pub(crate) fn new(to: W, header: impl IntoIterator<Item = &'static str>) -> csv::Result<Self> {
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(header)?;
        Ok(Self(writer))
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, cells: impl IntoIterator<Item = String>) -> csv::Result<()> {
        self.0.write_record(cells.into_iter().map(escape_formula))
    }

    /// Writes what is still held back.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The bytes of a whole table.
fn table<L: IntoIterator<Item = String>>(
    header: impl IntoIterator<Item = &'static str>,
    lines: impl IntoIterator<Item = L>,
) -> Vec<u8> {
    let mut table = Table::new(Vec::new(), header).expect(IN_MEMORY);
    lines.into_iter().try_for_each(|line| table.line(line)).expect(IN_MEMORY);
    table.0.into_inner().expect(IN_MEMORY)
}

const IN_MEMORY: &str = "writing into memory does not fail";
