//! What a paper's answers are worth: tallies and standings.

use exam_session::session::Slot;
use question_bank::blueprint::Blueprint;
use question_bank::id::ItemId;
use question_bank::key::{Choices, Key};
use question_bank::marks::Marks;
use question_bank::paper::{Catalogue, Entry, Paper};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What the item versions of a catalogue are worth, in its order.
#[derive(Debug)]
pub struct Keys {
    by_entry: Vec<Worth>,
}

/// What an item is worth.
#[derive(Clone, Debug)]
enum Worth {
    /// By its key.
    Key(Key),
    /// The same for everybody who has it on the paper.
    Always(Marks),
}

impl Worth {
    fn mark(&self, chosen: Choices) -> Marks {
        match self {
            Worth::Key(key) => key.mark(chosen),
            Worth::Always(marks) => *marks,
        }
    }

    fn maximum(&self) -> Marks {
        match self {
            Worth::Key(key) => key.maximum(),
            Worth::Always(marks) => *marks,
        }
    }
}

/// What the committee decided about an item after the exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amendment {
    /// Each of these choices earns the item's maximum, every other nothing.
    Right(Choices),
    /// Everybody who has it on the paper earns its maximum.
    FullMarks,
    /// Nobody earns anything for it, and the paper's maximum falls.
    Removed,
}

/// The bank has no key for an item version that stands on a paper: stop, the library is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key for item {item}, version {version}")]
pub struct KeyMissing {
    /// The item.
    pub item: ItemId,
    /// Its version.
    pub version: u32,
}

impl Keys {
    /// Puts keys into the order of a catalogue.
    pub fn new(catalogue: &Catalogue, mut keys: HashMap<(ItemId, u32), Key>) -> Result<Self, KeyMissing> {
        let by_entry = catalogue
            .entries
            .iter()
            .map(|entry| keys.remove(&(entry.item, entry.version)).ok_or(KeyMissing { item: entry.item, version: entry.version }));
        Ok(Keys { by_entry: by_entry.map(|key| key.map(Worth::Key)).collect::<Result<_, _>>()? })
    }

    /// The same after corrections. A correction that cannot be made of an item's key (see [`Key::corrected`]) leaves it as it is; whoever
    /// proposes one is told so before.
    pub fn amended(&self, catalogue: &Catalogue, amendments: &BTreeMap<ItemId, Amendment>) -> Keys {
        let amended = |(worth, entry): (&Worth, &Entry)| match amendments.get(&entry.item) {
            Some(Amendment::Right(right)) => match worth {
                Worth::Key(key) => key.corrected(*right).map_or_else(|| worth.clone(), Worth::Key),
                Worth::Always(_) => worth.clone(),
            },
            Some(Amendment::FullMarks) => Worth::Always(worth.maximum()),
            Some(Amendment::Removed) => Worth::Always(Marks::ZERO),
            None => worth.clone(),
        };
        Keys { by_entry: self.by_entry.iter().zip(&catalogue.entries).map(amended).collect() }
    }

    /// The most that each section of a paper can earn.
    pub fn maxima(&self, paper: &Paper) -> Vec<Marks> {
        let mut items = paper.items.iter();
        let maximum = |entry: u16| self.by_entry.get(usize::from(entry)).map_or(Marks::ZERO, Worth::maximum);
        let section = |count: u16| items.by_ref().take(usize::from(count)).map(|item| maximum(item.entry)).sum();
        paper.sections.iter().map(|section| section.items).map(section).collect()
    }

    /// The most that a position of a paper can earn.
    pub fn maximum(&self, paper: &Paper, position: usize) -> Marks {
        let entry = paper.items.get(position).map(|item| usize::from(item.entry));
        entry.and_then(|entry| self.by_entry.get(entry)).map_or(Marks::ZERO, Worth::maximum)
    }

    /// What choices at a position of a paper earn.
    pub fn mark(&self, paper: &Paper, position: usize, chosen: Choices) -> Marks {
        let entry = paper.items.get(position).map(|item| usize::from(item.entry));
        entry.and_then(|entry| self.by_entry.get(entry)).map_or(Marks::ZERO, |worth| worth.mark(chosen))
    }
}

