//! How each step is taken.

use chrono::{DateTime, Duration, DurationRound, NaiveDate, Utc};
use sedia::{
    auth::{Operator, Principal},
    clock::Clock,
    domain::{
        contact::ContactId,
        facility::{ExternalId, FacilityRef, Phone, Visibility},
        numbers::Statement,
        region::Zone,
        resource_type::{Kind, ResourceType, TypeCode},
        room::System,
        session::{SESSION_TYPE, SessionId, SessionRef, Weekday},
        text::Slug,
    },
    locales::{Bilingual, Language},
    store::{
        Command,
        commands::{
            AdjustAvailability, ConfirmAvailability, ContactInput, CreateFacility, EndContact, EndRoom,
            FacilityInput, ForgetSessions, MergeFacilities, PatchFacility, PutAvailability, PutContact,
            PutMode, PutRegions, PutRoom, PutSession, PutTypes, ReportRow, ReportRows, RoomName, RowReport,
            SessionSaid,
        },
    },
};
use serde_json::{Value, json};

use super::{CODES, Counts, FACILITIES, REGIONS, Seen, Step, TYPES, VILLAGE, marks};
use crate::support::TestNode;

/// What sessions offer.
const OFFERS: [(&str, &[u8], Option<u8>, Option<u8>, bool); 4] = [
    ("sinovac", &[1, 2], None, None, true),
    ("sinovac", &[2], Some(18), None, false),
    ("moderna", &[3], Some(18), Some(59), false),
    ("astrazeneca", &[1], None, Some(17), true),
];
/// When they open and close.
const HOURS: [(&str, &str); 3] = [("08:00", "12:00"), ("13:30", "16:30"), ("18:00", "23:45")];

/// A node with the facilities, none of which has said anything yet.
pub(crate) async fn start() -> TestNode {
    let node = TestNode::start().await;
    for (name, kind, region) in FACILITIES {
        let input = json!({
            "name": format!("RS {name}"), "kind": kind, "region": region,
            "external_ids": [format!("test:{name}")], "phones": phones(false),
        });
        let input: FacilityInput = serde_json::from_value(input).unwrap();
        node.node.submit(Principal::Operator(Operator::Cli), CreateFacility(input)).await.unwrap();
    }
    node
}

/// Takes a step, a second after the one before. What is refused must leave no trace, so refusals are as good as
/// anything.
pub(crate) async fn take(node: TestNode, step: Step) -> TestNode {
    node.clock.pass(Duration::seconds(1));
    match step {
        Step::Pass { minutes } => node.clock.pass(Duration::minutes(minutes)),
        Step::PassToDeadline { stop_before } => {
            let deadline = node.state().await.next_deadline();
            let left = deadline - node.clock.now();
            node.clock.pass(if stop_before { left - Duration::microseconds(1) } else { left });
        }
        Step::PassToClose { nth } => {
            let closes = match some_session(&node, nth).await {
                Some(id) => closes_at(&node, id).await,
                None => None,
            };
            node.clock.pass(closes.map_or(Duration::zero(), |closes| closes - node.clock.now()));
        }
        Step::Restart => return node.restart().await,
        Step::Report { .. } | Step::Adjust { .. } | Step::Confirm { .. } => report(&node, step).await,
        Step::Room { .. } | Step::EndRoom { .. } => send_room(&node, step).await,
        Step::Map { .. } | Step::Thresholds { .. } | Step::NewType { .. } | Step::Retire { .. } => {
            change_type(&node, step).await;
        }
        Step::Move { .. }
        | Step::Close { .. }
        | Step::Place { .. }
        | Step::Phones { .. }
        | Step::Merge { .. } => {
            change_facility(&node, step).await;
        }
        Step::Rename { .. } | Step::NewVillage | Step::RegionPoint { .. } | Step::Zone { .. } => {
            change_region(&node, step).await;
        }
        Step::Session { .. }
        | Step::ChangeSession { .. }
        | Step::CancelSession { .. }
        | Step::SessionReport { .. }
        | Step::ForgetSessions => change_sessions(&node, step).await,
        Step::AddContact { .. } | Step::MoveContact { .. } | Step::EndContact => {
            change_contacts(&node, step).await;
        }
        Step::Claim { .. } | Step::Hold { .. } | Step::Note { .. } | Step::EndMark { .. } => {
            marks::leave(&node, step).await;
        }
    }
    node
}

