//! Numbers as they are gathered, and how durations are distributed.

use hdrhistogram::Histogram;
use loadtest::report::Figure;
use std::time::Duration;

/// Longest duration that is told apart, microseconds.
const SPREAD_US_MAX: u64 = 60_000_000;

/// Figures in the order they were measured.
#[derive(Clone, Debug, Default)]
pub struct Figures(pub Vec<Figure>);

impl Figures {
    /// Adds a figure, or replaces one of that name, and prints it.
    pub fn noted(&mut self, name: &str, value: f64, unit: &str, note: &str) {
        let figure = Figure { name: name.to_owned(), value, unit: unit.to_owned(), note: note.to_owned() };
        eprintln!("  {name:34} {:>12} {unit:4} {note}", shown(value));
        match self.0.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = figure,
            None => self.0.push(figure),
        }
    }

    /// Median, 99 % and 99.9 % of a distribution as three figures: `<name>_p50` and so on.
    pub fn spread(&mut self, name: &str, unit: &str, spread: &Spread, note: &str) {
        let scale = if unit == "ms" { 1_000.0 } else { 1.0 };
        for (suffix, quantile) in [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)] {
            self.noted(&format!("{name}_{suffix}"), spread.us(quantile) / scale, unit, note);
        }
    }

    /// The value of a figure.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|figure| figure.name == name).map(|figure| figure.value)
    }

    /// Adds one figure over another, where both are there.
    pub fn ratio(&mut self, name: &str, of: &str, over: &str) {
        if let (Some(of_value), Some(over_value)) = (self.get(of), self.get(over))
            && over_value > 0.0
        {
            self.noted(name, of_value / over_value, "", &format!("{of} / {over}"));
        }
    }
}

/// A number for people: three digits that count.
pub fn shown(value: f64) -> String {
    let size = value.abs();
    if size >= 10_000.0 {
        let digits = format!("{:.0}", size);
        let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
        return format!("{}{}", if value < 0.0 { "-" } else { "" }, groups.join(","));
    }
    let decimals = if size >= 100.0 { 0 } else { 3_i32.saturating_sub(1 + (size.max(0.001).log10().floor() as i32)).clamp(0, 4) };
    format!("{value:.*}", decimals as usize)
}

/// How durations are distributed.
#[derive(Clone, Debug)]
pub struct Spread(Histogram<u64>);

impl Default for Spread {
    fn default() -> Self {
        // With bounds: a histogram without them cuts off what is longer than it knows.
        Spread(Histogram::new_with_bounds(1, SPREAD_US_MAX, 3).expect("the bounds are in order"))
    }
}

impl Spread {
    /// Adds a duration.
    pub fn record(&mut self, duration: Duration) {
        self.0.saturating_record((duration.as_micros() as u64).max(1));
    }

    /// Adds everything of another one.
    pub fn add(&mut self, other: &Spread) {
        self.0.add(&other.0).expect("both have the same bounds");
    }

    /// Microseconds at a quantile.
    pub fn us(&self, quantile: f64) -> f64 {
        self.0.value_at_quantile(quantile) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_the_digits_that_count() {
        let cases = [
            (1234567.8, "1,234,568"),
            (9_999.4, "9999"),
            (123.4, "123"),
            (12.34, "12.3"),
            (1.234, "1.23"),
            (0.1234, "0.123"),
            (0.0, "0.0000"),
        ];
        for (value, text) in cases {
            assert_eq!(shown(value), text, "{value}");
        }
    }
}
