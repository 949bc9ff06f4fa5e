//! What the machine does during a run: processor time and memory of server and clients, the server's own numbers, and who else was busy.

use crate::report::Series;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(250);
/// The server's own numbers are asked for at every so many looks: answering costs it something.
const METRICS_EVERY: u32 = 4;
/// Others that use more than this disturb a run, cores.
const DISTURBED_AT: f64 = 0.15;
/// Looks of a run at most: an hour's.
const LOOKS_MAX: usize = 14_400 + 4_000;
/// Clock ticks of `/proc` a second; Linux has shown user space nothing else for decades.
const TICKS_PER_S: f64 = 100.0;

/// Numbers of the server that are worth a curve: name at `/metrics`, unit.
const WATCHED: [(&str, &str); 3] =
    [("saksama_journal_waiting_appends", "batches"), ("saksama_journal_commit_microseconds", "us"), ("saksama_sockets_open", "sockets")];

/// Who is measured.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// The server; none when it is not on this machine or not known.
    pub server: Option<u32>,
    /// Client processes.
    pub clients: Vec<u32>,
    /// Where the server tells its own numbers, in plain HTTP.
    pub base: Option<String>,
}

/// One reading, seconds of processor time since boot or start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// Of the server.
    pub server_s: f64,
    /// Of the clients and of this process.
    pub clients_s: f64,
    /// Of children of this process that have ended: what they used is no longer found under their own numbers.
    pub ended_s: f64,
    /// Of the kernel's own threads, which write to the disk what the server and its clients asked for.
    pub kernel_s: f64,
    /// Of everybody.
    pub busy_s: f64,
    /// Taken by the hypervisor.
    pub steal_s: f64,
    /// Memory of the server, KiB.
    pub server_rss_kb: f64,
    /// Memory of the clients, KiB.
    pub clients_rss_kb: f64,
}

impl Reading {
    /// Reads now.
    pub fn now(watched: &Watched) -> Reading {
        let (server, server_rss_kb) = watched.server.map(process).unwrap_or_default();
        let (own, mut clients_rss_kb) = process(std::process::id());
        let mut clients_s = own.itself_s;
        for &pid in &watched.clients {
            let (client, kb) = process(pid);
            clients_s += client.itself_s;
            clients_rss_kb += kb;
        }
        let (busy_s, steal_s) = machine();
        let (server_s, ended_s, kernel_s) = (server.itself_s, own.ended_children_s, kernel_threads_s());
        Reading { server_s, clients_s, ended_s, kernel_s, busy_s, steal_s, server_rss_kb, clients_rss_kb }
    }

    /// Processor time of others since an earlier reading, seconds.
    pub fn others_since(&self, before: &Reading) -> f64 {
        let ours = |reading: &Reading| reading.server_s + reading.clients_s + reading.ended_s + reading.kernel_s;
        (self.busy_s - before.busy_s - (ours(self) - ours(before))).max(0.0)
    }
}

/// Processor time of a process, seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Used {
    itself_s: f64,
    /// Children that it has waited for.
    ended_children_s: f64,
}

/// Processor time, and resident memory in KiB.
fn process(pid: u32) -> (Used, f64) {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    (used(&stat), resident_kb(&status))
}

/// utime and stime, cutime and cstime.
fn used(stat: &str) -> Used {
    let fields = behind_the_name(stat);
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    Used { itself_s: (ticks(11) + ticks(12)) / TICKS_PER_S, ended_children_s: (ticks(13) + ticks(14)) / TICKS_PER_S }
}

/// The fields of `/proc/PID/stat` behind the name, which may hold anything but is in parentheses.
fn behind_the_name(stat: &str) -> Vec<&str> {
    stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default()
}

/// Of all children of `kthreadd`, which is process 2.
fn kernel_threads_s() -> f64 {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = processes.filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()
    });
    stats.filter(|stat| behind_the_name(stat).get(1) == Some(&"2")).map(|stat| used(&stat).itself_s).sum()
}

fn resident_kb(status: &str) -> f64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|kb| kb.parse().ok()).unwrap_or_default()
}

/// Busy and stolen seconds of all processors.
fn machine() -> (f64, f64) {
    busy_and_steal(&std::fs::read_to_string("/proc/stat").unwrap_or_default())
}