pub(super) async fn submit(node: &TestNode, command: impl Command) {
    // Refused or not: see above.
    let _ = node.node.submit(Principal::Operator(Operator::Cli), command).await;
}

pub(super) fn facility(index: usize) -> FacilityRef {
    FacilityRef::External(ExternalId::parse(&format!("test:{}", FACILITIES[index].0), "").unwrap())
}

fn type_code(index: usize) -> TypeCode {
    TypeCode::parse(TYPES.get(index).unwrap_or(&SESSION_TYPE), "").unwrap()
}

/// The numbers as a report states them, with or without the capacity, unless they are impossible.
fn statement([capacity, occupied, available, queue]: Counts, leaves_out_capacity: bool) -> Option<Statement> {
    let mut said = json!({"occupied": occupied, "available": available, "queue": queue});
    if !leaves_out_capacity {
        said["capacity"] = json!(capacity);
    }
    Statement::from_json(&said, "").ok()
}

fn moment(node: &TestNode, seen: Seen) -> DateTime<Utc> {
    let now = node.clock.now();
    match seen {
        Seen::MinutesAgo(minutes) => now - Duration::minutes(minutes),
        Seen::HoursAgo(hours) => now.duration_trunc(Duration::hours(1)).unwrap() - Duration::hours(hours),
    }
}

async fn report(node: &TestNode, step: Step) {
    let if_match = None;
    match step {
        Step::Report { facility: index, resource, counts, leaves_out_capacity, seen, in_list } => {
            let said = statement(counts, leaves_out_capacity);
            let (Some(numbers), observed_at) = (said, Some(moment(node, seen))) else {
                return;
            };
            let (facility, resource) = (facility(index), type_code(resource));
            if in_list {
                let (facility, resource) = (facility.to_string(), resource.to_string());
                let said = RowReport { facility, resource, session: None, room: None, numbers, observed_at };
                let rows = vec![ReportRow {
                    row: 1,
                    line: None,
                    facility: None,
                    resource: None,
                    name: None,
                    said: Ok(said),
                }];
                let language = Language::Id;
                submit(node, ReportRows { rows, reading: None, dry_run: false, confirmed: false, language })
                    .await;
            } else {
                let values = vec![(resource.to_string(), numbers)];
                submit(node, PutAvailability { observed_at, values, ..PutAvailability::of(facility) }).await;
            }
        }
        Step::Adjust { facility: index, resource, delta } => {
            let (facility, resource) = (facility(index), type_code(resource).to_string());
            let (confirmed, language) = (false, Language::Id);
            let step = AdjustAvailability { facility, resource, delta, confirmed, language, if_match };
            submit(node, step).await;
        }
        Step::Confirm { facility: index, only, seen } => {
            let (facility, observed_at) = (facility(index), Some(moment(node, seen)));
            let types = only.map(|index| type_code(index).to_string()).into_iter().collect();
            let language = Language::Id;
            submit(node, ConfirmAvailability { facility, types, observed_at, language, if_match }).await;
        }
        other => unreachable!("{other:?}"),
    }
}

async fn send_room(node: &TestNode, step: Step) {
    let name = |index: usize, room: u8, system: System, code: Option<&str>| RoomName {
        facility: facility(index),
        facility_pointer: "",
        system,
        id: Some(room.to_string()),
        code: code.map(str::to_owned),
        name: None,
        sent: std::collections::BTreeMap::new(),
    };
    match step {
        Step::Room { facility, room, code, counts, leaves_out_capacity, seen } => {
            let said = statement(counts, leaves_out_capacity);
            let (Some(numbers), observed_at) = (said, Some(moment(node, seen))) else {
                return;
            };
            let (system, code) = CODES[code];
            let room = name(facility, room, system, Some(code));
            submit(node, PutRoom { room, numbers, observed_at }).await;
        }
        Step::EndRoom { facility, room, system, seen } => {
            let (room, observed_at) = (name(facility, room, system, None), Some(moment(node, seen)));
            submit(node, EndRoom { room, observed_at }).await;
        }
        other => unreachable!("{other:?}"),
    }
}

