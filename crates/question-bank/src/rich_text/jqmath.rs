//! jqMath, the notation of some older packs (`{a+b}/{2c}`, `√{x}`, `` `text 'cm' ``), as TeX. Read as TeX it would say something else:
//! a fraction would lose its braces and `%` would swallow the rest.

/// TeX of a jqMath formula. What is not jqMath is passed through; the TeX converter judges it.
pub(super) fn to_tex(source: &str) -> String {
    let mut reader = Reader { rest: source, depth: 0 };
    let mut tex = reader.row();
    while !reader.rest.is_empty() {
        // A brace too many; the converter will say so.
        tex.push_str(&reader.rest[..1]);
        reader.rest = &reader.rest[1..];
        tex.push_str(&reader.row());
    }
    tex.trim().to_owned()
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

/// Beyond this the braces are copied as they are and the check of the TeX refuses them.
const DEPTH_MAX: usize = 40;

impl Reader<'_> {
    /// Terms up to a closing brace or the end.
    fn row(&mut self) -> String {
        let mut tex = String::new();
        loop {
            let spaces = self.rest.len() - self.rest.trim_start().len();
            if spaces > 0 {
                self.rest = &self.rest[spaces..];
                tex.push(' ');
            }
            if self.rest.is_empty() || self.rest.starts_with('}') {
                return tex;
            }
            tex.push_str(&self.fraction());
        }
    }

    /// `a/b/c`: scripts bind more tightly, everything else less.
    fn fraction(&mut self) -> String {
        let mut tex = self.scripted();
        while let Some(rest) = self.rest.trim_start().strip_prefix('/') {
            self.rest = rest.trim_start();
            let below = self.scripted();
            tex = format!("\\frac{{{}}}{{{}}}", bare(&tex), bare(&below));
        }
        tex
    }

    /// An atom with its `^` and `_`.
    fn scripted(&mut self) -> String {
        let mut tex = self.atom();
        while let Some(mark) = self.rest.chars().next().filter(|mark| matches!(mark, '^' | '_')) {
            self.rest = self.rest[1..].trim_start();
            let script = self.atom();
            if tex.is_empty() {
                tex.push_str("{}");
            }
            tex.push_str(&format!("{mark}{{{}}}", bare(&script)));
        }
        tex
    }

    fn atom(&mut self) -> String {
        let Some(char) = self.rest.chars().next() else {
            return String::new();
        };
        match char {
            '^' | '_' | '}' => String::new(),
            '{' if self.depth < DEPTH_MAX => self.group(),
            '√' if self.depth < DEPTH_MAX => self.root(),
            '`' => self.text(),
            '0'..='9' => self.number(),
            '%' | '#' | '&' => {
                self.rest = &self.rest[1..];
                format!("\\{char}")
            }
            _ => {
                self.rest = &self.rest[char.len_utf8()..];
                char.to_string()
            }
        }
    }

    fn group(&mut self) -> String {
        self.rest = &self.rest[1..];
        self.depth += 1;
        let inside = self.row();
        self.depth -= 1;
        match self.rest.strip_prefix('}') {
            Some(rest) => {
                self.rest = rest;
                format!("{{{}}}", inside.trim())
            }
            // Never closed: left so, for where the author meant it to end nobody knows but the author.
            None => format!("{{{}", inside.trim()),
        }
    }

    /// `√x`, `√{x+1}`, `√^3{x}`.
    fn root(&mut self) -> String {
        self.rest = &self.rest['√'.len_utf8()..];
        self.depth += 1;
        let index = match self.rest.strip_prefix('^') {
            Some(rest) => {
                self.rest = rest.trim_start();
                format!("[{}]", bare(&self.atom()))
            }
            None => String::new(),
        };
        self.rest = self.rest.trim_start();
        let under = self.atom();
        self.depth -= 1;
        format!("\\sqrt{index}{{{}}}", bare(&under))
    }

    /// A number with its decimal comma, which TeX would take for a list.
    fn number(&mut self) -> String {
        let bytes = self.rest.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut length = 1;
        while digit(length) || (matches!(bytes.get(length), Some(b',' | b'.')) && digit(length + 1)) {
            length += 1;
        }
        let (number, rest) = self.rest.split_at(length);
        self.rest = rest;
        if number.contains(',') { format!("{{{}}}", number.replace(',', "{,}")) } else { number.to_owned() }
    }

    /// `` `text 'cm' `` and other commands, whose backslash is a backtick.
    fn text(&mut self) -> String {
        let quoted = self
            .rest
            .strip_prefix("`text")
            .map(str::trim_start)
            .and_then(|rest| rest.strip_prefix('\''))
            .and_then(|rest| rest.split_once('\''));
        match quoted {
            Some((text, rest)) => {
                self.rest = rest;
                let text: String =
                    text.chars().map(|char| if "{}\\$&#%_^~".contains(char) { format!("\\{char}") } else { char.to_string() }).collect();
                format!("\\text{{{text}}}")
            }
            None => {
                self.rest = &self.rest[1..];
                "\\".to_owned()
            }
        }
    }
}

/// Without its outer braces, when they belong together.
fn bare(tex: &str) -> &str {
    let inside = tex.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let mut depth = 0_i32;
    match inside {
        Some(inside)
            if inside.chars().all(|char| {
                depth += match char {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                depth >= 0
            }) =>
        {
            inside
        }
        Some(_) | None => tex,
    }
}

#[cfg(test)]
mod tests {
    use super::to_tex;

    #[test]
    fn the_notation_of_the_packs() {
        for (source, tex) in [
            ("{a^2 − b^2}/{a+b}", "\\frac{a^{2} − b^{2}}{a+b}"),
            ("c^3/200", "\\frac{c^{3}}{200}"),
            ("3^{8/b}", "3^{\\frac{8}{b}}"),
            ("√^4{1000√^3{40√{625}}}", "\\sqrt[4]{1000\\sqrt[3]{40\\sqrt{625}}}"),
            ("{a+{b}", "{a+{b}"),
            ("√√^4 {16z^4}= 8", "\\sqrt{\\sqrt[4]{16z^{4}}}= 8"),
            ("(1,25 × 4)^{a+2}", "({1{,}25} × 4)^{a+2}"),
            ("27%", "27\\%"),
            ("^2", "{}^{2}"),
            ("`text 'Jika ' x = √9− √2 `text ' cm'^2", "\\text{Jika } x = \\sqrt{9}− \\sqrt{2} \\text{ cm}^{2}"),
            ("{{57^2 - 43^2}/7}", "{\\frac{57^{2} - 43^{2}}{7}}"),
            ("(1/a + 1/b)(a + b)", "(\\frac{1}{a} + \\frac{1}{b})(a + b)"),
            ("m/{3n} + {4p}/{2q}", "\\frac{m}{3n} + \\frac{4p}{2q}"),
            ("9/2π x^3", "\\frac{9}{2}π x^{3}"),
            ("7^10009", "7^{10009}"),
        ] {
            assert_eq!(to_tex(source), tex, "{source}");
        }
    }
}
