//! Ranked lists: computed by the committee, published as immutable revisions.

use crate::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The answer to `POST /api/v1/stages/{id}/results`: computed from the journals, not yet public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ResultPreview {
    /// One list per formation, by code.
    pub lists: Vec<RankedList>,
    /// What stands in the way of publication; empty when it may be published.
    pub obstacles: Vec<String>,
    /// SHA-256 over the inputs (journal heads, keys, blueprints), hex.
    pub input_hash: String,
}

/// One formation's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RankedList {
    /// Formation code.
    pub formation: String,
    /// Formation title.
    pub title: String,
    /// Vacant slots.
    pub slots: u32,
    /// Section codes and titles, in column order.
    pub sections: Vec<ListSection>,
    /// Ranked people first, then those without a rank, by number.
    pub rows: Vec<ListRow>,
}

/// A column of marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ListSection {
    /// Section code.
    pub code: String,
    /// Title.
    pub title: String,
}

/// One candidate on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ListRow {
    /// Rank, from 1; equal standings share one; none without marks.
    pub rank: Option<u32>,
    /// Participant number.
    pub participant_no: String,
    /// Name or initials, by policy.
    pub name: String,
    /// Marks per section, thousandths; empty without marks.
    pub marks_milli: Vec<i64>,
    /// Total, thousandths.
    pub total_milli: Option<i64>,
    /// `meets`, `below_threshold`, `absent`, `not_started`, `terminated`.
    pub status: String,
}

/// `POST /api/v1/stages/{id}/publications`: publishes what was computed; refused when the inputs changed since.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct Publish {
    /// From the preview.
    pub input_hash: String,
    /// Heading of the announcement.
    pub title: String,
    /// Number of the announcement, as the agency files it.
    #[serde(default)]
    pub number: String,
    /// Why there is a further revision; required from the second on.
    #[serde(default)]
    pub reason: String,
}

/// `GET /api/v1/publications`: public, newest first. Files are `/hasil/{id}`, `/hasil/{id}/daftar.csv`, `.xlsx`, `.pdf`, `.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PublicationView {
    /// The publication.
    pub id: Id,
    /// Selection title.
    pub selection: String,
    /// Stage title.
    pub stage: String,
    /// Heading.
    pub title: String,
    /// Filing number.
    pub number: String,
    /// Revision, from 1.
    pub revision: u32,
    /// Why, from the second on.
    pub reason: String,
    /// When.
    pub published_utc_ms: i64,
    /// People on the lists.
    pub people: u32,
    /// SHA-256 of the JSON file, hex.
    pub sha256: String,
}
