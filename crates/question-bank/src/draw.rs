//! Drawing papers by `draw/v1`: everybody who knows the seed can draw the same papers again, in any language.
//!
//! The stream is HMAC-SHA-256 in counter mode; numbers below `n` by rejection sampling; a partial Fisher-Yates takes `k` of a cell's items,
//! which stand in ascending order of id; the choices of each item are permuted by the same stream. Test vectors are at the end.

use crate::blueprint::{Blueprint, Section};
use crate::id::{ItemId, SessionId, SittingId};
use crate::item::CellOfItem;
use crate::paper::{Catalogue, ChoiceOrder, Entry, Paper, PaperItem, PaperSection};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Name of the algorithm, as recorded with papers.
pub const ALGORITHM: &str = "draw/v1";

/// The random stream of one candidate: blocks `HMAC(key, u64be(j))`, each four big-endian numbers.
pub struct Stream {
    key: [u8; 32],
    block: [u8; 32],
    next_block: u64,
    next_word: usize,
}

impl Stream {
    /// The stream of `K_a`.
    pub fn new(key: [u8; 32]) -> Self {
        Stream { key, block: [0; 32], next_block: 0, next_word: 4 }
    }

    /// The stream of one candidate's attempt: `K_a = HMAC(seed, "cat-draw-applicant/v1\n" || CBOR([sitting, pseudonym, attempt]))`.
    pub fn of_applicant(seed: &[u8; 32], sitting: &[u8; 16], pseudonym: &[u8; 16], attempt: u32) -> Self {
        let mut name = b"cat-draw-applicant/v1\n".to_vec();
        let written = minicbor::Encoder::new(&mut name)
            .array(3)
            .and_then(|e| e.bytes(sitting))
            .and_then(|e| e.bytes(pseudonym))
            .and_then(|e| e.u32(attempt))
            .map(|_| ());
        debug_assert!(written.is_ok(), "writing to a vector cannot fail");
        Stream::new(hmac(seed, &name))
    }

    fn next(&mut self) -> u64 {
        if self.next_word == 4 {
            self.block = hmac(&self.key, &self.next_block.to_be_bytes());
            self.next_block += 1;
            self.next_word = 0;
        }
        let start = self.next_word * 8;
        self.next_word += 1;
        let mut word = [0; 8];
        word.copy_from_slice(&self.block[start..start + 8]);
        u64::from_be_bytes(word)
    }

    /// A number below `n` (at least 1), every one equally likely.
    pub fn below(&mut self, n: u64) -> u64 {
        // 2^64 mod n numbers at the top would make small results likelier; they are drawn again.
        let excess = (u64::MAX % n + 1) % n;
        loop {
            let word = self.next();
            if word <= u64::MAX - excess {
                return word % n;
            }
        }
    }

    /// Takes `count` of `pool` in random order (partial Fisher-Yates); `count` is at most the length.
    pub fn take<T: Clone>(&mut self, pool: &[T], count: usize) -> Vec<T> {
        let mut pool = pool.to_vec();
        let count = count.min(pool.len());
        for index in 0..count {
            let other = index + self.below((pool.len() - index) as u64) as usize;
            pool.swap(index, other);
        }
        pool.truncate(count);
        pool
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// An item as the draw sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolItem {
    /// What a paper records of it.
    pub entry: Entry,
    /// Where it belongs.
    pub cell: CellOfItem,
}

/// A candidate for whom a paper is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The session, which is also the pseudonym in the draw.
    pub session: SessionId,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Index into the blueprints of the call.
    pub blueprint: usize,
    /// Row and column of the seat, where it is known before the doors open.
    pub seat: Option<(u16, u16)>,
}

/// A cell asks for more items than the bank has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("section {section}, cell {cell}: {wanted} items wanted, {available} in the bank")]
pub struct CellShort {
    /// Section code.
    pub section: String,
    /// The cell's filter in words.
    pub cell: String,
    /// Items wanted (all cells that compete for the same items before this one included).
    pub wanted: usize,
    /// Items left for it.
    pub available: usize,
}

/// What was drawn.
#[derive(Clone, Debug)]
pub struct Draw {
    /// One paper per applicant, in the order given.
    pub papers: Vec<Arc<Paper>>,
    /// Pairs of neighbouring seats (left-right, front-back).
    pub neighbour_pairs: u32,
    /// Positions that both neighbours of a pair have, over all pairs.
    pub positions_compared: u32,
    /// Of these, positions where both have the same item.
    pub positions_shared: u32,
}

