// Texts of the public list of publications.

const id = {
  title: "Hasil seleksi",
  skip: "Lewati ke isi halaman",
  home: "Halaman awal",
  intro: "Semua pengumuman hasil, terbaru di atas. Setiap publikasi tetap seperti saat diumumkan; koreksi terbit sebagai revisi baru dengan alasannya.",
  loading: "Memuat…",
  unreachable: "Server tidak menjawab. Periksa jaringan, lalu coba lagi.",
  retry: "Coba lagi",
  empty: "Belum ada hasil yang diumumkan.",
  revision: (n: number) => `Revisi ${n}`,
  current: "berlaku",
  replaced: "digantikan",
  number: (number: string) => `Nomor ${number}`,
  people: (n: string) => `${n} orang`,
  reason: (reason: string) => `Alasan revisi: ${reason}`,
  page: "Lihat daftar",
  files: "Berkas",
  filesOf: (title: string) => `Berkas ${title}`,
  earlier: (n: number) => `${n} revisi sebelumnya`,
  sha: "SHA-256",
  copy: "Salin",
  copied: "Tersalin",
  copyOf: (title: string, revision: number) => `Salin SHA-256 ${title} revisi ${revision}`,
  check: "Memeriksa keaslian",
  checkHow: "SHA-256 di atas adalah sidik berkas JSON publikasi itu. Unduh berkas JSON-nya, hitung sidiknya (misalnya dengan sha256sum), lalu bandingkan: bila sama, berkasnya utuh.",
};

/** The shape both languages have. */
export type ResultsStrings = typeof id;

const en: ResultsStrings = {
  title: "Selection results",
  skip: "Skip to the content",
  home: "Start page",
  intro: "All announcements of results, newest first. A publication stays as it was announced; a correction appears as a new revision with its reason.",
  loading: "Loading…",
  unreachable: "The server does not answer. Check the network, then try again.",
  retry: "Try again",
  empty: "No results have been announced yet.",
  revision: (n) => `Revision ${n}`,
  current: "in force",
  replaced: "replaced",
  number: (number) => `Number ${number}`,
  people: (n) => `${n} people`,
  reason: (reason) => `Reason for the revision: ${reason}`,
  page: "See the list",
  files: "Files",
  filesOf: (title) => `Files of ${title}`,
  earlier: (n) => `${n} earlier ${n === 1 ? "revision" : "revisions"}`,
  sha: "SHA-256",
  copy: "Copy",
  copied: "Copied",
  copyOf: (title, revision) => `Copy the SHA-256 of ${title} revision ${revision}`,
  check: "Checking authenticity",
  checkHow: "The SHA-256 above is the fingerprint of the publication's JSON file. Download the JSON file, compute its fingerprint (e.g. with sha256sum) and compare: when they agree, the file is intact.",
};

/** Both languages. */
export const resultsStrings: { id: ResultsStrings; en: ResultsStrings } = { id, en };
