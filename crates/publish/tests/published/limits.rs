use crate::{sample, tools};
use publish::{
    Announcement, CELL_CHARS_MAX, CODES_MAX, Flaw, ITEMS_MAX, LETTERHEAD_CHARS_MAX, LETTERHEAD_LINES_MAX, LISTS_MAX, MOMENTS_MAX,
    PARAGRAPH_CHARS_MAX, PEOPLE_MAX, Part, Place, SECTIONS_MAX, STATISTICS_PEOPLE_MIN,
};

type Change = fn(&mut Announcement);

fn row(row: usize) -> Place {
    place(Part::Row(row))
}

fn place(part: Part) -> Place {
    Place { formation_code: "PK-01".into(), part }
}

fn check(cases: &[(&str, Change, Flaw)]) {
    check_in(&sample::announcement(&[3]), cases);
}

fn check_in(sound: &Announcement, cases: &[(&str, Change, Flaw)]) {
    assert_eq!(sound.check(), Ok(()));
    for (case, change, flaw) in cases {
        let mut announcement = sound.clone();
        change(&mut announcement);
        assert_eq!(announcement.check().as_ref(), Err(flaw), "{case}");
        assert!(publish::files(&announcement).is_err(), "{case}");
    }
}

#[test]
fn flaws_of_the_letter_are_found_before_anything_is_written() {
    check(&[
        ("no letterhead", |it| it.letterhead.lines.clear(), Flaw::Empty { what: "letterhead" }),
        ("an empty line", |it| it.letterhead.lines[1] = " ".into(), Flaw::Empty { what: "line of the letterhead" }),
        (
            "too many lines",
            |it| it.letterhead.lines = vec!["x".into(); LETTERHEAD_LINES_MAX + 1],
            Flaw::TooMany { what: "lines of the letterhead", count: LETTERHEAD_LINES_MAX + 1, count_max: LETTERHEAD_LINES_MAX },
        ),
        ("no organiser", |it| it.organiser = " ".into(), Flaw::Empty { what: "organiser" }),
        ("no heading", |it| it.heading = "\u{200b}\n".into(), Flaw::Empty { what: "heading" }),
        ("an empty decree", |it| it.decrees.push(String::new()), Flaw::Empty { what: "decree" }),
        ("revision 0", |it| it.revision = 0, Flaw::Revision),
        ("a clock never set", |it| it.published_utc_ms = 0, Flaw::PublishedAt),
        ("hash of another length", |it| it.input_hash.truncate(63), Flaw::Hash { what: "input hash" }),
        ("hash in capitals", |it| it.results_hash = it.results_hash.to_uppercase(), Flaw::Hash { what: "results hash" }),
        ("no hash", |it| it.rule_set.hash.clear(), Flaw::Hash { what: "rule set hash" }),
        ("a strange mark", |it| it.display.mark = ';', Flaw::Display { decimals: 3, mark: ';' }),
        ("too many decimals", |it| it.display.decimals = 10, Flaw::Display { decimals: 10, mark: ',' }),
        (
            "a reason too long",
            |it| it.reason = "x".repeat(PARAGRAPH_CHARS_MAX + 1),
            Flaw::TooLong { what: "reason", chars: PARAGRAPH_CHARS_MAX + 1, chars_max: PARAGRAPH_CHARS_MAX },
        ),
        ("a code without a meaning", |it| it.codes[0].id.clear(), Flaw::Empty { what: "meaning of a code" }),
        ("a status in two words", |it| it.codes[0].status = "not selected".into(), Flaw::StatusWord { status: "not selected".into() }),
    ]);
}

