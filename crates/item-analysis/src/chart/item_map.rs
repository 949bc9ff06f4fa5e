//! Items by difficulty (across) and corrected point-biserial (upward).

use super::plot::{Plot, WIDTH};
use super::{Align, Chart, DataTable};
use crate::analysis::{Analysis, ItemStatistics};
use crate::flag::{DIFFICULTY_MAX, DIFFICULTY_MIN, DISCRIMINATION_MIN, Flag};
use crate::phrase::{decimal_or_dash, percent, phrase};

/// How much an item asks to be looked at; each has its own shape and colour.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Urgency {
    /// A circle.
    Fine,
    /// A square.
    Look,
    /// A triangle.
    Grave,
}

impl Urgency {
    fn of(item: &ItemStatistics) -> Urgency {
        if item.flags.contains(&Flag::NegativeDiscrimination) || item.flags.contains(&Flag::PossibleMiskey) {
            Urgency::Grave
        } else if item.flags.iter().all(|flag| *flag == Flag::UnusedDistractor) {
            Urgency::Fine
        } else {
            Urgency::Look
        }
    }

    fn class(self) -> &'static str {
        match self {
            Urgency::Fine => "item",
            Urgency::Look => "look",
            Urgency::Grave => "grave",
        }
    }

    fn path(self, x: f64, y: f64) -> String {
        match self {
            Urgency::Fine => format!("M{:.1} {y:.1}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z", x - 4.5),
            Urgency::Look => format!("M{:.1} {:.1}h9v9h-9Z", x - 4.5, y - 4.5),
            Urgency::Grave => format!("M{:.1} {:.1}h13l-6.5 -12Z", x - 6.5, y + 6.0),
        }
    }
}

/// All items for which both numbers are defined; the table has the others too.
pub fn item_map(analysis: &Analysis, id: &str) -> Chart {
    let placed: Vec<(&ItemStatistics, f64, f64)> =
        analysis.items.iter().filter_map(|item| Some((item, item.difficulty?, item.point_biserial_corrected?))).collect();
    let least = placed.iter().map(|(_, _, r)| *r).fold(-0.1, f64::min);
    let most = placed.iter().map(|(_, _, r)| *r).fold(0.5, f64::max);
    let left = placed.iter().map(|(_, p, _)| *p).fold(0.0, f64::min);
    let mut plot = Plot::new(430.0, 56.0, (left, 1.0), (least - 0.05, most + 0.05));
    plot.y_axis("Daya beda (r) / Corrected point-biserial");
    plot.y_mark(0.0, "zero");
    plot.y_mark(DISCRIMINATION_MIN, "limit");
    for limit in [DIFFICULTY_MIN, DIFFICULTY_MAX] {
        let (x, top, base) = (plot.x(limit), plot.y(plot.y_range.1), plot.y(plot.y_range.0));
        plot.line((x, top), (x, base), "limit");
    }
    plot.x_axis("Tingkat kesukaran (p): sukar ← → mudah / Difficulty: hard ← → easy");
    let mut taken: Vec<Space> = placed.iter().map(|(_, p, r)| Space::around(plot.x(*p), plot.y(*r))).collect();
    for (item, p, r) in &placed {
        let look = Urgency::of(item);
        let title = format!("{}: p {}, r {}", item.name, decimal_or_dash(Some(*p), 2), decimal_or_dash(Some(*r), 2));
        let path = look.path(plot.x(*p), plot.y(*r));
        plot.path(look.class(), &path, &title);
    }
    // Names where there is room, the gravest first.
    for wanted in [Urgency::Grave, Urgency::Look, Urgency::Fine] {
        for (item, p, r) in placed.iter().filter(|(item, ..)| Urgency::of(item) == wanted) {
            let (x, y) = (plot.x(*p), plot.y(*r));
            let width = item.name.chars().count() as f64 * 7.2 + 2.0;
            let beside = [("start", x + 8.0, y + 4.0), ("end", x - 8.0, y + 4.0), ("middle", x, y - 10.0), ("middle", x, y + 20.0)];
            let across = [("start", x + 6.0, y - 7.0), ("end", x - 6.0, y - 7.0), ("start", x + 6.0, y + 16.0), ("end", x - 6.0, y + 16.0)];
            let places = beside.into_iter().chain(across);
            let free = places.into_iter().find(|(anchor, x, y)| {
                let space = Space::of_name(anchor, *x, *y, width);
                space.inside(plot.height) && taken.iter().all(|other| !space.meets(other))
            });
            if let Some((anchor, x, y)) = free {
                taken.push(Space::of_name(anchor, x, y, width));
                plot.text((x, y), anchor, "small", &item.name);
            }
        }
    }
    let title = phrase("Peta butir", "Item map");
    let reading = phrase(
        "Makin ke kanan makin mudah, makin ke atas makin membedakan. Segitiga: kunci atau daya beda perlu segera dilihat; kotak: ada tanda lain; \
         lingkaran: tanpa tanda selain pengecoh yang jarang dipilih. Garis putus-putus: batas tanda.",
        "Further right is easier, further up tells good from weak better. Triangle: look at key or discrimination at once; square: other flags; \
         circle: no flag but for rarely chosen distractors. Dashed lines: limits of flags.",
    );
    Chart { svg: plot.svg(id, &title, &reading), table: table(analysis), title, reading }
}

fn table(analysis: &Analysis) -> DataTable {
    let rows = analysis.items.iter().map(|item| {
        vec![
            item.name.clone(),
            analysis.scales[item.scale].name.clone().unwrap_or_default(),
            decimal_or_dash(item.difficulty, 3),
            decimal_or_dash(item.point_biserial_corrected, 3),
            decimal_or_dash(item.discrimination, 3),
            decimal_or_dash(item.alpha_if_deleted, 4),
            percent(item.omission_rate),
            decimal_or_dash(item.mean_time_s, 1),
            item.flags.iter().map(|flag| flag.words().id).collect::<Vec<_>>().join("; "),
        ]
    });
    let columns = [
        ("Butir", "Item", Align::Start),
        ("Bagian", "Section", Align::Start),
        ("Kesukaran p", "Difficulty", Align::End),
        ("Daya beda r", "Corrected point-biserial", Align::End),
        ("D 27 %", "D 27 %", Align::End),
        ("Alfa tanpa butir", "Alpha if deleted", Align::End),
        ("Kosong", "Omitted", Align::End),
        ("Waktu (detik)", "Time (s)", Align::End),
        ("Tanda", "Flags", Align::Words),
    ];
    DataTable { columns: columns.map(|(id, en, align)| (phrase(id, en), align)).to_vec(), rows: rows.collect() }
}

/// Room that something takes in the picture.
struct Space {
    x: (f64, f64),
    y: (f64, f64),
}

impl Space {
    fn around(x: f64, y: f64) -> Space {
        Space { x: (x - 6.0, x + 6.0), y: (y - 6.0, y + 6.0) }
    }

    fn of_name(anchor: &str, x: f64, y: f64, width: f64) -> Space {
        let left = match anchor {
            "start" => x,
            "end" => x - width,
            _ => x - width / 2.0,
        };
        Space { x: (left, left + width), y: (y - 11.0, y + 3.0) }
    }

    fn meets(&self, other: &Space) -> bool {
        self.x.0 < other.x.1 && other.x.0 < self.x.1 && self.y.0 < other.y.1 && other.y.0 < self.y.1
    }

    fn inside(&self, height: f64) -> bool {
        self.x.0 > 56.0 && self.x.1 < WIDTH && self.y.0 > 20.0 && self.y.1 < height - 58.0
    }
}
