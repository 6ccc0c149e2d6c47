//! Why something was refused: a stable code, the field, and what to do about it.

use std::{borrow::Cow, cell::Cell};

use serde::Serialize;
use utoipa::ToSchema;

use crate::locales::Message;

/// The class of a failure; the number is its HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
#[expect(missing_docs, reason = "the names are those of the statuses")]
pub enum Class {
    Malformed = 400,
    Unauthenticated = 401,
    Forbidden = 403,
    NotFound = 404,
    Method = 405,
    NotAcceptable = 406,
    Timeout = 408,
    Conflict = 409,
    Gone = 410,
    Precondition = 412,
    TooLarge = 413,
    MediaType = 415,
    Invalid = 422,
    TooMany = 429,
    Internal = 500,
    Unavailable = 503,
}

/// Declares the codes: one row is the variant, its wire name, its class and the message of its title.
macro_rules! codes {
    ($($variant:ident $name:literal $class:ident $title:literal;)+) => {
        /// A stable code of a refusal. Codes are never renamed; the table in this file is the list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`")] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code that is called so on the wire.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The kind of failure.
            pub const fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class,)+ }
            }

            /// The title, the same for every occurrence.
            pub const fn title(self) -> Message {
                match self { $(Self::$variant => Message::new($title),)+ }
            }
        }
    };
}

