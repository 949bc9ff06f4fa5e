use crate::{sample, tools};
use publish::{Announcement, Error, Flaw, certificate};

const URL: &str = "https://ujian.kotacontoh.example/hasil/0192f3c0aa117a20b6e2d1c4f5a6b7c8/peserta/26017301000001000";

fn write(announcement: &Announcement, number: &str) -> Vec<u8> {
    let (list, row) = announcement.find(number).expect("somebody has the number");
    certificate::write(announcement, list, row, URL).unwrap()
}

fn pages(pdf: &[u8]) -> usize {
    let page = b"/Type/Page/";
    pdf.windows(page.len()).filter(|window| window == page).count()
}

#[test]
fn a_certificate_is_one_tagged_page() {
    for announcement in [sample::golden(), sample::decided(), sample::crowded(), sample::announcement(&[25])] {
        let pdf = write(&announcement, "26017301000001000");
        assert_eq!(pages(&pdf), 1, "{}", announcement.heading);
        for mark in ["/S/Figure", "/S/Table", "/S/H1", "pdfaid:part>2<", "pdfuaid:part>1<"] {
            assert!(pdf.windows(mark.len()).any(|window| window == mark.as_bytes()), "{mark}");
        }
        assert!(pdf == write(&announcement, "26017301000001000"), "the same every time");
    }
}

#[test]
fn a_certificate_says_what_the_line_says() {
    let path = tools::file("certificate.pdf", &write(&sample::golden(), "26017301000001034"));
    let Some(text) = tools::output("pdftotext", &["-layout", path.to_str().unwrap(), "-"]) else { return };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "PEMERINTAH KOTA CONTOH",
        "SERTIFIKAT NILAI",
        "Nomor peserta 26017301000001034",
        "Nama G. P.",
        "Tes Wawasan Kebangsaan (TWK) 70 150 65",
        "Tes Intelegensia Umum (TIU) 80,125 175 80",
        "Total 320,125 – –",
        "Peringkat 3 dari 3 peserta berperingkat",
        "Kode P memenuhi nilai ambang batas, di luar jumlah yang ikut SKB",
        "Yang berlaku adalah laman pengumuman.",
        "Revisi 2 · Diumumkan 21 November 2026 pukul 14.05 WIB",
        "Aturan skd-2024 · Sidik masukan 3f9a1c2b4d5e · Sidik hasil b81c0de4f5a6",
    ] {
        assert!(words.contains(expected), "{expected}\n{words}");
    }
    assert!(words.replace(' ', "").contains(URL), "{words}");
    tools::never_says_passed(&text);
}

#[test]
fn a_line_without_marks_rank_name_or_decision_has_a_certificate_too() {
    let announcement = sample::decided();
    let undecided = announcement.lists[0].rows.iter().find(|row| row.code.is_empty()).expect("somebody is tied");
    let absent = announcement.lists[0].rows.iter().find(|row| row.status == "absent").expect("somebody is absent");
    for (row, expected) in [(undecided, "menunggu keputusan panitia"), (absent, "tidak hadir SKB")] {
        let path = tools::file("certificate-bare.pdf", &write(&announcement, &row.participant_no));
        let Some(text) = tools::output("pdftotext", &["-layout", path.to_str().unwrap(), "-"]) else { return };
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("Nama "), "{text}");
    }
}

/// A phone's view: the page is drawn by another program, the code read by a third.
#[test]
fn the_code_leads_to_the_page() {
    let path = tools::file("certificate-code.pdf", &write(&sample::golden(), "26017301000001000"));
    let picture = path.with_extension("");
    let arguments = ["-r", "150", "-gray", "-singlefile", path.to_str().unwrap(), picture.to_str().unwrap()];
    if tools::output("pdftoppm", &arguments).is_none() {
        return;
    }
    let grey = std::fs::read(picture.with_extension("pgm")).unwrap();
    let header: Vec<&[u8]> = grey.splitn(5, |byte| byte.is_ascii_whitespace()).collect();
    let number = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().parse::<usize>().unwrap();
    let (width, height, pixels) = (number(header[1]), number(header[2]), &grey[grey.len() - number(header[1]) * number(header[2])..]);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let codes: Vec<String> = prepared.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
    assert_eq!(codes, [URL]);
}

#[test]
fn only_addresses_become_codes() {
    let announcement = sample::golden();
    let list = &announcement.lists[0];
    let long = format!("https://contoh.example/{}", "x".repeat(certificate::URL_BYTES_MAX));
    for url in ["", "/hasil/1", "javascript:alert(1)", "https://contoh.example/\u{202e}x", &long] {
        let error = certificate::write(&announcement, list, &list.rows[0], url).unwrap_err();
        assert!(matches!(error, Error::Correct(Flaw::Address { .. })), "{url}: {error}");
    }
}