/// Draws the papers of a sitting. Pool, blueprints and applicants decide the result together with the seed; nothing else does.
///
/// Items are drawn by `draw/v1`. Then, seat by seat from the front left, the order of items within a cell (or within the section, where the
/// blueprint shuffles) is changed as little as needed so that no neighbour already placed has the same item at the same position; how far
/// that succeeded stands in the result.
pub fn draw(
    seed: &[u8; 32],
    sitting: SittingId,
    blueprints: &[Blueprint],
    pool: &[PoolItem],
    applicants: &[Applicant],
) -> Result<Draw, CellShort> {
    let mut pool: Vec<&PoolItem> = pool.iter().collect();
    pool.sort_by_key(|item| item.entry.item);
    let catalogue = Arc::new(Catalogue { entries: pool.iter().map(|item| item.entry).collect() });
    let plans = blueprints.iter().map(|blueprint| Plan::new(blueprint, &pool)).collect::<Result<Vec<_>, _>>()?;

    let mut drawn: Vec<Vec<Block>> = Vec::with_capacity(applicants.len());
    for applicant in applicants {
        let mut stream = Stream::of_applicant(seed, sitting.as_bytes(), applicant.session.as_bytes(), applicant.attempt);
        drawn.push(plans[applicant.blueprint].draw(&mut stream, &catalogue));
    }
    spread(applicants, &mut drawn);
    let (neighbour_pairs, positions_compared, positions_shared) = neighbours_compared(applicants, &drawn);

    let papers = applicants
        .iter()
        .zip(drawn)
        .map(|(applicant, blocks)| {
            let items = blocks.into_iter().flatten().collect();
            Arc::new(Paper { sections: Arc::clone(&plans[applicant.blueprint].sections), items, catalogue: Arc::clone(&catalogue) })
        })
        .collect();
    Ok(Draw { papers, neighbour_pairs, positions_compared, positions_shared })
}

/// Items whose order among themselves is free.
type Block = Vec<PaperItem>;

/// A blueprint with the pool sorted into its cells.
struct Plan<'a> {
    blueprint: &'a Blueprint,
    sections: Arc<[PaperSection]>,
    /// Per section, per cell: catalogue indexes in ascending order of item id.
    cells: Vec<Vec<Vec<u16>>>,
}

impl<'a> Plan<'a> {
    fn new(blueprint: &'a Blueprint, pool: &[&PoolItem]) -> Result<Self, CellShort> {
        let sections = blueprint.sections.iter().map(|section| PaperSection {
            code: section.code.clone(),
            title: section.title.clone(),
            items: u16::try_from(section.items()).unwrap_or(u16::MAX),
            duration_ms: section.duration_s.map(|duration_s| duration_s * 1000),
            linear: section.linear,
        });
        let cells = blueprint.sections.iter().map(|section| Plan::cells_of(section, pool)).collect::<Result<_, _>>()?;
        Ok(Plan { blueprint, sections: sections.collect(), cells })
    }

    fn cells_of(section: &Section, pool: &[&PoolItem]) -> Result<Vec<Vec<u16>>, CellShort> {
        let mut cells = Vec::with_capacity(section.cells.len());
        for (index, cell) in section.cells.iter().enumerate() {
            let fits: Vec<u16> =
                pool.iter().zip(0..).filter(|(item, _)| cell.takes(&section.code, &item.cell)).map(|(_, index)| index).collect();
            // An item is on a paper once: earlier cells of the section may take items that would fit here too.
            let rivals = section.cells[..index].iter().zip(&cells);
            let taken: usize = rivals
                .filter(|(_, rival): &(_, &Vec<u16>)| rival.iter().any(|entry| fits.contains(entry)))
                .map(|(rival, _)| usize::from(rival.count))
                .sum();
            let wanted = usize::from(cell.count) + taken;
            if fits.len() < wanted {
                return Err(CellShort { section: section.code.clone(), cell: cell.describe(), wanted, available: fits.len() });
            }
            cells.push(fits);
        }
        Ok(cells)
    }

