//! The demonstration of `serve --demo`: a whole selection with its bank, people and an open sitting, so that a newcomer can check somebody in at
//! once. Everything in it is invented.
//!
//! It is made through the same functions as a real selection, and only in an installation that is otherwise empty: its passwords are shown to
//! everybody who asks, which must never happen to anything real.

use crate::answer::{Answer, No};
use crate::api::papers;
use crate::api::roster::{candidates, change, halls, phase, placement};
use crate::api::{bank, roster, rule_sets};
use crate::app::{App, Shared};
use crate::auth::{self, Grant, Role, stored_role};
use crate::clock::utc_ms;
use crate::random;
use axum::Json;
use axum::extract::State;
use exam_session::command::{Actor, Order, Preparation, SittingOrder};
use question_bank::blueprint::{Blueprint, Cell, Section};
use question_bank::id::{FormationId, HallId, SelectionId, SittingId, StageId};
use question_bank::import::SourceFile;
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::library::ItemFilter;
use store::roster::{By, Formation, Hall, NewStage, Selection, Sitting};
use store::staff::{NewStaff, StaffChange};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::proctor::SittingPhase;
use wire::roster::{FormationLine, SelectionPolicy, SittingPolicyBody};

/// The demo bank: tables and their pictures.
#[derive(RustEmbed)]
#[folder = "../../content/demo/bank"]
struct Bank;

/// Sixty invented people.
const CANDIDATES: &str = include_str!("demo/peserta.csv");
/// Candidates named on the start page.
const CANDIDATES_SHOWN: usize = 8;
/// Where the credentials are kept, in the data directory.
const FILE: &str = "demo.json";
/// How far the demonstration is, in the store: `begun` or `done`.
const MARK: &str = "demo";
/// Code of the selection.
const CODE: &str = "demo";
const TITLE: &str = "Seleksi CPNS Kota Tangerang (demo)";
const HOUR_MS: i64 = 60 * 60 * 1000;

/// Login, name and role of everybody who works in the demonstration.
const STAFF: [(&str, &str, Role); 8] = [
    ("registrar", "Rini Andarwati", Role::Registrar),
    ("pengawas", "Hendra Gunadi", Role::Proctor),
    ("pengawas2", "Sri Wahyudiati", Role::Proctor),
    ("panitia", "Ani Mulyasari", Role::Committee),
    ("panitia2", "Bambang Sutejo", Role::Committee),
    ("penulis", "Ratna Widuri", Role::Author),
    ("auditor", "Yusuf Alamsyahputra", Role::Auditor),
    ("admin", "Dedi Kurniadi", Role::Admin),
];

/// Code, title, slots and topic of the technical items of each formation, and the technical subtopics.
const FORMATIONS: [(&str, &str, u32, &str, [&str; 3]); 3] = [
    ("guru", "Guru Ahli Pertama", 8, "guru", ["pedagogik", "asesmen", "konten"]),
    ("perawat", "Perawat Ahli Pertama", 6, "kesehatan", ["keperawatan", "keselamatan-pasien", "kesehatan-masyarakat"]),
    ("prakom", "Pranata Komputer Ahli Pertama", 4, "komputer", ["pemrograman", "basis-data", "jaringan-keamanan"]),
];

/// Code, title, rows, columns and spare seats of each hall.
const HALLS: [(&str, &str, u16, u16, u16); 2] = [("aula-bkpsdm", "Aula BKPSDM", 8, 8, 4), ("lab-smkn", "Laboratorium SMKN", 4, 6, 2)];

/// Who may sign in, and what to do first; also the answer of `GET /api/v1/demo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DemoCredentials {
    /// Title of the selection.
    pub selection: String,
    /// The first candidates.
    pub candidates: Vec<DemoCandidate>,
    /// Staff with their passwords.
    pub staff: Vec<DemoStaff>,
    /// What to do, step by step, in Indonesian.
    pub steps: Vec<String>,
}

/// A candidate to try with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DemoCandidate {
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
}

/// A staff member to try with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DemoStaff {
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
    /// Name.
    pub name: String,
    /// Code of the role.
    pub role: String,
}

