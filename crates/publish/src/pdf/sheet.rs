//! Pages being filled from top to bottom: where the next thing goes, when a new page begins, and what each page carries.
//!
//! A page is a list of steps in reading order. The same steps make the drawing and the tag tree, so the two cannot disagree.

use super::type_face::{self, Face, Faces, Line, Run};
use crate::chart::Drawing;
use std::rc::Rc;

/// A4, in points.
pub(super) const PAGE_WIDTH: f32 = 595.276;
/// A4, in points.
pub(super) const PAGE_HEIGHT: f32 = 841.89;
/// Left edge of the text: two centimetres, for the punch holes of a file.
pub(super) const LEFT: f32 = 56.693;
/// Right edge of the text.
pub(super) const RIGHT: f32 = PAGE_WIDTH - LEFT;
/// Width of the text.
pub(super) const WIDTH: f32 = RIGHT - LEFT;
/// Lower edge of the text.
pub(super) const BOTTOM: f32 = PAGE_HEIGHT - 62.0;

const FIRST_TOP: f32 = 48.0;
/// Later pages begin below the running head.
const TOP: f32 = 62.0;

/// What a page carries.
#[derive(Default)]
pub(super) struct Page {
    /// Text and structure in reading order.
    pub(super) steps: Vec<Step>,
    /// Text that repeats what was said before (the head of a table on its next page), kept out of the reading order.
    pub(super) repeated: Vec<Text>,
    /// Shaded areas behind the text.
    pub(super) shades: Vec<Area>,
    /// Rules.
    pub(super) rules: Vec<Rule>,
}

/// One step of reading a page. Elements may stay open over page breaks.
pub(super) enum Step {
    Open(Element),
    Text(Text),
    Figure(Figure),
    Close,
}

/// An element of the document's structure.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Element {
    Section,
    Heading {
        level: u16,
        title: String,
    },
    Paragraph,
    List,
    Item,
    ItemLabel,
    ItemBody,
    Table {
        summary: String,
    },
    TableHead,
    TableBody,
    /// A picture, with words for those who do not see it.
    Figure {
        alternative: String,
        area: Area,
    },
    Row,
    ColumnHead,
    RowHead,
    Cell,
}

/// A line of text in its place.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) x: f32,
    pub(super) baseline: f32,
    pub(super) look: Look,
    pub(super) run: Rc<Run>,
    pub(super) line: Line,
}

/// A drawing in its place.
pub(super) struct Figure {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) drawing: Drawing,
}

/// How a text looks and sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) face: Face,
    pub(super) size: f32,
    pub(super) ink: Ink,
    pub(super) language: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    Grey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Indonesian,
    English,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// A straight rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    pub(super) from: (f32, f32),
    pub(super) to: (f32, f32),
    pub(super) weight: Weight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Hair,
    Fine,
    /// The cut in a list.
    Cut,
    Heavy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

impl Look {
    /// Black Indonesian text.
    pub(super) const fn of(face: Face, size: f32) -> Self {
        Look { face, size, ink: Ink::Black, language: Language::Indonesian }
    }

    pub(super) const fn grey(self) -> Self {
        Look { ink: Ink::Grey, ..self }
    }

    pub(super) const fn english(self) -> Self {
        Look { language: Language::English, ..self }
    }

    pub(super) fn line_height(&self) -> f32 {
        type_face::line_height(self.size)
    }
}

/// A text broken into lines for a column of the page.
pub(super) struct Paragraph {
    look: Look,
    align: Align,
    x: f32,
    width: f32,
    run: Rc<Run>,
    lines: Vec<Line>,
}

impl Paragraph {
    /// A paragraph as wide as the text area.
    pub(super) fn new(faces: &Faces, look: Look, align: Align, text: &str) -> Self {
        Self::in_column(faces, look, align, text, LEFT, WIDTH)
    }

    /// A paragraph in a column of its own.
    pub(super) fn in_column(faces: &Faces, look: Look, align: Align, text: &str, x: f32, width: f32) -> Self {
        let run = faces.shape(look.face, text);
        let lines = match align {
            Align::Centre => balanced(&run, width, look.size),
            Align::Left | Align::Right => run.wrap(width, look.size),
        };
        Paragraph { look, align, x, width, run, lines }
    }

    /// The first lines only, the last of them cut short with an ellipsis: for a page that must stay one.
    pub(super) fn at_most(mut self, lines_max: usize, faces: &Faces) -> Self {
        while self.lines.len() > lines_max {
            let kept = &self.lines[..lines_max];
            let Some(end) = kept.last().and_then(|line| self.run.text_end(line)) else { break };
            let mut text: String = self.run.text[..end].trim_end().to_owned();
            text.pop();
            let shorter = format!("{}…", text.trim_end());
            self = Self::in_column(faces, self.look, self.align, &shorter, self.x, self.width);
        }
        self
    }

    pub(super) fn height(&self) -> f32 {
        self.lines.len() as f32 * self.look.line_height()
    }

