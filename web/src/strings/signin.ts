// Texts of the staff sign-in, shared by the proctor's console, the desk and the committee's pages.

export interface SignInStrings {
  skip: string;
  loading: string;
  heading: string;
  hint: string;
  login: string;
  password: string;
  showPassword: string;
  submit: string;
  submitting: string;
  unreachable: string;
  retry: string;
  signOut: string;
  signedInAs: (name: string) => string;
  notFittingHeading: string;
  notFitting: (page: string, name: string) => string;
  needed: string;
  yours: string;
  none: string;
  roles: { admin: string; author: string; committee: string; registrar: string; proctor: string; auditor: string };
  language: string;
  otherAccount: string;
}

export const signinStrings: { id: SignInStrings; en: SignInStrings } = {
  id: {
    skip: "Lewati ke isi halaman",
    loading: "Memeriksa sesi masuk…",
    heading: "Masuk petugas",
    hint: "Gunakan akun petugas yang diberikan panitia. Jangan meminjamkan akun: setiap tindakan dicatat atas nama pemiliknya.",
    login: "Nama pengguna",
    password: "Kata sandi",
    showPassword: "Tampilkan kata sandi",
    submit: "Masuk",
    submitting: "Memeriksa…",
    unreachable: "Server tidak menjawab. Periksa kabel jaringan, lalu coba lagi.",
    retry: "Coba lagi",
    signOut: "Keluar",
    signedInAs: (name) => `Masuk sebagai ${name}`,
    notFittingHeading: "Halaman ini bukan untuk peran Anda",
    notFitting: (page, name) => `${name}, akun Anda dikenali, tetapi belum diberi peran untuk halaman ${page}. Hubungi panitia bila ini keliru.`,
    needed: "Peran yang diperlukan",
    yours: "Peran Anda",
    none: "belum ada",
    roles: { admin: "administrator", author: "penulis soal", committee: "panitia", registrar: "petugas meja", proctor: "pengawas", auditor: "auditor" },
    language: "Bahasa",
    otherAccount: "Masuk dengan akun lain",
  },
  en: {
    skip: "Skip to the content",
    loading: "Checking your sign-in…",
    heading: "Staff sign-in",
    hint: "Use the staff account you were given by the committee. Do not lend it: every act is recorded under its owner's name.",
    login: "User name",
    password: "Password",
    showPassword: "Show password",
    submit: "Sign in",
    submitting: "Checking…",
    unreachable: "The server does not answer. Check the network cable, then try again.",
    retry: "Try again",
    signOut: "Sign out",
    signedInAs: (name) => `Signed in as ${name}`,
    notFittingHeading: "This page is not for your role",
    notFitting: (page, name) => `${name}, your account is known, but has no role for the page ${page} yet. Ask the committee if this is a mistake.`,
    needed: "Role needed",
    yours: "Your roles",
    none: "none yet",
    roles: { admin: "administrator", author: "item author", committee: "committee", registrar: "registrar", proctor: "proctor", auditor: "auditor" },
    language: "Language",
    otherAccount: "Sign in with another account",
  },
};
