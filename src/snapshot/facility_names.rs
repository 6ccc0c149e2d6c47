//! Facilities that a list or a question calls by their names.

use std::sync::Arc;

use super::{FacilityState, Snapshot, Subject, names::fit};
use crate::{
    domain::{
        facility::{Facility, FacilityId, FacilityRef},
        names::{is_generic, words},
        region::Region,
        region_code::RegionCode,
        rejection::{Code, Rejection},
        text::visible,
    },
    locales::{Message, Value},
};

/// How many facilities a refusal names.
const MOST_NAMED: usize = 5;
/// How many facilities are named that an unknown name is like.
const MOST_LIKE: usize = 3;
/// A longer text is no name.
const LONGEST: usize = 200;
/// How alike a word and the one that is meant must be.
const LEAST_FIT: f64 = 0.8;

/// A facility that a text means.
#[derive(Clone, Copy)]
pub struct NamedFacility<'a> {
    /// The facility.
    pub state: &'a Arc<FacilityState>,
    /// Whether the text is its name, which several may bear, not one of its ids.
    pub is_by_name: bool,
}

impl Snapshot {
    /// The facility that somebody calls `given`: by an id, or by a name, after which its region may stand ("RSUD Contoh,
    /// Kota Semarang"). A name means one of those that `may` be meant, if only one bears it. Slips are forgiven where no
    /// facility is called exactly so; each telling word must be found.
    pub fn resolve_facility(
        &self,
        given: &str,
        may: impl Fn(&Facility) -> bool,
    ) -> Result<NamedFacility<'_>, Rejection> {
        let given = given.trim();
        if let Ok(reference) = FacilityRef::parse(given, "") {
            let known = self.resolve(&reference).map(|state| NamedFacility { state, is_by_name: false });
            return known.ok_or_else(|| FacilityRef::unknown(given, ""));
        }
        visible(given, "")?;
        if given.len() > LONGEST || !words(given).iter().any(|word| !is_generic(word)) {
            return Err(FacilityRef::unknown(given, ""));
        }
        let name = Name::of(given);
        let mut near = self.bearers(&name, &may);
        let mut meant = self.meant_by(&name, &near);
        if meant.is_empty() {
            near = self.found(given, &may);
            meant = self.meant_by(&name, &near);
        }
        match meant[..] {
            [state] => Ok(NamedFacility { state, is_by_name: true }),
            [] => {
                let near = (!near.is_empty()).then(|| self.listed(&near));
                let detail =
                    Message::new("unknown-facility-named").arg("text", given.to_owned()).arg("meant", near);
                Err(Rejection::new(Code::UnknownFacility, "", detail))
            }
            ref several => {
                let detail = Message::new("ambiguous-facility")
                    .arg("text", given.to_owned())
                    .arg("facilities", self.listed(several))
                    .arg("more", several.len().saturating_sub(MOST_NAMED));
                Err(Rejection::new(Code::AmbiguousFacility, "", detail))
            }
        }
    }

    /// What is odd about a name that stands beside the code of a facility: nobody there may bear it. It is refused if it is
    /// the name of another facility, because then nobody knows which of both is meant.
    pub fn doubt_of_name(
        &self,
        state: &Arc<FacilityState>,
        given: &str,
    ) -> Result<Option<Rejection>, Rejection> {
        let name = Name::of(given);
        let telling = name.telling();
        let own: Vec<&str> =
            self.names.words_of(Subject::Facility(state.facility.id)).iter().map(|word| &**word).collect();
        let is_own = |word: &&&str| fit(word, &own.iter().copied()) >= LEAST_FIT;
        if given.len() > LONGEST || telling.iter().all(|word| is_own(&word)) {
            return Ok(None);
        }
        let is_another = |other: &&Arc<FacilityState>| {
            let facility = &other.facility;
            let is_there = !facility.closed && facility.merged_into.is_none();
            is_there && is_written(other, |bears| bears == name.words)
        };
        let bearers = self.bearers(&name, &|other| other.id != state.facility.id);
        let others: Vec<_> = bearers.into_iter().filter(is_another).collect();
        if !others.is_empty() {
            let detail = Message::new("name-of-another-facility")
                .arg("text", given.to_owned())
                .arg("coded", self.listed(&[state]))
                .arg("named", self.listed(&others));
            return Err(Rejection::new(Code::AmbiguousFacility, "", detail));
        }
        let has_half = telling.iter().filter(is_own).count() * 2 >= telling.len();
        let doubt = || {
            let detail = Message::new("name-beside-code")
                .arg("text", given.to_owned())
                .arg("coded", self.listed(&[state]));
            Rejection::new(Code::AmbiguousFacility, "/facility", detail)
        };
        Ok((!has_half && !self.may_mean(&name, state)).then(doubt))
    }

    /// The facility in `region` that has exactly this name, but for case and marks. If none lies in the region, one above it
    /// is meant, of which less is known. None if there is no such facility; refused if there are several.
    pub fn facility_named_in(
        &self,
        given: &str,
        region: RegionCode,
    ) -> Result<Option<&Arc<FacilityState>>, Rejection> {
        let name = words(given);
        let telling: Vec<&str> = name.iter().map(String::as_str).filter(|word| !is_generic(word)).collect();
        let bearers: Vec<_> = if telling.is_empty() {
            let around = region.with_ancestors().skip(1).flat_map(|code| self.exactly_in(code));
            self.states_in(region)
                .chain(around)
                .filter(|state| state.facility.merged_into.is_none())
                .collect()
        } else {
            self.facilities_among(self.names.bearing(&telling), &|_| true)
        };
        let named = bearers.into_iter().filter(|state| is_written(state, |bears| bears == name));
        let mut named: Vec<_> = named.collect();
        // A facility is also looked for where those stood that were merged into it.
        let lies = |state: &FacilityState, fits: &dyn Fn(RegionCode) -> bool| {
            let merged = state.facility.merged.iter().filter_map(|id| self.facility(*id));
            fits(state.facility.region) || merged.into_iter().any(|merged| fits(merged.facility.region))
        };
        let is_inside = |state: &FacilityState| lies(state, &|code| region.covers(code));
        let is_around = |state: &FacilityState| lies(state, &|code| code.covers(region));
        named.retain(|state| is_inside(state) || is_around(state));
        prefer(&mut named, &[&is_inside, &|state| !state.facility.closed]);
        match named[..] {
            [] => Ok(None),
            [state] => Ok(Some(state)),
            ref several => {
                let detail = Message::new("ambiguous-facility-in-region")
                    .arg("text", given.to_owned())
                    .arg("facilities", self.listed(several))
                    .arg("more", several.len().saturating_sub(MOST_NAMED));
                Err(Rejection::new(Code::AmbiguousFacility, "/name", detail))
            }
        }
    }

    /// The only facility that may be meant by a name in a sentence, where a word of its own must stand; slips are looked
    /// for in all names, so that costs more.
    pub fn facility_called(
        &self,
        given: &str,
        may: impl Fn(&Facility) -> bool,
        is_forgiving: bool,
    ) -> Option<FacilityId> {
        let name = Name::of(given);
        if name.telling().is_empty() {
            return None;
        }
        let near = if is_forgiving { self.found(given, &may) } else { self.bearers(&name, &may) };
        let [state] = self.meant_by(&name, &near)[..] else { return None };
        let own = self.names.words_of(Subject::Facility(state.facility.id)).iter().map(|word| &**word);
        let has_own = name.telling().iter().any(|word| fit(word, &own) >= LEAST_FIT);
        has_own.then_some(state.facility.id)
    }

    /// The open facilities whose names are like `given`, the likest first: as the search finds them, and in any case those
    /// that share a telling word.
    pub fn facilities_like(&self, given: &str) -> Vec<FacilityId> {
        let is_open = |facility: &Facility| !facility.closed;
        let mut like = self.found(given, &is_open);
        if like.is_empty() {
            let name = Name::of(given);
            let words = name.telling();
            like = words.iter().flat_map(|word| self.found(word, &is_open)).collect();
        }
        like.iter().take(MOST_LIKE).map(|state| state.facility.id).collect()
    }

    /// Whether these telling words are all that a facility is called by one of its names.
    pub fn is_called_whole(&self, id: FacilityId, telling: &[&str]) -> bool {
        let has_all =
            |name: &String| words(name).iter().all(|word| is_generic(word) || telling.contains(&&**word));
        self.facility(id).is_some_and(|state| {
            let facility = &state.facility;
            facility.aliases.iter().chain([&facility.name]).any(has_all)
        })
    }

    /// Whether a name of a facility has this word.
    pub fn has_own_word(&self, id: FacilityId, word: &str) -> bool {
        self.names.words_of(Subject::Facility(id)).iter().any(|own| **own == *word)
    }

    /// The facilities whose names have all telling words, as they are written.
    fn bearers(&self, name: &Name<'_>, may: &impl Fn(&Facility) -> bool) -> Vec<&Arc<FacilityState>> {
        self.facilities_among(self.names.bearing(&name.telling()), may)
    }

    /// The facilities that the search finds.
    fn found(&self, given: &str, may: &impl Fn(&Facility) -> bool) -> Vec<&Arc<FacilityState>> {
        let found = self.search_words(given, None, &|_| false);
        self.facilities_among(found.into_iter().map(|found| found.subject).collect(), may)
    }

    fn facilities_among(
        &self,
        subjects: Vec<Subject>,
        may: &impl Fn(&Facility) -> bool,
    ) -> Vec<&Arc<FacilityState>> {
        let facilities = subjects.into_iter().filter_map(|subject| match subject {
            Subject::Facility(id) => self.facilities.get(&id),
            Subject::Region(_) => None,
        });
        facilities.filter(|state| may(&state.facility)).collect()
    }

    /// Whether some name of a region or a facility has this word.
    pub fn is_name_word(&self, word: &str) -> bool {
        is_generic(word) || self.names.has_word(word)
    }

    /// Whether these are all the telling words of the name of a region, or of a facility if one is spoken of.
    pub fn is_whole_name(&self, telling: &[&str], says_facility: bool) -> bool {
        let bears = |code: RegionCode| {
            let region = self.region(code);
            region.is_some_and(|region| {
                region.aliases.iter().chain([&region.name]).any(|name| {
                    words(name).iter().filter(|word| !is_generic(word)).eq(telling.iter().copied())
                })
            })
        };
        self.names.bearing(telling).into_iter().any(|subject| match subject {
            Subject::Region(code) => bears(code),
            Subject::Facility(id) => says_facility && self.is_called_whole(id, telling),
        })
    }

    /// The facilities among `candidates` that the name means: those that bear the whole of it before those of which it is
    /// a part, those that write it alike before those that only differ in "RS" or "RSUD", and open ones before closed ones.
    fn meant_by<'a>(
        &'a self,
        name: &Name<'_>,
        candidates: &[&'a Arc<FacilityState>],
    ) -> Vec<&'a Arc<FacilityState>> {
        let mut meant: Vec<_> =
            candidates.iter().copied().filter(|state| self.may_mean(name, state)).collect();
        let has_all = |bears: &[String]| {
            bears.iter().filter(|word| !is_generic(word)).all(|word| name.words.contains(word))
        };
        let is_equal = |bears: &[String]| bears == name.words;
        let is_open = |state: &FacilityState| !state.facility.closed;
        prefer(
            &mut meant,
            &[&|state| is_written(state, has_all), &|state| is_written(state, is_equal), &is_open],
        );
        meant
    }

    /// Whether each telling word stands in the facility's names or in those of the regions around it, and each of the
    /// regions behind the name is around it.
    fn may_mean(&self, name: &Name<'_>, state: &FacilityState) -> bool {
        let facility = &state.facility;
        let subject = Subject::Facility(facility.id);
        let known = self.names.words_of(subject).iter().map(|word| &**word).chain(self.words_around(subject));
        let around: Vec<&Arc<Region>> =
            facility.region.with_ancestors().filter_map(|code: RegionCode| self.region(code)).collect();
        name.telling().iter().all(|word| fit(word, &known) >= LEAST_FIT)
            && name.regions.iter().all(|part| around.iter().any(|region| is_called(region, part)))
    }

    /// `RSUD Contoh, Ungaran Barat, Kabupaten Semarang (kemenkes:3322010)`.
    fn listed(&self, facilities: &[&Arc<FacilityState>]) -> Value {
        Value::choice(facilities.iter().take(MOST_NAMED).map(|state| {
            let facility = &state.facility;
            let id = facility.external_ids.first().map(|id| id.as_str().to_owned());
            let place = self.path(facility.region).into_iter().rev().take(2).collect::<Vec<_>>().join(", ");
            Message::new("facility-named")
                .arg("name", facility.name.clone())
                .arg("place", place)
                .arg("id", id.unwrap_or_else(|| facility.id.to_string()))
        }))
    }
}

