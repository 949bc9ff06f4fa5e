//! Mappings: a TOML file that says how to read a pack of somebody else's form. `docs/import-mapping.md` describes it for those who write one.
//!
//! A mapping makes drafts in the notation of the question table, so that every pack is judged by the same rules as our own.

use super::draft::Draft;
use super::lines;
use super::package::Shelved;
use super::problem::Fault;
use super::table::{LETTERS, Record};
use crate::rich_text::{Alt, Dialect, Markup, Math, RichText};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor, value::MapAccessDeserializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// How to read a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Document")]
pub struct Mapping(Document);

/// Why a text is not a mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("baris {line}: {reason}")]
pub struct BadMapping {
    /// Line, from 1.
    pub line: usize,
    /// Parser's words.
    pub reason: String,
}

/// What a mapping reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Json,
    Csv,
    Xlsx,
    Lines,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    kind: Kind,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    items: String,
    #[serde(default)]
    markup: MarkupName,
    #[serde(default)]
    math: MathName,
    code: Source,
    section: Source,
    topic: Source,
    #[serde(default)]
    subtopic: Source,
    #[serde(default)]
    level: Source,
    #[serde(default)]
    difficulty: Source,
    #[serde(default)]
    language: Source,
    stem: Source,
    #[serde(default)]
    basis: Source,
    choices: ChoicesFrom,
    key: KeyFrom,
    weights: Option<WeightsFrom>,
    #[serde(default)]
    pictures: PicturesFrom,
    #[serde(default)]
    rewrite: Vec<Rewrite>,
    lines: Option<lines::Patterns>,
}

/// Are there tags in the texts?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum MarkupName {
    Plain,
    #[default]
    Html,
    Markdown,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MathName {
    None,
    #[default]
    Tex,
    DollarTex,
    DollarJqmath,
}

/// Where the choices are: one field with an array or an object, or several fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoicesFrom {
    #[serde(default)]
    field: String,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    strip_labels: bool,
    #[serde(default)]
    drop_empty: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFrom {
    field: String,
    notation: Notation,
    #[serde(default)]
    right: String,
    #[serde(default)]
    blank: String,
}

