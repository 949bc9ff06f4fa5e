//! Text becomes glyphs here: shaping, measuring and line breaking with the two embedded faces.
//!
//! Left-to-right scripts only, which is what Indonesian names are written in. A character the faces do not have is drawn as the replacement
//! character but keeps its code point, so that searching and copying still find what was meant.

use harfrust::{Direction, Feature, FontRef, ShapeOptions, ShapePlan, ShaperData, Tag, UnicodeBuffer, script};
use krilla::text::{Font, Glyph as KrillaGlyph, GlyphId};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

const REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

/// Height of a line as a multiple of the type size.
const LINE_HEIGHT: f32 = 1.3;
/// Height of capitals as a multiple of the type size, in both faces.
const CAP_HEIGHT: f32 = 0.714;

/// Which of the two faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
}

/// The embedded faces.
pub(super) struct Faces {
    regular: LoadedFace,
    bold: LoadedFace,
    /// Shaping reuses one buffer; a list has some hundred thousand short texts.
    buffer: RefCell<Option<UnicodeBuffer>>,
}

struct LoadedFace {
    krilla: Font,
    font: FontRef<'static>,
    data: ShaperData,
    plan: ShapePlan,
    replacement: Glyph,
}

/// A shaped text; positions are in units of the face, so one run serves every size.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) face: Face,
    pub(super) text: Box<str>,
    pub(super) glyphs: Box<[Glyph]>,
    units_per_em: f32,
}

/// A glyph and the bytes of the text it stands for. Narrow on purpose: a long list holds millions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    id: u16,
    advance: i16,
    x_offset: i16,
    y_offset: i16,
    start: u32,
    end: u32,
}

/// A line of a run: a range of its glyphs, and the width that is seen (a blank at the end is drawn, for readers, but not seen).
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) glyphs: Range<usize>,
    pub(super) width_units: i32,
}

impl Faces {
    /// Reads the embedded faces; fails only when this crate was built with other files.
    pub(super) fn load() -> Result<Self, &'static str> {
        Ok(Faces { regular: LoadedFace::load(REGULAR)?, bold: LoadedFace::load(BOLD)?, buffer: RefCell::new(None) })
    }

    /// The face as the PDF writer knows it.
    pub(super) fn krilla(&self, face: Face) -> Font {
        self.of(face).krilla.clone()
    }

    /// Shapes a text without line breaks.
    pub(super) fn shape(&self, face: Face, text: &str) -> Rc<Run> {
        let loaded = self.of(face);
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        buffer.push_str(text);
        let shaped = loaded.shape(buffer);
        let glyphs = loaded.glyphs(&shaped, text.len());
        self.buffer.replace(Some(shaped.clear()));
        Rc::new(Run { face, text: text.into(), glyphs, units_per_em: loaded.krilla.units_per_em() })
    }

    fn of(&self, face: Face) -> &LoadedFace {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        }
    }
}

impl LoadedFace {
    fn load(bytes: &'static [u8]) -> Result<Self, &'static str> {
        let krilla = Font::new(bytes.into(), 0).ok_or("the embedded face cannot be read")?;
        let font = FontRef::new(bytes).map_err(|_| "the embedded face has no tables")?;
        let data = ShaperData::new(&font);
        // A line may be cut between any two characters of a long word, so no glyph may stand for several.
        let features = [Feature::new(Tag::new(b"liga"), 0, ..)];
        let plan = ShapePlan::new(&data.shaper(&font).build(), Direction::LeftToRight, Some(script::LATIN), None, &features);
        let nothing = Glyph { id: 0, advance: 0, x_offset: 0, y_offset: 0, start: 0, end: 0 };
        let mut face = LoadedFace { krilla, font, data, plan, replacement: nothing };
        let mut buffer = UnicodeBuffer::new();
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        buffer.push_str("\u{fffd}");
        let shaped = face.shape(buffer);
        face.replacement = face.glyphs(&shaped, 3).first().copied().filter(|glyph| glyph.id != 0).ok_or("no replacement character")?;
        Ok(face)
    }

    fn shape(&self, buffer: UnicodeBuffer) -> harfrust::GlyphBuffer {
        self.data.shaper(&self.font).build().shape(buffer, ShapeOptions::new().plan(Some(&self.plan)))
    }

    /// The shaped glyphs with the bytes each stands for: from its cluster to the next, or to the end of the text.
    fn glyphs(&self, shaped: &harfrust::GlyphBuffer, text_len: usize) -> Box<[Glyph]> {
        let infos = shaped.glyph_infos();
        let mut glyphs: Box<[Glyph]> = infos
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| match info.glyph_id {
                0 => Glyph { start: info.cluster, end: 0, ..self.replacement },
                id => Glyph {
                    id: id as u16,
                    advance: position.x_advance as i16,
                    x_offset: position.x_offset as i16,
                    y_offset: position.y_offset as i16,
                    start: info.cluster,
                    end: 0,
                },
            })
            .collect();
        let (mut cluster, mut end) = (u32::MAX, text_len as u32);
        for glyph in glyphs.iter_mut().rev() {
            if glyph.start != cluster && cluster != u32::MAX {
                end = cluster;
            }
            cluster = glyph.start;
            glyph.end = end;
        }
        glyphs
    }
}

