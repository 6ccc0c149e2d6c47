//! The direct answer: the facilities that have something free where it was asked for, and if none has, elsewhere.

use super::{Lines, Speaker, asked_region, entry, place_within};
use crate::{
    domain::{
        freshness::Freshness, ranking::Tier, region_code::RegionCode, resource_type::Kind, text::wire_name,
    },
    locales::{Message, Value},
    render::model::{
        AreaView, BedsAnswer, FacilityView, NearView, RegionRef, TotalView, VaccinationsAnswer, Widened,
        WideningReason,
    },
};

/// The facts of the sentences that open an answer.
pub(super) struct Headline<'a> {
    kind: Kind,
    /// How many the facilities of the answer have at least.
    min: u32,
    /// How many were wanted.
    wanted: u32,
    /// The most that one facility has, where none has as many as were wanted.
    available_max: Option<u32>,
    /// The request in words.
    wish: Vec<Value>,
    /// Whether it asks for anything in particular: there may be others, then.
    is_narrow: bool,
    region: Option<&'a RegionRef>,
    near: Option<&'a NearView>,
    totals: &'a [TotalView],
    widened: Option<&'a Widened>,
    /// The facilities in order of their ranks.
    facilities: Vec<&'a FacilityView>,
    has_more: bool,
}

/// How many facilities stand alike; there may be more of the last ones on another page.
struct Group {
    tier: Tier,
    count: usize,
    or_more: bool,
}

impl<'a> Headline<'a> {
    pub(super) fn of_beds(answer: &'a BedsAnswer) -> Self {
        Self {
            kind: answer.kind,
            min: if answer.available_max.is_some() { 1 } else { answer.min },
            wanted: answer.min,
            available_max: answer.available_max,
            wish: answer.filter.iter().map(Value::from).collect(),
            is_narrow: !answer.filter.is_empty(),
            region: answer.region.as_ref(),
            near: answer.near.as_ref(),
            totals: &answer.totals,
            widened: answer.widened.as_ref(),
            facilities: answer.facilities.iter().collect(),
            has_more: answer.next.is_some(),
        }
    }

    pub(super) fn of_vaccinations(answer: &'a VaccinationsAnswer, speaker: Speaker) -> Self {
        let days = speaker.days(answer.from, answer.to).into();
        Self {
            kind: Kind::Vaccination,
            min: answer.min,
            wanted: answer.min,
            available_max: None,
            wish: std::iter::once(days).chain(answer.filter.iter().map(Value::from)).collect(),
            is_narrow: !answer.filter.is_empty(),
            region: answer.region.as_ref(),
            near: answer.near.as_ref(),
            totals: &answer.totals,
            widened: answer.widened.as_ref(),
            facilities: answer.facilities.iter().map(|listed| &listed.facility).collect(),
            has_more: answer.next.is_some(),
        }
    }

    /// The same without what was wished for, which was said before; a session's days stay.
    pub(super) fn without_wish(mut self) -> Self {
        self.wish.truncate(usize::from(self.kind == Kind::Vaccination));
        self
    }

    /// The code of the region that was asked about, unless the answer looked further.
    pub(super) fn asked(&self) -> Option<RegionCode> {
        asked_region(self.region.filter(|_| self.widened.is_none()))
    }

    /// The request as the topic, then the sentences about it, then the place that distances are measured from.
    pub(super) fn lines(&self, speaker: Speaker) -> Lines {
        let mut sentences = match self.widened {
            Some(widened) => self.elsewhere(widened),
            None => vec![self.here()],
        };
        if let Some(most) = self.available_max {
            let kind = wire_name(self.kind);
            let fewer =
                Message::new("headline-fewer").arg("kind", kind).arg("min", self.wanted).arg("most", most);
            sentences.insert(0, fewer);
        }
        if !self.wish.is_empty() {
            let wish = Value::list(self.wish.iter().cloned());
            let first = sentences.remove(0);
            sentences.insert(0, Message::new("headline-of-wish").arg("wish", wish).arg("sentence", first));
        }
        let said: Vec<String> = sentences.into_iter().map(|said| capitalized(&speaker.say(said))).collect();
        let has_distance = self.facilities.iter().any(|facility| facility.distance_km.is_some());
        let near = self.near.filter(|_| self.region.is_some() && has_distance);
        Lines::of([said.join(" ")])
            .then(near.map(|near| Message::new("distances-from").arg("region", near_region(near))))
            .then(self.order())
    }

    /// How the list is ordered, where that is not by distance.
    fn order(&self) -> Option<Message> {
        let distances = || self.facilities.iter().map(|facility| facility.distance_km);
        let by = match distances().flatten().next() {
            _ if self.facilities.len() < 2 => return None,
            None => "count",
            Some(_) if distances().is_sorted_by_key(|km| km.unwrap_or(f64::INFINITY)) => return None,
            Some(_) => "freshness",
        };
        Some(Message::new("order").arg("by", by).arg("kind", wire_name(self.kind)))
    }

    /// That there are more facilities, and how to ask for fewer.
    pub(super) fn narrow_down(&self) -> Option<Message> {
        self.has_more.then(|| Message::new("narrow-down").arg("kind", wire_name(self.kind)))
    }

    /// The heading of the contacts.
    pub(super) const fn next_step(&self) -> Message {
        if self.facilities.is_empty() {
            Message::new("call-as-next-step")
        } else {
            Message::new("call-if-none-fits")
        }
    }

