//! A draft is one question as read from any source, in the notation of the question table; the judge makes an item of it or says why not.

use super::ImportedItem;
use super::package::{Shelf, picture_path};
use super::problem::{Fault, Problems};
use crate::blueprint::is_code;
use crate::id::Digest32;
use crate::item::{CellOfItem, Difficulty, Face, Item, Level, Picture};
use crate::key::{BadKey, Choices, Key, Rule};
use crate::marks::Marks;
use crate::picture::{self, BadPicture};
use crate::rich_text::{Dialect, NoPicture, RichText};
use std::collections::{BTreeMap, BTreeSet};

/// One question before it is judged. Empty means not given, as in a cell of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Draft {
    pub row: u32,
    pub code: String,
    pub section: String,
    pub topic: String,
    pub subtopic: String,
    pub level: String,
    pub difficulty: String,
    pub language: String,
    pub stem: String,
    /// The field each choice stands in, and its text.
    pub choices: Vec<(String, String)>,
    pub key: String,
    pub weights: String,
    pub right: String,
    pub blank: String,
    pub rule: String,
    pub basis: String,
    /// What the reader found wrong, by field.
    pub notes: Vec<(String, Fault)>,
}

/// What was in the import before: for duplicates.
#[derive(Default)]
pub(super) struct Seen {
    codes: BTreeMap<String, String>,
    stems: BTreeMap<Digest32, Vec<(Digest32, String)>>,
}

/// The pictures of an import; each is read once, when it is first asked for.
pub(super) struct Gallery<'a> {
    shelf: &'a Shelf<'a>,
    read: BTreeMap<usize, Result<Digest32, BadPicture>>,
    held: BTreeMap<Digest32, Picture>,
    used: BTreeSet<Digest32>,
    /// Cleaned pictures nobody has reported yet.
    cleaned: Vec<Fault>,
}

impl<'a> Gallery<'a> {
    pub fn new(shelf: &'a Shelf<'a>) -> Self {
        Gallery { shelf, read: BTreeMap::new(), held: BTreeMap::new(), used: BTreeSet::new(), cleaned: Vec::new() }
    }

    fn find(&mut self, table: &str, src: &str) -> Result<Digest32, NoPicture> {
        let path = picture_path(src).ok_or(NoPicture::Address)?;
        let (index, file) = self.shelf.find(table, &path).ok_or(NoPicture::Missing)?;
        if let Some(read) = self.read.get(&index) {
            return read.clone().map_err(NoPicture::Bad);
        }
        let read = picture::read(&file.bytes).map(|read| {
            if !read.removed.is_empty() {
                self.cleaned.push(Fault::PictureCleaned { name: file.name.clone(), removed: read.removed });
            }
            let hash = read.picture.hash;
            self.held.insert(hash, read.picture);
            hash
        });
        self.read.insert(index, read.clone());
        read.map_err(NoPicture::Bad)
    }

    /// The pictures that good items use.
    pub fn finish(mut self) -> Vec<Picture> {
        self.used.iter().filter_map(|hash| self.held.remove(hash)).collect()
    }
}

/// Judges the drafts of one file.
pub(super) struct Judge<'a, 'g> {
    pub file: &'a str,
    pub dialect: Dialect,
    /// Cut off from the beginning of every picture's address.
    pub picture_prefix: &'a str,
    pub gallery: &'a mut Gallery<'g>,
    pub seen: &'a mut Seen,
    pub problems: &'a mut Problems,
}

impl Judge<'_, '_> {
    /// The item, if nothing stops it. All that is wrong is reported either way.
    pub fn judge(self, draft: &Draft) -> Option<ImportedItem> {
        let mut sheet = Sheet { judge: self, row: draft.row, stopped: false, pictures: Vec::new() };
        for (field, fault) in &draft.notes {
            sheet.note(field, fault);
        }
        // Of a record that was not read as a whole, everything else would be wrong too.
        if draft.notes.iter().any(|(field, fault)| field.is_empty() || *fault == Fault::ColumnMissing) {
            return None;
        }
        let code = sheet.code(&draft.code);
        let cell = sheet.cell(draft);
        let rule = sheet.rule(&draft.rule);
        let face = sheet.face(draft, rule != Rule::Single);
        let key = sheet.key(draft, rule);
        let basis = sheet.basis(&draft.basis);
        if sheet.stopped || sheet.is_duplicate(&face) {
            return None;
        }
        let item = Item { id: Item::id_of(&code), version: 1, code, cell, face, basis };
        let used = sheet.pictures;
        sheet.judge.gallery.used.extend(used);
        Some(ImportedItem { item, key: key?, file: sheet.judge.file.to_owned(), row: draft.row })
    }
}

