//! ZIP files and folders of files: what belongs together is found, and what was made to hurt is refused.

use question_bank::import::{Files, Import, SourceFile, import};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

const TABLE: &str = "id,section,topic,stem,choice_a,choice_b,key\na,umum,t,<img src=gambar/x.svg alt=x>,x,y,A\n";
const SVG: &str = "<svg viewBox=\"0 0 9 9\"><rect width=\"1\" height=\"1\"/></svg>";

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a ZIP").into_inner()
}

fn read(files: &[(&str, &[u8])]) -> Import {
    let files = files.iter().map(|(name, bytes)| SourceFile { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect();
    import(&Files::new(files).expect("within limits"), None)
}

fn codes(import: &Import) -> Vec<(&str, &str, &str)> {
    import.problems.iter().map(|problem| (problem.file.as_str(), problem.field.as_str(), problem.code)).collect()
}

#[test]
fn pictures_are_found_beside_the_table_or_loose() {
    let both = |table: &'static str, picture: &'static str| [(table, TABLE.as_bytes()), (picture, SVG.as_bytes())];
    for files in [
        both("soal.csv", "gambar/x.svg"),
        both("bank/soal.csv", "bank/gambar/x.svg"),
        both("bank/soal.csv", "gambar/x.svg"),
        both("soal.csv", "x.svg"),
        both("a\\soal.csv", "a\\gambar\\x.svg"),
    ] {
        for import in [read(&files), read(&[("bank.zip", &zip(&files))])] {
            assert_eq!((codes(&import), import.items.len(), import.pictures.len()), (vec![], 1, 1), "{:?}", files.map(|(name, _)| name));
        }
    }
    assert_eq!(codes(&read(&both("soal.csv", "lain/x.svg"))), [("soal.csv", "stem", "picture_missing")]);
}

#[test]
fn only_pictures_that_good_items_use_come_along() {
    let table = format!("{TABLE}b,umum,t,<img src=y.svg alt=y>,x,y,Z\n");
    let import = read(&[
        ("soal.csv", table.as_bytes()),
        ("gambar/x.svg", SVG.as_bytes()),
        ("y.svg", b"<svg width='1' height='1'/>"),
        ("z.svg", b"<svg/>"),
    ]);
    assert_eq!((import.items.len(), import.pictures.len(), import.bad), (1, 1, 1));
    assert_eq!(import.items[0].item.face.stem, format!("<img src=\"/media/{}\" alt=\"x\">", import.pictures[0].hash));
}

#[test]
fn what_was_taken_out_of_a_picture_is_said_once() {
    let table = format!("{TABLE}b,umum,t,Sama? <img src=gambar/x.svg alt=y>,x,y,A\n");
    let svg = "<svg viewBox='0 0 9 9'><script>alert(1)</script><rect/></svg>";
    let import = read(&[("soal.csv", table.as_bytes()), ("gambar/x.svg", svg.as_bytes())]);
    assert_eq!((codes(&import), import.items.len()), (vec![("soal.csv", "stem", "markup_removed")], 2));
    assert!(!String::from_utf8_lossy(&import.pictures[0].bytes).contains("script"));
}

#[test]
fn a_zip_with_a_mapping_needs_nothing_else() {
    let mapping = "kind = 'json'\ncode = 'x-{n}'\nsection = 'umum'\ntopic = 't'\nstem = '{q}'\n[choices]\nfield = 'o'\n[key]\nfield = 'k'\nnotation = 'letter'\n";
    let json = br#"[{"n": 1, "q": "Soal?", "o": ["x", "y"], "k": "b"}]"#;
    let import = read(&[("bank.zip", &zip(&[("pemetaan.toml", mapping.as_bytes()), ("bank/soal.json", json)]))]);
    assert_eq!((codes(&import), import.items[0].item.code.as_str(), import.items[0].file.as_str()), (vec![], "x-1", "bank/soal.json"));
    let import = read(&[("a.toml", mapping.as_bytes()), ("b.toml", mapping.as_bytes()), ("soal.json", json)]);
    assert_eq!(codes(&import), [("b.toml", "", "mapping_bad")]);
    let import = read(&[("a.toml", b"kind = 'json'\nwhat = 1\n"), ("soal.json", json)]);
    assert_eq!(codes(&import), [("a.toml", "", "mapping_bad")]);
    assert!(import.problems[0].reason.contains("baris 2"), "{}", import.problems[0].reason);
}

/// Renames an entry in the bytes of a ZIP, which no honest writer would do.
fn renamed(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|window| window == from.as_bytes()) {
        at += found;
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

#[test]
fn names_that_leave_the_folder_are_refused() {
    for name in ["../../soal.csv", "/etc/a/soa.csv", "C:\\bank\\so.csv", "..\\..\\soal.csv", "a/../../so.csv", "bank//soal.csv"] {
        let honest = "x".repeat(name.len() - 4) + ".csv";
        let import = read(&[("bank.zip", &renamed(zip(&[(&honest, TABLE.as_bytes())]), &honest, name))]);
        assert!(import.items.is_empty(), "{name}");
        assert_eq!(codes(&import)[0].2, "path_bad", "{name}: {:?}", import.problems);
    }
}

#[test]
fn bombs_links_and_boxes_in_boxes_are_refused() {
    let mut zip_file = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip_file.add_symlink("soal.csv", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    let link = zip_file.finish().expect("a ZIP").into_inner();
    let inner = zip(&[("soal.csv", TABLE.as_bytes())]);
    for (bytes, code) in [
        (link, "zip_bad"),
        (zip(&[("dalam.zip", &inner)]), "zip_bad"),
        // 5 MiB of nothing pack a thousandfold.
        (zip(&[("nol.csv", &vec![0; 5 << 20])]), "zip_bad"),
        (inner[..inner.len() / 2].to_vec(), "zip_bad"),
        (b"bukan zip".to_vec(), "zip_bad"),
    ] {
        let import = read(&[("bank.zip", &bytes)]);
        assert_eq!((codes(&import)[0].0, codes(&import)[0].2, import.items.len()), ("bank.zip", code, 0));
    }
}

#[test]
fn counts_and_sizes_have_limits() {
    let many: Vec<SourceFile> =
        (0..=Files::COUNT_MAX).map(|number| SourceFile { name: format!("{number}.csv"), bytes: Vec::new() }).collect();
    assert_eq!(Files::new(many).map_err(|problem| problem.code), Err("too_large"));
    let large = vec![SourceFile { name: "a.csv".to_owned(), bytes: vec![0; Files::FILE_BYTES_MAX + 1] }];
    assert_eq!(Files::new(large).map_err(|problem| problem.code), Err("too_large"));
    let names: Vec<String> = (0..=Files::COUNT_MAX).map(|number| format!("{number}.txt")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(codes(&read(&[("bank.zip", &zip(&entries))]))[0].2, "too_large");
}

#[test]
fn two_files_of_one_name() {
    let import =
        read(&[("soal.csv", TABLE.as_bytes()), ("bank.zip", &zip(&[("soal.csv", TABLE.as_bytes()), ("gambar/x.svg", SVG.as_bytes())]))]);
    assert_eq!((codes(&import), import.items.len()), (vec![("soal.csv", "", "file_twice")], 1));
}
