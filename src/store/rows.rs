//! The current rows: what the log adds up to, written with every batch and read when a node starts.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    EnumIter, IdenStatic, Iterable, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::OnConflict,
};
use serde::Serialize;
use tokio::sync::mpsc;

use super::{
    Database,
    entity::{current_row, key_use},
    log::{self, ROWS_PER_STATEMENT, broken},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Change, Effect, Seq},
        facility::FacilityId,
        key::KeyId,
        room::RoomKey,
        session::SessionId,
        text::wire_name,
    },
    snapshot::{Row, Snapshot},
};

/// The kinds of rows, in the order in which a snapshot is built from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, EnumIter)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    ResourceType,
    Region,
    Left,
    Facility,
    Reading,
    Session,
    Room,
    /// Its rows end by themselves.
    Mark,
    Contact,
    Key,
    /// Its rows end by themselves.
    SignIn,
}

impl Kind {
    /// The name in the table.
    pub(super) fn name(self) -> String {
        wire_name(self)
    }
}

/// Where a row stands: its kind, and its id among those of its kind.
type Place = (Kind, String);

fn room_place((facility, system, id): &RoomKey) -> Place {
    (Kind::Room, format!("{facility} {} {id}", wire_name(*system)))
}

fn place(row: &Row) -> Place {
    match row {
        Row::ResourceType(resource, _) => (Kind::ResourceType, resource.code.to_string()),
        Row::Region(region, _) => (Kind::Region, region.code.to_string()),
        Row::Left(region, _) => (Kind::Left, region.to_string()),
        Row::Facility { facility, .. } => (Kind::Facility, facility.id.to_string()),
        Row::Reading(facility, code, ..) => (Kind::Reading, format!("{facility} {code}")),
        Row::Session { session, .. } => (Kind::Session, session.id.to_string()),
        Row::Room(room) => room_place(&room.key()),
        Row::Mark(mark) => (Kind::Mark, mark.id.to_string()),
        Row::Contact(contact) => (Kind::Contact, contact.id.to_string()),
        Row::Key(key) => (Kind::Key, key.id.to_string()),
        Row::SignIn(sign_in) => (Kind::SignIn, sign_in.hash.clone()),
    }
}

/// The rows that a batch changed, as they are after it; none in the place of one that went.
struct Changed<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    rows: BTreeMap<Place, Option<Row>>,
    forgotten_keys: Vec<KeyId>,
}

impl Changed<'_> {
    fn put(&mut self, row: Row) {
        self.rows.insert(place(&row), Some(row));
    }

    fn put_facility(&mut self, id: FacilityId) {
        if let Some(state) = self.after.facility(id) {
            self.put(Row::Facility {
                facility: (*state.facility).clone(),
                version: state.version,
                changed_at: state.changed_at,
                moved_at: state.moved_at,
            });
        }
    }

    fn put_session(&mut self, id: SessionId) {
        let row = self.after.session(id).map(|state| Row::Session {
            session: (*state.session).clone(),
            readings: state.readings.clone(),
            version: state.version,
            changed_at: state.changed_at,
        });
        self.rows.insert((Kind::Session, id.to_string()), row);
        let session = self.after.session(id).or_else(|| self.before.session(id));
        // One that was added and forgotten in the same batch was put here when it was added.
        if let Some(facility) = session.map(|state| state.session.facility) {
            self.put_facility(facility);
        }
    }

    fn put_room(&mut self, key: &RoomKey) {
        self.rows.insert(room_place(key), self.after.room(key).map(|room| Row::Room((**room).clone())));
    }

    fn take(&mut self, effect: &Effect, at: Timestamp) {
        match effect {
            Effect::Region(region) => self.put(Row::Region(region.clone(), at)),
            Effect::ResourceType(resource) => self.put(Row::ResourceType(resource.clone(), at)),
            Effect::Facility(facility) => {
                let region = |state: &Snapshot| Some(state.facility(facility.id)?.facility.region);
                let left = region(self.before).filter(|left| Some(*left) != region(self.after));
                if let Some(left) = left {
                    self.put(Row::Left(left, at));
                }
                self.put_facility(facility.id);
                if facility.merged_into.is_some() {
                    let before =
                        self.before.facility(facility.id).into_iter().flat_map(|state| state.readings.iter());
                    let gone = before.map(|gone| (Kind::Reading, format!("{} {}", facility.id, gone.code())));
                    self.rows.extend(gone.map(|place| (place, None)));
                }
            }
            Effect::Contact(contact) => self.put(Row::Contact(contact.clone())),
            Effect::ContactEnded { id } => drop(self.rows.insert((Kind::Contact, id.to_string()), None)),
            Effect::Key(key) => self.put(Row::Key(key.clone())),
            Effect::KeyForgotten { id } => {
                self.rows.insert((Kind::Key, id.to_string()), None);
                self.forgotten_keys.push(*id);
            }
            Effect::SignedIn(sign_in) => self.put(Row::SignIn(sign_in.clone())),
            Effect::SignedOut(sign_in) => drop(self.rows.insert((Kind::SignIn, sign_in.hash.clone()), None)),
            Effect::Report(report) => {
                let Some(state) = self.after.facility(report.facility) else { return };
                for code in report.observations.iter().map(|observation| &observation.resource) {
                    if let Some(reading) = state.reading(code) {
                        let (code, reading) = (code.clone(), (**reading).clone());
                        self.put(Row::Reading(report.facility, code, reading, state.version));
                    }
                }
            }
            Effect::Session(session) => self.put_session(session.id),
            Effect::SessionForgotten { id } => self.put_session(*id),
            Effect::SessionReport(report) => {
                for observation in &report.observations {
                    self.put_session(observation.session);
                }
            }
            Effect::Room(room) => self.put_room(&room.key()),
            Effect::RoomEnded { facility, system, id } => self.put_room(&(*facility, *system, id.clone())),
            Effect::Mark(mark) | Effect::MarkEnded(mark) => {
                let row = self.after.mark(mark.id).map(|mark| Row::Mark((**mark).clone()));
                self.rows.insert((Kind::Mark, mark.id.to_string()), row);
            }
        }
    }
}

