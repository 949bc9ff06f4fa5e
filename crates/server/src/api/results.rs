//! The committee's results: computed from the journals' states, adopted as a first revision, kept for ever.

use crate::answer::{Answer, No};
use crate::api::rule_sets::misfits_of;
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use crate::results::computed::{Computed, Error, FORMATIONS_FILE, RESULTS_FILE, SCORES_FILE, SOURCES_FILE};
use crate::results::gathered::{Gathered, Outcome, Unready, gather};
use crate::results::reconciled::{reconcile, total};
use crate::results::rule_set::RULES_FILE;
use crate::results::sat::Sat;
use crate::results::second::check_results;
use crate::results::shown::{self, Names};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use exam_session::sitting::SittingPhase;
use question_bank::id::{RevisionId, SittingId, StageId};
use rules::explain::Language;
use store::results::{AttendanceCount, DifferenceExplained, NewRevision, Revision};
use store::roster::{By, Stage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::results::{
    AdoptFirst, Change, Computation, ExplainDifference, Explanation, PutAttendanceCount, Reconciliation, RevisionDetail, RevisionView,
};
use wire::rule_sets::TwoLanguages;
use wire::staff::Role;

/// Who may look at results that are not public.
pub(crate) const READERS: [Role; 2] = [Role::Committee, Role::Auditor];
/// Characters of a reason or remark.
pub(crate) const REASON_CHARS_MAX: usize = 2_000;

/// Routes of results.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(computation))
        .routes(routes!(explanation))
        .routes(routes!(revisions, adopt))
        .routes(routes!(revision))
        .routes(routes!(revision_file))
        .routes(routes!(reconciliation))
        .routes(routes!(attendance_count, put_attendance_count))
        .routes(routes!(explain_difference))
}

/// A stage that somebody in one of these roles asks about.
pub(crate) async fn stage_for(app: &App, staff: &Staff, stage: &str, roles: &[Role]) -> Result<Stage, No> {
    let stage: StageId = stage.parse().map_err(|_| No::NotFound("stage"))?;
    let stage = app.store.stage_by_id(stage).await?;
    staff.may(roles, Some(stage.selection_id), None)?;
    Ok(stage)
}

/// Everything the results of a stage follow from, as it is now.
pub(crate) async fn gathered(app: &App, stage: &Stage) -> Result<Gathered, No> {
    let stages = app.store.stages_of_selection(stage.selection_id).await?;
    let up_to_this = |id: StageId| stages.iter().any(|one| one.id == id && one.ordinal <= stage.ordinal);
    let sat = sittings(app, up_to_this).await?;
    Ok(gather(&app.store, &app.config.data, stage, sat).await?)
}

/// Sittings of stages, as they are now, by start and code.
pub(crate) async fn sittings(app: &App, wanted: impl Fn(StageId) -> bool) -> Result<Vec<Sat>, No> {
    let mut sat = Vec::new();
    for hall in app.halls.every().await?.into_iter().filter(|hall| wanted(hall.facts().stage)) {
        sat.push(hall.read(|state| Sat::new(state.facts(), state.owner().sitting(), state.owner().journal_head())).await?);
    }
    sat.sort_by(|one, other| (one.facts.starts_utc_ms, &one.facts.code).cmp(&(other.facts.starts_utc_ms, &other.facts.code)));
    Ok(sat)
}

impl From<Unready> for No {
    fn from(unready: Unready) -> Self {
        match unready {
            Unready::Obstacles(details) => No::Bad { code: "not_ready", message: "Hasil belum dapat dihitung.".to_owned(), details },
            Unready::Store(error) => error.into(),
            damaged @ Unready::Damaged(_) => No::failed(damaged),
        }
    }
}

impl From<Error> for No {
    fn from(error: Error) -> Self {
        match error.sentences() {
            Some(details) => No::Bad { code: "inputs_faulty", message: "Data belum sesuai dengan himpunan aturan.".to_owned(), details },
            None => No::failed(error),
        }
    }
}

/// Computes on a thread where nothing waits.
pub(crate) async fn compute(gathered: Gathered, further: Option<Change>) -> Result<(Gathered, Outcome), No> {
    let done = tokio::task::spawn_blocking(move || gathered.compute(further.as_ref()).map(|outcome| (gathered, outcome)));
    Ok(done.await.map_err(No::failed)??)
}

