//! Pages become a file: glyphs, rules, shades and drawings, and every step of reading a node of the tag tree.

use super::figure;
use super::sheet::{self, Align, Area, Ink, LEFT, Language, Look, Page, Rule, Step, Text, WIDTH, Weight};
use super::tags::Reading;
use super::type_face::{Face, Faces};
use crate::announcement::{Announcement, Zone};
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
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::{Document, SerializeSettings};

const LANGUAGE: &str = "id";
const FURNITURE: Look = Look::of(Face::Regular, 7.5).grey();
const HEAD_TOP: f32 = 34.0;
const FOOT_TOP: f32 = sheet::PAGE_HEIGHT - 42.0;
const GREY: u8 = 0x50;
const RULE_GREY: u8 = 0x9a;
const SHADE_GREY: u8 = 0xee;

/// What is drawn: pages, and what says on each of them to which document it belongs.
pub(super) struct Paper {
    pub(super) title: String,
    pub(super) description: String,
    /// Names the document among all there ever were.
    pub(super) id: String,
    pub(super) published_utc_ms: i64,
    pub(super) zone: Zone,
    /// Left end of the running head, from the second page on.
    pub(super) head: String,
    /// Right end of the running head.
    pub(super) head_right: String,
    /// Left end of the foot.
    pub(super) foot: String,
    pub(super) pages: Vec<Page>,
    pub(super) outline: Vec<Target>,
}

/// An entry of the outline.
pub(super) struct Target {
    pub(super) title: String,
    pub(super) page_index: usize,
    pub(super) y: f32,
}

impl Paper {
    /// A document about an announcement, its pages still to come.
    pub(super) fn of(announcement: &Announcement) -> Self {
        let plain = |text: &str| shown::plain(text).into_owned();
        let (revision, hash) = (announcement.revision, shown::short_hash(&announcement.results_hash));
        let published = shown::moment(announcement.published_utc_ms, announcement.zone);
        Paper {
            title: plain(&announcement.heading),
            description: plain(&announcement.selection),
            id: format!("{}-{}-{revision}", announcement.input_hash, announcement.results_hash),
            published_utc_ms: announcement.published_utc_ms,
            zone: announcement.zone,
            head: plain(&announcement.heading),
            head_right: plain(&announcement.number),
            foot: format!("{} {revision} · {} {hash} · {published}", strings::REVISION, strings::RESULTS_HASH),
            pages: Vec::new(),
            outline: Vec::new(),
        }
    }
}

/// Writes the file.
pub(super) fn draw(paper: Paper, faces: &Faces) -> Result<Vec<u8>, KrillaError> {
    let settings = SerializeSettings { configuration: standards(), enable_tagging: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(&paper));
    document.set_outline(outline(&paper));
    let furniture = Furniture::new(&paper, faces);
    let mut reading = Reading::new();
    for (index, page) in paper.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(sheet::PAGE_WIDTH, sheet::PAGE_HEIGHT).expect("the size of A4 is positive");
        let mut drawn = document.start_page_with(settings);
        let mut surface = drawn.surface();
        reading.page(index);
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

fn metadata(paper: &Paper) -> Metadata {
    let local = Local::at(paper.published_utc_ms, paper.zone);
    let published = DateTime::new(local.year)
        .month(local.month)
        .day(local.day)
        .hour(local.hour)
        .minute(local.minute)
        .second(local.second)
        .utc_offset_hour(shown::offset_hours(paper.zone))
        .utc_offset_minute(0);
    Metadata::new()
        .title(paper.title.clone())
        .description(paper.description.clone())
        .language(LANGUAGE.to_owned())
        .creator("Saksama".to_owned())
        .creation_date(published)
        .document_id(paper.id.clone())
}

fn outline(paper: &Paper) -> Outline {
    let mut outline = Outline::new();
    for target in &paper.outline {
        let destination = XyzDestination::new(target.page_index, Point::from_xy(LEFT, target.y));
        outline.push_child(OutlineNode::new(target.title.clone(), destination));
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
            Step::Figure(placed) => {
                reading.content(surface.start_tagged(ContentTag::Other));
                figure::draw(surface, placed, faces);
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

pub(super) fn draw_text(surface: &mut Surface, text: &Text, faces: &Faces) {
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
    for (weight, width, grey) in
        [(Weight::Hair, 0.35, RULE_GREY), (Weight::Fine, 0.6, 0x40), (Weight::Cut, 1.4, 0x00), (Weight::Heavy, 1.8, 0x00)]
    {
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
    fn new(paper: &Paper, faces: &Faces) -> Self {
        Furniture {
            head: shortened(&paper.head, WIDTH * 0.62, faces),
            number: shortened(&paper.head_right, WIDTH * 0.34, faces),
            foot: paper.foot.clone(),
            pages: shown::count(paper.pages.len()),
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
