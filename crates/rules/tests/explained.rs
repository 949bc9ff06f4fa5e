//! Explanations name what decides, in both languages.

use rules::explain::{Language, explain};
use rules::{RuleSet, shipped};

fn check(id: &str, language: Language, says: &[&str]) {
    let set = RuleSet::parse(shipped::text(id).unwrap_or_default(), &shipped::library).expect("a shipped set is in order");
    let text = explain(&set, language);
    for sentence in says {
        assert!(text.contains(sentence), "{id}: {sentence:?} is missing in\n{text}");
    }
    assert!(text.contains(&set.hash), "{id}: the hash is told");
}

#[test]
fn indonesian() {
    use Language::Indonesian;
    check(
        "skd-2018",
        Indonesian,
        &[
            "umum: setiap subtes: paling sedikit twk 75, tiu 80, tkp 143",
            "umum, jabatan dokter_spesialis, instruktur_penerbang: total paling sedikit 298, dan tiu 80",
            "paling banyak 3 x kebutuhan",
            "P2 hanya dibuka bila P1 lebih sedikit daripada kebutuhan",
            "jabatan lain dianggap jabatan biasa",
        ],
    );
    check("cpns-2024", Indonesian, &["Nilai akhir = 40 % skd + 60 % skb", "U-1", "E-1 [TIDAK AKTIF]", "display.decimals = 3"]);
}

#[test]
fn english() {
    use Language::English;
    check(
        "cpns-2019",
        English,
        &[
            "Scores of 2018 may be used",
            "Final value = 40 % skd + 60 % skb",
            "Between equals: total of skd, tkp, tiu, twk, GPA or diploma average, older age, a recorded decision of the committee.",
            "2 [agency: daerah]: still vacant, regional government: other unit",
        ],
    );
    check("bkpsdm-3", English, &["Jobs (job): none has a rule of its own", "Between equals: bidang, umum, lokal"]);
}
