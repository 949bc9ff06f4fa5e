//! Everything that can be wrong with an import: one code and one Indonesian sentence each, all in one table ([`Fault::describe`]).
//!
//! Sentences are read by committee people beside the file and row they are about. They never say what a key is.

use crate::marks::BadMarks;
use crate::picture::BadPicture;
use crate::rich_text::Flaw;
use crate::rich_text::formula::BadFormula;

/// One thing that is wrong; the same meaning as the problem of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File name.
    pub file: String,
    /// Row in a table (the header is row 1), index in an array from 0, or line in a text; 0 = the file as a whole.
    pub row: u32,
    /// Column or field.
    pub field: String,
    /// Stable code, e.g. `key_missing`.
    pub code: &'static str,
    /// In words, Indonesian.
    pub reason: String,
    /// False for a remark that does not stop the item.
    pub stops: bool,
}

/// What is wrong, before it is put in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More files than an import may have.
    FilesTooMany {
        /// Limit.
        max: usize,
    },
    /// A file, or all of them, or a table, or a text in it, is too large.
    TooLarge {
        /// What, and its limit.
        what: &'static str,
    },
    /// A file name that leaves the import.
    PathBad,
    /// Two files of one name.
    FileTwice,
    /// Not a table, picture, mapping or ZIP, or not named by the mapping; passed over.
    FileUnknown,
    /// No table in the whole import.
    NothingToRead,
    /// JSON and text need a mapping.
    MappingMissing,
    /// The mapping itself.
    MappingBad {
        /// Parser's words.
        reason: String,
    },
    /// More than one mapping.
    MappingTwice,
    /// Not UTF-8.
    Encoding {
        /// Of the first bad byte.
        offset: usize,
        /// Line of it.
        line: usize,
        /// What it may be instead.
        hint: Option<&'static str>,
    },
    /// Not JSON.
    JsonBad {
        /// Parser's words.
        reason: String,
    },
    /// No array at the path of the mapping.
    JsonPath {
        /// The path.
        path: String,
    },
    /// An element of the array is not an object.
    NotAnObject,
    /// Not a workbook.
    WorkbookBad {
        /// Reader's words.
        reason: String,
    },
    /// A table without a row.
    TableEmpty,
    /// A quote in a CSV file is never closed.
    QuoteOpen,
    /// A ZIP that cannot be read, or an entry of it.
    ZipBad {
        /// Why.
        why: &'static str,
    },
    /// A column we do not know.
    ColumnUnknown,
    /// A needed column is absent.
    ColumnMissing,
    /// A column stands twice.
    ColumnTwice,
    /// Fewer cells than columns.
    RowShort {
        /// Cells.
        cells: usize,
        /// Columns.
        columns: usize,
    },
    /// More cells than columns.
    RowLong {
        /// Cells.
        cells: usize,
        /// Columns.
        columns: usize,
    },
    /// A cell of a workbook that is not text or a number.
    CellBad {
        /// What it is.
        what: &'static str,
    },
    /// A code with other characters, or too long.
    CodeBad,
    /// The code stands twice in this import.
    DuplicateCode {
        /// Where it stood first.
        first: String,
    },
    /// Not one of the values a field may have.
    ValueBad {
        /// What it may have.
        may: &'static str,
    },
    /// No stem.
    StemEmpty,
    /// A choice is left out between others, or its label is out of order.
    ChoiceMissing,
    /// A choice shows nothing.
    ChoiceEmpty,
    /// Two choices are the same.
    ChoiceTwice,
    /// Not 2 to 10 choices.
    ChoicesCount {
        /// How many there are.
        count: usize,
    },
    /// Two questions in one.
    RunTogether {
        /// Choices.
        count: usize,
    },
    /// Every choice ends in a digit of its own: a weight nobody cut off.
    WeightGlued,
    /// A choice does not end in a weight though the mapping says so.
    WeightAbsent,
    /// No key and no weights.
    KeyMissing,
    /// The key cannot be read in the notation that is expected.
    KeyBad,
    /// The key names a choice that is not there.
    KeyOutOfRange {
        /// Choices.
        choices: usize,
    },
    /// Both, where only one may be.
    KeyAndWeights,
    /// Several right choices where the rule takes one.
    KeySeveral,
    /// No choice is worth more than a blank.
    KeyNothingRight,
    /// Not one weight per choice.
    WeightsCount {
        /// Weights.
        weights: usize,
        /// Choices.
        choices: usize,
    },
    /// A weight, or `right`, or `blank`, is not marks.
    WeightBad {
        /// Why.
        why: BadMarks,
    },
    /// Another item has the same stem, but other choices.
    DuplicateStem {
        /// Where it stood first.
        first: String,
    },
    /// Another item has the same stem and the same choices.
    DuplicateItem {
        /// Where it stood first.
        first: String,
    },
    /// A flaw of a text.
    Text(Flaw),
    /// Something was taken out of an SVG picture.
    PictureCleaned {
        /// The file.
        name: String,
        /// What.
        removed: Vec<String>,
    },
    /// The list of problems ends here.
    More {
        /// Left off.
        count: usize,
        /// One of them stops an item.
        stops: bool,
    },
}

