//! What /proc tells: processor time and memory of processes, and what else the machine did meanwhile.

use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Unit of processor time in /proc.
const TICKS_PER_S: f64 = 100.0;
/// How often the machine is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Others may use so much before it counts as a disturbance, cores.
pub const OTHERS_MAX: f64 = 0.15;
/// The hypervisor may take so much, cores.
pub const STEAL_MAX: f64 = 0.02;
/// Kernel threads are children of this process.
const KERNEL: u32 = 2;

/// One line of `/proc/<pid>/stat`.
struct Stat {
    parent: u32,
    /// Its own and its ended children's, ticks.
    ticks: u64,
    /// Its own, ticks.
    own_ticks: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything.
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let own_ticks = number(11)? + number(12)?;
    Some(Stat { parent: number(1)? as u32, own_ticks, ticks: own_ticks + number(13)? + number(14)? })
}

/// Processor time of one process, user and system, seconds.
pub fn cpu_s(pid: u32) -> Result<f64> {
    Ok(stat(pid).context("the process is gone")?.own_ticks as f64 / TICKS_PER_S)
}

/// Resident memory of a process, KiB.
pub fn rss_kb(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("the process is gone")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}

/// Processor time of all but this process, its descendants and kernel threads, and what was stolen; seconds.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    others: f64,
    stolen: f64,
}

/// All processes.
fn stats() -> BTreeMap<u32, Stat> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| Some((pid, stat(pid)?))).collect()
}

/// A process and all that descend from it.
fn family(root: u32, stats: &BTreeMap<u32, Stat>) -> BTreeSet<u32> {
    let mut family = BTreeSet::from([root]);
    // Children may stand before their parents, so look until nobody is added.
    loop {
        let before = family.len();
        family.extend(stats.iter().filter(|(_, stat)| family.contains(&stat.parent)).map(|(&pid, _)| pid).collect::<Vec<_>>());
        if family.len() == before {
            return family;
        }
    }
}

/// Ends a child of this process and all that descend from it, at once.
pub fn kill_with_descendants(child: u32) {
    for pid in family(child, &stats()) {
        let _ = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
    }
}

fn used() -> Used {
    let stats = stats();
    let ours = family(std::process::id(), &stats);
    // Kernel threads write what we sync and carry what we send. What others used is what is left: adding them up one by one would lose those
    // that ended meanwhile.
    let not_others = |(pid, stat): &(&u32, &Stat)| ours.contains(pid) || **pid == KERNEL || stat.parent == KERNEL;
    let not_others: u64 = stats.iter().filter(not_others).map(|(_, stat)| stat.ticks).sum();
    let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    // cpu user nice system idle iowait irq softirq steal
    let cpu: Vec<u64> = text.lines().next().unwrap_or_default().split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let ticks = |index: usize| cpu.get(index).copied().unwrap_or(0);
    let seconds = |ticks: u64| ticks as f64 / TICKS_PER_S;
    Used { others: seconds((ticks(0) + ticks(1) + ticks(2)).saturating_sub(not_others)), stolen: seconds(ticks(7)) }
}

/// Watches what others do on the machine while a run lasts.
pub struct Watch {
    stop: mpsc::Sender<()>,
    looking: JoinHandle<Seen>,
}

/// What was seen of others, and of the run itself.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Cores that others used in the mean.
    pub others: f64,
    /// Cores that the hypervisor took in the mean.
    pub stolen: f64,
    /// Seconds during which others used more than [`OTHERS_MAX`].
    pub disturbed_s: f64,
    /// Seconds in all.
    pub seconds: f64,
}

impl Watch {
    /// Begins to look.
    pub fn begin() -> Watch {
        let (stop, stopped) = mpsc::channel();
        Watch { stop, looking: std::thread::spawn(move || look(&stopped)) }
    }

    /// Ends and says what was seen.
    pub fn end(self) -> Seen {
        drop(self.stop);
        self.looking.join().unwrap_or_default()
    }
}

fn look(stopped: &mpsc::Receiver<()>) -> Seen {
    let (began, first) = (Instant::now(), used());
    let (mut before, mut before_at, mut disturbed_s) = (first, began, 0.0);
    loop {
        let ended = stopped.recv_timeout(LOOK_EVERY) != Err(mpsc::RecvTimeoutError::Timeout);
        let (now, at) = (used(), Instant::now());
        let elapsed = (at - before_at).as_secs_f64();
        if elapsed > 0.1 && (now.others - before.others) / elapsed > OTHERS_MAX {
            disturbed_s += elapsed;
        }
        (before, before_at) = (now, at);
        if ended {
            let seconds = (at - began).as_secs_f64().max(0.001);
            let cores = |now: f64, first: f64| ((now - first) / seconds).max(0.0);
            return Seen { others: cores(now.others, first.others), stolen: cores(now.stolen, first.stolen), disturbed_s, seconds };
        }
    }
}

impl Seen {
    /// In words, where it matters.
    pub fn disturbances(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.others > OTHERS_MAX {
            words.push(format!(
                "other processes used {:.2} core in the mean, and more than {OTHERS_MAX} core for {:.0} of {:.0} s",
                self.others, self.disturbed_s, self.seconds
            ));
        }
        if self.stolen > STEAL_MAX {
            words.push(format!("the hypervisor stole {:.2} core in the mean of {:.0} s", self.stolen, self.seconds));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_found_in_proc() {
        let me = std::process::id();
        assert!(rss_kb(me).expect("it lives") > 100.0);
        let began = cpu_s(me).expect("it lives");
        let mut sum = 0_u64;
        // Work until the clock of /proc has noticed it, which ends the loop only if the right fields are read.
        while cpu_s(me).expect("it lives") < began + 0.05 {
            sum = (0..1_000_000_u64).fold(sum, |sum, n| sum.wrapping_mul(31).wrapping_add(n));
        }
        std::hint::black_box(sum);
        assert_eq!(stat(me).map(|stat| stat.parent), Some(std::os::unix::process::parent_id()));
    }

    #[test]
    fn a_family_is_everybody_who_descends() {
        let stats = [(7, 5), (5, 9), (9, 1), (4, 1)].map(|(pid, parent)| (pid, Stat { parent, ticks: 0, own_ticks: 0 }));
        assert_eq!(family(9, &BTreeMap::from(stats)), BTreeSet::from([5, 7, 9]));
    }

    #[test]
    fn only_what_matters_is_a_disturbance() {
        let quiet = Seen { others: 0.1, stolen: 0.0, seconds: 10.0, ..Seen::default() };
        assert!(quiet.disturbances().is_empty());
        let loud = Seen { others: 0.3, stolen: 0.1, seconds: 10.0, disturbed_s: 6.0 };
        assert_eq!(loud.disturbances().len(), 2);
    }
}
