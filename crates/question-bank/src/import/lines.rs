//! Line-oriented texts (Markdown lists, Aiken and their like): patterns say which line is a question, a choice, a key.
//!
//! The texts come out as HTML, whatever they were; code between fences becomes `<pre><code>`.

use super::mapping::{MarkupName, Pattern};
use super::table::Record;
use crate::rich_text::escape;
use regex::{Captures, Regex};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What lines mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Table")]
pub(super) struct Patterns(Table);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    question: Pattern,
    option: Pattern,
    #[serde(default)]
    key: Option<Pattern>,
    #[serde(default)]
    inline_key: Option<Pattern>,
    #[serde(default)]
    fence: Option<Pattern>,
    #[serde(default)]
    stop: Option<Pattern>,
    #[serde(default)]
    reset: Option<Pattern>,
}

impl TryFrom<Table> for Patterns {
    type Error = &'static str;

    fn try_from(table: Table) -> Result<Self, Self::Error> {
        let has = |pattern: &Pattern, name: &str| pattern.0.capture_names().flatten().any(|group| group == name);
        if !has(&table.question, "stem") {
            return Err("question needs a group (?P<stem>...)");
        }
        if !has(&table.option, "text") {
            return Err("option needs a group (?P<text>...)");
        }
        if table.key.as_ref().is_some_and(|key| !has(key, "key")) {
            return Err("key needs a group (?P<key>...)");
        }
        Ok(Patterns(table))
    }
}

/// The questions of a text. Fields: `stem`, `choices` (label and text each), `key`, and every named group of `question` and `reset`.
pub(super) fn records(text: &str, patterns: &Patterns, markup: MarkupName) -> Vec<Record> {
    let mut reader = Reader { patterns: &patterns.0, markup, heading: Map::new(), question: None, fence: None, records: Vec::new() };
    for (line, number) in text.lines().zip(1..) {
        reader.line(line.trim_end_matches('\r'), number);
    }
    reader.close();
    reader.records
}

struct Reader<'a> {
    patterns: &'a Table,
    markup: MarkupName,
    /// Groups of the last `reset` line.
    heading: Map<String, Value>,
    question: Option<Question>,
    /// Lines of code since the fence was opened.
    fence: Option<Vec<String>>,
    records: Vec<Record>,
}

struct Question {
    line: u32,
    fields: Map<String, Value>,
    /// Pieces of HTML: paragraphs and code.
    stem: Vec<Block>,
    choices: Vec<(String, String)>,
    key: Vec<String>,
    /// After `stop`: an explanation, in which only the key is looked for.
    stopped: bool,
}

enum Block {
    Text(String),
    Code(String),
}

impl Reader<'_> {
    fn line(&mut self, line: &str, number: u32) {
        let is = |pattern: &Option<Pattern>| pattern.as_ref().is_some_and(|pattern| pattern.0.is_match(line));
        if is(&self.patterns.fence) {
            return self.toggle_fence();
        }
        if let Some(code) = &mut self.fence {
            return code.push(line.to_owned());
        }
        if let Some(groups) = self.patterns.question.0.captures(line) {
            return self.open(&groups, number);
        }
        if let Some(reset) = &self.patterns.reset
            && let Some(groups) = reset.0.captures(line)
        {
            self.close();
            self.heading = named(&reset.0, &groups);
            return;
        }
        if is(&self.patterns.stop)
            && let Some(question) = &mut self.question
        {
            question.stopped = true;
        }
        self.inside(line);
    }

    /// A line that belongs to the open question, if there is one.
    fn inside(&mut self, line: &str) {
        let Some(question) = &mut self.question else {
            return;
        };
        if let Some(groups) = self.patterns.key.as_ref().and_then(|pattern| pattern.0.captures(line)) {
            question.key.push(groups["key"].to_owned());
            return;
        }
        if question.stopped {
            return;
        }
        if let Some(groups) = self.patterns.option.0.captures(line) {
            let (text, right) = cut_mark(&groups["text"], self.patterns.inline_key.as_ref());
            // Without labels the choices are called A, B, C as they come.
            let called = || char::from(b'A'.saturating_add(u8::try_from(question.choices.len()).unwrap_or(u8::MAX))).to_string();
            let label = groups.name("label").map_or_else(called, |label| label.as_str().to_owned());
            if right {
                question.key.push(label.clone());
            }
            question.choices.push((label, text));
        } else if line.trim().is_empty() {
            question.stem.push(Block::Text(String::new()));
        } else if let Some((_, text)) = question.choices.last_mut() {
            // A choice that goes on in the next line.
            text.push('\n');
            text.push_str(line.trim());
        } else {
            question.stem.push(Block::Text(line.trim().to_owned()));
        }
    }

    fn toggle_fence(&mut self) {
        match self.fence.take() {
            None => self.fence = Some(Vec::new()),
            Some(code) => {
                if let Some(question) = self.question.as_mut().filter(|question| !question.stopped && question.choices.is_empty()) {
                    question.stem.push(Block::Code(code.join("\n")));
                }
            }
        }
    }

    fn open(&mut self, groups: &Captures<'_>, line: u32) {
        self.close();
        let mut fields = self.heading.clone();
        fields.extend(named(&self.patterns.question.0, groups));
        let stem = vec![Block::Text(groups["stem"].trim().to_owned())];
        self.question = Some(Question { line, fields, stem, choices: Vec::new(), key: Vec::new(), stopped: false });
    }

    fn close(&mut self) {
        let Some(mut question) = self.question.take() else {
            return;
        };
        let stem = self.stem_html(&question.stem);
        let choices: Vec<Value> =
            question.choices.iter().map(|(label, text)| json!({ "label": label, "text": self.inline(text) })).collect();
        question.fields.insert("stem".to_owned(), Value::String(stem));
        question.fields.insert("choices".to_owned(), Value::Array(choices));
        question.fields.insert("key".to_owned(), Value::String(question.key.join(";")));
        self.records.push(Record { row: question.line, fields: Value::Object(question.fields), fault: None });
    }

    /// One line of text stays as it is; more than one, or code, become paragraphs and blocks.
    fn stem_html(&self, blocks: &[Block]) -> String {
        let mut html: Vec<String> = Vec::new();
        let mut paragraph: Vec<&str> = Vec::new();
        let mut rows = blocks.iter().peekable();
        while let Some(block) = rows.next() {
            match block {
                Block::Text(text) if !text.is_empty() => paragraph.push(text),
                Block::Text(_) => {}
                Block::Code(code) => html.push(format!("<pre><code>{}</code></pre>", escape(code))),
            }
            let ends =
                matches!(rows.peek(), None | Some(Block::Code(_))) || matches!(rows.peek(), Some(Block::Text(text)) if text.is_empty());
            if ends && !paragraph.is_empty() {
                html.push(format!("<p>{}</p>", self.inline(&paragraph.join("\n"))));
                paragraph.clear();
            }
        }
        match &html[..] {
            [only] => only.strip_prefix("<p>").and_then(|only| only.strip_suffix("</p>")).unwrap_or(only).to_owned(),
            _ => html.concat(),
        }
    }

    fn inline(&self, text: &str) -> String {
        match self.markup {
            MarkupName::Plain => escape(text).replace('\n', "<br>"),
            MarkupName::Html => text.to_owned(),
            MarkupName::Markdown => markdown(text),
        }
    }
}

