//! Stages, formations and blueprints.

use super::{READERS, WRITERS, change, code, formation_of, parsed, phase, reload, selection_for, stage_for, taken, title, too_many, wrong};
use crate::answer::{Answer, No};
use crate::api::papers;
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use question_bank::blueprint::{BadBlueprint, Blueprint, Cell, Section, is_code};
use question_bank::id::{FormationId, SittingId, StageId};
use store::roster::{By, Formation, NewStage, Stage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Created;
use wire::proctor::SittingPhase;
use wire::roster::{
    BlueprintBody, BlueprintCell, BlueprintSection, BlueprintView, FormationLine, NewFormation, PutBlueprint, PutFormation,
};

/// Stages of a selection.
const STAGES_MAX: usize = 20;
/// Formations of a selection.
const FORMATIONS_MAX: usize = 2_000;
/// Further columns of a formation's line.
const FURTHER_MAX: usize = 40;
/// Characters of a text of a formation's line.
const LINE_CHARS_MAX: usize = 200;
/// Vacant slots of a formation.
const SLOTS_MAX: u32 = 100_000;

/// Routes of stages, formations and blueprints.
pub(super) fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(add_stage))
        .routes(routes!(add_formation))
        .routes(routes!(put_formation))
        .routes(routes!(blueprints, put_blueprint))
}

/// Adds a stage after the others.
#[utoipa::path(post, path = "/api/v1/selections/{selection}/stages", tag = "committee", params(("selection" = String, Path)),
    request_body = wire::roster::NewStage, responses((status = 200, body = Created), (status = 409, body = wire::RefusalBody)))]
async fn add_stage(
    State(app): State<Shared>,
    staff: Staff,
    Path(selection): Path<String>,
    Json(asked): Json<wire::roster::NewStage>,
) -> Answer<Created> {
    let selection_id = selection_for(&app, &staff, &selection, &WRITERS).await?.selection.id;
    let stage = NewStage { id: random::id(), selection_id, code: code(&asked.code)?, title: title("title", &asked.title)? };
    if app.store.stages_of_selection(selection_id).await?.len() >= STAGES_MAX {
        return Err(too_many("tahap", STAGES_MAX));
    }
    app.store.add_stage(&stage).await.map_err(taken)?;
    Ok(Json(Created { id: stage.id.to_string() }))
}

/// Adds a vacancy line.
#[utoipa::path(post, path = "/api/v1/selections/{selection}/formations", tag = "committee", params(("selection" = String, Path)),
    request_body = NewFormation, responses((status = 200, body = Created), (status = 409, body = wire::RefusalBody)))]
async fn add_formation(
    State(app): State<Shared>,
    staff: Staff,
    Path(selection): Path<String>,
    Json(asked): Json<NewFormation>,
) -> Answer<Created> {
    let selection_id = selection_for(&app, &staff, &selection, &WRITERS).await?.selection.id;
    let (code, title) = (code(&asked.code)?, title("title", &asked.title)?);
    if asked.slots > SLOTS_MAX {
        return Err(wrong("slots", "paling banyak 100.000"));
    }
    if app.store.formations_of_selection(selection_id).await?.len() >= FORMATIONS_MAX {
        return Err(too_many("formasi", FORMATIONS_MAX));
    }
    let formation = Formation { id: random::id(), selection_id, code, title, slots: asked.slots, line_json: line_json(asked.line)? };
    app.store.add_formation(&formation).await.map_err(taken)?;
    Ok(Json(Created { id: formation.id.to_string() }))
}

