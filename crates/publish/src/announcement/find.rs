//! What is looked up in an announcement: a person by number, the meaning of a code, the statistics of a list.

use super::{AnnouncedList, AnnouncedRow, Announcement, CodeMeaning, FormStatistics};

impl Announcement {
    /// People on all lists together.
    pub fn people(&self) -> usize {
        self.lists.iter().map(|list| list.rows.len()).sum()
    }

    /// The list and the row of a participant number, as people type it: in any case, with or without white space.
    pub fn find(&self, participant_no: &str) -> Option<(&AnnouncedList, &AnnouncedRow)> {
        let wanted = compared(participant_no);
        if wanted.is_empty() {
            return None;
        }
        let mut rows = self.lists.iter().flat_map(|list| list.rows.iter().map(move |row| (list, row)));
        rows.find(|(_, row)| compared(&row.participant_no) == wanted)
    }

    /// What is shown of the items and the time of a list.
    pub fn statistics_of(&self, list: &AnnouncedList) -> Option<&FormStatistics> {
        self.statistics.iter().find(|statistics| statistics.formation_code == list.formation_code)
    }

    /// The entries of the legend that explain a row: those with its code and its status, each meaning once.
    pub fn meanings(&self, row: &AnnouncedRow) -> Vec<&CodeMeaning> {
        let mut meanings: Vec<&CodeMeaning> = Vec::new();
        for entry in self.codes.iter().filter(|entry| entry.code == row.code && entry.status == row.status) {
            if !meanings.iter().any(|known| known.id == entry.id) {
                meanings.push(entry);
            }
        }
        meanings
    }

    /// Codes of the legend in order, each once with all its meanings.
    pub fn legend(&self) -> Vec<(&str, Vec<&CodeMeaning>)> {
        let mut legend: Vec<(&str, Vec<&CodeMeaning>)> = Vec::new();
        for entry in &self.codes {
            match legend.iter_mut().find(|(code, _)| *code == entry.code) {
                Some((_, meanings)) if meanings.iter().any(|known| known.id == entry.id) => {}
                Some((_, meanings)) => meanings.push(entry),
                None => legend.push((&entry.code, vec![entry])),
            }
        }
        legend
    }
}

impl AnnouncedList {
    /// People with a code.
    pub fn people_with(&self, code: &str) -> usize {
        self.rows.iter().filter(|row| row.code == code).count()
    }

    /// People with a rank.
    pub fn people_ranked(&self) -> usize {
        self.rows.iter().filter(|row| row.rank.is_some()).count()
    }

    /// Index of the last row above the cut line; none where there is no cut or nobody stands below it.
    pub fn last_above_cut(&self) -> Option<usize> {
        let cut = self.cut_after?;
        let above = |row: &AnnouncedRow| row.rank.is_some_and(|rank| rank <= cut);
        self.rows.windows(2).position(|pair| above(&pair[0]) && !above(&pair[1]))
    }
}

/// A participant number as it is compared.
pub(super) fn compared(participant_no: &str) -> String {
    participant_no.chars().filter(|char| !char.is_whitespace()).flat_map(char::to_uppercase).collect()
}
