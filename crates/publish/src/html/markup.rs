//! Texts of others made safe, and what every page begins and ends with.

use super::STYLESHEET_PATH;
use crate::{shown, strings};
use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// What every page has around its content.
pub(super) struct Document<'a> {
    pub(super) title: &'a str,
    /// Where the link leads that passes over the head of the page.
    pub(super) skip_to: &'a str,
    /// Whether search engines may list the page; pages of one person they may not.
    pub(super) indexed: bool,
}

impl Document<'_> {
    pub(super) fn begin(&self, html: &mut String) -> fmt::Result {
        let robots = if self.indexed { "" } else { "<meta name=\"robots\" content=\"noindex\">\n" };
        write!(
            html,
            "<!doctype html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{robots}\
             <title>{}</title>\n<link rel=\"stylesheet\" href=\"{STYLESHEET_PATH}\">\n</head>\n<body id=\"atas\">\n\
             <a class=\"skip\" href=\"#{}\">{}</a>\n",
            Escaped(self.title),
            self.skip_to,
            strings::SKIP,
        )
    }

    pub(super) fn end(html: &mut String) {
        html.push_str("</body>\n</html>\n");
    }
}

/// A text as one part of an address.
pub(super) fn in_path(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    // A part of nothing but points would lead to another folder.
    let dots = !text.is_empty() && text.bytes().all(|byte| byte == b'.');
    let kept = |byte: u8| plain(byte) || (byte == b'.' && !dots);
    if text.bytes().all(kept) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if kept(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Cow::Owned(encoded)
}

/// A text of others, safe as content and in a quoted attribute.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = shown::plain(self.0);
        let mut rest: &str = &plain;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            formatter.write_str(&rest[..at])?;
            formatter.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        formatter.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_are_escaped() {
        let cases = [
            ("Siti", "Siti"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onclick='x' &", "&quot; onclick=&#39;x&#39; &amp;"),
            ("&lt;", "&amp;lt;"),
            ("é<ü", "é&lt;ü"),
            ("a\u{202e}b", "a b"),
        ];
        for (text, escaped) in cases {
            assert_eq!(Escaped(text).to_string(), escaped, "{text:?}");
        }
    }

    #[test]
    fn a_number_stays_one_part_of_an_address() {
        let cases = [
            ("26017301000001000", "26017301000001000"),
            ("A-1.b_2", "A-1.b_2"),
            ("..", "%2E%2E"),
            ("a/../b", "a%2F..%2Fb"),
            ("?x=1#y z%", "%3Fx%3D1%23y%20z%25"),
            ("é", "%C3%A9"),
        ];
        for (text, encoded) in cases {
            assert_eq!(in_path(text), encoded, "{text:?}");
        }
    }
}
