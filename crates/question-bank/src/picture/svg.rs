//! SVG: read as XML without a DTD, written anew with nothing but shapes, text and gradients.
//!
//! Never comes through: scripts, style sheets, events, addresses, animations, other documents, references out of the file.

use super::{BadPicture, SIDE_MAX};
use crate::rich_text::escape;
use roxmltree::{Document, Node, ParsingOptions};
use std::collections::BTreeSet;

const SVG: &str = "http://www.w3.org/2000/svg";
/// Most nodes of a picture.
const NODES_MAX: u32 = 40_000;
/// Deepest nesting.
const DEPTH_MAX: usize = 60;

/// Elements that may stay.
const ELEMENTS: [&str; 17] = [
    "svg",
    "g",
    "rect",
    "circle",
    "ellipse",
    "line",
    "path",
    "polygon",
    "polyline",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "linearGradient",
    "radialGradient",
    "stop",
];

/// The sanitised picture, and the names of what was taken out.
pub(super) fn sanitise(text: &str) -> Result<(String, Vec<String>), BadPicture> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|_| BadPicture::SvgUnreadable)?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || !is_svg(root) {
        return Err(BadPicture::Kind);
    }
    check_size(root)?;
    let mut writer = Writer { svg: String::with_capacity(text.len()), removed: BTreeSet::new(), too_deep: false };
    writer.element(root, 0);
    if writer.too_deep {
        return Err(BadPicture::SvgUnreadable);
    }
    Ok((writer.svg, writer.removed.into_iter().collect()))
}

/// SVG without its namespace is common in hand-written files; it is meant, so it is taken.
fn is_svg(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace().is_none_or(|namespace| namespace == SVG)
}

/// A picture of no size would be drawn as large as the screen, or not at all.
fn check_size(root: Node<'_, '_>) -> Result<(), BadPicture> {
    let within = |side: f64| side > 0.0 && side <= f64::from(SIDE_MAX);
    let length = |name: &str| root.attribute(name).and_then(|value| value.trim().trim_end_matches("px").parse::<f64>().ok());
    if let (Some(width), Some(height)) = (length("width"), length("height")) {
        return if within(width) && within(height) { Ok(()) } else { Err(BadPicture::Side) };
    }
    let view: Vec<f64> = match root.attribute("viewBox") {
        Some(view) => view.split([' ', ',', '\n', '\t']).filter(|part| !part.is_empty()).map_while(|part| part.parse().ok()).collect(),
        None => return Err(BadPicture::SvgUnsized),
    };
    match view[..] {
        [_, _, width, height] if within(width) && within(height) => Ok(()),
        [_, _, _, _] => Err(BadPicture::Side),
        _ => Err(BadPicture::SvgUnsized),
    }
}

struct Writer {
    svg: String,
    removed: BTreeSet<String>,
    too_deep: bool,
}

impl Writer {
    fn element(&mut self, node: Node<'_, '_>, depth: usize) {
        let name = node.tag_name().name();
        if depth > DEPTH_MAX {
            self.too_deep = true;
            return;
        }
        self.svg.push('<');
        self.svg.push_str(name);
        if depth == 0 {
            self.svg.push_str(&format!(" xmlns=\"{SVG}\""));
        }
        self.attributes(node);
        self.svg.push('>');
        let empty = self.svg.len();
        for child in node.children() {
            if child.is_text() {
                self.text(node, child.text().unwrap_or_default());
            } else if child.is_element() {
                self.child(child, depth + 1);
            }
        }
        if self.svg.len() == empty {
            self.svg.truncate(empty - 1);
            self.svg.push_str("/>");
        } else {
            self.svg.push_str(&format!("</{name}>"));
        }
    }

    fn child(&mut self, child: Node<'_, '_>, depth: usize) {
        let name = child.tag_name().name();
        if is_svg(child) && ELEMENTS.contains(&name) {
            self.element(child, depth);
        } else if is_svg(child) && name != "metadata" {
            // What a drawing program keeps for itself (other namespaces, metadata) is not part of the picture and not worth a remark.
            self.note(format!("<{name}>"));
        }
    }

    /// Text is kept where it is shown; elsewhere it is only the white space between elements.
    fn text(&mut self, parent: Node<'_, '_>, text: &str) {
        if matches!(parent.tag_name().name(), "text" | "tspan" | "title" | "desc") {
            let shown: String = text.chars().filter(|&char| !char.is_control() || char == '\n' || char == '\t').collect();
            self.svg.push_str(&escape(&shown));
        } else if text.contains('\n') && !self.svg.ends_with('\n') {
            self.svg.push('\n');
        }
    }

