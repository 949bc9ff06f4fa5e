//! The table of one formation: columns as wide as they need to be, rows that are never split, a head that comes back on every page.

use super::sheet::{Align, Area, Element, LEFT, Look, Rule, Sheet, WIDTH, Weight, place};
use super::type_face::{self, Face, Faces, Line, Run};
use crate::announcement::{AnnouncedList, AnnouncedRow};
use crate::{shown, strings};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// What to try, roomiest first, until the name has room.
const SETTINGS: [Setting; 5] = [
    Setting { size: 8.5, pad: 6.5, name_width_min: 170.0 },
    Setting { size: 8.5, pad: 4.0, name_width_min: 130.0 },
    Setting { size: 8.0, pad: 4.0, name_width_min: 120.0 },
    Setting { size: 7.5, pad: 3.5, name_width_min: 110.0 },
    Setting { size: 7.0, pad: 3.0, name_width_min: 100.0 },
];
/// When none of them does: all marks share one column.
const CROWDED: Setting = Setting { size: 8.0, pad: 4.0, name_width_min: 0.0 };
/// A participant number wider than this is broken into lines.
const PARTICIPANT_NO_WIDTH_MAX: f32 = 140.0;
const PAD_Y: f32 = 2.4;
/// How much smaller the head is set than the rows.
const HEAD_SMALLER: f32 = 0.5;
/// Rows that stay with the head of their table.
const ROWS_KEPT: usize = 2;

/// How densely a table is set.
#[derive(Clone, Copy)]
struct Setting {
    size: f32,
    /// Blank on either side of a text in its column.
    pad: f32,
    name_width_min: f32,
}

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Rank,
    ParticipantNo,
    Name,
    /// Marks of one section.
    Marks(usize),
    /// Marks of every section, when there are too many for columns of their own.
    AllMarks,
    Total,
    Status,
}

struct Column {
    content: Content,
    head: Rc<Run>,
    x: f32,
    width: f32,
    /// Widest part behind a decimal comma: commas stand below each other.
    fraction: f32,
}

/// A list as a table, its texts shaped and its columns measured.
pub(super) struct Table<'a> {
    list: &'a AnnouncedList,
    setting: Setting,
    columns: Vec<Column>,
    /// Cells row by row, as many as there are columns.
    cells: Vec<Rc<Run>>,
}

/// A row broken into lines.
struct BrokenRow {
    lines: Vec<Vec<Line>>,
    height: f32,
}

impl<'a> Table<'a> {
    pub(super) fn new(list: &'a AnnouncedList, faces: &Faces) -> Self {
        let contents = contents(list);
        let cells = shape_cells(list, &contents, faces);
        for setting in SETTINGS {
            if let Some(columns) = columns(list, &contents, &cells, setting, faces) {
                return Table { list, setting, columns, cells };
            }
        }
        let crowded = [Content::Rank, Content::ParticipantNo, Content::Name, Content::AllMarks, Content::Total, Content::Status];
        let cells = shape_cells(list, &crowded, faces);
        let columns = crowded_columns(list, &crowded, &cells, faces);
        Table { list, setting: CROWDED, columns, cells }
    }

    /// Height of the head with the rows that must not be parted from it.
    pub(super) fn height_kept(&self) -> f32 {
        let rows = (0..self.list.rows.len().min(ROWS_KEPT)).map(|row| self.break_row(row).height);
        self.break_head().height + rows.sum::<f32>()
    }