async fn change_type(node: &TestNode, step: Step) {
    let state = node.state().await;
    let known = |index| {
        let known = state.resource_type(type_code(index).as_str()).cloned();
        known.map(|known| (*known).clone())
    };
    let changed = match step {
        Step::Map { resource, code } => known(resource)
            .map(|known| ResourceType { external_codes: vec![CODES[code].1.to_owned()], ..known }),
        Step::Thresholds { resource, aging, stale } => {
            known(resource).map(|known| ResourceType { aging_after_h: aging, stale_after_h: stale, ..known })
        }
        Step::NewType { ventilator, aging } => Some(ResourceType {
            code: type_code(TYPES.len() - 1),
            kind: Kind::Bed,
            label: Bilingual::new("Tent", "Tenda"),
            ventilator,
            negative_pressure: None,
            age_group: Slug::parse("any", "").unwrap(),
            reserved_for: None,
            aging_after_h: aging,
            stale_after_h: 12,
            external_codes: Vec::new(),
            aliases: Vec::new(),
            retired: false,
        }),
        Step::Retire { resource, retired } => known(resource).map(|known| ResourceType { retired, ..known }),
        other => unreachable!("{other:?}"),
    };
    if let Some(changed) = changed {
        submit(node, PutTypes { types: vec![changed], only_missing: false }).await;
    }
}

/// A number for everybody, which may become internal, and one that is internal anyway.
fn phones(internal: bool) -> Vec<Phone> {
    let phone = |number: &str, visibility| Phone { number: number.to_owned(), label: None, visibility };
    let first = if internal { Visibility::Internal } else { Visibility::Public };
    vec![phone("024-8413476", first), phone("0812-4100-0000", Visibility::Internal)]
}

async fn change_facility(node: &TestNode, step: Step) {
    let (index, patch) = match step {
        Step::Merge { facility: index, duplicate } => {
            let (facility, duplicate) = (facility(index), facility(duplicate));
            return submit(node, MergeFacilities { facility, duplicate }).await;
        }
        Step::Move { facility, region } => (facility, json!({"region": REGIONS[region]})),
        Step::Close { facility, closed } => (facility, json!({"closed": closed})),
        Step::Place { facility, point } => {
            let (lat, lon) = point.unzip();
            (facility, json!({"lat": lat, "lon": lon}))
        }
        Step::Phones { facility, internal } => (facility, json!({"phones": phones(internal)})),
        other => unreachable!("{other:?}"),
    };
    let patch = serde_json::from_value(patch).unwrap();
    submit(node, PatchFacility { facility: facility(index), patch, if_match: None }).await;
}

async fn change_region(node: &TestNode, step: Step) {
    let (code, patch) = match step {
        Step::Rename { region, name } => {
            // The village is not added by giving it another name.
            let is_known = node.state().await.region(REGIONS[region].parse().unwrap()).is_some();
            let patch = if is_known { json!({"name": format!("Nama {name}")}) } else { json!({}) };
            (REGIONS[region], patch)
        }
        Step::NewVillage => (VILLAGE, json!({"name": "Kelurahan Baru"})),
        Step::RegionPoint { region, point: (lat, lon) } => (REGIONS[region], json!({"lat": lat, "lon": lon})),
        Step::Zone { region, east } => {
            let zone = if east { Zone::Wit } else { Zone::Wib };
            (REGIONS[region], json!({"timezone": zone}))
        }
        other => unreachable!("{other:?}"),
    };
    let regions = vec![(code.parse().unwrap(), serde_json::from_value(patch).unwrap())];
    submit(node, PutRegions { regions, mode: PutMode::Merge }).await;
}

/// Today in Semarang, or some days later.
fn day(node: &TestNode, days: u8) -> NaiveDate {
    (node.clock.now() + Duration::hours(7) + Duration::days(days.into())).date_naive()
}

fn title(offer: usize) -> Option<&'static str> {
    [None, Some("Gelanggang Pemuda"), Some("Stadion Holy"), Some("Gelanggang A")][offer]
}

