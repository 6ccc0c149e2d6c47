//! How the texts in parameters look, for the API document: what does not look so is refused.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{KnownFormat, Schema, SchemaFormat, Type},
    },
};

/// Declares a text of some shape, with an example.
macro_rules! shapes {
    ($(#[doc = $doc:literal] $name:ident = |$text:ident| $shaped:expr, $example:literal;)+) => {$(
        #[doc = $doc]
        pub(super) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let $text = ObjectBuilder::new().schema_type(Type::String).examples([$example]);
                $shaped.into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

shapes! {
    /// `lat,lon` in degrees, or the Kemendagri code of a region.
    Near = |text| text.pattern(Some(
        r"^-?[0-9]{1,2}(\.[0-9]{1,9})?,-?[0-9]{1,3}(\.[0-9]{1,9})?$|^(0[1-9]|[1-9][0-9])(\.(0[1-9]|[1-9][0-9])){0,2}$",
    )), "33.74.10";
    /// Kemendagri code with dots. Of a parameter the digits are not all zero in any part.
    Region = |text| text.pattern(Some(crate::domain::region_code::PATTERN)), "33.74";
    /// The code of a resource type.
    Resource = |text| text.pattern(Some(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")).max_length(Some(60)), "bed.icu_vent";
    /// A word of lower-case letters, digits and `_`.
    Word = |text| text.pattern(Some("^[a-z0-9_]{1,40}$")), "hospital";
    /// A moment, RFC 3339.
    Moment = |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))), "2021-07-01T14:00:00+07:00";
    /// A day.
    Day = |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))), "2021-07-01";
    /// What a name or a telephone is looked for by.
    Words = |text| text.min_length(Some(1)).max_length(Some(100)), "kariadi";
    /// `next` of the page before, as it is.
    Cursor = |text| text.pattern(Some("^[A-Za-z0-9_-]*$")), "";
    /// Visible ASCII, such as a UUID.
    IdempotencyKey = |text| text.pattern(Some("^[!-~]{1,128}$")), "0196f1b0-0000-7000-8000-000000000000";
    /// An `ETag` as it came, or several, or `*`.
    Tags = |text| text.pattern(Some(r#"^(\*|(W/)?"[0-9]{1,18}[^"]*"(, *(W/)?"[0-9]{1,18}[^"]*")*)$"#)), "\"8721\"";
}