/// What a key is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Notation {
    /// `A` or `a` is the first choice.
    Letter,
    /// `1` is the first choice.
    OneBased,
    /// `0` is the first choice.
    ZeroBased,
    /// The label or object key of the choice.
    Label,
    /// The text of the choice.
    Text,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightsFrom {
    /// The last character of every choice is its weight and is cut off.
    last_character: WeightCase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WeightCase {
    /// Every item has weights.
    Always,
    /// An item with an empty key has weights.
    KeyEmpty,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PicturesFrom {
    #[serde(default)]
    strip_prefix: String,
}

/// A repair of the texts before they are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rewrite {
    #[serde(rename = "in")]
    place: RewritePlace,
    find: Pattern,
    replace: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RewritePlace {
    Stem,
    Choices,
    Both,
}

impl TryFrom<Document> for Mapping {
    type Error = &'static str;

    fn try_from(document: Document) -> Result<Self, Self::Error> {
        if (document.kind == Kind::Lines) != document.lines.is_some() {
            return Err("a mapping of kind \"lines\", and no other, has a [lines] table");
        }
        if document.markup == MarkupName::Markdown && document.kind != Kind::Lines {
            return Err("markup \"markdown\" is for kind \"lines\"");
        }
        if document.choices.field.is_empty() == document.choices.fields.is_empty() {
            return Err("[choices] has either field or fields");
        }
        // A long replacement of a short pattern could fill the memory.
        if document.rewrite.iter().any(|rewrite| rewrite.replace.len() > 200) {
            return Err("a replacement has at most 200 bytes");
        }
        Ok(Mapping(document))
    }
}

impl Mapping {
    /// Largest mapping, bytes.
    pub const BYTES_MAX: usize = 64 * 1024;

    /// Reads a mapping.
    pub fn parse(text: &str) -> Result<Mapping, BadMapping> {
        if text.len() > Self::BYTES_MAX {
            return Err(BadMapping { line: 1, reason: "lebih besar dari 64 KiB".to_owned() });
        }
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
            BadMapping { line, reason: error.message().replace('\n', " ") }
        })
    }

    pub(super) fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Is this one of the files it reads? Without a list, all of its kind are.
    pub(super) fn takes(&self, file: &Shelved<'_>) -> bool {
        let kind = match self.0.kind {
            Kind::Json => super::package::Kind::Json,
            Kind::Csv => super::package::Kind::Csv,
            Kind::Xlsx => super::package::Kind::Xlsx,
            Kind::Lines => super::package::Kind::Lines,
        };
        let named = |wanted: &String| file.name == *wanted || file.name.ends_with(&format!("/{wanted}"));
        file.kind == kind && (self.0.files.is_empty() || self.0.files.iter().any(named))
    }

    /// How the texts are to be read.
    pub(super) fn dialect(&self) -> Dialect {
        let markup = match (self.0.kind, self.0.markup) {
            // The reader of lines writes HTML itself.
            (Kind::Lines, _) | (_, MarkupName::Html | MarkupName::Markdown) => Markup::Html,
            (Kind::Json | Kind::Csv | Kind::Xlsx, MarkupName::Plain) => Markup::Plain,
        };
        let math = match self.0.math {
            MathName::None => Math::None,
            MathName::Tex => Math::Tex,
            MathName::DollarTex => Math::DollarTex,
            MathName::DollarJqmath => Math::DollarJqmath,
        };
        Dialect { markup, math, alt: Alt::Generic }
    }

    pub(super) fn picture_prefix(&self) -> &str {
        &self.0.pictures.strip_prefix
    }

    /// The records of a JSON document, by index from 0.
    pub(super) fn json_records(&self, text: &str) -> Result<Vec<Record>, Fault> {
        let document: Value = serde_json::from_str(text).map_err(|error| Fault::JsonBad { reason: error.to_string() })?;
        let found = if self.0.items.is_empty() { Some(&document) } else { lookup(&document, &self.0.items) };
        let array = found.and_then(Value::as_array).ok_or_else(|| Fault::JsonPath { path: self.0.items.clone() })?;
        let record = |(index, fields): (usize, &Value)| Record {
            row: u32::try_from(index).unwrap_or(u32::MAX),
            fields: fields.clone(),
            fault: (!fields.is_object()).then_some(Fault::NotAnObject),
        };
        Ok(array.iter().enumerate().map(record).collect())
    }

    /// The records of a text, by the line of the question.
    pub(super) fn line_records(&self, text: &str) -> Vec<Record> {
        let Some(patterns) = &self.0.lines else {
            return Vec::new();
        };
        lines::records(text, patterns, self.0.markup)
    }

    /// Drafts of the records of one file.
    pub(super) fn drafts(&self, records: &[Record], file: &str) -> Vec<Draft> {
        let base = file.rsplit('/').next().unwrap_or(file);
        let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
        let mut drafts: Vec<Draft> = records.iter().map(|record| Filling { mapping: &self.0, record, base, stem }.draft()).collect();
        mark_run_together(&mut drafts);
        drafts
    }
}

/// Two questions in one: eight or more choices in a pack where items have five at most. Only the pack as a whole shows it.
fn mark_run_together(drafts: &mut [Draft]) {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    drafts.iter().for_each(|draft| *counts.entry(draft.choices.len()).or_default() += 1);
    let usual = counts.iter().max_by_key(|(_, items)| **items).map_or(0, |(choices, _)| *choices);
    for draft in drafts.iter_mut().filter(|draft| (2..=5).contains(&usual) && draft.choices.len() >= 8) {
        let fault = Fault::RunTogether { count: draft.choices.len() };
        if !draft.notes.iter().any(|(_, noted)| *noted == fault) {
            draft.notes.push(("choices".to_owned(), fault));
        }
    }
}

/// A record on its way to a draft.
struct Filling<'a> {
    mapping: &'a Document,
    record: &'a Record,
    /// File name without folders.
    base: &'a str,
    /// And without its ending.
    stem: &'a str,
}

/// A choice as found: its field, its label if it has one, its text.
struct Found {
    field: String,
    label: Option<String>,
    text: String,
}