fn whole_session(node: &TestNode, index: usize, weekly: bool, days: u8, offer: usize, hours: usize) -> Value {
    let (product, doses, age_min, age_max, walk_in) = OFFERS[offer];
    let (from, to) = HOURS[hours];
    let mut said = json!({
        "facility": format!("test:{}", FACILITIES[index].0), "from": from, "to": to, "product": product,
        "doses": doses, "age_min": age_min, "age_max": age_max, "walk_in": walk_in, "title": title(offer),
    });
    if weekly {
        let (from, until) = (day(node, days), day(node, days + 20));
        let weekdays = [Weekday::Mon, Weekday::Thu, Weekday::Fri];
        let except =
            (7..14).map(|after| day(node, days + after)).find(|day| weekdays.contains(&Weekday::of(*day)));
        let except = except.into_iter().collect::<Vec<_>>();
        said["weekly"] = json!({"weekdays": weekdays, "from": from, "until": until, "except": except});
    } else {
        said["date"] = day(node, days).to_string().into();
    }
    said
}

async fn some_session(node: &TestNode, nth: usize) -> Option<SessionId> {
    let state = node.state().await;
    let ids: Vec<SessionId> = state.sessions().map(|state| state.session.id).collect();
    ids.get(nth % ids.len().max(1)).copied()
}

/// When the next day of a session is over.
async fn closes_at(node: &TestNode, id: SessionId) -> Option<DateTime<Utc>> {
    let state = node.state().await;
    let session = &state.session(id)?.session;
    let zone = state.session_zone(session);
    Some(session.ends_at(session.next_after(node.clock.now(), zone)?, zone))
}

async fn change_sessions(node: &TestNode, step: Step) {
    let if_match = None;
    match step {
        Step::Session { facility, weekly, days, offer, hours } => {
            let said = whole_session(node, facility, weekly, days, offer, hours);
            let said = SessionSaid::Whole(serde_json::from_value(said).unwrap());
            submit(node, PutSession { id: None, said, if_match }).await;
        }
        Step::ChangeSession { nth, days, hours, cancelled } => {
            let id = some_session(node, nth).await;
            let (from, to) = HOURS[hours];
            let patch = json!({
                "date": day(node, days), "from": from, "to": to, "cancelled": cancelled,
                "title": title(usize::from(days)),
            });
            let said = SessionSaid::Part(serde_json::from_value(patch).unwrap());
            submit(node, PutSession { id, said, if_match }).await;
        }
        Step::CancelSession { nth } => {
            let id = some_session(node, nth).await;
            submit(node, PutSession { id, said: SessionSaid::Cancelled, if_match }).await;
        }
        Step::SessionReport { nth, days, counts, leaves_out_capacity, seen } => {
            let said = statement(counts, leaves_out_capacity);
            let (Some(id), Some(numbers)) = (some_session(node, nth).await, said) else { return };
            let facility = node.state().await.session(id).unwrap().session.facility;
            let date = days.map(|days| day(node, days));
            let report = PutAvailability {
                observed_at: Some(moment(node, seen)),
                sessions: vec![(SessionRef { id, date }, numbers)],
                ..PutAvailability::of(FacilityRef::Id(facility))
            };
            submit(node, report).await;
        }
        Step::ForgetSessions => submit(node, ForgetSessions).await,
        other => unreachable!("{other:?}"),
    }
}

fn contact(region: Option<usize>, visibility: Visibility) -> ContactInput {
    ContactInput {
        region: region.map(|index| REGIONS[index].to_owned()),
        name: "Satgas".to_owned(),
        role: "satgas".to_owned(),
        phone: "024-123456".to_owned(),
        visibility,
    }
}

async fn some_contact(node: &TestNode) -> Option<ContactId> {
    let state = node.state().await;
    let contact = REGIONS.iter().find_map(|code| state.contacts_of(code.parse().ok()).next().cloned());
    contact.map(|contact| contact.id)
}

async fn change_contacts(node: &TestNode, step: Step) {
    match (step, some_contact(node).await) {
        (Step::AddContact { region, internal }, _) => {
            let visibility = if internal { Visibility::Internal } else { Visibility::Public };
            submit(node, PutContact { id: None, contact: contact(region, visibility) }).await;
        }
        (Step::MoveContact { region }, Some(id)) => {
            let contact = contact(Some(region), Visibility::Internal);
            submit(node, PutContact { id: Some(id), contact }).await;
        }
        (Step::EndContact, Some(id)) => submit(node, EndContact { id }).await,
        (_, None) => {}
        (other, _) => unreachable!("{other:?}"),
    }
}
