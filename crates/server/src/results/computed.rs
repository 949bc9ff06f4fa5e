//! What follows from the input files: the table of results, and everything pages and announcements say.

use super::changes::Unusable;
use super::rule_set::{RULES_FILE, Texts, read_stored};
use question_bank::id::Digest32;
use selection::outcome::Place;
use selection::tables::{Fault, read_formations, read_scores, write_results};
use selection::{Candidate, Formation, Outcomes};
use std::collections::BTreeMap;
use store::results::RevisionFile;

/// Files of a revision besides the texts of its rule set.
pub const FORMATIONS_FILE: &str = "formations.csv";
/// Scores by person.
pub const SCORES_FILE: &str = "scores.csv";
/// What was computed.
pub const RESULTS_FILE: &str = "results.csv";
/// Corrections and journals that the scores follow from; an account of the input, not an input.
pub const SOURCES_FILE: &str = "sources.json";

/// A computation with its inputs.
pub struct Computed {
    /// The rule set with its texts.
    pub texts: Texts,
    /// `formations.csv`.
    pub formations_csv: Vec<u8>,
    /// `scores.csv`.
    pub scores_csv: Vec<u8>,
    /// Formation lines, as in the file.
    pub formations: Vec<Formation>,
    /// People, as in the file.
    pub candidates: Vec<Candidate>,
    /// How far it went.
    pub until: Place,
    /// How everybody stands.
    pub outcomes: Outcomes,
    /// `results.csv`.
    pub results_csv: Vec<u8>,
    /// SHA-256 over the input files; see [`input_hash`].
    pub input_hash: Digest32,
    /// SHA-256 of `results.csv`.
    pub results_hash: Digest32,
}

/// Why nothing was computed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A table has faults: put right what they name.
    #[error("use {file}")]
    Faults {
        /// Which.
        file: &'static str,
        /// What and where.
        faults: Vec<Fault>,
    },
    /// The scores contradict the rule set: put right what it names.
    #[error("compute the results")]
    Scores(#[from] selection::compute::Error),
    /// An adopted correction does not fit the rule set any more: put right what it names.
    #[error("apply the adopted corrections")]
    Unusable(#[from] Unusable),
    /// The files are not those of a revision: they were damaged.
    #[error("read the files of a revision: {0}")]
    Damaged(String),
    /// Writing to memory failed.
    #[error("write the results")]
    Stop(#[from] csv::Error),
}

impl Error {
    /// What the committee has to put right, line by line; none where it is not theirs to do.
    pub fn sentences(&self) -> Option<Vec<String>> {
        match self {
            Error::Faults { faults, .. } => Some(faults.iter().map(|fault| fault.indonesian.clone()).collect()),
            Error::Scores(error) => Some(vec![crate::answer::with_causes(error)]),
            Error::Unusable(unusable) => Some(vec![format!("Koreksi yang sudah ditetapkan tidak dapat dipakai: {unusable}")]),
            Error::Damaged(_) | Error::Stop(_) => None,
        }
    }
}

impl Computed {
    /// Computes from input files.
    pub fn new(texts: Texts, formations_csv: Vec<u8>, scores_csv: Vec<u8>) -> Result<Self, Error> {
        let faults = |file| move |faults| Error::Faults { file, faults };
        let formations = read_formations(formations_csv.as_slice(), &texts.rules).map_err(faults(FORMATIONS_FILE))?.rows;
        let (people, until) = read_scores(scores_csv.as_slice(), &texts.rules, &formations).map_err(faults(SCORES_FILE))?;
        let candidates = people.rows;
        let outcomes = selection::compute(&texts.rules, &formations, &candidates, until)?;
        let mut results_csv = Vec::new();
        write_results(&mut results_csv, &texts.rules, &formations, &candidates, &outcomes)?;
        Ok(Computed {
            input_hash: input_hash(&texts, &formations_csv, &scores_csv),
            results_hash: Digest32::of(&results_csv),
            texts,
            formations_csv,
            scores_csv,
            formations,
            candidates,
            until,
            outcomes,
            results_csv,
        })
    }

    /// Computes a stored revision again; refuses when its results are not what its inputs give.
    pub fn from_files(files: Vec<RevisionFile>) -> Result<Self, Error> {
        let mut by_name: BTreeMap<String, Vec<u8>> = files.into_iter().map(|file| (file.name, file.body)).collect();
        let mut take = |name: &str| by_name.remove(name).ok_or_else(|| Error::Damaged(format!("there is no {name}")));
        let (formations, scores, results) = (take(FORMATIONS_FILE)?, take(SCORES_FILE)?, take(RESULTS_FILE)?);
        let texts = by_name.into_iter().filter(|(name, _)| name.ends_with(".toml"));
        let texts = texts.map(|(name, body)| Ok((name, String::from_utf8(body)?))).collect::<Result<_, std::string::FromUtf8Error>>();
        let texts = texts.map_err(|error| Error::Damaged(error.to_string()))?;
        let texts = read_stored(texts).map_err(|problems| {
            Error::Damaged(problems.first().map(ToString::to_string).unwrap_or_else(|| format!("{RULES_FILE} has problems")))
        })?;
        let computed = Computed::new(texts, formations, scores)?;
        if computed.results_csv == results {
            Ok(computed)
        } else {
            Err(Error::Damaged(format!("computed again, {RESULTS_FILE} is another")))
        }
    }

    /// The files of a revision, with this account of the sources.
    pub fn files(&self, sources_json: Vec<u8>) -> Vec<RevisionFile> {
        let file = |name: &str, body: &[u8]| RevisionFile { name: name.to_owned(), body: body.to_vec() };
        let texts = self.texts.by_name.iter().map(|(name, text)| file(name, text.as_bytes()));
        let tables = [
            file(FORMATIONS_FILE, &self.formations_csv),
            file(SCORES_FILE, &self.scores_csv),
            file(RESULTS_FILE, &self.results_csv),
            file(SOURCES_FILE, &sources_json),
        ];
        texts.chain(tables).collect()
    }

    /// The place of somebody by number.
    pub fn place_of(&self, number: &str) -> Option<usize> {
        self.candidates.iter().position(|candidate| &*candidate.number == number)
    }

    /// The last stage computed.
    pub fn last_stage(&self) -> usize {
        match self.until {
            Place::Stage(stage) => stage,
            Place::Final => self.texts.rules.stages.len() - 1,
        }
    }
}

/// SHA-256 of the list of input files as `sha256sum` prints it, by name: anybody with the files gets it by
/// `sha256sum *.toml formations.csv scores.csv | LC_ALL=C sort -k2 | sha256sum`.
fn input_hash(texts: &Texts, formations_csv: &[u8], scores_csv: &[u8]) -> Digest32 {
    let mut files: BTreeMap<&str, &[u8]> = texts.by_name.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    files.insert(FORMATIONS_FILE, formations_csv);
    files.insert(SCORES_FILE, scores_csv);
    let lines: String = files.iter().map(|(name, body)| format!("{}  {name}\n", Digest32::of(body))).collect();
    Digest32::of(lines.as_bytes())
}
