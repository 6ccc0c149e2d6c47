//! The parameters of a question as they stand in a URL.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use percent_encoding::percent_decode_str;

use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        geo::Point,
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        session_time,
        text::{Slug, visible},
    },
};

/// The decoded parameters; each is taken once, and what is left over is refused.
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a query string: `a=1&b=2`, percent-encoded UTF-8.
    pub fn parse(query: &str) -> Result<Self, Rejection> {
        let decoded = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8().map(String::from).map_err(|_| {
                Rejection::old(
                    Code::InvalidEncoding,
                    "query",
                    "the parameters are not UTF-8; percent-encode them from UTF-8",
                    "parameter bukan UTF-8; gunakan percent-encoding dari UTF-8",
                )
            })
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            visible(&name, "query")?;
            visible(&value.replace(char::is_control, " "), &name)?;
            Ok((name, value))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// The value of `name`, trimmed. Given twice or without a value, it is refused: a client that lost the region would
    /// get an answer about the whole country.
    pub fn take(&mut self, name: &str) -> Result<Option<String>, Rejection> {
        let mut values = self.take_all(name).into_iter();
        match (values.next(), values.next()) {
            (Some(value), None) if value.trim().is_empty() => Err(empty(name)),
            (value, None) => Ok(value.map(|value| value.trim().to_owned())),
            (_, Some(_)) => Err(Rejection::old(
                Code::InvalidParameter,
                name,
                format!("'{name}' is given more than once; give it once"),
                format!("'{name}' diberikan lebih dari sekali; berikan sekali saja"),
            )),
        }
    }

    /// The values of a list: `name=a,b` and `name=a&name=b` are the same.
    pub fn take_list(&mut self, name: &str) -> Result<Vec<String>, Rejection> {
        let values = self.take_all(name);
        let parts = values.iter().flat_map(|value| value.split(',')).map(str::trim);
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
        if parts.is_empty() && !values.is_empty() { Err(empty(name)) } else { Ok(parts) }
    }

    /// Where a page starts; nothing is the first.
    pub fn take_cursor(&mut self) -> Result<Option<String>, Rejection> {
        self.0.retain(|(name, value)| name != "cursor" || !value.is_empty());
        self.take("cursor")
    }

    fn take_all(&mut self, name: &str) -> Vec<String> {
        let (taken, left) = std::mem::take(&mut self.0).into_iter().partition(|(have, _)| have == name);
        self.0 = left;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// A truth value: `true` or `false`.
    pub fn take_bool(&mut self, name: &str) -> Result<Option<bool>, Rejection> {
        self.take(name)?
            .map(|text| match text.as_str() {
                "true" | "1" => Ok(true),
                "false" | "0" => Ok(false),
                _ => Err(invalid(name, &text, "true or false", "true atau false")),
            })
            .transpose()
    }

    /// A whole number within `range`.
    pub fn take_number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Result<Option<u32>, Rejection> {
        let (least, most) = (*range.start(), *range.end());
        let allowed = |text: &str| {
            let code = if name == "limit" { Code::LimitOutOfRange } else { Code::InvalidParameter };
            Rejection::old(
                code,
                name,
                format!("'{text}' is not a whole number from {least} to {most}"),
                format!("'{text}' bukan bilangan bulat dari {least} sampai {most}"),
            )
        };
        self.take(name)?
            .map(|text| {
                text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| allowed(&text))
            })
            .transpose()
    }

    /// The number of a change; `next` of a page of changes is one, too.
    pub fn take_seq(&mut self, name: &str) -> Result<Option<Seq>, Rejection> {
        let read = |text: String| {
            let number = text.parse().ok().filter(|seq| *seq <= i64::MAX.unsigned_abs());
            number.ok_or_else(|| {
                invalid(name, &text, "the number of a change, such as 8721", "nomor perubahan, misalnya 8721")
            })
        };
        self.take(name)?.map(read).transpose()
    }

    /// A moment, RFC 3339. A `+` that was not percent-encoded has become a space.
    pub fn take_time(&mut self, name: &str) -> Result<Option<Timestamp>, Rejection> {
        let read = |text: String| {
            let time = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
            time.map(|time| time.with_timezone(&Utc).trunc_subsecs(6)).map_err(|_| {
                Rejection::old(
                    Code::InvalidTime,
                    name,
                    format!("'{text}' is not an RFC 3339 time such as 2021-07-01T14:05:00+07:00"),
                    format!("'{text}' bukan waktu RFC 3339 seperti 2021-07-01T14:05:00+07:00"),
                )
            })
        };
        self.take(name)?.map(read).transpose()
    }

    /// A day of this century.
    pub fn take_date(&mut self, name: &str) -> Result<Option<NaiveDate>, Rejection> {
        self.take(name)?.map(|text| session_time::date(&text, name)).transpose()
    }

    /// A word, such as an age group.
    pub fn take_slug(&mut self, name: &str) -> Result<Option<Slug>, Rejection> {
        self.take(name)?.map(|text| Slug::parse(&text, name)).transpose()
    }

    /// A region code.
    pub fn take_region(&mut self, name: &str) -> Result<Option<RegionCode>, Rejection> {
        self.take(name)?.map(|text| RegionCode::parse(&text, name)).transpose()
    }

    /// Refuses what nobody took.
    pub fn finish(self, known: &str) -> Result<(), Rejections> {
        let unknown = self.0.iter().map(|(name, _)| {
            Rejection::old(
                Code::UnknownParameter,
                name,
                format!("there is no parameter '{name}' here; the parameters are {known}"),
                format!("tidak ada parameter '{name}' di sini; parameter yang ada: {known}"),
            )
        });
        Rejections::unless_empty(unknown, ())
    }
}

