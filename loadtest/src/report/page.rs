//! A report as one page: nothing is fetched from anywhere, and beside every picture stands a table that says the same.

use super::plot::{self, escape, number};
use super::{Distribution, Figure, Goal, Reached, RunReport, Series};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn html(report: &RunReport, goals: &[Goal]) -> String {
    let title = escape(&report.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n<main>\n<h1>{title}</h1>\n"
    );
    let _ = writeln!(
        page,
        "<p class=\"soft\">Scenario <b>{}</b>, {}, {} s.<br><code>{}</code></p>",
        escape(&report.scenario),
        utc(report.started_utc_ms),
        number(report.seconds),
        escape(&report.command)
    );
    verdict(&mut page, report);
    if !report.figures.is_empty() {
        page.push_str("<h2>Figures</h2>\n");
        figures(&mut page, &report.figures, goals);
    }
    if !report.histograms.is_empty() {
        page.push_str("<h2>Distributions</h2>\n<div class=\"pictures\">\n");
        report.histograms.iter().for_each(|distribution| distributed(&mut page, distribution));
        page.push_str("</div>\n");
    }
    if !report.series.is_empty() {
        page.push_str("<h2>Over time</h2>\n<div class=\"pictures\">\n");
        by_unit(&report.series).iter().for_each(|(unit, series)| over_time(&mut page, unit, series));
        page.push_str("</div>\n");
    }
    if !report.checks.is_empty() {
        checks(&mut page, report);
    }
    page + "</main>\n</html>\n"
}

fn verdict(page: &mut String, report: &RunReport) {
    let failed = report.checks.iter().filter(|check| !check.ok).count();
    if failed > 0 {
        let _ = writeln!(page, "<div class=\"verdict bad\"><p><b>Not ok:</b> {failed} of {} checks failed.</p></div>", report.checks.len());
    } else if !report.checks.is_empty() {
        let _ = writeln!(page, "<div class=\"verdict\"><p><b>Ok:</b> all {} checks hold.</p></div>", report.checks.len());
    }
    if !report.disturbances.is_empty() {
        let words: Vec<String> = report.disturbances.iter().map(|words| format!("<p>{}</p>", escape(words))).collect();
        let _ = writeln!(
            page,
            "<div class=\"verdict warn\"><p><b>Disturbed:</b> these figures are of a machine that did other things too.</p>{}</div>",
            words.join("")
        );
    }
}

fn figures(page: &mut String, figures: &[Figure], goals: &[Goal]) {
    let with_goals = figures.iter().any(|figure| goals.iter().any(|goal| goal.name == figure.name));
    let heads = if with_goals { "<th>floor<th>aim<th>" } else { "" };
    let _ = writeln!(page, "<div class=\"wide\"><table><tr><th>figure<th class=\"n\">value<th>unit{heads}<th>note</tr>");
    for figure in figures {
        let _ = write!(page, "<tr><td>{}<td class=\"n\">{}<td>{}", escape(&figure.name), number(figure.value), escape(&figure.unit));
        match goals.iter().find(|goal| goal.name == figure.name) {
            Some(goal) => {
                let class = match goal.reached {
                    Reached::Aim => "good",
                    Reached::Floor => "warn",
                    Reached::Nothing => "bad",
                };
                let word = goal.reached.word();
                let _ = write!(page, "<td>{}<td>{}<td class=\"{class}\">{word}", escape(&goal.floor), escape(&goal.aim));
            }
            None if with_goals => page.push_str("<td><td><td>"),
            None => {}
        }
        let _ = writeln!(page, "<td class=\"soft\">{}</tr>", escape(&figure.note));
    }
    page.push_str("</table></div>\n");
}

fn distributed(page: &mut String, distribution: &Distribution) {
    let Distribution { name, unit, p50, p90, p99, p999, max, count, .. } = distribution;
    let label = format!("Histogram of {name} in {unit}, logarithmic; the table below has its quantiles.");
    let _ = writeln!(page, "<figure><h3>{}, {}</h3>{}", escape(name), escape(unit), plot::bars(distribution, &label));
    let _ = write!(
        page,
        "<table><tr><th class=\"n\">p50<th class=\"n\">p90<th class=\"n\">p99<th class=\"n\">p99.9<th class=\"n\">max<th class=\"n\">count</tr><tr>"
    );
    for value in [*p50, *p90, *p99, *p999, *max, *count as f64] {
        let _ = write!(page, "<td class=\"n\">{}", number(value));
    }
    page.push_str("</tr></table></figure>\n");
}

/// Series of one unit share a picture, in the order in which units first appear.
fn by_unit(series: &[Series]) -> Vec<(String, Vec<&Series>)> {
    let mut groups: Vec<(String, Vec<&Series>)> = Vec::new();
    for one in series {
        match groups.iter_mut().find(|(unit, _)| *unit == one.unit) {
            Some((_, group)) => group.push(one),
            None => groups.push((one.unit.clone(), vec![one])),
        }
    }
    groups
}

