//! Why something was refused: a stable code, the field, and what to do about it, in both languages.

use std::borrow::Cow;

use super::language::Bilingual;

/// Declares the codes: one row is the variant, its wire name and its title in both languages.
macro_rules! codes {
    ($($variant:ident $name:literal $en:literal $id:literal;)+) => {
        /// A stable code of a refusal. Codes are never renamed; the table in this file is the list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $en] $variant,)+
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

            /// The title: what kind of refusal this is, the same for every occurrence.
            pub fn title(self) -> Bilingual {
                match self { $(Self::$variant => Bilingual::new($en, $id),)+ }
            }
        }
    };
}

codes! {
    // What was asked
    UnknownRegion "unknown_region" "There is no such region" "Wilayah tidak dikenal";
    InvalidRegionCode "invalid_region_code" "This is not a region code" "Kode wilayah tidak sah";
    RegionCodeWithoutDots "region_code_without_dots" "The region code needs its dots" "Kode wilayah harus memakai titik";
    BpsCode "bps_code" "This looks like a BPS code" "Ini tampak seperti kode BPS";
    UnknownType "unknown_type" "There is no such resource type" "Jenis sumber daya tidak dikenal";
    InvalidTypeCode "invalid_type_code" "This is not a type code" "Kode jenis tidak sah";
    UnknownFacility "unknown_facility" "There is no such facility" "Fasilitas tidak dikenal";
    UnknownContact "unknown_contact" "There is no such contact" "Kontak tidak dikenal";
    UnknownKey "unknown_key" "There is no such key" "Kunci tidak dikenal";
    UnknownLink "unknown_link" "There is no such link" "Tautan tidak dikenal";
    UnknownMark "unknown_mark" "There is no such mark" "Catatan tidak dikenal";
    UnknownRoom "unknown_room" "There is no such room" "Ruang tidak dikenal";
    UnknownParameter "unknown_parameter" "There is no such parameter" "Parameter tidak dikenal";
    InvalidParameter "invalid_parameter" "A parameter cannot be read" "Parameter tidak dapat dibaca";
    ParametersDisagree "parameters_disagree" "Two parameters do not go together" "Dua parameter tidak cocok satu sama lain";
    UnknownWord "unknown_word" "No resource type uses this word" "Tidak ada jenis yang memakai kata ini";
    LimitOutOfRange "limit_out_of_range" "The limit is out of range" "Batas (limit) di luar rentang";
    InvalidCursor "invalid_cursor" "The cursor cannot be used" "Kursor tidak dapat dipakai";
    CursorOfAnotherQuery "cursor_of_another_query" "The cursor belongs to another question" "Kursor milik pertanyaan lain";
    InvalidCoordinates "invalid_coordinates" "The coordinates cannot be used" "Koordinat tidak dapat dipakai";
    UnknownSession "unknown_session" "There is no such session" "Sesi tidak dikenal";
    NotKept "not_kept" "This is no longer kept" "Ini sudah tidak disimpan lagi";
    AsOfInFuture "as_of_in_future" "The moment lies in the future" "Waktu yang ditanyakan di masa depan";
    // What was reported
    NegativeCount "negative_count" "A count is negative" "Jumlah negatif";
    CountTooLarge "count_too_large" "A count is too large" "Jumlah terlalu besar";
    CountNotWhole "count_not_whole" "A count is not a whole number" "Jumlah bukan bilangan bulat";
    NumberAsText "number_as_text" "A number was sent as text" "Angka dikirim sebagai teks";
    AboveCapacity "above_capacity" "The numbers exceed the capacity" "Jumlah melebihi kapasitas";
    ObservedInFuture "observed_in_future" "The observation lies in the future" "Waktu pengamatan di masa depan";
    InvalidTime "invalid_time" "The time cannot be read" "Waktu tidak dapat dibaca";
    NothingReported "nothing_reported" "The report is empty" "Laporan kosong";
    NothingToAdjust "nothing_to_adjust" "There is no known number to adjust" "Tidak ada angka yang dapat diubah";
    ConfirmJump "confirm_jump" "The number is far from the one before" "Angka jauh dari yang sebelumnya";
    AlreadyClaimed "already_claimed" "Somebody is phoning them already" "Sudah ada yang menelepon";
    ConfirmHold "confirm_hold" "Every free place is held" "Semua tempat kosong sudah ditahan";
    TooManyMarks "too_many_marks" "Too many marks stand at the facility" "Catatan pada fasilitas terlalu banyak";
    FacilityClosed "facility_closed" "The facility is closed" "Fasilitas sudah tutup";
    DuplicateRow "duplicate_row" "The same number is reported twice" "Angka yang sama dilaporkan dua kali";
    AllRowsRefused "all_rows_refused" "Every row was refused" "Semua baris ditolak";
    IncompleteRow "incomplete_row" "The row is incomplete" "Baris tidak lengkap";
    TooManyRows "too_many_rows" "Too many rows in one request" "Terlalu banyak baris dalam satu permintaan";
    NoOccurrence "no_occurrence" "The session is not held that day" "Sesi tidak ada pada hari itu";
    SessionOver "session_over" "The session is over" "Sesi sudah berakhir";
    TooManyRooms "too_many_rooms" "The facility has too many rooms" "Ruang fasilitas terlalu banyak";
    // What was changed
    InvalidDate "invalid_date" "The date cannot be used" "Tanggal tidak dapat dipakai";
    InvalidSchedule "invalid_schedule" "The session's days or hours cannot be" "Hari atau jam sesi tidak mungkin";
    InvalidUrl "invalid_url" "The link cannot be used" "Tautan tidak dapat dipakai";
    TooManySessions "too_many_sessions" "The facility has too many sessions" "Terlalu banyak sesi di fasilitas ini";
    InvalidText "invalid_text" "A text cannot be used" "Teks tidak dapat dipakai";
    InvalidWord "invalid_word" "A word cannot be used" "Kata tidak dapat dipakai";
    InvalidPhone "invalid_phone" "The phone number cannot be used" "Nomor telepon tidak dapat dipakai";
    InvalidExternalId "invalid_external_id" "The external id cannot be used" "Id eksternal tidak dapat dipakai";
    ExternalIdTaken "external_id_taken" "Another facility has this external id" "Id eksternal dipakai fasilitas lain";
    MissingField "missing_field" "A field is missing" "Ada isian yang belum diisi";
    UnknownField "unknown_field" "There is no such field" "Isian tidak dikenal";
    InvalidField "invalid_field" "A field cannot be read" "Isian tidak dapat dibaca";
    VersionMismatch "version_mismatch" "It was changed by somebody else meanwhile" "Data sudah diubah pihak lain";
    IdempotencyKeyReused "idempotency_key_reused" "The idempotency key was used for another request" "Idempotency-Key sudah dipakai untuk permintaan lain";
    InvalidIdempotencyKey "invalid_idempotency_key" "The idempotency key cannot be used" "Idempotency-Key tidak dapat dipakai";
    // Who asked
    KeyRequired "key_required" "A key is required" "Diperlukan kunci";
    KeyInvalid "key_invalid" "The key is not valid" "Kunci tidak berlaku";
    KeyExpired "key_expired" "The key has expired" "Kunci sudah kedaluwarsa";
    KeyRevoked "key_revoked" "The key was revoked" "Kunci sudah dicabut";
    RoleNotAllowed "role_not_allowed" "The key's role may not do this" "Peran kunci ini tidak boleh melakukannya";
    OutsideScope "outside_scope" "This is outside the key's scope" "Di luar wewenang kunci ini";
    // How it was sent
    InvalidBody "invalid_body" "The body cannot be read" "Isi permintaan tidak dapat dibaca";
    InvalidEncoding "invalid_encoding" "The text is not UTF-8" "Teks bukan UTF-8";
    BodyTooLarge "body_too_large" "The body is too large" "Isi permintaan terlalu besar";
    UnsupportedMediaType "unsupported_media_type" "The body's media type is not supported" "Jenis media tidak didukung";
    NotAcceptable "not_acceptable" "No acceptable representation" "Tidak ada representasi yang diminta";
    NotFound "not_found" "There is nothing here" "Tidak ada apa-apa di sini";
    MethodNotAllowed "method_not_allowed" "The method is not allowed here" "Metode tidak diizinkan di sini";
    RequestTimeout "request_timeout" "The request took too long" "Permintaan terlalu lama";
    // The node itself
    Unavailable "unavailable" "Writing is not possible right now" "Penulisan sedang tidak dapat dilakukan";
    HistoryUnavailable "history_unavailable" "The history cannot be read right now" "Riwayat sedang tidak dapat dibaca";
    TooManyRequests "too_many_requests" "You have sent too many of these" "Terlalu banyak kiriman dari Anda";
    Overloaded "overloaded" "Too many requests at once" "Terlalu banyak permintaan sekaligus";
    Internal "internal" "Something went wrong here" "Terjadi kesalahan di sisi kami";
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The stable code.
    pub code: Code,
    /// The field: a JSON pointer into the body (`/values/bed.icu/occupied`), or the bare name of a
    /// parameter, header or column; empty when nothing smaller than the request is to blame.
    pub pointer: Cow<'static, str>,
    /// What is wrong and how to mend it.
    pub detail: Bilingual,
}

impl Rejection {
    /// A refusal of the field at `pointer`, with its explanation in English and Indonesian.
    pub fn new(code: Code, pointer: impl AsRef<str>, en: impl Into<String>, id: impl Into<String>) -> Self {
        Self { code, pointer: Cow::Owned(pointer.as_ref().to_owned()), detail: Bilingual::new(en, id) }
    }

    /// The same refusal seen from one level up: `prefix` goes before the pointer.
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
    /// How many refusals are told at most: nobody mends more at once, and an answer must not be many
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

    /// The same refusals, each changed by `change`.
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
