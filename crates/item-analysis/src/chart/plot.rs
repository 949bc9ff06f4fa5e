//! The sheet that charts are drawn on: two axes, lines, shapes and words.

use crate::phrase::{Phrase, decimal, escape};
use std::fmt::Write;

/// Width of a picture in its own units; words are 14 high.
pub const WIDTH: f64 = 720.0;

/// A sheet with axes. Values go in, SVG comes out.
pub struct Plot {
    /// Of the picture.
    pub height: f64,
    /// Smallest and greatest value across.
    pub x_range: (f64, f64),
    /// Smallest and greatest value upward.
    pub y_range: (f64, f64),
    /// Room for words on the left.
    pub left: f64,
    body: String,
}

/// Room above the axes for the name of the upward one and for the names of two marks.
const TOP: f64 = 62.0;
const RIGHT: f64 = 22.0;
const BOTTOM: f64 = 58.0;

impl Plot {
    pub fn new(height: f64, left: f64, x_range: (f64, f64), y_range: (f64, f64)) -> Plot {
        Plot { height, x_range: widened(x_range), y_range: widened(y_range), left, body: String::new() }
    }

    /// Place of a value across.
    pub fn x(&self, value: f64) -> f64 {
        let (from, to) = self.x_range;
        self.left + (value - from) / (to - from) * (WIDTH - RIGHT - self.left)
    }

    /// Place of a value upward.
    pub fn y(&self, value: f64) -> f64 {
        let (from, to) = self.y_range;
        self.height - BOTTOM - (value - from) / (to - from) * (self.height - BOTTOM - TOP)
    }

    /// Ticks and the name of the axis across.
    pub fn x_axis(&mut self, name: &str) {
        let base = self.height - BOTTOM;
        let (ticks, decimals) = ticks(self.x_range);
        for tick in ticks {
            let x = self.x(tick);
            self.line((x, base), (x, base + 5.0), "axis");
            self.text((x, base + 20.0), "middle", "tick", &decimal(tick, decimals));
        }
        self.line((self.left, base), (WIDTH - RIGHT, base), "axis");
        let middle = f64::midpoint(self.left, WIDTH - RIGHT);
        self.text((middle, base + 44.0), "middle", "name", name);
    }

    /// Ticks, grid and the name of the axis upward, which stands above it.
    pub fn y_axis(&mut self, name: &str) {
        let (ticks, decimals) = ticks(self.y_range);
        for tick in ticks {
            let y = self.y(tick);
            self.line((self.left, y), (WIDTH - RIGHT, y), "grid");
            self.text((self.left - 8.0, y + 5.0), "end", "tick", &decimal(tick, decimals));
        }
        self.text((4.0, 16.0), "start", "name", name);
    }

    /// A line through the sheet at a value across, its name at the top.
    pub fn x_mark(&mut self, value: f64, class: &str, name: &str, name_y: f64) {
        let x = self.x(value);
        self.line((x, TOP - 4.0), (x, self.height - BOTTOM), class);
        let (anchor, at) = if x > WIDTH * 0.7 { ("end", x - 6.0) } else { ("start", x + 6.0) };
        self.text((at, name_y), anchor, "mark", name);
    }

    /// A line through the sheet at a value upward.
    pub fn y_mark(&mut self, value: f64, class: &str) {
        let y = self.y(value);
        self.line((self.left, y), (WIDTH - RIGHT, y), class);
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let _ = write!(self.body, r#"<line class="{class}" x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}"/>"#, from.0, from.1, to.0, to.1);
    }

    pub fn text(&mut self, at: (f64, f64), anchor: &str, class: &str, text: &str) {
        let _ =
            write!(self.body, r#"<text class="{class}" x="{:.1}" y="{:.1}" text-anchor="{anchor}">{}</text>"#, at.0, at.1, escape(text));
    }

    /// A line from value to value.
    pub fn curve(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{:.1},{:.1}", self.x(*x), self.y(*y))).collect();
        let _ = write!(self.body, r#"<polyline class="{class}" points="{}"/>"#, points.join(" "));
    }

    /// What the lines of a class are, above the sheet.
    pub fn sample(&mut self, class: &str, name: &str, name_y: f64) {
        self.line((self.left, name_y - 5.0), (self.left + 36.0, name_y - 5.0), class);
        self.text((self.left + 44.0, name_y), "start", "mark", name);
    }

    /// A filled shape; its title shows where a pointer rests on it.
    pub fn path(&mut self, class: &str, path: &str, title: &str) {
        let _ = write!(self.body, r#"<path class="{class}" d="{path}"><title>{}</title></path>"#, escape(title));
    }

    /// The picture. `id` must be its own in a page.
    pub fn svg(self, id: &str, title: &Phrase, description: &Phrase) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {WIDTH} {}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{} / {}</title><desc id="{id}-d">{} / {}</desc><style>{STYLE}</style>{}</svg>"#,
            self.height,
            escape(&title.id),
            escape(&title.en),
            escape(&description.id),
            escape(&description.en),
            self.body
        )
    }
}

/// Inside every picture, so that it can be taken out of its page; named so that it means nothing else in it. Contrast with white is at least 4.5 to 1 for words and 3 to 1 for shapes.
const STYLE: &str = ".plot text{font:14px system-ui,sans-serif;fill:#222}.plot .name{font-weight:600}.plot .mark{font-weight:600;font-size:13px}\
.plot .small{font-size:12px}.plot .axis{stroke:#444}.plot .grid{stroke:#ddd}.plot .limit{stroke:#777;stroke-dasharray:3 4}.plot .zero{stroke:#444}\
.plot .threshold{stroke:#a61b1b;stroke-width:2}.plot .cut{stroke:#1a5e20;stroke-width:2;stroke-dasharray:8 4}\
.plot .answered{stroke:#1f5fa8;stroke-width:2.5;fill:none}.plot .ended{stroke:#b3450b;stroke-width:2.5;stroke-dasharray:2 4;fill:none}\
.plot .bar,.plot .item{fill:#1f5fa8}.plot .below{fill:#8fb0d6}.plot .look{fill:#b3450b}.plot .grave{fill:#a61b1b}.plot .out{fill:#777}";

/// A range of one value has no length; it gets one.
fn widened((from, to): (f64, f64)) -> (f64, f64) {
    if to > from { (from, to) } else { (from - 0.5, from + 0.5) }
}

/// Round values inside a range, four to ten of them, and how many decimals they need.
fn ticks((from, to): (f64, f64)) -> (Vec<f64>, usize) {
    let rough = (to - from) / 8.0;
    let power = rough.log10().floor();
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * 10_f64.powf(power)).find(|step| *step >= rough * 0.999).unwrap_or(rough);
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    let (first, last) = ((from / step - 1e-9).ceil() as i64, (to / step + 1e-9).floor() as i64);
    ((first..=last).map(|number| number as f64 * step).collect(), decimals)
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn ticks_are_round() {
        let shown = |range| {
            let (ticks, decimals) = ticks(range);
            ticks.iter().map(|tick| format!("{tick:.decimals$}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown((0.0, 1.0)), "0.0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(shown((0.0, 550.0)), "0 100 200 300 400 500");
        assert_eq!(shown((-0.2, 0.6)), "-0.2 -0.1 0.0 0.1 0.2 0.3 0.4 0.5 0.6");
        assert_eq!(shown((2.5, 3.5)), "2.6 2.8 3.0 3.2 3.4");
    }
}
