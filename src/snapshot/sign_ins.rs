//! Sign-ins, until they end.

use std::sync::Arc;

use super::Snapshot;
use crate::domain::{key::KeyId, sign_in::SignIn};

impl Snapshot {
    /// The sign-in whose secret has this hash, if it has not ended.
    pub fn sign_in(&self, hash: &str) -> Option<&Arc<SignIn>> {
        self.sign_ins.get(hash)
    }

    /// The sign-ins with a key.
    pub fn sign_ins_of(&self, key: KeyId) -> impl Iterator<Item = &Arc<SignIn>> {
        self.sign_ins.values().filter(move |sign_in| sign_in.key == key)
    }

    pub(super) fn put_sign_in(&mut self, sign_in: SignIn) {
        self.end_sign_in(&sign_in.hash);
        if sign_in.expires_at > self.now {
            self.sign_in_ends.insert((sign_in.expires_at, sign_in.hash.clone()));
            self.sign_ins.insert(sign_in.hash.clone(), Arc::new(sign_in));
        }
    }

    pub(super) fn end_sign_in(&mut self, hash: &str) {
        if let Some(sign_in) = self.sign_ins.remove(hash) {
            self.sign_in_ends.remove(&(sign_in.expires_at, sign_in.hash.clone()));
        }
    }

    pub(super) fn end_sign_ins(&mut self) {
        while let Some((_, hash)) = self.sign_in_ends.get_min().filter(|(at, _)| *at <= self.now).cloned() {
            self.end_sign_in(&hash);
        }
    }
}