impl Filling<'_> {
    fn draft(&self) -> Draft {
        let mut notes: Vec<(String, Fault)> = self.record.fault.iter().map(|fault| (String::new(), fault.clone())).collect();
        let mapping = self.mapping;
        if !notes.is_empty() {
            return Draft { row: self.record.row, notes, ..Draft::default() };
        }
        let mut value = |field: &str, source: &Source, needed: bool| match self.value(source) {
            Ok(text) => text,
            Err(missing) if needed => {
                notes.push((if missing.is_empty() { field.to_owned() } else { missing }, Fault::ColumnMissing));
                String::new()
            }
            Err(_) => String::new(),
        };
        let mut draft = Draft {
            row: self.record.row,
            code: slug(&value("id", &mapping.code, true)),
            section: slug(&value("section", &mapping.section, true)),
            topic: slug(&value("topic", &mapping.topic, true)),
            subtopic: slug(&value("subtopic", &mapping.subtopic, false)),
            level: value("level", &mapping.level, false),
            difficulty: value("difficulty", &mapping.difficulty, false),
            language: value("language", &mapping.language, false),
            stem: self.rewritten(&value("stem", &mapping.stem, true), RewritePlace::Stem),
            basis: value("basis", &mapping.basis, false),
            right: mapping.key.right.clone(),
            blank: mapping.key.blank.clone(),
            notes,
            ..Draft::default()
        };
        self.fill_choices(&mut draft);
        draft
    }

    fn value(&self, source: &Source) -> Result<String, String> {
        if !source.ranges.is_empty() {
            let fits = |range: &&Range| {
                (range.from..=range.to).contains(&self.record.row) && range.file.as_deref().is_none_or(|file| file == self.base)
            };
            return source.ranges.iter().find(fits).map(|range| range.value.clone()).ok_or_else(String::new);
        }
        source.template.fill(|name| {
            let found = match name {
                "row" => Some(self.record.row.to_string()),
                "file" => Some(self.stem.to_owned()),
                name => lookup(&self.record.fields, name).and_then(text_of),
            };
            let found = found.ok_or_else(|| name.to_owned())?;
            Ok(source.values.get(name).and_then(|values| values.get(found.trim())).cloned().unwrap_or(found))
        })
    }

    fn rewritten(&self, text: &str, place: RewritePlace) -> String {
        let mut text = text.to_owned();
        for rewrite in self.mapping.rewrite.iter().filter(|rewrite| rewrite.place == place || rewrite.place == RewritePlace::Both) {
            if text.len() > RichText::BYTES_MAX {
                // Too long to become an item; it will be said so.
                return text;
            }
            text = rewrite.find.0.replace_all(&text, rewrite.replace.as_str()).into_owned();
        }
        text
    }

    /// Choices, and the key that points at one of them.
    fn fill_choices(&self, draft: &mut Draft) {
        let mut found = match self.found_choices() {
            Ok(found) => found,
            Err(field) => return draft.notes.push((field, Fault::ColumnMissing)),
        };
        self.check_labels(&found, draft);
        let key = lookup(&self.record.fields, &self.mapping.key.field).and_then(text_of).map(|key| key.trim().to_owned());
        let glued = self.mapping.weights.as_ref().is_some_and(|weights| match weights.last_character {
            WeightCase::Always => true,
            WeightCase::KeyEmpty => key.as_deref().is_none_or(str::is_empty),
        });
        if glued {
            draft.weights = cut_weights(&mut found, draft);
        } else {
            note_glued_weights(&found, draft);
            draft.key = self.key(key.as_deref().unwrap_or_default(), &found, draft);
        }
        draft.choices = found.into_iter().map(|choice| (choice.field, choice.text)).collect();
    }

    fn found_choices(&self) -> Result<Vec<Found>, String> {
        let from = &self.mapping.choices;
        let fields = &self.record.fields;
        let mut found: Vec<Found> = Vec::new();
        if from.field.is_empty() {
            for field in &from.fields {
                let text = lookup(fields, field).and_then(text_of).ok_or_else(|| field.clone())?;
                found.push(Found { field: field.clone(), label: None, text });
            }
        } else {
            let value = lookup(fields, &from.field).ok_or_else(|| from.field.clone())?;
            found = elements(value)
                .ok_or_else(|| from.field.clone())?
                .into_iter()
                .map(|(at, label, text)| Found { field: format!("{}[{at}]", from.field), label, text })
                .collect();
        }
        for choice in &mut found {
            choice.text = self.rewritten(&choice.text, RewritePlace::Choices);
            if from.strip_labels
                && let Some(label) = LABEL.captures(&choice.text)
            {
                let (length, letter) = (label[0].len(), label[1].to_ascii_uppercase());
                choice.label = Some(letter);
                choice.text.drain(..length);
            }
        }
        if from.drop_empty {
            found.retain(|choice| !choice.text.trim().is_empty());
        }
        Ok(found)
    }

    /// Labels that are letters stand in order; when they begin again, two questions were run together.
    fn check_labels(&self, found: &[Found], draft: &mut Draft) {
        let letters: Vec<Option<u8>> = found.iter().map(|choice| choice.label.as_deref().and_then(letter_index)).collect();
        if letters.iter().skip(1).any(|letter| *letter == Some(0)) {
            draft.notes.push(("choices".to_owned(), Fault::RunTogether { count: found.len() }));
            return;
        }
        let misplaced = letters.iter().zip(0_u8..).position(|(letter, expected)| letter.is_some_and(|letter| letter != expected));
        if let Some(at) = misplaced {
            draft.notes.push((found[at].field.clone(), Fault::ChoiceMissing));
        }
    }

    /// The letter of the right choice; empty when there is none, or when what is wrong has been noted.
    fn key(&self, key: &str, found: &[Found], draft: &mut Draft) -> String {
        if key.is_empty() {
            return String::new();
        }
        let index = match self.mapping.key.notation {
            Notation::Letter => letter_index(key).map(usize::from),
            Notation::OneBased => key.parse::<usize>().ok().and_then(|number| number.checked_sub(1)),
            Notation::ZeroBased => key.parse().ok(),
            Notation::Label => found.iter().position(|choice| choice.label.as_deref().is_some_and(|label| label.eq_ignore_ascii_case(key))),
            Notation::Text => found.iter().position(|choice| choice.text.trim() == key),
        };
        let fault = match index {
            Some(index) if index < found.len() => return LETTERS.get(index).map(char::to_string).unwrap_or_default(),
            Some(_) => Fault::KeyOutOfRange { choices: found.len() },
            None => match self.mapping.key.notation {
                Notation::Label | Notation::Text => Fault::KeyOutOfRange { choices: found.len() },
                Notation::Letter | Notation::OneBased | Notation::ZeroBased => Fault::KeyBad,
            },
        };
        draft.notes.push(("key".to_owned(), fault));
        String::new()
    }
}

