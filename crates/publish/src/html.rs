//! The announcement as a static page: no script, no inline style, nothing from elsewhere, readable on a phone and on paper.
//!
//! Made for `Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'`.

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement, Status};
use crate::{shown, strings};
use std::fmt;
use std::fmt::Write as _;

/// The style sheet of every page, to be served as [`STYLESHEET_PATH`].
pub const STYLESHEET: &str = include_str!("gaya.css");

/// Where pages look for [`STYLESHEET`].
pub const STYLESHEET_PATH: &str = "/hasil/gaya.css";

/// Where a page leads.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Address of the folder with the files, such as `/hasil/0192`; without a slash at the end.
    pub folder: String,
    /// The other revisions of this announcement, earlier and later, in order.
    pub revisions: Vec<RevisionLink>,
}

/// Another revision of an announcement.
#[derive(Clone, Debug)]
pub struct RevisionLink {
    /// Its number.
    pub revision: u32,
    /// Its page.
    pub href: String,
    /// When it was published.
    pub published_utc_ms: i64,
}

/// A table with more sections than this is set smaller on paper.
const SECTIONS_WIDE: usize = 6;

const FILES: [(&str, &str); 4] = [("daftar.pdf", "PDF"), ("daftar.xlsx", "Excel (XLSX)"), ("daftar.csv", "CSV"), ("daftar.json", "JSON")];

/// The page.
pub fn page(announcement: &Announcement, links: &Links) -> String {
    // A row is about 400 bytes; one allocation instead of twenty.
    let mut html = String::with_capacity(8_192 + announcement.people() * 420);
    write_page(&mut html, announcement, links).expect("writing to a string cannot fail");
    html
}

fn write_page(html: &mut String, announcement: &Announcement, links: &Links) -> fmt::Result {
    write!(
        html,
        "<!doctype html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{} – {}</title>\n<link rel=\"stylesheet\" href=\"{STYLESHEET_PATH}\">\n</head>\n<body id=\"atas\">\n\
         <a class=\"skip\" href=\"#daftar\">{}</a>\n",
        Escaped(&announcement.heading),
        Escaped(&announcement.organiser),
        strings::SKIP_TO_LISTS,
    )?;
    write_head(html, announcement, links)?;
    html.push_str("<main id=\"daftar\">\n");
    if announcement.lists.is_empty() {
        writeln!(html, "<p>{}</p>", strings::NO_LISTS)?;
    }
    for (index, list) in announcement.lists.iter().enumerate() {
        write_list(html, index + 1, list)?;
    }
    write_legend(html)?;
    html.push_str("</main>\n");
    write_foot(html, announcement)?;
    html.push_str("</body>\n</html>\n");
    Ok(())
}

fn write_head(html: &mut String, announcement: &Announcement, links: &Links) -> fmt::Result {
    writeln!(html, "<header>\n<p class=\"organiser\">{}</p>", Escaped(&announcement.organiser))?;
    write_unless_empty(html, "selection", &announcement.selection)?;
    writeln!(html, "<h1>{}</h1>", Escaped(&announcement.heading))?;
    if !announcement.number.trim().is_empty() {
        writeln!(html, "<p class=\"number\">{}: {}</p>", strings::NUMBER, Escaped(&announcement.number))?;
    }
    write_superseded(html, announcement, links)?;
    write_facts(html, announcement)?;
    writeln!(html, "<p class=\"note\">{}</p>", strings::NOT_THE_DECISION.id)?;
    write_files(html, links)?;
    write_revisions(html, announcement, links)?;
    write_formations_nav(html, announcement)?;
    html.push_str("</header>\n");
    Ok(())
}

fn write_unless_empty(html: &mut String, class: &str, text: &str) -> fmt::Result {
    if text.trim().is_empty() {
        return Ok(());
    }
    writeln!(html, "<p class=\"{class}\">{}</p>", Escaped(text))
}

/// A page found through an old link must not be taken for the newest word.
fn write_superseded(html: &mut String, announcement: &Announcement, links: &Links) -> fmt::Result {
    let newest = links.revisions.iter().filter(|link| link.revision > announcement.revision).max_by_key(|link| link.revision);
    let Some(newest) = newest else { return Ok(()) };
    write!(html, "<p class=\"superseded\">{} ", strings::SUPERSEDED)?;
    write_revision_link(html, newest, announcement)?;
    html.push_str(".</p>\n");
    Ok(())
}

