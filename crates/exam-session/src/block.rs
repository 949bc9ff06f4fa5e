//! Blocks: what a batch of one sitting adds to its journal, chained by hash to the block before.

use crate::record::{Record, RecordBroken};
use question_bank::id::{Digest32, SittingId};
use sabotage::Sabotage;
use sha2::{Digest, Sha256};

/// One row of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whose journal.
    pub sitting: SittingId,
    /// Position of its first record; together with `sitting` the key that catches a second writer.
    pub first_position: u64,
    /// Number of records, at least 1.
    pub count: u32,
    /// The records, one after another.
    pub records: Vec<u8>,
    /// `SHA-256("saksama/block/v1\n" || previous hash || sitting || first_position u64be || count u32be || records)`.
    pub hash: Digest32,
}

/// Where a journal ends: what the next block must follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalHead {
    /// Position of the next record.
    pub next_position: u64,
    /// Hash of the last block.
    pub hash: Digest32,
}

/// A block does not fit its journal: stop, and let `fsck` say what happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockBroken {
    /// Positions do not follow.
    #[error("block at {found} where {expected} was expected")]
    Gap {
        /// Next position of the journal.
        expected: u64,
        /// Position of the block.
        found: u64,
    },
    /// The chain of hashes is broken.
    #[error("hash of the block at {0} does not follow from the block before")]
    Hash(u64),
    /// A record inside cannot be read.
    #[error("block at {position}")]
    Record {
        /// Position of the block.
        position: u64,
        /// Why.
        #[source]
        source: RecordBroken,
    },
    /// A record inside stands at the wrong place or goes back in time.
    #[error("record {found} where {expected} was expected, or its time goes back")]
    Order {
        /// Expected position.
        expected: u64,
        /// Found position.
        found: u64,
    },
}

impl JournalHead {
    /// The head of an empty journal.
    pub fn empty(sitting: SittingId) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"saksama/journal/v1\n");
        hash.update(sitting.as_bytes());
        JournalHead { next_position: 0, hash: Digest32(hash.finalize().into()) }
    }

    /// The block that adds these encoded records.
    pub fn block(&self, sitting: SittingId, count: u32, records: Vec<u8>) -> Block {
        let hash = chain(self.hash, sitting, self.next_position, count, &records);
        Block { sitting, first_position: self.next_position, count, records, hash }
    }

    /// The head after a block.
    pub fn after(block: &Block) -> Self {
        JournalHead { next_position: block.first_position + u64::from(block.count), hash: block.hash }
    }

    /// Checks that a stored block follows, and reads its records.
    pub fn read(&self, block: &Block) -> Result<Vec<Record>, BlockBroken> {
        if block.first_position != self.next_position {
            return Err(BlockBroken::Gap { expected: self.next_position, found: block.first_position });
        }
        let follows = block.hash == chain(self.hash, block.sitting, block.first_position, block.count, &block.records);
        if !follows && !sabotage::on(Sabotage::TrustBlocks) {
            return Err(BlockBroken::Hash(block.first_position));
        }
        let broken = |source| BlockBroken::Record { position: block.first_position, source };
        if block.count == 0 {
            return Err(broken(RecordBroken("a block without records".to_owned())));
        }
        let records = Record::decode_all(&block.records, block.count).map_err(broken)?;
        let mut mono_ms = 0;
        for (record, expected) in records.iter().zip(block.first_position..) {
            if record.position != expected || record.at.mono_ms < mono_ms {
                return Err(BlockBroken::Order { expected, found: record.position });
            }
            mono_ms = record.at.mono_ms;
        }
        Ok(records)
    }
}

fn chain(before: Digest32, sitting: SittingId, first_position: u64, count: u32, records: &[u8]) -> Digest32 {
    let mut hash = Sha256::new();
    hash.update(b"saksama/block/v1\n");
    hash.update(before.0);
    hash.update(sitting.as_bytes());
    hash.update(first_position.to_be_bytes());
    hash.update(count.to_be_bytes());
    hash.update(records);
    Digest32(hash.finalize().into())
}