#[test]
fn flaws_of_a_list_are_found_with_their_place() {
    let number = |what, text: &str| Flaw::NotADecimal { place: row(2), what, text: text.into() };
    check(&[
        ("no formation code", |it| it.lists[0].formation_code.clear(), Flaw::Empty { what: "formation code" }),
        ("a formation twice", |it| it.lists.push(it.lists[0].clone()), Flaw::Twice { what: "formation code", code: "PK-01".into() }),
        ("a section twice", |it| it.lists[0].sections[1].code = "TWK".into(), Flaw::Twice { what: "section code", code: "TWK".into() }),
        (
            "a number twice, written in another way",
            |it| {
                it.lists[0].rows[0].participant_no = "ab 1".into();
                it.lists[0].rows[2].participant_no = "AB1".into();
            },
            Flaw::Twice { what: "participant number", code: "AB1".into() },
        ),
        ("no number", |it| it.lists[0].rows[0].participant_no = " ".into(), Flaw::Empty { what: "participant number" }),
        (
            "a name too long",
            |it| it.lists[0].rows[0].name = Some("é".repeat(CELL_CHARS_MAX + 1)),
            Flaw::TooLong { what: "name", chars: CELL_CHARS_MAX + 1, chars_max: CELL_CHARS_MAX },
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
        ("a mark with a comma", |it| it.lists[0].rows[1].marks[0] = "12,5".into(), number("mark", "12,5")),
        ("a total in words", |it| it.lists[0].rows[1].total = Some("lima".into()), number("total", "lima")),
        (
            "a threshold in words",
            |it| it.lists[0].total_threshold = Some("-".into()),
            Flaw::NotADecimal { place: place(Part::List), what: "threshold of the total", text: "-".into() },
        ),
        (
            "a mark is missing",
            |it| it.lists[0].rows[1].marks.truncate(2),
            Flaw::Mismatch { place: row(2), what: "marks", count: 2, columns: 3 },
        ),
        (
            "a value without a column",
            |it| {
                it.columns.stage_values = true;
                it.lists[0].rows[1].values.push(None);
            },
            Flaw::Mismatch { place: row(2), what: "stage values", count: 1, columns: 0 },
        ),
        (
            "a code nobody explains",
            |it| it.lists[0].rows[1].code = "X".into(),
            Flaw::Unexplained { place: row(2), code: "X".into(), status: "shortlisted".into() },
        ),
        (
            "a code explained for another status",
            |it| it.lists[0].rows[1].status = "absent".into(),
            Flaw::Unexplained { place: row(2), code: "P/L".into(), status: "absent".into() },
        ),
    ]);
}

#[test]
fn flaws_of_statistics_are_found_with_their_place() {
    let out = |part, what, text: &str, least| Flaw::OutOfRange { place: place(part), what, text: text.into(), least, most: 1 };
    let places = |part, text: &str, decimals| Flaw::NotRounded { place: place(part), text: text.into(), decimals };
    let order = |part, what| Flaw::NotSorted { place: place(part), what };
    let by_both = "difficulty, then discrimination";
    check_in(
        &sample::with_statistics(sample::announcement(&[20])),
        &[
            ("a formation without a list", |it| it.statistics[0].formation_code = "XX".into(), Flaw::NoList { code: "XX".into() }),
            (
                "a formation twice",
                |it| it.statistics.push(it.statistics[0].clone()),
                Flaw::Twice { what: "formation of the statistics", code: "PK-01".into() },
            ),
            (
                "too few people",
                |it| it.statistics[0].people = STATISTICS_PEOPLE_MIN - 1,
                Flaw::TooFewPeople { place: place(Part::Statistics), people: STATISTICS_PEOPLE_MIN - 1 },
            ),
            (
                "too many items",
                |it| it.statistics[0].items = vec![it.statistics[0].items[0].clone(); ITEMS_MAX + 1],
                Flaw::TooMany { what: "items", count: ITEMS_MAX + 1, count_max: ITEMS_MAX },
            ),
            (
                "too many moments",
                |it| it.statistics[0].completion = vec![it.statistics[0].completion[0].clone(); MOMENTS_MAX + 1],
                Flaw::TooMany { what: "moments", count: MOMENTS_MAX + 1, count_max: MOMENTS_MAX },
            ),
            (
                "a difficulty with a comma",
                |it| it.statistics[0].items[1].difficulty = "0,5".into(),
                Flaw::NotADecimal { place: place(Part::Item(2)), what: "difficulty", text: "0,5".into() },
            ),
            (
                "an undefined discrimination",
                |it| it.statistics[0].items[1].discrimination = "NaN".into(),
                Flaw::NotADecimal { place: place(Part::Item(2)), what: "discrimination", text: "NaN".into() },
            ),
            (
                "a difficulty below",
                |it| it.statistics[0].items[0].difficulty = "-1.01".into(),
                out(Part::Item(1), "difficulty", "-1.01", -1),
            ),
            (
                "a discrimination above",
                |it| it.statistics[0].items[1].discrimination = "1.01".into(),
                out(Part::Item(2), "discrimination", "1.01", -1),
            ),
            ("too exact an item", |it| it.statistics[0].items[2].difficulty = "0.500".into(), places(Part::Item(3), "0.500", 2)),
            ("items in another order", |it| it.statistics[0].items.swap(0, 109), order(Part::Item(2), by_both)),
            (
                "equally difficult items in another order",
                |it| {
                    let item =
                        |discrimination: &str| publish::ItemPoint { difficulty: "0.5".into(), discrimination: discrimination.into() };
                    it.statistics[0].items = vec![item("-0.1"), item("-0.2")];
                },
                order(Part::Item(2), by_both),
            ),
            (
                "sorted as texts",
                |it| {
                    let item = |difficulty: &str| publish::ItemPoint { difficulty: difficulty.into(), discrimination: "0".into() };
                    it.statistics[0].items = vec![item("-0.1"), item("-0.2"), item("0.3")];
                },
                order(Part::Item(2), by_both),
            ),
            (
                "a negative share",
                |it| it.statistics[0].completion[3].answered = "-0.001".into(),
                out(Part::Moment(4), "share answered", "-0.001", 0),
            ),
            (
                "more than all",
                |it| it.statistics[0].completion[100].ended = "1.001".into(),
                out(Part::Moment(101), "share ended", "1.001", 0),
            ),
            ("too exact a share", |it| it.statistics[0].completion[3].ended = "0.1234".into(), places(Part::Moment(4), "0.1234", 3)),
            (
                "a share in percent",
                |it| it.statistics[0].completion[3].ended = "12 %".into(),
                Flaw::NotADecimal { place: place(Part::Moment(4)), what: "share ended", text: "12 %".into() },
            ),
            ("a minute twice", |it| it.statistics[0].completion[5].minute = 4, order(Part::Moment(6), "minutes")),
            ("time running back", |it| it.statistics[0].completion.swap(1, 2), order(Part::Moment(3), "minutes")),
        ],
    );
    let flaw = order(Part::Item(2), by_both).to_string();
    assert_eq!(flaw, "item 2 of the statistics of \"PK-01\" does not stand in the order of difficulty, then discrimination");
}

#[test]
fn a_stage_value_is_published_as_it_was_rounded() {
    let mut announcement = sample::decided();
    announcement.lists[0].rows[1].values[2] = Some("70.3505".into());
    assert_eq!(announcement.check(), Err(Flaw::NotRounded { place: row(2), text: "70.3505".into(), decimals: 3 }));
}

/// What policy hides is refused, not only left out of tables: `daftar.json` is the document itself. (There is no canary for identity
/// numbers, birth dates, addresses and accommodations: the type has no field that could carry one.)
#[test]
fn what_is_not_shown_is_not_there() {
    type Hide = fn(&mut publish::Columns);
    let cases: [(&str, Hide, Option<&str>); 4] = [
        ("category", |columns| columns.category = false, Some("KANARI-JENIS")),
        ("marks", |columns| columns.marks = false, Some("111.875")),
        ("stage values", |columns| columns.stage_values = false, Some("99.125")),
        ("rank", |columns| columns.rank = false, None),
    ];
    for (what, hide, canary) in cases {
        let mut announcement = sample::decided();
        let first = &mut announcement.lists[0].rows[0];
        (first.category, first.marks[0], first.values[0]) = (Some("KANARI-JENIS".into()), "111.875".into(), Some("99.125".into()));
        assert_eq!(announcement.check(), Ok(()));
        hide(&mut announcement.columns);
        assert!(matches!(announcement.check(), Err(Flaw::Hidden { what: found, .. }) if found == what), "{what}");
        let hidden = announcement.without_hidden();
        assert_eq!(hidden.check(), Ok(()), "{what}");
        let json = String::from_utf8(hidden.to_json().unwrap()).unwrap();
        assert!(canary.is_none_or(|canary| !json.contains(canary)), "{what}");
        assert!(what != "rank" || hidden.lists.iter().flat_map(|list| &list.rows).all(|row| row.rank.is_none()));
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
    let mut announcement = sample::decided();
    announcement.letterhead.lines = vec!["W".repeat(LETTERHEAD_CHARS_MAX); LETTERHEAD_LINES_MAX];
    announcement.heading = "Pengumuman ".repeat(PARAGRAPH_CHARS_MAX / 11);
    announcement.organiser = "W".repeat(PARAGRAPH_CHARS_MAX);
    announcement.reason = "i".repeat(PARAGRAPH_CHARS_MAX);
    announcement.number = "9".repeat(PARAGRAPH_CHARS_MAX);
    announcement.decrees = vec!["Keputusan ".repeat(PARAGRAPH_CHARS_MAX / 10); 3];
    for entry in &mut announcement.codes {
        (entry.id, entry.en) = ("m".repeat(CELL_CHARS_MAX), "w".repeat(CELL_CHARS_MAX));
    }
    let same = |number| publish::CodeMeaning { id: format!("{number:m>500}"), ..announcement.codes[0].clone() };
    let further: Vec<publish::CodeMeaning> = (announcement.codes.len()..CODES_MAX).map(same).collect();
    announcement.codes.extend(further);
    announcement.place = "P".repeat(PARAGRAPH_CHARS_MAX);
    announcement.signatory = Some(publish::Signatory { position: "J".repeat(PARAGRAPH_CHARS_MAX), name: "N".repeat(PARAGRAPH_CHARS_MAX) });
    for (number, value) in announcement.values.iter_mut().enumerate() {
        value.title = format!("{number:W>60}");
    }
    let list = &mut announcement.lists[0];
    list.rows.truncate(6);
    list.formation_title = "Ahli ".repeat(CELL_CHARS_MAX / 5);
    list.sections = (0..SECTIONS_MAX)
        .map(|number| publish::AnnouncedSection {
            code: format!("{number:W>60}"),
            title: "m".repeat(200),
            max: Some("999999999999.999999999".into()),
            threshold: Some("-999999999999.999999999".into()),
        })
        .collect();
    for (number, row) in list.rows.iter_mut().enumerate() {
        row.name = Some("W".repeat(CELL_CHARS_MAX));
        row.participant_no = format!("{number:9>500}");
        row.category = Some("W".repeat(60));
        row.to_formation = Some("W".repeat(60));
        row.marks = vec!["-999999999999.999999999".into(); SECTIONS_MAX];
        row.total = Some("999999999999.999999999".into());
    }
    let files = publish::files(&announcement).unwrap();
    tools::file("longest.pdf", &files.pdf);
    let list = &announcement.lists[0];
    publish::certificate::write(&announcement, list, &list.rows[0], "https://contoh.example/hasil/1/peserta/9").unwrap();
}

#[test]
fn files_are_the_same_every_time() {
    for announcement in [sample::golden(), sample::decided(), sample::crowded(), sample::with_statistics(sample::announcement(&[60, 1]))] {
        assert!(publish::files(&announcement).unwrap() == publish::files(&announcement).unwrap());
    }
}

#[test]
fn twenty_thousand_people_have_all_files() {
    let announcement = sample::announcement(&[500; 40]);
    assert_eq!(announcement.people(), 20_000);
    let files = publish::files(&announcement).unwrap();
    assert_eq!(files.sums.len(), 5);
    assert!(files.sums.iter().all(|sum| sum.bytes > 1_000));
}

/// Whatever is typed into a name is published somehow; nothing may block an announcement at midnight.
#[test]
fn every_character_can_be_in_a_name() {
    let chars: Vec<char> = (0..0x3_0000_u32).chain(0xe_0000..0xe_0200).chain([0xf_0000, 0x10_ffff]).filter_map(char::from_u32).collect();
    let mut announcement = sample::announcement(&[1]);
    let row = announcement.lists[0].rows[0].clone();
    let named = |(number, chunk): (usize, &[char])| publish::AnnouncedRow {
        name: Some(chunk.iter().collect()),
        participant_no: number.to_string(),
        ..row.clone()
    };
    announcement.lists[0].rows = chars.chunks(CELL_CHARS_MAX).enumerate().map(named).collect();
    publish::files(&announcement).unwrap();
    publish::html::page(&announcement, &publish::html::Links::default());
}
