//! The compiler driver alone: `cargo run -p anywarp-cxx --example nvcc -- x.cu -o x`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cxx::nvcc_main(std::env::args_os().skip(1))
}