/// Cuts the last character off every choice; they are the weights. When no choice ends in a digit, the item has neither weights nor a key.
fn cut_weights(found: &mut [Found], draft: &mut Draft) -> String {
    let weight = |choice: &Found| choice.text.trim_end().chars().last().filter(char::is_ascii_digit);
    if found.iter().all(|choice| weight(choice).is_none()) {
        return String::new();
    }
    let mut weights = Vec::with_capacity(found.len());
    for choice in found {
        match weight(choice) {
            Some(digit) => {
                weights.push(digit.to_string());
                let text = choice.text.trim_end();
                choice.text = text[..text.len() - 1].trim_end().to_owned();
            }
            None => draft.notes.push((choice.field.clone(), Fault::WeightAbsent)),
        }
    }
    let complete = !draft.notes.iter().any(|(_, fault)| *fault == Fault::WeightAbsent);
    if complete { weights.join(";") } else { String::new() }
}

/// A digit of its own at the end of every choice, stuck to a word, is a weight that would tell the candidate the answer.
/// `kelompok1`, `kelompok2` are names: without the digit they would be the same.
fn note_glued_weights(found: &[Found], draft: &mut Draft) {
    let split = |choice: &Found| -> Option<(String, char)> {
        let text = choice.text.trim_end();
        let digit = text.chars().last().filter(|char| ('1'..='5').contains(char))?;
        let word = &text[..text.len() - 1];
        let mut before = word.chars().rev();
        let glued = match before.next() {
            Some(')' | '.' | '"' | '”' | '?' | '!') => true,
            Some(char) => char.is_lowercase() && before.next().is_some_and(char::is_lowercase),
            None => false,
        };
        glued.then(|| (word.to_owned(), digit))
    };
    let Some(parts) = found.iter().map(split).collect::<Option<Vec<_>>>() else {
        return;
    };
    let distinct = |count: usize| count == parts.len();
    let words: std::collections::BTreeSet<&str> = parts.iter().map(|(word, _)| word.as_str()).collect();
    let digits: std::collections::BTreeSet<char> = parts.iter().map(|(_, digit)| *digit).collect();
    if parts.len() >= 3 && distinct(words.len()) && distinct(digits.len()) {
        draft.notes.push(("choices".to_owned(), Fault::WeightGlued));
    }
}

