//! What is measured: one row a kernel, one row a contender.
//!
//! Invariant: a kernel's name is its directory in `bench/kernels`; its bytes and operations are the least that any
//! implementation must move and do in one repetition.

/// Why a kernel is in the benchmark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// The table that the project's goals are stated in: what runs by default.
    Table,
    /// Kernels beyond it, which nothing is tuned for.
    Extra,
}

impl Group {
    pub const ALL: [Group; 2] = [Group::Table, Group::Extra];

    /// Its name in the JSON and in the summary.
    pub fn name(self) -> &'static str {
        match self {
            Group::Table => "table",
            Group::Extra => "extra",
        }
    }
}

/// A row of the benchmark.
pub struct Kernel {
    pub group: Group,
    pub name: &'static str,
    pub title: &'static str,
    /// Bytes moved between memory and processor.
    pub bytes: f64,
    /// Floating-point operations; 0 where the count depends on data.
    pub flops: f64,
    /// Relative difference of checksums that rounding explains.
    pub tolerance: f64,
}

const fn kernel(name: &'static str, title: &'static str, bytes: f64, flops: f64, tolerance: f64) -> Kernel {
    Kernel { group: Group::Table, name, title, bytes, flops, tolerance }
}

const fn extra(name: &'static str, title: &'static str, bytes: f64, flops: f64, tolerance: f64) -> Kernel {
    Kernel { group: Group::Extra, name, title, bytes, flops, tolerance }
}

const M: f64 = 1048576.0;

pub const KERNELS: &[Kernel] = &[
    kernel("saxpy", "saxpy, 64M floats", 12.0 * 64.0 * M, 2.0 * 64.0 * M, 1e-6),
    kernel("dot", "dot product, grid-stride, 64M", 8.0 * 64.0 * M, 2.0 * 64.0 * M, 1e-5),
    kernel("reduce", "reduce, shared tree per block, 64M", 4.0 * 64.0 * M, 64.0 * M, 1e-6),
    kernel("sgemm", "sgemm 1024, 16x16 tiles", 12.0 * M, 2048.0 * M, 1e-5),
    kernel("black_scholes", "Black-Scholes, 4M options", 20.0 * 4.0 * M, 0.0, 1e-6),
    kernel("mandelbrot", "Mandelbrot 2048 x 2048, 256 iterations", 4.0 * 4.0 * M, 0.0, 2e-4),
    kernel("histogram_shared", "histogram 64 MB, shared atomics", 64.0 * M, 0.0, 0.0),
    kernel("histogram_global", "histogram 16 MB, global atomics", 16.0 * M, 0.0, 0.0),
    kernel("stencil", "5-point stencil 4096 x 4096, 10 steps", 10.0 * 8.0 * 16.0 * M, 0.0, 1e-6),
    kernel("nbody", "N-body 16384, shared tiles", 0.0, 20.0 * 256.0 * M, 1e-5),
    kernel("scan", "exclusive scan 16M, Blelloch in shared", 8.0 * 16.0 * M, 0.0, 0.0),
    kernel("bitonic", "bitonic sort 4M", 0.0, 0.0, 0.0),
    kernel("spmv", "SpMV CSR 1M rows of 16", 8.0 * 16.0 * M + 8.0 * M, 2.0 * 16.0 * M, 1e-6),
    kernel("softmax", "softmax 4096 x 4096 rows", 8.0 * 16.0 * M, 0.0, 1e-5),
    kernel("gemv_half", "FP16 GEMV 4096 x 4096", 2.0 * 16.0 * M, 2.0 * 16.0 * M, 1e-5),
    kernel("transpose", "transpose 4096 x 4096, shared tile", 8.0 * 16.0 * M, 0.0, 0.0),
    kernel("launch_sync", "1000 empty launches, synchronous", 0.0, 0.0, 0.0),
    kernel("launch_queued", "1000 empty launches, queued", 0.0, 0.0, 0.0),
    kernel("empty_grid", "empty grid of 16384 blocks of 256", 0.0, 0.0, 0.0),
    extra("conv2d", "convolution 4096 x 4096, 7 x 7", 8.0 * 16.0 * M, 98.0 * 16.0 * M, 1e-5),
    extra("layer_norm", "layer norm 8192 x 1024, shuffles", 8.0 * 8.0 * M, 8.0 * 8.0 * M, 1e-5),
    extra("gemm_registers", "sgemm 1024, 4x4 registers a thread", 12.0 * M, 2048.0 * M, 1e-5),
    extra("kmeans", "k-means, 1M points, 16 x 32", 68.0 * M, 3.0 * 512.0 * M, 1e-4),
    extra("fft", "FFT radix 2, 4096 x 1024 points, shared", 16.0 * 4.0 * M, 50.0 * 4.0 * M, 1e-5),
    extra("heat_3d", "3D stencil 256^3 with halo, 4 steps", 4.0 * 8.0 * 16.0 * M, 0.0, 1e-6),
    extra("dp4a", "int8 matrix product 1024, dp4a", 6.0 * M, 0.0, 0.0),
    extra("csr_warp", "SpMV CSR 128K rows of 64, warp a row", 8.0 * 8.0 * M, 2.0 * 8.0 * M, 1e-5),
    extra("attention", "attention 8 x 1024 x 64, flash-style", 8.0 * M, 4.0 * 512.0 * M, 1e-5),
    extra("hash64", "64-bit hash of 2M records of 32 bytes", 40.0 * 2.0 * M, 0.0, 0.0),
    extra("philox", "Monte Carlo, Philox, 8M normal numbers", 0.0, 0.0, 1e-5),
    extra("aes", "AES-128, 512K blocks, tables in shared", 32.0 * 0.5 * M, 0.0, 0.0),
    extra("radix_pass", "radix sort pass, 4M keys, 4 bits", 12.0 * 4.0 * M, 0.0, 0.0),
    extra("merge_path", "merge path, 2 x 4M integers", 16.0 * 4.0 * M, 0.0, 0.0),
    extra("bfs", "breadth-first search, 512K nodes x 8", 0.0, 0.0, 0.0),
    extra("lu_panel", "LU of 512 panels 256 x 32, pivoting", 8.0 * 4.0 * M, 0.0, 1e-5),
    extra("gemm_wmma", "FP16 matrix product 1024, wmma", 8.0 * M, 2048.0 * M, 1e-6),
];

