use crate::sample;
use publish::{Announcement, Error, Flaw};

const GOLDEN: &[u8] = include_bytes!("../golden/announcement-v1.json");

#[test]
fn the_first_format_is_written_and_read_as_ever() {
    let announcement = sample::golden();
    assert_eq!(String::from_utf8(announcement.to_json().unwrap()).unwrap(), String::from_utf8_lossy(GOLDEN));
    assert_eq!(Announcement::from_json(GOLDEN).unwrap(), announcement);
}

#[test]
fn altered_documents_are_not_read() {
    let golden = String::from_utf8_lossy(GOLDEN);
    let cases = [
        ("newer format", golden.replace("\"format\":1", "\"format\":2")),
        ("unknown field", golden.replace("\"format\":1", "\"format\":1,\"nik\":\"1\"")),
        ("unknown status", golden.replace("\"absent\"", "\"passed\"")),
        ("unknown zone", golden.replace("\"WIB\"", "\"UTC\"")),
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
    let flawed = golden.replace("[60000,80125,150000]", "[60000,80125]");
    assert_ne!(flawed, golden);
    let error = Announcement::from_json(flawed.as_bytes()).unwrap_err();
    assert!(matches!(error, Error::Correct(Flaw::MarksMismatch { row: 3, marks: 2, sections: 3, .. })), "{error:?}");
}
