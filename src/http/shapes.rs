//! How the texts in parameters look, for the API document: what does not look so is refused.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
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
    /// Visible ASCII, such as a UUID.
    IdempotencyKey = |text| text.pattern(Some("^[!-~]{1,128}$")), "0196f1b0-0000-7000-8000-000000000000";
    /// An `ETag` as it came, or several, or `*`.
    Tags = |text| text.pattern(Some(r#"^(\*|(W/)?"[0-9]{1,18}[^"]*"(, *(W/)?"[0-9]{1,18}[^"]*")*)$"#)), "\"8721\"";
}
