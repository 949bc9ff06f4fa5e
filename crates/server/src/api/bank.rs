//! The question bank: looking first and accepting then, lists, templates, export.
//!
//! Keys are for authors and the committee of the whole installation; everybody else sees faces, and no basis, which would tell the key.
//! Reading files is the work of one blocking thread at a time. Also for the command line: [`import_files`], [`export`].

use crate::answer::{Answer, No};
use crate::api::roster::candidates::download;
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use question_bank::export;
use question_bank::id::{Digest32, ItemId};
use question_bank::import::{Files, Import, ImportedItem, Mapping, SourceFile, import};
use question_bank::item::{Item, Picture};
use question_bank::key::{Key, SealedKey};
use question_bank::marks::Marks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Store;
use store::library::{BankImportId, ItemFilter, PendingImport};
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::bank::{AcceptImport, BankCell, ImportDone, ImportPreview, ItemPage, ItemView};
use wire::roster::Problem;
use wire::staff::Role;

/// Who may see items.
const READERS: [Role; 3] = [Role::Author, Role::Committee, Role::Auditor];
/// Who may see keys and change the bank, if they may for the whole installation: the bank is one.
const WRITERS: [Role; 2] = [Role::Author, Role::Committee];
/// Items of a page.
const PAGE_ITEMS: u32 = 50;
/// Items of a preview.
const PREVIEW_ITEMS: usize = 50;
/// Items read at once for an export.
const EXPORT_ITEMS: u32 = 500;
/// A preview waits so long to be accepted, milliseconds.
const PENDING_MS: i64 = 60 * 60 * 1000;
/// Characters of a search word or code.
const FIND_CHARS_MAX: usize = 200;
/// Characters of a file's name.
const NAME_CHARS_MAX: usize = 500;
/// Imports read at a time; a large one takes hundreds of megabytes.
static READING: Semaphore = Semaphore::const_new(1);

/// Uploads that are being read.
pub fn reading() -> usize {
    1 - READING.available_permits()
}

/// Routes of the bank.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(read_import))
        .routes(routes!(accept_import))
        .routes(routes!(forget_import))
        .routes(routes!(items))
        .routes(routes!(one_item))
        .routes(routes!(template_csv))
        .routes(routes!(template_xlsx))
        .routes(routes!(export_csv))
        .routes(routes!(export_zip))
}

// Import.

/// The files of an import as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form for the API's description; the fields are read one by one")]
struct ImportForm {
    /// CSV, XLSX, pictures, or a ZIP of them; one or more.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<String>,
    /// A mapping (TOML) for tables of another form.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    mapping: Option<String>,
}

/// Reads files and shows what is in them; nothing is in the bank yet.
#[utoipa::path(post, path = "/api/v1/bank/imports", tag = "bank",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportPreview), (status = 403, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn read_import(State(app): State<Shared>, staff: Staff, mut form: Multipart) -> Answer<ImportPreview> {
    staff.may(&WRITERS, None, None)?;
    let (files, mapping) = sent(&mut form).await?;
    let Import { items, pictures, problems, bad } = read(files, mapping).await?;
    let pairs: Vec<(Item, Key)> = items.into_iter().map(|ImportedItem { item, key, .. }| (item, key)).collect();
    let counts = app.store.compare_import(&pairs).await?;
    // Pictures are named by their content and so are harmless before the items that show them are accepted; the preview needs them.
    app.store.accept_import(&[], &pictures, utc_ms()).await?;
    let id = put_pending(&app, &staff, &pairs, bad).await?;
    Ok(Json(ImportPreview {
        id: id.to_string(),
        good: pairs.len() as u32,
        bad,
        new: counts.new,
        changed: counts.changed,
        unchanged: counts.unchanged,
        problems: problems.into_iter().map(problem).collect(),
        items: pairs.iter().take(PREVIEW_ITEMS).map(|(item, key)| view(item, key, true)).collect(),
    }))
}

