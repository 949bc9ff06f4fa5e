//! Rows of results: published lists, which nothing changes any more.

use crate::roster::By;
use question_bank::id::{Digest32, PublicationId, SelectionId, StageId};

/// A list to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPublication {
    /// The publication.
    pub id: PublicationId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Of this stage.
    pub stage_id: StageId,
    /// One more than the last one of the stage, from 1; otherwise the insert is refused as `publication_revision_unique`.
    pub revision: u32,
    /// Filing number of the announcement.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Why, from the second revision on.
    pub reason: String,
    /// People on the lists.
    pub people: u32,
    /// Over what the lists were computed from.
    pub input_hash: Digest32,
    /// The JSON file, byte for byte.
    pub body: Vec<u8>,
    /// SHA-256 of `body`.
    pub sha256: Digest32,
    /// By whom and when.
    pub by: By,
}

/// A published list without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The publication.
    pub id: PublicationId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Of this stage.
    pub stage_id: StageId,
    /// Title of the selection.
    pub selection_title: String,
    /// Title of the stage.
    pub stage_title: String,
    /// From 1.
    pub revision: u32,
    /// Filing number of the announcement.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Why, from the second revision on.
    pub reason: String,
    /// People on the lists.
    pub people: u32,
    /// Over what the lists were computed from.
    pub input_hash: Digest32,
    /// SHA-256 of the JSON file.
    pub sha256: Digest32,
    /// By whom and when.
    pub by: By,
}
