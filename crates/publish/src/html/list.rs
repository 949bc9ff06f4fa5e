//! The list of a formation: as a section of the announcement's page, or on pages of its own.

use super::markup::{Document, Escaped};
use super::{Links, PEOPLE_IN_PART_MAX, formation_href, head, parts, person_href, picture};
use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::table::{self, Column};
use crate::{chart, shown, strings};
use std::fmt::{self, Write as _};
use std::ops::Range;

/// A table with more columns of numbers than this is set smaller on paper.
const NUMBERS_WIDE: usize = 8;

/// The list as a section with an anchor.
pub(super) fn write_section(
    html: &mut String,
    announcement: &Announcement,
    index: usize,
    list: &AnnouncedList,
    links: &Links,
) -> fmt::Result {
    let number = index + 1;
    writeln!(
        html,
        "<section aria-labelledby=\"f{number}\">\n<h2 id=\"f{number}\"><b>{}</b> {}</h2>",
        Escaped(&list.formation_code),
        Escaped(&list.formation_title)
    )?;
    write_facts(html, announcement, list)?;
    write_rows(html, announcement, list, 0..list.rows.len(), links)?;
    picture::write_charts(html, &chart::charts(announcement, list))?;
    writeln!(html, "<p class=\"up\"><a href=\"#arti\">{}</a> · <a href=\"#atas\">{}</a></p>\n</section>", strings::LEGEND, strings::TO_TOP)
}

/// One part of the formation's page.
pub(super) fn write_formation_page(
    html: &mut String,
    announcement: &Announcement,
    index: usize,
    part: usize,
    links: &Links,
) -> fmt::Result {
    let list = &announcement.lists[index];
    let title = format!("{} {} – {}", list.formation_code, list.formation_title, announcement.heading);
    Document { title: &title, skip_to: "daftar", indexed: true }.begin(html)?;
    head::write_way_back(html, announcement, links)?;
    html.push_str("<main id=\"daftar\">\n");
    head::write_superseded(html, announcement, links, "")?;
    writeln!(html, "<h1 class=\"formation\"><b>{}</b> {}</h1>", Escaped(&list.formation_code), Escaped(&list.formation_title))?;
    write_facts(html, announcement, list)?;
    head::write_search(html, links, "")?;
    let first = (part - 1) * PEOPLE_IN_PART_MAX;
    let rows = first..list.rows.len().min(first + PEOPLE_IN_PART_MAX);
    write_parts(html, list, index, part, links)?;
    write_rows(html, announcement, list, rows, links)?;
    write_parts(html, list, index, part, links)?;
    if part == 1 {
        picture::write_charts(html, &chart::charts(announcement, list))?;
    }
    head::write_legend(html, announcement, &|code| list.people_with(code) > 0)?;
    html.push_str("</main>\n<footer>\n");
    head::write_hashes(html, announcement)?;
    html.push_str("</footer>\n");
    Document::end(html);
    Ok(())
}

fn write_facts(html: &mut String, announcement: &Announcement, list: &AnnouncedList) -> fmt::Result {
    html.push_str("<p class=\"facts\">");
    for (label, value) in table::list_facts(announcement, list) {
        write!(html, "{label} <b>{}</b> · ", Escaped(&value))?;
    }
    writeln!(html, "<a href=\"#arti\">{}</a></p>", strings::LEGEND)
}

/// The ways to the other parts.
fn write_parts(html: &mut String, list: &AnnouncedList, index: usize, part: usize, links: &Links) -> fmt::Result {
    let parts = parts(list);
    if parts < 2 {
        return Ok(());
    }
    write!(html, "<nav class=\"parts\" aria-label=\"{0}\"><span>{0}:</span> <ul>", strings::PARTS)?;
    for other in 1..=parts {
        let (first, last) = ((other - 1) * PEOPLE_IN_PART_MAX + 1, (other * PEOPLE_IN_PART_MAX).min(list.rows.len()));
        let label = format!("{}–{}", shown::count(first), shown::count(last));
        if other == part {
            write!(html, "<li><b aria-current=\"page\">{label}</b></li>")?;
        } else {
            write!(html, "<li><a href=\"{}\">{label}</a></li>", Escaped(&formation_href(&links.folder, index, other)))?;
        }
    }
    html.push_str("</ul></nav>\n");
    Ok(())
}

/// Roles are spelled out because a phone's style sheet lays rows out as cards, and some browsers forget the table when it does.
fn write_rows(html: &mut String, announcement: &Announcement, list: &AnnouncedList, rows: Range<usize>, links: &Links) -> fmt::Result {
    if rows.is_empty() {
        return writeln!(html, "<p>{}</p>", strings::NO_PEOPLE);
    }
    let columns = table::columns(announcement, list);
    let wide = columns.iter().filter(|column| column.is_number()).count() > NUMBERS_WIDE;
    writeln!(html, "<div class=\"scroll\"><table role=\"table\" class=\"list{}\">", if wide { " wide" } else { "" })?;
    write!(html, "<caption>{} {}", strings::TABLE_CAPTION, Escaped(&list.formation_code))?;
    for section in list.sections.iter().filter(|_| announcement.columns.marks) {
        let facts = table::section_facts(announcement, section);
        if !facts.is_empty() {
            write!(html, " <span><b>{}</b> {}</span>", Escaped(&section.code), Escaped(&facts))?;
        }
    }
    html.push_str("</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">");
    for column in &columns {
        let number = if column.is_number() { " class=\"m\"" } else { "" };
        write!(html, "<th scope=\"col\" role=\"columnheader\"{number}>{}</th>", Escaped(&column.head(announcement, list)))?;
    }
    html.push_str("</tr></thead>\n<tbody role=\"rowgroup\">\n");
    let cut = list.last_above_cut();
    for index in rows {
        write_row(html, announcement, list, &columns, &list.rows[index], cut == Some(index), links)?;
    }
    html.push_str("</tbody>\n</table></div>\n");
    Ok(())
}

fn write_row(
    html: &mut String,
    announcement: &Announcement,
    list: &AnnouncedList,
    columns: &[Column],
    row: &AnnouncedRow,
    above_cut: bool,
    links: &Links,
) -> fmt::Result {
    write!(html, "<tr role=\"row\"{}>", if above_cut { " class=\"cut\"" } else { "" })?;
    for column in columns {
        let cell = column.cell(announcement, row);
        match column {
            Column::ParticipantNo => {
                let href = person_href(&links.folder, &row.participant_no);
                write!(html, "<th scope=\"row\" role=\"rowheader\"><a href=\"{}\">{}</a></th>", Escaped(&href), Escaped(&cell))?;
            }
            Column::Rank => write!(html, "<td role=\"cell\" class=\"r\">{cell}</td>")?,
            Column::Name => write!(html, "<td role=\"cell\" class=\"n\">{}</td>", Escaped(&cell))?,
            Column::Code => write!(html, "<td role=\"cell\" class=\"c\">{}</td>", Escaped(&cell))?,
            Column::Category | Column::ToFormation | Column::Marks(_) | Column::Total | Column::Value(_) => {
                let class = if column.is_number() { " class=\"m\"" } else { "" };
                let head = column.head(announcement, list);
                write!(html, "<td role=\"cell\"{class} data-l=\"{}\">{}</td>", Escaped(&head), Escaped(&cell))?;
            }
        }
    }
    html.push_str("</tr>\n");
    Ok(())
}
