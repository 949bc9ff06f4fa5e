//! Every fixed word of the published files. Indonesian first; English second where a stranger needs it to read a list.
//!
//! None of them says *lulus* (passed) of anybody: what a code means, and so who passed, stands in the legend of the committee's rule set.

use crate::announcement::{Announcement, RuleSetNamed, Zone};
use crate::shown;

/// A sentence or word in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Indonesian.
    pub id: &'static str,
    /// English.
    pub en: &'static str,
}

/// The label of a time zone.
pub fn zone(zone: Zone) -> &'static str {
    match zone {
        Zone::Wib => "WIB",
        Zone::Wita => "WITA",
        Zone::Wit => "WIT",
    }
}

/// How anybody recomputes a list.
pub const RECOMPUTE: Phrase = Phrase {
    id: "Siapa pun yang memegang berkas masukan revisi ini (aturan, formasi, nilai) dapat menghitungnya ulang dengan perintah saksama rank; \
         sidik SHA-256 hasilnya harus sama dengan yang tercantum di sini.",
    en: "Anybody who has the input files of this revision (rule set, formations, scores) can compute it again with saksama rank; \
         the SHA-256 of the result must be the one given here.",
};

/// What a dash in a column means.
pub const NOTHING_MEANS: Phrase = Phrase { id: "tidak ada peringkat, nilai, atau kode", en: "no rank, mark or code" };

/// What it means to have no code.
pub const NOT_DECIDED: Phrase = Phrase { id: "menunggu keputusan panitia", en: "the committee has not decided" };

/// Equal standings.
pub const TIES: Phrase = Phrase { id: "Kedudukan yang sama berbagi peringkat yang sama.", en: "Equal standings share one rank." };

/// What the heavy rule in a list is.
pub const CUT_RULE: Phrase =
    Phrase { id: "Garis tebal di dalam daftar adalah batas peringkat.", en: "The heavy rule in a list is the cut." };

/// What counts when a paper and the page differ.
pub const PAGE_COUNTS: Phrase = Phrase {
    id: "Yang berlaku adalah laman pengumuman. Pindai kode QR dan bandingkan: bila laman menunjukkan isi lain atau revisi yang lebih baru, \
         isi laman itulah yang benar.",
    en: "What the announcement's page says is what counts. Scan the QR code and compare: where the page says otherwise, or shows a newer \
         revision, the page is right.",
};

/// The same on the page itself.
pub(crate) const THIS_PAGE_COUNTS: Phrase = Phrase {
    id: "Laman ini yang berlaku. Sertifikat atau cetakan yang berbeda dari laman ini tidak benar.",
    en: "This page is what counts. A certificate or a print that differs from it is not right.",
};

/// The answer to a search that found nobody.
pub(crate) const NOT_ON_A_LIST: Phrase = Phrase {
    id: "tidak ada pada pengumuman ini. Periksa kembali nomornya; huruf besar dan kecil serta spasi tidak dibedakan.",
    en: "This number is not in this announcement. Check it again; upper and lower case and spaces make no difference.",
};

pub(crate) const MONTHS: [&str; 12] =
    ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

