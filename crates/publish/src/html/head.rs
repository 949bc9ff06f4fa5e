//! What stands around the lists: letterhead, facts, search, files, revisions, legend, and how to check.

use super::markup::Escaped;
use super::{Links, RevisionLink};
use crate::announcement::Announcement;
use crate::{archive, shown, strings};
use std::fmt::{self, Write as _};

const FILES: [(&str, &str); 5] =
    [("daftar.pdf", "PDF"), ("daftar.xlsx", "Excel (XLSX)"), ("daftar.csv", "CSV"), ("daftar.json", "JSON"), ("semua.zip", "Semua (ZIP)")];

/// The head of the announcement's own page.
pub(super) fn write_announcement(html: &mut String, announcement: &Announcement, links: &Links) -> fmt::Result {
    html.push_str("<header>\n<div class=\"letterhead\">\n");
    for line in &announcement.letterhead.lines {
        writeln!(html, "<p>{}</p>", Escaped(line))?;
    }
    writeln!(html, "</div>\n<p class=\"kind\">{}</p>", strings::ANNOUNCEMENT)?;
    if !announcement.number.trim().is_empty() {
        writeln!(html, "<p class=\"number\">{} {}</p>", strings::NUMBER, Escaped(&announcement.number))?;
    }
    writeln!(html, "<p class=\"about\">{}</p>\n<h1>{}</h1>", strings::ABOUT, Escaped(&announcement.heading))?;
    write_superseded(html, announcement, links, "")?;
    write_search(html, links, "")?;
    write_facts(html, announcement)?;
    write_files(html, links)?;
    write_revisions(html, announcement, links)?;
    html.push_str("</header>\n");
    Ok(())
}

/// The head of a page below the announcement: whose it is and the way back.
pub(super) fn write_way_back(html: &mut String, announcement: &Announcement, links: &Links) -> fmt::Result {
    writeln!(
        html,
        "<header class=\"small\">\n<p class=\"organiser\">{}</p>\n<p class=\"back\"><a href=\"{}\">{}</a></p>",
        Escaped(&announcement.organiser),
        Escaped(&links.folder),
        Escaped(&announcement.heading),
    )?;
    let (revision, published) = (announcement.revision, shown::moment(announcement.published_utc_ms, announcement.zone));
    let number = if announcement.number.trim().is_empty() {
        String::new()
    } else {
        format!("{} {} · ", strings::NUMBER, Escaped(&announcement.number))
    };
    writeln!(html, "<p class=\"number\">{number}{} {revision} · {published}</p>\n</header>", strings::REVISION)
}

/// A page found through an old link must not be taken for the newest word. `below` is where the same thing is below the newer revision.
pub(super) fn write_superseded(html: &mut String, announcement: &Announcement, links: &Links, below: &str) -> fmt::Result {
    let newest = links.revisions.iter().filter(|link| link.revision > announcement.revision).max_by_key(|link| link.revision);
    let Some(newest) = newest else { return Ok(()) };
    write!(html, "<p class=\"superseded\">{} ", strings::SUPERSEDED)?;
    write_revision_link(html, newest, announcement, below)?;
    html.push_str(".</p>\n");
    Ok(())
}

fn write_revision_link(html: &mut String, link: &RevisionLink, announcement: &Announcement, below: &str) -> fmt::Result {
    let published = shown::moment(link.published_utc_ms, announcement.zone);
    write!(html, "<a href=\"{}{}\">{} {}</a>, {published}", Escaped(&link.href), Escaped(below), strings::REVISION, link.revision)
}

/// The search by number, with what was asked before.
pub(super) fn write_search(html: &mut String, links: &Links, asked: &str) -> fmt::Result {
    writeln!(
        html,
        "<form class=\"search\" role=\"search\" action=\"{}/cari\" method=\"get\">\n<label for=\"nomor\">{}</label>\n\
         <div><input id=\"nomor\" name=\"nomor\" value=\"{}\" required maxlength=\"500\" autocomplete=\"off\" autocapitalize=\"characters\" \
         spellcheck=\"false\"> <button>{}</button></div>\n</form>",
        Escaped(&links.folder),
        strings::SEARCH_LABEL,
        Escaped(asked),
        strings::SEARCH,
    )
}