/// How a contender's program is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    Anywarp,
    /// A C compiler and its flags on `openmp.c`.
    OpenMp(&'static str, &'static [&'static str]),
    /// `opencl.c`, run on the platform whose name contains this.
    OpenCl(&'static str),
}

/// Somebody who runs the kernels.
pub struct Peer {
    pub name: &'static str,
    pub toolchain: Toolchain,
}

impl Peer {
    /// The file in a kernel's directory that this peer compiles. A kernel without it is not for this peer.
    pub fn source(&self) -> &'static str {
        match self.toolchain {
            Toolchain::Anywarp => "cuda.cu",
            Toolchain::OpenMp(..) => "openmp.c",
            Toolchain::OpenCl(_) => "opencl.c",
        }
    }

    pub fn ours(&self) -> bool {
        self.toolchain == Toolchain::Anywarp
    }
}

const NATIVE: &[&str] = &["-O3", "-march=native", "-fopenmp"];
const LIBMVEC: &[&str] = &[
    "-O3",
    "-march=native",
    "-fopenmp",
    "-fveclib=libmvec",
    "-mprefer-vector-width=512",
    "-fno-math-errno",
    "-Wno-pass-failed",
];

pub const PEERS: &[Peer] = &[
    Peer { name: "anywarp", toolchain: Toolchain::Anywarp },
    Peer { name: "omp-clang", toolchain: Toolchain::OpenMp("clang-19", NATIVE) },
    Peer { name: "omp-clang-libmvec", toolchain: Toolchain::OpenMp("clang-19", LIBMVEC) },
    Peer { name: "omp-gcc", toolchain: Toolchain::OpenMp("gcc", NATIVE) },
    Peer { name: "pocl", toolchain: Toolchain::OpenCl("Portable") },
    Peer { name: "intel-opencl", toolchain: Toolchain::OpenCl("Intel") },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn kernels_have_names_and_directories_of_their_own() {
        let kernels = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/kernels");
        let mut names: Vec<&str> = KERNELS.iter().map(|k| k.name).collect();
        for kernel in KERNELS {
            let files: &[&str] = match kernel.group {
                Group::Table => &["cuda.cu", "data.h"],
                Group::Extra => &["cuda.cu", "data.h", "kernel.cl", "opencl.c", "openmp.c"],
            };
            for file in files {
                assert!(kernels.join(kernel.name).join(file).exists(), "{}/{file}", kernel.name);
            }
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KERNELS.len());
        let written = std::fs::read_dir(kernels).unwrap().count();
        assert_eq!(written, KERNELS.len());
    }
}
