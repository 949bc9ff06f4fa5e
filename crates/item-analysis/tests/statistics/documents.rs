//! `docs/item-statistics.md` says what the program does.

use item_analysis::flag::{DIFFICULTY_MAX, DIFFICULTY_MIN, DISCRIMINATION_MIN, DISTRACTOR_SHARE_MIN, Flag, OMISSION_MAX};
use item_analysis::output::{CHOICE_COLUMNS, ITEM_COLUMNS};

const MANUAL: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/item-statistics.md"));

/// Names in the first cells of the tables below a heading.
fn first_cells(heading: &str) -> Vec<&'static str> {
    let below = MANUAL.split_once(&format!("\n## {heading}\n")).expect(heading).1;
    let section = below.split_once("\n## ").map_or(below, |(section, _)| section);
    let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    cells.flat_map(|cell| cell.split(", ")).filter_map(|name| name.strip_prefix('`')?.strip_suffix('`')).collect()
}

#[test]
fn every_column_stands_in_the_manual() {
    let told = first_cells("What comes out");
    let columns = ITEM_COLUMNS.iter().chain(CHOICE_COLUMNS.iter()).copied();
    let untold: Vec<&str> = columns.clone().filter(|column| !told.contains(column)).collect();
    let unknown: Vec<&str> = told.iter().copied().filter(|name| !columns.clone().any(|column| column == *name)).collect();
    assert_eq!((untold, unknown), (Vec::new(), Vec::new()));
}

#[test]
fn every_flag_stands_in_the_manual_with_its_limit() {
    assert_eq!(first_cells("Flags"), Flag::ALL.map(Flag::code));
    let row = |flag: Flag| MANUAL.lines().find(|line| line.starts_with(&format!("| `{}`", flag.code()))).expect("a row").to_owned();
    for (flag, limit) in [
        (Flag::LowDiscrimination, format!("below {DISCRIMINATION_MIN:.2}")),
        (Flag::TooHard, format!("below {DIFFICULTY_MIN:.2}")),
        (Flag::TooEasy, format!("above {DIFFICULTY_MAX:.2}")),
        (Flag::OftenOmitted, format!("above {OMISSION_MAX:.2}")),
        (Flag::AttractiveDistractor, format!("at least {:.0} %", DISTRACTOR_SHARE_MIN * 100.0)),
        (Flag::UnusedDistractor, format!("fewer than {:.0} %", DISTRACTOR_SHARE_MIN * 100.0)),
    ] {
        assert!(row(flag).contains(&limit), "{limit}: {}", row(flag));
    }
}
