//! Whatever bytes come in, an import ends with a list of problems, never with the end of the program.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use question_bank::import::{Files, Import, Mapping, SourceFile, import};
use question_bank::rich_text::{Alt, Dialect, Markup, Math, NoPicture, RichText, formula};
use question_bank::{id::Digest32, picture};
use std::io::{Cursor, Write as _};

fn read(name: &str, bytes: Vec<u8>, mapping: Option<&Mapping>) -> Import {
    import(&Files::new(vec![SourceFile { name: name.to_owned(), bytes }]).expect("within limits"), mapping)
}

/// What came of it is consistent, whatever it was.
fn assert_sound(import: &Import) {
    assert!(import.problems.len() <= 1_001);
    assert!(import.bad == 0 || import.problems.iter().any(|problem| problem.stops));
    for item in &import.items {
        assert!((2..=10).contains(&item.item.face.choices.len()));
        assert_eq!(item.item.face.choices.len(), item.key.weights().len());
        assert!(!item.item.face.stem.contains("<script") && !item.item.face.stem.contains(" on"), "{}", item.item.face.stem);
    }
}

fn mapping() -> Mapping {
    Mapping::parse(
        "kind = 'json'\nitems = 'a'\nmath = 'dollar_jqmath'\ncode = 'x-{row}'\nsection = 'umum'\ntopic = '{t}'\nstem = '{q}'\n[choices]\nfield = 'o'\nstrip_labels = true\ndrop_empty = true\n[key]\nfield = 'k'\nnotation = 'one_based'\n[weights]\nlast_character = 'key_empty'\n",
    )
    .expect("a mapping")
}

fn line_mapping() -> Mapping {
    Mapping::parse(
        "kind = 'lines'\nmarkup = 'markdown'\ncode = 'x-{row}'\nsection = 'umum'\ntopic = 't'\nstem = '{stem}'\n[lines]\nquestion = '^\\d+\\. (?P<stem>.*)'\noption = '^(?P<label>[a-z])\\. (?P<text>.*)'\ninline_key = '\\+$'\nfence = '^```'\n[choices]\nfield = 'choices'\n[key]\nfield = 'key'\nnotation = 'label'\n",
    )
    .expect("a mapping")
}

/// A JSON document whose values are of any kind.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let text = prop_oneof!["\\PC{0,12}", Just("A. x5".to_owned()), Just("$√{a}/b^2$".to_owned()), Just("<img src='../x.png'>".to_owned())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|n| json!(n)),
        text.prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map("[aqokt]", inner.clone(), 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
            (inner.clone(), prop::collection::vec(inner.clone(), 0..6), inner)
                .prop_map(|(q, o, k)| json!({"a": [{"q": q, "o": o, "k": k, "t": "t"}]})),
        ]
    })
}

fn workbook_with(sheet: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let workbook = b"<workbook xmlns:r='r'><sheets><sheet name='s' r:id='r1'/></sheets></workbook>";
    let relations = b"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml' Type='x/worksheet'/></Relationships>";
    for (name, bytes) in
        [("xl/workbook.xml", &workbook[..]), ("xl/_rels/workbook.xml.rels", relations), ("xl/worksheets/sheet1.xml", sheet)]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a ZIP").into_inner()
}

fn tex_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9{}^_&~'\\[\\]().,$#%<>=+*/| -]{1,4}",
        prop::sample::select(vec![
            "\\frac",
            "\\sqrt",
            "\\left",
            "\\right",
            "\\begin{array}{c|l}",
            "\\end{array}",
            "\\begin{cases}",
            "\\end{cases}",
            "\\\\",
            "\\hline",
            "\\text{",
            "\\operatorname{",
            "\\not",
            "\\big",
            "\\color{red}",
            "\\mathbb",
            "\\over",
            "\\limits",
            "\\kern1em",
            "\\hskip",
            "\\char",
            "\\begin{",
            "\\end{matrix}",
            "\\begin{alignat}{2}",
            "\\substack",
            "\\middle|",
            "\\",
            "√",
            "é",
            "\u{1d465}",
            "\\mathrm",
            "\\sum",
            "\\overset",
            "\\genfrac",
            "\\tag{1}",
            "\\boxed",
            "\\rule{1em}{1em}",
            "\\raisebox",
            "\\prime",
            "\\cancel",
        ])
        .prop_map(str::to_owned),
    ]
}

