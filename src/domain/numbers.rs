//! Counts and the check of impossible numbers. Unknown is not zero.

use crate::locales::{self, Message};
use std::{
    fmt,
    ops::{Add, AddAssign, SubAssign},
};

use nonmax::NonMaxU32;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::rejection::{Code, Rejection, Rejections, pointer_token};

/// Whether people mean by this word, in lower case, that no place is free.
pub fn is_full(word: &str) -> bool {
    ["penuh", "full", "fullbed", "habis"].contains(&word)
}

/// Whether people mean none by this word, in lower case.
pub fn is_none(word: &str) -> bool {
    ["nol", "nihil", "zero"].contains(&word)
}

/// A whole number of places, 0 to 1,000,000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema,
)]
#[schema(value_type = u32, maximum = 1_000_000)]
#[serde(transparent)]
pub struct Count(NonMaxU32);

impl Count {
    /// The largest count that is believed.
    pub const MAX: Self = Self(NonMaxU32::new(1_000_000).expect("less than the largest u32"));

    /// A count, if it is not beyond [`Count::MAX`].
    pub fn new(value: u32) -> Option<Self> {
        NonMaxU32::new(value).map(Self).filter(|count| *count <= Self::MAX)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    fn from_i128(value: i128, pointer: &str) -> Result<Self, Rejection> {
        if value < 0 {
            return Err(Rejection::new(
                Code::NegativeCount,
                pointer,
                Message::new("count-is-negative").arg("value", value.to_string()),
            ));
        }
        u32::try_from(value).ok().and_then(Self::new).ok_or_else(|| too_large(&value.to_string(), pointer))
    }

    /// Reads a JSON number; null is unknown.
    pub fn from_json(value: &Value, pointer: &str) -> Result<Option<Self>, Rejection> {
        match value {
            Value::Null => Ok(None),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Self::from_i128(whole.into(), pointer).map(Some),
                (None, Some(float)) if float.fract() != 0.0 => Err(not_whole(&number.to_string(), pointer)),
                // 10.0 is whole, too. Casting stops at the ends of i64, which are no counts either.
                #[expect(clippy::cast_possible_truncation, reason = "what is cut off is too large anyway")]
                (None, Some(float)) if float.abs() <= 1e9 => {
                    Self::from_i128(float as i128, pointer).map(Some)
                }
                (None, Some(float)) if float < 0.0 => {
                    Self::from_i128(i128::from(i64::MIN), pointer).map(Some)
                }
                _ => Err(too_large(&number.to_string(), pointer)),
            },
            Value::String(_) => Err(Rejection::new(
                Code::NumberAsText,
                pointer,
                Message::new("number-as-text").arg("value", value.to_string()),
            )),
            other => Err(not_whole(&other.to_string(), pointer)),
        }
    }

    /// Reads a CSV cell; an empty cell is unknown.
    pub fn from_text(text: &str, pointer: &str) -> Result<Option<Self>, Rejection> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        match text.parse::<i128>() {
            Ok(value) => Self::from_i128(value, pointer).map(Some),
            Err(_) if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() => {
                Err(too_large(text, pointer))
            }
            Err(_) => Err(not_whole(text, pointer)),
        }
    }
}

