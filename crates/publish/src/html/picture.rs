//! Drawings on a page, as SVG that takes its colours from the style sheet, each with the table of its numbers.

use super::markup::Escaped;
use crate::chart::{Anchor, Chart, Drawing, Shape, Size, Stroke, Tone};
use crate::strings;
use std::fmt::{self, Write as _};

/// About as wide as a phone, so that texts keep their size there.
const WIDTH: f32 = 360.0;
const HEIGHT: f32 = 200.0;
const TEXT: f32 = 11.0;

/// Pictures that open on demand; nothing where there are none.
pub(super) fn write_charts(html: &mut String, charts: &[Chart<'_>]) -> fmt::Result {
    if charts.is_empty() {
        return Ok(());
    }
    writeln!(html, "<details class=\"charts\"><summary>{}</summary>", strings::CHARTS)?;
    for chart in charts {
        writeln!(html, "<figure>\n<figcaption>{}</figcaption>", Escaped(&chart.title))?;
        write_svg(html, &chart.draw(Size { width: WIDTH, height: HEIGHT, text: TEXT }), &chart.alternative)?;
        write_table(html, chart)?;
        html.push_str("</figure>\n");
    }
    html.push_str("</details>\n");
    Ok(())
}

fn write_table(html: &mut String, chart: &Chart<'_>) -> fmt::Result {
    html.push_str("<table>\n<thead><tr>");
    for head in &chart.heads {
        write!(html, "<th scope=\"col\"{}>{}</th>", class(head.number), Escaped(&head.text))?;
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (index, row) in chart.rows.iter().enumerate() {
        write!(html, "<tr{}>", if chart.cut_below == Some(index) { " class=\"cut\"" } else { "" })?;
        for (column, (text, head)) in row.iter().zip(&chart.heads).enumerate() {
            let tag = if column == 0 { "th scope=\"row\"" } else { "td" };
            let end = if column == 0 { "th" } else { "td" };
            write!(html, "<{tag}{}>{}</{end}>", class(head.number), Escaped(text))?;
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    Ok(())
}

fn class(number: bool) -> &'static str {
    if number { " class=\"m\"" } else { "" }
}

fn write_svg(html: &mut String, drawing: &Drawing, alternative: &str) -> fmt::Result {
    let Size { width, height, text } = drawing.size;
    writeln!(html, "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\" font-size=\"{text}\">", Escaped(alternative))?;
    for shape in &drawing.shapes {
        match shape {
            Shape::Bar { x, y, width, height, tone } => {
                let class = tone_class(*tone);
                write!(html, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>")?;
            }
            Shape::Line { from, to, stroke } => {
                let class = stroke_class(*stroke);
                write!(html, "<path class=\"{class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>", from.0, from.1, to.0, to.1)?;
            }
            Shape::Course { points, stroke } => {
                write!(html, "<path class=\"{}\" fill=\"none\" d=\"", stroke_class(*stroke))?;
                for (index, (x, y)) in points.iter().enumerate() {
                    write!(html, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' })?;
                }
                html.push_str("\"/>");
            }
            Shape::Dot { x, y, radius, tone } => {
                write!(html, "<circle class=\"{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>", tone_class(*tone))?;
            }
            Shape::Label { x, y, anchor, text } => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                write!(html, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", Escaped(text))?;
            }
        }
    }
    html.push_str("</svg>\n");
    Ok(())
}

fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Above => "above",
        Tone::Others => "others",
        Tone::Ink => "ink",
    }
}

fn stroke_class(stroke: Stroke) -> &'static str {
    match stroke {
        Stroke::Axis => "axis",
        Stroke::Grid => "grid",
        Stroke::Threshold | Stroke::Ended => "threshold",
        Stroke::Cut | Stroke::Answered => "cut",
        Stroke::Marked => "marked",
    }
}