    /// Width of the longest line.
    pub(super) fn width(&self) -> f32 {
        self.lines.iter().map(|line| self.run.points(line.width_units, self.look.size)).fold(0.0, f32::max)
    }

    pub(super) fn is_one_line(&self) -> bool {
        self.lines.len() == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn text(&self, line: &Line, top: f32) -> Text {
        place(&self.run, line, self.look, self.align, self.x, self.width, top)
    }
}

/// Lines of about equal length: a centred heading must not end in a single word. Narrows the column as long as that costs no line.
fn balanced(run: &Run, width: f32, size: f32) -> Vec<Line> {
    let lines = run.wrap(width, size);
    if lines.len() < 2 {
        return lines;
    }
    let (mut too_narrow, mut enough) = (0.0, width);
    for _ in 0..10 {
        let tried = (too_narrow + enough) / 2.0;
        if run.wrap(tried, size).len() > lines.len() { too_narrow = tried } else { enough = tried }
    }
    run.wrap(enough, size)
}

/// A line placed in a column, its top at the given height.
pub(super) fn place(run: &Rc<Run>, line: &Line, look: Look, align: Align, x: f32, width: f32, top: f32) -> Text {
    let spare = width - run.points(line.width_units, look.size);
    let x = match align {
        Align::Left => x,
        Align::Centre => x + spare / 2.0,
        Align::Right => x + spare,
    };
    Text { x, baseline: top + type_face::baseline(look.size), look, run: Rc::clone(run), line: line.clone() }
}

/// The pages so far, and how far down the last one is filled.
pub(super) struct Sheet {
    done: Vec<Page>,
    page: Page,
    y: f32,
}

impl Sheet {
    pub(super) fn new() -> Self {
        Sheet { done: Vec::new(), page: Page::default(), y: FIRST_TOP }
    }

    pub(super) fn into_pages(mut self) -> Vec<Page> {
        self.done.push(self.page);
        self.done
    }

    pub(super) fn page(&mut self) -> &mut Page {
        &mut self.page
    }

    /// Index of the page being filled, from 0.
    pub(super) fn page_index(&self) -> usize {
        self.done.len()
    }

    pub(super) fn y(&self) -> f32 {
        self.y
    }

    /// Goes on at a height of this page: for what stands beside something.
    pub(super) fn go_to(&mut self, y: f32) {
        self.y = y;
    }

    pub(super) fn skip(&mut self, points: f32) {
        self.y += points;
    }

    pub(super) fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    pub(super) fn break_page(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = TOP;
    }

    /// Begins a new page if something would not fit on this one but would on an empty one.
    pub(super) fn keep_together(&mut self, height: f32) {
        if !self.fits(height) && height <= BOTTOM - TOP {
            self.break_page();
        }
    }

    pub(super) fn open(&mut self, element: Element) {
        self.page.steps.push(Step::Open(element));
    }

    pub(super) fn close(&mut self) {
        self.page.steps.push(Step::Close);
    }

    pub(super) fn text(&mut self, text: Text) {
        self.page.steps.push(Step::Text(text));
    }

    /// Places a paragraph line by line; a line that does not fit begins a page.
    pub(super) fn paragraph(&mut self, element: Element, paragraph: &Paragraph) {
        self.open(element);
        self.lines(paragraph);
        self.close();
    }

    /// The lines of a paragraph, in whatever element is open.
    pub(super) fn lines(&mut self, paragraph: &Paragraph) {
        for line in &paragraph.lines {
            if !self.fits(paragraph.look.line_height()) {
                self.break_page();
            }
            self.text(paragraph.text(line, self.y));
            self.skip(paragraph.look.line_height());
        }
    }

    /// Places a paragraph that repeats what was said before, outside of the reading order.
    pub(super) fn repeat(&mut self, paragraph: &Paragraph) {
        for line in &paragraph.lines {
            let text = paragraph.text(line, self.y);
            self.page.repeated.push(text);
            self.skip(paragraph.look.line_height());
        }
    }

    /// The first line of a paragraph beside what follows: the height is not used up.
    pub(super) fn beside(&mut self, paragraph: &Paragraph) {
        if let Some(line) = paragraph.lines.first() {
            self.text(paragraph.text(line, self.y));
        }
    }

    /// A drawing at a place beside or above what follows: the height is not used up.
    pub(super) fn figure(&mut self, alternative: String, x: f32, y: f32, drawing: Drawing) {
        let area = Area { x, y, width: drawing.size.width, height: drawing.size.height };
        self.open(Element::Figure { alternative, area });
        self.page.steps.push(Step::Figure(Figure { x, y, drawing }));
        self.close();
    }

    /// A rule over the width of the text.
    pub(super) fn rule(&mut self, weight: Weight) {
        self.page.rules.push(Rule { from: (LEFT, self.y), to: (RIGHT, self.y), weight });
    }
}
