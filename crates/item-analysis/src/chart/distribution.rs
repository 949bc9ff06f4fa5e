//! How many people have which total, with the threshold and the cut.

use super::plot::Plot;
use super::{Align, Chart, DataTable};
use crate::Marks;
use crate::analysis::Scale;
use crate::phrase::{marks, percent, phrase};

/// Most bars of a picture.
const BINS_MAX: i64 = 40;
/// The upward axis goes at least so far, that its ticks are whole people.
const PEOPLE_MIN: usize = 8;

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
    /// Counts totals in bars of which one begins at `anchor`, such as a threshold. The width of a bar is a multiple of the greatest number that divides
    /// all differences of totals: then each holds equally many of the totals that can be had, and no comb shows that is not there.
    pub fn of(totals: &[Marks], anchor: Marks) -> Distribution {
        let milli = |total: &Marks| total.milli();
        let (least, most) = (totals.iter().map(milli).min().unwrap_or(0), totals.iter().map(milli).max().unwrap_or(0));
        let step = match totals.iter().fold(0, |divisor, total| greatest_divisor(divisor, total.milli() - least)) {
            0 => 1000,
            step => step,
        };
        let width = widths().map(|times| step * times).find(|width| (most - least) / width < BINS_MAX).unwrap_or(step);
        let first = anchor.milli() + (least - anchor.milli()).div_euclid(width) * width;
        let bin = |bin: i64| Bin { from: Marks::from_milli(first + bin * width), people: 0 };
        let mut bins: Vec<Bin> = (0..=(most - first) / width).map(bin).collect();
        for total in totals {
            bins[((total.milli() - first) / width) as usize].people += 1;
        }
        Distribution { step: Marks::from_milli(step), width: Marks::from_milli(width), bins }
    }

    /// The only total that a bar holds, or from where to below where it goes.
    fn range(&self, bin: Bin, some_total: Marks) -> String {
        let only = self.width == self.step && (some_total - bin.from).milli() % self.step.milli() == 0;
        if only { marks(bin.from) } else { format!("{} – < {}", marks(bin.from), marks(bin.from + self.width)) }
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
    let distribution = Distribution::of(&scale.totals, threshold.unwrap_or_default());
    let Distribution { width, bins, .. } = &distribution;
    let width = *width;
    let value = |marks: Marks| marks.milli() as f64 / 1000.0;
    let marked = [threshold, cut];
    let outer = || marked.iter().flatten().copied().map(value);
    let from = bins.first().map_or(0.0, |bin| value(bin.from));
    let to = bins.last().map_or(0.0, |bin| value(bin.from + width));
    let most = bins.iter().map(|bin| bin.people).max().unwrap_or(0);
    let mut plot = Plot::new(330.0, 64.0, (outer().fold(from, f64::min), outer().fold(to, f64::max)), (0.0, most.max(PEOPLE_MIN) as f64));
    plot.y_axis("Orang / People");
    for bin in bins {
        let (left, right) = (plot.x(value(bin.from)), plot.x(value(bin.from + width)));
        let (top, base) = (plot.y(bin.people as f64), plot.y(0.0));
        let gap = ((right - left) * 0.1).min(2.0);
        let class = if threshold.is_some_and(|least| bin.from < least) { "below" } else { "bar" };
        let path = format!("M{:.1} {base:.1}V{top:.1}H{:.1}V{base:.1}Z", left + gap, right - gap);
        plot.path(class, &path, &format!("{}: {}", distribution.range(*bin, scale.min), bin.people));
    }
    plot.x_axis("Nilai / Marks");
    if let Some(least) = threshold {
        plot.x_mark(value(least), "threshold", &format!("ambang / threshold {}", marks(least)), 36.0);
    }
    if let Some(cut) = cut {
        plot.x_mark(value(cut), "cut", &format!("batas / cut {}", marks(cut)), 53.0);
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
    Chart { svg: plot.svg(id, &title, &reading), table: table(&distribution, scale), title, reading }
}

fn table(distribution: &Distribution, scale: &Scale) -> DataTable {
    let share = |people: usize| percent(people as f64 / scale.people as f64);
    let mut at_least = scale.people;
    let mut rows = Vec::new();
    for bin in &distribution.bins {
        rows.push(vec![distribution.range(*bin, scale.min), bin.people.to_string(), share(bin.people), share(at_least)]);
        at_least -= bin.people;
    }
    let columns = [("Nilai", "Marks"), ("Orang", "People"), ("Persentase", "Share"), ("Sebesar ini atau lebih", "This or more")];
    DataTable { columns: columns.map(|(id, en)| (phrase(id, en), Align::End)).to_vec(), rows }
}