impl Fault {
    /// The problem at a place.
    pub fn at(&self, file: &str, row: u32, field: &str) -> Problem {
        let (code, stops, reason) = self.describe();
        Problem { file: file.to_owned(), row, field: field.to_owned(), code, reason, stops }
    }

    /// Does it keep the item out?
    pub fn stops(&self) -> bool {
        self.describe().1
    }

    /// Code, whether it stops the item, and the sentence. Longer than a screen because it is a table: one line a fault, to be read side by side.
    pub fn describe(&self) -> (&'static str, bool, String) {
        const STOP: bool = true;
        const REMARK: bool = false;
        let fixed = |code, stops, sentence: &str| (code, stops, sentence.to_owned());
        match self {
            Fault::FilesTooMany { max } => {
                ("too_large", STOP, format!("Terlalu banyak berkas; paling banyak {max} berkas dalam satu impor."))
            }
            Fault::TooLarge { what } => ("too_large", STOP, format!("Terlalu besar: {what}.")),
            Fault::PathBad => {
                fixed("path_bad", STOP, "Nama berkas tidak boleh keluar dari folder impor atau memuat karakter yang tidak lazim.")
            }
            Fault::FileTwice => fixed("file_twice", STOP, "Ada dua berkas dengan nama yang sama; yang kedua dilewati."),
            Fault::FileUnknown => fixed("file_unknown", REMARK, "Jenis berkas ini tidak dibaca dan dilewati."),
            Fault::NothingToRead => fixed("nothing_to_read", STOP, "Tidak ada tabel soal yang dapat dibaca dalam impor ini."),
            Fault::MappingMissing => {
                fixed("mapping_missing", STOP, "Berkas JSON atau teks hanya dapat dibaca bersama berkas pemetaan (.toml).")
            }
            Fault::MappingBad { reason } => ("mapping_bad", STOP, format!("Berkas pemetaan salah: {reason}.")),
            Fault::MappingTwice => fixed("mapping_bad", STOP, "Ada lebih dari satu berkas pemetaan; sertakan satu saja."),
            Fault::Encoding { offset, line, hint } => ("encoding", STOP, encoding(*offset, *line, *hint)),
            Fault::JsonBad { reason } => ("json_bad", STOP, format!("Bukan JSON yang benar: {reason}.")),
            Fault::JsonPath { path } if path.is_empty() => fixed("json_bad", STOP, "Isi berkas bukan larik (array) soal."),
            Fault::JsonPath { path } => ("json_bad", STOP, format!("Tidak ada larik (array) soal pada \"{path}\".")),
            Fault::NotAnObject => fixed("json_bad", STOP, "Butir ini bukan objek JSON."),
            Fault::WorkbookBad { reason } => ("table_bad", STOP, format!("Buku kerja XLSX tidak dapat dibaca: {reason}.")),
            Fault::TableEmpty => fixed("table_bad", STOP, "Tabel kosong."),
            Fault::QuoteOpen => fixed("table_bad", STOP, "Ada tanda kutip (\") yang dibuka tetapi tidak ditutup sampai akhir berkas."),
            Fault::ZipBad { why } => ("zip_bad", STOP, format!("Isi ZIP ini tidak diterima: {why}.")),
            Fault::ColumnUnknown => fixed("column_unknown", STOP, "Kolom ini tidak dikenal."),
            Fault::ColumnMissing => fixed("column_missing", STOP, "Kolom ini wajib ada tetapi tidak ditemukan."),
            Fault::ColumnTwice => fixed("column_twice", STOP, "Kolom ini muncul lebih dari satu kali."),
            Fault::RowShort { cells, columns } => ("row_short", STOP, format!("Baris hanya berisi {cells} sel, seharusnya {columns}.")),
            Fault::RowLong { cells, columns } => (
                "row_long",
                STOP,
                format!("Baris berisi {cells} sel, seharusnya {columns}; mungkin ada koma yang tidak diberi tanda kutip."),
            ),
            Fault::CellBad { what } => {
                ("cell_bad", STOP, format!("Sel ini berisi {what}; ubah format sel menjadi Teks dan tulis ulang isinya."))
            }
            Fault::CodeBad => fixed("code_bad", STOP, "Kode terdiri atas 1 sampai 40 karakter: a-z, 0-9, dan tanda hubung."),
            Fault::DuplicateCode { first } => ("duplicate_code", STOP, format!("Kode ini sudah dipakai oleh {first}.")),
            Fault::ValueBad { may } => ("value_bad", STOP, format!("Nilai tidak dikenal; yang boleh: {may}.")),
            Fault::StemEmpty => fixed("stem_empty", STOP, "Pokok soal kosong."),
            Fault::ChoiceMissing => fixed("choice_missing", STOP, "Ada pilihan yang terlewat atau labelnya tidak berurutan."),
            Fault::ChoiceEmpty => fixed("choice_empty", STOP, "Pilihan ini kosong."),
            Fault::ChoiceTwice => fixed("choice_twice", STOP, "Pilihan ini sama dengan pilihan lain pada soal yang sama."),
            Fault::ChoicesCount { count } => ("choices_count", STOP, format!("Soal memiliki {count} pilihan; yang boleh 2 sampai 10.")),
            Fault::RunTogether { count } => {
                ("run_together", STOP, format!("Soal memiliki {count} pilihan: tampaknya dua soal tergabung menjadi satu."))
            }
            Fault::WeightGlued => {
                fixed("weight_glued", STOP, "Setiap pilihan berakhir dengan angka yang berbeda: tampaknya bobot masih menempel pada teks.")
            }
            Fault::WeightAbsent => fixed("weight_bad", STOP, "Pilihan ini tidak berakhir dengan bobot."),
            Fault::KeyMissing => fixed("key_missing", STOP, "Soal tidak memiliki kunci maupun bobot."),
            Fault::KeyBad => fixed("key_bad", STOP, "Kunci tidak tertulis dengan cara yang diharapkan."),
            Fault::KeyOutOfRange { choices } => {
                ("key_out_of_range", STOP, format!("Kunci menunjuk pilihan yang tidak ada; soal memiliki {choices} pilihan."))
            }
            Fault::KeyAndWeights => fixed("key_and_weights", STOP, "Isi salah satu saja: kunci atau bobot."),
            Fault::KeySeveral => fixed("key_several", STOP, "Kunci memuat beberapa pilihan, tetapi aturan soal hanya menerima satu."),
            Fault::KeyNothingRight => fixed("key_nothing_right", STOP, "Tidak ada pilihan yang bernilai lebih daripada jawaban kosong."),
            Fault::WeightsCount { weights, choices } => ("weights_count", STOP, format!("Ada {weights} bobot untuk {choices} pilihan.")),
            Fault::WeightBad { why } => ("weight_bad", STOP, marks(*why).to_owned()),
            Fault::DuplicateStem { first } => {
                ("duplicate_stem", REMARK, format!("Pokok soal sama dengan {first}, tetapi pilihannya berbeda."))
            }
            Fault::DuplicateItem { first } => {
                ("duplicate_stem", STOP, format!("Soal ini sama dengan {first}: pokok soal dan semua pilihannya."))
            }
            Fault::Text(flaw) => text(flaw),
            Fault::PictureCleaned { name, removed } => {
                ("markup_removed", REMARK, format!("Dihapus dari gambar {name}: {}.", removed.join(", ")))
            }
            Fault::More { count, stops } => ("more", *stops, format!("dan {count} masalah lainnya.")),
        }
    }
}