fn empty(name: &str) -> Rejection {
    Rejection::old(
        Code::InvalidParameter,
        name,
        format!("'{name}' is empty; give it a value, or leave it out"),
        format!("'{name}' kosong; isi nilainya, atau hilangkan"),
    )
}

/// The refusal of a parameter that is not one of some values.
pub(crate) fn invalid(name: &str, text: &str, en: &str, id: &str) -> Rejection {
    Rejection::old(
        Code::InvalidParameter,
        name,
        format!("'{text}' is not one of: {en}"),
        format!("'{text}' bukan salah satu dari: {id}"),
    )
}

/// The place that distances are measured from, in canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Near {
    /// A point, in hundred-thousandths of a degree (about one metre): latitude, longitude.
    Point(i32, i32),
    /// Where a region is.
    Region(RegionCode),
}

impl Near {
    /// Reads `lat,lon` or a region code.
    pub fn parse(text: &str, name: &str) -> Result<Self, Rejection> {
        if text.contains(',') {
            return Point::parse(text, name).map(Self::from);
        }
        RegionCode::parse(text, name).map(Self::Region)
    }

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::query::params::*;

    #[test]
    fn one_question_written_in_many_ways_is_one_question() {
        let read = |query: &str| {
            let mut params = Params::parse(query).unwrap();
            (
                params.take("region").unwrap(),
                params.take_list("type").unwrap(),
                params.take_number("min", 0..=9).unwrap(),
            )
        };
        let plain = read("region=33.74&type=bed.icu,bed.hcu&min=1");
        assert_eq!(read("min=1&type=bed.icu&region=33.74&type=bed.hcu"), plain);
        assert_eq!(read("region=33%2E74&&cursor=&type=bed.icu%2Cbed.hcu&min=+1"), plain);
    }

    #[test]
    fn what_is_wrong_names_the_parameter() {
        assert_eq!(Params::parse("q=%ff").err().unwrap().code, Code::InvalidEncoding);
        let mut params = Params::parse("a=1&a=2&limit=201&flag=maybe&zzz=1").unwrap();
        assert_eq!(params.take("a").unwrap_err().pointer, "a");
        assert_eq!(params.take_number("limit", 1..=200).unwrap_err().code, Code::LimitOutOfRange);
        assert_eq!(params.take_bool("flag").unwrap_err().code, Code::InvalidParameter);
        assert_eq!(params.finish("a").unwrap_err().first().pointer, "zzz");
    }

    proptest! {
        #[test]
        fn no_query_string_panics(query in "\\PC{0,60}") {
            if let Ok(mut params) = Params::parse(&query) {
                let _ = (params.take("near").map(|near| near.map(|near| Near::parse(&near, "near"))), params.take_list("type"));
            }
        }
    }
}
