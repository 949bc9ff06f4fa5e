//! Announcements made up for tests and specimens. No person in them exists.

use publish::{
    AnnouncedList, AnnouncedRow, AnnouncedSection, Announcement, CodeMeaning, Columns, Display, FormStatistics, Format, ItemPoint,
    Letterhead, Moment, RuleSetNamed, STATISTICS_PEOPLE_MIN, Signatory, ValueColumn, Zone,
};

/// 21 November 2026, 14.05 WIB.
pub const PUBLISHED_UTC_MS: i64 = 1_795_244_700_000;

const FIRST: [&str; 12] = ["Ayu", "Bagus", "Citra", "Dwi", "Eko", "Fitri", "Gilang", "Hana", "I Made", "Joko", "Komang", "Lestari"];
const SECOND: [&str; 9] = ["Nur", "Adi", "Kusuma", "Rahma", "Putra", "Sri", "Wahyu", "Ratna", "Teguh"];
const LAST: [&str; 10] = [
    "Santoso",
    "Wijayakusuma",
    "Simanjuntak",
    "Hutabarat",
    "Pramudita",
    "Nasution",
    "Tampubolon",
    "Handayani",
    "Kartikasari",
    "Lumbantobing",
];
/// Slots of every formation, and how many times as many go on.
const SLOTS: u32 = 3;
const FACTOR: u32 = 3;
const THRESHOLDS: [i64; 3] = [65, 80, 166];

/// An announcement of a stage that is a sum, of one list per number of people.
pub fn announcement(people: &[usize]) -> Announcement {
    const TITLES: [(&str, &str); 4] = [
        ("PK-01", "Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika"),
        ("PW-02", "Perencana Ahli Pertama – Badan Perencanaan Pembangunan Daerah"),
        ("AS-03", "Arsiparis Terampil – Dinas Perpustakaan dan Kearsipan"),
        ("AU-04", "Auditor Ahli Pertama – Inspektorat"),
    ];
    let list = |(index, people): (usize, &usize)| {
        let (code, title) = TITLES[index % TITLES.len()];
        let code = if index < TITLES.len() { code.to_owned() } else { format!("{code}-{index}") };
        AnnouncedList {
            formation_code: code,
            formation_title: title.into(),
            category: "umum".into(),
            slots: SLOTS,
            sections: sections(),
            total_threshold: None,
            cut_after: Some(SLOTS * FACTOR),
            rows: ranked((0..*people).map(|row| person(index, row, *people)).collect()),
        }
    };
    Announcement {
        format: Format::V2,
        letterhead: Letterhead {
            lines: [
                "PEMERINTAH KOTA CONTOH",
                "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER DAYA MANUSIA",
                "Jalan Teladan Nomor 17, Kota Contoh 15111",
                "Telepon (021) 555 0117 · bkpsdm@kotacontoh.example",
            ]
            .map(String::from)
            .into(),
        },
        organiser: "Pemerintah Kota Contoh".into(),
        selection: "Seleksi Calon Pegawai Negeri Sipil Tahun Anggaran 2026".into(),
        stage: "Seleksi Kompetensi Dasar".into(),
        heading: "Hasil Seleksi Kompetensi Dasar Pengadaan CPNS Pemerintah Kota Contoh".into(),
        number: "800.1.2.2/114/BKPSDM/2026".into(),
        place: "Kota Contoh".into(),
        signatory: Some(Signatory { position: "Ketua Panitia Seleksi Daerah".into(), name: "Dra. Sekar Contohwati, M.Si.".into() }),
        decrees: vec![
            "Peraturan Menteri PANRB Nomor 6 Tahun 2024 tentang Pengadaan Pegawai Aparatur Sipil Negara;".into(),
            "Keputusan Menteri PANRB Nomor 321 Tahun 2024 tentang Nilai Ambang Batas Seleksi Kompetensi Dasar.".into(),
        ],
        revision: 1,
        reason: String::new(),
        published_utc_ms: PUBLISHED_UTC_MS,
        zone: Zone::Wib,
        rule_set: RuleSetNamed { id: "skd-2024".into(), title: "SKD 2024".into(), hash: "7".repeat(64) },
        input_hash: "3f9a1c2b4d5e6f708192a3b4c5d6e7f80123456789abcdef0123456789abcdef".into(),
        results_hash: "b81c0de4f5a6978812233445566778899aabbccddeeff0011223344556677889".into(),
        columns: Columns { category: false, marks: true, stage_values: false, rank: true },
        display: Display { decimals: 3, mark: ',' },
        codes: codes(),
        values: Vec::new(),
        lists: people.iter().enumerate().map(list).collect(),
        statistics: Vec::new(),
    }
}

