//! The strict emitter: reads the sanitiser's output, knows only the allow-list, and puts formulas and pictures in their places.

use super::formula::{self, Formula, MARK_CLOSE, MARK_OPEN};
use super::{Alt, Flaw, NoPicture, RichText, escape, markup, unescape};
use crate::id::Digest32;

/// Writes the allow-list again, whatever the sanitiser let through.
pub(super) fn emit(
    clean: &str,
    formulas: &[Formula],
    alt: Alt,
    pictures: &mut dyn FnMut(&str) -> Result<Digest32, NoPicture>,
    flaws: &mut Vec<Flaw>,
) -> String {
    let mut emitter =
        Emitter { html: String::with_capacity(clean.len() + 64), open: Vec::new(), too_deep: false, formulas, alt, pictures, flaws };
    let mut rest = clean;
    while let Some(at) = rest.find('<') {
        emitter.text(&rest[..at]);
        let length = emitter.tag(&rest[at..]);
        rest = &rest[at + length..];
    }
    emitter.text(rest);
    emitter.html
}

struct Emitter<'a> {
    html: String,
    open: Vec<&'static str>,
    too_deep: bool,
    formulas: &'a [Formula],
    alt: Alt,
    pictures: &'a mut dyn FnMut(&str) -> Result<Digest32, NoPicture>,
    flaws: &'a mut Vec<Flaw>,
}

impl Emitter<'_> {
    /// Copies text and fills the places of formulas.
    fn text(&mut self, text: &str) {
        let after_pre = self.html.ends_with("<pre>");
        // A parser drops the first newline after <pre>; without any, reading and writing again changes nothing.
        let mut rest = if after_pre { text.trim_start_matches('\n') } else { text };
        while let Some((before, formula, after)) = self.next_place(rest) {
            self.html.push_str(before);
            self.formula(&formula);
            rest = after;
        }
        self.html.push_str(rest);
    }

    fn next_place<'t>(&self, text: &'t str) -> Option<(&'t str, Formula, &'t str)> {
        let (before, rest) = text.split_once(MARK_OPEN)?;
        let (number, after) = rest.split_once(MARK_CLOSE)?;
        let formula = number.parse::<usize>().ok().and_then(|number| self.formulas.get(number))?;
        Some((before, formula.clone(), after))
    }

    fn formula(&mut self, formula: &Formula) {
        // In code a backslash is a backslash.
        if self.open.iter().any(|&name| name == "code" || name == "pre") {
            self.html.push_str(&escape(&formula.literal));
            return;
        }
        let Some(tex) = &formula.tex else {
            self.html.push_str(&escape(&formula.literal));
            self.flaws.push(Flaw::FormulaOpen);
            return;
        };
        match formula::to_mathml(tex, formula.display) {
            Ok(mathml) => self.html.push_str(&mathml),
            Err(reason) => self.flaws.push(Flaw::FormulaBad { tex: tex.clone(), reason }),
        }
    }

    /// Writes the tag that starts here, if it is one of ours; answers its length.
    fn tag(&mut self, rest: &str) -> usize {
        let (attributes, length) = serialised_attributes(rest);
        let Some(name) = markup::tag_name(rest).and_then(|name| markup::ALLOWED.into_iter().find(|&allowed| allowed == name)) else {
            return length;
        };
        if rest.starts_with("</") {
            self.close(name);
            return length;
        }
        match name {
            "br" => self.html.push_str("<br>"),
            "img" => self.picture(&attributes),
            _ => self.element(name, &attributes),
        }
        length
    }

    fn close(&mut self, name: &'static str) {
        // The serialiser closes in order; anything else is not ours to repair.
        if self.open.last() == Some(&name) {
            self.open.pop();
            self.html.push_str(&format!("</{name}>"));
        }
    }

    fn element(&mut self, name: &'static str, attributes: &[(String, String)]) {
        self.open.push(name);
        if self.open.len() > RichText::DEPTH_MAX && !self.too_deep {
            self.too_deep = true;
            self.flaws.push(Flaw::TooDeep);
        }
        self.html.push_str(&format!("<{name}"));
        for (attribute, value) in attributes.iter().filter(|(attribute, _)| markup::may_have(name, attribute)) {
            let fits = match attribute.as_str() {
                "scope" => matches!(value.as_str(), "row" | "col" | "rowgroup" | "colgroup"),
                _ => value.parse::<u8>().is_ok_and(|span| (1..=100).contains(&span)),
            };
            if fits {
                self.html.push_str(&format!(" {attribute}=\"{value}\""));
            }
        }
        self.html.push('>');
    }

    fn picture(&mut self, attributes: &[(String, String)]) {
        let value = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let Some(src) = value("src").map(str::trim).filter(|src| !src.is_empty()) else {
            self.flaws.push(Flaw::PictureUnnamed);
            return;
        };
        let mut alt = self.literal(value("alt").unwrap_or_default().trim());
        if alt.is_empty() {
            match self.alt {
                Alt::Required => self.flaws.push(Flaw::AltMissing(src.to_owned())),
                Alt::Generic => self.flaws.push(Flaw::AltGeneric(src.to_owned())),
            }
            alt = "Gambar".to_owned();
        }
        match (self.pictures)(src) {
            Ok(hash) => self.html.push_str(&format!("<img src=\"/media/{hash}\" alt=\"{}\">", escape(&alt))),
            Err(NoPicture::Address) => self.flaws.push(Flaw::PictureAddress(src.to_owned())),
            Err(NoPicture::Missing) => self.flaws.push(Flaw::PictureMissing(src.to_owned())),
            Err(NoPicture::Bad(bad)) => self.flaws.push(Flaw::PictureBad(src.to_owned(), bad)),
        }
    }

    /// An attribute value, with formulas as they were written.
    fn literal(&self, value: &str) -> String {
        let mut literal = String::new();
        let mut rest = value;
        while let Some((before, formula, after)) = self.next_place(rest) {
            literal.push_str(before);
            literal.push_str(&formula.literal);
            rest = after;
        }
        literal + rest
    }
}

/// Attributes of a tag as the sanitiser writes it (always ` name="value"`), unescaped, and the length of the tag.
fn serialised_attributes(tag: &str) -> (Vec<(String, String)>, usize) {
    let mut attributes = Vec::new();
    let mut at = tag.find([' ', '>']).unwrap_or(tag.len());
    while tag[at..].starts_with(' ') {
        let Some((name, rest)) = tag[at + 1..].split_once("=\"") else {
            return (attributes, tag.len());
        };
        let Some((value, _)) = rest.split_once('"') else {
            return (attributes, tag.len());
        };
        at += 1 + name.len() + 2 + value.len() + 1;
        attributes.push((name.to_owned(), unescape(value)));
    }
    (attributes, (at + 1).min(tag.len()))
}
