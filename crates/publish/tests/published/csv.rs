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
    let expected = "Kode formasi,Formasi,Peringkat,Nomor peserta,Nama,TWK,TIU,TKP,Total,Kode,Keterangan\r\n\
        PK-01,Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika,1,26017301000001000,A. N. S.,140,\"165,5\",210,\"515,5\",MA,Memenuhi ambang batas\r\n\
        PK-01,Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika,1,26017301000001017,F. H.,140,\"165,5\",210,\"515,5\",MA,Memenuhi ambang batas\r\n\
        PK-01,Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika,3,26017301000001034,G. P.,60,\"80,125\",150,\"290,125\",TMA,Tidak memenuhi ambang batas\r\n\
        PK-01,Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika,4,26017301000001051,D. R. H.,0,\"-2,5\",35,\"32,5\",DH,Tes dihentikan panitia\r\n\
        PK-01,Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika,,26017301000001068,I. M. S.,,,,,TH,Tidak hadir\r\n\
        PK-01,Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika,,26017301000001085,J. A.,,,,,HTM,\"Hadir, tidak memulai tes\"\r\n";
    assert_eq!(text, expected);
    tools::never_says_passed(&text);
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
        announcement.lists[0].rows[0].name = name.into();
        announcement.lists[0].rows[0].participant_no = name.into();
        announcement.lists[0].formation_title = name.into();
        let record = &records(&announcement)[1];
        assert_eq!([&record[1], &record[3], &record[4]], [kept; 3], "{name:?}");
    }
}

#[test]
fn lists_with_other_sections_share_one_header() {
    let mut announcement = sample::announcement(&[1, 1]);
    let section = |code: &str| AnnouncedSection { code: code.into(), title: String::new() };
    announcement.lists[1].sections = vec![section("=SKB"), section("TWK")];
    announcement.lists[1].rows[0].marks_milli = vec![71_250, 33_000];
    let records = records(&announcement);
    assert_eq!(records[0][5..10], ["TWK", "TIU", "TKP", "'=SKB", "Total"]);
    assert_eq!(records[2][5..9], ["33", "", "", "71,25"]);
}

#[test]
fn every_size_has_as_many_rows_as_people() {
    for people in [0, 1, 25, 60, 1000] {
        assert_eq!(records(&sample::announcement(&[people])).len(), people + 1);
    }
}
