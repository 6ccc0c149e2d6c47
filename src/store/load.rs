//! Reads the whole directory into memory.

use std::collections::HashMap;

use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, QueryOrder};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    Database,
    entity::{
        api_key, availability, contact, facility, facility_external_id, facility_phone, mark, region,
        resource_type, room, session, session_availability,
    },
    log::{self, broken, from_column},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        contact::Contact,
        facility::{ExternalId, Facility, FacilityId, Phone},
        geo::Point,
        key::Key,
        numbers::{Count, Numbers},
        observation::Reading,
        region::{Region, Zone},
        region_code::RegionCode,
        resource_type::TypeCode,
        room::Room,
        session::SessionId,
        text::Slug,
    },
    snapshot::{Row, Snapshot},
};

/// The snapshot of what is committed, seen at `now`; all of it from one state of the database.
pub async fn load(database: &Database, now: Timestamp) -> Result<Snapshot, DbErr> {
    let transaction = database.begin_read().await?;
    let (seq, at, rows) = rows(&transaction).await?;
    transaction.commit().await?;
    Ok(Snapshot::build(seq, at, now, rows))
}

/// The current rows, with the last change in them and when it was made.
pub(super) async fn rows(transaction: &DatabaseTransaction) -> Result<(Seq, Timestamp, Vec<Row>), DbErr> {
    let (seq, at) = log::last(transaction).await?.unwrap_or_default();
    let mut rows: Vec<Row> = Vec::new();
    for row in resource_type::Entity::find().all(transaction).await? {
        let resource =
            serde_json::from_str(&row.body).map_err(|error| broken("resource_type", &row.code, &error))?;
        rows.push(Row::ResourceType(resource, row.changed_at));
    }
    for row in region::Entity::find().order_by_asc(region::Column::Code).all(transaction).await? {
        let (changed_at, left_at) = (row.changed_at, row.left_at);
        let region = region_of(row)?;
        rows.extend(left_at.map(|at| Row::Left(region.code, at)));
        rows.push(Row::Region(region, changed_at));
    }
    let mut external_ids = grouped(
        facility_external_id::Entity::find()
            .order_by_asc(facility_external_id::Column::Position)
            .all(transaction)
            .await?,
        |row| row.facility_id,
    );
    let mut phones = grouped(
        facility_phone::Entity::find()
            .order_by_asc(facility_phone::Column::Position)
            .all(transaction)
            .await?,
        |row| row.facility_id,
    );
    for row in facility::Entity::find().all(transaction).await? {
        let (seq, changed_at) = (from_column(row.seq), row.changed_at);
        let (id, moved_at) = (FacilityId(row.id), row.moved_at);
        let external_ids = external_ids.remove(&row.id).unwrap_or_default();
        let phones = phones.remove(&row.id).unwrap_or_default();
        rows.push(Row::Facility(facility_of(row, &external_ids, phones)?, seq, changed_at));
        rows.extend(moved_at.map(|at| Row::Moved(id, at)));
    }
    let mut codes: HashMap<String, TypeCode> = HashMap::new();
    for row in availability::Entity::find().all(transaction).await? {
        // Readings share the few codes there are.
        if !codes.contains_key(&row.resource_type) {
            let code = TypeCode::parse(&row.resource_type, "")
                .map_err(|rejection| broken("availability", row.facility_id, &rejection.detail))?;
            codes.insert(row.resource_type.clone(), code);
        }
        let code = codes[&row.resource_type].clone();
        let (id, seq) = (FacilityId(row.facility_id), from_column(row.seq));
        rows.push(Row::Reading(id, code, reading_of(row)?, seq));
    }
    for row in session::Entity::find().all(transaction).await? {
        let session = from_json("session", row.id, &row.body)?;
        rows.push(Row::Session(session, from_column(row.seq), row.changed_at));
    }
    for row in session_availability::Entity::find().all(transaction).await? {
        let (id, date) = (SessionId(row.session_id), row.date);
        rows.push(Row::SessionReading(id, date, session_reading_of(row)?));
    }
    for row in room::Entity::find().all(transaction).await? {
        rows.push(Row::Room(room_of(row)?));
    }
    for row in mark::Entity::find().order_by_asc(mark::Column::Id).all(transaction).await? {
        rows.push(Row::Mark(from_json("mark", row.id, &row.body)?));
    }
    for row in contact::Entity::find().all(transaction).await? {
        rows.push(Row::Contact(contact_of(row)?));
    }
    for row in api_key::Entity::find().all(transaction).await? {
        rows.push(Row::Key(key_of(row)?));
    }
    Ok((seq, at, rows))
}

fn grouped<T>(rows: Vec<T>, id: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    rows.into_iter().fold(HashMap::new(), |mut groups, row| {
        groups.entry(id(&row)).or_insert_with(Vec::new).push(row);
        groups
    })
}

fn region_of(row: region::Model) -> Result<Region, DbErr> {
    Ok(Region {
        code: code_of("region", &row.code)?,
        name: row.name,
        aliases: from_json("region", &row.code, &row.aliases)?,
        point: point_of(row.lat, row.lon),
        precision: row.precision.map(|word| from_word("region", &row.code, word)).transpose()?,
        zone: row
            .timezone
            .map(|name| {
                Zone::from_name(&name).ok_or_else(|| broken("region", &row.code, "an unknown time zone"))
            })
            .transpose()?,
        postcode: row.postcode,
    })
}

