//! Papers: drawing them for a sitting, the report of the draw, and the pictures that stand on them.
//!
//! A draw is repeatable by everybody who knows its seed, so the seed stays secret until the sitting is over. Drawing is the work of a blocking
//! thread; nothing of it happens once the doors are open.

use crate::answer::{Answer, No};
use crate::api::roster::placement::free_seats;
use crate::api::roster::{change, phase, planned, reload};
use crate::api::terminal::seated;
use crate::app::{App, Shared};
use crate::auth::{self, Staff};
use crate::clock::utc_ms;
use crate::random;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use question_bank::blueprint::{Blueprint, Section};
use question_bank::draw::{ALGORITHM, Applicant, CellShort, PoolItem};
use question_bank::id::{Digest32, FormationId, SeatId, SessionId, SittingId};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex};
use store::library::{Draw, NewPaper, Seed};
use store::roster::{By, EnrolledSession};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::proctor::SittingPhase;
use wire::roster::{DrawReport, DrawnCell};
use wire::staff::Role;

/// Items that a draw can choose from: a paper counts them in sixteen bits.
const POOL_ITEMS_MAX: usize = 65_535;
/// Sessions that are remembered as started.
const STARTED_MAX: usize = 200_000;

/// Routes of papers.
pub fn router() -> OpenApiRouter<Shared> {
    let media = OpenApiRouter::new().routes(routes!(media)).layer(Extension(Arc::new(Started::default())));
    OpenApiRouter::new().routes(routes!(draw_papers, drawn)).merge(media)
}

// Drawing.

