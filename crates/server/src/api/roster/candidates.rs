//! Candidates: imported from a table all or none, listed, searched.
//!
//! Birth dates and national id numbers come in here and go out nowhere: no answer, no problem and no log line of this file repeats them.

use super::table::{self, Row, Table};
use super::{CANDIDATE_READERS, WRITERS, change, phase, reload, selection_for};
use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::random;
use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use question_bank::blueprint::is_code;
use question_bank::id::{FormationId, SelectionId};
use question_bank::marks::Marks;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::roster::{CandidateCounts, CandidateLine, CandidateRow, Nik, participant_key};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::proctor::SittingPhase;
use wire::roster::{CandidateImportReport, CandidatePage, CandidateView, Problem};

/// Candidates on a page.
const PAGE_CANDIDATES: u32 = 100;
/// Rows shown of an import.
const PREVIEW_ROWS: usize = 20;
/// Problems listed; one more says how many were left off.
const PROBLEMS_MAX: usize = 1_000;
/// Characters to search for.
const FIND_CHARS_MAX: usize = 100;
/// Codes named when a formation is not known.
const FORMATIONS_SHOWN: usize = 20;
/// Longest extra time, minutes.
const EXTRA_TIME_MINUTES_MAX: u32 = 240;

/// Columns in their usual order, which of them are needed, and what a person who fills them in should know.
const COLUMNS: [(&str, bool, &str); 9] = [
    ("participant_no", true, "Nomor peserta: 1 sampai 40 huruf, angka, atau tanda - . /, tidak boleh sama dengan peserta lain."),
    ("name", true, "Nama lengkap."),
    ("formation", true, "Kode formasi yang dilamar, seperti pada daftar formasi seleksi ini."),
    ("category", false, "Kode kategori, misalnya umum, disabilitas; kosong berarti umum."),
    ("accommodation", false, "Kebutuhan khusus dalam kata-kata, misalnya pembaca layar; boleh kosong."),
    ("extra_time_minutes", false, "Tambahan waktu dalam menit, 0 sampai 240; kosong berarti 0."),
    ("gpa", false, "IPK atau nilai ijazah, paling banyak tiga angka di belakang koma; boleh kosong."),
    ("birth_date", false, "Tanggal lahir YYYY-MM-DD, untuk pemeriksaan di meja pendaftaran; boleh kosong."),
    ("nik", false, "NIK 16 angka; boleh kosong. Tidak pernah ditampilkan."),
];
/// A column of the table of scores that comes with a candidate: granted adjustments, a score of another year (docs/rules.md).
fn is_further(column: &str) -> bool {
    let known = COLUMNS.iter().any(|(name, ..)| *name == column);
    !known && crate::results::changes::is_fact(column)
}

/// Numbers of the template's examples begin like this, and such rows are not taken.
const EXAMPLE: &str = "CONTOH-";

/// Routes of candidates.
pub(super) fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(import)).routes(routes!(template_csv)).routes(routes!(template_xlsx))
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
struct Find {
    /// Part of the number or name; empty finds everybody.
    #[serde(default)]
    find: String,
    /// Page, from 1.
    #[serde(default)]
    page: u32,
}

/// Candidates of a selection, by participant number.
#[utoipa::path(get, path = "/api/v1/selections/{selection}/candidates", tag = "committee", params(("selection" = String, Path), Find),
    responses((status = 200, body = CandidatePage), (status = 403, body = wire::RefusalBody)))]
async fn list(State(app): State<Shared>, staff: Staff, Path(selection): Path<String>, Query(asked): Query<Find>) -> Answer<CandidatePage> {
    let selection = selection_for(&app, &staff, &selection, &CANDIDATE_READERS).await?.selection.id;
    let find: String = asked.find.chars().take(FIND_CHARS_MAX).collect();
    let page = app.store.candidates(selection, &find, asked.page.saturating_sub(1), PAGE_CANDIDATES).await?;
    Ok(Json(CandidatePage { total: page.total, candidates: page.lines.into_iter().map(view).collect() }))
}

fn view(line: CandidateLine) -> CandidateView {
    CandidateView {
        id: line.id.to_string(),
        enrolment: line.enrolment_id.map(|id| id.to_string()).unwrap_or_default(),
        participant_no: line.participant_no,
        name: line.name,
        formation: line.formation_code,
        category: line.category,
        accommodation: line.accommodation,
        extra_time_s: line.extra_time_s,
        sitting: line.sitting_code,
        seat: line.seat_label,
        attempts: line.attempts,
    }
}

