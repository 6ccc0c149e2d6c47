//! Answers by small steps. It is 1 July 2021, 14.17 WIB.

use chrono::Duration;
use uuid::Uuid;

use crate::{
    clock::Timestamp,
    domain::{
        facility::{FacilityId, Phone, Visibility},
        freshness::Freshness,
        geo::{Located, Point, Precision},
        mark::{MarkKind, MarkView},
        numbers::{Count, Sum},
        observation::Source,
        ranking::{Free, Tier},
        region::Zone,
        region_code::RegionCode,
        resource_type::{Kind, TypeCode},
        text::Slug,
    },
    render::model::{
        AreaView, AvailabilityView, BedsAnswer, ContactView, FacilityAnswer, FacilityHit, FacilityView,
        NearView, RegionHit, RegionPath, RegionRef, TotalView, Widened, WideningReason,
    },
};

pub(crate) const ICU: &str = "ICU dengan ventilator";
pub(crate) const ICU_EN: &str = "ICU with ventilator";

pub(crate) fn now() -> Timestamp {
    "2021-07-01T07:17:00Z".parse().unwrap()
}

pub(crate) fn minutes_ago(minutes: i64) -> Timestamp {
    now() - Duration::minutes(minutes)
}

fn slug(word: &str) -> Slug {
    Slug::parse(word, "").unwrap()
}

fn code(text: &str) -> RegionCode {
    text.parse().unwrap()
}

/// The names from the province down to a region.
fn names(code: &str) -> Vec<String> {
    let names: &[&str] = match code {
        "33" => &["Jawa Tengah"],
        "33.22" => &["Jawa Tengah", "Kabupaten Semarang"],
        "33.22.18" => &["Jawa Tengah", "Kabupaten Semarang", "Ungaran Barat"],
        "33.74" => &["Jawa Tengah", "Kota Semarang"],
        "33.74.07" => &["Jawa Tengah", "Kota Semarang", "Semarang Selatan"],
        "33.74.10" => &["Jawa Tengah", "Kota Semarang", "Tembalang"],
        _ => panic!("no region {code} here"),
    };
    names.iter().map(|&name| name.to_owned()).collect()
}

pub(crate) fn region(text: &str) -> RegionRef {
    let code = code(text);
    RegionRef { code, name: names(text).pop().unwrap(), level: code.level() }
}

fn region_path(text: &str) -> RegionPath {
    let RegionRef { code, name, .. } = region(text);
    RegionPath { code, name, path: names(text) }
}

/// Numbers of one type that were true `minutes` ago.
pub(crate) fn numbers(label: &str, available: Option<u32>, minutes: i64) -> AvailabilityView {
    let count = |number| Count::new(number).unwrap();
    AvailabilityView {
        resource: TypeCode::parse("bed.icu_vent", "").unwrap(),
        label: label.to_owned(),
        capacity: None,
        occupied: None,
        available: available.map(count),
        queue: None,
        observed_at: minutes_ago(minutes),
        received_at: now(),
        freshness: match minutes {
            ..240 => Freshness::Fresh,
            240..720 => Freshness::Aging,
            _ => Freshness::Stale,
        },
        source: Source::Facility,
        reporter: None,
        capacity_observed_at: None,
        oldest_room_observed_at: None,
        available_derived: false,
        jump: None,
        disputed: false,
        notes: vec![],
        holds: vec![],
    }
}

impl AvailabilityView {
    pub(crate) fn of(mut self, capacity: u32) -> Self {
        self.capacity = Count::new(capacity);
        self
    }

    pub(crate) fn queue(mut self, people: u32) -> Self {
        self.queue = Count::new(people);
        self
    }

    /// The capacity was stated `minutes` ago.
    pub(crate) fn stated(mut self, minutes: i64) -> Self {
        self.capacity_observed_at = Some(minutes_ago(minutes));
        self
    }

    /// The oldest room in the numbers was counted `minutes` ago.
    pub(crate) fn oldest_room(mut self, minutes: i64) -> Self {
        self.oldest_room_observed_at = Some(minutes_ago(minutes));
        self
    }

    pub(crate) fn held(mut self, places: usize) -> Self {
        let hold = MarkView {
            id: Uuid::nil(),
            facility: FacilityId(Uuid::nil()),
            what: MarkKind::Hold { resource: self.resource.clone() },
            by: "Siti".to_owned(),
            at: minutes_ago(5),
            until: minutes_ago(-25),
            label: None,
        };
        self.holds = vec![hold; places];
        self
    }

    pub(crate) fn disputed(mut self) -> Self {
        self.disputed = true;
        self
    }

    pub(crate) fn withdrawn(mut self) -> Self {
        self.freshness = Freshness::Unknown;
        self
    }
}

/// A hospital with a telephone.
pub(crate) fn hospital(name: &str, region: &str, availability: Vec<AvailabilityView>) -> FacilityView {
    FacilityView {
        id: FacilityId(Uuid::nil()),
        external_ids: vec![],
        name: name.to_owned(),
        kind: slug("hospital"),
        region: region_path(region),
        address: None,
        phones: vec![phone("024-8413476")],
        contact: None,
        lat: None,
        lon: None,
        distance_km: None,
        distance_rough: false,
        tier: Some(tier(&availability)),
        intake: None,
        flags: vec![],
        simulated: false,
        closed: false,
        merged_into: None,
        notes: vec![],
        holds: vec![],
        claim: None,
        availability,
    }
}

