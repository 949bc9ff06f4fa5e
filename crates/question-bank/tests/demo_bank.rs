//! The demo bank of the repository imports without a stopping problem, and comes back unchanged from an export.

mod folder;

use folder::{files_under, repository};
use question_bank::export::export_zip;
use question_bank::import::{Files, Import, SourceFile, import};
use std::path::PathBuf;

fn bank() -> PathBuf {
    repository().join("content/demo/bank")
}

fn imported() -> Import {
    import(&Files::new(files_under(&bank())).expect("within limits"), None)
}

#[test]
fn every_item_of_the_demo_bank_is_good() {
    let import = imported();
    import.problems.iter().for_each(|problem| println!("{problem:?}"));
    assert!(import.problems.iter().all(|problem| !problem.stops), "the demo bank has stopping problems, see above");
    assert_eq!(import.bad, 0);
    assert!(import.items.len() >= 330, "{} items", import.items.len());
    assert!(import.pictures.len() >= 150, "{} pictures", import.pictures.len());
}

#[test]
fn the_demo_bank_survives_export_and_import() {
    let before = imported();
    let items: Vec<_> = before.items.iter().map(|imported| (&imported.item, &imported.key)).collect();
    let zip = SourceFile { name: "bank.zip".to_owned(), bytes: export_zip(&items, &before.pictures) };
    let after = import(&Files::new(vec![zip]).expect("within limits"), None);
    assert_eq!(after.problems, []);
    assert_eq!(after.pictures, before.pictures);
    assert_eq!(after.items.len(), before.items.len());
    for (before, after) in before.items.iter().zip(&after.items) {
        assert_eq!(before.item, after.item);
        assert!(before.key == after.key, "{}", before.item.code);
    }
}