/// Whether to store.
#[derive(Deserialize, IntoParams)]
struct Accept {
    /// True stores the candidates if nothing is wrong; false only looks.
    #[serde(default)]
    accept: bool,
}

/// A table of candidates as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form for the API's description; the fields are read one by one")]
struct CandidateForm {
    /// CSV or XLSX.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Reads a table of candidates and, if asked to and nothing is wrong, stores all of them.
#[utoipa::path(post, path = "/api/v1/selections/{selection}/candidates/import", tag = "committee",
    params(("selection" = String, Path), Accept), request_body(content = CandidateForm, content_type = "multipart/form-data"),
    responses((status = 200, body = CandidateImportReport), (status = 422, body = wire::RefusalBody)))]
async fn import(
    State(app): State<Shared>,
    staff: Staff,
    Path(selection): Path<String>,
    Query(asked): Query<Accept>,
    mut form: Multipart,
) -> Answer<CandidateImportReport> {
    let selection = selection_for(&app, &staff, &selection, &WRITERS).await?.selection.id;
    let (name, bytes) = only_file(&mut form).await?;
    let formations = app.store.formations_of_selection(selection).await?.into_iter();
    let formations: BTreeMap<String, FormationId> = formations.map(|counted| (counted.formation.code, counted.formation.id)).collect();
    let read = tokio::task::spawn_blocking(move || Reading::of(&name, &bytes, &formations)).await.map_err(No::failed)?;
    if !asked.accept || read.stops() {
        return Ok(Json(read.compared(&app, selection).await?));
    }
    let report = change(async move { read.stored(&app, selection).await }).await?;
    if report.accepted {
        tracing::info!(by = %staff.id, %selection, new = report.new, changed = report.changed, "imported candidates");
    }
    Ok(Json(report))
}

async fn only_file(form: &mut Multipart) -> Result<(String, Vec<u8>), No> {
    while let Some(field) = form.next_field().await.map_err(crate::api::bank::bad_form)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or("peserta.csv").to_owned();
            return Ok((name, field.bytes().await.map_err(crate::api::bank::bad_form)?.to_vec()));
        }
    }
    Err(No::bad("file_missing", "Pilih satu berkas CSV atau XLSX."))
}

/// Imports a table for those who are not HTTP; with problems nothing is stored.
pub(crate) async fn import_table(app: &App, selection: SelectionId, name: &str, bytes: &[u8]) -> Result<CandidateImportReport, No> {
    let formations = app.store.formations_of_selection(selection).await?.into_iter();
    let formations = formations.map(|counted| (counted.formation.code, counted.formation.id)).collect();
    Reading::of(name, bytes, &formations).stored(app, selection).await
}

/// A table that was read.
struct Reading {
    file: String,
    rows: u32,
    /// With the row's number in the file; the formation's code is for showing.
    good: Vec<(u32, CandidateRow, String)>,
    problems: Vec<Problem>,
    left_off: u32,
}

impl Reading {
    fn of(name: &str, bytes: &[u8], formations: &BTreeMap<String, FormationId>) -> Reading {
        let file: String = name.chars().filter(|char| !char.is_control()).take(200).collect();
        let mut reading = Reading { file, rows: 0, good: Vec::new(), problems: Vec::new(), left_off: 0 };
        match table::read(name, bytes) {
            Ok(table) => reading.take(&table, formations),
            Err(unreadable) => reading.problem(unreadable.row, "", unreadable.code, unreadable.reason),
        }
        reading
    }

    fn problem(&mut self, row: u32, field: &str, code: &str, reason: impl Into<String>) {
        if self.problems.len() >= PROBLEMS_MAX {
            self.left_off += 1;
            return;
        }
        let (file, field, code) = (self.file.clone(), field.to_owned(), code.to_owned());
        self.problems.push(Problem { file, row, field, code, reason: reason.into(), stops: true });
    }

    fn stops(&self) -> bool {
        !self.problems.is_empty()
    }

