//! The results in words: a table while measuring, a summary, and JSON.

use serde_json::{Value, json};

use crate::bound;
use crate::limits::Limits;
use crate::measure::{Entry, Row};
use crate::table::{Group, Peer};

/// A line of the table, with the head before the first.
pub fn print_row(row: &Row, first: bool, peers: &[&Peer]) {
    if first {
        print!("{:40}", "median ms");
        peers.iter().for_each(|peer| print!(" {:>17}", peer.name));
        println!(" {:>8}", "ratio");
    }
    print!("{:40}", row.kernel.title);
    for peer in peers {
        match row.peer(peer.name) {
            Some(ms) => print!(" {ms:>17.3}"),
            None => print!(" {:>17}", "-"),
        }
    }
    match ratio(row.best_peer(), row.ours()) {
        Some(ratio) => println!(" {ratio:>8.2}"),
        None => println!(" {:>8}", "-"),
    }
    for entry in &row.entries {
        if let Err(why) = &entry.outcome {
            println!("    {}: {why}", entry.peer);
        }
    }
}

/// Geometric means, limits and absent peers.
pub fn print_summary(rows: &[Row], limits: Option<&Limits>, missing: &[(&str, String)]) {
    println!("\nratio = best peer's median / anywarp's median: above 1 Anywarp is faster");
    for group in Group::ALL {
        for (name, against) in against(rows, group) {
            if let Some(mean) = geometric_mean(&against) {
                println!(
                    "{}: geometric mean over {name}: {mean:.2} ({} kernels)",
                    group.name(),
                    against.len()
                );
            }
        }
    }
    if let Some(limits) = limits {
        println!("machine: {:.0} GFLOP/s, {:.1} GB/s", limits.gflops, limits.gbytes_per_s);
        for row in rows {
            let least = bound(row.kernel, limits);
            if let Some(ours) = row.ours().filter(|_| least > 0.0) {
                println!(
                    "    {:40} at least {least:.2} ms by memory and arithmetic, {ours:.2} measured",
                    row.kernel.title
                );
            }
        }
    }
    for (peer, why) in missing {
        println!("without {peer}: {why}");
    }
}

/// Everything measured, for other programs.
pub fn json(
    rows: &[Row],
    threads: usize,
    reps: u32,
    limits: Option<&Limits>,
    missing: &[(&str, String)],
) -> Value {
    let kernels: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "kernel": row.kernel.name,
                "group": row.kernel.group.name(),
                "title": row.kernel.title,
                "ratio_to_best_peer": ratio(row.best_peer(), row.ours()),
                "ratio_to_pocl": ratio(row.peer("pocl"), row.ours()),
                "machine_limit_ms": limits.map(|l| bound(row.kernel, l)).filter(|&ms| ms > 0.0),
                "contenders": row.entries.iter().map(contender).collect::<Vec<_>>(),
            })
        })
        .collect();
    let means_of = |group| -> serde_json::Map<String, Value> {
        let means = against(rows, group).into_iter();
        means.map(|(name, ratios)| (name.to_owned(), json!(geometric_mean(&ratios)))).collect()
    };
    json!({
        "threads": threads,
        "repetitions": reps,
        "machine": limits.map(|l| json!({ "gflops": l.gflops, "gbytes_per_s": l.gbytes_per_s })),
        "geometric_means": means_of(Group::Table),
        "geometric_means_extra": means_of(Group::Extra),
        "missing_peers": missing.iter().map(|(peer, why)| json!({ "peer": peer, "why": why })).collect::<Vec<_>>(),
        "kernels": kernels,
    })
}

/// What one contender did.
pub fn contender(entry: &Entry) -> Value {
    match &entry.outcome {
        Ok(t) => json!({
            "peer": entry.peer, "median_ms": t.median_ms, "first_ms": t.first_ms, "all_ms": t.all_ms, "checksum": t.checksum,
        }),
        Err(why) => json!({ "peer": entry.peer, "error": why }),
    }
}

/// The ratios of all rows of a group that have them, against the best peer and against PoCL.
fn against(rows: &[Row], group: Group) -> [(&'static str, Vec<f64>); 2] {
    let ratios = |peer: fn(&Row) -> Option<f64>| {
        let rows = rows.iter().filter(|r| r.kernel.group == group);
        rows.filter_map(|r| ratio(peer(r), r.ours())).collect()
    };
    [("best peer", ratios(Row::best_peer)), ("pocl", ratios(|r| r.peer("pocl")))]
}

pub fn ratio(theirs: Option<f64>, ours: Option<f64>) -> Option<f64> {
    Some(theirs? / ours?)
}

pub fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    let logs: f64 = ratios.iter().map(|r| r.ln()).sum();
    if ratios.is_empty() { None } else { Some((logs / ratios.len() as f64).exp()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geometric_means() {
        assert_eq!(geometric_mean(&[]), None);
        assert!((geometric_mean(&[2.0, 8.0]).unwrap() - 4.0).abs() < 1e-12);
        assert_eq!(ratio(Some(6.0), Some(2.0)), Some(3.0));
        assert_eq!(ratio(None, Some(2.0)), None);
    }
}