async fn sent(form: &mut Multipart) -> Result<(Vec<SourceFile>, Option<Mapping>), No> {
    let (mut files, mut mapping) = (Vec::new(), None);
    while let Some(field) = form.next_field().await.map_err(bad_form)? {
        match field.name() {
            Some("file") => {
                let name: String = field.file_name().unwrap_or_default().chars().take(NAME_CHARS_MAX).collect();
                if files.len() >= Files::COUNT_MAX {
                    return Err(No::bad("too_many_files", "Terlalu banyak berkas dalam satu impor; gunakan ZIP."));
                }
                files.push(SourceFile { name, bytes: field.bytes().await.map_err(bad_form)?.to_vec() });
            }
            Some("mapping") => {
                let text = field.text().await.map_err(bad_form)?;
                if !text.trim().is_empty() {
                    mapping = Some(parsed_mapping(&text)?);
                }
            }
            Some(_) | None => {}
        }
    }
    if files.is_empty() {
        return Err(No::bad("file_missing", "Pilih paling sedikit satu berkas."));
    }
    Ok((files, mapping))
}

fn parsed_mapping(text: &str) -> Result<Mapping, No> {
    Mapping::parse(text.strip_prefix('\u{feff}').unwrap_or(text))
        .map_err(|bad| No::bad("mapping_bad", format!("Berkas pemetaan salah: {bad}.")))
}

/// A form that cannot be read to its end, mostly because it is too large.
pub(crate) fn bad_form(error: MultipartError) -> No {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return No::bad("too_large", "Berkas terlalu besar untuk diunggah.");
    }
    No::Bad { code: "form_bad", message: "Unggahan tidak dapat dibaca; coba lagi.".to_owned(), details: vec![error.body_text()] }
}

/// Reads files on a thread where nothing waits.
async fn read(files: Vec<SourceFile>, mapping: Option<Mapping>) -> Result<Import, No> {
    let files = match Files::new(files) {
        Ok(files) => files,
        Err(problem) => return Ok(Import { problems: vec![problem], ..Import::default() }),
    };
    let _one_at_a_time = READING.acquire().await.map_err(No::failed)?;
    tokio::task::spawn_blocking(move || import(&files, mapping.as_ref())).await.map_err(No::failed)
}

fn problem(problem: question_bank::import::Problem) -> Problem {
    let question_bank::import::Problem { file, row, field, code, reason, stops } = problem;
    Problem { file, row, field, code: code.to_owned(), reason, stops }
}

/// What waits for being accepted, as it is stored. Its keys are sealed.
#[derive(Serialize, Deserialize)]
struct Pending {
    /// Items with their sealed keys.
    items: Vec<(Item, Vec<u8>)>,
    /// Items that were left out.
    bad: u32,
}

async fn put_pending(app: &App, staff: &Staff, items: &[(Item, Key)], bad: u32) -> Result<BankImportId, No> {
    let pending = Pending { items: items.iter().map(|(item, key)| (item.clone(), key.seal().0)).collect(), bad };
    let pending = serde_json::to_vec(&pending).map_err(No::failed)?;
    let (id, at_utc_ms) = (random::id(), utc_ms());
    app.store
        .put_bank_import(&PendingImport { id, at_utc_ms, staff_id: staff.id, pending, expires_utc_ms: at_utc_ms + PENDING_MS })
        .await?;
    Ok(id)
}

/// Takes a read import into the bank.
#[utoipa::path(post, path = "/api/v1/bank/imports/{import}/accept", tag = "bank", params(("import" = String, Path)),
    request_body = AcceptImport, responses((status = 200, body = ImportDone), (status = 404, body = wire::RefusalBody), (status = 409, body = wire::RefusalBody)))]