/// Draws the papers of all enrolled sessions; again before the doors open replaces them.
#[utoipa::path(post, path = "/api/v1/sittings/{sitting}/draw", tag = "committee", params(("sitting" = String, Path)),
    responses((status = 200, body = DrawReport), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn draw_papers(State(app): State<Shared>, staff: Staff, Path(sitting): Path<String>) -> Answer<DrawReport> {
    let sitting = sitting_for(&app, &staff, &sitting, &[Role::Committee]).await?;
    let by = By { staff_id: staff.id, at_utc_ms: utc_ms() };
    change(async move { Ok(Json(draw(&app, sitting, by).await?)) }).await
}

async fn sitting_for(app: &App, staff: &Staff, sitting: &str, roles: &[Role]) -> Result<SittingId, No> {
    let sitting: SittingId = sitting.parse().map_err(|_| No::NotFound("sitting"))?;
    let found = app.store.sitting_by_id(sitting).await?;
    staff.may(roles, Some(found.selection_id), None)?;
    Ok(sitting)
}

/// Draws and stores the papers of a sitting whose doors are closed, and lets its owner know. Inside of [`change`], where no doors are opened.
pub(crate) async fn draw(app: &App, sitting: SittingId, by: By) -> Result<DrawReport, No> {
    planned(app, sitting).await?;
    let before = app.store.draw_of_sitting(sitting).await?;
    let blueprints = app.store.blueprints_of_stage(app.store.sitting_by_id(sitting).await?.stage_id).await?;
    let material = Material::read(app, sitting, &blueprints).await?;
    // The last draw is the one that counts, so its instant must be the last one too.
    let at_utc_ms = before.map_or(0, |before| before.by.at_utc_ms + 1).max(utc_ms());
    let by = By { at_utc_ms, ..by };
    let seed = Seed(random::bytes());
    let (material, drawn) = tokio::task::spawn_blocking(move || material.drawn(&seed)).await.map_err(No::failed)?;
    let (report, papers) = drawn?;
    for (session, seat) in &material.new_seats {
        app.store.assign_seat(*session, *seat).await?;
    }
    let report_json = serde_json::to_string(&report).map_err(No::failed)?;
    app.store.put_papers(&Draw { id: random::id(), sitting, seed, report_json, by }, &papers).await?;
    reload(app, sitting).await?;
    tracing::info!(by = %by.staff_id, %sitting, papers = report.papers, "drew papers");
    Ok(report)
}

/// Could the papers of a sitting be drawn by these blueprints? Draws nothing.
pub(crate) async fn could_draw(app: &App, sitting: SittingId, blueprints: &[(Option<FormationId>, Blueprint)]) -> Result<(), No> {
    let material = Material::read(app, sitting, blueprints).await?;
    tokio::task::spawn_blocking(move || material.check()).await.map_err(No::failed)?
}

/// All that a draw depends on but its seed.
struct Material {
    sitting: SittingId,
    sessions: Vec<EnrolledSession>,
    applicants: Vec<Applicant>,
    /// Seats for those who had none: without knowing who sits beside whom, neighbours cannot be kept apart.
    new_seats: Vec<(SessionId, SeatId)>,
    blueprints: Vec<Blueprint>,
    /// Title of the formation a blueprint is for; none for the common one.
    formations: Vec<Option<String>>,
    pool: Vec<PoolItem>,
}

impl Material {
    async fn read(app: &App, sitting: SittingId, blueprints: &[(Option<FormationId>, Blueprint)]) -> Result<Material, No> {
        let sessions = app.store.sessions_of_sitting(sitting).await?;
        if sessions.is_empty() {
            return Err(No::conflict("nobody_enrolled", "Belum ada peserta pada sesi ini."));
        }
        let (seats, new_seats) = seats(app, sitting, &sessions).await?;
        let mut material = Material {
            sitting,
            sessions,
            applicants: Vec::new(),
            new_seats,
            blueprints: Vec::new(),
            formations: Vec::new(),
            pool: Vec::new(),
        };
        material.take_blueprints(blueprints, &seats)?;
        let sections: BTreeSet<&str> =
            material.blueprints.iter().flat_map(|one| &one.sections).map(|section| section.code.as_str()).collect();
        material.pool = app.store.pool(&sections.into_iter().collect::<Vec<_>>()).await?;
        if material.pool.len() > POOL_ITEMS_MAX {
            return Err(No::conflict("pool_large", "Bank soal untuk kisi-kisi ini terlalu besar; paling banyak 65.535 soal."));
        }
        Ok(material)
    }

    /// The blueprint of everybody's formation: its own, or the common one.
    fn take_blueprints(&mut self, all: &[(Option<FormationId>, Blueprint)], seats: &BTreeMap<SessionId, (u16, u16)>) -> Result<(), No> {
        let mut taken: BTreeMap<Option<FormationId>, usize> = BTreeMap::new();
        for session in &self.sessions {
            let of = |wanted: Option<FormationId>| all.iter().find(|(formation, _)| *formation == wanted);
            let Some((formation, blueprint)) = of(Some(session.formation_id)).or_else(|| of(None)) else {
                let message = format!("Belum ada kisi-kisi untuk formasi {}.", session.formation_title);
                return Err(No::conflict("blueprint_missing", message));
            };
            let index = *taken.entry(*formation).or_insert_with(|| {
                self.blueprints.push(blueprint.clone());
                self.formations.push(formation.map(|_| session.formation_title.clone()));
                self.blueprints.len() - 1
            });
            self.applicants.push(Applicant {
                session: session.session,
                attempt: session.attempt_number,
                blueprint: index,
                seat: seats.get(&session.session).copied(),
            });
        }
        Ok(())
    }

    /// Does the bank have enough for every blueprint?
    fn check(&self) -> Result<(), No> {
        for (blueprint, formation) in self.blueprints.iter().zip(&self.formations) {
            let nobody = question_bank::draw::draw(&[0; 32], self.sitting, std::slice::from_ref(blueprint), &self.pool, &[]);
            nobody.map_err(|short| cell_short(&short, formation.as_deref()))?;
        }
        Ok(())
    }

    fn drawn(self, seed: &Seed) -> (Self, Result<(DrawReport, Vec<NewPaper>), No>) {
        let drawn = self.check().and_then(|()| {
            let drawn = question_bank::draw::draw(&seed.0, self.sitting, &self.blueprints, &self.pool, &self.applicants);
            let drawn = drawn.map_err(|short| cell_short(&short, None))?;
            let papers = self.applicants.iter().zip(&drawn.papers);
            let papers = papers.map(|(of, paper)| NewPaper { session: of.session, body: paper.encode(), digest: paper.digest() });
            let report = DrawReport {
                papers: drawn.papers.len() as u32,
                cells: self.cells(),
                neighbour_pairs: drawn.neighbour_pairs,
                positions_compared: drawn.positions_compared,
                positions_shared: drawn.positions_shared,
                algorithm: ALGORITHM.to_owned(),
                seed: None,
            };
            Ok((report, papers.collect()))
        });
        (self, drawn)
    }

    /// What the bank had for each cell.
    fn cells(&self) -> Vec<DrawnCell> {
        let mut cells = Vec::new();
        for (blueprint, formation) in self.blueprints.iter().zip(&self.formations) {
            for section in &blueprint.sections {
                cells.extend(section.cells.iter().map(|cell| DrawnCell {
                    formation: formation.clone(),
                    section: section.code.clone(),
                    cell: cell.describe(),
                    available: available(section, cell, &self.pool),
                    count: u32::from(cell.count),
                }));
            }
        }
        cells
    }
}

fn available(section: &Section, cell: &question_bank::blueprint::Cell, pool: &[PoolItem]) -> u32 {
    pool.iter().filter(|item| cell.takes(&section.code, &item.cell)).count() as u32
}

type Seats = (BTreeMap<SessionId, (u16, u16)>, Vec<(SessionId, SeatId)>);

/// Where everybody sits, and which of these seats are new: random ones, those kept for moves only when no others are left.
async fn seats(app: &App, sitting: SittingId, sessions: &[EnrolledSession]) -> Result<Seats, No> {
    let hall = app.store.sitting_by_id(sitting).await?.hall_id;
    let places: BTreeMap<SeatId, (u16, u16)> =
        app.store.seats_of_hall(hall).await?.into_iter().map(|seat| (seat.id, (seat.row, seat.column))).collect();
    let mut free = free_seats(app, sitting).await?;
    free.sort_by_key(|seat| !seat.spare);
    let (mut seats, mut new) = (BTreeMap::new(), Vec::new());
    for session in sessions {
        let seat = match session.seat_id {
            Some(seat) => Some(seat),
            None => free.pop().map(|seat| seat.id).inspect(|&seat| new.push((session.session, seat))),
        };
        if let Some(&place) = seat.and_then(|seat| places.get(&seat)) {
            seats.insert(session.session, place);
        }
    }
    Ok((seats, new))
}

fn cell_short(short: &CellShort, formation: Option<&str>) -> No {
    let CellShort { section, cell, wanted, available } = short;
    let cell = in_indonesian(cell);
    let of = formation.map(|title| format!(" (formasi {title})")).unwrap_or_default();
    let message = format!("Bank soal kurang untuk bagian {section}, {cell}{of}: perlu {wanted} soal, tersedia {available}.");
    No::Bad { code: "cell_short", details: vec![format!("{section}: {cell}")], message }
}

/// A cell's filter in the words of the committee.
fn in_indonesian(cell: &str) -> String {
    let words = [("topic ", "topik "), ("subtopic ", "subtopik "), ("level ", "tingkat "), ("difficulty ", "kesukaran ")];
    let part = |part: &str| {
        let found = words.iter().find_map(|(english, word)| part.strip_prefix(english).map(|rest| format!("{word}{rest}")));
        found.unwrap_or_else(|| if part == "any item" { "soal apa pun".to_owned() } else { part.to_owned() })
    };
    cell.split(", ").map(part).collect::<Vec<_>>().join(", ")
}

/// What was drawn last for a sitting; with its seed once the sitting is over.
#[utoipa::path(get, path = "/api/v1/sittings/{sitting}/draw", tag = "committee", params(("sitting" = String, Path)),
    responses((status = 200, body = DrawReport), (status = 404, body = wire::RefusalBody)))]
