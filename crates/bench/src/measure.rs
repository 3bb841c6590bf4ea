//! One row: all contenders of a kernel started, then timed in turns.

use std::thread;
use std::time::Duration;

use crate::contender::{self, Answer, Place, Running};
use crate::table::{Kernel, Peer};

/// A contender's times, or why it has none.
pub struct Entry {
    pub peer: &'static str,
    pub ours: bool,
    pub outcome: Result<Times, String>,
}

pub struct Times {
    /// Median of the timed repetitions.
    pub median_ms: f64,
    pub all_ms: Vec<f64>,
    /// The first repetition, compilation included.
    pub first_ms: f64,
    pub checksum: f64,
}

pub struct Row {
    pub kernel: &'static Kernel,
    pub entries: Vec<Entry>,
}

impl Row {
    pub fn ours(&self) -> Option<f64> {
        medians(&self.entries, |e| e.ours).next()
    }

    pub fn best_peer(&self) -> Option<f64> {
        medians(&self.entries, |e| !e.ours).reduce(f64::min)
    }

    pub fn peer(&self, name: &str) -> Option<f64> {
        medians(&self.entries, |e| e.peer == name).next()
    }

    /// True when Anywarp gave no result or a wrong one.
    pub fn is_broken(&self) -> bool {
        self.entries.iter().any(|e| e.ours && e.outcome.is_err())
    }
}

/// The medians of the contenders that have one.
pub fn medians(entries: &[Entry], want: impl Fn(&Entry) -> bool) -> impl Iterator<Item = f64> {
    entries.iter().filter(move |e| want(e)).filter_map(|e| Some(e.outcome.as_ref().ok()?.median_ms))
}

/// Builds, starts and times every peer on `kernel`.
pub fn row(place: &Place, kernel: &'static Kernel, peers: &[&'static Peer], reps: u32) -> Row {
    eprintln!("{} ...", kernel.title);
    let mut started: Vec<(&Peer, Result<Running, String>)> = Vec::new();
    for &peer in peers.iter().filter(|peer| contender::has_source(place, kernel, peer)) {
        let running = contender::build(place, kernel, peer)
            .and_then(|program| contender::start(place, kernel, peer, &program));
        started.push((peer, running));
    }
    let entries = turns(started, reps, kernel.tolerance);
    Row { kernel, entries }
}

/// Times contenders that have started, in turns. Checksums are compared with the first one that is not ours.
pub fn turns(mut started: Vec<(&Peer, Result<Running, String>)>, reps: u32, tolerance: f64) -> Vec<Entry> {
    let mut answers: Vec<Result<Vec<Answer>, String>> = started.iter().map(|_| Ok(Vec::new())).collect();
    for _ in 0..reps {
        for ((_, running), answers) in started.iter_mut().zip(&mut answers) {
            let Ok(running) = running else { continue };
            let Ok(so_far) = answers else { continue };
            // Lets the previous contender's workers go to sleep.
            thread::sleep(Duration::from_millis(5));
            match running.repeat() {
                Ok(answer) => so_far.push(answer),
                Err(why) => *answers = Err(why),
            }
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    for ((peer, running), answers) in started.into_iter().zip(answers) {
        let outcome = running.and_then(|running| Ok((running.first, answers?))).map(|(first, answers)| {
            let all_ms: Vec<f64> = answers.iter().map(|a| a.ms).collect();
            let checksum = answers.last().map_or(first.checksum, |a| a.checksum);
            Times { median_ms: median(&all_ms), all_ms, first_ms: first.ms, checksum }
        });
        entries.push(Entry { peer: peer.name, ours: peer.ours(), outcome });
    }
    compare_checksums(tolerance, &mut entries);
    entries
}

/// Turns a result into an error when it is not the reference's: a wrong answer has no time.
fn compare_checksums(tolerance: f64, entries: &mut [Entry]) {
    let reference =
        entries.iter().filter(|e| !e.ours).find_map(|e| e.outcome.as_ref().ok()).map(|t| t.checksum);
    let Some(reference) = reference else { return };
    for entry in entries {
        let Ok(times) = &entry.outcome else { continue };
        let difference = (times.checksum - reference).abs();
        if difference.is_nan() || difference > tolerance * reference.abs() {
            entry.outcome = Err(format!("wrong result: checksum {} instead of {reference}", times.checksum));
        }
    }
}

/// The middle value; the mean of the two middle ones for an even count.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::KERNELS;

    #[test]
    fn medians() {
        let check = |values: &[f64], want: f64| assert_eq!(median(values), want);
        check(&[3.0], 3.0);
        check(&[9.0, 1.0, 2.0], 2.0);
        check(&[4.0, 1.0, 2.0, 100.0], 3.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_wrong_or_missing_number_is_no_result() {
        let entry = |ours, checksum| Entry {
            peer: "x",
            ours,
            outcome: Ok(Times { median_ms: 1.0, all_ms: vec![1.0], first_ms: 1.0, checksum }),
        };
        let check = |checksum, right: bool| {
            let mut entries = vec![entry(true, checksum), entry(false, 100.0)];
            compare_checksums(KERNELS[0].tolerance, &mut entries);
            assert_eq!(entries[0].outcome.is_ok(), right, "{checksum}");
        };
        check(100.0, true);
        check(100.000_01, true);
        check(101.0, false);
        check(f64::NAN, false);
    }
}
