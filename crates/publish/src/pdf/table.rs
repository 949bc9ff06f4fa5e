//! A table: columns as wide as they need to be, rows that are never split, a head that comes back on every page.

use super::sheet::{Align, Area, Element, LEFT, Look, Paragraph, Rule, Sheet, WIDTH, Weight, place};
use super::type_face::{self, Face, Faces, Line, Run};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// Between the line that says what is continued and the head.
const CONTINUED_GAP: f32 = 3.0;
/// How much smaller the head is set than the rows.
const HEAD_SMALLER: f32 = 0.5;
/// Rows that stay with the head of their table.
const ROWS_KEPT: usize = 2;
/// Texts up to this length come again and again: shaped once, they also share their memory.
const SHARED_BYTES_MAX: usize = 6;

/// How densely a table is set.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) size: f32,
    /// Blank on either side of a text in its column.
    pub(super) pad: f32,
    /// Blank above and below.
    pub(super) pad_y: f32,
    /// What a column that breaks its lines must have at least.
    pub(super) broken_width_min: f32,
}

/// A column to be set.
pub(super) struct ColumnOf {
    pub(super) head: String,
    pub(super) align: Align,
    pub(super) room: Room,
    /// Says whose row it is.
    pub(super) row_head: bool,
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Room {
    /// As wide as its widest text.
    Natural,
    /// The same up to a width; wider texts are broken into lines.
    AtMost(f32),
    /// What the others leave; texts are broken into lines.
    Rest,
}

/// Where on the page a table stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f32,
    pub(super) width: f32,
}

impl Place {
    /// Over the whole width of the text.
    pub(super) const FULL: Place = Place { x: LEFT, width: WIDTH };
}

struct Column {
    align: Align,
    room: Room,
    row_head: bool,
    head: Rc<Run>,
    x: f32,
    width: f32,
    /// Widest part behind a decimal mark: marks stand below each other.
    fraction: f32,
}

/// A table, its texts shaped and its columns measured.
pub(super) struct Table {
    summary: String,
    mark: char,
    at: Place,
    setting: Setting,
    columns: Vec<Column>,
    /// Cells row by row, as many as there are columns.
    cells: Vec<Rc<Run>>,
    /// The row below which the cut runs.
    cut_below: Option<usize>,
    /// What stands above the head on its next pages.
    continued: Option<Paragraph>,
}

/// A row broken into lines.
struct BrokenRow {
    lines: Vec<Vec<Line>>,
    height: f32,
}

/// Shaped cells of a table, to be tried in several settings.
pub(super) struct Cells {
    columns: Vec<ColumnOf>,
    runs: Vec<Rc<Run>>,
    mark: char,
}

impl Cells {
    /// Shapes the texts of rows. An empty text would vanish from the tag tree and shift its row: there is always something in a cell.
    pub(super) fn shape<'r>(columns: Vec<ColumnOf>, texts: impl Iterator<Item = Cow<'r, str>>, mark: char, faces: &Faces) -> Self {
        let mut known: HashMap<String, Rc<Run>> = HashMap::new();
        let shaped = texts.map(|text| match known.get(text.as_ref()) {
            Some(run) => Rc::clone(run),
            None => {
                let run = faces.shape(Face::Regular, &text);
                if text.len() <= SHARED_BYTES_MAX {
                    known.insert(text.into_owned(), Rc::clone(&run));
                }
                run
            }
        });
        let runs = shaped.collect();
        Cells { columns, runs, mark }
    }

    /// The same with columns that share the width and break their lines.
    fn all_broken(mut self) -> Self {
        for column in &mut self.columns {
            (column.room, column.align) = (Room::Rest, Align::Left);
        }
        self
    }
}

impl Table {
    /// A table in the first setting in which its columns have room; gives the cells back where there is none.
    pub(super) fn set(cells: Cells, at: Place, settings: &[Setting], faces: &Faces) -> Result<Self, Cells> {
        let fitting = settings.iter().find_map(|setting| Some((*setting, columns(&cells, at, *setting, faces)?)));
        let Some((setting, columns)) = fitting else { return Err(cells) };
        Ok(Table { summary: String::new(), mark: cells.mark, at, setting, columns, cells: cells.runs, cut_below: None, continued: None })
    }

    /// The same; where there is no room in any setting (texts as long as an announcement allows), all columns share the width.
    pub(super) fn set_somehow(cells: Cells, at: Place, settings: &[Setting], faces: &Faces) -> Self {
        let densest = Setting { broken_width_min: 0.0, ..settings[settings.len() - 1] };
        Self::set(cells, at, settings, faces)
            .or_else(|cells| Self::set(cells.all_broken(), at, &[densest], faces))
            .unwrap_or_else(|_| unreachable!("columns that share the width have room"))
    }

    /// What those hear who do not see the table.
    pub(super) fn summary(self, summary: String) -> Self {
        Table { summary, ..self }
    }

