//! What comes in: loose files, or ZIP files of them. Every count and size has a limit, and a ZIP is inflated no further than that.

use super::problem::{Fault, Problems};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// A named byte buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Name with its folders, relative to the import.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The files of an import, within limits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(Vec<SourceFile>);

impl Files {
    /// Most files, also in a ZIP.
    pub const COUNT_MAX: usize = 2_000;
    /// Largest file, also in a ZIP, but not a ZIP itself; bytes.
    pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
    /// Largest import, inflated; bytes.
    pub const BYTES_MAX: usize = 200 * 1024 * 1024;

    /// Checks count and size.
    pub fn new(files: Vec<SourceFile>) -> Result<Files, super::Problem> {
        if files.len() > Self::COUNT_MAX {
            return Err(Fault::FilesTooMany { max: Self::COUNT_MAX }.at("", 0, ""));
        }
        if let Some(file) = files.iter().find(|file| file.bytes.len() > Self::FILE_BYTES_MAX && !is_zip(&file.name)) {
            return Err(Fault::TooLarge { what: FILE_LIMIT }.at(&file.name, 0, ""));
        }
        if files.iter().map(|file| file.bytes.len()).sum::<usize>() > Self::BYTES_MAX {
            return Err(Fault::TooLarge { what: TOTAL_LIMIT }.at("", 0, ""));
        }
        Ok(Files(files))
    }
}

const FILE_LIMIT: &str = "satu berkas, paling besar 20 MiB";
const TOTAL_LIMIT: &str = "seluruh isi impor, paling besar 200 MiB";

/// What a file is, by the end of its name; pictures are told by their content later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Csv,
    Xlsx,
    Json,
    Lines,
    Picture,
    Mapping,
    /// What file managers leave behind.
    Ignored,
    Unknown,
}

impl Kind {
    fn of(name: &str) -> Kind {
        let base = name.rsplit('/').next().unwrap_or(name);
        if base.starts_with('.') || name.starts_with("__MACOSX/") || matches!(base, "Thumbs.db" | "desktop.ini") {
            return Kind::Ignored;
        }
        let extension = base.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
        match extension.as_str() {
            "csv" => Kind::Csv,
            "xlsx" => Kind::Xlsx,
            "json" => Kind::Json,
            "md" | "txt" => Kind::Lines,
            "toml" => Kind::Mapping,
            "png" | "jpg" | "jpeg" | "webp" | "svg" | "gif" | "bmp" => Kind::Picture,
            _ => Kind::Unknown,
        }
    }
}

/// A file ready to be read.
pub(super) struct Shelved<'a> {
    pub name: String,
    pub bytes: Cow<'a, [u8]>,
    pub kind: Kind,
}

/// All files, with ZIPs opened, by name.
pub(super) struct Shelf<'a> {
    files: Vec<Shelved<'a>>,
    by_name: BTreeMap<String, usize>,
}

impl<'a> Shelf<'a> {
    pub fn open(files: &'a Files, problems: &mut Problems) -> Self {
        let mut shelf = Shelf { files: Vec::new(), by_name: BTreeMap::new() };
        let mut room = Room { files: Files::COUNT_MAX, file_bytes: Files::FILE_BYTES_MAX, bytes: Files::BYTES_MAX };
        for file in &files.0 {
            let Some(name) = clean_name(&file.name) else {
                problems.add(Fault::PathBad.at(&file.name, 0, ""));
                continue;
            };
            if is_zip(&name) {
                shelf.unpack(&name, &file.bytes, &mut room, problems);
            } else {
                shelf.put(name, Cow::Borrowed(&file.bytes), problems);
            }
        }
        shelf
    }

