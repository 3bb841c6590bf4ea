//! Device profiles: the files of `devices/`, read once at start.
//!
//! Invariant: an unknown field or attribute is an error that names the file; nothing is guessed.

use std::collections::BTreeMap;
use std::path::Path;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../devices/", $name, ".toml")))),*]
    };
}

/// The profiles that ship with the library.
const BUILT_IN: &[(&str, &str)] = files![
    "cpu",
    "a100",
    "b200",
    "h100",
    "h20",
    "h200",
    "l4",
    "l40s",
    "rtx-3090",
    "rtx-4090",
    "rtx-5090",
    "rtx-pro-6000",
    "t4",
    "v100",
    "base/common",
    "base/cc70",
    "base/cc75",
    "base/cc80",
    "base/cc86",
    "base/cc89",
    "base/cc90",
    "base/cc100",
    "base/cc120",
];

/// What a device says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    /// Bytes.
    pub total_memory: u64,
    /// Attributes by their C name in lower case without `CU_DEVICE_ATTRIBUTE_`.
    pub attributes: BTreeMap<String, i64>,
    pub uuid: [u8; 16],
}

/// A profile that cannot be used, with the file that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError(pub String);

impl std::fmt::Display for ProfileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProfileError {}

impl Profile {
    /// An attribute; 0 if no file names it.
    pub fn attribute(&self, name: &str) -> i64 {
        self.attributes.get(name).copied().unwrap_or(0)
    }
}

/// The devices that the environment asks for: `ANYWARP_DEVICE` (or `ANYWARP_DEVICES`), a list of names or paths
/// with commas; `cpu` if unset. An empty list means no device.
pub fn from_environment() -> Result<Vec<Profile>, ProfileError> {
    let wanted = std::env::var("ANYWARP_DEVICE").or_else(|_| std::env::var("ANYWARP_DEVICES"));
    parse_list(&wanted.unwrap_or_else(|_| "cpu".into()))
}

/// Profiles of a list of names or paths with commas.
pub fn parse_list(list: &str) -> Result<Vec<Profile>, ProfileError> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.enumerate().map(|(ordinal, name)| load(name, ordinal as u32)).collect()
}

/// Values as files give them, before `"host"` is resolved.
#[derive(Default)]
struct Raw {
    name: Option<String>,
    total_memory: Option<toml::Value>,
    attributes: BTreeMap<String, toml::Value>,
}

fn load(name: &str, ordinal: u32) -> Result<Profile, ProfileError> {
    let mut raw = Raw::default();
    read(name, &mut raw, 0)?;
    let mut attributes = BTreeMap::new();
    for (key, value) in raw.attributes {
        let number = match &value {
            toml::Value::Integer(number) => *number,
            toml::Value::String(word) if word == "host" => host_attribute(&key)
                .ok_or_else(|| ProfileError(format!("{name}: \"host\" has no meaning for {key}")))?,
            other => {
                return Err(ProfileError(format!(
                    "{name}: {key} must be an integer or \"host\", not {other}"
                )));
            }
        };
        attributes.insert(key, number);
    }
    // Device 0 is on bus 1, and so on: bus 0 holds the host bridge on real machines.
    attributes.insert("pci_bus_id".into(), i64::from(ordinal) + 1);
    let total_memory = match raw.total_memory {
        Some(toml::Value::Integer(bytes)) if bytes > 0 => bytes as u64,
        Some(toml::Value::String(word)) if word == "host" => host::memory() / 4 * 3,
        _ => return Err(ProfileError(format!("{name}: total_memory must be a number of bytes or \"host\""))),
    };
    let title = raw.name.ok_or_else(|| ProfileError(format!("{name}: no name")))?;
    let title = title.replace("{host}", &host::processor());
    let uuid = uuid(&title, ordinal);
    Ok(Profile { name: title, total_memory: total_memory & !0x1f_ffff, attributes, uuid })
}