pub(crate) const AT_HOUR: &str = "pukul";
pub(crate) const ANNOUNCEMENT: &str = "Pengumuman";
pub(crate) const NUMBER: &str = "Nomor";
pub(crate) const ABOUT: &str = "tentang";
pub(crate) const SELECTION: &str = "Seleksi";
pub(crate) const STAGE: &str = "Tahap";
pub(crate) const ORGANISER: &str = "Penyelenggara";
pub(crate) const PUBLISHED: &str = "Diumumkan";
pub(crate) const REVISION: &str = "Revisi";
pub(crate) const REASON: &str = "Alasan revisi";
pub(crate) const CONTENT: &str = "Isi";
pub(crate) const DECREES: &str = "Dasar";
pub(crate) const RULE_SET: &str = "Aturan";
pub(crate) const RULE_SET_HASH: &str = "Sidik aturan (SHA-256)";
pub(crate) const INPUT_HASH: &str = "Sidik masukan";
pub(crate) const INPUT_HASH_LONG: &str = "Sidik masukan (SHA-256)";
pub(crate) const RESULTS_HASH: &str = "Sidik hasil";
pub(crate) const RESULTS_HASH_LONG: &str = "Sidik hasil (SHA-256)";
pub(crate) const SUMMARY: &str = "Ringkasan";
pub(crate) const LEGEND: &str = "Arti kode";
pub(crate) const RANK: &str = "Peringkat";
pub(crate) const PARTICIPANT_NO: &str = "Nomor peserta";
pub(crate) const NAME: &str = "Nama";
pub(crate) const CATEGORY: &str = "Jenis kebutuhan";
pub(crate) const TOTAL: &str = "Total";
pub(crate) const ALL_MARKS: &str = "Nilai";
pub(crate) const CODE: &str = "Kode";
pub(crate) const MEANING: &str = "Keterangan";
pub(crate) const STATUS: &str = "Status";
pub(crate) const TO_FORMATION: &str = "Pindah ke";
pub(crate) const FORMATION: &str = "Formasi";
pub(crate) const FORMATION_CODE: &str = "Kode formasi";
pub(crate) const FORMATION_CATEGORY: &str = "Jenis kebutuhan formasi";
pub(crate) const SLOTS: &str = "Kebutuhan";
pub(crate) const PEOPLE: &str = "Peserta";
pub(crate) const SECTION: &str = "Bagian";
pub(crate) const MARK: &str = "Nilai";
pub(crate) const MAX: &str = "Maksimum";
pub(crate) const THRESHOLD: &str = "Ambang batas";
pub(crate) const MAX_SHORT: &str = "maks.";
pub(crate) const THRESHOLD_SHORT: &str = "ambang";
pub(crate) const TOTAL_THRESHOLD: &str = "Ambang total";
pub(crate) const CUT: &str = "Batas peringkat";
pub(crate) const NO_PEOPLE: &str = "Tidak ada peserta pada daftar ini.";
pub(crate) const NO_LISTS: &str = "Pengumuman ini tidak memuat daftar.";
pub(crate) const FILES: &str = "Berkas";
pub(crate) const FORMATIONS: &str = "Daftar formasi";
pub(crate) const REVISIONS: &str = "Revisi lain";
pub(crate) const SUPERSEDED: &str = "Pengumuman ini telah digantikan oleh revisi yang lebih baru:";
pub(crate) const VERIFY: &str = "Pemeriksaan";
pub(crate) const TO_TOP: &str = "Kembali ke atas";
pub(crate) const CLASS: &str = "Kelas nilai";
pub(crate) const DISTRIBUTION: &str = "Sebaran";
pub(crate) const LADDER: &str = "Tangga peringkat di sekitar batas";
pub(crate) const LADDER_TOP: &str = "Tangga peringkat teratas";
pub(crate) const CHARTS: &str = "Grafik";
pub(crate) const ITEM_MAP: &str = "Peta butir soal";
pub(crate) const COMPLETION: &str = "Penyelesaian menurut waktu";
pub(crate) const ITEMS: &str = "Butir";
pub(crate) const DIFFICULTY: &str = "tingkat kesukaran";
pub(crate) const DIFFICULTY_HEAD: &str = "Tingkat kesukaran";
pub(crate) const DISCRIMINATION: &str = "daya beda";
pub(crate) const HARD: &str = "sukar";
pub(crate) const EASY: &str = "mudah";
pub(crate) const MINUTE: &str = "Menit";
pub(crate) const MINUTES_SINCE_START: &str = "menit sejak mulai";
pub(crate) const ITEMS_ANSWERED: &str = "butir terjawab";
pub(crate) const PEOPLE_ENDED: &str = "peserta selesai";
/// With spaces that do not break, like the next one: heads of narrow columns.
pub(crate) const ANSWERED_PERCENT: &str = "Terjawab\u{a0}(%)";
pub(crate) const ENDED_PERCENT: &str = "Selesai\u{a0}(%)";
pub(crate) const ABOUT_STATISTICS: &str = "Pada peta butir soal setiap titik adalah satu butir tanpa nama, titik yang lebih besar beberapa butir di tempat yang sama. Tingkat \
     kesukaran adalah bagian nilai butir yang diperoleh peserta: makin besar, makin mudah. Daya beda menunjukkan seberapa jauh butir \
     memisahkan peserta yang kuat dari yang lemah. Garis putus-putus membatasi butir yang sukar, yang mudah, dan yang daya bedanya rendah. \
     Waktu dihitung sejak mulai masing-masing peserta.";
pub(crate) const SKIP: &str = "Langsung ke isi";
pub(crate) const SEARCH_LABEL: &str = "Cari menurut nomor peserta";
pub(crate) const SEARCH: &str = "Cari";
pub(crate) const SIGNED_BY: &str = "Ditetapkan oleh";
pub(crate) const PARTS: &str = "Baris";
pub(crate) const TABLE_CAPTION: &str = "Daftar hasil, formasi";
pub(crate) const TO_LIST: &str = "Lihat daftar formasi ini";
pub(crate) const NOT_FOUND: &str = "Nomor tidak ditemukan";
pub(crate) const SUMS: &str = "Berkas dan sidik SHA-256";
pub(crate) const THIS_PERSON: &str = "peserta ini";
pub(crate) const CUT_SHORT: &str = "batas";
/// With spaces that do not break: the head of a narrow column.
pub(crate) const ABOVE_CUT: &str = "Di\u{a0}atas\u{a0}batas";
pub(crate) const CERTIFICATE: &str = "Sertifikat nilai";
pub(crate) const MARKS_SUMMARY: &str = "Nilai setiap bagian dengan maksimum dan ambang batasnya, lalu total.";
pub(crate) const DATE: &str = "Tanggal";
pub(crate) const ANNEX_LISTS: (&str, &str) = ("Lampiran I", "Daftar hasil");
pub(crate) const ANNEX_CHARTS: (&str, &str) = ("Lampiran II", "Grafik hasil");
pub(crate) const OVERVIEW_SUMMARY: &str = "Formasi, kebutuhan, peserta, dan banyaknya peserta menurut kode.";
pub(crate) const CODES_MEAN: &str = "Kode pada daftar berarti:";
pub(crate) const TIES_AND_CUT_EN: &str = "Equal standings share one rank. The heavy rule in a list is the cut.";
pub(crate) const CLOSING: &str = "Demikian pengumuman ini disampaikan untuk diketahui.";

