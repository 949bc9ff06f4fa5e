//! Formulas: TeX is found and cut out of a text, and becomes MathML Core with the TeX kept beside it as an annotation.

use super::{Dialect, Markup, Math, escape, jqmath, markup, unescape};
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};
use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Opens the place of a formula while the text around it is sanitised. No source may hold it.
pub(super) const MARK_OPEN: char = '\u{e000}';
/// Closes the place of a formula.
pub(super) const MARK_CLOSE: char = '\u{e001}';

/// Longest formula, bytes of TeX.
pub const TEX_BYTES_MAX: usize = 4_000;
/// Most braces inside one another.
const BRACES_MAX: usize = 40;
/// Most commands between two braces. The converter calls itself for `\sqrt\sqrt\sqrt...`, and a long enough row of them ends the program.
const COMMANDS_MAX: usize = 60;
/// Deepest nesting of what the converter wrote.
const ELEMENTS_MAX: usize = 120;
/// Most parts a formula may have.
const EVENTS_MAX: usize = 10_000;

/// A formula of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Formula {
    /// TeX; nothing when the formula has no end.
    pub tex: Option<String>,
    /// On a line of its own.
    pub display: bool,
    /// As written, with its marks.
    pub literal: String,
}

/// A text with places where its formulas were.
pub(super) struct Cut {
    pub text: String,
    pub formulas: Vec<Formula>,
}

/// Why a formula is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFormula {
    /// Nothing in it.
    #[error("the formula is empty")]
    Empty,
    /// More than [`TEX_BYTES_MAX`].
    #[error("the formula is too long")]
    TooLong,
    /// Too many braces inside one another, or commands without braces between them.
    #[error("braces are nested too deeply, or too many commands have none")]
    TooDeep,
    /// `%` starts a comment in TeX and would swallow the rest; nobody means that.
    #[error("a percent sign is written \\%")]
    Percent,
    /// A command that defines something or has an effect beyond its place.
    #[error("the command \\{0} is not allowed")]
    Command(String),
    /// The converter does not understand it.
    #[error("{0}")]
    Unreadable(String),
    /// The converter wrote something that is not in the allow-list.
    #[error("the formula needs {0}, which is not allowed")]
    NotAllowed(String),
}

/// Finds formulas. Inside a formula, `\\` is a pair, so that `\\)` does not end it.
pub(super) fn cut(source: &str, dialect: Dialect) -> Cut {
    let mut cut = Cut { text: String::with_capacity(source.len()), formulas: Vec::new() };
    let dollars = matches!(dialect.math, Math::DollarTex | Math::DollarJqmath);
    if dialect.math == Math::None {
        return Cut { text: source.to_owned(), ..cut };
    }
    let mut rest = source;
    while let Some(at) = rest.find(['\\', '$']) {
        cut.text.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with("\\\\") {
            copy(rest, 2, &mut cut.text)
        } else if dollars && rest.starts_with("\\$") {
            cut.text.push('$');
            2
        } else if rest.starts_with("\\(") {
            cut.take(rest, "\\(", "\\)", dialect, true)
        } else if rest.starts_with("\\[") {
            cut.take(rest, "\\[", "\\]", dialect, true)
        } else if dollars && rest.starts_with("$$") {
            cut.take(rest, "$$", "$$", dialect, false)
        } else if dollars && rest.starts_with('$') {
            cut.take(rest, "$", "$", dialect, false)
        } else {
            copy(rest, 1, &mut cut.text)
        };
        rest = &rest[taken..];
    }
    cut.text.push_str(rest);
    cut
}

fn copy(rest: &str, length: usize, text: &mut String) -> usize {
    text.push_str(&rest[..length]);
    length
}

