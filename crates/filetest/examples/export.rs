//! Writes each `tests/ptx/**/*.ptx` and its jobs (`NAME.ptx`, `NAME.jobs`) into a directory, for `tests/gpu/record.sh`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let to = PathBuf::from(std::env::args().nth(1).ok_or("export DIR")?);
    fs::create_dir_all(&to)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ptx");
    let mut dirs = vec![root.clone()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            let text = fs::read_to_string(&path)?;
            let name = path.strip_prefix(&root)?.display().to_string().replace('/', "__");
            let file = filetest::parse::file(&text).map_err(|why| format!("{name}: {why}"))?;
            let jobs = filetest::export::jobs(&file).map_err(|why| format!("{name}: {why}"))?;
            fs::write(to.join(&name), text)?;
            fs::write(to.join(name).with_extension("jobs"), jobs)?;
        }
    }
    Ok(())
}
