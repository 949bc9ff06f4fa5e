use super::formula::BadFormula;
use super::*;

const HASH: Digest32 = Digest32([7; 32]);

fn read(source: &str, dialect: Dialect) -> RichText {
    RichText::import(source, dialect, &mut |name| match name {
        "gambar/x.svg" => Ok(HASH),
        "rusak.png" => Err(NoPicture::Bad(BadPicture::Kind)),
        name if name.starts_with("http") || name.contains("..") || name.starts_with('/') => Err(NoPicture::Address),
        _ => Err(NoPicture::Missing),
    })
}

/// Reads a cell of a question table that has no flaw.
fn clean(source: &str) -> String {
    let read = read(source, Dialect::TABLE);
    assert_eq!(read.flaws, [], "{source}");
    read.html
}

#[test]
fn a_cell_without_a_tag_is_plain_text() {
    for (source, html) in [
        ("  4 < 5 & 6 > 3  ", "4 &lt; 5 &amp; 6 &gt; 3"),
        ("baris 1\r\nbaris 2", "baris 1<br>baris 2"),
        ("a &lt; b &amp; c", "a &lt; b &amp; c"),
        ("List<String> dan x<y", "List&lt;String&gt; dan x&lt;y"),
        ("&#8722;5 &#x41;", "−5 A"),
        ("AT&T &foo &copy;", "AT&amp;T &amp;foo ©"),
        ("Café ☕ 数", "Café ☕ 数"),
        ("", ""),
    ] {
        assert_eq!(clean(source), html, "{source}");
    }
}

#[test]
fn allowed_markup_stays() {
    for source in [
        "<p>satu</p><p>dua</p>",
        "a<br>b",
        "<ul><li>x</li></ul><ol><li>y</li></ol>",
        "H<sub>2</sub>O <b>b</b> <strong>s</strong> <i>i</i> <em>e</em> <u>u</u> m<sup>2</sup>",
        "<pre><code>if (a &lt; b) {\n  x();\n}</code></pre>",
        "<blockquote>kutipan</blockquote>",
        "<table><caption>c</caption><thead><tr><th scope=\"col\">A</th></tr></thead><tbody><tr><td colspan=\"2\" rowspan=\"3\">1</td></tr></tbody></table>",
    ] {
        assert_eq!(clean(source), source);
    }
}

#[test]
fn other_markup_goes_and_is_named() {
    for (source, html, removed) in [
        ("<b onclick=\"x()\" class=y>t</b>", "<b>t</b>", &["onclick", "class"][..]),
        ("<a href=\"http://x\">tautan</a> <b>x</b>", "tautan <b>x</b>", &["<a>"]),
        ("<script>alert(1)</script><p>t</p>", "<p>t</p>", &["<script>"]),
        ("<div style='x'><p>t</p></div>", "<p>t</p>", &["<div>"]),
        ("<p>t<!-- rahasia: kunci C --></p>", "<p>t</p>", &["<!>"]),
        ("<h1>judul</h1>", "judul", &["<h1>"]),
        ("<td colspan=999 width=3>x</td>", "x", &["width"]),
    ] {
        let read = read(source, Dialect::TABLE);
        assert_eq!(read.html, html, "{source}");
        assert_eq!(read.flaws, [Flaw::MarkupRemoved(removed.iter().map(|&name| name.to_owned()).collect())], "{source}");
    }
}

/// Nothing that runs, loads or leads anywhere may be in the result.
pub(crate) fn assert_harmless(html: &str, source: &str) {
    let lower = html.to_lowercase();
    let mut rest = lower.as_str();
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String = rest.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let tag = &rest[..rest.find('>').unwrap_or_else(|| panic!("an open tag in {html} from {source}"))];
        let known =
            markup::ALLOWED.contains(&name.as_str()) || name.starts_with('m') || ["semantics", "annotation"].contains(&name.as_str());
        assert!(known, "<{name}> in {html} from {source}");
        let outside_quotes: String = tag.split('"').step_by(2).collect();
        for word in [" on", " style=", "href=", "srcset", "xmlns", "action", " class=", " id=", "javascript:"] {
            assert!(!outside_quotes.contains(word), "{word} in <{tag}> from {source}");
        }
        if name == "img" {
            assert!(tag.starts_with("img src=\"/media/"), "{tag} from {source}");
        } else {
            assert!(!tag.contains("src="), "{tag} from {source}");
        }
    }
}