    /// With a heavy rule below a row.
    pub(super) fn cut_below(self, row: Option<usize>) -> Self {
        Table { cut_below: row, ..self }
    }

    /// With a line that says on each further page what is continued.
    pub(super) fn continued(self, line: Paragraph) -> Self {
        Table { continued: Some(line), ..self }
    }

    fn rows(&self) -> usize {
        self.cells.len() / self.columns.len()
    }

    /// Height of the head with the rows that must not be parted from it.
    pub(super) fn height_kept(&self) -> f32 {
        self.height_of(self.rows().min(ROWS_KEPT))
    }

    /// Height of everything, if it stands on one page.
    pub(super) fn height(&self) -> f32 {
        self.height_of(self.rows())
    }

    /// Height of the head alone.
    pub(super) fn head_height(&self) -> f32 {
        self.break_head().height
    }

    fn height_of(&self, rows: usize) -> f32 {
        self.break_head().height + (0..rows).map(|row| self.break_row(row).height).sum::<f32>()
    }

    /// Places the table, over as many pages as it takes.
    pub(super) fn place(&self, sheet: &mut Sheet) {
        let head = self.break_head();
        sheet.open(Element::Table { summary: self.summary.clone() });
        let mut top = sheet.y();
        self.place_head(sheet, &head);
        sheet.open(Element::TableBody);
        for row in 0..self.rows() {
            let broken = self.break_row(row);
            if !sheet.fits(broken.height) {
                self.frame(sheet, top);
                sheet.break_page();
                if let Some(line) = &self.continued {
                    sheet.repeat(line);
                    sheet.skip(CONTINUED_GAP);
                }
                top = sheet.y();
                self.repeat_head(sheet, &head);
            }
            self.place_row(sheet, row, &broken);
        }
        self.frame(sheet, top);
        sheet.close();
        sheet.close();
    }

    fn look(&self) -> Look {
        Look::of(Face::Regular, self.setting.size)
    }

    fn head_look(&self) -> Look {
        Look::of(Face::Bold, self.setting.size - HEAD_SMALLER)
    }

    /// Left edge and width of the text in a column.
    fn inside(&self, column: &Column) -> (f32, f32) {
        (column.x + self.setting.pad, column.width - 2.0 * self.setting.pad)
    }

    fn row(&self, row: usize) -> &[Rc<Run>] {
        &self.cells[row * self.columns.len()..(row + 1) * self.columns.len()]
    }

    fn break_head(&self) -> BrokenRow {
        self.break_cells(self.columns.iter().map(|column| &column.head), self.head_look())
    }

    fn break_row(&self, row: usize) -> BrokenRow {
        self.break_cells(self.row(row).iter(), self.look())
    }

    fn break_cells<'r>(&self, runs: impl Iterator<Item = &'r Rc<Run>>, look: Look) -> BrokenRow {
        // A hair of tolerance: a column as wide as its widest text must not break that text over a rounding error.
        let wrap = |(run, column): (&Rc<Run>, &Column)| run.wrap(column.width - 2.0 * self.setting.pad + 0.05, look.size);
        let lines: Vec<Vec<Line>> = runs.zip(&self.columns).map(wrap).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(0).max(1);
        BrokenRow { lines, height: most as f32 * look.line_height() + 2.0 * self.setting.pad_y }
    }

    fn place_head(&self, sheet: &mut Sheet, head: &BrokenRow) {
        sheet.open(Element::TableHead);
        sheet.open(Element::Row);
        for text in self.head_texts(sheet, head) {
            sheet.open(Element::ColumnHead);
            text.into_iter().for_each(|line| sheet.text(line));
            sheet.close();
        }
        sheet.close();
        sheet.close();
        self.under_head(sheet, head);
    }

    fn repeat_head(&self, sheet: &mut Sheet, head: &BrokenRow) {
        let texts = self.head_texts(sheet, head);
        sheet.page().repeated.extend(texts.into_iter().flatten());
        self.under_head(sheet, head);
    }

    /// The texts of the head, one vector a column.
    fn head_texts(&self, sheet: &Sheet, head: &BrokenRow) -> Vec<Vec<super::sheet::Text>> {
        let look = self.head_look();
        let most = head.lines.iter().map(Vec::len).max().unwrap_or(0);
        let column = |(column, lines): (&Column, &Vec<Line>)| {
            // Heads stand at the bottom, next to their column.
            let top = sheet.y() + self.setting.pad_y + (most - lines.len()) as f32 * look.line_height();
            let (x, width) = self.inside(column);
            let line = |(index, line)| place(&column.head, line, look, column.align, x, width, top + index as f32 * look.line_height());
            lines.iter().enumerate().map(line).collect()
        };
        self.columns.iter().zip(&head.lines).map(column).collect()
    }

    fn under_head(&self, sheet: &mut Sheet, head: &BrokenRow) {
        let area = Area { x: self.at.x, y: sheet.y(), width: self.at.width, height: head.height };
        sheet.page().shades.push(area);
        sheet.skip(head.height);
        self.rule(sheet, Weight::Fine);
    }

    fn place_row(&self, sheet: &mut Sheet, row: usize, broken: &BrokenRow) {
        sheet.open(Element::Row);
        for ((column, run), lines) in self.columns.iter().zip(self.row(row)).zip(&broken.lines) {
            sheet.open(if column.row_head { Element::RowHead } else { Element::Cell });
            let align = column.align;
            let (x, mut width) = self.inside(column);
            if align == Align::Right {
                width -= column.fraction - fraction_width(run, self.mark, self.setting.size);
            }
            for (index, line) in lines.iter().enumerate() {
                let top = sheet.y() + self.setting.pad_y + index as f32 * type_face::line_height(self.setting.size);
                sheet.text(place(run, line, self.look(), align, x, width, top));
            }
            sheet.close();
        }
        sheet.close();
        sheet.skip(broken.height);
        self.rule(sheet, if self.cut_below == Some(row) { Weight::Cut } else { Weight::Hair });
    }

    fn rule(&self, sheet: &mut Sheet, weight: Weight) {
        let y = sheet.y();
        sheet.page().rules.push(Rule { from: (self.at.x, y), to: (self.at.x + self.at.width, y), weight });
    }

    /// The frame and the rules between columns, from the head down to here.
    fn frame(&self, sheet: &mut Sheet, top: f32) {
        let (left, right) = (self.at.x, self.at.x + self.at.width);
        let bottom = sheet.y();
        let rules = &mut sheet.page().rules;
        rules.push(Rule { from: (left, top), to: (right, top), weight: Weight::Fine });
        rules.push(Rule { from: (left, bottom), to: (right, bottom), weight: Weight::Fine });
        let inner = self.columns.iter().skip(1).map(|column| (column.x, Weight::Hair));
        let outer = [(left, Weight::Fine), (right, Weight::Fine)];
        rules.extend(inner.chain(outer).map(|(x, weight)| Rule { from: (x, top), to: (x, bottom), weight }));
    }
}

