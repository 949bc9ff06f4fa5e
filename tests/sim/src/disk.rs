//! The journal's disk: blocks by key, heartbeats, group commit. A commit is atomic, as the database makes it: all of it or nothing.

use exam_session::block::Block;
use std::collections::BTreeMap;

/// Most blocks of a commit, as in `store::journal`.
const COMMIT_BLOCKS_MAX: usize = 512;

/// How far a sitting's clock has come.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// The sitting's own clock.
    pub mono_ms: u64,
    /// Wall clock.
    pub utc_ms: i64,
}

/// What waits for a commit.
#[derive(Debug)]
enum Work {
    Append(usize, Block),
    Beat(usize, Beat),
}

/// What became of a commit.
#[derive(Debug, PartialEq, Eq)]
pub enum Committed {
    /// Durable; the halls whose blocks were in it.
    Stored(Vec<usize>),
    /// The disk was full: nothing of it was stored.
    Full(Vec<usize>),
    /// A block's key was taken: somebody else writes this sitting's journal.
    SecondWriter(usize),
}

/// What survives a crash, and the writer that does not.
pub struct Disk {
    /// Blocks by hall and first position.
    pub blocks: Vec<BTreeMap<u64, Block>>,
    /// The newest heartbeat of each hall.
    pub beats: Vec<Option<Beat>>,
    /// No space.
    pub full: bool,
    waiting: Vec<Work>,
    commit: Option<Vec<Work>>,
}

impl Disk {
    /// An empty disk.
    pub fn new(halls: usize) -> Self {
        Disk { blocks: vec![BTreeMap::new(); halls], beats: vec![None; halls], full: false, waiting: Vec::new(), commit: None }
    }

    /// Position of the next record of a hall's journal.
    pub fn next_position(&self, hall: usize) -> u64 {
        self.blocks[hall].last_key_value().map_or(0, |(first, block)| first + u64::from(block.count))
    }

    /// Hands a block to the writer.
    pub fn append(&mut self, hall: usize, block: Block) {
        self.waiting.push(Work::Append(hall, block));
    }

    /// Hands a heartbeat to the writer.
    pub fn beat(&mut self, hall: usize, beat: Beat) {
        self.waiting.push(Work::Beat(hall, beat));
    }

    /// The writer takes what waits, if it is idle; true when a commit began.
    pub fn begin(&mut self) -> bool {
        if self.commit.is_some() || self.waiting.is_empty() {
            return false;
        }
        let count = self.waiting.len().min(COMMIT_BLOCKS_MAX);
        self.commit = Some(self.waiting.drain(..count).collect());
        true
    }

    /// The commit is over.
    pub fn end(&mut self) -> Committed {
        let work = self.commit.take().unwrap_or_default();
        let halls = work.iter().filter_map(|work| match work {
            Work::Append(hall, _) => Some(*hall),
            Work::Beat(..) => None,
        });
        let halls: Vec<usize> = halls.collect();
        if self.full {
            return Committed::Full(halls);
        }
        let taken = work.iter().find_map(|work| match work {
            Work::Append(hall, block) if self.blocks[*hall].contains_key(&block.first_position) => Some(*hall),
            Work::Append(..) | Work::Beat(..) => None,
        });
        if let Some(hall) = taken {
            return Committed::SecondWriter(hall);
        }
        for one in work {
            match one {
                Work::Append(hall, block) => drop(self.blocks[hall].insert(block.first_position, block)),
                Work::Beat(hall, beat) => self.beats[hall] = Some(beat),
            }
        }
        Committed::Stored(halls)
    }

    /// Another process writes a block; false when the key is taken.
    pub fn intrude(&mut self, hall: usize, block: Block) -> bool {
        if self.full || self.blocks[hall].contains_key(&block.first_position) {
            return false;
        }
        self.blocks[hall].insert(block.first_position, block);
        true
    }

    /// Power goes: what waits is gone, and a commit under way is durable or not.
    pub fn crash(&mut self, commit_survives: bool) {
        self.waiting.clear();
        if commit_survives {
            self.end();
        }
        self.commit = None;
    }
}