fn over_time(page: &mut String, unit: &str, series: &[&Series]) {
    let names: Vec<&str> = series.iter().map(|series| series.name.as_str()).collect();
    let unit = if unit.is_empty() { "count" } else { unit };
    let label = format!("{} in {unit} over time; the table below has least, mean and most.", names.join(", "));
    let _ = writeln!(page, "<figure><h3>{}, {}</h3>{}", escape(&names.join(", ")), escape(unit), plot::lines(series, &label));
    page.push_str("<table><tr><th>series<th class=\"n\">least<th class=\"n\">mean<th class=\"n\">most<th class=\"n\">at the end</tr>");
    for (index, series) in series.iter().enumerate() {
        let values = || series.points.iter().map(|point| point.1);
        let mean = values().sum::<f64>() / series.points.len().max(1) as f64;
        let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let last = values().next_back().unwrap_or(0.0);
        let key = format!(
            "<svg class=\"key\" viewBox=\"0 0 26 8\" aria-hidden=\"true\"><line class=\"line c{}\" x1=\"0\" x2=\"26\" y1=\"4\" y2=\"4\"/></svg>",
            index % 4
        );
        let _ = write!(page, "<tr><td>{key}{}", escape(&series.name));
        for value in [least, mean, most, last] {
            let _ = write!(page, "<td class=\"n\">{}", if value.is_finite() { number(value) } else { "-".to_owned() });
        }
        page.push_str("</tr>");
    }
    page.push_str("</table></figure>\n");
}

fn checks(page: &mut String, report: &RunReport) {
    page.push_str("<h2>Checks</h2>\n<div class=\"wide\"><table><tr><th><th>what must hold<th>detail</tr>\n");
    for check in &report.checks {
        let word = if check.ok { "<td class=\"good\">ok" } else { "<td class=\"bad\"><b>not ok</b>" };
        let _ = writeln!(page, "<tr>{word}<td>{}<td class=\"soft\">{}</tr>", escape(&check.name), escape(&check.detail));
    }
    page.push_str("</table></div>\n");
}

/// `2026-11-22 08:15:00 UTC`, from milliseconds since 1970 (civil-from-days, proleptic Gregorian).
fn utc(ms: i64) -> String {
    let (days, second) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000) / 1_000);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::super::Check;
    use super::*;

    fn report() -> RunReport {
        let wave = |name: &str, unit: &str, height: f64| Series {
            name: name.to_owned(),
            unit: unit.to_owned(),
            points: (0..240).map(|n| (f64::from(n) / 8.0, height * (1.2 + (f64::from(n) / 20.0).sin()))).collect(),
        };
        let buckets: Vec<(f64, u64)> = (1..200_u64).map(|n| (n as f64 * 0.05, 40_000 / (1 + (n.abs_diff(5)).pow(2)))).collect();
        let count = buckets.iter().map(|bucket| bucket.1).sum();
        RunReport {
            scenario: "rate".into(),
            title: "5,000 sockets: 41,200 durable saves per second <at> p99 9.1 ms".into(),
            command: "saksama-loadtest rate --sessions 5000 --find-max".into(),
            started_utc_ms: 1_795_306_500_000,
            seconds: 30.2,
            figures: vec![
                Figure { note: "of 1,236,000".into(), ..Figure::new("saves_per_s", 41_200.0, "1/s") },
                Figure::new("ack_ms_p99", 0.91, "ms"),
            ],
            series: vec![
                wave("ack p50", "ms", 0.3),
                wave("ack p99", "ms", 4.0),
                wave("server CPU", "core", 0.7),
                wave("client CPU", "core", 0.4),
                wave("server memory", "MB", 80.0),
                wave("journal queue", "blocks", 3.0),
            ],
            histograms: vec![Distribution {
                name: "ack".into(),
                unit: "ms".into(),
                p50: 0.25,
                p90: 1.1,
                p99: 4.2,
                p999: 9.0,
                max: 9.9,
                count,
                buckets,
            }],
            checks: vec![Check {
                name: "every acknowledged answer is in the journal exactly once".into(),
                ok: true,
                detail: "1,236,000 answers".into(),
            }],
            disturbances: vec!["other processes used 0.31 core for 4 s".into()],
        }
    }

    #[test]
    fn a_page_is_self_contained_and_says_everything_in_words() {
        let goal =
            Goal { name: "saves_per_s".into(), floor: "at least 40,000".into(), aim: "at least 80,000".into(), reached: Reached::Floor };
        let page = html(&report(), &[goal]);
        for part in ["&lt;at&gt;", "41,200", "floor holds", "all 1 checks hold", "other processes used 0.31 core", "2026-11-22", "p99.9"] {
            assert!(page.contains(part), "{part}");
        }
        for fetched in ["http:", "https:", "<script", "url(", "@import", "<link", "<img"] {
            assert!(!page.contains(fetched), "{fetched}");
        }
        // Every picture is named, and beside it stands a table. The swatches of the tables are hidden from screen readers.
        let pictures = page.matches("role=\"img\"").count();
        assert_eq!(pictures, 1 + 4, "one histogram, and a picture for each unit");
        assert_eq!(page.matches("</table></figure>").count(), pictures);
    }

    #[test]
    fn a_check_that_fails_is_seen_first() {
        let mut report = report();
        report.checks[0].ok = false;
        let page = html(&report, &[]);
        assert!(page.find("1 of 1 checks failed").expect("the verdict") < page.find("<h2>Figures").expect("figures"));
    }

    #[test]
    fn a_report_without_anything_is_a_page_too() {
        let page = html(&RunReport::default(), &[]);
        assert!(page.contains("1970-01-01 00:00:00 UTC") && !page.contains("NaN"));
    }
}