/// Changes title, slots and line of a formation. Results that were adopted stay as they are; a proposal computes them again.
#[utoipa::path(put, path = "/api/v1/formations/{formation}", tag = "committee", params(("formation" = String, Path)),
    request_body = PutFormation, responses((status = 204), (status = 404, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn put_formation(
    State(app): State<Shared>,
    staff: Staff,
    Path(formation): Path<String>,
    Json(asked): Json<PutFormation>,
) -> Result<StatusCode, No> {
    let id: FormationId = parsed(&formation, "formation")?;
    let before = app.store.formation_by_id(id).await?.formation;
    staff.may(&WRITERS, Some(before.selection_id), None)?;
    if asked.slots > SLOTS_MAX {
        return Err(wrong("slots", "paling banyak 100.000"));
    }
    let after = Formation { title: title("title", &asked.title)?, slots: asked.slots, line_json: line_json(asked.line)?, ..before };
    app.store.change_formation(&after).await?;
    tracing::info!(by = %staff.id, formation = %id, "changed a formation");
    Ok(StatusCode::NO_CONTENT)
}

/// Where a formation stands for the rule set; a line without a category is an ordinary one.
fn line_json(mut line: FormationLine) -> Result<String, No> {
    let texts = [&line.category, &line.job, &line.education, &line.unit, &line.agency];
    let further = line.further.iter().flat_map(|further| [&further.column, &further.value]);
    if line.further.len() > FURTHER_MAX || texts.into_iter().chain(further).any(|text| text.chars().count() > LINE_CHARS_MAX) {
        return Err(wrong("line", "paling banyak 40 kolom tambahan, masing-masing paling panjang 200 karakter"));
    }
    let further = |column: &str| ["max_", "weight_"].iter().any(|prefix| column.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()));
    if let Some(wrong_one) = line.further.iter().find(|one| !further(&one.column)) {
        return Err(wrong("line.further", &format!("kolom {} tidak dikenal; yang ada: max_… dan weight_…", wrong_one.column)));
    }
    if line.category.trim().is_empty() {
        line.category = "umum".to_owned();
    }
    serde_json::to_string(&line).map_err(No::failed)
}

/// The blueprints of a stage: the common one first.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/blueprint", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = Vec<BlueprintView>), (status = 403, body = wire::RefusalBody)))]
async fn blueprints(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<Vec<BlueprintView>> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let all = app.store.blueprints_of_stage(stage.id).await?.into_iter();
    let view = |(formation, blueprint): (Option<FormationId>, Blueprint)| BlueprintView {
        formation: formation.map(|id| id.to_string()),
        blueprint: shown(&blueprint),
    };
    Ok(Json(all.map(view).collect()))
}

/// Puts the blueprint of a stage, for all formations or for one. Papers that were drawn by the old one are drawn anew.
#[utoipa::path(put, path = "/api/v1/stages/{stage}/blueprint", tag = "committee", params(("stage" = String, Path)),
    request_body = PutBlueprint, responses((status = 204), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn put_blueprint(
    State(app): State<Shared>,
    staff: Staff,
    Path(stage): Path<String>,
    Json(asked): Json<PutBlueprint>,
) -> Result<StatusCode, No> {
    let stage = stage_for(&app, &staff, &stage, &WRITERS).await?;
    let blueprint = read(&asked.blueprint)?;
    let formation = match &asked.formation {
        Some(formation) => Some(formation_of(&app, stage.selection_id, formation).await?),
        None => None,
    };
    let by = By { staff_id: staff.id, at_utc_ms: utc_ms() };
    change(async move {
        replace(&app, &stage, formation, blueprint, by).await?;
        tracing::info!(by = %by.staff_id, stage = %stage.id, "put a blueprint");
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// The blueprint decides how answers are counted, so it stands still from the moment the first doors of its stage are opened. Papers and
/// blueprint must agree when doors open: whether the bank has enough for the new one is looked at before anything is stored.
async fn replace(app: &Shared, stage: &Stage, formation: Option<FormationId>, blueprint: Blueprint, by: By) -> Result<(), No> {
    let sittings = sittings_of_stage(app, stage).await?;
    for (sitting, _) in &sittings {
        if phase(app, *sitting).await? != SittingPhase::Planned {
            return Err(No::conflict("stage_under_way", "Sesi pertama tahap ini sudah dibuka; kisi-kisi tidak dapat diubah lagi."));
        }
    }
    let mut all = app.store.blueprints_of_stage(stage.id).await?;
    let before = all.iter().find(|(of, _)| *of == formation).map(|(_, before)| before.clone());
    all.retain(|(of, _)| *of != formation);
    all.push((formation, blueprint.clone()));
    let drawn: Vec<SittingId> = sittings.iter().filter(|(_, drawn)| *drawn > 0).map(|(sitting, _)| *sitting).collect();
    for sitting in &drawn {
        papers::could_draw(app, *sitting, &all).await?;
    }
    app.store.put_blueprint(stage.id, formation, &blueprint).await?;
    let redrawn = redraw(app, &drawn, by).await;
    if redrawn.is_err() {
        // The disk is full, for instance: blueprint and papers of before stay together, for every sitting of the stage.
        match before {
            Some(before) => app.store.put_blueprint(stage.id, formation, &before).await?,
            None => app.store.remove_blueprint(stage.id, formation).await?,
        }
        redraw(app, &drawn, by).await?;
    }
    for (sitting, _) in sittings.iter().filter(|(sitting, _)| redrawn.is_err() || !drawn.contains(sitting)) {
        reload(app, *sitting).await?;
    }
    redrawn
}

async fn redraw(app: &Shared, sittings: &[SittingId], by: By) -> Result<(), No> {
    for &sitting in sittings {
        papers::draw(app, sitting, by).await?;
    }
    Ok(())
}

/// The sittings of a stage, with the number of papers drawn.
async fn sittings_of_stage(app: &App, stage: &Stage) -> Result<Vec<(SittingId, u32)>, No> {
    let of: StageId = stage.id;
    let all = app.store.sittings_of_selection(stage.selection_id).await?.into_iter();
    Ok(all.filter(|counted| counted.sitting.stage_id == of).map(|counted| (counted.sitting.id, counted.drawn)).collect())
}

// Blueprints on the wire.

/// A blueprint as it was sent, checked.
pub(super) fn read(body: &BlueprintBody) -> Result<Blueprint, No> {
    let sections = body.sections.iter().enumerate().map(|(index, section)| read_section(index, section)).collect::<Result<_, _>>()?;
    let blueprint = Blueprint { sections, duration_s: body.duration_s, tie_order: body.tie_order.clone() };
    blueprint.check().map_err(|BadBlueprint { place, reason }| bad(&place, in_indonesian(reason)))?;
    Ok(blueprint)
}

fn bad(place: &str, reason: &str) -> No {
    No::Bad {
        code: "blueprint_bad",
        message: format!("Kisi-kisi belum benar pada {place}: {reason}."),
        details: vec![format!("{place}: {reason}")],
    }
}

fn read_section(index: usize, section: &BlueprintSection) -> Result<Section, No> {
    let cell = |(cell_index, cell): (usize, &BlueprintCell)| read_cell(&format!("sections[{index}].cells[{cell_index}]"), cell);
    Ok(Section {
        code: section.code.clone(),
        title: section.title.trim().to_owned(),
        duration_s: section.duration_s,
        linear: section.linear,
        shuffle_items: section.shuffle_items,
        shuffle_choices: section.shuffle_choices,
        cells: section.cells.iter().enumerate().map(cell).collect::<Result<_, _>>()?,
    })
}

fn read_cell(place: &str, cell: &BlueprintCell) -> Result<Cell, No> {
    let filled = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let code = |field: &str, text: &Option<String>| match filled(text) {
        Some(code) if !is_code(&code) => {
            Err(bad(&format!("{place}.{field}"), "kode terdiri atas 1 sampai 40 karakter a-z, 0-9, dan tanda hubung"))
        }
        code => Ok(code),
    };
    let level =
        filled(&cell.level).map(|level| level.parse().map_err(|()| bad(&format!("{place}.level"), "tingkat kognitif C1 sampai C6")));
    let difficulty =
        filled(&cell.difficulty).map(|word| word.parse().map_err(|()| bad(&format!("{place}.difficulty"), "easy, medium, atau hard")));
    Ok(Cell {
        topic: code("topic", &cell.topic)?,
        subtopic: code("subtopic", &cell.subtopic)?,
        level: level.transpose()?,
        difficulty: difficulty.transpose()?,
        count: cell.count,
    })
}

/// The reasons of [`Blueprint::check`] in the words of the committee. One that is not known here is better said in English than not at all.
fn in_indonesian(reason: &'static str) -> &'static str {
    match reason {
        "a blueprint has 1 to 10 sections" => "kisi-kisi memiliki 1 sampai 10 bagian",
        "a paper takes 60 to 28,800 seconds" => "waktu naskah 60 sampai 28.800 detik",
        "two sections have the same code" => "dua bagian memiliki kode yang sama",
        "a paper has at most 500 items" => "satu naskah paling banyak 500 soal",
        "not a section of this blueprint, or named twice" => "bukan bagian kisi-kisi ini, atau disebut dua kali",
        "a code has 1 to 40 of a-z, 0-9 and -" => "kode terdiri atas 1 sampai 40 karakter a-z, 0-9, dan tanda hubung",
        "a title has 1 to 120 characters" => "judul terdiri atas 1 sampai 120 karakter",
        "a section takes 30 seconds to the time of the whole paper" => "waktu bagian 30 detik sampai waktu seluruh naskah",
        "a section has 1 to 50 cells" => "satu bagian memiliki 1 sampai 50 sel",
        "a cell draws at least one item" => "setiap sel mengambil paling sedikit satu soal",
        other => other,
    }
}

/// A blueprint as it is shown.
pub(super) fn shown(blueprint: &Blueprint) -> BlueprintBody {
    let cell = |cell: &Cell| BlueprintCell {
        topic: cell.topic.clone(),
        subtopic: cell.subtopic.clone(),
        level: cell.level.map(|level| level.to_string()),
        difficulty: cell.difficulty.map(|difficulty| difficulty.to_string()),
        count: cell.count,
    };
    let section = |section: &Section| BlueprintSection {
        code: section.code.clone(),
        title: section.title.clone(),
        duration_s: section.duration_s,
        linear: section.linear,
        shuffle_items: section.shuffle_items,
        shuffle_choices: section.shuffle_choices,
        cells: section.cells.iter().map(cell).collect(),
    };
    BlueprintBody {
        sections: blueprint.sections.iter().map(section).collect(),
        duration_s: blueprint.duration_s,
        tie_order: blueprint.tie_order.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> BlueprintBody {
        let cell = |topic: &str, count| BlueprintCell { topic: Some(topic.into()), subtopic: None, level: None, difficulty: None, count };
        let section = |code: &str| BlueprintSection {
            code: code.into(),
            title: code.to_uppercase(),
            duration_s: None,
            linear: false,
            shuffle_items: true,
            shuffle_choices: true,
            cells: vec![cell("satu", 2), cell("dua", 3)],
        };
        BlueprintBody { sections: vec![section("umum"), section("bidang")], duration_s: 3_600, tie_order: vec!["bidang".into()] }
    }

    #[test]
    fn what_is_read_is_shown_again() {
        let blueprint = read(&good()).expect("a good blueprint");
        assert_eq!(shown(&blueprint), good());
    }

    #[test]
    fn every_fault_is_named_by_its_place_in_indonesian() {
        let check = |spoil: &dyn Fn(&mut BlueprintBody), place: &str| {
            let mut body = good();
            spoil(&mut body);
            let Err(No::Bad { code: "blueprint_bad", message, details }) = read(&body) else { panic!("{place} is not refused") };
            assert!(details[0].starts_with(&format!("{place}: ")), "{details:?}");
            assert!(message.contains(place) && !message.contains(" a "), "{message}");
        };
        check(&|body| body.sections.clear(), "sections");
        check(&|body| body.duration_s = 59, "duration_s");
        check(&|body| body.sections[1].code = "umum".into(), "sections[1].code");
        check(&|body| body.sections[1].code = "Umum".into(), "sections[1].code");
        check(&|body| body.sections[0].title = " ".into(), "sections[0].title");
        check(&|body| body.sections[0].duration_s = Some(3_601), "sections[0].duration_s");
        check(&|body| body.sections[0].cells.clear(), "sections[0].cells");
        check(&|body| body.sections[1].cells[1].count = 0, "sections[1].cells[1].count");
        check(&|body| body.sections[1].cells[1].count = 600, "sections");
        check(&|body| body.sections[1].cells[0].topic = Some("Dua Kata".into()), "sections[1].cells[0].topic");
        check(&|body| body.sections[1].cells[0].level = Some("C7".into()), "sections[1].cells[0].level");
        check(&|body| body.sections[1].cells[0].difficulty = Some("heavy".into()), "sections[1].cells[0].difficulty");
        check(&|body| body.tie_order.push("bidang".into()), "tie_order[1]");
    }
}
