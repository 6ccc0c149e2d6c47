//! Search by name.

use crate::{
    domain::{
        contact::Contact,
        names::{self, Sought, phone_digits},
    },
    query::{Included, SearchQuery, view::View},
    render::model::{ContactView, FacilityHit, RegionHit, SearchAnswer, degrees},
    snapshot::{Found, Subject},
};

/// Regions and facilities by name, alias or telephone, facilities by what takes place there, and contacts if they are asked for.
pub(crate) fn answer(view: View<'_>, query: &SearchQuery) -> SearchAnswer {
    let limit = query.limit.get();
    let found = view.state.search(&query.q, query.region, &|region| view.sees_internal(region));
    let mut regions: Vec<RegionHit> =
        found.iter().filter_map(|found| region(view, found)).take(limit + 1).collect();
    let mut facilities: Vec<FacilityHit> =
        found.iter().filter_map(|found| facility(view, found)).take(limit + 1).collect();
    let more = regions.len() > limit || facilities.len() > limit;
    let mut contacts = query.include.map(|Included::Contacts| contacts(view, query));
    let more = more || contacts.as_ref().is_some_and(|contacts| contacts.len() > limit);
    regions.truncate(limit);
    facilities.truncate(limit);
    if let Some(contacts) = &mut contacts {
        contacts.truncate(limit);
    }
    let resolved = view.resolved.to_vec();
    SearchAnswer { resolved, as_of: view.as_of(query.scope()), regions, facilities, contacts, more }
}

/// The contacts that bear all the requested words, or the requested telephone number, best first.
fn contacts(view: View<'_>, query: &SearchQuery) -> Vec<ContactView> {
    let words = phone_digits(&query.q).map_or_else(|| names::words(&query.q), |digits| vec![digits]);
    let asked: Vec<AskedWord<'_>> = words.iter().map(|word| AskedWord::new(word)).collect();
    let is_inside = |contact: &Contact| {
        query.region.is_none_or(|region| contact.region.is_some_and(|own| region.covers(own)))
    };
    let seen = view.state.contacts().filter(|contact| view.audience.sees(contact.visibility, contact.region));
    let mut found: Vec<(f64, &Contact)> = seen
        .filter(|contact| is_inside(contact))
        .filter_map(|contact| Some((fit(&asked, &ContactWords::of(view, contact))?, &**contact)))
        .collect();
    found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    found.into_iter().map(|(_, contact)| view.contact(contact)).collect()
}

/// How well the word of a region above fits, compared with one of the contact's own.
const FIT_OF_REGION_ABOVE: f64 = 0.9;

/// The words that a contact may be found by.
struct ContactWords {
    /// Those of its name, its role, its region and its telephone number.
    own: Vec<String>,
    /// Those of the regions above. They fit a little less.
    above: Vec<String>,
}

impl ContactWords {
    fn of(view: View<'_>, contact: &Contact) -> Self {
        let named = |code| view.state.region(code).map_or_else(Vec::new, |known| names::words(&known.name));
        let mut own = names::words(&contact.name);
        own.extend(names::words(contact.role.as_str()));
        own.extend(contact.region.into_iter().flat_map(named));
        own.extend(phone_digits(&contact.phone));
        let above = contact.region.into_iter().flat_map(|region| region.with_ancestors().skip(1));
        Self { own, above: above.flat_map(named).collect() }
    }
}

/// A requested word, and the words that it is short for.
struct AskedWord<'w> {
    itself: Sought<'w>,
    long: Vec<Sought<'w>>,
}

impl<'w> AskedWord<'w> {
    fn new(word: &'w str) -> Self {
        let long = names::spelled_out(word).iter().map(|word| Sought::for_list(word)).collect();
        Self { itself: Sought::for_list(word), long }
    }

    /// How well one of the words fits it, or each of the words that it is short for.
    fn fit(&self, words: &ContactWords) -> f64 {
        let best_of = |sought: &Sought<'_>, words: &[String]| {
            words.iter().map(|word| sought.likeness(word)).fold(0.0, f64::max)
        };
        let best = |sought: &Sought<'_>| {
            best_of(sought, &words.own).max(FIT_OF_REGION_ABOVE * best_of(sought, &words.above))
        };
        let long = self.long.iter().map(best).reduce(f64::min).unwrap_or_default();
        best(&self.itself).max(long)
    }
}

/// How well words fit all that were requested, on average; None if they lack one.
fn fit(asked: &[AskedWord<'_>], words: &ContactWords) -> Option<f64> {
    let fits: Vec<f64> = asked.iter().map(|asked| asked.fit(words)).collect();
    let lacks_one = fits.is_empty() || fits.contains(&0.0);
    #[expect(clippy::cast_precision_loss, reason = "a question has a few words")]
    let count = fits.len() as f64;
    (!lacks_one).then(|| fits.iter().sum::<f64>() / count)
}

fn region(view: View<'_>, found: &Found) -> Option<RegionHit> {
    let Subject::Region(code) = found.subject else {
        return None;
    };
    let path = view.region_path(code);
    Some(RegionHit {
        code,
        name: path.name,
        level: code.level(),
        path: path.path,
        located: view.state.locate(code),
        score: rounded(found.score),
    })
}

fn facility(view: View<'_>, found: &Found) -> Option<FacilityHit> {
    let Subject::Facility(id) = found.subject else {
        return None;
    };
    let facility = &view.state.facility(id)?.facility;
    let (lat, lon) = degrees(facility.point);
    Some(FacilityHit {
        id,
        external_ids: facility.external_ids.clone(),
        name: facility.name.clone(),
        kind: facility.kind.clone(),
        region: view.region_path(facility.region),
        phones: view.phones(facility),
        lat,
        lon,
        simulated: facility.simulated,
        closed: facility.closed,
        score: rounded(found.score),
    })
}

fn rounded(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}
