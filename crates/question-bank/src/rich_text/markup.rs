//! Tags: which are ours, which are somebody else's, and what only looks like one.

use super::{Flaw, RichText, is_forbidden};
use ammonia::UrlRelative;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Elements that may stay.
pub(super) const ALLOWED: [&str; 23] = [
    "p",
    "br",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "sub",
    "sup",
    "ul",
    "ol",
    "li",
    "code",
    "pre",
    "blockquote",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "img",
];

/// Elements that go with everything in them: their content was never meant as text.
const EMPTIED: [&str; 27] = [
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "template",
    "noscript",
    "textarea",
    "select",
    "xmp",
    "plaintext",
    "title",
    "head",
    "noembed",
    "noframes",
    "frameset",
    "applet",
    "audio",
    "video",
    "canvas",
    "option",
    "datalist",
    "form",
    "button",
    "dialog",
];

/// Other names that HTML knows: taken out, their content stays. A name that is in none of these lists is text, as in `List<String>`.
const KNOWN: &str = " a abbr acronym address animate area article aside base basefont bdi bdo big body center circle cite col colgroup data dd del details dfn \
    dir div dl dt ellipse fieldset figcaption figure font footer foreignobject frame g h1 h2 h3 h4 h5 h6 header hgroup hr html image input ins \
    kbd keygen label legend line link main map mark marquee menu menuitem meta meter nav nobr optgroup output param path picture polygon \
    polyline portal progress q rb rect rp rt rtc ruby s samp search section set slot small source span strike summary text tfoot time track tt use var \
    wbr ";

/// A source with everything escaped that is not a tag or a character reference.
pub(super) struct Read {
    /// For the sanitiser.
    pub html: String,
    /// Had at least one tag.
    pub tagged: bool,
    /// Names of tags and attributes that the sanitiser will take out.
    pub removed: Vec<String>,
    /// Why the source is not to be sanitised at all.
    pub flaw: Option<Flaw>,
}

/// A source without tags: everything is text.
pub(super) fn plain(text: &str) -> Read {
    Read { html: super::escape(text).replace('\n', "<br>"), tagged: false, removed: Vec::new(), flaw: None }
}

/// A source that may have tags.
pub(super) fn html(text: &str) -> Read {
    let mut read = Read { html: String::with_capacity(text.len() + 16), tagged: false, removed: Vec::new(), flaw: None };
    let mut tags = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        read.html.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'<' => take_tag(rest, &mut read),
            b'>' => take_escaped(">", "&gt;", &mut read.html),
            _ => take_reference(rest, &mut read),
        };
        tags += usize::from(rest.starts_with('<') && taken > 1);
        rest = &rest[taken..];
    }
    read.html.push_str(rest);
    if tags > RichText::TAGS_MAX {
        read.flaw = Some(Flaw::TooLong);
    }
    if !read.tagged {
        read.html = read.html.replace('\n', "<br>");
    }
    read
}

/// Copies a tag, or escapes a `<` that begins none; answers how many bytes were read.
fn take_tag(rest: &str, read: &mut Read) -> usize {
    let Some(name) = tag_name(rest) else {
        return take_escaped("<", "&lt;", &mut read.html);
    };
    let length = tag_length(rest);
    read.tagged = true;
    let tag = &rest[..length];
    read.html.push_str(tag);
    read.flaw = tag
        .match_indices('&')
        .find_map(|(at, _)| reference(&tag[at..]))
        .filter(|&(char, _)| is_forbidden(char))
        .map(|(char, _)| Flaw::ControlCharacter(char))
        .or(read.flaw.take());
    if !ALLOWED.contains(&name.as_str()) {
        note(&mut read.removed, format!("<{name}>"));
    } else if !tag.starts_with("</") {
        attributes(tag).filter(|attribute| !may_have(&name, attribute)).for_each(|attribute| note(&mut read.removed, attribute));
    }
    length
}

fn take_escaped(from: &str, to: &str, html: &mut String) -> usize {
    html.push_str(to);
    from.len()
}

/// Copies a character reference; numeric ones are replaced by the character, so that no control character hides in one.
fn take_reference(rest: &str, read: &mut Read) -> usize {
    match reference(rest) {
        Some((char, _)) if is_forbidden(char) => {
            read.flaw = Some(Flaw::ControlCharacter(char));
            1
        }
        Some((char, length)) => {
            read.html.push_str(&super::escape(&char.to_string()));
            length
        }
        // A named reference that only the HTML parser knows, such as &eacute;.
        None if named(rest) => take_escaped("&", "&", &mut read.html),
        None => take_escaped("&", "&amp;", &mut read.html),
    }
}

