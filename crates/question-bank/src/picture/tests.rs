use super::*;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 1, 2, 3, 4]);
    bytes.extend(b"\0\0\0\x02IDAT\x01\x02crc!\0\0\0\0IENDcrc!");
    bytes
}

fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc2\0\x0b\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x01\x01\x11\0\xff\xda\0\x02scan\xff\xd9");
    bytes
}

fn webp(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [b"RIFF\0\0\0\0WEBP".as_slice(), kind, &[0; 4], body, &[0; 8]].concat()
}

fn svg(inside: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\">{inside}</svg>")
}

/// The sanitised inside of an SVG, and what was taken out.
fn cleaned(inside: &str) -> (String, Vec<String>) {
    let read = read(svg(inside).as_bytes()).unwrap_or_else(|error| panic!("{inside}: {error}"));
    let text = String::from_utf8(read.picture.bytes.clone()).expect("text");
    let again = super::read(&read.picture.bytes).expect("what was cleaned is clean");
    assert_eq!((again.picture.hash, again.removed), (read.picture.hash, Vec::new()), "cleaning twice changes nothing: {text}");
    let inside = text.strip_prefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"").expect("an svg");
    let inside = inside.strip_prefix('>').and_then(|inside| inside.strip_suffix("</svg>")).unwrap_or("");
    (inside.to_owned(), read.removed)
}

#[test]
fn pictures_are_known_by_their_content() {
    let media_type = |bytes: &[u8]| read(bytes).map(|read| read.picture.media_type);
    assert_eq!(media_type(&png(20, 30)), Ok("image/png"));
    assert_eq!(media_type(&jpeg(20, 30)), Ok("image/jpeg"));
    assert_eq!(media_type(&webp(b"VP8 ", &[0, 0, 0, 0x9d, 1, 0x2a, 20, 0, 30, 0])), Ok("image/webp"));
    assert_eq!(media_type(&webp(b"VP8L", &[0x2f, 0x13, 0x40, 0x07, 0])), Ok("image/webp"));
    assert_eq!(media_type(&webp(b"VP8X", &[0, 0, 0, 0, 19, 0, 0, 29, 0, 0])), Ok("image/webp"));
    assert_eq!(media_type(svg("<rect/>").as_bytes()), Ok("image/svg+xml"));
    assert_eq!(media_type(b"GIF89a\x01\0\x01\0"), Err(BadPicture::Kind));
    assert_eq!(media_type(b"<html><svg/></html>"), Err(BadPicture::Kind));
    assert_eq!(media_type(b"BM"), Err(BadPicture::Kind));
    assert_eq!(media_type(b""), Err(BadPicture::Kind));
    assert_eq!(media_type(&[0xff; 20]), Err(BadPicture::Kind));
}

#[test]
fn sides_and_sizes_have_limits() {
    assert_eq!(read(&png(6_000, 1)).map(|_| ()), Ok(()));
    for bytes in [png(6_001, 1), png(1, 0), png(u32::MAX, 1), jpeg(0, 5), jpeg(5, 7_000)] {
        assert_eq!(read(&bytes).map(|_| ()), Err(BadPicture::Side));
    }
    assert_eq!(read(&vec![0; BYTES_MAX + 1]).map(|_| ()), Err(BadPicture::TooLarge));
    let size = |attributes: &str| read(format!("<svg {attributes}/>").as_bytes()).map(|_| ());
    assert_eq!(size("viewBox='0 0 10 10'"), Ok(()));
    assert_eq!(size("width='10' height='20px'"), Ok(()));
    assert_eq!(size("width='100%' height='100%' viewBox='0,0,4,4'"), Ok(()));
    assert_eq!(size("width='10'"), Err(BadPicture::SvgUnsized));
    assert_eq!(size("viewBox='0 0 10'"), Err(BadPicture::SvgUnsized));
    assert_eq!(size("viewBox='0 0 0 10'"), Err(BadPicture::Side));
    assert_eq!(size("viewBox='0 0 NaN 10'"), Err(BadPicture::Side));
    assert_eq!(size("width='1e9' height='1'"), Err(BadPicture::Side));
}

#[test]
fn cut_off_files_are_damaged() {
    for whole in [png(20, 30), jpeg(20, 30), webp(b"VP8X", &[0, 0, 0, 0, 19, 0, 0, 29, 0, 0])] {
        for length in 0..whole.len() {
            // Cut anywhere, it must not stop the program; cut before its size is known, it is no picture.
            let read = read(&whole[..length]);
            assert!(length > 20 || read.is_err(), "{length}");
        }
    }
    assert_eq!(read(&png(20, 30)[..50]).map(|_| ()), Err(BadPicture::Damaged));
}

