use crate::{sample, tools};
use publish::html::{self, Links, RevisionLink};

fn links() -> Links {
    let link = |revision, href: &str| RevisionLink {
        revision,
        href: href.into(),
        published_utc_ms: sample::PUBLISHED_UTC_MS + i64::from(revision) * 3_600_000,
    };
    Links { folder: "/hasil/0192".into(), revisions: vec![link(1, "/hasil/0191"), link(3, "/hasil/0193?a=1&b=2"), link(4, "/hasil/0194")] }
}

#[test]
fn the_page_stands_alone_under_a_strict_policy() {
    let page = html::page(&sample::announcement(&[25, 1]), &links());
    for forbidden in ["<script", "style=", "<style", "javascript:", "http://", "https://", "onclick", "<img", "data:"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert_eq!(page.matches("<link ").count(), 1);
    assert!(page.contains("<link rel=\"stylesheet\" href=\"/hasil/gaya.css\">"));
    for forbidden in ["@import", "url(", "expression"] {
        assert!(!html::STYLESHEET.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn texts_of_others_never_become_markup() {
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let mut announcement = sample::announcement(&[1, 1]);
    announcement.organiser = evil.into();
    announcement.selection = evil.into();
    announcement.stage = evil.into();
    announcement.heading = evil.into();
    announcement.number = evil.into();
    announcement.reason = evil.into();
    let list = &mut announcement.lists[0];
    list.formation_code = evil.into();
    list.formation_title = evil.into();
    list.sections[0].code = evil.into();
    list.sections[0].title = evil.into();
    list.rows[0].name = evil.into();
    list.rows[0].participant_no = evil.into();
    let mut links = links();
    links.folder = evil.into();
    links.revisions[0].href = evil.into();
    let page = html::page(&announcement, &links);
    assert!(!page.contains("<img"));
    assert!(!page.contains("\"'&"));
    assert!(page.matches("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;").count() >= 14);
}

#[test]
fn the_page_leads_to_files_formations_and_revisions() {
    let mut announcement = sample::announcement(&[25, 1]);
    announcement.revision = 2;
    let page = html::page(&announcement, &links());
    for file in ["pdf", "xlsx", "csv", "json"] {
        assert!(page.contains(&format!("href=\"/hasil/0192/daftar.{file}\"")), "{file}");
    }
    for anchor in ["f1", "f2", "arti", "atas", "daftar"] {
        assert!(page.contains(&format!("href=\"#{anchor}\"")) && page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
    assert!(page.contains("<a href=\"/hasil/0191\">Revisi 1</a>, 21 November 2026 pukul 15.05 WIB"));
    assert!(page.contains("href=\"/hasil/0193?a=1&amp;b=2\""));
    assert!(page.contains("digantikan oleh revisi yang lebih baru: <a href=\"/hasil/0194\">Revisi 4</a>"));
}

#[test]
fn only_an_outdated_page_says_it_is_outdated() {
    let mut announcement = sample::announcement(&[1]);
    announcement.revision = 4;
    let mut links = links();
    links.revisions.truncate(2);
    assert!(!html::page(&announcement, &links).contains("digantikan"));
    links.revisions.clear();
    let page = html::page(&announcement, &links);
    assert!(!page.contains("digantikan") && !page.contains("Revisi lain"));
}

#[test]
fn rows_are_a_table_for_every_reader() {
    let page = html::page(&sample::golden(), &Links::default());
    assert_eq!(page.matches("<tr role=\"row\">").count(), 7);
    assert_eq!(page.matches("<th scope=\"row\"").count(), 6);
    assert_eq!(page.matches("<th scope=\"col\"").count(), 8);
    let row = "<tr role=\"row\"><td role=\"cell\">3</td><td role=\"cell\">26017301000001034</td><th scope=\"row\" role=\"rowheader\">G. P.</th>\
               <td role=\"cell\" data-l=\"TWK\">60</td><td role=\"cell\" data-l=\"TIU\">80,125</td><td role=\"cell\" data-l=\"TKP\">150</td>\
               <td role=\"cell\" data-l=\"Total\">290,125</td><td role=\"cell\">Tidak memenuhi ambang batas</td></tr>";
    assert!(page.contains(row), "{page}");
    assert!(page.contains("<code>3f9a1c2b4d5e6f708192a3b4c5d6e7f80123456789abcdef0123456789abcdef</code>"));
    assert!(page.contains("jalankan pemeriksa Saksama"));
    tools::never_says_passed(&page);
}

#[test]
fn every_size_has_as_many_rows_as_people() {
    for people in [0, 1, 25, 60, 1000] {
        let page = html::page(&sample::announcement(&[people]), &Links::default());
        assert_eq!(page.matches("<th scope=\"row\"").count(), people);
        assert_eq!(page.contains("Tidak ada peserta pada daftar ini."), people == 0);
    }
    assert!(html::page(&sample::announcement(&[]), &Links::default()).contains("Pengumuman ini tidak memuat daftar."));
}
