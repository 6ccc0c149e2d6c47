//! Writes the current rows: whatever a batch touched, as the snapshot after the batch shows it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, Iterable, QueryFilter,
    Set,
    sea_query::{Expr, OnConflict},
};

use super::{
    entity::{
        api_key, availability, contact, facility, facility_external_id, facility_phone, mark, region,
        resource_type, room, session, session_availability,
    },
    log::{ROWS_PER_STATEMENT, to_column},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Change, Effect},
        contact::{Contact, ContactId},
        facility::FacilityId,
        key::{Key, KeyId},
        mark::{Mark, MarkId},
        numbers::Count,
        observation::Reading,
        region::Region,
        region_code::RegionCode,
        resource_type::TypeCode,
        room::{Room, RoomKey},
        session::{Session, SessionId},
        text::wire_name,
    },
    snapshot::{FacilityState, SessionState, Snapshot},
};

/// The things that a batch changed, each once, with the time of its last change.
#[derive(Default)]
struct Bumped {
    regions: BTreeMap<RegionCode, Timestamp>,
    types: BTreeMap<TypeCode, Timestamp>,
    facilities: BTreeMap<FacilityId, Timestamp>,
    contacts: BTreeSet<ContactId>,
    keys: BTreeSet<KeyId>,
    readings: BTreeSet<(FacilityId, TypeCode)>,
    sessions: BTreeMap<SessionId, Timestamp>,
    rooms: BTreeSet<RoomKey>,
    marks: BTreeSet<MarkId>,
}

/// Writes the rows of everything that `changes` touched; `before` and `after` enclose the batch.
pub(super) async fn project(
    connection: &impl ConnectionTrait,
    changes: &[Change],
    before: &Snapshot,
    after: &Snapshot,
) -> Result<(), DbErr> {
    let mut touched = Bumped::default();
    for Change { at, effect, .. } in changes {
        match effect {
            Effect::Region(region) => drop(touched.regions.insert(region.code, *at)),
            Effect::ResourceType(resource) => drop(touched.types.insert(resource.code.clone(), *at)),
            Effect::Facility(facility) => drop(touched.facilities.insert(facility.id, *at)),
            Effect::Contact(contact) => drop(touched.contacts.insert(contact.id)),
            Effect::ContactEnded { id } => drop(touched.contacts.insert(*id)),
            Effect::Key(key) => drop(touched.keys.insert(key.id)),
            Effect::KeyForgotten { id } => drop(touched.keys.insert(*id)),
            Effect::Report(report) => {
                let codes = report.observations.iter().map(|observation| observation.resource.clone());
                touched.readings.extend(codes.map(|code| (report.facility, code)));
            }
            Effect::Session(session) => drop(touched.sessions.insert(session.id, *at)),
            Effect::SessionForgotten { id } => drop(touched.sessions.insert(*id, *at)),
            Effect::SessionReport(report) => {
                touched.sessions.extend(report.observations.iter().map(|o| (o.session, *at)));
            }
            Effect::Room(room) => drop(touched.rooms.insert(room.key())),
            Effect::Mark(mark) | Effect::MarkEnded(mark) => drop(touched.marks.insert(mark.id)),
            Effect::RoomEnded { facility, system, id } => {
                touched.rooms.insert((*facility, *system, id.clone()));
            }
        }
    }
    let regions = touched.regions.iter().filter_map(|(code, at)| Some(region_row(after.region(*code)?, *at)));
    upsert(connection, regions.collect(), &[region::Column::Code], &[region::Column::LeftAt]).await?;
    let types = touched.types.iter().filter_map(|(code, at)| {
        let resource = after.resource_type(code.as_str())?;
        Some(resource_type::ActiveModel {
            code: Set(code.to_string()),
            body: Set(to_json(&**resource)),
            changed_at: Set(*at),
        })
    });
    upsert(connection, types.collect(), &[resource_type::Column::Code], &[]).await?;
    write_facilities(connection, &touched.facilities, before, after).await?;
    let readings = touched.readings.iter().filter_map(|(id, code)| reading_row(after.facility(*id)?, code));
    let keys = [availability::Column::FacilityId, availability::Column::ResourceType];
    upsert(connection, readings.collect(), &keys, &[]).await?;
    write_sessions(connection, &touched.sessions, before, after).await?;
    write_rooms(connection, touched.rooms, after).await?;
    let (kept, ended): (Vec<_>, Vec<_>) = touched.marks.into_iter().partition(|id| after.mark(*id).is_some());
    let marks = kept.into_iter().filter_map(|id| Some(mark_row(after.mark(id)?)));
    upsert(connection, marks.collect(), &[mark::Column::Id], &[]).await?;
    if !ended.is_empty() {
        mark::Entity::delete_many().filter(mark::Column::Id.is_in(ended)).exec(connection).await?;
    }
    let (kept, ended): (Vec<_>, Vec<_>) =
        touched.contacts.into_iter().partition(|id| after.contact(*id).is_some());
    let contacts = kept.into_iter().filter_map(|id| Some(contact_row(after.contact(id)?)));
    upsert(connection, contacts.collect(), &[contact::Column::Id], &[]).await?;
    if !ended.is_empty() {
        contact::Entity::delete_many().filter(contact::Column::Id.is_in(ended)).exec(connection).await?;
    }
    let (kept, forgotten): (Vec<_>, Vec<_>) =
        touched.keys.into_iter().partition(|id| after.key(*id).is_some());
    if !forgotten.is_empty() {
        api_key::Entity::delete_many().filter(api_key::Column::Id.is_in(forgotten)).exec(connection).await?;
    }
    let keys = kept.iter().filter_map(|id| Some(key_row(after.key(*id)?)));
    upsert(connection, keys.collect(), &[api_key::Column::Id], &[api_key::Column::LastUsedAt]).await
}

