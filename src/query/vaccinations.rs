//! Where can one be vaccinated? The question in canonical form, with its days written out.

pub(crate) mod answer;

use chrono::{Days, NaiveDate};

use crate::{
    domain::{
        freshness::Freshness,
        ranking::SessionRank,
        region::Zone,
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        resource_type::{Kind, ResourceFilter},
        session::{Session, local_date},
        text::Slug,
    },
    query::{
        AvailabilityQuery, Query, area, cursor,
        params::{Near, Params},
    },
    snapshot::Snapshot,
};

/// How many days ahead are looked at if none are named.
const USUAL_DAYS: u64 = 7;
/// How many days ahead of the first the last may be.
const MOST_DAYS: i64 = 31;

/// Where can one be vaccinated?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VaccinationsQuery {
    /// Where, how many places must be left, which names, how long a page is.
    pub area: AvailabilityQuery,
    /// The first day, local.
    pub first: NaiveDate,
    /// The last day, local.
    pub last: NaiveDate,
    /// Only this product.
    pub product: Option<Slug>,
    /// Only where this dose is given.
    pub dose: Option<u8>,
    /// Only where somebody of this age may come.
    pub age: Option<u8>,
    /// Only with, or only without, coming unbooked.
    pub walk_in: Option<bool>,
    /// The last item of the page before.
    pub after: Option<SessionRank>,
}

impl Query {
    /// Reads the parameters of `/v1/vaccinations`. What they mean depends on the day, so a new day is a new
    /// vocabulary.
    pub fn vaccinations(query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let area = area(&mut params, Kind::Vaccination, state)?;
        let (first, last) = days(&mut params, today(&area, state), local_date(state.now(), Zone::Wib))?;
        let small = |number: Option<u32>| number.and_then(|number| u8::try_from(number).ok());
        let mut query = VaccinationsQuery {
            area,
            first,
            last,
            product: params.take_slug("product")?,
            dose: small(params.take_number("dose", 1..=9)?),
            age: small(params.take_number("age", 0..=130)?),
            walk_in: params.take_bool("walk_in")?,
            after: None,
        };
        let cursor = params.take_cursor()?;
        params.finish(
            "region, near, within, date, from, to, product, dose, age, walk_in, min, q, limit, cursor, as_of",
        )?;
        query.after = cursor.map(|text| cursor::open(&text, &query.without_page())).transpose()?;
        Ok(Self::Vaccinations(query))
    }
}

impl VaccinationsQuery {
    /// Anything in `region` on the usual days.
    pub(crate) fn coming(region: RegionCode, state: &Snapshot) -> Self {
        let area = AvailabilityQuery {
            kind: Kind::Vaccination,
            region: Some(region),
            near: None,
            within_km: None,
            filter: ResourceFilter::default(),
            min: 1,
            freshness: Freshness::Unknown,
            q: None,
            limit: 0,
            after: None,
        };
        let first = today(&area, state);
        let last = first + Days::new(USUAL_DAYS);
        Self { area, first, last, product: None, dose: None, age: None, walk_in: None, after: None }
    }

    /// Whether `session` is one of those that are asked for, whatever is left of it.
    pub(crate) fn fits(&self, session: &Session) -> bool {
        !session.cancelled
            && self.product.as_ref().is_none_or(|product| *product == session.product)
            && self.dose.is_none_or(|dose| session.doses.contains(&dose))
            && self.age.is_none_or(|age| session.admits(age))
            && self.walk_in.is_none_or(|walk_in| walk_in == session.walk_in)
    }

    /// The question that all its pages share.
    pub(crate) fn without_page(&self) -> Self {
        Self { after: None, area: self.area.without_page(), ..self.clone() }
    }
}

/// The day it is where the question is about: at the place it names, in its region, or around its point.
pub(crate) fn today(area: &AvailabilityQuery, state: &Snapshot) -> NaiveDate {
    let home = match area.near {
        Some(Near::Region(code)) => Some(code),
        near => area.region.or_else(|| state.regency_near(near?.point()?)),
    };
    let zone = home.map_or(Zone::Wib, |code| state.zone(code));
    local_date(state.now(), zone)
}

/// The days asked for; refused if they are over. `yet` is the date where the day begins last.
fn days(params: &mut Params, today: NaiveDate, yet: NaiveDate) -> Result<(NaiveDate, NaiveDate), Rejection> {
    let (only, from, to) = (params.take_date("date")?, params.take_date("from")?, params.take_date("to")?);
    let wrong =
        |name: &str, en: String, id: String| Err(Rejection::old(Code::ParametersDisagree, name, en, id));
    let over = |name: &str, last: NaiveDate| {
        Err(Rejection::old(
            Code::InvalidDate,
            name,
            format!("{last} is over: today is {yet}; ask about a day to come"),
            format!("{last} sudah lewat: hari ini {yet}; tanyakan tanggal berikutnya"),
        ))
    };
    match (only, from, to) {
        (Some(only), None, None) if only < yet => over("date", only),
        (Some(only), None, None) => Ok((only, only)),
        (Some(_), ..) => wrong(
            "date",
            "give either 'date', or 'from' and 'to'".to_owned(),
            "isi 'date' saja, atau 'from' dan 'to'".to_owned(),
        ),
        (None, from, to) => {
            let first = from.unwrap_or(today);
            let last = to.unwrap_or(first + Days::new(USUAL_DAYS));
            match (last - first).num_days() {
                _ if last < yet => over(if to.is_some() { "to" } else { "from" }, last),
                ..0 => wrong(
                    "to",
                    format!("{last} is before {first}; exchange them, or leave one out"),
                    format!("{last} sebelum {first}; tukar keduanya, atau kosongkan salah satu"),
                ),
                0..=MOST_DAYS => Ok((first, last)),
                _ => wrong(
                    "to",
                    format!("{last} is more than {MOST_DAYS} days after {first}; ask for fewer days"),
                    format!("{last} lebih dari {MOST_DAYS} hari setelah {first}; persempit rentangnya"),
                ),
            }
        }
    }
}