fn facility_of(
    row: facility::Model,
    external_ids: &[facility_external_id::Model],
    phones: Vec<facility_phone::Model>,
) -> Result<Facility, DbErr> {
    let wrong =
        |rejection: crate::domain::rejection::Rejection| broken("facility", row.id, &rejection.detail);
    Ok(Facility {
        id: FacilityId(row.id),
        kind: Slug::parse(&row.kind, "").map_err(wrong)?,
        region: code_of("facility", &row.region)?,
        external_ids: external_ids
            .iter()
            .map(|external| ExternalId::parse(&external.external_id, "").map_err(wrong))
            .collect::<Result<_, _>>()?,
        aliases: from_json("facility", row.id, &row.aliases)?,
        phones: phones
            .into_iter()
            .map(|phone| {
                let visibility = from_word("facility_phone", row.id, phone.visibility)?;
                Ok(Phone { number: phone.number, label: phone.label, visibility })
            })
            .collect::<Result<_, DbErr>>()?,
        point: point_of(row.lat, row.lon),
        intake: row.intake.map(|json| from_json("facility", row.id, &json)).transpose()?,
        flags: from_json("facility", row.id, &row.flags)?,
        name: row.name,
        address: row.address,
        simulated: row.simulated,
        closed: row.closed,
    })
}

fn numbers_of(table: &str, row: Uuid, counts: [Option<i32>; 4]) -> Result<Numbers, DbErr> {
    let count = |value: i32| u32::try_from(value).ok().and_then(Count::new);
    if counts.iter().flatten().any(|value| count(*value).is_none()) {
        return Err(broken(table, row, "a count is out of range"));
    }
    Numbers::check(counts.map(|value| value.and_then(count)), "")
        .map_err(|rejection| broken(table, row, &rejection.detail))
}

fn session_reading_of(row: session_availability::Model) -> Result<Reading, DbErr> {
    let (table, id) = ("session_availability", row.session_id);
    Ok(Reading {
        numbers: numbers_of(table, id, [row.capacity, row.occupied, row.available, row.queue])?,
        observed_at: row.observed_at,
        received_at: row.received_at,
        source: from_word(table, id, row.source)?,
        reporter: row.reporter.into(),
        oldest_room_observed_at: None,
        jump: None,
        available_since: None,
    })
}

fn reading_of(row: availability::Model) -> Result<Reading, DbErr> {
    let counts = [row.capacity, row.occupied, row.available, row.queue];
    Ok(Reading {
        numbers: numbers_of("availability", row.facility_id, counts)?,
        observed_at: row.observed_at,
        received_at: row.received_at,
        source: from_word("availability", row.facility_id, row.source)?,
        reporter: row.reporter.into(),
        oldest_room_observed_at: row.oldest_room_observed_at,
        jump: row.jump.map(|json| from_json("availability", row.facility_id, &json)).transpose()?,
        available_since: row.available_since,
    })
}

fn room_of(row: room::Model) -> Result<Room, DbErr> {
    let counts = [row.capacity, row.occupied, row.available, row.queue];
    Ok(Room {
        facility: FacilityId(row.facility_id),
        system: from_word("room", row.facility_id, row.system)?,
        numbers: numbers_of("room", row.facility_id, counts)?,
        id: row.room,
        code: row.code,
        name: row.name,
        observed_at: row.observed_at,
        reporter: row.reporter.into(),
        removed: row.removed,
    })
}

fn contact_of(row: contact::Model) -> Result<Contact, DbErr> {
    Ok(Contact {
        id: row.id,
        region: row.region.map(|code| code_of("contact", &code)).transpose()?,
        role: Slug::parse(&row.role, "").map_err(|rejection| broken("contact", row.id, &rejection.detail))?,
        name: row.name,
        phone: row.phone,
        visibility: from_word("contact", row.id, row.visibility)?,
    })
}

fn key_of(row: api_key::Model) -> Result<Key, DbErr> {
    Ok(Key {
        id: row.id,
        hash: row.hash,
        role: from_word("api_key", row.id, row.role)?,
        name: row.name,
        facilities: from_json("api_key", row.id, &row.facilities)?,
        region: row.region.map(|code| code_of("api_key", &code)).transpose()?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    })
}

fn code_of(table: &str, text: &str) -> Result<RegionCode, DbErr> {
    RegionCode::parse(text, "").map_err(|rejection| broken(table, text, &rejection.detail))
}

fn point_of(lat: Option<f64>, lon: Option<f64>) -> Option<Point> {
    Some(Point { lat: lat?, lon: lon? })
}

fn from_json<T: DeserializeOwned>(table: &str, row: impl std::fmt::Display, json: &str) -> Result<T, DbErr> {
    serde_json::from_str(json).map_err(|error| broken(table, row, &error))
}

/// A unit variant from its wire name.
fn from_word<T: DeserializeOwned>(
    table: &str,
    row: impl std::fmt::Display,
    word: String,
) -> Result<T, DbErr> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|error| broken(table, row, &error))
}
