//! What a correction does: two tables of results side by side.

use super::computed::Computed;
use super::shown::{Cells, Names, Rows};
use publish::csv::inert;
use question_bank::id::Digest32;
use question_bank::marks::Marks;
use std::collections::BTreeMap;
use wire::results::{EffectRow, StandingView};

/// Everybody with a change, and the sums.
#[derive(Debug, Default)]
pub struct Moved {
    /// By formation, then by new rank.
    pub rows: Vec<EffectRow>,
    /// People whose total rose.
    pub rose: u32,
    /// People whose total fell.
    pub fell: u32,
}

/// Compares results before and after.
pub fn compare(before: &Computed, after: &Computed, names: &Names) -> csv::Result<Moved> {
    let (rows_before, rows_after) = (Rows::read(&before.results_csv)?, Rows::read(&after.results_csv)?);
    let mut earlier: BTreeMap<&str, Cells<'_>> = rows_before.iter().map(|cells| (cells.get("participant_no"), cells)).collect();
    let mut moved = Moved::default();
    for now in rows_after.iter() {
        let then = earlier.remove(now.get("participant_no"));
        moved.add(then, Some(now), names);
    }
    for then in earlier.into_values() {
        moved.add(Some(then), None, names);
    }
    let key = |row: &EffectRow| {
        let rank = row.after.as_ref().and_then(|after| after.rank).unwrap_or(u32::MAX);
        (row.formation.clone(), rank, row.participant_no.clone())
    };
    moved.rows.sort_by_key(key);
    Ok(moved)
}

/// Names an effect: the results before and after, and the inputs after. An approval is for exactly this.
pub fn hash(before: &Computed, after: &Computed) -> Digest32 {
    let mut text = b"saksama/effect/v1\n".to_vec();
    for part in [before.results_hash, after.input_hash, after.results_hash] {
        text.extend(part.0);
    }
    Digest32::of(&text)
}

impl Moved {
    fn add(&mut self, before: Option<Cells<'_>>, after: Option<Cells<'_>>, names: &Names) {
        let (before_view, after_view) = (before.map(standing), after.map(standing));
        if before_view == after_view {
            return;
        }
        let Some(cells) = after.or(before) else { return };
        let inside = |view: &Option<StandingView>| view.as_ref().is_some_and(|view| is_inside(&view.status));
        let difference = difference(&before_view, &after_view);
        self.rose += u32::from(difference.is_some_and(|milli| milli > 0));
        self.fell += u32::from(difference.is_some_and(|milli| milli < 0));
        let number = cells.get("participant_no");
        self.rows.push(EffectRow {
            participant_no: number.to_owned(),
            name: names.people.get(number).cloned().unwrap_or_default(),
            formation: cells.get("formation").to_owned(),
            enters: inside(&after_view) && !inside(&before_view),
            leaves: inside(&before_view) && !inside(&after_view),
            before: before_view,
            after: after_view,
            total_difference: difference.filter(|&milli| milli != 0).map(signed).unwrap_or_default(),
        });
    }
}

/// Goes on, or has a slot.
fn is_inside(status: &str) -> bool {
    matches!(status, "shortlisted" | "selected" | "selected_by_move")
}

fn standing(cells: Cells<'_>) -> StandingView {
    StandingView {
        total: cells.some("total"),
        rank: cells.get("rank").parse().ok(),
        status: cells.get("status").to_owned(),
        code: cells.get("code").to_owned(),
        to_formation: cells.get("to_formation").to_owned(),
    }
}

/// Thousandths; totals have at most as many places as are shown.
fn difference(before: &Option<StandingView>, after: &Option<StandingView>) -> Option<i64> {
    let milli = |view: &Option<StandingView>| -> Option<i64> {
        let total: Marks = view.as_ref()?.total.as_ref()?.parse().ok()?;
        Some(total.milli())
    };
    Some(milli(after)? - milli(before)?)
}

fn signed(milli: i64) -> String {
    let text = Marks::from_milli(milli).to_string();
    if milli > 0 { format!("+{text}") } else { text }
}

/// The effect as a table to be taken away: a row for everybody with a change.
pub fn csv(rows: &[EffectRow]) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "participant_no",
        "name",
        "formation",
        "total_before",
        "total_after",
        "difference",
        "rank_before",
        "rank_after",
        "status_before",
        "status_after",
        "code_before",
        "code_after",
        "enters",
        "leaves",
    ])?;
    for row in rows {
        let total = |view: &Option<StandingView>| view.as_ref().and_then(|view| view.total.clone()).unwrap_or_default();
        let rank = |view: &Option<StandingView>| view.as_ref().and_then(|view| view.rank).map(|rank| rank.to_string()).unwrap_or_default();
        let status = |view: &Option<StandingView>| view.as_ref().map(|view| view.status.clone()).unwrap_or_default();
        let code = |view: &Option<StandingView>| view.as_ref().map(|view| view.code.clone()).unwrap_or_default();
        let yes = |is: bool| if is { "yes" } else { "" }.to_owned();
        writer.write_record([
            inert(&row.participant_no).into_owned(),
            inert(&row.name).into_owned(),
            inert(&row.formation).into_owned(),
            total(&row.before),
            total(&row.after),
            row.total_difference.clone(),
            rank(&row.before),
            rank(&row.after),
            status(&row.before),
            status(&row.after),
            code(&row.before),
            code(&row.after),
            yes(row.enters),
            yes(row.leaves),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