    fn draw(&self, stream: &mut Stream, catalogue: &Catalogue) -> Vec<Block> {
        let mut chosen: Vec<Vec<Vec<u16>>> = Vec::with_capacity(self.cells.len());
        for (section, cells) in self.blueprint.sections.iter().zip(&self.cells) {
            let mut taken: Vec<u16> = Vec::new();
            let mut of_section = Vec::with_capacity(cells.len());
            for (cell, fits) in section.cells.iter().zip(cells) {
                let free: Vec<u16> = fits.iter().copied().filter(|entry| !taken.contains(entry)).collect();
                let drawn = stream.take(&free, usize::from(cell.count));
                taken.extend(&drawn);
                of_section.push(drawn);
            }
            chosen.push(of_section);
        }
        // The choice orders follow in the order of the form, also where a section keeps the author's order: one stream for all blueprints.
        let mut blocks = Vec::new();
        for (section, of_section) in self.blueprint.sections.iter().zip(chosen) {
            let mut of_section: Vec<Block> = of_section
                .into_iter()
                .map(|drawn| drawn.into_iter().map(|entry| with_choices(entry, section, stream, catalogue)).collect())
                .collect();
            if section.shuffle_items {
                let all: Block = of_section.into_iter().flatten().collect();
                let count = all.len();
                of_section = vec![stream.take(&all, count)];
            }
            blocks.extend(of_section);
        }
        blocks
    }
}

fn with_choices(entry: u16, section: &Section, stream: &mut Stream, catalogue: &Catalogue) -> PaperItem {
    let choices = catalogue.entries[usize::from(entry)].choices;
    let canonical: Vec<u8> = (0..choices).collect();
    let shuffled = stream.take(&canonical, canonical.len());
    let order = if section.shuffle_choices { shuffled } else { canonical };
    PaperItem { entry, order: ChoiceOrder::new(&order).unwrap_or_default() }
}

/// Reorders each block so that it differs at every position from the neighbours placed before, as far as possible.
fn spread(applicants: &[Applicant], drawn: &mut [Vec<Block>]) {
    let seats: BTreeMap<(u16, u16), usize> =
        applicants.iter().enumerate().filter_map(|(index, applicant)| applicant.seat.map(|seat| (seat, index))).collect();
    for (&(row, column), &index) in &seats {
        let before = [column.checked_sub(1).map(|left| (row, left)), row.checked_sub(1).map(|front| (front, column))];
        let neighbours: Vec<Vec<u16>> =
            before.into_iter().flatten().filter_map(|seat| seats.get(&seat)).map(|&other| entries(&drawn[other])).collect();
        let mut first = 0;
        for block in &mut drawn[index] {
            *block = apart(block, first, &neighbours);
            first += block.len();
        }
    }
}

fn entries(blocks: &[Block]) -> Vec<u16> {
    blocks.iter().flatten().map(|item| item.entry).collect()
}

/// A bipartite matching of items to positions that avoids the neighbours' items; items that find no such place fill the rest in drawn order.
fn apart(block: &[PaperItem], first: usize, neighbours: &[Vec<u16>]) -> Block {
    let allowed = |item: usize, place: usize| neighbours.iter().all(|other| other.get(first + place) != Some(&block[item].entry));
    let count = block.len();
    let mut item_at: Vec<Option<usize>> = vec![None; count];
    for item in 0..count {
        // Its own drawn place is tried first, so that nothing moves without need.
        augment(item, item, count, &allowed, &mut vec![false; count], &mut item_at);
    }
    let mut placed = vec![false; count];
    item_at.iter().flatten().for_each(|&item| placed[item] = true);
    let mut rest = (0..count).filter(|&item| !placed[item]);
    item_at.iter().filter_map(|item| item.or_else(|| rest.next())).map(|item| block[item]).collect()
}

fn augment(
    item: usize,
    start: usize,
    count: usize,
    allowed: &dyn Fn(usize, usize) -> bool,
    seen: &mut Vec<bool>,
    item_at: &mut Vec<Option<usize>>,
) -> bool {
    for step in 0..count {
        let place = (start + step) % count;
        if seen[place] || !allowed(item, place) {
            continue;
        }
        seen[place] = true;
        let free = match item_at[place] {
            None => true,
            Some(holder) => augment(holder, place, count, allowed, seen, item_at),
        };
        if free {
            item_at[place] = Some(item);
            return true;
        }
    }
    false
}

