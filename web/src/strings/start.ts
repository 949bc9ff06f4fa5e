// Texts of the start page.

const id = {
  title: "Saksama",
  skip: "Lewati ke isi halaman",
  tagline: "Ujian seleksi CPNS yang cermat dan tidak memihak",
  sentences: [
    "Saksama menyelenggarakan ujian berbasis komputer untuk seleksi calon pegawai negeri: dari bank soal dan jadwal sampai daftar peringkat yang dapat diperiksa siapa pun.",
    "Setiap jawaban disimpan begitu dipilih, waktu setiap peserta dijaga oleh server, dan peringkat terlihat di layar selama ujian berlangsung.",
    "Pilih peran Anda di bawah ini untuk mulai.",
  ],
  rolesHeading: "Masuk menurut peran",
  open: "Buka",
  roles: {
    terminal: { name: "Peserta", what: "Mengerjakan ujian di komputer ruang, dengan nomor peserta dan PIN dari meja pendaftaran." },
    desk: { name: "Registrar", what: "Memeriksa identitas, memberi kursi dan PIN di meja pendaftaran." },
    proctor: { name: "Pengawas", what: "Melihat semua kursi, memulai sesi, memberi tambahan waktu, mencatat kejadian." },
    committee: { name: "Panitia", what: "Menyusun seleksi, bank soal, jadwal, hasil, dan publikasi. Juga untuk penulis soal, administrator, dan auditor." },
  },
  publicHeading: "Untuk umum, tanpa akun",
  publicPages: {
    board: { name: "Papan peringkat", what: "Peringkat langsung, untuk layar besar dan telepon." },
    results: { name: "Hasil seleksi", what: "Pengumuman dan daftar yang dapat diperiksa." },
    objections: { name: "Sanggah hasil", what: "Untuk peserta: hasil sendiri, dan menyanggahnya selama masa sanggah." },
  },
  demo: {
    heading: "Coba demo",
    intro: (selection: string) => `Server ini berisi seleksi contoh “${selection}”. Semua nama dan nomor di dalamnya rekaan; silakan mencoba apa saja.`,
    tip: "Satu jendela hanya dapat dipakai satu akun petugas. Buka setiap peran di jendela penyamaran atau profil peramban yang lain.",
    steps: "Langkah demi langkah",
    staff: "Akun petugas",
    candidates: "Peserta contoh",
    role: "Peran",
    name: "Nama",
    login: "Nama pengguna",
    password: "Kata sandi",
    number: "Nomor peserta",
    more: (n: number) => `dan ${n} peserta lain`,
    roleNames: {
      admin: "Administrator", author: "Penulis soal", committee: "Panitia", registrar: "Registrar", proctor: "Pengawas", auditor: "Auditor",
    } as Record<string, string>,
    walk: {
      open: (login: string) => `Buka /pengawas sebagai ${login}, pilih sesi, dan buka pintunya.`,
      checkIn: (login: string, number: string) => `Buka /meja sebagai ${login}, cari peserta ${number}, dan catat kehadirannya; PIN dan kursi muncul.`,
      sit: (number: string) => `Buka /ujian di jendela lain, masuk dengan nomor ${number} dan PIN itu, lalu setujui tata tertib.`,
      start: "Kembali ke /pengawas, mulai sesinya, dan lihat kursi peserta berubah selagi ia menjawab.",
      board: "Lihat peringkat bergerak di /papan.",
      finish: "Selesaikan ujian sebagai peserta, lalu tutup sesi sebagai pengawas.",
      publish: (login: string) => `Buka /panitia sebagai ${login}, bagian Hasil: isi hitungan tangan, hitung, tetapkan revisi 1, dan umumkan; pengumumannya ada di /hasil.`,
      somebody: "akun yang sesuai",
    },
  },
};

/** The shape both languages have. */
export type StartStrings = typeof id;

const en: StartStrings = {
  title: "Saksama",
  skip: "Skip to the content",
  tagline: "Careful and impartial civil-service examinations",
  sentences: [
    "Saksama runs computer-based tests for civil-service recruitment in Indonesia (CPNS): from question bank and timetable to ranked lists that anyone can check.",
    "Every answer is saved the moment it is chosen, the server keeps everybody's time, and the ranking shows on screens while the exam runs.",
    "Choose your role below to begin.",
  ],
  rolesHeading: "Enter by role",
  open: "Open",
  roles: {
    terminal: { name: "Candidate", what: "Takes the exam on a computer in the hall, with the participant number and a PIN from the check-in desk." },
    desk: { name: "Registrar", what: "Checks identities and gives out seats and PINs at the check-in desk." },
    proctor: { name: "Proctor", what: "Sees every seat, starts the sitting, grants time, notes incidents." },
    committee: { name: "Committee", what: "Sets up selections, question bank, timetable, results and publication. Also for item authors, administrators and auditors." },
  },
  publicHeading: "For the public, without an account",
  publicPages: {
    board: { name: "Scoreboard", what: "The live ranking, for big screens and phones." },
    results: { name: "Results", what: "Announcements and lists that can be checked." },
    objections: { name: "Objections", what: "For candidates: one's own result, and objecting to it while the window is open." },
  },
  demo: {
    heading: "Try the demo",
    intro: (selection) => `This server holds the sample selection “${selection}”. All names and numbers in it are made up; try whatever you like.`,
    tip: "A window can be used by one staff account only. Open each role in a private window or another browser profile.",
    steps: "Step by step",
    staff: "Staff accounts",
    candidates: "Sample candidates",
    role: "Role",
    name: "Name",
    login: "User name",
    password: "Password",
    number: "Participant number",
    more: (n) => `and ${n} more candidates`,
    roleNames: { admin: "Administrator", author: "Item author", committee: "Committee", registrar: "Registrar", proctor: "Proctor", auditor: "Auditor" } as Record<string, string>,
    walk: {
      open: (login) => `Open /pengawas as ${login}, choose the sitting and open its doors.`,
      checkIn: (login, number) => `Open /meja as ${login}, find candidate ${number} and check them in; a PIN and a seat appear.`,
      sit: (number) => `Open /ujian in another window, sign in with number ${number} and that PIN, and accept the rules.`,
      start: "Back in /pengawas, start the sitting and see the candidate's seat change while they answer.",
      board: "See the ranking move on /papan.",
      finish: "Finish the exam as the candidate, then close the sitting as the proctor.",
      publish: (login) => `Open /panitia as ${login}, area Results: enter the count by hand, compute, adopt revision 1 and announce it; the announcement is at /hasil.`,
      somebody: "the fitting account",
    },
  },
};

/** Both languages. */
export const startStrings: { id: StartStrings; en: StartStrings } = { id, en };