/// Whether one of the names of a facility is such.
fn is_written(state: &FacilityState, is_such: impl Fn(&[String]) -> bool) -> bool {
    let facility = &state.facility;
    facility.aliases.iter().chain([&facility.name]).any(|name| is_such(&words(name)))
}

/// Leaves those that each preference prefers, where it prefers any.
fn prefer(meant: &mut Vec<&Arc<FacilityState>>, preferences: &[&dyn Fn(&FacilityState) -> bool]) {
    for is_preferred in preferences {
        if meant.iter().any(|state| is_preferred(state)) {
            meant.retain(|state| is_preferred(state));
        }
    }
}

/// A name, and the regions that stand behind it.
struct Name<'a> {
    words: Vec<String>,
    regions: Vec<&'a str>,
}

impl<'a> Name<'a> {
    fn of(given: &'a str) -> Self {
        let (name, behind) = given.split_once(',').unwrap_or((given, ""));
        let regions = behind.split(',').filter(|part| !part.trim().is_empty()).collect();
        Self { words: words(name), regions }
    }

    fn telling(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).filter(|word| !is_generic(word)).collect()
    }
}

/// Whether `text` means the region: "Kab. Semarang" is not the city of that name.
fn is_called(region: &Region, text: &str) -> bool {
    let given = words(text);
    region.aliases.iter().chain([&region.name]).any(|name| {
        let name = words(name);
        let known = name.iter().map(String::as_str);
        let has_kind = |kind: &[&str]| given.iter().any(|word| kind.contains(&&**word));
        let is_city = name.first().is_some_and(|word| word == "kota");
        let telling = given.iter().filter(|word| !is_generic(word));
        telling.clone().all(|word| fit(word, &known) >= LEAST_FIT)
            && telling.clone().next().is_some()
            && (!has_kind(&["kota"]) || is_city)
            && (!has_kind(&["kab", "kabupaten"]) || !is_city)
    })
}
