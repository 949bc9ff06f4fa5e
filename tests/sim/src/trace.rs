//! The trace of a run: every event in order, hashed, and printed when somebody wants to read it.

use sha2::{Digest, Sha256};

/// Hashes events, and prints them on request.
pub struct Trace {
    hash: Sha256,
    events: u64,
    print: bool,
}

impl Trace {
    /// An empty trace.
    pub fn new(print: bool) -> Self {
        Trace { hash: Sha256::new(), events: 0, print }
    }

    /// Takes in an event: when, what, and up to three numbers that tell it from others; `words` is for people and only made when printed.
    pub fn event(&mut self, at_ms: u64, what: &'static str, numbers: [u64; 3], words: impl FnOnce() -> String) {
        let mut bytes = [0; 40];
        bytes[..8].copy_from_slice(&at_ms.to_le_bytes());
        let label = what.as_bytes();
        bytes[8..8 + label.len().min(8)].copy_from_slice(&label[..label.len().min(8)]);
        for (slot, number) in bytes[16..].chunks_exact_mut(8).zip(numbers) {
            slot.copy_from_slice(&number.to_le_bytes());
        }
        self.hash.update(bytes);
        self.events += 1;
        if self.print {
            println!("{:>5}.{:03} {what:<8} {}", at_ms / 1000, at_ms % 1000, words());
        }
    }

    /// Takes in a hash, for instance of a block.
    pub fn digest(&mut self, digest: &[u8; 32]) {
        self.hash.update(digest);
    }

    /// Number of events, and the hash over all of them.
    pub fn finish(&self) -> (u64, [u8; 32]) {
        (self.events, self.hash.clone().finalize().into())
    }
}
