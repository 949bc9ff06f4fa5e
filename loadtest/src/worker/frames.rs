//! Frames that come and go so often that they are made and read by hand; everything else is left to serde.

use serde::Deserialize;
use std::borrow::Cow;

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// `saved`, by number; with an echo, the answer that came back.
    Saved(u32),
    /// A paper.
    Paper(&'a str),
    /// Something else.
    Other(&'a str),
}

const SAVED: &str = "{\"t\":\"saved\",\"seq\":";
const ANSWER: &str = "{\"t\":\"answer\",\"seq\":";
const PAPER: &str = "{\"t\":\"paper\"";

/// Looks at the beginning of a frame.
pub fn read(text: &str) -> Heard<'_> {
    if let Some(rest) = text.strip_prefix(SAVED)
        && let Some(seq) = rest.strip_suffix('}').and_then(|digits| digits.parse().ok())
    {
        return Heard::Saved(seq);
    }
    if let Some(rest) = text.strip_prefix(ANSWER)
        && let Some(seq) = rest.split_once(',').and_then(|(digits, _)| digits.parse().ok())
    {
        return Heard::Saved(seq);
    }
    if text.starts_with(PAPER) { Heard::Paper(text) } else { Heard::Other(text) }
}

/// An answer of one choice.
pub fn answer(seq: u32, position: u16, item: &str, choice: u8) -> String {
    let mut text = String::with_capacity(ANSWER.len() + item.len() + 64);
    let mut push = |part: &str| text.push_str(part);
    push(ANSWER);
    push(&seq.to_string());
    push(",\"position\":");
    push(&position.to_string());
    push(",\"item\":\"");
    push(item);
    push("\",\"choices\":[");
    push(&choice.to_string());
    push("]}");
    text
}

/// The part of a paper that a client of this kind needs: reading all of it would be the client's time, not the server's.
#[derive(Debug, Deserialize)]
pub struct Paper<'a> {
    /// Digest.
    #[serde(borrow)]
    pub digest: Cow<'a, str>,
    /// Items in order.
    #[serde(borrow)]
    pub items: Vec<PaperItem<'a>>,
}

/// An item.
#[derive(Debug, Deserialize)]
pub struct PaperItem<'a> {
    /// Canonical id.
    #[serde(borrow)]
    pub item: Cow<'a, str>,
    /// Choices in shown order.
    pub choices: Vec<PaperChoice>,
}

/// A choice.
#[derive(Debug, Deserialize)]
pub struct PaperChoice {
    /// Canonical id.
    pub id: u8,
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::terminal::{PaperChoice as FullChoice, PaperFrame, PaperItem as FullItem, TerminalFrame, TerminalNews};

    #[test]
    fn the_fast_paths_agree_with_the_wire_types() {
        let news = |news: TerminalNews| serde_json::to_string(&news).expect("a frame");
        assert_eq!(read(&news(TerminalNews::Saved { seq: 19_999 })), Heard::Saved(19_999));
        let late = news(TerminalNews::Late { seq: 1 });
        assert_eq!(read(&late), Heard::Other(&late));
        let refused = news(TerminalNews::Refused { seq: 1, code: "busy".into(), retry_after_ms: Some(1_000) });
        assert_eq!(read(&refused), Heard::Other(&refused));
        let text = answer(7, 59, "00112233445566778899aabbccddeeff", 4);
        let frame: TerminalFrame = serde_json::from_str(&text).expect("a frame");
        let expected = TerminalFrame::Answer { seq: 7, position: 59, item: "00112233445566778899aabbccddeeff".into(), choices: vec![4] };
        assert_eq!(frame, expected);
        assert_eq!(text, serde_json::to_string(&expected).expect("a frame"), "byte for byte");
        assert_eq!(read(&text), Heard::Saved(7), "an echo");
    }

    #[test]
    fn a_paper_is_read_as_far_as_needed() {
        let choice = |id| FullChoice { id, text: "\"satu\"\u{1}".into() };
        let item = FullItem {
            item: "ab".into(),
            language: "id".into(),
            stem: "<p>\n</p>".into(),
            multiple: false,
            choices: vec![choice(3), choice(0)],
        };
        let paper = PaperFrame { digest: "cd".into(), sections: Vec::new(), items: vec![item] };
        let text = serde_json::to_string(&TerminalNews::Paper(Box::new(paper))).expect("a frame");
        let Heard::Paper(text) = read(&text) else { panic!("{text}") };
        let paper: Paper<'_> = serde_json::from_str(text).expect("a paper");
        assert_eq!((paper.digest.as_ref(), paper.items[0].item.as_ref()), ("cd", "ab"));
        assert_eq!(paper.items[0].choices.iter().map(|choice| choice.id).collect::<Vec<_>>(), [3, 0]);
    }
}
