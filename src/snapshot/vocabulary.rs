//! Types of resources by whatever people and other systems call them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use super::Snapshot;
use crate::{
    domain::{
        lexicon::{self, telling, words},
        rejection::{Code, Rejection},
        resource_type::{Kind, ResourceType, TypeCode},
        text::visible,
    },
    locales::{Message, Value},
};

/// How many types a refusal names that are meant equally well.
const MOST_NAMED: usize = 6;
/// How many types a refusal names that may have been meant.
const MOST_NEAR: usize = 3;
/// A longer text is no name of a type.
const LONGEST: usize = 120;
/// How alike a text and a name must be to be named as what may have been meant.
const NEAR: f64 = 0.85;

/// The names of types, made comparable. It is made when it is first needed after a type changed.
#[derive(Clone, Default)]
pub(super) struct Vocabulary(Arc<OnceLock<Index>>);

#[derive(Default)]
struct Index {
    /// Codes of other systems, with and without the system, in lower case.
    codes: HashMap<String, BTreeSet<TypeCode>>,
    /// The types by the terms of a whole name.
    names: HashMap<Vec<String>, BTreeSet<TypeCode>>,
    /// The same without what stands in brackets.
    short_names: HashMap<Vec<String>, BTreeSet<TypeCode>>,
    /// The words of all names, and of the lexicon.
    words: BTreeSet<String>,
    /// What names say that types are, whatever their attributes, and the ages that they name; the longest first.
    cores: Vec<Core>,
    /// All names and codes in lower case.
    texts: Vec<(String, TypeCode)>,
}

/// What a name says that a type is, without its attributes.
struct Core {
    terms: Vec<String>,
    ages: Vec<String>,
    resource: TypeCode,
}

impl Vocabulary {
    /// Forgets the index: a type has changed.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

impl Index {
    fn of<'a>(types: impl Iterator<Item = &'a ResourceType>) -> Self {
        let mut index =
            Self { words: lexicon::known_words().map(str::to_owned).collect(), ..Self::default() };
        for resource in types.filter(|resource| !resource.retired) {
            let code = resource.code.as_str();
            let short = code.split_once('.').map(|(_, short)| short.to_owned());
            let external = resource.external_codes.iter().flat_map(|external| {
                let bare = external.split_once(':').map(|(_, bare)| bare.to_lowercase());
                bare.into_iter().chain([external.to_lowercase()])
            });
            let last = code.rsplit('.').next().unwrap_or(code);
            let texts =
                resource.names().map(|name| name.to_lowercase()).chain([code.to_owned(), last.to_owned()]);
            index.texts.extend(texts.map(|text| (text, resource.code.clone())));
            for known in short.into_iter().chain(external) {
                index.codes.entry(known).or_default().insert(resource.code.clone());
            }
            for name in resource.names() {
                let words = words(name);
                index.names.entry(telling(&words)).or_default().insert(resource.code.clone());
                index.words.extend(words);
            }
            // "NICU (bayi baru lahir)" is asked for as NICU, but "Isolasi terpusat (pria)" is not for everybody.
            let short = resource.short_names().filter(|_| resource.kind == Kind::Bed);
            let named = resource.names().cloned().chain(short);
            for name in named.filter(|_| resource.kind != Kind::Vaccination) {
                let (mut terms, mut ages) = (telling(&words(&name)), Vec::new());
                terms.retain(|term| {
                    ages.extend(lexicon::is_age(term).then(|| term.clone()));
                    lexicon::is_core(term)
                });
                if !terms.is_empty() {
                    index.cores.push(Core { terms, ages, resource: resource.code.clone() });
                }
            }
            for name in resource.short_names() {
                index.short_names.entry(telling(&words(&name))).or_default().insert(resource.code.clone());
            }
        }
        index.names.remove(&Vec::new());
        index.cores.sort_by(|one, other| {
            other.terms.len().cmp(&one.terms.len()).then_with(|| one.terms.cmp(&other.terms))
        });
        index
    }