    fn attributes(&mut self, node: Node<'_, '_>) {
        let mut written = BTreeSet::new();
        // A style wins over an attribute of the same name, so it is written first and the attribute left out.
        let styles = node.attribute("style").unwrap_or_default().to_owned();
        for declaration in styles.split(';').filter(|declaration| !declaration.trim().is_empty()) {
            let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
            self.attribute(name.trim(), value.trim(), true, &mut written);
        }
        for attribute in node.attributes().filter(|attribute| attribute.name() != "style") {
            match attribute.namespace() {
                None => self.attribute(attribute.name(), attribute.value().trim(), false, &mut written),
                Some("http://www.w3.org/1999/xlink") => self.note("xlink:href".to_owned()),
                Some(_) => {}
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str, from_style: bool, written: &mut BTreeSet<String>) {
        // A relative size beside a viewBox says nothing that the page does not decide itself.
        if matches!(name, "version" | "baseProfile") || (matches!(name, "width" | "height") && value.ends_with('%')) {
            return;
        }
        let value = &value.replace(['\n', '\r', '\t'], " ");
        match Kind::of(name) {
            Some(kind) if kind.fits(value) && (!from_style || kind.is_style()) => {
                if written.insert(name.to_owned()) {
                    self.svg.push_str(&format!(" {name}=\"{}\"", escape(value)));
                }
            }
            // Inkscape writes its own properties into styles; they begin with a hyphen.
            _ if from_style && name.starts_with('-') => {}
            _ => self.note(name.to_owned()),
        }
    }

    fn note(&mut self, name: String) {
        if self.removed.len() < 20 {
            self.removed.insert(name.chars().filter(|char| !char.is_control()).take(40).collect());
        }
    }
}

/// What an attribute may hold. Everything is made of a few harmless characters; nothing can hold an address.
#[derive(Clone, Copy)]
enum Kind {
    Numbers,
    Length,
    Path,
    Transform,
    Paint,
    Word,
    Font,
    Name,
    Label,
}

impl Kind {
    fn of(name: &str) -> Option<Kind> {
        Some(match name {
            "viewBox" | "points" | "stroke-dasharray" | "stroke-dashoffset" | "opacity" | "fill-opacity" | "stroke-opacity"
            | "stop-opacity" | "stroke-miterlimit" | "rotate" => Kind::Numbers,
            "width" | "height" | "x" | "y" | "x1" | "y1" | "x2" | "y2" | "cx" | "cy" | "r" | "rx" | "ry" | "fx" | "fy" | "dx" | "dy"
            | "offset" | "stroke-width" | "font-size" | "letter-spacing" | "word-spacing" | "textLength" => Kind::Length,
            "d" => Kind::Path,
            "transform" | "gradientTransform" => Kind::Transform,
            "fill" | "stroke" | "stop-color" | "color" => Kind::Paint,
            "fill-rule"
            | "clip-rule"
            | "stroke-linecap"
            | "stroke-linejoin"
            | "text-anchor"
            | "font-weight"
            | "font-style"
            | "font-variant"
            | "text-decoration"
            | "dominant-baseline"
            | "alignment-baseline"
            | "baseline-shift"
            | "visibility"
            | "display"
            | "gradientUnits"
            | "spreadMethod"
            | "preserveAspectRatio"
            | "lengthAdjust"
            | "shape-rendering"
            | "vector-effect"
            | "paint-order"
            | "role"
            | "writing-mode"
            | "direction" => Kind::Word,
            "font-family" => Kind::Font,
            "id" => Kind::Name,
            "aria-label" => Kind::Label,
            _ => return None,
        })
    }

    /// May it stand in a `style`?
    fn is_style(self) -> bool {
        match self {
            Kind::Numbers | Kind::Length | Kind::Paint | Kind::Word | Kind::Font => true,
            Kind::Path | Kind::Transform | Kind::Name | Kind::Label => false,
        }
    }

    fn fits(self, value: &str) -> bool {
        let made_of = |more: &str| value.chars().all(|char| char.is_ascii_digit() || char.is_ascii_whitespace() || more.contains(char));
        let lengthy = value.trim_end_matches(|char: char| char.is_ascii_alphabetic() || char == '%');
        match self {
            Kind::Numbers => made_of("+-.,eE%") || value == "none",
            Kind::Length => {
                let unit = &value[lengthy.len()..];
                matches!(unit, "" | "px" | "em" | "ex" | "pt" | "pc" | "mm" | "cm" | "in" | "%" | "normal" | "medium" | "small" | "large")
                    && lengthy.chars().all(|char| char.is_ascii_digit() || char.is_ascii_whitespace() || "+-.,eE".contains(char))
            }
            Kind::Path => made_of("MmZzLlHhVvCcSsQqTtAaeE+-.,"),
            Kind::Transform => is_transform(value),
            Kind::Paint => is_paint(value),
            Kind::Word => value.len() <= 60 && value.chars().all(|char| char.is_ascii_alphanumeric() || " -+.%".contains(char)),
            Kind::Font => value.len() <= 200 && value.chars().all(|char| char.is_ascii_alphanumeric() || " -_,'\"".contains(char)),
            Kind::Name => is_name(value),
            Kind::Label => value.chars().count() <= 500,
        }
    }
}

fn is_transform(value: &str) -> bool {
    value
        .split_inclusive(')')
        .map(|step| step.trim_matches(|char: char| char.is_ascii_whitespace() || char == ','))
        .filter(|step| !step.is_empty())
        .all(|step| {
            let Some((name, numbers)) = step.strip_suffix(')').and_then(|step| step.split_once('(')) else {
                return false;
            };
            matches!(name.trim(), "matrix" | "translate" | "scale" | "rotate" | "skewX" | "skewY")
                && numbers.chars().all(|char| char.is_ascii_digit() || char.is_ascii_whitespace() || "+-.,eE".contains(char))
        })
}

/// A colour, a word for one, or a gradient of this file.
fn is_paint(value: &str) -> bool {
    let inside = |name: &str| value.strip_prefix(name).and_then(|rest| rest.strip_suffix(')'));
    let hex = |digits: &str| matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(reference) = inside("url(") {
        return reference.trim_matches(['"', '\'']).strip_prefix('#').is_some_and(is_name);
    }
    let function = ["rgb(", "rgba(", "hsl(", "hsla("].iter().find_map(|name| inside(name));
    if let Some(numbers) = function {
        return numbers.chars().all(|char| char.is_ascii_digit() || " .,%/+-".contains(char));
    }
    value
        .strip_prefix('#')
        .map_or_else(|| !value.is_empty() && value.len() <= 30 && value.bytes().all(|byte| byte.is_ascii_alphabetic()), hex)
}

fn is_name(value: &str) -> bool {
    value.len() <= 100
        && value.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && value.chars().all(|char| char.is_ascii_alphanumeric() || "_-.".contains(char))
}
