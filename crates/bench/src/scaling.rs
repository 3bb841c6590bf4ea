//! `./x bench --scaling`: what the runtime costs as things get many, as a page with a picture.
//!
//! Invariant: every number of the page is one that `bench/scaling/scaling.cu` or the library printed in this run, or follows from such by
//! the arithmetic that the page states.

use std::fmt::Write;
use std::process::Command;

use crate::cold;
use crate::contender::Place;

/// A curve: costs of one thing when there are so many.
struct Curve {
    name: &'static str,
    /// What one thing is.
    thing: &'static str,
    points: Vec<(f64, f64)>,
}

/// A part of the picture.
struct Panel {
    title: &'static str,
    /// What is counted along the bottom.
    many: &'static str,
    unit: Unit,
    curves: &'static [(&'static str, &'static str)],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Nanoseconds,
    NanosecondsPerByte,
    Bytes,
    /// Times as fast as one worker.
    Speed,
}

const PANELS: [Panel; 11] = [
    Panel {
        title: "A block",
        many: "blocks in the grid",
        unit: Unit::Nanoseconds,
        curves: &[("grid", "64 threads, a store"), ("grid_barriers", "256 threads, 3 barriers")],
    },
    Panel {
        title: "A thread",
        many: "threads in a block",
        unit: Unit::Nanoseconds,
        curves: &[("block", "a load, an FMA, a store")],
    },
    Panel {
        title: "Memory of the process",
        many: "blocks in the grid",
        unit: Unit::Bytes,
        curves: &[("memory", "after the grid with barriers")],
    },
    Panel {
        title: "Memory of a resident block",
        many: "blocks that wait for each other",
        unit: Unit::Bytes,
        curves: &[("resident", "256 threads, 128 bytes of local memory each")],
    },
    Panel {
        title: "A launch",
        many: "launches",
        unit: Unit::Nanoseconds,
        curves: &[
            ("launch_sync", "waited for"),
            ("launch_queued", "queued"),
            ("graph_node", "node of a graph"),
        ],
    },
    Panel {
        title: "Streams and events",
        many: "of them alive",
        unit: Unit::Nanoseconds,
        curves: &[
            ("stream", "stream: make, launch, end"),
            ("event", "event: make, record, end"),
            ("launch_beside_streams", "a launch beside them"),
        ],
    },
    Panel {
        title: "cudaMalloc and cudaFree",
        many: "blocks alive, or MB",
        unit: Unit::Nanoseconds,
        curves: &[("malloc_free", "256 bytes, freed out of order"), ("malloc_mb", "a MB of one block")],
    },
    Panel {
        title: "Loading a kernel",
        many: "kernels in the module",
        unit: Unit::Nanoseconds,
        curves: &[("kernel_loaded", "100 instructions, not compiled")],
    },
    Panel {
        title: "Compiling a kernel",
        many: "kernels",
        unit: Unit::Nanoseconds,
        curves: &[("kernel_compiled", "100 instructions, cache off")],
    },
    Panel {
        title: "A byte copied or filled",
        many: "bytes copied",
        unit: Unit::NanosecondsPerByte,
        curves: &[
            ("copy_device", "device to device"),
            ("copy_to_device", "from pageable memory"),
            ("fill", "cudaMemset"),
        ],
    },
    Panel {
        title: "Speed over workers",
        many: "workers",
        unit: Unit::Speed,
        curves: &[("escape", "blocks of unequal cost"), ("threads", "the same in plain threads")],
    },
];

/// Rows of the program's time with some workers: a kernel, and the same work in threads of the host's.
const WORKING: [&str; 2] = ["escape", "threads"];

