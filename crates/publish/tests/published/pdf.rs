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
    for (people, expected) in [(0, 2), (1, 2), (25, 4), (60, 5), (1000, 27)] {
        assert_eq!(pages(&write(&sample::announcement(&[people]))), expected, "{people} people");
    }
    assert_eq!(pages(&write(&sample::announcement(&[]))), 2);
}

#[test]
fn every_page_has_its_number_its_hash_and_the_head_of_the_table() {
    let announcement = sample::announcement(&[1000]);
    let pdf = write(&announcement);
    let Some(texts) = texts("thousand", &pdf) else { return };
    assert_eq!(texts.len(), pages(&pdf));
    for (index, text) in texts.iter().enumerate() {
        assert!(text.contains(&format!("Halaman {} dari {}", index + 1, texts.len())), "page {}", index + 1);
        assert!(text.contains("Revisi 1 · Sidik hasil b81c0de4f5a6 · 21 November 2026 pukul 14.05 WIB"));
        assert_eq!(index > 0, text.trim_start().starts_with(&announcement.heading), "page {}", index + 1);
        let rows = text.matches(" 260173010").count();
        assert_eq!(rows > 0, text.contains("Nomor peserta"), "page {} with {rows} rows", index + 1);
        let list = rows > 0 && !text.contains("LAMPIRAN");
        assert_eq!(list, text.contains("(lanjutan) PK-01 Pranata Komputer"), "page {}", index + 1);
    }
}

#[test]
fn everybody_is_on_the_list_once_with_everything() {
    let announcement = sample::announcement(&[1000]);
    let Some(texts) = texts("everybody", &write(&announcement)) else { return };
    let lines: Vec<Vec<&str>> = texts.iter().flat_map(|text| text.lines()).map(|line| line.split_whitespace().collect()).collect();
    // The ladder of the annex has numbers too, but no names.
    let in_list = |words: &&Vec<&str>| words.get(1).is_some_and(|word| word.starts_with("260173010")) && words.len() > 7;
    let rows: Vec<String> = lines.iter().filter(in_list).map(|words| words.join(" ")).collect();
    let expected = announcement.lists[0].rows.iter().map(|row| {
        let marks: Vec<String> = row.marks.iter().chain(&row.total).cloned().collect();
        let marks = if row.total.is_some() { marks } else { vec!["–".into(); 4] };
        let rank = row.rank.map_or("–".into(), |rank| rank.to_string());
        format!("{rank} {} {} {} {}", row.participant_no, row.name.as_deref().unwrap(), marks.join(" "), row.code)
    });
    assert_eq!(rows, expected.collect::<Vec<_>>());
}

#[test]
fn a_heading_has_at_least_two_rows_below_it() {
    // Around these numbers the second heading comes to the foot of the page where the lists begin.
    for filling in 17..33 {
        let announcement = sample::announcement(&[filling, 4]);
        let Some(texts) = texts("heading", &write(&announcement)) else { return };
        let heading = |text: &&String| {
            text.lines().any(|line| line.trim_start().starts_with("PW-02 Perencana Ahli Pertama – Badan Perencanaan Pembangunan Daerah"))
        };
        let page = texts.iter().find(heading).unwrap();
        let rows = page.matches("  260273010").count();
        assert!(rows >= 2, "{rows} rows below the heading after {filling} rows");
    }
}

