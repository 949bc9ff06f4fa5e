//! How many people have which total, with the threshold and the cut.

use super::plot::Plot;
use super::{Align, Chart, DataTable};
use crate::Marks;
use crate::analysis::Scale;
use crate::phrase::{marks, percent, phrase};

/// Most bars of a picture.
const BINS_MAX: i64 = 40;

/// Totals counted in bars of equal width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// The smallest difference between totals that can be had.
    pub step: Marks,
    /// Width of a bar, a multiple of the step.
    pub width: Marks,
    /// Bars from the smallest total to the greatest, empty ones too.
    pub bins: Vec<Bin>,
}

/// One bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// From this total on.
    pub from: Marks,
    /// How many people, below the next bar.
    pub people: usize,
}

impl Distribution {
    /// Counts totals. The width of a bar is a multiple of the greatest number that divides all differences of totals: then each bar holds equally many of the
    /// totals that can be had, and no comb shows that is not there.
    pub fn of(totals: &[Marks]) -> Distribution {
        let milli = |total: &Marks| total.milli();
        let (least, most) = (totals.iter().map(milli).min().unwrap_or(0), totals.iter().map(milli).max().unwrap_or(0));
        let step = match totals.iter().fold(0, |divisor, total| greatest_divisor(divisor, total.milli() - least)) {
            0 => 1000,
            step => step,
        };
        let width = widths().map(|times| step * times).find(|width| (most - least) / width < BINS_MAX).unwrap_or(step);
        let mut bins: Vec<Bin> =
            (0..=(most - least) / width).map(|bin| Bin { from: Marks::from_milli(least + bin * width), people: 0 }).collect();
        for total in totals {
            bins[((total.milli() - least) / width) as usize].people += 1;
        }
        Distribution { step: Marks::from_milli(step), width: Marks::from_milli(width), bins }
    }
}

/// 1, 2, 5, 10, 20, 50, and so on.
fn widths() -> impl Iterator<Item = i64> {
    (0..15).flat_map(|power| [1, 2, 5].map(|times| times * 10_i64.pow(power)))
}

fn greatest_divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one.abs() } else { greatest_divisor(other, one % other) }
}

/// The distribution of a scale. `threshold` is the least total that passes, `cut` the total at the cut; `id` is the picture's own in its page.
pub fn distribution(scale: &Scale, threshold: Option<Marks>, cut: Option<Marks>, id: &str) -> Chart {
    let Distribution { step, width, bins } = Distribution::of(&scale.totals);
    let value = |marks: Marks| marks.milli() as f64 / 1000.0;
    let marked = [threshold, cut];
    let outer = || marked.iter().flatten().copied().map(value);
    let from = bins.first().map_or(0.0, |bin| value(bin.from));
    let to = bins.last().map_or(0.0, |bin| value(bin.from + width));
    let most = bins.iter().map(|bin| bin.people).max().unwrap_or(0);
    let mut plot = Plot::new(330.0, 64.0, (outer().fold(from, f64::min), outer().fold(to, f64::max)), (0.0, most as f64));
    plot.y_axis("Orang / People");
    for bin in &bins {
        let (left, right) = (plot.x(value(bin.from)), plot.x(value(bin.from + width)));
        let (top, base) = (plot.y(bin.people as f64), plot.y(0.0));
        let gap = ((right - left) * 0.1).min(2.0);
        let class = if threshold.is_some_and(|least| bin.from < least) { "below" } else { "bar" };
        let path = format!("M{:.1} {base:.1}V{top:.1}H{:.1}V{base:.1}Z", left + gap, right - gap);
        plot.path(class, &path, &format!("{}: {}", range(*bin, step, width), bin.people));
    }
    plot.x_axis("Nilai / Marks");
    if let Some(least) = threshold {
        plot.x_mark(value(least), "threshold", &format!("ambang / threshold {}", marks(least)), 38.0);
    }
    if let Some(cut) = cut {
        plot.x_mark(value(cut), "cut", &format!("batas / cut {}", marks(cut)), 58.0);
    }
    let title = match &scale.name {
        None => phrase("Sebaran nilai total", "Distribution of totals"),
        Some(section) => phrase(format!("Sebaran nilai bagian {section}"), format!("Distribution of section {section}")),
    };
    let met = threshold.map(|least| scale.totals.iter().filter(|total| **total >= least).count());
    let reading = match met {
        None => phrase("Tinggi batang adalah banyaknya orang.", "The height of a bar is a number of people."),
        Some(met) => phrase(
            format!("Tinggi batang adalah banyaknya orang; {met} dari {} orang mencapai ambang.", scale.people),
            format!("The height of a bar is a number of people; {met} of {} people reach the threshold.", scale.people),
        ),
    };
    Chart { svg: plot.svg(id, &title, &reading), table: table(&bins, step, width, scale.people), title, reading }
}

fn table(bins: &[Bin], step: Marks, width: Marks, people: usize) -> DataTable {
    let mut at_least = people;
    let mut rows = Vec::new();
    for bin in bins {
        rows.push(vec![
            range(*bin, step, width),
            bin.people.to_string(),
            percent(bin.people as f64 / people as f64),
            percent(at_least as f64 / people as f64),
        ]);
        at_least -= bin.people;
    }
    let columns = [("Nilai", "Marks"), ("Orang", "People"), ("Bagian", "Share"), ("Sebesar ini atau lebih", "This or more")];
    DataTable { columns: columns.map(|(id, en)| (phrase(id, en), Align::End)).to_vec(), rows }
}

/// `60` when a bar holds one total only, else `60` to below `65`.
fn range(bin: Bin, step: Marks, width: Marks) -> String {
    if width == step { marks(bin.from) } else { format!("{} – < {}", marks(bin.from), marks(bin.from + width)) }
}