/// The newest revision of a stage.
pub(crate) async fn newest(app: &App, stage: StageId) -> Result<Option<Revision>, No> {
    Ok(app.store.revisions_of_stage(stage).await?.into_iter().next())
}

/// A stored revision, computed again from its own files.
pub(crate) async fn stored(app: &App, revision: RevisionId) -> Result<Computed, No> {
    let files = app.store.revision_files(revision).await?;
    Ok(tokio::task::spawn_blocking(move || Computed::from_files(files)).await.map_err(No::failed)??)
}

/// Names as the committee sees them.
pub(crate) async fn names(app: &App, stage: &Stage) -> Result<Names, No> {
    let formations = app.store.formations_of_selection(stage.selection_id).await?.into_iter();
    let people = app.store.applicants_of_selection(stage.selection_id).await?.into_iter();
    Ok(Names {
        formations: formations.map(|counted| (counted.formation.code, counted.formation.title)).collect(),
        people: people.map(|applicant| (applicant.participant_no, applicant.name)).collect(),
    })
}

/// Computes a stage's results as they would be now; nothing changes by that.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/computation", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = Computation), (status = 422, body = wire::RefusalBody)))]
async fn computation(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<Computation> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let (gathered, outcome) = compute(gathered(&app, &stage).await?, None).await?;
    let current = newest(&app, stage.id).await?;
    let unchanged = match &current {
        Some(current) => current.input_hash == outcome.computed.input_hash && current.results_hash == outcome.computed.results_hash,
        None => false,
    };
    let obstacles = obstacles(&app, &stage, &gathered, &outcome).await?;
    let remarks = remarks(&gathered, &outcome);
    let results = shown::results(&outcome.computed, &gathered.names, outcome.second_scorer).map_err(No::failed)?;
    Ok(Json(Computation { results, current: current.map(view), unchanged, obstacles, remarks }))
}

/// Sittings of the stage that still go on: while they do, no revision is adopted.
pub(crate) fn unclosed(gathered: &Gathered) -> Vec<String> {
    let goes_on = |sat: &&Sat| !sat.facts.people.is_empty() && sat.phase != SittingPhase::Closed;
    gathered.sittings.iter().filter(goes_on).map(|sat| format!("Sesi {} belum ditutup.", sat.facts.code)).collect()
}

/// Differences to the proctors' counts that nobody has explained, in a sentence.
pub(crate) async fn unexplained(app: &App, sittings: &[Sat]) -> Result<Option<String>, No> {
    let unexplained = reconciled(app, sittings).await?.unexplained;
    Ok((unexplained > 0).then(|| format!("Rekonsiliasi: {unexplained} selisih belum dijelaskan.")))
}

/// What stands in the way of a first revision.
async fn obstacles(app: &App, stage: &Stage, gathered: &Gathered, outcome: &Outcome) -> Result<Vec<String>, No> {
    let mut obstacles = unclosed(gathered);
    if gathered.sittings.iter().all(|sat| sat.facts.people.is_empty()) {
        obstacles.push("Belum ada peserta pada tahap ini.".to_owned());
    }
    obstacles.extend(misfits_of(app, stage.selection_id, &gathered.texts.rules).await?);
    obstacles.extend(unexplained(app, &gathered.sittings).await?);
    if !outcome.second_scorer.agrees {
        obstacles.push("Penghitung kedua menemukan perbedaan.".to_owned());
    }
    Ok(obstacles)
}

fn remarks(gathered: &Gathered, outcome: &Outcome) -> Vec<String> {
    let mut remarks = outcome.remarks.clone();
    remarks.extend(screens_differ(gathered));
    let late: u32 = gathered.sittings.iter().map(|sat| sat.late_waiting).sum();
    if late > 0 {
        remarks.push(format!("{late} jawaban terlambat tersimpan sebagai bukti dan tidak dihitung."));
    }
    let undecided = outcome.computed.outcomes.of.iter().filter(|outcome| outcome.undecided).count();
    if undecided > 0 {
        remarks.push(format!("{undecided} peserta bernilai sama sampai kunci terakhir: menunggu keputusan panitia."));
    }
    remarks
}

