//! From a document to a rule set that can be relied on; every fault is named with its line.

mod ending;
mod stage;

use crate::document::{self, Document, Name};
use crate::problem::{Problem, Problems};
use crate::reading;
use crate::rule_set::{self, Case, CaseLines, CategoryId, Display, Rounding, RuleSet, Source, Unsure};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// Columns of the tables that a section cannot be named like.
const RESERVED: [&str; 25] = [
    "participant_no",
    "formation",
    "category",
    "status",
    "gpa",
    "birth_date",
    "decision",
    "move_decision",
    "adjustments",
    "prior_year",
    "slots",
    "job",
    "education",
    "unit",
    "agency",
    "total",
    "rank",
    "code",
    "group",
    "stage",
    "final",
    "final_status",
    "move",
    "note",
    "committee",
];

/// Most stages of a rule set.
pub const STAGES_MAX: usize = 4;
/// Most adjustments of a rule set.
pub const ADJUSTMENTS_MAX: usize = 32;

/// Finds another rule set by the id that a `from` names: its text.
pub type Library<'a> = &'a dyn Fn(&str) -> Option<String>;

impl RuleSet {
    /// Reads and checks a rule set. Stages that are taken `from` another set come from `library` (see [`crate::shipped::text`]).
    pub fn parse(text: &str, library: Library<'_>) -> Result<RuleSet, Vec<Problem>> {
        parse_within(text, library, Depth::Asked, Origin::Asked)
    }

    /// Reads a rule set that was accepted once, as results kept for ever must be computed again: its sources may be missing.
    pub fn parse_stored(text: &str, library: Library<'_>) -> Result<RuleSet, Vec<Problem>> {
        parse_within(text, library, Depth::Asked, Origin::Ignored)
    }
}

/// Must a set say which decree and article it comes from?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Asked,
    Ignored,
}

/// A set may take stages from another one, which must have its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Asked,
    Taken,
}

fn parse_within(text: &str, library: Library<'_>, depth: Depth, origin: Origin) -> Result<RuleSet, Vec<Problem>> {
    let mut problems = Problems::in_text(text);
    let document = reading::read(text, &mut problems);
    let set = document.map(|document| Checker { problems: &mut problems, library, depth, origin }.rule_set(text, document));
    problems.into_result()?;
    set.ok_or_else(Vec::new)
}

pub(crate) struct Checker<'a, 'text> {
    problems: &'a mut Problems<'text>,
    library: Library<'a>,
    depth: Depth,
    origin: Origin,
}

impl Checker<'_, '_> {
    fn fault(&mut self, span: Range<usize>, indonesian: impl Into<String>, english: impl Into<String>) {
        self.problems.add(span, indonesian, english);
    }

    fn rule_set(&mut self, text: &str, document: Document) -> RuleSet {
        self.id_is_plain(&document.id);
        self.year_is_plausible(&document.year);
        let mut set = RuleSet {
            id: document.id.get_ref().clone(),
            year: *document.year.get_ref(),
            title: document.title.into(),
            sources: document.sources.iter().map(source).collect(),
            hash: hex(&Sha256::digest(text.as_bytes())),
            categories: self.categories(&document.categories),
            default_agency: document.default_agency,
            stages: Vec::new(),
            selection: None,
            adjustments: Vec::new(),
            moves: Vec::new(),
            codes: Vec::new(),
            display: Display { decimals: 3, mark: ',', rounding: Rounding::HalfUp },
            unsure: document.unsure.into_iter().map(unsure).collect(),
            cases: Vec::new(),
        };
        if document.stages.is_empty() {
            self.fault(document.id.span(), "tidak ada tahap (`[[stages]]`)", "there is no stage (`[[stages]]`)");
        }
        if document.stages.len() > STAGES_MAX {
            let (indonesian, english) = (format!("paling banyak {STAGES_MAX} tahap"), format!("at most {STAGES_MAX} stages"));
            self.fault(document.id.span(), indonesian, english);
        }
        if document.adjustments.len() > ADJUSTMENTS_MAX {
            let (indonesian, english) =
                (format!("paling banyak {ADJUSTMENTS_MAX} penyesuaian"), format!("at most {ADJUSTMENTS_MAX} adjustments"));
            self.fault(document.id.span(), indonesian, english);
        }
        let mut hashes = vec![set.hash.clone()];
        for stage in document.stages {
            self.stage(&mut set, stage, &mut hashes);
        }
        if hashes.len() > 1 {
            let lines: String = hashes.iter().map(|hash| format!("{hash}\n")).collect();
            set.hash = hex(&Sha256::digest(lines.as_bytes()));
        }
        if document.selection.is_none() && set.stages.iter().any(rule_set::Stage::weighted) {
            self.fault(document.id.span(), "bobot subtes tanpa `[final]`", "weights of sections without `[final]`");
        }
        set.selection = document.selection.map(|selection| self.selection(&set, selection));
        set.adjustments = document.adjustments.into_iter().filter_map(|adjustment| self.adjustment(&set, adjustment)).collect();
        set.moves = document.moves.into_iter().map(|step| self.step(&set, step)).collect();
        self.moves_are_possible(&set, &document.id);
        let codes: Vec<_> = document.codes.into_iter().map(|code| self.code(&set, code)).collect();
        set.codes.extend(codes);
        self.every_status_has_a_code(&set, &document.id);
        if let Some(display) = document.display {
            set.display = self.display(display);
        }
        set.cases = document.cases.into_iter().map(|case| self.case(case)).collect();
        if self.origin == Origin::Asked {
            self.sources(&set, &document.id, &document.sources);
        }
        set
    }

