//! Drawings on paper.

use super::draw::draw_text;
use super::sheet::{Align, Figure, Look, place};
use super::type_face::{self, Face, Faces};
use crate::chart::{Anchor, Shape, Stroke as Line, Tone};
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;

/// How far the handles of a quarter circle stand from its ends.
const QUARTER: f32 = 0.5523;

/// Draws a figure into whatever is tagged.
pub(super) fn draw(surface: &mut Surface, figure: &Figure, faces: &Faces) {
    let shapes = &figure.drawing.shapes;
    let mut index = 0;
    while index < shapes.len() {
        match &shapes[index] {
            Shape::Bar { tone, .. } => {
                // Bars of one tone that follow each other are one path: a QR code has hundreds.
                let same =
                    shapes[index..].iter().take_while(|shape| matches!(shape, Shape::Bar { tone: other, .. } if other == tone)).count();
                bars(surface, figure, &shapes[index..index + same], *tone);
                index += same;
                continue;
            }
            Shape::Line { from, to, stroke } => course(surface, figure, &[*from, *to], *stroke),
            Shape::Course { points, stroke } => course(surface, figure, points, *stroke),
            Shape::Dot { x, y, radius, tone } => dot(surface, figure.x + x, figure.y + y, *radius, *tone),
            Shape::Label { x, y, anchor, text } => label(surface, figure, (*x, *y), *anchor, text, faces),
        }
        index += 1;
    }
    surface.set_stroke(None);
}

fn bars(surface: &mut Surface, figure: &Figure, shapes: &[Shape], tone: Tone) {
    let mut path = PathBuilder::new();
    for shape in shapes {
        if let Shape::Bar { x, y, width, height, .. } = shape
            && let Some(rect) = Rect::from_xywh(figure.x + x, figure.y + y, *width, *height)
        {
            path.push_rect(rect);
        }
    }
    fill_path(surface, path.finish(), tone);
}

fn dot(surface: &mut Surface, x: f32, y: f32, radius: f32, tone: Tone) {
    let handle = radius * QUARTER;
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + handle, x + handle, y + radius, x, y + radius);
    path.cubic_to(x - handle, y + radius, x - radius, y + handle, x - radius, y);
    path.cubic_to(x - radius, y - handle, x - handle, y - radius, x, y - radius);
    path.cubic_to(x + handle, y - radius, x + radius, y - handle, x + radius, y);
    path.close();
    fill_path(surface, path.finish(), tone);
}

fn fill_path(surface: &mut Surface, path: Option<Path>, tone: Tone) {
    let Some(path) = path else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: colour(tone).into(), opacity: NormalizedF32::ONE, ..Fill::default() }));
    surface.draw_path(&path);
}

/// A line through points, in one stroke: its dashes go on from point to point.
fn course(surface: &mut Surface, figure: &Figure, points: &[(f32, f32)], stroke: Line) {
    let (grey, width, dash) = match stroke {
        Line::Axis => (0x40, 0.6, None),
        Line::Grid => (0xc8, 0.4, None),
        Line::Threshold => (0x00, 0.9, Some(StrokeDash { array: vec![3.0, 2.0], offset: 0.0 })),
        Line::Cut | Line::Marked | Line::Answered => (0x00, 1.2, None),
        Line::Ended => (0x00, 1.2, Some(StrokeDash { array: vec![4.0, 2.5], offset: 0.0 })),
    };
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let (x, y) = (figure.x + x, figure.y + y);
        if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if let Some(path) = path.finish() {
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke { paint: rgb::Color::new(grey, grey, grey).into(), width, dash, ..Stroke::default() }));
        surface.draw_path(&path);
    }
}

fn label(surface: &mut Surface, figure: &Figure, at: (f32, f32), anchor: Anchor, text: &str, faces: &Faces) {
    let look = Look::of(Face::Regular, figure.drawing.size.text);
    let run = faces.shape(look.face, text);
    let align = match anchor {
        Anchor::Start => Align::Left,
        Anchor::Middle => Align::Centre,
        Anchor::End => Align::Right,
    };
    // The place of a label is its baseline; a column without width puts it where it is anchored.
    let top = figure.y + at.1 - type_face::baseline(look.size);
    surface.set_stroke(None);
    for line in run.one_line() {
        draw_text(surface, &place(&run, &line, look, align, figure.x + at.0, 0.0, top), faces);
    }
}

fn colour(tone: Tone) -> rgb::Color {
    match tone {
        Tone::Above => rgb::Color::new(0x12, 0x46, 0x7f),
        Tone::Others => rgb::Color::new(0xa8, 0xb2, 0xbf),
        Tone::Ink => rgb::Color::new(0, 0, 0),
    }
}