fn named(rest: &str) -> bool {
    let name = &rest[1..];
    let letters = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    (2..=31).contains(&letters) && name.as_bytes()[0].is_ascii_alphabetic() && name[letters..].starts_with(';')
}

/// The character of `&#8722;`, `&#x2212;`, `&lt;`, `&gt;`, `&amp;`, `&quot;`, `&apos;` or `&nbsp;`, and how long the reference is.
pub(super) fn reference(rest: &str) -> Option<(char, usize)> {
    let end = rest.bytes().take(12).position(|byte| byte == b';')?;
    let char = match &rest[1..end] {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        name => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
                None if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
                Some(_) | None => return None,
            };
            char::from_u32(number)?
        }
    };
    Some((char, end + 1))
}

/// The lower-case name of the tag that starts here; `!` for a comment or a declaration; nothing when it only looks like a tag.
pub(super) fn tag_name(rest: &str) -> Option<String> {
    let inside = rest.strip_prefix('<')?;
    if inside.starts_with(['!', '?']) {
        return Some("!".to_owned());
    }
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let length = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = inside[..length].to_ascii_lowercase();
    let ends = inside[length..].chars().next().is_none_or(|char| char.is_ascii_whitespace() || char == '/' || char == '>');
    let known = ALLOWED.contains(&name.as_str()) || EMPTIED.contains(&name.as_str()) || KNOWN.contains(&format!(" {name} "));
    (ends && known && !name.is_empty()).then_some(name)
}

/// Length of the tag that starts here, with its `>`; quotes are respected as the HTML parser does.
fn tag_length(rest: &str) -> usize {
    if rest.starts_with("<!--") {
        return rest.find("-->").map_or(rest.len(), |at| at + 3);
    }
    let mut quote = None;
    let mut after_equals = false;
    for (at, char) in rest.char_indices() {
        match (quote, char) {
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '>') => return at + 1,
            (None, '"' | '\'') if after_equals => quote = Some(char),
            (None, _) => {}
        }
        after_equals = char == '=' || (after_equals && char.is_ascii_whitespace());
    }
    rest.len()
}

/// Lower-case attribute names of a tag. For the report only: the sanitiser does not believe it.
fn attributes(tag: &str) -> impl Iterator<Item = String> {
    let mut rest = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    rest = &rest[rest.find(|char: char| char.is_ascii_whitespace()).unwrap_or(rest.len())..];
    let mut names = Vec::new();
    loop {
        rest = rest.trim_start_matches(|char: char| char.is_ascii_whitespace() || char == '/' || char == '=');
        let end = rest.find(|char: char| char.is_ascii_whitespace() || char == '=' || char == '/').unwrap_or(rest.len());
        if end == 0 {
            return names.into_iter();
        }
        names.push(rest[..end].to_ascii_lowercase());
        rest = rest[end..].trim_start();
        if let Some(value) = rest.strip_prefix('=') {
            let value = value.trim_start();
            let end = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].find(quote).map_or(value.len(), |at| at + 2),
                Some(_) => value.find(|char: char| char.is_ascii_whitespace()).unwrap_or(value.len()),
                None => 0,
            };
            rest = &value[end..];
        }
    }
}

/// The few attributes that may stay.
pub(super) fn may_have(name: &str, attribute: &str) -> bool {
    match name {
        "img" => matches!(attribute, "src" | "alt"),
        "th" => matches!(attribute, "colspan" | "rowspan" | "scope"),
        "td" => matches!(attribute, "colspan" | "rowspan"),
        _ => false,
    }
}

fn note(names: &mut Vec<String>, name: String) {
    const NAMES_MAX: usize = 12;
    let name: String = name.chars().filter(|char| !char.is_control()).take(40).collect();
    if !names.contains(&name) && names.len() < NAMES_MAX {
        names.push(name);
    }
}

/// Through the allow-list on a real HTML parser. When no tag is left of a source that had some, its newlines are spaces
/// (they were in HTML), so that exporting and importing again does not make line breaks of them.
pub(super) fn sanitise(html: &str, tagged: bool) -> String {
    let clean = SANITISER.clean(html).to_string();
    if tagged && !clean.contains('<') { clean.replace('\n', " ") } else { clean }
}

/// Built once; it has no state.
static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("img", HashSet::from(["src", "alt"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan", "scope"])),
    ]
    .into();
    builder
        .tags(HashSet::from(ALLOWED))
        .clean_content_tags(HashSet::from(EMPTIED))
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::new())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    builder
});