    pub fn files(&self) -> impl Iterator<Item = &Shelved<'a>> {
        self.files.iter()
    }

    /// The file a table means by a relative path: beside the table, or from the top of the import, or loose (uploads lose their folders).
    pub fn find(&self, table: &str, path: &str) -> Option<(usize, &Shelved<'a>)> {
        let beside = table.rsplit_once('/').map(|(folder, _)| format!("{folder}/{path}"));
        let loose = path.rsplit('/').next().map(str::to_owned);
        let found = [beside, Some(path.to_owned()), loose].into_iter().flatten().find_map(|name| self.by_name.get(&name).copied())?;
        Some((found, &self.files[found]))
    }

    fn put(&mut self, name: String, bytes: Cow<'a, [u8]>, problems: &mut Problems) {
        if self.by_name.contains_key(&name) {
            problems.add(Fault::FileTwice.at(&name, 0, ""));
            return;
        }
        self.by_name.insert(name.clone(), self.files.len());
        let kind = Kind::of(&name);
        self.files.push(Shelved { name, bytes, kind });
    }

    fn unpack(&mut self, zip_name: &str, bytes: &[u8], room: &mut Room, problems: &mut Problems) {
        let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => archive,
            Err(_) => return problems.add(Fault::ZipBad { why: "berkas rusak atau bukan ZIP" }.at(zip_name, 0, "")),
        };
        if archive.len() > room.files {
            return problems.add(Fault::FilesTooMany { max: Files::COUNT_MAX }.at(zip_name, 0, ""));
        }
        room.files -= archive.len();
        for index in 0..archive.len() {
            match entry(&mut archive, index, room) {
                Ok(Some((name, bytes))) => self.put(name, Cow::Owned(bytes), problems),
                Ok(None) => {}
                Err((name, fault)) => {
                    let full = matches!(fault, Fault::TooLarge { what: TOTAL_LIMIT });
                    problems.add(fault.at(zip_name, 0, &name));
                    if full {
                        return;
                    }
                }
            }
        }
    }
}

fn is_zip(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".zip")
}

/// What may still be inflated.
struct Room {
    files: usize,
    file_bytes: usize,
    bytes: usize,
}

type Entry = Option<(String, Vec<u8>)>;

/// One entry of a ZIP, inflated up to the limit whatever its header says; nothing for a folder.
fn entry(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, index: usize, room: &mut Room) -> Result<Entry, (String, Fault)> {
    let bad = |why| Fault::ZipBad { why };
    let mut entry = archive.by_index(index).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(_) => (format!("#{index}"), bad("terenkripsi atau memakai kompresi yang tidak dikenal")),
        _ => (format!("#{index}"), bad("berkas di dalamnya rusak")),
    })?;
    let Ok(name) = entry.name().map(|name| name.into_owned()) else {
        return Err((format!("#{index}"), Fault::PathBad));
    };
    if entry.is_dir() {
        return Ok(None);
    }
    if entry.is_symlink() {
        return Err((name, bad("memuat tautan (symlink)")));
    }
    let clean = match (entry.enclosed_name(), clean_name(&name)) {
        (Some(_), Some(clean)) => clean,
        (None, _) | (_, None) => return Err((name, Fault::PathBad)),
    };
    if is_zip(&clean) {
        return Err((name, bad("memuat ZIP di dalam ZIP")));
    }
    let packed = entry.compressed_size();
    let mut bytes = Vec::new();
    let limit = room.file_bytes.min(room.bytes) as u64;
    let read = entry.by_ref().take(limit + 1).read_to_end(&mut bytes).map_err(|_| (name.clone(), bad("berkas di dalamnya rusak")))?;
    if read as u64 > limit {
        let what = if room.bytes < room.file_bytes { TOTAL_LIMIT } else { FILE_LIMIT };
        return Err((name, Fault::TooLarge { what }));
    }
    // Text packs about 1:10 and pictures not at all; only a bomb packs 1:200 and is large.
    if read > 1024 * 1024 && read as u64 / packed.max(1) > 200 {
        return Err((name, bad("rasio kompresi tidak wajar")));
    }
    room.bytes -= read;
    Ok(Some((clean, bytes)))
}

