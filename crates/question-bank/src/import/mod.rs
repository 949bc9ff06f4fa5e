//! Import: files in, items with keys out, and everything that is wrong with them, by file, row and code.
//!
//! The way of a question: a reader (`table`, `lines`, JSON in `mapping`) makes records, a mapping makes drafts in the notation of the question
//! table, one judge (`draft`) makes items of them. Nothing here opens a file: reading folders and uploads is the caller's work.

mod draft;
mod lines;
pub mod mapping;
mod package;
pub mod problem;
mod table;

pub use mapping::{BadMapping, Mapping};
pub use package::{Files, SourceFile};
pub use problem::Problem;
pub use table::separator;

use crate::item::{Item, Picture};
use crate::key::Key;
use crate::rich_text::Dialect;
use draft::{Draft, Gallery, Judge, Seen};
use package::{Kind, Shelf, Shelved};
use problem::{Fault, Problems};

pub(crate) use table::{COLUMNS, LETTERS, guarded};

/// What came of an import. Nothing is stored by it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// Items without a stopping problem, in the order of the files. Their version is 1; the library counts on from what it has.
    pub items: Vec<ImportedItem>,
    /// The pictures they use, each once, by hash.
    pub pictures: Vec<Picture>,
    /// Everything that is wrong, at most 1,000 and a last one that counts the rest.
    pub problems: Vec<Problem>,
    /// Items that were left out.
    pub bad: u32,
}

/// An item and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedItem {
    /// The item.
    pub item: Item,
    /// Its key.
    pub key: Key,
    /// File name.
    pub file: String,
    /// Row, index or line, as in [`Problem::row`].
    pub row: u32,
}

/// Most items of one import.
pub const ITEMS_MAX: usize = 20_000;

/// Reads all tables of an import. Without a mapping, CSV and XLSX files are question tables; a mapping may also be one of the files (`.toml`).
pub fn import(files: &Files, mapping: Option<&Mapping>) -> Import {
    let mut problems = Problems::default();
    let shelf = Shelf::open(files, &mut problems);
    let enclosed = enclosed_mapping(&shelf, mapping.is_some(), &mut problems);
    let Ok(enclosed) = enclosed else {
        return Import { problems: problems.finish(), ..Import::default() };
    };
    let mapping = mapping.or(enclosed.as_ref());
    let mut reading =
        Reading { mapping, gallery: Gallery::new(&shelf), seen: Seen::default(), problems, items: Vec::new(), bad: 0, tables: 0 };
    for file in shelf.files() {
        reading.file(file);
    }
    reading.finish()
}

/// The mapping among the files, unless the caller brought one.
fn enclosed_mapping(shelf: &Shelf<'_>, given: bool, problems: &mut Problems) -> Result<Option<Mapping>, ()> {
    let found: Vec<&Shelved<'_>> = shelf.files().filter(|file| file.kind == Kind::Mapping).collect();
    match found[..] {
        [file] if !given => {
            match text_of(file).and_then(|text| Mapping::parse(text).map_err(|bad| Fault::MappingBad { reason: bad.to_string() })) {
                Ok(mapping) => Ok(Some(mapping)),
                Err(fault) => {
                    problems.add(fault.at(&file.name, 0, ""));
                    Err(())
                }
            }
        }
        [_, second, ..] => {
            problems.add(Fault::MappingTwice.at(&second.name, 0, ""));
            Err(())
        }
        [_] | [] => Ok(None),
    }
}

/// An import under way.
struct Reading<'a> {
    mapping: Option<&'a Mapping>,
    gallery: Gallery<'a>,
    seen: Seen,
    problems: Problems,
    items: Vec<ImportedItem>,
    bad: u32,
    tables: u32,
}

impl Reading<'_> {
    fn file(&mut self, file: &Shelved<'_>) {
        let wanted = self.mapping.is_none_or(|mapping| mapping.takes(file));
        let read = match (file.kind, self.mapping) {
            (Kind::Picture | Kind::Mapping | Kind::Ignored, _) => return,
            (Kind::Csv | Kind::Xlsx | Kind::Json | Kind::Lines, Some(mapping)) if wanted => self.mapped(file, mapping),
            (Kind::Csv | Kind::Xlsx, None) => self.table(file),
            (Kind::Json, None) => Err(Fault::MappingMissing),
            (Kind::Csv | Kind::Xlsx | Kind::Json | Kind::Lines | Kind::Unknown, _) => {
                self.problems.add(Fault::FileUnknown.at(&file.name, 0, ""));
                return;
            }
        };
        self.tables += 1;
        if let Err(fault) = read {
            self.problems.add(fault.at(&file.name, 0, ""));
        }
    }

    /// A question table of our own form.
    fn table(&mut self, file: &Shelved<'_>) -> Result<(), Fault> {
        let table = table_of(file)?;
        let read = table::drafts(&table, &file.name, &mut self.problems);
        match read {
            Ok(drafts) => self.judge(file, drafts, Dialect::TABLE, ""),
            Err(rows) => self.bad += rows,
        }
        Ok(())
    }

    /// A file of somebody else's form.
    fn mapped(&mut self, file: &Shelved<'_>, mapping: &Mapping) -> Result<(), Fault> {
        let records = match mapping.kind() {
            mapping::Kind::Csv | mapping::Kind::Xlsx => table::records(&table_of(file)?),
            mapping::Kind::Json => mapping.json_records(text_of(file)?)?,
            mapping::Kind::Lines => mapping.line_records(text_of(file)?),
        };
        let drafts = mapping.drafts(&records, &file.name);
        self.judge(file, drafts, mapping.dialect(), mapping.picture_prefix());
        Ok(())
    }

    fn judge(&mut self, file: &Shelved<'_>, drafts: Vec<Draft>, dialect: Dialect, picture_prefix: &str) {
        for draft in drafts {
            if self.items.len() >= ITEMS_MAX {
                self.bad += 1;
                self.problems
                    .add(Fault::TooLarge { what: "jumlah soal, paling banyak 20.000 dalam satu impor" }.at(&file.name, draft.row, ""));
                return;
            }
            let judge = Judge {
                file: &file.name,
                dialect,
                picture_prefix,
                gallery: &mut self.gallery,
                seen: &mut self.seen,
                problems: &mut self.problems,
            };
            match judge.judge(&draft) {
                Some(item) => self.items.push(item),
                None => self.bad += 1,
            }
        }
    }

    fn finish(mut self) -> Import {
        if self.tables == 0 {
            self.problems.add(Fault::NothingToRead.at("", 0, ""));
        }
        Import { items: self.items, pictures: self.gallery.finish(), problems: self.problems.finish(), bad: self.bad }
    }
}

fn table_of(file: &Shelved<'_>) -> Result<table::Table, Fault> {
    match file.kind {
        Kind::Xlsx => table::xlsx(&file.bytes),
        Kind::Csv | Kind::Json | Kind::Lines | Kind::Picture | Kind::Mapping | Kind::Ignored | Kind::Unknown => table::csv(text_of(file)?),
    }
}

/// The text of a file, without a byte order mark.
fn text_of<'f>(file: &'f Shelved<'_>) -> Result<&'f str, Fault> {
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let offset = error.valid_up_to();
            let line = file.bytes[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1;
            Err(Fault::Encoding { offset, line, hint: encoding_hint(&file.bytes) })
        }
    }
}

/// What a file that is not UTF-8 may be. Five bytes mean nothing in Windows-1252, and no text has a zero byte.
fn encoding_hint(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Some("UTF-16");
    }
    let strange = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) || (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    (!bytes.iter().any(strange)).then_some("Windows-1252")
}
