//! Mappings at their border: what one can say, and what one is told when it is said wrongly.

use question_bank::import::{Files, Import, Mapping, SourceFile, import};

const HEAD: &str = "code = \"x-{row:2}\"\nsection = \"umum\"\ntopic = \"t\"\nstem = \"{q}\"\n";

/// Reads one file through a mapping of this kind; `more` goes after the common lines.
fn read(kind: &str, more: &str, file: &str, text: &str) -> Import {
    let mapping = format!("kind = \"{kind}\"\n{HEAD}{more}");
    let mapping = Mapping::parse(&mapping).unwrap_or_else(|error| panic!("{error}\n{mapping}"));
    let file = SourceFile { name: file.to_owned(), bytes: text.as_bytes().to_vec() };
    import(&Files::new(vec![file]).expect("within limits"), Some(&mapping))
}

fn json(more: &str, text: &str) -> Import {
    read("json", more, "soal.json", text)
}

fn codes(import: &Import) -> Vec<(u32, &str, &str)> {
    import.problems.iter().map(|problem| (problem.row, problem.field.as_str(), problem.code)).collect()
}

/// Choices and the whole marks of each, of one item.
fn faces(import: &Import) -> Vec<(&str, Vec<&str>, Vec<i64>)> {
    let face = |item: &'_ question_bank::import::ImportedItem| item.key.weights().iter().map(|weight| weight.milli() / 1000).collect();
    import
        .items
        .iter()
        .map(|item| (item.item.face.stem.as_str(), item.item.face.choices.iter().map(String::as_str).collect(), face(item)))
        .collect()
}

#[test]
fn keys_in_every_notation() {
    let check = |notation: &str, options: &str, key: &str, expected: Result<&[i64], &str>| {
        let more = format!("[choices]\nfield = \"o\"\nstrip_labels = true\n[key]\nfield = \"k\"\nnotation = \"{notation}\"\n");
        let import = json(&more, &format!("[{{\"q\": \"Soal?\", \"o\": {options}, \"k\": {key}}}]"));
        match expected {
            Ok(weights) => {
                assert_eq!(faces(&import).first().map(|face| &face.2[..]), Some(weights), "{notation} {key}: {:?}", import.problems)
            }
            Err(code) => {
                assert_eq!(import.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [code], "{notation} {key}");
            }
        }
    };
    let array = "[\"x\", \"y\", \"z\"]";
    check("letter", array, "\"B\"", Ok(&[0, 5, 0]));
    check("letter", array, "\" c \"", Ok(&[0, 0, 5]));
    check("letter", array, "\"D\"", Err("key_out_of_range"));
    check("letter", array, "\"2\"", Err("key_bad"));
    check("letter", array, "null", Err("key_missing"));
    check("one_based", array, "\"3\"", Ok(&[0, 0, 5]));
    check("one_based", array, "1", Ok(&[5, 0, 0]));
    check("one_based", array, "0", Err("key_bad"));
    check("one_based", array, "4", Err("key_out_of_range"));
    check("one_based", array, "1e999", Err("json_bad"));
    check("zero_based", array, "2", Ok(&[0, 0, 5]));
    check("zero_based", array, "3", Err("key_out_of_range"));
    check("zero_based", array, "-1", Err("key_bad"));
    check("zero_based", array, "1.0", Err("key_bad"));
    check("zero_based", array, "99999999999999999999999", Err("key_bad"));
    check("text", array, "\"y\"", Ok(&[0, 5, 0]));
    check("text", array, "\"w\"", Err("key_out_of_range"));
    check("label", "{\"b\": \"y\", \"a\": \"x\"}", "\"B\"", Ok(&[0, 5]));
    check("label", "{\"1\": \"x\", \"10\": \"w\", \"2\": \"y\"}", "\"10\"", Ok(&[0, 0, 5]));
    check("label", "[\"A. x\", \"B) y\"]", "\"b\"", Ok(&[0, 5]));
    check("label", array, "\"a\"", Err("key_out_of_range"));
}

