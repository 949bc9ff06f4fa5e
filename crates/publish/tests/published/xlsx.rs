use crate::{sample, tools};
use calamine::{Data, Range, Reader, Xlsx};
use publish::Announcement;
use std::io::Cursor;

fn open(announcement: &Announcement) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(publish::xlsx::write(announcement).unwrap())).unwrap()
}

fn sheet(announcement: &Announcement, name: &str) -> Range<Data> {
    open(announcement).worksheet_range(name).unwrap()
}

#[test]
fn numbers_are_numbers_and_texts_are_texts() {
    let range = sheet(&sample::golden(), "PK-01");
    let heads: Vec<String> = range.rows().next().unwrap().iter().map(|cell| cell.to_string()).collect();
    assert_eq!(heads, ["Peringkat", "Nomor peserta", "Nama", "TWK", "TIU", "TKP", "Total", "Kode", "Keterangan"]);
    let text = |text: &str| Data::String(text.into());
    let third: Vec<Data> = range.rows().nth(3).unwrap().to_vec();
    let marks = [Data::Float(70.0), Data::Float(80.125), Data::Float(170.0), Data::Float(320.125)];
    let expected = [[Data::Float(3.0), text("26017301000001034"), text("G. P.")].as_slice(), &marks].concat();
    assert_eq!(third[..7], expected[..]);
    assert_eq!(third[7..], [text("P"), text("memenuhi nilai ambang batas, di luar jumlah yang ikut SKB")]);
    let absent: Vec<Data> = range.rows().nth(5).unwrap().to_vec();
    assert_eq!(absent[3..7], [Data::Empty, Data::Empty, Data::Empty, Data::Empty]);
    assert_eq!(absent[0], Data::Empty);
}

#[test]
fn stage_values_and_moves_have_columns() {
    let range = sheet(&sample::decided(), "PW-02");
    let heads: Vec<String> = range.rows().next().unwrap().iter().map(|cell| cell.to_string()).collect();
    let expected = [
        "Peringkat",
        "Nomor peserta",
        "Jenis kebutuhan",
        "TWK",
        "TIU",
        "TKP",
        "Total",
        "SKD (100)",
        "SKB (100)",
        "Nilai akhir",
        "Kode",
        "Pindah ke",
        "Keterangan",
    ];
    assert_eq!(heads, expected);
    let moved = range.rows().find(|row| row[10] == Data::String("U-1".into())).expect("somebody was moved");
    assert_eq!(moved[9], Data::Float(66.563));
    assert_eq!(moved[11], Data::String("PK-01".into()));
}

#[test]
fn sheets_have_a_frozen_head_and_filters() {
    let path = tools::file("frozen.xlsx", &publish::xlsx::write(&sample::golden()).unwrap());
    let Some(sheet) = tools::output("unzip", &["-p", path.to_str().unwrap(), "xl/worksheets/sheet2.xml"]) else { return };
    assert!(sheet.contains("<pane ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:I7\"/>"), "{sheet}");
}

#[test]
fn nothing_is_a_formula() {
    let mut announcement = sample::announcement(&[1]);
    announcement.lists[0].rows[0].name = Some("=HYPERLINK(\"http://x\")".into());
    announcement.heading = "=1+1".into();
    assert_eq!(sheet(&announcement, "PK-01").get_value((1, 2)), Some(&Data::String("=HYPERLINK(\"http://x\")".into())));
    let mut workbook = open(&announcement);
    for name in workbook.sheet_names() {
        assert!(workbook.worksheet_formula(&name).unwrap().is_empty(), "{name}");
    }
}

#[test]
fn the_summary_comes_first_and_counts() {
    let announcement = sample::golden();
    assert_eq!(open(&announcement).sheet_names(), ["Ringkasan", "PK-01"]);
    let range = sheet(&announcement, "Ringkasan");
    let all: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(|cell| cell.to_string()).collect()).collect();
    let line = |label: &str| all.iter().find(|row| row[0] == label).unwrap_or_else(|| panic!("{label}")).clone();
    assert_eq!(line("Diumumkan")[1], "21 November 2026 pukul 14.05 WIB");
    assert_eq!(line("Sidik masukan (SHA-256)")[1], announcement.input_hash);
    assert_eq!(line("Alasan revisi")[1], "Perbaikan nilai satu peserta.");
    assert_eq!(line("Kode formasi")[6..14], ["P/L", "P", "TL", "TH", "DIS", "APS", "TMS", "Bagian"]);
    assert_eq!(line("PK-01")[2..13], ["umum", "3", "", "6", "2", "1", "1", "1", "1", "0", "0"]);
    assert!(line("PK-01")[13].starts_with("TWK: Tes Wawasan Kebangsaan, maks. 150, ambang 65; "));
    assert_eq!(line("Sidik hasil (SHA-256)")[1], announcement.results_hash);
    assert_eq!(line("P/L")[1], "memenuhi nilai ambang batas dan ikut SKB (reached the threshold and goes on to the SKB)");
    tools::never_says_passed(&format!("{all:?}"));
}

#[test]
fn sheets_get_names_of_their_own() {
    let mut announcement = sample::announcement(&[1, 1, 1, 1, 1]);
    let codes = ["ringkasan", "A/1", "a-1", "HISTORY", "Jabatan yang kodenya lebih panjang dari nama lembar mana pun"];
    for (list, code) in announcement.lists.iter_mut().zip(codes) {
        list.formation_code = code.into();
    }
    let names = open(&announcement).sheet_names();
    assert_eq!(names, ["Ringkasan", "ringkasan (2)", "A-1", "a-1 (2)", "HISTORY (2)", "Jabatan yang kodenya lebih panj"]);
}

#[test]
fn every_size_has_as_many_rows_as_people() {
    for people in [0, 1, 25, 60, 1000] {
        assert_eq!(sheet(&sample::announcement(&[people]), "PK-01").height(), people + 1);
    }
    assert_eq!(open(&sample::announcement(&[])).sheet_names(), ["Ringkasan"]);
}

#[test]
fn the_workbook_names_no_author_and_the_time_of_publication() {
    let path = tools::file("properties.xlsx", &publish::xlsx::write(&sample::golden()).unwrap());
    let Some(core) = tools::output("unzip", &["-p", path.to_str().unwrap(), "docProps/core.xml"]) else { return };
    assert!(core.contains("<dc:creator></dc:creator>") && core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>"), "{core}");
    assert_eq!(core.matches("2026-11-21T07:05:00Z").count(), 2, "{core}");
}
