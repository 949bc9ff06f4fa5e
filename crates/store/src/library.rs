//! Rows of the library: draws and papers, the question bank and imports that wait.

use crate::roster::By;
use question_bank::id::{Digest32, Id, SessionId, SittingId, StaffId};
use question_bank::item::Item;
use std::fmt;

/// Id of a draw; made by whoever draws.
pub type DrawId = Id<Draw>;
/// Id of a waiting import.
pub type BankImportId = Id<PendingImport>;

/// A seed, secret until its sitting is over. Prints nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(secret)")
    }
}

/// A draw of papers for a sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The draw.
    pub id: DrawId,
    /// For this sitting.
    pub sitting: SittingId,
    /// From this seed.
    pub seed: Seed,
    /// What came of it, as JSON.
    pub report_json: String,
    /// By whom and when.
    pub by: By,
}

/// A drawn paper in its stored form. Prints only its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPaper {
    /// For this session.
    pub session: SessionId,
    /// Stored form, see `question_bank::paper::Paper::encode`.
    pub body: Vec<u8>,
    /// `question_bank::paper::Paper::digest`.
    pub digest: Digest32,
}

impl fmt::Debug for NewPaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewPaper({}, {})", self.session, self.digest)
    }
}

/// Which items of the bank; empty texts filter nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Only this section.
    pub section: String,
    /// Only this topic.
    pub topic: String,
    /// Only this subtopic.
    pub subtopic: String,
    /// Code or question contains this, in either case.
    pub find: String,
    /// Page, from 0.
    pub page: u32,
    /// Items on a page.
    pub page_items: u32,
}

/// A page of the bank: latest versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPage {
    /// All that match.
    pub total: u32,
    /// This page, by section, topic, subtopic and code.
    pub items: Vec<Item>,
}

/// A line of the bank's table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankCell {
    /// Section code.
    pub section: String,
    /// Topic code.
    pub topic: String,
    /// Subtopic code.
    pub subtopic: String,
    /// Items.
    pub items: u32,
}

/// What an import of items does or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// New codes.
    pub new: u32,
    /// Known codes with another face, cell or key: a new version.
    pub changed: u32,
    /// Known codes, all of these the same. Another basis alone makes no version; it replaces the old one.
    pub unchanged: u32,
}

/// A read import that waits for being accepted. Prints no content: it may hold keys.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingImport {
    /// The import.
    pub id: BankImportId,
    /// When it was read.
    pub at_utc_ms: i64,
    /// By whom.
    pub staff_id: StaffId,
    /// What was read, in a form of the caller's.
    pub pending: Vec<u8>,
    /// Gone after this.
    pub expires_utc_ms: i64,
}

impl fmt::Debug for PendingImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingImport({}, {} bytes)", self.id, self.pending.len())
    }
}
