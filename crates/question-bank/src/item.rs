//! Items: what is asked. The face is what a candidate may see; the key is in [`crate::key`] and never beside it.

use crate::id::{Digest32, ItemId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// An item without its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Follows from `code`: see [`Item::id_of`].
    pub id: ItemId,
    /// Grows by one when the content of an item changes; from 1.
    pub version: u32,
    /// The author's stable code, `a-z 0-9 -`, unique in the bank.
    pub code: String,
    /// Where it belongs.
    pub cell: CellOfItem,
    /// What a candidate may see.
    pub face: Face,
    /// What the key rests on, for reviewers.
    pub basis: String,
}

impl Item {
    /// The id of the item with this code: the same in every installation, so that importing twice is harmless.
    pub fn id_of(code: &str) -> ItemId {
        ItemId::derive("saksama/item/v1", &[code.as_bytes()])
    }
}

/// Section, topic, level, difficulty: what blueprint cells filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellOfItem {
    /// Section code.
    pub section: String,
    /// Topic code.
    pub topic: String,
    /// Subtopic code; may be empty.
    pub subtopic: String,
    /// Cognitive level.
    pub level: Level,
    /// Difficulty as the author sees it.
    pub difficulty: Difficulty,
}

/// What a candidate may see of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// BCP 47 tag.
    pub language: String,
    /// The question: sanitised HTML with MathML, pictures as `/media/{sha256}`.
    pub stem: String,
    /// 2 to 10 choices in the author's order: sanitised HTML. The index is the canonical choice id.
    pub choices: Vec<String>,
    /// Several choices may be chosen.
    pub multiple: bool,
}

impl Face {
    /// Names the content of the face (not its key).
    pub fn digest(&self) -> Digest32 {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        };
        part("saksama/face/v1");
        part(&self.language);
        part(if self.multiple { "multiple" } else { "single" });
        part(&self.stem);
        self.choices.iter().for_each(|choice| part(choice));
        Digest32(hash.finalize().into())
    }
}

/// A picture of the bank, named by its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// SHA-256 of `bytes`.
    pub hash: Digest32,
    /// `image/png`, `image/jpeg`, `image/webp` or `image/svg+xml`.
    pub media_type: &'static str,
    /// The (for SVG: sanitised) file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {}, {} bytes)", self.hash, self.media_type, self.bytes.len())
    }
}

/// Cognitive level by the revised Bloom taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Remember.
    C1,
    /// Understand.
    C2,
    /// Apply.
    C3,
    /// Analyse.
    C4,
    /// Evaluate.
    C5,
    /// Create.
    C6,
}

impl FromStr for Level {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "C1" | "c1" => Ok(Level::C1),
            "C2" | "c2" => Ok(Level::C2),
            "C3" | "c3" => Ok(Level::C3),
            "C4" | "c4" => Ok(Level::C4),
            "C5" | "c5" => Ok(Level::C5),
            "C6" | "c6" => Ok(Level::C6),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Difficulty as the author sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Difficulty {
    /// Most get it right.
    Easy,
    /// In between.
    Medium,
    /// Few get it right.
    Hard,
}

impl FromStr for Difficulty {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.to_ascii_lowercase().as_str() {
            "easy" | "mudah" => Ok(Difficulty::Easy),
            "medium" | "sedang" => Ok(Difficulty::Medium),
            "hard" | "sukar" | "sulit" => Ok(Difficulty::Hard),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Difficulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Difficulty::Easy => "easy",
            Difficulty::Medium => "medium",
            Difficulty::Hard => "hard",
        })
    }
}
