//! Papers: one candidate's drawn items in drawn order, small enough to keep a hundred thousand of them in memory.
//!
//! A paper names items through a [`Catalogue`], the list of all item versions that the papers of one sitting use.

use crate::id::{Digest32, ItemId};
use crate::key::Choices;
use minicbor::decode::Error as DecodeError;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// All item versions that the papers of a sitting use, ascending by item id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// At most 65,535.
    pub entries: Vec<Entry>,
}

/// One item version as far as a session must know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The item.
    pub item: ItemId,
    /// Its version.
    pub version: u32,
    /// Number of choices, 2 to 10.
    pub choices: u8,
    /// Several choices may be chosen.
    pub multiple: bool,
}

/// A drawn paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Sections in order; their items follow one another in `items`.
    pub sections: Arc<[PaperSection]>,
    /// Items in drawn order.
    pub items: Box<[PaperItem]>,
    /// Where the items are described.
    pub catalogue: Arc<Catalogue>,
}

/// What a session must know of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperSection {
    /// Section code.
    pub code: String,
    /// Title shown.
    pub title: String,
    /// Number of items.
    pub items: u16,
    /// Own time limit.
    pub duration_ms: Option<u32>,
    /// Items in order, without going back.
    pub linear: bool,
}

/// An item on a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaperItem {
    /// Index into the catalogue.
    pub entry: u16,
    /// Choices in shown order.
    pub order: ChoiceOrder,
}

/// A permutation of up to ten choices, four bits each, packed into five bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChoiceOrder([u8; 5]);

impl ChoiceOrder {
    /// From canonical ids in shown order; at most ten, each below ten.
    pub fn new(ids: &[u8]) -> Option<Self> {
        let mut packed = [0; 5];
        Choices::from_ids(ids)?;
        for (index, id) in ids.iter().enumerate() {
            packed[index / 2] |= id << (4 * (index % 2));
        }
        Some(ChoiceOrder(packed))
    }

    /// The first `choices` canonical ids in shown order.
    pub fn ids(self, choices: u8) -> impl Iterator<Item = u8> {
        (0..usize::from(choices.min(Choices::MAX))).map(move |index| (self.0[index / 2] >> (4 * (index % 2))) & 15)
    }
}

impl Paper {
    /// Number of items.
    pub fn len(&self) -> u16 {
        u16::try_from(self.items.len()).unwrap_or(u16::MAX)
    }

    /// A paper has at least one item, so this is only false.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The catalogue entry at a position.
    pub fn entry(&self, position: u16) -> Option<&Entry> {
        let item = self.items.get(usize::from(position))?;
        self.catalogue.entries.get(usize::from(item.entry))
    }

    /// The section (index) a position belongs to.
    pub fn section_of(&self, position: u16) -> Option<u8> {
        let mut first = 0;
        for (index, section) in self.sections.iter().enumerate() {
            first += section.items;
            if position < first {
                return u8::try_from(index).ok();
            }
        }
        None
    }

    /// First position of a section and the first after it.
    pub fn bounds(&self, section: u8) -> (u16, u16) {
        let before = self.sections.iter().take(usize::from(section)).map(|section| section.items).sum();
        let items = self.sections.get(usize::from(section)).map_or(0, |section| section.items);
        (before, before + items)
    }

    /// Names the paper: SHA-256 over its stored form, which a session's preparation records in the journal.
    pub fn digest(&self) -> Digest32 {
        let mut hash = Sha256::new();
        hash.update(b"saksama/paper/v1\n");
        hash.update(self.encode());
        Digest32(hash.finalize().into())
    }

    /// The stored form: the CBOR array `[1, [[code, title, items, duration_ms|null, linear]...], [[item, version, choices, multiple, order]...]]`,
    /// `order` being the canonical choice ids in shown order as a byte string. Self-contained: it needs no catalogue.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.items.len() * 32);
        let written = self.encode_into(&mut minicbor::Encoder::new(&mut bytes));
        debug_assert!(written.is_ok(), "writing to a vector cannot fail");
        bytes
    }

    fn encode_into(&self, e: &mut minicbor::Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        e.array(3)?.u8(1)?.array(self.sections.len() as u64)?;
        for section in self.sections.iter() {
            e.array(5)?.str(&section.code)?.str(&section.title)?.u16(section.items)?;
            match section.duration_ms {
                Some(duration_ms) => e.u32(duration_ms)?,
                None => e.null()?,
            };
            e.bool(section.linear)?;
        }
        e.array(self.items.len() as u64)?;
        for item in &self.items {
            let entry = &self.catalogue.entries[usize::from(item.entry)];
            let order: Vec<u8> = item.order.ids(entry.choices).collect();
            e.array(5)?.bytes(entry.item.as_bytes())?.u32(entry.version)?.u8(entry.choices)?.bool(entry.multiple)?.bytes(&order)?;
        }
        Ok(())
    }
}

/// Builds papers of one sitting so that they share one catalogue and their section lists.
#[derive(Debug, Default)]
pub struct PaperReader {
    entries: std::collections::BTreeMap<(ItemId, u32), Entry>,
    papers: Vec<LoosePaper>,
}

type LoosePaper = (Vec<PaperSection>, Vec<(ItemId, u32, ChoiceOrder)>);

/// A stored paper cannot be read: stop, the library is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored paper is damaged or of an unknown version")]
pub struct PaperBroken;