    /// The types that are called so; if none is, those whose name has these terms and more.
    fn called(&self, words: &[String]) -> BTreeSet<TypeCode> {
        let terms = telling(words);
        if terms.is_empty() {
            return BTreeSet::new();
        }
        if let Some(exactly) = self.names.get(&terms).or_else(|| self.short_names.get(&terms)) {
            return exactly.clone();
        }
        let has_all = |name: &Vec<String>| terms.iter().all(|term| name.contains(term));
        let more = self.names.iter().filter(|(name, _)| has_all(name));
        more.flat_map(|(_, types)| types).cloned().collect()
    }

    /// The words with each that nobody knows in the spelling of the one that is like it; None if there is no such.
    fn mended(&self, given: &[String]) -> Option<Vec<String>> {
        let known = || self.words.iter().map(String::as_str);
        let mend = |word: &String| {
            let is_known = self.words.contains(word);
            if is_known { word.clone() } else { lexicon::meant(word, known()).unwrap_or(word).to_owned() }
        };
        let mended: Vec<String> = given.iter().map(mend).collect();
        (mended != given).then_some(mended)
    }
}

impl Snapshot {
    /// A resource type, retired or not.
    pub fn resource_type(&self, code: &str) -> Option<&Arc<ResourceType>> {
        self.types.get(code)
    }

    /// The type that somebody calls `given`, also one that was retired: what was said of it is still known.
    pub fn resolve_past_type(&self, given: &str) -> Result<&Arc<ResourceType>, Rejection> {
        self.resource_type(given).map_or_else(|| self.resolve_type(given, None), Ok)
    }

    /// All resource types by code.
    pub fn resource_types(&self) -> impl Iterator<Item = &Arc<ResourceType>> {
        self.types.values()
    }

    /// The type that somebody calls `given`, among those of `kind` if one is given: by its code in any case, by a code of
    /// another system with or without that system (`kemenkes:38`, `38`), or by a label or alias in any order and spelling
    /// of its words, with Arabic or Roman numerals; as a part of one name, or with slips, if only one type can be meant.
    /// The caller says how it was read where the code differs from `given`.
    pub fn resolve_type(&self, given: &str, kind: Option<Kind>) -> Result<&Arc<ResourceType>, Rejection> {
        let fits =
            |resource: &ResourceType| !resource.retired && kind.is_none_or(|kind| resource.kind == kind);
        let given = given.trim();
        if let Some(resource) = self.types.get(given).filter(|resource| fits(resource)) {
            return Ok(resource);
        }
        visible(given, "")?;
        let lower = given.to_lowercase();
        if let Some(resource) = self.types.get(&*lower) {
            return if fits(resource) { Ok(resource) } else { Err(self.unknown_type(given, kind)) };
        }
        if given.len() > LONGEST {
            return Err(self.unknown_type(given, kind));
        }
        let index = self.index();
        let fitting = |codes: BTreeSet<TypeCode>| -> Vec<&Arc<ResourceType>> {
            codes.iter().filter_map(|code| self.types.get(code)).filter(|resource| fits(resource)).collect()
        };
        let words = words(&lower);
        let ways: [&dyn Fn() -> BTreeSet<TypeCode>; 3] =
            [&|| index.codes.get(&lower).cloned().unwrap_or_default(), &|| index.called(&words), &|| {
                index.mended(&words).map(|words| index.called(&words)).unwrap_or_default()
            }];
        let found = ways.into_iter().map(|read| fitting(read())).find(|found| !found.is_empty());
        match found.unwrap_or_default()[..] {
            [] => Err(self.unknown_type(given, kind)),
            [resource] => Ok(resource),
            ref several => {
                let detail = Message::new("ambiguous-type")
                    .arg("given", given.to_owned())
                    .arg("types", named(several.iter().copied()))
                    .arg("more", several.len().saturating_sub(MOST_NAMED));
                Err(Rejection::new(Code::AmbiguousType, "", detail))
            }
        }
    }

