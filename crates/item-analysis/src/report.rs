//! One HTML page about an exam: reliability, distributions, completion, item map, ladder around the cut, items and choices. Nothing is fetched from anywhere
//! and nothing runs in it. Indonesian first, English second.

mod page;

use crate::analysis::{Analysis, Choice, Role, Scale};
use crate::chart::{self, Align, Completion, DataTable};
use crate::flag::Flag;
use crate::phrase::{Phrase, decimal, decimal_or_dash, escape, marks, percent, phrase};
use crate::responses::Note;
use crate::{Marks, output};
use page::Page;
use std::collections::{BTreeMap, BTreeSet};

/// What a report is told besides the statistics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The least total that passes: by section, and without a name for the whole test.
    pub thresholds: BTreeMap<Option<String>, Marks>,
    /// After how many people the cut is.
    pub places: Option<usize>,
}

/// Something that the lines of a report name and the exam does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    /// A threshold of a section that is not there.
    #[error("draw a threshold of {0:?}: there is no such section")]
    Section(String),
    /// A cut behind everybody.
    #[error("draw a cut after {places} people: it must leave somebody outside, and there are {people}")]
    Places {
        /// Of the cut.
        places: usize,
        /// All.
        people: usize,
    },
}

/// The page. `title` is the user's own, such as the name of the file; `completion` is there where somebody watched the exam.
pub fn html(analysis: &Analysis, title: &str, notes: &[Note], lines: &Lines, completion: Option<&Completion>) -> Result<String, Misplaced> {
    let known = |name: &&Option<String>| name.is_none() || analysis.scales.iter().any(|scale| scale.name == **name);
    if let Some(Some(section)) = lines.thresholds.keys().find(|name| !known(name)) {
        return Err(Misplaced::Section(section.clone()));
    }
    let ladder = match lines.places {
        None => None,
        Some(places) => {
            let people = analysis.scales[0].people;
            Some(chart::ladder(analysis, places, "ladder").ok_or(Misplaced::Places { places, people })?)
        }
    };
    let cut = lines.places.and_then(|places| chart::cut_total(analysis, places));
    let mut page = Page::new(title);
    page.notes(&notes.iter().map(Note::words).collect::<Vec<_>>());
    page.heading(&phrase("Keandalan", "Reliability"));
    page.table(&phrase("Keandalan", "Reliability"), &scales(&analysis.scales));
    for (at, scale) in analysis.scales.iter().enumerate() {
        let cut = cut.filter(|_| scale.name.is_none());
        page.chart(&chart::distribution(scale, lines.thresholds.get(&scale.name).copied(), cut, &format!("distribution-{at}")));
    }
    ladder.iter().for_each(|ladder| page.chart(ladder));
    completion.and_then(|completion| chart::completion(completion, "completion")).iter().for_each(|chart| page.chart(chart));
    page.wide_chart(&chart::item_map(analysis, "item-map"));
    flagged(&mut page, analysis);
    choices(&mut page, analysis);
    Ok(page.finish())
}

fn scales(scales: &[Scale]) -> DataTable {
    let rows = scales.iter().map(|scale| {
        vec![
            scale.name.clone().unwrap_or_else(|| "Seluruh tes / Whole test".to_owned()),
            scale.people.to_string(),
            scale.items.to_string(),
            decimal(scale.mean, 2),
            decimal(scale.sd, 2),
            marks(scale.min),
            marks(scale.max),
            decimal_or_dash(scale.alpha, 3),
            decimal_or_dash(scale.sem, 2),
        ]
    });
    let columns = [
        ("Bagian", "Section", Align::Start),
        ("Orang", "People", Align::End),
        ("Butir", "Items", Align::End),
        ("Rata-rata", "Mean", Align::End),
        ("Simpangan baku", "SD", Align::End),
        ("Terendah", "Lowest", Align::End),
        ("Tertinggi", "Highest", Align::End),
        ("Alfa Cronbach", "Cronbach's alpha", Align::End),
        ("Galat baku pengukuran", "SEM", Align::End),
    ];
    DataTable { columns: columns.map(|(id, en, align)| (phrase(id, en), align)).to_vec(), rows: rows.collect() }
}