/// Why there is no demonstration; the text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its passwords are public, so it is never added to something real.
    #[error("set up the demonstration: the data directory is in use for something else; give it an empty one with --data")]
    NotEmpty,
    /// The file of credentials.
    #[error("keep the credentials of the demonstration in {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store.
    #[error("store the demonstration")]
    Store(#[from] store::Error),
    /// Something in it is refused, which is a mistake in this program or its content.
    #[error("set up the demonstration: {0}")]
    Refused(String),
}

impl From<No> for Error {
    fn from(no: No) -> Self {
        match no {
            No::Failed(error) => Error::Refused(crate::answer::with_causes(&*error)),
            no => Error::Refused(format!("{no:?}")),
        }
    }
}

/// Routes of the demonstration.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(demo))
}

/// What there is to try, and who may sign in; only with `--demo`.
#[utoipa::path(get, path = "/api/v1/demo", tag = "public",
    responses((status = 200, body = DemoCredentials), (status = 404, body = wire::RefusalBody)))]
async fn demo(State(app): State<Shared>) -> Answer<DemoCredentials> {
    if !app.config.demo {
        return Err(No::NotFound("demo"));
    }
    let dir = app.config.data.clone();
    let kept = tokio::task::spawn_blocking(move || read(&dir)).await.map_err(No::failed)?;
    kept.map_err(No::failed)?.map(Json).ok_or(No::NotFound("demo"))
}

/// Sets the demonstration up, or goes on where it was interrupted, or does nothing when it is there; says who may sign in.
pub async fn seed(app: &Shared) -> Result<DemoCredentials, Error> {
    let mark = app.store.installation_get(MARK).await?;
    if mark.is_none() {
        if !is_empty(app).await? {
            return Err(Error::NotEmpty);
        }
        app.store.installation_put(MARK, b"begun").await?;
    }
    let (credentials, fresh) = match read(&app.config.data)? {
        Some(kept) => (kept, false),
        None => (new_credentials(), true),
    };
    if fresh {
        write(&app.config.data, &credentials)?;
    }
    // Without the file nobody knows the passwords any more, so they are made anew.
    if fresh || mark.as_deref() != Some(b"done") {
        add_staff(app, &credentials).await?;
    }
    if mark.as_deref() != Some(b"done") {
        import_bank(app).await?;
        let shared = Arc::clone(app);
        change(async move { set_up(&shared).await }).await?;
        app.store.installation_put(MARK, b"done").await?;
        tracing::info!("set up the demonstration");
    }
    keep_open(app).await?;
    Ok(credentials)
}

async fn is_empty(app: &App) -> Result<bool, Error> {
    let items = app.store.latest_items(&ItemFilter { page_items: 1, ..ItemFilter::default() }).await?.total;
    Ok(items == 0 && app.store.selections().await?.is_empty() && app.store.staff_all(utc_ms()).await?.is_empty())
}

// Credentials.

impl DemoCredentials {
    /// Addresses and credentials as a table for the terminal the server was started from.
    pub fn table(&self, address: &str) -> String {
        let page = |role: &str| match role {
            "registrar" => "/meja",
            "proctor" => "/pengawas",
            _ => "/panitia",
        };
        let mut text = format!(
            "\nDemo: {}\n  {address}/          mulai di sini\n  {address}/ujian     peserta\n  {address}/papan     papan peringkat\n\n",
            self.selection
        );
        text.push_str("  nama pengguna  kata sandi        halaman    nama\n");
        for person in &self.staff {
            text.push_str(&format!("  {:13}  {:16}  {:9}  {}\n", person.login, person.password, page(&person.role), person.name));
        }
        let numbers: Vec<&str> = self.candidates.iter().take(3).map(|candidate| candidate.participant_no.as_str()).collect();
        text.push_str(&format!("\n  peserta: {}, ...; PIN diberikan di /meja\n", numbers.join(", ")));
        text
    }
}

fn new_credentials() -> DemoCredentials {
    let staff = STAFF.map(|(login, name, role)| DemoStaff {
        login: login.to_owned(),
        password: auth::new_password(),
        name: name.to_owned(),
        role: stored_role(role).code().to_owned(),
    });
    let cells = CANDIDATES.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let candidates = cells.filter_map(|cells| match cells[..] {
        [number, name, ..] => Some(DemoCandidate { participant_no: number.to_owned(), name: name.to_owned() }),
        _ => None,
    });
    DemoCredentials {
        selection: TITLE.to_owned(),
        candidates: candidates.take(CANDIDATES_SHOWN).collect(),
        staff: staff.into(),
        steps: STEPS.map(str::to_owned).into(),
    }
}