#[test]
fn rows_with_long_names_stay_whole_on_one_page() {
    let mut announcement = sample::announcement(&[80]);
    for (index, row) in announcement.lists[0].rows.iter_mut().enumerate() {
        let middle = "Raden Ajeng Kusumaningrum Wulandari Hadiningrat Prawirodirdjo bin Abdurrahman Al-Hasyimi";
        row.name = Some(format!("Mula{index} {middle} Akhir{index}"));
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
    expected.extend(list.rows.iter().flat_map(|row| &row.name));
    expected.extend(announcement.lists[1].sections.iter().map(|section| &section.title));
    for expected in expected {
        assert!(text.contains(&squeezed(expected)), "{expected}");
    }
    assert!(text.contains("komp-01-13,5;komp-02-3,5;komp-037,5;"), "marks of many sections in one column");
}

#[test]
fn the_file_is_tagged_titled_and_in_indonesian() {
    let pdf = write(&sample::announcement(&[3]));
    let marks = [
        "/Lang(id)",
        "/S/Table",
        "/S/THead",
        "/S/TBody",
        "/S/TR",
        "/S/TH",
        "/S/TD",
        "/Scope/Column",
        "/Scope/Row",
        "/S/H1",
        "/S/H2",
        "/S/H3",
    ];
    for mark in marks.into_iter().chain(["/MarkInfo", "/DisplayDocTitle true", "/Outlines", "pdfaid:part>2<", "pdfuaid:part>1<"]) {
        assert!(contains(&pdf, mark), "{mark}");
    }
    assert!(contains(&pdf, "/Title(Hasil Seleksi Kompetensi Dasar Pengadaan CPNS Pemerintah Kota Contoh)"));
    assert!(!contains(&pdf, "/Author"));
}

#[test]
fn pictures_have_words_for_those_who_do_not_see_them() {
    let pdf = write(&sample::announcement(&[25, 60]));
    let figure = b"/S/Figure";
    assert_eq!(pdf.windows(figure.len()).filter(|window| window == figure).count(), 2 * (2 + 3), "the total, the ladder, three sections");
    assert!(contains(&pdf, "/Alt(Sebaran total dalam "));
    assert!(contains(&pdf, "/Alt(Sebaran Tes Wawasan Kebangsaan dalam "));
    assert!(!contains(&write(&sample::announcement(&[4])), "/S/Figure"));
}

#[test]
fn items_and_time_have_pictures_and_tables_where_the_announcement_has_them() {
    let plain = sample::announcement(&[25, 60, 9]);
    let announcement = sample::with_statistics(plain.clone());
    assert_eq!(announcement.statistics.len(), 2, "nine people are too few");
    let pdf = write(&announcement);
    let count = |pdf: &[u8], mark: &[u8]| pdf.windows(mark.len()).filter(|window| *window == mark).count();
    for mark in ["/S/Figure", "/S/Table"] {
        assert_eq!(count(&pdf, mark.as_bytes()), count(&write(&plain), mark.as_bytes()) + 2 * 2, "{mark}");
    }
    assert!(contains(&pdf, "/Alt(Peta butir soal, 23 peserta: 110 butir menurut tingkat kesukaran dan daya beda."));
    assert!(contains(&pdf, "/Alt(Penyelesaian menurut waktu, 23 peserta, sampai menit ke-100."));
    let Some(texts) = texts("statistics", &pdf) else { return };
    let text = texts.join("\n");
    let line = |words: &[&str]| text.lines().any(|line| line.split_whitespace().collect::<Vec<_>>().ends_with(words));
    for expected in ["Peta butir soal, 54 peserta", "sukar < 0,2", "mudah > 0,9", "> 0,9 (mudah)", "menit sejak mulai", "butir terjawab"] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(line(&["50", "55", "0"]), "half time\n{text}");
    assert!(line(&["100", "98", "100"]), "the end\n{text}");
}

#[test]
fn a_formation_of_few_values_has_no_pictures_of_its_items_either() {
    let mut announcement = sample::with_statistics(sample::announcement(&[25]));
    announcement.lists[0].rows.truncate(4);
    assert!(!contains(&write(&announcement), "/S/Figure"));
}

#[test]
fn only_the_largest_formations_have_pictures_and_the_annex_says_so() {
    let people: Vec<usize> = (0..24).map(|list| 10 + list).collect();
    let pdf = write(&sample::announcement(&people));
    let figure = b"/S/Figure";
    assert_eq!(pdf.windows(figure.len()).filter(|window| window == figure).count(), 20 * (2 + 3));
    let Some(texts) = texts("largest", &pdf) else { return };
    let text = texts.join("\n");
    assert!(text.contains("Grafik dibuat untuk 20 formasi dengan peserta terbanyak dari 24 formasi."), "{text}");
}

#[test]
fn the_words_are_those_of_an_announcement() {
    let Some(texts) = texts("words", &write(&sample::golden())) else { return };
    let text = texts.join("\n");
    let expected = [
        "PEMERINTAH KOTA CONTOH",
        "PENGUMUMAN",
        "NOMOR 800.1.2.2/114/BKPSDM/2026",
        "TENTANG",
        "HASIL SELEKSI KOMPETENSI DASAR PENGADAAN CPNS PEMERINTAH KOTA CONTOH",
        "Keputusan Menteri PANRB Nomor 321 Tahun 2024",
        "Berdasarkan ketentuan tersebut diumumkan hasil Seleksi Kompetensi Dasar",
        "Pengumuman ini adalah revisi 2 dan menggantikan semua revisi sebelumnya.",
        "Perbaikan nilai satu peserta.",
        "Hasil 6 peserta pada 1 formasi tercantum dalam Lampiran I.",
        "tidak memenuhi nilai ambang batas",
        "did not reach the threshold",
        "Hasil dihitung dengan aturan SKD 2024 (skd-2024).",
        "3f9a1c2b4d5e6f708192a3b4c5d6e7f80123456789abcdef0123456789abcdef",
        "Kota Contoh, 21 November 2026",
        "Ketua Panitia Seleksi Daerah",
        "Dra. Sekar Contohwati, M.Si.",
        "LAMPIRAN I",
        "Batas peringkat sesudah peringkat 1",
        "80,125",
        "-2,5",
    ];
    for expected in expected {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    tools::never_says_passed(&text);
}

#[test]
fn a_character_without_a_glyph_can_still_be_copied() {
    let mut announcement = sample::announcement(&[2]);
    announcement.lists[0].rows[0].name = Some("Zoë Ng\u{f4} \u{738b}\u{5c0f} \u{6797}".into());
    announcement.lists[0].rows[1].name = Some("\u{202e}kilabret\u{202c}".into());
    let Some(texts) = texts("glyphs", &write(&announcement)) else { return };
    assert!(texts[1].contains("Zoë Ngô"), "{}", texts[1]);
    assert!(texts[1].contains("kilabret"), "{}", texts[1]);
}
