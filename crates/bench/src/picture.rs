//! The results as an SVG: for each kernel a bar a contender, its length the speed relative to the fastest.
//!
//! Invariant: the same results give the same bytes.

use std::fmt::Write;

use crate::measure::Row;
use crate::table::PEERS;

const COLORS: [&str; 6] = ["#76b947", "#4c78a8", "#72a0c1", "#9ecae9", "#e45756", "#f2a541"];
const LEFT: usize = 300;
const LENGTH: usize = 420;
const BAR: usize = 13;

/// The whole picture.
pub fn svg(rows: &[Row]) -> String {
    let heights: Vec<usize> = rows.iter().map(|row| row.entries.len() * BAR + 16).collect();
    let height = heights.iter().sum::<usize>() + 60;
    let width = LEFT + LENGTH + 120;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"20\" font-size=\"14\">Speed relative to the fastest (longer is better)</text>"
    );
    let mut y = 40;
    for (row, height) in rows.iter().zip(&heights) {
        draw_row(&mut out, row, y);
        y += height;
    }
    out.push_str("</svg>\n");
    out
}

fn draw_row(out: &mut String, row: &Row, top: usize) {
    let fastest = row
        .entries
        .iter()
        .filter_map(|e| e.outcome.as_ref().ok().map(|t| t.median_ms))
        .fold(f64::INFINITY, f64::min);
    let _ =
        writeln!(out, "<text x=\"10\" y=\"{}\" font-weight=\"bold\">{}</text>", top + 10, row.kernel.title);
    for (line, entry) in row.entries.iter().enumerate() {
        let y = top + line * BAR;
        let color =
            PEERS.iter().position(|p| p.name == entry.peer).map_or("#999", |at| COLORS[at % COLORS.len()]);
        let (length, label) = match &entry.outcome {
            Ok(t) => (LENGTH as f64 * fastest / t.median_ms, format!("{} {:.2} ms", entry.peer, t.median_ms)),
            Err(_) => (0.0, format!("{}: no result", entry.peer)),
        };
        let _ = writeln!(
            out,
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{length:.1}\" height=\"{}\" fill=\"{color}\"/>\
             <text x=\"{:.1}\" y=\"{}\">{label}</text>",
            BAR - 2,
            LEFT as f64 + length + 4.0,
            y + BAR - 4,
        );
    }
}
