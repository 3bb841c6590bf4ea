//! The cache of compiled kernels on disk.
//!
//! One file per kernel, block shape, target and compiler version; written under another name and renamed, so that
//! readers see whole files; checked by length and hash, so that a damaged one is compiled again; bounded in size.

use engine::{CompileOptions, Program, Tier};
use ir::GridSize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// What is kept of a compiled kernel, or of the part of it that seldom runs.
#[derive(Default)]
pub struct Entry {
    pub lanes: u32,
    pub chunks: u32,
    pub local_bytes: u32,
    pub regions: u32,
    pub frame_bytes: u32,
    pub row_bytes: u32,
    pub barriers_differ: bool,
    pub fibers: bool,
    pub panel: u32,
    pub across: bool,
    pub joined: u32,
    pub share: u32,
    pub large_frame: u32,
    /// Hash of the text of what seldom runs; 0: there is nothing of that.
    pub masked: u128,
    pub object: Vec<u8>,
}

const MAGIC: &[u8; 8] = b"AWCACHEC";
/// Magic, hash of the rest, thirteen numbers, a hash.
const HEADER: usize = 8 + 16 + 13 * 4 + 16;
/// The cache is cut down to this many bytes, oldest files first.
const LIMIT: u64 = 512 << 20;

/// A name for all that decides the code.
pub fn key(program: &dyn Program, kernel: &str, options: &CompileOptions, tier: Tier) -> String {
    let mut h = Xxh3::new();
    h.update(env!("ANYWARP_CODEGEN_HASH").as_bytes());
    h.update(&program.content_hash());
    for part in [kernel, crate::machine::name()] {
        h.update(&(part.len() as u64).to_le_bytes());
        h.update(part.as_bytes());
    }
    for n in options.block {
        h.update(&n.to_le_bytes());
    }
    h.update(&[match options.grid {
        GridSize::Usual => 1,
        GridSize::Rows => 2,
        GridSize::Any => 0,
    }]);
    h.update(&options.gang.map_or(0, |g| g + 1).to_le_bytes());
    h.update(&[options.opt_level, (tier == Tier::Baseline) as u8]);
    format!("{:032x}", h.digest128())
}

/// `ANYWARP_CACHE_DIR`, or `anywarp` in the user's cache directory; empty or `0`: no cache.
fn directory() -> Option<&'static Path> {
    static DIR: OnceLock<Option<PathBuf>> = OnceLock::new();
    DIR.get_or_init(|| {
        let dir = match std::env::var_os("ANYWARP_CACHE_DIR") {
            Some(d) if d.is_empty() || d == "0" => return None,
            Some(d) => PathBuf::from(d),
            None => match std::env::var_os("XDG_CACHE_HOME").filter(|d| !d.is_empty()) {
                Some(d) => PathBuf::from(d).join("anywarp"),
                None => PathBuf::from(std::env::var_os("HOME")?).join(".cache").join("anywarp"),
            },
        };
        std::fs::create_dir_all(&dir).ok()?;
        Some(dir)
    })
    .as_deref()
}

fn path(key: &str) -> Option<PathBuf> {
    Some(directory()?.join(format!("{key}.awk")))
}

/// Whether there is an entry, sound or not.
pub fn holds(key: &str) -> bool {
    path(key).is_some_and(|path| path.exists())
}

/// The entry, if there is a sound one.
pub fn load(key: &str) -> Option<Entry> {
    let path = path(key)?;
    let bytes = std::fs::read(&path).ok()?;
    let entry = parse(&bytes);
    if entry.is_none() {
        tracing::warn!(file = %path.display(), "damaged cache file: compiled again");
        let _ = std::fs::remove_file(&path);
    }
    entry
}

fn parse(bytes: &[u8]) -> Option<Entry> {
    if bytes.len() < HEADER || &bytes[..8] != MAGIC {
        return None;
    }
    let hash = u128::from_le_bytes(bytes[8..24].try_into().ok()?);
    if xxh3_128(&bytes[24..]) != hash {
        return None;
    }
    let number = |i: usize| Some(u32::from_le_bytes(bytes.get(24 + 4 * i..28 + 4 * i)?.try_into().ok()?));
    Some(Entry {
        lanes: number(0)?,
        chunks: number(1)?,
        local_bytes: number(2)?,
        regions: number(3)?,
        frame_bytes: number(4)?,
        barriers_differ: number(5)? != 0,
        row_bytes: number(6)?,
        fibers: number(7)? != 0,
        panel: number(8)?,
        large_frame: number(9)?,
        share: number(10)?,
        across: number(11)? != 0,
        joined: number(12)?,
        masked: u128::from_le_bytes(bytes[HEADER - 16..HEADER].try_into().ok()?),
        object: bytes[HEADER..].to_vec(),
    })
}

/// Keeps an entry. Failures are no errors: the next process compiles again.
pub fn store(key: &str, entry: &Entry) {
    let (Some(path), Some(dir)) = (path(key), directory()) else { return };
    let mut body = Vec::with_capacity(HEADER + entry.object.len());
    let numbers = [
        entry.lanes,
        entry.chunks,
        entry.local_bytes,
        entry.regions,
        entry.frame_bytes,
        entry.barriers_differ as u32,
        entry.row_bytes,
        entry.fibers as u32,
        entry.panel,
        entry.large_frame,
        entry.share,
        entry.across as u32,
        entry.joined,
    ];
    for n in numbers {
        body.extend_from_slice(&n.to_le_bytes());
    }
    body.extend_from_slice(&entry.masked.to_le_bytes());
    body.extend_from_slice(&entry.object);
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&xxh3_128(&body).to_le_bytes());
    bytes.extend_from_slice(&body);
    let temporary = dir.join(format!("{key}.{}.tmp", std::process::id()));
    if std::fs::write(&temporary, &bytes).and_then(|()| std::fs::rename(&temporary, &path)).is_err() {
        let _ = std::fs::remove_file(&temporary);
        return;
    }
    // About one write in 64 looks at the whole directory.
    if key.as_bytes()[0].wrapping_add(std::process::id() as u8).is_multiple_of(64) {
        trim(dir);
    }
}

/// Removes the oldest files until the cache is within its limit.
fn trim(dir: &Path) {
    let Ok(list) = std::fs::read_dir(dir) else { return };
    let mut files: Vec<(std::time::SystemTime, u64, PathBuf)> = list
        .flatten()
        .filter_map(|e| {
            let meta = e.metadata().ok()?;
            meta.is_file().then(|| (meta.modified().unwrap_or(std::time::UNIX_EPOCH), meta.len(), e.path()))
        })
        .collect();
    let mut total: u64 = files.iter().map(|f| f.1).sum();
    files.sort();
    for (_, len, path) in files {
        if total <= LIMIT {
            break;
        }
        if std::fs::remove_file(path).is_ok() {
            total -= len;
        }
    }
}
