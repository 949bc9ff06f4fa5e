//! A revision as it is announced: what policy lets everybody see, and nothing else.

use super::computed::Computed;
use super::shown::{Names, lists, value_columns};
use publish::{
    AnnouncedList, AnnouncedRow, AnnouncedSection, Announcement, CodeMeaning, Columns, Display, FormStatistics, Format, Letterhead,
    RuleSetNamed, Signatory, ValueColumn, Zone,
};
use selection::outcome::Place;
use wire::results::{Publish, ResultList, ResultRow};
use wire::roster::{ColumnPolicy, NamePolicy};

/// What an announcement says besides its lists.
pub struct Heading<'a> {
    /// What the committee filled in.
    pub publish: &'a Publish,
    /// Who announces.
    pub organiser: &'a str,
    /// Title of the selection.
    pub selection: &'a str,
    /// Title of the stage.
    pub stage: &'a str,
    /// Why there is this revision; empty for the first.
    pub reason: &'a str,
    /// When, milliseconds since 1970 UTC.
    pub published_utc_ms: i64,
    /// Pictures of items and of the time, for the annex.
    pub statistics: Vec<FormStatistics>,
}

/// Makes the announcement. Names come as policy shows them; with [`NamePolicy::None`] there are none.
pub fn announcement(
    computed: &Computed,
    names: &Names,
    heading: Heading<'_>,
    policy: &ColumnPolicy,
    name_policy: NamePolicy,
) -> csv::Result<Announcement> {
    let (rules, publish) = (&computed.texts.rules, heading.publish);
    let filled = |text: &str| text.trim().to_owned();
    let signs = !filled(&publish.signatory_position).is_empty() || !filled(&publish.signatory_name).is_empty();
    let lists: Vec<AnnouncedList> = lists(computed, names)?.into_iter().map(|list| announced_list(list, name_policy)).collect();
    let has_list = |form: &FormStatistics| lists.iter().any(|list| list.formation_code == form.formation_code);
    let announcement = Announcement {
        statistics: heading.statistics.into_iter().filter(has_list).collect(),
        format: Format::V2,
        letterhead: Letterhead { lines: publish.letterhead.iter().map(|line| filled(line)).filter(|line| !line.is_empty()).collect() },
        organiser: heading.organiser.to_owned(),
        selection: heading.selection.to_owned(),
        stage: heading.stage.to_owned(),
        heading: filled(&publish.title),
        number: filled(&publish.number),
        place: filled(&publish.place),
        signatory: signs.then(|| Signatory { position: filled(&publish.signatory_position), name: filled(&publish.signatory_name) }),
        decrees: publish.decrees.iter().map(|decree| filled(decree)).filter(|decree| !decree.is_empty()).collect(),
        revision: publish.revision,
        reason: heading.reason.to_owned(),
        published_utc_ms: heading.published_utc_ms,
        zone: Zone::Wib,
        rule_set: RuleSetNamed { id: rules.id.clone(), title: rules.title.id.clone(), hash: rules.hash.clone() },
        input_hash: computed.input_hash.to_string(),
        results_hash: computed.results_hash.to_string(),
        columns: Columns { category: policy.category, marks: policy.marks, stage_values: policy.values, rank: policy.rank },
        display: Display { decimals: rules.display.decimals as u8, mark: rules.display.mark },
        codes: codes(computed),
        values: value_columns(computed).into_iter().map(|column| ValueColumn { id: column.id, title: column.title }).collect(),
        lists,
    };
    Ok(announcement.without_hidden())
}

/// The legend: every code of the year for the stages computed so far.
fn codes(computed: &Computed) -> Vec<CodeMeaning> {
    let rules = &computed.texts.rules;
    let computed_stages: Vec<&str> = rules.stages[..=computed.last_stage()].iter().map(|stage| stage.id.as_str()).collect();
    let to_the_end = computed.until == Place::Final && rules.selection.is_some();
    let told = |stage: &str| stage == "*" || computed_stages.contains(&stage) || (stage == "final" && to_the_end);
    let mut codes: Vec<CodeMeaning> = Vec::new();
    for code in rules.codes.iter().filter(|code| told(&code.stage)) {
        let meaning = CodeMeaning {
            code: code.code.clone(),
            status: code.status.word().to_owned(),
            id: code.text.id.clone(),
            en: code.text.en.clone(),
        };
        if !codes.contains(&meaning) {
            codes.push(meaning);
        }
    }
    codes
}