async fn drawn(State(app): State<Shared>, staff: Staff, Path(sitting): Path<String>) -> Answer<DrawReport> {
    let sitting = sitting_for(&app, &staff, &sitting, &[Role::Committee, Role::Auditor]).await?;
    let draw = app.store.draw_of_sitting(sitting).await?.ok_or(No::NotFound("draw"))?;
    let mut report: DrawReport = serde_json::from_str(&draw.report_json).map_err(No::failed)?;
    report.seed = (phase(&app, sitting).await? == SittingPhase::Closed).then(|| Digest32(draw.seed.0).to_string());
    Ok(Json(report))
}

// Pictures.

/// Sessions known to have started, which nothing undoes: a hall that loads its pictures asks the owner of its sitting once per candidate.
#[derive(Default)]
struct Started {
    /// Held for one look.
    sessions: Mutex<HashSet<SessionId>>,
}

impl Started {
    fn knows(&self, session: SessionId) -> bool {
        self.sessions.lock().expect("nothing panics while holding it").contains(&session)
    }

    fn note(&self, session: SessionId) {
        let mut sessions = self.sessions.lock().expect("nothing panics while holding it");
        if sessions.len() >= STARTED_MAX {
            sessions.clear();
        }
        sessions.insert(session);
    }
}

/// A picture's name is its content, so a browser may keep it; only its own, because the next person at the desk is somebody else.
const KEEP: &str = "private, max-age=31536000, immutable";
/// An SVG opened by itself is a page: it may draw, and nothing else.
const DRAW_ONLY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/// Staff who may see items.
const ITEM_READERS: [Role; 3] = [Role::Author, Role::Committee, Role::Auditor];

