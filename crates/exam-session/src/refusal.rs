//! Refusals: why a command was not accepted. A refusal is an answer with a code and a sentence, not an error.

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The journal is behind or the disk is full; nothing was stored, try again.
    Busy,
    /// An answer for this item with a higher number is already stored.
    Superseded,
    /// The session was moved or signed in elsewhere; this terminal no longer speaks for it.
    TerminalSuperseded,
    /// The session is not known in this sitting.
    UnknownSession,
    /// No paper was prepared for the session.
    NotPrepared,
    /// The sitting's doors are not open.
    SittingNotOpen,
    /// The doors are open already.
    SittingOpen,
    /// The sitting has not been started by the proctor.
    SittingNotStarted,
    /// The sitting was started already.
    SittingStarted,
    /// The sitting is closed.
    SittingClosed,
    /// The hall is held.
    HallHeld,
    /// The hall is not held.
    HallNotHeld,
    /// Check-in has not begun.
    CheckInNotOpen,
    /// Check-in is over.
    CheckInOver,
    /// The candidate is checked in already.
    CheckedInAlready,
    /// The candidate was not checked in.
    NotCheckedIn,
    /// Nobody signed in at a terminal.
    NotSignedIn,
    /// The rules were not accepted.
    NoConsent,
    /// The session has not started.
    NotStarted,
    /// The session runs already.
    StartedAlready,
    /// The latest start has passed.
    TooLateToStart,
    /// The session is paused.
    Paused,
    /// The session is not paused.
    NotPaused,
    /// The session is over.
    Ended,
    /// The paper has no such position.
    NoSuchPosition,
    /// Another item stands at this position.
    WrongItem,
    /// The item has no such choice, or allows only one.
    BadChoices,
    /// A linear or finished section does not go back.
    ItemClosed,
    /// The section cannot be left this way.
    SectionClosed,
    /// The seat is taken.
    SeatTaken,
    /// The act needs a reason.
    ReasonMissing,
    /// The act needs a second person.
    ApprovalMissing,
    /// The second person is the first one.
    SamePerson,
    /// The amount is out of range.
    OutOfRange,
    /// There is nobody to whom this applies.
    NothingToDo,
    /// Sessions are still running.
    SessionsRunning,
    /// The session made more commands than a person can.
    TooManyCommands,
    /// No such evidence, or it was admitted before.
    UnknownEvidence,
    /// The text is empty or too long.
    BadText,
    /// The number of this command was used for another one: the page lost count and must take a new number.
    NumberReused,
}

impl Refusal {
    /// Every refusal, for the page of codes and its test.
    pub const ALL: [Refusal; 40] = [
        Refusal::Busy,
        Refusal::Superseded,
        Refusal::TerminalSuperseded,
        Refusal::UnknownSession,
        Refusal::NotPrepared,
        Refusal::SittingNotOpen,
        Refusal::SittingOpen,
        Refusal::SittingNotStarted,
        Refusal::SittingStarted,
        Refusal::SittingClosed,
        Refusal::HallHeld,
        Refusal::HallNotHeld,
        Refusal::CheckInNotOpen,
        Refusal::CheckInOver,
        Refusal::CheckedInAlready,
        Refusal::NotCheckedIn,
        Refusal::NotSignedIn,
        Refusal::NoConsent,
        Refusal::NotStarted,
        Refusal::StartedAlready,
        Refusal::TooLateToStart,
        Refusal::Paused,
        Refusal::NotPaused,
        Refusal::Ended,
        Refusal::NoSuchPosition,
        Refusal::WrongItem,
        Refusal::BadChoices,
        Refusal::ItemClosed,
        Refusal::SectionClosed,
        Refusal::SeatTaken,
        Refusal::ReasonMissing,
        Refusal::ApprovalMissing,
        Refusal::SamePerson,
        Refusal::OutOfRange,
        Refusal::NothingToDo,
        Refusal::SessionsRunning,
        Refusal::TooManyCommands,
        Refusal::UnknownEvidence,
        Refusal::BadText,
        Refusal::NumberReused,
    ];