codes! {
    // Queries
    UnknownRegion "unknown_region" NotFound "problem-unknown-region";
    InvalidRegionCode "invalid_region_code" Malformed "problem-invalid-region-code";
    AmbiguousRegion "ambiguous_region" Malformed "problem-ambiguous-region";
    RegionCodeWithoutDots "region_code_without_dots" Malformed "problem-region-code-without-dots";
    BpsCode "bps_code" Malformed "problem-bps-code";
    UnknownType "unknown_type" Invalid "problem-unknown-type";
    AmbiguousType "ambiguous_type" Invalid "problem-ambiguous-type";
    InvalidTypeCode "invalid_type_code" Invalid "problem-invalid-type-code";
    UnknownFacility "unknown_facility" NotFound "problem-unknown-facility";
    AmbiguousFacility "ambiguous_facility" Invalid "problem-ambiguous-facility";
    UnknownContact "unknown_contact" NotFound "problem-unknown-contact";
    UnknownKey "unknown_key" NotFound "problem-unknown-key";
    UnknownLink "unknown_link" NotFound "problem-unknown-link";
    UnknownMark "unknown_mark" NotFound "problem-unknown-mark";
    UnknownRoom "unknown_room" NotFound "problem-unknown-room";
    UnknownParameter "unknown_parameter" Malformed "problem-unknown-parameter";
    InvalidParameter "invalid_parameter" Malformed "problem-invalid-parameter";
    ParametersDisagree "parameters_disagree" Invalid "problem-parameters-disagree";
    UnknownWord "unknown_word" Invalid "problem-unknown-word";
    LimitOutOfRange "limit_out_of_range" Malformed "problem-limit-out-of-range";
    InvalidCursor "invalid_cursor" Malformed "problem-invalid-cursor";
    CursorOfAnotherQuery "cursor_of_another_query" Malformed "problem-cursor-of-another-query";
    InvalidCoordinates "invalid_coordinates" Invalid "problem-invalid-coordinates";
    UnknownSession "unknown_session" NotFound "problem-unknown-session";
    NotKept "not_kept" Gone "problem-not-kept";
    UnknownSeq "unknown_seq" Precondition "problem-unknown-seq";
    AsOfInFuture "as_of_in_future" Invalid "problem-as-of-in-future";
    // Reports
    NegativeCount "negative_count" Invalid "problem-negative-count";
    CountTooLarge "count_too_large" Invalid "problem-count-too-large";
    CountNotWhole "count_not_whole" Invalid "problem-count-not-whole";
    NumberAsText "number_as_text" Invalid "problem-number-as-text";
    AboveCapacity "above_capacity" Invalid "problem-above-capacity";
    ObservedInFuture "observed_in_future" Invalid "problem-observed-in-future";
    InvalidTime "invalid_time" Invalid "problem-invalid-time";
    NothingReported "nothing_reported" Invalid "problem-nothing-reported";
    NothingToAdjust "nothing_to_adjust" Invalid "problem-nothing-to-adjust";
    ConfirmJump "confirm_jump" Conflict "problem-confirm-jump";
    AlreadyClaimed "already_claimed" Conflict "problem-already-claimed";
    ConfirmHold "confirm_hold" Conflict "problem-confirm-hold";
    TooManyMarks "too_many_marks" Invalid "problem-too-many-marks";
    FacilityClosed "facility_closed" Conflict "problem-facility-closed";
    DuplicateRow "duplicate_row" Invalid "problem-duplicate-row";
    RoomsTogether "rooms_together" Invalid "problem-rooms-together";
    LikelyDuplicate "likely_duplicate" Invalid "problem-likely-duplicate";
    AllRowsRefused "all_rows_refused" Invalid "problem-all-rows-refused";
    IncompleteRow "incomplete_row" Invalid "problem-incomplete-row";
    TooManyRows "too_many_rows" TooLarge "problem-too-many-rows";
    NoOccurrence "no_occurrence" Invalid "problem-no-occurrence";
    SessionOver "session_over" Invalid "problem-session-over";
    TooManyRooms "too_many_rooms" Invalid "problem-too-many-rooms";
    // Changes
    InvalidDate "invalid_date" Invalid "problem-invalid-date";
    InvalidSchedule "invalid_schedule" Invalid "problem-invalid-schedule";
    InvalidUrl "invalid_url" Invalid "problem-invalid-url";
    TooManySessions "too_many_sessions" Invalid "problem-too-many-sessions";
    InvalidText "invalid_text" Invalid "problem-invalid-text";
    InvalidWord "invalid_word" Invalid "problem-invalid-word";
    InvalidPhone "invalid_phone" Invalid "problem-invalid-phone";
    InvalidExternalId "invalid_external_id" Invalid "problem-invalid-external-id";
    ExternalIdTaken "external_id_taken" Conflict "problem-external-id-taken";
    MissingField "missing_field" Invalid "problem-missing-field";
    UnknownField "unknown_field" Invalid "problem-unknown-field";
    InvalidField "invalid_field" Invalid "problem-invalid-field";
    VersionMismatch "version_mismatch" Precondition "problem-version-mismatch";
    IdempotencyKeyReused "idempotency_key_reused" Invalid "problem-idempotency-key-reused";
    InvalidIdempotencyKey "invalid_idempotency_key" Malformed "problem-invalid-idempotency-key";
    // Keys and rights
    KeyRequired "key_required" Unauthenticated "problem-key-required";
    KeyInvalid "key_invalid" Unauthenticated "problem-key-invalid";
    KeyExpired "key_expired" Unauthenticated "problem-key-expired";
    KeyRevoked "key_revoked" Unauthenticated "problem-key-revoked";
    RoleNotAllowed "role_not_allowed" Forbidden "problem-role-not-allowed";
    OutsideScope "outside_scope" Forbidden "problem-outside-scope";
    ProviderRefused "provider_refused" Forbidden "problem-provider-refused";
    ProviderUnavailable "provider_unavailable" Unavailable "problem-provider-unavailable";
    // How it was sent
    InvalidBody "invalid_body" Malformed "problem-invalid-body";
    InvalidEncoding "invalid_encoding" Malformed "problem-invalid-encoding";
    BodyTooLarge "body_too_large" TooLarge "problem-body-too-large";
    UnsupportedMediaType "unsupported_media_type" MediaType "problem-unsupported-media-type";
    NotAcceptable "not_acceptable" NotAcceptable "problem-not-acceptable";
    NotFound "not_found" NotFound "problem-not-found";
    MethodNotAllowed "method_not_allowed" Method "problem-method-not-allowed";
    RequestTimeout "request_timeout" Timeout "problem-request-timeout";
    // The node itself
    Unavailable "unavailable" Unavailable "problem-unavailable";
    Behind "behind" Unavailable "problem-behind";
    HistoryUnavailable "history_unavailable" Unavailable "problem-history-unavailable";
    TooManyRequests "too_many_requests" TooMany "problem-too-many-requests";
    Overloaded "overloaded" Unavailable "problem-overloaded";
    Internal "internal" Internal "problem-internal";
}