    fn take(&mut self, table: &Table, formations: &BTreeMap<String, FormationId>) {
        self.rows = table.rows.len() as u32;
        if !self.header_fits(&table.header) {
            return;
        }
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for row in &table.rows {
            let before = self.problems.len() as u32 + self.left_off;
            let candidate = self.candidate(&table.header, row, formations);
            if !candidate.participant_no.is_empty()
                && let Some(first) = seen.insert(participant_key(&candidate.participant_no), row.number)
            {
                self.problem(row.number, "participant_no", "participant_twice", format!("Nomor peserta ini sudah ada pada baris {first}."));
            }
            if before == self.problems.len() as u32 + self.left_off {
                let code = Cells { header: &table.header, row }.get("formation").to_owned();
                self.good.push((row.number, candidate, code));
            }
        }
    }

    fn header_fits(&mut self, header: &[String]) -> bool {
        for (index, name) in header.iter().enumerate() {
            if !COLUMNS.iter().any(|(column, ..)| column == name) && !is_further(name) {
                let shown: String = if name.is_empty() { format!("kolom ke-{}", index + 1) } else { name.chars().take(40).collect() };
                self.problem(1, &shown, "column_unknown", "Kolom ini tidak dikenal.");
            } else if header[..index].contains(name) {
                self.problem(1, name, "column_twice", "Kolom ini muncul lebih dari satu kali.");
            }
        }
        for (column, _, _) in COLUMNS.iter().filter(|(column, needed, _)| *needed && !header.iter().any(|name| name == column)) {
            self.problem(1, column, "column_missing", "Kolom ini wajib ada tetapi tidak ditemukan.");
        }
        !self.stops()
    }

    /// The row as a candidate; what is wrong with it is noted, and then the candidate means nothing.
    fn candidate(&mut self, header: &[String], row: &Row, formations: &BTreeMap<String, FormationId>) -> CandidateRow {
        let number = row.number;
        if row.cells.len() > header.len() {
            let reason = format!(
                "Baris berisi {} sel, seharusnya {}; mungkin ada koma yang tidak diberi tanda kutip.",
                row.cells.len(),
                header.len()
            );
            self.problem(number, "", "row_long", reason);
        }
        for (column, why) in &row.faults {
            self.problem(number, header.get(*column).map_or("", String::as_str), "cell_bad", *why);
        }
        let cells = Cells { header, row };
        let formation = formation(cells.get("formation"), formations);
        CandidateRow {
            id: random::id(),
            participant_no: self.noted(number, "participant_no", participant_no(cells.get("participant_no"))),
            name: self.noted(number, "name", text(cells.get("name"), 1, 200)),
            formation_id: self.noted(number, "formation", formation.map(Some)).unwrap_or_else(random::id),
            category: self.noted(number, "category", category(cells.get("category"))),
            accommodation: self.noted(number, "accommodation", text(cells.get("accommodation"), 0, 200)),
            extra_time_s: self.noted(number, "extra_time_minutes", extra_time_s(cells.get("extra_time_minutes"))),
            gpa_milli: self.noted(number, "gpa", gpa_milli(cells.get("gpa"))),
            birth_date: self.noted(number, "birth_date", birth_date(cells.get("birth_date"))),
            nik: self.noted(number, "nik", nik(cells.get("nik"))),
            facts_json: self.facts_json(&cells, number),
        }
    }

    /// Further columns of the table of scores that somebody has something in.
    fn facts_json(&mut self, cells: &Cells<'_>, number: u32) -> String {
        let mut facts: BTreeMap<&str, String> = BTreeMap::new();
        for column in cells.header.iter().filter(|column| is_further(column)) {
            let value = self.noted(number, column, text(cells.get(column), 0, 200));
            if !value.is_empty() {
                facts.insert(column, value);
            }
        }
        serde_json::to_string(&facts).unwrap_or_else(|_| "{}".to_owned())
    }

    /// What stands in a cell; or nothing, and a problem.
    fn noted<T: Default>(&mut self, row: u32, field: &str, read: Result<T, Wrong>) -> T {
        read.unwrap_or_else(|(code, reason)| {
            self.problem(row, field, code, reason);
            T::default()
        })
    }

    /// What storing would do.
    async fn compared(mut self, app: &App, selection: SelectionId) -> Result<CandidateImportReport, No> {
        let rows: Vec<CandidateRow> = self.good.iter().map(|(_, row, _)| row.clone()).collect();
        let counts = app.store.compare_candidates(selection, &rows).await?;
        self.note_drawn(&counts);
        Ok(self.report(&counts, false))
    }

