//! The question table at its border: what a committee member types, and what they are told.

use question_bank::import::{Files, Import, SourceFile, import};
use question_bank::item::{Difficulty, Level};
use rust_xlsxwriter::{Format, Formula, Workbook};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x05\0\0\0\x05\x08\x02\0\0\0crc!\0\0\0\0IENDcrc!";

fn read(files: &[(&str, &[u8])]) -> Import {
    let files = files.iter().map(|(name, bytes)| SourceFile { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect();
    import(&Files::new(files).expect("within limits"), None)
}

fn table(text: &str) -> Import {
    read(&[("soal.csv", text.as_bytes()), ("gambar/x.png", PNG), ("gambar/rusak.png", b"not a picture")])
}

/// (row, field, code, stops) of every problem.
fn problems(import: &Import) -> Vec<(u32, &str, &str, bool)> {
    import.problems.iter().map(|problem| (problem.row, problem.field.as_str(), problem.code, problem.stops)).collect()
}

const HEADER: &str = "id,section,topic,stem,choice_a,choice_b,choice_c,key,weights,right,blank,rule";

/// Reads one row below the usual header: its problems, and the weights of the item if it is good.
fn row(row: &str) -> (Vec<(String, String, bool)>, Option<String>) {
    let import = table(&format!("{HEADER}\n{row}\n"));
    let problems = import.problems.iter().map(|problem| (problem.field.clone(), problem.code.to_owned(), problem.stops)).collect();
    assert_eq!(import.items.len() + import.bad as usize, 1, "{row}");
    let weights = import.items.first().map(|item| {
        let weights: Vec<String> = item.key.weights().iter().map(ToString::to_string).collect();
        format!("{} {} blank {}", item.key.rule().code(), weights.join(";"), item.key.blank())
    });
    (problems, weights)
}

#[test]
fn good_rows() {
    for (text, expected) in [
        ("a,umum,t,Soal?,x,y,,A,,,,", "single 5;0 blank 0"),
        ("a,umum,t,Soal?,x,y,z,c,,,,", "single 0;0;5 blank 0"),
        ("a,umum,t,Soal?,x,y,z,B,,4,-1,single", "single 0;4;0 blank -1"),
        ("a,umum,t,Soal?,x,y,z,B,,\"2,5\",,", "single 0;2.5;0 blank 0"),
        ("a,umum,t,Soal?,x,y,z,,5;4;3,,,", "single 5;4;3 blank 0"),
        ("a,umum,t,Soal?,x,y,z,,2.5;-0.125;0,,,sum", "sum 2.5;-0.125;0 blank 0"),
        ("a,umum,t,Soal?,x,y,z,A; c,,,,all_or_nothing", "all_or_nothing 5;0;5 blank 0"),
        ("a,umum,t,Soal?,'=1+1,'-5,+5,A,,,,", "single 5;0;0 blank 0"),
    ] {
        assert_eq!(row(text), (Vec::new(), Some(expected.to_owned())), "{text}");
    }
}

#[test]
fn bad_rows_say_what_is_wrong() {
    for (text, field, code) in [
        ("A 1,umum,t,Soal?,x,y,,A,,,,", "id", "code_bad"),
        (",umum,t,Soal?,x,y,,A,,,,", "id", "code_bad"),
        ("a,,t,Soal?,x,y,,A,,,,", "section", "code_bad"),
        ("a,umum,Topik,Soal?,x,y,,A,,,,", "topic", "code_bad"),
        ("a,umum,t,,x,y,,A,,,,", "stem", "stem_empty"),
        ("a,umum,t,<p> </p>,x,y,,A,,,,", "stem", "stem_empty"),
        ("a,umum,t,Soal?,x,,z,A,,,,", "choice_b", "choice_missing"),
        ("a,umum,t,Soal?,x,<b></b>,z,A,,,,", "choice_b", "choice_empty"),
        ("a,umum,t,Soal?,x,y,x,A,,,,", "choice_c", "choice_twice"),
        ("a,umum,t,Soal?,x,,,A,,,,", "choices", "choices_count"),
        ("a,umum,t,Soal?,x,y,z,,,,,", "key", "key_missing"),
        ("a,umum,t,Soal?,x,y,z,D,,,,", "key", "key_out_of_range"),
        ("a,umum,t,Soal?,x,y,z,1,,,,", "key", "key_bad"),
        ("a,umum,t,Soal?,x,y,z,AB,,,,", "key", "key_bad"),
        ("a,umum,t,Soal?,x,y,z,A;A,,,,sum", "key", "key_bad"),
        ("a,umum,t,Soal?,x,y,z,A;B,,,,", "key", "key_several"),
        ("a,umum,t,Soal?,x,y,z,A,5;0;0,,,", "key", "key_and_weights"),
        ("a,umum,t,Soal?,x,y,z,,5;0,,,", "weights", "weights_count"),
        ("a,umum,t,Soal?,x,y,z,,5;0;x,,,", "weights", "weight_bad"),
        ("a,umum,t,Soal?,x,y,z,,5;0;0.0001,,,", "weights", "weight_bad"),
        ("a,umum,t,Soal?,x,y,z,,99999999999999999999;0;0,,,", "weights", "weight_bad"),
        ("a,umum,t,Soal?,x,y,z,,0;0;0,,,", "weights", "key_nothing_right"),
        ("a,umum,t,Soal?,x,y,z,A,,0,,", "weights", "key_nothing_right"),
        ("a,umum,t,Soal?,x,y,z,A,,lima,,", "right", "weight_bad"),
        ("a,umum,t,Soal?,x,y,z,A,,,nol,", "blank", "weight_bad"),
        ("a,umum,t,Soal?,x,y,z,A,,,,semua", "rule", "value_bad"),
        ("a,umum,t,<img src=y.png alt=y>,x,y,z,A,,,,", "stem", "picture_missing"),
        ("a,umum,t,<img src=http://x/y.png alt=y>,x,y,z,A,,,,", "stem", "picture_missing"),
        ("a,umum,t,<img src=gambar/rusak.png alt=y>,x,y,z,A,,,,", "stem", "picture_bad"),
        ("a,umum,t,<img src=gambar/x.png>,x,y,z,A,,,,", "stem", "alt_missing"),
        ("a,umum,t,\\(\\frac{1}{\\),x,y,z,A,,,,", "stem", "formula_bad"),
        ("a,umum,t,Soal\u{8}?,x,y,z,A,,,,", "stem", "control_character"),
        ("a,umum,t,Soal?,x,y,z,A", "", "row_short"),
        ("a,umum,t,Soal?,x,y,z,A,,,,,lebih", "", "row_long"),
        ("a,umum,t,\"Soal?,x,y,z,A,,,,", "", "table_bad"),
    ] {
        let (problems, item) = row(text);
        assert_eq!(item, None, "{text}");
        assert!(problems.contains(&(field.to_owned(), code.to_owned(), true)), "{text}: {problems:?}");
        assert_eq!(problems.len(), 1, "{text}: one mistake, one problem: {problems:?}");
    }
}

#[test]
fn remarks_do_not_stop_an_item() {
    let (problems, item) = row("a,umum,t,<b class=x>Soal?</b>,x,y,z,A,,,,");
    assert_eq!(problems, [("stem".to_owned(), "markup_removed".to_owned(), false)]);
    assert!(item.is_some());
}

#[test]
fn everything_that_is_wrong_is_reported() {
    let import = table(&format!("{HEADER}\nA!,,t,,x,x,,,,,,\nb,umum,t,Soal?,x,y,,A,,,,\n"));
    let expected = [
        (2, "id", "code_bad", true),
        (2, "section", "code_bad", true),
        (2, "stem", "stem_empty", true),
        (2, "choice_b", "choice_twice", true),
        (2, "key", "key_missing", true),
    ];
    assert_eq!(problems(&import), expected);
    assert_eq!((import.items.len(), import.bad), (1, 1));
    assert!(import.problems.iter().all(|problem| problem.file == "soal.csv" && !problem.reason.is_empty()));
}

#[test]
fn the_list_of_problems_has_an_end() {
    let rows: String = (0..1_500).map(|number| format!("a{number},umum,t,Soal {number}?,x,y,,Z,,,,\n")).collect();
    let import = table(&format!("{HEADER}\n{rows}"));
    assert_eq!((import.problems.len(), import.bad), (1_001, 1_500));
    let last = import.problems.last().expect("a last one");
    assert_eq!((last.code, last.stops, last.reason.as_str()), ("more", true, "dan 500 masalah lainnya."));
}

#[test]
fn duplicates() {
    let import = table(&format!(
        "{HEADER}\na,umum,t,Soal?,x,y,,A,,,,\na,umum,t,Lain?,x,y,,A,,,,\nc,umum,t,Soal?,y,x,,A,,,,\nd,umum,t,Soal?,x,z,,A,,,,\ne,umum,t,Soal?,z,x,,B,,,,\n"
    ));
    // The order of the choices does not make another question.
    let expected = [
        (3, "id", "duplicate_code", true),
        (4, "stem", "duplicate_stem", true),
        (5, "stem", "duplicate_stem", false),
        (6, "stem", "duplicate_stem", true),
    ];
    assert_eq!(problems(&import), expected);
    assert_eq!(import.items.iter().map(|item| item.item.code.as_str()).collect::<Vec<_>>(), ["a", "d"]);
    assert!(import.problems[1].reason.contains("2 di soal.csv"), "{}", import.problems[1].reason);
}

#[test]
fn headers() {
    let faults = |header: &str| {
        let import = table(&format!("{header}\na,b,c,d,e,f,g\na,b,c,d,e,f,g\n"));
        assert_eq!((import.items.len(), import.bad), (0, 2), "{header}");
        import.problems.into_iter().map(|problem| (problem.row, problem.field, problem.code)).collect::<Vec<_>>()
    };
    assert_eq!(
        faults("id,section,topic,stem,choice_a,choice_b,kunci"),
        [(1, "kunci".to_owned(), "column_unknown"), (1, "key".to_owned(), "column_missing")]
    );
    assert_eq!(
        faults("id,section,topic,stem,choice_a,id,key"),
        [(1, "id".to_owned(), "column_twice"), (1, "choice_b".to_owned(), "column_missing")]
    );
    assert_eq!(faults("id,section,topic,stem,choice_a,choice_b,,key"), [(1, "kolom ke-7".to_owned(), "column_unknown")]);
    assert_eq!(
        faults("id,section,topic,stem,choice_a,choice_b,choice_k"),
        [(1, "choice_k".to_owned(), "column_unknown"), (1, "key".to_owned(), "column_missing")]
    );
    // The order is free.
    let import =
        table("key,choice_b,choice_a,stem,topic,section,id,level,difficulty,language,subtopic\nA,y,x,Soal?,t,umum,a,C6,hard,en,s\n");
    let item = &import.items[0].item;
    assert_eq!(
        (item.cell.level, item.cell.difficulty, item.face.language.as_str(), item.cell.subtopic.as_str()),
        (Level::C6, Difficulty::Hard, "en", "s")
    );
    assert_eq!(item.face.choices, ["x", "y"]);
}

#[test]
fn csv_as_spreadsheets_write_it() {
    for text in [
        "\u{feff}id,section,topic,stem,choice_a,choice_b,key\r\na,umum,t,\"Soal, \"\"ya\"\"?\nBaris dua\",x,y,A\r\n",
        "id;section;topic;stem;choice_a;choice_b;key\r\na;umum;t;\"Soal, \"\"ya\"\"?\nBaris dua\";x;y;A;;\r\n;;;;;;\r\n",
        "id\tsection\ttopic\tstem\tchoice_a\tchoice_b\tkey\na\tumum\tt\t\"Soal, \"\"ya\"\"?\r\nBaris dua\"\tx\ty\tA",
    ] {
        let import = table(text);
        assert_eq!(problems(&import), [], "{text}");
        assert_eq!(import.items[0].item.face.stem, "Soal, \"ya\"?<br>Baris dua");
    }
    let import = table(&format!("{HEADER}\n\n\"a\",umum,t,\"Soal\nsatu?\",x,y,,A,,,,\n\nb,umum,t,Soal?,x,y,,Z,,,,\n"));
    assert_eq!((import.items[0].row, problems(&import)), (3, vec![(5, "key", "key_out_of_range", true)]));
}

#[test]
fn text_in_another_encoding_is_named() {
    let reason = |bytes: &[u8]| {
        let import = read(&[("soal.csv", bytes)]);
        assert_eq!((problems(&import), import.items.len()), (vec![(0, "", "encoding", true)], 0));
        import.problems[0].reason.clone()
    };
    let windows = reason(b"id,stem\na,\x93Soal\x94\n");
    assert!(windows.contains("byte ke-10") && windows.contains("baris 2") && windows.contains("Windows-1252"), "{windows}");
    assert!(reason(b"\xff\xfei\0d\0").contains("UTF-16"));
    let neither = reason(b"id,\x81stem");
    assert!(!neither.contains("Tampaknya"), "{neither}");
}

#[test]
fn empty_and_useless_files() {
    for (files, expected) in [
        (&[][..], vec![(0, "", "nothing_to_read", true)]),
        (&[("soal.csv", &b""[..])], vec![(0, "", "table_bad", true)]),
        (&[("soal.csv", &b"\n\n,,\n"[..])], vec![(0, "", "table_bad", true)]),
        (&[("soal.json", &b"[]"[..])], vec![(0, "", "mapping_missing", true)]),
        (&[("soal.docx", &b"PK"[..])], vec![(0, "", "file_unknown", false), (0, "", "nothing_to_read", true)]),
        (&[("soal.xlsx", &b"PK"[..])], vec![(0, "", "table_bad", true)]),
        (&[("../soal.csv", &b"id"[..])], vec![(0, "", "path_bad", true), (0, "", "nothing_to_read", true)]),
        (&[("__MACOSX/soal.csv", &b"id"[..]), (".DS_Store", &b""[..])], vec![(0, "", "nothing_to_read", true)]),
    ] {
        let import = read(files);
        assert_eq!(problems(&import), expected, "{files:?}");
    }
    // A header alone is a table without items, not a mistake.
    assert_eq!(problems(&table(HEADER)), []);
}

fn workbook(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(["id", "section", "topic", "stem", "choice_a", "choice_b", "choice_c", "weights"]) {
        sheet.write_string(0, column, name).expect("a cell");
    }
    for (column, text) in (0..).zip(["a", "umum", "t", "Berapa?"]) {
        sheet.write_string(2, column, text).expect("a cell");
    }
    fill(sheet);
    workbook.add_worksheet().write_string(0, 0, "catatan").expect("a cell");
    workbook.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_reads_as_a_person_sees_it() {
    let bytes = workbook(|sheet| {
        sheet.write_number(2, 4, 5).expect("a cell").write_number(2, 5, 2.5).expect("a cell").write_boolean(2, 6, true).expect("a cell");
        sheet.write_string(2, 7, "5;0;0").expect("a cell");
        sheet.write_blank(9, 20, &Format::new().set_bold()).expect("a cell");
    });
    let import = read(&[("soal.xlsx", &bytes)]);
    assert_eq!(problems(&import), []);
    assert_eq!(
        (import.items[0].row, &import.items[0].item.face.choices[..]),
        (3, &["5".to_owned(), "2.5".to_owned(), "TRUE".to_owned()][..])
    );
}

#[test]
fn a_date_or_an_error_in_a_workbook_is_a_problem() {
    let bytes = workbook(|sheet| {
        let date = Format::new().set_num_format("d-mmm");
        sheet.write_number_with_format(2, 4, 45_000, &date).expect("a cell").write_string(2, 5, "1/3").expect("a cell");
        sheet.write_formula(2, 6, Formula::new("=1/0").set_result("#DIV/0!")).expect("a cell").write_string(2, 7, "5;0;0").expect("a cell");
    });
    let import = read(&[("soal.xlsx", &bytes)]);
    assert_eq!(problems(&import), [(3, "choice_a", "cell_bad", true), (3, "choice_c", "cell_bad", true)]);
}