/// The part of the table that is about texts.
fn text(flaw: &Flaw) -> (&'static str, bool, String) {
    const STOP: bool = true;
    const REMARK: bool = false;
    let fixed = |code, stops, sentence: &str| (code, stops, sentence.to_owned());
    match flaw {
        Flaw::ControlCharacter(char) => {
            ("control_character", STOP, format!("Teks memuat karakter kendali yang tidak terlihat (U+{:04X}).", u32::from(*char)))
        }
        Flaw::TooLong => fixed("too_large", STOP, "Terlalu besar: teks dalam satu sel, paling banyak 64 KiB dan 3.000 tag."),
        Flaw::TooDeep => fixed("too_large", STOP, "Terlalu besar: elemen HTML bersarang terlalu dalam."),
        Flaw::MarkupRemoved(names) => ("markup_removed", REMARK, format!("Dihapus karena tidak diperbolehkan: {}.", names.join(", "))),
        Flaw::FormulaBad { tex, reason } => {
            ("formula_bad", STOP, format!("Rumus \"{}\" tidak dapat dibaca: {}.", short(tex), formula(reason)))
        }
        Flaw::FormulaOpen => fixed("formula_bad", STOP, "Rumus dibuka dengan \\( atau \\[ tetapi tidak ditutup."),
        Flaw::PictureUnnamed => {
            fixed("picture_missing", STOP, "Gambar tidak memiliki alamat, atau alamatnya bukan berkas dalam impor ini.")
        }
        Flaw::PictureAddress(src) => ("picture_missing", STOP, format!("Alamat gambar \"{}\" bukan berkas dalam impor ini.", short(src))),
        Flaw::PictureMissing(src) => ("picture_missing", STOP, format!("Berkas gambar \"{}\" tidak ditemukan.", short(src))),
        Flaw::PictureBad(src, why) => ("picture_bad", STOP, format!("Gambar \"{}\" tidak diterima: {}.", short(src), picture(why))),
        Flaw::AltMissing(src) => ("alt_missing", STOP, format!("Gambar \"{}\" belum memiliki keterangan (alt).", short(src))),
        Flaw::AltGeneric(src) => {
            ("alt_missing", REMARK, format!("Gambar \"{}\" tidak memiliki keterangan; diberi keterangan umum \"Gambar\".", short(src)))
        }
    }
}