/// Screens order by the blueprint, results by the rule set: where the two differ somebody should know before the lists are out.
fn screens_differ(gathered: &Gathered) -> Option<String> {
    let of_rules = gathered.tie_order();
    let differs = |sat: &&Sat| sat.facts.people.iter().any(|person| person.scheme.tie_order().ne(of_rules.iter().map(String::as_str)));
    let differing = gathered.sittings.iter().find(differs)?;
    let order = of_rules.join(", ");
    Some(format!("Urutan nilai sama pada kisi-kisi (layar, sesi {}) tidak sama dengan himpunan aturan ({order}).", differing.facts.code))
}

/// Why somebody stands where they stand: by the newest revision, or, before the first, as computed now.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/explanations/{participant_no}", tag = "committee",
    params(("stage" = String, Path), ("participant_no" = String, Path)),
    responses((status = 200, body = Explanation), (status = 404, body = wire::RefusalBody)))]
async fn explanation(
    State(app): State<Shared>,
    staff: Staff,
    Path((stage, participant_no)): Path<(String, String)>,
) -> Answer<Explanation> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let computed = match newest(&app, stage.id).await? {
        Some(revision) => stored(&app, revision.id).await?,
        None => compute(gathered(&app, &stage).await?, None).await?.1.computed,
    };
    let of = selection::explain::Computed {
        rules: &computed.texts.rules,
        formations: &computed.formations,
        candidates: &computed.candidates,
        outcomes: &computed.outcomes,
    };
    let told = |language| of.explain(&participant_no, language).ok_or(No::NotFound("participant"));
    Ok(Json(Explanation { text: TwoLanguages { id: told(Language::Indonesian)?, en: told(Language::English)? } }))
}

/// The revisions of a stage, newest first.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/revisions", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = Vec<RevisionView>)))]
async fn revisions(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<Vec<RevisionView>> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    Ok(Json(app.store.revisions_of_stage(stage.id).await?.into_iter().map(view).collect()))
}

fn view(revision: Revision) -> RevisionView {
    RevisionView {
        id: revision.id.to_string(),
        number: revision.number,
        at_utc_ms: revision.by.at_utc_ms,
        reason: revision.reason,
        correction: revision.correction_id.map(|id| id.to_string()),
        by: revision.names,
        rule_set: revision.rule_set,
        rule_set_hash: revision.rule_set_hash,
        input_hash: revision.input_hash.to_string(),
        results_hash: revision.results_hash.to_string(),
        people: revision.people,
        files: in_order(revision.files),
        publication: revision.publication_id.map(|id| id.to_string()),
    }
}

/// Names of files in the order in which somebody reads them.
fn in_order(mut files: Vec<String>) -> Vec<String> {
    const TABLES: [&str; 4] = [FORMATIONS_FILE, SCORES_FILE, RESULTS_FILE, SOURCES_FILE];
    files.sort_by_key(|name| (TABLES.iter().position(|table| table == name).map_or(0, |at| at + 1), name != RULES_FILE, name.clone()));
    files
}

