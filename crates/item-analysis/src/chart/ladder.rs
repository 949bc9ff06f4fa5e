//! The ladder of ranks around a cut: who is just inside, just outside, and level with it.

use super::plot::Plot;
use super::{Align, Chart, DataTable};
use crate::Marks;
use crate::analysis::Analysis;
use crate::phrase::{marks, phrase};

/// People shown on each side of the cut.
pub const LADDER_ROWS: usize = 10;

/// One person on the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Whoever has more, plus one; the same for people with the same total.
    pub rank: usize,
    /// The id; where there are none `#7` for the seventh person of the table.
    pub person: String,
    /// On the whole test.
    pub total: Marks,
    /// Less the total at the cut: not negative for those inside or level.
    pub distance: Marks,
    /// Whether the total is that of the cut and somebody outside of the cut has it too.
    pub tied_at_cut: bool,
}

/// The people around the cut after `places` people, best first. By totals only: rules for ties are not applied here, so people with the same total
/// stand in the order of their ids. None when there are not more people than places.
pub fn rungs(analysis: &Analysis, places: usize) -> Option<Vec<Rung>> {
    let totals = &analysis.scales[0].totals;
    if places == 0 || places >= totals.len() {
        return None;
    }
    let person = |at: usize| analysis.ids.as_ref().map_or_else(|| format!("#{}", at + 1), |ids| ids[at].clone());
    let mut order: Vec<usize> = (0..totals.len()).collect();
    let id = |at: usize| analysis.ids.as_ref().map(|ids| ids[at].as_str());
    order.sort_by(|one, other| totals[*other].cmp(&totals[*one]).then_with(|| id(*one).cmp(&id(*other))).then(one.cmp(other)));
    let cut = totals[order[places - 1]];
    let tie = totals[order[places]] == cut;
    let shown = places.saturating_sub(LADDER_ROWS)..(places + LADDER_ROWS).min(order.len());
    let rungs = order[shown].iter().map(|at| {
        let total = totals[*at];
        let better = order.partition_point(|other| totals[*other] > total);
        Rung { rank: better + 1, person: person(*at), total, distance: total - cut, tied_at_cut: tie && total == cut }
    });
    Some(rungs.collect())
}

/// The total at the cut after `places` people: who has less is outside.
pub fn cut_total(analysis: &Analysis, places: usize) -> Option<Marks> {
    rungs(analysis, places)?.into_iter().find(|rung| rung.distance == Marks::ZERO).map(|rung| rung.total)
}

/// The picture of [`rungs`].
pub fn ladder(analysis: &Analysis, places: usize, id: &str) -> Option<Chart> {
    let rungs = rungs(analysis, places)?;
    let value = |marks: Marks| marks.milli() as f64 / 1000.0;
    let (first, last) = (value(rungs.first()?.total), value(rungs.last()?.total));
    let margin = ((first - last) * 0.05).max(0.5);
    let rows = rungs.len() as f64;
    let mut plot = Plot::new(110.0 + rows * 22.0, 210.0, (last - margin, first + margin), (-rows, 0.0));
    let inside = places.min(LADDER_ROWS);
    for (at, rung) in rungs.iter().enumerate() {
        let y = plot.y(-(at as f64) - 0.5);
        let x = plot.x(value(rung.total));
        plot.line((plot.left, y), (x, y), "grid");
        let class = if at < inside { "bar" } else { "out" };
        let path = if rung.tied_at_cut {
            format!("M{x:.1} {:.1}l6 6l-6 6l-6 -6Z", y - 6.0)
        } else {
            format!("M{:.1} {y:.1}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z", x - 5.0)
        };
        plot.path(class, &path, &format!("{}. {}: {}", rung.rank, rung.person, marks(rung.total)));
        plot.text((40.0, y + 5.0), "end", "tick", &rung.rank.to_string());
        plot.text((52.0, y + 5.0), "start", "tick", &shortened(&rung.person));
    }
    plot.y_mark(-(inside as f64), "cut");
    plot.text((4.0, 24.0), "start", "name", &format!("Peringkat / Rank; batas sesudah {places} / cut after {places}"));
    plot.x_axis("Nilai / Marks");
    let title = phrase("Tangga peringkat di sekitar batas", "Rank ladder around the cut");
    let tied = rungs.iter().any(|rung| rung.tied_at_cut);
    let ties = if tied {
        phrase(
            " Belah ketupat: nilai sama tepat di batas, diputuskan oleh aturan seri.",
            " Diamond: level at the cut, decided by the rules for ties.",
        )
    } else {
        phrase(" Tidak ada nilai sama di batas.", " Nobody is level at the cut.")
    };
    let reading = phrase(
        format!("Garis putus-putus: batas sesudah {places} orang. Urutan hanya menurut nilai total, bukan keputusan.{}", ties.id),
        format!("Dashed line: the cut after {places} people. The order is by totals only and no decision.{}", ties.en),
    );
    Some(Chart { svg: plot.svg(id, &title, &reading), table: table(&rungs), title, reading })
}

fn table(rungs: &[Rung]) -> DataTable {
    let rows = rungs.iter().map(|rung| {
        let tie = if rung.tied_at_cut { "seri / tie" } else { "" };
        vec![rung.rank.to_string(), rung.person.clone(), marks(rung.total), marks(rung.distance), tie.to_owned()]
    });
    let columns = [
        ("Peringkat", "Rank", Align::End),
        ("Peserta", "Person", Align::Start),
        ("Nilai", "Marks", Align::End),
        ("Selisih dari batas", "From the cut", Align::End),
        ("Seri", "Tie", Align::Start),
    ];
    DataTable { columns: columns.map(|(id, en, align)| (phrase(id, en), align)).to_vec(), rows: rows.collect() }
}

/// Long ids end in dots; the table has them whole.
fn shortened(person: &str) -> String {
    const CHARS_MAX: usize = 18;
    if person.chars().count() <= CHARS_MAX { person.to_owned() } else { person.chars().take(CHARS_MAX - 1).chain(['…']).collect() }
}
