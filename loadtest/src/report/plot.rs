//! Pictures of a report as SVG: lines over time, and bars over a logarithmic axis. Colours come from the page's style.

use super::{Distribution, Series};
use std::fmt::Write;

/// Size of a picture in its own units; letters of 10 are readable on a phone.
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 30.0;
/// Bars per decade of a histogram.
const BARS_PER_DECADE: f64 = 10.0;
/// Points of a line that can be told apart on the picture; of more the extremes are kept.
const POINTS_MAX: usize = 400;

/// A number for an axis or a table.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1_000.0 {
        let digits = format!("{size:.0}");
        let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
        return format!("{}{}", if value < 0.0 { "-" } else { "" }, groups.join(","));
    }
    let decimals = match size {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        0.1.. => 3,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Text inside markup.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Lines over time, all of one unit. `label` says to a screen reader what it is.
pub fn lines(series: &[&Series], label: &str) -> String {
    let points = || series.iter().flat_map(|series| &series.points);
    let from = points().map(|point| point.0).fold(f64::INFINITY, f64::min).min(0.0);
    let to = points().map(|point| point.0).fold(from + 1.0, f64::max);
    let step = nice_step(points().map(|point| point.1).fold(0.0, f64::max).max(1e-6), 4.0);
    let top = (points().map(|point| point.1).fold(0.0, f64::max) / step).ceil().max(1.0) * step;
    let x = |seconds: f64| LEFT + (seconds - from) / (to - from) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);

    let mut svg = open(label);
    for tick in (0..).map(|tick| f64::from(tick) * step).take_while(|&tick| tick <= top * 1.001) {
        level(&mut svg, y(tick), &number(tick));
    }
    let step = nice_step(to - from, 5.0);
    for tick in (0..).map(|tick| (from / step).ceil() * step + f64::from(tick) * step).take_while(|&tick| tick <= to) {
        below(&mut svg, x(tick), &format!("{} s", number(tick)));
    }
    for (index, series) in series.iter().enumerate() {
        let thinned = thin(&series.points);
        let path: Vec<String> = thinned.iter().map(|&(seconds, value)| format!("{:.1},{:.1}", x(seconds), y(value))).collect();
        let _ = write!(svg, "<polyline class=\"line c{}\" points=\"{}\"/>", index % 4, path.join(" "));
    }
    svg + "</svg>"
}

/// Bars over a logarithmic axis.
pub fn bars(distribution: &Distribution, label: &str) -> String {
    let bar_of = |bound: f64| (bound.max(1e-6).log10() * BARS_PER_DECADE).floor() as i32;
    let mut bars = std::collections::BTreeMap::<i32, u64>::new();
    for &(bound, count) in &distribution.buckets {
        *bars.entry(bar_of(bound)).or_default() += count;
    }
    let (first, last) = (bars.keys().next().copied().unwrap_or(0), bars.keys().next_back().copied().unwrap_or(0) + 1);
    let most = bars.values().copied().max().unwrap_or(1) as f64;
    let x = |bar: f64| LEFT + (bar - f64::from(first)) / f64::from(last - first) * (WIDTH - LEFT - RIGHT);
    let height = |count: f64| count / most * (HEIGHT - TOP - BOTTOM);

    let mut svg = open(label);
    for share in [0.0, 0.5, 1.0] {
        let percent = 100.0 * share * most / distribution.count.max(1) as f64;
        level(&mut svg, HEIGHT - BOTTOM - height(share * most), &format!("{} %", number((percent * 10.0).round() / 10.0)));
    }
    for (&bar, &count) in &bars {
        let (left, width) = (x(f64::from(bar)), x(f64::from(bar) + 1.0) - x(f64::from(bar)));
        // What happened once is still seen.
        let tall = height(count as f64).max(1.0);
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"/>",
            HEIGHT - BOTTOM - tall,
            (width - 0.7).max(0.5)
        );
    }
    // Many decades leave room for powers of ten only.
    let many = f64::from(last - first) > 2.5 * BARS_PER_DECADE;
    let marks: &[f64] = if many { &[1.0] } else { &[1.0, 2.0, 5.0] };
    for decade in first.div_euclid(10)..=last.div_euclid(10) {
        for mark in marks {
            let value = mark * 10_f64.powi(decade);
            let bar = value.log10() * BARS_PER_DECADE;
            if (f64::from(first)..=f64::from(last)).contains(&bar) {
                below(&mut svg, x(bar), &number(value));
            }
        }
    }
    for (name, value) in [("p50", distribution.p50), ("p99", distribution.p99), ("p99.9", distribution.p999)] {
        let at = x(value.max(1e-6).log10() * BARS_PER_DECADE).clamp(LEFT, WIDTH - RIGHT);
        let _ = write!(svg, "<line class=\"mark\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{}\"/>", HEIGHT - BOTTOM);
        let _ = write!(svg, "<text class=\"mark\" x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{name}</text>", TOP - 3.0);
    }
    svg + "</svg>"
}

fn open(label: &str) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", escape(label))
}

fn level(svg: &mut String, y: f64, text: &str) {
    let _ = write!(svg, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>", WIDTH - RIGHT);
    let _ = write!(svg, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>", LEFT - 4.0, y + 3.5, escape(text));
}

fn below(svg: &mut String, x: f64, text: &str) {
    let y = HEIGHT - BOTTOM;
    let _ = write!(svg, "<line class=\"tick\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{y}\" y2=\"{}\"/>", y + 4.0);
    let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>", y + 15.0, escape(text));
}

/// 1, 2 or 5 times a power of ten, so that about `wanted` steps make the whole.
fn nice_step(whole: f64, wanted: f64) -> f64 {
    let rough = whole / wanted;
    let power = 10_f64.powf(rough.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|nice| nice * power >= rough * 0.999).unwrap_or(10.0);
    nice * power
}

/// The highest point of each of [`POINTS_MAX`] stretches: a picture of latencies must not lose its peaks.
fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let stretch = points.len().div_ceil(POINTS_MAX).max(1);
    points.chunks(stretch).filter_map(|chunk| chunk.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_grouped() {
        let cases = [(0.0, "0"), (0.25, "0.25"), (1.5, "1.5"), (12.34, "12.3"), (250.0, "250"), (40_000.0, "40,000"), (-1_234.0, "-1,234")];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn steps_of_an_axis_are_nice() {
        for (whole, step) in [(10.0, 5.0), (4.0, 1.0), (0.3, 0.1), (900.0, 500.0)] {
            assert!((nice_step(whole, 4.0) / step - 1.0).abs() < 1e-9, "{whole}: {}", nice_step(whole, 4.0));
        }
    }

    #[test]
    fn thinning_keeps_the_peak() {
        let mut points: Vec<(f64, f64)> = (0..5_000).map(|n| (f64::from(n), 1.0)).collect();
        points[3_333].1 = 99.0;
        let thinned = thin(&points);
        assert!(thinned.len() <= POINTS_MAX && thinned.iter().any(|point| point.1 == 99.0));
    }
}
