//! Export: the question table again, as CSV, or with its pictures as one ZIP file, and empty tables for authors to fill in.
//!
//! What is exported imports again to equal faces and keys. The output holds keys: who may have it is the caller's question.

use crate::id::Digest32;
use crate::import::{COLUMNS, LETTERS, guarded};
use crate::item::{Item, Picture};
use crate::key::Key;
use crate::marks::Marks;
use crate::picture;
use crate::rich_text::{escape, unescape};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

/// The question table of these items. `media_type` tells the kind of a picture by its hash; pictures are named `media/{hash}.{ending}`.
pub fn export_csv(items: &[(&Item, &Key)], media_type: &dyn Fn(Digest32) -> Option<&'static str>) -> Vec<u8> {
    let choices = items.iter().map(|(item, _)| item.face.choices.len()).max().unwrap_or(0).clamp(2, LETTERS.len());
    let header = header(choices);
    let mut rows = vec![header.clone()];
    for (item, key) in items {
        let cells = cells(item, key, media_type);
        rows.push(header.iter().map(|name| cells.get(name).map(|cell| guarded(cell)).unwrap_or_default()).collect());
    }
    csv(&rows)
}

/// The same table as `soal.csv` in a ZIP file, with the pictures it names.
pub fn export_zip(items: &[(&Item, &Key)], pictures: &[Picture]) -> Vec<u8> {
    let kinds: BTreeMap<Digest32, &'static str> = pictures.iter().map(|picture| (picture.hash, picture.media_type)).collect();
    let table = export_csv(items, &|hash| kinds.get(&hash).copied());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| -> zip::result::ZipResult<()> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(bytes)?)
    };
    let mut written = put("soal.csv", &table);
    for picture in pictures {
        written = written.and_then(|()| put(&media_name(picture.hash, Some(picture.media_type)), &picture.bytes));
    }
    written.expect("a ZIP of a few plain names is written to memory");
    zip.finish().expect("a ZIP is finished in memory").into_inner()
}

/// An empty question table with two examples.
pub fn template_csv() -> Vec<u8> {
    let header = header(EXAMPLE_CHOICES);
    let mut rows = vec![header.clone()];
    rows.extend(EXAMPLES.iter().map(|example| header.iter().map(|name| example_cell(example, name)).collect()));
    csv(&rows)
}

