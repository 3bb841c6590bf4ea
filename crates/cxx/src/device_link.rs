//! The device link of separately compiled code (`-rdc=true`).
//!
//! clang gives each such object a section `__nv_relfatbin` with its fat binary, and a constructor that calls
//! `__cudaRegisterLinkedBinary_<module>`, which the device link must define. Here the PTX of all objects goes into one fat
//! binary, an entry for each object and architecture: a loader links the entries of the best architecture, as it would
//! link the inputs of cuLinkAddData. The defined functions register that fat binary once, and then each object's
//! kernels and variables with its handle.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, ObjectSymbol};

use crate::error::Error;
use crate::options::{Options, Show};
use crate::process::Tool;
use crate::toolkit::Toolkit;

const REGISTER: &str = "__cudaRegisterLinkedBinary";

/// The relocatable device code of some objects.
#[derive(Debug, Default)]
pub struct DeviceCode {
    /// The undefined registration functions.
    modules: BTreeSet<String>,
    /// Registration functions that an earlier device link has defined.
    linked: BTreeSet<String>,
    fatbins: Vec<(String, Vec<u8>)>,
}

impl DeviceCode {
    /// Whether a device link is due: there is device code that nothing registers yet.
    pub fn is_due(&self) -> bool {
        self.modules.difference(&self.linked).next().is_some()
    }
}

/// Reads what objects and archives hold; files that are neither (shared libraries, linker scripts) hold nothing.
pub fn scan(files: &[&str]) -> Result<DeviceCode, Error> {
    let mut code = DeviceCode::default();
    for file in files {
        let Ok(bytes) = std::fs::read(file) else { continue };
        if let Ok(archive) = ArchiveFile::parse(&*bytes) {
            for member in archive.members().flatten() {
                if let Ok(data) = member.data(&*bytes) {
                    scan_object(&mut code, file, data);
                }
            }
        } else {
            scan_object(&mut code, file, &bytes);
        }
    }
    Ok(code)
}

fn scan_object(code: &mut DeviceCode, file: &str, bytes: &[u8]) {
    let Ok(object) = object::File::parse(bytes) else { return };
    if object.kind() != object::ObjectKind::Relocatable {
        return;
    }
    for symbol in object.symbols() {
        let Ok(name) = symbol.name() else { continue };
        if name.starts_with(REGISTER) && symbol.is_undefined() {
            code.modules.insert(name.to_owned());
        } else if name.starts_with(REGISTER) {
            code.linked.insert(name.to_owned());
        }
    }
    if let Some(data) = object.section_by_name("__nv_relfatbin").and_then(|s| s.data().ok()) {
        code.fatbins.push((file.to_owned(), data.to_vec()));
    }
}

/// Makes the object that registers `code`.
pub fn write(
    toolkit: &Toolkit,
    options: &Options,
    code: &DeviceCode,
    output: &Path,
    dir: &Path,
) -> Result<(), Error> {
    let blob = dir.join("device_link.fatbin");
    let source = dir.join("device_link.c");
    if options.show != Show::Only {
        std::fs::write(&blob, merged(code)?)
            .map_err(Error::io(format!("cannot write '{}'", blob.display())))?;
        std::fs::write(&source, stub(code, &blob))
            .map_err(Error::io(format!("cannot write '{}'", source.display())))?;
    }
    Tool::new(&toolkit.clang)
        .args(["-x", "c", "-O1", "-fPIC", "-c", "-o", &output.to_string_lossy(), &source.to_string_lossy()])
        .run(options.show)
}

/// One fat binary with the entries of all.
fn merged(code: &DeviceCode) -> Result<Vec<u8>, Error> {
    let bad =
        |file: &str, e: fatbin::Error| Error::Setup(format!("the device code in '{file}' is damaged: {e}"));
    let mut texts = Vec::new();
    for (file, bytes) in &code.fatbins {
        for entry in fatbin::parse(bytes).map_err(|e| bad(file, e))?.entries {
            if entry.kind == fatbin::Kind::Ptx {
                let text = entry.payload().map_err(|e| bad(file, e))?.into_owned();
                texts.push((entry.arch, entry.version, entry.name.unwrap_or_default(), text));
            }
        }
    }
    let images: Vec<fatbin::Image<'_>> = texts
        .iter()
        .map(|(arch, version, name, text)| fatbin::Image {
            kind: fatbin::Kind::Ptx,
            arch: *arch,
            version: *version,
            name,
            payload: text,
        })
        .collect();
    Ok(fatbin::write(&images, fatbin::Compression::None))
}

fn stub(code: &DeviceCode, blob: &Path) -> String {
    let modules: Vec<&String> = code.modules.difference(&code.linked).collect();
    let blob = blob.to_string_lossy().replace('\\', "\\\\\\\\").replace('"', "\\\\\\\"");
    let mut c = format!(
        r#"// Registers the linked device code once, then each module's kernels and variables with its handle.
__asm__(".section .nv_fatbin,\"a\",@progbits\n.balign 8\n__anywarp_linked_fatbin:\n.incbin \"{blob}\"\n.previous\n");
extern const char __anywarp_linked_fatbin[] __attribute__((visibility("hidden")));
static struct {{ int magic, version; const void *data; void *unused; }} wrapper
    __attribute__((section(".nvFatBinSegment"))) = {{{magic:#x}, 1, __anywarp_linked_fatbin, 0}};
void **__cudaRegisterFatBinary(void *);
void __cudaRegisterFatBinaryEnd(void **);
void __cudaUnregisterFatBinary(void **);
int atexit(void (*)(void));
static void **handle;
static int registered;
static void unregister(void) {{ __cudaUnregisterFatBinary(handle); }}
static void module(void (*globals)(void **)) {{
  if (!handle) {{
    handle = __cudaRegisterFatBinary(&wrapper);
    atexit(unregister);
  }}
  globals(handle);
  if (++registered == {count}) __cudaRegisterFatBinaryEnd(handle);
}}
"#,
        magic = fatbin::WRAPPER_MAGIC,
        count = modules.len(),
    );
    for name in modules {
        let _ = writeln!(
            c,
            "__attribute__((visibility(\"hidden\"))) void {name}(void (*globals)(void **), void *fatbin, void *id, \
             void (*callback)(void *)) {{ module(globals); }}"
        );
    }
    c
}