async fn accept_import(
    State(app): State<Shared>,
    staff: Staff,
    Path(import): Path<String>,
    Json(asked): Json<AcceptImport>,
) -> Answer<ImportDone> {
    staff.may(&WRITERS, None, None)?;
    let id = pending_id(&import)?;
    let waiting = app.store.bank_import(id, utc_ms()).await.map_err(|error| match error {
        store::Error::NotFound => No::NotFound("import"),
        error => error.into(),
    })?;
    let pending: Pending = serde_json::from_slice(&waiting.pending).map_err(No::failed)?;
    if pending.bad > 0 && !asked.skip_bad {
        return Err(No::conflict(
            "import_bad_items",
            format!("Ada {} soal yang salah; perbaiki, atau terima tanpa soal itu.", pending.bad),
        ));
    }
    let open = |(item, sealed): (Item, Vec<u8>)| Ok((item, Key::open(&SealedKey(sealed)).map_err(No::failed)?));
    let items = pending.items.into_iter().map(open).collect::<Result<Vec<_>, No>>()?;
    let counts = app.store.accept_import(&items, &[], utc_ms()).await?;
    // Accepting twice is harmless, so it may have been removed by a second click.
    match app.store.remove_bank_import(id).await {
        Ok(()) | Err(store::Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    tracing::info!(by = %staff.id, new = counts.new, changed = counts.changed, "accepted an import of items");
    Ok(Json(ImportDone { new: counts.new, changed: counts.changed, unchanged: counts.unchanged, skipped: pending.bad }))
}

/// Forgets a read import.
#[utoipa::path(delete, path = "/api/v1/bank/imports/{import}", tag = "bank", params(("import" = String, Path)),
    responses((status = 204), (status = 404, body = wire::RefusalBody)))]
async fn forget_import(State(app): State<Shared>, staff: Staff, Path(import): Path<String>) -> Result<StatusCode, No> {
    staff.may(&WRITERS, None, None)?;
    app.store.remove_bank_import(pending_id(&import)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn pending_id(text: &str) -> Result<BankImportId, No> {
    text.parse().map_err(|_| No::NotFound("import"))
}

/// What an import by the command line came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What was done; none when something was wrong and nothing was stored.
    pub done: Option<ImportDone>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// Items with a stopping problem.
    pub bad: u32,
}

/// Reads files and takes them into the bank at once: all good items, or none when one is bad and `skip_bad` is not said. For the command line.
pub async fn import_files(store: &Store, files: Vec<SourceFile>, mapping: Option<Mapping>, skip_bad: bool) -> Result<Imported, No> {
    let Import { items, pictures, problems, bad } = read(files, mapping).await?;
    let problems: Vec<Problem> = problems.into_iter().map(problem).collect();
    if !skip_bad && (bad > 0 || problems.iter().any(|problem| problem.stops)) {
        return Ok(Imported { done: None, problems, bad });
    }
    let pairs: Vec<(Item, Key)> = items.into_iter().map(|ImportedItem { item, key, .. }| (item, key)).collect();
    let counts = store.accept_import(&pairs, &pictures, utc_ms()).await?;
    let done = ImportDone { new: counts.new, changed: counts.changed, unchanged: counts.unchanged, skipped: bad };
    Ok(Imported { done: Some(done), problems, bad })
}

// Lists.

/// Which items.
#[derive(Deserialize, IntoParams)]
#[serde(default)]
struct Which {
    /// Only this section.
    section: String,
    /// Only this topic.
    topic: String,
    /// Only this subtopic.
    subtopic: String,
    /// Code or question contains this.
    find: String,
    /// Page, from 1.
    page: u32,
}

impl Default for Which {
    fn default() -> Self {
        Which { section: String::new(), topic: String::new(), subtopic: String::new(), find: String::new(), page: 1 }
    }
}

impl Which {
    fn filter(self) -> ItemFilter {
        let cut = |text: String| text.chars().take(FIND_CHARS_MAX).collect::<String>();
        ItemFilter {
            section: cut(self.section),
            topic: cut(self.topic),
            subtopic: cut(self.subtopic),
            find: cut(self.find),
            page: self.page.saturating_sub(1),
            page_items: PAGE_ITEMS,
        }
    }
}

/// Items of the bank, and its table of contents.
#[utoipa::path(get, path = "/api/v1/bank/items", tag = "bank", params(Which), responses((status = 200, body = ItemPage)))]
async fn items(State(app): State<Shared>, staff: Staff, Query(asked): Query<Which>) -> Answer<ItemPage> {
    staff.may_anywhere(&READERS)?;
    let page = app.store.latest_items(&asked.filter()).await?;
    let cells = app.store.bank_cells().await?.into_iter();
    let cells = cells.map(|cell| BankCell { section: cell.section, topic: cell.topic, subtopic: cell.subtopic, items: cell.items });
    Ok(Json(ItemPage { total: page.total, items: views(&app.store, &staff, page.items).await?, cells: cells.collect() }))
}

/// One item in its latest version.
#[utoipa::path(get, path = "/api/v1/bank/items/{code}", tag = "bank", params(("code" = String, Path)),
    responses((status = 200, body = ItemView), (status = 404, body = wire::RefusalBody)))]
