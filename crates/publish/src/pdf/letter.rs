//! The letter in front: what is announced, on which grounds, what the codes mean, how to check it, and who signs.

use super::draw::Target;
use super::letterhead;
use super::sheet::{Align, Element, LEFT, Look, Paragraph, RIGHT, Sheet, WIDTH};
use super::type_face::{Face, Faces};
use crate::announcement::{Announcement, CodeMeaning};
use crate::{chart, shown, strings};

const TITLE: Look = Look::of(Face::Bold, 13.0);
const HEADING: Look = Look::of(Face::Bold, 11.5);
const BODY: Look = Look::of(Face::Regular, 10.0);
const STRONG: Look = Look::of(Face::Bold, 10.0);
const SMALL: Look = Look::of(Face::Regular, 8.5);
const SMALL_BOLD: Look = Look::of(Face::Bold, 8.5);

/// Where the text of a numbered point begins.
const POINT_X: f32 = LEFT + 20.0;
/// Where the words of the legend begin.
const WORDS_X: f32 = POINT_X + 44.0;
/// Between a meaning and its translation on the same line.
const WORDS_GAP: f32 = 7.0;
/// Where the block of the signature begins.
const SIGNATURE_X: f32 = LEFT + WIDTH * 0.54;
/// Room for a signature and a stamp.
const SIGNATURE_HEIGHT: f32 = 54.0;

/// Places the letter.
pub(super) fn place(sheet: &mut Sheet, announcement: &Announcement, faces: &Faces) -> Target {
    let letter = Letter { announcement, faces };
    letterhead::place(sheet, announcement, faces);
    let target = Target { title: strings::ANNOUNCEMENT.to_owned(), page_index: sheet.page_index(), y: sheet.y() };
    letter.title(sheet);
    letter.decrees(sheet);
    letter.paragraph(sheet, &strings::opening(announcement));
    sheet.open(Element::List);
    for (index, point) in letter.points().iter().enumerate() {
        letter.point(sheet, index + 1, point);
    }
    sheet.close();
    letter.closing(sheet);
    target
}

struct Letter<'a> {
    announcement: &'a Announcement,
    faces: &'a Faces,
}

/// A numbered point of the letter: a sentence, and what stands below it.
struct Point {
    text: String,
    below: Below,
}

enum Below {
    Nothing,
    Legend,
    English(&'static str),
    Hashes,
}

/// A meaning in both languages.
struct Words {
    indonesian: Paragraph,
    english: Paragraph,
    beside: bool,
}

impl Words {
    fn height(&self) -> f32 {
        if self.beside { self.indonesian.height() } else { self.indonesian.height() + self.english.height() }
    }

    fn place(&self, sheet: &mut Sheet) {
        sheet.keep_together(self.height());
        let top = sheet.y();
        sheet.paragraph(Element::Paragraph, &self.indonesian);
        if self.english.is_empty() {
            return;
        }
        if self.beside {
            sheet.go_to(top);
        }
        sheet.paragraph(Element::Paragraph, &self.english);
    }
}

impl Letter<'_> {
    fn centred(&self, look: Look, text: &str) -> Paragraph {
        Paragraph::new(self.faces, look, Align::Centre, text)
    }

    fn title(&self, sheet: &mut Sheet) {
        let announcement = self.announcement;
        sheet.paragraph(Element::Paragraph, &self.centred(TITLE, &strings::ANNOUNCEMENT.to_uppercase()));
        if !announcement.number.trim().is_empty() {
            let number = format!("{} {}", strings::NUMBER.to_uppercase(), shown::plain(&announcement.number));
            sheet.paragraph(Element::Paragraph, &self.centred(BODY, &number));
        }
        sheet.skip(5.0);
        sheet.paragraph(Element::Paragraph, &self.centred(BODY, &strings::ABOUT.to_uppercase()));
        sheet.skip(5.0);
        let title = shown::plain(&announcement.heading).into_owned();
        let heading = self.centred(HEADING, &title.to_uppercase());
        sheet.paragraph(Element::Heading { level: 1, title }, &heading);
        sheet.skip(16.0);
    }

