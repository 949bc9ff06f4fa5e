use crate::sample;
use publish::{Announcement, Error, Flaw};
use serde_json::Value;

const GOLDEN: &[u8] = include_bytes!("../golden/announcement-v2.json");

#[test]
fn the_format_is_written_and_read_as_ever() {
    let announcement = sample::golden();
    assert_eq!(String::from_utf8(announcement.to_json().unwrap()).unwrap(), String::from_utf8_lossy(GOLDEN));
    assert_eq!(Announcement::from_json(GOLDEN).unwrap(), announcement);
}

#[test]
fn altered_documents_are_not_read() {
    let golden = String::from_utf8_lossy(GOLDEN);
    let cases = [
        ("older format", golden.replace("\"format\":2", "\"format\":1")),
        ("newer format", golden.replace("\"format\":2", "\"format\":3")),
        ("unknown field", golden.replace("\"format\":2", "\"format\":2,\"nik\":\"1\"")),
        ("unknown field of a row", golden.replace("\"rank\":3", "\"rank\":3,\"birth_date\":\"1999-01-01\"")),
        ("unknown zone", golden.replace("\"WIB\"", "\"UTC\"")),
        ("a float", golden.replace("\"515.5\"", "515.5")),
        ("cut off", golden[..golden.len() / 2].to_owned()),
        ("empty", String::new()),
    ];
    for (case, document) in cases {
        assert!(matches!(Announcement::from_json(document.as_bytes()), Err(Error::Restore(_))), "{case}");
    }
}

#[test]
fn documents_that_contradict_themselves_are_not_read() {
    let golden = String::from_utf8_lossy(GOLDEN);
    let flawed = golden.replace("[\"70\",\"80.125\",\"170\"]", "[\"70\",\"80.125\"]");
    assert_ne!(flawed, golden);
    let error = Announcement::from_json(flawed.as_bytes()).unwrap_err();
    assert!(matches!(error, Error::Correct(Flaw::Mismatch { what: "marks", count: 2, columns: 3, .. })), "{error:?}");
}

/// Whether a document follows the published schema.
fn follows_schema(document: &Value) -> bool {
    let schema: Value = serde_json::from_str(publish::SCHEMA).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("daftar.schema.json", schema).unwrap();
    let index = compiler.compile("daftar.schema.json", &mut schemas).unwrap();
    schemas.validate(document, index).is_ok()
}

#[test]
fn documents_follow_the_published_schema() {
    let statistics = sample::with_statistics(sample::announcement(&[60, 1]));
    assert_eq!(statistics.statistics.len(), 1);
    for announcement in [sample::golden(), sample::decided(), sample::crowded(), sample::announcement(&[]), statistics] {
        assert!(follows_schema(&serde_json::from_slice(&announcement.to_json().unwrap()).unwrap()), "{}", announcement.heading);
    }
}

/// A document of before statistics is written as ever; with them it is read as it was written.
#[test]
fn statistics_are_there_only_where_they_are_shown() {
    assert!(!String::from_utf8_lossy(&sample::announcement(&[20]).to_json().unwrap()).contains("statistics"));
    let announcement = sample::with_statistics(sample::announcement(&[20, 4]));
    let json = announcement.to_json().unwrap();
    assert_eq!(Announcement::from_json(&json).unwrap(), announcement);
    let document: Value = serde_json::from_slice(&json).unwrap();
    let fields = |pointer: &str| document.pointer(pointer).and_then(Value::as_object).unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields("/statistics/0/items/0"), ["difficulty", "discrimination"], "no item has a name");
    assert_eq!(fields("/statistics/0/completion/0"), ["answered", "ended", "minute"]);
}

/// What the numbers of the statistics can be is the same to program and schema.
#[test]
fn numbers_at_their_limits_are_read() {
    let mut announcement = sample::with_statistics(sample::announcement(&[20]));
    let item = |(difficulty, discrimination): (&str, &str)| publish::ItemPoint {
        difficulty: difficulty.into(),
        discrimination: discrimination.into(),
    };
    let moment = |(minute, answered, ended): (u32, &str, &str)| publish::Moment { minute, answered: answered.into(), ended: ended.into() };
    let statistics = &mut announcement.statistics[0];
    statistics.people = publish::STATISTICS_PEOPLE_MIN;
    statistics.items =
        [("-1.00", "-1"), ("-0.5", "-0.07"), ("-0", "0.0"), ("0.00", "0"), ("0.5", "0.9"), ("0.50", "0.90"), ("1.0", "1.00")]
            .map(item)
            .into();
    statistics.completion = [(0, "0", "-0.000"), (1, "0.5", "0.125"), (u32::MAX, "1", "1.000")].map(moment).into();
    let json = announcement.to_json().unwrap();
    assert!(follows_schema(&serde_json::from_slice(&json).unwrap()));
    assert!(publish::pdf::write(&announcement).is_ok());
}

