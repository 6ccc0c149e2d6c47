//! Slips of the finger, as people make them who type in a hurry.

use rand::{RngExt, rngs::SmallRng, seq::IndexedRandom};

/// The letters of a keyboard, row by row; a key has its neighbours beside it and in the rows above and below.
const KEYS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// A kind of slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slip {
    /// Two letters change places.
    Swapped,
    /// A letter is left out.
    LeftOut,
    /// A letter is typed twice.
    Doubled,
    /// A key beside the right one is hit.
    Beside,
    /// A key beside the right one is hit, too.
    Inserted,
    /// The space behind a word is left out.
    Joined,
}

impl Slip {
    const ALL: [Self; 6] =
        [Self::Swapped, Self::LeftOut, Self::Doubled, Self::Beside, Self::Inserted, Self::Joined];
}

/// The text with one slip in any of its words, the first letter included, and the kind of the slip. A word of one letter
/// stays, because a slip makes nothing of it.
pub(crate) fn slip(text: &str, rng: &mut SmallRng) -> (String, Slip) {
    let words: Vec<&str> = text.split(' ').collect();
    let is_bearing = |at: &usize| words[*at].bytes().filter(u8::is_ascii_alphabetic).count() > 1;
    let bearing: Vec<usize> = (0..words.len()).filter(is_bearing).collect();
    loop {
        let at = *bearing.choose(rng).expect("a name has a word of two letters");
        let kind = *Slip::ALL.choose(rng).expect("there are six");
        if kind == Slip::Joined {
            if at + 1 == words.len() {
                continue;
            }
            let joined = [words[at], words[at + 1]].concat();
            return ([&words[..at], &[&joined], &words[at + 2..]].concat().join(" "), kind);
        }
        if let Some(slipped) = in_word(words[at], kind, rng) {
            return ([&words[..at], &[&slipped], &words[at + 1..]].concat().join(" "), kind);
        }
    }
}

/// The word with a slip of that kind; None if it changes nothing there.
fn in_word(word: &str, kind: Slip, rng: &mut SmallRng) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_alphabetic()).collect();
    let at = *places.choose(rng)?;
    let letter = letters[at].to_ascii_lowercase();
    match kind {
        Slip::Swapped if at + 1 < letters.len() => letters.swap(at, at + 1),
        Slip::LeftOut => drop(letters.remove(at)),
        Slip::Doubled => letters.insert(at, letter),
        Slip::Beside => letters[at] = beside(letter, rng),
        Slip::Inserted => letters.insert(at + rng.random_range(0..=1), beside(letter, rng)),
        Slip::Swapped | Slip::Joined => return None,
    }
    let slipped: String = letters.into_iter().collect();
    (!slipped.eq_ignore_ascii_case(word)).then_some(slipped)
}

fn beside(letter: char, rng: &mut SmallRng) -> char {
    let find = |row: &[u8]| row.iter().position(|key| char::from(*key) == letter);
    let (row, key) =
        (0..).zip(KEYS).find_map(|(row, keys)| Some((row, find(keys)?))).expect("it is a letter");
    let around = [(0, -1), (0, 1), (-1, 0), (1, 0)].into_iter().filter_map(|(down, right)| {
        let keys = KEYS.get(usize::try_from(row + down).ok()?)?;
        keys.get(key.checked_add_signed(right)?)
    });
    char::from(**around.collect::<Vec<_>>().choose(rng).expect("every key has neighbours"))
}