    /// Places the table, over as many pages as it takes.
    pub(super) fn place(&self, sheet: &mut Sheet) {
        let head = self.break_head();
        sheet.open(Element::Table { summary: strings::table_summary(&shown::plain(&self.list.formation_code)) });
        let mut top = sheet.y();
        self.place_head(sheet, &head);
        sheet.open(Element::TableBody);
        for row in 0..self.list.rows.len() {
            let broken = self.break_row(row);
            if !sheet.fits(broken.height) {
                self.frame(sheet, top);
                sheet.break_page();
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
        BrokenRow { lines, height: most as f32 * look.line_height() + 2.0 * PAD_Y }
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
            let top = sheet.y() + PAD_Y + (most - lines.len()) as f32 * look.line_height();
            let (x, width) = self.inside(column);
            let line =
                |(index, line)| place(&column.head, line, look, column.content.align(), x, width, top + index as f32 * look.line_height());
            lines.iter().enumerate().map(line).collect()
        };
        self.columns.iter().zip(&head.lines).map(column).collect()
    }

    fn under_head(&self, sheet: &mut Sheet, head: &BrokenRow) {
        let area = Area { x: LEFT, y: sheet.y(), width: WIDTH, height: head.height };
        sheet.page().shades.push(area);
        sheet.skip(head.height);
        sheet.rule(Weight::Fine);
    }

    fn place_row(&self, sheet: &mut Sheet, row: usize, broken: &BrokenRow) {
        sheet.open(Element::Row);
        for ((column, run), lines) in self.columns.iter().zip(self.row(row)).zip(&broken.lines) {
            sheet.open(column.content.element());
            let align = column.content.align();
            let (x, mut width) = self.inside(column);
            if align == Align::Right {
                width -= column.fraction - fraction_width(run, self.setting.size);
            }
            for (index, line) in lines.iter().enumerate() {
                let top = sheet.y() + PAD_Y + index as f32 * type_face::line_height(self.setting.size);
                sheet.text(place(run, line, self.look(), align, x, width, top));
            }
            sheet.close();
        }
        sheet.close();
        sheet.skip(broken.height);
        sheet.rule(Weight::Hair);
    }

    /// The frame and the rules between columns, from the head down to here.
    fn frame(&self, sheet: &mut Sheet, top: f32) {
        let bottom = sheet.y();
        let rules = &mut sheet.page().rules;
        rules.push(Rule { from: (LEFT, top), to: (LEFT + WIDTH, top), weight: Weight::Fine });
        rules.push(Rule { from: (LEFT, bottom), to: (LEFT + WIDTH, bottom), weight: Weight::Fine });
        let inner = self.columns.iter().skip(1).map(|column| (column.x, Weight::Hair));
        let outer = [(LEFT, Weight::Fine), (LEFT + WIDTH, Weight::Fine)];
        rules.extend(inner.chain(outer).map(|(x, weight)| Rule { from: (x, top), to: (x, bottom), weight }));
    }
}

impl Content {
    fn align(self) -> Align {
        match self {
            Content::Rank | Content::Marks(_) | Content::Total => Align::Right,
            Content::ParticipantNo | Content::Name | Content::AllMarks => Align::Left,
            Content::Status => Align::Centre,
        }
    }

    fn element(self) -> Element {
        match self {
            // The name says whose row it is.
            Content::Name => Element::RowHead,
            Content::Rank | Content::ParticipantNo | Content::Marks(_) | Content::AllMarks | Content::Total | Content::Status => {
                Element::Cell
            }
        }
    }

    fn head(self, list: &AnnouncedList) -> Cow<'_, str> {
        match self {
            Content::Rank => strings::RANK.into(),
            Content::ParticipantNo => strings::PARTICIPANT_NO.into(),
            Content::Name => strings::NAME.into(),
            Content::Marks(section) => shown::plain(&list.sections[section].code),
            Content::AllMarks => strings::ALL_MARKS.into(),
            Content::Total => strings::TOTAL.into(),
            Content::Status => strings::STATUS_CODE_SHORT.into(),
        }
    }

    fn cell<'r>(self, list: &AnnouncedList, row: &'r AnnouncedRow) -> Cow<'r, str> {
        let text = match self {
            Content::Rank => row.rank.map_or_else(|| shown::NOTHING.into(), |rank| rank.to_string().into()),
            Content::ParticipantNo => shown::plain(&row.participant_no),
            Content::Name => shown::plain(&row.name),
            Content::Marks(section) => shown::marks_or_nothing(row.marks_milli.get(section).copied()).into(),
            Content::AllMarks => all_marks(list, row).into(),
            Content::Total => shown::marks_or_nothing(row.total_milli).into(),
            Content::Status => strings::status_code(row.status).into(),
        };
        // An empty cell would vanish from the tag tree and shift its row.
        if text.trim().is_empty() { shown::NOTHING.into() } else { text }
    }
}

