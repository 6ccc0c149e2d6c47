//! The rooms that count for no type yet, because no type names their codes.

use std::{collections::HashSet, sync::Arc};

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    domain::{
        numbers::Count,
        resource_type::Kind,
        room::{Room, RoomKey, System},
    },
    http::{
        Problem,
        documents::ManagedListProblems,
        request::admin_lists::{AdminList, Page, PageParams},
    },
    render::model::FacilityBrief,
};

/// A room that counts for no type.
#[derive(Serialize, ToSchema)]
pub(super) struct UnmappedRoom {
    /// The owner.
    facility: FacilityBrief,
    /// The system that reported it.
    system: System,
    /// Its code, to be added to the `external_codes` of a type; null if the system never sent one.
    #[schema(example = "aplicares:UTM")]
    code: Option<String>,
    /// Its id in that system.
    room: String,
    /// The name that the hospital uses.
    name: String,
    /// Its beds.
    capacity: Option<Count>,
    /// In use.
    occupied: Option<Count>,
    /// Free.
    available: Option<Count>,
    /// Waiting.
    queue: Option<Count>,
    /// The time of the observation.
    #[schema(value_type = String, format = DateTime)]
    observed_at: Timestamp,
}

/// Rooms that count for no type.
#[derive(Serialize, ToSchema)]
pub(super) struct UnmappedAnswer {
    /// The rooms, those of one facility together.
    unmapped: Vec<UnmappedRoom>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// List rooms that count for no type
///
/// Their systems sent codes that no type names in its `external_codes`. They are kept, and count as soon as an admin
/// adds the code to a type. A coordinator sees those of its region.
#[utoipa::path(
    get,
    path = "/v1/unmapped",
    operation_id = "list_unmapped",
    tag = "change",
    params(PageParams),
    responses((status = 200, description = "The rooms, those of one facility together", body = UnmappedAnswer), ManagedListProblems),
    security(("key" = [])),
)]
pub(super) async fn list(list: AdminList) -> Result<Response, Problem> {
    let page: Page<RoomKey> = list.page("unmapped")?;
    let state = &list.state;
    let counted = state.resource_types().filter(|r| !r.retired && r.kind != Kind::Vaccination);
    let codes: HashSet<&str> =
        counted.flat_map(|resource| resource.external_codes.iter().map(String::as_str)).collect();
    let aside =
        |room: &&Arc<Room>| !room.removed && room.code.as_deref().is_none_or(|code| !codes.contains(code));
    let with_facility = |room: &Arc<Room>| {
        let facility = Arc::clone(&state.facility(room.facility)?.facility);
        list.covers(&facility).then(|| (facility, Arc::clone(room)))
    };
    let rooms: Box<dyn Iterator<Item = &Arc<Room>> + Send> = match &page.after {
        Some(after) => Box::new(state.rooms_after(after.clone())),
        None => Box::new(state.rooms()),
    };
    let (rooms, next) = page.take(rooms.filter(aside).filter_map(with_facility), |(_, room)| room.key());
    let unmapped = rooms.iter().map(|(facility, room)| UnmappedRoom {
        facility: FacilityBrief::of(state, facility),
        system: room.system,
        code: room.code.clone(),
        room: room.id.clone(),
        name: room.name.clone(),
        capacity: room.numbers.capacity(),
        occupied: room.numbers.occupied(),
        available: room.numbers.available(),
        queue: room.numbers.queue(),
        observed_at: room.observed_at,
    });
    Ok(list.reply(UnmappedAnswer { unmapped: unmapped.collect(), next }))
}