    fn paragraph(&self, sheet: &mut Sheet, text: &str) {
        sheet.paragraph(Element::Paragraph, &Paragraph::new(self.faces, BODY, Align::Left, text));
        sheet.skip(6.0);
    }

    fn decrees(&self, sheet: &mut Sheet) {
        if self.announcement.decrees.is_empty() {
            return;
        }
        let label = Paragraph::new(self.faces, BODY, Align::Left, &format!("{}:", strings::DECREES));
        sheet.paragraph(Element::Paragraph, &label);
        sheet.skip(2.0);
        sheet.open(Element::List);
        for (index, decree) in self.announcement.decrees.iter().enumerate() {
            self.item(sheet, &format!("{}.", index + 1), &shown::plain(decree), |_| ());
            sheet.skip(1.5);
        }
        sheet.close();
        sheet.skip(8.0);
    }

    /// A label with its text beside it, and perhaps more below.
    fn item(&self, sheet: &mut Sheet, label: &str, text: &str, below: impl FnOnce(&mut Sheet)) {
        let body = Paragraph::in_column(self.faces, BODY, Align::Left, text, POINT_X, RIGHT - POINT_X);
        sheet.keep_together(BODY.line_height() * 2.0);
        sheet.open(Element::Item);
        sheet.open(Element::ItemLabel);
        sheet.beside(&Paragraph::in_column(self.faces, BODY, Align::Left, label, LEFT, POINT_X - LEFT));
        sheet.close();
        sheet.open(Element::ItemBody);
        sheet.paragraph(Element::Paragraph, &body);
        below(sheet);
        sheet.close();
        sheet.close();
    }

    fn points(&self) -> Vec<Point> {
        let announcement = self.announcement;
        let simple = |text: String| Point { text, below: Below::Nothing };
        let mut points = Vec::new();
        if announcement.revision > 1 || !announcement.reason.trim().is_empty() {
            points.push(simple(strings::revised(announcement.revision, &shown::plain(&announcement.reason))));
        }
        let charts = announcement.lists.iter().any(|list| chart::has_charts(announcement, list));
        let (people, lists) = (shown::count(announcement.people()), shown::count(announcement.lists.len()));
        points.push(simple(strings::where_the_lists_are(&people, &lists, charts)));
        if !announcement.codes.is_empty() {
            points.push(Point { text: strings::CODES_MEAN.to_owned(), below: Below::Legend });
        }
        let cut = announcement.lists.iter().any(|list| list.last_above_cut().is_some());
        let ties = if cut { format!("{} {}", strings::TIES.id, strings::CUT_RULE.id) } else { strings::TIES.id.to_owned() };
        if announcement.columns.rank {
            points.push(Point { text: ties, below: Below::English(if cut { strings::TIES_AND_CUT_EN } else { strings::TIES.en }) });
        }
        points.push(Point { text: strings::computed_with(&announcement.rule_set), below: Below::Hashes });
        points
    }

    fn point(&self, sheet: &mut Sheet, number: usize, point: &Point) {
        self.item(sheet, &format!("{number}."), &point.text, |sheet| match point.below {
            Below::Nothing => {}
            Below::Legend => self.legend(sheet),
            Below::English(text) => self.small(sheet, SMALL.grey().english(), text),
            Below::Hashes => self.hashes(sheet),
        });
        sheet.skip(5.0);
    }

    fn small(&self, sheet: &mut Sheet, look: Look, text: &str) {
        sheet.paragraph(Element::Paragraph, &Paragraph::in_column(self.faces, look, Align::Left, text, POINT_X, RIGHT - POINT_X));
    }

    fn legend(&self, sheet: &mut Sheet) {
        sheet.skip(3.0);
        sheet.open(Element::List);
        for (code, meanings) in self.announcement.legend() {
            self.code(sheet, code, &meanings);
        }
        let nothing = CodeMeaning {
            code: shown::NOTHING.to_owned(),
            status: String::new(),
            id: strings::NOTHING_MEANS.id.to_owned(),
            en: strings::NOTHING_MEANS.en.to_owned(),
        };
        self.code(sheet, shown::NOTHING, &[&nothing]);
        sheet.close();
    }