const STEPS: [&str; 8] = [
    "Buka /meja sebagai registrar, cari peserta 2026-0001, nyatakan identitasnya cocok dan catat dokumennya, lalu daftarkan hadir: nomor kursi dan PIN muncul.",
    "Buka /ujian seolah-olah komputer di ruang ujian, masuk dengan nomor peserta dan PIN itu, lalu setujui tata tertib.",
    "Buka /pengawas sebagai pengawas, pilih sesi skb-01, lalu tekan mulai: pintunya sudah terbuka.",
    "Kembali ke /ujian dan mulai mengerjakan. Setiap pilihan tersimpan begitu dipilih; coba muat ulang halaman di tengah ujian.",
    "Buka /papan untuk melihat peringkat langsung; baris peserta bergerak setiap lima soal yang baru dijawab.",
    "Selesaikan ujian di /ujian, lalu tutup sesi di /pengawas. Menghentikan ujian seseorang memerlukan persetujuan pengawas2.",
    "Buka /panitia sebagai panitia, bagian Hasil: isi hitungan tangan, hitung, tetapkan revisi 1, lalu umumkan; pengumumannya ada di /hasil.",
    "Buka /sanggah sebagai peserta 2026-0001 dengan NIK 9900000000000001 dan tanggal lahir 1993-07-17, sesudah panitia membuka masa sanggah.",
];

fn read(dir: &Path) -> Result<Option<DemoCredentials>, Error> {
    let path = dir.join(FILE);
    let wrong = |source| Error::File { path: path.clone(), source };
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| wrong(error.into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(error)),
    }
}