/// Marks of one paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Per section, in order.
    pub sections: Vec<Marks>,
    /// Their sum.
    pub total: Marks,
    /// Items with a choice.
    pub answered: u16,
}

/// Adds up a paper. A session that has not started (no slots) has no marks at all, not even those for blanks.
pub fn tally(paper: &Paper, slots: &[Slot], keys: &Keys) -> Tally {
    let mut sections = vec![Marks::ZERO; paper.sections.len()];
    let mut answered = 0;
    let mut position = 0;
    for (section, marks) in paper.sections.iter().zip(&mut sections) {
        for slot in slots.iter().skip(position).take(usize::from(section.items)) {
            *marks += keys.mark(paper, position, slot.choices);
            answered += u16::from(!slot.choices.is_empty());
            position += 1;
        }
    }
    Tally { total: sections.iter().copied().sum(), sections, answered }
}

/// Most parts of a standing: the total and every section of a blueprint.
pub const STANDING_PARTS: usize = 11;

/// Parts of a standing that nearly always suffice: the total and three sections.
pub(crate) const NARROW_PARTS: usize = 4;

/// Marks in tie-break order, thousandths: total first, then the blueprint's tie order. Higher is better; equal standings share a rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Standing([i64; STANDING_PARTS]);

impl Standing {
    /// A standing by total alone, thousandths.
    pub fn of_total(milli: i64) -> Self {
        let mut parts = [0; STANDING_PARTS];
        parts[0] = milli;
        Standing(parts)
    }

    /// The same in few bytes and the same order, where it fits.
    pub(crate) fn narrow(&self) -> Option<[i32; NARROW_PARTS]> {
        let (first, rest) = self.0.split_at(NARROW_PARTS);
        let mut narrow = [0; NARROW_PARTS];
        for (narrow, &part) in narrow.iter_mut().zip(first) {
            *narrow = i32::try_from(part).ok()?;
        }
        rest.iter().all(|&part| part == 0).then_some(narrow)
    }

    /// What [`Standing::narrow`] came from.
    pub(crate) fn widened(narrow: [i32; NARROW_PARTS]) -> Self {
        let mut parts = [0; STANDING_PARTS];
        parts.iter_mut().zip(narrow).for_each(|(part, narrow)| *part = i64::from(narrow));
        Standing(parts)
    }

    /// The same total with ties broken the other way round: only the sabotage of that name asks for it.
    pub(crate) fn with_ties_turned_round(mut self) -> Self {
        self.0[1..].iter_mut().for_each(|part| *part = -*part);
        self
    }

    /// The parts that count, unused ones cut off.
    pub fn parts(&self, scheme: &Scheme) -> &[i64] {
        &self.0[..=scheme.tie_order.len()]
    }
}

/// What of a blueprint decides the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Section codes in order.
    pub sections: Arc<[String]>,
    /// Indexes of sections that break ties, in order.
    tie_order: Vec<usize>,
}

impl Scheme {
    /// From a checked blueprint.
    pub fn new(blueprint: &Blueprint) -> Self {
        let sections: Arc<[String]> = blueprint.sections.iter().map(|section| section.code.clone()).collect();
        let tie_order =
            blueprint.tie_order.iter().filter_map(|code| sections.iter().position(|section| section == code)).take(STANDING_PARTS - 1);
        Scheme { tie_order: tie_order.collect(), sections }
    }

    /// Codes of the sections that break ties, in order.
    pub fn tie_order(&self) -> impl Iterator<Item = &str> {
        self.tie_order.iter().map(|&section| self.sections[section].as_str())
    }

