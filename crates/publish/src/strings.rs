//! Every word of the published files. Indonesian first; English second where a stranger needs it to read a list.
//!
//! No file says *lulus* (passed) of anybody: these are ranked results of a test, and the decision is the committee's.

use crate::announcement::{Status, Zone};

/// A sentence or word in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Indonesian.
    pub id: &'static str,
    /// English.
    pub en: &'static str,
}

/// The short code of a status, as in a narrow column. The codes of the yearly official schemes (P, TL, L-1 …) are avoided on purpose:
/// their letters change meaning by stage and year, and some of them state a decision.
pub fn status_code(status: Status) -> &'static str {
    match status {
        Status::Meets => "MA",
        Status::BelowThreshold => "TMA",
        Status::Absent => "TH",
        Status::NotStarted => "HTM",
        Status::Terminated => "DH",
    }
}

/// The words of a status.
pub fn status(status: Status) -> Phrase {
    match status {
        Status::Meets => Phrase { id: "Memenuhi ambang batas", en: "Meets every threshold" },
        Status::BelowThreshold => Phrase { id: "Tidak memenuhi ambang batas", en: "Below a threshold" },
        Status::Absent => Phrase { id: "Tidak hadir", en: "Absent" },
        Status::NotStarted => Phrase { id: "Hadir, tidak memulai tes", en: "Present, did not begin" },
        Status::Terminated => Phrase { id: "Tes dihentikan panitia", en: "Ended by the committee" },
    }
}

/// The label of a time zone.
pub fn zone(zone: Zone) -> &'static str {
    match zone {
        Zone::Wib => "WIB",
        Zone::Wita => "WITA",
        Zone::Wit => "WIT",
    }
}

/// What a list is, and what it is not.
pub const NOT_THE_DECISION: Phrase = Phrase {
    id: "Peringkat hasil tes; keputusan kelulusan mengikuti pengumuman akhir.",
    en: "Ranked results of the test; the decision follows in the final announcement.",
};

/// How anybody recomputes a list.
pub const RECOMPUTE: Phrase = Phrase {
    id: "Untuk menghitung ulang, jalankan pemeriksa Saksama atas jurnal, kunci, dan cetak biru yang diserahkan panitia; \
         sidik SHA-256 yang keluar harus sama dengan yang tercantum di sini.",
    en: "To recompute, run the Saksama verifier over the journals, keys and blueprints the committee hands out; \
         it must arrive at this SHA-256.",
};

/// What a dash in a column means.
pub const NOTHING_MEANS: Phrase = Phrase { id: "tanpa peringkat atau tanpa nilai", en: "no rank or no marks" };

/// Equal standings.
pub const TIES: Phrase = Phrase { id: "Kedudukan yang sama berbagi peringkat yang sama.", en: "Equal standings share one rank." };

pub(crate) const MONTHS: [&str; 12] =
    ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

pub(crate) const AT_HOUR: &str = "pukul";
pub(crate) const NUMBER: &str = "Nomor";
pub(crate) const SELECTION: &str = "Seleksi";
pub(crate) const STAGE: &str = "Tahap";
pub(crate) const ORGANISER: &str = "Penyelenggara";
pub(crate) const PUBLISHED: &str = "Diumumkan";
pub(crate) const REVISION: &str = "Revisi";
pub(crate) const REASON: &str = "Alasan revisi";
pub(crate) const CONTENT: &str = "Isi";
pub(crate) const INPUT_HASH: &str = "Sidik masukan";
pub(crate) const INPUT_HASH_LONG: &str = "Sidik masukan (SHA-256)";
pub(crate) const SUMMARY: &str = "Ringkasan";
pub(crate) const LEGEND: &str = "Keterangan";
pub(crate) const RANK: &str = "Peringkat";
pub(crate) const PARTICIPANT_NO: &str = "Nomor peserta";
pub(crate) const NAME: &str = "Nama";
pub(crate) const TOTAL: &str = "Total";
pub(crate) const ALL_MARKS: &str = "Nilai per bagian";
pub(crate) const STATUS_CODE: &str = "Kode";
pub(crate) const STATUS_CODE_SHORT: &str = "Ket.";
pub(crate) const STATUS: &str = "Keterangan";
pub(crate) const FORMATION: &str = "Formasi";
pub(crate) const FORMATION_CODE: &str = "Kode formasi";
pub(crate) const SLOTS: &str = "Kebutuhan";
pub(crate) const PEOPLE: &str = "Peserta";
pub(crate) const SECTIONS: &str = "Bagian";
pub(crate) const TABLE_CAPTION: &str = "Peringkat hasil tes, formasi";
pub(crate) const NO_PEOPLE: &str = "Tidak ada peserta pada daftar ini.";
pub(crate) const NO_LISTS: &str = "Pengumuman ini tidak memuat daftar.";
pub(crate) const FILES: &str = "Berkas";
pub(crate) const FORMATIONS_NAV: &str = "Daftar formasi";
pub(crate) const REVISIONS: &str = "Revisi lain";
pub(crate) const SUPERSEDED: &str = "Pengumuman ini telah digantikan oleh revisi yang lebih baru:";
pub(crate) const SKIP_TO_LISTS: &str = "Langsung ke daftar";
pub(crate) const VERIFY: &str = "Pemeriksaan";
pub(crate) const TO_TOP: &str = "Kembali ke atas";
pub(crate) const LEGEND_LINK: &str = "Arti keterangan";

/// What an announcement holds, in one line: `1.000 peserta pada 3 formasi`.
pub(crate) fn content(people: &str, lists: &str) -> String {
    format!("{people} peserta pada {lists} formasi")
}

/// The line under a formation's title.
pub(crate) fn list_facts(slots: &str, people: &str) -> String {
    format!("{SLOTS} {slots} · {PEOPLE} {people}")
}

/// The number of a page.
pub(crate) fn page_of(page: &str, pages: &str) -> String {
    format!("Halaman {page} dari {pages}")
}

/// A summary of a table for those who hear it instead of seeing it.
pub(crate) fn table_summary(formation: &str) -> String {
    format!("Peringkat hasil tes untuk formasi {formation}: peringkat, nomor peserta, nama, nilai, total, dan keterangan.")
}
