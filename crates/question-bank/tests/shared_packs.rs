//! Packs of other people, read through the mappings of `content/mappings`: how many items are good, and exactly which are not.
//!
//! The packs are not part of the repository; without them these tests say so and pass.

mod folder;

use folder::{files_under, repository};
use question_bank::import::{Files, Import, Mapping, SourceFile, import};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A stopping problem as (file, row, code).
type Bad = (&'static str, u32, &'static str);

/// What a pack must give.
struct Expected {
    mapping: &'static str,
    folder: &'static str,
    files: &'static [&'static str],
    good: usize,
    pictures: usize,
    bad: &'static [Bad],
    /// Codes of remarks and how many.
    remarks: &'static [(&'static str, usize)],
}

fn pack(mapping: &'static str, folder: &'static str, files: &'static [&'static str], good: usize) -> Expected {
    Expected { mapping, folder, files, good, pictures: 0, bad: &[], remarks: &[] }
}

/// The import; nothing, visibly, when the pack is not on this machine.
fn import_pack(expected: &Expected) -> Option<Import> {
    let shared = std::env::var_os("SAKSAMA_SHARED_DATA").map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    let folder = shared.join(expected.folder);
    if !folder.is_dir() {
        // Not by a macro: those are silent in a test that passes.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED: {} absent\n", folder.display()).as_bytes());
        return None;
    }
    let path = repository().join("content/mappings").join(format!("{}.toml", expected.mapping));
    let text = std::fs::read_to_string(&path).expect("a mapping of ours");
    let mapping = Mapping::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", expected.mapping));
    let wanted =
        |file: &SourceFile| expected.files.iter().any(|wanted| file.name == *wanted || file.name.starts_with(&format!("{wanted}/")));
    let files = files_under(&folder).into_iter().filter(wanted).collect();
    Some(import(&Files::new(files).expect("within limits"), Some(&mapping)))
}

fn check(expected: &Expected) -> Option<Import> {
    let import = import_pack(expected)?;
    let bad: Vec<(&str, u32, &str)> =
        import.problems.iter().filter(|problem| problem.stops).map(|problem| (problem.file.as_str(), problem.row, problem.code)).collect();
    assert_eq!(bad, expected.bad, "{}", expected.mapping);
    assert_eq!(import.items.len(), expected.good, "{}", expected.mapping);
    assert_eq!(import.bad as usize, expected.bad.len(), "{}: one stopping problem each", expected.mapping);
    assert_eq!(import.pictures.len(), expected.pictures, "{}", expected.mapping);
    let mut remarks: BTreeMap<&str, usize> = BTreeMap::new();
    import.problems.iter().filter(|problem| !problem.stops).for_each(|problem| *remarks.entry(problem.code).or_default() += 1);
    assert_eq!(remarks.into_iter().collect::<Vec<_>>(), expected.remarks, "{}", expected.mapping);
    for item in &import.items {
        let face = &item.item.face;
        for text in std::iter::once(&face.stem).chain(&face.choices) {
            assert!(!text.contains("../") && !text.contains("src=\"http"), "{}: {text}", item.item.code);
        }
    }
    Some(import)
}

fn weights(import: &Import, code: &str) -> Vec<i64> {
    let item = import.items.iter().find(|item| item.item.code == code).unwrap_or_else(|| panic!("{code} is good"));
    item.key.weights().iter().map(|weight| weight.milli() / 1000).collect()
}

#[test]
fn skd_with_weights_glued_to_the_options() {
    let Some(import) = check(&Expected {
        pictures: 18,
        // A formula with a brace too few; two equal options; a letter for a key.
        bad: &[("soalSKD.json", 16, "formula_bad"), ("soalSKD2.json", 25, "choice_twice"), ("soalSKD2.json", 61, "key_bad")],
        remarks: &[("alt_missing", 24)],
        ..pack("cpns-tryout-skd", "cpns-tryout-agilbiaviv", &["soalSKD.json", "soalSKD2.json", "assets"], 197)
    }) else {
        return;
    };
    assert_eq!(weights(&import, "soalskd-000"), [5, 0, 0, 0, 0]);
    assert_eq!(weights(&import, "soalskd-065"), [3, 5, 1, 4, 2]);
    let personality = import.items.iter().filter(|item| item.item.cell.section == "tkp");
    let all_five = |item: &&question_bank::import::ImportedItem| {
        let mut weights: Vec<i64> = item.key.weights().iter().map(|weight| weight.milli()).collect();
        weights.sort_unstable();
        let digit_left = item.item.face.choices.iter().any(|choice| choice.ends_with(|last: char| last.is_ascii_digit()));
        weights == [1000, 2000, 3000, 4000, 5000] && !digit_left
    };
    assert_eq!(personality.clone().filter(all_five).count(), personality.count(), "all five weights, none of them left in the text");
}