#[test]
fn a_problem_of_the_whole_file_has_row_zero() {
    let more = "items = \"a.b\"\n[choices]\nfield = \"o\"\n[key]\nfield = \"k\"\nnotation = \"letter\"\n";
    for text in ["", "[", "{\"a\": {}}", "{\"a\": {\"b\": 1}}", "[[[[", &"[".repeat(100_000)] {
        assert_eq!(codes(&json(more, text)), [(0, "", "json_bad")], "{}", &text[..text.len().min(20)]);
    }
    assert_eq!(
        codes(&json(more, "{\"a\": {\"b\": [1, {}]}}")),
        [(0, "", "json_bad"), (1, "q", "column_missing"), (1, "o", "column_missing")]
    );
}

#[test]
fn weights_glued_to_the_choices() {
    let more = "[choices]\nfield = \"o\"\n[key]\nfield = \"k\"\nnotation = \"letter\"\n[weights]\nlast_character = \"key_empty\"\n";
    let text = r#"[
        {"q": "Sikap Anda?", "o": ["Diam3", "Lapor.5", "Pergi 1"], "k": ""},
        {"q": "Ibu kota?", "o": ["Jakarta", "Bogor2", "Depok"], "k": "A"},
        {"q": "Lupa?", "o": ["Diam3", "Lapor", "Pergi1"], "k": ""},
        {"q": "Tanpa kunci?", "o": ["x", "y"], "k": ""}
    ]"#;
    let import = json(more, text);
    assert_eq!(
        faces(&import),
        [("Sikap Anda?", vec!["Diam", "Lapor.", "Pergi"], vec![3, 5, 1]), ("Ibu kota?", vec!["Jakarta", "Bogor2", "Depok"], vec![5, 0, 0])]
    );
    assert_eq!(codes(&import), [(2, "o[1]", "weight_bad"), (3, "key", "key_missing")]);
    // Where the mapping does not expect them, weights would tell the candidate the answer.
    let unexpected = "[choices]\nfield = \"o\"\n[key]\nfield = \"k\"\nnotation = \"letter\"\n";
    let check = |options: &str, glued: bool| {
        let import = json(unexpected, &format!("[{{\"q\": \"Sikap Anda?\", \"o\": {options}, \"k\": \"A\"}}]"));
        assert_eq!(codes(&import), if glued { vec![(0, "choices", "weight_glued")] } else { vec![] }, "{options}");
    };
    check("[\"diam saja3\", \"melapor5\", \"pergi (oaks)1\"]", true);
    check("[\"diam saja 3\", \"melapor 5\", \"pergi 1\"]", false);
    check("[\"kelompok1\", \"kelompok2\", \"kelompok3\"]", false);
    check("[\"CO2\", \"H2\", \"SO4\"]", false);
    check("[\"diam3\", \"lapor3\", \"pergi1\"]", false);
}

#[test]
fn questions_run_together() {
    let more = "[choices]\nfield = \"o\"\nstrip_labels = true\n[key]\nfield = \"k\"\nnotation = \"letter\"\n";
    let text = r#"[
        {"q": "Satu?", "o": ["a", "b", "c", "d"], "k": "A"},
        {"q": "Dua?", "o": ["a", "b", "c", "d", "e", "f", "g", "h"], "k": "A"},
        {"q": "Tiga?", "o": ["A. a", "B. b", "C. c", "A. d", "B. e", "C. f"], "k": "A"},
        {"q": "Empat?", "o": ["A. a", "B. b", "D. d"], "k": "A"},
        {"q": "Lima?", "o": ["a", "b", "c", "d"], "k": "A"}
    ]"#;
    let import = json(more, text);
    assert_eq!(codes(&import), [(1, "choices", "run_together"), (2, "choices", "run_together"), (3, "o[2]", "choice_missing")]);
    assert_eq!((import.items.len(), import.bad), (2, 3));
}