#[test]
fn shapes_stay() {
    for inside in [
        "<g transform=\"translate(3 10) scale(0.9)\"><rect x=\"0\" y=\"0\" width=\"100\" height=\"100\" fill=\"white\" stroke-width=\"2\"/></g>",
        "<path d=\"M10,10 L20-5.5e1z\" fill=\"none\" stroke=\"#222\" stroke-dasharray=\"4 2\"/>",
        "<text x=\"2\" y=\"3\" font-family=\"sans-serif\" text-anchor=\"middle\" font-size=\"14px\">x &lt; y<tspan dy=\"1em\">b</tspan></text>",
        "<defs><linearGradient id=\"g1\"><stop offset=\"50%\" stop-color=\"rgb(1, 2, 3)\"/></linearGradient></defs><circle r=\"4\" fill=\"url(#g1)\"/>",
        "<title>Kubus</title><desc>Sebuah kubus.</desc>",
        "<polygon points=\"1,2 3,4\"/><polyline points=\"1,2\"/><ellipse rx=\"1\" ry=\"2\"/><line x1=\"1\" x2=\"2\" stroke-linecap=\"round\"/>",
    ] {
        assert_eq!(cleaned(inside), (inside.to_owned(), Vec::new()));
    }
    assert_eq!(
        cleaned("<rect style=\"fill:red; stroke-width: 2px;-inkscape-x:1\" fill=\"blue\"/>").0,
        "<rect fill=\"red\" stroke-width=\"2px\"/>"
    );
    assert_eq!(cleaned("<metadata><a/></metadata><g xmlns:i=\"urn:i\" i:label=\"x\"><i:x/></g>"), ("<g/>".to_owned(), Vec::new()));
}

#[test]
fn tricks_go() {
    for (inside, left, removed) in [
        ("<script>alert(1)</script><rect/>", "<rect/>", "<script>"),
        ("<rect onclick=\"alert(1)\"/>", "<rect/>", "onclick"),
        ("<style>@import url(//evil)</style><g/>", "<g/>", "<style>"),
        ("<g><foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject></g>", "<g/>", "<foreignObject>"),
        ("<g><image href=\"http://evil/x.png\"/></g>", "<g/>", "<image>"),
        ("<g><use href=\"#g\"/></g>", "<g/>", "<use>"),
        ("<g><a href=\"javascript:alert(1)\"><rect/></a></g>", "<g/>", "<a>"),
        ("<rect><animate attributeName=\"href\" values=\"javascript:alert(1)\"/></rect>", "<rect/>", "<animate>"),
        ("<g><set attributeName=\"onmouseover\" to=\"alert(1)\"/></g>", "<g/>", "<set>"),
        ("<rect fill=\"url(http://evil/#x)\"/>", "<rect/>", "fill"),
        ("<rect fill=\"url(//evil)\"/>", "<rect/>", "fill"),
        ("<rect style=\"fill:url(http://evil)\"/>", "<rect/>", "fill"),
        ("<rect style=\"background:url(http://evil)\"/>", "<rect/>", "background"),
        ("<rect style=\"d:path('M0')\"/>", "<rect/>", "d"),
        ("<rect transform=\"rotate(1) url(#x)\"/>", "<rect/>", "transform"),
        ("<rect width=\"calc(1px)\"/>", "<rect/>", "width"),
        ("<rect id=\"x y\"/>", "<rect/>", "id"),
        ("<rect filter=\"url(#f)\" mask=\"url(//evil)\"/>", "<rect/>", "filter"),
        ("<linearGradient xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"http://evil\"/>", "<linearGradient/>", "xlink:href"),
        ("<g><svg:script xmlns:svg=\"http://www.w3.org/2000/svg\">x</svg:script></g>", "<g/>", "<script>"),
        ("<text>a<![CDATA[<script>]]></text>", "<text>a&lt;script&gt;</text>", ""),
        ("<text font-family=\"a&quot;;x:url(y)\">a</text>", "<text>a</text>", "font-family"),
    ] {
        let (clean, names) = cleaned(inside);
        assert_eq!(clean, left, "{inside}");
        assert!(removed.is_empty() || names.iter().any(|name| name == removed), "{inside}: {names:?}");
    }
}

#[test]
fn documents_that_are_traps_are_refused() {
    for (text, why) in [
        (
            "<!DOCTYPE svg [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><svg viewBox=\"0 0 1 1\">&b;</svg>".to_owned(),
            BadPicture::SvgUnreadable,
        ),
        ("<!DOCTYPE svg PUBLIC \"x\" \"http://evil\"><svg viewBox=\"0 0 1 1\"/>".to_owned(), BadPicture::SvgUnreadable),
        (svg(&"<g>".repeat(10)), BadPicture::SvgUnreadable),
        (svg(&format!("{}{}", "<g>".repeat(100), "</g>".repeat(100))), BadPicture::SvgUnreadable),
        (svg(&format!("{}{}", "<g>".repeat(30_000), "</g>".repeat(30_000))), BadPicture::SvgUnreadable),
        (svg(&"<g/>".repeat(50_000)), BadPicture::SvgUnreadable),
        ("<svg xmlns=\"http://www.w3.org/1999/xhtml\" viewBox=\"0 0 1 1\"/>".to_owned(), BadPicture::Kind),
    ] {
        assert_eq!(read(text.as_bytes()).map(|_| ()), Err(why), "{}", &text[..text.len().min(90)]);
    }
}
