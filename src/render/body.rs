//! The bytes of an answer: made once, shared by all requests.

use std::{io::Write, sync::OnceLock};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use xxhash_rust::xxh3::xxh3_128;

use crate::{
    domain::change::Seq,
    locales::Language,
    render::{Format, model::UnmetDemandQuery, tags::Numbers},
};

/// Bodies smaller than this are not worth compressing: they fit into one packet.
const WORTH_COMPRESSING: usize = 1024;

/// How bytes are packed for the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// As they are.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Coding {
    /// The name in `Content-Encoding`; None for bytes as they are.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// Facts about an answer that are not in its bytes.
#[derive(Debug, Clone, Default)]
pub struct ResponseMeta {
    /// The version of the facility it shows, if it is about one.
    pub version: Option<Seq>,
    /// The cursor of the next page, for formats that cannot say it.
    pub next: Option<String>,
    /// How names in the question were read, for formats that cannot say it.
    pub resolved: Option<String>,
    /// The part of the directory whose numbers it shows.
    pub numbers: Numbers,
    /// The wish, if nothing fitted in the area that was asked about.
    pub unmet: Option<UnmetDemandQuery>,
}

/// The bytes of one answer, with their tag. Each packing is made at the first request for it.
#[derive(Debug)]
pub struct Body {
    /// The media type of the bytes.
    pub format: Format,
    /// The language they are in.
    pub language: Language,
    /// The facts beside the bytes.
    pub meta: ResponseMeta,
    tag: String,
    identity: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Body {
    /// A body; the tag is a hash of the bytes, after the version of what it shows if it has one.
    pub fn new(bytes: Vec<u8>, format: Format, language: Language, meta: ResponseMeta) -> Self {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let hash = URL_SAFE_NO_PAD.encode(xxh3_128(&bytes).to_be_bytes());
        let tag = meta.version.map_or_else(|| hash.clone(), |version| format!("{version}.{hash}"));
        Self {
            format,
            language,
            meta,
            tag,
            identity: bytes.into(),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// The strong tag, without quotes and without the packing's suffix: equal on every node for equal bytes.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// How large the body is unpacked.
    pub fn len(&self) -> usize {
        self.identity.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.identity.is_empty()
    }

    /// Whether packing it helps.
    pub fn is_worth_compressing(&self) -> bool {
        self.identity.len() >= WORTH_COMPRESSING
    }

    /// The bytes in this packing, if an earlier request made it.
    pub fn ready(&self, coding: Coding) -> Option<Bytes> {
        match coding {
            Coding::Identity => Some(self.identity.clone()),
            Coding::Gzip => self.gzip.get().cloned(),
            Coding::Brotli => self.brotli.get().cloned(),
        }
    }

    /// The bytes, packed so. Packing takes up to a millisecond for each 50 KB.
    pub fn packed(&self, coding: Coding) -> Bytes {
        match coding {
            Coding::Identity => self.identity.clone(),
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.identity)).clone(),
            Coding::Brotli => self.brotli.get_or_init(|| brotli(&self.identity)).clone(),
        }
    }
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("writing into memory does not fail")
        .into()
}

fn brotli(bytes: &[u8]) -> Bytes {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 5, 20);
    encoder.write_all(bytes).expect("writing into memory does not fail");
    drop(encoder);
    packed.into()
}