/// The named groups of a line, by name.
fn named(pattern: &Regex, groups: &Captures<'_>) -> Map<String, Value> {
    let names = pattern.capture_names().flatten();
    names.map(|name| (name.to_owned(), Value::String(groups.name(name).map_or("", |group| group.as_str()).to_owned()))).collect()
}

/// A choice without the mark of the right one, and whether it had it.
fn cut_mark(text: &str, mark: Option<&Pattern>) -> (String, bool) {
    match mark.and_then(|mark| mark.0.find(text)) {
        Some(found) => (format!("{}{}", &text[..found.start()], &text[found.end()..]).trim().to_owned(), true),
        None => (text.trim().to_owned(), false),
    }
}

/// The inline part of Markdown that packs use: code spans, `**strong**`, `*emphasis*`, backslash escapes. The rest is HTML.
fn markdown(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '\\']) {
        html.push_str(&rest[..at]);
        rest = &rest[at..];
        let (piece, taken) = code_span(rest)
            .or_else(|| emphasis(rest, "**", "strong"))
            .or_else(|| emphasis(rest, "*", "em"))
            .unwrap_or_else(|| literal(rest));
        html.push_str(&piece);
        rest = &rest[taken..];
    }
    html.push_str(rest);
    html
}

/// As many backticks as opened it close it.
fn code_span(rest: &str) -> Option<(String, usize)> {
    let run = |at: usize| rest[at..].bytes().take_while(|&byte| byte == b'`').count();
    let ticks = run(0);
    let fence = rest.get(..ticks).filter(|fence| !fence.is_empty())?;
    let mut from = ticks;
    loop {
        let at = from + rest[from..].find(fence)?;
        if run(at) == ticks {
            let code = &rest[ticks..at];
            let code = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' ')).filter(|code| code.contains('`')).unwrap_or(code);
            return Some((format!("<code>{}</code>", escape(code)), at + ticks));
        }
        from = at + run(at);
    }
}

fn emphasis(rest: &str, mark: &str, tag: &str) -> Option<(String, usize)> {
    let inside = rest.strip_prefix(mark).filter(|inside| !inside.starts_with([' ', '*']))?;
    let end = inside.find(mark).filter(|&end| end > 0 && !inside[..end].ends_with(' ') && !inside[..end].contains(['`', '\n']))?;
    Some((format!("<{tag}>{}</{tag}>", &inside[..end]), end + 2 * mark.len()))
}

/// A character that means itself.
fn literal(rest: &str) -> (String, usize) {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some('\\'), Some(next)) if next.is_ascii_punctuation() && !matches!(next, '(' | '[' | ')' | ']') => {
            (escape(&next.to_string()), 1 + next.len_utf8())
        }
        (Some(char), _) => (char.to_string(), char.len_utf8()),
        (None, _) => (String::new(), rest.len()),
    }
}
