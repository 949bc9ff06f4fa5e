use crate::{sample, tools};
use publish::Announcement;

fn write(announcement: &Announcement) -> Vec<u8> {
    publish::pdf::write(announcement).unwrap()
}

/// Pages, counted in the file itself.
fn pages(pdf: &[u8]) -> usize {
    let page = b"/Type/Page/";
    pdf.windows(page.len()).filter(|window| window == page).count()
}

fn contains(pdf: &[u8], text: &str) -> bool {
    pdf.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The text of each page as another program reads it.
fn texts(name: &str, pdf: &[u8]) -> Option<Vec<String>> {
    let path = tools::file(&format!("{name}.pdf"), pdf);
    let text = tools::output("pdftotext", &["-layout", path.to_str().unwrap(), "-"])?;
    Some(text.split_terminator('\u{c}').map(str::to_owned).collect())
}

#[test]
fn a_list_takes_the_pages_it_needs() {
    for (people, expected) in [(0, 1), (1, 1), (25, 2), (60, 3), (1000, 24)] {
        assert_eq!(pages(&write(&sample::announcement(&[people]))), expected, "{people} people");
    }
    assert_eq!(pages(&write(&sample::announcement(&[]))), 1);
}

#[test]
fn every_page_has_its_number_its_hash_and_the_head_of_the_table() {
    let announcement = sample::announcement(&[1000]);
    let pdf = write(&announcement);
    let Some(texts) = texts("thousand", &pdf) else { return };
    assert_eq!(texts.len(), pages(&pdf));
    for (index, text) in texts.iter().enumerate() {
        assert!(text.contains(&format!("Halaman {} dari {}", index + 1, texts.len())), "page {}", index + 1);
        assert!(text.contains("Revisi 1 · Sidik masukan 3f9a1c2b4d5e · 21 November 2026 pukul 14.05 WIB"));
        assert_eq!(index > 0, text.trim_start().starts_with(&announcement.heading), "page {}", index + 1);
        let rows = text.matches("  260173010").count();
        assert_eq!(rows > 0, text.contains("Nomor peserta"), "page {} with {rows} rows", index + 1);
    }
}

#[test]
fn everybody_is_on_the_list_once_with_everything() {
    let announcement = sample::announcement(&[1000]);
    let Some(texts) = texts("everybody", &write(&announcement)) else { return };
    let lines: Vec<Vec<&str>> = texts.iter().flat_map(|text| text.lines()).map(|line| line.split_whitespace().collect()).collect();
    let rows: Vec<String> =
        lines.iter().filter(|words| words.iter().any(|word| word.starts_with("260173010"))).map(|w| w.join(" ")).collect();
    let expected = announcement.lists[0].rows.iter().map(|row| {
        let marks = row.marks_milli.iter().chain(row.total_milli.iter()).map(|milli| (milli / 1000).to_string());
        let marks: Vec<String> = if row.total_milli.is_some() { marks.collect() } else { vec!["–".into(); 4] };
        let rank = row.rank.map_or("–".into(), |rank| rank.to_string());
        format!("{rank} {} {} {} {}", row.participant_no, row.name, marks.join(" "), publish::strings::status_code(row.status))
    });
    assert_eq!(rows, expected.collect::<Vec<_>>());
}

#[test]
fn a_heading_has_at_least_two_rows_below_it() {
    // Around these numbers the second heading comes to the foot of the first page.
    for filling in 17..33 {
        let announcement = sample::announcement(&[filling, 9]);
        let Some(texts) = texts("heading", &write(&announcement)) else { return };
        let page = texts.iter().find(|text| text.contains("PW-02")).unwrap();
        let rows = page.matches("  260273010").count();
        assert!(rows >= 2, "{rows} rows below the heading after {filling} rows");
    }
}

#[test]
fn rows_with_long_names_stay_whole_on_one_page() {
    let mut announcement = sample::announcement(&[80]);
    for (index, row) in announcement.lists[0].rows.iter_mut().enumerate() {
        row.name =
            format!("Mula{index} Raden Ajeng Kusumaningrum Wulandari Hadiningrat Prawirodirdjo bin Abdurrahman Al-Hasyimi Akhir{index}");
    }
    let Some(texts) = texts("long", &write(&announcement)) else { return };
    assert!(texts.len() > 4);
    for index in 0..80 {
        let word = |word: &str| texts.iter().position(|text| text.split_whitespace().any(|found| found == format!("{word}{index}")));
        assert!(word("Mula").is_some(), "row {index}");
        assert_eq!(word("Mula"), word("Akhir"), "row {index}");
    }
}

#[test]
fn nothing_of_a_crowded_announcement_is_left_out() {
    let announcement = sample::crowded();
    let path = tools::file("crowded.pdf", &write(&announcement));
    let Some(text) = tools::output("pdftotext", &["-raw", path.to_str().unwrap(), "-"]) else { return };
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    let text = squeezed(&text);
    let list = &announcement.lists[0];
    let mut expected = vec![&announcement.organiser, &announcement.heading, &announcement.lists[2].formation_title];
    expected.extend(list.rows.iter().map(|row| &row.name));
    expected.extend(announcement.lists[1].sections.iter().map(|section| &section.title));
    for expected in expected {
        assert!(text.contains(&squeezed(expected)), "{expected}");
    }
    assert!(text.contains("komp-01-12,5;komp-02-2,5;komp-037,5;"), "marks of many sections in one column");
}

#[test]
fn the_file_is_tagged_titled_and_in_indonesian() {
    let pdf = write(&sample::announcement(&[3]));
    let marks =
        ["/Lang(id)", "/S/Table", "/S/THead", "/S/TBody", "/S/TR", "/S/TH", "/S/TD", "/Scope/Column", "/Scope/Row", "/S/H1", "/S/H2"];
    for mark in marks.into_iter().chain(["/MarkInfo", "/DisplayDocTitle true", "/Outlines", "pdfaid:part>2<", "pdfuaid:part>1<"]) {
        assert!(contains(&pdf, mark), "{mark}");
    }
    assert!(contains(&pdf, "/Title(Hasil Seleksi Kompetensi Dasar Pengadaan CPNS Pemerintah Kota Contoh)"));
    assert!(!contains(&pdf, "/Author"));
}

#[test]
fn the_words_are_those_of_an_announcement() {
    let Some(texts) = texts("words", &write(&sample::golden())) else { return };
    let text = texts.join("\n");
    let expected = [
        "PEMERINTAH KOTA CONTOH",
        "Nomor: 800.1.2.2/114/BKPSDM/2026",
        "Peringkat hasil tes; keputusan kelulusan mengikuti pengumuman akhir.",
        "Perbaikan nilai satu peserta.",
        "6 peserta pada 1 formasi",
        "80,125",
        "-2,5",
        "3f9a1c2b4d5e6f708192a3b4c5d6e7f80123456789abcdef0123456789abcdef",
        "Tidak memenuhi ambang batas",
    ];
    for expected in expected {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    tools::never_says_passed(&text);
}

#[test]
fn a_character_without_a_glyph_can_still_be_copied() {
    let mut announcement = sample::announcement(&[2]);
    announcement.lists[0].rows[0].name = "Zoë Ng\u{f4} \u{738b}\u{5c0f} \u{6797}".into();
    announcement.lists[0].rows[1].name = "\u{202e}kilabret\u{202c}".into();
    let Some(texts) = texts("glyphs", &write(&announcement)) else { return };
    assert!(texts[0].contains("Zoë Ngô"), "{}", texts[0]);
    assert!(texts[0].contains("kilabret"), "{}", texts[0]);
}