fn busy_and_steal(stat: &str) -> (f64, f64) {
    let fields: Vec<f64> =
        stat.lines().next().unwrap_or_default().split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    let of = |index: usize| fields.get(index).copied().unwrap_or_default() / TICKS_PER_S;
    // user, nice, system, idle, iowait, irq, softirq, steal
    (of(0) + of(1) + of(2) + of(5) + of(6), of(7))
}

/// Numbers of a Prometheus text, summed over labels.
pub fn numbers(text: &str) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, value)) = line.rsplit_once(' ') else { continue };
        let name = name.split('{').next().unwrap_or(name);
        if let Ok(value) = value.parse::<f64>() {
            *all.entry(name.to_owned()).or_default() += value;
        }
    }
    all
}

/// The process that listens at a loopback address of this machine, if it can be found.
pub fn listener_of(base: &str) -> Option<u32> {
    let port: u16 = base.trim_end_matches('/').rsplit_once(':')?.1.parse().ok()?;
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let inode = table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // 0A is LISTEN.
        let listens = fields.get(3) == Some(&"0A") && fields.get(1)?.ends_with(&format!(":{port:04X}"));
        listens.then(|| fields.get(9).map(|inode| (*inode).to_owned())).flatten()
    })?;
    let wanted = format!("socket:[{inode}]");
    let processes = std::fs::read_dir("/proc").ok()?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let holds = |pid: &u32| {
        let files = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|link| link.as_os_str() == wanted.as_str())
    };
    let found: Vec<u32> = processes.filter(holds).collect();
    found.into_iter().find(|pid| *pid != std::process::id())
}

/// A look at the machine.
#[derive(Clone, Debug)]
struct Look {
    at_s: f64,
    reading: Reading,
    numbers: BTreeMap<String, f64>,
}

/// Watches in the background until it is told to stop.
pub struct Watcher {
    looks: Arc<Mutex<Vec<Look>>>,
    watched: Arc<Mutex<Watched>>,
    task: JoinHandle<()>,
}

impl Watcher {
    /// Begins.
    pub fn start(watched: Watched) -> Result<Watcher> {
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(2)).build().context("an HTTP client")?;
        let (looks, watched) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(watched)));
        let task = tokio::spawn(watch(client, Arc::clone(&looks), Arc::clone(&watched)));
        Ok(Watcher { looks, watched, task })
    }

    /// From now on others are watched: the server has another process id after a restart.
    pub fn change(&self, watched: Watched) {
        *self.watched.lock().expect("nothing panics under this lock") = watched;
    }

    /// Ends: curves, and what disturbed the run.
    pub async fn stop(self) -> (Vec<Series>, Vec<String>) {
        self.task.abort();
        let _ = self.task.await;
        let looks = std::mem::take(&mut *self.looks.lock().expect("nothing panics under this lock"));
        (series(&looks), disturbances(&looks))
    }
}

async fn watch(client: reqwest::Client, looks: Arc<Mutex<Vec<Look>>>, watched: Arc<Mutex<Watched>>) {
    let began = Instant::now();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for number in 0..LOOKS_MAX as u32 {
        tick.tick().await;
        let who = watched.lock().expect("nothing panics under this lock").clone();
        let mut look = Look { at_s: began.elapsed().as_secs_f64(), reading: Reading::now(&who), numbers: BTreeMap::new() };
        if number % METRICS_EVERY == 0
            && let Some(base) = &who.base
            && let Ok(answer) = client.get(format!("{base}/metrics")).send().await
            && let Ok(text) = answer.text().await
        {
            look.numbers = numbers(&text);
        }
        looks.lock().expect("nothing panics under this lock").push(look);
    }
}