/// `A. `, `b) `, `C: ` before a choice.
static LABEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*([A-Ja-j])\s*[.):]\s*").expect("a fixed pattern"));

fn letter_index(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => Some(letter.to_ascii_uppercase() - b'A'),
        _ => None,
    }
}

/// The elements of an array, or of an object in the order of its keys (`2` before `10`): place, label, text.
fn elements(value: &Value) -> Option<Vec<(String, Option<String>, String)>> {
    match value {
        Value::Array(array) => array
            .iter()
            .enumerate()
            .map(|(index, element)| match element {
                // The reader of lines gives a label with each text.
                Value::Object(choice) => Some((
                    index.to_string(),
                    choice.get("label").and_then(text_of).filter(|label| !label.is_empty()),
                    text_of(choice.get("text")?)?,
                )),
                element => Some((index.to_string(), None, text_of(element)?)),
            })
            .collect(),
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            keys.sort_by_key(|key| (key.len(), key.as_str().to_owned()));
            keys.into_iter().map(|key| Some((key.clone(), Some(key.clone()), text_of(&object[key])?))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// A field by its name, or by a path with points.
fn lookup<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.get(path).or_else(|| path.split('.').try_fold(value, |value, part| value.get(part)))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// As a code: lower case, everything but letters and digits becomes a hyphen.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for char in text.trim().chars() {
        if char.is_ascii_alphanumeric() {
            slug.push(char.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Where a value comes from: a template, with words to be put for words, or ranges of rows.
#[derive(Clone, Debug, Default)]
struct Source {
    template: Template,
    values: BTreeMap<String, BTreeMap<String, String>>,
    ranges: Vec<Range>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    #[serde(default)]
    file: Option<String>,
    from: u32,
    to: u32,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceTable {
    #[serde(default)]
    template: Option<Template>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    ranges: Vec<Range>,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Source;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a template, or a table with template or ranges")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Source, E> {
                Ok(Source { template: Template::parse(text).map_err(E::custom)?, ..Source::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
                let table = SourceTable::deserialize(MapAccessDeserializer::new(map))?;
                match (table.template, table.ranges) {
                    (Some(template), ranges) if ranges.is_empty() => Ok(Source { template, values: table.values, ranges }),
                    (None, ranges) if !ranges.is_empty() && table.values.is_empty() => Ok(Source { ranges, ..Source::default() }),
                    _ => Err(A::Error::custom("either template (and values) or ranges")),
                }
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Text with fields in braces: `skd-{file}-{index:3}`; `{{` is a brace, `:3` fills a number with zeros.
#[derive(Clone, Debug, Default)]
struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Field { name: String, width: usize },
}

impl Template {
    fn parse(text: &str) -> Result<Template, &'static str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let doubled = rest[at..].starts_with("{{") || rest[at..].starts_with("}}");
            parts.push(Part::Text(rest[..at + usize::from(doubled)].to_owned()));
            if doubled {
                rest = &rest[at + 2..];
                continue;
            }
            let inside = rest[at..].strip_prefix('{').ok_or("a brace that closes nothing; write }} for one")?;
            let (field, after) = inside.split_once('}').ok_or("a brace that is not closed; write {{ for one")?;
            let (name, width) = field.split_once(':').unwrap_or((field, "0"));
            let width = width.parse().ok().filter(|&width| width <= 20).ok_or("the width of a field is a number up to 20")?;
            if name.trim().is_empty() {
                return Err("a field without a name");
            }
            parts.push(Part::Field { name: name.trim().to_owned(), width });
            if parts.len() > 50 {
                return Err("too many fields in one template");
            }
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Template(parts))
    }

    fn fill(&self, field: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Field { name, width } => text.push_str(&format!("{:0>width$}", field(name)?)),
            }
        }
        Ok(text)
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Template::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A pattern of limited size; matching takes linear time.
#[derive(Clone, Debug)]
pub(super) struct Pattern(pub Regex);

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const PATTERN_BYTES_MAX: usize = 1 << 20;
        let text = String::deserialize(deserializer)?;
        RegexBuilder::new(&text).size_limit(PATTERN_BYTES_MAX).build().map(Pattern).map_err(D::Error::custom)
    }
}