/// Neighbouring pairs, positions both have, positions with the same item.
fn neighbours_compared(applicants: &[Applicant], drawn: &[Vec<Block>]) -> (u32, u32, u32) {
    let seats: BTreeMap<(u16, u16), usize> =
        applicants.iter().enumerate().filter_map(|(index, applicant)| applicant.seat.map(|seat| (seat, index))).collect();
    let (mut pairs, mut compared, mut shared) = (0, 0, 0);
    for (&(row, column), &index) in &seats {
        for seat in [(row, column + 1), (row + 1, column)] {
            let Some(&other) = seats.get(&seat) else { continue };
            pairs += 1;
            let (here, there) = (entries(&drawn[index]), entries(&drawn[other]));
            compared += here.len().min(there.len()) as u32;
            shared += here.iter().zip(&there).filter(|(a, b)| a == b).count() as u32;
        }
    }
    (pairs, compared, shared)
}

/// Recomputes an item id list; for reports and tests.
pub fn items_of(paper: &Paper) -> Vec<ItemId> {
    paper.items.iter().map(|item| paper.catalogue.entries[usize::from(item.entry)].item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::Cell;
    use crate::id::Digest32;
    use crate::item::{Difficulty, Level};

    /// The form digest of the published vectors: `SHA-256("cat-form/v1\n" || CBOR([pid, [item...], [[perm]...]]))` over small integer ids.
    fn form_digest(pid: [u8; 16], items: &[u32], orders: &[Vec<u8>]) -> String {
        let mut bytes = b"cat-form/v1\n".to_vec();
        let mut e = minicbor::Encoder::new(&mut bytes);
        e.array(3).expect("vector").bytes(&pid).expect("vector").array(items.len() as u64).expect("vector");
        items.iter().for_each(|&item| {
            e.u32(item).expect("vector");
        });
        e.array(orders.len() as u64).expect("vector");
        for order in orders {
            e.array(order.len() as u64).expect("vector");
            order.iter().for_each(|&id| {
                e.u8(id).expect("vector");
            });
        }
        Digest32::of(&bytes).to_string()
    }

    fn seed_of_the_vectors() -> [u8; 32] {
        "9c640fb8b17ca1ba7db1f6fd26eac080baa95876078adf4dbf690e2a875abe19".parse::<Digest32>().expect("hex").0
    }

    #[test]
    fn draw_v1_agrees_with_the_published_vectors() {
        let sitting: [u8; 16] = std::array::from_fn(|index| index as u8);
        let strata = [(1000..1020, 3), (1020..1045, 4), (1045..1060, 3)];
        let check = |pid: u8, items: [u32; 10], first_order: [u8; 5], digest: &str| {
            let mut stream = Stream::of_applicant(&seed_of_the_vectors(), &sitting, &[pid; 16], 0);
            let drawn: Vec<u32> =
                strata.clone().into_iter().flat_map(|(ids, count)| stream.take(&ids.collect::<Vec<u32>>(), count)).collect();
            let orders: Vec<Vec<u8>> = drawn.iter().map(|_| stream.take(&[0, 1, 2, 3, 4], 5)).collect();
            assert_eq!((drawn.as_slice(), orders[0].as_slice()), (items.as_slice(), first_order.as_slice()), "pid {pid}");
            assert_eq!(form_digest([pid; 16], &drawn, &orders), digest, "pid {pid}");
        };
        check(
            1,
            [1005, 1008, 1019, 1030, 1023, 1041, 1037, 1055, 1057, 1059],
            [3, 2, 1, 0, 4],
            "42e47dbe426469a1bbfedd5081001b63752a371c65d3e8f13844b7856d4a4974",
        );
        check(
            2,
            [1011, 1003, 1001, 1039, 1030, 1042, 1035, 1046, 1059, 1051],
            [2, 1, 4, 0, 3],
            "fd24a0051474293e1876dc5a30cc1be0b3d4e3f47442aa8c9024430b92151abf",
        );
    }

    fn pool(size: usize) -> Vec<PoolItem> {
        (0..size)
            .map(|index| PoolItem {
                entry: Entry { item: crate::item::Item::id_of(&format!("item-{index}")), version: 1, choices: 5, multiple: false },
                cell: CellOfItem {
                    section: "umum".into(),
                    topic: if index % 2 == 0 { "genap" } else { "ganjil" }.into(),
                    subtopic: String::new(),
                    level: Level::C2,
                    difficulty: Difficulty::Medium,
                },
            })
            .collect()
    }

    fn blueprint(counts: &[(&str, u16)], shuffle_items: bool) -> Blueprint {
        let cells =
            counts.iter().map(|&(topic, count)| Cell { topic: (topic != "*").then(|| topic.into()), count, ..Cell::default() }).collect();
        Blueprint {
            sections: vec![Section {
                code: "umum".into(),
                title: "Umum".into(),
                duration_s: None,
                linear: false,
                shuffle_items,
                shuffle_choices: true,
                cells,
            }],
            duration_s: 5400,
            tie_order: vec![],
        }
    }

    fn hall(rows: u16, columns: u16) -> Vec<Applicant> {
        (0..rows * columns)
            .map(|index| Applicant {
                session: SessionId::derive("test", &[&index.to_be_bytes()]),
                attempt: 1,
                blueprint: 0,
                seat: Some((index / columns, index % columns)),
            })
            .collect()
    }

    #[test]
    fn every_cell_is_exactly_satisfied_and_no_item_stands_twice() {
        let sitting = SittingId::derive("test", &[b"sitting"]);
        for shuffle in [false, true] {
            let blueprint = blueprint(&[("genap", 6), ("ganjil", 4), ("*", 5)], shuffle);
            let draw = draw(&[7; 32], sitting, &[blueprint], &pool(40), &hall(5, 6)).expect("the pool is large enough");
            for paper in &draw.papers {
                let mut items = items_of(paper);
                items.sort();
                items.dedup();
                assert_eq!(items.len(), 15);
            }
            assert_eq!(draw.neighbour_pairs, 5 * 5 + 4 * 6);
            assert_eq!(draw.positions_shared, 0, "a pool of 40 keeps neighbours apart");
        }
    }

    #[test]
    fn neighbours_differ_as_far_as_the_pool_allows() {
        let sitting = SittingId::derive("test", &[b"sitting"]);
        // Ten items for ten places: everybody has the same items, so only the order can differ, and it does.
        let draw = draw(&[1; 32], sitting, &[blueprint(&[("genap", 10)], false)], &pool(20), &hall(6, 8)).expect("enough");
        assert_eq!(draw.positions_shared, 0);
        // One item for one place: nothing can be done, and the report says so.
        let draw = super::draw(&[1; 32], sitting, &[blueprint(&[("genap", 1)], false)], &pool(1), &hall(2, 2)).expect("enough");
        assert_eq!((draw.positions_compared, draw.positions_shared), (4, 4));
    }

    #[test]
    fn a_cell_that_is_short_is_named() {
        let sitting = SittingId::derive("test", &[b"sitting"]);
        let short =
            draw(&[1; 32], sitting, &[blueprint(&[("genap", 11)], false)], &pool(20), &hall(1, 1)).expect_err("ten items, eleven wanted");
        assert_eq!(short.to_string(), "section umum, cell topic genap: 11 items wanted, 10 in the bank");
        let rivals = draw(&[1; 32], sitting, &[blueprint(&[("genap", 10), ("*", 11)], false)], &pool(20), &hall(1, 1));
        assert_eq!(rivals.expect_err("ten of twenty are gone").available, 20);
    }

    #[test]
    fn the_same_inputs_give_the_same_papers() {
        let sitting = SittingId::derive("test", &[b"sitting"]);
        let blueprints = [blueprint(&[("genap", 8), ("ganjil", 8)], true)];
        let mut shuffled_pool = pool(60);
        shuffled_pool.reverse();
        let first = draw(&[9; 32], sitting, &blueprints, &pool(60), &hall(4, 5)).expect("enough");
        let second = draw(&[9; 32], sitting, &blueprints, &shuffled_pool, &hall(4, 5)).expect("enough");
        assert!(first.papers.iter().zip(&second.papers).all(|(a, b)| a.digest() == b.digest()));
    }

    #[test]
    fn items_are_drawn_evenly() {
        let mut counts = [0_u32; 20];
        let ids: Vec<usize> = (0..20).collect();
        for pid in 0..20_000_u32 {
            let mut pseudonym = [0; 16];
            pseudonym[..4].copy_from_slice(&pid.to_be_bytes());
            Stream::of_applicant(&[3; 32], &[0; 16], &pseudonym, 1).take(&ids, 3).into_iter().for_each(|id| counts[id] += 1);
        }
        let expected = 3_000_i64;
        let chi_square: i64 = counts.iter().map(|&count| (i64::from(count) - expected).pow(2)).sum::<i64>() / expected;
        assert!(chi_square < 52, "chi-square {chi_square} of 19 degrees of freedom is beyond p = 0.0001");
    }
}