impl Cut {
    /// Takes the formula that starts here; answers how much was read. A dollar alone is money, but `\(` alone is a mistake.
    fn take(&mut self, rest: &str, open: &str, close: &str, dialect: Dialect, must_end: bool) -> usize {
        let body = end_of(&rest[open.len()..], close).map(|end| &rest[open.len()..open.len() + end]).filter(|body| !has_tag(body, dialect));
        let Some(body) = body else {
            if must_end {
                self.place(Formula { tex: None, display: false, literal: open.to_owned() });
                return open.len();
            }
            return copy(rest, open.len(), &mut self.text);
        };
        let length = open.len() + body.len() + close.len();
        let plain = |text: &str| match dialect.markup {
            Markup::Html => unescape(text),
            Markup::Plain => text.to_owned(),
        };
        let tex = match dialect.math {
            Math::DollarJqmath if open.starts_with('$') => jqmath::to_tex(&plain(body)),
            Math::None | Math::Tex | Math::DollarTex | Math::DollarJqmath => plain(body),
        };
        let display = matches!(open, "\\[" | "$$");
        self.place(Formula { tex: Some(tex), display, literal: plain(&rest[..length]) });
        length
    }

    fn place(&mut self, formula: Formula) {
        self.text.push_str(&format!("{MARK_OPEN}{}{MARK_CLOSE}", self.formulas.len()));
        self.formulas.push(formula);
    }
}

/// Where the closing mark is; a backslash and what follows it are one.
fn end_of(body: &str, close: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, char) in body.char_indices() {
        if !escaped && body[at..].starts_with(close) {
            return Some(at);
        }
        escaped = !escaped && char == '\\';
    }
    None
}

/// A formula does not reach over a tag.
fn has_tag(body: &str, dialect: Dialect) -> bool {
    let tags = || body.match_indices('<').any(|(at, _)| markup::tag_name(&body[at..]).is_some_and(|_| body[at..].contains('>')));
    match dialect.markup {
        Markup::Html => tags(),
        Markup::Plain => false,
    }
}

/// MathML of a formula: a strict subset of MathML Core without styles, scripts or addresses, with the TeX as an annotation.
pub fn to_mathml(tex: &str, display: bool) -> Result<String, BadFormula> {
    check(tex)?;
    // The converter is somebody else's and known to stop the program on odd input in earlier versions; an import must not end that way.
    let written = catch_unwind(AssertUnwindSafe(|| write(tex, display))).map_err(|_| BadFormula::Unreadable("internal".to_owned()))??;
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: 50_000, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&written, options).map_err(|error| BadFormula::NotAllowed(error.to_string()))?;
    let mut body = String::with_capacity(written.len());
    for child in document.root_element().children() {
        copy_element(child, 0, &mut body)?;
    }
    // 0{,}5 is one number in Indonesian, not a list of two.
    let body = body.replace("</mn><mrow><mo>,</mo></mrow><mn>", ",");
    let display = if display { "block" } else { "inline" };
    let tex = escape(tex);
    Ok(format!(
        "<math display=\"{display}\"><semantics><mrow>{body}</mrow><annotation encoding=\"application/x-tex\">{tex}</annotation></semantics></math>"
    ))
}

fn check(tex: &str) -> Result<(), BadFormula> {
    if tex.trim().is_empty() {
        return Err(BadFormula::Empty);
    }
    if tex.len() > TEX_BYTES_MAX {
        return Err(BadFormula::TooLong);
    }
    let (mut depth, mut commands) = (0_usize, 0);
    let mut chars = tex.chars();
    while let Some(char) = chars.next() {
        match char {
            '{' => (depth, commands) = (depth + 1, 0),
            '}' => (depth, commands) = (depth.saturating_sub(1), 0),
            '%' => return Err(BadFormula::Percent),
            '\\' => {
                let name: String = chars.clone().take_while(char::is_ascii_alphabetic).collect();
                if FORBIDDEN.contains(&name.as_str()) {
                    return Err(BadFormula::Command(name));
                }
                commands += 1;
                chars.next();
            }
            _ => {}
        }
        if depth > BRACES_MAX || commands > COMMANDS_MAX {
            return Err(BadFormula::TooDeep);
        }
    }
    Ok(())
}

/// Commands that define others, or that only set colours, which are styles.
const FORBIDDEN: [&str; 22] = [
    "def",
    "gdef",
    "edef",
    "xdef",
    "let",
    "futurelet",
    "global",
    "long",
    "outer",
    "newcommand",
    "renewcommand",
    "providecommand",
    "char",
    "color",
    "textcolor",
    "colorbox",
    "fcolorbox",
    "definecolor",
    "href",
    "url",
    "require",
    "input",
];

