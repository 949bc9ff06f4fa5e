//! The page of one person's line, and the answer where there is none.

use super::markup::{Document, Escaped};
use super::{Links, PEOPLE_IN_PART_MAX, PEOPLE_ON_ONE_PAGE_MAX, formation_href, head, person_href, picture};
use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::{certificate, chart, shown, strings};
use std::fmt::{self, Write as _};

pub(super) fn write_page(
    html: &mut String,
    announcement: &Announcement,
    list: &AnnouncedList,
    row: &AnnouncedRow,
    links: &Links,
) -> fmt::Result {
    let title = format!("{} – {}", row.participant_no, announcement.heading);
    Document { title: &title, skip_to: "peserta", indexed: false }.begin(html)?;
    head::write_way_back(html, announcement, links)?;
    html.push_str("<main id=\"peserta\">\n");
    head::write_superseded(html, announcement, links, &person_href("", &row.participant_no))?;
    writeln!(html, "<h1 class=\"person\"><small>{}</small> {}</h1>", strings::PARTICIPANT_NO, Escaped(&row.participant_no))?;
    write_standing(html, announcement, list, row)?;
    html.push_str("<dl class=\"facts\">\n");
    // The number is the heading already.
    for (label, value) in certificate::facts(announcement, list, row).iter().skip(1) {
        head::write_fact(html, label, value)?;
    }
    html.push_str("</dl>\n");
    write_marks(html, announcement, list, row)?;
    let place = chart::place_of(announcement, list, row);
    picture::write_charts(html, place.as_slice())?;
    write_ways(html, announcement, list, row, links)?;
    html.push_str("</main>\n<footer>\n");
    writeln!(html, "<p>{} <i lang=\"en\">{}</i></p>", strings::THIS_PAGE_COUNTS.id, strings::THIS_PAGE_COUNTS.en)?;
    head::write_hashes(html, announcement)?;
    html.push_str("</footer>\n");
    Document::end(html);
    Ok(())
}

/// Code, meaning and rank: what somebody came for.
fn write_standing(html: &mut String, announcement: &Announcement, list: &AnnouncedList, row: &AnnouncedRow) -> fmt::Result {
    let code = shown::text_or_nothing(Some(&row.code));
    write!(html, "<div class=\"standing\">\n<p class=\"code\">{}</p>\n<div>", Escaped(&code))?;
    let meanings = announcement.meanings(row);
    for meaning in &meanings {
        write!(html, "<p>{}", Escaped(&meaning.id))?;
        head::write_english(html, &meaning.en)?;
        html.push_str("</p>");
    }
    if meanings.is_empty() {
        write!(html, "<p>{} <i lang=\"en\">({})</i></p>", strings::NOT_DECIDED.id, strings::NOT_DECIDED.en)?;
    }
    if let Some(rank) = row.rank {
        let ranked = shown::count(list.people_ranked());
        write!(html, "<p>{} <b>{rank}</b> dari {ranked} peserta berperingkat</p>", strings::RANK)?;
    }
    html.push_str("</div>\n</div>\n");
    Ok(())
}

fn write_marks(html: &mut String, announcement: &Announcement, list: &AnnouncedList, row: &AnnouncedRow) -> fmt::Result {
    let heads = [strings::MARK, strings::MAX, strings::THRESHOLD];
    writeln!(html, "<table class=\"marks\">\n<caption>{}</caption>", strings::MARKS_SUMMARY)?;
    write!(html, "<thead><tr><th scope=\"col\">{}</th>", strings::SECTION)?;
    for head in heads {
        write!(html, "<th scope=\"col\" class=\"m\">{head}</th>")?;
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for marks in certificate::marks(announcement, list, row) {
        let [section, numbers @ ..] = &marks.cells;
        write!(html, "<tr{}><th scope=\"row\">{}</th>", if marks.is_total { " class=\"total\"" } else { "" }, Escaped(section))?;
        for number in numbers {
            write!(html, "<td class=\"m\">{}</td>", Escaped(number))?;
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    Ok(())
}

/// Where to go from here: the line among the others, the certificate, another number.
fn write_ways(html: &mut String, announcement: &Announcement, list: &AnnouncedList, row: &AnnouncedRow, links: &Links) -> fmt::Result {
    let index = announcement.lists.iter().position(|other| other.formation_code == list.formation_code).unwrap_or(0);
    let at = list.rows.iter().position(|other| other.participant_no == row.participant_no).unwrap_or(0);
    let list_href = if announcement.people() <= PEOPLE_ON_ONE_PAGE_MAX {
        format!("{}#f{}", links.folder, index + 1)
    } else {
        formation_href(&links.folder, index, at / PEOPLE_IN_PART_MAX + 1)
    };
    write!(html, "<p class=\"ways\"><a href=\"{}\">{}</a>", Escaped(&list_href), strings::TO_LIST)?;
    if links.certificates {
        let href = format!("{}/sertifikat.pdf", person_href(&links.folder, &row.participant_no));
        write!(html, " · <a href=\"{}\">{} (PDF)</a>", Escaped(&href), strings::CERTIFICATE)?;
    }
    html.push_str("</p>\n");
    head::write_search(html, links, "")
}

pub(super) fn write_not_found(html: &mut String, announcement: &Announcement, asked: &str, links: &Links) -> fmt::Result {
    Document { title: strings::NOT_FOUND, skip_to: "cari", indexed: false }.begin(html)?;
    head::write_way_back(html, announcement, links)?;
    html.push_str("<main id=\"cari\">\n");
    head::write_superseded(html, announcement, links, "")?;
    writeln!(html, "<h1 class=\"person\">{}</h1>", strings::NOT_FOUND)?;
    writeln!(
        html,
        "<p>{} <b>{}</b> {} <i lang=\"en\">{}</i></p>",
        strings::PARTICIPANT_NO,
        Escaped(asked.trim()),
        strings::NOT_ON_A_LIST.id,
        strings::NOT_ON_A_LIST.en,
    )?;
    head::write_search(html, links, asked.trim())?;
    html.push_str("</main>\n");
    Document::end(html);
    Ok(())
}
