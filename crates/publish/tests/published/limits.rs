use crate::sample;
use publish::{Announcement, CELL_CHARS_MAX, Flaw, LISTS_MAX, PARAGRAPH_CHARS_MAX, PEOPLE_MAX, SECTIONS_MAX};

type Change = fn(&mut Announcement);

#[test]
fn flaws_are_found_before_anything_is_written() {
    let cases: [(&str, Change, Flaw); 13] = [
        ("no organiser", |it| it.organiser = " ".into(), Flaw::Empty { what: "organiser" }),
        ("no heading", |it| it.heading = "\u{200b}\n".into(), Flaw::Empty { what: "heading" }),
        ("no formation code", |it| it.lists[0].formation_code.clear(), Flaw::Empty { what: "formation code" }),
        ("revision 0", |it| it.revision = 0, Flaw::Revision),
        ("a clock never set", |it| it.published_utc_ms = 0, Flaw::PublishedAt),
        ("hash of another length", |it| it.input_hash.truncate(63), Flaw::InputHash),
        ("hash in capitals", |it| it.input_hash = it.input_hash.to_uppercase(), Flaw::InputHash),
        ("a formation twice", |it| it.lists.push(it.lists[0].clone()), Flaw::Twice { what: "formation code", code: "PK-01".into() }),
        ("a section twice", |it| it.lists[0].sections[1].code = "TWK".into(), Flaw::Twice { what: "section code", code: "TWK".into() }),
        (
            "a name too long",
            |it| it.lists[0].rows[0].name = "é".repeat(CELL_CHARS_MAX + 1),
            Flaw::TooLong { what: "name", chars: CELL_CHARS_MAX + 1, chars_max: CELL_CHARS_MAX },
        ),
        (
            "a reason too long",
            |it| it.reason = "x".repeat(PARAGRAPH_CHARS_MAX + 1),
            Flaw::TooLong { what: "reason", chars: PARAGRAPH_CHARS_MAX + 1, chars_max: PARAGRAPH_CHARS_MAX },
        ),
        (
            "too many sections",
            |it| it.lists[0].sections = vec![it.lists[0].sections[0].clone(); SECTIONS_MAX + 1],
            Flaw::TooMany { what: "sections", count: SECTIONS_MAX + 1, count_max: SECTIONS_MAX },
        ),
        (
            "too many people",
            |it| it.lists[0].rows = vec![it.lists[0].rows[0].clone(); PEOPLE_MAX + 1],
            Flaw::TooMany { what: "people", count: PEOPLE_MAX + 1, count_max: PEOPLE_MAX },
        ),
    ];
    for (case, change, flaw) in cases {
        let mut announcement = sample::announcement(&[3]);
        change(&mut announcement);
        assert_eq!(announcement.check(), Err(flaw), "{case}");
        assert!(publish::files(&announcement).is_err(), "{case}");
    }
}

#[test]
fn a_list_for_each_of_too_many_formations_is_refused() {
    let mut announcement = sample::announcement(&[]);
    announcement.lists = vec![sample::announcement(&[0]).lists.remove(0); LISTS_MAX + 1];
    assert_eq!(announcement.check(), Err(Flaw::TooMany { what: "lists", count: LISTS_MAX + 1, count_max: LISTS_MAX }));
}

#[test]
fn texts_as_long_as_allowed_are_published() {
    let mut announcement = sample::announcement(&[3]);
    announcement.heading = "Pengumuman ".repeat(PARAGRAPH_CHARS_MAX / 11);
    announcement.organiser = "W".repeat(PARAGRAPH_CHARS_MAX);
    announcement.reason = "i".repeat(PARAGRAPH_CHARS_MAX);
    announcement.number = "9".repeat(PARAGRAPH_CHARS_MAX);
    let list = &mut announcement.lists[0];
    list.formation_title = "Ahli ".repeat(CELL_CHARS_MAX / 5);
    list.sections =
        (0..SECTIONS_MAX).map(|number| publish::AnnouncedSection { code: format!("{number:W>60}"), title: "m".repeat(200) }).collect();
    for row in &mut list.rows {
        row.name = "W".repeat(CELL_CHARS_MAX);
        row.participant_no = "9".repeat(CELL_CHARS_MAX);
        row.marks_milli = vec![i64::MIN; SECTIONS_MAX];
        row.total_milli = Some(i64::MAX);
    }
    publish::files(&announcement).unwrap();
}

#[test]
fn files_are_the_same_every_time() {
    for announcement in [sample::golden(), sample::crowded(), sample::announcement(&[60, 1])] {
        assert!(publish::files(&announcement).unwrap() == publish::files(&announcement).unwrap());
    }
}

/// Whatever is typed into a name is published somehow; nothing may block an announcement at midnight.
#[test]
fn every_character_can_be_in_a_name() {
    let chars: Vec<char> = (0..0x3_0000_u32).chain(0xe_0000..0xe_0200).chain([0xf_0000, 0x10_ffff]).filter_map(char::from_u32).collect();
    let mut announcement = sample::announcement(&[1]);
    let row = announcement.lists[0].rows[0].clone();
    announcement.lists[0].rows =
        chars.chunks(CELL_CHARS_MAX).map(|chunk| publish::AnnouncedRow { name: chunk.iter().collect(), ..row.clone() }).collect();
    publish::files(&announcement).unwrap();
    publish::html::page(&announcement, &publish::html::Links::default());
}
