//! How an exam goes over time: how much of the papers is answered, and how many people are done.

use super::plot::Plot;
use super::{Align, Chart, DataTable};
use crate::phrase::{percent, phrase};

/// The last minute that is told apart; what comes later counts there.
const MINUTES_MAX: u64 = 24 * 60;
/// Most rows of the table, besides the last.
const ROWS_MAX: usize = 30;
const MINUTE_MS: u64 = 60_000;

/// Answers and ends, counted by the minute since each one's own start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    people: u64,
    /// Items on all papers together.
    items: u64,
    /// By minute: items that became answered less items that were emptied again.
    answered: Vec<i64>,
    /// By minute: people who ended.
    ended: Vec<u64>,
}

/// How far everybody is after some minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Minutes since each one's own start.
    pub minute: usize,
    /// Share of the items on all papers that are answered.
    pub answered: f64,
    /// Share of people who have ended.
    pub ended: f64,
}

impl Completion {
    /// Counts one person: the number of items on the paper; when an item became answered (+1) or was emptied (−1), and when the exam ended, if
    /// it did, in milliseconds since the start.
    pub fn add(&mut self, items: usize, changes: impl IntoIterator<Item = (u64, i64)>, ended_ms: Option<u64>) {
        self.people += 1;
        self.items += items as u64;
        for (at_ms, change) in changes {
            let minute = self.reach(at_ms);
            self.answered[minute] += change;
        }
        if let Some(ended_ms) = ended_ms {
            let minute = self.reach(ended_ms);
            self.ended[minute] += 1;
        }
    }

    /// How far everybody was at the full minutes, from the start to the last event.
    pub fn moments(&self) -> Vec<Moment> {
        let (mut answered, mut ended) = (0, 0);
        let sums = self.answered.iter().zip(&self.ended).enumerate().map(|(minute, (more_answered, more_ended))| {
            answered += more_answered;
            ended += more_ended;
            Moment { minute, answered: answered as f64 / self.items as f64, ended: ended as f64 / self.people as f64 }
        });
        sums.collect()
    }

    /// The first full minute at which something is so; there is room for it afterwards.
    fn reach(&mut self, at_ms: u64) -> usize {
        let minute = at_ms.div_ceil(MINUTE_MS).min(MINUTES_MAX) as usize;
        if minute >= self.answered.len() {
            self.answered.resize(minute + 1, 0);
            self.ended.resize(minute + 1, 0);
        }
        minute
    }
}

/// Both shares over time; `id` is the picture's own in its page. None when nothing ever happened.
pub fn completion(completion: &Completion, id: &str) -> Option<Chart> {
    let moments = completion.moments();
    let last = moments.last()?;
    let mut plot = Plot::new(330.0, 64.0, (0.0, last.minute as f64), (0.0, 100.0));
    plot.y_axis("% butir, % peserta / % of items, % of people");
    plot.x_axis("Menit sejak mulai / Minutes since the start");
    plot.curve("answered", &curve(&moments, |moment| moment.answered));
    plot.curve("ended", &curve(&moments, |moment| moment.ended));
    plot.sample("answered", "butir terjawab / items answered", 36.0);
    plot.sample("ended", "peserta selesai / people who ended", 53.0);
    let title = phrase("Penyelesaian menurut waktu", "Completion over time");
    let (people, minutes) = (completion.people, last.minute);
    let reading = phrase(
        format!(
            "Waktu setiap orang dihitung sejak ia mulai, tanpa jeda. {people} orang; kejadian terakhir sebelum akhir menit ke-{minutes}."
        ),
        format!(
            "Time runs since each one's own start, without pauses. {people} people; the last event is before the end of minute {minutes}."
        ),
    );
    Some(Chart { svg: plot.svg(id, &title, &reading), table: table(&moments), title, reading })
}

fn curve(moments: &[Moment], share: fn(&Moment) -> f64) -> Vec<(f64, f64)> {
    moments.iter().map(|moment| (moment.minute as f64, share(moment) * 100.0)).collect()
}

/// A row for every minute, or for every second, fifth, ... so that it stays readable; the last one always.
fn table(moments: &[Moment]) -> DataTable {
    let steps = [1, 2, 5, 10, 15, 30, 60];
    let step = steps.into_iter().find(|step| moments.len() / step <= ROWS_MAX).unwrap_or(60);
    let shown = moments.iter().filter(|moment| moment.minute % step == 0 || moment.minute + 1 == moments.len());
    let rows = shown.map(|moment| vec![moment.minute.to_string(), percent(moment.answered), percent(moment.ended)]);
    let columns = [("Menit", "Minute"), ("Butir terjawab", "Items answered"), ("Peserta selesai", "People who ended")];
    DataTable { columns: columns.map(|(id, en)| (phrase(id, en), Align::End)).to_vec(), rows: rows.collect() }
}