impl From<Count> for locales::Value {
    fn from(number: Count) -> Self {
        number.get().into()
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn too_large(text: &str, pointer: &str) -> Rejection {
    let most = Count::MAX.get();
    Rejection::new(
        Code::CountTooLarge,
        pointer,
        Message::new("count-too-large").arg("text", text.to_string()).arg("most", most.to_string()),
    )
}

fn not_whole(text: &str, pointer: &str) -> Rejection {
    Rejection::new(
        Code::CountNotWhole,
        pointer,
        Message::new("count-not-whole").arg("text", text.to_string()),
    )
}

/// The four numbers of one type at one facility; each may be unknown. Only [`Numbers::check`] makes them from input, so
/// impossible combinations do not exist. Deserializing does not check: it reads stored rows, which passed the check
/// when they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
pub struct Numbers {
    capacity: Option<Count>,
    occupied: Option<Count>,
    available: Option<Count>,
    queue: Option<Count>,
}

/// The fields of [`Numbers`] on the wire, in order.
pub const FIELDS: [&str; 4] = ["capacity", "occupied", "available", "queue"];

impl Numbers {
    /// All four unknown: "we no longer know".
    pub const UNKNOWN: Self = Self { capacity: None, occupied: None, available: None, queue: None };

    /// Joins four counts, refusing what cannot be: available + occupied > capacity. `pointer` is the
    /// place the numbers stand at; the refusal names the field and both numbers.
    pub fn check(counts: [Option<Count>; 4], pointer: &str) -> Result<Self, Rejection> {
        let [capacity, occupied, available, queue] = counts;
        let used = occupied.map_or(0, Count::get) + available.map_or(0, Count::get);
        if let Some(capacity) = capacity.filter(|capacity| used > capacity.get()) {
            let capacity = capacity.get();
            let (field, detail) = match (occupied, available) {
                (Some(occupied), Some(available)) => (
                    "occupied",
                    Message::new("above-capacity-together")
                        .arg("available", available.get())
                        .arg("occupied", occupied.get())
                        .arg("used", used.to_string())
                        .arg("capacity", capacity),
                ),
                (Some(occupied), None) => (
                    "occupied",
                    Message::new("above-capacity-occupied")
                        .arg("occupied", occupied.get())
                        .arg("capacity", capacity),
                ),
                _ => (
                    "available",
                    Message::new("above-capacity-available")
                        .arg("available", used.to_string())
                        .arg("capacity", capacity),
                ),
            };
            return Err(Rejection::new(Code::AboveCapacity, format!("{pointer}/{field}"), detail));
        }
        Ok(Self { capacity, occupied, available, queue })
    }

    /// Reads `{"capacity": …, "occupied": …, "available": …, "queue": …}`; a missing field is unknown.
    pub fn from_json(value: &Value, pointer: &str) -> Result<Self, Vec<Rejection>> {
        let Value::Object(fields) = value else {
            return Err(vec![Rejection::new(
                Code::InvalidField,
                pointer,
                Message::new("numbers-are-an-object"),
            )]);
        };
        let mut refused = Vec::new();
        let unknown = fields.keys().filter(|field| !FIELDS.contains(&field.as_str()));
        for field in unknown.take(Rejections::MOST) {
            refused.push(Rejection::new(
                Code::UnknownField,
                format!("{pointer}/{}", pointer_token(field)),
                Message::new("none-of").arg("text", field).arg("known", FIELDS.to_vec()),
            ));
        }
        let counts = FIELDS.map(|field| {
            let value = fields.get(field).unwrap_or(&Value::Null);
            Count::from_json(value, &format!("{pointer}/{field}")).unwrap_or_else(|rejection| {
                refused.push(rejection);
                None
            })
        });
        if !refused.is_empty() {
            return Err(refused);
        }
        Self::check(counts, pointer).map_err(|rejection| vec![rejection])
    }

    /// The same with another capacity; refused where it is less than what is used and free.
    pub fn with_capacity(self, capacity: Option<Count>, pointer: &str) -> Result<Self, Rejection> {
        Self::check([capacity, self.occupied, self.available, self.queue], pointer)
    }

    /// The same, the capacity unknown.
    #[must_use]
    pub const fn without_capacity(self) -> Self {
        Self { capacity: None, ..self }
    }

    /// The capacity alone.
    #[must_use]
    pub const fn only_capacity(self) -> Self {
        Self { capacity: self.capacity, ..Self::UNKNOWN }
    }

    /// The four, in the order of [`FIELDS`].
    pub const fn counts(self) -> [Option<Count>; 4] {
        [self.capacity, self.occupied, self.available, self.queue]
    }

    /// How many there are in all.
    pub const fn capacity(self) -> Option<Count> {
        self.capacity
    }

    /// How many are in use.
    pub const fn occupied(self) -> Option<Count> {
        self.occupied
    }

    /// The number of free places.
    pub const fn available(self) -> Option<Count> {
        self.available
    }

    /// The number of people who wait.
    pub const fn queue(self) -> Option<Count> {
        self.queue
    }

    /// Whether nothing at all is known.
    pub fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }

    /// `delta` more places free, and as many fewer occupied where that is known.
    pub fn adjusted(self, delta: i32, pointer: &str) -> Result<Self, Rejection> {
        let Some(available) = self.available else {
            return Err(Rejection::new(Code::NothingToAdjust, pointer, Message::new("nothing-to-adjust")));
        };
        let shifted = i128::from(available.get()) + i128::from(delta);
        if shifted < 0 {
            return Err(Rejection::new(
                Code::NegativeCount,
                pointer,
                Message::new("too-few-free").arg("available", available.get()),
            ));
        }
        let available = Count::from_i128(shifted, pointer)?;
        // A facility may open a place that was neither free nor occupied before: occupied stops at zero.
        let occupied = self
            .occupied
            .map(|count| Count::from_i128((i128::from(count.get()) - i128::from(delta)).max(0), pointer))
            .transpose()?;
        Self::check([self.capacity, occupied, Some(available), self.queue], pointer)
            .map_err(|rejection| Rejection { pointer: pointer.to_owned().into(), ..rejection })
    }
}

/// The numbers in a report. The capacity may be left out, and then it stays as it is; null would make it unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The numbers; a capacity that is left out is unknown here.
    pub numbers: Numbers,
    /// Whether the capacity is left out.
    pub leaves_out_capacity: bool,
}

impl Statement {
    /// Reads it as [`Numbers::from_json`] does.
    pub fn from_json(value: &Value, pointer: &str) -> Result<Self, Vec<Rejection>> {
        let numbers = Numbers::from_json(value, pointer)?;
        Ok(Self { numbers, leaves_out_capacity: value.get("capacity").is_none() })
    }

    /// A report of numbers, of which an unknown capacity is left out.
    pub fn of_known(numbers: Numbers) -> Self {
        Self { numbers, leaves_out_capacity: numbers.capacity.is_none() }
    }