async fn one_item(State(app): State<Shared>, staff: Staff, Path(code): Path<String>) -> Answer<ItemView> {
    staff.may_anywhere(&READERS)?;
    let item = latest(&app.store, &code).await?.ok_or(No::NotFound("item"))?;
    let found = views(&app.store, &staff, vec![item]).await?.into_iter().next();
    found.map(Json).ok_or(No::NotFound("item"))
}

/// The item of this code or id. The pages ask by id, people by code.
async fn latest(store: &Store, code: &str) -> Result<Option<Item>, No> {
    let id: Option<ItemId> = code.parse().ok();
    let find = if id.is_some() { String::new() } else { code.chars().take(FIND_CHARS_MAX).collect() };
    for page in 0.. {
        let found = store.latest_items(&ItemFilter { find: find.clone(), page, page_items: EXPORT_ITEMS, ..ItemFilter::default() }).await?;
        let last = found.items.len() < EXPORT_ITEMS as usize;
        let wanted = found.items.into_iter().find(|item| item.code == code || Some(item.id) == id);
        if wanted.is_some() || last {
            return Ok(wanted);
        }
    }
    Ok(None)
}

async fn views(store: &Store, staff: &Staff, items: Vec<Item>) -> Result<Vec<ItemView>, No> {
    let with_keys = staff.may(&WRITERS, None, None).is_ok();
    let versions: Vec<(ItemId, u32)> = items.iter().map(|item| (item.id, item.version)).collect();
    let keys = store.keys_of_versions(&versions).await?;
    Ok(items.iter().zip(&keys).map(|(item, (_, _, key))| view(item, key, with_keys)).collect())
}

fn view(item: &Item, key: &Key, with_key: bool) -> ItemView {
    let Item { id, version, code, cell, face, basis } = item.clone();
    ItemView {
        id: id.to_string(),
        version,
        code,
        section: cell.section,
        topic: cell.topic,
        subtopic: cell.subtopic,
        level: cell.level.to_string(),
        difficulty: cell.difficulty.to_string(),
        language: face.language,
        rule: key.rule().code().to_owned(),
        stem: face.stem,
        choices: face.choices,
        weights: if with_key { key.weights().iter().map(Marks::to_string).collect() } else { Vec::new() },
        blank: key.blank().to_string(),
        // The basis is the reason why the key is right.
        basis: if with_key { basis } else { String::new() },
    }
}

// Templates and export.

/// An empty question table with examples, as CSV.
#[utoipa::path(get, path = "/api/v1/bank/template.csv", tag = "bank", responses((status = 200, description = "text/csv")))]
async fn template_csv(staff: Staff) -> Result<Response, No> {
    staff.may_anywhere(&READERS)?;
    Ok(download("text/csv; charset=utf-8", "soal.csv", export::template_csv()))
}