fn tex() -> impl Strategy<Value = String> {
    prop::collection::vec(tex_piece(), 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_failure_persistence(FileFailurePersistence::WithSource("regressions")))]


    #[test]
    fn any_bytes_of_any_kind(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in prop::sample::select(vec!["csv", "xlsx", "zip", "json", "md", "toml", "svg", "png"])) {
        let name = format!("soal.{kind}");
        assert_sound(&read(&name, bytes.clone(), None));
        assert_sound(&read(&name, bytes.clone(), Some(&mapping())));
        assert_sound(&read(&name, bytes, Some(&line_mapping())));
    }

    #[test]
    fn any_text_as_a_table(rows in "(\\PC|[\",;\n\r]){0,300}") {
        assert_sound(&read("soal.csv", rows.clone().into_bytes(), None));
        assert_sound(&read("soal.csv", format!("id,section,topic,stem,choice_a,choice_b,key,weights\n{rows}").into_bytes(), None));
    }

    #[test]
    fn any_cells_of_a_table(cells in prop::collection::vec("\\PC{0,20}", 8)) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["id", "section", "topic", "stem", "choice_a", "choice_b", "key", "weights"]).expect("memory");
        csv.write_record(&cells).expect("memory");
        assert_sound(&read("soal.csv", csv.into_inner().expect("memory"), None));
    }

    #[test]
    fn any_json_document(document in any_json()) {
        assert_sound(&read("soal.json", document.to_string().into_bytes(), Some(&mapping())));
    }

    #[test]
    fn any_lines(text in "([0-9]\\. |[a-d]\\. |```|\\+|\\*|`|\\\\|\n|<|\\PC){0,80}") {
        assert_sound(&read("soal.md", text.into_bytes(), Some(&line_mapping())));
    }

    #[test]
    fn any_mapping(text in "(kind = |'json'|'lines'|\\[choices\\]|\\[lines\\]|code|stem|=|'\\{row'|\\{|\\}|\n|\\PC){0,60}") {
        let _ = Mapping::parse(&text);
    }

    #[test]
    fn any_sheet(cells in "(<row r=\"[0-9A-Z]{0,9}\">|<c r=\"[A-Z]{0,4}[0-9]{0,9}\" t=\"(s|b|e|n|str|inlineStr|d)\" s=\"[0-9]{0,3}\">|<v>[^<]{0,8}</v>|<is><t>x</t></is>|</c>|</row>|<f>x</f>){0,12}") {
        let sheet = format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{cells}</sheetData></worksheet>");
        assert_sound(&read("soal.xlsx", workbook_with(sheet.as_bytes()), None));
    }

    #[test]
    fn any_damage_to_a_workbook(at in 0_usize..10_000, byte in any::<u8>(), cut in 0_usize..10_000) {
        let mut bytes = question_bank::export::template_xlsx();
        let length = bytes.len();
        bytes[at % length] = byte;
        assert_sound(&read("soal.xlsx", bytes.clone(), None));
        assert_sound(&read("bank.zip", bytes.clone(), None));
        bytes.truncate(cut % length);
        assert_sound(&read("soal.xlsx", bytes, None));
    }

    #[test]
    fn any_svg(text in "(<svg viewBox=\"0 0 9 9\">|<g>|</g>|</svg>|<rect |fill=\"|url\\(#|style=\"|transform=\"rotate\\(|\\)|\"|/>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|&lt;|&#|;|\\PC){0,60}") {
        for text in [text.clone(), format!("<svg viewBox='0 0 9 9'>{text}</svg>")] {
            if let Ok(read) = picture::read(text.as_bytes()) {
                let again = picture::read(&read.picture.bytes).expect("what was cleaned is clean");
                prop_assert_eq!(again.picture.hash, read.picture.hash);
            }
        }
    }

    #[test]
    fn any_picture(mut head in prop::sample::select(vec![b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec(), b"\xff\xd8\xff".to_vec(), b"RIFF\0\0\0\0WEBPVP8 ".to_vec(), b"RIFF\0\0\0\0WEBPVP8L".to_vec(), b"RIFF\0\0\0\0WEBPVP8X".to_vec()]), tail in prop::collection::vec(any::<u8>(), 0..80)) {
        head.extend(tail);
        let _ = picture::read(&head);
    }

    #[test]
    fn any_formula(tex in tex()) {
        for display in [false, true] {
            if let Ok(mathml) = formula::to_mathml(&tex, display) {
                let document = roxmltree::Document::parse(&mathml).expect("MathML is XML");
                for node in document.descendants().filter(roxmltree::Node::is_element) {
                    prop_assert!(node.attributes().all(|attribute| !matches!(attribute.name(), "style" | "class" | "href" | "id")), "{}", mathml);
                    prop_assert!(node.tag_name().name().starts_with('m') || matches!(node.tag_name().name(), "semantics" | "annotation"), "{}", mathml);
                }
            }
        }
    }

    #[test]
    fn any_rich_text(source in "(<[a-z]{1,6} |</[a-z]{1,6}>|<b>|<p>|<table>|<td>|<svg>|<math>|<style>|<img src=|onerror=|\"|'|>|&#[0-9]{1,6};|&[a-z]{2,4};|\\\\\\(|\\\\\\)|\\$|√|\\PC){0,40}", dialect in 0_usize..6) {
        let markup = if dialect % 2 == 0 { Markup::Html } else { Markup::Plain };
        let math = [Math::Tex, Math::DollarTex, Math::DollarJqmath][dialect / 2];
        let read = |source: &str| RichText::import(source, Dialect { markup, math, alt: Alt::Generic }, &mut |src| if src.len() % 2 == 0 { Ok(Digest32([1; 32])) } else { Err(NoPicture::Missing) });
        let html = read(&source).html.to_lowercase();
        for word in ["<script", "<svg", "<style", "<iframe", "<object", "<!--"] {
            prop_assert!(!html.contains(word), "{} from {}", html, source);
        }
    }
}

#[test]
fn depth_and_length_end_somewhere() {
    let deep = [("[", "]"), ("{\"a\":", "}")];
    for (open, close) in deep {
        let text = format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
        assert_eq!(read("soal.json", text.into_bytes(), Some(&mapping())).problems[0].code, "json_bad");
    }
    let header = "id,section,topic,stem,choice_a,choice_b,key\n";
    for stem in [
        "<b>".repeat(3_000),
        "<table><tr><td>".repeat(900),
        "<p>".repeat(2_900),
        "\\(".repeat(8_000),
        "\\(x\\)".repeat(3_000),
        "&amp;".repeat(12_000),
        "\\(\\sqrt".repeat(900),
        format!("\\({}\\)", "\\sqrt".repeat(790)),
        format!("\\({}\\)", "x_".repeat(1_900)),
    ] {
        assert_sound(&read("soal.csv", format!("{header}a,umum,t,{stem},x,y,A\n").into_bytes(), None));
    }
}
