//! The values that the parameters of a query can have.
//!
//! Each operation has one struct: serde reads it, utoipa documents it, an error lists the names of its fields, and in
//! canonical form it is the key of the answer. How a query string becomes such a struct is in [`super::query_string`].

use std::{fmt, ops::Deref};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use serde::{Deserialize, Deserializer};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{KnownFormat, Schema, SchemaFormat, Type},
    },
};
use uuid::Uuid;

use crate::{
    auth::{Operator, PUBLIC},
    clock::Timestamp,
    domain::{
        days::RelativeDay,
        fields,
        geo::Point,
        lexicon,
        region_code::RegionCode,
        rejection::{Code, Rejection},
        session::read_date,
        text::short_text,
    },
    locales::Message,
};

/// The parameters of an operation that has none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// The parameters of an operation about one thing, at present or at a moment that has passed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfParams {
    /// What the directory knew at this moment (RFC 3339), and how it was seen then
    #[param(inline)]
    pub as_of: Option<Moment>,
}

/// A whole number from `LEAST` to `MOST`; `USUAL` where it may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number<const LEAST: u32, const MOST: u32, const USUAL: u32 = LEAST>(u32);

impl<const LEAST: u32, const MOST: u32, const USUAL: u32> Number<LEAST, MOST, USUAL> {
    /// The usual number.
    pub const USUAL: Self = Self(USUAL);

    /// The number itself.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const LEAST: u32, const MOST: u32, const USUAL: u32> Number<LEAST, MOST, USUAL> {
    /// The same number where others are usual, or also possible.
    pub const fn widened<const LESS: u32, const OTHER: u32>(self) -> Number<LESS, MOST, OTHER> {
        const { assert!(LESS <= LEAST, "each of the numbers is possible there") };
        Number(self.0)
    }
}

impl<const LEAST: u32, const MOST: u32, const USUAL: u32> Default for Number<LEAST, MOST, USUAL> {
    fn default() -> Self {
        Self::USUAL
    }
}

impl<'de, const LEAST: u32, const MOST: u32, const USUAL: u32> Deserialize<'de>
    for Number<LEAST, MOST, USUAL>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| {
            // Programs that know no whole numbers write `5.0`.
            let whole = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|digit| digit == b'0'));
            let number = whole.map_or(text, |(whole, _)| whole).parse().ok();
            let number = number.filter(|number| (LEAST..=MOST).contains(number));
            number.map(Self).ok_or_else(|| {
                let detail = Message::new("parameter-out-of-range")
                    .arg("text", text.to_owned())
                    .arg("least", LEAST.to_string())
                    .arg("most", MOST.to_string());
                Rejection::new(Code::InvalidField, "", detail)
            })
        })
    }
}

impl<const LEAST: u32, const MOST: u32, const USUAL: u32> PartialSchema for Number<LEAST, MOST, USUAL> {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        let number = number.format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)));
        number.minimum(Some(LEAST)).maximum(Some(MOST)).into()
    }
}

impl<const LEAST: u32, const MOST: u32, const USUAL: u32> ToSchema for Number<LEAST, MOST, USUAL> {}

/// How many items a page has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
pub struct Limit(Number<1, 200, 20>);

impl Limit {
    /// So many items.
    pub const fn get(self) -> usize {
        self.0.get() as usize
    }
}

/// Always the same: a cursor fits pages of any length, and what a query writes here decides whose cursor it is.
impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limit")
    }
}

impl PartialSchema for Limit {
    fn schema() -> RefOr<Schema> {
        Number::<1, 200, 20>::schema()
    }
}

impl ToSchema for Limit {}

