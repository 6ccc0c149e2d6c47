//! Bytes that are packed while they are made, because the whole is too large to be held.

use std::io::Write;

use brotli::CompressorWriter;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use crate::render::Coding;

/// Low, because nobody keeps the result: each reader pays for the packing.
const BROTLI_QUALITY: u32 = 3;
/// Brotli looks back this far, as a power of two.
const BROTLI_WINDOW: u32 = 20;

/// Packs what is written to it.
enum Packer {
    Identity(Vec<u8>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
    Brotli(Box<CompressorWriter<Vec<u8>>>),
}

impl Packer {
    fn new(coding: Coding) -> Self {
        match coding {
            Coding::Identity => Self::Identity(Vec::new()),
            Coding::Gzip => Self::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::fast()))),
            Coding::Brotli => {
                Self::Brotli(Box::new(CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, BROTLI_WINDOW)))
            }
        }
    }

    /// The packed bytes once `bytes` are written; nothing while the packer still gathers.
    fn pack(&mut self, bytes: &[u8]) -> Bytes {
        let (written, packed) = match self {
            Self::Identity(packed) => (packed.write_all(bytes), packed),
            Self::Gzip(encoder) => (encoder.write_all(bytes), encoder.get_mut()),
            Self::Brotli(encoder) => (encoder.write_all(bytes), encoder.get_mut()),
        };
        written.expect("writing into memory does not fail");
        std::mem::take(packed).into()
    }

    /// The last packed bytes.
    fn finish(self) -> Bytes {
        match self {
            Self::Identity(packed) => packed,
            Self::Gzip(encoder) => encoder.finish().expect("writing into memory does not fail"),
            Self::Brotli(encoder) => encoder.into_inner(),
        }
        .into()
    }
}

/// Chunks, packed as one.
pub struct Packed<I> {
    chunks: I,
    /// None once everything is packed.
    packer: Option<Packer>,
}

impl<I> Packed<I> {
    /// These chunks, packed so.
    pub fn new(chunks: I, coding: Coding) -> Self {
        Self { chunks, packer: Some(Packer::new(coding)) }
    }
}

impl<I: Iterator<Item = Bytes>> Iterator for Packed<I> {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        match self.chunks.next() {
            Some(chunk) => self.packer.as_mut().map(|packer| packer.pack(&chunk)),
            None => self.packer.take().map(Packer::finish),
        }
    }
}