/// A picture of the bank, for candidates whose exam has started and for staff who may see items.
#[utoipa::path(get, path = "/media/{hash}", tag = "terminal", params(("hash" = String, Path)),
    responses((status = 200, description = "the picture"), (status = 401, body = wire::RefusalBody), (status = 404, body = wire::RefusalBody)))]
async fn media(
    State(app): State<Shared>,
    Extension(started): Extension<Arc<Started>>,
    headers: HeaderMap,
    Path(hash): Path<String>,
) -> Result<Response, No> {
    may_look(&app, &started, &headers).await?;
    let hash: Digest32 = hash.parse().map_err(|_| No::NotFound("picture"))?;
    let picture = app.store.picture(hash).await?;
    let mut response = picture.bytes.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.media_type));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEEP));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DRAW_ONLY));
    Ok(response)
}

async fn may_look(app: &Shared, started: &Started, headers: &HeaderMap) -> Result<(), No> {
    // One browser may be a terminal and signed in as staff, in a demonstration for instance.
    let refused = match auth::terminal_token(headers, app.config.secure_cookies()) {
        Some(_) => match candidate_may_look(app, started, headers).await {
            Err(no @ (No::SignIn | No::Forbidden)) => no,
            looked => return looked,
        },
        None => No::SignIn,
    };
    let Some(token) = auth::staff_token(headers, app.config.secure_cookies()) else { return Err(refused) };
    let staff = auth::staff_by_token(app, token).await?.ok_or(refused)?;
    staff.may_anywhere(&ITEM_READERS)
}

async fn candidate_may_look(app: &Shared, started: &Started, headers: &HeaderMap) -> Result<(), No> {
    let (hall, session, _) = seated(app, headers).await?;
    if started.knows(session) {
        return Ok(());
    }
    let has_paper =
        hall.read(move |state| state.owner().sitting().session(session).is_some_and(|session| !session.slots().is_empty())).await?;
    if !has_paper {
        return Err(No::Forbidden);
    }
    started.note(session);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_cell_is_named_in_indonesian() {
        let short = CellShort { section: "umum".into(), cell: "topic numerik, difficulty hard".into(), wanted: 12, available: 10 };
        let No::Bad { message, details, .. } = cell_short(&short, Some("Guru")) else { panic!("a wrong kind of refusal") };
        assert_eq!(
            message,
            "Bank soal kurang untuk bagian umum, topik numerik, kesukaran hard (formasi Guru): perlu 12 soal, tersedia 10."
        );
        assert_eq!(details, ["umum: topik numerik, kesukaran hard"]);
        assert_eq!(in_indonesian("any item"), "soal apa pun");
    }
}
