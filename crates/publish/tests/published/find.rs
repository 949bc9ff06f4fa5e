use crate::sample;

#[test]
fn a_number_is_found_however_it_is_typed() {
    let mut announcement = sample::announcement(&[3, 3]);
    announcement.lists[1].rows[2].participant_no = "Ab-12 x".into();
    let cases = [
        ("26017301000001000", Some(("PK-01", "26017301000001000"))),
        (" 2601 7301\t0000 01000 ", Some(("PK-01", "26017301000001000"))),
        ("26027301000001017", Some(("PW-02", "26027301000001017"))),
        ("ab-12x", Some(("PW-02", "Ab-12 x"))),
        ("AB-12\u{a0}X", Some(("PW-02", "Ab-12 x"))),
        ("2601730100000100", None),
        ("ab12x", None),
        ("", None),
        ("   ", None),
    ];
    for (typed, expected) in cases {
        let found = announcement.find(typed).map(|(list, row)| (list.formation_code.as_str(), row.participant_no.as_str()));
        assert_eq!(found, expected, "{typed:?}");
    }
}

#[test]
fn a_code_means_what_it_means_for_its_status() {
    let announcement = sample::decided();
    let list = &announcement.lists[0];
    let meanings = |code: &str, status: &str| {
        let mut row = list.rows[0].clone();
        (row.code, row.status) = (code.into(), status.into());
        announcement.meanings(&row).into_iter().map(|entry| entry.id.clone()).collect::<Vec<_>>()
    };
    let cases: [(&str, &str, &[&str]); 6] = [
        ("P/L", "shortlisted", &["memenuhi nilai ambang batas dan ikut SKB"]),
        ("P/L", "selected", &["lulus pada formasi yang dilamar"]),
        ("TL", "below_threshold", &["tidak memenuhi nilai ambang batas"]),
        ("TL", "not_selected", &["tidak lulus"]),
        // Two stages say it differently, and a row does not say in which of them somebody was absent.
        ("TH", "absent", &["tidak hadir", "tidak hadir SKB"]),
        ("", "shortlisted", &[]),
    ];
    for (code, status, expected) in cases {
        assert_eq!(meanings(code, status), expected, "{code} {status}");
    }
    let legend = announcement.legend();
    let codes: Vec<&str> = legend.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["P/L", "P", "TL", "TH", "DIS", "APS", "TMS", "U-1"]);
    assert_eq!(legend[0].1.len(), 2);
}

#[test]
fn the_cut_runs_below_the_last_rank_it_names() {
    let announcement = sample::announcement(&[25]);
    let with = |cut| {
        let mut list = announcement.lists[0].clone();
        list.cut_after = cut;
        list.last_above_cut()
    };
    // Twenty people have a rank.
    for (cut, expected) in
        [(None, None), (Some(0), None), (Some(1), Some(0)), (Some(9), Some(8)), (Some(20), Some(19)), (Some(99), Some(19))]
    {
        assert_eq!(with(cut), expected, "{cut:?}");
    }
    let mut golden = sample::golden();
    assert_eq!(golden.lists[0].last_above_cut(), Some(1), "both who share rank 1 are above");
    golden.lists[0].rows.truncate(2);
    assert_eq!(golden.lists[0].last_above_cut(), None, "nobody is below");
}
