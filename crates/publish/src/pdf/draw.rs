//! Pages become a file: glyphs, rules and shades are drawn, and every step of reading becomes a node of the tag tree.

use super::document::LaidOut;
use super::sheet::{self, Align, Area, Element, Ink, LEFT, Language, Look, Page, Rule, Step, Text, WIDTH, Weight};
use super::type_face::{Face, Faces};
use crate::announcement::Announcement;
use crate::shown::{self, Local};
use crate::strings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};
use std::num::NonZeroU16;

const LANGUAGE: &str = "id";
const FURNITURE: Look = Look::of(Face::Regular, 7.5).grey();
const HEAD_TOP: f32 = 34.0;
const FOOT_TOP: f32 = sheet::PAGE_HEIGHT - 42.0;
const GREY: u8 = 0x50;
const RULE_GREY: u8 = 0x9a;
const SHADE_GREY: u8 = 0xee;

/// Writes the file.
pub(super) fn draw(announcement: &Announcement, laid_out: LaidOut, faces: &Faces) -> Result<Vec<u8>, KrillaError> {
    let settings = SerializeSettings { configuration: standards(), enable_tagging: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(announcement));
    document.set_outline(outline(&laid_out));
    let furniture = Furniture::new(announcement, faces, laid_out.pages.len());
    let mut reading = Reading::new();
    for (index, page) in laid_out.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(sheet::PAGE_WIDTH, sheet::PAGE_HEIGHT).expect("the size of A4 is positive");
        let mut drawn = document.start_page_with(settings);
        let mut surface = drawn.surface();
        draw_page(&mut surface, page, &mut reading, faces);
        furniture.draw(&mut surface, index, faces);
        surface.finish();
        drawn.finish();
    }
    document.set_tag_tree(reading.into_tree());
    document.finish()
}

/// For archives and for readers who hear the list; a file that meets neither is not written.
fn standards() -> Configuration {
    ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .expect("PDF/A-2 and PDF/UA-1 are both PDF 1.7")
}

fn metadata(announcement: &Announcement) -> Metadata {
    let local = Local::at(announcement.published_utc_ms, announcement.zone);
    let published = DateTime::new(local.year)
        .month(local.month)
        .day(local.day)
        .hour(local.hour)
        .minute(local.minute)
        .second(local.second)
        .utc_offset_hour(shown::offset_hours(announcement.zone))
        .utc_offset_minute(0);
    Metadata::new()
        .title(shown::plain(&announcement.heading).into_owned())
        .description(shown::plain(&announcement.selection).into_owned())
        .language(LANGUAGE.to_owned())
        .creator("Saksama".to_owned())
        .creation_date(published)
        .document_id(format!("{}-{}", announcement.input_hash, announcement.revision))
}

fn outline(laid_out: &LaidOut) -> Outline {
    let mut outline = Outline::new();
    for place in &laid_out.outline {
        let destination = XyzDestination::new(place.page_index, Point::from_xy(LEFT, place.y));
        outline.push_child(OutlineNode::new(place.title.clone(), destination));
    }
    outline
}

fn draw_page(surface: &mut Surface, page: &Page, reading: &mut Reading, faces: &Faces) {
    artifact(surface, ArtifactType::Layout, |surface| {
        shades(surface, &page.shades);
        rules(surface, &page.rules);
    });
    surface.set_stroke(None);
    for step in &page.steps {
        match step {
            Step::Open(element) => reading.open(element),
            Step::Close => reading.close(),
            Step::Text(text) => {
                let span = SpanTag::empty().with_lang(match text.look.language {
                    Language::Indonesian => None,
                    Language::English => Some("en"),
                });
                reading.content(surface.start_tagged(ContentTag::Span(span)));
                draw_text(surface, text, faces);
                surface.end_tagged();
            }
        }
    }
    if !page.repeated.is_empty() {
        artifact(surface, ArtifactType::PaginationOther, |surface| {
            page.repeated.iter().for_each(|text| draw_text(surface, text, faces));
        });
    }
}

fn artifact(surface: &mut Surface, kind: ArtifactType, draw: impl FnOnce(&mut Surface)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    draw(surface);
    surface.end_tagged();
}

fn draw_text(surface: &mut Surface, text: &Text, faces: &Faces) {
    surface.set_fill(Some(fill(match text.look.ink {
        Ink::Black => 0,
        Ink::Grey => GREY,
    })));
    let start = Point::from_xy(text.x, text.baseline);
    let glyphs = text.run.scaled(&text.line);
    surface.draw_glyphs(start, &glyphs, faces.krilla(text.run.face), &text.run.text, text.look.size, false);
}

fn shades(surface: &mut Surface, shades: &[Area]) {
    let mut path = PathBuilder::new();
    for area in shades {
        if let Some(rect) = Rect::from_xywh(area.x, area.y, area.width, area.height) {
            path.push_rect(rect);
        }
    }
    if let Some(path) = path.finish() {
        surface.set_stroke(None);
        surface.set_fill(Some(fill(SHADE_GREY)));
        surface.draw_path(&path);
    }
}

