//! Ids: 16 bytes, made where the thing is made, typed by what they name.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

/// A 16-byte id of a `Kind` of thing; shown and stored in text as 32 lower-case hexadecimal digits.
pub struct Id<Kind> {
    bytes: [u8; 16],
    kind: PhantomData<fn() -> Kind>,
}

/// What ids name; each type here exists for [`Id`] only.
pub mod kind {
    /// An item of the question bank.
    pub enum Item {}
    /// A recruitment round.
    pub enum Selection {}
    /// A stage of a selection.
    pub enum Stage {}
    /// A vacancy line.
    pub enum Formation {}
    /// A hall.
    pub enum Hall {}
    /// A seat of a hall.
    pub enum Seat {}
    /// One hall in one time slot.
    pub enum Sitting {}
    /// A person who takes the exam.
    pub enum Candidate {}
    /// One candidate in one stage.
    pub enum Enrolment {}
    /// A numbered try of an enrolment.
    pub enum Attempt {}
    /// One candidate's exam session within a sitting.
    pub enum Session {}
    /// A staff member.
    pub enum Staff {}
    /// A command, named by its author.
    pub enum Command {}
    /// A published list.
    pub enum Publication {}
    /// An act that waits for a second person.
    pub enum Proposal {}
    /// A stage's results as the committee adopted them.
    pub enum Revision {}
    /// A proposed change of a stage's results.
    pub enum Correction {}
    /// A candidate's objection.
    pub enum Objection {}
    /// What one of the committee decided about an objection.
    pub enum ObjectionDecision {}
}

/// Id of an item.
pub type ItemId = Id<kind::Item>;
/// Id of a selection.
pub type SelectionId = Id<kind::Selection>;
/// Id of a stage.
pub type StageId = Id<kind::Stage>;
/// Id of a formation.
pub type FormationId = Id<kind::Formation>;
/// Id of a hall.
pub type HallId = Id<kind::Hall>;
/// Id of a seat.
pub type SeatId = Id<kind::Seat>;
/// Id of a sitting.
pub type SittingId = Id<kind::Sitting>;
/// Id of a candidate.
pub type CandidateId = Id<kind::Candidate>;
/// Id of an enrolment.
pub type EnrolmentId = Id<kind::Enrolment>;
/// Id of an attempt.
pub type AttemptId = Id<kind::Attempt>;
/// Id of a session.
pub type SessionId = Id<kind::Session>;
/// Id of a staff member.
pub type StaffId = Id<kind::Staff>;
/// Id of a command.
pub type CommandId = Id<kind::Command>;
/// Id of a publication.
pub type PublicationId = Id<kind::Publication>;
/// Id of a proposal.
pub type ProposalId = Id<kind::Proposal>;
/// Id of a revision.
pub type RevisionId = Id<kind::Revision>;
/// Id of a correction.
pub type CorrectionId = Id<kind::Correction>;
/// Id of an objection.
pub type ObjectionId = Id<kind::Objection>;
/// Id of a decision about an objection.
pub type ObjectionDecisionId = Id<kind::ObjectionDecision>;

impl<Kind> Id<Kind> {
    /// The id of these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Id { bytes, kind: PhantomData }
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }

    /// An id from a slice, if it has 16 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Id::from_bytes(bytes.try_into().ok()?))
    }

    /// The id that follows from a domain and the parts of a name: the first 16 bytes of a SHA-256 over length-prefixed parts.
    /// Makes imports idempotent: the same name gives the same id everywhere.
    pub fn derive(domain: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        hash.update((domain.len() as u64).to_be_bytes());
        hash.update(domain);
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Id::from_bytes(bytes)
    }
}

impl<Kind> Clone for Id<Kind> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Kind> Copy for Id<Kind> {}
impl<Kind> PartialEq for Id<Kind> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl<Kind> Eq for Id<Kind> {}
impl<Kind> PartialOrd for Id<Kind> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<Kind> Ord for Id<Kind> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes.cmp(&other.bytes)
    }
}
impl<Kind> Hash for Id<Kind> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}
impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.bytes)
    }
}
impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.bytes)
    }
}

/// The text is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 32 hexadecimal digits")]
pub struct BadId;

impl<Kind> FromStr for Id<Kind> {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let mut bytes = [0; 16];
        read_hex(text, &mut bytes).ok_or(BadId)?;
        Ok(Id::from_bytes(bytes))
    }
}
impl<Kind> Serialize for Id<Kind> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, Kind> Deserialize<'de> for Id<Kind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// SHA-256 of some content: names pictures, papers and blocks; shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest32(pub [u8; 32]);

impl Digest32 {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Digest32(Sha256::digest(bytes).into())
    }

    /// A digest from a slice, if it has 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Digest32(bytes.try_into().ok()?))
    }
}
impl fmt::Display for Digest32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}
impl fmt::Debug for Digest32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}
impl FromStr for Digest32 {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let mut bytes = [0; 32];
        read_hex(text, &mut bytes).ok_or(BadId)?;
        Ok(Digest32(bytes))
    }
}

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn read_hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != bytes.len() * 2 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree() {
        let id = ItemId::derive("test", &[b"umum-001"]);
        assert_eq!(id.to_string().parse::<ItemId>(), Ok(id));
        assert_eq!("xyz".parse::<ItemId>(), Err(BadId));
        assert_eq!("é".repeat(16).parse::<ItemId>(), Err(BadId));
    }

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(ItemId::derive("t", &[b"ab", b"c"]), ItemId::derive("t", &[b"a", b"bc"]));
    }
}
