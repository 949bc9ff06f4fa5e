//! Writes specimens of every file and page into a folder, to be looked at: `cargo run -p publish --example specimen -- /tmp/specimen 25 60`.
//! The numbers are people per formation; instead of numbers, `crowded` makes everything long, `golden` has every kind of line and `decided` is
//! a final announcement.

#[path = "../tests/published/sample.rs"]
mod sample;

use publish::html::{self, Links, RevisionLink};
use std::error::Error;
use std::path::{Path, PathBuf};

const FOLDER: &str = "/hasil/contoh";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: specimen FOLDER PEOPLE...")?);
    let what: Vec<String> = arguments.collect();
    let announcement = match what.first().map(String::as_str) {
        Some("crowded") => sample::crowded(),
        Some("golden") => sample::golden(),
        Some("decided") => sample::decided(),
        _ => sample::announcement(&what.iter().map(|people| people.parse()).collect::<Result<Vec<usize>, _>>()?),
    };
    let announcement = sample::with_statistics(announcement);
    let files = publish::files(&announcement)?;
    let earlier = RevisionLink { revision: 1, href: "/hasil/lama".to_owned(), published_utc_ms: sample::PUBLISHED_UTC_MS - 86_400_000 };
    let revisions = if announcement.revision > 1 { vec![earlier] } else { Vec::new() };
    let links = Links { folder: FOLDER.to_owned(), revisions, sums: files.sums.clone(), certificates: true };
    let below = |name: &str, bytes: &[u8]| write(&folder.join("hasil/contoh").join(name), bytes);
    write(&folder.join("hasil/gaya.css"), html::STYLESHEET.as_bytes())?;
    below("index.html", html::page(&announcement, &links).as_bytes())?;
    below("cari.html", html::person_not_found(&announcement, "2601 7301", &links).as_bytes())?;
    for (index, list) in announcement.lists.iter().enumerate() {
        for part in 1..=html::parts(list) {
            let page = html::formation_page(&announcement, index, part, &links).ok_or("the part is there")?;
            below(&format!("formasi/{}/{part}.html", index + 1), page.as_bytes())?;
        }
        for row in list.rows.iter().take(12) {
            let name = format!("peserta/{}", row.participant_no);
            below(&format!("{name}/index.html"), html::person_page(&announcement, list, row, &links).as_bytes())?;
            let url = format!("https://ujian.kotacontoh.example{}", html::person_href(FOLDER, &row.participant_no));
            below(&format!("{name}/sertifikat.pdf"), &publish::certificate::write(&announcement, list, row, &url)?)?;
        }
    }
    for (name, bytes) in [
        ("daftar.json", &files.json),
        ("daftar.csv", &files.csv),
        ("daftar.xlsx", &files.xlsx),
        ("daftar.pdf", &files.pdf),
        ("semua.zip", &files.zip),
    ] {
        below(name, bytes)?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(path.parent().ok_or("a file stands in a folder")?)?;
    Ok(std::fs::write(path, bytes)?)
}