/// Does a workbook, which is a ZIP, inflate to no more than a file may have ten times over? Its reader has no limit of its own.
pub(super) fn check_inflated(bytes: &[u8]) -> Result<(), Fault> {
    let broken = || Fault::WorkbookBad { reason: "berkas rusak atau bukan XLSX".to_owned() };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut room = (Files::FILE_BYTES_MAX * 4) as u64;
    if archive.len() > Files::COUNT_MAX {
        return Err(Fault::FilesTooMany { max: Files::COUNT_MAX });
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| broken())?;
        let read = std::io::copy(&mut entry.take(room + 1), &mut std::io::sink()).map_err(|_| broken())?;
        room = room.checked_sub(read).ok_or(Fault::TooLarge { what: "isi buku kerja XLSX, paling besar 80 MiB" })?;
    }
    Ok(())
}

/// A relative name in forward slashes that stays within its folder; nothing for any other.
pub(super) fn clean_name(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| *part != ".").collect();
    let fits =
        |part: &&str| !part.is_empty() && *part != ".." && part.len() <= 255 && !part.chars().any(|char| char.is_control() || char == ':');
    (!parts.is_empty() && name.len() <= 1_000 && parts.iter().all(fits)).then(|| parts.join("/"))
}

/// The path that a `src` means, if it is a plain relative one: no scheme, no host, no query, no way out, however it is spelt.
pub(super) fn picture_path(src: &str) -> Option<String> {
    let decoded = percent_decoded(src)?;
    let plain = !decoded.contains(['\\', '%', '?', '#', '<', '>', '"', '|', '*', ':']) && !decoded.starts_with('/');
    if plain { clean_name(&decoded) } else { None }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let hex = std::str::from_utf8(&digits).ok().filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
                bytes.push(u8::from_str_radix(hex, 16).ok()?);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn nothing_is_inflated_beyond_the_room_there_is() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, size) in [("a.csv", 60), ("b.csv", 101), ("c.csv", 60), ("d.csv", 1), ("e.csv", 80), ("f.csv", 1)] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
            zip.write_all(&vec![b'x'; size]).expect("its bytes");
        }
        let zip = zip.finish().expect("a ZIP").into_inner();
        let mut shelf = Shelf { files: Vec::new(), by_name: BTreeMap::new() };
        let mut problems = Problems::default();
        shelf.unpack("bank.zip", &zip, &mut Room { files: 6, file_bytes: 100, bytes: 200 }, &mut problems);
        let names: Vec<&str> = shelf.files().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "c.csv", "d.csv"], "b is too large alone, e together with the others, and there it ends");
        let refused: Vec<(String, &str)> = problems.finish().into_iter().map(|problem| (problem.field, problem.code)).collect();
        assert_eq!(refused, [("b.csv".to_owned(), "too_large"), ("e.csv".to_owned(), "too_large")]);
    }

    #[test]
    fn a_picture_is_named_by_a_plain_relative_path() {
        for (src, path) in [
            ("gambar/x.svg", Some("gambar/x.svg")),
            ("./gambar/./x.svg", Some("gambar/x.svg")),
            ("gambar/soal%201.png", Some("gambar/soal 1.png")),
            ("Kubus é.png", Some("Kubus é.png")),
            ("../x.png", None),
            ("gambar/../../x.png", None),
            ("gambar/%2e%2e/x.png", None),
            ("%2e%2e%2fx.png", None),
            ("%252e%252e/x.png", None),
            ("gambar\\x.png", None),
            ("gambar%5c..%5cx.png", None),
            ("/etc/passwd", None),
            ("%2fetc/passwd", None),
            ("//host/x.png", None),
            ("http://host/x.png", None),
            ("http%3a//host/x.png", None),
            ("HTTPS:x.png", None),
            ("data:image/png;base64,AAAA", None),
            ("javascript:alert(1)", None),
            ("C:x.png", None),
            ("x.png?y", None),
            ("x.png#y", None),
            ("x%00.png", None),
            ("x%zz.png", None),
            ("x%f", None),
            ("%ff.png", None),
            ("a//b.png", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(picture_path(src).as_deref(), path, "{src}");
        }
    }
}