/// How well such numbers answer who needs one.
fn tier(numbers: &[AvailabilityView]) -> Tier {
    if numbers.is_empty() {
        return Free::NEVER_REPORTED.tier(1).0;
    }
    let free = numbers.iter().fold(Free::default(), |free, view| {
        let held = u32::try_from(view.holds.len()).unwrap();
        free.with(view.available.map(Count::get), held, view.believed())
    });
    free.tier(1).0
}

impl FacilityView {
    pub(crate) fn km(mut self, km: f64) -> Self {
        self.distance_km = Some(km);
        self
    }

    pub(crate) fn roughly(mut self, km: f64) -> Self {
        self.distance_rough = true;
        self.km(km)
    }

    pub(crate) fn simulated(mut self) -> Self {
        self.simulated = true;
        self
    }

    pub(crate) fn phones(mut self, phones: Vec<Phone>) -> Self {
        self.contact = phones.is_empty().then(|| contact("PSC 119", "119", Some("33.74")));
        self.phones = phones;
        self
    }
}

pub(crate) fn phone(number: &str) -> Phone {
    Phone { number: number.to_owned(), label: None, visibility: Visibility::Public }
}

pub(crate) fn internal(number: &str, label: &str) -> Phone {
    Phone { label: Some(label.to_owned()), visibility: Visibility::Internal, ..phone(number) }
}

pub(crate) fn contact(name: &str, phone: &str, of: Option<&str>) -> ContactView {
    ContactView {
        id: Uuid::nil(),
        name: name.to_owned(),
        role: slug("psc119"),
        phone: phone.to_owned(),
        region: of.map(region),
        visibility: Visibility::Public,
    }
}

/// The answer about Kota Semarang, with two contacts.
pub(crate) fn answer(facilities: Vec<FacilityView>) -> BedsAnswer {
    BedsAnswer {
        resolved: Vec::new(),
        region: Some(region("33.74")),
        near: None,
        as_of: minutes_ago(0),
        totals: vec![total(3)],
        facilities,
        available_max: None,
        unrecorded: vec![],
        widened: None,
        contacts: vec![
            contact("PSC 119", "119", Some("33.74")),
            contact("Dinas Kesehatan Kota Semarang", "024-8318070", Some("33.74")),
        ],
        next: None,
        kind: Kind::Bed,
        zone: Zone::Wib,
        min: 1,
        filter: vec![],
    }
}

impl BedsAnswer {
    pub(crate) fn filter(mut self, words: &str) -> Self {
        self.filter = vec![words.to_owned()];
        self
    }

    pub(crate) fn min(mut self, min: u32) -> Self {
        self.min = min;
        self
    }

    /// So many are free by stale numbers.
    pub(crate) fn stale(mut self, free: u32) -> Self {
        self.totals[0].available_stale = Some(Sum::default() + Count::new(free).unwrap());
        self
    }

    /// Asked in Tembalang, answered within 25 km.
    pub(crate) fn widened(mut self, reason: WideningReason) -> Self {
        self.region = Some(region("33.74.10"));
        self.widened = Some(Widened {
            reason,
            from: AreaView { region: self.region.clone(), within_km: None },
            to: AreaView { region: None, within_km: Some(25) },
        });
        self
    }

    /// Asked near Tembalang.
    pub(crate) fn near(mut self) -> Self {
        self.near = Some(NearView {
            region: Some(region("33.74.10")),
            located: Located { point: Point::new(-7.05, 110.44, "").unwrap(), precision: Precision::Place },
            rough: true,
        });
        self
    }
}

/// The totals of one type that so many facilities have.
pub(crate) fn total(facilities: u32) -> TotalView {
    TotalView {
        resource: TypeCode::parse("bed.icu_vent", "").unwrap(),
        label: ICU.to_owned(),
        capacity: None,
        occupied: None,
        available: None,
        available_stale: None,
        occupied_of_capacity: None,
        available_of_capacity: None,
        queue: None,
        facilities,
        facilities_available: 0,
        facilities_unknown: 0,
        facilities_stale: 0,
        facilities_capacity_known: 0,
        facilities_occupied_known: 0,
        facilities_available_known: 0,
        facilities_queue_known: 0,
    }
}

pub(crate) fn facility_answer(facility: FacilityView) -> FacilityAnswer {
    let BedsAnswer { as_of, contacts, zone, .. } = answer(vec![]);
    FacilityAnswer { facility, as_of, version: 1, contacts, zone }
}

pub(crate) fn region_hit(text: &str) -> RegionHit {
    let RegionRef { code, name, level } = region(text);
    RegionHit { code, name, level, path: names(text), located: None, score: 1.0 }
}

pub(crate) fn facility_hit(name: &str, region: &str, phones: Vec<Phone>) -> FacilityHit {
    FacilityHit {
        id: FacilityId(Uuid::nil()),
        external_ids: vec![],
        name: name.to_owned(),
        kind: slug("hospital"),
        region: region_path(region),
        phones,
        lat: None,
        lon: None,
        simulated: false,
        closed: false,
        score: 1.0,
    }
}