    /// Whoever reads a list must find the words it rests on: a decree, and its article or that it is not known.
    fn sources(&mut self, set: &RuleSet, id: &Name, sources: &[Spanned<document::Source>]) {
        if sources.is_empty() {
            self.fault(id.span(), "tidak ada sumber (`[[sources]]`)", "there is no source (`[[sources]]`)");
        }
        for source in sources {
            let document::Source { decree, article, .. } = source.get_ref();
            if decree.trim().is_empty() {
                self.fault(source.span(), "sumber tanpa nama peraturan (`decree`)", "a source without a decree (`decree`)");
            }
            let parameter = format!("sources.article ({decree})");
            if article.trim().is_empty() && !set.unsure.iter().any(|unsure| unsure.parameter == parameter) {
                self.fault(
                    source.span(),
                    format!("`article` kosong: tulis pasalnya, atau `{parameter}` di bawah `[[unsure]]`"),
                    format!("`article` is empty: write the article, or `{parameter}` under `[[unsure]]`"),
                );
            }
        }
    }

    fn id_is_plain(&mut self, id: &Name) {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        let text = id.get_ref();
        if text.is_empty() || text.len() > 40 || !text.bytes().all(plain) {
            self.fault(
                id.span(),
                format!("id `{text}` harus 1 sampai 40 huruf kecil, angka, `-` atau `_`"),
                format!("id `{text}` must be 1 to 40 lower-case letters, digits, `-` or `_`"),
            );
        }
    }

    /// An id that names a column: no `-`, none of the tables' own names.
    fn id_is_a_column(&mut self, id: &Name) {
        self.id_is_plain(id);
        let text = id.get_ref().as_str();
        if RESERVED.contains(&text) || text.contains('-') {
            self.fault(id.span(), format!("`{text}` tidak dapat menjadi nama kolom"), format!("`{text}` cannot be the name of a column"));
        }
    }

    fn year_is_plausible(&mut self, year: &Spanned<u16>) {
        if !(2000..2100).contains(year.get_ref()) {
            self.fault(year.span(), format!("tahun {year} tidak masuk akal"), format!("year {year} is not plausible"));
        }
    }

    fn categories(&mut self, names: &[Name]) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        for name in names {
            self.id_is_plain(name);
            let id = name.get_ref();
            if rule_set::as_id(id) != *id {
                self.fault(name.span(), format!("jenis kebutuhan `{id}`: tanpa `-`"), format!("category `{id}`: no `-` in there"));
            }
            if seen.contains(id) {
                self.fault(name.span(), format!("jenis kebutuhan `{id}` ada dua kali"), format!("category `{id}` is there twice"));
            } else {
                seen.push(id.clone());
            }
        }
        seen
    }

    /// The named category, which must be declared.
    fn category(&mut self, set: &RuleSet, name: &Name) -> Option<CategoryId> {
        let found = set.category(name.get_ref());
        if found.is_none() {
            let known = set.categories.join(", ");
            self.fault(
                name.span(),
                format!("jenis kebutuhan `{}` tidak ada; yang ada: {known}", name.get_ref()),
                format!("there is no category `{}`; there are: {known}", name.get_ref()),
            );
        }
        found
    }

    fn display(&mut self, display: Spanned<document::Display>) -> Display {
        let document::Display { decimals, mark, rounding } = display.into_inner();
        if *decimals.get_ref() > 9 {
            self.fault(decimals.span(), "paling banyak 9 angka desimal", "at most 9 decimal places");
        }
        let mark = match mark.get_ref().as_str() {
            "," => ',',
            "." => '.',
            _ => {
                self.fault(mark.span(), "tanda desimal harus `,` atau `.`", "the decimal mark must be `,` or `.`");
                ','
            }
        };
        let rounding = match rounding {
            document::Rounding::HalfUp => Rounding::HalfUp,
            document::Rounding::HalfEven => Rounding::HalfEven,
            document::Rounding::Down => Rounding::Down,
        };
        Display { decimals: decimals.into_inner(), mark, rounding }
    }

    fn case(&mut self, case: Spanned<document::Case>) -> Case {
        let line = self.problems.line(&case.span());
        let document::Case { id, title, formations, scores, expect } = case.into_inner();
        let lines = CaseLines {
            formations: self.problems.lines_of(&formations.span()),
            scores: self.problems.lines_of(&scores.span()),
            expect: self.problems.lines_of(&expect.span()),
        };
        let [formations, scores, expect] = [formations, scores, expect].map(Spanned::into_inner);
        Case { id, title: title.into(), line, lines, formations, scores, expect }
    }

    /// Sections with their scores, found by name; a score may not be above what can be reached.
    fn by_section(&mut self, sections: &[rule_set::Section], scores: BTreeMap<Name, document::Number>) -> Vec<(usize, crate::Score)> {
        let mut found = Vec::new();
        for (name, document::Number(score)) in scores {
            match sections.iter().position(|section| section.id == *name.get_ref()) {
                Some(place) => found.push((place, score)),
                None => self.no_section(&name),
            }
        }
        found.sort_unstable();
        found
    }

    fn no_section(&mut self, name: &Name) {
        let id = name.get_ref();
        self.fault(name.span(), format!("tidak ada subtes `{id}`"), format!("there is no section `{id}`"));
    }
}

fn source(source: &Spanned<document::Source>) -> Source {
    let document::Source { decree, article, about } = source.get_ref().clone();
    Source { decree, article, about: about.into() }
}

fn unsure(unsure: document::Unsure) -> Unsure {
    Unsure { parameter: unsure.parameter, default: unsure.default, about: unsure.about.into() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