/// Inserts `rows`, replacing those with the same `keys`; `kept` columns are not replaced.
pub(super) async fn upsert<A>(
    connection: &impl ConnectionTrait,
    rows: Vec<A>,
    keys: &[<A::Entity as EntityTrait>::Column],
    kept: &[<A::Entity as EntityTrait>::Column],
) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
{
    let spared = |column: &<A::Entity as EntityTrait>::Column| {
        keys.iter().chain(kept).any(|spared| spared.as_str() == column.as_str())
    };
    let replaced = <A::Entity as EntityTrait>::Column::iter().filter(|column| !spared(column));
    let conflict = OnConflict::columns(keys.iter().copied()).update_columns(replaced).to_owned();
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<A> = rows.by_ref().take(ROWS_PER_STATEMENT).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        A::Entity::insert_many(chunk)
            .on_conflict(conflict.clone())
            .exec_without_returning(connection)
            .await?;
    }
}

async fn write_facilities(
    connection: &impl ConnectionTrait,
    touched: &BTreeMap<FacilityId, Timestamp>,
    before: &Snapshot,
    after: &Snapshot,
) -> Result<(), DbErr> {
    let states: Vec<(&FacilityState, Timestamp)> =
        touched.iter().filter_map(|(id, at)| Some((&**after.facility(*id)?, *at))).collect();
    let rows = states.iter().map(|(state, at)| facility_row(state, *at));
    upsert(connection, rows.collect(), &[facility::Column::Id], &[]).await?;
    for chunk in states.chunks(ROWS_PER_STATEMENT) {
        let ids = || chunk.iter().map(|(state, _)| state.facility.id.0);
        facility_external_id::Entity::delete_many()
            .filter(facility_external_id::Column::FacilityId.is_in(ids()))
            .exec(connection)
            .await?;
        facility_phone::Entity::delete_many()
            .filter(facility_phone::Column::FacilityId.is_in(ids()))
            .exec(connection)
            .await?;
    }
    let external_ids = states.iter().flat_map(|(state, _)| {
        state.facility.external_ids.iter().zip(0..).map(|(external, position)| {
            facility_external_id::ActiveModel {
                external_id: Set(external.as_str().to_owned()),
                facility_id: Set(state.facility.id.0),
                position: Set(position),
            }
        })
    });
    upsert(connection, external_ids.collect(), &[facility_external_id::Column::ExternalId], &[]).await?;
    let phones = states.iter().flat_map(|(state, _)| {
        state.facility.phones.iter().zip(0..).map(|(phone, position)| facility_phone::ActiveModel {
            facility_id: Set(state.facility.id.0),
            position: Set(position),
            number: Set(phone.number.clone()),
            label: Set(phone.label.clone()),
            visibility: Set(wire_name(phone.visibility)),
        })
    });
    let keys = [facility_phone::Column::FacilityId, facility_phone::Column::Position];
    upsert(connection, phones.collect(), &keys, &[]).await?;
    for (state, at) in states {
        let left = before.facility(state.facility.id).map(|state| state.facility.region);
        if let Some(left) = left.filter(|left| *left != state.facility.region) {
            mark_left(connection, left, at).await?;
        }
    }
    Ok(())
}