impl Run {
    /// Width in points at a type size.
    pub(super) fn width(&self, size: f32) -> f32 {
        self.width_from(0, size)
    }

    /// Width in points of what stands from a byte of the text on.
    pub(super) fn width_from(&self, byte: usize, size: f32) -> f32 {
        let behind = self.glyphs.iter().filter(|glyph| glyph.start as usize >= byte);
        self.points(behind.map(|glyph| i32::from(glyph.advance)).sum(), size)
    }

    /// Units of the face in points at a type size.
    pub(super) fn points(&self, units: i32, size: f32) -> f32 {
        units as f32 * size / self.units_per_em
    }

    /// The run on one line.
    pub(super) fn one_line(&self) -> Vec<Line> {
        self.wrap(f32::INFINITY, 1.0)
    }

    /// The run broken into lines no wider than given: behind blanks; in a word too long for a line behind a hyphen or slash; in one without
    /// those anywhere between two characters. Nothing is ever left out. An empty run has no lines.
    pub(super) fn wrap(&self, width: f32, size: f32) -> Vec<Line> {
        let limit = width * self.units_per_em / size;
        let mut lines = Vec::new();
        let mut line = Line { glyphs: 0..0, width_units: 0 };
        let (mut advanced, mut behind_blank, mut behind_hyphen) = (0, None, None);
        let mut index = 0;
        while index < self.glyphs.len() {
            let glyph = &self.glyphs[index];
            let blank = self.is_blank(glyph);
            advanced += i32::from(glyph.advance);
            if !blank && advanced as f32 > limit && index > line.glyphs.start {
                let start = line.glyphs.start;
                let (end, width_units) = behind_blank.or(behind_hyphen).unwrap_or_else(|| self.cut(start, index));
                lines.push(Line { glyphs: start..end, width_units });
                line = Line { glyphs: end..end, width_units: 0 };
                (advanced, behind_blank, behind_hyphen, index) = (0, None, None, end);
                continue;
            }
            index += 1;
            if blank {
                behind_blank = Some((index, line.width_units));
            } else {
                line.width_units = advanced;
                if self.is_hyphen(glyph) {
                    behind_hyphen = Some((index, advanced));
                }
            }
        }
        line.glyphs.end = self.glyphs.len();
        if !line.glyphs.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Where in the text a line ends, in bytes; none for a line without glyphs.
    pub(super) fn text_end(&self, line: &Line) -> Option<usize> {
        self.glyphs[line.glyphs.clone()].last().map(|glyph| glyph.end as usize)
    }

    /// Where to cut a word that is longer than its line: before a glyph, but not between a letter and its accent.
    fn cut(&self, start: usize, before: usize) -> (usize, i32) {
        let begins_cluster = |index: &usize| self.glyphs[*index].start != self.glyphs[*index - 1].start;
        let end = (start + 1..=before).rev().find(begins_cluster).unwrap_or(before);
        (end, self.glyphs[start..end].iter().map(|glyph| i32::from(glyph.advance)).sum())
    }

    fn is_blank(&self, glyph: &Glyph) -> bool {
        self.text[glyph.start as usize..glyph.end as usize].chars().all(|char| char == ' ')
    }

    fn is_hyphen(&self, glyph: &Glyph) -> bool {
        self.text[..glyph.end as usize].ends_with(['-', '/', '–', '—'])
    }
}

/// Height of one line in points.
pub(super) fn line_height(size: f32) -> f32 {
    size * LINE_HEIGHT
}

/// From the top of a line to its baseline: capitals stand in the middle of the line.
pub(super) fn baseline(size: f32) -> f32 {
    (line_height(size) + CAP_HEIGHT * size) / 2.0
}

/// A glyph with the scale of its run, as the PDF writer wants it.
#[derive(Clone, Copy)]
pub(super) struct ScaledGlyph {
    glyph: Glyph,
    units_per_em: f32,
}

impl Run {
    /// Glyphs of a line for the PDF writer.
    pub(super) fn scaled(&self, line: &Line) -> Vec<ScaledGlyph> {
        self.glyphs[line.glyphs.clone()].iter().map(|glyph| ScaledGlyph { glyph: *glyph, units_per_em: self.units_per_em }).collect()
    }
}

impl KrillaGlyph for ScaledGlyph {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(u32::from(self.glyph.id))
    }