/// The same with items and time of every list that has enough people.
pub fn with_statistics(mut announcement: Announcement) -> Announcement {
    let sat = |list: &AnnouncedList| list.rows.iter().filter(|row| row.total.is_some()).count() as u32;
    let lists = announcement.lists.iter().enumerate().filter(|(_, list)| sat(list) >= STATISTICS_PEOPLE_MIN);
    let statistics = lists.map(|(index, list)| statistics(&list.formation_code, index as i32, sat(list)));
    announcement.statistics = statistics.collect();
    announcement
}

/// 110 items in 100 minutes: mostly of middling difficulty, those telling good from weak best; a rush at the end.
fn statistics(formation_code: &str, list: i32, people: u32) -> FormStatistics {
    let item = |number: i32| {
        let difficulty = 55 + ((number * 37 + list * 11) % 60 - 30) + ((number * 53) % 37 - 18) + if number % 9 == 0 { 14 } else { 0 };
        let difficulty = difficulty.min(100);
        let discrimination = 42 - (difficulty - 55).pow(2) / 70 + (number * 29 + list) % 33 - 16;
        (difficulty, discrimination.max(-12))
    };
    // Three that nearly everybody gets, one that misleads.
    let further = [(97, 11), (97, 11), (97, 11), (34, -15)];
    let mut items: Vec<(i32, i32)> = (0..106).map(item).chain(further).collect();
    items.sort_unstable();
    let hundredths = |number: i32| format!("{}{}.{:02}", if number < 0 { "-" } else { "" }, number.abs() / 100, number.abs() % 100);
    let thousandths = |number: u32| format!("{}.{:03}", number / 1000, number % 1000);
    let point = |(difficulty, discrimination)| ItemPoint { difficulty: hundredths(difficulty), discrimination: hundredths(discrimination) };
    let moment = |minute: u32| Moment {
        minute,
        answered: thousandths((minute * 11).min(780 + minute * 2).min(986)),
        ended: thousandths(minute.saturating_sub(55).pow(2) * 640 / 2025 + if minute == 100 { 360 } else { 0 }),
    };
    FormStatistics {
        formation_code: formation_code.to_owned(),
        people,
        items: items.into_iter().map(point).collect(),
        completion: (0..=100).map(moment).collect(),
    }
}

/// Sections of the basic competence test.
pub fn sections() -> Vec<AnnouncedSection> {
    [
        ("TWK", "Tes Wawasan Kebangsaan", "150", "65"),
        ("TIU", "Tes Intelegensia Umum", "175", "80"),
        ("TKP", "Tes Karakteristik Pribadi", "225", "166"),
    ]
    .map(|(code, title, max, threshold)| AnnouncedSection {
        code: code.into(),
        title: title.into(),
        max: Some(max.into()),
        threshold: Some(threshold.into()),
    })
    .into()
}

fn meaning(code: &str, status: &str, id: &str, en: &str) -> CodeMeaning {
    CodeMeaning { code: code.into(), status: status.into(), id: id.into(), en: en.into() }
}

/// A legend that says of nobody who passed.
pub fn codes() -> Vec<CodeMeaning> {
    vec![
        meaning("P/L", "shortlisted", "memenuhi nilai ambang batas dan ikut SKB", "reached the threshold and goes on to the SKB"),
        meaning(
            "P",
            "passed_but_outside_the_cut",
            "memenuhi nilai ambang batas, di luar jumlah yang ikut SKB",
            "reached the threshold, outside the number that goes on",
        ),
        meaning("TL", "below_threshold", "tidak memenuhi nilai ambang batas", "did not reach the threshold"),
        meaning("TH", "absent", "tidak hadir", "absent"),
        meaning("DIS", "disqualified", "didiskualifikasi", "disqualified"),
        meaning("APS", "withdrawn", "mengundurkan diri atas permintaan sendiri", "withdrew at own request"),
        meaning("TMS", "ineligible", "tidak memenuhi syarat", "does not meet the requirements"),
    ]
}

fn whole(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}

