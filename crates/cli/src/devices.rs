//! `anywarp devices`: what a CUDA program finds when it asks for devices.
//!
//! Invariant: everything printed comes through the exported driver API, so this page shows what programs see.

use std::ffi::{CStr, c_char, c_int};
use std::path::Path;

use abi::driver::CUdevice_attribute;
use libloading::Library;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::toolkit;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

/// What the C names of attributes begin with; the rest, in lower case, is the name in JSON and in `devices/*.toml`.
const PREFIX: &str = "CU_DEVICE_ATTRIBUTE_";

/// Prints every device.
pub fn main(format: Format) -> Result<(), Error> {
    let root = toolkit::root()?;
    let driver = Driver::open(&root.join("lib64/libcuda.so.1"))?;
    let version = driver.number("cuDriverGetVersion", &[])?;
    let count = driver.number("cuDeviceGetCount", &[])?;
    let devices = (0..count).map(|ordinal| describe(&driver, ordinal)).collect::<Result<Vec<_>, _>>()?;
    match format {
        Format::Json => {
            let page = json!({ "driver_version": version, "devices": devices });
            println!("{page:#}");
        }
        Format::Text => {
            println!("CUDA driver API {}.{}", version / 1000, version % 1000 / 10);
            for (ordinal, device) in devices.iter().enumerate() {
                print_text(ordinal, device);
            }
        }
    }
    Ok(())
}

fn describe(driver: &Driver, ordinal: c_int) -> Result<Value, Error> {
    let device = driver.number("cuDeviceGet", &[ordinal])?;
    let mut fields = Map::new();
    fields.insert("ordinal".into(), ordinal.into());
    fields.insert("name".into(), driver.name(device)?.into());
    fields.insert("memory_bytes".into(), driver.memory(device)?.into());
    for &(attribute, c_name) in CUdevice_attribute::ALL {
        // Aliases of older releases repeat a number under a second name.
        if attribute.name() == Some(c_name) {
            let value = driver.number("cuDeviceGetAttribute", &[attribute.0 as c_int, device])?;
            fields.insert(c_name.trim_start_matches(PREFIX).to_lowercase(), value.into());
        }
    }
    Ok(Value::Object(fields))
}

fn print_text(ordinal: usize, device: &Value) {
    let number = |name: &str| device[name].as_i64().unwrap_or_default();
    let kib = |name: &str| number(name) / 1024;
    println!("\nDevice {ordinal}: {}", device["name"].as_str().unwrap_or_default());
    println!(
        "  compute capability   {}.{}",
        number("compute_capability_major"),
        number("compute_capability_minor")
    );
    println!("  memory               {:.1} GiB", number("memory_bytes") as f64 / f64::from(1 << 30));
    println!(
        "  multiprocessors      {} at {} MHz",
        number("multiprocessor_count"),
        number("clock_rate") / 1000
    );
    println!("  L2 cache             {} KiB", kib("l2_cache_size"));
    println!(
        "  threads              {} a block, {} a multiprocessor, warps of {}",
        number("max_threads_per_block"),
        number("max_threads_per_multiprocessor"),
        number("warp_size")
    );
    println!(
        "  shared memory        {} KiB a block (up to {} KiB on request)",
        kib("max_shared_memory_per_block"),
        kib("max_shared_memory_per_block_optin")
    );
    println!(
        "  largest block, grid  {} x {} x {}, {} x {} x {}",
        number("max_block_dim_x"),
        number("max_block_dim_y"),
        number("max_block_dim_z"),
        number("max_grid_dim_x"),
        number("max_grid_dim_y"),
        number("max_grid_dim_z")
    );
}

/// The driver library, initialised.
struct Driver {
    library: Library,
}

impl Driver {
    fn open(path: &Path) -> Result<Self, Error> {
        // SAFETY: the library is ours, from the toolkit tree; its initialisers have no preconditions.
        let library = unsafe { Library::new(path) }
            .map_err(|e| Error::new(format!("cannot load {}", path.display())).because(e))?;
        let driver = Self { library };
        let init: unsafe extern "C" fn(u32) -> c_int = driver.function("cuInit")?;
        // SAFETY: cuInit takes one unsigned flags word, which must be 0.
        driver.checked("cuInit", unsafe { init(0) })?;
        Ok(driver)
    }

    /// Looks a function up. `F` must be the `extern "C"` type that the driver API documents for `name`.
    fn function<F: Copy>(&self, name: &str) -> Result<F, Error> {
        // SAFETY: callers in this file name the documented type; the pointer outlives no library (self holds it).
        let symbol = unsafe { self.library.get::<F>(name.as_bytes()) };
        symbol.map(|s| *s).map_err(|e| Error::new(format!("libcuda has no {name}")).because(e))
    }

    /// Calls a function of the form `CUresult name(int *out, int...)` with up to two more arguments.
    fn number(&self, name: &str, args: &[c_int]) -> Result<c_int, Error> {
        let mut out: c_int = 0;
        let status = match *args {
            [] => {
                let call: unsafe extern "C" fn(*mut c_int) -> c_int = self.function(name)?;
                // SAFETY: the documented signature; `out` lives across the call.
                unsafe { call(&raw mut out) }
            }
            [a] => {
                let call: unsafe extern "C" fn(*mut c_int, c_int) -> c_int = self.function(name)?;
                // SAFETY: as above.
                unsafe { call(&raw mut out, a) }
            }
            [a, b, ..] => {
                let call: unsafe extern "C" fn(*mut c_int, c_int, c_int) -> c_int = self.function(name)?;
                // SAFETY: as above.
                unsafe { call(&raw mut out, a, b) }
            }
        };
        self.checked(name, status).map(|()| out)
    }

    fn name(&self, device: c_int) -> Result<String, Error> {
        let call: unsafe extern "C" fn(*mut c_char, c_int, c_int) -> c_int =
            self.function("cuDeviceGetName")?;
        let mut text = [0u8; 256];
        // SAFETY: the buffer's length is passed along; the last byte stays 0.
        let status = unsafe { call(text.as_mut_ptr().cast(), text.len() as c_int - 1, device) };
        self.checked("cuDeviceGetName", status)?;
        let name = CStr::from_bytes_until_nul(&text).unwrap_or_default();
        Ok(name.to_string_lossy().into_owned())
    }

    fn memory(&self, device: c_int) -> Result<u64, Error> {
        let call: unsafe extern "C" fn(*mut usize, c_int) -> c_int = self.function("cuDeviceTotalMem_v2")?;
        let mut bytes = 0usize;
        // SAFETY: the documented signature; `bytes` lives across the call.
        self.checked("cuDeviceTotalMem", unsafe { call(&raw mut bytes, device) })?;
        Ok(bytes as u64)
    }

    fn checked(&self, name: &str, status: c_int) -> Result<(), Error> {
        match status {
            0 => Ok(()),
            code => Err(Error::new(format!("{name} failed with CUresult {code}"))
                .help("ANYWARP_LOG=debug shows more")),
        }
    }
}
