//! Sign-ins: what a browser holds in the place of a key that a person typed once.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::key::{Key, KeyId, Role};
use crate::clock::Timestamp;

/// How long nobody may use a sign-in before it ends.
const IDLE: Duration = Duration::minutes(60);
/// How long a sign-in lasts at most: a shift.
const LONGEST: Duration = Duration::hours(12);

/// A short-lived secret that stands for a key. Whoever sends it is the holder of that key, and it ends with the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// SHA-256 of the secret, hexadecimal.
    pub hash: String,
    /// The key it stands for.
    pub key: KeyId,
    /// The time of its making.
    pub at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

impl SignIn {
    /// A new one for `key`.
    pub fn new(hash: String, key: &Key, now: Timestamp) -> Self {
        Self { hash, key: key.id, at: now, expires_at: now + IDLE }
    }

    /// When it ends, however much it is used.
    pub fn ends_at(&self) -> Timestamp {
        self.at + LONGEST
    }

    /// Whether so little of its idle time is left that it should be renewed. Not at each use: a renewal is an entry of
    /// the log.
    pub fn is_due(&self, now: Timestamp) -> bool {
        is_due(self.expires_at, self.ends_at(), now)
    }

    /// The same as it is after it was used.
    #[must_use]
    pub fn renewed(self, now: Timestamp) -> Self {
        let expires_at = (now + IDLE).min(self.ends_at());
        Self { expires_at, ..self }
    }
}

/// Whether a sign-in that ends then, and at `ends_at` in any case, should be renewed: [`SignIn::is_due`].
pub fn is_due(expires_at: Timestamp, ends_at: Timestamp, now: Timestamp) -> bool {
    expires_at - now < IDLE / 2 && expires_at < ends_at
}

impl Key {
    /// Whether a person may sign in with it; programs send their keys themselves.
    pub fn is_of_person(&self) -> bool {
        self.role != Role::Bridge
    }
}
