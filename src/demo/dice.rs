//! Dice that always fall the same way for the same seed (`SplitMix64`).

/// A sequence of numbers that its seed decides.
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of a name.
    pub(super) fn of(name: &str) -> Self {
        // FNV-1a.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        let choices = u64::from(most.saturating_sub(least)) + 1;
        least + u32::try_from(self.next() % choices).expect("less than the choices, which fit")
    }

    /// True in `percent` of a hundred throws.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// A distance of at most `most` degrees, either way.
    pub(super) fn degrees(&mut self, most: f64) -> f64 {
        let thousandths = f64::from(self.between(0, 2000)) - 1000.0;
        most * thousandths / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throws = |name: &str| {
            let mut dice = Dice::of(name);
            [(); 6].map(|()| dice.between(1, 6))
        };
        assert_eq!(throws("demo:0001"), throws("demo:0001"));
        assert_ne!(throws("demo:0001"), throws("demo:0002"));
        assert!(throws("demo:0003").iter().all(|eyes| (1..=6).contains(eyes)));
    }
}