/// Written beside and put in place whole, readable for its owner only.
fn write(dir: &Path, credentials: &DemoCredentials) -> Result<(), Error> {
    let (path, beside) = (dir.join(FILE), dir.join("demo.json.new"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = serde_json::to_vec_pretty(credentials).map_err(std::io::Error::from).and_then(|bytes| {
        let mut file = options.open(&beside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, &path)
    });
    written.map_err(|source| Error::File { path, source })
}

async fn add_staff(app: &App, credentials: &DemoCredentials) -> Result<(), Error> {
    for ((login, name, role), person) in STAFF.into_iter().zip(&credentials.staff) {
        let password_hash = app.passwords.hash(person.password.clone()).await?;
        if let Some(known) = app.store.staff_by_login(login).await? {
            let change = StaffChange { password_hash: Some(password_hash), ..StaffChange::default() };
            app.store.change_staff(known.staff.id, &change).await?;
            continue;
        }
        let grants = vec![Grant { role: stored_role(role), selection_id: None, hall_id: None }];
        let (login, name) = (login.to_owned(), name.to_owned());
        app.store.add_staff(&NewStaff { id: random::id(), login, name, password_hash, created_utc_ms: utc_ms(), grants }).await?;
    }
    Ok(())
}

// The selection. Every step looks first: an interrupted start goes on where it was.

async fn import_bank(app: &App) -> Result<(), Error> {
    let file =
        |name: std::borrow::Cow<'static, str>| Some(SourceFile { bytes: Bank::get(&name)?.data.into_owned(), name: name.into_owned() });
    let files: Vec<SourceFile> = Bank::iter().filter_map(file).collect();
    let imported = bank::import_files(&app.store, files, None, false).await?;
    match imported.done {
        Some(_) => Ok(()),
        None => {
            let first = imported.problems.into_iter().find(|problem| problem.stops);
            Err(Error::Refused(format!("the demo bank is not in order: {first:?}")))
        }
    }
}

async fn set_up(app: &Shared) -> Result<(), No> {
    let committee = app.store.staff_by_login("panitia").await?.ok_or(No::NotFound("staff"))?.staff.id;
    let by = || By { staff_id: committee, at_utc_ms: utc_ms() };
    let selection = selection(app).await?;
    rule_set(app, selection, by()).await?;
    let formations = formations(app, selection).await?;
    let hall = halls_made(app, selection).await?;
    let stage = stage(app, selection, &formations).await?;
    let sitting = sitting(app, selection, stage, hall).await?;
    let report = candidates::import_table(app, selection, "peserta.csv", CANDIDATES.as_bytes()).await?;
    if !report.accepted {
        return Err(No::failed(format!("the demo candidates are not in order: {:?}", report.problems.first())));
    }
    if phase(app, sitting).await? != SittingPhase::Planned {
        return Ok(());
    }
    placement::fill(app, stage, &[sitting], true, by()).await?;
    papers::draw(app, sitting, by()).await?;
    open_doors(app, sitting).await
}

async fn selection(app: &App) -> Result<SelectionId, No> {
    let all = app.store.selections().await?;
    if let Some(known) = all.iter().find(|counted| counted.selection.code == CODE) {
        return Ok(known.selection.id);
    }
    let selection = Selection {
        id: random::id(),
        code: CODE.to_owned(),
        title: TITLE.to_owned(),
        organiser: "BKPSDM Kota Tangerang".to_owned(),
        policy_json: serde_json::to_string(&SelectionPolicy::default()).map_err(No::failed)?,
        created_utc_ms: utc_ms(),
    };
    app.store.add_selection(&selection).await?;
    Ok(selection.id)
}

/// The rule set of a city's own test.
async fn rule_set(app: &App, selection: SelectionId, by: By) -> Result<(), No> {
    let text = rules::shipped::text("bkpsdm-3").ok_or(No::NotFound("rule set"))?;
    let texts = crate::results::rule_set::read(text).map_err(|problems| No::failed(format!("{problems:?}")))?;
    rule_sets::put(app, selection, &texts, "", by).await
}

/// The formations in the order of [`FORMATIONS`].
async fn formations(app: &App, selection_id: SelectionId) -> Result<Vec<FormationId>, No> {
    let known = app.store.formations_of_selection(selection_id).await?;
    let mut ids = Vec::new();
    for (code, title, slots, ..) in FORMATIONS {
        if let Some(known) = known.iter().find(|counted| counted.formation.code == code) {
            ids.push(known.formation.id);
            continue;
        }
        let line_json = serde_json::to_string(&FormationLine { category: "umum".to_owned(), ..FormationLine::default() });
        let formation = Formation {
            id: random::id(),
            selection_id,
            code: code.to_owned(),
            title: title.to_owned(),
            slots,
            line_json: line_json.map_err(No::failed)?,
        };
        app.store.add_formation(&formation).await?;
        ids.push(formation.id);
    }
    Ok(ids)
}

/// Makes the halls and says which is the first.
async fn halls_made(app: &App, selection_id: SelectionId) -> Result<HallId, No> {
    for (code, title, rows, columns, spare) in HALLS {
        if !app.store.halls_of_selection(selection_id).await?.iter().any(|hall| hall.code == code) {
            let hall = Hall { id: random::id(), selection_id, code: code.to_owned(), title: title.to_owned() };
            app.store.add_hall(&hall, &halls::grid(hall.id, rows, columns, spare)?).await?;
        }
    }
    let all = app.store.halls_of_selection(selection_id).await?;
    all.iter().find(|hall| hall.code == HALLS[0].0).map(|hall| hall.id).ok_or(No::NotFound("hall"))
}

async fn stage(app: &App, selection_id: SelectionId, formations: &[FormationId]) -> Result<StageId, No> {
    let known = app.store.stages_of_selection(selection_id).await?.into_iter().next().map(|stage| stage.id);
    let stage = match known {
        Some(stage) => stage,
        None => {
            let stage = NewStage { id: random::id(), selection_id, code: "skb".to_owned(), title: "Seleksi Kompetensi".to_owned() };
            app.store.add_stage(&stage).await?;
            stage.id
        }
    };
    let put = app.store.blueprints_of_stage(stage).await?;
    for (formation, (_, _, _, topic, subtopics)) in formations.iter().zip(FORMATIONS) {
        if !put.iter().any(|(of, _)| *of == Some(*formation)) {
            app.store.put_blueprint(stage, Some(*formation), &blueprint(topic, subtopics)?).await?;
        }
    }
    Ok(stage)
}

/// 110 items in 90 minutes: what everybody has to know, what one has to know here, and the trade.
fn blueprint(topic: &str, subtopics: [&str; 3]) -> Result<Blueprint, No> {
    let of_topic = |(topic, count): (&str, u16)| Cell { topic: Some(topic.to_owned()), count, ..Cell::default() };
    let of_subtopic = |(subtopic, count): (&str, u16)| Cell { subtopic: Some(subtopic.to_owned()), ..of_topic((topic, count)) };
    let section = |code: &str, title: &str, cells: Vec<Cell>| Section {
        code: code.to_owned(),
        title: title.to_owned(),
        duration_s: None,
        linear: false,
        shuffle_items: true,
        shuffle_choices: true,
        cells,
    };
    let [first, second, third] = subtopics;
    let blueprint = Blueprint {
        sections: vec![
            section(
                "umum",
                "Pengetahuan Umum",
                [("kewarganegaraan", 12), ("bahasa", 10), ("numerik", 10), ("figural", 8)].map(of_topic).into(),
            ),
            section("lokal", "Muatan Lokal", [("geografi", 8), ("sejarah", 7), ("budaya", 7), ("pemerintahan", 8)].map(of_topic).into()),
            section("bidang", "Kompetensi Bidang", [(first, 10), (second, 10), (third, 8), ("situasional", 12)].map(of_subtopic).into()),
        ],
        duration_s: 90 * 60,
        tie_order: ["bidang", "umum", "lokal"].map(str::to_owned).into(),
    };
    blueprint.check().map_err(No::failed)?;
    Ok(blueprint)
}

/// A sitting whose window of check-in is open from now on for half a day.
async fn sitting(app: &App, selection: SelectionId, stage_id: StageId, hall_id: HallId) -> Result<SittingId, No> {
    if let Some(known) = app.store.sittings_of_selection(selection).await?.first() {
        return Ok(known.sitting.id);
    }
    let policy = SittingPolicyBody {
        check_in_opens_before_s: 24 * 3600,
        check_in_closes_before_s: 60,
        latest_start_after_s: 12 * 3600,
        pin_valid_s: 12 * 3600,
        ..SittingPolicyBody::default()
    };
    let sitting = Sitting {
        id: random::id(),
        stage_id,
        hall_id,
        code: "skb-01".to_owned(),
        starts_utc_ms: in_twelve_hours(),
        policy_json: serde_json::to_string(&policy).map_err(No::failed)?,
    };
    app.store.add_sitting(&sitting).await?;
    roster::reload(app, sitting.id).await?;
    Ok(sitting.id)
}

/// The full hour nearest to twelve hours from now.
fn in_twelve_hours() -> i64 {
    (utc_ms() + 12 * HOUR_MS + HOUR_MS / 2) / HOUR_MS * HOUR_MS
}

/// A demonstration that is started again on another day: sittings that nobody has started yet move to today, so that check-in is open.
async fn keep_open(app: &App) -> Result<(), No> {
    for hall in app.halls.all() {
        let waits = matches!(phase(app, hall.sitting()).await?, SittingPhase::Planned | SittingPhase::Open);
        if waits && hall.facts().starts_utc_ms < utc_ms() + HOUR_MS {
            let row = app.store.sitting_by_id(hall.sitting()).await?;
            app.store.change_sitting(row.sitting, &row.code, in_twelve_hours(), &row.policy_json).await?;
            roster::reload(app, row.sitting).await?;
            tracing::info!(sitting = %row.sitting, "moved a sitting of the demonstration to today");
        }
    }
    Ok(())
}

async fn open_doors(app: &App, sitting: SittingId) -> Result<(), No> {
    let hall = app.halls.find(sitting).await?;
    let prepared = |person: &crate::hall::Person| {
        let paper = person.paper.as_ref()?.digest();
        Some(Preparation { session: person.session, paper, base_ms: person.base_ms, extra_ms: person.extra_ms })
    };
    let preparations: Vec<Preparation> = hall.facts().people.iter().filter_map(prepared).collect();
    hall.command(Actor::System, None, random::id(), Order::Sitting(SittingOrder::Open(preparations))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_everybody_once() {
        let credentials = new_credentials();
        let table = credentials.table("http://127.0.0.1:8080");
        assert_eq!(credentials.candidates.len(), CANDIDATES_SHOWN);
        for person in &credentials.staff {
            assert_eq!(table.matches(person.password.as_str()).count(), 1, "{}", person.login);
        }
        assert!(table.contains("http://127.0.0.1:8080/ujian") && table.contains("2026-0001"), "{table}");
    }
}
