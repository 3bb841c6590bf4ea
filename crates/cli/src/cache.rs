//! Programs compiled by `anywarp run`, kept between calls.
//!
//! Invariant: an entry is used only when the source's content, its path, the flags, this executable and every header
//! that clang read are what they were. A damaged or half-written entry counts as absent, never as an error.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Value, json};
use xxhash_rust::xxh3::Xxh3;

/// Most entries kept; the ones used longest ago go first.
const MOST_ENTRIES: usize = 128;

/// One program's place: the executable and, beside it, the record of what it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub program: PathBuf,
    record: PathBuf,
}

/// `$ANYWARP_CACHE_DIR`, else `$XDG_CACHE_HOME/anywarp`, else `~/.cache/anywarp`, else a directory under `/tmp`. A cache
/// that is switched off (`ANYWARP_CACHE_DIR=0`, as for compiled kernels) is under `/tmp` too: the program must lie somewhere.
pub fn directory() -> PathBuf {
    let base = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let asked = base("ANYWARP_CACHE_DIR");
    let off = asked.as_deref().is_some_and(|dir| dir == Path::new("0"));
    asked
        .map(|dir| if off { env::temp_dir().join("anywarp") } else { dir })
        .or_else(|| base("XDG_CACHE_HOME").map(|d| d.join("anywarp")))
        .or_else(|| base("HOME").map(|d| d.join(".cache/anywarp")))
        .unwrap_or_else(|| env::temp_dir().join("anywarp"))
        .join("programs")
}