    /// The types that a question names by these terms, each with the terms that name it: the longest names first, and each
    /// term once. Names for one of the `ages` are meant before those for any, and those for other ages are not meant.
    pub fn types_in(&self, terms: &BTreeSet<&str>, ages: &[&str]) -> Vec<(&[String], BTreeSet<TypeCode>)> {
        let mut left: BTreeSet<&str> = terms.iter().copied().filter(|term| lexicon::is_core(term)).collect();
        let mut found = Vec::new();
        let same = self.index().cores.chunk_by(|one, other| one.terms == other.terms);
        for cores in same {
            let core = &*cores[0].terms;
            if !core.iter().all(|term| left.contains(&**term)) {
                continue;
            }
            let fits = |core: &&Core| core.ages.iter().all(|age| ages.contains(&&**age));
            let for_age: Vec<&Core> =
                cores.iter().filter(|core| !core.ages.is_empty()).filter(fits).collect();
            let meant = if for_age.is_empty() { cores.iter().filter(fits).collect() } else { for_age };
            if !meant.is_empty() {
                for term in core {
                    left.remove(&**term);
                }
                found.push((core, meant.into_iter().map(|core| core.resource.clone()).collect()));
            }
        }
        found
    }

    /// Whether this term alone says what a type is.
    pub fn is_type_term(&self, term: &str) -> bool {
        lexicon::is_core(term) && self.index().cores.iter().any(|core| core.terms == [term])
    }

    /// Whether a name of a type has this word.
    pub fn is_type_word(&self, word: &str) -> bool {
        self.index().words.contains(word)
    }

    /// The words of the names of types.
    pub fn type_words(&self) -> impl Iterator<Item = &str> {
        self.index().words.iter().map(String::as_str)
    }

    /// The refusal of a type that cannot be asked for or reported here, with what may have been meant.
    pub fn unknown_type(&self, given: &str, kind: Option<Kind>) -> Rejection {
        let lower = given.to_lowercase();
        let mut near: BTreeMap<&TypeCode, f64> = BTreeMap::new();
        // Nobody means a name by a whole page.
        let texts = if given.len() <= LONGEST { &*self.index().texts } else { &[] };
        for (text, code) in texts {
            let like = strsim::jaro_winkler(text, &lower);
            let best = near.entry(code).or_default();
            *best = best.max(like);
        }
        let fits = |resource: &&Arc<ResourceType>| kind.is_none_or(|kind| resource.kind == kind);
        let near = near.into_iter().filter(|(_, like)| *like > NEAR);
        let mut near: Vec<_> =
            near.filter_map(|(code, like)| Some((like, self.types.get(code).filter(fits)?))).collect();
        near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        near.truncate(MOST_NEAR);
        let elsewhere = self.resource_type(&lower).map(|resource| resource.kind);
        let is_isolation = elsewhere == Some(Kind::Isolation) && kind == Some(Kind::Bed);
        let near = (!near.is_empty()).then(|| named(near.into_iter().map(|(_, resource)| resource)));
        let detail = Message::new("unknown-type-here")
            .arg("code", shortened(given))
            .arg("isolation", is_isolation)
            .arg("meant", near);
        Rejection::new(Code::UnknownType, "", detail)
    }

    fn index(&self) -> &Index {
        self.vocabulary.0.get_or_init(|| Index::of(self.types.values().map(|resource| &**resource)))
    }
}

fn shortened(given: &str) -> String {
    match given.char_indices().nth(LONGEST) {
        None => given.to_owned(),
        Some((end, _)) => format!("{}…", &given[..end]),
    }
}

/// `'bed.icu' (ICU tanpa ventilator) or 'bed.icu_vent' (ICU dengan ventilator)`.
fn named<'a>(types: impl Iterator<Item = &'a Arc<ResourceType>>) -> Value {
    Value::choice(types.take(MOST_NAMED).map(|resource| {
        Message::new("type-named").arg("code", resource.code.to_string()).arg("label", &resource.label)
    }))
}
