//! Announcements made up for tests and specimens. No person in them exists.

use publish::{AnnouncedList, AnnouncedRow, AnnouncedSection, Announcement, Format, Status, Zone};

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

/// An announcement of one list per number of people.
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
            slots: 3,
            sections: sections(),
            rows: ranked((0..*people).map(|row| person(index, row, *people)).collect()),
        }
    };
    Announcement {
        format: Format::V1,
        organiser: "Pemerintah Kota Contoh".into(),
        selection: "Seleksi Calon Pegawai Negeri Sipil Tahun Anggaran 2026".into(),
        stage: "Seleksi Kompetensi Dasar".into(),
        heading: "Hasil Seleksi Kompetensi Dasar Pengadaan CPNS Pemerintah Kota Contoh".into(),
        number: "800.1.2.2/114/BKPSDM/2026".into(),
        revision: 1,
        reason: String::new(),
        published_utc_ms: PUBLISHED_UTC_MS,
        zone: Zone::Wib,
        input_hash: "3f9a1c2b4d5e6f708192a3b4c5d6e7f80123456789abcdef0123456789abcdef".into(),
        lists: people.iter().enumerate().map(list).collect(),
    }
}

/// Sections of the basic competence test.
pub fn sections() -> Vec<AnnouncedSection> {
    [("TWK", "Tes Wawasan Kebangsaan"), ("TIU", "Tes Intelegensia Umum"), ("TKP", "Tes Karakteristik Pribadi")]
        .map(|(code, title)| AnnouncedSection { code: code.into(), title: title.into() })
        .into()
}

/// In order of their totals, those without behind.
fn ranked(mut rows: Vec<AnnouncedRow>) -> Vec<AnnouncedRow> {
    rows.sort_by_key(|row| std::cmp::Reverse(row.total_milli));
    for index in 0..rows.len() {
        let ties = index > 0 && rows[index].total_milli == rows[index - 1].total_milli;
        rows[index].rank = rows[index].total_milli.and_then(|_| if ties { rows[index - 1].rank } else { Some(index as u32 + 1) });
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
    if people >= 10 && row >= people - people / 10 {
        let status = [Status::Absent, Status::NotStarted, Status::Terminated][row % 3];
        return AnnouncedRow { rank: None, participant_no, name, marks_milli: vec![], total_milli: None, status };
    }
    let fall = (row * 60 / people.max(1)) as i64;
    let marks = [140 - fall - spread as i64, 165 - fall, 210 - fall + spread as i64 / 5];
    let marks_milli: Vec<i64> = marks.iter().map(|whole| whole * 1000).collect();
    AnnouncedRow {
        rank: None,
        participant_no,
        name,
        total_milli: Some(marks_milli.iter().sum()),
        status: if marks[0] < 65 || marks[1] < 80 { Status::BelowThreshold } else { Status::Meets },
        marks_milli,
    }
}

/// One small list with every status, fractions, and a further revision: the document kept in `tests/golden`.
pub fn golden() -> Announcement {
    let row = |rank, number: &str, name: &str, marks: &[i64], total, status| AnnouncedRow {
        rank,
        participant_no: number.into(),
        name: name.into(),
        marks_milli: marks.to_vec(),
        total_milli: total,
        status,
    };
    let mut announcement = announcement(&[0]);
    announcement.revision = 2;
    announcement.reason = "Perbaikan nilai satu peserta.".into();
    announcement.lists[0].rows = vec![
        row(Some(1), "26017301000001000", "A. N. S.", &[140_000, 165_500, 210_000], Some(515_500), Status::Meets),
        row(Some(1), "26017301000001017", "F. H.", &[140_000, 165_500, 210_000], Some(515_500), Status::Meets),
        row(Some(3), "26017301000001034", "G. P.", &[60_000, 80_125, 150_000], Some(290_125), Status::BelowThreshold),
        row(Some(4), "26017301000001051", "D. R. H.", &[0, -2_500, 35_000], Some(32_500), Status::Terminated),
        row(None, "26017301000001068", "I. M. S.", &[], None, Status::Absent),
        row(None, "26017301000001085", "J. A.", &[], None, Status::NotStarted),
    ];
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
            row.name = format!("Raden Ajeng {} Kusumaningrum Wulandari Hadiningrat Prawirodirdjo bin Abdurrahman Al-Hasyimi", row.name);
        }
        if index == 5 {
            row.name = "W".repeat(120);
        }
        let fraction = [0, 500, 250, 125][index % 4];
        row.marks_milli.iter_mut().for_each(|mark| *mark += fraction);
        row.total_milli = row.total_milli.map(|total| total + 3 * fraction);
    }
    let sections: Vec<AnnouncedSection> = (1..=14)
        .map(|number| AnnouncedSection {
            code: format!("KOMP-{number:02}"),
            title: format!("Kompetensi Manajerial dan Teknis ke-{number}"),
        })
        .collect();
    for row in announcement.lists[1].rows.iter_mut().filter(|row| !row.marks_milli.is_empty()) {
        row.marks_milli = (0..14).map(|number| 10_000 * number - 12_500).collect();
    }
    announcement.lists[1].sections = sections;
    announcement.lists[2].formation_title = "Penata Kelola Sistem dan Teknologi Informasi Ahli Pertama ".repeat(5).trim().into();
    announcement
}