/// Where a source with these flags lies in `dir`. Errors: the source cannot be read.
pub fn entry(dir: &Path, source: &Path, flags: &[OsString]) -> io::Result<Entry> {
    let mut hash = Xxh3::new();
    let mut part = |bytes: &[u8]| {
        hash.update(&(bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(&fs::read(source)?);
    part(fs::canonicalize(source)?.as_os_str().as_bytes());
    // Relative -I paths mean something else in another directory.
    part(env::current_dir()?.as_os_str().as_bytes());
    flags.iter().for_each(|flag| part(flag.as_bytes()));
    let name = format!("{:032x}", hash.digest128());
    Ok(Entry { program: dir.join(&name), record: dir.join(format!("{name}.json")) })
}

/// True when the entry is whole and nothing that it was made from has changed.
pub fn is_fresh(entry: &Entry) -> bool {
    let inputs = fs::read(&entry.record).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let Some(Value::Array(inputs)) = inputs else { return false };
    let unchanged = |input: &Value| match input["path"].as_str() {
        Some(path) => state_of(Path::new(path)).is_ok_and(|now| now == *input),
        None => false,
    };
    !inputs.is_empty()
        && inputs.iter().all(unchanged)
        && is_executable(&entry.program)
        && touch(&entry.program)
}

/// Moves `built` into the cache, with the files that it was made from. Writes no record when one of them is younger
/// than `started`: it may have changed while the compiler read it.
pub fn store(entry: &Entry, built: &Path, inputs: &[PathBuf], started: SystemTime) -> io::Result<()> {
    let mut states = Vec::new();
    let mut settled = true;
    for input in inputs {
        settled &= fs::metadata(input)?.modified()? < started;
        states.push(state_of(input)?);
    }
    fs::rename(built, &entry.program)?;
    if settled {
        let draft = built.with_extension("json");
        fs::write(&draft, Value::Array(states).to_string())?;
        fs::rename(&draft, &entry.record)?;
    }
    Ok(())
}

/// Removes the entries used longest ago until `MOST_ENTRIES` are left.
pub fn trim(dir: &Path) {
    let Ok(files) = fs::read_dir(dir) else { return };
    let mut programs: Vec<(SystemTime, PathBuf)> = files
        .flatten()
        .filter(|f| f.path().extension().is_none() && f.file_type().is_ok_and(|t| t.is_file()))
        .filter_map(|f| Some((f.metadata().ok()?.modified().ok()?, f.path())))
        .collect();
    programs.sort();
    let excess = programs.len().saturating_sub(MOST_ENTRIES);
    for (_, program) in programs.drain(..excess) {
        // Another process may have been faster: nothing to do then.
        let _ = fs::remove_file(program.with_extension("json"));
        let _ = fs::remove_file(program);
    }
}

/// The files named in a dependency file as `clang -MD` writes it, the target left out.
pub fn parse_dependencies(text: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut word = String::new();
    let mut chars = text.split_once(": ").map_or("", |(_, rest)| rest).chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.peek(), Some(' ' | '#')) => word.extend(chars.next()),
            '\\' if chars.peek() == Some(&'\n') => {}
            '$' if chars.peek() == Some(&'$') => word.extend(chars.next()),
            c if c.is_whitespace() => {
                if !word.is_empty() {
                    paths.push(PathBuf::from(std::mem::take(&mut word)));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        paths.push(PathBuf::from(word));
    }
    paths
}

fn state_of(path: &Path) -> io::Result<Value> {
    let meta = fs::metadata(path)?;
    let mtime = meta.mtime() as i128 * 1_000_000_000 + i128::from(meta.mtime_nsec());
    Ok(json!({ "path": path.to_string_lossy(), "size": meta.size(), "mtime": mtime.to_string() }))
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.mode() & 0o111 != 0)
}

/// Marks the program as just used. True always: a cache on a read-only disk still serves.
fn touch(path: &Path) -> bool {
    if let Ok(file) = fs::File::options().append(true).open(path) {
        let _ = file.set_modified(SystemTime::now());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    #[test]
    fn dependency_files() {
        let check = |text: &str, want: &[&str]| {
            let want: Vec<PathBuf> = want.iter().map(PathBuf::from).collect();
            assert_eq!(parse_dependencies(text), want, "{text:?}");
        };
        check("a.o: a.cu b.h\n", &["a.cu", "b.h"]);
        check("a.o: a.cu \\\n  /usr/my\\ dir/b.h \\\n  c$$d.h", &["a.cu", "/usr/my dir/b.h", "c$d.h"]);
        check("a\\ b: x\\#y.h\n", &["x#y.h"]);
        check("", &[]);
    }

    /// A cache directory with one stored program made of `main.cu` and `a.h`.
    fn stored(name: &str) -> (PathBuf, Entry) {
        let dir = env::temp_dir().join(format!("anywarp cache {name} {}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("main.cu"), "int main() {}").unwrap();
        fs::write(dir.join("a.h"), "one").unwrap();
        let built = dir.join("new.tmp");
        fs::write(&built, "#!/bin/true\n").unwrap();
        fs::set_permissions(&built, fs::Permissions::from_mode(0o755)).unwrap();
        let entry = entry(&dir, &dir.join("main.cu"), &["-O3".into()]).unwrap();
        let later = SystemTime::now() + Duration::from_secs(1);
        store(&entry, &built, &[dir.join("a.h")], later).unwrap();
        (dir, entry)
    }

    #[test]
    fn a_stored_program_is_found_until_something_changes() {
        let (dir, found) = stored("change");
        assert!(is_fresh(&found));
        let with = |flags: &[OsString]| entry(&dir, &dir.join("main.cu"), flags).unwrap();
        assert_eq!(with(&["-O3".into()]), found);
        assert_ne!(with(&["-O0".into()]), found);
        fs::write(dir.join("main.cu"), "int main() { return 1; }").unwrap();
        assert_ne!(with(&["-O3".into()]), found);
        fs::write(dir.join("a.h"), "three").unwrap();
        assert!(!is_fresh(&found));
        fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn damaged_entries_count_as_absent() {
        let check = |name: &str, damage: &dyn Fn(&Entry)| {
            let (dir, entry) = stored(name);
            damage(&entry);
            assert!(!is_fresh(&entry), "{name}");
            fs::remove_dir_all(&dir).unwrap();
        };
        check("truncated", &|e| fs::write(&e.record, "[{\"path\":").unwrap());
        check("empty list", &|e| fs::write(&e.record, "[]").unwrap());
        check("other shape", &|e| fs::write(&e.record, "[{\"path\":3}]").unwrap());
        check("no program", &|e| fs::remove_file(&e.program).unwrap());
        check("not executable", &|e| {
            fs::set_permissions(&e.program, fs::Permissions::from_mode(0o644)).unwrap();
        });
    }

    #[test]
    fn a_header_changed_while_compiling_leaves_no_record() {
        let (dir, entry) = stored("race");
        fs::remove_file(&entry.record).unwrap();
        let built = dir.join("again.tmp");
        fs::write(&built, "").unwrap();
        store(&entry, &built, &[dir.join("a.h")], SystemTime::UNIX_EPOCH).unwrap();
        assert!(!is_fresh(&entry));
        fs::remove_dir_all(&dir).unwrap();
    }
}