#[test]
fn hostile_markup_is_harmless() {
    for source in [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"javascript:alert(1)\">",
        "<img/src='gambar/x.svg'/onload=alert(1) alt=x>",
        "<img src=gambar/x.svg alt='\"><script>alert(1)</script>'>",
        "<img src=gambar/x.svg alt='\" onerror=\"alert(1)'>",
        "<svg onload=alert(1)><p>x</p></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><img src=x onerror=alert(1)></template>",
        "<textarea></textarea><script>alert(1)</script>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
        "<plaintext><img src=x onerror=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<object data=x><embed src=x>",
        "<base href=//evil><a href=x>x</a>",
        "<link rel=stylesheet href=//evil><meta http-equiv=refresh content=0;url=//evil>",
        "<p style=\"background:url(//evil)\">x</p>",
        "<b/onmouseover=alert(1)//>x",
        "<<p>script>alert(1)<</p>/script>",
        "<p\u{b}onclick=alert(1)>x</p>",
        "<p \u{0}onclick=alert(1)>x</p>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php echo 1 ?><p>x",
        "<!--><img src=x onerror=alert(1)>-->",
        "<input autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>x",
        "<table background=//evil><td background=//evil>x",
        "&lt;script&gt;alert(1)&lt;/script&gt;<b>x</b>",
        "<b>&#60;script&#62;alert(1)&#60;/script&#62;</b>",
        "<p>\\(\\text{<script>alert(1)</script>}\\)</p>",
        "\\(\\operatorname{<img src=x onerror=alert(1)>}\\)",
        "\\(x\\)<b title=\"\\(</b><script>alert(1)</script>\\)\">",
        "<video src=//evil><audio src=//evil><source src=//evil>",
        "<style>@import '//evil';</style><p>x</p>",
        "<select><option><img src=x onerror=alert(1)></select>",
        "<p id=x name=y tabindex=1 contenteditable>x</p>",
    ] {
        for dialect in
            [Dialect::TABLE, Dialect { markup: Markup::Plain, ..Dialect::TABLE }, Dialect { math: Math::DollarJqmath, ..Dialect::TABLE }]
        {
            assert_harmless(&read(source, dialect).html, source);
        }
    }
}

#[test]
fn pictures_come_from_the_import_only() {
    let html = format!("<img src=\"/media/{HASH}\" alt=\"Kubus\">");
    assert_eq!(clean("<img src='gambar/x.svg' alt='Kubus'>"), html);
    for (source, flaw) in [
        ("<img src=http://evil/x.png alt=x>", Flaw::PictureUnnamed),
        ("<img src=\"data:image/png;base64,AAAA\" alt=x>", Flaw::PictureUnnamed),
        ("<img alt=x>", Flaw::PictureUnnamed),
        ("<img src=//evil/x.png alt=x>", Flaw::PictureAddress("//evil/x.png".to_owned())),
        ("<img src=../x.png alt=x>", Flaw::PictureAddress("../x.png".to_owned())),
        ("<img src=y.png alt=x>", Flaw::PictureMissing("y.png".to_owned())),
        ("<img src=rusak.png alt=x>", Flaw::PictureBad("rusak.png".to_owned(), BadPicture::Kind)),
        ("<img src=gambar/x.svg>", Flaw::AltMissing("gambar/x.svg".to_owned())),
        ("<img src=gambar/x.svg alt=' '>", Flaw::AltMissing("gambar/x.svg".to_owned())),
    ] {
        assert_eq!(read(source, Dialect::TABLE).flaws, [flaw], "{source}");
    }
    let generic = read("<img src=gambar/x.svg>", Dialect { alt: Alt::Generic, ..Dialect::TABLE });
    assert_eq!(generic.flaws, [Flaw::AltGeneric("gambar/x.svg".to_owned())]);
    assert!(generic.html.contains("alt=\"Gambar\""));
}