fn write_revision_link(html: &mut String, link: &RevisionLink, announcement: &Announcement) -> fmt::Result {
    let published = shown::moment(link.published_utc_ms, announcement.zone);
    write!(html, "<a href=\"{}\">{} {}</a>, {published}", Escaped(&link.href), strings::REVISION, link.revision)
}

fn write_facts(html: &mut String, announcement: &Announcement) -> fmt::Result {
    let (people, lists) = (shown::count(announcement.people()), shown::count(announcement.lists.len()));
    let facts = [
        (strings::STAGE, announcement.stage.clone()),
        (strings::PUBLISHED, shown::moment(announcement.published_utc_ms, announcement.zone)),
        (strings::REVISION, announcement.revision.to_string()),
        (strings::REASON, announcement.reason.clone()),
        (strings::CONTENT, strings::content(&people, &lists)),
    ];
    html.push_str("<dl class=\"facts\">\n");
    for (label, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
        writeln!(html, "<div><dt>{label}</dt><dd>{}</dd></div>", Escaped(value))?;
    }
    html.push_str("</dl>\n");
    Ok(())
}

fn write_files(html: &mut String, links: &Links) -> fmt::Result {
    write!(html, "<nav class=\"files\" aria-label=\"{0}\"><span>{0}:</span> <ul>", strings::FILES)?;
    for (file, label) in FILES {
        write!(html, "<li><a href=\"{}/{file}\">{label}</a></li>", Escaped(&links.folder))?;
    }
    html.push_str("</ul></nav>\n");
    Ok(())
}

fn write_revisions(html: &mut String, announcement: &Announcement, links: &Links) -> fmt::Result {
    if links.revisions.is_empty() {
        return Ok(());
    }
    write!(html, "<nav class=\"revisions\" aria-label=\"{0}\"><span>{0}:</span> <ul>", strings::REVISIONS)?;
    for link in &links.revisions {
        html.push_str("<li>");
        write_revision_link(html, link, announcement)?;
        html.push_str("</li>");
    }
    html.push_str("</ul></nav>\n");
    Ok(())
}

fn write_formations_nav(html: &mut String, announcement: &Announcement) -> fmt::Result {
    if announcement.lists.len() < 2 {
        return Ok(());
    }
    writeln!(html, "<nav class=\"formations\" aria-label=\"{0}\">\n<h2>{0}</h2>\n<ol>", strings::FORMATIONS_NAV)?;
    for (index, list) in announcement.lists.iter().enumerate() {
        writeln!(
            html,
            "<li><a href=\"#f{}\"><b>{}</b> {}</a> <small>{}</small></li>",
            index + 1,
            Escaped(&list.formation_code),
            Escaped(&list.formation_title),
            shown::count(list.rows.len()),
        )?;
    }
    html.push_str("</ol>\n</nav>\n");
    Ok(())
}

fn write_list(html: &mut String, number: usize, list: &AnnouncedList) -> fmt::Result {
    let facts = strings::list_facts(&shown::count(list.slots as usize), &shown::count(list.rows.len()));
    writeln!(
        html,
        "<section aria-labelledby=\"f{number}\">\n<h2 id=\"f{number}\"><b>{}</b> {}</h2>\n<p class=\"facts\">{facts}</p>",
        Escaped(&list.formation_code),
        Escaped(&list.formation_title),
    )?;
    if list.rows.is_empty() {
        writeln!(html, "<p>{}</p>\n</section>", strings::NO_PEOPLE)?;
        return Ok(());
    }
    write_table(html, list)?;
    writeln!(
        html,
        "<p class=\"up\"><a href=\"#arti\">{}</a> · <a href=\"#atas\">{}</a></p>\n</section>",
        strings::LEGEND_LINK,
        strings::TO_TOP
    )
}

