//! The host link: programs, shared libraries, archives.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::host_compiler;
use crate::options::{Language, Options, Runtime, Show};
use crate::process::{Tool, quote};
use crate::toolkit::Toolkit;

/// `-L... -l...` of the CUDA libraries, with the run path that finds them again.
pub fn cuda_libraries(toolkit: &Toolkit) -> Vec<String> {
    let lib64 = toolkit.lib64.to_string_lossy();
    vec![
        // Two words: the line must not hold what `shown_libraries` shows.
        "-L".to_owned(),
        lib64.clone().into_owned(),
        "-Xlinker".to_owned(),
        "-rpath".to_owned(),
        "-Xlinker".to_owned(),
        lib64.into_owned(),
        "-lcudart".to_owned(),
        "-lpthread".to_owned(),
        "-ldl".to_owned(),
        "-lrt".to_owned(),
    ]
}

/// Links `words` (objects, libraries and linker options in their order) into `output`.
pub fn link(toolkit: &Toolkit, options: &Options, words: &[String], output: &Path) -> Result<(), Error> {
    let wrapper = host_compiler::wrapper(options)?;
    let mut tool = Tool::new(wrapper.as_deref().unwrap_or(&toolkit.clang));
    // Of a line that only links, CMake wants to see the linker's own line, for the directories that are in it.
    let only_links = options.inputs.iter().all(|i| i.language == Language::Linkable);
    if options.show == Show::Commands && only_links {
        tool = tool.arg("-v");
    }
    if options.shared {
        tool = tool.arg("-shared");
    }
    if options.static_host {
        tool = tool.args(["-static-libstdc++", "-static-libgcc"]);
    }
    if options.debug.host || options.debug.device {
        tool = tool.arg("-g");
    }
    tool = tool.args(options.host.iter().cloned()).args(["-o", &output.to_string_lossy()]);
    tool = tool.args(words.iter().cloned());
    match options.runtime {
        Runtime::Linked => tool = tool.args(cuda_libraries(toolkit)),
        Runtime::None => tool = tool.arg(format!("-L{}", toolkit.lib64.display())),
    }
    if options.show != Show::Nothing {
        // Build systems look for the line with the LIBRARIES of `verbose::variables` and take its first word for the
        // program that links CUDA code. This driver is better at that than clang: it adds the run path.
        let words = words.iter().filter(|w| !w.starts_with('-')).cloned();
        let whole =
            Tool::new(&toolkit.root.join("bin/nvcc")).args(["-o", &output.to_string_lossy()]).args(words);
        eprintln!("{} {} -lcudart", whole.shown(), shown_libraries(toolkit));
    }
    tool.run(options.show)
}

/// The `LIBRARIES` that `-v` shows. CMake finds the link line by this value: both must be written alike.
pub fn shown_libraries(toolkit: &Toolkit) -> String {
    quote(&format!("-L{}", toolkit.lib64.display()))
}

/// Puts objects into the archive `output`, made anew.
pub fn archive(options: &Options, objects: &[String], output: &Path) -> Result<(), Error> {
    if options.show != Show::Only {
        match std::fs::remove_file(output) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(format!("cannot replace '{}'", output.display()))(e));
            }
            _ => {}
        }
    }
    Tool::new(&PathBuf::from("ar"))
        .arg("qcs")
        .arg(output.to_string_lossy())
        .args(objects.iter().cloned())
        .run(options.show)
}