/// The same as a workbook; a second sheet explains the columns.
pub fn template_xlsx() -> Vec<u8> {
    workbook().expect("a small workbook of fixed texts is written to memory")
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // No clock here: the same version of this crate writes the same bytes.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?));
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let header = header(EXAMPLE_CHOICES);
    let sheet = workbook.add_worksheet().set_name("soal")?;
    for (column, name) in (0_u16..).zip(&header) {
        // Text format for the whole column, or 1/2 becomes a date while it is typed.
        sheet.set_column_format(column, &text)?.set_column_width(column, if name == "stem" { 60 } else { 16 })?;
        sheet.write_string_with_format(0, column, name, &bold)?;
        for (row, example) in (1_u32..).zip(&EXAMPLES) {
            sheet.write_string_with_format(row, column, example_cell(example, name), &text)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    explain(workbook.add_worksheet().set_name("petunjuk")?, &bold, &text)?;
    workbook.save_to_buffer()
}

fn explain(sheet: &mut Worksheet, bold: &Format, text: &Format) -> Result<(), XlsxError> {
    for (column, (title, width)) in (0_u16..).zip([("kolom", 14), ("wajib", 12), ("keterangan", 110)]) {
        sheet.set_column_width(column, width)?.write_string_with_format(0, column, title, bold)?;
    }
    for (row, (name, needed, meaning)) in (1_u32..).zip(COLUMNS) {
        let needed = match name {
            "key" | "weights" => "salah satu",
            _ if needed => "ya",
            _ => "tidak",
        };
        sheet.write_string_with_format(row, 0, name, text)?.write_string_with_format(row, 1, needed, text)?;
        sheet.write_string_with_format(row, 2, meaning, text)?;
    }
    Ok(())
}

/// Choices of the template.
const EXAMPLE_CHOICES: usize = 5;

/// Two examples: a right answer, and graded answers.
const EXAMPLES: [&[(&str, &str)]; 2] = [
    &[
        ("id", "contoh-001"),
        ("section", "umum"),
        ("topic", "numerik"),
        ("subtopic", "pecahan"),
        ("level", "C3"),
        ("difficulty", "easy"),
        ("language", "id"),
        ("stem", "Hasil dari \\(\\frac{1}{2} + \\frac{1}{4}\\) adalah ...."),
        ("choice_a", "\\(\\frac{2}{6}\\)"),
        ("choice_b", "\\(\\frac{1}{8}\\)"),
        ("choice_c", "\\(\\frac{3}{4}\\)"),
        ("choice_d", "\\(\\frac{1}{6}\\)"),
        ("choice_e", "1"),
        ("key", "C"),
        ("right", "5"),
        ("blank", "0"),
        ("rule", "single"),
        ("basis", "1/2 = 2/4; 2/4 + 1/4 = 3/4."),
    ],
    &[
        ("id", "contoh-002"),
        ("section", "umum"),
        ("topic", "pelayanan"),
        ("level", "C5"),
        ("difficulty", "medium"),
        ("language", "id"),
        ("stem", "<p>Seorang warga datang lima menit sebelum loket ditutup dengan berkas yang belum lengkap.</p><p>Sikap Anda ....</p>"),
        ("choice_a", "menjelaskan berkas yang kurang dan membantunya melengkapi saat itu juga"),
        ("choice_b", "menjelaskan berkas yang kurang dan memintanya datang besok"),
        ("choice_c", "menerima berkas seadanya"),
        ("choice_d", "memintanya membaca papan pengumuman"),
        ("choice_e", "menutup loket tepat waktu"),
        ("weights", "5;4;3;2;1"),
        ("blank", "0"),
        ("rule", "single"),
        ("basis", "Bobot menurut mutu pelayanan."),
    ],
];

fn example_cell(example: &[(&str, &str)], name: &str) -> String {
    example.iter().find(|(column, _)| *column == name).map(|(_, cell)| guarded(cell)).unwrap_or_default()
}

/// The columns, with as many choices as are needed.
fn header(choices: usize) -> Vec<String> {
    let mut header = Vec::new();
    for (name, _, _) in COLUMNS {
        header.push(name.to_owned());
        if name == "choice_b" {
            header.extend(LETTERS.iter().take(choices).skip(2).map(|letter| format!("choice_{letter}")));
        }
    }
    header
}

/// With a byte order mark: without it spreadsheet programs take UTF-8 for something else.
fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    for row in rows {
        writer.write_record(row).expect("rows of one length are written to memory");
    }
    writer.flush().expect("memory is flushed");
    drop(writer);
    bytes
}

fn cells(item: &Item, key: &Key, media_type: &dyn Fn(Digest32) -> Option<&'static str>) -> BTreeMap<String, String> {
    let rich = |html: &str| source_of(html, media_type);
    let mut cells: BTreeMap<String, String> = [
        ("id", item.code.clone()),
        ("section", item.cell.section.clone()),
        ("topic", item.cell.topic.clone()),
        ("subtopic", item.cell.subtopic.clone()),
        ("level", item.cell.level.to_string()),
        ("difficulty", item.cell.difficulty.to_string()),
        ("language", item.face.language.clone()),
        ("stem", rich(&item.face.stem)),
        ("blank", key.blank().to_string()),
        ("rule", key.rule().code().to_owned()),
        ("basis", item.basis.clone()),
    ]
    .map(|(name, cell)| (name.to_owned(), cell))
    .into();
    cells.extend(LETTERS.iter().zip(&item.face.choices).map(|(letter, choice)| (format!("choice_{letter}"), rich(choice))));
    match letters_of(key) {
        Some((letters, right)) => cells.extend([("key".to_owned(), letters), ("right".to_owned(), right.to_string())]),
        None => {
            let weights: Vec<String> = key.weights().iter().map(Marks::to_string).collect();
            cells.insert("weights".to_owned(), weights.join(";"));
        }
    }
    cells
}

/// A key that is only right or wrong, as letters and the marks of a right choice.
fn letters_of(key: &Key) -> Option<(String, Marks)> {
    let right = key.weights().iter().copied().find(|&weight| weight != Marks::ZERO).filter(|&weight| weight > Marks::ZERO)?;
    if key.weights().iter().any(|&weight| weight != Marks::ZERO && weight != right) {
        return None;
    }
    let letters: Vec<String> = LETTERS
        .iter()
        .zip(key.weights())
        .filter(|(_, weight)| **weight == right)
        .map(|(letter, _)| letter.to_ascii_uppercase().to_string())
        .collect();
    let one = letters.len() == 1 || key.rule() != crate::key::Rule::Single;
    one.then(|| (letters.join(";"), right))
}

/// The source of a stored text: formulas as TeX again, pictures by their export name.
fn source_of(html: &str, media_type: &dyn Fn(Digest32) -> Option<&'static str>) -> String {
    let mut source = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, math, after)) = next_formula(rest) {
        push_text(before, true, media_type, &mut source);
        source.push_str(&math);
        rest = after;
    }
    push_text(rest, false, media_type, &mut source);
    source
}

fn next_formula(html: &str) -> Option<(&str, String, &str)> {
    let start = html.find("<math ")?;
    let (math, after) = html[start..].split_once("</math>")?;
    let tex = math.split_once("<annotation encoding=\"application/x-tex\">")?.1.split_once("</annotation>")?.0;
    let display = math.starts_with("<math display=\"block\"");
    let (open, close) = if display { ("\\[", "\\]") } else { ("\\(", "\\)") };
    Some((&html[..start], format!("{open}{}{close}", escape(&unescape(tex)).replace("&quot;", "\"")), after))
}

/// Text outside formulas: a backslash that would begin one is written as a reference.
fn push_text(html: &str, before_formula: bool, media_type: &dyn Fn(Digest32) -> Option<&'static str>, source: &mut String) {
    let html = html.replace("\\(", "&#92;(").replace("\\[", "&#92;[");
    let html = match html.strip_suffix('\\') {
        Some(text) if before_formula => format!("{text}&#92;"),
        Some(_) | None => html,
    };
    let mut rest = html.as_str();
    const PICTURE: &str = "<img src=\"/media/";
    while let Some((before, after)) = rest.split_once(PICTURE) {
        let (hash, after) = after.split_once('"').unwrap_or((after, ""));
        let name = hash.parse().map(|hash| media_name(hash, media_type(hash))).unwrap_or_default();
        source.push_str(&format!("{before}<img src=\"{name}\""));
        rest = after;
    }
    source.push_str(rest);
}

fn media_name(hash: Digest32, media_type: Option<&str>) -> String {
    format!("media/{hash}.{}", picture::extension(media_type.unwrap_or_default()))
}