#[test]
fn academic_ability_with_empty_fifth_options() {
    let Some(import) = check(&Expected {
        pictures: 18,
        bad: &[("soalTOAN1.json", 40, "key_missing")],
        remarks: &[("alt_missing", 18)],
        ..pack("cpns-tryout-toan", "cpns-tryout-agilbiaviv", &["soalTOAN1.json", "assets"], 74)
    }) else {
        return;
    };
    assert_eq!(weights(&import, "soaltoan1-050"), [0, 0, 4, 0]);
    let formulas = &import.items[16].item.face.choices;
    assert!(
        formulas.iter().all(|choice| choice.starts_with("<math ") && !choice.contains("text")),
        "the labels inside the formulas are gone: {formulas:?}"
    );
}

#[test]
fn scholastic_aptitude_with_pictures_for_options() {
    check(&Expected {
        pictures: 18,
        remarks: &[("alt_missing", 18)],
        ..pack("cpns-tryout-tpa", "cpns-tryout-agilbiaviv", &["soalTPA1.json", "assets"], 45)
    });
}

#[test]
fn without_its_pictures_every_item_that_needs_one_is_bad() {
    let Some(import) = import_pack(&pack("cpns-tryout-tpa", "cpns-tryout-agilbiaviv", &["soalTPA1.json"], 42)) else {
        return;
    };
    let missing: Vec<u32> = import.problems.iter().filter(|problem| problem.code == "picture_missing").map(|problem| problem.row).collect();
    assert_eq!((import.items.len(), import.bad), (42, 3));
    assert_eq!(missing, [[42; 6], [43; 6], [44; 6]].concat(), "stem and five choices each");
}

#[test]
fn teacher_competence_with_questions_run_together() {
    check(&Expected {
        bad: &[
            ("soal.teknis.json", 242, "key_out_of_range"),
            ("soal.teknis.json", 265, "duplicate_stem"),
            ("soal.teknis.json", 267, "duplicate_stem"),
            ("soal.teknis.json", 278, "duplicate_stem"),
            ("soal.teknis.json", 282, "duplicate_stem"),
            ("soal.teknis.json", 284, "run_together"),
            ("soal.teknis.json", 302, "run_together"),
        ],
        ..pack("p3k-teknis", "p3k-vyc1224", &["soal.teknis.json"], 306)
    });
}

#[test]
fn social_competence_with_three_items_twice() {
    check(&Expected {
        bad: &[
            ("soal.sosio_kultural.json", 75, "duplicate_stem"),
            ("soal.sosio_kultural.json", 76, "duplicate_stem"),
            ("soal.sosio_kultural.json", 77, "duplicate_stem"),
        ],
        ..pack("p3k-sosio-kultural", "p3k-vyc1224", &["soal.sosio_kultural.json"], 107)
    });
}

#[test]
fn javascript_from_markdown() {
    let Some(import) = check(&Expected {
        // Questions 137 and 138 are the same, word for word.
        bad: &[("README.id-ID.md", 4468, "duplicate_stem")],
        ..pack("js-questions", "js-questions-id", &["README.id-ID.md"], 154)
    }) else {
        return;
    };
    // Headings with an anchor, or without a space, are questions like the others; code is text.
    for (code, part) in
        [("js-109", "const food = "), ("js-132", "class Counter"), ("js-153", "<code>method</code>"), ("js-031", "&lt;div onclick=")]
    {
        let item = import.items.iter().find(|item| item.item.code == code).unwrap_or_else(|| panic!("{code} is good"));
        assert!(item.item.face.stem.contains(part), "{code}: {}", item.item.face.stem);
    }
}

#[test]
fn regional_culture_from_a_list_with_plus_signs() {
    let Some(import) = check(&pack("budayanesia", "budaya-budayanesia", &["konten.md"], 60)) else {
        return;
    };
    let mut cultures: BTreeMap<&str, usize> = BTreeMap::new();
    import.items.iter().for_each(|item| *cultures.entry(&item.item.cell.subtopic).or_default() += 1);
    assert_eq!(
        cultures.into_iter().collect::<Vec<_>>(),
        [("batak", 10), ("betawi", 10), ("bugis", 10), ("jawa", 10), ("minangkabau", 10), ("sunda", 10)]
    );
    assert_eq!(weights(&import, "budaya-jawa-01"), [5, 0, 0, 0]);
}

#[test]
fn analogies_with_an_object_for_options() {
    let Some(import) = check(&pack("tpa-analogi", "tpa-chiefrz", &["bank_soal.json"], 20)) else {
        return;
    };
    assert_eq!(weights(&import, "analogi-001"), [0, 0, 5, 0, 0]);
    assert!(import.items.iter().all(|item| !item.item.basis.is_empty()));
}

#[test]
fn causes_and_effects_from_a_table() {
    let Some(import) = check(&pack("copal-id", "copal-id", &["test_copal.csv"], 559)) else {
        return;
    };
    assert_eq!(import.items[1].item.face.stem, "Kulitnya bentol-bentol. Penyebab yang paling masuk akal adalah ....");
    assert_eq!(weights(&import, "copal-003"), [0, 5]);
    assert_eq!((import.items[0].row, import.items[558].row), (2, 560));
}
