//! CUDA C++ to PTX and host objects by clang; the nvcc-compatible command line.