    fn text_range(&self) -> Range<usize> {
        self.glyph.start as usize..self.glyph.end as usize
    }

    fn x_advance(&self, size: f32) -> f32 {
        f32::from(self.glyph.advance) * size / self.units_per_em
    }

    fn x_offset(&self, size: f32) -> f32 {
        f32::from(self.glyph.x_offset) * size / self.units_per_em
    }

    fn y_offset(&self, size: f32) -> f32 {
        f32::from(self.glyph.y_offset) * size / self.units_per_em
    }

    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<krilla::surface::Location> {
        None
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    /// Lines of a text in a column as wide as so many figures.
    fn lines(text: &str, figures: usize) -> Vec<String> {
        let faces = Faces::load().unwrap();
        let width = faces.shape(Face::Regular, &"0".repeat(figures)).width(10.0) + 0.01;
        let run = faces.shape(Face::Regular, text);
        let text = |line: &Line| {
            let glyphs = &run.glyphs[line.glyphs.clone()];
            run.text[glyphs[0].start as usize..glyphs[glyphs.len() - 1].end as usize].to_owned()
        };
        let lines = run.wrap(width, 10.0);
        assert!(lines.iter().all(|line| run.points(line.width_units, 10.0) <= width || line.glyphs.len() == 1), "{lines:?}");
        lines.iter().map(text).collect()
    }

    #[test]
    fn lines_break_where_a_reader_expects_it() {
        let cases: [(&str, usize, &[&str]); 9] = [
            ("", 5, &[]),
            ("12345", 5, &["12345"]),
            ("123 567", 5, &["123 ", "567"]),
            ("12345 789", 5, &["12345 ", "789"]),
            ("123   567", 5, &["123   ", "567"]),
            ("1234567890123", 5, &["12345", "67890", "123"]),
            ("12/3456-89", 5, &["12/", "3456-", "89"]),
            ("1 23-567 9", 6, &["1 ", "23-567 ", "9"]),
            ("1234\u{a0}6 8", 5, &["1234\u{a0}", "6 8"]),
        ];
        for (text, figures, expected) in cases {
            assert_eq!(lines(text, figures), expected, "{text:?}");
        }
    }

    #[test]
    fn an_accent_stays_with_its_letter() {
        // M with an accent has no letter of its own, so the accent is a glyph.
        for figures in 1..6 {
            let lines = lines(&"M\u{301}".repeat(6), figures);
            assert!(lines.iter().all(|line| line.starts_with('M') && line.ends_with('\u{301}')), "{lines:?}");
        }
    }

    #[test]
    fn figures_are_one_width_in_both_faces() {
        let faces = Faces::load().unwrap();
        for face in [Face::Regular, Face::Bold] {
            let one = faces.shape(face, "0").width(1000.0);
            for number in ["1111", "7174", "2026", "4471"] {
                assert_eq!(faces.shape(face, number).width(1000.0), one * 4.0, "{number}");
            }
        }
    }

    #[test]
    fn a_character_the_face_lacks_is_drawn_as_the_replacement() {
        let faces = Faces::load().unwrap();
        let run = faces.shape(Face::Regular, "a\u{738b}b");
        assert_eq!(run.glyphs.len(), 3);
        assert_eq!(run.glyphs[1].id, faces.regular.replacement.id);
        assert_eq!((run.glyphs[1].start, run.glyphs[1].end), (1, 4));
    }
}
