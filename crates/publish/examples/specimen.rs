//! Writes specimens of every file into a folder, to be looked at: `cargo run -p publish --example specimen -- /tmp/specimen 25 60`.
//! The numbers are people per formation; instead of numbers, `crowded` makes everything long and `golden` has every status.

#[path = "../tests/published/sample.rs"]
mod sample;

use publish::html::{self, Links, RevisionLink};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: specimen FOLDER PEOPLE...")?);
    let what: Vec<String> = arguments.collect();
    std::fs::create_dir_all(&folder)?;
    let announcement = match what.first().map(String::as_str) {
        Some("crowded") => sample::crowded(),
        Some("golden") => sample::golden(),
        _ => sample::announcement(&what.iter().map(|people| people.parse()).collect::<Result<Vec<usize>, _>>()?),
    };
    let earlier = RevisionLink { revision: 1, href: "/hasil/lama".to_owned(), published_utc_ms: sample::PUBLISHED_UTC_MS - 86_400_000 };
    let revisions = if announcement.revision > 1 { vec![earlier] } else { Vec::new() };
    let links = Links { folder: "/hasil/contoh".to_owned(), revisions };

    let page = timed("html", || Ok(html::page(&announcement, &links).into_bytes()))?;
    let page = String::from_utf8(page)?.replace(html::STYLESHEET_PATH, "gaya.css");
    std::fs::write(folder.join("index.html"), page)?;
    std::fs::write(folder.join("gaya.css"), html::STYLESHEET)?;
    std::fs::write(folder.join("daftar.json"), timed("json", || announcement.to_json())?)?;
    std::fs::write(folder.join("daftar.csv"), timed("csv", || publish::csv::write(&announcement))?)?;
    std::fs::write(folder.join("daftar.xlsx"), timed("xlsx", || publish::xlsx::write(&announcement))?)?;
    std::fs::write(folder.join("daftar.pdf"), timed("pdf", || publish::pdf::write(&announcement))?)?;
    Ok(())
}

fn timed(name: &str, write: impl FnOnce() -> Result<Vec<u8>, publish::Error>) -> Result<Vec<u8>, publish::Error> {
    #[expect(clippy::disallowed_methods, reason = "an example may time what the pure crate does")]
    let started = Instant::now();
    let bytes = write()?;
    println!("{name:5} {:>9} bytes in {} ms", bytes.len(), started.elapsed().as_millis());
    Ok(bytes)
}