thread_local! {
    static CARRIED: Cell<Option<Rejection>> = const { Cell::new(None) };
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The stable code.
    pub code: Code,
    /// The field: a JSON pointer into the body (`/values/bed.icu/occupied`), or the bare name of a
    /// parameter, header or column; empty when nothing smaller than the request is to blame.
    pub pointer: Cow<'static, str>,
    /// The error and how to mend it.
    pub detail: Message,
    /// What may have been meant, the likeliest first.
    pub choices: Box<[Choice]>,
}

/// One of the things that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Choice {
    /// What to send in its place: the code of a region or a type, or the id of a facility.
    #[schema(example = "33.74")]
    pub code: String,
    /// Its name, with its kind.
    #[schema(example = "Kota Semarang")]
    pub name: String,
    /// The names from the province down to it, or to where it is; empty for what has no place.
    pub path: Vec<String>,
}

impl Rejection {
    /// A refusal of the field at `pointer`.
    pub fn new(code: Code, pointer: impl AsRef<str>, detail: Message) -> Self {
        Self { code, pointer: Cow::Owned(pointer.as_ref().to_owned()), detail, choices: Box::default() }
    }

    /// The refusal of what ran into a defect of the program. The log has the rest.
    pub fn of_defect() -> Self {
        Self::new(Code::Internal, "", Message::new("internal-panicked"))
    }

    /// This refusal with what may have been meant, the likeliest first.
    #[must_use]
    pub fn with_choices(self, choices: Vec<Choice>) -> Self {
        Self { choices: choices.into(), ..self }
    }

    /// The rejection as an error of whatever serde reads from. Serde lets an error be made of nothing but text, so
    /// that the rejection waits beside it for [`super::fields::Unfit`] to take it; any other error says its text.
    pub fn through_serde<E: serde::de::Error>(self) -> E {
        let said = self.detail.to_string();
        CARRIED.set(Some(self));
        let error = E::custom(said);
        CARRIED.take();
        error
    }

    /// The rejection that is on its way through serde.
    pub(super) fn from_serde() -> Option<Self> {
        CARRIED.take()
    }

    /// This refusal seen from one level up: `prefix` goes before the pointer.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer = Cow::Owned(format!("{prefix}{}", self.pointer));
        self
    }
}

/// Everything that is wrong with one request, up to [`Rejections::MOST`]; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejections(Vec<Rejection>);

impl Rejections {
    /// How many refusals one answer lists at most: nobody mends more at once, and an answer must not be many
    /// times larger than the request.
    pub const MOST: usize = 50;

    /// The first refusal: its code and status speak for all.
    pub fn first(&self) -> &Rejection {
        &self.0[0]
    }

    /// All refusals, in the order they were found.
    pub fn all(&self) -> &[Rejection] {
        &self.0
    }

    /// These refusals, each changed by `change`.
    #[must_use]
    pub fn map(self, change: impl FnMut(Rejection) -> Rejection) -> Self {
        Self(self.0.into_iter().map(change).collect())
    }

    /// `Ok(value)` if nothing was refused.
    pub fn unless_empty<T>(refused: impl IntoIterator<Item = Rejection>, value: T) -> Result<T, Self> {
        let refused: Vec<Rejection> = refused.into_iter().take(Self::MOST).collect();
        if refused.is_empty() { Ok(value) } else { Err(Self(refused)) }
    }
}

impl From<Rejection> for Rejections {
    fn from(rejection: Rejection) -> Self {
        Self(vec![rejection])
    }
}

/// A key in a JSON pointer, escaped as RFC 6901 says.
pub fn pointer_token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