    /// Stores everything, if nothing is wrong. Sittings that wait learn what changed about their people.
    async fn stored(mut self, app: &App, selection: SelectionId) -> Result<CandidateImportReport, No> {
        let rows: Vec<CandidateRow> = self.good.iter().map(|(_, row, _)| row.clone()).collect();
        let counts = app.store.compare_candidates(selection, &rows).await?;
        self.note_drawn(&counts);
        if self.stops() {
            return Ok(self.report(&counts, false));
        }
        let counts = app.store.import_candidates(selection, &rows).await?;
        if counts.changed > 0 {
            for counted in app.store.sittings_of_selection(selection).await? {
                if counted.enrolled > 0 && phase(app, counted.sitting.id).await? == SittingPhase::Planned {
                    reload(app, counted.sitting.id).await?;
                }
            }
        }
        Ok(self.report(&counts, true))
    }

    /// A paper is drawn for a formation: whoever has one keeps the other.
    fn note_drawn(&mut self, counts: &CandidateCounts) {
        for number in &counts.drawn {
            let row = self.good.iter().find(|(_, row, _)| row.participant_no == *number).map_or(0, |(row, ..)| *row);
            self.problem(
                row,
                "formation",
                "formation_drawn",
                "Naskah peserta ini sudah diundi untuk formasi lain; formasinya tidak dapat diubah.",
            );
        }
    }

    fn report(mut self, counts: &CandidateCounts, accepted: bool) -> CandidateImportReport {
        if self.left_off > 0 {
            let reason = format!("dan {} masalah lainnya.", self.left_off);
            self.problems.push(Problem { file: String::new(), row: 0, field: String::new(), code: "more".to_owned(), reason, stops: true });
        }
        let shown = self.good.into_iter().take(PREVIEW_ROWS).map(|(_, row, formation)| preview(row, formation));
        CandidateImportReport {
            rows: self.rows,
            new: counts.new,
            unchanged: counts.unchanged,
            changed: counts.changed,
            accepted,
            preview: shown.collect(),
            problems: self.problems,
        }
    }
}

fn preview(row: CandidateRow, formation: String) -> CandidateView {
    CandidateView {
        id: String::new(),
        enrolment: String::new(),
        participant_no: row.participant_no,
        name: row.name,
        formation,
        category: row.category,
        accommodation: row.accommodation,
        extra_time_s: row.extra_time_s,
        sitting: None,
        seat: None,
        attempts: 0,
    }
}

/// The cells of a row by column.
struct Cells<'a> {
    header: &'a [String],
    row: &'a Row,
}

impl<'a> Cells<'a> {
    fn get(&self, column: &str) -> &'a str {
        let index = self.header.iter().position(|name| name == column);
        index.and_then(|index| self.row.cells.get(index)).map_or("", String::as_str)
    }
}

// Cells. Reasons never repeat what stands in the cell.

/// Code and reason.
type Wrong = (&'static str, String);

fn bad<T>(reason: &str) -> Result<T, Wrong> {
    Err(("value_bad", reason.to_owned()))
}

fn participant_no(cell: &str) -> Result<String, Wrong> {
    let fits = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '/');
    if cell.to_uppercase().starts_with(EXAMPLE) {
        return Err(("example_row", "Baris contoh dari templat; hapus baris ini.".to_owned()));
    }
    if (1..=40).contains(&cell.len()) && cell.chars().all(fits) {
        return Ok(cell.to_owned());
    }
    bad("Nomor peserta terdiri atas 1 sampai 40 huruf, angka, atau tanda - . / tanpa spasi.")
}

fn formation(cell: &str, formations: &BTreeMap<String, FormationId>) -> Result<FormationId, Wrong> {
    formations.get(cell).copied().ok_or_else(|| {
        let known: Vec<&str> = formations.keys().take(FORMATIONS_SHOWN).map(String::as_str).collect();
        ("formation_unknown", format!("Kode formasi tidak dikenal; yang ada: {}.", known.join(", ")))
    })
}

fn text(cell: &str, least: usize, most: usize) -> Result<String, Wrong> {
    let count = cell.chars().count();
    if (least..=most).contains(&count) && !cell.chars().any(char::is_control) {
        return Ok(cell.to_owned());
    }
    if count < least { bad("Isian ini wajib diisi.") } else { bad(&format!("Paling panjang {most} karakter, dalam satu baris.")) }
}