/// Declares a value that is a text of some form: how it is read, and how the API document shows it.
macro_rules! texts {
    ($(#[doc = $doc:literal] $name:ident($of:ty) = $read:expr, |$text:ident| $schema:expr;)+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(pub $of);

        impl Deref for $name {
            type Target = $of;

            fn deref(&self) -> &$of {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                fields::text(deserializer, $read).map(Self)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let $text = ObjectBuilder::new().schema_type(Type::String);
                $schema.into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

/// A text without characters that nobody sees, and with at least one that somebody does.
const VISIBLE: &str = concat!(
    r"^[^\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164",
    r"\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]*[0-9A-Za-z\u00C0-\u00FF][^\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5",
    r"\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]*$",
);

texts! {
    /// A moment, RFC 3339.
    Moment(Timestamp) = moment,
        |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    /// A day of this century.
    Day(NaiveDate) = |text| read_date(text, ""),
        |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    /// Who made a change, as the log has it.
    Actor(String) = actor,
        |text| text.pattern(Some(format!(r"^\s*({}|([Kk][Ee][Yy]:)?[0-9A-Fa-f]{{8}}(-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}})\s*$", actors().map(in_either_case).collect::<Vec<_>>().join("|"))));
    /// A question as somebody types it.
    Sentence(String) = sentence,
        |text| text.max_length(Some(MOST_SENTENCE)).pattern(Some(VISIBLE)).examples(["icu,anak,tembalang"]);
    /// A name, or a telephone number.
    Words(String) = words, |text| text.max_length(Some(100)).pattern(Some(VISIBLE)).examples(["kariadi"]);
}

/// A day: a date, or a word that names one from today, such as `besok`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedDay {
    /// A date.
    On(NaiveDate),
    /// A word.
    From(RelativeDay),
}

impl NamedDay {
    /// The date, if it is `today`.
    pub fn date(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::On(date) => date,
            Self::From(day) => day.from(today),
        }
    }
}

impl<'de> Deserialize<'de> for NamedDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| {
            let phrase = lexicon::words(text).join(" ");
            RelativeDay::named(&phrase)
                .map_or_else(|| read_date(text, "").map(Self::On), |day| Ok(Self::From(day)))
        })
    }
}

impl PartialSchema for NamedDay {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).examples(["2021-07-01", "besok"]).into()
    }
}

impl ToSchema for NamedDay {}

/// Who changes something without a key.
fn actors() -> impl Iterator<Item = &'static str> {
    Operator::ALL.into_iter().map(Operator::name).chain([PUBLIC])
}

/// A pattern that is the word in capitals or not.
fn in_either_case(word: &str) -> String {
    word.chars().flat_map(|letter| ['[', letter.to_ascii_uppercase(), letter, ']']).collect()
}

/// The id of a key, with or without `key:` before it, or who changes something without one.
pub(crate) fn actor(text: &str) -> Result<String, Rejection> {
    let lower = text.trim().to_ascii_lowercase();
    if let Ok(id) = Uuid::try_parse(lower.strip_prefix("key:").unwrap_or(&lower)) {
        return Ok(format!("key:{id}"));
    }
    if let Some(name) = actors().find(|name| *name == lower) {
        return Ok(name.to_owned());
    }
    let known: Vec<_> = actors().collect();
    let detail = Message::new("not-an-actor").arg("text", text.to_owned()).arg("known", known.join(", "));
    Err(Rejection::new(Code::InvalidParameter, "", detail))
}

/// A `+` that was not percent-encoded has become a space.
fn moment(text: &str) -> Result<Timestamp, Rejection> {
    let time = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    time.map(|time| time.with_timezone(&Utc).trunc_subsecs(6)).map_err(|_| {
        let detail = Message::new("not-a-time").arg("text", text.to_owned());
        Rejection::new(Code::InvalidTime, "", detail)
    })
}

/// The longest question, in characters.
const MOST_SENTENCE: usize = 300;

fn sentence(text: &str) -> Result<String, Rejection> {
    let text = text.replace(char::is_control, " ");
    if !text.contains(char::is_alphanumeric) {
        return Err(Rejection::new(Code::MissingField, "", Message::new("search-for-nothing")));
    }
    short_text(&text, MOST_SENTENCE, "")
}

fn words(text: &str) -> Result<String, Rejection> {
    let text = text.to_lowercase().replace(char::is_control, " ");
    if text.trim().is_empty() {
        return Err(Rejection::new(Code::MissingField, "", Message::new("search-for-nothing")));
    }
    short_text(&text, 100, "")
}

/// The place that distances are measured from, in canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Near {
    /// A point, in hundred-thousandths of a degree (about one metre): latitude, longitude.
    Point(i32, i32),
    /// The place of a region.
    Region(RegionCode),
}

impl Near {
    /// The point, if it is one.
    pub fn point(self) -> Option<Point> {
        match self {
            Self::Point(lat, lon) => Some(Point { lat: f64::from(lat) / 1e5, lon: f64::from(lon) / 1e5 }),
            Self::Region(_) => None,
        }
    }
}

impl From<Point> for Near {
    #[expect(clippy::cast_possible_truncation, reason = "at most 18,000,000")]
    fn from(point: Point) -> Self {
        Self::Point((point.lat * 1e5).round() as i32, (point.lon * 1e5).round() as i32)
    }
}

impl<'de> Deserialize<'de> for Near {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| {
            if text.contains(',') {
                return Point::parse(text, "").map(Self::from);
            }
            RegionCode::parse(text, "").map(Self::Region)
        })
    }
}