#[test]
fn values_templates_ranges_and_repairs() {
    let more = r#"
level = { ranges = [ { from = 0, to = 0, value = "C1" }, { file = "soal.json", from = 1, to = 9, value = "C4" } ] }
subtopic = "{meta.bidang}"
language = { template = "{bahasa}", values = { bahasa = { "Indonesia" = "id", "Inggris" = "en" } } }
basis = "{alasan}"
[choices]
field = "o"
drop_empty = true
[key]
field = "k"
notation = "one_based"
right = "2.5"
blank = "-1"
[pictures]
strip_prefix = "../../"
[[rewrite]]
in = "stem"
find = '^\d+\. '
replace = ""
[[rewrite]]
in = "both"
find = 'yg'
replace = "yang"
"#;
    let text = r#"[
        {"q": "12. Hewan yg terbang?", "o": ["yg ini", "", "itu"], "k": 2, "bahasa": "Indonesia", "meta": {"bidang": "Ilmu Alam"}, "alasan": "Burung."},
        {"q": "Which?", "o": ["this", "that"], "k": 1, "bahasa": "Inggris", "meta": {"bidang": "x"}}
    ]"#;
    let import = json(more, text);
    assert_eq!(codes(&import), []);
    let (first, second) = (&import.items[0], &import.items[1]);
    assert_eq!(
        (first.item.code.as_str(), first.item.cell.subtopic.as_str(), first.item.cell.level.to_string().as_str()),
        ("x-00", "ilmu-alam", "C1")
    );
    assert_eq!(
        (first.item.face.stem.as_str(), first.item.face.choices.join("|").as_str(), first.item.basis.as_str()),
        ("Hewan yang terbang?", "yang ini|itu", "Burung.")
    );
    assert_eq!(first.key.weights().iter().map(ToString::to_string).collect::<Vec<_>>(), ["0", "2.5"]);
    assert_eq!(
        (first.key.blank().to_string().as_str(), second.item.face.language.as_str(), second.item.cell.level.to_string().as_str()),
        ("-1", "en", "C4")
    );
}

#[test]
fn tables_of_others() {
    let more = "markup = \"plain\"\nmath = \"none\"\n[choices]\nfields = [\"Opsi A\", \"Opsi B\"]\n[key]\nfield = \"Kunci\"\nnotation = \"letter\"\n";
    let import = read("csv", more, "soal.csv", "No;q;Opsi A;Opsi B;Kunci\n1;Apa <b>itu</b> \\(x\\)?;x;=y;B\n2;pendek\n");
    assert_eq!(codes(&import), [(3, "", "row_short")]);
    assert_eq!(faces(&import), [("Apa &lt;b&gt;itu&lt;/b&gt; \\(x\\)?", vec!["x", "=y"], vec![0, 5])]);
    let absent = read("csv", more, "soal.csv", "No,q,Opsi A\n1,Apa?,x\n");
    assert_eq!(codes(&absent), [(2, "Opsi B", "column_missing")]);
}

const AIKEN: &str = r#"
[lines]
question = '^(?P<n>\d+)[.)] (?P<stem>.+)$'
option = '^(?P<label>[A-J])[.)] (?P<text>.+)$'
key = '^ANSWER: (?P<key>\w)$'
fence = '^```'
stop = '^Pembahasan'
reset = '^# (?P<group>\w+)'
[choices]
field = "choices"
[key]
field = "key"
notation = "label"
"#;

fn lines(text: &str) -> Import {
    let head =
        "kind = \"lines\"\nmarkup = \"markdown\"\ncode = \"{group}-{n}\"\nsection = \"umum\"\ntopic = \"{group}\"\nstem = \"{stem}\"\n";
    let mapping = Mapping::parse(&format!("{head}{AIKEN}")).unwrap_or_else(|error| panic!("{error}"));
    let file = SourceFile { name: "soal.txt".to_owned(), bytes: text.as_bytes().to_vec() };
    import(&Files::new(vec![file]).expect("within limits"), Some(&mapping))
}