/// Roles are spelled out because a phone's style sheet lays rows out as cards, and some browsers forget the table when it does.
fn write_table(html: &mut String, list: &AnnouncedList) -> fmt::Result {
    let class = if list.sections.len() > SECTIONS_WIDE { " class=\"wide\"" } else { "" };
    writeln!(html, "<div class=\"scroll\"><table role=\"table\"{class}>")?;
    write!(html, "<caption>{} {}.", strings::TABLE_CAPTION, Escaped(&list.formation_code))?;
    for section in list.sections.iter().filter(|section| section.title != section.code && !section.title.trim().is_empty()) {
        write!(html, " <span><b>{}</b> {}</span>", Escaped(&section.code), Escaped(&section.title))?;
    }
    html.push_str("</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">");
    for head in [strings::RANK, strings::PARTICIPANT_NO, strings::NAME] {
        write!(html, "<th scope=\"col\" role=\"columnheader\">{head}</th>")?;
    }
    for section in &list.sections {
        write!(html, "<th scope=\"col\" role=\"columnheader\" class=\"m\">{}</th>", Escaped(&section.code))?;
    }
    write!(html, "<th scope=\"col\" role=\"columnheader\" class=\"m\">{}</th>", strings::TOTAL)?;
    writeln!(html, "<th scope=\"col\" role=\"columnheader\">{}</th></tr></thead>\n<tbody role=\"rowgroup\">", strings::STATUS)?;
    for row in &list.rows {
        write_row(html, list, row)?;
    }
    html.push_str("</tbody>\n</table></div>\n");
    Ok(())
}

fn write_row(html: &mut String, list: &AnnouncedList, row: &AnnouncedRow) -> fmt::Result {
    let rank = row.rank.map_or_else(|| shown::NOTHING.to_owned(), |rank| rank.to_string());
    write!(
        html,
        "<tr role=\"row\"><td role=\"cell\">{rank}</td><td role=\"cell\">{}</td><th scope=\"row\" role=\"rowheader\">{}</th>",
        Escaped(&row.participant_no),
        Escaped(&row.name),
    )?;
    for (index, section) in list.sections.iter().enumerate() {
        let marks = shown::marks_or_nothing(row.marks_milli.get(index).copied());
        write!(html, "<td role=\"cell\" data-l=\"{}\">{marks}</td>", Escaped(&section.code))?;
    }
    let total = shown::marks_or_nothing(row.total_milli);
    let status = strings::status(row.status).id;
    writeln!(html, "<td role=\"cell\" data-l=\"{}\">{total}</td><td role=\"cell\">{status}</td></tr>", strings::TOTAL)
}

fn write_legend(html: &mut String) -> fmt::Result {
    writeln!(html, "<section class=\"legend\" aria-labelledby=\"arti\">\n<h2 id=\"arti\">{}</h2>\n<dl>", strings::LEGEND)?;
    let statuses = Status::ALL.map(|status| (strings::status_code(status), strings::status(status)));
    for (code, words) in statuses.into_iter().chain([(shown::NOTHING, strings::NOTHING_MEANS)]) {
        writeln!(html, "<div><dt>{code}</dt><dd>{} <i lang=\"en\">({})</i></dd></div>", words.id, words.en)?;
    }
    html.push_str("</dl>\n");
    for phrase in [strings::TIES, strings::NOT_THE_DECISION] {
        writeln!(html, "<p>{} <i lang=\"en\">{}</i></p>", phrase.id, phrase.en)?;
    }
    html.push_str("</section>\n");
    Ok(())
}

fn write_foot(html: &mut String, announcement: &Announcement) -> fmt::Result {
    writeln!(
        html,
        "<footer>\n<h2>{}</h2>\n<p>{}: <code>{}</code></p>\n<p>{} <i lang=\"en\">{}</i></p>\n</footer>",
        strings::VERIFY,
        strings::INPUT_HASH_LONG,
        Escaped(&announcement.input_hash),
        strings::RECOMPUTE.id,
        strings::RECOMPUTE.en,
    )
}

/// A text of others, safe as content and in a quoted attribute.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = shown::plain(self.0);
        let mut rest: &str = &plain;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            formatter.write_str(&rest[..at])?;
            formatter.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        formatter.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_are_escaped() {
        let cases = [
            ("Siti", "Siti"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onclick='x' &", "&quot; onclick=&#39;x&#39; &amp;"),
            ("&lt;", "&amp;lt;"),
            ("é<ü", "é&lt;ü"),
            ("a\u{202e}b", "a b"),
        ];
        for (text, escaped) in cases {
            assert_eq!(Escaped(text).to_string(), escaped, "{text:?}");
        }
    }
}