fn annotated(tex: &str) -> String {
    format!("<annotation encoding=\"application/x-tex\">{tex}</annotation>")
}

#[test]
fn tex_becomes_mathml_and_stays_beside_it() {
    let html = clean("Nilai \\(\\frac{1}{2} < x\\) adalah");
    assert!(html.starts_with("Nilai <math display=\"inline\"><semantics><mrow><mfrac>"), "{html}");
    assert!(html.contains(&annotated("\\frac{1}{2} &lt; x")) && html.ends_with("</math> adalah"), "{html}");
    assert!(clean("\\[x^2\\]").starts_with("<math display=\"block\">"));
    // A reference in a formula means its character, in a cell with tags and in one without.
    assert!(clean("<p>\\(a &lt; b\\)</p>").contains("<mo>&lt;</mo>"));
    assert!(clean("\\(a &lt; b\\)").contains("<mo>&lt;</mo>"));
    // Inside a formula a double backslash is a pair.
    assert!(clean("\\(\\begin{matrix}1\\\\(2)\\end{matrix}\\)").contains("<mtable"));
    assert!(clean("\\(0{,}5\\)").contains("<mn>0,5</mn>"));
    assert!(clean("\\(\\big( x \\big)\\)").contains("minsize"));
}

#[test]
fn what_the_bank_of_an_author_needs_converts() {
    for tex in [
        "\\sqrt[3]{27}",
        "\\sum_{i=1}^{n} i^2",
        "\\int_0^1 x\\,dx",
        "\\lim_{x \\to 0} \\frac{\\sin x}{x}",
        "\\vec{a} \\cdot \\vec{b}",
        "\\overline{AB}",
        "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
        "\\begin{cases} x & x > 0 \\\\ -x & x \\le 0 \\end{cases}",
        "\\angle ABC = 90^\\circ",
        "\\log_2 8",
        "\\text{luas} = \\pi r^2",
        "A \\cup B \\subseteq C",
        "p \\Rightarrow \\neg q",
        "\\left( \\frac{a}{b} \\right)^2",
        "25\\%",
        "\\begin{aligned} x &= 1 \\\\ y &= 2 \\end{aligned}",
        "\\binom{n}{k}",
        "\\mathbb{R}",
        "x \\neq y",
        "\\triangle",
        "\\dfrac{1}{2}",
        "\\begin{array}{l|r} a & b \\\\ \\hline c & d \\end{array}",
        "\\underbrace{a+b}_{c}",
        "\\not= x",
        "a \\bmod b",
        "\\bar{x} \\pm \\sigma",
        "f'(x)",
        "\\lfloor x \\rfloor",
        "\\{1, 2\\}",
        "\\ldots",
        "\\mathrm{H_2O}",
        "\\hat{p}",
        "\\operatorname{lcm}(a, b)",
    ] {
        assert!(formula::to_mathml(tex, false).is_ok(), "{tex}: {:?}", formula::to_mathml(tex, false));
        assert_harmless(&formula::to_mathml(tex, true).expect("as above"), tex);
    }
}

#[test]
fn a_formula_that_cannot_be_read_is_a_flaw() {
    let reason = |source: &str| match &read(source, Dialect::TABLE).flaws[..] {
        [Flaw::FormulaBad { reason, .. }] => reason.clone(),
        flaws => panic!("{source}: {flaws:?}"),
    };
    assert_eq!(reason("\\( \\)"), BadFormula::Empty);
    assert_eq!(reason("\\(5% \\)"), BadFormula::Percent);
    assert_eq!(reason("\\(\\def\\x{1}\\x\\)"), BadFormula::Command("def".to_owned()));
    assert_eq!(reason("\\(\\color{red}x\\)"), BadFormula::Command("color".to_owned()));
    assert_eq!(reason(&format!("\\({}\\)", "x".repeat(5_000))), BadFormula::TooLong);
    assert_eq!(reason(&format!("\\({}\\)", "{".repeat(200))), BadFormula::TooDeep);
    assert!(matches!(reason("\\(\\frac{1}{2\\)"), BadFormula::Unreadable(_)));
    assert!(matches!(reason("\\(\\tidakada\\)"), BadFormula::Unreadable(_)));
    assert!(matches!(reason("\\(\\cancel{x+1}\\)"), BadFormula::NotAllowed(_)));
    for open in ["a \\( b", "a \\[ b \\)", "<p>\\(a</p><p>b\\)</p>"] {
        assert!(read(open, Dialect::TABLE).flaws.contains(&Flaw::FormulaOpen), "{open}");
    }
}