    /// Puts a tally into tie-break order.
    pub fn standing(&self, tally: &Tally) -> Standing {
        let mut parts = [0; STANDING_PARTS];
        parts[0] = tally.total.milli();
        for (part, &section) in parts[1..].iter_mut().zip(&self.tie_order) {
            *part = tally.sections.get(section).copied().unwrap_or_default().milli();
        }
        Standing(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use question_bank::blueprint::{Cell, Section};
    use question_bank::key::Rule;
    use question_bank::paper::{ChoiceOrder, PaperItem, PaperSection};

    fn blueprint() -> Blueprint {
        let section = |code: &str| Section {
            code: code.to_owned(),
            title: code.to_uppercase(),
            duration_s: None,
            linear: false,
            shuffle_items: false,
            shuffle_choices: false,
            cells: vec![Cell { count: 1, ..Cell::default() }],
        };
        let sections = ["twk", "tiu", "tkp"].map(section).into();
        Blueprint { sections, duration_s: 6_000, tie_order: vec!["tkp".into(), "tiu".into(), "twk".into()] }
    }

    fn tally(twk: i32, tiu: i32, tkp: i32) -> Tally {
        let sections: Vec<Marks> = [twk, tiu, tkp].map(Marks::whole).into();
        Tally { total: sections.iter().copied().sum(), sections, answered: 0 }
    }

    #[test]
    fn ties_are_broken_in_the_order_of_the_blueprint() {
        let scheme = Scheme::new(&blueprint());
        let better = |first: Tally, second: Tally| scheme.standing(&first) > scheme.standing(&second);
        assert!(better(tally(100, 110, 150), tally(120, 120, 119)), "the total comes first");
        assert!(better(tally(100, 110, 147), tally(110, 110, 137)), "then tkp");
        assert!(better(tally(95, 115, 146), tally(100, 110, 146)), "then tiu");
        assert_eq!(scheme.standing(&tally(95, 115, 146)), scheme.standing(&tally(95, 115, 146)));
        assert_eq!(scheme.standing(&tally(1, 2, 3)).parts(&scheme), [6_000, 3_000, 2_000, 1_000]);
    }

    const TIU_1: usize = 0;
    const TIU_2: usize = 1;
    const TKP: usize = 2;
    const BIDANG: usize = 3;

    fn item(position: usize) -> ItemId {
        ItemId::from_bytes([position as u8 + 1; 16])
    }

    /// TIU: B is right in the first item, D in the second, where a blank costs. TKP: A to D earn 1 to 4. Bidang: A and B are right, C is
    /// punished.
    fn key(position: usize) -> Key {
        let (weights, blank, rule) = match position {
            TIU_1 => ([0, 5_000, 0, 0], 0, Rule::Single),
            TIU_2 => ([0, 0, 0, 5_000], -1_000, Rule::Single),
            TKP => ([1_000, 2_000, 3_000, 4_000], 0, Rule::Single),
            _ => ([2_500, 2_500, -1_000, 0], 0, Rule::Sum),
        };
        Key::new(weights.map(Marks::from_milli).into(), Marks::from_milli(blank), rule).expect("a key")
    }

    fn paper() -> Paper {
        let entry = |position| Entry { item: item(position), version: 1, choices: 4, multiple: position == BIDANG };
        let section = |code: &str, items| PaperSection { code: code.into(), title: code.into(), items, duration_ms: None, linear: false };
        let order = ChoiceOrder::new(&[0, 1, 2, 3]).expect("a permutation");
        Paper {
            sections: Arc::new([section("tiu", 2), section("tkp", 1), section("bidang", 1)]),
            items: (0..4).map(|entry| PaperItem { entry, order }).collect(),
            catalogue: Arc::new(Catalogue { entries: (TIU_1..=BIDANG).map(entry).collect() }),
        }
    }

    fn choices(letters: &str) -> Choices {
        letters
            .bytes()
            .map(|letter| Choices::one(letter - b'A'))
            .fold(Choices::NONE, |all, one| Choices::from_mask(all.mask() | one.mask()).expect("choices"))
    }

    /// What answers to the four items earn one by one, and the most of the sections TIU, TKP and Bidang, in thousandths.
    fn check(amendments: &[(usize, Amendment)], answers: [&str; 4], marks: [i64; 4], maxima: [i64; 3]) {
        let paper = paper();
        let by_item = (TIU_1..=BIDANG).map(|position| ((item(position), 1), key(position))).collect();
        let keys = Keys::new(&paper.catalogue, by_item).expect("all keys");
        let amended =
            keys.amended(&paper.catalogue, &amendments.iter().map(|&(position, amendment)| (item(position), amendment)).collect());
        let earned: Vec<Marks> =
            answers.iter().enumerate().map(|(position, answer)| amended.mark(&paper, position, choices(answer))).collect();
        assert_eq!(earned, marks.map(Marks::from_milli), "{amendments:?} {answers:?}");
        assert_eq!(amended.maxima(&paper), maxima.map(Marks::from_milli), "{amendments:?}");
    }

    #[test]
    fn nothing_amended() {
        check(&[], ["B", "D", "D", "AB"], [5_000, 5_000, 4_000, 5_000], [10_000, 4_000, 5_000]);
        check(&[], ["A", "", "A", "AC"], [0, -1_000, 1_000, 1_500], [10_000, 4_000, 5_000]);
        check(&[(7, Amendment::Removed)], ["A", "", "A", "AC"], [0, -1_000, 1_000, 1_500], [10_000, 4_000, 5_000]);
    }

    #[test]
    fn a_corrected_key() {
        let right = |position, letters| (position, Amendment::Right(choices(letters)));
        let same = [10_000, 4_000, 5_000];
        check(&[right(TIU_1, "A")], ["A", "D", "D", "AB"], [5_000, 5_000, 4_000, 5_000], same);
        check(&[right(TIU_1, "A")], ["B", "D", "D", "AB"], [0, 5_000, 4_000, 5_000], same);
        for answer in ["A", "B"] {
            check(&[right(TIU_1, "AB")], [answer, "D", "D", "AB"], [5_000, 5_000, 4_000, 5_000], same);
        }
        // A blank stays what it was; steps of an item from 1 to 4 go.
        check(&[right(TIU_2, "C"), right(TKP, "A")], ["B", "", "D", "AB"], [5_000, -1_000, 0, 5_000], same);
        check(&[right(TIU_2, "C"), right(TKP, "A")], ["B", "C", "A", "AB"], [5_000, 5_000, 4_000, 5_000], same);
    }

    #[test]
    fn a_correction_that_cannot_be_made_changes_nothing() {
        let same = [10_000, 4_000, 5_000];
        for impossible in [(BIDANG, choices("C")), (TIU_1, choices("F")), (TIU_1, Choices::NONE)] {
            let amendment = [(impossible.0, Amendment::Right(impossible.1))];
            check(&amendment, ["B", "D", "D", "AB"], [5_000, 5_000, 4_000, 5_000], same);
        }
    }

    #[test]
    fn full_marks_for_everybody() {
        let same = [10_000, 4_000, 5_000];
        for answer in ["B", "A", ""] {
            check(&[(TIU_1, Amendment::FullMarks)], [answer, "A", "A", "A"], [5_000, 0, 1_000, 2_500], same);
        }
        // Not even the blank that costs, nor the choice that is punished.
        check(&[(TIU_2, Amendment::FullMarks), (BIDANG, Amendment::FullMarks)], ["B", "", "A", "C"], [5_000, 5_000, 1_000, 5_000], same);
    }

    #[test]
    fn a_removed_item_earns_nothing_and_the_maximum_falls() {
        check(&[(TIU_1, Amendment::Removed)], ["B", "D", "D", "AB"], [0, 5_000, 4_000, 5_000], [5_000, 4_000, 5_000]);
        check(&[(TIU_2, Amendment::Removed)], ["B", "", "D", "AB"], [5_000, 0, 4_000, 5_000], [5_000, 4_000, 5_000]);
        let both = [(TIU_1, Amendment::Removed), (TIU_2, Amendment::Removed), (TKP, Amendment::FullMarks)];
        check(&both, ["B", "D", "A", "AB"], [0, 0, 4_000, 5_000], [0, 4_000, 5_000]);
    }
}