    /// The facilities of the area that was asked about.
    fn here(&self) -> Message {
        let place = Self::place(&AreaView { region: self.region.cloned(), within_km: None }, self.near);
        let groups = self.groups();
        match groups.split_first() {
            None if self.totals.iter().all(|total| total.facilities == 0) => {
                self.sentence("not_listed", place, None, &[])
            }
            Some((first, rest)) if self.min == 0 => {
                let count = groups.iter().map(|group| group.count).sum();
                let or_more = groups.iter().any(|group| group.or_more);
                let all = Group { tier: rest.last().unwrap_or(first).tier, count, or_more };
                self.sentence("all", place, Some(&all), &groups)
            }
            Some((first, others)) if first.tier.fits() => {
                self.sentence(case(first.tier), place, Some(first), others)
            }
            _ => self.sentence("none", place, None, &groups),
        }
    }

    /// Why nothing there fits, and the facilities further away.
    fn elsewhere(&self, widened: &Widened) -> Vec<Message> {
        let reason = match widened.reason {
            WideningReason::NoFacility => "not_listed",
            WideningReason::NothingFree => "nothing_free",
            WideningReason::OnlyStale => "only_stale",
            WideningReason::OnlyHeld => "only_held",
        };
        let (asked, around) = (Self::place(&widened.from, self.near), Self::place(&widened.to, None));
        let groups = self.groups();
        let found = match groups.split_first() {
            Some((first, others)) if first.tier.is_usable() => {
                self.sentence("nearest", around, Some(first), others)
            }
            Some((first, others)) if first.tier.fits() => {
                self.sentence(case(first.tier), around, Some(first), others)
            }
            _ => self.sentence("none_either", around, None, &groups),
        };
        vec![self.sentence(reason, asked, None, &[]), found]
    }

    fn sentence(
        &self,
        case: &'static str,
        place: Message,
        first: Option<&Group>,
        others: &[Group],
    ) -> Message {
        let hospitals = self.facilities.iter().all(|facility| facility.kind.as_str() == "hospital");
        let who = match self.kind {
            Kind::Bed if hospitals => "hospital",
            Kind::Bed => "facility",
            Kind::Isolation => "isolation",
            Kind::Vaccination => "vaccination",
        };
        let min = self.min.max(1);
        let doubt = if case == "only_stale" { self.doubt_there() } else { self.doubt() };
        let group = |Group { tier, count, or_more }: &Group| {
            Message::new("headline-group")
                .arg("group", self::case(*tier))
                .arg("count", *count)
                .arg("or-more", *or_more)
                .arg("min", min)
                .arg("doubt", doubt)
        };
        let groups = (!others.is_empty()).then(|| Value::list(others.iter().map(group)));
        Message::new("headline")
            .arg("case", case)
            .arg("count", first.map_or(0, |group| group.count))
            .arg("or-more", first.is_some_and(|group| group.or_more))
            .arg("who", who)
            .arg("kind", wire_name(self.kind))
            .arg("min", min)
            .arg("place", place)
            .arg("groups", groups)
            .arg("doubt", doubt)
            .arg("narrow", self.is_narrow)
    }

    /// The facilities of this page by how well they fit.
    fn groups(&self) -> Vec<Group> {
        let tier = |facility: &FacilityView| match facility.tier {
            Some(Tier::Aging) => Tier::Fresh,
            Some(tier) => tier,
            None => Tier::Unknown,
        };
        let mut groups: Vec<Group> = self
            .facilities
            .chunk_by(|one, other| tier(one) == tier(other))
            .map(|alike| Group { tier: tier(alike[0]), count: alike.len(), or_more: false })
            .collect();
        if let Some(last) = groups.last_mut() {
            last.or_more = self.has_more;
        }
        groups
    }

    /// Why to doubt the numbers by which facilities of [`Tier::Stale`] have something free.
    fn doubt(&self) -> &'static str {
        let stale = self.facilities.iter().filter(|facility| facility.tier == Some(Tier::Stale));
        let numbers = stale.flat_map(|facility| &facility.availability);
        let (mut is_old, mut is_disputed) = (false, false);
        for view in numbers.filter(|view| view.available.is_some_and(|count| count.get() > 0)) {
            is_disputed |= view.disputed;
            is_old |= !view.disputed && view.freshness == Freshness::Stale;
        }
        doubt(is_old || !is_disputed, is_disputed)
    }

    /// The doubt about the area that was asked about, for an answer that looked further.
    fn doubt_there(&self) -> &'static str {
        let is_old = self.totals.iter().any(|total| total.available_stale.is_some_and(|sum| sum.get() > 0));
        let mut shown = self.facilities.iter().flat_map(|facility| &facility.availability);
        doubt(is_old, !is_old || shown.any(|view| view.disputed))
    }

    fn place(area: &AreaView, near: Option<&NearView>) -> Message {
        let region = area.region.as_ref().map(entry::region_name);
        let (case, region) = match (region, area.within_km, near) {
            (Some(region), Some(_), _) => ("region_within", Some(region)),
            (Some(region), None, _) => ("region", Some(region)),
            (None, Some(_), _) => ("within", None),
            (None, None, Some(near)) => match near_region(near) {
                Some(region) => ("around", Some(region)),
                None => ("around_point", None),
            },
            (None, None, None) => ("country", None),
        };
        place_within(case, region, area.within_km)
    }
}

/// The key of such numbers in the catalogue.
const fn doubt(is_old: bool, is_disputed: bool) -> &'static str {
    match (is_old, is_disputed) {
        (true, true) => "old_or_disputed",
        (false, true) => "disputed",
        (_, false) => "old",
    }
}

/// The key of a group in the catalogue.
const fn case(tier: Tier) -> &'static str {
    match tier {
        Tier::Fresh | Tier::Aging => "usable",
        Tier::Stale => "stale",
        Tier::Held => "held",
        Tier::Unknown => "unknown",
        Tier::Full => "full",
    }
}

fn near_region(near: &NearView) -> Option<Message> {
    near.region.as_ref().map(entry::region_name)
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