/// Adopts what was computed as the first revision.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/revisions", tag = "committee", params(("stage" = String, Path)), request_body = AdoptFirst,
    responses((status = 200, body = RevisionView), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn adopt(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Json(asked): Json<AdoptFirst>) -> Answer<RevisionView> {
    let stage = stage_for(&app, &staff, &stage, &[Role::Committee]).await?;
    let reason = reason_or_none(&asked.reason)?;
    if newest(&app, stage.id).await?.is_some() {
        return Err(No::conflict("already_adopted", "Hasil tahap ini sudah ditetapkan; perubahan dilakukan melalui usulan koreksi."));
    }
    let (gathered, outcome) = compute(gathered(&app, &stage).await?, None).await?;
    let details = obstacles(&app, &stage, &gathered, &outcome).await?;
    if !details.is_empty() {
        return Err(No::Bad { code: "not_ready", message: "Hasil belum dapat ditetapkan.".to_owned(), details });
    }
    if outcome.computed.input_hash.to_string() != asked.input_hash {
        return Err(No::conflict("inputs_changed", "Data berubah sejak dihitung; hitung dan periksa kembali."));
    }
    let by = By { staff_id: staff.id, at_utc_ms: utc_ms() };
    let new = NewRevision { reason, ..new_revision(&gathered, &outcome, 1, None, by)? };
    app.store.adopt_first(&new).await?;
    tracing::info!(by = %staff.id, stage = %stage.id, people = new.people, "adopted the first revision");
    let adopted = app.store.revision_by_id(new.id).await?;
    Ok(Json(view(adopted)))
}

/// A revision of what was computed; the ids of correction and second person are the caller's.
pub(crate) fn new_revision(
    gathered: &Gathered,
    outcome: &Outcome,
    number: u32,
    further: Option<(&Change, &str)>,
    by: By,
) -> Result<NewRevision, No> {
    let computed = &outcome.computed;
    Ok(NewRevision {
        id: random::id(),
        stage_id: gathered.stage.id,
        number,
        correction_id: None,
        reason: further.map_or(String::new(), |(_, reason)| reason.to_owned()),
        people: computed.candidates.len() as u32,
        rule_set: computed.texts.rules.id.clone(),
        rule_set_hash: computed.texts.rules.hash.clone(),
        input_hash: computed.input_hash,
        results_hash: computed.results_hash,
        files: computed.files(gathered.sources_json(number, further).map_err(No::failed)?),
        by,
        second_id: None,
    })
}

async fn revision_for(app: &App, staff: &Staff, revision: &str) -> Result<(Revision, Stage), No> {
    let id: RevisionId = revision.parse().map_err(|_| No::NotFound("revision"))?;
    let revision = app.store.revision_by_id(id).await?;
    let stage = app.store.stage_by_id(revision.stage_id).await?;
    staff.may(&READERS, Some(stage.selection_id), None)?;
    Ok((revision, stage))
}

/// A revision with its lists.
#[utoipa::path(get, path = "/api/v1/revisions/{revision}", tag = "committee", params(("revision" = String, Path)),
    responses((status = 200, body = RevisionDetail), (status = 404, body = wire::RefusalBody)))]
async fn revision(State(app): State<Shared>, staff: Staff, Path(revision): Path<String>) -> Answer<RevisionDetail> {
    let (revision, stage) = revision_for(&app, &staff, &revision).await?;
    let computed = stored(&app, revision.id).await?;
    let names = names(&app, &stage).await?;
    let results = tokio::task::spawn_blocking(move || shown::results(&computed, &names, check_results(&computed)));
    Ok(Json(RevisionDetail { revision: view(revision), results: results.await.map_err(No::failed)?.map_err(No::failed)? }))
}

/// A file of a revision: its rule set, tables of formations, scores and results, and the account of its sources. Private.
#[utoipa::path(get, path = "/api/v1/revisions/{revision}/{file}", tag = "committee", params(("revision" = String, Path), ("file" = String, Path)),
    responses((status = 200), (status = 404, body = wire::RefusalBody)))]
async fn revision_file(State(app): State<Shared>, staff: Staff, Path((revision, file)): Path<(String, String)>) -> Result<Response, No> {
    let (revision, _) = revision_for(&app, &staff, &revision).await?;
    let files = app.store.revision_files(revision.id).await?;
    let found = files.into_iter().find(|one| one.name == file).ok_or(No::NotFound("file"))?;
    let kind = match found.name.rsplit('.').next() {
        Some("csv") => "text/csv; charset=utf-8",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    };
    let name = format!("attachment; filename=\"{}\"", found.name);
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], found.body).into_response())
}

// Reconciliation.

async fn reconciled(app: &App, sittings: &[Sat]) -> Result<Reconciliation, No> {
    let mut all = Vec::new();
    for sat in sittings {
        let entry = app.store.attendance_count(sat.facts.sitting).await?;
        let explained = app.store.differences_explained(sat.facts.sitting).await?;
        all.push(reconcile(sat, entry.as_ref(), &explained));
    }
    let unexplained = all.iter().flat_map(|sitting| &sitting.differences).filter(|difference| difference.explanation.is_none()).count();
    Ok(Reconciliation { total: total(&all), sittings: all, unexplained: unexplained as u32 })
}

/// What the journals say beside what the proctors counted.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/reconciliation", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = Reconciliation)))]
async fn reconciliation(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<Reconciliation> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    reconciled(&app, &sittings(&app, |id| id == stage.id).await?).await.map(Json)
}