fn write(tex: &str, display: bool) -> Result<String, BadFormula> {
    let storage = Storage::new();
    let mut events = Vec::new();
    for event in Parser::new(tex, &storage) {
        let event = event.map_err(|error| BadFormula::Unreadable(error.source().map(ToString::to_string).unwrap_or_default()))?;
        events.push(Ok::<_, pulldown_latex::ParserError>(event));
        if events.len() > EVENTS_MAX {
            return Err(BadFormula::TooLong);
        }
    }
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let mut written = String::new();
    push_mathml(&mut written, events.into_iter(), RenderConfig { display_mode, ..RenderConfig::default() })
        .map_err(|error| BadFormula::Unreadable(error.to_string()))?;
    Ok(well_formed(&written))
}

/// The converter writes HTML; these are its four differences from XML.
fn well_formed(written: &str) -> String {
    let written = written.replace("\"minsize=", "\" minsize=").replace("&nbsp;", "\u{a0}");
    let mut xml = String::with_capacity(written.len());
    for (at, char) in written.char_indices() {
        let rest = &written[at + char.len_utf8()..];
        match char {
            '<' if !rest.starts_with(|next: char| next.is_ascii_alphabetic() || next == '/') => xml.push_str("&lt;"),
            '&' if !["amp;", "lt;", "gt;"].iter().any(|name| rest.starts_with(name)) => xml.push_str("&amp;"),
            _ => xml.push(char),
        }
    }
    xml
}

/// Elements of MathML Core that a formula may be made of. No `annotation-xml`, no links, no `maction`.
const ELEMENTS: [&str; 21] = [
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "mstyle",
    "mpadded",
    "mphantom",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
];

/// Attributes of them; all are words, numbers or lengths.
const ATTRIBUTES: [&str; 23] = [
    "mathvariant",
    "form",
    "fence",
    "separator",
    "lspace",
    "rspace",
    "stretchy",
    "symmetric",
    "maxsize",
    "minsize",
    "largeop",
    "movablelimits",
    "linethickness",
    "accent",
    "accentunder",
    "displaystyle",
    "scriptlevel",
    "width",
    "height",
    "depth",
    "columnspan",
    "rowspan",
    "columnalign",
];

fn copy_element(node: roxmltree::Node<'_, '_>, depth: usize, out: &mut String) -> Result<(), BadFormula> {
    if node.is_text() {
        out.push_str(&escape(node.text().unwrap_or_default()));
        return Ok(());
    }
    let name = node.tag_name().name();
    if depth > ELEMENTS_MAX {
        return Err(BadFormula::TooDeep);
    }
    if !node.is_element() || !ELEMENTS.contains(&name) {
        return Err(BadFormula::NotAllowed(name.to_owned()));
    }
    // A long stroke through several symbols is a style; without it the formula would say the opposite.
    let classes = node.attribute("class").unwrap_or_default();
    if classes.contains("mop-negated") {
        return Err(BadFormula::NotAllowed("\\cancel".to_owned()));
    }
    out.push_str(&format!("<{name}"));
    if let Some(alignment) = alignment(name, classes) {
        out.push_str(&format!(" columnalign=\"{alignment}\""));
    }
    for attribute in node.attributes().filter(|attribute| ATTRIBUTES.contains(&attribute.name())) {
        let value = attribute.value();
        if value.len() <= 40 && value.chars().all(|char| char.is_ascii_alphanumeric() || " .+-%".contains(char)) {
            out.push_str(&format!(" {}=\"{value}\"", attribute.name()));
        }
    }
    out.push('>');
    for child in node.children() {
        copy_element(child, depth + 1, out)?;
    }
    out.push_str(&format!("</{name}>"));
    Ok(())
}

/// The converter leaves alignment to a style sheet of its own; these attributes say the same without one.
fn alignment(name: &str, classes: &str) -> Option<&'static str> {
    let has = |class: &str| classes.split(' ').any(|one| one == class);
    match name {
        "mtable" if has("menv-alignlike") => Some("right left"),
        "mtable" if has("menv-cells-left") => Some("left"),
        "mtable" if has("menv-cells-right") => Some("right"),
        "mtd" if has("cell-left") => Some("left"),
        "mtd" if has("cell-right") => Some("right"),
        _ => None,
    }
}