/// Columns in a setting; none if it leaves too little room.
fn columns(cells: &Cells, at: Place, setting: Setting, faces: &Faces) -> Option<Vec<Column>> {
    let mut columns = natural_columns(cells, setting, faces);
    let rest = |column: &Column| column.room == Room::Rest;
    let taken: f32 = columns.iter().filter(|column| !rest(column)).map(|column| column.width).sum();
    let (spare, sharing) = (at.width - taken, columns.iter().filter(|column| rest(column)).count());
    if spare < setting.broken_width_min * sharing as f32 || spare < 0.0 {
        return None;
    }
    // Without a column that takes the rest all of them become wider by the same.
    let (share_of_rest, share_of_all) =
        if sharing > 0 { (spare / sharing as f32, 0.0) } else { (0.0, spare / columns.len().max(1) as f32) };
    let mut x = at.x;
    for column in &mut columns {
        column.width = if column.room == Room::Rest { share_of_rest } else { column.width + share_of_all };
        column.x = x;
        x += column.width;
    }
    Some(columns)
}

/// Columns as wide as their widest text.
fn natural_columns(cells: &Cells, setting: Setting, faces: &Faces) -> Vec<Column> {
    let size = setting.size;
    let natural = |(index, column): (usize, &ColumnOf)| {
        let head = faces.shape(Face::Bold, &column.head);
        let in_column = || cells.runs.iter().skip(index).step_by(cells.columns.len());
        let (mut widest, mut fraction) = (0.0_f32, 0.0_f32);
        if column.align == Align::Right {
            fraction = in_column().map(|run| fraction_width(run, cells.mark, size)).fold(0.0, f32::max);
            widest = in_column().map(|run| run.width(size) - fraction_width(run, cells.mark, size)).fold(0.0, f32::max) + fraction;
        } else if column.room != Room::Rest {
            widest = in_column().map(|run| run.width(size)).fold(0.0, f32::max);
        }
        // A head of several words may stand on several lines.
        let head_width = widest_word(&column.head, faces, size - HEAD_SMALLER).max(head.width(size - HEAD_SMALLER).min(widest));
        let width = match column.room {
            Room::Natural | Room::Rest => widest.max(head_width),
            Room::AtMost(most) => widest.min(most).max(head_width.min(most)),
        };
        let width = width + 2.0 * setting.pad;
        Column { align: column.align, room: column.room, row_head: column.row_head, head, x: 0.0, width, fraction }
    };
    cells.columns.iter().enumerate().map(natural).collect()
}

fn widest_word(text: &str, faces: &Faces, size: f32) -> f32 {
    text.split(' ').map(|word| faces.shape(Face::Bold, word).width(size)).fold(0.0, f32::max)
}

/// Width of a number from its decimal mark on.
fn fraction_width(run: &Run, mark: char, size: f32) -> f32 {
    run.text.find(mark).map_or(0.0, |at| run.width_from(at, size))
}