/// The same as a workbook; a second sheet explains the columns.
#[utoipa::path(get, path = "/api/v1/bank/template.xlsx", tag = "bank", responses((status = 200, description = "XLSX")))]
async fn template_xlsx(staff: Staff) -> Result<Response, No> {
    staff.may_anywhere(&READERS)?;
    let bytes = tokio::task::spawn_blocking(export::template_xlsx).await.map_err(No::failed)?;
    Ok(download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "soal.xlsx", bytes))
}

/// The whole bank with its keys, as a question table.
#[utoipa::path(get, path = "/api/v1/bank/export.csv", tag = "bank", responses((status = 200, description = "text/csv"), (status = 403, body = wire::RefusalBody)))]
async fn export_csv(State(app): State<Shared>, staff: Staff) -> Result<Response, No> {
    staff.may(&WRITERS, None, None)?;
    tracing::info!(by = %staff.id, "exported the bank");
    Ok(download("text/csv; charset=utf-8", "soal.csv", export(&app.store, ExportForm::Table).await?))
}

/// The whole bank with its keys and pictures, as one ZIP file that can be imported again.
#[utoipa::path(get, path = "/api/v1/bank/export.zip", tag = "bank", responses((status = 200, description = "ZIP"), (status = 403, body = wire::RefusalBody)))]
async fn export_zip(State(app): State<Shared>, staff: Staff) -> Result<Response, No> {
    staff.may(&WRITERS, None, None)?;
    tracing::info!(by = %staff.id, "exported the bank");
    Ok(download("application/zip", "soal.zip", export(&app.store, ExportForm::Package).await?))
}

/// In which form the bank leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// CSV; pictures only by name.
    Table,
    /// ZIP of the table and its pictures.
    Package,
}

/// The whole bank, latest versions, keys included: who may have it is the caller's question.
pub async fn export(store: &Store, form: ExportForm) -> Result<Vec<u8>, No> {
    let mut pairs: Vec<(Item, Key)> = Vec::new();
    for page in 0.. {
        let found = store.latest_items(&ItemFilter { page, page_items: EXPORT_ITEMS, ..ItemFilter::default() }).await?.items;
        let versions: Vec<(ItemId, u32)> = found.iter().map(|item| (item.id, item.version)).collect();
        let keys = store.keys_of_versions(&versions).await?.into_iter().map(|(_, _, key)| key);
        pairs.extend(found.into_iter().zip(keys));
        if versions.len() < EXPORT_ITEMS as usize {
            break;
        }
    }
    let mut pictures: BTreeMap<Digest32, Picture> = BTreeMap::new();
    for hash in pairs.iter().flat_map(|(item, _)| pictures_of(item)) {
        if let std::collections::btree_map::Entry::Vacant(place) = pictures.entry(hash) {
            place.insert(store.picture(hash).await?);
        }
    }
    let write = move || {
        let rows: Vec<(&Item, &Key)> = pairs.iter().map(|(item, key)| (item, key)).collect();
        match form {
            ExportForm::Table => export::export_csv(&rows, &|hash| pictures.get(&hash).map(|picture| picture.media_type)),
            ExportForm::Package => export::export_zip(&rows, &pictures.into_values().collect::<Vec<_>>()),
        }
    };
    tokio::task::spawn_blocking(write).await.map_err(No::failed)
}

/// The pictures an item shows: `/media/` and 64 hexadecimal digits, as the importer writes them.
fn pictures_of(item: &Item) -> Vec<Digest32> {
    let texts = std::iter::once(&item.face.stem).chain(&item.face.choices);
    texts.flat_map(|text| text.split("<img src=\"/media/").skip(1)).filter_map(|rest| rest.get(..64)?.parse().ok()).collect()
}