/// Those above the thresholds by their totals, then those below, then those without marks; the first are shortlisted.
fn ranked(mut rows: Vec<AnnouncedRow>) -> Vec<AnnouncedRow> {
    let total = |row: &AnnouncedRow| row.total.as_deref().map_or(-1, whole);
    let below = |row: &AnnouncedRow| row.marks.iter().zip(THRESHOLDS).any(|(mark, least)| whole(mark) < least);
    rows.sort_by_key(|row| (row.total.is_none(), below(row), std::cmp::Reverse(total(row))));
    for index in 0..rows.len() {
        if rows[index].total.is_none() {
            continue;
        }
        if below(&rows[index]) {
            (rows[index].status, rows[index].code) = ("below_threshold".into(), "TL".into());
            continue;
        }
        let ties = index > 0 && total(&rows[index]) == total(&rows[index - 1]);
        let rank = if ties { rows[index - 1].rank.unwrap_or(1) } else { index as u32 + 1 };
        rows[index].rank = Some(rank);
        let (status, code) = if rank <= SLOTS * FACTOR { ("shortlisted", "P/L") } else { ("passed_but_outside_the_cut", "P") };
        (rows[index].status, rows[index].code) = (status.into(), code.into());
    }
    rows
}

/// Falls slowly down the list; the last tenth has no marks.
fn person(list: usize, row: usize, people: usize) -> AnnouncedRow {
    let spread = (row * 7 + list * 3) % 25;
    let participant_no = format!("26{:02}730100{:07}", list + 1, 1_000 + row * 17);
    let name = match row % 3 {
        0 => format!("{} {} {}", FIRST[(row + list) % 12], SECOND[row % 9], LAST[row % 10]),
        1 => format!("{} {}", FIRST[(row * 5 + list) % 12], LAST[row * 3 % 10]),
        _ => format!("{} {}", FIRST[(row + 4) % 12], SECOND[row * 2 % 9]),
    };
    let nobody = AnnouncedRow {
        rank: None,
        participant_no,
        name: Some(name),
        category: None,
        marks: Vec::new(),
        total: None,
        values: Vec::new(),
        status: "absent".into(),
        code: "TH".into(),
        to_formation: None,
    };
    if people >= 10 && row >= people - people / 10 {
        let (status, code) = [("absent", "TH"), ("disqualified", "DIS"), ("withdrawn", "APS")][row % 3];
        return AnnouncedRow { status: status.into(), code: code.into(), ..nobody };
    }
    let fall = (row * 60 / people.max(1)) as i64;
    let marks = [140 - fall - spread as i64, 165 - fall, 210 - fall + spread as i64 / 5];
    AnnouncedRow { total: Some(marks.iter().sum::<i64>().to_string()), marks: marks.map(|mark| mark.to_string()).into(), ..nobody }
}

/// One small list with every kind of line, fractions, and a further revision: the document kept in `tests/golden`.
pub fn golden() -> Announcement {
    let row = |rank, number: &str, name: &str, marks: &[&str], total: Option<&str>, status: &str, code: &str| AnnouncedRow {
        rank,
        participant_no: number.into(),
        name: Some(name.into()),
        category: None,
        marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
        total: total.map(String::from),
        values: Vec::new(),
        status: status.into(),
        code: code.into(),
        to_formation: None,
    };
    let mut announcement = announcement(&[0]);
    announcement.revision = 2;
    announcement.reason = "Perbaikan nilai satu peserta.".into();
    announcement.lists[0].cut_after = Some(1);
    announcement.lists[0].rows = vec![
        row(Some(1), "26017301000001000", "A. N. S.", &["140", "165.5", "210"], Some("515.5"), "shortlisted", "P/L"),
        row(Some(1), "26017301000001017", "F. H.", &["140", "165.5", "210"], Some("515.5"), "shortlisted", "P/L"),
        row(Some(3), "26017301000001034", "G. P.", &["70", "80.125", "170"], Some("320.125"), "passed_but_outside_the_cut", "P"),
        row(None, "26017301000001051", "D. R. H.", &["0", "-2.5", "35"], Some("32.5"), "below_threshold", "TL"),
        row(None, "26017301000001068", "I. M. S.", &[], None, "absent", "TH"),
        row(None, "26017301000001085", "J. A.", &[], None, "disqualified", "DIS"),
    ];
    announcement
}