/// All rules of one weight are one path: a page of a long table has a hundred of them.
fn rules(surface: &mut Surface, rules: &[Rule]) {
    surface.set_fill(None);
    for (weight, width, grey) in [(Weight::Hair, 0.35, RULE_GREY), (Weight::Fine, 0.6, 0x40), (Weight::Heavy, 1.8, 0x00)] {
        let mut path = PathBuilder::new();
        for rule in rules.iter().filter(|rule| rule.weight == weight) {
            path.move_to(rule.from.0, rule.from.1);
            path.line_to(rule.to.0, rule.to.1);
        }
        if let Some(path) = path.finish() {
            surface.set_stroke(Some(Stroke { paint: colour(grey).into(), width, ..Stroke::default() }));
            surface.draw_path(&path);
        }
    }
}

fn fill(grey: u8) -> Fill {
    Fill { paint: colour(grey).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn colour(grey: u8) -> rgb::Color {
    rgb::Color::new(grey, grey, grey)
}

/// What every page carries around its text: a running head from the second page on, and a foot.
struct Furniture {
    head: String,
    number: String,
    foot: String,
    pages: String,
}

impl Furniture {
    fn new(announcement: &Announcement, faces: &Faces, pages: usize) -> Self {
        let (revision, hash) = (announcement.revision, shown::short_hash(&announcement.input_hash));
        let published = shown::moment(announcement.published_utc_ms, announcement.zone);
        Furniture {
            head: shortened(&shown::plain(&announcement.heading), WIDTH * 0.62, faces),
            number: shortened(&shown::plain(&announcement.number), WIDTH * 0.34, faces),
            foot: format!("{} {revision} · {} {hash} · {published}", strings::REVISION, strings::INPUT_HASH),
            pages: shown::count(pages),
        }
    }

    fn draw(&self, surface: &mut Surface, page_index: usize, faces: &Faces) {
        if page_index > 0 {
            artifact(surface, ArtifactType::Header, |surface| {
                furniture_line(surface, &self.head, Align::Left, HEAD_TOP, faces);
                furniture_line(surface, &self.number, Align::Right, HEAD_TOP, faces);
                rules(surface, &[across(HEAD_TOP + 14.0)]);
                surface.set_stroke(None);
            });
        }
        artifact(surface, ArtifactType::Footer, |surface| {
            rules(surface, &[across(FOOT_TOP - 4.0)]);
            surface.set_stroke(None);
            furniture_line(surface, &self.foot, Align::Left, FOOT_TOP, faces);
            let page = strings::page_of(&shown::count(page_index + 1), &self.pages);
            furniture_line(surface, &page, Align::Right, FOOT_TOP, faces);
        });
    }
}

fn across(y: f32) -> Rule {
    Rule { from: (LEFT, y), to: (LEFT + WIDTH, y), weight: Weight::Hair }
}

fn furniture_line(surface: &mut Surface, text: &str, align: Align, top: f32, faces: &Faces) {
    let run = faces.shape(FURNITURE.face, text);
    for line in run.one_line() {
        draw_text(surface, &sheet::place(&run, &line, FURNITURE, align, LEFT, WIDTH, top), faces);
    }
}

/// A text cut to a width with an ellipsis; only for the running head, whose full text stands on the first page.
fn shortened(text: &str, width: f32, faces: &Faces) -> String {
    let fits = |text: &str| faces.shape(FURNITURE.face, text).width(FURNITURE.size) <= width;
    if fits(text) {
        return text.to_owned();
    }
    let mut chars: Vec<char> = text.chars().collect();
    loop {
        chars.pop();
        let shorter = format!("{}…", chars.iter().collect::<String>().trim_end());
        if chars.is_empty() || fits(&shorter) {
            return shorter;
        }
    }
}

/// The tag tree while its pages are drawn: elements that are open, outermost first.
struct Reading {
    root: Vec<TagGroup>,
    open: Vec<TagGroup>,
}

impl Reading {
    fn new() -> Self {
        Reading { root: Vec::new(), open: Vec::new() }
    }

    fn open(&mut self, element: &Element) {
        self.open.push(TagGroup::new(tag(element)));
    }

    fn content(&mut self, content: Identifier) {
        self.open.last_mut().expect("every text is placed in an element").push(content);
    }

    fn close(&mut self) {
        let closed = self.open.pop().expect("every element that is closed was opened");
        match self.open.last_mut() {
            Some(parent) => parent.push(closed),
            None => self.root.push(closed),
        }
    }

    fn into_tree(self) -> TagTree {
        assert!(self.open.is_empty(), "every element that was opened is closed");
        let mut tree = TagTree::new();
        self.root.into_iter().for_each(|group| tree.push(group));
        tree
    }
}

fn tag(element: &Element) -> TagKind {
    match element {
        Element::Section => Tag::Section.into(),
        Element::Heading { level, title } => Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into(),
        Element::Paragraph => Tag::P.into(),
        Element::List => Tag::L(ListNumbering::None).into(),
        Element::Item => Tag::LI.into(),
        Element::ItemLabel => Tag::Lbl.into(),
        Element::ItemBody => Tag::LBody.into(),
        Element::Table { summary } => Tag::Table.with_summary(Some(summary.clone())).into(),
        Element::TableHead => Tag::THead.into(),
        Element::TableBody => Tag::TBody.into(),
        Element::Row => Tag::TR.into(),
        Element::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Element::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Element::Cell => Tag::TD.into(),
    }
}
