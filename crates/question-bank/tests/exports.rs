//! Exports: what leaves comes back the same, and a spreadsheet program that opens it calculates nothing.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use question_bank::export::{export_csv, export_zip, template_csv, template_xlsx};
use question_bank::id::Digest32;
use question_bank::import::{Files, Import, SourceFile, import};
use question_bank::item::{Item, Picture};
use question_bank::key::Key;

fn read(files: &[(&str, &[u8])]) -> Import {
    let files = files.iter().map(|(name, bytes)| SourceFile { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect();
    import(&Files::new(files).expect("within limits"), None)
}

fn pairs(import: &Import) -> Vec<(&Item, &Key)> {
    import.items.iter().map(|item| (&item.item, &item.key)).collect()
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x05\0\0\0\x05\x08\x02\0\0\0crc!\0\0\0\0IENDcrc!";

/// Imports a table, exports it as ZIP, imports that: the same items, keys and pictures.
fn assert_round_trip(table: &str) -> Import {
    let before = read(&[
        ("soal.csv", table.as_bytes()),
        ("gambar/x.png", PNG),
        ("y.svg", b"<svg width='9' height='9'><rect width='3' height='4'/></svg>"),
    ]);
    let after = read(&[("bank.zip", &export_zip(&pairs(&before), &before.pictures))]);
    assert_eq!(after.problems.iter().filter(|problem| problem.stops).collect::<Vec<_>>(), Vec::<&question_bank::import::Problem>::new());
    assert_eq!(after.pictures, before.pictures);
    assert_eq!(after.items.len(), before.items.len());
    for (before, after) in before.items.iter().zip(&after.items) {
        assert_eq!(before.item, after.item);
        assert_eq!(
            (before.key.weights(), before.key.blank(), before.key.rule()),
            (after.key.weights(), after.key.blank(), after.key.rule())
        );
    }
    before
}

#[test]
fn what_leaves_comes_back() {
    let import = assert_round_trip(concat!(
        "id,section,topic,subtopic,level,difficulty,language,stem,choice_a,choice_b,choice_c,key,weights,right,blank,rule,basis\n",
        "a-1,umum,t,s,C5,hard,en,\"=SUM(A1) @x, \"\"ya\"\"?\nBaris\",'-13,'+62,'=x,B,,4,-1,,'@dasar\n",
        "a-2,umum,t,,,,,<p>Nilai \\(\\frac{a}{b} < \\text{\"x & y\"}\\)</p>\\[x^2\\],\\(x\\),A \\(5\\%\\) b,&amp;lt;,,2.5;-1;0,,0.5,sum,\n",
        "a-3,umum,t,,,,,<img src=gambar/x.png alt='\"kubus\" & <b>'>,<img src=y.svg alt=y>,b,,A;B,,,,all_or_nothing,\n",
        "a-4,umum,t,,,,,<pre><code>grep '\\(a\\)' \\\\ \\[</code></pre>,<code>\\(x\\)</code>,a\\\\ b,c,A,,,,,\n",
        "a-5,umum,t,,,,,<table><tr><th scope=col>x<td colspan=2>y</table>,<ul><li>a<li>b</ul>,H<sub>2</sub>O,,,5;5,,,,\n",
    ));
    assert_eq!((import.problems.len(), import.items.len(), import.pictures.len()), (0, 5, 2), "{:?}", import.problems);
}

#[test]
fn a_spreadsheet_program_finds_no_formula() {
    let import =
        read(&[("soal.csv", b"id,section,topic,stem,choice_a,choice_b,key,basis\na,umum,t,=HYPERLINK(1),'=cmd|x,+1,A,@SUM(A1)\n")]);
    let csv = export_csv(&pairs(&import), &|_| None);
    let text = std::str::from_utf8(&csv).expect("UTF-8").trim_start_matches('\u{feff}');
    for cell in text.split(['\n', '\r', ',']).map(|cell| cell.trim_start_matches('"')) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
    }
    assert!(text.contains("'=HYPERLINK(1)"));
}

#[test]
fn pictures_are_named_by_hash() {
    let import =
        read(&[("soal.csv", b"id,section,topic,stem,choice_a,choice_b,key\na,umum,t,<img src=x.png alt=x>,x,y,A\n"), ("x.png", PNG)]);
    let hash = Digest32::of(PNG);
    assert_eq!(import.pictures, [Picture { hash, media_type: "image/png", bytes: PNG.to_vec() }]);
    let csv = export_csv(&pairs(&import), &|asked| (asked == hash).then_some("image/png"));
    assert!(String::from_utf8_lossy(&csv).contains(&format!("media/{hash}.png")));
}

#[test]
fn the_templates_are_good_tables() {
    for (name, bytes) in [("templat.csv", template_csv()), ("templat.xlsx", template_xlsx())] {
        let import = read(&[(name, &bytes)]);
        assert_eq!((import.problems, import.items.len()), (Vec::new(), 2), "{name}");
    }
    assert!(template_csv().starts_with(b"\xef\xbb\xbfid,section,topic,"));
    assert_eq!(template_xlsx(), template_xlsx(), "no clock in it");
}

#[test]
fn no_items_are_a_header() {
    let csv = export_csv(&[], &|_| None);
    assert_eq!(read(&[("soal.csv", &csv)]), Import::default());
}

/// Pieces that authors write, and pieces that nobody should.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{1,8}",
        "[=+\\-@'\"&<>;,\\\\(\\[\\])$%\n\t ]{1,3}",
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>x</i>",
            "<br>",
            "<pre>",
            "</pre>",
            "<code>",
            "</code>",
            "<ul><li>",
            "</ul>",
            "<table><tr><td>",
            "</table>",
            "<sub>",
            "</sub>",
            "\\(x\\)",
            "\\(a < b\\)",
            "\\[\\frac{1}{2}\\]",
            "\\(",
            "\\)",
            "\\\\",
            "&lt;",
            "&amp;",
            "&nbsp;",
            "&#92;",
            "&#x41;",
            "<img src=y.svg alt='y'>",
            "é",
            "数",
            "<a>",
            "</a>",
            "<script>",
            "<List>",
            "<blockquote>",
            "</blockquote>",
            "<p/>",
            "\n",
        ])
        .prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_failure_persistence(FileFailurePersistence::WithSource("regressions")))]


    #[test]
    fn every_good_item_survives_export_and_import(stem in text(), a in text(), b in text(), basis in text()) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["id", "section", "topic", "stem", "choice_a", "choice_b", "weights", "basis"]).expect("memory");
        csv.write_record(["x", "umum", "t", &stem, &a, &b, "5;-2.5", &basis]).expect("memory");
        assert_round_trip(std::str::from_utf8(&csv.into_inner().expect("memory")).expect("text"));
    }
}