    /// The stable code and the sentence for the person in front of the page.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Refusal::Busy => ("busy", "Server sedang sibuk; belum disimpan, akan dicoba lagi."),
            Refusal::Superseded => ("superseded", "Jawaban yang lebih baru untuk soal ini sudah tersimpan."),
            Refusal::TerminalSuperseded => ("terminal_superseded", "Sesi ini sudah dipindahkan ke komputer lain."),
            Refusal::UnknownSession => ("unknown_session", "Peserta ini tidak terdaftar pada sesi ujian ini."),
            Refusal::NotPrepared => ("not_prepared", "Naskah soal untuk peserta ini belum disiapkan."),
            Refusal::SittingNotOpen => ("sitting_not_open", "Sesi ujian belum dibuka oleh pengawas."),
            Refusal::SittingOpen => ("sitting_open", "Sesi ujian sudah dibuka."),
            Refusal::SittingNotStarted => ("sitting_not_started", "Pengawas belum memulai ujian."),
            Refusal::SittingStarted => ("sitting_started", "Ujian sudah dimulai."),
            Refusal::SittingClosed => ("sitting_closed", "Sesi ujian sudah ditutup."),
            Refusal::HallHeld => ("hall_held", "Ujian di ruang ini sedang dihentikan sementara."),
            Refusal::HallNotHeld => ("hall_not_held", "Ujian di ruang ini tidak sedang dihentikan."),
            Refusal::CheckInNotOpen => ("check_in_not_open", "Pendaftaran ulang belum dibuka."),
            Refusal::CheckInOver => ("check_in_over", "Pendaftaran ulang sudah ditutup."),
            Refusal::CheckedInAlready => ("checked_in_already", "Peserta ini sudah terdaftar hadir."),
            Refusal::NotCheckedIn => ("not_checked_in", "Peserta ini belum mendaftar ulang."),
            Refusal::NotSignedIn => ("not_signed_in", "Peserta ini belum masuk di komputer ujian."),
            Refusal::NoConsent => ("no_consent", "Tata tertib belum disetujui."),
            Refusal::NotStarted => ("not_started", "Ujian Anda belum dimulai."),
            Refusal::StartedAlready => ("started_already", "Ujian Anda sudah dimulai."),
            Refusal::TooLateToStart => ("too_late_to_start", "Batas waktu untuk memulai sudah lewat."),
            Refusal::Paused => ("paused", "Ujian sedang dihentikan sementara; waktu tidak berjalan."),
            Refusal::NotPaused => ("not_paused", "Ujian peserta ini tidak sedang dihentikan."),
            Refusal::Ended => ("session_ended", "Ujian sudah berakhir."),
            Refusal::NoSuchPosition => ("no_such_position", "Nomor soal tidak ada pada naskah ini."),
            Refusal::WrongItem => ("wrong_item", "Soal tidak cocok dengan naskah; muat ulang halaman."),
            Refusal::BadChoices => ("bad_choices", "Pilihan jawaban tidak dikenal untuk soal ini."),
            Refusal::ItemClosed => ("item_closed", "Soal ini sudah tidak dapat diubah."),
            Refusal::SectionClosed => ("section_closed", "Bagian ini sudah selesai."),
            Refusal::SeatTaken => ("seat_taken", "Kursi tersebut sudah ditempati."),
            Refusal::ReasonMissing => ("reason_missing", "Tindakan ini memerlukan alasan."),
            Refusal::ApprovalMissing => ("approval_missing", "Tindakan ini memerlukan persetujuan orang kedua."),
            Refusal::SamePerson => ("same_person", "Persetujuan harus diberikan oleh orang lain."),
            Refusal::OutOfRange => ("out_of_range", "Nilainya di luar batas yang diizinkan."),
            Refusal::NothingToDo => ("nothing_to_do", "Tidak ada peserta yang dapat dikenai tindakan ini."),
            Refusal::SessionsRunning => ("sessions_running", "Masih ada peserta yang mengerjakan ujian."),
            Refusal::TooManyCommands => ("too_many_commands", "Terlalu banyak perintah dari komputer ini; panggil pengawas."),
            Refusal::UnknownEvidence => ("unknown_evidence", "Bukti jawaban terlambat itu tidak ada atau sudah diterima."),
            Refusal::BadText => ("bad_text", "Teks kosong atau terlalu panjang."),
            Refusal::NumberReused => ("number_reused", "Nomor perintah sudah terpakai; muat ulang halaman."),
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        self.words().0
    }

    /// The sentence.
    pub fn sentence(self) -> &'static str {
        self.words().1
    }
}