/// Reads `name` and its bases into `raw`: what is there already wins.
fn read(name: &str, raw: &mut Raw, depth: u32) -> Result<(), ProfileError> {
    if depth > 8 {
        return Err(ProfileError(format!("{name}: bases form a ring")));
    }
    let built_in = BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, text)| (*text).to_owned());
    let text = match built_in {
        Some(text) => text,
        None if name.contains('/') || name.ends_with(".toml") => std::fs::read_to_string(Path::new(name))
            .map_err(|e| ProfileError(format!("cannot read device profile {name}: {e}")))?,
        None => {
            let known: Vec<&str> = BUILT_IN.iter().map(|(n, _)| *n).filter(|n| !n.contains('/')).collect();
            return Err(ProfileError(format!("unknown device profile {name}; known: {}", known.join(", "))));
        }
    };
    let table: toml::Table = text.parse().map_err(|e| ProfileError(format!("{name}: {e}")))?;
    let mut base = None;
    for (key, value) in table {
        match (key.as_str(), value) {
            ("base", toml::Value::String(word)) => base = Some(word),
            ("name", toml::Value::String(word)) => {
                raw.name.get_or_insert(word);
            }
            ("total_memory", value) => {
                raw.total_memory.get_or_insert(value);
            }
            ("attributes", toml::Value::Table(list)) => {
                for (attribute, value) in list {
                    raw.attributes.entry(attribute).or_insert(value);
                }
            }
            (key, _) => return Err(ProfileError(format!("{name}: unknown or malformed field {key}"))),
        }
    }
    match base {
        Some(base) => read(&format!("base/{base}"), raw, depth + 1),
        None => Ok(()),
    }
}

fn host_attribute(name: &str) -> Option<i64> {
    match name {
        "multiprocessor_count" => Some(host::processors() as i64),
        "clock_rate" => Some(host::clock_khz()),
        "l2_cache_size" => Some(host::cache_bytes()),
        _ => None,
    }
}

/// A version-8 UUID (RFC 9562) of the device's name and ordinal: stable from run to run.
fn uuid(name: &str, ordinal: u32) -> [u8; 16] {
    let mut hash: u128 = 0x6c62272e07bb014262b821756295c58d;
    for byte in name.bytes().chain(ordinal.to_le_bytes()) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000000001000000000000000000013b);
    }
    let mut bytes = hash.to_be_bytes();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

/// What the machine says about itself.
pub mod host {
    use std::fs::read_to_string;

    /// Processors that this process may use.
    pub fn processors() -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    /// Bytes of memory that this process may use: the machine's, or its control group's limit.
    pub fn memory() -> u64 {
        let machine = meminfo("MemTotal:").unwrap_or(4 << 30);
        let group =
            read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|s| s.trim().parse::<u64>().ok());
        group.map_or(machine, |limit| limit.min(machine))
    }

    /// Bytes of memory that could be used now.
    pub fn available() -> u64 {
        meminfo("MemAvailable:").unwrap_or(2 << 30).min(memory())
    }

    fn meminfo(key: &str) -> Option<u64> {
        let text = read_to_string("/proc/meminfo").ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
    }

    pub fn processor() -> String {
        let text = read_to_string("/proc/cpuinfo").unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("model name"));
        let name =
            line.and_then(|line| line.split(':').nth(1)).map(str::trim).filter(|name| !name.is_empty());
        name.unwrap_or(std::env::consts::ARCH).to_owned()
    }

    pub fn clock_khz() -> i64 {
        let max = read_to_string("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq").ok();
        if let Some(khz) = max.and_then(|s| s.trim().parse().ok()) {
            return khz;
        }
        let text = read_to_string("/proc/cpuinfo").unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("cpu MHz"));
        let mhz = line.and_then(|line| line.split(':').nth(1)?.trim().parse::<f64>().ok());
        (mhz.unwrap_or(2000.0) * 1000.0) as i64
    }

    /// Bytes of the largest cache of processor 0.
    pub fn cache_bytes() -> i64 {
        let sizes = (0..5).filter_map(|index| {
            let path = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/size");
            read_to_string(path).ok()?.trim().strip_suffix('K')?.parse::<i64>().ok()
        });
        sizes.max().unwrap_or(1024) * 1024
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_loads() {
        for (name, _) in BUILT_IN.iter().filter(|(n, _)| !n.starts_with("base/")) {
            let profile = &parse_list(name).unwrap()[0];
            assert!(profile.attribute("max_threads_per_block") == 1024, "{name}");
            assert!(profile.attribute("compute_capability_major") >= 7, "{name}");
            assert!(profile.attribute("multiprocessor_count") > 0, "{name}");
        }
    }

    #[test]
    fn lists_name_several_devices_and_errors_name_the_unknown() {
        let list = parse_list("cpu, a100,a100").unwrap();
        assert_eq!(list.len(), 3);
        assert_ne!(list[1].uuid, list[2].uuid);
        assert!(parse_list("b1000").unwrap_err().0.contains("b1000"));
    }
}