fn category(cell: &str) -> Result<String, Wrong> {
    let code = if cell.is_empty() { "umum".to_owned() } else { cell.to_lowercase() };
    if is_code(&code) { Ok(code) } else { bad("Kode kategori terdiri atas 1 sampai 40 karakter a-z, 0-9, dan tanda hubung.") }
}

fn extra_time_s(cell: &str) -> Result<u32, Wrong> {
    let minutes: Option<u32> = if cell.is_empty() { Some(0) } else { cell.parse().ok() };
    match minutes.filter(|&minutes| minutes <= EXTRA_TIME_MINUTES_MAX) {
        Some(minutes) => Ok(minutes * 60),
        None => bad("Tambahan waktu adalah bilangan bulat 0 sampai 240 menit."),
    }
}

fn gpa_milli(cell: &str) -> Result<Option<i64>, Wrong> {
    if cell.is_empty() {
        return Ok(None);
    }
    match cell.parse::<Marks>().ok().filter(|gpa| (Marks::ZERO..=Marks::whole(100)).contains(gpa)) {
        Some(gpa) => Ok(Some(gpa.milli())),
        None => bad("Nilai adalah bilangan 0 sampai 100, paling banyak tiga angka di belakang koma."),
    }
}

fn birth_date(cell: &str) -> Result<Option<String>, Wrong> {
    match cell {
        "" => Ok(None),
        date if is_date(date) => Ok(Some(date.to_owned())),
        _ => bad("Tanggal lahir ditulis YYYY-MM-DD, tahun-bulan-tanggal dengan tanda hubung."),
    }
}

/// A day of the calendar, `YYYY-MM-DD`, from 1900.
fn is_date(text: &str) -> bool {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0);
    if !shape {
        return false;
    }
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1900..=2100).contains(&year) && (1..=days).contains(&day)
}

fn nik(cell: &str) -> Result<Option<Nik>, Wrong> {
    match cell {
        "" => Ok(None),
        digits if digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(Nik(digits.to_owned()))),
        _ => bad("NIK terdiri atas tepat 16 angka; di XLSX format selnya harus Teks."),
    }
}

// Templates.

/// An empty table of candidates with one example, as CSV.
#[utoipa::path(get, path = "/api/v1/selections/{selection}/candidates/template.csv", tag = "committee",
    params(("selection" = String, Path)), responses((status = 200, description = "text/csv")))]
async fn template_csv(State(app): State<Shared>, staff: Staff, Path(selection): Path<String>) -> Result<Response, No> {
    let bytes = table::write_csv(&template(&app, &staff, &selection).await?).map_err(No::failed)?;
    Ok(download("text/csv; charset=utf-8", "peserta.csv", bytes))
}

/// The same as a workbook; a second sheet explains the columns.
#[utoipa::path(get, path = "/api/v1/selections/{selection}/candidates/template.xlsx", tag = "committee",
    params(("selection" = String, Path)), responses((status = 200, description = "XLSX")))]
async fn template_xlsx(State(app): State<Shared>, staff: Staff, Path(selection): Path<String>) -> Result<Response, No> {
    let rows = template(&app, &staff, &selection).await?;
    let mut explained = vec![["kolom", "wajib", "keterangan"].map(str::to_owned).to_vec()];
    explained.extend(
        COLUMNS.map(|(column, needed, what)| vec![column.to_owned(), if needed { "ya" } else { "tidak" }.to_owned(), what.to_owned()]),
    );
    let bytes = table::write_xlsx(&rows, &explained).map_err(No::failed)?;
    Ok(download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "peserta.xlsx", bytes))
}

async fn template(app: &App, staff: &Staff, selection: &str) -> Result<Vec<Vec<String>>, No> {
    let selection = selection_for(app, staff, selection, &CANDIDATE_READERS).await?.selection.id;
    let formations = app.store.formations_of_selection(selection).await?;
    let formation = formations.first().map_or("guru", |counted| counted.formation.code.as_str());
    let example = ["CONTOH-0001", "Nama Peserta", formation, "umum", "", "0", "3,25", "2000-12-31", ""];
    Ok(vec![COLUMNS.map(|(column, ..)| column.to_owned()).to_vec(), example.map(str::to_owned).to_vec()])
}