/// What the announcement holds, in one line: `1.000 peserta pada 3 formasi`.
pub(crate) fn content(people: &str, lists: &str) -> String {
    format!("{people} peserta pada {lists} formasi")
}

/// Behind a formation in an overview.
pub(crate) fn slots_and_people(slots: &str, people: &str) -> String {
    format!("kebutuhan {slots}, peserta {people}")
}

/// Where the cut runs.
pub(crate) fn after_rank(cut: u32) -> String {
    format!("sesudah peringkat {cut}")
}

/// The number of a page.
pub(crate) fn page_of(page: &str, pages: &str) -> String {
    format!("Halaman {page} dari {pages}")
}

/// A summary of a table for those who hear it instead of seeing it.
pub(crate) fn table_summary(formation: &str, heads: &str) -> String {
    format!("Daftar hasil untuk formasi {formation}. Kolom: {heads}.")
}

/// A rank among those who have one: `3 dari 124`.
pub(crate) fn rank_of(rank: u32, ranked: &str) -> String {
    format!("{rank} dari {ranked}")
}

/// The same as a sentence of its own.
pub(crate) fn rank_of_ranked(rank: u32, ranked: &str) -> String {
    format!("{} peserta berperingkat", rank_of(rank, ranked))
}

/// The announcement a certificate is taken from.
pub(crate) fn announcement_number(number: &str) -> String {
    format!("{ANNOUNCEMENT} {NUMBER} {number}")
}

/// What a code to be scanned is, for those who do not see it.
pub(crate) fn code_leads_to(url: &str) -> String {
    format!("Kode QR menuju {url}")
}

/// A rule set by title and id.
pub(crate) fn rule_set(title: &str, id: &str) -> String {
    if title.trim().is_empty() { id.to_owned() } else { format!("{title} ({id})") }
}

/// The sentence that opens the letter.
pub(crate) fn opening(announcement: &Announcement) -> String {
    let grounds = if announcement.decrees.is_empty() { "Dengan ini diumumkan" } else { "Berdasarkan ketentuan tersebut diumumkan" };
    let stage = shown::plain(&announcement.stage);
    let selection = shown::plain(&announcement.selection);
    let what = [("hasil", stage.trim()), ("pada", selection.trim())].into_iter().filter(|(_, text)| !text.is_empty());
    let what = what.map(|(word, text)| format!("{word} {text}")).collect::<Vec<_>>().join(" ");
    let what = if what.is_empty() { "hasil" } else { &what };
    format!("{grounds} {what} sebagai berikut.")
}

/// What a further revision replaces, and why.
pub(crate) fn revised(revision: u32, reason: &str) -> String {
    let reason = if reason.trim().is_empty() { String::new() } else { format!(" {REASON}: {}", reason.trim()) };
    match revision {
        1 => reason.trim().to_owned(),
        _ => format!("Pengumuman ini adalah revisi {revision} dan menggantikan semua revisi sebelumnya.{reason}"),
    }
}

/// Where in the document the lists are.
pub(crate) fn where_the_lists_are(people: &str, lists: &str, charts: bool) -> String {
    let pictures = if charts { " Grafik sebaran nilai dan peringkat ada pada Lampiran II." } else { "" };
    format!("Hasil {people} peserta pada {lists} formasi tercantum dalam Lampiran I.{pictures}")
}

/// With which rule set the results were computed.
pub(crate) fn computed_with(named: &RuleSetNamed) -> String {
    format!("Hasil dihitung dengan aturan {}.", rule_set(&shown::plain(&named.title), &shown::plain(&named.id)))
}

/// To which announcement an annex belongs.
pub(crate) fn annex_of(organiser: &str) -> String {
    format!("{ANNOUNCEMENT} {organiser}")
}

/// Above a list that goes on from the page before.
pub(crate) fn continued(formation: &str) -> String {
    format!("(lanjutan) {formation}")
}

/// The title of a picture with the people it was computed from.
pub(crate) fn of_people(title: &str, people: &str) -> String {
    format!("{title}, {people} peserta")
}

/// The head of the column of items that hardly tell good from weak; its spaces do not break.
pub(crate) fn low_discrimination_head(limit: &str) -> String {
    format!("Daya\u{a0}beda\u{a0}<\u{a0}{limit}")
}

/// What the pictures show, and of how many formations.
pub(crate) fn about_charts(drawn: usize, drawable: usize) -> String {
    let which = if drawn < drawable {
        format!("Grafik dibuat untuk {} formasi dengan peserta terbanyak dari {} formasi.", shown::count(drawn), shown::count(drawable))
    } else {
        format!("Grafik dibuat untuk {} formasi dengan sedikitnya lima nilai.", shown::count(drawn))
    };
    format!("{which} Warna gelap: peserta di atas batas peringkat. Angka setiap grafik ada pada tabel di sampingnya.")
}