fn flagged(page: &mut Page, analysis: &Analysis) {
    page.heading(&phrase("Butir yang perlu dilihat", "Items to look at"));
    // Items with the same flags stand together, the gravest first.
    let mut by_flags: BTreeMap<&BTreeSet<Flag>, Vec<&str>> = BTreeMap::new();
    for item in analysis.items.iter().filter(|item| !item.flags.is_empty()) {
        by_flags.entry(&item.flags).or_default().push(&item.name);
    }
    if by_flags.is_empty() {
        return page.paragraph(&phrase("Tidak ada butir yang bertanda.", "No item has a flag."));
    }
    page.paragraph(&phrase(
        "Tanda adalah pertanyaan kepada penulis butir, bukan putusan.",
        "A flag is a question to the author of the item, not a verdict.",
    ));
    page.list(by_flags.into_iter().map(|(flags, names)| {
        let words: Vec<Phrase> = flags.iter().map(|flag| flag.words()).collect();
        let joined = |of: fn(&Phrase) -> &str| words.iter().map(of).collect::<Vec<_>>().join("; ");
        (names.join(", "), phrase(joined(|words| &words.id), joined(|words| &words.en)))
    }));
}

fn choices(page: &mut Page, analysis: &Analysis) {
    if analysis.items.iter().all(|item| item.choices.is_empty()) {
        return;
    }
    page.heading(&phrase("Pilihan jawaban", "Choices"));
    page.paragraph(&phrase(
        "Siapa memilih apa: kelompok bawah dan atas masing-masing sekitar 27 % peserta menurut nilai.",
        "Who took what: the lower and the upper group are about 27 % of the people each, by their totals.",
    ));
    for item in analysis.items.iter().filter(|item| !item.choices.is_empty()) {
        let key = match output::keys(item) {
            key if key.is_empty() => String::new(),
            key => format!("kunci / key {} ·", escape(&key)),
        };
        let numbers = format!("{key} p {} · r {}", decimal_or_dash(item.difficulty, 2), decimal_or_dash(item.point_biserial_corrected, 2));
        page.folded(&item.name, &numbers, &choice_table(&item.choices));
    }
}

fn choice_table(choices: &[Choice]) -> DataTable {
    let rows = choices.iter().map(|choice| {
        let name = if choice.role == Role::Omitted { "kosong / omitted" } else { &choice.label };
        let role = match choice.role {
            Role::Key => "kunci / key",
            Role::Distractor => "pengecoh / distractor",
            Role::Weighted => "berbobot / weighted",
            Role::Omitted => "",
        };
        vec![
            name.to_owned(),
            role.to_owned(),
            marks(choice.marks),
            choice.people.to_string(),
            percent(choice.share),
            choice.lower_share.map_or("–".to_owned(), percent),
            choice.upper_share.map_or("–".to_owned(), percent),
            decimal_or_dash(choice.mean_total, 2),
            decimal_or_dash(choice.point_biserial, 3),
        ]
    });
    let columns = [
        ("Pilihan", "Choice", Align::Start),
        ("Peran", "Role", Align::Start),
        ("Nilai", "Marks", Align::End),
        ("Orang", "People", Align::End),
        ("Persentase", "Share", Align::End),
        ("Kelompok bawah", "Lower group", Align::End),
        ("Kelompok atas", "Upper group", Align::End),
        ("Rata-rata total", "Mean total", Align::End),
        ("r", "r", Align::End),
    ];
    DataTable { columns: columns.map(|(id, en, align)| (phrase(id, en), align)).to_vec(), rows: rows.collect() }
}
