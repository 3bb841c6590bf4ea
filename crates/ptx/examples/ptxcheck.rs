//! Parses and checks PTX files, prints what is wrong and how fast it went.
use std::time::Instant;

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("readable file");
        let start = Instant::now();
        let (module, mut diagnostics) = ptx::parse(&bytes, &path);
        let indexed = start.elapsed();
        diagnostics.extend(ptx::check_all(&module));
        let total = start.elapsed();
        for diagnostic in &diagnostics {
            println!("{}", diagnostic.render(&module.source));
        }
        let rate = bytes.len() as f64 / 1e6 / total.as_secs_f64();
        println!(
            "{path}: {} bytes, {} functions, {} findings; indexed in {indexed:?}, all in {total:?} ({rate:.0} MB/s)",
            bytes.len(),
            module.functions.len(),
            diagnostics.len()
        );
    }
}