/// What the program refuses in a field, the schema refuses too.
#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let golden: Value = serde_json::from_slice(GOLDEN).unwrap();
    refused_by_both(
        &golden,
        &[
            ("/format", 1.into()),
            ("/nik", "1".into()),
            ("/lists/0/rows/0/birth_date", "1999-01-01".into()),
            ("/letterhead/lines", serde_json::json!([])),
            ("/heading", "".into()),
            ("/revision", 0.into()),
            ("/zone", "UTC".into()),
            ("/input_hash", "3F".into()),
            ("/display/mark", ";".into()),
            ("/display/decimals", 10.into()),
            ("/codes/0/status", "Lulus!".into()),
            ("/lists/0/sections/0/max", "1e3".into()),
            ("/lists/0/rows/0/total", "1,5".into()),
            ("/lists/0/rows/0/marks/0", 140.into()),
            ("/lists/0/rows/0/participant_no", "".into()),
            ("/lists/0/rows/0/rank", (-1).into()),
            ("/lists/0/rows/0/rank", 0.into()),
        ],
    );
    let statistics = sample::with_statistics(sample::announcement(&[20]));
    let statistics: Value = serde_json::from_slice(&statistics.to_json().unwrap()).unwrap();
    refused_by_both(
        &statistics,
        &[
            ("/statistics/0/people", 9.into()),
            ("/statistics/0/formation_code", "".into()),
            ("/statistics/0/form", "A".into()),
            ("/statistics/0/items/0/item", "butir-17".into()),
            ("/statistics/0/items/0/difficulty", "-1.01".into()),
            ("/statistics/0/items/0/difficulty", "0.125".into()),
            ("/statistics/0/items/0/difficulty", 0.into()),
            ("/statistics/0/items/109/discrimination", "1.1".into()),
            ("/statistics/0/items/109/discrimination", "0,5".into()),
            ("/statistics/0/items", vec![statistics["statistics"][0]["items"][0].clone(); publish::ITEMS_MAX + 1].into()),
            ("/statistics/0/completion/0/minute", (-1).into()),
            ("/statistics/0/completion/0/answered", "-0.001".into()),
            ("/statistics/0/completion/0/ended", "1.001".into()),
            ("/statistics/0/completion/0/ended", "0.0001".into()),
            ("/statistics/0/completion/0/participant_no", "1".into()),
        ],
    );
}

fn refused_by_both(document: &Value, cases: &[(&str, Value)]) {
    for (pointer, value) in cases {
        let (mut document, value) = (document.clone(), value.clone());
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Value::Object(fields) => {
                fields.insert(field.to_owned(), value);
            }
            Value::Array(items) => items[field.parse::<usize>().unwrap()] = value,
            other => panic!("{pointer} leads to {other}"),
        }
        assert!(!follows_schema(&document), "{pointer}");
        assert!(Announcement::from_json(document.to_string().as_bytes()).is_err(), "{pointer}");
    }
}

#[test]
fn the_schema_has_the_limits_of_the_program() {
    let schema: Value = serde_json::from_str(publish::SCHEMA).unwrap();
    let cases = [
        ("/properties/letterhead/properties/lines/maxItems", publish::LETTERHEAD_LINES_MAX),
        ("/properties/letterhead/properties/lines/items/maxLength", publish::LETTERHEAD_CHARS_MAX),
        ("/properties/decrees/maxItems", publish::DECREES_MAX),
        ("/properties/codes/maxItems", publish::CODES_MAX),
        ("/properties/codes/items/properties/id/maxLength", publish::CELL_CHARS_MAX),
        ("/properties/values/maxItems", publish::VALUES_MAX),
        ("/properties/lists/maxItems", publish::LISTS_MAX),
        ("/properties/display/properties/decimals/maximum", usize::from(publish::DECIMALS_MAX)),
        ("/$defs/paragraph/maxLength", publish::PARAGRAPH_CHARS_MAX),
        ("/$defs/code/maxLength", publish::CODE_CHARS_MAX),
        ("/$defs/list/properties/sections/maxItems", publish::SECTIONS_MAX),
        ("/$defs/list/properties/sections/items/properties/title/maxLength", publish::SECTION_TITLE_CHARS_MAX),
        ("/properties/statistics/maxItems", publish::LISTS_MAX),
        ("/$defs/statistics/properties/people/minimum", publish::STATISTICS_PEOPLE_MIN as usize),
        ("/$defs/statistics/properties/items/maxItems", publish::ITEMS_MAX),
        ("/$defs/statistics/properties/completion/maxItems", publish::MOMENTS_MAX),
        ("/$defs/row/properties/participant_no/maxLength", publish::CELL_CHARS_MAX),
        ("/$defs/row/properties/name/maxLength", publish::CELL_CHARS_MAX),
    ];
    for (pointer, limit) in cases {
        assert_eq!(schema.pointer(pointer).and_then(Value::as_u64), Some(limit as u64), "{pointer}");
    }
}
