//! Passing grades of each year, at the threshold and just below it: (category, job, twk, tiu, tkp) and whether it is reached.

use crate::rule_set;
use rules::Status;
use selection::compute;
use selection::outcome::Place;
use selection::tables::{read_formations, read_scores};

type Row = (&'static str, &'static str, [u32; 3], bool);

fn check(id: &str, rows: &[Row]) {
    let rules = rule_set(id, &[]);
    for (category, job, [twk, tiu, tkp], reached) in rows {
        let formations = format!("formation,slots,category,job\nA,0,{category},{job}\n");
        let formations = read_formations(formations.as_bytes(), &rules).expect("a formation").rows;
        let scores = format!("participant_no,formation,twk,tiu,tkp\n1,A,{twk},{tiu},{tkp}\n");
        let (people, _) = read_scores(scores.as_bytes(), &rules, &formations).expect("a person");
        let outcomes = compute(&rules, &formations, &people.rows, Place::Stage(0)).expect("computed");
        // No slot: whoever reached the threshold is outside the cut.
        let expected = if *reached { Status::PassedButOutsideTheCut } else { Status::BelowThreshold };
        assert_eq!(outcomes.of[0].status, expected, "{id}: {category} {job} {twk}/{tiu}/{tkp}");
    }
}

#[test]
fn of_2018() {
    check(
        "skd-2018",
        &[
            ("umum", "", [75, 80, 143], true),
            ("umum", "", [74, 150, 175], false),
            ("umum", "", [175, 79, 175], false),
            ("umum", "", [175, 150, 142], false),
            ("cumlaude", "", [70, 85, 143], true),
            ("cumlaude", "", [70, 84, 175], false),
            ("diaspora", "", [70, 85, 142], false),
            ("disabilitas", "", [60, 70, 130], true),
            ("disabilitas", "", [60, 69, 175], false),
            ("papua", "", [60, 60, 140], true),
            ("papua", "", [60, 59, 175], false),
            ("eks_thk2", "", [60, 60, 139], false),
            ("atlet", "", [0, 5, 35], true),
            ("umum", "dokter_spesialis", [70, 80, 148], true),
            ("umum", "instruktur_penerbang", [70, 80, 147], false),
            ("umum", "penjaga_tahanan", [60, 70, 130], true),
            ("umum", "Penjaga Tahanan", [60, 70, 130], true),
            ("umum", "pawang_hewan", [60, 69, 175], false),
            ("umum", "guru", [60, 70, 130], false),
        ],
    );
}

#[test]
fn of_2019() {
    check(
        "skd-2019",
        &[
            ("umum", "", [65, 80, 126], true),
            ("umum", "", [64, 80, 126], false),
            ("umum", "", [65, 79, 126], false),
            ("umum", "", [65, 80, 125], false),
            ("keamanan_siber", "", [65, 80, 126], true),
            ("cumlaude", "", [50, 85, 136], true),
            ("diaspora", "", [50, 85, 135], false),
            ("disabilitas", "", [50, 70, 140], true),
            ("disabilitas", "", [50, 70, 139], false),
            ("papua", "", [50, 60, 150], true),
            ("papua", "", [50, 59, 175], false),
            ("umum", "dokter", [50, 80, 141], true),
            ("umum", "dokter_pendidik_klinis", [50, 80, 140], false),
            ("umum", "rescuer", [50, 70, 140], true),
            ("umum", "pengamat_gunung_api", [50, 69, 175], false),
        ],
    );
}

#[test]
fn of_2021() {
    check(
        "skd-2021",
        &[
            ("umum", "", [65, 80, 166], true),
            ("umum", "", [65, 80, 165], false),
            ("cumlaude", "", [50, 85, 176], true),
            ("cumlaude", "", [50, 85, 175], false),
            ("disabilitas", "", [50, 60, 176], true),
            ("papua", "", [50, 59, 225], false),
            ("umum", "dokter_gigi", [50, 80, 181], true),
            ("umum", "dokter_gigi", [50, 79, 225], false),
            ("umum", "abk", [50, 70, 166], true),
            ("umum", "abk", [50, 70, 165], false),
        ],
    );
}

#[test]
fn of_2023_and_2024() {
    for id in ["skd-2023", "skd-2024"] {
        check(
            id,
            &[
                ("umum", "", [65, 80, 166], true),
                ("umum", "", [64, 175, 225], false),
                ("umum", "", [150, 79, 225], false),
                ("diaspora", "", [50, 85, 176], true),
                ("diaspora", "", [50, 84, 225], false),
                ("disabilitas", "", [50, 60, 176], true),
                ("disabilitas", "", [50, 60, 175], false),
                ("papua", "", [50, 60, 176], true),
                // Not found for these years: a doctor is measured like everybody else.
                ("umum", "dokter", [50, 80, 181], false),
            ],
        );
    }
    check("skd-2024", &[("daerah_tertinggal", "", [50, 60, 176], true), ("kalimantan", "", [64, 80, 200], false)]);
}
