//! The secret half of a key.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::clock::Clock;

/// A key as its owner holds it: `sedia_` and 43 characters that carry 256 random bits.
/// It is shown once; the directory keeps only its hash. Neither printed nor logged.
pub struct Secret(String);

impl Secret {
    /// A new secret.
    pub fn mint(clock: &dyn Clock) -> Self {
        Self(format!("sedia_{}", URL_SAFE_NO_PAD.encode(clock.secret())))
    }

    /// A secret as a client sent it.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret, for the one time it is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The path of the link that carries it, for the one time it is shown.
    pub fn path(&self) -> String {
        format!("/r/{}", self.0)
    }

    /// SHA-256 in hexadecimal. Fast on purpose: 256 random bits cannot be guessed.
    pub fn hash(&self) -> String {
        use std::fmt::Write;
        Sha256::digest(self.0.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