/// Writes the rows of the sessions that a batch touched: all of each, as its days may be others now.
async fn write_sessions(
    connection: &impl ConnectionTrait,
    touched: &BTreeMap<SessionId, Timestamp>,
    before: &Snapshot,
    after: &Snapshot,
) -> Result<(), DbErr> {
    if touched.is_empty() {
        return Ok(());
    }
    let ids: Vec<SessionId> = touched.keys().copied().collect();
    for chunk in ids.chunks(ROWS_PER_STATEMENT) {
        session_availability::Entity::delete_many()
            .filter(session_availability::Column::SessionId.is_in(chunk.iter().map(|id| id.0)))
            .exec(connection)
            .await?;
    }
    let states: Vec<&SessionState> = ids.iter().filter_map(|id| Some(&**after.session(*id)?)).collect();
    let rows = states.iter().map(|state| session_row(state));
    upsert(connection, rows.collect(), &[session::Column::Id], &[]).await?;
    let readings = states.iter().flat_map(|state| {
        state.readings.iter().map(|(date, reading)| session_reading_row(state.session.id, *date, reading))
    });
    let keys = [session_availability::Column::SessionId, session_availability::Column::Date];
    upsert(connection, readings.collect(), &keys, &[]).await?;
    for (id, at) in touched {
        // One that was added and forgotten in the same batch leaves nothing behind.
        if let Some(state) = before.session(*id).filter(|_| after.session(*id).is_none()) {
            forget_session(connection, &state.session, *at).await?;
        }
    }
    let facilities: BTreeSet<FacilityId> = ids
        .iter()
        .filter_map(|id| Some(after.session(*id).or_else(|| before.session(*id))?.session.facility))
        .collect();
    for id in facilities {
        if let Some(state) = after.facility(id) {
            facility::Entity::update_many()
                .col_expr(facility::Column::Seq, Expr::value(to_column(state.version)))
                .filter(facility::Column::Id.eq(id.0))
                .exec(connection)
                .await?;
        }
    }
    Ok(())
}

/// Removes a session; its facility is dated by that.
async fn forget_session(
    connection: &impl ConnectionTrait,
    session: &Session,
    at: Timestamp,
) -> Result<(), DbErr> {
    session::Entity::delete_by_id(session.id.0).exec(connection).await?;
    facility::Entity::update_many()
        .col_expr(facility::Column::ChangedAt, Expr::value(at))
        .filter(facility::Column::Id.eq(session.facility.0))
        .filter(facility::Column::ChangedAt.lt(at))
        .exec(connection)
        .await
        .map(drop)
}

async fn write_rooms(
    connection: &impl ConnectionTrait,
    touched: BTreeSet<RoomKey>,
    after: &Snapshot,
) -> Result<(), DbErr> {
    let (kept, ended): (Vec<_>, Vec<_>) = touched.into_iter().partition(|key| after.room(key).is_some());
    let rows = kept.iter().filter_map(|key| Some(room_row(after.room(key)?)));
    let keys = [room::Column::FacilityId, room::Column::System, room::Column::Room];
    upsert(connection, rows.collect(), &keys, &[]).await?;
    for (facility, system, id) in ended {
        room::Entity::delete_by_id((facility.0, wire_name(system), id)).exec(connection).await?;
    }
    Ok(())
}

/// Dates the answers of a region by what has left it.
async fn mark_left(
    connection: &impl ConnectionTrait,
    region: RegionCode,
    at: Timestamp,
) -> Result<(), DbErr> {
    region::Entity::update_many()
        .col_expr(region::Column::LeftAt, Expr::value(at))
        .filter(region::Column::Code.eq(region.to_string()))
        .exec(connection)
        .await
        .map(drop)
}

fn region_row(region: &Region, at: Timestamp) -> region::ActiveModel {
    region::ActiveModel {
        code: Set(region.code.to_string()),
        name: Set(region.name.clone()),
        aliases: Set(to_json(&region.aliases)),
        lat: Set(region.point.map(|point| point.lat)),
        lon: Set(region.point.map(|point| point.lon)),
        precision: Set(region.precision.map(wire_name)),
        timezone: Set(region.zone.map(wire_name)),
        postcode: Set(region.postcode.clone()),
        changed_at: Set(at),
        left_at: Set(None),
    }
}