impl PaperReader {
    /// Reads one more paper; its index among the papers of [`PaperReader::finish`] is the order of adding.
    pub fn add(&mut self, stored: &[u8]) -> Result<(), PaperBroken> {
        let (entries, paper) = decode(stored).map_err(|_| PaperBroken)?.ok_or(PaperBroken)?;
        for entry in entries {
            self.entries.insert((entry.item, entry.version), entry);
        }
        self.papers.push(paper);
        Ok(())
    }

    /// The papers, in the order they were added.
    pub fn finish(self) -> Result<Vec<Arc<Paper>>, PaperBroken> {
        if self.entries.len() > usize::from(u16::MAX) {
            return Err(PaperBroken);
        }
        let catalogue = Arc::new(Catalogue { entries: self.entries.into_values().collect() });
        let index: std::collections::HashMap<(ItemId, u32), u16> =
            catalogue.entries.iter().zip(0..).map(|(entry, index)| ((entry.item, entry.version), index)).collect();
        let mut shared: Vec<Arc<[PaperSection]>> = Vec::new();
        let mut papers = Vec::with_capacity(self.papers.len());
        for (sections, items) in self.papers {
            let sections = match shared.iter().find(|known| known[..] == sections[..]) {
                Some(known) => Arc::clone(known),
                None => {
                    let sections: Arc<[PaperSection]> = sections.into();
                    shared.push(Arc::clone(&sections));
                    sections
                }
            };
            let items = items.into_iter().map(|(item, version, order)| PaperItem { entry: index[&(item, version)], order }).collect();
            papers.push(Arc::new(Paper { sections, items, catalogue: Arc::clone(&catalogue) }));
        }
        Ok(papers)
    }
}

fn decode(stored: &[u8]) -> Result<Option<(Vec<Entry>, LoosePaper)>, DecodeError> {
    let mut d = minicbor::Decoder::new(stored);
    if d.array()? != Some(3) || d.u8()? != 1 {
        return Ok(None);
    }
    let Some(count) = d.array()?.filter(|&count| (1..=10).contains(&count)) else { return Ok(None) };
    let mut sections = Vec::new();
    for _ in 0..count {
        if d.array()? != Some(5) {
            return Ok(None);
        }
        let (code, title, items) = (d.str()?.to_owned(), d.str()?.to_owned(), d.u16()?);
        let duration_ms = if d.datatype()? == minicbor::data::Type::Null { d.null().map(|()| None)? } else { Some(d.u32()?) };
        sections.push(PaperSection { code, title, items, duration_ms, linear: d.bool()? });
    }
    let Some(count) = d.array()?.filter(|&count| (1..=500).contains(&count)) else { return Ok(None) };
    let (mut entries, mut items) = (Vec::new(), Vec::new());
    for _ in 0..count {
        if d.array()? != Some(5) {
            return Ok(None);
        }
        let Some(item) = ItemId::from_slice(d.bytes()?) else { return Ok(None) };
        let entry = Entry { item, version: d.u32()?, choices: d.u8()?, multiple: d.bool()? };
        let order = d.bytes()?;
        let Some(order) = ChoiceOrder::new(order).filter(|_| order.len() == usize::from(entry.choices)) else { return Ok(None) };
        items.push((item, entry.version, order));
        entries.push(entry);
    }
    let announced: u32 = sections.iter().map(|section| u32::from(section.items)).sum();
    let whole = d.position() == stored.len() && announced == items.len() as u32;
    Ok(whole.then_some((entries, (sections, items))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> Vec<u8> {
        let entry = |code: &str, choices| Entry { item: crate::item::Item::id_of(code), version: 1, choices, multiple: false };
        let catalogue = Arc::new(Catalogue { entries: vec![entry("a", 5), entry("b", 10)] });
        let sections: Arc<[PaperSection]> =
            [PaperSection { code: "umum".into(), title: "Umum".into(), items: 2, duration_ms: Some(60_000), linear: true }].into();
        let order = |ids: &[u8]| ChoiceOrder::new(ids).expect("a permutation");
        let items =
            [PaperItem { entry: 1, order: order(&[9, 8, 7, 6, 5, 4, 3, 2, 1, 0]) }, PaperItem { entry: 0, order: order(&[4, 0, 1, 3, 2]) }];
        Paper { sections, items: items.into(), catalogue }.encode()
    }

    #[test]
    fn a_stored_paper_reads_back_byte_for_byte() {
        let mut reader = PaperReader::default();
        reader.add(&stored()).expect("a paper");
        let papers = reader.finish().expect("papers");
        assert_eq!(papers[0].encode(), stored());
        assert_eq!(papers[0].items[1].order.ids(5).collect::<Vec<_>>(), [4, 0, 1, 3, 2]);
        assert_eq!((papers[0].section_of(1), papers[0].section_of(2), papers[0].bounds(0)), (Some(0), None, (0, 2)));
    }

    #[test]
    fn a_damaged_paper_is_refused() {
        let whole = stored();
        for cut in 0..whole.len() {
            assert_eq!(PaperReader::default().add(&whole[..cut]), Err(PaperBroken), "cut at {cut}");
        }
    }

    #[test]
    fn a_paper_item_stays_small() {
        assert!(size_of::<PaperItem>() <= 8, "a session holds one per item; 110 of them make the memory of a hall");
    }
}