/// A final announcement: stage values, categories, a move, somebody about whom the committee has not decided, no names.
pub fn decided() -> Announcement {
    let mut announcement = announcement(&[30, 24]);
    announcement.stage = "Integrasi SKD dan SKB".into();
    announcement.heading = "Hasil Akhir Pengadaan CPNS Pemerintah Kota Contoh".into();
    announcement.rule_set = RuleSetNamed { id: "cpns-2024".into(), title: "Seleksi CPNS 2024".into(), hash: "c".repeat(64) };
    announcement.columns = Columns { category: true, marks: true, stage_values: true, rank: true };
    announcement.codes.extend([
        meaning("P/L", "selected", "lulus pada formasi yang dilamar", "selected for the formation applied for"),
        meaning(
            "U-1",
            "selected_by_move",
            "lulus: formasi umum diisi dari kebutuhan khusus",
            "selected: general line filled from a special need",
        ),
        meaning("TL", "not_selected", "tidak lulus", "not selected"),
        meaning("TH", "absent", "tidak hadir SKB", "absent from the SKB"),
    ]);
    let column = |id: &str, title: &str| ValueColumn { id: id.into(), title: title.into() };
    announcement.values = vec![column("skd_100", "SKD (100)"), column("skb_100", "SKB (100)"), column("final", "Nilai akhir")];
    for (number, list) in announcement.lists.iter_mut().enumerate() {
        list.cut_after = Some(list.slots);
        for (index, row) in list.rows.iter_mut().enumerate() {
            row.name = None;
            row.category = Some(if index % 5 == 4 { "disabilitas" } else { "umum" }.into());
            row.values = vec![None, None, None];
            row.rank = row.rank.filter(|_| row.status == "shortlisted");
            if row.rank.is_none() {
                continue;
            }
            let milli = 71_600 - 1_250 * index as i64 - 37 * number as i64;
            let value = |milli: i64| Some(format!("{}.{:03}", milli / 1000, milli % 1000));
            row.values = vec![value(milli - 4_000), value(milli + 2_500), value(milli)];
            (row.status, row.code) = if index < 3 { ("selected".into(), "P/L".into()) } else { ("not_selected".into(), "TL".into()) };
        }
    }
    let moved = &mut announcement.lists[1].rows[4];
    (moved.status, moved.code, moved.to_formation) = ("selected_by_move".into(), "U-1".into(), Some("PK-01".into()));
    let tied = &mut announcement.lists[0].rows[3];
    (tied.status, tied.code) = ("shortlisted".into(), String::new());
    announcement
}

/// Everything long: names, titles, reason, codes; fractions of every length; one list with more sections than columns fit.
pub fn crowded() -> Announcement {
    let mut announcement = announcement(&[30, 30, 0]);
    announcement.organiser = "Panitia Seleksi Daerah Pengadaan Aparatur Sipil Negara Pemerintah Kabupaten Kepulauan Contoh Raya".into();
    announcement.heading = "Hasil Seleksi Kompetensi Bidang dengan Sistem Computer Assisted Test bagi Pelamar pada Formasi Tenaga Teknis, \
                            Tenaga Kesehatan, dan Tenaga Guru di Lingkungan Pemerintah Kabupaten Kepulauan Contoh Raya"
        .into();
    announcement.reason = "Perbaikan data setelah masa sanggah. ".repeat(30).trim().into();
    announcement.revision = 3;
    for (index, row) in announcement.lists[0].rows.iter_mut().enumerate() {
        if index % 4 == 0 {
            let name = row.name.take().unwrap_or_default();
            row.name = Some(format!("Raden Ajeng {name} Kusumaningrum Wulandari Hadiningrat Prawirodirdjo bin Abdurrahman Al-Hasyimi"));
        }
        if index == 5 {
            row.name = Some("W".repeat(120));
        }
        let fraction = ["", ".5", ".25", ".125"][index % 4];
        row.marks.iter_mut().chain(&mut row.total).for_each(|mark| mark.push_str(fraction));
    }
    let sections: Vec<AnnouncedSection> = (1..=14)
        .map(|number| AnnouncedSection {
            code: format!("KOMP-{number:02}"),
            title: format!("Kompetensi Manajerial dan Teknis ke-{number}"),
            max: None,
            threshold: None,
        })
        .collect();
    for row in announcement.lists[1].rows.iter_mut().filter(|row| !row.marks.is_empty()) {
        row.marks = (0..14).map(|number| format!("{}.5", 10 * number - 13).replace("-0.5", "0.5")).collect();
    }
    announcement.lists[1].sections = sections;
    announcement.lists[2].formation_title = "Penata Kelola Sistem dan Teknologi Informasi Ahli Pertama ".repeat(5).trim().into();
    announcement
}