/// The judge at work on one draft.
struct Sheet<'a, 'g> {
    judge: Judge<'a, 'g>,
    row: u32,
    stopped: bool,
    pictures: Vec<Digest32>,
}

impl Sheet<'_, '_> {
    fn note(&mut self, field: &str, fault: &Fault) {
        self.stopped |= fault.stops();
        self.judge.problems.add(fault.at(self.judge.file, self.row, field));
    }

    fn place(&self) -> String {
        format!("nomor/baris {} di {}", self.row, self.judge.file)
    }

    fn code(&mut self, code: &str) -> String {
        if !is_code(code) {
            self.note("id", &Fault::CodeBad);
        } else if let Some(first) = self.judge.seen.codes.get(code).cloned() {
            self.note("id", &Fault::DuplicateCode { first });
        } else {
            let place = self.place();
            self.judge.seen.codes.insert(code.to_owned(), place);
        }
        code.to_owned()
    }

    fn cell(&mut self, draft: &Draft) -> CellOfItem {
        for (field, code) in [("section", &draft.section), ("topic", &draft.topic), ("subtopic", &draft.subtopic)] {
            if !is_code(code) && (field != "subtopic" || !code.is_empty()) {
                self.note(field, &Fault::CodeBad);
            }
        }
        CellOfItem {
            section: draft.section.clone(),
            topic: draft.topic.clone(),
            subtopic: draft.subtopic.clone(),
            level: self.value("level", &draft.level, Level::C2, "C1 sampai C6", |text| text.parse().ok()),
            difficulty: self.value("difficulty", &draft.difficulty, Difficulty::Medium, "easy, medium, hard", |text| text.parse().ok()),
        }
    }

    fn rule(&mut self, rule: &str) -> Rule {
        self.value("rule", rule, Rule::Single, "single, sum, all_or_nothing", |text| {
            [Rule::Single, Rule::Sum, Rule::AllOrNothing].into_iter().find(|rule| rule.code() == text)
        })
    }

    /// A word out of a few, or the one that an empty cell stands for.
    fn value<T: Copy>(&mut self, field: &str, text: &str, default: T, may: &'static str, read: impl Fn(&str) -> Option<T>) -> T {
        match text {
            "" => default,
            text => read(text).unwrap_or_else(|| {
                self.note(field, &Fault::ValueBad { may });
                default
            }),
        }
    }

    fn face(&mut self, draft: &Draft, multiple: bool) -> Face {
        let language = if draft.language.is_empty() { "id" } else { &draft.language };
        let tag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if language.len() < 2 || language.len() > 35 || !language.split('-').all(tag) {
            self.note("language", &Fault::ValueBad { may: "kode bahasa seperti id, en, jv" });
        }
        let stem = self.rich("stem", &draft.stem);
        if says_nothing(&stem) {
            self.note("stem", &Fault::StemEmpty);
        }
        let mut choices: Vec<String> = Vec::with_capacity(draft.choices.len());
        for (field, text) in &draft.choices {
            let choice = self.rich(field, text);
            let noted = draft.notes.iter().any(|(noted, _)| noted == field);
            if says_nothing(&choice) && !noted {
                self.note(field, &Fault::ChoiceEmpty);
            } else if !choice.is_blank() && choices.contains(&choice.html) {
                self.note(field, &Fault::ChoiceTwice);
            }
            choices.push(choice.html);
        }
        if !(2..=usize::from(Choices::MAX)).contains(&choices.len()) {
            self.note("choices", &Fault::ChoicesCount { count: choices.len() });
        }
        Face { language: language.to_owned(), stem: stem.html, choices, multiple }
    }

    fn rich(&mut self, field: &str, source: &str) -> RichText {
        let Judge { file, dialect, picture_prefix, gallery, .. } = &mut self.judge;
        let pictures = &mut self.pictures;
        let rich = RichText::import(source, *dialect, &mut |src| {
            let hash = gallery.find(file, src.strip_prefix(*picture_prefix).unwrap_or(src))?;
            pictures.push(hash);
            Ok(hash)
        });
        let cleaned = std::mem::take(&mut gallery.cleaned);
        for fault in cleaned.into_iter().chain(rich.flaws.iter().cloned().map(Fault::Text)) {
            self.note(field, &fault);
        }
        rich
    }

    fn basis(&mut self, basis: &str) -> String {
        const BASIS_CHARS_MAX: usize = 4_000;
        if basis.chars().count() > BASIS_CHARS_MAX {
            self.note("basis", &Fault::TooLarge { what: "dasar kunci, paling banyak 4.000 karakter" });
        }
        basis.chars().filter(|&char| !char.is_control() || char == '\n').collect()
    }