/// Writes the rows of everything that `changes` touched; `before` and `after` enclose the batch.
pub(super) async fn write(
    connection: &impl ConnectionTrait,
    changes: &[Change],
    before: &Snapshot,
    after: &Snapshot,
) -> Result<(), DbErr> {
    let mut changed = Changed { before, after, rows: BTreeMap::new(), forgotten_keys: Vec::new() };
    for Change { at, effect, .. } in changes {
        changed.take(effect, *at);
    }
    let (mut kept, mut gone): (_, BTreeMap<Kind, Vec<String>>) = (Vec::new(), BTreeMap::new());
    for ((kind, id), row) in changed.rows {
        let Some(row) = row else {
            gone.entry(kind).or_default().push(id);
            continue;
        };
        kept.push(current_row::ActiveModel {
            kind: Set(kind.name()),
            id: Set(id),
            body: Set(serde_json::to_string(&row).expect("rows are plain data")),
            ends_at: Set(match row {
                Row::Mark(mark) => Some(mark.until),
                Row::SignIn(sign_in) => Some(sign_in.expires_at),
                _ => None,
            }),
        });
    }
    upsert(connection, kept).await?;
    for (kind, ids) in gone {
        for ids in ids.chunks(ROWS_PER_STATEMENT) {
            current_row::Entity::delete_many()
                .filter(current_row::Column::Kind.eq(kind.name()))
                .filter(current_row::Column::Id.is_in(ids))
                .exec(connection)
                .await?;
        }
    }
    for ids in changed.forgotten_keys.chunks(ROWS_PER_STATEMENT) {
        key_use::Entity::delete_many()
            .filter(key_use::Column::KeyId.is_in(ids.iter().copied()))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// Inserts `rows`, replacing those with the same primary keys.
pub(super) async fn upsert<A>(connection: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
{
    type Column<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;
    type PrimaryKey<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::PrimaryKey;
    let keys: Vec<Column<A>> = PrimaryKey::<A>::iter().map(PrimaryKeyToColumn::into_column).collect();
    let is_key = |column: &Column<A>| keys.iter().any(|key| key.as_str() == column.as_str());
    let replaced = Column::<A>::iter().filter(|column| !is_key(column));
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

/// Rows that are read at once, and how many times as many wait for whoever makes something of them.
const PAGE: u64 = 2_000;
const PAGES_AHEAD: usize = 4;

/// Reads the current rows, kind by kind, and makes something of them on a blocking thread meanwhile: it gets the last
/// change in them, when that was made, and the rows.
pub(super) async fn read<T: Send + 'static>(
    transaction: &DatabaseTransaction,
    make: impl FnOnce(Seq, Timestamp, &mut dyn Iterator<Item = Row>) -> T + Send + 'static,
) -> Result<T, DbErr> {
    let (seq, at) = log::last(transaction).await?.unwrap_or_default();
    let (pages, mut waiting) = mpsc::channel::<Vec<Row>>(PAGES_AHEAD);
    let making = tokio::task::spawn_blocking(move || {
        let rows = std::iter::from_fn(|| waiting.blocking_recv());
        make(seq, at, &mut rows.flatten())
    });
    send_rows(transaction, pages).await?;
    Ok(making.await.expect("making something of rows neither panics nor is cancelled"))
}

async fn send_rows(transaction: &DatabaseTransaction, pages: mpsc::Sender<Vec<Row>>) -> Result<(), DbErr> {
    for kind in Kind::iter() {
        let mut last_id: Option<String> = None;
        loop {
            let after = last_id.map(|id| current_row::Column::Id.gt(id));
            let page = current_row::Entity::find()
                .filter(Condition::all().add(current_row::Column::Kind.eq(kind.name())).add_option(after))
                .order_by_asc(current_row::Column::Id)
                .limit(PAGE)
                .all(transaction)
                .await?;
            last_id = page.last().map(|row| row.id.clone());
            let is_last = (page.len() as u64) < PAGE;
            let row = |current_row::Model { id, body, .. }| {
                serde_json::from_str(&body).map_err(|error| broken(&kind.name(), id, &error))
            };
            let rows = page.into_iter().map(row).collect::<Result<Vec<Row>, DbErr>>()?;
            // Whoever takes no more has panicked, and says so.
            if pages.send(rows).await.is_err() || is_last {
                break;
            }
        }
    }
    Ok(())
}

/// The snapshot of what is committed, seen at `now`.
pub(super) async fn snapshot(transaction: &DatabaseTransaction, now: Timestamp) -> Result<Snapshot, DbErr> {
    read(transaction, move |seq, at, rows| Snapshot::build(seq, at, now, rows)).await
}

/// The snapshot of what is committed, seen at `now`; all of it from one state of the database.
pub async fn load(database: &Database, now: Timestamp) -> Result<Snapshot, DbErr> {
    let transaction = database.begin_read().await?;
    let loaded = snapshot(&transaction, now).await?;
    transaction.commit().await?;
    Ok(loaded)
}
