//! The throughput of one, two and three replicas, and the programs that the processors are busy with meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::figures;
use spindle_tests::haproxy::REPLICAS;

use super::load::Load;
use super::platform::{BUYERS, Platform};

/// The time for which each load runs.
const DURATION: Duration = Duration::from_secs(20);

/// Ticks of the clock in which Linux counts the time of processors, a second (`getconf CLK_TCK`).
const TICKS: f64 = 100.0;

/// Measures orders, and then reads, with one, two and three replicas. Returns the ids of the orders.
pub(super) fn measure(platform: &mut Platform, product: &str) -> Vec<String> {
    let mut placed = Vec::new();
    for replicas in 1..=REPLICAS {
        (replicas..REPLICAS).for_each(|number| platform.balancer.drain(number));
        for (kind, readers) in [("orders", false), ("reads", true)] {
            let buyers = || (0..BUYERS).map(|number| platform.fixture.customer(&platform.client(), number)).collect();
            let load = match readers {
                true => {
                    Load::start((0..BUYERS).map(|_| platform.client()).collect(), Vec::new(), product, Duration::ZERO)
                }
                false => Load::start(Vec::new(), buyers(), product, Duration::ZERO),
            };
            load.go_on(1);
            let (before, begin, used) = (load.done(), Instant::now(), processor_seconds());
            thread::sleep(DURATION);
            let (after, took, busy) = (load.done(), begin.elapsed().as_secs_f64(), processor_seconds());
            let done = after.iter().sum::<usize>() - before.iter().sum::<usize>();
            load.expect_none(kind);
            placed.extend(load.end());
            // The reads of the next load are not to wait for what these orders still do.
            platform.fixture.settle(platform.replica(0)).expect("the replicas run");
            let busy: Vec<String> = busy
                .iter()
                .map(|(program, seconds)| (program, (seconds - used.get(program).unwrap_or(&0.0)) / took))
                .filter(|(_, share)| *share > 0.01)
                .map(|(program, share)| format!("{program} {share:.2}"))
                .collect();
            figures(
                &format!("{kind} with {replicas} replicas and {BUYERS} clients"),
                &[("a second", &format!("{:.1}", done as f64 / took)), ("processors busy with", &busy.join(", "))],
            );
        }
        (replicas..REPLICAS).for_each(|number| platform.balancer.replace(number, platform.replica(number).url()));
    }
    placed
}

/// Returns the time of processors that each program has used which this process has started, and this one itself.
fn processor_seconds() -> BTreeMap<String, f64> {
    let processes: BTreeMap<u32, Process> = fs::read_dir("/proc")
        .expect("Linux lists its processes")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id: u32| Some((id, Process::read(id)?)))
        .collect();
    let mut seconds = BTreeMap::new();
    for (id, process) in &processes {
        let mut ancestor = *id;
        while ancestor != std::process::id() {
            match processes.get(&ancestor) {
                Some(process) => ancestor = process.parent,
                None => break,
            }
        }
        if ancestor == std::process::id() {
            *seconds.entry(process.program.clone()).or_insert(0.0) += process.seconds;
        }
    }
    seconds
}

/// A process, as proc_pid_stat(5) describes it.
struct Process {
    program: String,
    parent: u32,
    seconds: f64,
}

impl Process {
    fn read(id: u32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let (program, rest) = text.split_once('(')?.1.rsplit_once(") ")?;
        // From the state on, the third field.
        let fields: Vec<&str> = rest.split(' ').collect();
        let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
        Some(Self { program: program.to_owned(), parent: fields.get(1)?.parse().ok()?, seconds: ticks / TICKS })
    }
}