    /// A report of everything but the capacity.
    pub const fn without_capacity(numbers: Numbers) -> Self {
        Self { numbers: numbers.without_capacity(), leaves_out_capacity: true }
    }
}

/// A report of all four.
impl From<Numbers> for Statement {
    fn from(numbers: Numbers) -> Self {
        Self { numbers, leaves_out_capacity: false }
    }
}

/// A sum of counts of many facilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = u64)]
pub struct Sum(u64);

impl From<Sum> for locales::Value {
    fn from(number: Sum) -> Self {
        number.0.into()
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Sum {
    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl Add<Count> for Sum {
    type Output = Self;

    fn add(self, count: Count) -> Self {
        Self(self.0 + u64::from(count.get()))
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Sum {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn numbers(capacity: i64, occupied: i64, available: i64) -> Result<Numbers, Vec<Rejection>> {
        let field = |value: i64| if value < 0 { Value::Null } else { json!(value) };
        Numbers::from_json(
            &json!({"capacity": field(capacity), "occupied": field(occupied), "available": field(available)}),
            "/values/bed.icu",
        )
    }

    #[rstest]
    #[case(10, 7, 3)]
    #[case(10, 7, 0)]
    #[case(-1, 7, 3)]
    #[case(10, -1, -1)]
    #[case(-1, -1, 0)]
    #[case(-1, -1, -1)]
    fn possible_numbers_pass(#[case] capacity: i64, #[case] occupied: i64, #[case] available: i64) {
        assert!(numbers(capacity, occupied, available).is_ok());
    }

    #[rstest]
    #[case(10, 8, 3, "/values/bed.icu/occupied")]
    #[case(10, 11, -1, "/values/bed.icu/occupied")]
    #[case(10, -1, 11, "/values/bed.icu/available")]
    #[case(0, 0, 1, "/values/bed.icu/occupied")]
    fn impossible_numbers_are_refused(
        #[case] capacity: i64,
        #[case] occupied: i64,
        #[case] available: i64,
        #[case] pointer: &str,
    ) {
        let refused = numbers(capacity, occupied, available).unwrap_err();
        assert_eq!((refused[0].code, refused[0].pointer.as_ref()), (Code::AboveCapacity, pointer));
    }

    #[rstest]
    #[case(json!(-1), Code::NegativeCount)]
    #[case(json!(-1e300), Code::NegativeCount)]
    #[case(json!(1_000_001), Code::CountTooLarge)]
    #[case(json!(u64::MAX), Code::CountTooLarge)]
    #[case(json!(1e300), Code::CountTooLarge)]
    #[case(json!(1.5), Code::CountNotWhole)]
    #[case(json!(true), Code::CountNotWhole)]
    #[case(json!([1]), Code::CountNotWhole)]
    #[case(json!("7"), Code::NumberAsText)]
    fn what_is_no_count_says_why(#[case] value: Value, #[case] code: Code) {
        assert_eq!(Count::from_json(&value, "").unwrap_err().code, code);
    }

    #[rstest]
    #[case("-1", Code::NegativeCount)]
    #[case("99999999999999999999999999999999999999999999", Code::CountTooLarge)]
    #[case("1.5", Code::CountNotWhole)]
    #[case("tujuh", Code::CountNotWhole)]
    #[case("-", Code::CountNotWhole)]
    fn csv_cells_say_why_too(#[case] text: &str, #[case] code: Code) {
        assert_eq!(Count::from_text(text, "").unwrap_err().code, code);
    }

    #[test]
    fn an_adjustment_moves_free_and_occupied_together() {
        let before = numbers(10, 7, 3).unwrap();
        let after = before.adjusted(-1, "").unwrap();
        assert_eq!((after.available().unwrap().get(), after.occupied().unwrap().get()), (2, 8));
        assert_eq!(before.adjusted(-4, "").unwrap_err().code, Code::NegativeCount);
        assert_eq!(numbers(10, -1, 10).unwrap().adjusted(1, "").unwrap_err().code, Code::AboveCapacity);
        assert_eq!(Numbers::UNKNOWN.adjusted(1, "").unwrap_err().code, Code::NothingToAdjust);
    }

    proptest::proptest! {
        #[test]
        fn no_numbers_exceed_their_capacity(capacity in 0u32..50, occupied in 0u32..50, available in 0u32..50, delta in -5i32..5) {
            let count = |value| Count::new(value);
            if let Ok(numbers) = Numbers::check([count(capacity), count(occupied), count(available), None], "") {
                proptest::prop_assert!(occupied + available <= capacity);
                if let Ok(after) = numbers.adjusted(delta, "") {
                    proptest::prop_assert!(after.occupied().unwrap().get() + after.available().unwrap().get() <= capacity);
                }
            } else {
                proptest::prop_assert!(occupied + available > capacity);
            }
        }

        #[test]
        fn reading_a_cell_never_panics(text in "\\PC*") {
            let _ = Count::from_text(&text, "");
        }
    }
}
