//! What a correction does: two tables of results side by side.

use super::computed::Computed;
use super::shown::{Cells, Names, Rows, is_inside};
use publish::csv::inert;
use question_bank::id::Digest32;
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
        let difference = before.zip(after).and_then(|(before, after)| difference(before, after));
        self.rose += u32::from(difference.is_some_and(|units| units > 0));
        self.fell += u32::from(difference.is_some_and(|units| units < 0));
        let number = cells.get("participant_no");
        self.rows.push(EffectRow {
            participant_no: number.to_owned(),
            name: names.people.get(number).cloned().unwrap_or_default(),
            formation: cells.get("formation").to_owned(),
            enters: inside(&after_view) && !inside(&before_view),
            leaves: inside(&before_view) && !inside(&after_view),
            before: before_view,
            after: after_view,
            total_difference: difference.map(signed).unwrap_or_default(),
        });
    }
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

/// What the total moved by, in [`UNITS`] of a point; none where one is missing or the two are totals of different stages.
fn difference(before: Cells<'_>, after: Cells<'_>) -> Option<i128> {
    if before.get("stage") != after.get("stage") {
        return None;
    }
    Some(units(after.get("total"))? - units(before.get("total"))?)
}

/// Decimals of a total: a rule set may show up to nine.
const DECIMALS: usize = 9;
const UNITS: i128 = 10_i128.pow(DECIMALS as u32);

/// A total exactly, as this program wrote it; none where there is none.
fn units(total: &str) -> Option<i128> {
    let (whole, fraction) = total.split_once('.').unwrap_or((total, ""));
    let fraction = (fraction.len() <= DECIMALS).then(|| format!("{fraction:0<DECIMALS$}"))?;
    Some(i128::from(whole.parse::<u64>().ok()?) * UNITS + i128::from(fraction.parse::<u64>().ok()?))
}

fn signed(units: i128) -> String {
    let (whole, fraction) = (units.unsigned_abs() / UNITS.unsigned_abs(), units.unsigned_abs() % UNITS.unsigned_abs());
    let sign = match units {
        0 => "",
        1.. => "+",
        _ => "-",
    };
    let fraction = format!(".{fraction:0DECIMALS$}");
    format!("{sign}{whole}{}", fraction.trim_end_matches('0').trim_end_matches('.'))
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
        "to_formation_before",
        "to_formation_after",
        "enters",
        "leaves",
    ])?;
    for row in rows {
        let total = |view: &Option<StandingView>| view.as_ref().and_then(|view| view.total.clone()).unwrap_or_default();
        let rank = |view: &Option<StandingView>| view.as_ref().and_then(|view| view.rank).map(|rank| rank.to_string()).unwrap_or_default();
        let status = |view: &Option<StandingView>| view.as_ref().map(|view| view.status.clone()).unwrap_or_default();
        let code = |view: &Option<StandingView>| view.as_ref().map(|view| view.code.clone()).unwrap_or_default();
        let moved = |view: &Option<StandingView>| view.as_ref().map(|view| view.to_formation.clone()).unwrap_or_default();
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
            inert(&moved(&row.before)).into_owned(),
            inert(&moved(&row.after)).into_owned(),
            yes(row.enters),
            yes(row.leaves),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_differ_exactly_and_only_within_a_stage() {
        let check = |before: [&str; 2], after: [&str; 2], expected: Option<&str>| {
            let table = format!("stage,total\n{}\n{}\n", before.join(","), after.join(","));
            let rows = Rows::read(table.as_bytes()).expect("a table");
            let [before, after] = rows.iter().collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("two rows"));
            assert_eq!(difference(before, after).map(signed).as_deref(), expected, "{table}");
        };
        check(["skd", "311"], ["skd", "316"], Some("+5"));
        check(["skd", "316.25"], ["skd", "311"], Some("-5.25"));
        check(["skd", "1.5"], ["skd", "0.123456789"], Some("-1.376543211"));
        check(["skd", "73.333"], ["skd", "73.333"], Some("0"));
        check(["skd", ""], ["skd", "0"], None);
        check(["skd", "311"], ["final", "78.125"], None);
        check(["skd", "1"], ["skd", "1.1234567891"], None);
        check(["skd", "1"], ["skd", "1.2.3"], None);
    }
}