#[test]
fn questions_in_lines() {
    let import = lines(
        "# Satu\n\n1. Apa `a<b>` *itu*?\nBaris dua.\n\n```js\nlet x = '<b>';\n\n# bukan judul\n```\nA. ya \\*\nB. ti\n   dak\nANSWER: B\nPembahasan\nA. bukan pilihan\n\n# Dua\n1) Lain?\nA) x\nB) y\nANSWER: A\n",
    );
    assert_eq!(codes(&import), []);
    let stem = "<p>Apa <code>a&lt;b&gt;</code> <em>itu</em>?\nBaris dua.</p><pre><code>let x = '&lt;b&gt;';\n\n# bukan judul</code></pre>";
    assert_eq!(faces(&import), [(stem, vec!["ya *", "ti<br>dak"], vec![0, 5]), ("Lain?", vec!["x", "y"], vec![5, 0])]);
    assert_eq!(import.items.iter().map(|item| (item.item.code.as_str(), item.row)).collect::<Vec<_>>(), [("satu-1", 3), ("dua-1", 19)]);
}

#[test]
fn a_question_that_is_not_recognised_shows_as_two_run_together() {
    let import = lines("# Satu\n1. Apa?\nA. a\nB. b\nANSWER: B\n2.Lupa spasi?\nA. c\nB. d\nANSWER: A\n");
    assert_eq!(
        codes(&import).iter().map(|(row, _, code)| (*row, *code)).collect::<Vec<_>>(),
        [(2, "run_together"), (2, "key_out_of_range")]
    );
}

#[test]
fn errors_of_a_mapping_name_the_line() {
    let choices = "[choices]\nfield = \"o\"\n[key]\nfield = \"k\"\nnotation = \"letter\"\n";
    for (text, line, words) in [
        ("kind = \"json\"\nkode = 1\n".to_owned(), 2, "unknown field"),
        ("kind = \"yaml\"\n".to_owned(), 1, "unknown variant"),
        ("kind = \"json\"\ncode = \"x-{row\"\n".to_owned(), 2, "not closed"),
        ("kind = \"json\"\ncode = \"x-}\"\n".to_owned(), 2, "closes nothing"),
        ("kind = \"json\"\n\ncode = \"{row:x}\"\n".to_owned(), 3, "width"),
        ("kind = \"json\"\ncode = \"{}\"\n".to_owned(), 2, "without a name"),
        ("kind = \"json\"\ncode = { values = {} }\n".to_owned(), 2, "either template"),
        (format!("kind = \"json\"\n{HEAD}{choices}[[rewrite]]\nin = \"stem\"\nfind = '('\nreplace = ''\n"), 13, "regex"),
        (format!("kind = \"json\"\n{HEAD}{choices}[[rewrite]]\nin = \"stem\"\nfind = '\\w{{9999}}{{9999}}'\nreplace = ''\n"), 13, ""),
        (format!("kind = \"json\"\n{HEAD}[choices]\n[key]\nfield = \"k\"\nnotation = \"letter\"\n"), 1, "either field or fields"),
        (format!("kind = \"lines\"\n{HEAD}{choices}"), 1, "[lines]"),
        (format!("kind = \"json\"\nmarkup = \"markdown\"\n{HEAD}{choices}"), 1, "markdown"),
        (format!("kind = \"lines\"\n{HEAD}{choices}[lines]\nquestion = 'x'\noption = 'y'\n"), 11, "(?P<stem>...)"),
        (
            format!("kind = \"json\"\n{HEAD}{choices}[[rewrite]]\nin = \"stem\"\nfind = 'a'\nreplace = '{}'\n", "b".repeat(201)),
            1,
            "200 bytes",
        ),
        (format!("kind = \"json\"\ncode = \"{}\"\n", "{row}".repeat(30)), 2, "too many fields"),
        ("\u{feff}kind = ".to_owned(), 1, ""),
        ("x".repeat(Mapping::BYTES_MAX + 1), 1, "64 KiB"),
    ] {
        let error = Mapping::parse(&text).expect_err(&text);
        assert_eq!(error.line, line, "{error}\n{text}");
        assert!(error.reason.contains(words), "{error}\n{text}");
    }
}
