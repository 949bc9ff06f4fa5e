//! Keys: what is right, and what it is worth. Kept apart from faces, printed nowhere, stored only through [`Key::seal`].

use crate::marks::Marks;
use std::fmt;

/// A set of canonical choice ids (0 to 9) as a bit mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choices(u16);

impl Choices {
    /// Nothing chosen.
    pub const NONE: Choices = Choices(0);
    /// Most choices an item may have.
    pub const MAX: u8 = 10;

    /// One choice.
    pub const fn one(id: u8) -> Self {
        Choices(1 << id)
    }

    /// From ids; nothing when one is 10 or more or stands twice.
    pub fn from_ids(ids: &[u8]) -> Option<Self> {
        ids.iter().try_fold(Choices::NONE, |chosen, &id| (id < Choices::MAX && !chosen.contains(id)).then(|| Choices(chosen.0 | 1 << id)))
    }

    /// From a stored mask; nothing when it has a bit beyond the tenth.
    pub fn from_mask(mask: u16) -> Option<Self> {
        (mask < 1 << Choices::MAX).then_some(Choices(mask))
    }

    /// As a mask.
    pub const fn mask(self) -> u16 {
        self.0
    }

    /// Is this choice among them?
    pub const fn contains(self, id: u8) -> bool {
        id < Choices::MAX && self.0 & (1 << id) != 0
    }

    /// Is nothing chosen?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many are chosen.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The ids, ascending.
    pub fn ids(self) -> impl Iterator<Item = u8> {
        (0..Choices::MAX).filter(move |&id| self.contains(id))
    }
}

/// How chosen weights make marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// One choice: its weight.
    Single,
    /// Several choices: the sum of their weights, not below 0 and not above the item's maximum.
    Sum,
    /// Several choices: the maximum for exactly the choices of positive weight, otherwise nothing.
    AllOrNothing,
}

impl Rule {
    /// As written in tables.
    pub fn code(self) -> &'static str {
        match self {
            Rule::Single => "single",
            Rule::Sum => "sum",
            Rule::AllOrNothing => "all_or_nothing",
        }
    }
}

/// What each choice of an item is worth. No `Serialize`, and `Debug` prints nothing: a key leaves this crate only sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    weights: Vec<Marks>,
    blank: Marks,
    rule: Rule,
}

/// Why weights are not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Fewer than 2 or more than 10.
    #[error("an item has 2 to 10 choices")]
    Count,
    /// No choice is worth more than leaving the item blank.
    #[error("no choice is worth more than a blank")]
    NothingRight,
    /// Beyond the limit of [`Marks`].
    #[error("a weight is out of range")]
    Range,
}

impl Key {
    /// A key from one weight per choice.
    pub fn new(weights: Vec<Marks>, blank: Marks, rule: Rule) -> Result<Self, BadKey> {
        if !(2..=usize::from(Choices::MAX)).contains(&weights.len()) {
            return Err(BadKey::Count);
        }
        let in_range = |marks: &Marks| marks.milli().abs() <= Marks::LIMIT.milli();
        if !weights.iter().all(in_range) || !in_range(&blank) {
            return Err(BadKey::Range);
        }
        if !weights.iter().any(|&weight| weight > blank) {
            return Err(BadKey::NothingRight);
        }
        Ok(Key { weights, blank, rule })
    }

    /// What these choices earn. Choices the item does not have earn nothing.
    pub fn mark(&self, chosen: Choices) -> Marks {
        if chosen.is_empty() {
            return self.blank;
        }
        let sum = |choices: Choices| choices.ids().filter_map(|id| self.weights.get(usize::from(id))).copied().sum::<Marks>();
        match self.rule {
            Rule::Single => sum(chosen),
            Rule::Sum => sum(chosen).clamp(Marks::ZERO, self.maximum()),
            Rule::AllOrNothing if chosen == self.positive() => self.maximum(),
            Rule::AllOrNothing => Marks::ZERO,
        }
    }

    /// The most the item can earn.
    pub fn maximum(&self) -> Marks {
        match self.rule {
            Rule::Single => self.weights.iter().copied().max().unwrap_or_default(),
            Rule::Sum | Rule::AllOrNothing => self.weights.iter().copied().filter(|&weight| weight > Marks::ZERO).sum(),
        }
    }

    /// The key of a one-choice item in which each of these choices earns its maximum and every other nothing: what a correction makes of it.
    /// Nothing for items of several choices, for no choice, and for choices that the item does not have.
    pub fn corrected(&self, right: Choices) -> Option<Key> {
        let within = right.ids().all(|id| usize::from(id) < self.weights.len());
        if self.rule != Rule::Single || right.is_empty() || !within {
            return None;
        }
        let weight = |id: usize| if right.contains(id as u8) { self.maximum() } else { Marks::ZERO };
        Key::new((0..self.weights.len()).map(weight).collect(), self.blank, Rule::Single).ok()
    }

    /// The choices of positive weight.
    fn positive(&self) -> Choices {
        let ids: Vec<u8> =
            (0..Choices::MAX).filter(|&id| self.weights.get(usize::from(id)).is_some_and(|&weight| weight > Marks::ZERO)).collect();
        Choices::from_ids(&ids).unwrap_or_default()
    }