fn formula(why: &BadFormula) -> String {
    match why {
        BadFormula::Empty => "rumus kosong".to_owned(),
        BadFormula::TooLong => "rumus terlalu panjang".to_owned(),
        BadFormula::TooDeep => "bersarang terlalu dalam, atau terlalu banyak perintah tanpa kurung kurawal".to_owned(),
        BadFormula::Percent => "tanda persen ditulis \\%".to_owned(),
        BadFormula::Command(name) => format!("perintah \\{name} tidak diperbolehkan"),
        BadFormula::Unreadable(words) if words.contains("primitive") => "ada perintah yang tidak dikenal".to_owned(),
        BadFormula::Unreadable(words) if words.contains("unbalanced") => "kurung tidak berpasangan".to_owned(),
        BadFormula::Unreadable(words) if words.contains("environment") => "lingkungan \\begin tidak dikenal".to_owned(),
        // The converter's own words, English; better than none.
        BadFormula::Unreadable(words) => words.clone(),
        BadFormula::NotAllowed(what) => format!("{what} tidak diperbolehkan"),
    }
}

fn picture(why: &BadPicture) -> &'static str {
    match why {
        BadPicture::Kind => "bukan PNG, JPEG, WebP, atau SVG",
        BadPicture::TooLarge => "berkas lebih besar dari 2 MiB",
        BadPicture::Side => "sisi gambar harus 1 sampai 6.000 piksel",
        BadPicture::Damaged => "berkas rusak atau terpotong",
        BadPicture::SvgUnreadable => "SVG tidak dapat dibaca",
        BadPicture::SvgUnsized => "SVG tidak memiliki viewBox maupun lebar dan tinggi",
    }
}

fn marks(why: BadMarks) -> &'static str {
    match why {
        BadMarks::NotANumber => "Bukan bilangan desimal.",
        BadMarks::TooFine => "Paling banyak tiga angka di belakang koma.",
        BadMarks::TooLarge => "Nilai di luar batas (1.000.000).",
    }
}

fn encoding(offset: usize, line: usize, hint: Option<&str>) -> String {
    let place = format!("Berkas bukan UTF-8: byte ke-{offset} (baris {line}) tidak sah.");
    match hint {
        Some(hint) => format!("{place} Tampaknya berkas disimpan sebagai {hint}; simpan ulang sebagai \"CSV UTF-8\"."),
        None => place,
    }
}

fn short(text: &str) -> String {
    const CHARS_MAX: usize = 80;
    let short: String = text.chars().filter(|char| !char.is_control()).take(CHARS_MAX).collect();
    if text.chars().count() > CHARS_MAX { format!("{short}…") } else { short }
}

/// The problems of an import, in order, with an end to the list.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    left_off: usize,
    left_off_stops: bool,
}

impl Problems {
    /// Longest list; one more line says how many were left off.
    pub const MAX: usize = 1_000;

    pub fn add(&mut self, problem: Problem) {
        if self.list.len() < Self::MAX {
            self.list.push(problem);
        } else {
            self.left_off += 1;
            self.left_off_stops |= problem.stops;
        }
    }

    pub fn finish(mut self) -> Vec<Problem> {
        if self.left_off > 0 {
            self.list.push(Fault::More { count: self.left_off, stops: self.left_off_stops }.at("", 0, ""));
        }
        self.list
    }
}