/// Measures, and writes `docs/performance.md` and `docs/performance.svg`. Errors: what failed.
pub fn run(place: &Place) -> Result<(), String> {
    let program = place.build_scaling()?;
    let mut lines = output(place, &program, Mode::All)?;
    lines.extend(output(place, &program, Mode::Resident)?);
    let workers: Vec<usize> =
        (1..=place.threads).filter(|n| n.is_power_of_two() || *n == place.threads).collect();
    // Alternated: the machine gives its processors to others as well.
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..5 {
        for (k, &count) in workers.iter().enumerate() {
            let rows = output(place, &program, Mode::Workers(count))?;
            for (times, name) in times.iter_mut().zip(WORKING) {
                let row = rows.iter().find(|row| row.0 == name).ok_or("no time for workers")?;
                times.resize(workers.len(), f64::INFINITY);
                times[k] = f64::min(times[k], row.2);
            }
        }
    }
    for (times, name) in times.iter().zip(WORKING) {
        lines
            .extend(workers.iter().zip(times).map(|(&n, time)| (name.to_owned(), n as f64, times[0] / time)));
    }
    let curves: Vec<Vec<Curve>> = PANELS.iter().map(|panel| curves(panel, &lines)).collect();
    let docs = place.root.join("docs");
    let cold = format!("\n## Compiling\n\n{}", cold::page(&cold::measure(place)?));
    let page = page(&curves, place.threads) + &cold;
    for (name, text) in [("performance.svg", svg(&curves)), ("performance.md", page)] {
        let path = docs.join(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("written: {}", path.display());
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Mode {
    All,
    /// Blocks that wait for each other: on a device that says it has room for many.
    Resident,
    Workers(usize),
}

/// The rows that the program prints: curve, n, cost.
fn output(place: &Place, program: &std::path::Path, mode: Mode) -> Result<Vec<(String, f64, f64)>, String> {
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", place.toolkit().join("lib64")).env("ANYWARP_CACHE_DIR", "0");
    match mode {
        Mode::All => &mut command,
        Mode::Resident => command.arg("resident").env("ANYWARP_DEVICE", "h100"),
        Mode::Workers(count) => command.arg(count.to_string()).env("ANYWARP_WORKERS", count.to_string()),
    };
    let output = command.output().map_err(|error| format!("{}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let row = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        Some((name, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    };
    text.lines().map(|line| row(line).ok_or_else(|| format!("not a row: {line}"))).collect()
}

fn curves(panel: &Panel, lines: &[(String, f64, f64)]) -> Vec<Curve> {
    let points = |name: &str| lines.iter().filter(|row| row.0 == name).map(|row| (row.1, row.2)).collect();
    panel.curves.iter().map(|&(name, thing)| Curve { name, thing, points: points(name) }).collect()
}

impl Curve {
    /// The exponent with which the cost of all grows from the middle of the curve to its end: 1 is linear.
    fn growth(&self) -> Option<f64> {
        let (last, middle) = (self.points.last()?, self.points.get(self.points.len() / 2)?);
        (last.0 > middle.0).then(|| 1.0 + (last.1 / middle.1).ln() / (last.0 / middle.0).ln())
    }
}

fn number(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Speed => format!("{value:.2}"),
        Unit::Bytes if value >= 1e6 => format!("{:.0} MB", value / 1e6),
        Unit::Bytes => format!("{:.0} KB", value / 1e3),
        Unit::NanosecondsPerByte => format!("{:.1} GB/s", 1.0 / value),
        Unit::Nanoseconds if value >= 1e6 => format!("{:.1} ms", value / 1e6),
        Unit::Nanoseconds if value >= 1e3 => format!("{:.1} us", value / 1e3),
        Unit::Nanoseconds if value >= 10.0 => format!("{value:.0} ns"),
        Unit::Nanoseconds => format!("{value:.2} ns"),
    }
}

/// 1, 10, 1K, 4M.
fn count(n: f64) -> String {
    match n {
        n if n >= 1e9 => format!("{:.0}G", n / 1e9),
        n if n >= 1e6 => format!("{:.0}M", n / 1e6),
        n if n >= 1e3 => format!("{:.0}K", n / 1e3),
        n => format!("{n:.0}"),
    }
}

fn page(curves: &[Vec<Curve>], threads: usize) -> String {
    let mut out = format!(
        "# How costs grow\n\nWritten by `./x bench --scaling`; do not edit. Measured on {threads} processors with \
         `bench/scaling/scaling.cu`, the best\nof some runs. Objects, modules and compilation are in processor time, the \
         rest in time on the wall.\n\n![Costs of one thing over their number](performance.svg)\n\n\
         The cost of *one* thing when there are many: a flat line is linear growth. *Growth* is the exponent with which \
         the cost\nof all of them grows over the second half of the curve: 1 is linear, less is better than that.\n\n\
         | cost of | | at | cost | at | cost | growth |\n|---|---|--:|--:|--:|--:|--:|\n"
    );
    for (panel, curves) in PANELS.iter().zip(curves) {
        for curve in curves {
            let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) else { continue };
            let growth = match panel.unit {
                Unit::Speed | Unit::Bytes => String::new(),
                Unit::Nanoseconds | Unit::NanosecondsPerByte => {
                    curve.growth().map_or(String::new(), |growth| format!("{growth:.2}"))
                }
            };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} | {growth} |",
                panel.title,
                curve.thing,
                count(first.0),
                number(first.1, panel.unit),
                count(last.0),
                number(last.1, panel.unit),
            );
        }
    }
    out
}

const COLORS: [&str; 3] = ["#2f6db5", "#d1495b", "#3d9a5f"];
const COLUMNS: usize = 2;
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 230.0;
/// The part of a panel that curves are drawn in.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 58.0;
const BOTTOM: f64 = 40.0;

fn svg(curves: &[Vec<Curve>]) -> String {
    let rows = PANELS.len().div_ceil(COLUMNS);
    let (width, height) = (COLUMNS as f64 * WIDTH, rows as f64 * HEIGHT);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\" fill=\"#333\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (index, (panel, curves)) in PANELS.iter().zip(curves).enumerate() {
        let (x, y) = ((index % COLUMNS) as f64 * WIDTH, (index / COLUMNS) as f64 * HEIGHT);
        let _ = writeln!(out, "<g transform=\"translate({x} {y})\">");
        draw(&mut out, panel, curves);
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out
}

/// Powers of ten that hold all values: at least two decades, so that noise does not look like growth.
fn decades(values: impl Iterator<Item = f64> + Clone) -> (i32, i32) {
    let low = values.clone().fold(f64::INFINITY, f64::min).log10().floor() as i32;
    let high = values.fold(0.0, f64::max).log10().ceil() as i32;
    (low.min(high - 2), high)
}

fn draw(out: &mut String, panel: &Panel, curves: &[Curve]) {
    let points =
        || curves.iter().flat_map(|curve| &curve.points).filter(|point| point.0 > 0.0 && point.1 > 0.0);
    if points().next().is_none() {
        return;
    }
    let (x0, x1) = match panel.unit {
        Unit::Speed => (1.0, points().map(|p| p.0).fold(1.0, f64::max)),
        _ => (
            points().map(|p| p.0).fold(f64::INFINITY, f64::min).log10(),
            points().map(|p| p.0).fold(1.0, f64::max).log10(),
        ),
    };
    let (low, high) = decades(points().map(|p| p.1));
    let (y0, y1) = if panel.unit == Unit::Speed { (0.0, x1) } else { (f64::from(low), f64::from(high)) };
    let scale = |value: f64| if panel.unit == Unit::Speed { value } else { value.log10() };
    let across = |n: f64| LEFT + (scale(n) - x0) / (x1 - x0).max(1e-9) * (WIDTH - LEFT - RIGHT);
    let up = |cost: f64| HEIGHT - BOTTOM - (scale(cost) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{}</text>",
        panel.title
    );
    let ticks: Vec<f64> = match panel.unit {
        Unit::Speed => (0..=x1 as i32).map(f64::from).collect(),
        _ => (low..=high).map(|power| 10f64.powi(power)).collect(),
    };
    for tick in ticks {
        let y = up(tick);
        let label = format!("{} ", number(tick, panel.unit)).replacen(".00 ", " ", 1).replacen(".0 ", " ", 1);
        let label = label.trim_end();
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {y:.1}H{:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" \
             fill=\"#777\">{label}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            y + 4.0,
        );
    }
    let ends =
        [points().map(|p| p.0).fold(f64::INFINITY, f64::min), points().map(|p| p.0).fold(1.0, f64::max)];
    for (n, anchor) in ends.into_iter().zip(["start", "end"]) {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" fill=\"#777\">{}</text>",
            across(n),
            HEIGHT - BOTTOM + 16.0,
            count(n),
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#777\">{}</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - BOTTOM + 16.0,
        panel.many,
    );
    if panel.unit == Unit::Speed {
        let _ = writeln!(
            out,
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#bbb\" stroke-dasharray=\"4 3\"/>",
            across(1.0),
            up(1.0),
            across(x1),
            up(x1),
        );
    }
    let mut label = LEFT;
    for (curve, color) in curves.iter().zip(COLORS) {
        let place = |&(n, cost): &(f64, f64)| format!("{:.1},{:.1}", across(n), up(cost));
        let line: Vec<String> = curve.points.iter().filter(|p| p.1 > 0.0).map(place).collect();
        let _ = writeln!(
            out,
            "<!-- {} --><polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>",
            curve.name,
            line.join(" "),
        );
        for point in curve.points.iter().filter(|p| p.1 > 0.0) {
            let _ = write!(
                out,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\" fill=\"{color}\"><title>{}: {}</title></circle>",
                across(point.0),
                up(point.1),
                count(point.0),
                number(point.1, panel.unit),
            );
        }
        let _ = writeln!(out, "<text x=\"{label:.0}\" y=\"40\" fill=\"{color}\">{}</text>", curve.thing);
        label += curve.thing.len() as f64 * 5.9 + 14.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_the_exponent_of_all() {
        let curve = |cost: fn(f64) -> f64| Curve {
            name: "",
            thing: "",
            points: [1.0, 10.0, 100.0, 1000.0].map(|n| (n, cost(n))).to_vec(),
        };
        assert!((curve(|_| 5.0).growth().unwrap() - 1.0).abs() < 1e-9);
        assert!((curve(|n| n).growth().unwrap() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_picture_holds_every_curve() {
        let lines: Vec<(String, f64, f64)> = PANELS
            .iter()
            .flat_map(|panel| panel.curves)
            .flat_map(|&(name, _)| [1.0, 2.0, 4.0].map(|n| (name.to_owned(), n, 10.0 / n)))
            .collect();
        let curves: Vec<Vec<Curve>> = PANELS.iter().map(|panel| curves(panel, &lines)).collect();
        let picture = svg(&curves);
        let names = PANELS.iter().flat_map(|panel| panel.curves);
        assert!(names.into_iter().all(|(name, thing)| picture.contains(name) && picture.contains(thing)));
        assert!(!picture.contains("NaN") && !picture.contains("inf"));
    }
}