fn write_facts(html: &mut String, announcement: &Announcement) -> fmt::Result {
    let (people, lists) = (shown::count(announcement.people()), shown::count(announcement.lists.len()));
    let facts = [
        (strings::SELECTION, announcement.selection.clone()),
        (strings::STAGE, announcement.stage.clone()),
        (strings::PUBLISHED, shown::moment(announcement.published_utc_ms, announcement.zone)),
        (strings::REVISION, announcement.revision.to_string()),
        (strings::REASON, announcement.reason.clone()),
        (strings::CONTENT, strings::content(&people, &lists)),
    ];
    html.push_str("<dl class=\"facts\">\n");
    for (label, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
        write_fact(html, label, value)?;
    }
    if !announcement.decrees.is_empty() {
        write!(html, "<div><dt>{}</dt><dd><ol>", strings::DECREES)?;
        for decree in &announcement.decrees {
            write!(html, "<li>{}</li>", Escaped(decree))?;
        }
        html.push_str("</ol></dd></div>\n");
    }
    if let Some(signatory) = &announcement.signatory {
        let who = [signatory.name.trim(), signatory.position.trim()];
        write_fact(html, strings::SIGNED_BY, &who.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))?;
    }
    html.push_str("</dl>\n");
    Ok(())
}

/// A label and its value.
pub(super) fn write_fact(html: &mut String, label: &str, value: &str) -> fmt::Result {
    writeln!(html, "<div><dt>{label}</dt><dd>{}</dd></div>", Escaped(value))
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
        write_revision_link(html, link, announcement, "")?;
        html.push_str("</li>");
    }
    html.push_str("</ul></nav>\n");
    Ok(())
}

/// The codes that are wanted, with their meanings.
pub(super) fn write_legend(html: &mut String, announcement: &Announcement, wanted: &dyn Fn(&str) -> bool) -> fmt::Result {
    writeln!(html, "<section class=\"legend\" aria-labelledby=\"arti\">\n<h2 id=\"arti\">{}</h2>\n<dl>", strings::LEGEND)?;
    for (code, meanings) in announcement.legend().into_iter().filter(|(code, _)| wanted(code)) {
        write!(html, "<div><dt>{}</dt>", Escaped(code))?;
        for meaning in meanings {
            write!(html, "<dd>{}", Escaped(&meaning.id))?;
            write_english(html, &meaning.en)?;
            html.push_str("</dd>");
        }
        html.push_str("</div>\n");
    }
    writeln!(html, "<div><dt>{}</dt><dd>{}", shown::NOTHING, strings::NOTHING_MEANS.id)?;
    write_english(html, strings::NOTHING_MEANS.en)?;
    html.push_str("</dd></div>\n</dl>\n");
    let cut = announcement.lists.iter().any(|list| list.last_above_cut().is_some());
    for phrase in [strings::TIES].into_iter().chain(cut.then_some(strings::CUT_RULE)).filter(|_| announcement.columns.rank) {
        writeln!(html, "<p>{} <i lang=\"en\">{}</i></p>", phrase.id, phrase.en)?;
    }
    html.push_str("</section>\n");
    Ok(())
}

pub(super) fn write_english(html: &mut String, english: &str) -> fmt::Result {
    if english.trim().is_empty() { Ok(()) } else { write!(html, " <i lang=\"en\">({})</i>", Escaped(english)) }
}

/// How to check: files with their sums, what the results were computed from, how to compute them again.
pub(super) fn write_foot(html: &mut String, announcement: &Announcement, links: &Links) -> fmt::Result {
    writeln!(html, "<footer>\n<h2>{}</h2>", strings::VERIFY)?;
    write_hashes(html, announcement)?;
    writeln!(html, "<p>{} <i lang=\"en\">{}</i></p>", strings::RECOMPUTE.id, strings::RECOMPUTE.en)?;
    if !links.sums.is_empty() {
        writeln!(html, "<h3>{}</h3>\n<ul class=\"sums\">", strings::SUMS)?;
        for sum in &links.sums {
            let (name, folder) = (sum.name, Escaped(&links.folder));
            writeln!(html, "<li><a href=\"{folder}/{name}\">{name}</a>, {} <code>{}</code></li>", archive::size(sum.bytes), sum.sha256)?;
        }
        html.push_str("</ul>\n");
    }
    html.push_str("</footer>\n");
    Ok(())
}

/// Rule set, inputs and results by their sums.
pub(super) fn write_hashes(html: &mut String, announcement: &Announcement) -> fmt::Result {
    let rule_set = strings::rule_set(&announcement.rule_set.title, &announcement.rule_set.id);
    html.push_str("<dl class=\"hashes\">\n");
    write_fact(html, strings::RULE_SET, &rule_set)?;
    for (label, hash) in [
        (strings::RULE_SET_HASH, &announcement.rule_set.hash),
        (strings::INPUT_HASH_LONG, &announcement.input_hash),
        (strings::RESULTS_HASH_LONG, &announcement.results_hash),
    ] {
        writeln!(html, "<div><dt>{label}</dt><dd><code>{}</code></dd></div>", Escaped(hash))?;
    }
    html.push_str("</dl>\n");
    Ok(())
}
