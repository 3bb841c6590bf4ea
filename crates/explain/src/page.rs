//! A report as a page of text and as JSON.
//! Invariant: both show the same facts; the page adds the source's lines where the file is there.

use anstyle::{AnsiColor, Style};
use cpu::report::{Note, Report, Weight};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;

use crate::input::plain_name;

/// The page.
pub fn text(report: &Report, files: &[String]) -> String {
    let bold = Style::new().bold();
    let mut out = String::new();
    let _ = writeln!(out, "{bold}{}{bold:#}", plain_name(&report.kernel));
    for (what, how) in facts(report) {
        let _ = writeln!(out, "  {what:<10} {how}");
    }
    let mut sources = HashMap::new();
    let mut rest = report.notes.as_slice();
    while let Some(first) = rest.first() {
        let here = |n: &Note| (n.loc.file, n.loc.line) == (first.loc.file, first.loc.line);
        let len = rest.iter().take_while(|n| here(n)).count();
        let file = files.get(first.loc.file as usize).map(String::as_str).unwrap_or_default();
        let lines = sources.entry(first.loc.file).or_insert_with(|| {
            let _ = writeln!(
                out,
                "\n  {bold}{}{bold:#}",
                if file.is_empty() { "no source position" } else { file }
            );
            let text = std::fs::read_to_string(file).unwrap_or_default();
            text.lines().map(str::to_string).collect::<Vec<_>>()
        });
        let source = (first.loc.line as usize).checked_sub(1).and_then(|n| lines.get(n));
        let _ =
            writeln!(out, "  {:>5}  {}", first.loc.line, source.map(|s| s.trim_end()).unwrap_or_default());
        for note in &rest[..len] {
            let style = match note.weight {
                Weight::Good => AnsiColor::Green.on_default(),
                Weight::Fair => AnsiColor::Yellow.on_default(),
                Weight::Poor => AnsiColor::Red.on_default(),
            };
            let times = if note.count > 1 { format!(" x{}", note.count) } else { String::new() };
            let masked = if note.masked { ", masked" } else { "" };
            let _ = writeln!(out, "         | {}{times}: {style}{}{style:#}{masked}", note.what, note.how);
        }
        rest = &rest[len..];
    }
    out.push('\n');
    out
}

/// The head of the page: what holds for the kernel as a whole.
fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let layout = &report.layout;
    let [x, y, z] = layout.block;
    let plural = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let mut out = vec![
        (
            "block",
            format!(
                "{x}x{y}x{z}: {} of {} ({} of {}), {}",
                plural(layout.gangs().into(), "gang"),
                plural(layout.width().into(), "thread"),
                plural(layout.chunks.into(), "vector"),
                plural(layout.lanes.into(), "lane"),
                report.processor
            ),
        ),
        (
            "memory",
            format!(
                "{} shared, {} local a thread{}",
                plural(report.shared_bytes, "byte"),
                plural(layout.local_bytes.into(), "byte"),
                match report.regions {
                    1 => String::new(),
                    _ => format!(", {} kept by a gang across barriers", plural(report.frame_bytes, "byte")),
                }
            ),
        ),
        ("regions", report.regions.to_string()),
        ("values", {
            let v = &report.values;
            format!(
                "{} uniform, {} affine, {} affine by vector, {} varying",
                v.uniform, v.affine, v.chunked, v.varying
            )
        }),
        ("code", {
            let c = &report.code;
            format!(
                "{}, {} of them vector; {}, {}; {}, {}",
                plural(c.instructions.into(), "instruction"),
                c.vector,
                plural(c.gathers.into(), "gather"),
                plural(c.scatters.into(), "scatter"),
                plural(c.spills.into(), "spill"),
                plural(c.reloads.into(), "reload")
            )
        }),
    ];
    for (layout, why) in &report.refused {
        out.push(("refused", format!("{} vectors of {} lanes: {why}", layout.chunks, layout.lanes)));
    }
    out
}

/// One object a kernel.
pub fn json(report: &Report, files: &[String]) -> Value {
    let layout = &report.layout;
    let notes: Vec<Value> = report
        .notes
        .iter()
        .map(|n| {
            json!({
                "file": files.get(n.loc.file as usize), "line": n.loc.line, "what": n.what, "how": n.how,
                "weight": format!("{:?}", n.weight).to_lowercase(), "masked": n.masked, "count": n.count,
            })
        })
        .collect();
    let refused: Vec<Value> = report
        .refused
        .iter()
        .map(|(l, why)| json!({ "lanes": l.lanes, "vectors": l.chunks, "why": why }))
        .collect();
    let (v, c) = (&report.values, &report.code);
    json!({
        "kernel": report.kernel, "name": plain_name(&report.kernel), "processor": report.processor,
        "block": layout.block, "gangs": layout.gangs(), "vectors": layout.chunks, "lanes": layout.lanes,
        "regions": report.regions, "frame_bytes": report.frame_bytes, "shared_bytes": report.shared_bytes,
        "local_bytes": layout.local_bytes, "refused": refused,
        "values": { "uniform": v.uniform, "affine": v.affine, "affine_by_vector": v.chunked, "varying": v.varying },
        "code": {
            "instructions": c.instructions, "vector": c.vector, "gathers": c.gathers, "scatters": c.scatters,
            "spills": c.spills, "reloads": c.reloads,
        },
        "notes": notes,
    })
}
