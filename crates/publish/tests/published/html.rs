use crate::{sample, tools};
use publish::Announcement;
use publish::html::{self, Links, RevisionLink};

fn links() -> Links {
    let link = |revision, href: &str| RevisionLink {
        revision,
        href: href.into(),
        published_utc_ms: sample::PUBLISHED_UTC_MS + i64::from(revision) * 3_600_000,
    };
    Links {
        folder: "/hasil/0192".into(),
        revisions: vec![link(1, "/hasil/0191"), link(3, "/hasil/0193?a=1&b=2"), link(4, "/hasil/0194")],
        ..Links::default()
    }
}

/// Every page there is of an announcement.
fn all_pages(announcement: &Announcement, links: &Links) -> Vec<String> {
    let mut pages = vec![html::page(announcement, links), html::person_not_found(announcement, "123", links)];
    for (index, list) in announcement.lists.iter().enumerate() {
        pages.extend((1..=html::parts(list)).map(|part| html::formation_page(announcement, index, part, links).unwrap()));
        pages.extend(list.rows.iter().map(|row| html::person_page(announcement, list, row, links)));
    }
    pages
}

#[test]
fn pages_stand_alone_under_a_strict_policy() {
    for page in all_pages(&sample::announcement(&[25, 1]), &links()) {
        for forbidden in ["<script", "style=", "<style", "javascript:", "http://", "https://", "onclick", "<img", "data:"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert_eq!(page.matches("<link ").count(), 1);
        assert!(page.contains("<link rel=\"stylesheet\" href=\"/hasil/gaya.css\">"));
    }
    for forbidden in ["@import", "url(", "expression"] {
        assert!(!html::STYLESHEET.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn texts_of_others_never_become_markup() {
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let mut announcement = sample::decided();
    for text in [
        &mut announcement.organiser,
        &mut announcement.selection,
        &mut announcement.stage,
        &mut announcement.heading,
        &mut announcement.number,
        &mut announcement.reason,
        &mut announcement.letterhead.lines[0],
        &mut announcement.decrees[0],
        &mut announcement.rule_set.id,
        &mut announcement.rule_set.title,
        &mut announcement.values[0].title,
    ] {
        *text = evil.into();
    }
    for entry in &mut announcement.codes {
        (entry.code, entry.id, entry.en) = (evil.into(), evil.into(), evil.into());
    }
    announcement.signatory = Some(publish::Signatory { position: evil.into(), name: evil.into() });
    let list = &mut announcement.lists[0];
    (list.formation_code, list.formation_title, list.category) = (evil.into(), evil.into(), evil.into());
    (list.sections[0].code, list.sections[0].title) = (evil.into(), evil.into());
    for row in &mut list.rows {
        (row.code, row.category, row.to_formation) = (evil.into(), Some(evil.into()), Some(evil.into()));
    }
    (list.rows[0].name, list.rows[0].participant_no) = (Some(evil.into()), evil.into());
    let mut links = links();
    links.folder = evil.into();
    links.revisions[2].href = evil.into();
    links.certificates = true;
    let mut pages = all_pages(&announcement, &links);
    pages.push(html::person_not_found(&announcement, evil, &links));
    for page in &pages {
        assert!(!page.contains("<img"));
        assert!(!page.contains("\"'&"));
    }
    let escaped = "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;";
    assert!(pages[0].matches(escaped).count() >= 60, "{}", pages[0].matches(escaped).count());
    assert!(pages.iter().all(|page| page.contains(escaped)));
}

#[test]
fn the_page_leads_to_files_formations_revisions_and_people() {
    let mut announcement = sample::announcement(&[25, 1]);
    announcement.revision = 2;
    let page = html::page(&announcement, &links());
    for file in ["daftar.pdf", "daftar.xlsx", "daftar.csv", "daftar.json", "semua.zip"] {
        assert!(page.contains(&format!("href=\"/hasil/0192/{file}\"")), "{file}");
    }
    for anchor in ["f1", "f2", "arti", "atas", "daftar"] {
        assert!(page.contains(&format!("href=\"#{anchor}\"")) && page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
    assert!(page.contains("<a href=\"/hasil/0191\">Revisi 1</a>, 21 November 2026 pukul 15.05 WIB"));
    assert!(page.contains("href=\"/hasil/0193?a=1&amp;b=2\""));
    assert!(page.contains("digantikan oleh revisi yang lebih baru: <a href=\"/hasil/0194\">Revisi 4</a>"));
    assert!(page.contains("<form class=\"search\" role=\"search\" action=\"/hasil/0192/cari\" method=\"get\">"));
    assert!(page.contains("href=\"/hasil/0192/peserta/26017301000001000\""));
}

#[test]
fn sums_stand_beside_their_files() {
    let announcement = sample::golden();
    let files = publish::files(&announcement).unwrap();
    let page = html::page(&announcement, &Links { sums: files.sums.clone(), ..links() });
    for sum in &files.sums {
        assert!(page.contains(&format!("href=\"/hasil/0192/{0}\">{0}</a>", sum.name)) && page.contains(&sum.sha256), "{}", sum.name);
    }
    for hash in [&announcement.rule_set.hash, &announcement.input_hash, &announcement.results_hash] {
        assert!(page.contains(&format!("<code>{hash}</code>")), "{hash}");
    }
}

#[test]
fn only_an_outdated_page_says_it_is_outdated() {
    let mut announcement = sample::announcement(&[1]);
    announcement.revision = 4;
    let mut links = links();
    links.revisions.truncate(2);
    assert!(all_pages(&announcement, &links).iter().all(|page| !page.contains("digantikan")));
    announcement.revision = 2;
    let pages = all_pages(&announcement, &links);
    assert!(pages.iter().all(|page| page.contains("digantikan")));
    let person = pages.last().unwrap();
    assert!(person.contains("href=\"/hasil/0193?a=1&amp;b=2/peserta/26017301000001000\""), "the same person in the newer revision");
    links.revisions.clear();
    assert!(all_pages(&announcement, &links).iter().all(|page| !page.contains("digantikan") && !page.contains("Revisi lain")));
}

#[test]
fn rows_are_a_table_for_every_reader() {
    let page = html::page(&sample::golden(), &links());
    assert_eq!(page.matches("<tr role=\"row\"").count(), 7);
    assert_eq!(page.matches("<tr role=\"row\" class=\"cut\">").count(), 1);
    assert_eq!(page.matches("role=\"rowheader\"").count(), 6);
    assert_eq!(page.matches("role=\"columnheader\"").count(), 8);
    let row = "<tr role=\"row\"><td role=\"cell\" class=\"r\">3</td><th scope=\"row\" role=\"rowheader\">\
               <a href=\"/hasil/0192/peserta/26017301000001034\">26017301000001034</a></th><td role=\"cell\" class=\"n\">G. P.</td>\
               <td role=\"cell\" class=\"m\" data-l=\"TWK\">70</td><td role=\"cell\" class=\"m\" data-l=\"TIU\">80,125</td>\
               <td role=\"cell\" class=\"m\" data-l=\"TKP\">170</td><td role=\"cell\" class=\"m\" data-l=\"Total\">320,125</td>\
               <td role=\"cell\" class=\"c\">P</td></tr>";
    assert!(page.contains(row), "{page}");
}

/// `lulus` comes from the committee's legend or not at all.
#[test]
fn pages_say_passed_only_where_the_legend_does() {
    for announcement in [sample::golden(), sample::announcement(&[25, 1]), sample::crowded()] {
        all_pages(&announcement, &links()).iter().for_each(|page| tools::never_says_passed(page));
    }
    let announcement = sample::decided();
    for page in all_pages(&announcement, &links()) {
        let legend = announcement.codes.iter().map(|entry| entry.id.as_str()).filter(|text| text.contains("lulus"));
        tools::never_says_passed(&legend.fold(page, |page, text| page.replace(text, "")));
    }
}

#[test]
fn every_size_has_as_many_rows_as_people() {
    for people in [0, 1, 25, 60, html::PEOPLE_ON_ONE_PAGE_MAX] {
        let page = html::page(&sample::announcement(&[people]), &Links::default());
        assert_eq!(page.matches("role=\"rowheader\"").count(), people);
        assert_eq!(page.contains("Tidak ada peserta pada daftar ini."), people == 0);
    }
    assert!(html::page(&sample::announcement(&[]), &Links::default()).contains("Pengumuman ini tidak memuat daftar."));
}

#[test]
fn a_large_announcement_has_pages_of_formations_in_parts() {
    let announcement = sample::announcement(&[1_001, 40, 0]);
    let index = html::page(&announcement, &links());
    assert_eq!(index.matches("role=\"rowheader\"").count(), 0);
    for number in 1..=3 {
        assert!(index.contains(&format!("href=\"/hasil/0192/formasi/{number}\"")), "{number}");
    }
    assert_eq!(announcement.lists.iter().map(html::parts).collect::<Vec<_>>(), [3, 1, 1]);
    let rows =
        |index, part| html::formation_page(&announcement, index, part, &links()).map(|page| page.matches("role=\"rowheader\"").count());
    assert_eq!([1, 2, 3].map(|part| rows(0, part)), [Some(500), Some(500), Some(1)]);
    assert_eq!((rows(1, 1), rows(2, 1)), (Some(40), Some(0)));
    assert_eq!([rows(0, 0), rows(0, 4), rows(2, 2), rows(3, 1)], [None; 4]);
    let second = html::formation_page(&announcement, 0, 2, &links()).unwrap();
    assert!(second.contains("<b aria-current=\"page\">501–1.000</b>"));
    assert!(second.contains("href=\"/hasil/0192/formasi/1\">1–500</a>") && second.contains("href=\"/hasil/0192/formasi/1/3\""));
    assert_eq!(second.contains("<dt>P/L</dt>"), announcement.lists[0].people_with("P/L") > 0);
    assert!(!second.contains("<dt>TMS</dt>"), "only codes of this formation are explained");
}

#[test]
fn a_persons_page_has_the_whole_line_with_its_meaning() {
    let announcement = sample::decided();
    let list = &announcement.lists[1];
    let row = list.rows.iter().find(|row| row.status == "selected_by_move").expect("somebody was moved");
    let number = &row.participant_no;
    let page = html::person_page(&announcement, list, row, &Links { certificates: true, ..links() });
    for expected in [
        &format!("<small>Nomor peserta</small> {number}"),
        "<p class=\"code\">U-1</p>",
        "lulus: formasi umum diisi dari kebutuhan khusus <i lang=\"en\">(selected: general line filled from a special need)</i>",
        "<p>Peringkat <b>5</b> dari 9 peserta berperingkat</p>",
        "<dt>Pindah ke</dt><dd>PK-01 Pranata Komputer Ahli Pertama – Dinas Komunikasi dan Informatika</dd>",
        "<th scope=\"row\">Tes Wawasan Kebangsaan (TWK)</th>",
        "<th scope=\"row\">Nilai akhir</th>",
        &format!("href=\"/hasil/0192/peserta/{number}/sertifikat.pdf\""),
        "href=\"/hasil/0192#f2\"",
        "<meta name=\"robots\" content=\"noindex\">",
        "<svg viewBox=\"0 0 360 200\" role=\"img\" aria-label=\"Sebaran nilai akhir",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    let plain = html::person_page(&announcement, list, row, &links());
    assert!(!plain.contains("sertifikat.pdf"));
}

#[test]
fn a_number_that_is_not_there_is_answered_with_another_search() {
    let page = html::person_not_found(&sample::golden(), " 2601 <b> ", &links());
    assert!(page.contains("<b>2601 &lt;b&gt;</b> tidak ada pada pengumuman ini."), "{page}");
    assert!(page.contains("value=\"2601 &lt;b&gt;\""));
}

#[test]
fn pictures_have_words_and_a_table() {
    let page = html::page(&sample::announcement(&[60]), &links());
    assert_eq!(
        (page.matches("<svg ").count(), page.matches("role=\"img\" aria-label=\"").count(), page.matches("<figure>").count()),
        (2, 2, 2)
    );
    assert!(page.contains("Nilai terakhir di atas batas "));
    let small = html::page(&sample::announcement(&[4]), &links());
    assert!(!small.contains("<svg"), "four values say no more as a picture");
}