    /// How weights make marks.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Marks for a blank.
    pub fn blank(&self) -> Marks {
        self.blank
    }

    /// One weight per choice; for authors' pages and exports to those who may see keys.
    pub fn weights(&self) -> &[Marks] {
        &self.weights
    }

    /// The stored form: the CBOR array `[1, rule, blank, [weight...]]` in thousandths. Opaque to everybody else, so that it can be encrypted later.
    pub fn seal(&self) -> SealedKey {
        let mut bytes = Vec::with_capacity(8 + self.weights.len() * 3);
        let mut encoder = minicbor::Encoder::new(&mut bytes);
        let written = encoder
            .array(4)
            .and_then(|e| e.u8(1))
            .and_then(|e| {
                e.u8(match self.rule {
                    Rule::Single => 0,
                    Rule::Sum => 1,
                    Rule::AllOrNothing => 2,
                })
            })
            .and_then(|e| e.i64(self.blank.milli()))
            .and_then(|e| e.array(self.weights.len() as u64))
            .and_then(|e| self.weights.iter().try_fold(e, |e, weight| e.i64(weight.milli())));
        debug_assert!(written.is_ok(), "writing to a vector cannot fail");
        SealedKey(bytes)
    }

    /// Reads the stored form.
    pub fn open(sealed: &SealedKey) -> Result<Self, SealBroken> {
        let mut decoder = minicbor::Decoder::new(&sealed.0);
        let key = Self::decode(&mut decoder).map_err(|_| SealBroken)?;
        if decoder.position() != sealed.0.len() {
            return Err(SealBroken);
        }
        key.ok_or(SealBroken)
    }

    fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Option<Self>, minicbor::decode::Error> {
        if decoder.array()? != Some(4) || decoder.u8()? != 1 {
            return Ok(None);
        }
        let rule = match decoder.u8()? {
            0 => Rule::Single,
            1 => Rule::Sum,
            2 => Rule::AllOrNothing,
            _ => return Ok(None),
        };
        let blank = Marks::from_milli(decoder.i64()?);
        let Some(count) = decoder.array()?.filter(|&count| count <= u64::from(Choices::MAX)) else {
            return Ok(None);
        };
        let weights = (0..count).map(|_| decoder.i64().map(Marks::from_milli)).collect::<Result<Vec<_>, _>>()?;
        Ok(Key::new(weights, blank, rule).ok())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(secret)")
    }
}

/// A key as stored, in a table of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKey(pub Vec<u8>);

impl fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedKey(secret)")
    }
}

/// A stored key cannot be read: stop, the library is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed key is damaged or of an unknown version")]
pub struct SealBroken;

#[cfg(test)]
mod tests {
    use super::*;

    fn key(weights: &[&str], blank: &str, rule: Rule) -> Key {
        let weights = weights.iter().map(|text| text.parse().expect("a decimal")).collect();
        Key::new(weights, blank.parse().expect("a decimal"), rule).expect("a key")
    }

    #[test]
    fn marks_by_rule() {
        let check = |key: &Key, chosen: &[u8], expected: &str| {
            let chosen = Choices::from_ids(chosen).expect("choices");
            assert_eq!(key.mark(chosen).to_string(), expected, "{chosen:?}");
        };
        let right_or_wrong = key(&["0", "5", "0"], "0", Rule::Single);
        check(&right_or_wrong, &[1], "5");
        check(&right_or_wrong, &[0], "0");
        check(&right_or_wrong, &[], "0");
        let personality = key(&["1", "2", "3", "4", "5"], "0", Rule::Single);
        check(&personality, &[3], "4");
        let punishing = key(&["4", "-1", "-1"], "0", Rule::Single);
        check(&punishing, &[2], "-1");
        let sum = key(&["2.5", "2.5", "-1", "0"], "0", Rule::Sum);
        check(&sum, &[0, 1], "5");
        check(&sum, &[0, 2], "1.5");
        check(&sum, &[2], "0");
        check(&sum, &[0, 1, 2], "4");
        let all = key(&["5", "0", "0", "5"], "0", Rule::AllOrNothing);
        check(&all, &[0, 3], "10");
        check(&all, &[0], "0");
        check(&all, &[0, 1, 3], "0");
        let blank_costs = key(&["5", "0"], "-0.5", Rule::Single);
        check(&blank_costs, &[], "-0.5");
    }

    #[test]
    fn a_sealed_key_opens_to_itself_and_damage_is_found() {
        let key = key(&["2.5", "2.5", "-1"], "0.25", Rule::Sum);
        let sealed = key.seal();
        assert_eq!(Key::open(&sealed), Ok(key));
        for cut in 0..sealed.0.len() {
            assert_eq!(Key::open(&SealedKey(sealed.0[..cut].to_vec())), Err(SealBroken));
        }
    }

    #[test]
    fn a_key_prints_nothing() {
        let key = key(&["2.5", "1"], "0", Rule::Single);
        assert_eq!(format!("{key:?} {:?}", key.seal()), "Key(secret) SealedKey(secret)");
    }
}
