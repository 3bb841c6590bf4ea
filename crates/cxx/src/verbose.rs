//! What nvcc tells about itself: its version, and the variables that `-v` and `--dryrun` show. Build systems parse both.

use crate::link;
use crate::options::Options;
use crate::toolkit::Toolkit;

/// Printed for `--version`. CMake accepts a compiler only if this holds "nvcc: NVIDIA (R) Cuda compiler driver", and
/// it and other builds look for `release X.Y, VX.Y.Z`.
pub const VERSION: &str = "Anywarp, built on clang 19; stands in for nvcc: NVIDIA (R) Cuda compiler driver
Cuda compilation tools, release 12.8, V12.8.93
Build anywarp_12.8";

pub const HELP: &str = "Usage: nvcc [options] <inputs>

Compiles and links CUDA programs for Anywarp. The options are nvcc's:

  -o FILE                          where the result goes
  -c  -dc  -dlink  -lib  -shared   object; relocatable object; device link; archive; shared library
  -ptx  -fatbin  -E  -M  -MM       PTX; fat binary; preprocessed source; dependency rule
  -I -isystem -D -U -include       preprocessor
  -L -l -Xlinker                   linker
  -O LEVEL  -g  -G  -lineinfo      host optimisation; host, device and line debugging
  -std=STD  -x cu|c|c++            language
  -arch -code -gencode             architectures: sm_80, compute_80, native, all-major, ...
  -use_fast_math -ftz -fmad -prec-div -prec-sqrt
  -rdc=true                        separable compilation
  -Xcompiler OPTIONS               options of the host compiler, separated by commas
  -ccbin PROGRAM                   a wrapper such as mpicxx, whose directories are used and which links
  -MD -MMD -MF -MT -MQ -MP         dependency files
  -odir DIR  -keep  -v  -dryrun  --version  @FILE";

/// The `#$ NAME=value` lines.
pub fn variables(toolkit: &Toolkit, options: &Options) -> Vec<String> {
    let root = toolkit.root.display();
    // CMake takes the default architecture from "-arch compute_NN", which nvcc gives to its device compiler.
    let archs: Vec<String> = options.archs.iter().map(|arch| format!("-arch {arch}")).collect();
    let variables = [
        "_NVVM_BRANCH_=nvvm".to_owned(),
        "_SPACE_= ".to_owned(),
        "_CUDART_=cudart".to_owned(),
        format!("_HERE_={root}/bin"),
        format!("_THERE_={root}/bin"),
        "_TARGET_SIZE_=".to_owned(),
        "_TARGET_DIR_=".to_owned(),
        "_TARGET_SIZE_=64".to_owned(),
        format!("TOP={root}"),
        format!("PATH={root}/bin:{}", std::env::var("PATH").unwrap_or_default()),
        format!("INCLUDES=\"-I{}\"  ", toolkit.include.display()),
        format!("LIBRARIES=  {}", link::shown_libraries(toolkit)),
        "CUDAFE_FLAGS=".to_owned(),
        "PTXAS_FLAGS=".to_owned(),
        format!("CICC_FLAGS={}", archs.join(" ")),
    ];
    let notes = options.without_effect.iter().map(|note| format!("#$ # {note}"));
    variables.into_iter().map(|v| format!("#$ {v}")).chain(notes).collect()
}