fn announced_list(list: ResultList, name_policy: NamePolicy) -> AnnouncedList {
    AnnouncedList {
        formation_code: list.formation,
        formation_title: list.title,
        category: list.category,
        slots: list.slots,
        sections: list
            .sections
            .into_iter()
            .map(|section| AnnouncedSection {
                code: section.code,
                title: section.title,
                max: Some(section.max),
                threshold: section.threshold,
            })
            .collect(),
        total_threshold: list.total_threshold,
        cut_after: list.cut_after,
        rows: list.rows.into_iter().map(|row| announced_row(row, name_policy)).collect(),
    }
}

fn announced_row(row: ResultRow, name_policy: NamePolicy) -> AnnouncedRow {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let public_name = crate::board::public_name(name_policy, &row.name);
    AnnouncedRow {
        rank: row.rank,
        participant_no: row.participant_no,
        name: some(public_name),
        category: some(row.category),
        marks: row.marks,
        total: row.total,
        values: row.values.into_iter().map(some).collect(),
        status: row.status,
        code: row.code,
        to_formation: some(row.to_formation),
    }
}

/// Do the lists of an announcement say what its revision says? Names and titles are none of the revision's and are taken as announced.
pub fn says_the_same(announced: &Announcement, computed: &Computed) -> csv::Result<bool> {
    let lists = lists(computed, &Names::default())?.into_iter().map(|list| announced_list(list, NamePolicy::None));
    let mut again = Announcement { lists: lists.collect(), ..announced.clone() };
    for (list, said) in again.lists.iter_mut().zip(&announced.lists) {
        list.formation_title.clone_from(&said.formation_title);
        list.rows.iter_mut().zip(&said.rows).for_each(|(row, said)| row.name.clone_from(&said.name));
    }
    Ok(again.without_hidden().lists == announced.lists)
}

#[cfg(test)]
mod tests {
    use super::super::rule_set::read;
    use super::*;
    use wire::roster::SelectionPolicy;

    fn computed() -> Computed {
        let texts = read(rules::shipped::text("skd-2024").expect("it is shipped")).expect("it is in order");
        let formations = "formation,slots,category,job\nA,1,umum,perawat\nB,2,umum,guru\n";
        let scores = "participant_no,formation,twk,tiu,tkp\n1,A,100,110,180\n2,A,90,100,190\n3,B,0,0,0\n";
        Computed::new(texts, formations.into(), scores.into()).expect("it can be computed")
    }

    fn announced(columns: &ColumnPolicy) -> Announcement {
        let publish = Publish {
            revision: 1,
            letterhead: Vec::new(),
            title: "Hasil SKD".into(),
            number: String::new(),
            decrees: Vec::new(),
            place: String::new(),
            signatory_position: String::new(),
            signatory_name: String::new(),
        };
        let heading = Heading {
            publish: &publish,
            organiser: "BKPSDM",
            selection: "CPNS",
            stage: "SKD",
            reason: "",
            published_utc_ms: 0,
            statistics: Vec::new(),
        };
        let people = [("1", "Ani"), ("2", "Budi"), ("3", "Cici")].map(|(number, name)| (number.to_owned(), name.to_owned())).into();
        let names = Names { formations: [("A".to_owned(), "Perawat".to_owned())].into(), people };
        announcement(&computed(), &names, heading, columns, NamePolicy::Full).expect("an announcement")
    }

    #[test]
    fn a_list_that_was_changed_is_not_its_revision() {
        let columns = SelectionPolicy::default().columns;
        let check = |columns: &ColumnPolicy, same: bool, change: fn(&mut Announcement)| {
            let mut announced = announced(columns);
            change(&mut announced);
            assert_eq!(says_the_same(&announced, &computed()).expect("tables are read"), same);
        };
        check(&columns, true, |_| {});
        check(&ColumnPolicy { rank: false, marks: false, ..columns.clone() }, true, |_| {});
        check(&columns, true, |announced| announced.lists[0].rows[0].name = None);
        check(&columns, false, |announced| announced.lists[0].rows[1].rank = Some(1));
        check(&columns, false, |announced| announced.lists[0].rows.swap(0, 1));
        check(&columns, false, |announced| announced.lists[1].rows[0].status = "shortlisted".into());
        check(&columns, false, |announced| drop(announced.lists[0].rows.pop()));
        check(&columns, false, |announced| announced.lists[0].slots = 3);
    }
}