/// Who may count people of a sitting: its own proctors, and the committee.
async fn sitting_for(app: &App, staff: &Staff, sitting: &str, roles: &[Role]) -> Result<SittingId, No> {
    let sitting: SittingId = sitting.parse().map_err(|_| No::NotFound("sitting"))?;
    let row = app.store.sitting_by_id(sitting).await?;
    staff.may(roles, Some(row.selection_id), Some(row.hall_id))?;
    Ok(sitting)
}

/// The count that the proctors took by hand.
#[utoipa::path(get, path = "/api/v1/sittings/{sitting}/attendance-count", tag = "proctor", params(("sitting" = String, Path)),
    responses((status = 200, body = Option<wire::results::AttendanceCount>)))]
async fn attendance_count(
    State(app): State<Shared>,
    staff: Staff,
    Path(sitting): Path<String>,
) -> Answer<Option<wire::results::AttendanceCount>> {
    let sitting = sitting_for(&app, &staff, &sitting, &[Role::Proctor, Role::Committee, Role::Auditor]).await?;
    let entry = app.store.attendance_count(sitting).await?;
    Ok(Json(entry.map(|entry| wire::results::AttendanceCount {
        present: entry.present,
        absent: entry.absent,
        note: entry.note,
        by: entry.by_name,
        at_utc_ms: entry.by.at_utc_ms,
    })))
}

/// Enters the count that the proctors took by hand.
#[utoipa::path(put, path = "/api/v1/sittings/{sitting}/attendance-count", tag = "proctor", params(("sitting" = String, Path)),
    request_body = PutAttendanceCount, responses((status = 204), (status = 422, body = wire::RefusalBody)))]
async fn put_attendance_count(
    State(app): State<Shared>,
    staff: Staff,
    Path(sitting): Path<String>,
    Json(asked): Json<PutAttendanceCount>,
) -> Result<StatusCode, No> {
    let sitting = sitting_for(&app, &staff, &sitting, &[Role::Proctor, Role::Committee]).await?;
    let count = AttendanceCount {
        present: asked.present,
        absent: asked.absent,
        note: reason_or_none(&asked.note)?,
        by: By { staff_id: staff.id, at_utc_ms: utc_ms() },
        by_name: staff.name,
    };
    app.store.add_attendance_count(random::bytes(), sitting, &count).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Explains a difference as it was seen; when its numbers move, the explanation is void.
#[utoipa::path(post, path = "/api/v1/sittings/{sitting}/explained-differences", tag = "committee", params(("sitting" = String, Path)),
    request_body = ExplainDifference,
    responses((status = 204), (status = 404, body = wire::RefusalBody), (status = 409, body = wire::RefusalBody)))]
async fn explain_difference(
    State(app): State<Shared>,
    staff: Staff,
    Path(sitting): Path<String>,
    Json(asked): Json<ExplainDifference>,
) -> Result<StatusCode, No> {
    let sitting = sitting_for(&app, &staff, &sitting, &[Role::Committee]).await?;
    let hall = app.halls.find(sitting).await?;
    let sat = hall.read(|state| Sat::new(state.facts(), state.owner().sitting(), state.owner().journal_head())).await?;
    let now = reconciled(&app, std::slice::from_ref(&sat)).await?;
    let found = now.sittings.into_iter().flat_map(|sitting| sitting.differences).find(|difference| difference.code == asked.code);
    if found.ok_or(No::NotFound("difference"))?.numbers != asked.numbers {
        return Err(No::conflict("difference_changed", "Angkanya berubah sejak dilihat; periksa kembali sebelum menjelaskan."));
    }
    let explained = DifferenceExplained {
        code: asked.code,
        numbers: asked.numbers,
        text: reason(&asked.text)?,
        by: By { staff_id: staff.id, at_utc_ms: utc_ms() },
        by_name: staff.name,
    };
    app.store.explain_difference(random::bytes(), sitting, &explained).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A reason that must be there.
pub(crate) fn reason(text: &str) -> Result<String, No> {
    let text = reason_or_none(text)?;
    if text.is_empty() { Err(No::bad("reason_missing", "Alasan belum diisi.")) } else { Ok(text) }
}

/// A remark that may be empty.
pub(crate) fn reason_or_none(text: &str) -> Result<String, No> {
    let text = text.trim();
    if text.chars().count() > REASON_CHARS_MAX {
        return Err(No::bad("reason_long", "Alasan paling panjang 2.000 karakter."));
    }
    Ok(text.to_owned())
}
