use crate::{sample, tools};
use std::io::{Cursor, Read};

fn entries(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let count = archive.len();
    let entry = |index| {
        let mut entry = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(entry).collect()
}

#[test]
fn the_archive_has_every_file_with_its_sum() {
    let files = publish::files(&sample::golden()).unwrap();
    let entries = entries(&files.zip);
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["daftar.pdf", "daftar.xlsx", "daftar.csv", "daftar.json", "daftar.schema.json", "SHA256SUMS"]);
    let sums = files.sha256sums();
    let expected: [&[u8]; 6] = [&files.pdf, &files.xlsx, &files.csv, &files.json, publish::SCHEMA.as_bytes(), sums.as_bytes()];
    for ((name, bytes), expected) in entries.iter().zip(expected) {
        assert!(bytes == expected, "{name}");
    }
    for (sum, (name, bytes)) in files.sums.iter().zip(&entries) {
        assert_eq!((sum.name, sum.bytes), (name.as_str(), bytes.len()));
    }
}

#[test]
fn sha256sum_agrees() {
    let files = publish::files(&sample::golden()).unwrap();
    let folder = tools::folder("sums");
    for (name, bytes) in entries(&files.zip) {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let Some(said) = tools::output_in(&folder, "sha256sum", &["-c", "--strict", "SHA256SUMS"]) else { return };
    assert_eq!(said.matches(": OK").count(), files.sums.len(), "{said}");
}

#[test]
fn entries_are_dated_by_the_publication() {
    let files = publish::files(&sample::golden()).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&files.zip)).unwrap();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).unwrap();
        let date = entry.last_modified().unwrap();
        assert_eq!((date.year(), date.month(), date.day(), date.hour(), date.minute()), (2026, 11, 21, 14, 5), "entry {index}");
    }
}