fn contents(list: &AnnouncedList) -> Vec<Content> {
    let mut contents = vec![Content::Rank, Content::ParticipantNo, Content::Name];
    contents.extend((0..list.sections.len()).map(Content::Marks));
    contents.extend([Content::Total, Content::Status]);
    contents
}

fn all_marks(list: &AnnouncedList, row: &AnnouncedRow) -> String {
    let marks = list.sections.iter().zip(&row.marks_milli);
    // A code and its marks stay on one line.
    let marks: Vec<String> =
        marks.map(|(section, milli)| format!("{}\u{a0}{}", shown::plain(&section.code), shown::marks(*milli))).collect();
    marks.join("; ")
}

fn shape_cells(list: &AnnouncedList, contents: &[Content], faces: &Faces) -> Vec<Rc<Run>> {
    // Marks and ranks come again and again: shaped once, they also share their memory.
    let mut known: HashMap<String, Rc<Run>> = HashMap::new();
    let mut cells = Vec::with_capacity(list.rows.len() * contents.len());
    for row in &list.rows {
        for content in contents {
            let text = content.cell(list, row);
            let run = match known.get(text.as_ref()) {
                Some(run) => Rc::clone(run),
                None => faces.shape(Face::Regular, &text),
            };
            if text.len() <= 6 {
                known.entry(text.into_owned()).or_insert_with(|| Rc::clone(&run));
            }
            cells.push(run);
        }
    }
    cells
}

/// Columns in a setting; none if it leaves too little room for names.
fn columns(list: &AnnouncedList, contents: &[Content], cells: &[Rc<Run>], setting: Setting, faces: &Faces) -> Option<Vec<Column>> {
    let mut columns = natural_columns(list, contents, cells, setting, faces);
    let others: f32 = columns.iter().filter(|column| column.content != Content::Name).map(|column| column.width).sum();
    let room = WIDTH - others;
    if room < setting.name_width_min {
        return None;
    }
    set_widths(&mut columns, |column| if column.content == Content::Name { room } else { column.width });
    Some(columns)
}

/// Columns with all marks in one of them, which breaks its lines like the name does.
fn crowded_columns(list: &AnnouncedList, contents: &[Content], cells: &[Rc<Run>], faces: &Faces) -> Vec<Column> {
    let mut columns = natural_columns(list, contents, cells, CROWDED, faces);
    let wraps = |column: &Column| matches!(column.content, Content::Name | Content::AllMarks);
    let others: f32 = columns.iter().filter(|column| !wraps(column)).map(|column| column.width).sum();
    set_widths(&mut columns, |column| if wraps(column) { (WIDTH - others) / 2.0 } else { column.width });
    columns
}

fn set_widths(columns: &mut [Column], width: impl Fn(&Column) -> f32) {
    let mut x = LEFT;
    for column in columns {
        column.width = width(column);
        column.x = x;
        x += column.width;
    }
}

/// Columns as wide as their widest text.
fn natural_columns(list: &AnnouncedList, contents: &[Content], cells: &[Rc<Run>], setting: Setting, faces: &Faces) -> Vec<Column> {
    let size = setting.size;
    let natural = |(index, content): (usize, &Content)| {
        let head = faces.shape(Face::Bold, &content.head(list));
        let in_column = || cells.iter().skip(index).step_by(contents.len());
        let (mut widest, mut fraction) = (0.0_f32, 0.0_f32);
        if content.align() == Align::Right {
            fraction = in_column().map(|run| fraction_width(run, size)).fold(0.0, f32::max);
            widest = in_column().map(|run| run.width(size) - fraction_width(run, size)).fold(0.0, f32::max) + fraction;
        } else if *content != Content::Name {
            widest = in_column().map(|run| run.width(size)).fold(0.0, f32::max);
        }
        if *content == Content::ParticipantNo {
            widest = widest.min(PARTICIPANT_NO_WIDTH_MAX);
        }
        let width = widest.max(head.width(size - HEAD_SMALLER)) + 2.0 * setting.pad;
        Column { content: *content, head, x: LEFT, width, fraction }
    };
    contents.iter().enumerate().map(natural).collect()
}

/// Width of a number from its decimal comma on.
fn fraction_width(run: &Run, size: f32) -> f32 {
    run.text.find(',').map_or(0.0, |comma| run.width_from(comma, size))
}
