use crate::{sample, tools};
use publish::{AnnouncedSection, Announcement};

fn text(announcement: &Announcement) -> String {
    let bytes = publish::csv::write(announcement).unwrap();
    String::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').expect("a byte order mark").to_owned()
}

fn records(announcement: &Announcement) -> Vec<Vec<String>> {
    let text = text(announcement);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_list_is_one_row_a_person() {
    let text = text(&sample::golden());
    let formation = "PK-01,Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika,umum";
    let rows = [
        "1,26017301000001000,A. N. S.,140,165.5,210,515.5,P/L,memenuhi nilai ambang batas dan ikut SKB,shortlisted",
        "1,26017301000001017,F. H.,140,165.5,210,515.5,P/L,memenuhi nilai ambang batas dan ikut SKB,shortlisted",
        "3,26017301000001034,G. P.,70,80.125,170,320.125,P,\"memenuhi nilai ambang batas, di luar jumlah yang ikut SKB\",\
         passed_but_outside_the_cut",
        ",26017301000001051,D. R. H.,0,-2.5,35,32.5,TL,tidak memenuhi nilai ambang batas,below_threshold",
        ",26017301000001068,I. M. S.,,,,,TH,tidak hadir,absent",
        ",26017301000001085,J. A.,,,,,DIS,didiskualifikasi,disqualified",
    ];
    let mut expected = String::from(
        "Kode formasi,Formasi,Jenis kebutuhan formasi,Peringkat,Nomor peserta,Nama,TWK,TIU,TKP,Total,Kode,Keterangan,Status\r\n",
    );
    rows.iter().for_each(|row| expected.push_str(&format!("{formation},{row}\r\n")));
    assert_eq!(text, expected);
    tools::never_says_passed(&text);
}

#[test]
fn columns_are_those_of_the_policy() {
    let decided = records(&sample::decided());
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
        "Keterangan",
        "Status",
        "Pindah ke",
    ];
    assert_eq!(decided[0][3..], expected);
    let moved = decided.iter().find(|record| record[15] == "selected_by_move").expect("somebody was moved");
    assert_eq!(moved[13..], ["U-1", "lulus: formasi umum diisi dari kebutuhan khusus", "selected_by_move", "PK-01"]);
    let undecided = decided.iter().find(|record| record[15] == "shortlisted").expect("somebody is tied");
    assert_eq!(undecided[13..], ["", "menunggu keputusan panitia", "shortlisted", ""]);

    let mut bare = sample::decided();
    bare.columns = publish::Columns { category: false, marks: false, stage_values: false, rank: false };
    let bare = records(&bare.without_hidden());
    assert_eq!(bare[0][3..], ["Nomor peserta", "Total", "Kode", "Keterangan", "Status", "Pindah ke"]);
}

#[test]
fn texts_survive_and_formulas_do_not() {
    let cases = [
        ("Siti \"Ayu\" Aminah", "Siti \"Ayu\" Aminah"),
        ("Putra, S.Kom.", "Putra, S.Kom."),
        ("dua\r\nbaris", "dua\r\nbaris"),
        ("=HYPERLINK(\"http://x\",\"klik\")", "'=HYPERLINK(\"http://x\",\"klik\")"),
        ("+62 811", "'+62 811"),
        ("-1", "'-1"),
        ("@cmd", "'@cmd"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
    ];
    for (name, kept) in cases {
        let mut announcement = sample::announcement(&[1]);
        announcement.codes[0].id = name.into();
        announcement.lists[0].rows[0].name = Some(name.into());
        announcement.lists[0].rows[0].participant_no = name.into();
        announcement.lists[0].formation_title = name.into();
        let record = &records(&announcement)[1];
        assert_eq!([&record[1], &record[4], &record[5]], [kept; 3], "{name:?}");
    }
}

#[test]
fn lists_with_other_sections_share_one_header() {
    let mut announcement = sample::announcement(&[1, 1]);
    let section = |code: &str| AnnouncedSection { code: code.into(), title: String::new(), max: None, threshold: None };
    announcement.lists[1].sections = vec![section("=SKB"), section("TWK")];
    announcement.lists[1].rows[0].marks = vec!["71.25".into(), "33".into()];
    let records = records(&announcement);
    assert_eq!(records[0][6..11], ["TWK", "TIU", "TKP", "'=SKB", "Total"]);
    assert_eq!(records[2][6..10], ["33", "", "", "71.25"]);
}

#[test]
fn every_size_has_as_many_rows_as_people() {
    for people in [0, 1, 25, 60, 1000] {
        assert_eq!(records(&sample::announcement(&[people])).len(), people + 1);
    }
}
