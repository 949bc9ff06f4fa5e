//! HTML of a report, element by element.

use crate::chart::{Align, Chart, DataTable};
use crate::phrase::{Phrase, escape};
use std::fmt::Write;

/// A page that is being written.
pub struct Page {
    html: String,
}

const STYLE: &str = include_str!("../report.css");

impl Page {
    pub fn new(title: &str) -> Page {
        let title = escape(title);
        let heading = both(&Phrase { id: "Statistik butir dan tes".to_owned(), en: "Statistics of items and test".to_owned() });
        Page {
            html: format!(
                "<!doctype html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
                 content=\"width=device-width, initial-scale=1\">\n<title>{title} · Statistik butir</title>\n<style>\n{STYLE}</style>\n</head>\n\
                 <body>\n<header>\n<h1>{heading}</h1>\n<p>{title}</p>\n</header>\n<main>\n"
            ),
        }
    }

    pub fn finish(mut self) -> String {
        self.html.push_str(
            "</main>\n<footer>Rumus, batas tanda, dan sumbernya: docs/item-statistics.md. <span lang=\"en\">Formulas, limits of flags and \
             their sources are there.</span></footer>\n</body>\n</html>\n",
        );
        self.html
    }

    pub fn heading(&mut self, words: &Phrase) {
        let _ = writeln!(self.html, "<h2>{}</h2>", both(words));
    }

    pub fn paragraph(&mut self, words: &Phrase) {
        let _ = writeln!(self.html, "<p>{}</p>", both(words));
    }

    /// What has to be known of the reading.
    pub fn notes(&mut self, notes: &[Phrase]) {
        if notes.is_empty() {
            return;
        }
        self.heading(&Phrase { id: "Catatan".to_owned(), en: "Notes".to_owned() });
        self.html.push_str("<ul>\n");
        for note in notes {
            let _ = writeln!(self.html, "<li>{}</li>", both(note));
        }
        self.html.push_str("</ul>\n");
    }

    /// Names, and what is to be said of each.
    pub fn list(&mut self, lines: impl Iterator<Item = (String, Phrase)>) {
        self.html.push_str("<ul>\n");
        for (name, words) in lines {
            let _ = writeln!(self.html, "<li><b>{}</b>: {}</li>", escape(&name), both(&words));
        }
        self.html.push_str("</ul>\n");
    }

    /// A picture with its table at its side.
    pub fn chart(&mut self, chart: &Chart) {
        self.chart_of("chart", chart);
    }

    /// A picture with its table below, for tables of many columns.
    pub fn wide_chart(&mut self, chart: &Chart) {
        self.chart_of("chart wide", chart);
    }

    fn chart_of(&mut self, class: &str, chart: &Chart) {
        self.heading(&chart.title);
        self.paragraph(&chart.reading);
        let name = escape(&chart.title.id);
        let _ = writeln!(
            self.html,
            "<div class=\"{class}\">\n<div class=\"picture\" tabindex=\"0\" role=\"group\" aria-label=\"Gambar: {name}\">{}</div>",
            chart.svg
        );
        self.table(&chart.title, &chart.table);
        self.html.push_str("</div>\n");
    }

    /// A table in a box that can be scrolled, also by keyboard.
    pub fn table(&mut self, title: &Phrase, table: &DataTable) {
        let name = escape(&title.id);
        let _ =
            write!(self.html, "<div class=\"numbers\" tabindex=\"0\" role=\"group\" aria-label=\"Tabel: {name}\">\n<table>\n<thead><tr>");
        for (words, align) in &table.columns {
            let _ = write!(self.html, "<th scope=\"col\"{}>{}</th>", class(*align), both(words));
        }
        self.html.push_str("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.html.push_str("<tr>");
            for (at, (cell, (_, align))) in row.iter().zip(&table.columns).enumerate() {
                let (tag, scope) = if at == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
                let _ = write!(self.html, "<{tag}{scope}{}>{}</{tag}>", class(*align), escape(cell));
            }
            self.html.push_str("</tr>\n");
        }
        self.html.push_str("</tbody>\n</table>\n</div>\n");
    }

    /// A table that opens on demand.
    pub fn folded(&mut self, name: &str, words: &str, table: &DataTable) {
        let _ = writeln!(self.html, "<details>\n<summary><b>{}</b> {words}</summary>", escape(name));
        self.table(&Phrase { id: name.to_owned(), en: name.to_owned() }, table);
        self.html.push_str("</details>\n");
    }
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Start => "",
        Align::Words => " class=\"words\"",
        Align::End => " class=\"end\"",
    }
}

/// Indonesian, then English; once when they are the same.
fn both(words: &Phrase) -> String {
    if words.id == words.en {
        return escape(&words.id);
    }
    format!("{} <span lang=\"en\">{}</span>", escape(&words.id), escape(&words.en))
}