/// A file to be saved under a name.
pub(crate) fn download(media_type: &'static str, name: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(csv: &str) -> Reading {
        let formations = [("guru".to_owned(), random::id()), ("perawat".to_owned(), random::id())].into();
        Reading::of("peserta.csv", csv.as_bytes(), &formations)
    }

    #[test]
    fn every_fault_has_its_row_field_and_code() {
        let check = |line: &str, field: &str, code: &str| {
            let header = "participant_no,name,formation,category,accommodation,extra_time_minutes,gpa,birth_date,nik";
            let read = reading(&format!("{header}\n0001,Ani,guru,,,,,,\n{line}\n"));
            let found: Vec<(u32, &str, &str)> =
                read.problems.iter().map(|problem| (problem.row, problem.field.as_str(), problem.code.as_str())).collect();
            assert_eq!(found, [(3, field, code)], "{line}");
            assert_eq!(read.good.len(), 1);
        };
        check("00 02,Budi,guru,,,,,,", "participant_no", "value_bad");
        check(",Budi,guru,,,,,,", "participant_no", "value_bad");
        check("contoh-0001,Budi,guru,,,,,,", "participant_no", "example_row");
        check("0001,Budi,guru,,,,,,", "participant_no", "participant_twice");
        check("0002,,guru,,,,,,", "name", "value_bad");
        check("0002,\"Budi\nSantoso\",guru,,,,,,", "name", "value_bad");
        check("0002,Budi,dokter,,,,,,", "formation", "formation_unknown");
        check("0002,Budi,guru,Orang Umum,,,,,", "category", "value_bad");
        check("0002,Budi,guru,,,241,,,", "extra_time_minutes", "value_bad");
        check("0002,Budi,guru,,,1.5,,,", "extra_time_minutes", "value_bad");
        check("0002,Budi,guru,,,,101,,", "gpa", "value_bad");
        check("0002,Budi,guru,,,,,31-12-1999,", "birth_date", "value_bad");
        check("0002,Budi,guru,,,,,1999-02-29,", "birth_date", "value_bad");
        check("0002,Budi,guru,,,,,,367101010199000", "nik", "value_bad");
        check("0002,Budi,guru,,,,,,,,x", "", "row_long");
    }

    #[test]
    fn a_header_must_be_known_and_whole() {
        let read = reading("participant_no,name,formasi,name\n1,Ani,guru,Ani\n");
        let found: Vec<(&str, &str)> = read.problems.iter().map(|problem| (problem.field.as_str(), problem.code.as_str())).collect();
        assert_eq!(found, [("formasi", "column_unknown"), ("name", "column_twice"), ("formation", "column_missing")]);
    }

    #[test]
    fn a_good_row_is_understood() {
        let read = reading(
            "Name;Participant_No;Formation;extra_time_minutes;gpa;birth_date;nik;category\nAni Lestari;2026-0001;guru;30;3,41;2000-02-29;3671010101990001;Disabilitas\n",
        );
        assert!(!read.stops(), "{:?}", read.problems);
        let (row, candidate, formation) = &read.good[0];
        assert_eq!((*row, formation.as_str(), candidate.extra_time_s, candidate.gpa_milli), (2, "guru", 1_800, Some(3_410)));
        assert_eq!((candidate.birth_date.as_deref(), candidate.category.as_str()), (Some("2000-02-29"), "disabilitas"));
        assert!(!format!("{candidate:?}").contains("3671010101990001"));
    }

    #[test]
    fn scores_of_another_year_and_granted_adjustments_come_with_a_candidate() {
        let read =
            reading("participant_no,name,formation,prior_year,prior_twk,adjustments\n1,Ani,guru,2023,100,sertifikat\n2,Budi,guru,,,\n");
        assert!(!read.stops(), "{:?}", read.problems);
        let facts: Vec<&str> = read.good.iter().map(|(_, candidate, _)| candidate.facts_json.as_str()).collect();
        assert_eq!(facts, [r#"{"adjustments":"sertifikat","prior_twk":"100","prior_year":"2023"}"#, "{}"]);
    }

    #[test]
    fn a_flood_of_problems_is_cut_and_counted() {
        let lines: String = (0..1_500).map(|number| format!("{number},,guru\n")).collect();
        let report = reading(&format!("participant_no,name,formation\n{lines}")).report(&CandidateCounts::default(), false);
        assert_eq!(report.problems.len(), PROBLEMS_MAX + 1);
        assert_eq!(report.problems[PROBLEMS_MAX].reason, "dan 500 masalah lainnya.");
    }
}
