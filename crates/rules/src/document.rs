//! The stored form of a rule set: what TOML says, with places, before anything is believed.

use crate::rule_set;
use crate::score::Score;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// A text and its place: an id, or a table of a case.
pub(crate) type Name = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub id: Name,
    pub year: Spanned<u16>,
    pub title: Text,
    #[serde(default)]
    pub sources: Vec<Spanned<Source>>,
    #[serde(default)]
    pub categories: Vec<Name>,
    #[serde(default)]
    pub default_agency: String,
    #[serde(default)]
    pub stages: Vec<Spanned<Stage>>,
    #[serde(rename = "final")]
    pub selection: Option<Spanned<Selection>>,
    #[serde(default)]
    pub adjustments: Vec<Spanned<Adjustment>>,
    #[serde(default)]
    pub moves: Vec<Spanned<Move>>,
    #[serde(default)]
    pub codes: Vec<Spanned<Code>>,
    #[serde(default)]
    pub display: Option<Spanned<Display>>,
    #[serde(default)]
    pub unsure: Vec<Unsure>,
    #[serde(default)]
    pub cases: Vec<Spanned<Case>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    pub id: String,
    pub en: String,
}

impl From<Text> for rule_set::Text {
    fn from(Text { id, en }: Text) -> Self {
        rule_set::Text { id, en }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub decree: String,
    #[serde(default)]
    pub article: String,
    #[serde(default)]
    pub about: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stage {
    pub from: Option<Name>,
    pub id: Option<Name>,
    pub title: Option<Text>,
    #[serde(default)]
    pub sections: Vec<Spanned<Section>>,
    #[serde(default)]
    pub pass: Vec<Spanned<Pass>>,
    pub fallback: Option<Spanned<Fallback>>,
    #[serde(default)]
    pub tie_order: Vec<Name>,
    pub cut: Option<Cut>,
    #[serde(default)]
    pub carried: Vec<Spanned<Carried>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    pub id: Name,
    pub title: Text,
    pub max: Spanned<Number>,
    pub weight: Option<Spanned<Number>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pass {
    pub categories: Vec<Name>,
    #[serde(default)]
    pub jobs: Vec<Name>,
    pub rule: PassKind,
    pub total: Option<Spanned<Number>>,
    #[serde(default)]
    pub least: BTreeMap<Name, Number>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PassKind {
    Each,
    Total,
    Listed,
    None,
    RankOnly,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fallback {
    pub first: String,
    pub second: String,
    pub when_closed: WhenClosed,
    pub slots: FallbackSlots,
    pub pass: Vec<Spanned<Pass>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhenClosed {
    BelowThreshold,
    PassedButOutsideTheCut,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FallbackSlots {
    Reserved,
    Left,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cut {
    pub factor: Spanned<u32>,
    pub boundary_tie: BoundaryTie,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BoundaryTie {
    AllPass,
    NonePasses,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Carried {
    pub year: u16,
    pub max: BTreeMap<Name, Number>,
    pub threshold: CarriedThreshold,
    pub when_both: WhenBoth,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CarriedThreshold {
    Current,
    Declared,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhenBoth {
    Refuse,
    Prior,
    Current,
    Higher,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selection {
    pub weights: BTreeMap<Name, Number>,
    pub tie_order: Vec<Name>,
    pub decide_ties_on: DecideOn,
    pub missing: Missing,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecideOn {
    Exact,
    Published,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Missing {
    Committee,
    Last,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adjustment {
    pub id: Name,
    pub title: Text,
    pub stage: Name,
    pub kind: AdjustmentKind,
    pub points: Option<Spanned<Number>>,
    pub cap: Option<Spanned<Number>>,
    #[serde(default)]
    pub evidence: Text,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AdjustmentKind {
    ToMaximum,
    Add,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Move {
    pub id: Name,
    pub title: Text,
    pub enabled: bool,
    pub fill: Vec<Name>,
    pub donors: Vec<Name>,
    #[serde(default)]
    pub same: Vec<Attribute>,
    #[serde(default)]
    pub differ: Vec<Attribute>,
    pub threshold: Name,
    #[serde(default)]
    pub agencies: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Attribute {
    Job,
    Education,
    Unit,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    pub stage: Name,
    pub status: Name,
    pub group: Option<Name>,
    #[serde(rename = "move")]
    pub by_move: Option<Name>,
    pub code: String,
    pub text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Display {
    pub decimals: Spanned<u32>,
    pub mark: Name,
    pub rounding: Rounding,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rounding {
    HalfUp,
    HalfEven,
    Down,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unsure {
    pub parameter: String,
    pub default: String,
    pub about: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub id: String,
    pub title: Text,
    pub formations: Name,
    pub scores: Name,
    pub expect: Name,
}

/// An exact number: a whole one, or a decimal in quotes. TOML's own decimals are floats and are refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(pub Score);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Exactly;
        impl Visitor<'_> for Exactly {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or a decimal in quotes")
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Number, E> {
                number.to_string().parse().map(Number).map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Number, E> {
                text.parse().map(Number).map_err(E::custom)
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Number, E> {
                Err(E::custom(format!("{number} is not exact: write decimals in quotes, as in \"62.5\"")))
            }
        }
        deserializer.deserialize_any(Exactly)
    }
}