fn series(looks: &[Look]) -> Vec<Series> {
    let curve = |name: &str, unit: &str, points: Vec<(f64, f64)>| Series { name: name.to_owned(), unit: unit.to_owned(), points };
    // What a process used while it was another one before (a restart) is no usage.
    let cores = |of: fn(&Reading, &Reading) -> f64| {
        looks
            .windows(2)
            .map(|pair| (pair[1].at_s, (of(&pair[1].reading, &pair[0].reading) / (pair[1].at_s - pair[0].at_s)).max(0.0)))
            .collect()
    };
    let level = |of: fn(&Reading) -> f64| looks.iter().map(|look| (look.at_s, of(&look.reading))).collect();
    let mut all = vec![
        curve("server CPU", "core", cores(|now, before| now.server_s - before.server_s)),
        curve("client CPU", "core", cores(|now, before| now.clients_s - before.clients_s)),
        curve("other processes", "core", cores(|now, before| now.others_since(before))),
        curve("stolen by the hypervisor", "core", cores(|now, before| now.steal_s - before.steal_s)),
        curve("server memory", "MB", level(|reading| reading.server_rss_kb / 1024.0)),
        curve("client memory", "MB", level(|reading| reading.clients_rss_kb / 1024.0)),
    ];
    let queues = looks.iter().flat_map(|look| look.numbers.keys()).filter(|name| name.contains("queue") || name.contains("waiting"));
    let mut names: Vec<(String, &str)> = WATCHED.iter().map(|(name, unit)| ((*name).to_owned(), *unit)).collect();
    for name in queues {
        if names.len() < 20 && !names.iter().any(|(known, _)| known == name) {
            names.push((name.clone(), ""));
        }
    }
    for (name, unit) in names {
        let points: Vec<_> = looks.iter().filter_map(|look| Some((look.at_s, *look.numbers.get(&name)?))).collect();
        if !points.is_empty() {
            all.push(curve(name.trim_start_matches("saksama_"), unit, points));
        }
    }
    all
}

/// Seconds of something between an earlier reading (second) and a later one.
type Between = fn(&Reading, &Reading) -> f64;

fn disturbances(looks: &[Look]) -> Vec<String> {
    let mut found = Vec::new();
    let kinds: [(&str, Between); 2] = [
        ("other processes used", |now, before| now.others_since(before)),
        ("the hypervisor stole", |now, before| now.steal_s - before.steal_s),
    ];
    for (what, of) in kinds {
        // A second at a time: within a quarter of one a tick of the clock is already 0.04 core.
        let (mut used_s, mut during_s) = (0.0, 0.0);
        for pair in looks.chunks(4).collect::<Vec<_>>().windows(2) {
            let (before, now) = (&pair[0][0], &pair[1][0]);
            let (used, during) = (of(&now.reading, &before.reading), now.at_s - before.at_s);
            if during > 0.0 && used / during > DISTURBED_AT {
                used_s += used;
                during_s += during;
            }
        }
        if during_s > 0.0 {
            found.push(format!("{what} {:.2} core for {during_s:.0} s", used_s / during_s));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_the_name_whatever_it_is() {
        let stat = "42 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 250 50 20 5 20 0 3 0 100 200 300";
        assert_eq!(used(stat), Used { itself_s: 3.0, ended_children_s: 0.25 });
        assert_eq!(resident_kb("Name:\tx\nVmRSS:\t    1234 kB\n"), 1234.0);
        assert_eq!(busy_and_steal("cpu  100 0 50 9000 10 0 25 7 0 0\ncpu0 1 1"), (1.75, 0.07));
    }

    #[test]
    fn numbers_of_all_labels_are_added() {
        let text = "# HELP x y\nx{kind=\"a b\"} 3\nx{kind=\"c\"} 4\ny 0.5\n";
        assert_eq!(numbers(text), BTreeMap::from([("x".to_owned(), 7.0), ("y".to_owned(), 0.5)]));
    }

    fn look(at_s: f64, busy_s: f64, server_s: f64) -> Look {
        Look { at_s, reading: Reading { busy_s, server_s, ..Reading::default() }, numbers: BTreeMap::new() }
    }

    #[test]
    fn a_client_that_ended_was_no_other() {
        let reading = |clients_s, ended_s, busy_s| Reading { clients_s, ended_s, busy_s, ..Reading::default() };
        let before = reading(8.0, 1.0, 20.0);
        assert_eq!(reading(0.5, 9.0, 20.5).others_since(&before), 0.0);
        assert_eq!(reading(0.5, 9.0, 21.5).others_since(&before), 1.0);
    }

    #[test]
    fn the_runs_own_load_is_no_disturbance() {
        let quiet: Vec<Look> = (0..40).map(|n| f64::from(n) / 4.0).map(|at| look(at, at * 1.6, at * 1.55)).collect();
        assert_eq!(disturbances(&quiet), Vec::<String>::new());
        let loud: Vec<Look> = (0..40).map(|n| f64::from(n) / 4.0).map(|at| look(at, at * 1.9, at * 1.4)).collect();
        assert_eq!(disturbances(&loud), ["other processes used 0.50 core for 9 s"]);
    }
}