fn facility_row(state: &FacilityState, at: Timestamp) -> facility::ActiveModel {
    let facility = &state.facility;
    facility::ActiveModel {
        id: Set(facility.id.0),
        name: Set(facility.name.clone()),
        kind: Set(facility.kind.to_string()),
        region: Set(facility.region.to_string()),
        aliases: Set(to_json(&facility.aliases)),
        address: Set(facility.address.clone()),
        lat: Set(facility.point.map(|point| point.lat)),
        lon: Set(facility.point.map(|point| point.lon)),
        intake: Set(facility.intake.as_ref().map(to_json)),
        flags: Set(to_json(&facility.flags)),
        simulated: Set(facility.simulated),
        closed: Set(facility.closed),
        seq: Set(to_column(state.version)),
        changed_at: Set(at),
        moved_at: Set(state.moved_at),
    }
}

fn reading_row(state: &FacilityState, code: &TypeCode) -> Option<availability::ActiveModel> {
    let reading = state.reading(code)?;
    Some(availability::ActiveModel {
        facility_id: Set(state.facility.id.0),
        resource_type: Set(code.to_string()),
        capacity: Set(to_count(reading.numbers.capacity())),
        occupied: Set(to_count(reading.numbers.occupied())),
        available: Set(to_count(reading.numbers.available())),
        queue: Set(to_count(reading.numbers.queue())),
        observed_at: Set(reading.observed_at),
        received_at: Set(reading.received_at),
        source: Set(wire_name(reading.source)),
        reporter: Set(reading.reporter.to_string()),
        seq: Set(to_column(state.version)),
        jump: Set(reading.jump.as_ref().map(to_json)),
        available_since: Set(reading.available_since),
        oldest_room_observed_at: Set(reading.oldest_room_observed_at),
    })
}

fn session_row(state: &SessionState) -> session::ActiveModel {
    session::ActiveModel {
        id: Set(state.session.id.0),
        facility_id: Set(state.session.facility.0),
        body: Set(to_json(&*state.session)),
        seq: Set(to_column(state.version)),
        changed_at: Set(state.changed_at),
    }
}

fn session_reading_row(
    id: SessionId,
    date: NaiveDate,
    reading: &Reading,
) -> session_availability::ActiveModel {
    session_availability::ActiveModel {
        session_id: Set(id.0),
        date: Set(date),
        capacity: Set(to_count(reading.numbers.capacity())),
        occupied: Set(to_count(reading.numbers.occupied())),
        available: Set(to_count(reading.numbers.available())),
        queue: Set(to_count(reading.numbers.queue())),
        observed_at: Set(reading.observed_at),
        received_at: Set(reading.received_at),
        source: Set(wire_name(reading.source)),
        reporter: Set(reading.reporter.to_string()),
    }
}

fn room_row(room: &Room) -> room::ActiveModel {
    room::ActiveModel {
        facility_id: Set(room.facility.0),
        system: Set(wire_name(room.system)),
        room: Set(room.id.clone()),
        code: Set(room.code.clone()),
        name: Set(room.name.clone()),
        capacity: Set(to_count(room.numbers.capacity())),
        occupied: Set(to_count(room.numbers.occupied())),
        available: Set(to_count(room.numbers.available())),
        queue: Set(to_count(room.numbers.queue())),
        observed_at: Set(room.observed_at),
        reporter: Set(room.reporter.to_string()),
        removed: Set(room.removed),
    }
}

fn mark_row(mark: &Mark) -> mark::ActiveModel {
    mark::ActiveModel { id: Set(mark.id), until: Set(mark.until), body: Set(to_json(mark)) }
}

fn contact_row(contact: &Contact) -> contact::ActiveModel {
    contact::ActiveModel {
        id: Set(contact.id),
        region: Set(contact.region.map(|code| code.to_string())),
        name: Set(contact.name.clone()),
        role: Set(contact.role.to_string()),
        phone: Set(contact.phone.clone()),
        visibility: Set(wire_name(contact.visibility)),
    }
}

fn key_row(key: &Key) -> api_key::ActiveModel {
    api_key::ActiveModel {
        id: Set(key.id),
        hash: Set(key.hash.clone()),
        role: Set(wire_name(key.role)),
        name: Set(key.name.clone()),
        facilities: Set(to_json(&key.facilities)),
        region: Set(key.region.map(|code| code.to_string())),
        created_at: Set(key.created_at),
        expires_at: Set(key.expires_at),
        revoked_at: Set(key.revoked_at),
        last_used_at: Set(None),
    }
}

fn to_count(count: Option<Count>) -> Option<i32> {
    count.map(|count| i32::try_from(count.get()).expect("counts are bounded"))
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("domain values are plain data")
}