#[test]
fn in_code_a_backslash_is_a_backslash() {
    assert_eq!(clean("<p>x</p><pre><code>grep '\\(a\\)' \\(</code></pre>"), "<p>x</p><pre><code>grep '\\(a\\)' \\(</code></pre>");
    assert_eq!(clean("<code>\\(x&lt;y\\)</code>"), "<code>\\(x&lt;y\\)</code>");
}

#[test]
fn dollars_mean_money_unless_the_dialect_says_otherwise() {
    assert_eq!(clean("harga $5 atau $6"), "harga $5 atau $6");
    let dollars = Dialect { math: Math::DollarTex, ..Dialect::TABLE };
    assert!(read("a $x^2$ b", dollars).html.contains("<msup>"));
    assert!(read("a $$x^2$$ b", dollars).html.contains("display=\"block\""));
    assert_eq!(read("harga \\$5 dan $6", dollars).html, "harga $5 dan $6");
    let jqmath = Dialect { math: Math::DollarJqmath, ..Dialect::TABLE };
    assert!(read("${c^3 + 200}/c$", jqmath).html.contains("<mfrac>"));
    let none = Dialect { math: Math::None, ..Dialect::TABLE };
    assert_eq!(read("\\(x\\) $y$", none).html, "\\(x\\) $y$");
}

#[test]
fn the_place_of_a_formula_cannot_be_forged() {
    for source in [
        "\u{e000}0\u{e001} \\(x\\)",
        "&#xE000;0&#xE001; \\(x\\)",
        "<b title='&#57344;0&#57345;'>x</b>",
        "<img alt='&#xe000;0&#xe001;'>\\(x\\)",
    ] {
        let read = read(source, Dialect::TABLE);
        assert!(matches!(read.flaws[..], [Flaw::ControlCharacter('\u{e000}' | '\u{e001}')]), "{source}: {read:?}");
        assert_eq!(read.html, "");
    }
    // In a description a formula stays as written.
    let html = clean("<img src=gambar/x.svg alt='grafik \\(y = x\\)'>");
    assert!(html.contains("alt=\"grafik \\(y = x\\)\""), "{html}");
}

#[test]
fn control_characters_and_endless_texts_are_refused() {
    for source in ["a\u{1}b", "a\u{7f}", "a\u{93}b", "a&#1;b", "<b>&#x9d;</b>"] {
        assert!(matches!(read(source, Dialect::TABLE).flaws[..], [Flaw::ControlCharacter(_)]), "{source:?}");
    }
    assert_eq!(clean("a\tb\nc"), "a\tb<br>c");
    assert_eq!(read(&"x".repeat(RichText::BYTES_MAX + 1), Dialect::TABLE).flaws, [Flaw::TooLong]);
    assert_eq!(read(&"<b>".repeat(RichText::TAGS_MAX + 1), Dialect::TABLE).flaws, [Flaw::TooLong]);
    assert!(read(&"<ul><li>".repeat(100), Dialect::TABLE).flaws.contains(&Flaw::TooDeep));
}

#[test]
fn blank_is_what_shows_nothing() {
    for source in ["", " ", "<p> </p>", "&nbsp;", "<b></b><br>", "<p>&nbsp; </p>"] {
        assert!(read(source, Dialect::TABLE).is_blank(), "{source}");
    }
    for source in ["x", "<p>x</p>", "<img src=gambar/x.svg alt=x>", "\\(x\\)", "&gt;"] {
        assert!(!read(source, Dialect::TABLE).is_blank(), "{source}");
    }
}
