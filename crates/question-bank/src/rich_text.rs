//! Rich text: from what an author wrote to HTML that is safe to show a hall full of candidates.
//!
//! TeX is cut out first, the rest goes through an allow-list on a real HTML parser, and the result is read once more by a strict emitter that
//! knows nothing but the allow-list; only there formulas (as MathML) and pictures (as `/media/{sha256}`) are put in.
//! This module must not know where a text comes from, nor how its flaws are worded: see [`crate::import::problem`].

mod emit;
pub mod formula;
mod jqmath;
mod markup;

use crate::id::Digest32;
use crate::picture::BadPicture;

/// Sanitised text of a stem or a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    /// HTML of the allow-list, with MathML and `/media/...` pictures.
    pub html: String,
    /// What was wrong with the source, in the order it was found.
    pub flaws: Vec<Flaw>,
}

/// How a source is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Are there tags in it?
    pub markup: Markup,
    /// How are formulas marked?
    pub math: Math,
    /// What about a picture without a description?
    pub alt: Alt,
}

impl Dialect {
    /// The dialect of our own question table.
    pub const TABLE: Dialect = Dialect { markup: Markup::Html, math: Math::Tex, alt: Alt::Required };
}

/// Are there tags in a source?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// No: `<b>` is three characters.
    Plain,
    /// Yes, if there is at least one; a text without any tag is plain, save for character references such as `&lt;`.
    Html,
}

/// How formulas are marked in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Math {
    /// There are none.
    None,
    /// TeX between `\(` and `\)`, or `\[` and `\]`.
    Tex,
    /// Also TeX between `$` and `$`, or `$$` and `$$`.
    DollarTex,
    /// The same marks, but between dollars the notation of jqMath, e.g. `{a+b}/√c`.
    DollarJqmath,
}

/// What to do with a picture that has no description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alt {
    /// It is a stopping flaw: a blind candidate has a right to it.
    Required,
    /// It is called "Gambar": packs of other people never have descriptions.
    Generic,
}

/// Something wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A control character that is neither a newline nor a tab, or one of the two marks this module works with.
    ControlCharacter(char),
    /// More than [`RichText::BYTES_MAX`] bytes or [`RichText::TAGS_MAX`] tags.
    TooLong,
    /// Elements inside one another beyond [`RichText::DEPTH_MAX`].
    TooDeep,
    /// Elements and attributes that were taken out, each named once.
    MarkupRemoved(Vec<String>),
    /// A formula that cannot be converted.
    FormulaBad {
        /// As written.
        tex: String,
        /// Why.
        reason: formula::BadFormula,
    },
    /// `\(` or `\[` without its end.
    FormulaOpen,
    /// A picture without an address.
    PictureUnnamed,
    /// The address is not a relative path of the import.
    PictureAddress(String),
    /// No such file in the import.
    PictureMissing(String),
    /// The file is not a picture we take.
    PictureBad(String, BadPicture),
    /// No description, and one is required.
    AltMissing(String),
    /// No description; a general one was put in.
    AltGeneric(String),
}

/// Why a named picture cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPicture {
    /// Not a relative path of the import.
    Address,
    /// No such file.
    Missing,
    /// Not a picture we take.
    Bad(BadPicture),
}

impl RichText {
    /// Longest source, bytes.
    pub const BYTES_MAX: usize = 64 * 1024;
    /// Most tags in one source; also keeps the parser's time short.
    pub const TAGS_MAX: usize = 3_000;
    /// Deepest nesting of elements.
    pub const DEPTH_MAX: usize = 40;

    /// Reads a source. `pictures` is asked for every `<img src>`; what it answers is named by content from then on.
    pub fn import(source: &str, dialect: Dialect, pictures: &mut dyn FnMut(&str) -> Result<Digest32, NoPicture>) -> RichText {
        if source.len() > Self::BYTES_MAX {
            return RichText { html: String::new(), flaws: vec![Flaw::TooLong] };
        }
        let source = source.replace("\r\n", "\n").replace('\r', "\n");
        let source = source.trim();
        if let Some(bad) = source.chars().find(|&char| is_forbidden(char)) {
            return RichText { html: String::new(), flaws: vec![Flaw::ControlCharacter(bad)] };
        }
        let cut = formula::cut(source, dialect);
        let read = match dialect.markup {
            Markup::Plain => markup::plain(&cut.text),
            Markup::Html => markup::html(&cut.text),
        };
        if let Some(flaw) = read.flaw {
            return RichText { html: String::new(), flaws: vec![flaw] };
        }
        let mut flaws = Vec::new();
        if !read.removed.is_empty() {
            flaws.push(Flaw::MarkupRemoved(read.removed));
        }
        let html = emit::emit(&markup::sanitise(&read.html, read.tagged), &cut.formulas, dialect.alt, pictures, &mut flaws);
        RichText { html: html.trim().to_owned(), flaws }
    }

    /// Is there nothing to see: no letter, no formula, no picture?
    pub fn is_blank(&self) -> bool {
        let mut in_tag = false;
        let shows = |name: &str| self.html.contains(name);
        let text: String = self
            .html
            .chars()
            .filter(|&char| {
                in_tag = (in_tag || char == '<') && char != '>';
                !in_tag && char != '>'
            })
            .collect();
        text.replace("&nbsp;", " ").trim().is_empty() && !shows("<img ") && !shows("<math")
    }
}

/// Control characters, and the two private-use characters that mark the place of a formula while the rest is sanitised:
/// since no source may hold them, no source can forge a place.
fn is_forbidden(char: char) -> bool {
    (char.is_control() && char != '\n' && char != '\t') || char == formula::MARK_OPEN || char == formula::MARK_CLOSE
}

/// Text as HTML text or attribute value.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(char),
        }
    }
    escaped
}

/// The inverse of [`escape`], and of `&nbsp;` and numeric references.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match markup::reference(rest) {
            Some((char, length)) => {
                plain.push(char);
                rest = &rest[length..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests;
