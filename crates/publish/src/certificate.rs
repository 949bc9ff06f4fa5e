//! The certificate of one person: what one line of an announcement says, with a code that leads to the page where it can be compared.

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement, Flaw};
use crate::chart::Drawing;
use crate::{Error, pdf, shown, strings};
use fast_qr::{ECL, QRBuilder};

/// Longest address of a verification page, in bytes; a longer one makes a code that phones read badly.
pub const URL_BYTES_MAX: usize = 300;

/// Modules around a code that stay white, as its standard asks.
const QUIET_MODULES: usize = 4;
/// Edge of the code on paper with its quiet zone, in points.
const CODE_EDGE: f32 = 116.0;

/// The file: `sertifikat.pdf`, one page of A4, more where a line has very many sections. `url` is the address of the person's verification page, with its scheme.
pub fn write(announcement: &Announcement, list: &AnnouncedList, row: &AnnouncedRow, url: &str) -> Result<Vec<u8>, Error> {
    announcement.check()?;
    let sound = (url.starts_with("https://") || url.starts_with("http://")) && url.len() <= URL_BYTES_MAX && shown::plain(url) == url;
    if !sound {
        return Err(Flaw::Address { url: url.to_owned() }.into());
    }
    pdf::certificate(announcement, list, row, url, code(url)?)
}

/// The code as bars, one for each run of dark modules in a row.
fn code(url: &str) -> Result<Drawing, Error> {
    // A quarter of a code may be smudged or folded.
    let code = QRBuilder::new(url).ecl(ECL::Q).build().map_err(|error| Error::stop("sertifikat.pdf", error.to_string()))?;
    let module = CODE_EDGE / (code.size + 2 * QUIET_MODULES) as f32;
    let mut drawing = Drawing::square(CODE_EDGE);
    for (y, modules) in code.data.chunks(code.size).take(code.size).enumerate() {
        let dark = |x: usize| x < code.size && modules[x].value();
        let mut x = 0;
        while x < code.size {
            let length = (x..code.size).take_while(|x| dark(*x)).count();
            if length > 0 {
                let at = |modules: usize| (modules + QUIET_MODULES) as f32 * module;
                drawing.ink(at(x), at(y), length as f32 * module, module);
            }
            x += length.max(1);
        }
    }
    Ok(drawing)
}

/// Labels and values that say whose line it is; the page of a person shows the same.
pub(crate) fn facts(announcement: &Announcement, list: &AnnouncedList, row: &AnnouncedRow) -> Vec<(&'static str, String)> {
    let plain = |text: &str| shown::plain(text).trim().to_owned();
    let titled = |list: &AnnouncedList| format!("{} {}", plain(&list.formation_code), plain(&list.formation_title)).trim().to_owned();
    let to_formation = row.to_formation.as_deref().unwrap_or_default();
    let moved_to = announcement.lists.iter().find(|list| list.formation_code == to_formation).map_or_else(|| plain(to_formation), titled);
    let category = row.category.as_deref().unwrap_or(&list.category);
    let mut facts = vec![
        (strings::PARTICIPANT_NO, plain(&row.participant_no)),
        (strings::NAME, plain(row.name.as_deref().unwrap_or_default())),
        (strings::FORMATION, titled(list)),
        (strings::TO_FORMATION, moved_to),
        (strings::CATEGORY, plain(category)),
        (strings::SLOTS, shown::count(list.slots as usize)),
        (strings::SELECTION, plain(&announcement.selection)),
        (strings::STAGE, plain(&announcement.stage)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// A row of marks: section, mark, maximum, threshold.
pub(crate) struct MarksRow {
    pub(crate) cells: [String; 4],
    /// Whether it is the total or a stage value instead of a section.
    pub(crate) is_total: bool,
}

/// Sections with their marks where marks are shown, then the total, then the stage values.
pub(crate) fn marks(announcement: &Announcement, list: &AnnouncedList, row: &AnnouncedRow) -> Vec<MarksRow> {
    let number = |text: Option<&str>| shown::decimal_or_nothing(text, announcement.display.mark).into_owned();
    let title = |code: &str, title: &str| {
        let (code, title) = (shown::plain(code).trim().to_owned(), shown::plain(title).trim().to_owned());
        if title.is_empty() || title == code { code } else { format!("{title} ({code})") }
    };
    let sections = list.sections.iter().zip(&row.marks).map(|(section, mark)| MarksRow {
        cells: [
            title(&section.code, &section.title),
            number(Some(mark)),
            number(section.max.as_deref()),
            number(section.threshold.as_deref()),
        ],
        is_total: false,
    });
    let nothing = || shown::NOTHING.to_owned();
    let total = MarksRow {
        cells: [strings::TOTAL.to_owned(), number(row.total.as_deref()), nothing(), number(list.total_threshold.as_deref())],
        is_total: true,
    };
    let values = announcement.values.iter().zip(&row.values).map(|(column, value)| MarksRow {
        cells: [shown::plain(&column.title).into_owned(), number(value.as_deref()), nothing(), nothing()],
        is_total: true,
    });
    sections.chain([total]).chain(values).collect()
}