    /// A code with its meanings; it does not end on another page than it begins.
    fn code(&self, sheet: &mut Sheet, code: &str, meanings: &[&CodeMeaning]) {
        let label = Paragraph::in_column(self.faces, SMALL_BOLD, Align::Left, &shown::plain(code), POINT_X, WORDS_X - POINT_X - 4.0);
        let words: Vec<Words> = meanings.iter().map(|meaning| self.words(meaning)).collect();
        let height = words.iter().map(Words::height).sum::<f32>().max(label.height());
        sheet.keep_together(height);
        let (page, top) = (sheet.page_index(), sheet.y());
        sheet.open(Element::Item);
        sheet.open(Element::ItemLabel);
        sheet.lines(&label);
        sheet.close();
        sheet.open(Element::ItemBody);
        sheet.go_to(top);
        words.iter().for_each(|words| words.place(sheet));
        sheet.close();
        sheet.close();
        // So many meanings that they took more than a page end where they end.
        if sheet.page_index() == page {
            sheet.go_to(top + height);
        }
        sheet.skip(1.5);
    }

    /// The meaning in both languages: English behind the Indonesian where one line has room for both, otherwise below.
    fn words(&self, meaning: &CodeMeaning) -> Words {
        let in_column = |look, text: &str, x| Paragraph::in_column(self.faces, look, Align::Left, text, x, RIGHT - x);
        let indonesian = in_column(SMALL, &shown::plain(&meaning.id), WORDS_X);
        let english = shown::plain(&meaning.en);
        let behind = in_column(SMALL.grey().english(), &english, (WORDS_X + indonesian.width() + WORDS_GAP).min(RIGHT - WORDS_GAP));
        let beside = indonesian.is_one_line() && behind.is_one_line();
        let english = if beside { behind } else { in_column(SMALL.grey().english(), &english, WORDS_X) };
        Words { indonesian, english, beside }
    }

    fn hashes(&self, sheet: &mut Sheet) {
        let announcement = self.announcement;
        sheet.skip(2.0);
        for (label, hash) in [
            (strings::RULE_SET_HASH, &announcement.rule_set.hash),
            (strings::INPUT_HASH_LONG, &announcement.input_hash),
            (strings::RESULTS_HASH_LONG, &announcement.results_hash),
        ] {
            self.small(sheet, SMALL, &format!("{label}: {hash}"));
        }
        self.small(sheet, SMALL, strings::RECOMPUTE.id);
        self.small(sheet, SMALL.grey().english(), strings::RECOMPUTE.en);
    }

    /// The last sentence and the signature, which stay together.
    fn closing(&self, sheet: &mut Sheet) {
        let announcement = self.announcement;
        let last = Paragraph::new(self.faces, BODY, Align::Left, strings::CLOSING);
        let in_block = |look, text: &str| Paragraph::in_column(self.faces, look, Align::Left, text, SIGNATURE_X, RIGHT - SIGNATURE_X);
        let date = shown::date(announcement.published_utc_ms, announcement.zone);
        let place = shown::plain(&announcement.place);
        let place = if place.trim().is_empty() { date } else { format!("{}, {date}", place.trim()) };
        let mut above = vec![in_block(BODY, &place)];
        let mut below = Vec::new();
        if let Some(signatory) = &announcement.signatory {
            above.push(in_block(BODY, &shown::plain(&signatory.position)));
            below.push(in_block(STRONG, &shown::plain(&signatory.name)));
        }
        let height = [&above, &below].into_iter().flatten().map(Paragraph::height).sum::<f32>() + last.height() + SIGNATURE_HEIGHT + 22.0;
        sheet.skip(4.0);
        sheet.keep_together(height);
        sheet.paragraph(Element::Paragraph, &last);
        sheet.skip(18.0);
        above.iter().filter(|paragraph| !paragraph.is_empty()).for_each(|paragraph| sheet.paragraph(Element::Paragraph, paragraph));
        sheet.skip(SIGNATURE_HEIGHT);
        below.iter().filter(|paragraph| !paragraph.is_empty()).for_each(|paragraph| sheet.paragraph(Element::Paragraph, paragraph));
    }
}