    fn key(&mut self, draft: &Draft, rule: Rule) -> Option<Key> {
        let count = draft.choices.len();
        let blank = self.marks("blank", &draft.blank, Marks::ZERO);
        let right = self.marks("right", &draft.right, Marks::whole(5));
        // A reader that could not make out the key has said so; a missing key would be the same problem again.
        let noted = draft.notes.iter().any(|(_, fault)| matches!(fault, Fault::KeyBad | Fault::KeyOutOfRange { .. } | Fault::WeightAbsent));
        let weights = match (draft.key.as_str(), draft.weights.as_str()) {
            ("", "") if noted => return None,
            ("", "") => {
                self.note("key", &Fault::KeyMissing);
                return None;
            }
            (key, "") => self.weights_of_key(key, count, right, rule)?,
            ("", weights) => self.weights(weights, count)?,
            (_, _) => {
                self.note("key", &Fault::KeyAndWeights);
                return None;
            }
        };
        match Key::new(weights, blank, rule) {
            Ok(key) => Some(key),
            // The count of choices is reported with the choices.
            Err(BadKey::Count) => None,
            Err(BadKey::Range) => {
                self.note("weights", &Fault::WeightBad { why: crate::marks::BadMarks::TooLarge });
                None
            }
            Err(BadKey::NothingRight) => {
                self.note("weights", &Fault::KeyNothingRight);
                None
            }
        }
    }

    fn marks(&mut self, field: &str, text: &str, default: Marks) -> Marks {
        match text {
            "" => default,
            text => text.parse().unwrap_or_else(|why| {
                self.note(field, &Fault::WeightBad { why });
                default
            }),
        }
    }

    /// `C`, or `A;C` where the rule takes several.
    fn weights_of_key(&mut self, key: &str, count: usize, right: Marks, rule: Rule) -> Option<Vec<Marks>> {
        let mut weights = vec![Marks::ZERO; count];
        let letters: Vec<&str> = key.split(';').map(str::trim).collect();
        for letter in &letters {
            let id = match letter.as_bytes() {
                [letter] if letter.is_ascii_alphabetic() => usize::from(letter.to_ascii_uppercase() - b'A'),
                _ => {
                    self.note("key", &Fault::KeyBad);
                    return None;
                }
            };
            match weights.get_mut(id) {
                Some(weight) if *weight == Marks::ZERO => *weight = right,
                Some(_) => {
                    self.note("key", &Fault::KeyBad);
                    return None;
                }
                None => {
                    self.note("key", &Fault::KeyOutOfRange { choices: count });
                    return None;
                }
            }
        }
        if rule == Rule::Single && letters.len() > 1 {
            self.note("key", &Fault::KeySeveral);
            return None;
        }
        Some(weights)
    }

    fn weights(&mut self, weights: &str, count: usize) -> Option<Vec<Marks>> {
        let weights: Vec<&str> = weights.split(';').map(str::trim).collect();
        if weights.len() != count {
            self.note("weights", &Fault::WeightsCount { weights: weights.len(), choices: count });
            return None;
        }
        let read: Result<Vec<Marks>, _> = weights.iter().map(|weight| weight.parse()).collect();
        read.map_err(|why| self.note("weights", &Fault::WeightBad { why })).ok()
    }

    /// Was this question there before? The order of its choices does not matter. Only good items are remembered.
    fn is_duplicate(&mut self, face: &Face) -> bool {
        let mut sorted: Vec<&str> = face.choices.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        let stem = Digest32::of(face.stem.as_bytes());
        let choices = Digest32::of(sorted.join("\n").as_bytes());
        let place = self.place();
        let before = self.judge.seen.stems.entry(stem).or_default();
        let same = before.iter().find(|(before, _)| *before == choices).map(|(_, first)| Fault::DuplicateItem { first: first.clone() });
        let fault = same.or_else(|| before.first().map(|(_, first)| Fault::DuplicateStem { first: first.clone() }));
        match fault {
            Some(fault) if fault.stops() => {
                self.note("stem", &fault);
                true
            }
            Some(fault) => {
                before.push((choices, place));
                self.note("stem", &fault);
                false
            }
            None => {
                before.push((choices, place));
                false
            }
        }
    }
}

/// Nothing to see, and no flaw that says why.
fn says_nothing(text: &RichText) -> bool {
    text.is_blank() && !text.flaws.iter().any(|flaw| Fault::Text(flaw.clone()).stops())
}
