//! The forms of a key, and the columns of a table: what is an item and what is not.

use super::{item, near, read, sound};
use item_analysis::responses::{Header, IdColumn, Note};
use item_analysis::{Key, Reading, Source};

const CHOICES: &str = "id,q1,q2\nP1,A,B\nP2,A,C\nP3,C,B\nP4,B,A\n";

#[test]
fn all_forms_of_a_key_give_the_same() {
    let beside = "item,A,B,C\nq1,1,0,0\nq2,0,1,0\n";
    let below = "item,choice,marks\nq1,A,1\nq1,B,0\nq1,C,0\nq2,A,0\nq2,B,1\nq2,C,0\n";
    let forms = [
        "item,key\nq1,A\nq2,B\n",
        "item,key,right\nq1,A,1\nq2,B,\n",
        "q1,q2\nA,B\n",
        beside,
        below,
        "item;key\nq2;B\nq1;A\n",
        "butir,kunci\nq1,A\nq2,B\n",
    ];
    let expected = sound(CHOICES, Some(forms[0]));
    near("right", item(&expected, "q1").difficulty, Some(0.5), 12);
    for form in forms {
        assert_eq!(sound(CHOICES, Some(form)).items, expected.items, "{form}");
    }
}

#[test]
fn several_choices_may_be_right_and_give_more_than_one() {
    let analysis = sound(CHOICES, Some("item,key,right\nq1,A|B,5\nq2,B;C,5\n"));
    near("q1", item(&analysis, "q1").difficulty, Some(0.75), 12);
    assert_eq!(analysis.scales[0].max.to_string(), "10");
}

#[test]
fn a_key_may_only_name_sections_and_the_most_marks() {
    let analysis = sound("id,t1,t2\nP1,4,5\nP2,3,2\n", Some("item,section,max\nt1,tkp,5\nt2,tkp,5\n"));
    near("of five", item(&analysis, "t1").difficulty, Some(0.7), 12);
    assert!(item(&analysis, "t1").choices.is_empty());
}

fn items_and_notes(responses: &str, key: Option<&str>, reading: &Reading) -> (Vec<String>, Vec<Note>) {
    let read = read(responses, key, reading).unwrap_or_else(|error| panic!("{error}"));
    (read.items.into_iter().map(|item| item.name).collect(), read.notes)
}

/// Checks which columns are taken for items.
fn check_items(responses: &str, id: IdColumn, expected: &[&str]) {
    let (items, _) = items_and_notes(responses, None, &Reading { id, ..Reading::default() });
    assert_eq!(items, expected, "{responses}");
}

#[test]
fn ids_are_known_by_their_name_or_their_look() {
    check_items("id,a,b\n1,1,0\n0,1,0\n", IdColumn::Guess, &["a", "b"]);
    check_items("\"\",a,b\n1,1,0\n2,1,0\n", IdColumn::Guess, &["a", "b"]);
    check_items("peserta,a,b\nP1,1,0\nP2,1,0\n", IdColumn::Guess, &["a", "b"]);
    check_items("peserta,a,b\n7,1,0\n8,1,0\n9,0,0\n", IdColumn::Guess, &["a", "b"]);
    check_items("peserta,a,b\n20240077,1,0\n20240012,1,0\n", IdColumn::Guess, &["a", "b"]);
    // Marks do not look like ids.
    check_items("a,b\n1,0\n0,1\n1,1\n", IdColumn::Guess, &["a", "b"]);
    check_items("a,b\n5,0\n4,1\n1,1\n", IdColumn::Guess, &["a", "b"]);
    check_items("a,b\n2.5,0\n3.5,1\n4.5,1\n", IdColumn::Guess, &["a", "b"]);
    // Whoever knows better says so.
    check_items("id,a,b\n1,1,0\n0,1,0\n", IdColumn::Absent, &["id", "a", "b"]);
    check_items("a,siswa,b\n1,7,0\n0,7,0\n", IdColumn::Named("siswa".to_owned()), &["a", "b"]);
}

#[test]
fn columns_that_the_key_does_not_have_are_no_items() {
    let (items, notes) = items_and_notes("who,q1,sex,q2\nA,A,1,B\nB,B,0,B\n", Some("item,key\nq1,A\nq2,B\n"), &Reading::default());
    assert_eq!(items, ["q1", "q2"]);
    assert_eq!(notes, [Note::IdColumn("who".to_owned()), Note::ColumnsUnused(vec!["sex".to_owned()])]);
}

#[test]
fn a_table_may_come_without_names() {
    let (items, _) = items_and_notes("1,0,1\n0,0,1\n", None, &Reading { header: Header::Absent, ..Reading::default() });
    assert_eq!(items, ["item_1", "item_2", "item_3"]);
}

#[test]
fn what_a_reader_of_the_numbers_has_to_know_is_noted() {
    let (_, notes) = items_and_notes("id,a,b\nP1,1,0\nP1,,\nP2,1,1\n,,\n", None, &Reading::default());
    assert_eq!(notes, [Note::IdColumn("id".to_owned()), Note::IdsRepeated(1), Note::RowsBlank(1)]);
    let (_, notes) = items_and_notes("a,b\nX,Y\nY,X\n", Some("item,key\na,1\nb,2\n"), &Reading::default());
    assert_eq!(notes, [Note::KeyNeverChosen]);
}

#[test]
fn spreadsheets_of_all_countries_are_read() {
    let expected = sound(CHOICES, Some("item,key\nq1,A\nq2,B\n")).items;
    for (from, to) in [(",", ";"), (",", "\t"), ("\n", "\r\n"), ("\n", "\r"), ("id,", "\u{feff}id,"), ("\nP1", "\n\nP1")] {
        assert_eq!(sound(&CHOICES.replace(from, to), Some("item,key\nq1,A\nq2,B\n")).items, expected, "{to:?}");
    }
}

#[test]
fn a_key_keeps_the_line_of_each_item() {
    let key = Key::read(Source { name: "key.csv", bytes: b"item,key\n\nq1,A\nq2,B\n" }).expect("a key");
    assert_eq!((key.items["q1"].line, key.items["q2"].line), (3, 4));
}
