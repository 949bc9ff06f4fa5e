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
        // Ligatures would join what a reader wants to search; figures stay one width without kerning between them.
        let features = [Feature::new(Tag::new(b"liga"), 0, ..), Feature::new(Tag::new(b"kern"), 0, ..)];
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
        self.points(self.glyphs.iter().map(|glyph| i32::from(glyph.advance)).sum(), size)
    }

    /// Units of the face in points at a type size.
    pub(super) fn points(&self, units: i32, size: f32) -> f32 {
        units as f32 * size / self.units_per_em
    }

    /// The run on one line.
    pub(super) fn one_line(&self) -> Vec<Line> {
        self.wrap(f32::INFINITY, 1.0)
    }

    /// The run broken into lines no wider than given: behind blanks and, in words too long for a line, behind hyphens and slashes or, as
    /// the last resort, anywhere between two characters. Nothing is ever left out. An empty run has no lines.
    pub(super) fn wrap(&self, width: f32, size: f32) -> Vec<Line> {
        let limit = width * self.units_per_em / size;
        let mut lines = Vec::new();
        let mut line = Line { glyphs: 0..0, width_units: 0 };
        let (mut advanced, mut break_at) = (0, None);
        let mut index = 0;
        while index < self.glyphs.len() {
            let glyph = &self.glyphs[index];
            let blank = self.is_blank(glyph);
            advanced += i32::from(glyph.advance);
            if !blank && advanced as f32 > limit && index > line.glyphs.start {
                // Back to the last chance for a break, or cut here, but never inside a cluster.
                let (end, width_units) = break_at.take().unwrap_or((index, advanced - i32::from(glyph.advance)));
                lines.push(Line { glyphs: line.glyphs.start..end, width_units });
                line = Line { glyphs: end..end, width_units: 0 };
                (advanced, index) = (0, end);
                continue;
            }
            if blank {
                break_at = Some((index + 1, line.width_units));
            } else {
                line.width_units = advanced;
                if self.breaks_behind(glyph) {
                    break_at = Some((index + 1, advanced));
                }
            }
            index += 1;
        }
        line.glyphs.end = self.glyphs.len();
        if !line.glyphs.is_empty() {
            lines.push(line);
        }
        lines
    }

    fn is_blank(&self, glyph: &Glyph) -> bool {
        self.text[glyph.start as usize..glyph.end as usize].chars().all(|char| char == ' ')
    }

    fn breaks_behind(&self, glyph: &Glyph) -> bool {
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
